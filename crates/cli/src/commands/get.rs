//! `groma get`

use super::Outcome;
use crate::cli_config;
use crate::workdir::Workdir;
use configs::DiskFiles;
use diags::Diagnostics;
use init::{ModuleEvent, ModuleOptions};
use semver::Version;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Install or upgrade the modules that the configuration calls.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Look for newer versions of modules that are there already
    #[arg(long, num_args = 0..=1, require_equals = true, default_missing_value = "true", default_value_t = false, action = clap::ArgAction::Set)]
    update: bool,
    /// Without colours
    #[arg(long)]
    no_color: bool,
    /// Where tests are
    #[arg(long, value_name = "PATH", default_value = "tests")]
    test_directory: PathBuf,
}

pub(crate) fn run(workdir: &Workdir, args: &Args) -> Outcome {
    if args.no_color {
        workdir.ui.color.set(false);
    }
    let ui = &workdir.ui;
    let test_dir = &args.test_directory;
    let diags = install(workdir, test_dir, args.update, &mut |event| match event {
        ModuleEvent::Downloading(package, version, key) => {
            ui.line(&downloading(package, version, key));
        }
        ModuleEvent::Found(key, dir) => ui.line(&format!("- {key} in {}", dir.display())),
    })?;
    let failed = diags.has_errors();
    ui.diagnostics(&diags);
    Ok(u8::from(failed))
}

/// Says that a package is got.
pub(crate) fn downloading(package: &str, version: Option<&Version>, key: &str) -> String {
    match version {
        Some(version) => format!("Downloading {package} {version} for {key}..."),
        None => format!("Downloading {package} for {key}..."),
    }
}

/// Finds and gets the modules, and writes down where they are. `report` is told of what is downloaded, and
/// of modules that are new, or of all with `update`.
pub(crate) fn install(
    workdir: &Workdir,
    test_dir: &Path,
    update: bool,
    report: &mut dyn FnMut(ModuleEvent<'_>),
) -> Result<Diagnostics, Diagnostics> {
    let files = DiskFiles {
        base: PathBuf::new(),
    };
    let data_dir = workdir.data_dir();
    let cli = cli_config::load(workdir)?;
    let options = ModuleOptions {
        network: cli_config::network(workdir, &cli),
        upgrade: update,
    };
    let before = std::fs::read(data_dir.join("modules/modules.json"))
        .ok()
        .and_then(|bytes| serde_json::from_slice::<init::Manifest>(&bytes).ok())
        .unwrap_or_default();
    let known = |key: &str, dir: &Path| {
        let mut entries = before.modules.iter();
        entries.any(|entry| entry.key == key && Path::new(&entry.dir) == dir)
    };
    let mut downloaded = BTreeSet::new();
    let mut tell = |event: ModuleEvent<'_>| match event {
        ModuleEvent::Downloading(_, _, key) => {
            downloaded.insert(key.to_owned());
            report(event);
        }
        ModuleEvent::Found(key, dir) => {
            if update || downloaded.contains(key) || !known(key, dir) {
                report(event);
            }
        }
    };
    let root = Path::new(".");
    let (manifest, mut diags) = init::install_modules(
        &files,
        &workdir.early(),
        root,
        Some(test_dir),
        &data_dir,
        &options,
        &mut tell,
    );
    if manifest != before
        && let Err(problems) = init::save_manifest(&manifest, &data_dir)
    {
        diags.append(problems);
    }
    Ok(diags)
}
