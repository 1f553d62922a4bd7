//! Arguments that must be literal.

use cty::{Type, Value};
use diags::{Diagnostic, Diagnostics, SourceRange};
use hcl::{Attribute, Env, Expr, ExprKind, MapScope};
use std::sync::Arc;

/// The value of an expression that may refer to nothing and call nothing.
pub(crate) fn value(expr: &Expr, diags: &mut Diagnostics) -> Option<Value> {
    if let Some(traversal) = expr.traversals().first() {
        diags.push(
            Diagnostic::error(
                "Variables not allowed",
                "Nothing can be referred to here: write the value itself.",
            )
            .at(traversal.root_range.clone())
            .within(expr.range.clone()),
        );
        return None;
    }
    let scope = MapScope::new(Vec::<(Arc<str>, Value)>::new());
    match expr.evaluate(&Env::new(&scope)) {
        Ok(value) => Some(value),
        Err(mut problems) => {
            for problem in problems.iter_mut() {
                if problem.summary == "Call to unknown function" {
                    problem.summary = "Function calls not allowed".into();
                    problem.detail =
                        "No functions can be called here: write the value itself.".into();
                    problem.subject = problem.context.take().or(problem.subject.take());
                }
            }
            diags.append(problems);
            None
        }
    }
}

/// A value as a string.
pub(crate) fn as_string(
    attribute: &Attribute,
    value: &Value,
    diags: &mut Diagnostics,
) -> Option<Arc<str>> {
    fitting(attribute, Some(value), &Type::String, diags).and_then(|v| v.as_str().cloned())
}

fn converted(attribute: &Attribute, ty: &Type, diags: &mut Diagnostics) -> Option<Value> {
    let value = value(&attribute.expr, diags);
    fitting(attribute, value.as_ref(), ty, diags)
}

/// A value in the type that an argument has; one that could not be computed fits nothing.
fn fitting(
    attribute: &Attribute,
    value: Option<&Value>,
    ty: &Type,
    diags: &mut Diagnostics,
) -> Option<Value> {
    let problem = match value.map(|v| cty::convert(v, ty)) {
        None => "value must be known".to_owned(),
        Some(Ok(value)) if value.is_null() => "null value is not allowed".to_owned(),
        Some(Ok(value)) => return Some(value),
        Some(Err(e)) => e.to_string(),
    };
    diags.push(
        Diagnostic::error(
            "Unsuitable value type",
            format!(
                "Unsuitable value for argument {:?}: {problem}.",
                &*attribute.name
            ),
        )
        .at(start_range(&attribute.expr))
        .within(attribute.range.clone()),
    );
    None
}

/// A literal string.
pub(crate) fn string(attribute: &Attribute, diags: &mut Diagnostics) -> Option<Arc<str>> {
    converted(attribute, &Type::String, diags).and_then(|v| v.as_str().cloned())
}

/// A literal bool.
pub(crate) fn bool(attribute: &Attribute, diags: &mut Diagnostics) -> Option<bool> {
    converted(attribute, &Type::Bool, diags).and_then(|v| v.as_bool())
}

/// The text, if the expression is a string without interpolation.
pub(crate) fn literal_string(expr: &Expr) -> Option<&Arc<str>> {
    expr.as_literal().and_then(Value::as_str)
}

/// The beginning of an expression that problems with its value point at: what is in the quotes, or
/// the opening bracket.
pub(crate) fn start_range(expr: &Expr) -> SourceRange {
    let mut range = expr.range.clone();
    let length = range.end.byte - range.start.byte;
    match &*expr.kind {
        ExprKind::Literal(value)
            if value.as_str().is_some() && length > 2 && range.start.line == range.end.line =>
        {
            range.start.byte += 1;
            range.start.column += 1;
            range.end.byte -= 1;
            range.end.column -= 1;
        }
        ExprKind::Tuple(_) | ExprKind::Object(_) => {
            range.end = range.start;
            range.end.byte += 1;
            range.end.column += 1;
        }
        ExprKind::Call(call) => range = call.name_range.clone(),
        _ => {}
    }
    range
}

/// Warns of a reference in quotes, as the language once had them. In JSON there is no other way.
pub(crate) fn warn_quoted(expr: &Expr, diags: &mut Diagnostics) {
    if expr.range.file.ends_with(".json") {
        return;
    }
    diags.push(
        Diagnostic::warning(
            "Quoted references are deprecated",
            "References are written without quotes here. The quotes are understood for the sake of old configurations: \
             remove them.",
        )
        .at(expr.range.clone()),
    );
}

/// The text of a version constraint, which is checked.
pub(crate) fn version_constraint(
    attribute: &Attribute,
    diags: &mut Diagnostics,
) -> Option<Arc<str>> {
    let text = string(attribute, diags)?;
    check_constraint(&text, &attribute.expr, diags).then_some(text)
}

/// Whether a text is a version constraint.
pub(crate) fn check_constraint(text: &str, expr: &Expr, diags: &mut Diagnostics) -> bool {
    let is_one = crate::VersionConstraints::parse(text).is_some();
    if !is_one {
        diags.push(
            Diagnostic::error(
                "Invalid version constraint",
                "Conditions with commas between them are required, such as \">= 1.2, < 2.0\" or \"~> 1.4\".",
            )
            .at(expr.range.clone()),
        );
    }
    is_one
}
