//! What a sandbox is started with.

use crate::Faults;
use std::path::PathBuf;
use std::time::Duration;

/// Options of a sandbox.
#[derive(Clone, Debug)]
pub struct Options {
    /// The port that answers as AWS; 0 = any free one.
    pub aws_port: u16,
    /// The port that answers as Google Cloud; 0 = any free one.
    pub google_port: u16,
    /// How long what takes time in a cloud takes here: clusters are `CREATING`, NAT gateways `pending` and operations
    /// `RUNNING` for so long. Zero: as long as one answer.
    pub pending: Duration,
    /// How long EKS does not yet see a role that IAM has made. Zero: it sees it at once.
    pub propagation: Duration,
    /// Identifiers are derived from it: the same requests in the same order get the same ids.
    pub seed: u64,
    /// The AWS account.
    pub account: String,
    /// The Google project.
    pub project: String,
    /// Where the objects are kept between two starts.
    pub state: Option<PathBuf>,
    /// What goes wrong on purpose.
    pub faults: Faults,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            aws_port: 0,
            google_port: 0,
            pending: Duration::ZERO,
            propagation: Duration::ZERO,
            seed: 0,
            account: "123456789012".to_owned(),
            project: "demo-project".to_owned(),
            state: None,
            faults: Faults::default(),
        }
    }
}
