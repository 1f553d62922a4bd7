//! What the references in an expression stand for, in words.

use crate::{Env, Expr, Traversal, TraversalStep};
use cty::{Type, Value};
use diags::ReferenceValue;
use std::sync::OnceLock;

/// Which values are worth a mention besides known and public ones: those that caused the problem.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Mention {
    /// That a value is known only after apply.
    pub unknown: bool,
    /// That a value is sensitive.
    pub sensitive: bool,
    /// That a value is ephemeral.
    pub ephemeral: bool,
}

impl Expr {
    /// What the references in the expression stand for, sorted and each once. Single names are left
    /// out, as is what has no value; of `var.a.b`, where `b` does not exist, `var.a` is told.
    pub fn mentioned_values(&self, env: &Env<'_>, mention: Mention) -> Vec<ReferenceValue> {
        let mut values: Vec<ReferenceValue> = Vec::new();
        for traversal in self.traversals() {
            let Some((reference, value)) = value_of(traversal, env) else {
                continue;
            };
            if values.iter().any(|v| v.reference == reference) {
                continue;
            }
            if let Some(statement) = statement(&value, mention) {
                values.push(ReferenceValue {
                    reference,
                    statement,
                });
            }
        }
        values.sort_by(|a, b| a.reference.cmp(&b.reference));
        values
    }
}

/// The longest beginning of the traversal that has a value.
fn value_of(traversal: &Traversal, env: &Env<'_>) -> Option<(String, Value)> {
    let is_static = traversal
        .steps
        .iter()
        .take_while(|s| TraversalStep::is_static(s))
        .count();
    (1..=is_static).rev().find_map(|len| {
        let start = Traversal {
            root: traversal.root.clone(),
            root_range: traversal.root_range.clone(),
            steps: traversal.steps[..len].to_vec(),
            resolved: OnceLock::new(),
        };
        let (value, consumed) = match env.local(&start.root) {
            Some(value) => (value.clone(), 0),
            None => {
                let resolved = env.scope.resolve(&start, env).ok()?;
                (resolved.value, resolved.consumed)
            }
        };
        let mut value = value;
        for step in start.steps.get(consumed..)? {
            value = match step {
                TraversalStep::Attr { name, .. } => super::access::get_attr(&value, name).ok()?,
                TraversalStep::Index { key, .. } => {
                    super::access::index(&value, key.as_literal()?).ok()?
                }
            };
        }
        Some((start.to_string(), value))
    })
}

/// The rest of the sentence that begins with the reference.
fn statement(value: &Value, mention: Mention) -> Option<String> {
    let marks = value.marks();
    if marks.is_sensitive() {
        return mention
            .sensitive
            .then(|| "has a sensitive value".to_owned());
    }
    if marks.is_ephemeral() {
        return mention
            .ephemeral
            .then(|| "has an ephemeral value".to_owned());
    }
    if !value.is_known() {
        return match (value.ty(), mention.unknown) {
            (Type::Dynamic, true) => Some("will be known only after apply".to_owned()),
            (Type::Dynamic, false) => None,
            (ty, true) => Some(format!(
                "is a {}, known only after apply",
                ty.friendly_name()
            )),
            (ty, false) => Some(format!("is a {}", ty.friendly_name())),
        };
    }
    Some(format!("is {}", compact(value)))
}

/// A value in a few words.
fn compact(value: &Value) -> String {
    if value.is_null() {
        return "null".to_owned();
    }
    if let Some(b) = value.as_bool() {
        return b.to_string();
    }
    if let Some(number) = value.as_number() {
        return number.to_string();
    }
    if let Some(text) = value.as_str() {
        return format!("{text:?}");
    }
    let len = value.len().unwrap_or_default();
    match value.ty() {
        Type::Object(ty) => match len {
            0 => "object with no attributes".to_owned(),
            1 => {
                let name = ty.at(0).map_or("", |(name, _)| name);
                format!("object with 1 attribute {name:?}")
            }
            _ => format!("object with {len} attributes"),
        },
        ty => {
            let name = if matches!(ty, Type::Tuple(_)) {
                "tuple".to_owned()
            } else {
                ty.friendly_name()
            };
            match len {
                0 => format!("empty {name}"),
                1 => format!("{name} with 1 element"),
                _ => format!("{name} with {len} elements"),
            }
        }
    }
}
