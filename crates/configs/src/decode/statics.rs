//! Arguments that must be literal.

use cty::{Type, Value};
use diags::{Diagnostic, Diagnostics};
use hcl::{Attribute, Env, Expr, MapScope};
use std::sync::Arc;

/// The value of an expression that may refer to nothing.
pub(crate) fn value(expr: &Expr, diags: &mut Diagnostics) -> Option<Value> {
    if let Some(traversal) = expr.traversals().first() {
        diags.push(
            Diagnostic::error(
                "Variables not allowed",
                "Variables may not be used here: only literal values can.",
            )
            .at(traversal.root_range.clone())
            .within(expr.range.clone()),
        );
        return None;
    }
    let scope = MapScope::new(Vec::<(Arc<str>, Value)>::new());
    match expr.evaluate(&Env::new(&scope)) {
        Ok(value) => Some(value),
        Err(problems) => {
            diags.append(problems);
            None
        }
    }
}

fn converted(attribute: &Attribute, ty: &Type, diags: &mut Diagnostics) -> Option<Value> {
    let value = value(&attribute.expr, diags)?;
    match cty::convert(&value, ty) {
        Ok(value) => Some(value),
        Err(e) => {
            diags.push(
                Diagnostic::error(
                    "Unsuitable value type",
                    format!("Unsuitable value for argument {:?}: {e}.", &*attribute.name),
                )
                .at(attribute.expr.range.clone()),
            );
            None
        }
    }
}

/// A literal string.
pub(crate) fn string(attribute: &Attribute, diags: &mut Diagnostics) -> Option<Arc<str>> {
    converted(attribute, &Type::String, diags).and_then(|v| v.as_str().cloned())
}

/// A literal bool.
pub(crate) fn bool(attribute: &Attribute, diags: &mut Diagnostics) -> Option<bool> {
    converted(attribute, &Type::Bool, diags).and_then(|v| v.as_bool())
}
