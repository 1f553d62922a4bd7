//! `for` expressions, and the iteration that template directives share.

use super::{Problem, collect_errors};
use crate::{Env, Expr, ForExpr, Local};
use cty::{Marks, Type, Value, convert};
use diags::Diagnostics;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What an iteration runs over.
pub(super) enum Collection {
    /// A known collection, without marks of its own.
    Known(Value),
    Unknown,
}

impl Expr {
    pub(super) fn evaluate_for(
        &self,
        parts: &ForExpr,
        env: &Env<'_>,
    ) -> Result<Value, Diagnostics> {
        let (collection, marks) = self.iterated(&parts.collection, env)?;
        let Collection::Known(collection) = collection else {
            return Ok(Value::dynamic().with_marks(marks));
        };
        let mut work = Work {
            marks,
            known: true,
            diags: Diagnostics::new(),
        };
        let value = match &parts.result_key {
            Some(key) => self.collect_object(parts, key, &collection, env, &mut work),
            None => self.collect_tuple(parts, &collection, env, &mut work),
        };
        if !work.diags.is_empty() {
            return Err(work.diags);
        }
        Ok(if work.known { value } else { Value::dynamic() }.with_marks(work.marks))
    }

    /// Evaluates what is iterated.
    pub(super) fn iterated(
        &self,
        collection: &Self,
        env: &Env<'_>,
    ) -> Result<(Collection, Marks), Diagnostics> {
        let (value, marks) = collection.evaluate(env)?.unmark();
        if value.is_null() {
            let problem = Problem::new(
                "Iteration over null value",
                "A null value cannot be used as the collection in a 'for' expression.",
            );
            return Err(collection.fail_inside(env, problem, self));
        }
        if value.ty().is_primitive() {
            let problem = Problem::new(
                "Iteration over non-iterable value",
                format!(
                    "A value of type {} cannot be used as the collection in a 'for' expression.",
                    value.ty().friendly_name()
                ),
            );
            return Err(collection.fail_inside(env, problem, self));
        }
        Ok((
            if value.is_known() {
                Collection::Known(value)
            } else {
                Collection::Unknown
            },
            marks,
        ))
    }

    /// An error about this expression, with a larger one as the context.
    #[cold]
    pub(super) fn fail_inside(
        &self,
        env: &Env<'_>,
        problem: Problem,
        around: &Self,
    ) -> Diagnostics {
        let mut diags = self.fail(env, problem, &self.range);
        for diagnostic in diags.iter_mut() {
            diagnostic.context = Some(around.range.clone());
        }
        diags
    }

    fn collect_tuple(
        &self,
        parts: &ForExpr,
        collection: &Value,
        env: &Env<'_>,
        work: &mut Work,
    ) -> Value {
        let mut values = Vec::with_capacity(collection.len().unwrap_or_default());
        each(collection, parts.key.as_deref(), &parts.value, env, |env| {
            if self.included(parts, env, work) == Some(true) {
                values.extend(collect_errors(parts.result.evaluate(env), &mut work.diags));
            }
        });
        Value::tuple(values)
    }

    fn collect_object(
        &self,
        parts: &ForExpr,
        key: &Self,
        collection: &Value,
        env: &Env<'_>,
        work: &mut Work,
    ) -> Value {
        let mut groups: BTreeMap<Arc<str>, Vec<Value>> = BTreeMap::new();
        each(collection, parts.key.as_deref(), &parts.value, env, |env| {
            if self.included(parts, env, work) != Some(true) {
                return;
            }
            let name = collect_errors(self.result_key(key, env, work), &mut work.diags);
            let value = collect_errors(parts.result.evaluate(env), &mut work.diags);
            let (Some(name), Some(value)) = (name, value) else {
                return;
            };
            let Some(name) = name else {
                work.known = false;
                return;
            };
            let group = groups.entry(name.clone()).or_default();
            if !parts.group && !group.is_empty() {
                let which = if work.marks.is_sensitive() {
                    "the same sensitive key".to_owned()
                } else {
                    format!("the key \"{name}\"")
                };
                let detail = format!(
                    "Two different items produced {which} in this 'for' expression. If duplicates are expected, use the \
                     ellipsis (...) after the value expression to enable grouping by key."
                );
                work.diags.append(key.fail_inside(
                    env,
                    Problem::new("Duplicate object key", detail),
                    self,
                ));
            } else {
                group.push(value);
            }
        });
        if parts.group {
            return Value::object(
                groups
                    .into_iter()
                    .map(|(name, values)| (name, Value::tuple(values))),
            );
        }
        Value::object(
            groups
                .into_iter()
                .filter_map(|(name, values)| Some((name, values.into_iter().next()?))),
        )
    }

    /// The text of a result key; `None` if it is unknown.
    fn result_key(
        &self,
        key: &Self,
        env: &Env<'_>,
        work: &mut Work,
    ) -> Result<Option<Arc<str>>, Diagnostics> {
        let (value, marks) = key.evaluate(env)?.unmark();
        work.marks |= marks;
        let fail = |detail: String| {
            Err(key.fail_inside(env, Problem::new("Invalid object key", detail), self))
        };
        if value.is_null() {
            return fail(
                "Key expression in 'for' expression must not produce a null value.".to_owned(),
            );
        }
        match convert(&value, &Type::String) {
            Ok(text) => Ok(text.as_str().cloned()),
            Err(error) => fail(format!(
                "The key expression produced an invalid result: {error}."
            )),
        }
    }

    /// Whether the `if` clause lets the element through; `None` if that is unknown or an error.
    fn included(&self, parts: &ForExpr, env: &Env<'_>, work: &mut Work) -> Option<bool> {
        let Some(condition) = &parts.condition else {
            return Some(true);
        };
        let (value, marks) = collect_errors(condition.evaluate(env), &mut work.diags)?.unmark();
        work.marks |= marks;
        let mut fail = |summary: &str, detail: String| {
            work.diags
                .append(condition.fail_inside(env, Problem::new(summary, detail), self));
            None
        };
        if value.is_null() {
            return fail(
                "Condition is null",
                "The value of the 'if' clause must not be null.".to_owned(),
            );
        }
        match convert(&value, &Type::Bool) {
            Ok(value) if value.is_known() => value.as_bool(),
            Ok(_) => {
                work.known = false;
                None
            }
            Err(error) => fail(
                "Invalid 'for' condition",
                format!("The 'if' clause value is invalid: {error}."),
            ),
        }
    }
}

struct Work {
    marks: Marks,
    known: bool,
    diags: Diagnostics,
}

/// Runs `body` for each element with the names of the `for` in its environment.
pub(super) fn each(
    collection: &Value,
    key_name: Option<&str>,
    value_name: &str,
    env: &Env<'_>,
    mut body: impl FnMut(&Env<'_>),
) {
    for (key, value) in collection.elements() {
        match key_name {
            Some(name) => {
                let key = Local {
                    name,
                    value: key,
                    outer: env.local,
                };
                let value = Local {
                    name: value_name,
                    value: value.clone(),
                    outer: Some(&key),
                };
                body(&Env {
                    scope: env.scope,
                    local: Some(&value),
                });
            }
            None => {
                let value = Local {
                    name: value_name,
                    value: value.clone(),
                    outer: env.local,
                };
                body(&Env {
                    scope: env.scope,
                    local: Some(&value),
                });
            }
        }
    }
}
