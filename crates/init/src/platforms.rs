//! Packages for other platforms than this one: locking their hashes, and copying them into a mirror.

use crate::download::{Downloaded, announced, download};
use crate::hash::hash_archive;
use crate::install::{hash_of, newest, query_error};
use crate::package::Location;
use crate::signature::Trust;
use crate::sources::{self, Method};
use crate::{Constraints, LockFile, Locked, Network};
use addrs::Provider;
use diags::{Diagnostic, Diagnostics};
use semver::Version;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::Path;
use std::sync::Arc;

/// Where packages come from, and for which platforms they are.
#[derive(Clone, Debug, Default)]
pub struct PlatformOptions {
    /// Where packages come from, in order.
    pub methods: Vec<Method>,
    /// Where registries and mirrors are.
    pub network: Network,
    /// `linux_amd64` and such.
    pub platforms: Vec<String>,
}

/// What happens, to be told to people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PlatformEvent<'a> {
    /// A version was selected; the constraints that it was selected by, or `None` if it is locked.
    Selected(&'a Provider, &'a Version, Option<&'a Constraints>),
    /// The package for a platform is got.
    Fetching(&'a Provider, &'a Version, &'a str),
    /// It is there.
    Fetched(&'a Provider, &'a Version, &'a str, &'a Trust),
    /// The hashes of a platform are locked.
    Locked(&'a Provider, &'a str, News),
}

/// How much of what was found was locked before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum News {
    /// Nothing: the provider was not locked.
    NewProvider,
    /// Some.
    More,
    /// All.
    Nothing,
}

