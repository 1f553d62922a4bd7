//! Installing packages of nothing much, and the same with Terraform.

use super::*;
use crate::package::platform;
use crate::sources::MethodKind;
use crate::{LOCK_FILE, NetworkOptions, find_providers, mirror};
use expect_test::{Expect, expect};
use std::os::unix::fs::MetadataExt;
use std::process::Command;
use zip::write::SimpleFileOptions;

/// A place with a mirror of `example.com/ns/x` (unpacked 1.0.0, 1.1.0) and `example.com/ns/z` (packed
/// 2.0.0, 2.1.0-beta).
struct Place {
    dir: tempfile::TempDir,
    lock: LockFile,
    options: InstallOptions,
}

impl Place {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let base = dir.path().join("mirror/example.com/ns");
        for version in ["1.0.0", "1.1.0"] {
            let package = base.join("x").join(version).join(platform());
            fs::create_dir_all(&package).unwrap();
            fs::write(
                package.join(format!("terraform-provider-x_v{version}")),
                version,
            )
            .unwrap();
        }
        fs::create_dir_all(base.join("z")).unwrap();
        for version in ["2.0.0", "2.1.0-beta"] {
            let path = base.join(format!(
                "z/terraform-provider-z_{version}_{}.zip",
                platform()
            ));
            let mut zip = zip::ZipWriter::new(fs::File::create(path).unwrap());
            zip.start_file(
                "terraform-provider-z",
                SimpleFileOptions::default().unix_permissions(0o755),
            )
            .unwrap();
            zip.write_all(version.as_bytes()).unwrap();
            zip.finish().unwrap();
        }
        let mirror = MethodKind::FilesystemMirror(dir.path().join("mirror"));
        let options = InstallOptions {
            methods: vec![Method::new(mirror)],
            ..InstallOptions::default()
        };
        Self {
            dir,
            lock: LockFile::default(),
            options,
        }
    }

    fn data_dir(&self) -> PathBuf {
        self.dir.path().join(".terraform")
    }

    /// Installs, keeps the lock file, and tells what happened.
    fn install(&mut self, wanted: &[(&str, &str)]) -> String {
        let required = required(wanted);
        let mut text = String::new();
        let (lock, diags) = install_providers(
            &required,
            &self.lock,
            &self.data_dir(),
            &self.options,
            &mut |event| {
                let line = match event {
                    Event::BuiltIn(p) => format!("{p} is built in"),
                    Event::Overridden(p, dir) => format!("{p} overridden by {}", dir.display()),
                    Event::Reusing(p) => format!("reusing {p}"),
                    Event::Finding(p, c) => format!("finding {p} {c}").trim_end().to_owned(),
                    Event::Using(p, v) => format!("using {p} {v}"),
                    Event::FromCache(p, v) => format!("cached {p} {v}"),
                    Event::Installing(p, v) => format!("installing {p} {v}"),
                    Event::Downloading(..) => return,
                    Event::Installed(p, v, trust) => format!("installed {p} {v} ({trust})"),
                    Event::Native(p, v, at) => format!("native {p} {v} {}", at.display()),
                };
                text += &(line + "\n");
            },
        );
        for d in &diags {
            text += &format!("{}: {}\n", d.summary, d.detail);
        }
        self.lock = lock;
        text.replace(&self.dir.path().display().to_string(), "DIR")
            .replace(&platform(), "PLATFORM")
    }

    fn find(&self, wanted: &[(&str, &str)]) -> String {
        let (found, diags) = find_providers(
            &required(wanted),
            &self.lock,
            &self.data_dir(),
            &self.options.dev_overrides,
        );
        let mut text = String::new();
        for (provider, installed) in found {
            let version = installed.version.map_or("none".into(), |v| v.to_string());
            text += &format!("{provider} {version} {}\n", installed.executable.display());
        }
        for d in &diags {
            text += &format!("{}: {}\n", d.summary, d.detail);
        }
        text.replace(&self.dir.path().display().to_string(), "DIR")
            .replace(&platform(), "PLATFORM")
    }
}

fn required(wanted: &[(&str, &str)]) -> BTreeMap<Provider, Vec<Arc<str>>> {
    let constraints = |text: &str| {
        if text.is_empty() {
            Vec::new()
        } else {
            vec![text.into()]
        }
    };
    wanted
        .iter()
        .map(|(p, c)| (Provider::parse(p).unwrap(), constraints(c)))
        .collect()
}

const X: &str = "example.com/ns/x";
const Z: &str = "example.com/ns/z";

