//! `groma version`

use super::Outcome;
use crate::workdir::Workdir;

/// Show the current version.
#[derive(Debug, Default, clap::Args)]
pub(crate) struct Args {
    /// As JSON
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(workdir: &Workdir, args: &Args) -> Outcome {
    let version = env!("CARGO_PKG_VERSION");
    if args.json {
        let document = serde_json::json!({
            "terraform_version": states::TERRAFORM_VERSION,
            "groma_version": version,
            "platform": format!("{}_{}", std::env::consts::OS, platform_arch()),
            "provider_selections": {},
            "terraform_outdated": false,
        });
        workdir.ui.line(&format!("{document:#}"));
    } else {
        workdir.ui.line(&format!(
            "groma v{version} (compatible with Terraform v{})",
            states::TERRAFORM_VERSION
        ));
        workdir
            .ui
            .line(&format!("on {}_{}", std::env::consts::OS, platform_arch()));
    }
    Ok(0)
}

/// The architecture as Go names it.
fn platform_arch() -> &'static str {
    match std::env::consts::ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        other => other,
    }
}
