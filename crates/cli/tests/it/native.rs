//! Providers that come with groma.

use crate::sandbox::Sandbox;
use expect_test::expect;
use std::os::unix::fs::PermissionsExt;

const MAIN: &str = r#"
terraform {
  required_providers {
    thing = {
      source  = "acme/thing"
      version = "~> 1.0"
    }
  }
}
"#;

const ABOUT: &str = r#"#!/bin/sh
echo '{"address":"registry.terraform.io/acme/thing","version":"1.2.0","program_version":"0.1.0"}'
"#;

#[test]
fn a_native_provider_is_installed_and_told_of() {
    let sandbox = Sandbox::new(&[
        ("main.tf", MAIN),
        ("bin/groma-provider-thing", ABOUT),
        (".terraformrc", "provider_installation {\n  direct {}\n}\n"),
        (
            ".gromarc",
            "provider_installation {\n  native {\n    path    = \"bin\"\n    include = [\"acme/*\"]\n  }\n  direct {}\n}\n",
        ),
    ]);
    let program = sandbox.path("bin/groma-provider-thing");
    std::fs::set_permissions(program, PermissionsExt::from_mode(0o755)).unwrap();
    let run = |line: &str| {
        let dir = sandbox.path("").canonicalize().unwrap();
        let dir = dir.to_str().unwrap().trim_end_matches('/');
        sandbox.run(line).replace(dir, "DIR")
    };
    expect![[r#"

        Providers required by configuration:
        .
        └── provider[registry.terraform.io/acme/thing] ~> 1.0

        Programs that answer for them:

            provider[registry.terraform.io/acme/thing]
                none: it is not installed, or not the one that is locked. Run "groma init"

    "#]]
    .assert_eq(&run("providers"));
    expect![[r#"
        Initializing the backend...
        Initializing provider plugins...
        - Finding acme/thing versions matching "~> 1.0"...
        - Using native acme/thing v1.2.0 (DIR/bin/groma-provider-thing)
        groma has created a lock file .terraform.lock.hcl to record the provider
        selections it made above. Include this file in your version control repository
        so that groma can guarantee to make the same selections by default when
        you run "groma init" in the future.

        Warning: Incomplete lock file information for providers

        Due to your customized provider installation methods, groma was forced to
        calculate lock file checksums locally for the following providers:
          - acme/thing

        The current .terraform.lock.hcl file only includes checksums for linux_amd64,
        so runs on another platform will fail to install these providers.

        groma has been successfully initialized!

        You may now begin working with groma. Try running "groma plan" to see
        any changes that are required for your infrastructure. All groma commands
        should now work.

        If you ever set or change modules or backend configuration,
        rerun this command to reinitialize your working directory. If you forget, other
        commands will detect it and remind you to do so if necessary.
    "#]]
    .assert_eq(&run("init"));
    expect![[r#"

        Providers required by configuration:
        .
        └── provider[registry.terraform.io/acme/thing] ~> 1.0

        Programs that answer for them:

            provider[registry.terraform.io/acme/thing] 1.2.0
                native: DIR/bin/groma-provider-thing, protocol 6

    "#]]
    .assert_eq(&run("providers"));
    let lock = sandbox.read(".terraform.lock.hcl");
    assert!(lock.contains("registry.terraform.io/acme/thing") && lock.contains("h1:"));
    assert!(run("init").contains("Using previously-installed acme/thing v1.2.0"));
}
