//! The faults before another endpoint: moto, or anything that speaks as a cloud does.

use crate::faults::{Effect, Layer};
use crate::listener::{Answer, Dropped, LARGEST, listen, serve};
use crate::operation::classify;
use crate::{Cloud, Faults, Request, RequestLog, Requested, Response, admin};
use ::http::{HeaderName, Response as HttpResponse, StatusCode, Uri, header};
use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper_util::rt::TokioIo;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::net::TcpStream;
use tokio::task::JoinHandle;

/// What a proxy is started with.
#[derive(Clone, Debug)]
pub struct ProxyOptions {
    /// Which cloud the endpoint answers as.
    pub cloud: Cloud,
    /// Where it is: `http://HOST:PORT`.
    pub upstream: String,
    /// The port to listen on; 0 = any free one.
    pub port: u16,
    /// What goes wrong.
    pub faults: Faults,
}

/// Why a proxy did not start.
#[derive(Debug, thiserror::Error)]
pub enum ProxyError {
    /// Not an address that can be connected to.
    #[error("the endpoint {0:?} must be an address as http://127.0.0.1:5000")]
    Upstream(String),
    /// The port is taken, or not ours to take.
    #[error("cannot listen on 127.0.0.1:{port}")]
    Listen {
        /// The port.
        port: u16,
        /// Why.
        #[source]
        source: std::io::Error,
    },
}

/// A running proxy, with `/_sandbox/` paths for its requests and faults. Ends when it is dropped.
#[derive(Debug)]
pub struct Proxy {
    inner: Arc<Inner>,
    address: SocketAddr,
    task: JoinHandle<()>,
}

#[derive(Debug)]
struct Inner {
    cloud: Cloud,
    /// `HOST:PORT`
    upstream: String,
    requests: RequestLog,
    faults: Layer,
}

impl Proxy {
    /// Starts listening on the current runtime.
    pub async fn start(options: ProxyOptions) -> Result<Self, ProxyError> {
        let upstream = authority(&options.upstream)
            .ok_or_else(|| ProxyError::Upstream(options.upstream.clone()))?;
        let port = options.port;
        let (listener, address) = listen(port)
            .await
            .map_err(|source| ProxyError::Listen { port, source })?;
        let inner = Arc::new(Inner {
            cloud: options.cloud,
            upstream,
            requests: RequestLog::default(),
            faults: Layer::new(options.faults),
        });
        let task = tokio::spawn(serve(listener, inner.clone()));
        Ok(Self {
            inner,
            address,
            task,
        })
    }

    /// Where it listens: `http://127.0.0.1:PORT`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// What was asked.
    pub fn requests(&self) -> &RequestLog {
        &self.inner.requests
    }

    /// Puts other faults in force; the calls are counted anew.
    pub fn set_faults(&self, faults: Faults) {
        self.inner.faults.set(faults);
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// The host and port of an address without a path.
fn authority(url: &str) -> Option<String> {
    let uri: Uri = url.parse().ok()?;
    let plain = uri.scheme_str() == Some("http") && matches!(uri.path(), "" | "/");
    let host = uri.host().filter(|_| plain)?;
    Some(format!("{host}:{}", uri.port_u16().unwrap_or(80)))
}

impl Answer for Inner {
    async fn answer(
        &self,
        parts: ::http::request::Parts,
        body: Bytes,
    ) -> Result<HttpResponse<Full<Bytes>>, Dropped> {
        let request = Request::new(&parts, body.clone());
        if let Some(response) = admin::layers(&self.requests, &self.faults, &request) {
            return Ok(response.into_http());
        }
        let operation = classify(self.cloud, &request);
        let verdict = self.faults.next(self.cloud, &operation);
        if !verdict.delay.is_zero() {
            tokio::time::sleep(verdict.delay).await;
        }
        let log = |status, fault| {
            self.requests.push(Requested {
                cloud: self.cloud.as_str(),
                operation: operation.clone(),
                status,
                fault,
            });
        };
        match &verdict.effect {
            Some(Effect::DropBefore) => {
                log(0, Some("dropped before"));
                return Err(Dropped);
            }
            Some(Effect::Answer(fault, response)) => {
                log(response.status.as_u16(), Some(*fault));
                return Ok(response.clone().into_http());
            }
            Some(Effect::DropAfter) | None => {}
        }
        let response = forward(&self.upstream, parts, body)
            .await
            .unwrap_or_else(|error| {
                let text = format!("{} does not answer: {error}", self.upstream);
                Response::json(
                    StatusCode::BAD_GATEWAY,
                    &serde_json::json!({"message": text}),
                )
                .into_http()
            });
        let status = response.status().as_u16();
        if verdict.effect.is_some() {
            log(status, Some("dropped after"));
            return Err(Dropped);
        }
        log(status, None);
        Ok(response)
    }
}

/// Headers that concern one connection only. The length is told anew.
const HOP: [HeaderName; 6] = [
    header::CONNECTION,
    header::TRANSFER_ENCODING,
    header::CONTENT_LENGTH,
    header::UPGRADE,
    header::TE,
    header::EXPECT,
];

async fn forward(
    upstream: &str,
    parts: ::http::request::Parts,
    body: Bytes,
) -> Result<HttpResponse<Full<Bytes>>, Box<dyn std::error::Error + Send + Sync>> {
    let target = parts.uri.path_and_query().map_or("/", |path| path.as_str());
    let mut request = ::http::Request::builder().method(parts.method).uri(target);
    for (name, value) in &parts.headers {
        if !HOP.contains(name) {
            request = request.header(name, value);
        }
    }
    let request = request
        .header(header::CONNECTION, "close")
        .body(Full::new(body))?;
    let stream = TcpStream::connect(upstream).await?;
    let (mut sender, connection) =
        hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
    tokio::spawn(connection);
    let (mut parts, body) = sender.send_request(request).await?.into_parts();
    let body = Limited::new(body, LARGEST).collect().await?.to_bytes();
    for name in &HOP {
        parts.headers.remove(name);
    }
    Ok(HttpResponse::from_parts(parts, Full::new(body)))
}

#[cfg(test)]
mod tests;
