//! Check blocks.

use expect_test::{Expect, expect};
use groma_engine::{NoJournal, PlanOptions};
use states::State;
use test_support::{Cloud, run_recorded, text};

/// What a plan and an apply say, the calls, and how the checks came out.
fn check(cloud: &Cloud, config: &str, expected: Expect) {
    let step = run_recorded(
        cloud,
        config,
        State::default(),
        PlanOptions::default(),
        Some(&NoJournal),
    );
    let mut out = text(&step);
    for result in step.state.checks.iter().flatten() {
        out.push_str(&format!("{}: {:?}", result.config_addr, result.status));
        for object in result.objects.iter().flatten() {
            out.push_str(&format!(
                " {} {:?}",
                object.object_addr, object.failure_messages
            ));
        }
        out.push('\n');
    }
    expected.assert_eq(&format!("{out}{}", cloud.calls()));
}

const SCOPED: &str = r#"
resource "cloud_thing" "a" {
  name = "x"
}
check "there" {
  data "cloud_probe" "p" {
    name = "x"
  }
  assert {
    condition     = data.cloud_probe.p.id == cloud_thing.a.id
    error_message = "It is another one."
  }
}
"#;

#[test]
fn a_data_source_of_a_check_is_read_again_when_all_is_there() {
    let cloud = Cloud::default();
    check(
        &cloud,
        SCOPED,
        expect![[r#"
            data.cloud_probe.p  Read  ReadBecauseCheckNested
            cloud_thing.a  Create
            Warning line 6: No such thing
            check.there: Pass check.there []
            plan x
            probe x
            plan x
            create x {"groma":{"create":{"token":"token-2"}}}
            probe x
        "#]],
    );
}

#[test]
fn nothing_that_fails_in_a_check_ends_a_run() {
    let config = r#"
resource "cloud_thing" "a" {
  name = "x"
}
check "gone" {
  data "cloud_probe" "p" {
    name = "y"
  }
  assert {
    condition     = data.cloud_probe.p.id == "1"
    error_message = "Not one."
  }
}
check "name" {
  assert {
    condition     = cloud_thing.a.name == "y"
    error_message = "It is ${cloud_thing.a.name}."
  }
}
"#;
    check(
        &Cloud::default(),
        config,
        expect![[r#"
            data.cloud_probe.p  Read  ReadBecauseCheckNested
            cloud_thing.a  Create
            Warning line 6: No such thing
            Warning line 16: Check block assertion failed
            Warning line 6: No such thing
            Warning line 16: Check block assertion failed
            check.gone: Fail check.gone ["No such thing: The cloud says no."]
            check.name: Fail check.name ["It is x."]
            plan x
            probe y
            plan x
            create x {"groma":{"create":{"token":"token-2"}}}
            probe y
        "#]],
    );
}

#[test]
fn a_destroy_plan_checks_nothing() {
    let options = PlanOptions {
        mode: plans::Mode::Destroy,
        ..PlanOptions::default()
    };
    let cloud = Cloud::default();
    let step = run_recorded(&cloud, SCOPED, State::default(), options, None);
    assert!(step.diags.is_empty(), "{:#?}", step.diags);
    let checks: Vec<_> = step
        .plan
        .checks
        .iter()
        .map(|c| (c.status, c.objects.is_none()))
        .collect();
    assert_eq!(checks, [(states::CheckStatus::Unknown, true)]);
}
