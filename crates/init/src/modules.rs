//! Installing modules: finding all that a configuration calls and writing down where they are.

use crate::module_packages::Packages;
use crate::module_source::{ModuleSource, RegistryModule, join, shown_package};
use crate::{Constraints, Network};
use configs::{Early, Files, Loader, ModuleCall, Statics};
use diags::{Diagnostic, Diagnostics};
use semver::Version;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write};
use std::path::{Component, Path, PathBuf};
use std::rc::Rc;

/// How deep modules may call each other: as deep as configurations are loaded.
const DEEPEST: usize = 64;

/// `modules.json`: which modules there are, and where.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The modules, sorted by key.
    #[serde(rename = "Modules", default)]
    pub modules: Vec<ManifestEntry>,
}

/// A module of the configuration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ManifestEntry {
    /// The names of the calls that lead to it, with dots between; empty = the root module.
    #[serde(rename = "Key")]
    pub key: String,
    /// The source as written; that of registry modules in full.
    #[serde(rename = "Source")]
    pub source: String,
    /// The version of a registry module.
    #[serde(rename = "Version", default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// The directory.
    #[serde(rename = "Dir")]
    pub dir: String,
}

/// How modules are installed.
#[derive(Clone, Debug, Default)]
pub struct ModuleOptions {
    /// Where registries are.
    pub network: Network,
    /// `-upgrade`, `-update`: what is installed is got again, in the newest versions that are allowed.
    pub upgrade: bool,
}

/// What happens while modules are installed, to be told to people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ModuleEvent<'a> {
    /// A package, of a version if it is a registry's, is got for the module with a key.
    Downloading(&'a str, Option<&'a Version>, &'a str),
    /// The module with a key is in a directory.
    Found(&'a str, &'a Path),
}

/// Finds all modules that the configuration in `dir` calls, and gets those that are not there. With
/// `test_dir`, also those that test files name.
///
/// What comes from elsewhere is put below `modules` in the data directory. What can be got is got, and
/// all problems are reported.
pub fn install_modules(
    files: &dyn Files,
    early: &Rc<Early>,
    dir: &Path,
    test_dir: Option<&Path>,
    data_dir: &Path,
    options: &ModuleOptions,
    report: &mut dyn FnMut(ModuleEvent<'_>),
) -> (Manifest, Diagnostics) {
    let before: Manifest = files
        .read(&data_dir.join("modules/modules.json"))
        .ok()
        .and_then(|bytes| serde_json::from_slice(&bytes).ok())
        .unwrap_or_default();
    let mut search = Search {
        files,
        loader: Loader::new(files, data_dir),
        early: early.clone(),
        before: before
            .modules
            .into_iter()
            .map(|e| (e.key.clone(), e))
            .collect(),
        found: BTreeMap::new(),
        packages: Packages::new(data_dir.join("modules"), options),
        upgrade: options.upgrade,
        diags: Diagnostics::new(),
        report,
    };
    let root = ManifestEntry {
        key: String::new(),
        source: String::new(),
        version: None,
        dir: display(dir),
    };
    search.found.insert(String::new(), root);
    search.module(dir, ("", None), None, &mut vec![clean(dir)]);
    if let Some(test_dir) = test_dir {
        search.tests(dir, test_dir);
    }
    let manifest = Manifest {
        modules: search.found.into_values().collect(),
    };
    (manifest, search.diags)
}

/// Writes the manifest into a data directory (`.terraform`).
pub fn save_manifest(manifest: &Manifest, data_dir: &Path) -> Result<(), Diagnostics> {
    let write = || -> io::Result<()> {
        let dir = data_dir.join("modules");
        fs::create_dir_all(&dir)?;
        let mut file = tempfile::NamedTempFile::new_in(&dir)?;
        // Terraform writes these as escapes too: the same modules make the same file.
        let text = serde_json::to_string(manifest)?;
        let text = text.replace('&', "\\u0026");
        let text = text.replace('<', "\\u003c").replace('>', "\\u003e");
        file.write_all(text.as_bytes())?;
        file.persist(dir.join("modules.json"))?;
        Ok(())
    };
    write().map_err(|e| {
        Diagnostic::error(
            "Failed to update module manifest",
            format!("Cannot write modules/modules.json in {}: {e}. Check that you may write there, then run again.", data_dir.display()),
        )
        .into()
    })
}

struct Search<'a> {
    files: &'a dyn Files,
    loader: Loader<'a>,
    early: Rc<Early>,
    before: BTreeMap<String, ManifestEntry>,
    found: BTreeMap<String, ManifestEntry>,
    packages: Packages<'a>,
    upgrade: bool,
    diags: Diagnostics,
    report: &'a mut dyn FnMut(ModuleEvent<'_>),
}

