//! States that something happens to: runs that are cut short, damaged files, full and closed directories.

use crate::sandbox::Sandbox;
use expect_test::expect;
use states::journal::{Action, Intent, Record, Start, encode};
use std::os::unix::fs::PermissionsExt;

const MAIN: &str = "resource \"terraform_data\" \"a\" {}\n";
const JOURNAL: &str = ".terraform.tfstate.journal";

fn applied() -> Sandbox {
    let sandbox = Sandbox::new(&[("main.tf", MAIN)]);
    sandbox.run("apply -auto-approve");
    sandbox
}

fn intent(address: &str, action: Action) -> Vec<u8> {
    encode(&Record::Intent(Intent {
        address: addrs::parse_resource_instance(address).unwrap(),
        deposed: None,
        action,
        provider: addrs::ProviderConfig {
            module: addrs::Module::root(),
            provider: addrs::Provider::new("example.com", "test", "keeper"),
            alias: None,
        },
        planned: [].into(),
        planned_private: [].into(),
        time: "2026-01-01T00:00:00Z".into(),
    }))
}

/// Leaves what a run leaves that was killed during two calls.
fn kill(sandbox: &Sandbox) {
    let file = states::file::read(sandbox.read("terraform.tfstate").as_bytes()).unwrap();
    let start = Record::Start(Start {
        lineage: file.lineage.as_str().into(),
        serial: file.serial,
        operation: "apply".into(),
        time: "2026-01-01T00:00:00Z".into(),
    });
    let journal = [
        encode(&start),
        intent("keeper_object.a[0]", Action::Create),
        intent("keeper_object.b", Action::Delete),
    ];
    sandbox.write(JOURNAL, &String::from_utf8(journal.concat()).unwrap());
}

