//! Syntax trees as short text, for tests.

use crate::{Body, Expr, ExprKind, TemplatePart, TraversalStep};
use std::fmt::Write;

/// A body, one item a line.
pub(crate) fn body(body: &Body) -> String {
    let mut out = String::new();
    write_body(body, 0, &mut out);
    out
}

fn write_body(body: &Body, depth: usize, out: &mut String) {
    let Body::Native(body) = body;
    let indent = "  ".repeat(depth);
    for a in &body.attributes {
        let r = &a.range;
        let _ = writeln!(
            out,
            "{indent}{} = {}  @{}:{}-{}:{}",
            a.name,
            expr(&a.expr),
            r.start.line,
            r.start.column,
            r.end.line,
            r.end.column
        );
    }
    for b in &body.blocks {
        let labels: Vec<_> = b.labels.iter().map(|l| &*l.value).collect();
        let _ = writeln!(out, "{indent}{} {labels:?}  @{}", b.kind, b.def_range);
        write_body(&b.body, depth + 1, out);
    }
}

/// An expression as an s-expression.
pub(crate) fn expr(e: &Expr) -> String {
    match &*e.kind {
        ExprKind::Literal(value) => format!("{value:?}"),
        ExprKind::Template(ps) => format!("(template{})", parts(ps)),
        ExprKind::Wrap(inner) => format!("(wrap {})", expr(inner)),
        ExprKind::Traversal(t) => format!("{}{}", t.root, steps(&t.steps)),
        ExprKind::Relative { source, steps: s } => format!("(rel {}{})", expr(source), steps(s)),
        ExprKind::Splat(s) => {
            let inner = s
                .inner
                .as_ref()
                .map_or_else(String::new, |i| format!(" {}", expr(i)));
            format!(
                "(splat {:?} {} [{}]{inner})",
                s.kind,
                expr(&s.source),
                steps(&s.each)
            )
        }
        ExprKind::Call(c) => format!(
            "({}{}{})",
            c.name,
            list(&c.args),
            if c.expand_last { " ..." } else { "" }
        ),
        ExprKind::Unary(op, a) => format!("({op:?} {})", expr(a)),
        ExprKind::Binary(op, a, b) => format!("({op:?} {} {})", expr(a), expr(b)),
        ExprKind::Conditional(c) => format!(
            "(? {} {} {})",
            expr(&c.condition),
            expr(&c.then),
            expr(&c.otherwise)
        ),
        ExprKind::Tuple(items) => format!("(tuple{})", list(items)),
        ExprKind::Object(items) => {
            let items: String = items
                .iter()
                .map(|i| format!(" [{} {}]", expr(&i.key), expr(&i.value)))
                .collect();
            format!("(object{items})")
        }
        ExprKind::For(f) => {
            let mut out = format!(
                "(for {} {} in {}",
                f.key.as_deref().unwrap_or("_"),
                f.value,
                expr(&f.collection)
            );
            if let Some(key) = &f.result_key {
                let _ = write!(out, " {} =>", expr(key));
            }
            let _ = write!(out, " {}", expr(&f.result));
            if let Some(condition) = &f.condition {
                let _ = write!(out, " if {}", expr(condition));
            }
            out + if f.group { " ...)" } else { ")" }
        }
        ExprKind::Parens(inner) => format!("(parens {})", expr(inner)),
        ExprKind::Item => "$".to_owned(),
        ExprKind::JsonString(string) => format!("(json {})", expr(&string.template)),
    }
}

fn list(items: &[Expr]) -> String {
    items.iter().map(|i| format!(" {}", expr(i))).collect()
}

fn steps(steps: &[TraversalStep]) -> String {
    let step = |s: &TraversalStep| match s {
        TraversalStep::Attr { name, .. } => format!(".{name}"),
        TraversalStep::Index { key, .. } => format!("[{}]", expr(key)),
    };
    steps.iter().map(step).collect()
}

fn parts(ps: &[TemplatePart]) -> String {
    let part = |p: &TemplatePart| match p {
        TemplatePart::Literal(text, _) => format!(" {text:?}"),
        TemplatePart::Interpolation(e) => format!(" {}", expr(e)),
        TemplatePart::If {
            condition,
            then,
            otherwise,
            ..
        } => {
            format!(
                " (if {} ({}) ({}))",
                expr(condition),
                parts(then).trim_start(),
                parts(otherwise).trim_start()
            )
        }
        TemplatePart::For {
            key,
            value,
            collection,
            body,
            ..
        } => {
            let key = key.as_deref().unwrap_or("_");
            format!(
                " (for {key} {value} in {} ({}))",
                expr(collection),
                parts(body).trim_start()
            )
        }
    };
    ps.iter().map(part).collect()
}
