//! Ephemeral resources: opened when they are needed, closed after that, stored nowhere.

use expect_test::{Expect, expect};
use groma_engine::PlanOptions;
use states::State;
use test_support::{Cloud, run_with, text};

/// Plans and applies to nothing: what the provider was asked, and the problems.
fn check(config: &str, wanted: Expect) -> State {
    let cloud = Cloud::default();
    let step = run_with(
        &cloud,
        config,
        State::default(),
        PlanOptions::default(),
        true,
    );
    let secret = format!("{:?} {:?}", step.plan, step.state).contains("secret of");
    let stored = if secret { "a secret is stored\n" } else { "" };
    let problems = text(&step);
    let problems = problems.lines().filter(|l| l.contains(" line "));
    let problems: String = problems.map(|l| format!("{l}\n")).collect();
    wanted.assert_eq(&format!("{}{problems}{stored}", cloud.calls()));
    step.state
}

#[test]
fn what_nobody_needs_is_closed_at_once() {
    let config = "ephemeral \"cloud_token\" \"a\" {\n  name = \"a\"\n}\n";
    check(
        config,
        expect![[r#"
            open a
            close a
        "#]],
    );
}

#[test]
fn what_is_not_known_is_opened_while_applying() {
    let config = r#"
        resource "cloud_thing" "first" { name = "first" }
        ephemeral "cloud_token" "t" { name = cloud_thing.first.id }
        locals { found = ephemeralasnull(ephemeral.cloud_token.t.id) == null ? "yes" : "no" }
        resource "cloud_thing" "second" { name = local.found }
        "#;
    check(
        config,
        expect![[r#"
            plan first
            plan 
            plan first
            create first {"groma":{"create":{"token":"token-3"}}}
            open id-token-3
            plan yes
            create yes {"groma":{"create":{"token":"token-4"}}}
            close id-token-3
        "#]],
    );
}

#[test]
fn what_fails_to_open_fails_whoever_needs_it() {
    let config = r#"
        ephemeral "cloud_token" "good" { name = "good" }
        ephemeral "cloud_token" "bad" { name = "bad" }
        resource "cloud_thing" "a" {
          name = ephemeralasnull(ephemeral.cloud_token.bad.id) == ephemeralasnull(ephemeral.cloud_token.good.id) ? "x" : "y"
        }
        "#;
    check(
        config,
        expect![[r#"
            open good
            open bad
            close good
            Error line 3: No token
        "#]],
    );
}

#[test]
fn conditions_are_checked_and_all_is_closed_all_the_same() {
    let config = r#"
        ephemeral "cloud_token" "a" {
          for_each = toset(["p", "q"])
          name     = each.key
          lifecycle {
            postcondition {
              condition     = self.name == "p"
              error_message = "not p"
            }
          }
        }
        "#;
    check(
        config,
        expect![[r#"
            open p
            open q
            close p
            close q
            Error line 7: Resource postcondition failed
        "#]],
    );
}

#[test]
fn what_is_stored_cannot_be_ephemeral() {
    let config = r#"
        ephemeral "cloud_token" "a" { name = "a" }
        resource "cloud_thing" "a" { name = ephemeral.cloud_token.a.id }
        output "o" { value = [ephemeral.cloud_token.a.id] }
        "#;
    check(
        config,
        expect![[r#"
            Error line 3: Invalid use of ephemeral value
            Error line 4: Ephemeral value not allowed
        "#]],
    );
}
