//! Installing providers: choosing versions, fetching packages, checking them against the lock file.

mod downloads;
mod installer;
mod offers;
mod verify;

#[cfg(test)]
mod tests;

use crate::package::Location;
use crate::signature::Trust;
use crate::sources::Method;
use crate::verified::VerifiedHashes;
use crate::{Constraints, LockFile, Locked, Network};
use addrs::Provider;
use diags::{Diagnostic, Diagnostics};
use installer::{Choice, Installer};
use offers::Offers;
use semver::Version;
use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub(crate) use installer::{newest, query_error};
pub(crate) use verify::hash_of;

/// A package that is to be installed.
struct Order<'a> {
    provider: &'a Provider,
    version: Version,
    location: Location,
    constraints: Constraints,
    /// Its place in the cache for all configurations, and the hash of what is there.
    cached: Option<PathBuf>,
    in_cache: Option<String>,
}

/// How providers are installed.
#[derive(Clone, Debug, Default)]
pub struct InstallOptions {
    /// Where packages come from, in order.
    pub methods: Vec<Method>,
    /// Where the programs are that come with groma.
    pub native_dir: Option<PathBuf>,
    /// Providers that need no package.
    pub dev_overrides: BTreeMap<Provider, PathBuf>,
    /// Where packages are kept for all configurations.
    pub cache_dir: Option<PathBuf>,
    /// Whether a cached package may be used though the lock file does not know it.
    pub cache_may_break_lock: bool,
    /// Where registries and mirrors are.
    pub network: Network,
    /// `-upgrade`: the newest allowed versions, whatever is locked.
    pub upgrade: bool,
}

/// What happens while providers are installed, to be told to people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event<'a> {
    /// It is part of the program.
    BuiltIn(&'a Provider),
    /// It is run from a directory of a `dev_overrides` block.
    Overridden(&'a Provider, &'a Path),
    /// The locked version is taken.
    Reusing(&'a Provider),
    /// The newest version that meets these constraints is looked for.
    Finding(&'a Provider, &'a Constraints),
    /// The package is there already.
    Using(&'a Provider, &'a Version),
    /// The package is taken from the cache for all configurations.
    FromCache(&'a Provider, &'a Version),
    /// The package is being installed.
    Installing(&'a Provider, &'a Version),
    /// So much of the package has been downloaded, of so much.
    Downloading(&'a Provider, u64, Option<u64>),
    /// The package has been installed.
    Installed(&'a Provider, &'a Version, &'a Trust),
    /// The program that comes with groma is taken.
    Native(&'a Provider, &'a Version, &'a Path),
}

/// Installs the providers that a configuration needs, each with the constraints of all its modules,
/// below `data_dir` (`.terraform`).
///
/// Returns the lock file as it should be now. All providers are tried; those that fail keep their
/// locks.
pub fn install_providers(
    required: &BTreeMap<Provider, Vec<Arc<str>>>,
    lock: &LockFile,
    data_dir: &Path,
    options: &InstallOptions,
    report: &mut dyn FnMut(Event<'_>),
) -> (LockFile, Diagnostics) {
    let mut wanted = Vec::new();
    for (provider, constraints) in required {
        if provider.is_builtin() {
            report(Event::BuiltIn(provider));
        } else if let Some(dir) = options.dev_overrides.get(provider) {
            report(Event::Overridden(provider, dir));
        } else {
            wanted.push((provider, constraints));
        }
    }
    let offers = Offers::ask(&wanted, lock, options);
    let mut installer = Installer {
        lock,
        providers_dir: data_dir.join("providers"),
        options,
        offers,
        verified: VerifiedHashes::load(data_dir),
        warnings: Diagnostics::new(),
        report,
    };
    let mut new = LockFile::default();
    let mut diags = Diagnostics::new();
    let mut failed = |provider: &Provider, problems, new: &mut LockFile| {
        diags.append(problems);
        if let Some(locked) = lock.providers.get(provider) {
            new.providers.insert(provider.clone(), locked.clone());
        }
    };
    let mut orders = Vec::new();
    for (provider, constraints) in wanted {
        match installer.choose(provider, constraints) {
            Ok(Choice::Ready(locked)) => drop(new.providers.insert(provider.clone(), locked)),
            Ok(Choice::Order(order)) => orders.push(order),
            Err(problems) => failed(provider, problems, &mut new),
        }
    }
    let downloads = downloads::all(
        &options.network,
        &orders,
        &installer.providers_dir,
        installer.report,
    );
    for (order, download) in orders.into_iter().zip(downloads) {
        let provider = order.provider;
        match installer.carry_out(order, download) {
            Ok(locked) => drop(new.providers.insert(provider.clone(), locked)),
            Err(problems) => failed(provider, problems, &mut new),
        }
    }
    installer.verified.save();
    diags.append(installer.warnings);
    (new, diags)
}

/// Writes the lock file if it changes; `true` = it did. With `-lockfile=readonly` a change is an
/// error instead.
pub fn save_lock_file(
    path: &Path,
    old: &LockFile,
    new: &LockFile,
    readonly: bool,
) -> Result<bool, Diagnostics> {
    if old == new {
        return Ok(false);
    }
    if readonly {
        // What is only less than before may stay: nothing that is needed is missing.
        return if new
            .providers
            .iter()
            .all(|(p, l)| old.providers.get(p).is_some_and(|o| covers(o, l)))
        {
            Ok(false)
        } else {
            Err(Diagnostic::error(
                "Provider dependency changes detected",
                "Changes to the required provider dependencies were detected, but the lock file is read-only. To use and record these requirements, run \"init\" without the \"-lockfile=readonly\" flag.",
            )
            .into())
        };
    }
    let write = || -> io::Result<()> {
        let dir = path.parent().filter(|dir| !dir.as_os_str().is_empty());
        let mut file = tempfile::NamedTempFile::new_in(dir.unwrap_or_else(|| Path::new(".")))?;
        file.write_all(new.write().as_bytes())?;
        file.as_file()
            .set_permissions(fs::Permissions::from_mode(0o644))?;
        file.persist(path)?;
        Ok(())
    };
    write().map(|()| true).map_err(|e| {
        Diagnostic::error(
            "Failed to update dependency lock file",
            format!(
                "Cannot write {}: {e}. Check that you may write there, then run again.",
                path.display()
            ),
        )
        .into()
    })
}

/// Whether everything that `new` says is in `old` too.
fn covers(old: &Locked, new: &Locked) -> bool {
    old.version == new.version
        && old.constraints == new.constraints
        && new.hashes.is_subset(&old.hashes)
}
