//! `groma version`

use super::Outcome;
use crate::factory::lock_file;
use crate::workdir::Workdir;
use serde_json::{Map, Value};

/// Show the current version.
#[derive(Debug, Default, clap::Args)]
pub(crate) struct Args {
    /// As JSON
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(workdir: &Workdir, args: &Args) -> Outcome {
    let version = env!("CARGO_PKG_VERSION");
    let platform = init::platform();
    // What is wrong with the lock file is told by the commands that need it.
    let lock = lock_file(workdir).unwrap_or_default();
    if args.json {
        let selections: Map<String, Value> = lock
            .providers
            .iter()
            .map(|(provider, locked)| (provider.to_string(), locked.version.to_string().into()))
            .collect();
        let document = serde_json::json!({
            "terraform_version": states::TERRAFORM_VERSION,
            "groma_version": version,
            "platform": platform,
            "provider_selections": selections,
            "terraform_outdated": false,
        });
        workdir.ui.line(&format!("{document:#}"));
        return Ok(0);
    }
    workdir.ui.line(&format!(
        "groma v{version} (compatible with Terraform v{})\non {platform}",
        states::TERRAFORM_VERSION
    ));
    for (provider, locked) in &lock.providers {
        workdir
            .ui
            .line(&format!("+ provider {provider} v{}", locked.version));
    }
    Ok(0)
}
