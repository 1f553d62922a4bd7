//! Trees of differences as text.

#[cfg(test)]
mod tests;

use super::differ::dynamic;
use super::node::{Kind, NestedBlock, Node};
use super::style::Paint;
use plans::Action;
use std::collections::BTreeMap;
use std::sync::Arc;

/// How to render.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Look {
    /// Colours.
    pub(crate) paint: Paint,
    /// No `+`, `-`, `~`: values of a state.
    pub(crate) hide_symbols: bool,
    /// Show what does not change, too.
    pub(crate) show_unchanged: bool,
    /// No `-> null` inside of something that goes as a whole.
    pub(crate) no_null: bool,
}

/// Attributes that are always shown, because they tell what the object is.
const IMPORTANT: [&str; 3] = ["id", "name", "tags"];

impl Look {
    /// The four columns before a value.
    pub(crate) fn symbol(&self, action: Action) -> String {
        if self.hide_symbols {
            return String::new();
        }
        let p = self.paint;
        match action {
            Action::NoOp => "    ".to_owned(),
            Action::Create => format!("  {} ", p.green("+")),
            Action::Delete => format!("  {} ", p.red("-")),
            Action::Update => format!("  {} ", p.yellow("~")),
            Action::Read => format!(" {} ", p.cyan("<=")),
            Action::DeleteThenCreate => format!("{}/{} ", p.red("-"), p.green("+")),
            Action::CreateThenDelete => format!("{}/{} ", p.green("+"), p.red("-")),
            Action::Forget => format!(" {} ", p.red(".")),
        }
    }

    fn forces(&self, node: &Node) -> String {
        if node.replace {
            self.paint.red(" # forces replacement")
        } else {
            String::new()
        }
    }

    fn null(&self, action: Action) -> String {
        if action == Action::Delete && !self.no_null {
            self.paint.dim(" -> null")
        } else {
            String::new()
        }
    }

    fn hidden(&self, what: &str, count: usize) -> String {
        let plural = if count == 1 { "" } else { "s" };
        self.paint
            .dim(&format!("# ({count} unchanged {what}{plural} hidden)"))
    }

    fn inside(self) -> Self {
        Self {
            no_null: true,
            ..self
        }
    }

    fn whole(self) -> Self {
        Self {
            show_unchanged: true,
            ..self
        }
    }
}

fn indentation(depth: usize) -> String {
    " ".repeat(4 * depth)
}

/// The value, without indentation and symbol of its first line.
pub(crate) fn render(node: &Node, depth: usize, look: Look) -> String {
    let forces = look.forces(node);
    let null = look.null(node.action);
    match &node.kind {
        Kind::Sensitive => format!("(sensitive value){null}{forces}"),
        Kind::Unknown(None) => format!("(known after apply){forces}"),
        Kind::Unknown(Some(before)) => {
            let before = render(before, depth, look.inside());
            format!("{before} {} (known after apply){forces}", arrow(look))
        }
        Kind::Other(before, after) => {
            let before = render(before, depth, look.inside());
            let after = render(after, depth, look.inside());
            format!("{before} {} {after}{forces}", arrow(look))
        }
        Kind::Plain(before, after) => {
            let text = |side: &Option<String>| match side.as_deref() {
                None | Some("null") => look.paint.dim("null"),
                Some(text) => text.to_owned(),
            };
            match node.action {
                Action::Create => format!("{}{forces}", text(after)),
                Action::Delete => format!("{}{null}{forces}", text(before)),
                Action::NoOp => format!("{}{forces}", text(before)),
                _ => format!("{} {} {}{forces}", text(before), arrow(look), text(after)),
            }
        }
        Kind::Text(before, after) => text(node, before.as_deref(), after.as_deref(), depth, look),
        Kind::Seq { items, context } => sequence(node, items, *context, depth, look),
        Kind::Object(attributes) => members(node, attributes, false, depth, look),
        Kind::Map(entries) => members(node, entries, true, depth, look),
        Kind::Block { attributes, blocks } => block(node, attributes, blocks, depth, look),
    }
}

fn arrow(look: Look) -> String {
    look.paint.yellow("->")
}

