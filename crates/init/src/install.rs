//! Installing providers: choosing versions, fetching packages, checking them against the lock file.

#[cfg(test)]
mod tests;

use crate::hash::{hash_archive, hash_archive_file, hash_directory, hash_program};
use crate::native::linked_program;
use crate::package::{self, Location, platform};
use crate::sources::{self, Method, MethodKind};
use crate::verified::VerifiedHashes;
use crate::{Constraints, LockFile, Locked, mirror};
use addrs::Provider;
use diags::{Diagnostic, Diagnostics};
use semver::Version;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

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
    /// The package has been installed.
    Installed(&'a Provider, &'a Version),
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
    let mut installer = Installer {
        lock,
        providers_dir: data_dir.join("providers"),
        options,
        verified: VerifiedHashes::load(data_dir),
        report,
    };
    let mut new = LockFile::default();
    let mut diags = Diagnostics::new();
    for (provider, constraints) in required {
        if provider.is_builtin() {
            (installer.report)(Event::BuiltIn(provider));
            continue;
        }
        if let Some(dir) = options.dev_overrides.get(provider) {
            (installer.report)(Event::Overridden(provider, dir));
            continue;
        }
        match installer.install(provider, constraints) {
            Ok(locked) => drop(new.providers.insert(provider.clone(), locked)),
            Err(problems) => {
                diags.append(problems);
                if let Some(locked) = lock.providers.get(provider) {
                    new.providers.insert(provider.clone(), locked.clone());
                }
            }
        }
    }
    installer.verified.save();
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

struct Installer<'a> {
    lock: &'a LockFile,
    providers_dir: PathBuf,
    options: &'a InstallOptions,
    verified: VerifiedHashes,
    report: &'a mut dyn FnMut(Event<'_>),
}

impl Installer<'_> {
    fn install(
        &mut self,
        provider: &Provider,
        constraints: &[Arc<str>],
    ) -> Result<Locked, Diagnostics> {
        let constraints = Constraints::parse_all(constraints).map_err(|why| {
            Diagnostic::error(
                "Invalid version constraint",
                format!("Provider {provider}: {why}"),
            )
        })?;
        let locked = self
            .lock
            .providers
            .get(provider)
            .filter(|_| !self.options.upgrade);
        let mut found = None;
        let version = match locked {
            Some(locked) => {
                (self.report)(Event::Reusing(provider));
                if !constraints.allow(&locked.version) {
                    return Err(query_error(
                        provider,
                        &format!(
                            "locked provider {provider} {} does not match configured version constraint {constraints}; must use \"init -upgrade\" to allow selection of new versions",
                            locked.version
                        ),
                    ));
                }
                locked.version.clone()
            }
            None => {
                (self.report)(Event::Finding(provider, &constraints));
                let available = self.available(provider)?;
                let newest = self.newest(provider, &constraints, &available)?;
                found = Some(available);
                newest
            }
        };
        // Hashes of another version say nothing about this one.
        let known = self
            .lock
            .providers
            .get(provider)
            .filter(|l| l.version == version);
        let mut hashes = known.map(|l| l.hashes.clone()).unwrap_or_default();
        hashes.insert(self.package(provider, &version, known, found)?);
        Ok(Locked {
            version,
            constraints,
            hashes,
        })
    }

    fn available(&self, provider: &Provider) -> Result<BTreeMap<Version, Location>, Diagnostics> {
        let native_dir = self.options.native_dir.as_deref();
        sources::available(&self.options.methods, native_dir, provider)
    }

    /// The native program that the methods give for a version, if that is what they give.
    fn native(&self, provider: &Provider, version: &Version) -> Option<(PathBuf, String)> {
        let native = |m: &Method| matches!(m.kind, MethodKind::Native(_)) && m.is_for(provider);
        if !self.options.methods.iter().any(native) {
            return None;
        }
        match self.available(provider).ok()?.remove(version)? {
            Location::Program(program, name) => Some((program, name)),
            _ => None,
        }
    }

    fn newest(
        &self,
        provider: &Provider,
        constraints: &Constraints,
        available: &BTreeMap<Version, Location>,
    ) -> Result<Version, Diagnostics> {
        if let Some(version) = constraints.newest(available.keys()) {
            return Ok(version.clone());
        }
        let versions: Vec<String> = available.keys().map(Version::to_string).collect();
        let remote = self.options.methods.iter().any(|m| {
            m.is_for(provider)
                && matches!(m.kind, MethodKind::NetworkMirror(_) | MethodKind::Direct)
        });
        let remote = if remote {
            " Registry downloads are not available yet."
        } else {
            ""
        };
        let wanted = if constraints.is_empty() {
            "a release".to_owned()
        } else {
            format!("the given constraints {constraints}")
        };
        Err(query_error(
            provider,
            &format!(
                "no available releases match {wanted}. There is: {}.{remote} Change the constraints in required_providers, or add a package of a version that meets them",
                versions.join(", ")
            ),
        ))
    }

    /// Sees to it that the package is installed, and is the locked one. Returns its hash.
    fn package(
        &mut self,
        provider: &Provider,
        version: &Version,
        locked: Option<&Locked>,
        available: Option<BTreeMap<Version, Location>>,
    ) -> Result<String, Diagnostics> {
        let fail = |e: io::Error| install_error(provider, version, &e.to_string());
        let target = mirror::package_dir(&self.providers_dir, provider, version, &platform());
        let native = self.native(provider, version);
        if target.is_dir()
            && linked_program(&target).as_ref() == native.as_ref().map(|(program, _)| program)
            && let Some(locked) = locked
            && let Ok((hash, _)) = self.verified.hash(&target)
            && locked.matches(&hash) == Some(true)
        {
            (self.report)(Event::Using(provider, version));
            return Ok(hash);
        }
        if let Some((program, name)) = native {
            (self.report)(Event::Native(provider, version, &program));
            package::install(&Location::Program(program, name), &target).map_err(fail)?;
            // It is as much to be trusted as we are: its hash joins those that are locked.
            return Ok(self.verified.hash(&target).map_err(fail)?.0);
        }
        let cached = self
            .options
            .cache_dir
            .as_ref()
            .map(|dir| mirror::package_dir(dir, provider, version, &platform()));
        let mut in_cache = None;
        if let Some(cached) = cached.as_ref().filter(|dir| dir.is_dir()) {
            let hash = hash_directory(cached).map_err(fail)?;
            let good = match locked.and_then(|l| l.matches(&hash)) {
                Some(good) => good,
                None => self.options.cache_may_break_lock,
            };
            if good {
                (self.report)(Event::FromCache(provider, version));
                package::install(&Location::Directory(cached.clone()), &target).map_err(fail)?;
                return Ok(hash);
            }
            in_cache = Some(hash);
        }
        let mut available = match available {
            Some(available) => available,
            None => self.available(provider)?,
        };
        let Some(location) = available.remove(version) else {
            let versions: Vec<String> = available.keys().map(Version::to_string).collect();
            return Err(query_error(
                provider,
                &format!(
                    "the locked version {version} is not available; there is {}. Add its package, or run \"init -upgrade\" to select another version",
                    versions.join(", ")
                ),
            ));
        };
        (self.report)(Event::Installing(provider, version));
        verify(provider, version, &location, locked)?;
        match cached {
            Some(cached) => {
                // Other configurations may be using what is in the cache: the same stays.
                let same =
                    in_cache.is_some() && in_cache == Some(hash_of(&location).map_err(fail)?);
                if !same {
                    package::install(&location, &cached).map_err(fail)?;
                }
                package::install(&Location::Directory(cached), &target).map_err(fail)?;
            }
            None => package::install(&location, &target).map_err(fail)?,
        }
        let (hash, _) = self.verified.hash(&target).map_err(fail)?;
        (self.report)(Event::Installed(provider, version));
        Ok(hash)
    }
}

