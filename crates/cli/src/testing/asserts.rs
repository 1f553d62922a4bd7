//! Assertions over what a run has planned or made.

use super::Status;
use super::scope::{AssertScope, Runs};
use configs::CheckRule;
use cty::{Marks, Type, Value};
use diags::{Diagnostic, Diagnostics};
use hcl::{Env, Expr, Traversal};
use lang::{Evaluator, InstId, RepetitionData};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Evaluates the assertions of a run: the worst status, and what is to be told.
pub(super) fn evaluate(
    rules: &[CheckRule],
    evaluator: &Evaluator<'_>,
    runs: &Runs,
    variables: &BTreeMap<Arc<str>, Value>,
) -> (Status, Diagnostics) {
    let root = evaluator.inst(InstId(0));
    let (mut worst, mut diags) = (Status::Pass, Diagnostics::new());
    for rule in rules {
        let (result, _) = evaluator.evaluate(&root, &RepetitionData::None, None, |env| {
            let scope = AssertScope {
                module: env.scope,
                evaluator,
                runs,
                variables,
            };
            Ok(one(rule, &Env::new(&scope)))
        });
        match result {
            Ok((status, problems)) => {
                worst = worst.max(status);
                diags.append(problems);
            }
            Err(problems) => {
                worst = Status::Error;
                diags.append(problems);
            }
        }
    }
    (worst, diags)
}

/// What is no reference at all, whatever is declared.
pub(super) fn check_references(rules: &[CheckRule]) -> Diagnostics {
    let exprs = rules.iter().flat_map(|r| [&r.condition, &r.error_message]);
    let of_tests = |t: &Traversal| {
        let named = matches!(t.steps.first(), Some(hcl::TraversalStep::Attr { .. }));
        named && ["run", "output", "check"].contains(&&*t.root)
    };
    exprs
        .flat_map(Expr::traversals)
        .filter(|t| !of_tests(t))
        .filter_map(|t| addrs::Reference::parse(t).err())
        .map(|problem| *problem)
        .collect()
}

fn one(rule: &CheckRule, env: &Env<'_>) -> (Status, Diagnostics) {
    let mut diags = Diagnostics::new();
    let message = message(rule, env, &mut diags);
    let invalid = |detail: String| {
        Diagnostic::error("Invalid condition run", detail).at(rule.condition.range.clone())
    };
    let value = match rule.condition.evaluate(env) {
        Ok(value) => value.unmark().0,
        Err(problems) => {
            diags.append(problems);
            return (Status::Error, diags);
        }
    };
    if diags.has_errors() {
        return (Status::Error, diags);
    }
    if value.is_null() {
        diags.push(invalid(
            "The condition is null: true or false is expected.".into(),
        ));
        return (Status::Error, diags);
    }
    if !value.is_known() {
        diags.push(unknown(rule, env));
        return (Status::Error, diags);
    }
    let value = match cty::convert(&value, &Type::Bool) {
        Ok(value) => value,
        Err(e) => {
            diags.push(invalid(format!(
                "The condition is neither true nor false: {e}."
            )));
            return (Status::Error, diags);
        }
    };
    if value.as_bool() == Some(true) {
        return (Status::Pass, diags);
    }
    let failure = Diagnostic::error("Test assertion failed", &*message)
        .at(rule.condition.range.clone())
        .with_values(
            rule.condition
                .mentioned_values(env, hcl::Mention::default()),
        );
    diags.push(failure);
    (Status::Fail, diags)
}

fn unknown(rule: &CheckRule, env: &Env<'_>) -> Diagnostic {
    Diagnostic::error(
        "Unknown condition value",
        "The condition is not known yet: the run only plans (command = plan), and something that the condition refers to is known \
         after an apply only. Leave it out of the condition, let the run apply, or override the value with override_during = plan.",
    )
    .at(rule.condition.range.clone())
    .with_values(
        rule.condition
            .mentioned_values(env, hcl::Mention::default()),
    )
}

/// What a rule says when it does not hold; nothing if that must not be shown.
fn message(rule: &CheckRule, env: &Env<'_>, diags: &mut Diagnostics) -> Arc<str> {
    let range = || rule.error_message.range.clone();
    let value = match rule.error_message.evaluate(env) {
        Ok(value) => value,
        Err(problems) => {
            diags.append(problems);
            return "".into();
        }
    };
    let marks = value.all_marks();
    if marks != Marks::NONE {
        let (kind, fix) = match marks.is_ephemeral() {
            true => ("ephemeral", "ephemeralasnull()"),
            false => ("sensitive", "nonsensitive()"),
        };
        diags.push(
            Diagnostic::warning(
                format!("Error message refers to {kind} values"),
                format!(
                    "The message is made from {kind} values, so it is not shown. Leave them out, or use {fix} on what may be shown."
                ),
            )
            .at(range()),
        );
        return "".into();
    }
    match cty::convert(&value, &Type::String) {
        Ok(text) if !text.is_known() => "".into(),
        Ok(text) if text.as_str().is_some() => text.as_str().map_or("", |t| t.trim()).into(),
        _ => {
            diags.push(
                Diagnostic::error("Invalid error message", "The message must be a string.")
                    .at(range()),
            );
            "".into()
        }
    }
}
