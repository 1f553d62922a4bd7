//! `groma login` and `groma logout`

use super::Outcome;
use diags::Diagnostic;

/// Not available.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The host
    hostname: Option<String>,
}

/// Refuses: there is no remote service to log in to.
pub(crate) fn run(args: &Args, command: &str) -> Outcome {
    let host = args.hostname.as_deref().unwrap_or("app.terraform.io");
    Err(Diagnostic::error(
        format!("The {command} command is not available"),
        format!(
            "This version works with no service that needs credentials of {host}. Tokens for hosts can be written into \"credentials\" blocks \
             of the CLI configuration."
        ),
    )
    .into())
}
