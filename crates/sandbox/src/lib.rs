//! Both clouds' control planes on loopback in one process: what the quick start, the demo and the tests run against.
//!
//! [`Sandbox::start`] binds two addresses of 127.0.0.1, one that answers as AWS (query protocol of EC2, IAM and STS, REST
//! of EKS) and one that answers as Google Cloud (REST of compute, container, iam, cloudresourcemanager, serviceusage).
//! Objects live in memory, and in a file if one is named. [`Faults`] make things go wrong on purpose, here or by a
//! [`Proxy`] before another endpoint.

mod admin;
pub mod aws;
mod clock;
mod cloud;
mod faults;
pub mod google;
mod http;
mod ids;
mod inventory;
mod listener;
mod objects;
mod operation;
mod options;
mod proxy;
mod requests;
mod server;
mod state_file;

pub use clock::Clock;
pub use cloud::Cloud;
pub use faults::{Fail, Failure, Faults, FaultsError, Latency, Rule};
pub use http::{Request, Response};
pub use ids::Ids;
pub use objects::Object;
pub use operation::classify;
pub use options::Options;
pub use proxy::{Proxy, ProxyError, ProxyOptions};
pub use requests::{RequestLog, Requested};
pub use server::{Sandbox, SandboxError};
pub use state_file::StateFileError;
