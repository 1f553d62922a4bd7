//! Providers as processes of their own: the go-plugin way of starting and talking to them, both
//! versions of the provider protocol, and the other end of it for our own providers.

mod cache;
mod connection;
mod convert;
mod handshake;
mod host;
mod launch;
mod logs;
mod process;
mod proto;
mod reattach;
mod remote;
mod rpc;
mod serve;
mod tls;

pub use handshake::{Address, HandshakeError, Protocol, read_handshake};
pub use host::{Host, HostOptions, JOURNALS_CREATES};
pub use launch::{LaunchError, LaunchOptions, Plugin, launch};
pub use reattach::{Reattach, ReattachError, parse_reattach};
pub use remote::RemoteProvider;
pub use serve::{About, ServeError, ServeOptions, main, serve};
pub use tls::TlsError;
