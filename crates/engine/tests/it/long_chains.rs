//! Length is no danger: nothing recurses over a configuration.

use groma_engine::PlanOptions;
use states::State;
use std::fmt::Write as _;
use test_support::{run, text};

#[test]
fn ten_thousand_locals_each_from_the_one_before() {
    let mut config = String::from("locals {\n  x0 = 1\n");
    for i in 1..10_000 {
        let _ = writeln!(config, "  x{i} = local.x{} + 1", i - 1);
    }
    config.push_str("}\noutput \"last\" {\n  value = local.x9999\n}\n");
    let step = run(&config, State::default(), PlanOptions::default(), true);
    assert_eq!(text(&step), "output.last  Create\n");
    assert_eq!(step.state.outputs["last"].value, cty::Value::number(10_000));
}

#[test]
fn ten_thousand_resources_each_from_the_one_before() {
    let mut config = String::from("resource \"terraform_data\" \"r0\" {}\n");
    for i in 1..10_000 {
        let _ = writeln!(
            config,
            "resource \"terraform_data\" \"r{i}\" {{\n  input = terraform_data.r{}.id\n}}",
            i - 1
        );
    }
    let step = run(&config, State::default(), PlanOptions::default(), false);
    assert_eq!(step.plan.changes.len(), 10_000);
    assert!(!step.diags.has_errors());
}
