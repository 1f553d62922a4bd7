//! Whether a package is one of those that are locked.

use super::installer::install_error;
use crate::Locked;
use crate::hash::{hash_archive, hash_archive_file, hash_directory, hash_program};
use crate::package::Location;
use addrs::Provider;
use diags::Diagnostics;
use semver::Version;
use std::collections::BTreeSet;
use std::io;

/// Checks a package before it is installed: one of its hashes must be locked, if any is.
pub(super) fn verify(
    provider: &Provider,
    version: &Version,
    location: &Location,
    downloaded: bool,
    locked: Option<&Locked>,
) -> Result<(), Diagnostics> {
    let Some(locked) = locked.filter(|l| !l.hashes.is_empty()) else {
        return Ok(());
    };
    let hashes = hash_of(location).and_then(|h1| match location {
        Location::Archive(path) => Ok(vec![h1, hash_archive_file(path)?]),
        _ => Ok(vec![h1]),
    });
    let hashes: BTreeSet<String> = hashes
        .map_err(|e| install_error(provider, version, &e.to_string()))?
        .into_iter()
        .collect();
    if !hashes.is_disjoint(&locked.hashes) {
        return Ok(());
    }
    let found: Vec<&str> = hashes.iter().map(String::as_str).collect();
    let (what, why) = if downloaded {
        ("current", "")
    } else {
        (
            "local",
            " (this might be because the available checksums are for packages targeting different platforms)",
        )
    };
    Err(install_error(
        provider,
        version,
        &format!(
            "the {what} package doesn't match any of the checksums previously recorded in the dependency lock file{why}. It has {}. If you trust this package, add that to the hashes of {provider} in .terraform.lock.hcl, or remove the provider's block there and run \"init\" again",
            found.join(" and ")
        ),
    ))
}

/// The `h1:` hash of a package that is on this machine.
pub(crate) fn hash_of(location: &Location) -> io::Result<String> {
    match location {
        Location::Directory(dir) => hash_directory(dir),
        Location::Archive(path) => hash_archive(path),
        Location::Program(program, name) => hash_program(program, name),
        Location::Registry | Location::Mirror(_) => {
            Err(io::Error::other("the package has not been downloaded"))
        }
    }
}
