//! Conditionals.

use super::Problem;
use crate::{ConditionalExpr, Env, Expr};
use cty::{Marks, Number, Refinement, Type, Value, convert, unify_unsafe};
use diags::Diagnostics;

impl Expr {
    pub(super) fn evaluate_conditional(
        &self,
        parts: &ConditionalExpr,
        env: &Env<'_>,
    ) -> Result<Value, Diagnostics> {
        let condition = parts.condition.evaluate(env);
        let then = parts.then.evaluate(env);
        let otherwise = parts.otherwise.evaluate(env);
        let ty = self.result_type(parts, env, then.as_ref().ok(), otherwise.as_ref().ok());
        let condition = match (condition, &ty) {
            (Err(mut errors), Err(more)) => {
                errors.append(more.clone());
                return Err(errors);
            }
            (condition, _) => condition?,
        };
        let ty = ty?;
        // Both results' marks: which one it is may not be told by the marks.
        let of =
            |result: &Result<Value, Diagnostics>| result.as_ref().map_or(Marks::NONE, Value::marks);
        let marks = condition.marks() | of(&then) | of(&otherwise);
        match self.truth(&parts.condition, &condition, env)? {
            Some(holds) => {
                let (value, name) = if holds {
                    (then?, "true")
                } else {
                    (otherwise?, "false")
                };
                let value = convert(&value, &ty).map_err(|error| {
                    let detail = format!("The {name} result value has the wrong type: {error}.");
                    self.fail(
                        env,
                        Problem::new("Inconsistent conditional result types", detail),
                        &self.range,
                    )
                })?;
                Ok(value.with_marks(marks))
            }
            None => {
                let (then, otherwise) = (
                    then.unwrap_or_else(|_| Value::dynamic()),
                    otherwise.unwrap_or_else(|_| Value::dynamic()),
                );
                Ok(either(&then.unmark().0, &otherwise.unmark().0, ty).with_marks(marks))
            }
        }
    }

    /// The type that both results are brought to. A result with an error can be of any type.
    fn result_type(
        &self,
        parts: &ConditionalExpr,
        env: &Env<'_>,
        then: Option<&Value>,
        otherwise: Option<&Value>,
    ) -> Result<Type, Diagnostics> {
        let untyped_null = |value: &Value| value.is_null() && *value.ty() == Type::Dynamic;
        let (Some(then), Some(otherwise)) = (then, otherwise) else {
            return Ok(Type::Dynamic);
        };
        if untyped_null(then) || then.ty() == otherwise.ty() {
            return Ok(otherwise.ty().clone());
        }
        if untyped_null(otherwise) {
            return Ok(then.ty().clone());
        }
        if *then.ty() == Type::Dynamic || *otherwise.ty() == Type::Dynamic {
            return Ok(Type::Dynamic);
        }
        unify_unsafe(&[then.ty().clone(), otherwise.ty().clone()]).ok_or_else(|| {
            let detail = format!(
                "The true and false result expressions must have consistent types. {}.",
                describe_mismatch(then.ty(), otherwise.ty())
            );
            self.fail(
                env,
                Problem::new("Inconsistent conditional result types", detail),
                &parts.then.range.to(&parts.otherwise.range),
            )
        })
    }

    /// Whether the condition holds; `None` if that is unknown.
    pub(super) fn truth(
        &self,
        expr: &Self,
        condition: &Value,
        env: &Env<'_>,
    ) -> Result<Option<bool>, Diagnostics> {
        let fail = |summary: &str, detail: &str| {
            let mut diags = self.fail(env, Problem::new(summary, detail), &expr.range);
            for diagnostic in diags.iter_mut() {
                diagnostic.values = expr.mentioned_values(env, super::Mention::default());
            }
            Err(diags)
        };
        if condition.is_null() {
            return fail(
                "Null condition",
                "The condition value is null. Conditions must either be true or false.",
            );
        }
        if !condition.is_known() {
            return Ok(None);
        }
        match convert(condition, &Type::Bool) {
            Ok(value) => Ok(value.as_bool()),
            Err(_) => fail(
                "Incorrect condition type",
                "The condition expression must be of type bool.",
            ),
        }
    }
}

