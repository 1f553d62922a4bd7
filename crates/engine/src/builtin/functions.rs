//! `provider::terraform::…`: values to configuration text, and back.

use cty::{Type, Value};
use providers::{FunctionParameter, FunctionSignature};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What is wrong: with which argument, and what.
type Refusal = (Option<usize>, String);

/// All of them.
pub(super) fn signatures() -> BTreeMap<Arc<str>, FunctionSignature> {
    let one = |name: &str, ty: Type, returns: Type, summary: &str| FunctionSignature {
        params: vec![FunctionParameter {
            name: name.into(),
            ty,
            allow_null: true,
            allow_unknown: false,
            description: "".into(),
        }],
        variadic: None,
        returns,
        summary: summary.into(),
        description: summary.into(),
    };
    BTreeMap::from([
        (
            "decode_tfvars".into(),
            one(
                "src",
                Type::String,
                Type::Dynamic,
                "Reads the text of a .tfvars file into an object.",
            ),
        ),
        (
            "encode_expr".into(),
            one(
                "value",
                Type::Dynamic,
                Type::String,
                "Writes a value as an expression of the language.",
            ),
        ),
        (
            "encode_tfvars".into(),
            one(
                "value",
                Type::Dynamic,
                Type::String,
                "Writes the attributes of an object as a .tfvars file.",
            ),
        ),
    ])
}

/// Calls one.
pub(super) fn call(name: &str, args: &[Value]) -> Result<Value, Refusal> {
    let null = Value::null(Type::Dynamic);
    let value = args.first().unwrap_or(&null);
    match name {
        "decode_tfvars" => decode(value),
        "encode_expr" => Ok(Value::string(plans::expression_text(value))),
        "encode_tfvars" => encode(value),
        _ => Err((None, format!("there is no function {name:?}"))),
    }
}

fn encode(value: &Value) -> Result<Value, Refusal> {
    if value.is_null() || !matches!(value.ty(), Type::Object(_) | Type::Map(_)) {
        let what = "the value must be an object or a map, whose attributes become the variables";
        return Err((None, what.to_owned()));
    }
    let mut text = String::new();
    for (key, element) in value.elements() {
        let name = key.as_str().map_or("", |name| &**name);
        if !hcl::is_identifier(name) {
            let what = format!("the key {name:?} cannot be the name of a variable");
            return Err((None, what));
        }
        text.push_str(&format!("{name} = {}\n", plans::expression_text(element)));
    }
    Ok(Value::string(hcl::format(&text)))
}

fn decode(value: &Value) -> Result<Value, Refusal> {
    let Some(text) = value.as_str() else {
        return Err((None, "the text must not be null".to_owned()));
    };
    let (values, diags) = configs::parse_values("<decode_tfvars argument>", text);
    if let Some(problem) = diags.iter().find(|diagnostic| diagnostic.is_error()) {
        let what = format!("this is no text of a .tfvars file: {}", problem.detail);
        return Err((None, what));
    }
    Ok(Value::object(
        values.into_iter().map(|(name, (value, _))| (name, value)),
    ))
}