fn check(actual: &str, expected: Expect) {
    expected.assert_eq(actual);
}

#[test]
fn the_newest_allowed_version_is_installed_and_kept() {
    let mut place = Place::new();
    check(
        &place.install(&[
            (X, "~> 1.0.0"),
            (Z, ""),
            ("terraform.io/builtin/terraform", ""),
        ]),
        expect![[r#"
            terraform.io/builtin/terraform is built in
            finding example.com/ns/x ~> 1.0.0
            installing example.com/ns/x 1.0.0
            finding example.com/ns/z
            installing example.com/ns/z 2.0.0
            installed example.com/ns/x 1.0.0 (unauthenticated)
            installed example.com/ns/z 2.0.0 (unauthenticated)
        "#]],
    );
    check(
        &place.install(&[(X, ">= 1.0"), (Z, "")]),
        expect![[r#"
        reusing example.com/ns/x
        using example.com/ns/x 1.0.0
        reusing example.com/ns/z
        using example.com/ns/z 2.0.0
    "#]],
    );
    check(
        &place.find(&[(X, ">= 1.0"), (Z, "")]),
        expect![[r#"
        example.com/ns/x 1.0.0 DIR/.terraform/providers/example.com/ns/x/1.0.0/PLATFORM/terraform-provider-x_v1.0.0
        example.com/ns/z 2.0.0 DIR/.terraform/providers/example.com/ns/z/2.0.0/PLATFORM/terraform-provider-z
    "#]],
    );
    place.options.upgrade = true;
    check(
        &place.install(&[(X, ">= 1.0"), (Z, "2.1.0-beta")]),
        expect![[r#"
            finding example.com/ns/x >= 1.0.0
            installing example.com/ns/x 1.1.0
            finding example.com/ns/z 2.1.0-beta
            installing example.com/ns/z 2.1.0-beta
            installed example.com/ns/x 1.1.0 (unauthenticated)
            installed example.com/ns/z 2.1.0-beta (unauthenticated)
        "#]],
    );
    check(
        &place.lock.write(),
        expect![[r##"
        # This file is maintained automatically by "terraform init".
        # Manual edits may be lost in future updates.

        provider "example.com/ns/x" {
          version     = "1.1.0"
          constraints = ">= 1.0.0"
          hashes = [
            "h1:cc5ikUASKb65l8TvU/ly/yjBgrQBwz9pYbtNWCtWtPE=",
          ]
        }

        provider "example.com/ns/z" {
          version     = "2.1.0-beta"
          constraints = "2.1.0-beta"
          hashes = [
            "h1:eXnsMhw9iM0hgQVtPFTtA1iqcy3jiPTbqPYFQ6K/kC0=",
          ]
        }
    "##]],
    );
}

#[test]
fn what_does_not_fit_is_refused() {
    let mut place = Place::new();
    check(
        &place.install(&[(X, "> 2.0"), (Z, "x"), ("hashicorp/none", "")]),
        expect![[r#"
            finding example.com/ns/x > 2.0.0
            finding registry.terraform.io/hashicorp/none
            Failed to query available provider packages: Could not retrieve the list of available versions for provider example.com/ns/x: no available releases match the given constraints > 2.0.0. There is: 1.0.0, 1.1.0. Change the constraints in required_providers, or add a package of a version that meets them.
            Invalid version constraint: Provider example.com/ns/z: The constraint "x" is not valid: a version is numbers with dots between them, after one of =, !=, >, >=, <, <=, ~> or nothing; several constraints are separated by commas.
            Failed to query available provider packages: Could not retrieve the list of available versions for provider hashicorp/none: no package of it was found. There is no package for PLATFORM in DIR/mirror. Check the source address in required_providers, or add the package there.
        "#]],
    );
    place.install(&[(X, "1.0.0")]);
    check(
        &place.install(&[(X, "> 1.0")]),
        expect![[r#"
        reusing example.com/ns/x
        Failed to query available provider packages: Could not retrieve the list of available versions for provider example.com/ns/x: locked provider example.com/ns/x 1.0.0 does not match configured version constraint > 1.0.0; must use "init -upgrade" to allow selection of new versions.
    "#]],
    );
    check(
        &place.find(&[(X, "> 1.0"), (Z, "")]),
        expect![[r#"
        Inconsistent dependency lock file: The following dependency selections recorded in the lock file are inconsistent with the current configuration:
          - provider example.com/ns/x: locked version selection 1.0.0 doesn't match the updated version constraints "> 1.0.0"
          - provider example.com/ns/z: required by this configuration but no version is selected

        To update the locked dependency selections to match a changed configuration, run "init -upgrade".
    "#]],
    );
    // Another package under the same version.
    let package = place
        .dir
        .path()
        .join("mirror/example.com/ns/x/1.0.0")
        .join(platform());
    fs::write(package.join("terraform-provider-x_v1.0.0"), "evil").unwrap();
    check(
        &place.find(&[(X, "")]),
        expect![[r#"
        Required plugins are not installed: The installed provider plugins are not consistent with the packages selected in the dependency lock file:
          - example.com/ns/x: the cached package for example.com/ns/x 1.0.0 (in DIR/.terraform/providers) does not match any of the checksums recorded in the dependency lock file

        Providers are separate programs. To install those that this configuration needs, run "init".
    "#]],
    );
    check(
        &place.install(&[(X, "")]),
        expect![[r#"
        reusing example.com/ns/x
        installing example.com/ns/x 1.0.0
        Failed to install provider: Error while installing example.com/ns/x v1.0.0: the local package doesn't match any of the checksums previously recorded in the dependency lock file (this might be because the available checksums are for packages targeting different platforms). It has h1:Y8UBxdeljeOY0M9+QO/ymd+aU77wyTeYrkR22yUTJTE=. If you trust this package, add that to the hashes of example.com/ns/x in .terraform.lock.hcl, or remove the provider's block there and run "init" again.
    "#]],
    );
    assert_eq!(place.lock.providers.len(), 1);
    fs::remove_dir_all(place.data_dir()).unwrap();
    check(
        &place.find(&[(X, "")]),
        expect![[r#"
        Required plugins are not installed: The installed provider plugins are not consistent with the packages selected in the dependency lock file:
          - example.com/ns/x: there is no package for example.com/ns/x 1.0.0 cached in DIR/.terraform/providers

        Providers are separate programs. To install those that this configuration needs, run "init".
    "#]],
    );
    place.options.methods = vec![Method::new(MethodKind::Direct)];
    let mut network = NetworkOptions::default();
    network
        .services
        .insert("example.com".into(), BTreeMap::new());
    place.options.network = Network::new(network);
    check(
        &place.install(&[(Z, "")]),
        expect![[r#"
            finding example.com/ns/z
            Failed to query available provider packages: Could not retrieve the list of available versions for provider example.com/ns/z: the host example.com given in provider source address "example.com/ns/z" does not offer a provider registry.
        "#]],
    );
}

#[test]
fn the_cache_serves_only_what_is_locked() {
    let mut place = Place::new();
    let cache = place.dir.path().join("cache");
    fs::create_dir(&cache).unwrap();
    place.options.cache_dir = Some(cache.clone());
    check(
        &place.install(&[(X, ""), (Z, "")]),
        expect![[r#"
            finding example.com/ns/x
            installing example.com/ns/x 1.1.0
            finding example.com/ns/z
            installing example.com/ns/z 2.0.0
            installed example.com/ns/x 1.1.0 (unauthenticated)
            installed example.com/ns/z 2.0.0 (unauthenticated)
        "#]],
    );
    let target = mirror::package_dir(
        &place.data_dir().join("providers"),
        &Provider::parse(Z).unwrap(),
        &Version::new(2, 0, 0),
        &platform(),
    );
    let cached = fs::read_link(&target).unwrap();
    assert!(cached.starts_with(&cache));
    let before = fs::metadata(cached.join("terraform-provider-z")).unwrap();
    fs::remove_dir_all(place.data_dir()).unwrap();
    check(
        &place.install(&[(Z, "")]),
        expect![[r#"
        reusing example.com/ns/z
        cached example.com/ns/z 2.0.0
    "#]],
    );
    fs::remove_dir_all(place.data_dir()).unwrap();
    place.lock = LockFile::default();
    check(
        &place.install(&[(Z, "")]),
        expect![[r#"
            finding example.com/ns/z
            installing example.com/ns/z 2.0.0
            installed example.com/ns/z 2.0.0 (unauthenticated)
        "#]],
    );
    fs::remove_dir_all(place.data_dir()).unwrap();
    place.lock = LockFile::default();
    // What was in the cache already is left as it is.
    let program = fs::metadata(cached.join("terraform-provider-z")).unwrap();
    assert_eq!(program.ino(), before.ino());
    place.options.cache_may_break_lock = true;
    check(
        &place.install(&[(Z, "")]),
        expect![[r#"
        finding example.com/ns/z
        cached example.com/ns/z 2.0.0
    "#]],
    );
}

#[test]
fn overridden_providers_need_no_package() {
    let mut place = Place::new();
    let dir = place.dir.path().join("dev");
    fs::create_dir(&dir).unwrap();
    fs::write(dir.join("terraform-provider-x"), "").unwrap();
    place
        .options
        .dev_overrides
        .insert(Provider::parse(X).unwrap(), dir);
    check(
        &place.install(&[(X, "> 9")]),
        expect![[r#"
        example.com/ns/x overridden by DIR/dev
    "#]],
    );
    check(
        &place.find(&[(X, "> 9")]),
        expect![[r#"
        example.com/ns/x none DIR/dev/terraform-provider-x
    "#]],
    );
}

#[test]
fn a_read_only_lock_file_does_not_change() {
    let mut place = Place::new();
    place.install(&[(X, ""), (Z, "")]);
    let path = place.dir.path().join(LOCK_FILE);
    let none = LockFile::default();
    assert!(save_lock_file(&path, &none, &place.lock, true).is_err());
    assert!(save_lock_file(&path, &none, &place.lock, false).unwrap());
    assert!(!save_lock_file(&path, &place.lock, &place.lock, true).unwrap());
    assert_eq!(
        fs::metadata(&path).unwrap().permissions().mode() & 0o777,
        0o644
    );
    let (read, diags) = LockFile::parse(LOCK_FILE, &fs::read_to_string(path).unwrap());
    assert_eq!((read, diags.len()), (place.lock, 0));
}

/// All that Terraform puts below `.terraform/providers`, with where links lead.
fn layout(dir: &Path) -> Vec<String> {
    let mut lines = Vec::new();
    for entry in walkdir::WalkDir::new(dir).sort_by_file_name() {
        let entry = entry.unwrap();
        let link =
            fs::read_link(entry.path()).map_or(String::new(), |to| format!(" -> {}", to.display()));
        lines.push(format!(
            "{}{link}",
            entry.path().strip_prefix(dir).unwrap().display()
        ));
    }
    lines
}

#[test]
fn terraform_installs_the_same() {
    let mut place = Place::new();
    let dir = place.dir.path().join("tf");
    fs::create_dir(&dir).unwrap();
    let aws = Path::new("/opt/tf-plugins/registry.terraform.io/hashicorp/aws/5.100.0/linux_amd64");
    let mut wanted = vec![(X, "~> 1.0, != 1.0.5"), (Z, "")];
    let mut main = format!(
        "terraform {{\n  required_providers {{\n    x = {{\n      source = \"{X}\"\n      version = \"~> 1.0, != 1.0.5\"\n    }}\n    z = {{\n      source = \"{Z}\"\n    }}\n"
    );
    if aws.is_dir() {
        wanted.push(("hashicorp/aws", ">= 5"));
        main += "    aws = {\n      source = \"hashicorp/aws\"\n      version = \">= 5\"\n    }\n";
        let link = place
            .dir
            .path()
            .join("mirror/registry.terraform.io/hashicorp/aws/5.100.0");
        fs::create_dir_all(&link).unwrap();
        std::os::unix::fs::symlink(aws, link.join("linux_amd64")).unwrap();
    } else {
        tracing::warn!("SKIP: no package of hashicorp/aws here");
    }
    main += "  }\n}\n";
    fs::write(dir.join("main.tf"), main).unwrap();
    let rc = dir.join("rc");
    fs::write(&rc, format!("provider_installation {{\n  filesystem_mirror {{\n    path = \"{}/mirror\"\n  }}\n}}\n", place.dir.path().display())).unwrap();
    let init = Command::new("terraform")
        .arg("init")
        .current_dir(&dir)
        .env("TF_CLI_CONFIG_FILE", &rc)
        .output();
    let Ok(init) = init else {
        tracing::warn!("SKIP: terraform is not installed");
        return;
    };
    assert!(
        init.status.success(),
        "{}",
        String::from_utf8_lossy(&init.stderr)
    );
    let told = place.install(&wanted);
    assert_eq!(
        place.lock.write(),
        fs::read_to_string(dir.join(LOCK_FILE)).unwrap(),
        "{told}"
    );
    assert_eq!(
        layout(&place.data_dir().join("providers")),
        layout(&dir.join(".terraform/providers"))
    );
    // What Terraform has installed is found, and the other way round.
    let (found, diags) = find_providers(
        &required(&wanted),
        &place.lock,
        &dir.join(".terraform"),
        &BTreeMap::new(),
    );
    assert_eq!((found.len(), diags.len()), (wanted.len(), 0));
}