/// What is known of a value that will be one of two.
fn either(then: &Value, otherwise: &Value, ty: Type) -> Value {
    if then.is_null() && otherwise.is_null() {
        return Value::null(ty);
    }
    let mut refinement = Refinement {
        not_null: then.is_definitely_not_null() && otherwise.is_definitely_not_null(),
        ..Refinement::default()
    };
    let both = (then.ty(), otherwise.ty());
    if matches!(both, (Type::Number, Type::Number)) {
        let bounds = |v: &Value| match v.as_number() {
            Some(n) => (Some((n.clone(), true)), Some((n.clone(), true))),
            None => v
                .refinement()
                .map_or((None, None), |r| (r.lower.clone(), r.upper.clone())),
        };
        let ((lower_a, upper_a), (lower_b, upper_b)) = (bounds(then), bounds(otherwise));
        refinement.lower = lower_a.zip(lower_b).map(|(a, b)| wider(a, b, |a, b| a < b));
        refinement.upper = upper_a.zip(upper_b).map(|(a, b)| wider(a, b, |a, b| a > b));
    } else if both.0 == both.1 && ty.is_collection() && !then.is_null() && !otherwise.is_null() {
        let bounds = |v: &Value| match v.len() {
            Some(len) if matches!(v.ty(), Type::Set(_)) && !v.is_wholly_known() => {
                (len.min(1) as u64, Some(len as u64))
            }
            Some(len) => (len as u64, Some(len as u64)),
            None => v.refinement().map_or((0, None), |r| (r.min_len, r.max_len)),
        };
        let ((min_a, max_a), (min_b, max_b)) = (bounds(then), bounds(otherwise));
        refinement.min_len = min_a.min(min_b);
        refinement.max_len = max_a.zip(max_b).map(|(a, b)| a.max(b));
    }
    Value::unknown_refined(ty, refinement)
}

/// The bound that lets more through.
fn wider(
    a: (Number, bool),
    b: (Number, bool),
    beyond: fn(&Number, &Number) -> bool,
) -> (Number, bool) {
    if a.0 == b.0 {
        (a.0, a.1 || b.1)
    } else if beyond(&a.0, &b.0) {
        a
    } else {
        b
    }
}

/// Where two types differ so that there is no common one.
fn describe_mismatch(then: &Type, otherwise: &Type) -> String {
    match (then, otherwise) {
        (Type::Object(a), Type::Object(b)) => {
            if let Some((name, _)) = a.iter().find(|(name, _)| b.get(name).is_none()) {
                return format!(
                    "The 'true' value includes object attribute \"{name}\", which is absent in the 'false' value"
                );
            }
            if let Some((name, _)) = b.iter().find(|(name, _)| a.get(name).is_none()) {
                return format!(
                    "The 'false' value includes object attribute \"{name}\", which is absent in the 'true' value"
                );
            }
            for ((name, x), (_, y)) in a.iter().zip(b.iter()) {
                if unify_unsafe(&[x.clone(), y.clone()]).is_none() {
                    return format!(
                        "Type mismatch for object attribute \"{name}\": {}",
                        describe_mismatch(x, y)
                    );
                }
            }
        }
        (Type::Tuple(a), Type::Tuple(b)) => {
            if a.len() != b.len() {
                return format!(
                    "The 'true' tuple has length {}, but the 'false' tuple has length {}",
                    a.len(),
                    b.len()
                );
            }
            for (i, (x, y)) in a.iter().zip(b.iter()).enumerate() {
                if unify_unsafe(&[x.clone(), y.clone()]).is_none() {
                    return format!(
                        "Type mismatch for tuple element {i}: {}",
                        describe_mismatch(x, y)
                    );
                }
            }
        }
        (Type::List(a), Type::List(b)) => {
            return format!("Mismatched list element types: {}", describe_mismatch(a, b));
        }
        (Type::Set(a), Type::Set(b)) => {
            return format!("Mismatched set element types: {}", describe_mismatch(a, b));
        }
        (Type::Map(a), Type::Map(b)) => {
            return format!("Mismatched map element types: {}", describe_mismatch(a, b));
        }
        _ => {}
    }
    format!(
        "The 'true' value is {}, but the 'false' value is {}",
        then.friendly_name(),
        otherwise.friendly_name()
    )
}
