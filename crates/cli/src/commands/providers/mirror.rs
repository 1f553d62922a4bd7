//! `groma providers mirror`

use super::Outcome;
use super::lock::{platforms, required};
use crate::cli_config;
use crate::factory::lock_file;
use crate::workdir::Workdir;
use diags::Diagnostic;
use init::{LockFile, Method, MethodKind, PlatformEvent, PlatformOptions, mirror_platforms};
use std::path::PathBuf;

/// Copy packages into a mirror.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Copy the packages for this platform, such as linux_amd64 (can be repeated)
    #[arg(long, value_name = "OS_ARCH")]
    platform: Vec<String>,
    /// Select the versions that are locked
    #[arg(long, num_args = 0..=1, require_equals = true, default_missing_value = "true", default_value_t = true, action = clap::ArgAction::Set)]
    lock_file: bool,
    /// The directory of the mirror
    #[arg(value_name = "DIR")]
    dir: PathBuf,
}

pub(super) fn run(workdir: &Workdir, args: &Args) -> Outcome {
    if !args.dir.is_dir() {
        return Err(Diagnostic::error(
            "Invalid target directory",
            format!(
                "There is no directory {}: create it first.",
                args.dir.display()
            ),
        )
        .into());
    }
    let required = required(workdir, &[])?;
    let cli = cli_config::load(workdir)?;
    // A mirror that is in use must not feed on itself.
    let options = PlatformOptions {
        methods: vec![Method::new(MethodKind::Direct)],
        network: cli_config::network(workdir, &cli),
        platforms: platforms(&args.platform)?,
    };
    let lock = if args.lock_file {
        lock_file(workdir)?
    } else {
        LockFile::default()
    };
    let ui = &workdir.ui;
    let diags = mirror_platforms(
        &required,
        &lock,
        &options,
        &args.dir,
        &mut |event| match event {
            PlatformEvent::Selected(p, v, by) => {
                ui.line(&format!("- Mirroring {}...", p.for_display()));
                let reason = match by {
                    None => "to match dependency lock file".to_owned(),
                    Some(constraints) if constraints.is_empty() => "with no constraints".to_owned(),
                    Some(constraints) => format!("to meet constraints {constraints}"),
                };
                ui.line(&format!("  - Selected v{v} {reason}"));
            }
            PlatformEvent::Fetching(_, _, platform) => {
                ui.line(&format!("  - Downloading package for {platform}..."));
            }
            PlatformEvent::Fetched(_, _, _, trust) => {
                ui.line(&format!("  - Package authenticated: {trust}"));
            }
            PlatformEvent::Locked(..) => {}
        },
    );
    let failed = diags.has_errors();
    ui.diagnostics(&diags);
    Ok(u8::from(failed))
}
