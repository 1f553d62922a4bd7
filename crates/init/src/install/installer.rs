//! One provider after the other: which version, whether it is there, and putting it into its place.

use super::offers::Offers;
use super::verify::{hash_of, verify};
use super::{Event, InstallOptions, Order};
use crate::download::Downloaded;
use crate::hash::hash_directory;
use crate::native::linked_program;
use crate::package::{self, Location, platform};
use crate::signature::Trust;
use crate::sources::{Method, MethodKind};
use crate::verified::VerifiedHashes;
use crate::{Constraints, LockFile, Locked, mirror};
use addrs::Provider;
use diags::{Diagnostic, Diagnostics};
use semver::Version;
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

/// What is to be done for a provider.
pub(super) enum Choice<'a> {
    /// Nothing: its package is there.
    Ready(Locked),
    Order(Order<'a>),
}

pub(super) struct Installer<'a> {
    pub(super) lock: &'a LockFile,
    pub(super) providers_dir: PathBuf,
    pub(super) options: &'a InstallOptions,
    pub(super) offers: Offers,
    pub(super) verified: VerifiedHashes,
    pub(super) warnings: Diagnostics,
    pub(super) report: &'a mut dyn FnMut(Event<'_>),
}

impl<'a> Installer<'a> {
    /// Chooses the version of a provider, and sees whether its package is there.
    pub(super) fn choose(
        &mut self,
        provider: &'a Provider,
        constraints: &[Arc<str>],
    ) -> Result<Choice<'a>, Diagnostics> {
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
                let available = self.offers.of(provider, self.options)?;
                for warning in std::mem::take(&mut available.warnings) {
                    self.warnings.push(registry_warning(provider, &warning));
                }
                newest(provider, &constraints, &available.versions)?
            }
        };
        self.package(provider, version, constraints)
    }

    /// Sees whether the package is installed, and is the locked one.
    fn package(
        &mut self,
        provider: &'a Provider,
        version: Version,
        constraints: Constraints,
    ) -> Result<Choice<'a>, Diagnostics> {
        let fail = |e: io::Error| install_error(provider, &version, &e.to_string());
        let locked = self.locked(provider, &version);
        let ready = |hash: String, constraints: Constraints, version: &Version| {
            Ok(Choice::Ready(lock_of(
                locked,
                version.clone(),
                constraints,
                [hash],
            )))
        };
        let target = mirror::package_dir(&self.providers_dir, provider, &version, &platform());
        let native = self.native(provider, &version);
        if target.is_dir()
            && linked_program(&target).as_ref() == native.as_ref().map(|(program, _)| program)
            && let Some(locked) = locked
            && let Ok((hash, _)) = self.verified.hash(&target)
            && locked.matches(&hash) == Some(true)
        {
            (self.report)(Event::Using(provider, &version));
            return ready(hash, constraints, &version);
        }
        if let Some((program, name)) = native {
            (self.report)(Event::Native(provider, &version, &program));
            package::install(&Location::Program(program, name), &target).map_err(fail)?;
            // It is as much to be trusted as we are: its hash joins those that are locked.
            let hash = self.verified.hash(&target).map_err(fail)?.0;
            return ready(hash, constraints, &version);
        }
        let cached = self
            .options
            .cache_dir
            .as_ref()
            .map(|dir| mirror::package_dir(dir, provider, &version, &platform()));
        let mut in_cache = None;
        if let Some(cached) = cached.as_ref().filter(|dir| dir.is_dir()) {
            let hash = hash_directory(cached).map_err(fail)?;
            let good = match locked.and_then(|l| l.matches(&hash)) {
                Some(good) => good,
                None => self.options.cache_may_break_lock,
            };
            if good {
                (self.report)(Event::FromCache(provider, &version));
                package::install(&Location::Directory(cached.clone()), &target).map_err(fail)?;
                return ready(hash, constraints, &version);
            }
            in_cache = Some(hash);
        }
        let available = self.offers.of(provider, self.options)?;
        let Some(location) = available.versions.remove(&version) else {
            let versions: Vec<String> = available.versions.keys().map(Version::to_string).collect();
            return Err(query_error(
                provider,
                &format!(
                    "the locked version {version} is not available; there is {}. Add its package, or run \"init -upgrade\" to select another version",
                    versions.join(", ")
                ),
            ));
        };
        (self.report)(Event::Installing(provider, &version));
        Ok(Choice::Order(Order {
            provider,
            version,
            location,
            constraints,
            cached,
            in_cache,
        }))
    }

    /// Checks and unpacks a package, which has been downloaded if it had to be.
    pub(super) fn carry_out(
        &mut self,
        order: Order<'a>,
        download: Option<Result<Downloaded, String>>,
    ) -> Result<Locked, Diagnostics> {
        let Order {
            provider, version, ..
        } = &order;
        let fail = |e: io::Error| install_error(provider, version, &e.to_string());
        let downloaded = download
            .transpose()
            .map_err(|why| install_error(provider, version, &why))?;
        let mut hashes = BTreeSet::new();
        let (location, trust) = match &downloaded {
            Some(downloaded) => {
                if downloaded.trust.is_signed() {
                    hashes.extend(downloaded.hashes.iter().cloned());
                }
                let archive = Location::Archive(downloaded.archive.to_path_buf());
                (archive, downloaded.trust.clone())
            }
            None => (order.location.clone(), Trust::Unauthenticated),
        };
        let locked = self.locked(provider, version);
        verify(provider, version, &location, downloaded.is_some(), locked)?;
        let target = mirror::package_dir(&self.providers_dir, provider, version, &platform());
        match &order.cached {
            Some(cached) => {
                // Other configurations may be using what is in the cache: the same stays.
                let same = order.in_cache.is_some()
                    && order.in_cache == Some(hash_of(&location).map_err(fail)?);
                if !same {
                    package::install(&location, cached).map_err(fail)?;
                }
                package::install(&Location::Directory(cached.clone()), &target).map_err(fail)?;
            }
            None => package::install(&location, &target).map_err(fail)?,
        }
        hashes.insert(self.verified.hash(&target).map_err(fail)?.0);
        (self.report)(Event::Installed(provider, version, &trust));
        Ok(lock_of(locked, order.version, order.constraints, hashes))
    }

    /// What is locked of this version; hashes of another say nothing about it.
    fn locked(&self, provider: &Provider, version: &Version) -> Option<&'a Locked> {
        let locked = self.lock.providers.get(provider);
        locked.filter(|locked| locked.version == *version)
    }

    /// The native program that the methods give for a version, if that is what they give.
    fn native(&mut self, provider: &Provider, version: &Version) -> Option<(PathBuf, String)> {
        let native = |m: &Method| matches!(m.kind, MethodKind::Native(_)) && m.is_for(provider);
        if !self.options.methods.iter().any(native) {
            return None;
        }
        let available = self.offers.of(provider, self.options).ok()?;
        match available.versions.get(version)? {
            Location::Program(program, name) => Some((program.clone(), name.clone())),
            _ => None,
        }
    }
}

