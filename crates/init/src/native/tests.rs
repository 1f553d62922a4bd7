//! Native providers that are scripts, with our `init` and Terraform's.

use crate::*;
use addrs::Provider;
use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

const X: &str = "registry.terraform.io/acme/x";

struct Place {
    dir: tempfile::TempDir,
    lock: LockFile,
}

impl Place {
    /// A place with a native provider acme/x 1.2.0, and the same in other versions in a mirror.
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let place = Self {
            dir,
            lock: LockFile::default(),
        };
        place.program("1.2.0", "");
        for version in ["1.1.0", "1.2.0"] {
            let package = place.path("mirror").join(X).join(version).join(platform());
            fs::create_dir_all(&package).unwrap();
            fs::write(package.join("terraform-provider-x_v1"), version).unwrap();
        }
        place
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn program(&self, version: &str, more: &str) {
        let about =
            format!("{{\"address\":\"{X}\",\"version\":\"{version}\",\"program_version\":\"7\"}}");
        fs::create_dir_all(self.path("bin")).unwrap();
        let new = self.path("bin/new");
        let script = format!("#!/bin/sh\n[ \"$1\" = --about ] && echo '{about}'\n{more}\n");
        fs::write(&new, script).unwrap();
        fs::set_permissions(&new, fs::Permissions::from_mode(0o755)).unwrap();
        fs::rename(new, self.path("bin/groma-provider-x")).unwrap();
    }

    fn native() -> Method {
        Method::new(MethodKind::Native(None))
    }

    fn mirror(&self) -> Method {
        Method::new(MethodKind::FilesystemMirror(self.path("mirror")))
    }

    fn install(&mut self, methods: Vec<Method>, upgrade: bool) -> String {
        let options = InstallOptions {
            methods,
            upgrade,
            native_dir: Some(self.path("bin")),
            ..InstallOptions::default()
        };
        let mut text = String::new();
        let (lock, diags) = install_providers(
            &required(),
            &self.lock,
            &self.path(".terraform"),
            &options,
            &mut |event| {
                text += &match event {
                    Event::Native(p, v, _) => format!("native {p} {v};"),
                    Event::Using(p, v) => format!("using {p} {v};"),
                    Event::Installed(p, v, _) => format!("installed {p} {v};"),
                    _ => String::new(),
                };
            },
        );
        self.lock = lock;
        text + &diags.iter().map(|d| d.detail.clone()).collect::<String>()
    }

    fn found(&self) -> Result<InstalledProvider, String> {
        let (mut found, diags) = find_providers(
            &required(),
            &self.lock,
            &self.path(".terraform"),
            &BTreeMap::new(),
        );
        let provider = Provider::parse(X).unwrap();
        found
            .remove(&provider)
            .ok_or_else(|| diags.iter().map(|d| d.detail.clone()).collect())
    }

    fn locked(&self) -> usize {
        self.lock.providers[&Provider::parse(X).unwrap()]
            .hashes
            .len()
    }
}

fn required() -> BTreeMap<Provider, Vec<Arc<str>>> {
    BTreeMap::from([(Provider::parse(X).unwrap(), vec!["~> 1.0".into()])])
}

#[test]
fn the_program_is_linked_and_its_hash_locked() {
    let mut place = Place::new();
    let native = place.path("bin/groma-provider-x");
    assert_eq!(
        place.install(vec![Place::native()], false),
        format!("native {X} 1.2.0;")
    );
    let found = place.found().unwrap();
    assert_eq!(found.source, Source::Native(native.clone()));
    assert!(found.executable.ends_with("terraform-provider-x_v1.2.0"));
    assert_eq!(
        place.install(vec![Place::native()], false),
        format!("using {X} 1.2.0;")
    );

    // A new build is another program: init takes it.
    place.program("1.2.0", "# new");
    let why = place.found().unwrap_err();
    assert!(why.contains("does not match any of the checksums"), "{why}");
    assert_eq!(
        place.install(vec![Place::native()], false),
        format!("native {X} 1.2.0;")
    );
    assert_eq!(place.locked(), 2);
    assert_eq!(place.found().unwrap().source, Source::Native(native));
}

