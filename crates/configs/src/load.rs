//! A directory of files, and those of the modules it calls, as a tree of modules.

mod installed;
mod test_files;

use crate::files::{Files, clean};
use crate::{Config, Early, Module, ModuleCall, Statics, decode, early};
use diags::{Diagnostic, Diagnostics, SourceRange};
use hcl::Body;
use installed::Installed;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

/// How deep modules may call each other.
const DEEPEST: usize = 64;

/// Loads configurations and keeps the text of every file, for diagnostics.
pub struct Loader<'f> {
    files: &'f dyn Files,
    /// The text of every file read, by the name that source ranges use.
    pub sources: BTreeMap<Arc<str>, Arc<str>>,
    /// Whether the arguments of module calls are checked. What modules and providers are needed can be
    /// told without.
    pub check_arguments: bool,
    /// What is known for arguments that must be known now.
    pub early: Rc<Early>,
    installed: Installed,
    /// What the manifest calls the module that is the root of what is loaded.
    installed_at: addrs::Module,
    /// Modules that were loaded already: one may be called from several places.
    modules: BTreeMap<PathBuf, (Module, bool)>,
}

impl<'f> Loader<'f> {
    /// A loader that finds installed modules by the manifest in `data_dir` (`.terraform`).
    pub fn new(files: &'f dyn Files, data_dir: &Path) -> Self {
        Self {
            files,
            sources: BTreeMap::new(),
            check_arguments: true,
            early: Rc::default(),
            installed: Installed::read(files, data_dir),
            installed_at: addrs::Module::root(),
            modules: BTreeMap::new(),
        }
    }

    /// Loads the configuration whose root module is in a directory.
    pub fn load(&mut self, dir: &Path) -> (Config, Diagnostics) {
        let (module, diags) = self.load_root(dir);
        self.load_tree(addrs::Module::root(), dir, module, diags)
    }

    /// Loads what a module calls, and checks the whole. `installed_at` is what the manifest calls it.
    fn load_tree(
        &mut self,
        installed_at: addrs::Module,
        dir: &Path,
        module: Module,
        mut diags: Diagnostics,
    ) -> (Config, Diagnostics) {
        self.installed_at = installed_at;
        let mut config = Config {
            path: addrs::Module::root(),
            module,
            children: BTreeMap::new(),
        };
        if !diags.has_errors() {
            self.load_children(&mut config, None, &mut vec![clean(dir)], &mut diags);
        }
        self.installed_at = addrs::Module::root();
        if !diags.has_errors() {
            diags.append(crate::check::check_tree(&config, self.check_arguments));
        }
        (config, diags)
    }

    /// Loads one module as the root of a configuration, without those it calls.
    pub fn load_root(&mut self, dir: &Path) -> (Module, Diagnostics) {
        let (mut module, mut diags) = self.load_module(dir);
        if !diags.has_errors() {
            diags.append(early::settle_backend(&mut module, &self.early));
        }
        (module, diags)
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

    /// A called module, and whether it is broken. What is wrong with it is reported the first time.
    fn called_module(&mut self, dir: &Path, diags: &mut Diagnostics) -> (Module, bool) {
        if let Some(known) = self.modules.get(dir) {
            return known.clone();
        }
        let (module, problems) = self.load_module(dir);
        let broken = problems.has_errors();
        diags.append(problems);
        self.modules
            .insert(dir.to_owned(), (module.clone(), broken));
        (module, broken)
    }

    /// Loads what a module calls; `dirs` are the directories of the module and all its callers.
    fn load_children(
        &mut self,
        config: &mut Config,
        caller: Option<(&Statics<'_>, &ModuleCall)>,
        dirs: &mut Vec<PathBuf>,
        diags: &mut Diagnostics,
    ) {
        let early = self.early.clone();
        let settled = Statics::in_tree(&early, caller, &config.module).settled_calls(diags);
        if let Some(calls) = settled {
            config.module.calls = calls;
        }
        let statics = Statics::in_tree(&early, caller, &config.module);
        for call in config.module.calls.values() {
            let path = config.path.child(call.name.clone());
            let found = self.find(&path, dirs, call);
            let dir = match found {
                Ok(dir) => dir,
                Err(problem) => {
                    diags.push(*problem);
                    continue;
                }
            };
            let (module, broken) = self.called_module(&dir, diags);
            let mut child = Config {
                path,
                module,
                children: BTreeMap::new(),
            };
            if !broken {
                dirs.push(dir);
                self.load_children(&mut child, Some((&statics, call)), dirs, diags);
                dirs.pop();
            }
            config.children.insert(call.name.clone(), child);
        }
    }

    /// The directory of a called module, which is none of those in `dirs`.
    fn find(
        &self,
        path: &addrs::Module,
        dirs: &[PathBuf],
        call: &ModuleCall,
    ) -> Result<PathBuf, Box<Diagnostic>> {
        let dir = self.directory(path, dirs.last(), call)?;
        if dirs.contains(&dir) || dirs.len() > DEEPEST {
            let detail = format!(
                "The module {path} is in ./{}, where one of its callers is: the calls would never end.",
                dir.display()
            );
            return Err(Box::new(
                Diagnostic::error("Module calls itself", detail).at(call.source_range.clone()),
            ));
        }
        Ok(dir)
    }

    /// The directory of a module that is called from a module in `here`.
    fn directory(
        &self,
        path: &addrs::Module,
        here: Option<&PathBuf>,
        call: &ModuleCall,
    ) -> Result<PathBuf, Box<Diagnostic>> {
        let source = &*call.source;
        let is_local = [".", ".."].contains(&source)
            || ["./", "../", ".\\", "..\\"]
                .iter()
                .any(|prefix| source.starts_with(prefix));
        let steps = self.installed_at.0.iter().chain(path.0.iter());
        let key = steps.fold(addrs::Module::root(), |key, step| key.child(step.clone()));
        let dir = if is_local {
            if call.early.is_some() {
                self.installed.find(&key, call, self.early.same_source)?;
            }
            let here = here.cloned().unwrap_or_default();
            clean(&here.join(source.replace('\\', "/")))
        } else {
            clean(&self.installed.find(&key, call, self.early.same_source)?)
        };
        let shown = match dir.as_os_str().is_empty() {
            true => Path::new("."),
            false => &dir,
        };
        if self.files.list(shown).is_err() {
            let detail = format!("There is no directory {} with files in it.", dir.display());
            return Err(Box::new(
                Diagnostic::error("Unreadable module directory", detail)
                    .at(call.source_range.clone()),
            ));
        }
        Ok(dir)
    }
}

#[cfg(test)]
mod tests;
