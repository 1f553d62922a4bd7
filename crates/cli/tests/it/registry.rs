//! `groma init` and a registry on loopback.

use crate::sandbox::Sandbox;
use expect_test::expect;
use std::process::Command;
use test_support::{Registry, Signer};

const MAIN: &str = r#"
terraform {
  required_providers {
    thing = {
      source  = "example.com/acme/thing"
      version = "~> 1.0"
    }
  }
}
"#;

fn platform() -> String {
    let arch = match std::env::consts::ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        other => other,
    };
    format!("linux_{arch}")
}

/// The first part of what `init` says, without what differs from run to run.
fn start(text: &str, registry: &Registry) -> String {
    let first = text.split("\n\n").next().unwrap_or_default();
    first.replace(&registry.url(), "URL") + "\n"
}

/// A text without its line breaks, which fall anywhere.
fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn sandbox(registry: &Registry, files: &[(&str, &str)]) -> Sandbox {
    let rc = registry.host_block("example.com");
    let mut all = vec![("rc", rc.as_str())];
    all.extend(files);
    Sandbox::new(&all).with_env("TF_CLI_CONFIG_FILE", "rc")
}

#[test]
fn providers_come_from_registries_and_are_locked_for_all_platforms() {
    let (registry, signer) = (Registry::start(), Signer::new());
    for version in ["1.0.0", "1.2.0", "2.0.0"] {
        registry.provider("acme/thing", version, &platform(), &signer);
    }
    let sandbox = sandbox(&registry, &[("main.tf", MAIN)]);
    let text = sandbox.run("init");
    let text = text.replace(&signer.id(), "KEY");
    expect![[r#"
        Initializing the backend...
        Initializing provider plugins...
        - Finding example.com/acme/thing versions matching "~> 1.0"...
        - Installing example.com/acme/thing v1.2.0...
        - Installed example.com/acme/thing v1.2.0 (self-signed, key ID KEY)
        Partner and community providers are signed by their developers.
        The key ID shown is that of the key that the registry names for the developer.
        groma has created a lock file .terraform.lock.hcl to record the provider
        selections it made above. Include this file in your version control repository
        so that groma can guarantee to make the same selections by default when
        you run "groma init" in the future.
    "#]]
    .assert_eq(&start(&text, &registry));
    let lock = sandbox.read(".terraform.lock.hcl");
    assert_eq!(lock.matches("\"h1:").count(), 1, "{lock}");
    assert_eq!(lock.matches("\"zh:").count(), 2, "{lock}");
    assert!(!text.contains("Incomplete lock file"), "{text}");

    // What is locked is got again without choosing, and nothing else is accepted.
    std::fs::remove_dir_all(sandbox.path(".terraform")).unwrap();
    registry.provider("acme/thing", "1.3.0", &platform(), &signer);
    let text = flat(&sandbox.run("init -lockfile=readonly"));
    assert!(
        text.contains("Installed example.com/acme/thing v1.2.0"),
        "{text}"
    );
    std::fs::remove_dir_all(sandbox.path(".terraform")).unwrap();
    sandbox.write(
        ".terraform.lock.hcl",
        &lock.replace("\"h1:", "\"h1:x").replace("\"zh:", "\"zh:0"),
    );
    let text = flat(&sandbox.run("init"));
    assert!(text.contains("any of the checksums previously"), "{text}");
    let text = flat(&sandbox.run("init -upgrade"));
    assert!(
        text.contains("Installed example.com/acme/thing v1.3.0"),
        "{text}"
    );
}

#[test]
fn what_is_not_as_announced_is_refused() {
    let (registry, signer) = (Registry::start(), Signer::new());
    registry.provider("acme/thing", "1.0.0", &platform(), &signer);
    let sandbox = sandbox(&registry, &[("main.tf", MAIN)]);
    let file = format!("/files/terraform-provider-thing_1.0.0_{}.zip", platform());
    registry.put(&file, "another package");
    let text = flat(&sandbox.run("init"));
    assert!(text.contains("archive has incorrect checksum"), "{text}");
    assert!(!sandbox.path(".terraform.lock.hcl").exists());

    // Somebody else's signature.
    registry.provider("acme/thing", "1.0.0", &platform(), &signer);
    let other = Registry::start();
    other.provider("acme/thing", "1.0.0", &platform(), &Signer::new());
    let sums = "/files/terraform-provider-thing_1.0.0_SHA256SUMS.sig";
    registry.put(sums, other.page(sums));
    let text = flat(&sandbox.run("init"));
    assert!(
        text.contains("not signed with a key that the registry names"),
        "{text}"
    );

    registry.provider("acme/thing", "1.0.0", "plan9_386", &signer);
    let text = flat(&sandbox.run("init"));
    assert!(!text.contains("successfully"), "{text}");
}

#[test]
fn what_fails_for_a_moment_is_asked_again() {
    let (registry, signer) = (Registry::start(), Signer::new());
    registry.provider("acme/thing", "1.0.0", &platform(), &signer);
    registry.fail("/v1/providers/acme/thing/versions", 1);
    let sandbox = sandbox(&registry, &[("main.tf", MAIN)]);
    let text = flat(&sandbox.run("init"));
    assert!(
        text.contains("Installed example.com/acme/thing v1.0.0"),
        "{text}"
    );
}

#[test]
fn tokens_are_sent_to_their_hosts() {
    let (registry, signer) = (Registry::start(), Signer::new());
    registry.provider("acme/thing", "1.0.0", &platform(), &signer);
    registry.require("secret");
    let sandbox = sandbox(&registry, &[("main.tf", MAIN)]);
    let text = flat(&sandbox.run("init"));
    assert!(text.contains("groma login example.com"), "{text}");
    let sandbox = sandbox.with_env("TF_TOKEN_example_com", "secret");
    let text = flat(&sandbox.run("init"));
    assert!(
        text.contains("Installed example.com/acme/thing v1.0.0"),
        "{text}"
    );
}

#[test]
fn network_mirrors_serve_packages() {
    let (registry, signer) = (Registry::start(), Signer::new());
    registry.provider("acme/thing", "1.0.0", &platform(), &signer);
    let file = format!("terraform-provider-thing_1.0.0_{}.zip", platform());
    let base = "/mirror/example.com/acme/thing";
    registry.put(
        &format!("{base}/index.json"),
        r#"{"versions":{"1.0.0":{}}}"#,
    );
    let archives = format!(
        r#"{{"archives":{{"{}":{{"url":"/files/{file}"}}}}}}"#,
        platform()
    );
    registry.put(&format!("{base}/1.0.0.json"), archives);
    let rc = format!(
        "provider_installation {{\n  network_mirror {{\n    url = \"{}/mirror/\"\n  }}\n}}\n",
        registry.url()
    );
    let sandbox =
        Sandbox::new(&[("main.tf", MAIN), ("rc", &rc)]).with_env("TF_CLI_CONFIG_FILE", "rc");
    let text = flat(&sandbox.run("init"));
    assert!(text.contains("v1.0.0 (unauthenticated)"), "{text}");
    assert!(text.contains("Incomplete lock file"), "{text}");
    let wrong = format!(
        r#"{{"archives":{{"{}":{{"url":"/files/{file}","hashes":["h1:x"]}}}}}}"#,
        platform()
    );
    registry.put(&format!("{base}/1.0.0.json"), wrong);
    std::fs::remove_dir_all(sandbox.path(".terraform")).unwrap();
    let text = flat(&sandbox.run("init"));
    assert!(text.contains("archive has incorrect checksum"), "{text}");
}

#[test]
fn another_host_may_be_the_default_registry() {
    let (registry, signer) = (Registry::start(), Signer::new());
    registry.provider("hashicorp/thing", "1.0.0", &platform(), &signer);
    let sandbox = sandbox(&registry, &[("main.tf", "provider \"thing\" {}\n")]);
    let sandbox = sandbox.with_env("GROMA_DEFAULT_REGISTRY", "example.com");
    let text = flat(&sandbox.run("init"));
    assert!(text.contains("Installed hashicorp/thing v1.0.0"), "{text}");
    let lock = sandbox.read(".terraform.lock.hcl");
    assert!(
        lock.contains("provider \"registry.terraform.io/hashicorp/thing\""),
        "{lock}"
    );
}

#[test]
fn modules_come_from_registries() {
    let registry = Registry::start();
    for version in ["1.0.0", "1.1.0", "2.0.0"] {
        let inner = "module \"inner\" {\n  source = \"./modules/inner\"\n}\n";
        let files = [("main.tf", inner), ("modules/inner/main.tf", "")];
        registry.module("acme/net/any", version, &files);
    }
    let main = "module \"net\" {\n  source  = \"example.com/acme/net/any\"\n  version = \"~> 1.0\"\n}\n\
                module \"inner\" {\n  source  = \"example.com/acme/net/any//modules/inner\"\n  version = \"1.0.0\"\n}\n";
    let sandbox = sandbox(&registry, &[("main.tf", main)]);
    expect![[r#"
        Initializing the backend...
        Initializing modules...
        Downloading example.com/acme/net/any 1.0.0 for inner...
        - inner in .terraform/modules/inner/modules/inner
        Downloading example.com/acme/net/any 1.1.0 for net...
        - net in .terraform/modules/net
        - net.inner in .terraform/modules/net/modules/inner
        Initializing provider plugins...
    "#]]
    .assert_eq(&start(&sandbox.run("init"), &registry));
    expect![[r#"
        Initializing the backend...
        Initializing modules...
        Initializing provider plugins...
    "#]]
    .assert_eq(&start(&sandbox.run("init"), &registry));
    expect![[r#"{"Modules":[{"Key":"","Source":"","Dir":"."},{"Key":"inner","Source":"example.com/acme/net/any//modules/inner","Version":"1.0.0","Dir":".terraform/modules/inner/modules/inner"},{"Key":"net","Source":"example.com/acme/net/any","Version":"1.1.0","Dir":".terraform/modules/net"},{"Key":"net.inner","Source":"./modules/inner","Dir":".terraform/modules/net/modules/inner"}]}"#]]
    .assert_eq(&sandbox.read(".terraform/modules/modules.json"));
    assert!(
        sandbox
            .run("validate")
            .contains("The configuration is valid")
    );

    sandbox.run("plan -out=plan");
    let text = sandbox.run("show -json plan");
    assert!(text.starts_with("{\"format_version\""), "{text}");
    expect![[r#"

        Modules declared by configuration:
        .
        ├── "inner"[example.com/acme/net/any//modules/inner] 1.0.0
        └── "net"[example.com/acme/net/any] 1.1.0
            └── "inner"[./modules/inner]

    "#]]
    .assert_eq(&sandbox.run("modules"));
    expect![[r#"
        {"format_version":"1.0","modules":[{"key":"inner","source":"example.com/acme/net/any//modules/inner","version":"1.0.0"},{"key":"net","source":"example.com/acme/net/any","version":"1.1.0"},{"key":"net.inner","source":"./modules/inner","version":""}]}
    "#]]
    .assert_eq(&sandbox.run("modules -json"));

    registry.module("acme/net/any", "1.2.0", &[("main.tf", "")]);
    let text = flat(&sandbox.run("get -update"));
    assert!(
        text.contains("Downloading example.com/acme/net/any 1.2.0 for net..."),
        "{text}"
    );
    sandbox.write("main.tf", &main.replace("~> 1.0", "~> 3.0"));
    let text = flat(&sandbox.run("init"));
    assert!(
        text.contains("Unresolvable module version constraint"),
        "{text}"
    );
}

fn git(dir: &std::path::Path, words: &[&str]) {
    let status = Command::new("git")
        .args(["-c", "user.email=a@example.com", "-c", "user.name=a"])
        .args(words)
        .current_dir(dir)
        .status();
    assert!(status.is_ok_and(|s| s.success()), "git {words:?}");
}

#[test]
fn modules_come_from_git_repositories() {
    if Command::new("git").arg("version").output().is_err() {
        return eprintln!("SKIP: no git on PATH");
    }
    let registry = Registry::start();
    let sandbox = sandbox(
        &registry,
        &[
            ("repo/main.tf", ""),
            ("repo/sub/main.tf", "output \"v\" {\n  value = 1\n}\n"),
        ],
    );
    let repo = sandbox.path("repo");
    git(&repo, &["init", "-q", "-b", "main", "."]);
    git(&repo, &["add", "."]);
    git(&repo, &["commit", "-qm", "1"]);
    git(&repo, &["tag", "v1"]);
    sandbox.write("repo/sub/main.tf", "output \"v\" {\n  value = 2\n}\n");
    git(&repo, &["commit", "-qam", "2"]);
    let repo = repo.display().to_string();
    registry.module_at(
        "acme/git/any",
        "1.0.0",
        &format!("git::file://{repo}?ref=v1"),
    );
    let main = format!(
        "module \"a\" {{\n  source = \"git::file://{repo}//sub?ref=v1\"\n}}\n\
         module \"b\" {{\n  source = \"git::file://{repo}//sub?depth=1\"\n}}\n\
         module \"c\" {{\n  source = \"example.com/acme/git/any//sub\"\n}}\n\
         output \"all\" {{\n  value = [module.a.v, module.b.v, module.c.v]\n}}\n"
    );
    sandbox.write("main.tf", &main);
    let text = sandbox.run("init");
    assert!(text.contains("- b in .terraform/modules/b/sub\n"), "{text}");
    sandbox.run("apply -auto-approve");
    assert_eq!(sandbox.run("output -json all"), "[\n  1,\n  2,\n  1\n]\n");
    sandbox.write("main.tf", &main.replace("?ref=v1\"", "?ref=none\""));
    let text = flat(&sandbox.run("init"));
    assert!(text.contains("Failed to download module"), "{text}");
}

#[test]
fn packages_for_other_platforms_are_locked_and_mirrored() {
    let (registry, signer) = (Registry::start(), Signer::new());
    registry.provider("acme/thing", "1.0.0", &platform(), &signer);
    let sandbox = sandbox(&registry, &[("main.tf", MAIN)]);
    let text = sandbox.run("providers lock -platform=plan9_mips -platform=plan9_mips");
    let text = text.replace(&signer.id(), "KEY");
    expect![[r#"
        - Fetching example.com/acme/thing 1.0.0 for plan9_mips...
        - Retrieved example.com/acme/thing 1.0.0 for plan9_mips (self-signed, key ID KEY)
        - Obtained example.com/acme/thing checksums for plan9_mips; This was a new provider and the checksums for this platform are now tracked in the lock file
        - Fetching example.com/acme/thing 1.0.0 for plan9_mips...
        - Retrieved example.com/acme/thing 1.0.0 for plan9_mips (self-signed, key ID KEY)
        - Obtained example.com/acme/thing checksums for plan9_mips; All checksums for this platform were already tracked in the lock file

        Success! groma has updated the lock file.

        Review the changes in .terraform.lock.hcl and then commit to your
        version control system to retain the new checksums.

    "#]]
    .assert_eq(&text);
    assert!(sandbox.run("init").contains("v1.0.0 (self-signed"));

    std::fs::create_dir(sandbox.path("mirror")).unwrap();
    let text = sandbox.run("providers mirror mirror");
    assert!(
        text.contains("Selected v1.0.0 to match dependency lock file"),
        "{text}"
    );
    let index = sandbox.read("mirror/example.com/acme/thing/1.0.0.json");
    assert!(index.contains("h1:"), "{index}");
    std::fs::remove_dir_all(sandbox.path(".terraform")).unwrap();
    let text = sandbox.run("init -plugin-dir=mirror");
    assert!(text.contains("v1.0.0 (unauthenticated)"), "{text}");
    std::fs::remove_file(sandbox.path(".terraform.lock.hcl")).unwrap();
    let text = sandbox.run("providers lock -fs-mirror=mirror");
    assert!(text.contains("has updated the lock file"), "{text}");
    assert!(flat(&sandbox.run("providers lock -platform=x")).contains("Invalid target platform"));
}

#[test]
fn tokens_are_kept_and_forgotten() {
    let sandbox = Sandbox::new(&[]);
    sandbox.feed("login Example.com", "secret\n");
    let file = ".terraform.d/credentials.tfrc.json";
    assert!(sandbox.read(file).contains("\"example.com\""));
    let mode = std::os::unix::fs::PermissionsExt::mode(
        &std::fs::metadata(sandbox.path(file)).unwrap().permissions(),
    );
    assert_eq!(mode & 0o777, 0o600);
    assert!(sandbox.run("logout example.com").contains("removed"));
    assert!(!sandbox.read(file).contains("secret"));
    assert!(sandbox.run("logout example.com").contains("No credentials"));
    assert!(
        sandbox
            .feed("login example.com", "\n")
            .contains("exit code 1")
    );
}

#[test]
fn a_module_is_copied_into_an_empty_directory() {
    let registry = Registry::start();
    registry.module(
        "acme/net/any",
        "1.0.0",
        &[("main.tf", "output \"x\" {\n  value = 1\n}\n")],
    );
    let rc = registry.host_block("example.com");
    let sandbox = Sandbox::new(&[("rc", &rc), ("empty/keep", "")]);
    std::fs::remove_file(sandbox.path("empty/keep")).unwrap();
    let rc = sandbox.path("rc").display().to_string();
    let sandbox = sandbox.with_env("TF_CLI_CONFIG_FILE", &rc);
    let text = sandbox.run("-chdir=empty init -from-module=example.com/acme/net/any");
    assert!(
        text.contains("Copying configuration from") && text.contains("successfully"),
        "{text}"
    );
    assert!(sandbox.read("empty/main.tf").contains("output"));
    let text = flat(&sandbox.run("-chdir=empty init -from-module=example.com/acme/net/any"));
    assert!(text.contains("already contains files"), "{text}");
}

/// With the `terraform` that is on this machine, if there is one.
#[test]
fn terraform_makes_the_same_files() {
    let found = Command::new("terraform").arg("version").output();
    if found.is_err() {
        return eprintln!("SKIP: no terraform on PATH");
    }
    let (registry, signer) = (Registry::start(), Signer::new());
    registry.provider("acme/thing", "1.2.0", &platform(), &signer);
    let inner = "module \"inner\" {\n  source = \"./modules/inner/\"\n}\n";
    let files = [("main.tf", inner), ("modules/inner/main.tf", "")];
    registry.module("acme/net/any", "1.0.0", &files);
    let main = format!(
        "{MAIN}module \"net\" {{\n  source  = \"example.com/acme/net/any\"\n  version = \"~> 1.0\"\n}}\n"
    );
    let ours = sandbox(&registry, &[("main.tf", &main)]);
    let theirs = sandbox(&registry, &[("main.tf", &main)]);
    let text = ours.run("init");
    assert!(text.contains("successfully"), "{text}");
    let output = Command::new("terraform")
        .args(["init", "-no-color"])
        .current_dir(theirs.path("."))
        .env("HOME", theirs.path("."))
        .env("TF_CLI_CONFIG_FILE", "rc")
        .env("CHECKPOINT_DISABLE", "1")
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    let line = format!("v1.2.0 (self-signed, key ID {})", signer.id());
    assert!(
        text.contains(&line),
        "{text}{}",
        String::from_utf8_lossy(&output.stderr)
    );
    for file in [".terraform.lock.hcl", ".terraform/modules/modules.json"] {
        assert_eq!(ours.read(file), theirs.read(file), "{file}");
    }
    // Each program works with what the other installed.
    assert!(
        theirs
            .run("init -lockfile=readonly")
            .contains("successfully")
    );
}
