//! `groma get`

use super::Outcome;
use crate::workdir::Workdir;
use configs::DiskFiles;
use diags::Diagnostics;
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
    #[arg(long, value_name = "PATH")]
    test_directory: Option<String>,
}

pub(crate) fn run(workdir: &Workdir, args: &Args) -> Outcome {
    if args.no_color {
        workdir.ui.color.set(false);
    }
    let ui = &workdir.ui;
    let diags = install(workdir, args.update, &mut |key, dir| {
        ui.line(&format!("- {key} in {}", dir.display()));
    });
    let failed = diags.has_errors();
    ui.diagnostics(&diags);
    Ok(u8::from(failed))
}

/// Finds the modules and writes down where they are. `report` is told of those that are new, or of
/// all with `update`.
pub(crate) fn install(
    workdir: &Workdir,
    update: bool,
    report: &mut dyn FnMut(&str, &Path),
) -> Diagnostics {
    let files = DiskFiles {
        base: PathBuf::new(),
    };
    let data_dir = workdir.data_dir();
    let mut found: Vec<(String, PathBuf)> = Vec::new();
    let (manifest, mut diags) =
        init::install_modules(&files, Path::new("."), &data_dir, &mut |key, dir| {
            found.push((key.to_owned(), dir.to_owned()));
        });
    let before = std::fs::read(data_dir.join("modules/modules.json"))
        .ok()
        .and_then(|bytes| serde_json::from_slice::<init::Manifest>(&bytes).ok())
        .unwrap_or_default();
    for (key, dir) in &found {
        let known = before
            .modules
            .iter()
            .any(|entry| entry.key == *key && Path::new(&entry.dir) == dir);
        if update || !known {
            report(key, dir);
        }
    }
    if manifest != before
        && manifest.modules.len() > 1
        && let Err(problems) = init::save_manifest(&manifest, &data_dir)
    {
        diags.append(problems);
    }
    diags
}
