//! Splats.

use super::repeat::each;
use super::{ITEM, Problem, collect_errors};
use crate::{Env, Expr, Local, Splat};
use cty::{Refinement, Type, Value};
use diags::Diagnostics;

impl Expr {
    pub(super) fn evaluate_splat(
        &self,
        splat: &Splat,
        env: &Env<'_>,
    ) -> Result<Value, Diagnostics> {
        let (source, marks) = splat.source.evaluate(env)?.unmark();
        let is_sequence = matches!(source.ty(), Type::List(_) | Type::Set(_) | Type::Tuple(_));
        if source.is_null() {
            if !is_sequence {
                return Ok(Value::tuple(Vec::new()).with_marks(marks));
            }
            let problem = Problem::new(
                "Splat of null value",
                "Splat expressions (with the * symbol) cannot be applied to null sequences.",
            );
            return Err(splat.source.fail_inside(env, problem, self));
        }
        if *source.ty() == Type::Dynamic {
            return Ok(Value::dynamic().with_marks(marks));
        }
        let result = if !is_sequence {
            // One value is like a list of one; but if it may be null, it may be like an empty list.
            let may_be_null = !source.is_known() && !source.is_definitely_not_null();
            let value = self.splat_item(splat, source, env)?;
            if may_be_null {
                Value::dynamic()
            } else {
                Value::tuple(vec![value])
            }
        } else if source.is_known() {
            self.splat_elements(splat, &source, env)?
        } else {
            self.splat_unknown(splat, &source, env)?
        };
        Ok(result.with_marks(marks))
    }

    fn splat_elements(
        &self,
        splat: &Splat,
        source: &Value,
        env: &Env<'_>,
    ) -> Result<Value, Diagnostics> {
        let mut diags = Diagnostics::new();
        let mut values = Vec::with_capacity(source.len().unwrap_or_default());
        each(source, None, ITEM, env, |env| {
            values.extend(collect_errors(self.splat_here(splat, env), &mut diags));
        });
        if !diags.is_empty() {
            return Err(diags);
        }
        let Some(element) = source.ty().element_type() else {
            return Ok(Value::tuple(values));
        };
        let ty = match values.first() {
            Some(first) => first.ty().clone(),
            None => self
                .splat_item(splat, Value::unknown(element.clone()), env)?
                .ty()
                .clone(),
        };
        if values.iter().all(|v| *v.ty() == ty) {
            return Ok(Value::list(ty, values));
        }
        Ok(Value::tuple(values))
    }

    /// The splat of an unknown list, set or tuple: what its type and length tell.
    fn splat_unknown(
        &self,
        splat: &Splat,
        source: &Value,
        env: &Env<'_>,
    ) -> Result<Value, Diagnostics> {
        let item_type = |ty: &Type| {
            Ok::<_, Diagnostics>(
                self.splat_item(splat, Value::unknown(ty.clone()), env)?
                    .ty()
                    .clone(),
            )
        };
        let ty = match source.ty() {
            Type::Tuple(elements) => Type::tuple(
                elements
                    .iter()
                    .map(item_type)
                    .collect::<Result<Vec<_>, _>>()?,
            ),
            ty => Type::list(item_type(ty.element_type().unwrap_or(&Type::Dynamic))?),
        };
        let (min_len, max_len) = source
            .refinement()
            .map_or((0, None), |r| (r.min_len, r.max_len));
        let mut refinement = Refinement {
            not_null: source.is_definitely_not_null(),
            ..Refinement::default()
        };
        if matches!(ty, Type::List(_)) {
            refinement.min_len = min_len;
            refinement.max_len = max_len;
        }
        Ok(Value::unknown_refined(ty, refinement))
    }

    fn splat_item(&self, splat: &Splat, item: Value, env: &Env<'_>) -> Result<Value, Diagnostics> {
        let local = Local {
            name: ITEM,
            value: item,
            outer: env.local,
        };
        self.splat_here(
            splat,
            &Env {
                scope: env.scope,
                local: Some(&local),
            },
        )
    }

    /// Does the steps on the element in the environment.
    fn splat_here(&self, splat: &Splat, env: &Env<'_>) -> Result<Value, Diagnostics> {
        match &splat.inner {
            Some(inner) => inner.evaluate(env),
            None => {
                let item = env.local(ITEM).cloned().unwrap_or_else(Value::dynamic);
                self.take_steps(item, &splat.each, env)
            }
        }
    }
}