/// The lock of a provider: the hashes that were known, and these.
fn lock_of(
    known: Option<&Locked>,
    version: Version,
    constraints: Constraints,
    more: impl IntoIterator<Item = String>,
) -> Locked {
    let mut hashes = known.map(|l| l.hashes.clone()).unwrap_or_default();
    hashes.extend(more);
    Locked {
        version,
        constraints,
        hashes,
    }
}

/// The newest version that meets the constraints.
pub(crate) fn newest(
    provider: &Provider,
    constraints: &Constraints,
    available: &BTreeMap<Version, Location>,
) -> Result<Version, Diagnostics> {
    if let Some(version) = constraints.newest(available.keys()) {
        return Ok(version.clone());
    }
    let versions: Vec<String> = available.keys().map(Version::to_string).collect();
    let wanted = if constraints.is_empty() {
        "a release".to_owned()
    } else {
        format!("the given constraints {constraints}")
    };
    Err(query_error(
        provider,
        &format!(
            "no available releases match {wanted}. There is: {}. Change the constraints in required_providers, or add a package of a version that meets them",
            versions.join(", ")
        ),
    ))
}

/// What a registry wants the users of a provider to know.
fn registry_warning(provider: &Provider, text: &str) -> Diagnostic {
    Diagnostic::warning(
        "Additional provider information from registry",
        format!(
            "The remote registry returned warnings for {}:\n- {text}",
            provider.for_display()
        ),
    )
}

pub(crate) fn query_error(provider: &Provider, why: &str) -> Diagnostics {
    Diagnostic::error(
        "Failed to query available provider packages",
        format!(
            "Could not retrieve the list of available versions for provider {}: {why}.",
            provider.for_display()
        ),
    )
    .into()
}

pub(super) fn install_error(provider: &Provider, version: &Version, why: &str) -> Diagnostics {
    Diagnostic::error(
        "Failed to install provider",
        format!(
            "Error while installing {} v{version}: {why}.",
            provider.for_display()
        ),
    )
    .into()
}
