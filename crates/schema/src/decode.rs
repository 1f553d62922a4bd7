//! From a body to a value, by a schema.

mod blocks;
mod dynamic;

use crate::{Attribute, Block};
use cty::{Type, Value};
use diags::{Diagnostic, Diagnostics};
use hcl::{Body, Content, Env, Mention};

/// Decodes a body to a value of the block's implied type, with all problems found. Where something is
/// wrong an unknown value stands in its place, so that what else is wrong is found too.
pub fn decode(body: &Body, block: &Block, env: &Env<'_>) -> (Value, Diagnostics) {
    let as_blocks = block.attributes_written_as_blocks(body);
    let mut diags = Diagnostics::new();
    let content = if as_blocks.is_empty() {
        let (content, problems) = body.content(block.body_schema());
        diags.append(problems);
        content
    } else {
        let (content, problems) = body.content(&block.body_schema_with_blocks(&as_blocks));
        diags.append(problems);
        content
    };
    dynamic::check_labels(block, &as_blocks, &content, &mut diags);
    let ty = block.implied_type();
    let Some(object) = ty.as_object() else {
        return (Value::dynamic(), diags);
    };
    let mut values = Vec::with_capacity(object.len());
    for (name, ty) in object.iter() {
        let value = match block.attributes.get(name) {
            Some(attribute) if as_blocks.contains(name) => {
                blocks::attribute_as_blocks(name, attribute, &content, env, &mut diags)
            }
            Some(attribute) => decode_attribute(name, attribute, ty, &content, env, &mut diags),
            None => match block.block_types.get(name) {
                Some(nested) => blocks::decode_blocks(name, nested, &content, env, &mut diags),
                None => Value::null(ty.clone()),
            },
        };
        values.push(value);
    }
    (Value::object_of(ty, values), diags)
}

fn decode_attribute(
    name: &str,
    attribute: &Attribute,
    ty: &Type,
    content: &Content,
    env: &Env<'_>,
    diags: &mut Diagnostics,
) -> Value {
    let Some(written) = content.attribute(name) else {
        return Value::null(ty.clone());
    };
    let value = match written.expr.evaluate(env) {
        Ok(value) => value,
        Err(problems) => {
            diags.append(problems);
            return Value::unknown(ty.clone());
        }
    };
    if value.ty() == ty {
        return required(name, attribute, value, written, diags);
    }
    match cty::convert(&value, &attribute.config_type()) {
        Ok(value) => required(name, attribute, value, written, diags),
        Err(e) => {
            let place = if e.path.steps().is_empty() {
                String::new()
            } else {
                format!("{}: ", place(&e.path))
            };
            diags.push(
                Diagnostic::error(
                    "Incorrect attribute value type",
                    format!(
                        "Inappropriate value for attribute {name:?}: {place}{}.",
                        e.message
                    ),
                )
                .at(written.expr.range.clone())
                .within(written.range.clone())
                .with_values(written.expr.mentioned_values(env, Mention::default())),
            );
            Value::unknown(ty.clone())
        }
    }
}

/// A required argument may not be null.
fn required(
    name: &str,
    attribute: &Attribute,
    value: Value,
    written: &hcl::Attribute,
    diags: &mut Diagnostics,
) -> Value {
    if attribute.required && value.is_null() {
        diags.push(
            Diagnostic::error(
                "Missing required argument",
                format!("The argument {name:?} is required, but no definition was found: it was set to null."),
            )
            .at(written.expr.range.clone()),
        );
    }
    value
}

/// A path inside an attribute, as messages name it.
fn place(path: &cty::Path) -> String {
    let mut out = String::new();
    for step in path.steps() {
        if !out.is_empty() {
            out.push_str(", ");
        }
        match step {
            cty::Step::Attr(name) => out.push_str(&format!("attribute {:?}", &**name)),
            cty::Step::Index(key) => match (key.as_number(), key.as_str()) {
                (Some(n), _) => out.push_str(&format!("element {n}")),
                (_, Some(s)) => out.push_str(&format!("element {:?}", &**s)),
                _ => out.push_str("element"),
            },
        }
    }
    out
}

#[cfg(test)]
mod tests;
