//! The Google side: answers against Google's own descriptions of them, and Google's own command line tool.

#![expect(clippy::print_stderr, reason = "a test that is skipped says why")]

mod discovery;
mod gcloud;

use groma_sandbox::{Options, Sandbox};
use std::time::Duration;
use tokio::runtime::Runtime;

/// A sandbox on a runtime of its own; what takes time takes so long.
fn sandbox(pending: Duration) -> (Runtime, Sandbox) {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap();
    let options = Options {
        pending,
        ..Options::default()
    };
    let sandbox = runtime.block_on(Sandbox::start(options)).unwrap();
    (runtime, sandbox)
}
