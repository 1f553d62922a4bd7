//! Provider packages in a directory: `HOST/NAMESPACE/TYPE/` with, below it, either
//! `VERSION/OS_ARCH/` or `terraform-provider-TYPE_VERSION_OS_ARCH.zip`.

use crate::package::Location;
use addrs::Provider;
use semver::Version;
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The directory of one version of a provider for one platform.
pub(crate) fn package_dir(
    base: &Path,
    provider: &Provider,
    version: &Version,
    platform: &str,
) -> PathBuf {
    provider_dir(base, provider)
        .join(version.to_string())
        .join(platform)
}

fn provider_dir(base: &Path, provider: &Provider) -> PathBuf {
    base.join(&*provider.host)
        .join(&*provider.namespace)
        .join(&*provider.kind)
}

/// The versions of a provider that a directory has for a platform, and where their packages are. An
/// unpacked package wins over a packed one.
pub(crate) fn packages(
    base: &Path,
    provider: &Provider,
    platform: &str,
) -> io::Result<BTreeMap<Version, Location>> {
    let mut found = BTreeMap::new();
    let dir = provider_dir(base, provider);
    for name in names(&dir)? {
        let path = dir.join(&name);
        if let Some(version) = archive_version(&name, provider, platform) {
            if path.is_file() {
                found.entry(version).or_insert(Location::Archive(path));
            }
        } else if let Ok(version) = Version::parse(&name) {
            let package = path.join(platform);
            if package.is_dir() {
                found.insert(version, Location::Directory(package));
            }
        }
    }
    Ok(found)
}

/// All providers that a directory has packages of, for any platform.
pub(crate) fn providers(base: &Path) -> Vec<Provider> {
    let mut found = Vec::new();
    let inside = |dir: &Path| names(dir).unwrap_or_default();
    for host in inside(base)
        .into_iter()
        .filter(|host| host.contains('.') || host.contains(':'))
    {
        for namespace in inside(&base.join(&host)) {
            for kind in inside(&base.join(&host).join(&namespace)) {
                if let Ok(provider) = Provider::parse(&format!("{host}/{namespace}/{kind}")) {
                    found.push(provider);
                }
            }
        }
    }
    found
}

/// The version of an archive for the platform, by its name.
fn archive_version(name: &str, provider: &Provider, platform: &str) -> Option<Version> {
    let name = name.to_ascii_lowercase();
    let rest = name.strip_prefix(&format!("terraform-provider-{}_", provider.kind))?;
    let version = rest.strip_suffix(&format!("_{platform}.zip"))?;
    Version::parse(version).ok()
}

/// The names in a directory, sorted; none if there is no such directory.
fn names(dir: &Path) -> io::Result<Vec<String>> {
    let entries = match fs::read_dir(dir) {
        Ok(entries) => entries,
        Err(e)
            if matches!(
                e.kind(),
                io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
            ) =>
        {
            return Ok(Vec::new());
        }
        Err(e) => return Err(e),
    };
    let mut names = Vec::new();
    for entry in entries {
        if let Ok(name) = entry?.file_name().into_string() {
            names.push(name);
        }
    }
    names.sort_unstable();
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_layouts_are_found() {
        let dir = tempfile::tempdir().unwrap();
        let base = dir.path();
        let provider = Provider::new("example.com", "ns", "x");
        let at = base.join("example.com/ns/x");
        for sub in [
            "1.0.0/linux_amd64",
            "1.1.0/darwin_arm64",
            "junk/linux_amd64",
            "1.2.0-beta1/linux_amd64",
        ] {
            fs::create_dir_all(at.join(sub)).unwrap();
        }
        for zip in [
            "terraform-provider-x_1.0.0_linux_amd64.zip",
            "Terraform-Provider-X_2.0.0_linux_amd64.zip",
            "terraform-provider-x_3.0.0_darwin_arm64.zip",
            "terraform-provider-y_4.0.0_linux_amd64.zip",
        ] {
            fs::write(at.join(zip), "").unwrap();
        }
        let found = packages(base, &provider, "linux_amd64").unwrap();
        let text: Vec<_> = found
            .iter()
            .map(|(v, l)| {
                format!(
                    "{v} {}",
                    if matches!(l, Location::Archive(_)) {
                        "packed"
                    } else {
                        "unpacked"
                    }
                )
            })
            .collect();
        assert_eq!(
            text,
            ["1.0.0 unpacked", "1.2.0-beta1 unpacked", "2.0.0 packed"]
        );
        assert_eq!(providers(base), [provider]);
        assert!(
            packages(base, &Provider::implied("x"), "linux_amd64")
                .unwrap()
                .is_empty()
        );
        assert!(providers(&base.join("none")).is_empty());
    }
}