#[test]
fn a_lock_of_the_other_package_is_joined_and_the_other_way_round() {
    let mut place = Place::new();
    let mirror = place.mirror();
    assert_eq!(
        place.install(vec![mirror.clone()], false),
        format!("installed {X} 1.2.0;")
    );
    assert!(matches!(place.found().unwrap().source, Source::Linked(_)));
    // What the first method has counts, although the other package is there and locked.
    assert_eq!(
        place.install(vec![Place::native(), mirror.clone()], false),
        format!("native {X} 1.2.0;")
    );
    assert_eq!(place.locked(), 2);
    assert_eq!(
        place.install(vec![mirror.clone(), Place::native()], false),
        format!("installed {X} 1.2.0;")
    );
    assert_eq!(place.locked(), 2);
}

#[test]
fn another_locked_version_stays_until_an_upgrade() {
    let mut place = Place::new();
    let only = Place::mirror(&place);
    fs::remove_dir_all(place.path("mirror").join(X).join("1.2.0")).unwrap();
    assert_eq!(
        place.install(vec![only], false),
        format!("installed {X} 1.1.0;")
    );
    let why = place.install(vec![Place::native()], false);
    assert!(why.is_empty() || why.contains("using"), "{why}");
    fs::remove_dir_all(place.path(".terraform")).unwrap();
    let why = place.install(vec![Place::native()], false);
    assert!(
        why.contains("the locked version 1.1.0 is not available; there is 1.2.0"),
        "{why}"
    );
    assert_eq!(
        place.install(vec![Place::native()], true),
        format!("native {X} 1.2.0;")
    );
}

#[test]
fn only_what_it_says_it_is() {
    let place = Place::new();
    let (found, problems) = native_providers(&place.path("bin"));
    assert_eq!((found.len(), problems.len()), (1, 0));
    assert_eq!(found[0].provider.to_string(), X);
    let other = Provider::new("example.com", "acme", "x");
    assert_eq!(super::native_provider(&place.path("bin"), &other), Ok(None));
    place.program("none", "");
    let (found, problems) = native_providers(&place.path("bin"));
    assert_eq!((found.len(), problems.len()), (0, 1));
    place.program("1.0.0", "exit 3");
    let problem = &native_providers(&place.path("bin")).1[0];
    assert!(problem.contains("does not say what it is"), "{problem}");
}

/// What our `init` locks is what Terraform finds in the mirror that we make.
#[test]
fn terraform_takes_the_mirror() {
    let mut place = Place::new();
    place.install(vec![Place::native()], false);
    let (found, _) = native_providers(&place.path("bin"));
    let packages = write_native_mirror(&place.path("made"), &found).unwrap();
    write_native_mirror(&place.path("made"), &found).unwrap();
    assert_eq!(packages.len(), 2);
    let only = |dir: &Path| fs::read_dir(dir).unwrap().count();
    assert_eq!(
        (only(&packages[0]), only(packages[0].parent().unwrap())),
        (1, 1)
    );
    let locked = &place.lock.providers[&Provider::parse(X).unwrap()].hashes;
    assert!(locked.contains(&hash_directory(&packages[0]).unwrap()));

    let dir = place.path("tf");
    fs::create_dir(&dir).unwrap();
    fs::write(
        dir.join("main.tf"),
        format!("terraform {{\n  required_providers {{\n    x = {{\n      source = \"{X}\"\n      version = \"~> 1.0\"\n    }}\n  }}\n}}\n"),
    )
    .unwrap();
    fs::write(dir.join(LOCK_FILE), place.lock.write()).unwrap();
    let rc = format!(
        "provider_installation {{\n  filesystem_mirror {{\n    path = {:?}\n  }}\n}}\n",
        place.path("made")
    );
    fs::write(dir.join("rc"), rc).unwrap();
    let init = Command::new("terraform")
        .args(["init", "-lockfile=readonly"])
        .current_dir(&dir)
        .env("TF_CLI_CONFIG_FILE", dir.join("rc"))
        .output();
    let Ok(init) = init else {
        tracing::warn!("SKIP: terraform is not installed");
        return;
    };
    let said = String::from_utf8_lossy(&init.stderr);
    assert!(init.status.success(), "{said}");
}
