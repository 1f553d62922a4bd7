//! The other end: makes a provider of ours a plugin that any host can drive.

mod answers;
mod companions;
mod incoming;
mod logs;
mod program;
mod router;

use crate::handshake::{Address, COOKIE, Handshake, Protocol};
use crate::tls::{Identity, TlsError};
use companions::Ending;
use incoming::{Live, incoming};
pub use program::{About, main};
use providers::Provider;
use router::Router;
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject;
use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::UnixListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio_rustls::TlsAcceptor;

/// How long the answers that are under way may take once the host said that it is done.
const LAST_ANSWERS: Duration = Duration::from_millis(200);
/// How long we wait for another connection once the last one is gone. A host keeps its connection until
/// it is done and then says so: one that just goes has crashed.
const LONELY: Duration = Duration::from_secs(10);

/// How many calls may be under way on one connection: reads that join come in great numbers.
const STREAMS: u32 = 4_096;

/// What the host tells a plugin by environment variables.
#[derive(Clone, Debug, Default)]
pub struct ServeOptions {
    /// Whether it is a host that started us.
    started_by_host: bool,
    versions: String,
    client_certificate: Option<String>,
    socket_dir: Option<PathBuf>,
}

/// Why a provider could not be served.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// A person started it.
    #[error(
        "this program is a provider: it is not run by hand, but by groma, Terraform or OpenTofu. Put it where they look for \
         providers"
    )]
    NotByHand,
    /// What the host sent is not a certificate.
    #[error("the host's certificate cannot be read: {0}")]
    Certificate(rustls_pki_types::pem::Error),
    /// No TLS.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// No socket, or nobody to tell.
    #[error("cannot listen")]
    Listen(#[source] io::Error),
    /// The server failed.
    #[error("cannot serve")]
    Serve(#[source] tonic::transport::Error),
}

impl ServeOptions {
    /// The options; `lookup` gives the value of an environment variable.
    pub fn from_environment(lookup: impl Fn(&str) -> Option<String>) -> Self {
        let given = |name: &str| lookup(name).filter(|value| !value.is_empty());
        Self {
            started_by_host: given(COOKIE.0).as_deref() == Some(COOKIE.1),
            versions: given("PLUGIN_PROTOCOL_VERSIONS").unwrap_or_default(),
            client_certificate: given("PLUGIN_CLIENT_CERT"),
            socket_dir: given("PLUGIN_UNIX_SOCKET_DIR").map(PathBuf::from),
        }
    }

    /// The highest version that both sides speak, else our lowest: then the host refuses us.
    fn protocol(&self) -> Protocol {
        let offered = |version: &str| self.versions.split(',').any(|v| v.trim() == version);
        if offered("6") {
            Protocol::V6
        } else {
            Protocol::V5
        }
    }
}

/// Serves a provider until the host has enough. Interrupts are left to the host.
///
/// # Errors
///
/// If the program was not started by a host, or there is no way to listen.
pub async fn serve(provider: Arc<dyn Provider>, options: ServeOptions) -> Result<(), ServeError> {
    if !options.started_by_host {
        return Err(ServeError::NotByHand);
    }
    let _interrupts = ignore_interrupts();
    let protocol = options.protocol();
    let (identity, tls) = match &options.client_certificate {
        Some(pem) => {
            let client =
                CertificateDer::from_pem_slice(pem.as_bytes()).map_err(ServeError::Certificate)?;
            let identity = Identity::generate()?;
            let config = identity.server_config(client)?;
            (Some(identity), Some(TlsAcceptor::from(Arc::new(config))))
        }
        None => (None, None),
    };
    let dir = options.socket_dir.unwrap_or_else(std::env::temp_dir);
    // The file goes when the variable does.
    let socket = tempfile::Builder::new()
        .prefix("plugin")
        .make_in(dir, |path| UnixListener::bind(path))
        .map_err(ServeError::Listen)?;
    let line = Handshake {
        protocol,
        address: Address::Unix(socket.path().to_owned()),
        certificate: identity.map(|identity| identity.certificate),
    }
    .render();
    let ending = Ending::default();
    let router = Router::new(provider.clone(), protocol, ending.clone());
    let live = Arc::new(Live::default());
    let tls_is_on = tls.is_some();
    let incoming = incoming(socket.as_file(), tls, live.clone());
    let mut stdout = io::stdout();
    stdout
        .write_all(line.as_bytes())
        .and_then(|()| stdout.flush())
        .map_err(ServeError::Listen)?;

    tracing::debug!(tls = tls_is_on, "served in version {protocol}");
    let (last, terminated) = (ending.clone(), terminated());
    let server = tonic::transport::Server::builder()
        .max_concurrent_streams(STREAMS)
        .initial_stream_window_size(8 << 20)
        .initial_connection_window_size(8 << 20)
        .serve_with_incoming_shutdown(router, incoming, async move { last.ended().await });
    let mut server = std::pin::pin!(server);
    tokio::select! {
        result = &mut server => result.map_err(ServeError::Serve)?,
        () = ending.ended() => {
            let _ = tokio::time::timeout(LAST_ANSWERS, server).await;
        }
        () = terminated => {}
        () = live.abandoned(LONELY) => tracing::warn!("the host is gone"),
    }
    provider.close().await;
    Ok(())
}

/// An interrupt at the terminal reaches the whole process group; the host then decides what to do.
fn ignore_interrupts() -> Option<tokio::task::JoinHandle<()>> {
    let mut interrupts = signal(SignalKind::interrupt()).ok()?;
    Some(tokio::spawn(async move {
        while interrupts.recv().await.is_some() {}
    }))
}

/// Waits until somebody wants the program to end, so that it does not leave its socket behind.
async fn terminated() {
    match signal(SignalKind::terminate()) {
        Ok(mut signals) => drop(signals.recv().await),
        Err(_) => std::future::pending().await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_highest_common_version_is_spoken() {
        let cases = [
            ("5,6", Protocol::V6),
            ("6,5", Protocol::V6),
            ("5", Protocol::V5),
            ("4", Protocol::V5),
            ("", Protocol::V5),
        ];
        for (offered, expected) in cases {
            let options = ServeOptions::from_environment(|name| {
                (name == "PLUGIN_PROTOCOL_VERSIONS").then(|| offered.to_owned())
            });
            assert_eq!(options.protocol(), expected, "{offered}");
            assert!(!options.started_by_host);
        }
    }
}