fn sequence(node: &Node, items: &[Node], context: bool, depth: usize, look: Look) -> String {
    let (forces, null) = (look.forces(node), look.null(node.action));
    if items.is_empty() {
        return format!("[]{null}{forces}");
    }
    let (indent, none) = (indentation(depth + 1), look.symbol(Action::NoOp));
    let mut out = format!("[{forces}\n");
    let push = |item: &Node, look: Look, out: &mut String| {
        let symbol = look.symbol(item.action);
        let text = render(item, depth + 1, look);
        out.push_str(&format!("{indent}{symbol}{text},\n"));
    };
    let mut skipped: Vec<&Node> = Vec::new();
    let mut show_next = false;
    for item in items {
        let unchanged = item.action == Action::NoOp && !look.show_unchanged;
        if unchanged && !(show_next && context) {
            skipped.push(item);
            continue;
        }
        if context && let Some(last) = skipped.pop() {
            if !skipped.is_empty() {
                let hidden = look.hidden("element", skipped.len());
                out.push_str(&format!("{indent}{none}{hidden}\n"));
            }
            push(last, look.inside().whole(), &mut out);
            skipped.clear();
        }
        if unchanged {
            push(item, look.inside().whole(), &mut out);
        } else {
            push(item, look.inside(), &mut out);
        }
        show_next = !unchanged;
    }
    if !skipped.is_empty() {
        let hidden = look.hidden("element", skipped.len());
        out.push_str(&format!("{indent}{none}{hidden}\n"));
    }
    format!("{out}{}{none}]{null}", indentation(depth))
}

/// A name as it can stand before `=`.
fn attribute_name(name: &str) -> String {
    let mut chars = name.chars();
    let valid = chars.next().is_some_and(|c| c.is_alphabetic() || c == '_')
        && chars.all(|c| c.is_alphanumeric() || c == '_' || c == '-');
    if valid {
        name.to_owned()
    } else {
        format!("{name:?}")
    }
}

fn members(
    node: &Node,
    members: &BTreeMap<Arc<str>, Node>,
    is_map: bool,
    depth: usize,
    look: Look,
) -> String {
    let (forces, null) = (look.forces(node), look.null(node.action));
    if members.is_empty() {
        return format!("{{}}{null}{forces}");
    }
    let mut out = format!("{{{forces}\n");
    let what = if is_map { "element" } else { "attribute" };
    push_members(members, is_map, what, depth, look, look.inside(), &mut out);
    let none = look.symbol(Action::NoOp);
    format!("{out}{}{none}}}{null}", indentation(depth))
}

/// Appends a line for each member that is shown, and one for all others.
fn push_members(
    members: &BTreeMap<Arc<str>, Node>,
    is_map: bool,
    what: &str,
    depth: usize,
    look: Look,
    inner: Look,
    out: &mut String,
) {
    let name = |key: &str| {
        if is_map {
            format!("{key:?}")
        } else {
            attribute_name(key)
        }
    };
    let width = members
        .keys()
        .map(|key| name(key).chars().count())
        .max()
        .unwrap_or(0);
    let indent = indentation(depth + 1);
    let mut hidden = 0;
    for (key, member) in members {
        let important = !is_map && IMPORTANT.contains(&&**key);
        if member.action == Action::NoOp && !look.show_unchanged && !important {
            hidden += 1;
            continue;
        }
        let inner = if important { inner.whole() } else { inner };
        let symbol = look.symbol(member.action);
        let text = render(member, depth + 1, inner);
        out.push_str(&format!("{indent}{symbol}{:<width$} = {text}\n", name(key)));
    }
    if hidden > 0 {
        let none = look.symbol(Action::NoOp);
        out.push_str(&format!("{indent}{none}{}\n", look.hidden(what, hidden)));
    }
}

fn block(
    node: &Node,
    attributes: &BTreeMap<Arc<str>, Node>,
    blocks: &[(Arc<str>, Vec<NestedBlock>)],
    depth: usize,
    look: Look,
) -> String {
    let forces = look.forces(node);
    if attributes.is_empty() && blocks.is_empty() {
        return format!("{{}}{forces}");
    }
    let (indent, none) = (indentation(depth + 1), look.symbol(Action::NoOp));
    let mut out = format!("{{{forces}\n");
    push_members(attributes, false, "attribute", depth, look, look, &mut out);
    let mut hidden = 0;
    for (name, all) in blocks {
        let mut first = true;
        for nested in all {
            if nested.node.action == Action::NoOp && !look.show_unchanged {
                hidden += 1;
                continue;
            }
            if std::mem::take(&mut first) && !attributes.is_empty() {
                out.push('\n');
            }
            let symbol = look.symbol(nested.node.action);
            let label = nested
                .key
                .as_ref()
                .map_or_else(String::new, |k| format!(" {k:?}"));
            let text = if nested.hidden {
                let inner = indentation(depth + 2);
                format!(
                    "{{\n{inner}{none}# At least one attribute in this block is (or was) sensitive,\n{inner}{none}# so its contents will not be displayed.\n{indent}{none}}}"
                )
            } else {
                render(&nested.node, depth + 1, look)
            };
            let name = attribute_name(name);
            out.push_str(&format!("{indent}{symbol}{name}{label} {text}\n"));
        }
    }
    if hidden > 0 {
        out.push_str(&format!(
            "\n{indent}{none}{}\n",
            look.hidden("block", hidden)
        ));
    }
    format!("{out}{}{none}}}", indentation(depth))
}

