use super::*;
use crate::{Loader, MemoryFiles};
use expect_test::{Expect, expect};
use std::path::Path;

/// The sources that modules are called by, what is wrong, and the backend's path.
fn check(files: &[(&str, &str)], given: &[(&str, Value)], expected: Expect) {
    let files = MemoryFiles(
        files
            .iter()
            .map(|(path, text)| (path.into(), text.as_bytes().to_vec()))
            .collect(),
    );
    let given: Given = given
        .iter()
        .map(|(name, value)| ((*name).into(), value.clone()))
        .collect();
    let mut loader = Loader::new(&files, Path::new(".terraform"));
    loader.early = Rc::new(Early::new(
        move |_| (given.clone(), Diagnostics::new()),
        Rc::new(NoFunctions),
    ));
    let (config, diags) = loader.load(Path::new("."));
    let mut text = String::new();
    for module in config.walk() {
        for call in module.module.calls.values() {
            let version = call.version.as_ref().map_or("", |(v, _)| v);
            text += format!("{} {version}", call.source).trim_end();
            text.push('\n');
        }
    }
    if let Some(backend) = &config.module.backend {
        text += &format!("backend {:?}\n", backend.text("path"));
    }
    for d in &diags {
        let at = d.subject.as_ref().map(ToString::to_string);
        text += &format!("{} {}: {}\n", at.unwrap_or_default(), d.summary, d.detail);
    }
    expected.assert_eq(&text);
}

const MANIFEST: &str = r#"{"Modules":[
  {"Key":"","Source":"","Dir":"."},
  {"Key":"a","Source":"./m1","Dir":"m1"},
  {"Key":"a.b","Source":"registry.terraform.io/ns/vpc/aws","Version":"1.2.0","Dir":"m2"}
]}"#;

const ROOT: &str = r#"
variable "which" {
  default = "m2"
}
locals {
  dir = "./${var.which}"
}
module "a" {
  source = local.dir
  v      = "~> 1.${local.one}"
}
locals {
  one = 1
}
terraform {
  backend "local" {
    path = "${terraform.workspace}/${var.which}"
  }
}
"#;

const INNER: &str = r#"
variable "v" {}
module "b" {
  source  = "ns/vpc/aws"
  version = var.v
}
"#;

#[test]
fn sources_and_backends_are_evaluated() {
    let files = [
        ("main.tf", ROOT),
        ("m1/main.tf", INNER),
        ("m2/main.tf", ""),
        (".terraform/modules/modules.json", MANIFEST),
    ];
    check(
        &files,
        &[("which", Value::string("m1"))],
        expect![[r#"
            ./m1
            ns/vpc/aws ~> 1.1
            backend Some("default/m1")
        "#]],
    );
    check(
        &files,
        &[],
        expect![[r#"
            ./m2
            backend Some("default/m2")
            main.tf:9,12-21 Module source has changed: ./m1 was installed, but ./m2 is called now: "groma init" installs it.
        "#]],
    );
    let other = ROOT.replace("~> 1", "~> 2");
    let files = [("main.tf", &*other), files[1], files[2], files[3]];
    check(
        &files,
        &[("which", Value::string("m1"))],
        expect![[r#"
            ./m1
            ns/vpc/aws ~> 2.1
            backend Some("default/m1")
            m1/main.tf:4,13-25 Module version requirements have changed: Version 1.2.0 was installed, but ~> 2.1 is asked for now: "groma init" installs another one.
        "#]],
    );
}

#[test]
fn what_is_dynamic_tells_how_it_was_reached() {
    let root = r#"
resource "terraform_data" "a" {}
locals {
  a = terraform_data.a.output
  b = [local.a, local.a]
  c = local.d
  d = local.c
}
variable "none" {}
variable "secret" {
  default   = "x"
  sensitive = true
}
module "m" {
  source   = "./m"
  for_each = toset(["k"])
  v        = each.key
  w        = local.b[0]
}
module "direct" { source = terraform_data.a.id }
module "twice" { source = "${local.b[0]}${local.b[1]}" }
module "none" { source = var.none }
module "undeclared" { source = var.other }
module "circle" { source = local.c }
module "secret" { source = var.secret }
module "null" { source = var.nothing }
variable "nothing" { default = null }
terraform {
  backend "local" {
    path = local.b[0]
  }
}
"#;
    let files = [
        ("main.tf", root),
        (
            "m/main.tf",
            "variable \"v\" {}\nvariable \"w\" {}\nmodule \"x\" {\n  source = var.v\n}\nmodule \"y\" {\n  source = var.w\n}\n",
        ),
    ];
    check(
        &files,
        &[],
        expect![[r#"
            ./m







            backend None
            main.tf:4,7-21 Dynamic value in static context: terraform_data.a.output is not known before anything is planned. Only variables, local values, functions, path and terraform.workspace can be used where a value must be known that early. What needs it:
              - local.a
              - local.b
              - the backend's "path"
        "#]],
    );
    let without = root.replace("    path = local.b[0]\n", "");
    let files = [("main.tf", &*without), files[1]];
    check(
        &files,
        &[],
        expect![[r#"
            ./m
            backend None
            main.tf:20,28-42 Dynamic value in static context: terraform_data.a.id is not known before anything is planned. Only variables, local values, functions, path and terraform.workspace can be used where a value must be known that early. What needs it:
              - module.direct's "source"
            main.tf:4,7-21 Dynamic value in static context: terraform_data.a.output is not known before anything is planned. Only variables, local values, functions, path and terraform.workspace can be used where a value must be known that early. What needs it:
              - local.a
              - local.b
              - module.twice's "source"
            main.tf:22,26-29 No value for required variable: The variable "none" has neither a value nor a default, but its value is needed before anything is planned. Set it by -var or -var-file, in a file that is read by itself (terraform.tfvars), or by TF_VAR_none.
            main.tf:23,32-35 Reference to undeclared input variable: No input variable named "other" has been declared in this module.
            main.tf:7,7-12 Circular reference: local.c needs its own value to be computed.
            main.tf:25,28-38 Sensitive value in static context: The value of module.secret's "source" is written to files in the data directory, so it cannot be made from a value that is sensitive.
            main.tf:26,26-37 Unsuitable value type: Unsuitable value for argument "source": null value is not allowed.
            main.tf:17,14-18 Dynamic value in static context: each.key is not known before anything is planned. Only variables, local values, functions, path and terraform.workspace can be used where a value must be known that early. What needs it:
              - module.m's "v"
              - var.v in module.m
              - module.x's "source" in module.m
            main.tf:4,7-21 Dynamic value in static context: terraform_data.a.output is not known before anything is planned. Only variables, local values, functions, path and terraform.workspace can be used where a value must be known that early. What needs it:
              - local.a
              - local.b
              - module.m's "w"
              - var.w in module.m
              - module.y's "source" in module.m
        "#]],
    );
    let only = "module \"m\" {\n  source = \"./m\"\n  for_each = toset([])\n  v = each.key\n  w = path.cwd\n}\n";
    let files = [("main.tf", only), files[1]];
    check(
        &files,
        &[],
        expect![[r#"
            ./m
            .
            main.tf:4,7-11 Dynamic value in static context: each.key is not known before anything is planned. Only variables, local values, functions, path and terraform.workspace can be used where a value must be known that early. What needs it:
              - module.m's "v"
              - var.v in module.m
              - module.x's "source" in module.m
            m/main.tf:6,1-11 Module not installed: The module is not there yet: "groma init" installs it.
        "#]],
    );
}
