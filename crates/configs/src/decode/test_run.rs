//! `run` blocks of test files.

use super::blocks::{check_name, schema};
use super::test_file::{assignments, once};
use super::{call, lifecycle, mock, statics};
use crate::{ModuleCall, Repetition, TestCommand, TestModule, TestOptions, TestRun};
use diags::{Diagnostic, Diagnostics};
use hcl::{Attribute, Block, Body, BodySchema};
use indexmap::IndexMap;
use std::sync::LazyLock;

static SCHEMA: LazyLock<BodySchema> = LazyLock::new(|| {
    schema(
        &["command", "providers", "expect_failures", "state_key"],
        &[
            "plan_options",
            "assert",
            "variables",
            "module",
            "override_resource",
            "override_data",
            "override_module",
        ],
    )
});

static OPTIONS: LazyLock<BodySchema> =
    LazyLock::new(|| schema(&["mode", "refresh", "replace", "target"], &[]));

static MODULE: LazyLock<BodySchema> = LazyLock::new(|| schema(&["source", "version"], &[]));

/// Decodes a `run` block.
pub(super) fn decode(block: &Block, diags: &mut Diagnostics) -> Option<TestRun> {
    let label = block.labels.first()?;
    let (content, problems) = block.body.content(&SCHEMA);
    diags.append(problems);
    let mut run = TestRun {
        name: label.value.clone(),
        command: TestCommand::Apply,
        options: TestOptions::default(),
        variables: IndexMap::new(),
        providers: Vec::new(),
        module: None,
        overrides: Vec::new(),
        asserts: Vec::new(),
        expect_failures: Vec::new(),
        state_key: None,
        range: block.def_range.clone(),
    };
    check_name("run block", &label.value, &label.range, diags);
    let (mut options, mut variables, mut module) = (None, None, None);
    for inner in &content.blocks {
        match &*inner.kind {
            "plan_options" if once("plan_options", "run", &mut options, inner, diags) => {
                let before = diags.len();
                run.options = plan_options(inner, diags);
                // Of a broken one Terraform knows nothing.
                if diags.len() > before {
                    options = None;
                }
            }
            "variables" if once("variables", "run", &mut variables, inner, diags) => {
                run.variables = assignments(inner, diags);
            }
            "module" => {
                let first = once("module", "run", &mut module, inner, diags);
                let decoded = test_module(&run.name, inner, diags);
                run.module = if first { decoded } else { run.module };
            }
            kind if mock::OVERRIDES.contains(&kind) => {
                mock::over(&mut run.overrides, inner, false, diags);
            }
            _ => {}
        }
    }
    run.asserts = lifecycle::check_rules("assert", &content, None, diags);
    if let Some(attribute) = content.attribute("command") {
        run.command = command(attribute, diags);
    }
    if let Some(attribute) = content.attribute("providers") {
        run.providers = call::passed(attribute, diags);
    }
    if let Some(attribute) = content.attribute("expect_failures") {
        run.expect_failures = lifecycle::depends_on(attribute, diags);
    }
    if let Some(attribute) = content.attribute("state_key") {
        run.state_key = statics::string(attribute, diags);
    }
    Some(run)
}

fn command(attribute: &Attribute, diags: &mut Diagnostics) -> TestCommand {
    match attribute.expr.as_keyword() {
        Some("apply") => TestCommand::Apply,
        Some("plan") => TestCommand::Plan,
        _ => {
            diags.push(keyword(attribute, "apply or plan"));
            TestCommand::Apply
        }
    }
}

/// Reports what is none of the words that an argument takes.
fn keyword(attribute: &Attribute, words: &str) -> Diagnostic {
    let name = &attribute.name;
    Diagnostic::error(
        format!("Invalid {:?} keyword", &**name),
        format!("The argument {name} takes one of these words, without quotes: {words}."),
    )
    .at(attribute.expr.range.clone())
}

fn plan_options(block: &Block, diags: &mut Diagnostics) -> TestOptions {
    let (content, problems) = block.body.content(&OPTIONS);
    diags.append(problems);
    let mut options = TestOptions::default();
    if let Some(attribute) = content.attribute("mode") {
        match attribute.expr.as_keyword() {
            Some("refresh-only") => options.refresh_only = true,
            Some("normal") => {}
            _ => diags.push(keyword(attribute, "normal or refresh-only")),
        }
    }
    if let Some(attribute) = content.attribute("refresh") {
        options.refresh = statics::bool(attribute, diags).unwrap_or(true);
    }
    if let Some(attribute) = content.attribute("replace") {
        options.replace = lifecycle::depends_on(attribute, diags);
    }
    if let Some(attribute) = content.attribute("target") {
        options.target = lifecycle::depends_on(attribute, diags);
    }
    if options.refresh_only && !options.refresh {
        let detail =
            "With mode = refresh-only all that is done is a refresh: \"refresh\" cannot be false.";
        let refresh = content.attribute("refresh").map(|a| a.range.clone());
        diags.push(Diagnostic::error("Incompatible plan options", detail).at(refresh));
    }
    options
}

fn test_module(run: &str, block: &Block, diags: &mut Diagnostics) -> Option<TestModule> {
    let (content, problems) = block.body.content(&MODULE);
    diags.append(problems);
    if content.attribute("source").is_none() {
        diags.push(
            Diagnostic::error(
                "Missing \"source\" attribute for module block",
                "The module block says which module is under test: add source.",
            )
            .at(block.def_range.clone()),
        );
        return None;
    }
    let (source, source_range, version) = call::source(&content, diags)?;
    let call = ModuleCall {
        name: run.into(),
        source,
        source_range,
        early: None,
        version,
        repetition: Repetition::Single,
        depends_on: Vec::new(),
        providers: Vec::new(),
        arguments: IndexMap::new(),
        body: Body::empty(block.def_range.clone()),
        range: block.def_range.clone(),
        missing_range: content.missing_range,
    };
    Some(TestModule { call, config: None })
}