// ---- strings

fn text(
    node: &Node,
    before: Option<&str>,
    after: Option<&str>,
    depth: usize,
    look: Look,
) -> String {
    let (forces, null) = (look.forces(node), look.null(node.action));
    let quoted = |side: Option<&str>| match side {
        Some(text) => quote(text),
        None => look.paint.dim("null"),
    };
    let many = |side: Option<&str>| side.is_some_and(|s| s.contains('\n'));
    let (indent, none) = (indentation(depth + 1), look.symbol(Action::NoOp));
    let one_sided = node.action != Action::Update;
    let json = (before.and_then(as_json), after.and_then(as_json));
    let lines: Vec<String> = if one_sided {
        let side = if node.action == Action::Delete {
            before
        } else {
            after
        };
        match (node.action, json) {
            (Action::Create, (_, Some(a))) => return json_text(node, None, Some(&a), depth, look),
            (Action::Delete, (Some(b), _)) => return json_text(node, Some(&b), None, depth, look),
            (Action::NoOp, (Some(b), _)) => {
                return json_text(node, Some(&b), Some(&b), depth, look);
            }
            _ => {}
        }
        if !many(side) {
            return format!("{}{null}{forces}", quoted(side));
        }
        let lines = side.unwrap_or_default().trim().split('\n');
        lines.map(|line| format!("{indent}{none}{line}")).collect()
    } else {
        match json {
            (Some(b), Some(a)) => return json_text(node, Some(&b), Some(&a), depth, look),
            (None, None) => {}
            _ => {
                let old = Node::new(Action::Delete, Kind::Text(before.map(Into::into), None));
                let new = Node::new(Action::Create, Kind::Text(None, after.map(Into::into)));
                let kind = Kind::Other(Box::new(old), Box::new(new));
                let other = Node::new(node.action, kind).replacing(node.replace);
                return render(&other, depth, look);
            }
        }
        if !many(before) && !many(after) {
            return format!(
                "{} {} {}{forces}",
                quoted(before),
                arrow(look),
                quoted(after)
            );
        }
        changed_lines(
            before.unwrap_or_default(),
            after.unwrap_or_default(),
            &indent,
            look,
        )
    };
    format!(
        "<<-EOT{forces}\n{}\n{}{none}EOT{null}",
        lines.join("\n"),
        indentation(depth)
    )
}

fn changed_lines(before: &str, after: &str, indent: &str, look: Look) -> Vec<String> {
    use similar::{Algorithm, ChangeTag, capture_diff_slices};
    let lines = |text: &str| -> Vec<String> {
        // Only texts of several lines are trimmed.
        let text = if text.contains('\n') {
            text.trim()
        } else {
            text
        };
        text.split('\n').map(str::to_owned).collect()
    };
    let (old, new) = (lines(before), lines(after));
    let ops = capture_diff_slices(Algorithm::Lcs, &old, &new);
    let changes = ops.iter().flat_map(|op| op.iter_changes(&old, &new));
    changes
        .map(|change| {
            let action = match change.tag() {
                ChangeTag::Equal => Action::NoOp,
                ChangeTag::Delete => Action::Delete,
                ChangeTag::Insert => Action::Create,
            };
            format!("{indent}{}{}", look.symbol(action), change.value())
        })
        .collect()
}

/// A string literal.
fn quote(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() => out.push_str(&format!("\\u{:04x}", c as u32)),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// The value of a text that is a JSON object or array.
fn as_json(text: &str) -> Option<cty::Value> {
    if !text.starts_with(['{', '[']) {
        return None;
    }
    cty::json::decode_simple(text.as_bytes()).ok()
}

fn json_text(
    node: &Node,
    before: Option<&cty::Value>,
    after: Option<&cty::Value>,
    depth: usize,
    look: Look,
) -> String {
    let inner = dynamic(before, after);
    let null = look.null(node.action);
    let (indent, none) = (indentation(depth + 1), look.symbol(Action::NoOp));
    let mut forces = look.forces(node);
    let mut whitespace = "";
    let mut inner_look = look.inside();
    let mut action = inner.action;
    if inner.action == Action::NoOp && node.action == Action::Update {
        whitespace = if node.replace {
            " # whitespace changes force replacement"
        } else {
            " # whitespace changes"
        };
        forces.clear();
        inner_look = inner_look.whole();
    }
    if matches!(node.action, Action::Create | Action::Delete) {
        action = Action::NoOp;
    }
    let text = render(&inner, depth + 1, inner_look);
    if text.contains('\n') {
        let symbol = look.symbol(action);
        let outer = indentation(depth);
        format!("jsonencode({whitespace}\n{indent}{symbol}{text}{forces}\n{outer}{none}){null}")
    } else {
        format!("jsonencode({text}){null}{whitespace}{forces}")
    }
}
