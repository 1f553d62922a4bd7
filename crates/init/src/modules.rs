//! Installing modules: finding all that a configuration calls and writing down where they are.

use configs::{Files, Loader, ModuleCall};
use diags::{Diagnostic, Diagnostics};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write};
use std::path::{Component, Path, PathBuf};

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

/// Finds all modules that the configuration in `dir` calls.
///
/// Modules from other places than the local disk are used if they have been installed before; they
/// cannot be installed yet. `report` is told of each module's key and directory.
pub fn install_modules(
    files: &dyn Files,
    dir: &Path,
    data_dir: &Path,
    report: &mut dyn FnMut(&str, &Path),
) -> (Manifest, Diagnostics) {
    let before: Manifest = files
        .read(&data_dir.join("modules/modules.json"))
        .ok()
        .and_then(|bytes| serde_json::from_slice(&bytes).ok())
        .unwrap_or_default();
    let mut search = Search {
        files,
        loader: Loader::new(files, data_dir),
        before: before
            .modules
            .into_iter()
            .map(|e| (e.key.clone(), e))
            .collect(),
        found: BTreeMap::new(),
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
    search.module(dir, "", &mut vec![clean(dir)]);
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
        file.write_all(&serde_json::to_vec(manifest)?)?;
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
    before: BTreeMap<String, ManifestEntry>,
    found: BTreeMap<String, ManifestEntry>,
    diags: Diagnostics,
    report: &'a mut dyn FnMut(&str, &Path),
}

impl Search<'_> {
    /// Goes through the calls of one module. `callers` are the directories from the root to it.
    fn module(&mut self, dir: &Path, key: &str, callers: &mut Vec<PathBuf>) {
        let (module, problems) = self.loader.load_module(dir);
        let broken = problems.has_errors();
        self.diags.append(problems);
        if broken {
            return;
        }
        for call in module.calls.values() {
            let key = if key.is_empty() {
                call.name.to_string()
            } else {
                format!("{key}.{}", call.name)
            };
            let Some(entry) = self.find(dir, &key, call) else {
                continue;
            };
            let child = PathBuf::from(&entry.dir);
            (self.report)(&key, &child);
            self.found.insert(key.clone(), entry);
            if callers.contains(&clean(&child)) || callers.len() > DEEPEST {
                self.problem(call, "Module calls itself", &format!(
                    "The module in {} is called again by a module that it calls itself, so there is no end to it. Remove one of the calls.",
                    display(&child)
                ));
                continue;
            }
            callers.push(clean(&child));
            self.module(&child, &key, callers);
            callers.pop();
        }
    }

    fn find(&mut self, dir: &Path, key: &str, call: &ModuleCall) -> Option<ManifestEntry> {
        let source = &*call.source;
        if ["./", "../"].iter().any(|p| source.starts_with(p)) || source == "." || source == ".." {
            let child = clean(&dir.join(source));
            if self.files.list(&child).is_err() {
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
            return Some(ManifestEntry {
                key: key.into(),
                source: source.into(),
                version: None,
                dir: display(&child),
            });
        }
        let installed = self.before.get(key).filter(|entry| {
            (entry.source == source || entry.source == format!("registry.terraform.io/{source}"))
                && self.files.list(Path::new(&entry.dir)).is_ok()
        });
        if let Some(entry) = installed {
            return Some(entry.clone());
        }
        self.problem(call, "Module not installed", &format!(
            "The module source {source:?} is not a local directory, and downloads of modules are not available yet. Copy the module into a directory beside this one and call it with a source that starts with \"./\" or \"../\"."
        ));
        None
    }

    fn problem(&mut self, call: &ModuleCall, summary: &str, detail: &str) {
        self.diags
            .push(Diagnostic::error(summary, detail).at(call.source_range.clone()));
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
        let (manifest, diags) = install_modules(
            &files,
            Path::new("."),
            Path::new(".terraform"),
            &mut |_, _| told += 1,
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
                main.tf:5,12-24 Module not installed: The module source "ns/vpc/aws" is not a local directory, and downloads of modules are not available yet. Copy the module into a directory beside this one and call it with a source that starts with "./" or "../".
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
