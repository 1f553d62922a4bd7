//! `groma sandbox start`

use super::client::{AWS_PORT, GOOGLE_PORT};
use super::options::SandboxArgs;
use super::variables::variables;
use super::{Outcome, block_on, interrupted, problem};
use crate::workdir::Workdir;
use sandbox::Sandbox;

/// Start a sandbox and keep it until Ctrl-C.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The port that answers as AWS; 0 = any free one
    #[arg(long, value_name = "PORT", default_value_t = AWS_PORT)]
    aws_port: u16,
    /// The port that answers as Google Cloud; 0 = any free one
    #[arg(long, value_name = "PORT", default_value_t = GOOGLE_PORT)]
    google_port: u16,
    #[command(flatten)]
    sandbox: SandboxArgs,
}

pub(super) fn run(workdir: &Workdir, args: &Args) -> Outcome {
    let options = args.sandbox.options(args.aws_port, args.google_port)?;
    block_on(async {
        let sandbox = Sandbox::start(options)
            .await
            .map_err(|error| problem("Cannot start the sandbox", &error))?;
        let mut text = format!(
            "# AWS answers at {}, Google Cloud at {}, until Ctrl-C.\n# Elsewhere, these variables lead programs here:\n",
            sandbox.aws_url(),
            sandbox.google_url()
        );
        for (name, value) in variables(&sandbox) {
            text.push_str(&format!("export {name}={value}\n"));
        }
        workdir.ui.out(&text);
        interrupted().await?;
        sandbox
            .shutdown()
            .map_err(|error| problem("Cannot keep the objects", &error))?;
        Ok(0)
    })
}
