//! One HTTP/2 connection to a plugin.

use crate::handshake::{Address, Protocol};
use crate::proto::plugin::{Empty, StdioData};
use crate::rpc::{MESSAGE_LIMIT, Rpc};
use http::uri::PathAndQuery;
use hyper_util::rt::TokioIo;
use rustls_pki_types::ServerName;
use std::io;
use std::sync::Arc;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpStream, UnixStream};
use tonic::client::Grpc;
use tonic::transport::{Channel, Endpoint, Uri};
use tonic::{Request, Status, Streaming};
use tonic_prost::ProstCodec;

/// How much may be under way before the reader has taken it. A schema is many megabytes.
const WINDOW: u32 = 8 << 20;

/// A connection. Calls may run side by side.
#[derive(Clone)]
pub(crate) struct Connection {
    channel: Channel,
    protocol: Protocol,
}

/// A byte stream of whatever kind.
trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

impl Connection {
    /// Connects; with TLS if there are settings for it.
    pub(crate) async fn open(
        address: Address,
        protocol: Protocol,
        tls: Option<rustls::ClientConfig>,
    ) -> Result<Self, tonic::transport::Error> {
        let tls = tls.map(|config| tokio_rustls::TlsConnector::from(Arc::new(config)));
        let connector = tower::service_fn(move |_: Uri| {
            let (address, tls) = (address.clone(), tls.clone());
            async move {
                let stream = dial(&address).await?;
                let stream: Box<dyn Stream> = match tls {
                    Some(tls) => {
                        let name = ServerName::try_from("localhost").map_err(io::Error::other)?;
                        Box::new(tls.connect(name, stream).await?)
                    }
                    None => stream,
                };
                Ok::<_, io::Error>(TokioIo::new(stream))
            }
        });
        let channel = Endpoint::from_static("http://localhost")
            .initial_stream_window_size(WINDOW)
            .initial_connection_window_size(WINDOW)
            .connect_with_connector(connector)
            .await?;
        Ok(Self { channel, protocol })
    }

    /// The version that is spoken on it.
    pub(crate) const fn protocol(&self) -> Protocol {
        self.protocol
    }

    /// Makes a call of the provider service.
    pub(crate) async fn call<R: Rpc>(&self, request: R) -> Result<R::Response, Status> {
        let codec = ProstCodec::<R, R::Response>::default();
        let mut grpc = self.ready(R::LIMIT).await?;
        let answer = grpc
            .unary(Request::new(request), R::path(self.protocol), codec)
            .await?;
        Ok(answer.into_inner())
    }

    /// Asks the plugin to end. Many end without an answer.
    pub(crate) async fn shutdown(&self) -> Result<(), Status> {
        let codec = ProstCodec::<Empty, Empty>::default();
        let path = PathAndQuery::from_static("/plugin.GRPCController/Shutdown");
        self.ready(MESSAGE_LIMIT)
            .await?
            .unary(Request::new(Empty {}), path, codec)
            .await?;
        Ok(())
    }

    /// What the plugin's code prints.
    pub(crate) async fn stdio(&self) -> Result<Streaming<StdioData>, Status> {
        let codec = ProstCodec::<(), StdioData>::default();
        let path = PathAndQuery::from_static("/plugin.GRPCStdio/StreamStdio");
        let answer = self
            .ready(MESSAGE_LIMIT)
            .await?
            .server_streaming(Request::new(()), path, codec)
            .await?;
        Ok(answer.into_inner())
    }

    async fn ready(&self, limit: usize) -> Result<Grpc<Channel>, Status> {
        let mut grpc = Grpc::new(self.channel.clone())
            .max_decoding_message_size(limit)
            .max_encoding_message_size(MESSAGE_LIMIT);
        grpc.ready()
            .await
            .map_err(|e| Status::unavailable(text(&e)))?;
        Ok(grpc)
    }
}

async fn dial(address: &Address) -> io::Result<Box<dyn Stream>> {
    Ok(match address {
        Address::Unix(path) => Box::new(UnixStream::connect(path).await?),
        Address::Tcp(address) => {
            let stream = TcpStream::connect(address).await?;
            stream.set_nodelay(true)?;
            Box::new(stream)
        }
    })
}

/// An error with all its causes.
pub(crate) fn text(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        let inner_text = inner.to_string();
        if !text.contains(&inner_text) {
            text.push_str(": ");
            text.push_str(&inner_text);
        }
        cause = inner.source();
    }
    text
}