/// Checks a package before it is installed: one of its hashes must be locked, if any is.
fn verify(
    provider: &Provider,
    version: &Version,
    location: &Location,
    locked: Option<&Locked>,
) -> Result<(), Diagnostics> {
    let Some(locked) = locked.filter(|l| !l.hashes.is_empty()) else {
        return Ok(());
    };
    let hashes = hash_of(location).and_then(|h1| match location {
        Location::Directory(_) | Location::Program(..) => Ok(vec![h1]),
        Location::Archive(path) => Ok(vec![h1, hash_archive_file(path)?]),
    });
    let hashes: BTreeSet<String> = hashes
        .map_err(|e| install_error(provider, version, &e.to_string()))?
        .into_iter()
        .collect();
    if !hashes.is_disjoint(&locked.hashes) {
        return Ok(());
    }
    let found: Vec<&str> = hashes.iter().map(String::as_str).collect();
    Err(install_error(
        provider,
        version,
        &format!(
            "the local package doesn't match any of the checksums previously recorded in the dependency lock file (this might be because the available checksums are for packages targeting different platforms). It has {}. If you trust this package, add that to the hashes of {provider} in .terraform.lock.hcl, or remove the provider's block there and run \"init\" again",
            found.join(" and ")
        ),
    ))
}

fn hash_of(location: &Location) -> io::Result<String> {
    match location {
        Location::Directory(dir) => hash_directory(dir),
        Location::Archive(path) => hash_archive(path),
        Location::Program(program, name) => hash_program(program, name),
    }
}

fn query_error(provider: &Provider, why: &str) -> Diagnostics {
    Diagnostic::error(
        "Failed to query available provider packages",
        format!(
            "Could not retrieve the list of available versions for provider {}: {why}.",
            provider.for_display()
        ),
    )
    .into()
}

fn install_error(provider: &Provider, version: &Version, why: &str) -> Diagnostics {
    Diagnostic::error(
        "Failed to install provider",
        format!(
            "Error while installing {} v{version}: {why}.",
            provider.for_display()
        ),
    )
    .into()
}
