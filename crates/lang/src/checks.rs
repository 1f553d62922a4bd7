//! Conditions: validation of variables, preconditions and postconditions.

use crate::RepetitionData;
use crate::evaluator::{Dep, Evaluated, Evaluator, Want};
use crate::instances::ModuleInst;
use crate::settings::Mode;
use configs::{CheckRule, Output, Variable};
use cty::{Marks, Type, Value};
use diags::{Diagnostic, Diagnostics, SourceRange};
use hcl::Env;
use std::rc::Rc;
use std::sync::Arc;

/// How a check came out; the worst of several is the greatest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CheckStatus {
    /// It holds.
    Pass,
    /// It cannot be told yet.
    Unknown,
    /// It does not hold.
    Fail,
    /// It could not be evaluated.
    Error,
}

/// How the checks of one object came out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckOutcome {
    /// `resource`, `output`, `check` or `var`.
    pub kind: &'static str,
    /// The object's address without instance keys.
    pub config_addr: Arc<str>,
    /// The object's address.
    pub object_addr: Arc<str>,
    /// The worst of all its checks.
    pub status: CheckStatus,
    /// What failed checks said.
    pub messages: Vec<Arc<str>>,
}

/// What is checked, for the wording of a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RuleKind {
    /// A variable's `validation`.
    Validation,
    /// A resource's `precondition`.
    Precondition,
    /// A resource's `postcondition`.
    Postcondition,
    /// An output's `precondition`.
    OutputPrecondition,
    /// A check block's `assert`: what does not hold is a warning.
    Assertion,
}

impl RuleKind {
    const fn failure(self) -> &'static str {
        match self {
            Self::Validation => "Invalid value for variable",
            Self::Precondition => "Resource precondition failed",
            Self::Postcondition => "Resource postcondition failed",
            Self::OutputPrecondition => "Module output value precondition failed",
            Self::Assertion => "Check block assertion failed",
        }
    }
}

/// Evaluates rules in an environment: the worst status, what failed rules said, and the problems.
pub fn evaluate_rules<'r>(
    rules: impl IntoIterator<Item = &'r CheckRule>,
    kind: RuleKind,
    env: &Env<'_>,
) -> (CheckStatus, Vec<Arc<str>>, Diagnostics) {
    evaluate_rules_of(rules, kind, env, None)
}

/// Evaluates rules of a value that was given at `given`.
fn evaluate_rules_of<'r>(
    rules: impl IntoIterator<Item = &'r CheckRule>,
    kind: RuleKind,
    env: &Env<'_>,
    given: Option<&SourceRange>,
) -> (CheckStatus, Vec<Arc<str>>, Diagnostics) {
    let mut worst = CheckStatus::Pass;
    let mut messages = Vec::new();
    let mut diags = Diagnostics::new();
    for rule in rules {
        let mut status = match condition(rule, env) {
            Ok(status) => status,
            Err(problems) => {
                diags.append(problems);
                CheckStatus::Error
            }
        };
        // What is wrong with a message is wrong before it is needed.
        let mut message = Message::Later;
        let eager = kind != RuleKind::Validation && rule.error_message.as_literal().is_none();
        if eager || status == CheckStatus::Fail {
            message = error_message(rule, kind, env, &mut diags);
        }
        if matches!(message, Message::Invalid) && kind != RuleKind::Validation {
            status = CheckStatus::Error;
        }
        worst = worst.max(status);
        if status == CheckStatus::Unknown && kind == RuleKind::Assertion {
            diags.push(known_later(rule, env));
        }
        if status == CheckStatus::Fail {
            let (message, said) = match message {
                Message::Text(text) => (text, true),
                Message::Hidden(why) if kind != RuleKind::Assertion => (why.into(), true),
                _ => (UNSAID.into(), kind != RuleKind::Assertion),
            };
            diags.push(failure(rule, kind, env, given, &message));
            if said {
                messages.push(message);
            }
        }
    }
    (worst, messages, diags)
}

