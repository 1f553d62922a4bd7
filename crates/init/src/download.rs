//! Getting packages from registries and mirrors, and checking that they are what was announced.

use crate::hash::{hash_archive, hash_archive_file};
use crate::http::Progress;
use crate::network::Network;
use crate::network_mirror;
use crate::package::Location;
use crate::registry::Registry;
use crate::signature::{self, Trust};
use addrs::Provider;
use semver::Version;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use tempfile::{NamedTempFile, TempPath};
use url::Url;

/// The newest and the oldest major version of the plugin protocol that providers may speak.
const PROTOCOLS: [&str; 2] = ["5", "6"];

/// A package that has been downloaded and checked.
#[derive(Debug)]
pub(crate) struct Downloaded {
    pub(crate) archive: TempPath,
    /// What else may be locked: the checksums of the packages for all platforms.
    pub(crate) hashes: BTreeSet<String>,
    pub(crate) trust: Trust,
}

/// What the source of a package says about it.
pub(crate) struct Announced {
    pub(crate) url: Url,
    /// One of these it must have, if there are any.
    hashes: BTreeSet<String>,
    /// Those of the packages for all platforms, if they are signed.
    all: BTreeSet<String>,
    trust: Trust,
}

/// Asks the source of a package about it. Errors are sentences without a full stop.
pub(crate) fn announced(
    network: &Network,
    provider: &Provider,
    version: &Version,
    platform: &str,
    location: &Location,
) -> Result<Announced, String> {
    match location {
        Location::Registry => from_registry(network, provider, version, platform),
        Location::Mirror(base) => from_mirror(network, provider, version, platform, base),
        _ => Err("it is not at a server".into()),
    }
}

/// Downloads a package into `dir` and checks it.
pub(crate) fn download(
    network: &Network,
    announced: Announced,
    dir: &Path,
    progress: Progress<'_>,
) -> Result<Downloaded, String> {
    let text = |e: std::io::Error| e.to_string();
    fs::create_dir_all(dir).map_err(text)?;
    let mut file = NamedTempFile::new_in(dir).map_err(text)?;
    let token = network.token_for(&announced.url);
    let http = network.http();
    http.download(&announced.url, token.as_ref(), file.as_file_mut(), progress)?;
    let archive = file.into_temp_path();
    if !announced.hashes.is_empty() {
        let zh = hash_archive_file(&archive).map_err(text)?;
        let fits = announced.hashes.contains(&zh)
            || announced.hashes.iter().any(|h| h.starts_with("h1:"))
                && announced
                    .hashes
                    .contains(&hash_archive(&archive).map_err(text)?);
        if !fits {
            let wanted: Vec<&str> = announced.hashes.iter().map(String::as_str).collect();
            return Err(format!(
                "archive has incorrect checksum {zh} (expected {}): it was damaged on the way or is not what was published",
                wanted.join(" or ")
            ));
        }
    }
    Ok(Downloaded {
        archive,
        hashes: announced.all,
        trust: announced.trust,
    })
}

fn from_registry(
    network: &Network,
    provider: &Provider,
    version: &Version,
    platform: &str,
) -> Result<Announced, String> {
    let registry = Registry::of(network, provider)?;
    let package = registry.package(version, platform)?.ok_or_else(|| {
        format!(
            "provider {} {version} does not have a package available for your current platform, {platform}. Provider releases are separate \
             from releases of groma itself, so not all providers are available for all platforms; other versions of this provider may \
             have different platforms supported",
            provider.for_display()
        )
    })?;
    let speaks = |p: &String| PROTOCOLS.contains(&p.split('.').next().unwrap_or_default());
    if !package.protocols.is_empty() && !package.protocols.iter().any(speaks) {
        return Err(format!(
            "it speaks plugin protocol {}, and groma protocols 5 and 6: select another version with a constraint",
            package.protocols.join(", ")
        ));
    }
    let sums = registry.sums(version, platform, &package)?;
    let lines = String::from_utf8_lossy(&sums.document).into_owned();
    let (mut all, mut listed) = (BTreeSet::new(), None);
    for line in lines.lines() {
        if let Some((sum, name)) = line.split_once("  ") {
            // Manifests are listed beside the packages.
            if name.ends_with(".zip") {
                all.insert(format!("zh:{sum}"));
            }
            if name == package.filename {
                listed = Some(sum.to_owned());
            }
        }
    }
    match listed {
        Some(sum) if sum.eq_ignore_ascii_case(&package.shasum) => {}
        Some(sum) => {
            return Err(format!(
                "checksum list has {sum} for {}, but the registry says {}",
                package.filename, package.shasum
            ));
        }
        None => {
            return Err(format!(
                "checksum list has no SHA-256 hash for {:?}",
                package.filename
            ));
        }
    }
    let trust = signature::verify(&sums.document, &sums.signature, &sums.keys)?;
    Ok(Announced {
        url: registry.url_of(version, platform, &package)?,
        hashes: BTreeSet::from([format!("zh:{}", package.shasum.to_lowercase())]),
        all,
        trust,
    })
}

fn from_mirror(
    network: &Network,
    provider: &Provider,
    version: &Version,
    platform: &str,
    base: &str,
) -> Result<Announced, String> {
    let found = network_mirror::archive(network, base, provider, version, platform)?;
    let (url, archive) =
        found.ok_or_else(|| format!("the mirror {base} has no package of it for {platform}"))?;
    let trust = if archive.hashes.is_empty() {
        Trust::Unauthenticated
    } else {
        Trust::Checksum
    };
    Ok(Announced {
        url,
        hashes: archive.hashes.into_iter().collect(),
        all: BTreeSet::new(),
        trust,
    })
}
