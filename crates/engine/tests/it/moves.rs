//! Objects that become objects of another type.

use expect_test::expect;
use groma_engine::{NoJournal, PlanOptions};
use states::State;
use test_support::{Cloud, run_recorded, text};

const BEFORE: &str = "resource \"cloud_thing\" \"a\" {\n  name = \"x\"\n}\n";
const AFTER: &str = "resource \"cloud_other\" \"b\" {\n  name = \"x\"\n}\nmoved {\n  from = cloud_thing.a\n  to   = cloud_other.b\n}\n";

fn before(cloud: &Cloud) -> State {
    let options = PlanOptions::default();
    let step = run_recorded(cloud, BEFORE, State::default(), options, Some(&NoJournal));
    cloud.calls();
    step.state
}

#[test]
fn the_provider_makes_an_object_of_the_new_type() {
    let cloud = Cloud::default();
    let state = before(&cloud);
    let options = PlanOptions::default();
    let step = run_recorded(&cloud, AFTER, state, options, Some(&NoJournal));
    assert!(!step.diags.has_errors(), "{:#?}", step.diags);
    expect![[r#"
        move cloud_thing {"id":"id-token-2","name":"x"}
        read id-token-2
        plan x
    "#]]
    .assert_eq(&cloud.calls());
    let change = &step.plan.changes[0];
    assert_eq!(
        (change.prev_run_addr.to_string(), change.addr.to_string()),
        ("cloud_thing.a".into(), "cloud_other.b".into())
    );
    let names: Vec<_> = step
        .state
        .instances()
        .map(|(a, _, i)| {
            let object = i.current.as_ref().expect("an object");
            format!("{a} {}", String::from_utf8_lossy(&object.attributes))
        })
        .collect();
    assert_eq!(names, [r#"cloud_other.b {"id":"id-token-2","name":"x"}"#]);
    // The second time there is nothing to move.
    let options = PlanOptions::default();
    let step = run_recorded(&cloud, AFTER, step.state, options, None);
    assert!(!step.plan.applyable && step.diags.is_empty());
}

#[test]
fn what_cannot_move_stays() {
    let cloud = Cloud::default();
    // To a type that does not take it.
    let config = "resource \"terraform_data\" \"b\" {\n}\nmoved {\n  from = cloud_thing.a\n  to   = terraform_data.b\n}\n";
    let options = PlanOptions::default();
    let step = run_recorded(&cloud, config, before(&cloud), options, None);
    expect![[r#"
        Error line 1: Unsupported source resource type
    "#]]
    .assert_eq(&text(&step));
    // To a type that has no block.
    let config = "moved {\n  from = cloud_thing.a\n  to   = cloud_other.b\n}\n";
    let options = PlanOptions::default();
    let step = run_recorded(&cloud, config, before(&cloud), options, None);
    expect![[r#"
        cloud_thing.a  Delete  DeleteBecauseNoResourceConfig
    "#]]
    .assert_eq(&text(&step));
}

#[test]
fn targets_must_not_leave_out_what_has_moved() {
    let cloud = Cloud::default();
    let config = format!("{AFTER}resource \"cloud_thing\" \"c\" {{\n}}\n");
    let options = PlanOptions {
        targets: vec![addrs::Target::parse("cloud_thing.c").expect("an address")],
        ..PlanOptions::default()
    };
    let step = run_recorded(&cloud, &config, before(&cloud), options, None);
    expect![[r#"
        Error line 0: Moved resource instances excluded by targeting
        Warning line 0: Resource targeting is in effect
    "#]]
    .assert_eq(&text(&step));
    let options = PlanOptions {
        excludes: vec![addrs::Target::parse("cloud_other.b").expect("an address")],
        ..PlanOptions::default()
    };
    let step = run_recorded(&cloud, &config, before(&cloud), options, None);
    expect![[r#"
        Error line 0: Moved resource instances excluded by targeting
        Warning line 0: Resource targeting is in effect
    "#]]
    .assert_eq(&text(&step));
}
