//! Both clouds' control planes on loopback in one process: what the quick start, the demo and the tests run against.
//!
//! [`Sandbox::start`] binds two addresses of 127.0.0.1, one that answers as AWS (query protocol of EC2, IAM and STS, REST
//! of EKS) and one that answers as Google Cloud (REST of compute, container, iam, cloudresourcemanager, serviceusage).
//! Objects live in memory, and in a file if one is named.

mod admin;
pub mod aws;
mod clock;
pub mod google;
mod http;
mod ids;
mod options;
mod requests;
mod server;

pub use clock::Clock;
pub use http::{Request, Response};
pub use ids::Ids;
pub use options::Options;
pub use requests::{RequestLog, Requested};
pub use server::{Sandbox, SandboxError};