#[test]
fn what_was_cut_short_is_told_until_it_is_discarded() {
    let sandbox = applied();
    kill(&sandbox);
    let told: serde_json::Value =
        serde_json::from_str(&sandbox.run("state recover -json -lock=false")).unwrap();
    expect![[r#"
        [
          {
            "address": "keeper_object.a[0]",
            "type": "keeper_object",
            "provider": "example.com/test/keeper",
            "action": "create",
            "deposed": null,
            "begun": "2026-01-01T00:00:00Z",
            "adopt": "groma import 'keeper_object.a[0]' ID",
            "discard": "groma state recover -discard='keeper_object.a[0]'"
          },
          {
            "address": "keeper_object.b",
            "type": "keeper_object",
            "provider": "example.com/test/keeper",
            "action": "delete",
            "deposed": null,
            "begun": "2026-01-01T00:00:00Z",
            "adopt": null,
            "discard": "groma plan"
          }
        ]
    "#]]
    .assert_eq(&format!("{:#}\n", told["interrupted"]));
    let text = [
        "state recover",
        "state recover -discard=keeper_object.a[1]",
        "state recover -discard=keeper_object.a[0]",
        "state recover",
    ]
    .map(|line| sandbox.run(line))
    .concat();
    expect![[r#"

        Warning: Interrupted operation

          with keeper_object.b,

        An earlier run was cut short while it was about to delete keeper_object.b
        (begun 2026-01-01T00:00:00Z). The state still holds the object. The next plan
        reads the real object and drops it from the state if it is gone.
        2 operation(s) of which nobody knows how they ended:

          keeper_object.a[0]
            asked     create a keeper_object of example.com/test/keeper, begun 2026-01-01T00:00:00Z
            adopt     groma import 'keeper_object.a[0]' ID
            discard   groma state recover -discard='keeper_object.a[0]'

          keeper_object.b
            asked     delete a keeper_object of example.com/test/keeper, begun 2026-01-01T00:00:00Z
            look      groma plan

        An object that was created and is in no state costs money until it is adopted or deleted by hand. "groma plan" tells
        which arguments it was asked for with.
        1 operation(s) of which nobody knows how they ended:

          keeper_object.a[0]
            asked     create a keeper_object of example.com/test/keeper, begun 2026-01-01T00:00:00Z
            adopt     groma import 'keeper_object.a[0]' ID
            discard   groma state recover -discard='keeper_object.a[0]'

        An object that was created and is in no state costs money until it is adopted or deleted by hand. "groma plan" tells
        which arguments it was asked for with.

        Error: No interrupted create

        No create of keeper_object.a[1] is remembered as one that was cut short.
        exit code 1
        No operation is open: the state knows how all of them ended.
        No operation is open: the state knows how all of them ended.
    "#]].assert_eq(&text);
    assert!(!sandbox.path(JOURNAL).exists());
}

#[test]
fn a_torn_journal_is_read_as_far_as_it_goes() {
    let sandbox = applied();
    kill(&sandbox);
    let whole = sandbox.read(JOURNAL);
    sandbox.write(JOURNAL, &whole[..whole.len() - 7]);
    let text = sandbox.run("state recover");
    assert!(text.contains("keeper_object.a[0]"), "{text}");
    assert!(!text.contains("keeper_object.b"), "{text}");
}

#[test]
fn a_damaged_state_is_left_as_it_is() {
    let sandbox = applied();
    let state = sandbox.read("terraform.tfstate");
    let broken = &state[..state.len() / 2];
    sandbox.write("terraform.tfstate", broken);
    for line in ["plan", "apply -auto-approve", "state list", "state recover"] {
        let text = sandbox.run(line);
        assert!(text.contains("exit code 1"), "{line}: {text}");
        assert_eq!(sandbox.read("terraform.tfstate"), broken);
    }
}

#[test]
fn a_former_state_is_kept() {
    let sandbox = applied();
    let before = sandbox.read("terraform.tfstate");
    sandbox.run("apply -auto-approve -replace=terraform_data.a");
    assert_ne!(sandbox.read("terraform.tfstate"), before);
    assert_eq!(sandbox.read("terraform.tfstate.backup"), before);
}

#[test]
fn a_closed_directory_is_an_error_before_anything_is_done() {
    let sandbox = Sandbox::new(&[("main.tf", MAIN)]);
    let refused = || {
        let text = sandbox.run("apply -auto-approve");
        assert!(text.contains("exit code 1"), "{text}");
        assert!(!text.contains("Creation complete"), "{text}");
    };
    // Where the lock would be is something else: that is true for everybody.
    let lock = sandbox.path(".terraform.tfstate.lock.info");
    std::fs::create_dir(&lock).unwrap();
    refused();
    std::fs::remove_dir(&lock).unwrap();
    let dir = sandbox.path("");
    std::fs::set_permissions(&dir, PermissionsExt::from_mode(0o555)).unwrap();
    match std::fs::write(sandbox.path("probe"), "") {
        Ok(()) => eprintln!("SKIP: who runs this may write into closed directories (root)"),
        Err(_) => refused(),
    }
    std::fs::set_permissions(&dir, PermissionsExt::from_mode(0o755)).unwrap();
}

/// No file may grow beyond one block: writes fail as on a disk without space.
#[test]
fn a_full_disk_is_an_error_and_the_state_is_kept() {
    let sandbox = applied();
    let before = sandbox.read("terraform.tfstate");
    let many = "resource \"terraform_data\" \"b\" {\n  count = 20\n}\n";
    sandbox.write("more.tf", many);
    let script = format!(
        "trap '' XFSZ; ulimit -f 1; exec {} apply -auto-approve -no-color",
        env!("CARGO_BIN_EXE_groma")
    );
    let output = std::process::Command::new("sh")
        .args(["-c", &script])
        .current_dir(sandbox.path(""))
        .env("HOME", sandbox.path(""))
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("Failed to write state"), "{said}");
    assert_eq!(sandbox.read("terraform.tfstate"), before);
    assert!(sandbox.run("apply -auto-approve").contains("20 added"));
}

/// Where a person is asked, one interrupt ends the program as two do.
#[test]
fn an_interrupted_question_changes_nothing() {
    for twice in [false, true] {
        let sandbox = applied();
        let before = sandbox.read("terraform.tfstate");
        let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_groma"))
            .args(["apply", "-replace=terraform_data.a"])
            .current_dir(sandbox.path(""))
            .env("HOME", sandbox.path(""))
            .stdin(std::process::Stdio::piped())
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(std::time::Duration::from_millis(700));
        for _ in 0..=usize::from(twice) {
            let sent = std::process::Command::new("kill")
                .args(["-INT", &child.id().to_string()])
                .status();
            assert!(sent.unwrap().success());
            std::thread::sleep(std::time::Duration::from_millis(200));
        }
        drop(child.stdin.take());
        assert!(!child.wait().unwrap().success());
        assert_eq!(sandbox.read("terraform.tfstate"), before);
        assert!(sandbox.run("plan").contains("No changes"));
    }
}