/// What a rule says when it does not hold.
enum Message {
    Text(Arc<str>),
    /// It holds something that must not be shown.
    Hidden(&'static str),
    /// It is not known yet, or nobody asked.
    Later,
    /// Something is wrong with it, and that was reported.
    Invalid,
}

const UNSAID: &str = "This check failed, but its error message cannot be shown: it is not known yet, or it is hidden.";

/// A rule that does not hold.
fn failure(
    rule: &CheckRule,
    kind: RuleKind,
    env: &Env<'_>,
    given: Option<&SourceRange>,
    message: &str,
) -> Diagnostic {
    let failure = match kind {
        RuleKind::Assertion => Diagnostic::warning(kind.failure(), message),
        RuleKind::Validation => Diagnostic::error(
            kind.failure(),
            format!(
                "{message}\n\nThis was checked by the validation rule at {}.",
                rule.range
            ),
        ),
        _ => Diagnostic::error(kind.failure(), message),
    };
    let subject = given.unwrap_or(&rule.condition.range);
    failure
        .at(subject.clone())
        .of_rule(rule.condition.range.clone())
        .with_values(
            rule.condition
                .mentioned_values(env, hcl::Mention::default()),
        )
}

fn known_later(rule: &CheckRule, env: &Env<'_>) -> Diagnostic {
    Diagnostic::warning(
        "Check block assertion known after apply",
        "The condition could not be evaluated at this time, a result will be known when this plan is applied.",
    )
    .at(rule.condition.range.clone())
    .of_rule(rule.condition.range.clone())
    .with_values(
        rule.condition
            .mentioned_values(env, hcl::Mention::default()),
    )
}

fn condition(rule: &CheckRule, env: &Env<'_>) -> Result<CheckStatus, Diagnostics> {
    let value = rule.condition.evaluate(env)?;
    let value = value.unmark().0;
    let invalid = |detail: String| {
        Diagnostics::from(
            Diagnostic::error("Invalid condition result", detail).at(rule.condition.range.clone()),
        )
    };
    if value.is_null() {
        return Err(invalid(
            "Condition expression must return either true or false, not null.".into(),
        ));
    }
    let value = cty::convert(&value, &Type::Bool)
        .map_err(|e| invalid(format!("Invalid condition result value: {e}.")))?;
    Ok(match value.as_bool() {
        Some(true) => CheckStatus::Pass,
        Some(false) => CheckStatus::Fail,
        None => CheckStatus::Unknown,
    })
}

/// Evaluates what a rule says when it does not hold.
fn error_message(
    rule: &CheckRule,
    kind: RuleKind,
    env: &Env<'_>,
    diags: &mut Diagnostics,
) -> Message {
    let value = match rule.error_message.evaluate(env) {
        Ok(value) => value,
        Err(problems) => {
            diags.append(problems);
            return Message::Invalid;
        }
    };
    if value.all_marks().is_ephemeral() {
        diags.push(
            Diagnostic::warning(
                "Error message refers to ephemeral values",
                "The error expression used to explain this condition refers to ephemeral values, so the message will not be \
                 displayed. Remove the references to them, or use ephemeralasnull() on them.",
            )
            .at(rule.error_message.range.clone()),
        );
        return Message::Hidden(
            "The error message included an ephemeral value, so it will not be displayed.",
        );
    }
    if value.all_marks() != Marks::NONE {
        // A variable's own value may well be a secret; that the message is hidden says enough.
        if kind != RuleKind::Validation {
            diags.push(
                Diagnostic::warning(
                    "Error message refers to sensitive values",
                    "The error expression used to explain this condition refers to sensitive values, so the message \
                     will not be displayed. You can correct this by removing references to them, or by carefully using the \
                     nonsensitive() function if the expression will not reveal the data.",
                )
                .at(rule.error_message.range.clone()),
            );
        }
        return Message::Hidden(
            "The error message included a sensitive value, so it will not be displayed.",
        );
    }
    match cty::convert(&value, &Type::String) {
        Ok(text) if !text.is_known() => Message::Later,
        Ok(text) if text.as_str().is_some() => {
            Message::Text(text.as_str().map_or("", |t| t.trim()).into())
        }
        _ => {
            diags.push(
                Diagnostic::error(
                    "Invalid error message",
                    "Unsuitable value for error message: a string is required.",
                )
                .at(rule.error_message.range.clone()),
            );
            Message::Invalid
        }
    }
}

/// Checks a variable's rules; whether its value may be used.
pub(crate) fn validate(
    evaluator: &Evaluator<'_>,
    inst: &ModuleInst,
    index: u32,
    variable: &Variable,
    value: &Value,
    given: &SourceRange,
) -> Result<bool, Vec<Want>> {
    let (outcome, _) =
        evaluator.attempt_with(inst, &RepetitionData::None, Some((index, value)), |env| {
            Ok(evaluate_rules_of(
                &variable.validations,
                RuleKind::Validation,
                env,
                Some(given),
            ))
        })?;
    let Ok((status, messages, diags)) = outcome else {
        return Ok(false);
    };
    if evaluator.settings.mode == Mode::Validate && status == CheckStatus::Unknown {
        return Ok(true);
    }
    let failed = diags.has_errors();
    // What was given is where the mistake is, but the rule is what explains it.
    evaluator.report(diags);
    let path = inst.addr.module();
    evaluator.record_check(CheckOutcome {
        kind: "var",
        config_addr: address(&path.to_string(), "var", &variable.name),
        object_addr: address(&inst.addr.to_string(), "var", &variable.name),
        status,
        messages,
    });
    Ok(!failed)
}

fn address(module: &str, prefix: &str, name: &str) -> Arc<str> {
    if module.is_empty() {
        format!("{prefix}.{name}").into()
    } else {
        format!("{module}.{prefix}.{name}").into()
    }
}

/// An output's value, after its preconditions.
pub(crate) fn output(
    evaluator: &Evaluator<'_>,
    inst: &ModuleInst,
    output: &Output,
) -> Result<Evaluated, Vec<Want>> {
    let none = RepetitionData::None;
    let mut deps: Vec<Dep> = Vec::new();
    if !output.preconditions.is_empty() {
        let (outcome, read) = evaluator.attempt(inst, &none, |env| {
            Ok(evaluate_rules(
                &output.preconditions,
                RuleKind::OutputPrecondition,
                env,
            ))
        })?;
        deps.extend(read.iter().copied());
        let Ok((status, messages, diags)) = outcome else {
            return Ok(Evaluated::failed());
        };
        let failed = diags.has_errors();
        evaluator.report(diags);
        let path = inst.addr.module();
        evaluator.record_check(CheckOutcome {
            kind: "output",
            config_addr: address(&path.to_string(), "output", &output.name),
            object_addr: address(&inst.addr.to_string(), "output", &output.name),
            status,
            messages,
        });
        if failed {
            return Ok(Evaluated::failed());
        }
    }
    let (value, read) = evaluator.attempt(inst, &none, |env| output.expr.evaluate(env))?;
    deps.extend(read.iter().copied());
    deps.sort_unstable();
    deps.dedup();
    let value = value.and_then(|value| guard(inst, output, value));
    let deps: Rc<[Dep]> = deps.into();
    Ok(evaluator.evaluated((value, deps)))
}

/// Marks of an output: what is hidden must be declared so at the root.
fn guard(inst: &ModuleInst, output: &Output, value: Value) -> Result<Value, Diagnostics> {
    let root = inst.parent.is_none();
    let marks = value.all_marks();
    if root && output.ephemeral {
        return Err(Diagnostic::error(
            "Ephemeral output not allowed",
            "What the root module puts out is stored in the state, so its outputs cannot be ephemeral. Only a called module's can.",
        )
        .at(output.range.clone())
        .into());
    }
    if root && marks.is_sensitive() && !output.sensitive {
        return Err(Diagnostic::error(
            "Output refers to sensitive values",
            "To reduce the risk of accidentally exporting sensitive data that was intended to be only internal, a root module \
             output containing sensitive values must be explicitly marked as sensitive.\n\nIf you do intend to export this \
             data, annotate the output value as sensitive by adding the following argument:\n    sensitive = true",
        )
        .at(output.range.clone())
        .into());
    }
    if marks.is_ephemeral() && !output.ephemeral {
        return Err(Diagnostic::error(
            "Ephemeral value not allowed",
            "This output value is not declared as returning an ephemeral value, so it cannot be set to a result derived from \
             an ephemeral value.",
        )
        .at(output.expr.range.clone())
        .into());
    }
    if output.ephemeral && !marks.is_ephemeral() {
        return Err(Diagnostic::error(
            "Value not allowed in ephemeral output",
            "This output value is declared as ephemeral, so it can only be set to a value that is. Remove ephemeral = true.",
        )
        .at(output.expr.range.clone())
        .into());
    }
    let mut add = Marks::NONE;
    // `sensitive` in a called module hides nothing: Terraform 1.11 does so, and what it accepts must be
    // accepted. Values that are sensitive by themselves stay so.
    if output.sensitive && root {
        add |= Marks::SENSITIVE;
    }
    if output.ephemeral {
        add |= Marks::EPHEMERAL;
    }
    Ok(value.with_marks(add))
}
