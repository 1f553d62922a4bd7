//! Providers that break the protocol's laws: it is said whose fault it is, and nothing is lost.

use cty::{Type, Value};
use expect_test::expect;
use groma_engine::PlanOptions;
use states::State;
use test_support::{Tampered, applied, run_with, text};

const ONE: &str = "resource \"terraform_data\" \"a\" {\n  input = \"x\"\n}\n";

fn with_input(object: &Value, input: Value) -> Value {
    Value::object(["id", "input", "output", "triggers_replace"].map(|name| {
        let value = if name == "input" {
            input.clone()
        } else {
            object.get(name).cloned().expect("an attribute")
        };
        (name, value)
    }))
}

#[test]
fn a_plan_that_ignores_the_configuration() {
    let broken = Tampered::planning(|mut r| {
        if !r.planned.is_null() {
            r.planned = with_input(&r.planned, Value::string("else"));
        }
        r
    });
    let step = run_with(&broken, ONE, State::default(), PlanOptions::default(), true);
    expect![[r#"
        Error line 1: Provider produced invalid plan
    "#]]
    .assert_eq(&text(&step));
    assert!(
        step.diags
            .iter()
            .all(|d| d.detail.contains("builtin/terraform") && d.address.is_some())
    );
}

#[test]
fn a_plan_of_the_wrong_type() {
    let broken = Tampered::planning(|mut r| {
        r.planned = Value::string("no object");
        r
    });
    let step = run_with(&broken, ONE, State::default(), PlanOptions::default(), true);
    expect![[r#"
        Error line 1: Provider produced invalid object
    "#]]
    .assert_eq(&text(&step));
}

#[test]
fn a_result_that_is_not_what_was_planned_is_kept_and_tainted() {
    let broken = Tampered::applying(|mut r| {
        r.state = with_input(&r.state, Value::string("else"));
        r
    });
    let step = run_with(&broken, ONE, State::default(), PlanOptions::default(), true);
    let problems: Vec<_> = step.diags.iter().map(|d| d.summary.as_str()).collect();
    assert_eq!(
        problems,
        ["Provider produced inconsistent result after apply"]
    );
    let (_, _, instance) = step
        .state
        .instances()
        .next()
        .expect("the object is in the state");
    let object = instance.current.as_ref().expect("a current object");
    assert_eq!(object.status, states::ObjectStatus::Tainted);
    assert!(String::from_utf8_lossy(&object.attributes).contains("else"));
}

#[test]
fn a_result_with_unknown_parts_is_kept_with_nulls() {
    let broken = Tampered::applying(|mut r| {
        r.state = with_input(&r.state, Value::unknown(Type::String));
        r
    });
    let step = run_with(&broken, ONE, State::default(), PlanOptions::default(), true);
    assert!(
        step.diags
            .iter()
            .any(|d| d.summary == "Provider returned invalid result object after apply")
    );
    assert_eq!(step.state.instances().count(), 1);
}

#[test]
fn a_destruction_that_leaves_the_object_leaves_it_in_the_state() {
    let before = applied(ONE);
    let broken = Tampered::applying(|mut r| {
        r.diagnostics
            .push(diags::Diagnostic::error("No", "It cannot be destroyed."));
        r
    });
    let step = run_with(
        &broken,
        "locals {}\n",
        before.clone(),
        PlanOptions::default(),
        true,
    );
    assert!(step.diags.has_errors());
    assert_eq!(step.state.resources, before.resources);
}

#[test]
fn a_read_of_the_wrong_type_keeps_the_stored_object() {
    let before = applied(ONE);
    let broken = Tampered::reading(|mut r| {
        r.state = Value::bool(true);
        r
    });
    let step = run_with(&broken, ONE, before.clone(), PlanOptions::default(), true);
    expect![[r#"
        Error line 1: Provider produced invalid object
    "#]]
    .assert_eq(&text(&step));
    assert_eq!(step.state.resources, before.resources);
}

#[test]
fn an_object_waits_for_what_its_providers_configuration_reads() {
    let config = r#"
terraform {
  required_providers {
    late = { source = "terraform.io/builtin/terraform" }
  }
}
resource "terraform_data" "cluster" {}
provider "late" {
  alias = "x"
  host  = terraform_data.cluster.id
}
resource "terraform_data" "inside" {
  provider = late.x
}
"#;
    let step = run_with(
        &Tampered::default(),
        config,
        State::default(),
        PlanOptions::default(),
        false,
    );
    assert!(!step.diags.has_errors(), "{:#?}", step.diags);
    expect![[r#"
        create terraform_data.cluster
        create terraform_data.inside  after create terraform_data.cluster
    "#]]
    .assert_eq(&groma_engine::build_execgraph(&step.plan, &|_| false).render(&step.plan));
}
