//! What is planned, and why.

use addrs::Target;
use expect_test::expect;
use groma_engine::PlanOptions;
use test_support::{applied, replan, run, text};

const TWO: &str = r#"
resource "terraform_data" "a" {
  count = 2
  input = count.index
}
resource "terraform_data" "b" {
  input = terraform_data.a[0].output
}
output "o" {
  value = terraform_data.b.output
}
"#;

#[test]
fn what_was_applied_needs_nothing() {
    expect![""].assert_eq(&replan(TWO, TWO));
}

#[test]
fn only_what_reads_a_change_changes() {
    let after = TWO.replace(
        "input = count.index",
        "input = count.index == 0 ? 7 : count.index",
    );
    expect![[r#"
        terraform_data.a[0]  Update
        terraform_data.b  Update
        output.o  Update
    "#]]
    .assert_eq(&replan(TWO, &after));
}

#[test]
fn reasons_for_going() {
    let after = TWO
        .replace("count = 2", "count = 1")
        .replace("output \"o\" {\n  value = terraform_data.b.output\n}\n", "");
    expect![[r#"
        terraform_data.a[1]  Delete  DeleteBecauseCountIndex
        output.o  Delete
    "#]]
    .assert_eq(&replan(TWO, &after));
    let keyed = "resource \"terraform_data\" \"a\" {\n  for_each = toset([\"x\"])\n}\n";
    expect![[r#"
        terraform_data.a[0]  Delete  DeleteBecauseWrongRepetition
        terraform_data.a[1]  Delete  DeleteBecauseWrongRepetition
        terraform_data.a["x"]  Create
        terraform_data.b  Delete  DeleteBecauseNoResourceConfig
        output.o  Delete
    "#]]
    .assert_eq(&replan(TWO, keyed));
}

#[test]
fn a_chain_of_moves_is_followed_to_its_end() {
    let before = "resource \"terraform_data\" \"a\" {}\n";
    let after = r#"
resource "terraform_data" "c" {
  for_each = toset(["k"])
}
moved {
  from = terraform_data.a
  to   = terraform_data.b
}
moved {
  from = terraform_data.b
  to   = terraform_data.c["k"]
}
"#;
    let step = run(after, applied(before), PlanOptions::default(), false);
    let change = &step.plan.changes[0];
    assert_eq!(step.plan.changes.len(), 1);
    assert_eq!(change.addr.to_string(), "terraform_data.c[\"k\"]");
    assert_eq!(change.prev_run_addr.to_string(), "terraform_data.a");
    assert_eq!(change.change.action, plans::Action::NoOp);
}

#[test]
fn a_target_takes_along_what_it_needs() {
    let options = PlanOptions {
        targets: vec![Target::parse("terraform_data.b").expect("a target")],
        ..PlanOptions::default()
    };
    let more = format!("{TWO}\nresource \"terraform_data\" \"c\" {{}}\n");
    expect![[r#"
        terraform_data.a[0]  Create
        terraform_data.a[1]  Create
        terraform_data.b  Create
        output.o  Create
        Warning line 0: Resource targeting is in effect
    "#]]
    .assert_eq(&text(&run(&more, states::State::default(), options, false)));
}

#[test]
fn an_exclude_takes_along_what_depends_on_it() {
    let excluding = |config: &str, state: states::State, mode: plans::Mode, excludes: &[&str]| {
        let options = PlanOptions {
            mode,
            excludes: excludes
                .iter()
                .map(|e| Target::parse(e).expect("an address"))
                .collect(),
            ..PlanOptions::default()
        };
        text(&run(config, state, options, false))
    };
    let more = format!(
        "{TWO}\nresource \"terraform_data\" \"c\" {{}}\noutput \"c\" {{\n  value = terraform_data.c.id\n}}\n"
    );
    let new = states::State::default;
    let normal = plans::Mode::Normal;
    expect![[r#"
        terraform_data.c  Create
        output.c  Create
        Warning line 0: Resource targeting is in effect
    "#]]
    .assert_eq(&excluding(&more, new(), normal, &["terraform_data.a"]));
    expect![[r#"
        terraform_data.a[0]  Create
        terraform_data.a[1]  Create
        terraform_data.c  Create
        output.c  Create
        Warning line 0: Resource targeting is in effect
    "#]]
    .assert_eq(&excluding(&more, new(), normal, &["terraform_data.b"]));
    expect![[r#"
        terraform_data.a[0]  Create
        terraform_data.c  Create
        output.c  Create
        Warning line 0: Resource targeting is in effect
    "#]]
    .assert_eq(&excluding(&more, new(), normal, &["terraform_data.a[1]"]));
    // What has gone from the configuration stays if it is excluded.
    let gone = "resource \"terraform_data\" \"a\" {\n  count = 1\n}\n";
    let excludes = ["terraform_data.b", "terraform_data.a[1]"];
    expect![[r#"
        terraform_data.a[0]  Update
        terraform_data.c  Delete  DeleteBecauseNoResourceConfig
        Warning line 0: Resource targeting is in effect
    "#]]
    .assert_eq(&excluding(gone, applied(&more), normal, &excludes));
    // What an object that stays was made from is not destroyed.
    let destroy = plans::Mode::Destroy;
    expect![[r#"
        terraform_data.c  Delete
        Warning line 0: Resource targeting is in effect
    "#]]
    .assert_eq(&excluding(
        &more,
        applied(&more),
        destroy,
        &["terraform_data.b"],
    ));
    expect![[r#"
        terraform_data.c  Delete
        Warning line 0: Resource targeting is in effect
    "#]]
    .assert_eq(&excluding(
        "",
        applied(&more),
        destroy,
        &["terraform_data.b"],
    ));
    expect![[r#"
        terraform_data.b  Delete
        terraform_data.c  Delete
        Warning line 0: Resource targeting is in effect
    "#]]
    .assert_eq(&excluding(
        &more,
        applied(&more),
        destroy,
        &["terraform_data.a"],
    ));
}
