//! Listening on loopback, for a sandbox and for a proxy.

use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use tokio::net::{TcpListener, TcpStream};

/// The largest body that is read.
pub(crate) const LARGEST: usize = 8 << 20;

/// No answer comes: the connection breaks.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("the connection is dropped on purpose")]
pub(crate) struct Dropped;

/// Who answers what is received.
pub(crate) trait Answer: Send + Sync + 'static {
    /// Answers, or drops the connection.
    fn answer(
        &self,
        parts: ::http::request::Parts,
        body: Bytes,
    ) -> impl Future<Output = Result<::http::Response<Full<Bytes>>, Dropped>> + Send;
}

/// Binds a port of 127.0.0.1; 0 is any free one.
pub(crate) async fn listen(port: u16) -> std::io::Result<(TcpListener, SocketAddr)> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
    let address = listener.local_addr()?;
    Ok((listener, address))
}

/// Serves all connections, for as long as it is polled.
pub(crate) async fn serve<A: Answer>(listener: TcpListener, answer: Arc<A>) {
    let mut connections = tokio::task::JoinSet::new();
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                connections.spawn(connection(stream, answer.clone()));
            }
            // Too many open files, most likely: others end, then there is room again.
            Err(error) => {
                tracing::warn!(%error, "cannot accept a connection");
                tokio::time::sleep(std::time::Duration::from_millis(50)).await;
            }
        }
        while connections.try_join_next().is_some() {}
    }
}

async fn connection<A: Answer>(stream: TcpStream, answer: Arc<A>) {
    let _ = stream.set_nodelay(true);
    let service = service_fn(|request: hyper::Request<hyper::body::Incoming>| {
        let answer = answer.clone();
        async move {
            let (parts, body) = request.into_parts();
            match Limited::new(body, LARGEST).collect().await {
                Ok(body) => answer.answer(parts, body.to_bytes()).await,
                Err(_) => {
                    let mut refused = ::http::Response::new(Full::new(Bytes::new()));
                    *refused.status_mut() = ::http::StatusCode::PAYLOAD_TOO_LARGE;
                    Ok(refused)
                }
            }
        }
    });
    let served = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .serve_connection(TokioIo::new(stream), service)
        .await;
    if let Err(error) = served {
        tracing::debug!(%error, "a connection broke");
    }
}
