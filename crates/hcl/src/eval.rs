//! Values of expressions.

mod access;
mod call;
mod collect;
mod condition;
mod operators;
mod references;
mod repeat;
mod splat;
mod template;

use crate::{Env, Expr, ExprKind, Traversal, TraversalStep};
use cty::Value;
use diags::{Diagnostic, Diagnostics, SourceRange};
pub use references::Mention;

/// The name under which a splat's element is known to [`ExprKind::Item`]: none that can be written.
pub(crate) const ITEM: &str = "";

impl Expr {
    /// The expression's value, or all errors in it.
    pub fn evaluate(&self, env: &Env<'_>) -> Result<Value, Diagnostics> {
        match &*self.kind {
            ExprKind::Literal(value) => Ok(value.clone()),
            ExprKind::Traversal(traversal) => self.evaluate_traversal(traversal, env),
            _ => stacker::maybe_grow(128 * 1024, 2 * 1024 * 1024, || self.evaluate_compound(env)),
        }
    }

    fn evaluate_compound(&self, env: &Env<'_>) -> Result<Value, Diagnostics> {
        match &*self.kind {
            ExprKind::Literal(value) => Ok(value.clone()),
            ExprKind::Traversal(traversal) => self.evaluate_traversal(traversal, env),
            ExprKind::Template(parts) => self.evaluate_template(parts, env),
            ExprKind::Wrap(inner) | ExprKind::Parens(inner) => inner.evaluate(env),
            ExprKind::Relative { source, steps } => {
                self.take_steps(source.evaluate(env)?, steps, env)
            }
            ExprKind::Splat(splat) => self.evaluate_splat(splat, env),
            ExprKind::Call(call) => self.evaluate_call(call, env),
            ExprKind::Unary(op, operand) => self.evaluate_unary(*op, operand, env),
            ExprKind::Binary(..) => self.evaluate_binary(env),
            ExprKind::Conditional(conditional) => self.evaluate_conditional(conditional, env),
            ExprKind::Tuple(items) => collect::tuple(items, env),
            ExprKind::Object(items) => collect::object(items, env),
            ExprKind::For(for_expr) => self.evaluate_for(for_expr, env),
            ExprKind::JsonString(string) => string.template.evaluate(env),
            ExprKind::Item => Ok(env.local(ITEM).cloned().unwrap_or_else(Value::dynamic)),
        }
    }

    fn evaluate_traversal(
        &self,
        traversal: &Traversal,
        env: &Env<'_>,
    ) -> Result<Value, Diagnostics> {
        match env.local(&traversal.root) {
            Some(value) => self.take_steps(value.clone(), &traversal.steps, env),
            None => {
                let resolved = env.scope.resolve(traversal, env)?;
                let rest = traversal.steps.get(resolved.consumed..).unwrap_or_default();
                self.take_steps(resolved.value, rest, env)
            }
        }
    }

    /// Goes from a value into its parts; `self` is the expression that the steps are part of.
    pub(crate) fn take_steps(
        &self,
        mut value: Value,
        steps: &[TraversalStep],
        env: &Env<'_>,
    ) -> Result<Value, Diagnostics> {
        for step in steps {
            let next = match step {
                TraversalStep::Attr { name, .. } => access::get_attr(&value, name),
                TraversalStep::Index { key, .. } => match &*key.kind {
                    ExprKind::Literal(key) => access::index(&value, key),
                    _ => access::index(&value, &key.evaluate(env)?),
                },
            };
            value = next.map_err(|problem| self.fail(env, problem, step.range()))?;
        }
        Ok(value)
    }

    /// An error in this expression, at a part of it.
    #[cold]
    pub(crate) fn fail(&self, env: &Env<'_>, problem: Problem, at: &SourceRange) -> Diagnostics {
        Diagnostic::error(problem.summary, problem.detail)
            .at(at.clone())
            .within(self.range.clone())
            .with_values(self.mentioned_values(env, Mention::default()))
            .into()
    }
}

/// What is wrong, without where.
#[derive(Debug)]
pub(crate) struct Problem {
    pub(crate) summary: String,
    pub(crate) detail: String,
}

impl Problem {
    pub(crate) fn new(summary: impl Into<String>, detail: impl Into<String>) -> Self {
        Self {
            summary: summary.into(),
            detail: detail.into(),
        }
    }
}

/// Adds the errors of a result to `diags`.
pub(crate) fn collect_errors<T>(
    result: Result<T, Diagnostics>,
    diags: &mut Diagnostics,
) -> Option<T> {
    match result {
        Ok(value) => Some(value),
        Err(errors) => {
            diags.append(errors);
            None
        }
    }
}

#[cfg(test)]
mod tests;
