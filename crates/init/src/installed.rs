//! Finding the installed providers of a run.

use crate::native::linked_program;
use crate::package::{find_executable, platform};
use crate::verified::VerifiedHashes;
use crate::{Constraints, LockFile, mirror};
use addrs::Provider;
use diags::{Diagnostic, Diagnostics};
use semver::Version;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A provider that can be started.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InstalledProvider {
    /// The version; `None` for one that is run from a `dev_overrides` directory.
    pub version: Option<Version>,
    /// The program.
    pub executable: PathBuf,
    /// The hash of its package; `None` for one that is run from a `dev_overrides` directory.
    pub hash: Option<String>,
    /// Why it is this program.
    pub source: Source,
}

/// Where the program of a provider comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// From a directory of a `dev_overrides` block.
    DevOverride,
    /// It is this one of the programs that come with groma.
    Native(PathBuf),
    /// From a package elsewhere: in a mirror, or in the cache for all configurations.
    Linked(PathBuf),
    /// From a package that was unpacked below the data directory.
    Unpacked,
}

impl Source {
    fn of(package: &Path) -> Self {
        if let Some(program) = linked_program(package) {
            Self::Native(program)
        } else if let Ok(elsewhere) = std::fs::read_link(package) {
            Self::Linked(elsewhere)
        } else {
            Self::Unpacked
        }
    }
}

/// The programs of the providers that a configuration needs. Built-in ones are left out.
///
/// Each must be locked, in a version that meets the constraints, and its installed package must have
/// a locked hash. All that is wrong is reported at once.
pub fn find_providers(
    required: &BTreeMap<Provider, Vec<Arc<str>>>,
    lock: &LockFile,
    data_dir: &Path,
    dev_overrides: &BTreeMap<Provider, PathBuf>,
) -> (BTreeMap<Provider, InstalledProvider>, Diagnostics) {
    let mut diags = Diagnostics::new();
    let mut found = BTreeMap::new();
    let (mut inconsistent, mut missing) = (Vec::new(), Vec::new());
    let mut verified = VerifiedHashes::load(data_dir);
    for (provider, constraints) in required.iter().filter(|(p, _)| !p.is_builtin()) {
        if let Some(dir) = dev_overrides.get(provider) {
            match find_executable(dir, &provider.kind) {
                Ok(executable) => {
                    let installed = InstalledProvider {
                        version: None,
                        executable,
                        hash: None,
                        source: Source::DevOverride,
                    };
                    found.insert(provider.clone(), installed);
                }
                Err(problems) => diags.append(problems),
            }
            continue;
        }
        let Some(locked) = lock.providers.get(provider) else {
            inconsistent.push(format!(
                "provider {provider}: required by this configuration but no version is selected"
            ));
            continue;
        };
        let allowed = Constraints::parse_all(constraints).map(|c| (c.allow(&locked.version), c));
        if let Ok((false, constraints)) = allowed {
            inconsistent.push(format!("provider {provider}: locked version selection {} doesn't match the updated version constraints \"{constraints}\"", locked.version));
            continue;
        }
        let dir = mirror::package_dir(
            &data_dir.join("providers"),
            provider,
            &locked.version,
            &platform(),
        );
        let version = &locked.version;
        if !dir.is_dir() {
            missing.push(format!(
                "{provider}: there is no package for {provider} {version} cached in {}",
                data_dir.join("providers").display()
            ));
            continue;
        }
        let hash = match verified.hash(&dir) {
            Ok((hash, _)) => hash,
            Err(e) => {
                missing.push(format!(
                    "{provider}: the package in {} cannot be read ({e})",
                    dir.display()
                ));
                continue;
            }
        };
        if !locked.hashes.is_empty() && locked.matches(&hash) != Some(true) {
            missing.push(format!("{provider}: the cached package for {provider} {version} (in {}) does not match any of the checksums recorded in the dependency lock file", data_dir.join("providers").display()));
            continue;
        }
        match find_executable(&dir, &provider.kind) {
            Ok(executable) => {
                let installed = InstalledProvider {
                    version: Some(version.clone()),
                    executable,
                    hash: Some(hash),
                    source: Source::of(&dir),
                };
                found.insert(provider.clone(), installed);
            }
            Err(problems) => diags.append(problems),
        }
    }
    verified.save();
    if !inconsistent.is_empty() {
        let advice = if lock.providers.is_empty() {
            "To make the initial dependency selections that will initialize the dependency lock file, run \"init\"."
        } else {
            "To update the locked dependency selections to match a changed configuration, run \"init -upgrade\"."
        };
        diags.push(Diagnostic::error(
            "Inconsistent dependency lock file",
            format!("The following dependency selections recorded in the lock file are inconsistent with the current configuration:{}\n\n{advice}", list(&inconsistent)),
        ));
    }
    if !missing.is_empty() {
        diags.push(Diagnostic::error(
            "Required plugins are not installed",
            format!("The installed provider plugins are not consistent with the packages selected in the dependency lock file:{}\n\nProviders are separate programs. To install those that this configuration needs, run \"init\".", list(&missing)),
        ));
    }
    (found, diags)
}

fn list(lines: &[String]) -> String {
    lines.iter().map(|line| format!("\n  - {line}")).collect()
}
