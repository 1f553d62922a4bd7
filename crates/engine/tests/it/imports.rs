//! Objects that exist already.

use expect_test::{Expect, expect};
use groma_engine::{NoJournal, PlanOptions};
use states::State;
use test_support::{Cloud, run_recorded, text};

fn cloud() -> Cloud {
    let cloud = Cloud::default();
    cloud.with(|inner| {
        for (id, name) in [("id-1", "x"), ("id-2", "y")] {
            inner.objects.insert(id.into(), name.into());
        }
    });
    cloud
}

fn check(config: &str, expected: Expect) {
    let cloud = cloud();
    let step = run_recorded(
        &cloud,
        config,
        State::default(),
        PlanOptions::default(),
        None,
    );
    expected.assert_eq(&format!("{}{}", text(&step), cloud.calls()));
}

#[test]
fn an_object_is_found_and_read_before_it_is_planned() {
    check(
        r#"
import {
  to = cloud_thing.same
  id = "id-1"
}
resource "cloud_thing" "same" {
  name = "x"
}
import {
  for_each = { a = "id-2" }
  to       = cloud_thing.other[each.key]
  id       = each.value
}
resource "cloud_thing" "other" {
  for_each = toset(["a", "b"])
  name     = each.key
}
"#,
        expect![[r#"
            cloud_thing.other["a"]  Update  imported as id-2
            cloud_thing.other["b"]  Create
            cloud_thing.same  NoOp  imported as id-1
            import id-1
            read id-1
            plan x
            import id-2
            read id-2
            plan a
            plan b
        "#]],
    );
}

#[test]
fn what_cannot_be_imported() {
    check(
        r#"
import {
  to = cloud_thing.gone
  id = "id-9"
}
resource "cloud_thing" "gone" {
}
import {
  to = cloud_thing.bad
  id = "bad"
}
resource "cloud_thing" "bad" {
}
import {
  to = cloud_thing.many[4]
  id = "id-1"
}
resource "cloud_thing" "many" {
  count = 1
}
import {
  to = cloud_thing.late
  id = cloud_thing.many[0].id
}
resource "cloud_thing" "late" {
}
"#,
        expect![[r#"
            cloud_thing.many[0]  Create
            Error line 6: Cannot import non-existent remote object
            Error line 12: Bad id
            Error line 23: Invalid import id argument
            Error line 0: Configuration for import target does not exist
            import id-9
            read id-9
            import bad
            plan 
        "#]],
    );
    check(
        r#"
import {
  to = cloud_thing.missing
  id = "id-1"
}
import {
  to = cloud_thing.one["a"]
  id = "id-1"
}
resource "cloud_thing" "one" {
}
"#,
        expect![[r#"
            Error line 3: Configuration for import target does not exist
            Error line 7: Invalid import 'to' expression
        "#]],
    );
}

#[test]
fn what_was_imported_is_imported_once() {
    let config = "import {\n  to = cloud_thing.a\n  id = \"id-1\"\n}\nresource \"cloud_thing\" \"a\" {\n  name = \"x\"\n}\n";
    let cloud = cloud();
    let first = run_recorded(
        &cloud,
        config,
        State::default(),
        PlanOptions::default(),
        Some(&NoJournal),
    );
    assert!(first.plan.applyable);
    assert_eq!(first.state.instances().count(), 1);
    cloud.calls();
    let again = run_recorded(&cloud, config, first.state, PlanOptions::default(), None);
    assert!(!again.plan.applyable);
    expect![[r#"
        read id-1
        plan x
    "#]]
    .assert_eq(&cloud.calls());
}

#[test]
fn a_block_is_written_for_an_object_that_has_none() {
    let config = "import {\n  to = cloud_thing.a\n  id = \"id-1\"\n}\nimport {\n  to = cloud_thing.b[0]\n  id = \"id-2\"\n}\n";
    let options = PlanOptions {
        generate_config: true,
        ..PlanOptions::default()
    };
    let step = run_recorded(&cloud(), config, State::default(), options, None);
    let blocks: Vec<&str> = step
        .plan
        .changes
        .iter()
        .filter_map(|c| c.change.generated_config.as_deref())
        .collect();
    expect![[r#"
        cloud_thing.a  NoOp  imported as id-1
        Warning line 0: Config generation is experimental
        Error line 6: Invalid import 'to' expression
        resource "cloud_thing" "a" {
          name = "x"
        }"#]]
    .assert_eq(&format!("{}{}", text(&step), blocks.join("\n")));
}

#[test]
fn what_an_object_is_imported_by_is_no_dependency() {
    let config = r#"
resource "terraform_data" "z" {
}
resource "terraform_data" "w" {
}
resource "cloud_thing" "a" {
  name = terraform_data.z.input == null ? "x" : "y"
}
import {
  to = cloud_thing.a
  id = terraform_data.w.input == null ? "id-1" : "id-2"
}
"#;
    let options = PlanOptions::default();
    let step = run_recorded(
        &cloud(),
        config,
        State::default(),
        options,
        Some(&NoJournal),
    );
    assert!(!step.diags.has_errors(), "{:#?}", step.diags);
    let (_, _, instance) = step.state.instances().next().expect("an instance");
    let object = instance.current.as_ref().expect("an object");
    let dependencies: Vec<_> = object
        .dependencies
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(dependencies, ["terraform_data.z"]);
}
