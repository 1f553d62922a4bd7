//! The modules that were installed.

use crate::ModuleCall;
use crate::early::{allows, changed};
use crate::files::Files;
use diags::Diagnostic;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The modules that were installed, by the names of the calls with dots between them: what
/// `.terraform/modules/modules.json` says.
#[derive(Default)]
pub(super) struct Installed(BTreeMap<String, Entry>);

#[derive(serde::Deserialize)]
struct Manifest {
    #[serde(rename = "Modules", default)]
    modules: Vec<Entry>,
}

#[derive(serde::Deserialize)]
struct Entry {
    #[serde(rename = "Key")]
    key: String,
    #[serde(rename = "Source", default)]
    source: String,
    #[serde(rename = "Version", default)]
    version: String,
    #[serde(rename = "Dir")]
    dir: PathBuf,
}

impl Installed {
    /// Reads the manifest; there are no modules if it cannot be read.
    pub(super) fn read(files: &dyn Files, data_dir: &Path) -> Self {
        let manifest = files
            .read(&data_dir.join("modules/modules.json"))
            .ok()
            .and_then(|bytes| serde_json::from_slice::<Manifest>(&bytes).ok());
        let modules = manifest.map(|m| m.modules).unwrap_or_default();
        Self(modules.into_iter().map(|e| (e.key.clone(), e)).collect())
    }

    /// The directory of a module, if the one that was installed is still the one that is called.
    pub(super) fn find(
        &self,
        path: &addrs::Module,
        call: &ModuleCall,
        same_source: fn(&str, &str) -> bool,
    ) -> Result<PathBuf, Box<Diagnostic>> {
        let key = path.0.iter().map(|n| &**n).collect::<Vec<_>>().join(".");
        let Some(entry) = self.0.get(&key) else {
            let detail = "The module is not there yet: \"groma init\" installs it.";
            return Err(Box::new(
                Diagnostic::error("Module not installed", detail).at(call.range.clone()),
            ));
        };
        let same = same_source(&entry.source, &call.source)
            || same_registry_module(&entry.source, &call.source);
        if call.early.is_some() && !same {
            return Err(changed(&entry.source, call));
        }
        let Some((constraint, _)) = &call.version else {
            return Ok(entry.dir.clone());
        };
        if !same_registry_module(&entry.source, &call.source) {
            return Err(changed(&entry.source, call));
        }
        if !allows(constraint, &entry.version) {
            let detail = format!(
                "Version {} was installed, but {constraint} is asked for now: \"groma init\" installs another one.",
                entry.version
            );
            return Err(Box::new(
                Diagnostic::error("Module version requirements have changed", detail)
                    .at(call.source_range.clone()),
            ));
        }
        Ok(entry.dir.clone())
    }
}

/// Whether two addresses are of one module, where the registry's host may be left out.
fn same_registry_module(a: &str, b: &str) -> bool {
    let short = |source: &str| {
        let source = source.to_lowercase();
        match source.strip_prefix("registry.terraform.io/") {
            Some(rest) => rest.to_owned(),
            None => source,
        }
    };
    short(a) == short(b)
}
