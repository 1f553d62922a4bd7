//! Functions of providers.

use expect_test::expect;
use groma_engine::PlanOptions;
use states::State;
use test_support::{Cloud, run_recorded, text};

#[test]
fn a_provider_answers_in_expressions() {
    let config = r#"
terraform {
  required_providers {
    sky = { source = "hashicorp/cloud" }
  }
}
resource "cloud_thing" "a" {
  provider = sky
  name     = provider::sky::shout("x")
}
output "known" {
  value = provider::sky::shout(sensitive(cloud_thing.a.name))
  sensitive = true
}
output "unknown" {
  value = provider::sky::shout(cloud_thing.a.id)
}
"#;
    let options = PlanOptions::default();
    let step = run_recorded(&Cloud::default(), config, State::default(), options, None);
    assert!(step.diags.is_empty(), "{:#?}", step.diags);
    let shown: Vec<_> = step
        .plan
        .outputs
        .iter()
        .map(|o| format!("{} {:?}", o.name, o.change.after.as_str()))
        .collect();
    assert_eq!(shown, [r#"known Some("X")"#, "unknown None"]);
    let name = step.plan.changes[0].change.after.get("name").cloned();
    assert_eq!(name, Some(cty::Value::string("X")));
}

#[test]
fn what_cannot_be_called() {
    let config = r#"
resource "cloud_thing" "a" {
  name = provider::cloud::shout("")
}
resource "cloud_thing" "b" {
  name = provider::cloud::whisper("x")
}
resource "cloud_thing" "c" {
  name = provider::sky::shout("x")
}
resource "cloud_thing" "d" {
  name = provider::cloud::shout()
}
"#;
    let options = PlanOptions::default();
    let step = run_recorded(&Cloud::default(), config, State::default(), options, None);
    let details: String = step
        .diags
        .iter()
        .map(|d| format!("{}\n", d.detail))
        .collect();
    expect![[r#"
        Error line 3: Invalid function argument
        Error line 6: Unknown provider function
        Error line 9: Unknown provider function
        Error line 12: Not enough function arguments
        Invalid value for "text" parameter: there is nothing to shout.
        There is no function named "whisper" in namespace provider::cloud::.
        There are no functions in namespace "provider::sky::".
        Function "provider::cloud::shout" expects 1 argument. Missing value for "text".
    "#]]
    .assert_eq(&format!("{}{details}", text(&step)));
}
