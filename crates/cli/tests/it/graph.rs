//! `groma graph` and `groma providers`

use crate::sandbox::Sandbox;
use expect_test::expect;

const FILES: [(&str, &str); 3] = [
    (
        "main.tf",
        r#"
resource "terraform_data" "a" {}
locals {
  a = terraform_data.a.id
}
module "m" {
  source = "./m"
  i      = local.a
}
resource "terraform_data" "b" {
  input = [module.m.o, terraform_data.a.id]
}
"#,
    ),
    (
        "m/main.tf",
        "variable \"i\" {}\nresource \"terraform_data\" \"c\" {\n  input = var.i\n}\noutput \"o\" {\n  value = terraform_data.c.id\n}\n",
    ),
    (
        "m/versions.tf",
        "terraform {\n  required_providers {\n    aws = {\n      source  = \"hashicorp/aws\"\n      version = \"~> 5\"\n    }\n  }\n}\n",
    ),
];

#[test]
fn resources_are_connected_through_everything() {
    let sandbox = Sandbox::new(&FILES);
    sandbox.run("get");
    expect![[r#"
        digraph G {
          rankdir = "RL";
          node [shape = rect, fontname = "sans-serif"];
          "terraform_data.a" [label="terraform_data.a"];
          "terraform_data.b" [label="terraform_data.b"];
          subgraph "cluster_module.m" {
            label = "module.m"
            fontname = "sans-serif"
            "module.m.terraform_data.c" [label="terraform_data.c"];
          }
          "terraform_data.b" -> "module.m.terraform_data.c";
          "module.m.terraform_data.c" -> "terraform_data.a";
        }
    "#]]
    .assert_eq(&sandbox.run("graph"));
    expect![[r#"
        flowchart RL
          n0["terraform_data.a"]
          n1["terraform_data.b"]
          n2["module.m.terraform_data.c"]
          n1 --> n2
          n2 --> n0
    "#]]
    .assert_eq(&sandbox.run("graph -format=mermaid"));
}

#[test]
fn providers_are_shown_as_a_tree() {
    let sandbox = Sandbox::new(&FILES);
    sandbox.run("get");
    expect![[r#"

        Providers required by configuration:
        .
        ├── provider[terraform.io/builtin/terraform]
        └── module.m
            ├── provider[registry.terraform.io/hashicorp/aws] ~> 5.0
            └── provider[terraform.io/builtin/terraform]

        Programs that answer for them:

            provider[registry.terraform.io/hashicorp/aws]
                none: it is not installed, or not the one that is locked. Run "groma init"

            provider[terraform.io/builtin/terraform]
                built in: part of groma

    "#]]
    .assert_eq(&sandbox.run("providers"));
    assert!(sandbox.run("validate").contains("run \"init\""));
}
