//! A directory that Terraform and OpenTofu can name in a `filesystem_mirror` block, with the providers
//! that come with the program.

use crate::mirror::package_dir;
use crate::native::NativeProvider;
use crate::package::platform;
use addrs::Provider;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// OpenTofu means another registry where Terraform means its own.
const HOSTS: [&str; 2] = [Provider::DEFAULT_HOST, "registry.opentofu.org"];

/// Puts providers into a mirror, in place of what was there of the same version. Returns the packages.
///
/// The programs are linked where that is possible, else copied: a mirror is whole on its own.
pub fn write_native_mirror(dir: &Path, providers: &[NativeProvider]) -> io::Result<Vec<PathBuf>> {
    let mut packages = Vec::new();
    for native in providers {
        let own = native.provider.host.to_string();
        let hosts = match &*own {
            Provider::DEFAULT_HOST => HOSTS.map(str::to_owned).to_vec(),
            _ => vec![own],
        };
        for host in hosts {
            let (namespace, kind) = (&*native.provider.namespace, &*native.provider.kind);
            let provider = Provider::new(&*host, namespace, kind);
            let package = package_dir(dir, &provider, &native.version, &platform());
            put(native, &package)?;
            packages.push(package);
        }
    }
    Ok(packages)
}

fn put(native: &NativeProvider, package: &Path) -> io::Result<()> {
    fs::create_dir_all(package)?;
    let program = native.program.canonicalize()?;
    let staging = tempfile::tempdir_in(package.parent().unwrap_or(package))?;
    let new = staging.path().join("program");
    fs::hard_link(&program, &new).or_else(|_| fs::copy(&program, &new).map(drop))?;
    fs::rename(new, package.join(native.name_in_package()))
}
