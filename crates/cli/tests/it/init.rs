//! `groma init`

use crate::sandbox::Sandbox;
use expect_test::expect;

const MAIN: &str = r#"
terraform {
  required_providers {
    thing = {
      source  = "example.com/acme/thing"
      version = "~> 1.0"
    }
  }
}
module "a" {
  source = "./a"
}
"#;

fn package(version: &str) -> String {
    format!(
        "mirror/example.com/acme/thing/{version}/{}/terraform-provider-thing_v{version}",
        platform()
    )
}

fn platform() -> String {
    let arch = match std::env::consts::ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        other => other,
    };
    let os = match std::env::consts::OS {
        "macos" => "darwin",
        other => other,
    };
    format!("{os}_{arch}")
}

#[test]
fn an_empty_directory_is_fine() {
    expect![[r#"
        groma initialized in an empty directory!

        The directory has no configuration files. You may begin working
        with groma immediately by creating configuration files.
    "#]]
    .assert_eq(&Sandbox::new(&[]).run("init"));
}

#[test]
fn modules_and_providers_are_installed_and_locked() {
    let sandbox = Sandbox::new(&[
        ("main.tf", MAIN),
        ("a/main.tf", ""),
        (&package("1.0.0"), "one"),
        (&package("1.2.0"), "two"),
        (&package("2.0.0"), "three"),
    ]);
    let first = |text: String| text.split("\n\n").next().unwrap().to_owned() + "\n";
    expect![[r#"
        Initializing the backend...
        Initializing modules...
        - a in a
        Initializing provider plugins...
        - Finding example.com/acme/thing versions matching "~> 1.0"...
        - Installing example.com/acme/thing v1.2.0...
        - Installed example.com/acme/thing v1.2.0 (unauthenticated)
        groma has created a lock file .terraform.lock.hcl to record the provider
        selections it made above. Include this file in your version control repository
        so that groma can guarantee to make the same selections by default when
        you run "groma init" in the future.
    "#]]
    .assert_eq(&first(sandbox.run("init -plugin-dir=mirror")));
    let lock = sandbox.read(".terraform.lock.hcl");
    assert!(lock.contains("version     = \"1.2.0\""), "{lock}");
    expect![[r#"
        Initializing the backend...
        Initializing modules...
        Initializing provider plugins...
        - Reusing previous version of example.com/acme/thing from the dependency lock file
        - Using previously-installed example.com/acme/thing v1.2.0
    "#]]
    .assert_eq(&first(sandbox.run("init -plugin-dir=mirror")));
    assert!(
        sandbox
            .run("version")
            .ends_with("+ provider example.com/acme/thing v1.2.0\n")
    );

    sandbox.write("main.tf", &MAIN.replace("~> 1.0", "~> 2.0"));
    let text = sandbox.run("init -plugin-dir=mirror");
    assert!(
        text.contains("does not\nmatch configured version constraint ~> 2.0"),
        "{text}"
    );
    let text = sandbox.run("init -plugin-dir=mirror -upgrade");
    assert!(text.contains("Upgrading modules...\n- a in a\n"), "{text}");
    assert!(text.contains("v2.0.0"), "{text}");
    std::fs::remove_file(sandbox.path(".terraform.lock.hcl")).unwrap();
    let text = sandbox.run("init -plugin-dir=mirror -lockfile=readonly");
    assert!(
        text.contains("Provider dependency changes detected"),
        "{text}"
    );
    assert!(!sandbox.path(".terraform.lock.hcl").exists());
}

#[test]
fn what_is_not_valid_is_not_initialized() {
    let sandbox = Sandbox::new(&[("main.tf", "x {\n}\n")]);
    let text = sandbox.run("init");
    assert!(
        text.contains("groma encountered problems during initialisation"),
        "{text}"
    );
    assert!(text.contains("Unsupported block type"), "{text}");
}

#[test]
fn a_backend_is_set_up_once() {
    let block = |arguments: &str| {
        format!(
            "terraform {{\n  backend \"local\" {{{arguments}}}\n}}\noutput \"o\" {{\n  value = 1\n}}\n"
        )
    };
    let sandbox = Sandbox::new(&[("main.tf", &block(""))]);
    let text = sandbox.run("init -backend-config=path=x.tfstate");
    assert!(text.contains("configured the backend \"local\"!"), "{text}");
    // What Terraform 1.11.4 recorded for the same block.
    let record = sandbox.read(".terraform/terraform.tfstate");
    assert!(record.contains("\"hash\": 666019178"), "{record}");
    assert!(!sandbox.run("init").contains("configured the backend"));
    sandbox.run("apply -auto-approve");
    assert!(sandbox.path("x.tfstate").exists());

    sandbox.write("main.tf", &block(" path = \"y.tfstate\" "));
    let text = sandbox.run("plan");
    assert!(text.contains("Backend initialization required"), "{text}");
    let text = sandbox.run("init");
    assert!(text.contains("Backend configuration changed"), "{text}");
    sandbox.run("init -migrate-state -force-copy");
    assert_eq!(sandbox.read("x.tfstate"), sandbox.read("y.tfstate"));
    assert_eq!(sandbox.run("output o"), "1\n");
}
