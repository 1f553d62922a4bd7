//! Tuple and object constructors.

use super::{Problem, collect_errors};
use crate::{Env, Expr, ExprKind, ObjectItem};
use cty::{Marks, Type, Value, convert};
use diags::Diagnostics;
use std::sync::Arc;

pub(super) fn tuple(items: &[Expr], env: &Env<'_>) -> Result<Value, Diagnostics> {
    let mut diags = Diagnostics::new();
    let mut values = Vec::with_capacity(items.len());
    for item in items {
        values.extend(collect_errors(item.evaluate(env), &mut diags));
    }
    if diags.is_empty() {
        Ok(Value::tuple(values))
    } else {
        Err(diags)
    }
}

pub(super) fn object(items: &[ObjectItem], env: &Env<'_>) -> Result<Value, Diagnostics> {
    let mut diags = Diagnostics::new();
    let mut attrs = Vec::with_capacity(items.len());
    let mut marks = Marks::NONE;
    let mut known = true;
    for item in items {
        let key = collect_errors(object_key(&item.key, env, &mut marks), &mut diags);
        let value = collect_errors(item.value.evaluate(env), &mut diags);
        if let (Some(key), Some(value)) = (key, value) {
            match key {
                Some(key) => attrs.push((key, value)),
                None => known = false,
            }
        }
    }
    if !diags.is_empty() {
        return Err(diags);
    }
    let value = if known {
        Value::object(attrs)
    } else {
        Value::dynamic()
    };
    Ok(value.with_marks(marks))
}

/// The text of a key; `None` if it is unknown.
fn object_key(
    key: &Expr,
    env: &Env<'_>,
    marks: &mut Marks,
) -> Result<Option<Arc<str>>, Diagnostics> {
    if let Some(text) = key.as_literal().and_then(Value::as_str) {
        return Ok(Some(text.clone()));
    }
    // A bare word is a name here, whatever it means elsewhere.
    if matches!(&*key.kind, ExprKind::Literal(value) if value.is_null()) {
        return Ok(Some("null".into()));
    }
    let fail = |summary: &str, detail: String| {
        Err(key.fail(env, Problem::new(summary, detail), &key.range))
    };
    if matches!(*key.kind, ExprKind::Traversal(_)) {
        return fail(
            "Ambiguous attribute key",
            "If this expression is intended to be a reference, wrap it in parentheses. If it's instead intended as a \
             literal name containing periods, wrap it in quotes to create a string literal."
                .to_owned(),
        );
    }
    let (value, key_marks) = key.evaluate(env)?.unmark();
    *marks |= key_marks;
    if value.is_null() {
        return fail(
            "Null value as key",
            "Can't use a null value as a key.".to_owned(),
        );
    }
    match convert(&value, &Type::String) {
        Ok(text) => Ok(text.as_str().cloned()),
        Err(error) => fail(
            "Incorrect key type",
            format!("Can't use this value as a key: {error}."),
        ),
    }
}
