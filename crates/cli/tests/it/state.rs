//! `groma state …`, `groma taint` and `groma untaint`

use crate::sandbox::Sandbox;
use expect_test::expect;

const MAIN: &str = r#"
resource "terraform_data" "a" {
  count = 2
}
resource "terraform_data" "b" {}
module "m" {
  source = "./m"
}
"#;

fn applied() -> Sandbox {
    let sandbox = Sandbox::new(&[
        ("main.tf", MAIN),
        ("m/main.tf", "resource \"terraform_data\" \"c\" {}\n"),
    ]);
    sandbox.run("get");
    sandbox.run("apply -auto-approve");
    sandbox
}

#[test]
fn instances_are_listed() {
    let sandbox = applied();
    expect![[r#"
        terraform_data.a[0]
        terraform_data.a[1]
        terraform_data.b
        module.m.terraform_data.c
    "#]]
    .assert_eq(&sandbox.run("state list"));
    assert_eq!(
        sandbox.run("state list module.m terraform_data.a[1]"),
        "terraform_data.a[1]\nmodule.m.terraform_data.c\n"
    );
    expect![[r#"

        Error: Unknown resource

        The current state contains no resource terraform_data.z. If you've just added
        this resource to the configuration, you must run "groma apply" first to create
        the resource's entry in the state.
        exit code 1
    "#]]
    .assert_eq(&sandbox.run("state list terraform_data.z"));
    assert_eq!(
        Sandbox::new(&[]).run("state list").lines().next(),
        Some("No state file was found!")
    );
}

#[test]
fn items_are_moved() {
    let sandbox = applied();
    let text = [
        "state mv -dry-run terraform_data.b terraform_data.x",
        "state mv terraform_data.b terraform_data.a[5]",
        "state mv terraform_data.a module.n[0].terraform_data.a",
        "state mv module.m module.n[0].module.m",
        "state mv module.n[0].terraform_data.a[1] terraform_data.one",
        "state list",
    ]
    .map(|line| sandbox.run(line))
    .concat();
    expect![[r#"
        Would move "terraform_data.b" to "terraform_data.x"
        Move "terraform_data.b" to "terraform_data.a[5]"
        Successfully moved 1 object(s).
        Move "terraform_data.a" to "module.n[0].terraform_data.a"
        Successfully moved 1 object(s).
        Move "module.m" to "module.n[0].module.m"
        Successfully moved 1 object(s).
        Move "module.n[0].terraform_data.a[1]" to "terraform_data.one"
        Successfully moved 1 object(s).
        terraform_data.one
        module.n[0].terraform_data.a[0]
        module.n[0].terraform_data.a[5]
        module.n[0].module.m.terraform_data.c
    "#]]
    .assert_eq(&text);
}

#[test]
fn nothing_is_moved_onto_something_else() {
    let sandbox = applied();
    let before = sandbox.read("terraform.tfstate");
    for (line, expected) in [
        (
            "terraform_data.z terraform_data.y",
            "Cannot move terraform_data.z: does not match anything",
        ),
        (
            "terraform_data.b terraform_data.a[0]",
            "there is already a resource instance at that",
        ),
        (
            "terraform_data.b terraform_data.b",
            "there is already a resource instance at that",
        ),
        (
            "terraform_data.a terraform_data.b",
            "the target must also be a whole",
        ),
        (
            "terraform_data.b data.terraform_data.b",
            "another managed resource",
        ),
        (
            "terraform_data.b other_thing.b",
            "resource types don't match",
        ),
        (
            "terraform_data.b module.x",
            "the target must also be a resource instance",
        ),
        (
            "module.m terraform_data.x",
            "the target must also be a module",
        ),
        ("module.m module.m", "destination module already exists"),
    ] {
        let text = sandbox.run(&format!("state mv {line}"));
        let plain = text.replace('\n', " ");
        assert!(plain.contains(expected), "{line}: {text}");
        assert!(text.ends_with("exit code 1\n"), "{line}: {text}");
    }
    assert_eq!(sandbox.read("terraform.tfstate"), before);
}

#[test]
fn an_item_is_moved_into_another_state() {
    let sandbox = applied();
    sandbox.run("state mv -state-out=other.tfstate terraform_data.b terraform_data.b");
    assert_eq!(
        sandbox.run("state list -state=other.tfstate"),
        "terraform_data.b\n"
    );
    assert!(!sandbox.run("state list").contains("terraform_data.b"));
}

#[test]
fn instances_are_removed() {
    let sandbox = applied();
    expect![[r#"
        Removed terraform_data.a[0]
        Removed terraform_data.a[1]
        Removed module.m.terraform_data.c
        Successfully removed 3 resource instance(s).
    "#]]
    .assert_eq(&sandbox.run("state rm terraform_data.a module.m"));
    assert_eq!(sandbox.run("state list"), "terraform_data.b\n");
    assert!(
        sandbox
            .run("state rm terraform_data.z")
            .contains("No matching objects found")
    );
}

#[test]
fn an_object_is_shown() {
    let sandbox = applied();
    let text = sandbox.run("state show module.m.terraform_data.c");
    assert!(
        text.starts_with(
            "# module.m.terraform_data.c:\nresource \"terraform_data\" \"c\" {\n    id = \""
        ),
        "{text}"
    );
    assert!(
        sandbox
            .run("state show terraform_data.a")
            .starts_with("No instance found for the given address!")
    );
}

#[test]
fn states_are_pulled_and_pushed() {
    let sandbox = applied();
    let state = sandbox.run("state pull");
    sandbox.run("state rm terraform_data.b");
    assert!(sandbox.feed("state push -", &state).contains("older"));
    assert_eq!(sandbox.feed("state push -force -", &state), "");
    assert!(sandbox.run("state list").contains("terraform_data.b"));
}

#[test]
fn a_tainted_object_is_replaced() {
    let sandbox = applied();
    assert_eq!(
        sandbox.run("taint terraform_data.b"),
        "Resource instance terraform_data.b has been marked as tainted.\n"
    );
    let text = sandbox.run("plan");
    assert!(
        text.contains("1 to add, 0 to change, 1 to destroy"),
        "{text}"
    );
    sandbox.run("untaint terraform_data.b");
    assert!(
        sandbox
            .run("untaint terraform_data.b")
            .contains("is not currently tainted")
    );
    assert!(
        sandbox
            .run("taint -allow-missing terraform_data.z")
            .contains("Warning: No such resource instance")
    );
}
