//! `try` and `can`: functions of expressions, not of values.

use cty::{Marks, Type, Value};
use diags::{Diagnostic, Diagnostics};
use hcl::{Env, Expr, Function, FunctionImpl, Parameter};

/// The functions of this family, by name.
pub(crate) fn functions() -> Vec<(&'static str, Function)> {
    vec![
        (
            "can",
            of_expressions(vec![expression("expression")], None, Type::Bool, can),
        ),
        (
            "try",
            of_expressions(
                Vec::new(),
                Some(expression("expressions")),
                Type::Dynamic,
                attempt,
            ),
        ),
    ]
}

fn expression(name: &'static str) -> Parameter {
    Parameter {
        name: name.into(),
        ty: Type::Dynamic,
        allow_null: false,
        allow_unknown: true,
        allow_marked: true,
    }
}

/// How a function of expressions works.
type Evaluation = fn(&[Expr], &Env<'_>) -> Result<(Value, Marks), Diagnostics>;

fn of_expressions(
    params: Vec<Parameter>,
    variadic: Option<Parameter>,
    result: Type,
    f: Evaluation,
) -> Function {
    Function {
        params,
        variadic,
        return_type: Box::new(move |_| Ok(result.clone())),
        never_null: false,
        call: FunctionImpl::Exprs(f),
    }
}

fn can(args: &[Expr], env: &Env<'_>) -> Result<(Value, Marks), Diagnostics> {
    let Some(expr) = args.first() else {
        return Err(
            Diagnostic::error("Not enough function arguments", "can needs an expression.").into(),
        );
    };
    let answer = match expr.evaluate(env) {
        Err(_) => Value::bool(false),
        // What is known later can still make it fail.
        Ok(value) if !value.is_wholly_known() => crate::define::unknown(Type::Bool),
        Ok(_) => Value::bool(true),
    };
    Ok((answer, Marks::NONE))
}

fn attempt(args: &[Expr], env: &Env<'_>) -> Result<(Value, Marks), Diagnostics> {
    let mut failures = Diagnostics::new();
    for expr in args {
        match expr.evaluate(env) {
            Err(diagnostics) => failures.append(diagnostics.at_if_none(&expr.range)),
            Ok(value) if !value.is_wholly_known() => {
                return Ok((Value::dynamic().with_marks(value.all_marks()), Marks::NONE));
            }
            Ok(value) => return Ok((value, Marks::NONE)),
        }
    }
    if args.is_empty() {
        return Err(Diagnostic::error(
            "Error in function call",
            "The function try needs at least one argument.",
        )
        .into());
    }
    let mut detail = String::from("The function try found no expression that succeeds:");
    for failure in &failures {
        detail.push_str(&format!("\n  - {}", failure.summary));
        if let Some(range) = &failure.subject {
            detail.push_str(&format!(" ({range})"));
        }
        if !failure.detail.is_empty() {
            detail.push_str(&format!(": {}", failure.detail));
        }
    }
    detail.push_str("\n\nAt least one of the expressions must succeed.");
    Err(Diagnostic::error("Error in function call", detail).into())
}
