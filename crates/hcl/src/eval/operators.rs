//! Unary and binary operators.

use super::Problem;
use crate::{BinaryOp, Env, Expr, ExprKind, UnaryOp};
use cty::{OpError, Refinement, Type, Value, convert, ops};
use diags::Diagnostics;

type Unary = fn(&Value) -> Result<Value, OpError>;
type Binary = fn(&Value, &Value) -> Result<Value, OpError>;

impl Expr {
    pub(super) fn evaluate_unary(
        &self,
        op: UnaryOp,
        operand: &Self,
        env: &Env<'_>,
    ) -> Result<Value, Diagnostics> {
        let value = operand.evaluate(env)?;
        let (ty, compute): (_, Unary) = match op {
            UnaryOp::Not => (Type::Bool, ops::not),
            UnaryOp::Neg => (Type::Number, ops::neg),
        };
        let value = convert(&value, &ty).map_err(|error| {
            let detail = format!("Unsuitable value for unary operand: {error}.");
            self.fail(env, Problem::new("Invalid operand", detail), &operand.range)
        })?;
        compute(&value).map_err(|error| self.operation_failed(env, &error))
    }

    /// Evaluates a chain of operations from the left, without recursion along the chain.
    pub(super) fn evaluate_binary(&self, env: &Env<'_>) -> Result<Value, Diagnostics> {
        let mut chain = Vec::new();
        let mut at = self;
        while let ExprKind::Binary(op, left, right) = &*at.kind {
            chain.push((at, *op, left, right));
            at = left;
        }
        let mut value = at.evaluate(env);
        while let Some((expr, op, left, right)) = chain.pop() {
            value = match (value, right.evaluate(env)) {
                (Ok(a), Ok(b)) => expr.operate(op, (left, a), (right, b), env),
                (Err(mut errors), Err(more)) => {
                    errors.append(more);
                    Err(errors)
                }
                (Err(errors), Ok(_)) | (Ok(_), Err(errors)) => Err(errors),
            };
        }
        value
    }

    fn operate(
        &self,
        op: BinaryOp,
        (left, a): (&Self, Value),
        (right, b): (&Self, Value),
        env: &Env<'_>,
    ) -> Result<Value, Diagnostics> {
        let (ty, compute): (_, Binary) = match op {
            BinaryOp::Eq => return Ok(ops::equals(&a, &b)),
            BinaryOp::NotEq => return Ok(ops::not_equal(&a, &b)),
            BinaryOp::Or => (Type::Bool, |a, b| logic(a, b, ops::or)),
            BinaryOp::And => (Type::Bool, |a, b| logic(a, b, ops::and)),
            BinaryOp::Less => (Type::Number, ops::less),
            BinaryOp::LessEq => (Type::Number, ops::less_eq),
            BinaryOp::Greater => (Type::Number, ops::greater),
            BinaryOp::GreaterEq => (Type::Number, ops::greater_eq),
            BinaryOp::Add => (Type::Number, ops::add),
            BinaryOp::Sub => (Type::Number, ops::sub),
            BinaryOp::Mul => (Type::Number, ops::mul),
            BinaryOp::Div => (Type::Number, ops::div),
            BinaryOp::Rem => (Type::Number, ops::rem),
        };
        let operand = |value: &Value, side: &str, expr: &Self| {
            convert(value, &ty).map_err(|error| {
                let detail = format!("Unsuitable value for {side} operand: {error}.");
                self.fail(env, Problem::new("Invalid operand", detail), &expr.range)
            })
        };
        match (operand(&a, "left", left), operand(&b, "right", right)) {
            (Ok(a), Ok(b)) => compute(&a, &b).map_err(|error| self.operation_failed(env, &error)),
            (Err(mut errors), Err(more)) => {
                errors.append(more);
                Err(errors)
            }
            (Err(errors), Ok(_)) | (Ok(_), Err(errors)) => Err(errors),
        }
    }

    #[cold]
    fn operation_failed(&self, env: &Env<'_>, error: &OpError) -> Diagnostics {
        let detail = format!("Error during operation: {error}.");
        self.fail(env, Problem::new("Operation failed", detail), &self.range)
    }
}

/// Logic on values: other than the operations of the value system, the language's operators do not
/// decide before both sides are known.
fn logic(a: &Value, b: &Value, compute: Binary) -> Result<Value, OpError> {
    if a.is_null() || b.is_null() {
        return Err(OpError::Null);
    }
    if a.is_known() && b.is_known() {
        return compute(a, b);
    }
    Ok(
        Value::unknown_refined(Type::Bool, Refinement::not_null())
            .with_marks(a.marks() | b.marks()),
    )
}
