//! Creates that were cut short, and objects that are read once they are safe.

use expect_test::expect;
use groma_engine::{Interrupted, PlanOptions};
use states::State;
use states::journal::{Record, Unresolved};
use test_support::{Cloud, Records, run_recorded, text};

const ONE: &str = "resource \"cloud_thing\" \"a\" {\n  name = \"x\"\n}\n";

fn options(creates: &Unresolved) -> PlanOptions {
    PlanOptions {
        interrupted: Interrupted {
            creates: creates.clone(),
            kept_in: "THE FILE".into(),
        },
        ..PlanOptions::default()
    }
}

/// Creates of which the records do not say how they ended.
fn unresolved(records: &[Record]) -> Unresolved {
    let mut creates = Unresolved::default();
    creates.follow(records);
    creates
}

/// A run that is cut short after it wrote down what it was about to create.
fn cut_short(cloud: &Cloud, creates: &Unresolved) -> Unresolved {
    let journal = Records::up_to(1);
    run_recorded(
        cloud,
        ONE,
        State::default(),
        options(creates),
        Some(&journal),
    );
    unresolved(&journal.all())
}

#[test]
fn a_create_that_was_cut_short_is_repeated_with_its_token() {
    let cloud = Cloud::default();
    let creates = cut_short(&cloud, &Unresolved::default());
    expect![[r#"
        plan x
        plan x
        create x {"groma":{"create":{"token":"token-2"}}}
    "#]]
    .assert_eq(&cloud.calls());
    // Only planned, then cut short once more, then done.
    let looked = run_recorded(&cloud, ONE, State::default(), options(&creates), None);
    expect![[r#"
        plan x {"groma":{"create":{"token":"token-2"}}}
    "#]]
    .assert_eq(&cloud.calls());
    let warnings: Vec<&str> = looked.diags.iter().map(|d| d.detail.as_str()).collect();
    expect![[r#"
        An earlier run was cut short while it was about to create cloud_thing.a (a cloud_thing of hashicorp/cloud, begun 2026-01-01T00:00:00Z) with name = "x". This plan repeats the create so that there is no second object: the provider looks first for what the earlier run has made. To hear no more of it, take the line of cloud_thing.a out of THE FILE."#]]
    .assert_eq(&warnings.join("\n"));
    let creates = cut_short(&cloud, &creates);
    cloud.calls();
    let journal = Records::default();
    let done = run_recorded(
        &cloud,
        ONE,
        State::default(),
        options(&creates),
        Some(&journal),
    );
    expect![[r#"
        plan x {"groma":{"create":{"token":"token-2"}}}
        plan x {"groma":{"create":{"token":"token-2"}}}
        create x {"groma":{"create":{"token":"token-2"}}}
    "#]]
    .assert_eq(&cloud.calls());
    assert!(!done.diags.has_errors());
    assert_eq!(cloud.with(|inner| inner.objects.len()), 1);
    assert!(unresolved(&journal.all()).is_empty());
}

#[test]
fn a_create_that_nothing_asks_for_any_more_is_told_of() {
    let cloud = Cloud::default();
    let creates = cut_short(&cloud, &Unresolved::default());
    let step = run_recorded(&cloud, "", State::default(), options(&creates), None);
    let warnings: Vec<&str> = step.diags.iter().map(|d| d.detail.as_str()).collect();
    expect![[r#"
        An earlier run was cut short while it was about to create cloud_thing.a (a cloud_thing of hashicorp/cloud, begun 2026-01-01T00:00:00Z). If the object was created, the state does not know it, and this plan does not ask for it, so that nothing removes it. Look for it: bring it in with an "import" block or with "groma import 'cloud_thing.a' ID" (the configuration must have a block for it), or delete it by hand. To hear no more of it, take the line of cloud_thing.a out of THE FILE."#]]
    .assert_eq(&warnings.join("\n"));
    let other = format!("{ONE}resource \"terraform_data\" \"b\" {{\n}}\n");
    let targeted = PlanOptions {
        targets: vec![addrs::Target::parse("terraform_data.b").expect("an address")],
        ..options(&creates)
    };
    let step = run_recorded(&cloud, &other, State::default(), targeted, None);
    expect![[r#"
        terraform_data.b  Create
        Warning line 0: Resource targeting is in effect
        Warning line 0: Interrupted operation
    "#]]
    .assert_eq(&text(&step));
}

#[test]
fn a_create_that_a_provider_lost_sight_of_stays_open() {
    let cloud = Cloud::default();
    cloud.with(|inner| inner.silent = true);
    let journal = Records::default();
    let step = run_recorded(
        &cloud,
        ONE,
        State::default(),
        PlanOptions::default(),
        Some(&journal),
    );
    expect![[r#"
        cloud_thing.a  Create
        Error line 1: Connection lost
    "#]]
    .assert_eq(&text(&step));
    assert_eq!(unresolved(&journal.all()).iter().len(), 1);
}

fn private(state: &State) -> String {
    let (_, _, instance) = state.instances().next().expect("an instance");
    let object = instance.current.as_ref().expect("an object");
    String::from_utf8_lossy(&object.private).into_owned()
}

#[test]
fn an_object_is_read_once_when_it_is_safe() {
    for unreadable in [false, true] {
        let cloud = Cloud::default();
        cloud.with(|inner| {
            inner.settles = true;
            inner.unreadable = unreadable;
        });
        let journal = Records::default();
        let step = run_recorded(
            &cloud,
            ONE,
            State::default(),
            PlanOptions::default(),
            Some(&journal),
        );
        assert!(step.diags.is_empty(), "{:#?}", step.diags);
        expect![[r#"
            plan x
            plan x
            create x {"groma":{"create":{"token":"token-2"}}}
            read id-token-2 {"groma":{"settle":true}}
        "#]]
        .assert_eq(&cloud.calls());
        // Start is the session's; here are the intent, the outcome and what the read came to.
        let (records, marker) = if unreadable {
            (2, r#"{"groma":{"settle":true}}"#)
        } else {
            (3, "")
        };
        assert_eq!(journal.all().len(), records);
        assert_eq!(private(&step.state), marker);
    }
    // What is not written down yet is not settled.
    let cloud = Cloud::default();
    cloud.with(|inner| inner.settles = true);
    cut_short(&cloud, &Unresolved::default());
    assert!(!cloud.calls().contains("read"));
}

#[test]
fn creates_that_are_repeated_are_told_of_together() {
    let cloud = Cloud::default();
    let config =
        "resource \"cloud_thing\" \"a\" {\n  count = 3\n  name  = \"x${count.index}\"\n}\n";
    let journal = Records::up_to(3);
    let (nothing, options_now) = (State::default(), PlanOptions::default());
    run_recorded(&cloud, config, nothing, options_now, Some(&journal));
    let intents: Vec<Record> = journal
        .all()
        .into_iter()
        .filter(|r| matches!(r, Record::Intent(_)))
        .collect();
    let creates = unresolved(&intents);
    let step = run_recorded(&cloud, config, State::default(), options(&creates), None);
    assert_eq!(creates.iter().len(), 2);
    let warnings: Vec<&str> = step.diags.iter().map(|d| d.detail.as_str()).collect();
    expect![[r#"
        An earlier run was cut short while it was about to create 2 objects:
          - cloud_thing.a[0] (begun 2026-01-01T00:00:00Z) with name = "x0"
          - cloud_thing.a[1] (begun 2026-01-01T00:00:00Z) with name = "x1"

        This plan repeats the creates so that there are no second objects: the provider looks first for what the earlier run has made. To hear no more of one, take its line out of THE FILE."#]].assert_eq(&warnings.join("\n"));
}
