//! Values given to variables: files and single arguments.

use crate::Variable;
use cty::{Type, Value};
use diags::{Diagnostic, Diagnostics, Pos, SourceRange};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Values by name, with where each was written.
pub type Values = BTreeMap<Arc<str>, (Value, Option<SourceRange>)>;

/// Reads the values of a `.tfvars` file, or of a `.tfvars.json` file.
pub fn parse_values(file_name: &str, text: &str) -> (Values, Diagnostics) {
    if file_name.ends_with(".json") {
        return parse_json(file_name, text);
    }
    let (body, mut diags) = hcl::parse(file_name, text);
    let (attributes, problems) = body.just_attributes();
    diags.append(problems);
    let mut values = Values::new();
    for attribute in attributes {
        if let Some(value) = crate::decode_static(&attribute.expr, &mut diags) {
            values.insert(attribute.name, (value, Some(attribute.range)));
        }
    }
    (values, diags)
}

fn parse_json(file_name: &str, text: &str) -> (Values, Diagnostics) {
    let value = match cty::json::decode_simple(text.as_bytes()) {
        Ok(value) => value,
        Err(e) => {
            let diagnostic = Diagnostic::error(
                "Invalid JSON syntax",
                format!("{file_name} is not JSON: {e}."),
            )
            .at(SourceRange::start_of(file_name));
            return (Values::new(), diagnostic.into());
        }
    };
    if value.ty().as_object().is_none() {
        let diagnostic = Diagnostic::error(
            "Invalid variable definitions",
            "A file of variable values in JSON must be an object whose members are the variables.",
        )
        .at(SourceRange::start_of(file_name));
        return (Values::new(), diagnostic.into());
    }
    let entries = value
        .elements()
        .filter_map(|(key, v)| key.as_str().cloned().map(|k| (k, (v.clone(), None))));
    (entries.collect(), Diagnostics::new())
}

/// Reads the text of `-var name=text` or `TF_VAR_name`: for a variable of a primitive type the text
/// itself, for others an expression.
pub fn parse_variable(
    variable: Option<&Variable>,
    origin: &str,
    text: &str,
) -> (Option<Value>, Diagnostics) {
    let literal = match variable {
        None => true,
        Some(variable) => {
            variable.constraint.ty.is_primitive() || variable.constraint.ty == Type::Dynamic
        }
    };
    if literal {
        return (Some(Value::string(text)), Diagnostics::new());
    }
    let (expr, mut diags) = hcl::parse_expression(
        origin,
        text,
        Pos {
            line: 1,
            column: 1,
            byte: 0,
        },
    );
    let value = expr.and_then(|expr| crate::decode_static(&expr, &mut diags));
    if diags.has_errors() {
        return (None, diags);
    }
    (value, diags)
}
