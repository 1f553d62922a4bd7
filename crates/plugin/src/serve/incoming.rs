//! The connections of a server: as they come, with TLS or without, and how many there are.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::Notify;
use tokio_rustls::TlsAcceptor;
use tonic::transport::server::Connected;

/// Connections as they come. One that fails in TLS is none.
pub(super) fn incoming(
    listener: &UnixListener,
    tls: Option<TlsAcceptor>,
    live: Arc<Live>,
) -> impl futures::Stream<Item = io::Result<Connection>> {
    futures::stream::unfold((listener, tls, live), async |(listener, tls, live)| {
        loop {
            let stream: io::Result<Box<dyn Stream>> = match (listener.accept().await, &tls) {
                (Err(error), _) => {
                    tracing::warn!("cannot accept a connection: {error}");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    continue;
                }
                (Ok((stream, _)), None) => Ok(Box::new(stream)),
                (Ok((stream, _)), Some(tls)) => accept(tls, stream).await,
            };
            match stream {
                Ok(stream) => {
                    let connection = Connection(stream, Counted::new(live.clone()));
                    return Some((Ok(connection), (listener, tls, live)));
                }
                Err(error) => tracing::warn!("a connection without the right certificate: {error}"),
            }
        }
    })
}

async fn accept(tls: &TlsAcceptor, stream: UnixStream) -> io::Result<Box<dyn Stream>> {
    let limit = Duration::from_secs(10);
    match tokio::time::timeout(limit, tls.accept(stream)).await {
        Ok(stream) => Ok(Box::new(stream?)),
        Err(_) => Err(io::Error::from(io::ErrorKind::TimedOut)),
    }
}

/// A byte stream of whatever kind.
trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

/// A connection, of which nothing need be known.
pub(super) struct Connection(
    Box<dyn Stream>,
    #[expect(dead_code, reason = "counts")] Counted,
);

/// How many connections there are.
#[derive(Default)]
pub(super) struct Live {
    count: AtomicUsize,
    gone: Notify,
}

impl Live {
    /// Waits until there was a connection and then none for some time.
    pub(super) async fn abandoned(&self, lonely: Duration) {
        loop {
            self.gone.notified().await;
            tokio::time::sleep(lonely).await;
            if self.count.load(Ordering::Relaxed) == 0 {
                return;
            }
        }
    }
}

/// Counts while it lives.
struct Counted(Arc<Live>);

impl Counted {
    fn new(live: Arc<Live>) -> Self {
        live.count.fetch_add(1, Ordering::Relaxed);
        Self(live)
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.count.fetch_sub(1, Ordering::Relaxed);
        self.0.gone.notify_one();
    }
}

impl Connected for Connection {
    type ConnectInfo = ();

    fn connect_info(&self) {}
}

impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(cx, buffer)
    }
}

impl AsyncWrite for Connection {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_host_that_is_gone_is_noticed() {
        let live = Arc::new(Live::default());
        let lonely = Duration::from_millis(50);
        let first = Counted::new(live.clone());
        let waiting = live.clone();
        let noticed = tokio::spawn(async move { waiting.abandoned(lonely).await });
        let second = Counted::new(live.clone());
        drop(first);
        tokio::time::sleep(lonely * 3).await;
        assert!(!noticed.is_finished());
        drop(second);
        tokio::time::timeout(Duration::from_secs(10), noticed)
            .await
            .unwrap()
            .unwrap();
    }
}