/// The package that a module is in.
#[derive(Clone)]
struct Package {
    /// Its address.
    name: String,
    dir: PathBuf,
}

impl Search<'_> {
    /// Goes through the calls of one module. `callers` are the directories from the root to it.
    fn module(
        &mut self,
        dir: &Path,
        (key, caller): (&str, Option<(&Statics<'_>, &ModuleCall)>),
        package: Option<&Package>,
        callers: &mut Vec<PathBuf>,
    ) {
        let (module, problems) = self.loader.load_module(dir);
        let broken = problems.has_errors();
        self.diags.append(problems);
        if broken {
            return;
        }
        let statics = match caller {
            Some((caller, call)) => caller.called(call, &module),
            None => Statics::root(self.early.clone(), &module),
        };
        let settled = statics.settled_calls(&mut self.diags);
        let calls = settled.as_ref().unwrap_or(&module.calls);
        let mut calls: Vec<&ModuleCall> = calls.values().collect();
        calls.sort_by(|a, b| a.name.cmp(&b.name));
        for call in calls {
            let key = if key.is_empty() {
                call.name.to_string()
            } else {
                format!("{key}.{}", call.name)
            };
            let Some((entry, inner)) = self.find(dir, &key, package, call) else {
                continue;
            };
            let child = PathBuf::from(&entry.dir);
            (self.report)(ModuleEvent::Found(&key, &child));
            self.found.insert(key.clone(), entry);
            if callers.contains(&clean(&child)) || callers.len() > DEEPEST {
                self.problem(call, "Module calls itself", &format!(
                    "The module in {} is called again by a module that it calls itself, so there is no end to it. Remove one of the calls.",
                    display(&child)
                ));
                continue;
            }
            callers.push(clean(&child));
            self.module(
                &child,
                (&key, Some((&statics, call))),
                inner.as_ref(),
                callers,
            );
            callers.pop();
        }
    }

    /// Goes through the modules that the runs of test files are about.
    fn tests(&mut self, dir: &Path, test_dir: &Path) {
        let (files, problems) = self.loader.test_files(dir, test_dir);
        self.diags.append(problems);
        for file in &files {
            for run in &file.runs {
                let Some(module) = &run.module else {
                    continue;
                };
                let path = file.module_path(&run.name);
                let key = path.0.iter().map(|n| &**n).collect::<Vec<_>>().join(".");
                let Some((entry, inner)) = self.find(dir, &key, None, &module.call) else {
                    continue;
                };
                let child = PathBuf::from(&entry.dir);
                (self.report)(ModuleEvent::Found(&key, &child));
                self.found.insert(key.clone(), entry);
                self.module(
                    &child,
                    (&key, None),
                    inner.as_ref(),
                    &mut vec![clean(&child)],
                );
            }
        }
    }

    /// Where a called module is, and in which package.
    fn find(
        &mut self,
        dir: &Path,
        key: &str,
        package: Option<&Package>,
        call: &ModuleCall,
    ) -> Option<(ManifestEntry, Option<Package>)> {
        let source = match ModuleSource::parse(&call.source) {
            Ok(source) => source,
            Err(why) => {
                self.problem(call, "Invalid module source address", &format!("{why}."));
                return None;
            }
        };
        if call.version.is_some() && !matches!(source, ModuleSource::Registry(..)) {
            self.problem(call, "Invalid registry module source address", &format!(
                "The source {:?} is not one of a module registry, and only such modules have versions: remove the argument \"version\", or name a module as NAMESPACE/NAME/PROVIDER.",
                &*call.source
            ));
            return None;
        }
        match source {
            ModuleSource::Local => self.local(dir, key, package, call),
            ModuleSource::Registry(module, subdir) => self.registry(key, call, &module, &subdir),
            ModuleSource::Remote(package, subdir) => self.remote(key, call, &package, &subdir),
        }
    }

    fn local(
        &mut self,
        dir: &Path,
        key: &str,
        package: Option<&Package>,
        call: &ModuleCall,
    ) -> Option<(ManifestEntry, Option<Package>)> {
        let child = clean(&dir.join(&*call.source));
        if let Some(package) = package.filter(|package| !child.starts_with(&package.dir)) {
            let detail = format!(
                "The given source directory for module.{} would be outside of its containing package {:?}. Local source addresses starting with \"../\" must stay within the same package that the calling module belongs to.",
                key.replace('.', ".module."),
                package.name
            );
            self.problem(call, "Local module path escapes module package", &detail);
            return None;
        }
        if self.files.list(Path::new(&display(&child))).is_err() {
            self.problem(
                call,
                "Unreadable module directory",
                &format!(
                    "Unable to evaluate directory symlink: the directory {} does not exist.",
                    child.display()
                ),
            );
            return None;
        }
        let entry = ManifestEntry {
            key: key.into(),
            source: tidied(&call.source),
            version: None,
            dir: display(&child),
        };
        Some((entry, package.cloned()))
    }

    fn registry(
        &mut self,
        key: &str,
        call: &ModuleCall,
        module: &RegistryModule,
        subdir: &str,
    ) -> Option<(ManifestEntry, Option<Package>)> {
        let source = join(&module.to_string(), subdir);
        let wanted = call.version.as_ref().map_or("", |(text, _)| &**text);
        let constraints = if wanted.is_empty() {
            Ok(Constraints::default())
        } else {
            Constraints::parse(wanted)
        };
        let constraints = match constraints {
            Ok(constraints) => constraints,
            Err(why) => {
                self.problem(call, "Invalid version constraint", &why);
                return None;
            }
        };
        let installed = self.installed(key, &source, |version| {
            version.is_some_and(|version| constraints.allow(version))
        });
        if let Some(entry) = installed {
            let package = self.package(key, module.to_string());
            return Some((entry, Some(package)));
        }
        let version = match self.packages.newest(module, &constraints) {
            Ok(version) => version,
            Err((summary, why)) => {
                self.problem(call, summary, &format!("Module {:?}: {why}.", &*call.name));
                return None;
            }
        };
        let name = module.to_string();
        (self.report)(ModuleEvent::Downloading(&name, Some(&version), key));
        let got = self.packages.get_version(key, module, &version, subdir);
        let dir = self.got(call, &name, got)?;
        let entry = ManifestEntry {
            key: key.into(),
            source,
            version: Some(version.to_string()),
            dir: display(&dir),
        };
        Some((entry, Some(self.package(key, name))))
    }

    fn remote(
        &mut self,
        key: &str,
        call: &ModuleCall,
        package: &str,
        subdir: &str,
    ) -> Option<(ManifestEntry, Option<Package>)> {
        let source = join(package, subdir);
        if let Some(entry) = self.installed(key, &source, |version| version.is_none()) {
            let package = self.package(key, package.to_owned());
            return Some((entry, Some(package)));
        }
        let shown = shown_package(package);
        (self.report)(ModuleEvent::Downloading(&shown, None, key));
        let got = self.packages.get(key, package, subdir);
        let dir = self.got(call, package, got)?;
        let entry = ManifestEntry {
            key: key.into(),
            source,
            version: None,
            dir: display(&dir),
        };
        Some((entry, Some(self.package(key, package.to_owned()))))
    }

    /// What was installed before, if it may stay.
    fn installed(
        &self,
        key: &str,
        source: &str,
        good: impl Fn(Option<&Version>) -> bool,
    ) -> Option<ManifestEntry> {
        let entry = self.before.get(key).filter(|_| !self.upgrade)?;
        let version = entry.version.as_deref().map(Version::parse).transpose();
        let stays = entry.source == source
            && version.is_ok_and(|version| good(version.as_ref()))
            && self.files.list(Path::new(&entry.dir)).is_ok();
        stays.then(|| entry.clone())
    }

    /// The package that was put into the place of a module.
    fn package(&self, key: &str, name: String) -> Package {
        Package {
            name,
            dir: clean(&self.packages.place(key)),
        }
    }

    fn got(
        &mut self,
        call: &ModuleCall,
        from: &str,
        got: Result<PathBuf, String>,
    ) -> Option<PathBuf> {
        match got {
            Ok(dir) => Some(dir),
            Err(why) => {
                let from = shown_package(from);
                self.problem(
                    call,
                    "Failed to download module",
                    &format!(
                        "Could not download module {:?} source code from {from:?}: {why}.",
                        &*call.name
                    ),
                );
                None
            }
        }
    }

    fn problem(&mut self, call: &ModuleCall, summary: &str, detail: &str) {
        self.diags
            .push(Diagnostic::error(summary, detail).at(call.source_range.clone()));
    }
}

/// Whether a source that was installed, as the manifest has it, is the one that is called.
pub fn same_source(installed: &str, called: &str) -> bool {
    match ModuleSource::parse(called) {
        Ok(ModuleSource::Local) => tidied(called) == installed,
        Ok(ModuleSource::Registry(module, subdir)) => {
            join(&module.to_string(), &subdir) == installed
        }
        Ok(ModuleSource::Remote(package, subdir)) => join(&package, &subdir) == installed,
        Err(_) => false,
    }
}

/// A local source in its shortest form: `./a/../b/` is `./b`.
fn tidied(source: &str) -> String {
    let short = clean(Path::new(source)).to_string_lossy().into_owned();
    match &*short {
        ".." => "./..".into(),
        _ if short.starts_with("../") => short,
        _ => format!("./{short}"),
    }
}

fn display(dir: &Path) -> String {
    let dir = clean(dir);
    if dir.as_os_str().is_empty() {
        ".".into()
    } else {
        dir.to_string_lossy().into_owned()
    }
}

/// The path without `.` and with `..` resolved, as far as that goes without looking.
fn clean(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir
                if matches!(out.components().next_back(), Some(Component::Normal(_))) =>
            {
                out.pop();
            }
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use configs::MemoryFiles;
    use expect_test::{Expect, expect};

    fn check(files: &[(&str, &str)], expected: Expect) {
        let files = MemoryFiles(
            files
                .iter()
                .map(|(path, text)| (path.into(), text.as_bytes().to_vec()))
                .collect(),
        );
        let mut told = 0;
        let mut network = crate::NetworkOptions::default();
        let host = addrs::Provider::DEFAULT_HOST.to_owned();
        network.services.insert(host, BTreeMap::new());
        let options = ModuleOptions {
            network: Network::new(network),
            upgrade: false,
        };
        let (manifest, diags) = install_modules(
            &files,
            &Rc::default(),
            Path::new("."),
            Some(Path::new("tests")),
            Path::new(".terraform"),
            &options,
            &mut |_| told += 1,
        );
        assert!(told + 1 >= manifest.modules.len());
        let mut text = serde_json::to_string(&manifest).unwrap() + "\n";
        for d in &diags {
            text += &format!(
                "{} {}: {}\n",
                d.subject.as_ref().unwrap(),
                d.summary,
                d.detail
            );
        }
        expected.assert_eq(&text);
    }

    #[test]
    fn modules_are_found_through_calls() {
        // What Terraform 1.11.4 wrote for the same configuration.
        check(
            &[
                ("main.tf", "module \"a\" {\n  source = \"./a\"\n}\n"),
                ("a/main.tf", "module \"b\" {\n  source = \"./b\"\n}\n"),
                (
                    "a/b/main.tf",
                    "module \"c\" {\n  source = \"../../a/c\"\n}\n",
                ),
                ("a/c/main.tf", ""),
            ],
            expect![[r#"
                {"Modules":[{"Key":"","Source":"","Dir":"."},{"Key":"a","Source":"./a","Dir":"a"},{"Key":"a.b","Source":"./b","Dir":"a/b"},{"Key":"a.b.c","Source":"../../a/c","Dir":"a/c"}]}
            "#]],
        );
    }

    #[test]
    fn what_was_installed_before_is_used() {
        check(
            &[
                (
                    "main.tf",
                    "module \"v\" {\n  source  = \"ns/vpc/aws\"\n  version = \"~> 1.0\"\n}\n",
                ),
                (
                    ".terraform/modules/modules.json",
                    r#"{"Modules":[{"Key":"","Source":"","Dir":"."},{"Key":"v","Source":"registry.terraform.io/ns/vpc/aws","Version":"1.2.0","Dir":".terraform/modules/v"},{"Key":"old","Source":"./x","Dir":"x"}]}"#,
                ),
                (
                    ".terraform/modules/v/main.tf",
                    "module \"in\" {\n  source = \"./modules/in\"\n}\n",
                ),
                (".terraform/modules/v/modules/in/main.tf", ""),
            ],
            expect![[r#"
                {"Modules":[{"Key":"","Source":"","Dir":"."},{"Key":"v","Source":"registry.terraform.io/ns/vpc/aws","Version":"1.2.0","Dir":".terraform/modules/v"},{"Key":"v.in","Source":"./modules/in","Dir":".terraform/modules/v/modules/in"}]}
            "#]],
        );
    }

    #[test]
    fn sources_that_are_made_are_found_and_compared() {
        check(
            &[
                (
                    "main.tf",
                    "variable \"v\" {\n  default = \"a\"\n}\nmodule \"m\" {\n  source = \"./x/../${var.v}\"\n  w      = \"${var.v}b\"\n}\nmodule \"d\" {\n  source = module.m.x\n}\n",
                ),
                (
                    "a/main.tf",
                    "variable \"w\" {}\nmodule \"n\" {\n  source = \"../${var.w}\"\n}\n",
                ),
                ("ab/main.tf", ""),
            ],
            expect![[r#"
                {"Modules":[{"Key":"","Source":"","Dir":"."},{"Key":"m","Source":"./a","Dir":"a"},{"Key":"m.n","Source":"../ab","Dir":"ab"}]}
                main.tf:9,12-18 Dynamic value in static context: module.m.x is not known before anything is planned. Only variables, local values, functions, path and terraform.workspace can be used where a value must be known that early. What needs it:
                  - module.d's "source"
            "#]],
        );
        for (installed, called, same) in [
            ("./a", "./x/../a", true),
            ("registry.terraform.io/a/b/c", "a/b/c", true),
            ("registry.terraform.io/a/b/c//d", "a/b/c", false),
            ("git::https://github.com/a/b.git", "github.com/a/b", true),
            ("./a", "", false),
        ] {
            assert_eq!(same_source(installed, called), same, "{called}");
        }
    }

    #[test]
    fn what_cannot_be_found_is_reported() {
        check(
            &[
                (
                    "main.tf",
                    "module \"a\" {\n  source = \"./none\"\n}\nmodule \"b\" {\n  source = \"ns/vpc/aws\"\n}\nmodule \"d\" {\n  source = \"./d\"\n}\n",
                ),
                (
                    "d/main.tf",
                    "module \"d1\" {\n  source = \"../d\"\n}\nmodule \"d2\" {\n  source = \"../d\"\n}\n",
                ),
            ],
            expect![[r#"
                {"Modules":[{"Key":"","Source":"","Dir":"."},{"Key":"d","Source":"./d","Dir":"d"},{"Key":"d.d1","Source":"../d","Dir":"d"},{"Key":"d.d2","Source":"../d","Dir":"d"}]}
                main.tf:2,12-20 Unreadable module directory: Unable to evaluate directory symlink: the directory none does not exist.
                main.tf:5,12-24 Invalid module registry host: Module "b": the host registry.terraform.io does not provide a module registry.
                d/main.tf:2,12-18 Module calls itself: The module in d is called again by a module that it calls itself, so there is no end to it. Remove one of the calls.
                d/main.tf:5,12-18 Module calls itself: The module in d is called again by a module that it calls itself, so there is no end to it. Remove one of the calls.
            "#]],
        );
    }

    #[test]
    fn the_manifest_is_written_as_terraform_does() {
        let dir = tempfile::tempdir().unwrap();
        let manifest = Manifest {
            modules: vec![ManifestEntry {
                key: String::new(),
                source: String::new(),
                version: None,
                dir: ".".into(),
            }],
        };
        save_manifest(&manifest, dir.path()).unwrap();
        let text = fs::read_to_string(dir.path().join("modules/modules.json")).unwrap();
        assert_eq!(text, r#"{"Modules":[{"Key":"","Source":"","Dir":"."}]}"#);
    }
}
