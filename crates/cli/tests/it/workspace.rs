//! `groma workspace`

use crate::sandbox::Sandbox;
use expect_test::expect;

#[test]
fn workspaces_have_states_of_their_own() {
    let sandbox = Sandbox::new(&[("main.tf", "resource \"terraform_data\" \"a\" {}\n")]);
    let text = [
        "workspace list",
        "workspace new b",
        "workspace new b",
        "workspace list",
        "workspace show",
        "workspace select default",
        "workspace select c",
        "workspace delete default",
        "workspace delete c",
    ]
    .map(|line| format!("$ {line}\n{}", sandbox.run(line)))
    .concat();
    expect![[r#"
        $ workspace list
        * default

        $ workspace new b
        Created and switched to workspace "b"!

        You're now on a new, empty workspace. Workspaces isolate their state,
        so if you run "groma plan" groma will not see any existing state
        for this configuration.
        $ workspace new b
        Workspace "b" already exists
        exit code 1
        $ workspace list
          default
        * b

        $ workspace show
        b
        $ workspace select default
        Switched to workspace "default".
        $ workspace select c

        Workspace "c" doesn't exist.

        You can create this workspace with the "new" subcommand 
        or include the "-or-create" flag with the "select" subcommand.
        exit code 1
        $ workspace delete default

        Workspace "default" is your active workspace.

        You cannot delete the currently active workspace. Please switch
        to another workspace and try again.

        exit code 1
        $ workspace delete c

        Workspace "c" doesn't exist.

        You can create this workspace with the "new" subcommand 
        or include the "-or-create" flag with the "select" subcommand.
        exit code 1
    "#]]
    .assert_eq(&text);

    sandbox.run("workspace select -no-color b");
    sandbox.run("apply -auto-approve");
    assert!(!sandbox.path("terraform.tfstate").exists());
    sandbox.run("workspace select default");
    let text = sandbox.run("workspace delete b");
    assert!(text.contains("\n  - terraform_data.a\n"), "{text}");
    expect![[r#"
        Deleted workspace "b"!
        WARNING: "b" was non-empty.
        The resources managed by the deleted workspace may still exist,
        but are no longer manageable by groma since the state has
        been deleted.

    "#]]
    .assert_eq(&sandbox.run("workspace delete -force b"));
}