/// Finds the hashes of the packages for several platforms. Returns the lock file as it should be now.
pub fn lock_platforms(
    required: &BTreeMap<Provider, Vec<Arc<str>>>,
    lock: &LockFile,
    options: &PlatformOptions,
    report: &mut dyn FnMut(PlatformEvent<'_>),
) -> (LockFile, Diagnostics) {
    let mut new = lock.clone();
    let mut diags = Diagnostics::new();
    for (provider, constraints) in required.iter().filter(|(p, _)| !p.is_builtin()) {
        let selected = match select(provider, constraints, lock, options) {
            Ok(selected) => selected,
            Err(problems) => {
                diags.append(problems);
                continue;
            }
        };
        for platform in &options.platforms {
            let (version, constraints) = (&selected.version, &selected.constraints);
            report(PlatformEvent::Fetching(provider, version, platform));
            match hashes(provider, version, platform, options) {
                Ok((hashes, trust)) => {
                    report(PlatformEvent::Fetched(provider, version, platform, &trust));
                    let news = keep(&mut new, provider, version, constraints, hashes);
                    report(PlatformEvent::Locked(provider, platform, news));
                }
                Err(why) => diags.push(retrieval(provider, version, platform, &why)),
            }
        }
    }
    (new, diags)
}

/// Copies the packages for several platforms into a mirror, and writes the files that make it one for the
/// network too.
pub fn mirror_platforms(
    required: &BTreeMap<Provider, Vec<Arc<str>>>,
    lock: &LockFile,
    options: &PlatformOptions,
    dir: &Path,
    report: &mut dyn FnMut(PlatformEvent<'_>),
) -> Diagnostics {
    let mut diags = Diagnostics::new();
    for (provider, constraints) in required.iter().filter(|(p, _)| !p.is_builtin()) {
        let selected = match select(provider, constraints, lock, options) {
            Ok(selected) => selected,
            Err(problems) => {
                diags.append(problems);
                continue;
            }
        };
        let version = &selected.version;
        let reason = (!selected.locked).then_some(&selected.constraints);
        report(PlatformEvent::Selected(provider, version, reason));
        let place = dir
            .join(&*provider.host)
            .join(&*provider.namespace)
            .join(&*provider.kind);
        for platform in &options.platforms {
            report(PlatformEvent::Fetching(provider, version, platform));
            match copy(provider, version, platform, options, &place) {
                Ok(trust) => report(PlatformEvent::Fetched(provider, version, platform, &trust)),
                Err(why) => diags.push(retrieval(provider, version, platform, &why)),
            }
        }
        if let Err(e) = index(&place, &provider.kind) {
            diags.push(Diagnostic::error(
                "Failed to update indexes",
                format!("The indexes in {} cannot be written: {e}.", place.display()),
            ));
        }
    }
    diags
}

struct Selected {
    version: Version,
    constraints: Constraints,
    locked: bool,
}

fn select(
    provider: &Provider,
    constraints: &[Arc<str>],
    lock: &LockFile,
    options: &PlatformOptions,
) -> Result<Selected, Diagnostics> {
    let constraints = Constraints::parse_all(constraints)
        .map_err(|why| query_error(provider, why.trim_end_matches('.')))?;
    if let Some(locked) = lock.providers.get(provider) {
        if !constraints.allow(&locked.version) {
            let why = format!(
                "locked version {} does not match configured version constraint {constraints}; run \"init -upgrade\"",
                locked.version
            );
            return Err(query_error(provider, &why));
        }
        return Ok(Selected {
            version: locked.version.clone(),
            constraints,
            locked: true,
        });
    }
    let platform = options.platforms.first().map_or("", String::as_str);
    let offer = sources::available(&options.methods, None, &options.network, provider, platform)?;
    Ok(Selected {
        version: newest(provider, &constraints, &offer.versions)?,
        constraints,
        locked: false,
    })
}

fn locate(
    provider: &Provider,
    version: &Version,
    platform: &str,
    options: &PlatformOptions,
) -> Result<Location, String> {
    let (methods, network) = (&options.methods, &options.network);
    let offer = sources::available(methods, None, network, provider, platform);
    let mut offer = offer.map_err(|problems| {
        let details = problems.iter().map(|d| d.detail.trim_end_matches('.'));
        details.collect::<Vec<_>>().join("; ")
    })?;
    let found = offer.versions.remove(version);
    found.ok_or_else(|| format!("there is no package of {version} for {platform}"))
}

/// The hashes that may be locked because of the package for a platform.
fn hashes(
    provider: &Provider,
    version: &Version,
    platform: &str,
    options: &PlatformOptions,
) -> Result<(BTreeSet<String>, Trust), String> {
    let location = locate(provider, version, platform, options)?;
    if !location.is_remote() {
        let hash = hash_of(&location).map_err(|e| e.to_string())?;
        return Ok((BTreeSet::from([hash]), Trust::Unauthenticated));
    }
    let dir = tempfile::tempdir().map_err(|e| e.to_string())?;
    let got = fetch(provider, version, platform, options, &location, dir.path())?;
    let mut hashes = BTreeSet::from([hash_archive(&got.archive).map_err(|e| e.to_string())?]);
    if got.trust.is_signed() {
        hashes.extend(got.hashes);
    }
    Ok((hashes, got.trust))
}

fn fetch(
    provider: &Provider,
    version: &Version,
    platform: &str,
    options: &PlatformOptions,
    location: &Location,
    dir: &Path,
) -> Result<Downloaded, String> {
    let network = &options.network;
    let package = announced(network, provider, version, platform, location)?;
    download(network, package, dir, &|_, _| {})
}

/// Adds hashes to a lock file.
fn keep(
    lock: &mut LockFile,
    provider: &Provider,
    version: &Version,
    constraints: &Constraints,
    hashes: BTreeSet<String>,
) -> News {
    match lock.providers.get_mut(provider) {
        Some(locked) if hashes.is_subset(&locked.hashes) => News::Nothing,
        Some(locked) => {
            locked.hashes.extend(hashes);
            News::More
        }
        None => {
            let locked = Locked {
                version: version.clone(),
                constraints: constraints.clone(),
                hashes,
            };
            lock.providers.insert(provider.clone(), locked);
            News::NewProvider
        }
    }
}

fn copy(
    provider: &Provider,
    version: &Version,
    platform: &str,
    options: &PlatformOptions,
    place: &Path,
) -> Result<Trust, String> {
    let text = |e: io::Error| e.to_string();
    let location = locate(provider, version, platform, options)?;
    fs::create_dir_all(place).map_err(text)?;
    let name = format!(
        "terraform-provider-{}_{version}_{platform}.zip",
        provider.kind
    );
    match location {
        Location::Archive(path) => {
            fs::copy(path, place.join(name)).map_err(text)?;
            Ok(Trust::Unauthenticated)
        }
        location if location.is_remote() => {
            let got = fetch(provider, version, platform, options, &location, place)?;
            let trust = got.trust;
            let kept = got.archive.persist(place.join(name));
            kept.map_err(|e| e.to_string())?;
            Ok(trust)
        }
        _ => Err("its package is unpacked; a mirror needs the archive".into()),
    }
}

/// Writes `index.json` and a file for each version from what archives there are.
fn index(place: &Path, kind: &str) -> io::Result<()> {
    let mut versions: BTreeMap<String, Map<String, Value>> = BTreeMap::new();
    let entries = match fs::read_dir(place) {
        Ok(entries) => entries,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(e) => return Err(e),
    };
    let mut names: Vec<String> = entries
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .collect();
    names.sort();
    for name in names {
        let rest = name.strip_prefix(&format!("terraform-provider-{kind}_"));
        let Some((version, platform)) = rest
            .and_then(|rest| rest.strip_suffix(".zip"))
            .and_then(|rest| rest.split_once('_'))
        else {
            continue;
        };
        let hash = hash_archive(&place.join(&name))?;
        let archive = json!({"hashes": [hash], "url": name});
        let archives = versions.entry(version.to_owned()).or_default();
        archives.insert(platform.to_owned(), archive);
    }
    let mut all = Map::new();
    for (version, archives) in versions {
        write(
            place,
            &format!("{version}.json"),
            &json!({"archives": archives}),
        )?;
        all.insert(version, json!({}));
    }
    write(place, "index.json", &json!({"versions": all}))
}

fn write(place: &Path, name: &str, json: &Value) -> io::Result<()> {
    fs::write(place.join(name), serde_json::to_string_pretty(json)? + "\n")
}

fn retrieval(provider: &Provider, version: &Version, platform: &str, why: &str) -> Diagnostic {
    Diagnostic::error(
        "Could not retrieve providers for locking",
        format!(
            "The package of {} {version} for {platform} cannot be had: {why}.",
            provider.for_display()
        ),
    )
}
