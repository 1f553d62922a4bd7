//! A directory of files, and those of the modules it calls, as a tree of modules.

use crate::files::{Files, clean};
use crate::{Config, Module, decode};
use diags::{Diagnostic, Diagnostics, SourceRange};
use hcl::Body;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// How deep modules may call each other.
const DEEPEST: usize = 64;

/// Loads configurations and keeps the text of every file, for diagnostics.
pub struct Loader<'f> {
    files: &'f dyn Files,
    /// The text of every file read, by the name that source ranges use.
    pub sources: BTreeMap<Arc<str>, Arc<str>>,
    manifest: BTreeMap<String, PathBuf>,
}

/// The modules that were installed: `.terraform/modules/modules.json`.
#[derive(serde::Deserialize)]
struct Manifest {
    #[serde(rename = "Modules", default)]
    modules: Vec<ManifestEntry>,
}

#[derive(serde::Deserialize)]
struct ManifestEntry {
    #[serde(rename = "Key")]
    key: String,
    #[serde(rename = "Dir")]
    dir: PathBuf,
}

impl<'f> Loader<'f> {
    /// A loader that finds installed modules by the manifest in `data_dir` (`.terraform`).
    pub fn new(files: &'f dyn Files, data_dir: &Path) -> Self {
        let manifest = files
            .read(&data_dir.join("modules/modules.json"))
            .ok()
            .and_then(|bytes| serde_json::from_slice::<Manifest>(&bytes).ok())
            .map(|m| m.modules.into_iter().map(|e| (e.key, e.dir)).collect())
            .unwrap_or_default();
        Self {
            files,
            sources: BTreeMap::new(),
            manifest,
        }
    }

    /// Loads the configuration whose root module is in a directory.
    pub fn load(&mut self, dir: &Path) -> (Config, Diagnostics) {
        let (module, mut diags) = self.load_module(dir);
        let mut config = Config {
            path: addrs::Module::root(),
            module,
            children: BTreeMap::new(),
        };
        if !diags.has_errors() {
            self.load_children(&mut config, dir, &mut diags);
        }
        if !diags.has_errors() {
            diags.append(crate::check::check_tree(&config));
        }
        (config, diags)
    }

    /// Loads one module, without those it calls.
    pub fn load_module(&mut self, dir: &Path) -> (Module, Diagnostics) {
        let mut diags = Diagnostics::new();
        let names = match self.files.list(dir) {
            Ok(names) => names,
            Err(e) => {
                let detail = format!("The directory {} could not be read: {e}.", dir.display());
                return (
                    Module::default(),
                    Diagnostic::error("Failed to read module directory", detail).into(),
                );
            }
        };
        let (mut primary, mut overriding) = (Vec::new(), Vec::new());
        for name in names {
            let stem = name.strip_suffix(".tf").or(name.strip_suffix(".tf.json"));
            let Some(stem) = stem else {
                continue;
            };
            if name.starts_with('.') || name.starts_with('#') || name.ends_with('~') {
                continue;
            }
            let path = clean(&dir.join(&name));
            let Some(body) = self.parse(&path, &mut diags) else {
                continue;
            };
            if stem == "override" || stem.ends_with("_override") {
                overriding.push(body);
            } else {
                primary.push(body);
            }
        }
        let source_dir = clean(dir);
        let source_dir = if source_dir.as_os_str().is_empty() {
            Path::new(".").into()
        } else {
            source_dir
        };
        let (mut module, problems) = decode::module(&primary, &overriding);
        diags.append(problems);
        module.source_dir = source_dir.to_string_lossy().as_ref().into();
        (module, diags)
    }

    fn parse(&mut self, path: &Path, diags: &mut Diagnostics) -> Option<Body> {
        let name: Arc<str> = path.to_string_lossy().as_ref().into();
        let bytes = match self.files.read(path) {
            Ok(bytes) => bytes,
            Err(e) => {
                diags.push(Diagnostic::error(
                    "Failed to read file",
                    format!("The file {name} could not be read: {e}."),
                ));
                return None;
            }
        };
        let text: Arc<str> = match String::from_utf8(bytes) {
            Ok(text) => text.into(),
            Err(e) => {
                let line = e.as_bytes()[..e.utf8_error().valid_up_to()]
                    .iter()
                    .filter(|b| **b == b'\n')
                    .count()
                    + 1;
                diags.push(
                    Diagnostic::error(
                        "Invalid character encoding",
                        format!("All input files must be UTF-8 encoded. Line {line} of {name} is not; ensure that UTF-8 encoding is selected in your editor."),
                    )
                    .at(SourceRange::start_of(name)),
                );
                return None;
            }
        };
        self.sources.insert(name.clone(), text.clone());
        let (body, problems) = if name.ends_with(".json") {
            hcl::parse_json(name, &text)
        } else {
            hcl::parse(name, &text)
        };
        diags.append(problems);
        Some(body)
    }

    fn load_children(&mut self, config: &mut Config, dir: &Path, diags: &mut Diagnostics) {
        for call in config.module.calls.values() {
            let path = config.path.child(call.name.clone());
            if path.0.len() > DEEPEST {
                diags.push(
                    Diagnostic::error(
                        "Module nesting too deep",
                        format!("The module {path} is nested more than {DEEPEST} levels deep. Does a module call itself?"),
                    )
                    .at(call.source_range.clone()),
                );
                continue;
            }
            let Some(child_dir) = self.find(&path, dir, call, diags) else {
                continue;
            };
            let (module, problems) = self.load_module(&child_dir);
            let broken = problems.has_errors();
            diags.append(problems);
            let mut child = Config {
                path,
                module,
                children: BTreeMap::new(),
            };
            if !broken {
                self.load_children(&mut child, &child_dir, diags);
            }
            config.children.insert(call.name.clone(), child);
        }
    }

    /// The directory of a called module.
    fn find(
        &self,
        path: &addrs::Module,
        dir: &Path,
        call: &crate::ModuleCall,
        diags: &mut Diagnostics,
    ) -> Option<PathBuf> {
        let source = &*call.source;
        let is_local = source.starts_with("./")
            || source.starts_with("../")
            || source == "."
            || source == "..";
        let key = path.0.iter().map(|n| &**n).collect::<Vec<_>>().join(".");
        if is_local {
            let child = clean(&dir.join(source));
            if self.files.list(&child).is_ok() {
                return Some(child);
            }
            diags.push(
                Diagnostic::error(
                    "Unreadable module directory",
                    format!(
                        "Unable to evaluate directory symlink: the directory {} does not exist.",
                        child.display()
                    ),
                )
                .at(call.source_range.clone()),
            );
            return None;
        }
        let found = self.manifest.get(&key).cloned();
        if found.is_none() {
            diags.push(
                Diagnostic::error(
                    "Module not installed",
                    "The module is not there yet: \"groma init\" installs it.",
                )
                .at(call.range.clone()),
            );
        }
        found
    }
}
