//! What tasks with a cloud of their own share: the programs, a sandbox, folders with an example.

mod build;
mod folder;
mod group;
mod held;
mod http;
mod random;
mod sandbox;

pub(crate) use build::Programs;
pub(crate) use folder::Folder;
pub(crate) use group::Group;
pub(crate) use held::problems;
pub(crate) use http::exchange;
pub(crate) use random::Random;
pub(crate) use sandbox::Sandbox;

/// What went wrong, for people.
pub(crate) type Failure = Box<dyn std::error::Error>;

/// How a configuration is applied without questions.
pub(crate) const APPLY: [&str; 4] = ["apply", "-auto-approve", "-input=false", "-no-color"];
