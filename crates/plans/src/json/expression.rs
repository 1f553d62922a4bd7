//! Expressions: their value if they are constant, and what they refer to.

use cty::Value;
use cty::json::{encode_simple, write_string};
use hcl::{Env, Expr, ExprKind, MapScope, ObjectItem, Traversal, TraversalStep};

/// Appends an expression as an object.
pub(super) fn push_expression(expr: &Expr, out: &mut String) {
    let references = expr.traversals();
    let constant = match is_json(expr) {
        true => written(expr),
        false if references.is_empty() => expr.evaluate(&Env::new(&MapScope::default())).ok(),
        false => None,
    };
    push_parts(constant, references, out);
}

/// Appends what is constant, and what is referred to.
pub(super) fn push_parts(constant: Option<Value>, references: Vec<&Traversal>, out: &mut String) {
    out.push('{');
    if let Some(value) = constant
        && let Ok(json) = encode_simple(&value.unmark_all())
    {
        out.push_str("\"constant_value\":");
        out.push_str(&json);
    }
    let references: Vec<String> = references.into_iter().flat_map(spelled_out).collect();
    push_list("references", &references, out);
    out.push('}');
}

/// Whether an expression is JSON with strings in it.
fn is_json(expr: &Expr) -> bool {
    stacker::maybe_grow(32 * 1024, 1024 * 1024, || match &*expr.kind {
        ExprKind::JsonString(_) => true,
        ExprKind::Tuple(items) => items.iter().any(is_json),
        ExprKind::Object(items) => items.iter().any(|i| is_json(&i.key) || is_json(&i.value)),
        _ => false,
    })
}

/// The value of JSON as it is written, templates as text: what is constant is not told apart there.
fn written(expr: &Expr) -> Option<Value> {
    stacker::maybe_grow(32 * 1024, 1024 * 1024, || match &*expr.kind {
        ExprKind::Literal(value) => Some(value.clone()),
        ExprKind::JsonString(string) => Some(Value::string(string.text.clone())),
        ExprKind::Tuple(items) => items
            .iter()
            .map(written)
            .collect::<Option<_>>()
            .map(Value::tuple),
        ExprKind::Object(items) => {
            let item =
                |i: &ObjectItem| Some((written(&i.key)?.as_str()?.clone(), written(&i.value)?));
            items
                .iter()
                .map(item)
                .collect::<Option<Vec<_>>>()
                .map(Value::object)
        }
        _ => None,
    })
}

/// Appends what `depends_on` names.
pub(super) fn push_depends_on(depends_on: &[Expr], out: &mut String) {
    let subjects = depends_on.iter().filter_map(|e| e.as_traversal());
    let subjects = subjects.filter_map(|t| Subject::of(t).map(|s| s.text(t)));
    push_list("depends_on", &subjects.collect::<Vec<_>>(), out);
}

fn push_list(name: &str, items: &[String], out: &mut String) {
    for (i, item) in items.iter().enumerate() {
        if i > 0 {
            out.push(',');
        } else {
            if !out.ends_with('{') {
                out.push(',');
            }
            out.push_str(&format!("\"{name}\":["));
        }
        write_string(item, out);
    }
    if !items.is_empty() {
        out.push(']');
    }
}

/// What a traversal refers to: the object, as so many of its steps, and what that is a part of.
struct Subject {
    /// Steps after the root name that name the object.
    steps: usize,
    /// As many steps name the whole that the object is a part of; `None` = it is no part.
    whole: Option<usize>,
    /// The root name is not part of the object's address.
    rootless: bool,
}

impl Subject {
    fn of(traversal: &Traversal) -> Option<Self> {
        let steps = &traversal.steps;
        let is_name = |i: usize| matches!(steps.get(i), Some(TraversalStep::Attr { .. }));
        let is_key = |i: usize| matches!(steps.get(i), Some(step @ TraversalStep::Index { .. }) if step.is_static());
        let plain = |steps| Self {
            steps,
            whole: None,
            rootless: false,
        };
        // An instance is a part of what it is an instance of.
        let instance = |names: usize| Self {
            steps: if is_key(names) { names + 1 } else { names },
            whole: is_key(names).then_some(names),
            rootless: &*traversal.root == "resource",
        };
        match &*traversal.root {
            "self" => Some(plain(0)),
            "var" | "local" | "each" | "count" | "path" | "terraform" => {
                is_name(0).then(|| plain(1))
            }
            "module" if is_name(0) => {
                let call = instance(1);
                Some(if is_name(call.steps) {
                    Self {
                        steps: call.steps + 1,
                        whole: Some(call.steps),
                        rootless: false,
                    }
                } else {
                    call
                })
            }
            "data" | "ephemeral" | "resource" => (is_name(0) && is_name(1)).then(|| instance(2)),
            "module" | "template" | "lazy" | "arg" => None,
            _ => is_name(0).then(|| instance(1)),
        }
    }

    fn text(&self, traversal: &Traversal) -> String {
        self.prefix(traversal, self.steps)
    }

    fn prefix(&self, traversal: &Traversal, steps: usize) -> String {
        let mut text = if self.rootless {
            String::new()
        } else {
            traversal.root.to_string()
        };
        for step in traversal.steps.iter().take(steps) {
            text.push_str(&step.to_string());
        }
        if self.rootless {
            text.split_off(1.min(text.len()))
        } else {
            text
        }
    }
}

/// The reference with all its steps, then with ever fewer, down to the object it refers to and what that
/// is a part of.
fn spelled_out(traversal: &Traversal) -> Vec<String> {
    let Some(subject) = Subject::of(traversal) else {
        return Vec::new();
    };
    let known = traversal.steps.iter().take_while(|s| s.is_static()).count();
    let lengths = (subject.steps..=known.max(subject.steps)).rev();
    lengths
        .chain(subject.whole)
        .map(|steps| subject.prefix(traversal, steps))
        .collect()
}
