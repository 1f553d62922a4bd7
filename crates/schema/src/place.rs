//! Where in a body the value at a path was written.

use cty::{Path, Step, Value};
use diags::{AttributeStep, Diagnostics, SourceRange};
use hcl::{Block, Body, Expr, NativeBody};

/// Where in a body the value at a path was written, as near as that can be said: an expression, the
/// header of a block, or where something missing is reported.
pub fn range_at_path(body: &Body, path: &Path) -> SourceRange {
    in_body(body, path.steps())
}

/// Points problems that a provider found at what they speak of in a body; at `header`, the header of
/// the block that the body is of, when they speak of nothing in particular.
pub fn locate(mut diags: Diagnostics, body: &Body, header: &SourceRange) -> Diagnostics {
    for problem in diags.iter_mut().filter(|d| d.subject.is_none()) {
        let steps = problem.attribute.iter().map(|step| match step {
            AttributeStep::Name(name) => Step::Attr(name.as_str().into()),
            AttributeStep::Key(key) => Step::Index(Value::string(key.as_str())),
            AttributeStep::Index(index) => Step::Index(Value::number(*index)),
        });
        let steps: Vec<Step> = steps.collect();
        problem.subject = Some(if steps.is_empty() {
            header.clone()
        } else {
            in_body(body, &steps)
        });
    }
    diags
}

fn in_body(body: &Body, steps: &[Step]) -> SourceRange {
    let Body::Native(native) = body;
    let Some((Step::Attr(name), rest)) = steps.split_first() else {
        return native.missing_range.clone();
    };
    if let Some(attribute) = native.attributes.iter().find(|a| a.name == *name) {
        return in_expr(&attribute.expr, rest);
    }
    let (index, inside) = match rest.split_first() {
        Some((Step::Index(key), inside)) => (Some(key), inside),
        _ => (None, rest),
    };
    match block(native, name, index) {
        Some(Found::Written(block)) if inside.is_empty() => block.def_range.clone(),
        Some(Found::Written(block)) => in_body(&block.body, inside),
        Some(Found::Made(dynamic)) => in_dynamic(dynamic, inside),
        None => native.missing_range.clone(),
    }
}

enum Found<'b> {
    Written(&'b Block),
    /// By a `dynamic` block.
    Made(&'b Block),
}

/// The block of a type at an index or with a label; behind a `dynamic` block indices mean nothing.
fn block<'b>(body: &'b NativeBody, kind: &str, key: Option<&Value>) -> Option<Found<'b>> {
    let label = key.and_then(Value::as_str);
    let mut left = key
        .and_then(Value::as_number)
        .and_then(cty::Number::to_usize)
        .unwrap_or(0);
    for block in &body.blocks {
        let first = block.labels.first().map(|l| &*l.value);
        if &*block.kind == "dynamic" && first == Some(kind) {
            return Some(Found::Made(block));
        }
        if &*block.kind != kind || label.is_some_and(|label| first != Some(&**label)) {
            continue;
        }
        if left == 0 {
            return Some(Found::Written(block));
        }
        left -= 1;
    }
    None
}

fn in_dynamic(dynamic: &Block, inside: &[Step]) -> SourceRange {
    let Body::Native(body) = &dynamic.body;
    let content = body.blocks.iter().find(|b| &*b.kind == "content");
    match content {
        Some(content) if !inside.is_empty() => in_body(&content.body, inside),
        _ => dynamic.def_range.clone(),
    }
}

/// Follows steps into collections that are written out.
fn in_expr(expr: &Expr, steps: &[Step]) -> SourceRange {
    let mut at = expr;
    for step in steps {
        let part = match step {
            Step::Attr(name) => member(at, name),
            Step::Index(key) => match (
                key.as_str(),
                key.as_number().and_then(cty::Number::to_usize),
            ) {
                (Some(name), _) => member(at, name),
                (_, Some(index)) => at.as_static_list().and_then(|items| items.get(index)),
                _ => None,
            },
        };
        match part {
            Some(part) => at = part,
            None => break,
        }
    }
    at.range.clone()
}

fn member<'e>(expr: &'e Expr, name: &str) -> Option<&'e Expr> {
    let items = expr.as_static_map()?;
    let named = |key: &Expr| {
        key.as_literal()
            .and_then(Value::as_str)
            .is_some_and(|k| **k == *name)
    };
    items
        .iter()
        .find(|item| named(&item.key))
        .map(|item| &item.value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::expect;

    #[test]
    fn places() {
        let source = "a = 1\nb = { c = [1, 2] }\nblock {\n  x = 1\n}\nblock {\n  y {}\n}\nlabelled \"k\" {\n  z = 1\n}\n\
                      dynamic \"made\" {\n  for_each = []\n  content {\n    m = 1\n  }\n}\n";
        let (body, _) = hcl::parse("t.tf", source);
        let at = |name: &str| Path::root().attr(name);
        let zero = || Value::number(0);
        let one = || Value::number(1);
        let all: String = [
            Path::root(),
            at("a"),
            at("a").attr("deeper"),
            at("b").attr("c").index(one()),
            at("b").attr("missing"),
            at("block").index(zero()).attr("x"),
            at("block").index(one()).attr("y").index(zero()),
            at("block").index(one()).attr("missing"),
            at("block").index(Value::number(2)),
            at("labelled").index(Value::string("k")).attr("z"),
            at("made").index(one()).attr("m"),
            at("made").index(one()),
            at("missing"),
        ]
        .iter()
        .map(|path| format!("{path} => {}\n", range_at_path(&body, path)))
        .collect();
        expect![[r#"
             => t.tf:1,1-1
            .a => t.tf:1,5-6
            .a.deeper => t.tf:1,5-6
            .b.c[1] => t.tf:2,15-16
            .b.missing => t.tf:2,5-19
            .block[0].x => t.tf:4,7-8
            .block[1].y[0] => t.tf:7,3-4
            .block[1].missing => t.tf:6,7-8
            .block[2] => t.tf:1,1-1
            .labelled["k"].z => t.tf:10,7-8
            .made[1].m => t.tf:15,9-10
            .made[1] => t.tf:12,1-15
            .missing => t.tf:1,1-1
        "#]]
        .assert_eq(&all);
    }
}
