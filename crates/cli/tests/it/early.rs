//! Values that are needed before anything is planned.

use crate::sandbox::Sandbox;
use expect_test::expect;

const MAIN: &str = r#"
variable "size" {
  type = string
}
locals {
  dir = "./${lower(var.size)}"
}
module "m" {
  source = local.dir
}
terraform {
  backend "local" {
    path = "${var.size}-${terraform.workspace}.tfstate"
  }
}
output "o" {
  value = module.m.o
}
"#;

fn sandbox() -> Sandbox {
    Sandbox::new(&[
        ("main.tf", MAIN),
        ("big/main.tf", "output \"o\" {\n  value = \"big\"\n}\n"),
        ("small/main.tf", "output \"o\" {\n  value = \"small\"\n}\n"),
    ])
}

#[test]
fn sources_and_backends_follow_variables() {
    let sandbox = sandbox();
    expect![[r#"

        Error: groma encountered problems during initialisation, including problems with the configuration, described below.

        The configuration must be valid before initialization so that it can be
        determined which modules and providers need to be installed.

        Error: No value for required variable

          on main.tf line 13, in terraform:
          13:     path = "${var.size}-${terraform.workspace}.tfstate"

        The variable "size" has neither a value nor a default, but its value is needed
        before anything is planned. Set it by -var or -var-file, in a file that is
        read by itself (terraform.tfvars), or by TF_VAR_size.
        exit code 1
    "#]].assert_eq(&sandbox.run("init"));
    sandbox.run("init -var size=Big");
    expect![[r#"

        Changes to Outputs:
          + o = "big"

        You can apply this plan to save these new output values to the groma state,
        without changing any real infrastructure.

        Apply complete! Resources: 0 added, 0 changed, 0 destroyed.

        Outputs:

        o = "big"
    "#]]
    .assert_eq(&sandbox.run("apply -auto-approve -var size=Big"));
    assert!(sandbox.path("Big-default.tfstate").is_file());
    assert_eq!(sandbox.run("output -var=size=Big -raw o"), "big");
    expect![[r#"

        Error: Module source has changed

          on main.tf line 9, in module "m":
           9:   source = local.dir

        ./big was installed, but ./small is called now: "groma init" installs it.
        exit code 1
    "#]]
    .assert_eq(&sandbox.run("plan -var size=small"));
    sandbox.run("plan -var size=Big -out p -destroy");
    expect![[r#"

        Destroy complete! Resources: 0 destroyed.
    "#]]
    .assert_eq(&sandbox.run("apply p"));
    expect![[r#"

        Error: No value for required variable

          on main.tf line 13, in terraform:
          13:     path = "${var.size}-${terraform.workspace}.tfstate"

        The variable "size" has neither a value nor a default, but its value is needed
        before anything is planned. Set it by -var or -var-file, in a file that is
        read by itself (terraform.tfvars), or by TF_VAR_size.
        exit code 1
    "#]]
    .assert_eq(&sandbox.run("validate"));
}

#[test]
fn another_source_must_be_installed_first() {
    let main = MAIN.replace(
        "    path = \"${var.size}-${terraform.workspace}.tfstate\"\n",
        "",
    );
    let sandbox = sandbox();
    sandbox.write("main.tf", &main);
    sandbox.write("terraform.tfvars", "size = \"big\"\n");
    sandbox.run("init");
    expect![[r#"

        Error: Module source has changed

          on main.tf line 9, in module "m":
           9:   source = local.dir

        ./big was installed, but ./small is called now: "groma init" installs it.
        exit code 1
    "#]]
    .assert_eq(&sandbox.run("plan -var size=small"));
    sandbox.run("get -var size=small");
    expect![[r#"

        Changes to Outputs:
          + o = "small"

        You can apply this plan to save these new output values to the groma state,
        without changing any real infrastructure.
    "#]]
    .assert_eq(&sandbox.run("plan -var size=small"));
}

#[test]
fn modules_under_test_may_have_such_sources() {
    let sandbox = Sandbox::new(&[
        ("main.tf", ""),
        (
            "under/main.tf",
            "variable \"size\" {}\nmodule \"m\" {\n  source = \"./${var.size}\"\n}\noutput \"o\" {\n  value = module.m.o\n}\n",
        ),
        ("under/small/main.tf", "output \"o\" {\n  value = 1\n}\n"),
        (
            "t.tftest.hcl",
            "run \"r\" {\n  command = plan\n  module {\n    source = \"./under\"\n  }\n  assert {\n    condition     = output.o == 1\n    error_message = \"no\"\n  }\n}\n",
        ),
    ]);
    sandbox.run("init -var size=small");
    expect![[r#"
        t.tftest.hcl... in progress
          run "r"... pass
        t.tftest.hcl... tearing down
        t.tftest.hcl... pass

        Success! 1 passed, 0 failed.
    "#]]
    .assert_eq(&sandbox.run("test -var size=small"));
}
