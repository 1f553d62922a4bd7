//! `dynamic` blocks.

use super::blocks::Decoded;
use super::decode;
use crate::Block;
use cty::{Marks, Type, Value};
use diags::{Diagnostic, Diagnostics};
use hcl::{AttributeSchema, BlockSchema, BodySchema, Content, Env, Expr, Local, Mention};
use std::sync::{Arc, LazyLock};

/// What a `dynamic` block came to.
pub(super) enum Expanded {
    /// These blocks; the marks are those of what was iterated.
    Blocks(Vec<Decoded>, Marks),
    /// It is not known how many blocks.
    Unknown(Marks),
}

static SCHEMA: LazyLock<BodySchema> = LazyLock::new(|| BodySchema {
    attributes: vec![
        AttributeSchema {
            name: "for_each".into(),
            required: true,
        },
        AttributeSchema {
            name: "iterator".into(),
            required: false,
        },
        AttributeSchema {
            name: "labels".into(),
            required: false,
        },
    ],
    blocks: vec![BlockSchema {
        kind: "content".into(),
        labels: vec![],
    }],
});

/// `dynamic` blocks for block types that there are not.
pub(super) fn check_labels(
    block: &Block,
    as_blocks: &[Arc<str>],
    content: &Content,
    diags: &mut Diagnostics,
) {
    for dynamic in content.blocks_of("dynamic") {
        let Some(label) = dynamic.labels.first() else {
            continue;
        };
        if block.block_types.contains_key(&label.value) || as_blocks.contains(&label.value) {
            continue;
        }
        let hint = if block.attributes.contains_key(&label.value) {
            format!(
                " There is an argument of that name: write {} = … instead of a dynamic block.",
                label.value
            )
        } else {
            hcl::suggestion(&label.value, block.block_types.keys().map(|k| &**k))
                .map(|near| format!(" Did you mean {near:?}?"))
                .unwrap_or_default()
        };
        diags.push(
            Diagnostic::error(
                "Unsupported block type",
                format!(
                    "Blocks of type {:?} are not expected here.{hint}",
                    &*label.value
                ),
            )
            .at(label.range.clone())
            .within(dynamic.def_range.clone()),
        );
    }
}

/// Makes the blocks that a `dynamic` block stands for.
pub(super) fn expand(
    dynamic: &hcl::Block,
    block: &Block,
    labelled: bool,
    env: &Env<'_>,
    diags: &mut Diagnostics,
) -> Expanded {
    let nothing = Expanded::Blocks(Vec::new(), Marks::NONE);
    let (content, problems) = dynamic.body.content(&SCHEMA);
    let broken = problems.has_errors();
    diags.append(problems);
    let mut bodies = content.blocks_of("content");
    let (Some(inner), None) = (bodies.next(), bodies.next()) else {
        if !broken {
            diags.push(
                Diagnostic::error(
                    "Invalid dynamic block",
                    "A dynamic block has exactly one content block, which says what each block it makes contains.",
                )
                .at(dynamic.def_range.clone()),
            );
        }
        return nothing;
    };
    let Some(for_each) = content.attribute("for_each") else {
        return nothing;
    };
    let iterator = match content.attribute("iterator") {
        None => dynamic
            .labels
            .first()
            .map(|l| l.value.clone())
            .unwrap_or_default(),
        Some(attribute) => match attribute.expr.as_keyword() {
            Some(name) => name.into(),
            None => {
                diags.push(
                    Diagnostic::error(
                        "Invalid expression",
                        "Dynamic iterator must be a single variable name.",
                    )
                    .at(attribute.expr.range.clone()),
                );
                return nothing;
            }
        },
    };
    let (value, marks) = match collection(&for_each.expr, env, diags) {
        Some(done) => done,
        None => return Expanded::Unknown(Marks::NONE),
    };
    let labels = content.attribute("labels");
    if !value.is_known() {
        check_unknown(inner, block, &iterator, env, diags);
        return Expanded::Unknown(marks);
    }
    let mut made = Vec::with_capacity(value.len().unwrap_or(0));
    for (key, element) in value.elements() {
        let pair = Value::object([("key", key), ("value", element.clone())]);
        let local = Local {
            name: &iterator,
            value: pair,
            outer: env.local,
        };
        let env = Env {
            scope: env.scope,
            local: Some(&local),
        };
        let (value, problems) = decode(&inner.body, block, &env);
        diags.append(problems);
        let label = if labelled {
            labels.and_then(|l| label(&l.expr, &env, diags))
        } else {
            None
        };
        made.push(Decoded {
            value: mark(value, marks),
            label,
            range: dynamic.def_range.clone(),
        });
    }
    Expanded::Blocks(made, Marks::NONE)
}

/// What is iterated, without the marks of its own; `None` after an error.
fn collection(expr: &Expr, env: &Env<'_>, diags: &mut Diagnostics) -> Option<(Value, Marks)> {
    let value = match expr.evaluate(env) {
        Ok(value) => value,
        Err(problems) => {
            diags.append(problems);
            return None;
        }
    };
    let (value, marks) = value.unmark();
    let invalid = |detail: String| {
        Diagnostic::error("Invalid dynamic for_each value", detail)
            .at(expr.range.clone())
            .with_values(expr.mentioned_values(env, Mention::default()))
    };
    if value.is_null() {
        diags.push(invalid(
            "Cannot use a null value in for_each. Use an empty list for no blocks.".into(),
        ));
        return None;
    }
    if value.ty().is_primitive() {
        diags.push(invalid(format!(
            "Cannot use a {} value in for_each. An iterable collection is required.",
            value.ty().friendly_name()
        )));
        return None;
    }
    Some((value, marks))
}

/// Finds what is wrong inside, though nothing is known of what is iterated.
fn check_unknown(
    inner: &hcl::Block,
    block: &Block,
    iterator: &str,
    env: &Env<'_>,
    diags: &mut Diagnostics,
) {
    let pair = Value::object([("key", Value::dynamic()), ("value", Value::dynamic())]);
    let local = Local {
        name: iterator,
        value: pair,
        outer: env.local,
    };
    let env = Env {
        scope: env.scope,
        local: Some(&local),
    };
    diags.append(decode(&inner.body, block, &env).1);
}

fn label(expr: &Expr, env: &Env<'_>, diags: &mut Diagnostics) -> Option<Arc<str>> {
    let value = match expr.evaluate(env) {
        Ok(value) => value.unmark_all(),
        Err(problems) => {
            diags.append(problems);
            return None;
        }
    };
    let first = value.elements().next().map(|(_, v)| v.clone());
    let text = first
        .and_then(|v| cty::convert(&v, &Type::String).ok())
        .and_then(|v| v.as_str().cloned());
    if text.is_none() {
        diags.push(
            Diagnostic::error(
                "Invalid dynamic block label",
                "The labels of a dynamic block must be a list of strings that are known now.",
            )
            .at(expr.range.clone()),
        );
    }
    text
}

/// Marks of what was iterated are on everything that was made of it.
fn mark(value: Value, marks: Marks) -> Value {
    if marks.is_empty() {
        return value;
    }
    value.map_parts(|_, part| {
        if part.is_null() {
            part.clone()
        } else {
            part.clone().with_marks(marks)
        }
    })
}
