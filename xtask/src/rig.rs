//! What tasks with a cloud of their own share: the programs, a sandbox, folders with an example.

mod build;
mod folder;
mod http;
mod sandbox;

pub(crate) use build::Programs;
pub(crate) use folder::Folder;
pub(crate) use http::exchange;
pub(crate) use sandbox::Sandbox;

/// What went wrong, for people.
pub(crate) type Failure = Box<dyn std::error::Error>;
