//! Saved plans: a plan with the configuration that it was made from.

use crate::operation::Prepared;
use crate::variables::Inputs;
use crate::workdir::Workdir;
use configs::{Config, Loader, MemoryFiles};
use diags::{Diagnostic, Diagnostics};
use plans::Plan;
use plans::file::{ModuleSources, PlanFile};
use std::collections::BTreeMap;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Writes a plan, and the files of every module of the configuration, to a file that only its owner
/// may read.
pub(crate) fn save(
    workdir: &Workdir,
    path: &Path,
    plan: &Plan,
    config: &Config,
) -> Result<(), Diagnostics> {
    let file = PlanFile {
        plan: plan.clone(),
        sources: sources(workdir, config),
        lock_file: std::fs::read(".terraform.lock.hcl").ok().map(Into::into),
    };
    let failed = |e: String| {
        Diagnostics::from(Diagnostic::error(
            "Failed to write plan file",
            format!(
                "The plan file {} could not be written: {e}.",
                path.display()
            ),
        ))
    };
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let out = options.open(path).map_err(|e| failed(e.to_string()))?;
    let mut out = BufWriter::new(out);
    plans::file::write(&file, &mut out).map_err(|e| failed(e.to_string()))?;
    out.flush().map_err(|e| failed(e.to_string()))
}

fn sources(workdir: &Workdir, config: &Config) -> Vec<ModuleSources> {
    let all = workdir.ui.sources.borrow();
    let mut by_dir: BTreeMap<PathBuf, BTreeMap<String, Arc<[u8]>>> = BTreeMap::new();
    for (name, text) in all.iter() {
        let path = Path::new(&**name);
        if let (Some(dir), Some(file)) = (path.parent(), path.file_name().and_then(|f| f.to_str()))
            && (file.ends_with(".tf") || file.ends_with(".tf.json"))
        {
            by_dir
                .entry(dir.to_owned())
                .or_default()
                .insert(file.to_owned(), text.as_bytes().into());
        }
    }
    let installed = std::fs::read(workdir.data_dir().join("modules/modules.json"))
        .ok()
        .and_then(|bytes| serde_json::from_slice::<init::Manifest>(&bytes).ok())
        .unwrap_or_default();
    config
        .walk()
        .map(|module| {
            let dir = &*module.module.source_dir;
            let key = module
                .path
                .0
                .iter()
                .map(|n| &**n)
                .collect::<Vec<_>>()
                .join(".");
            let entry = installed.modules.iter().find(|entry| entry.key == key);
            let call = module.path.parent().and_then(|(caller, name)| {
                config
                    .descendant(&caller)
                    .and_then(|c| c.module.calls.get(name))
            });
            let place = if dir == "." {
                PathBuf::new()
            } else {
                PathBuf::from(dir)
            };
            ModuleSources {
                key,
                dir: dir.to_owned(),
                source: entry
                    .map(|entry| entry.source.clone())
                    .or_else(|| call.map(|c| c.source.to_string()))
                    .filter(|source| !source.is_empty()),
                version: entry.and_then(|entry| entry.version.clone()),
                files: by_dir.get(&place).cloned().unwrap_or_default(),
            }
        })
        .collect()
}

/// A saved plan, and the configuration that it was made from.
pub(crate) struct Saved {
    pub(crate) plan: Plan,
    pub(crate) prepared: Prepared,
    /// What was found in the configuration that is no reason to stop.
    pub(crate) warnings: Diagnostics,
}

/// Whether a file is a saved plan.
pub(crate) fn is_plan(bytes: &[u8]) -> bool {
    plans::file::is_plan_file(bytes)
}

/// Reads a saved plan.
pub(crate) fn load(workdir: &Workdir, bytes: &[u8]) -> Result<Saved, Diagnostics> {
    let file = plans::file::read(bytes)?;
    let mut files = MemoryFiles::default();
    let mut manifest = Vec::new();
    for module in &file.sources {
        for (name, content) in &module.files {
            files
                .0
                .insert(normal(&Path::new(&module.dir).join(name)), content.to_vec());
        }
        manifest.push(init::ManifestEntry {
            key: module.key.clone(),
            source: module.source.clone().unwrap_or_default(),
            version: module.version.clone(),
            dir: module.dir.clone(),
        });
    }
    let data_dir = Path::new(".terraform");
    let manifest = serde_json::json!({"Modules": manifest}).to_string();
    files
        .0
        .insert(data_dir.join("modules/modules.json"), manifest.into_bytes());
    let mut loader = Loader::new(&files, data_dir);
    loader.early = workdir.early_of_plan(&file.plan);
    let (config, diags) = loader.load(Path::new("."));
    workdir.ui.sources.borrow_mut().extend(loader.sources);
    if diags.has_errors() {
        return Err(diags);
    }
    let values = file
        .plan
        .variables
        .iter()
        .map(|(name, v)| (name.clone(), v.value.clone()))
        .collect();
    Ok(Saved {
        prepared: Prepared {
            config,
            inputs: Inputs {
                values,
                ..Inputs::default()
            },
        },
        plan: file.plan,
        warnings: diags,
    })
}

/// The path without `.` components.
fn normal(path: &Path) -> PathBuf {
    path.components()
        .filter(|c| !matches!(c, std::path::Component::CurDir))
        .collect()
}
