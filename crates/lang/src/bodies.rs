//! Which traversals the expressions of a body hold, `dynamic` blocks included.

use hcl::{BlockSchema, Body, BodySchema, Syntax, Traversal};
use std::sync::{Arc, LazyLock};

static DYNAMIC: LazyLock<BodySchema> = LazyLock::new(|| blocks("dynamic", &["type"]));
static CONTENT: LazyLock<BodySchema> = LazyLock::new(|| blocks("content", &[]));

/// The schema of a body with blocks of one type.
fn blocks(kind: &str, labels: &[&str]) -> BodySchema {
    BodySchema {
        attributes: Vec::new(),
        blocks: vec![BlockSchema {
            kind: kind.into(),
            labels: labels.iter().map(|l| Arc::from(*l)).collect(),
        }],
    }
}

/// Visits every traversal in a body, whatever its schema, but not the iterators of its dynamic blocks
/// and not the names that are iterators around it.
pub(crate) fn visit(body: &Body, iterators: &[Arc<str>], found: &mut dyn FnMut(&Traversal)) {
    let (dynamic, rest);
    let Body::Native(mut body) = body.clone();
    // In JSON only a schema tells blocks from arguments.
    if body.syntax == Syntax::Json && body.attributes.iter().any(|a| &*a.name == "dynamic") {
        (dynamic, rest, _) = Body::Native(body).partial_content(&DYNAMIC);
        for block in dynamic.blocks_of("dynamic") {
            visit_dynamic(block, iterators, found);
        }
        Body::Native(body) = rest;
    }
    for attribute in &body.attributes {
        if !body.taken.contains(&attribute.name) {
            visit_expr(&attribute.expr, iterators, found);
        }
    }
    for block in &body.blocks {
        if body.taken.contains(&block.kind) {
            continue;
        }
        if &*block.kind == "dynamic" {
            visit_dynamic(block, iterators, found);
        } else {
            visit(&block.body, iterators, found);
        }
    }
}

/// Visits the traversals in an expression that are not iterators.
pub(crate) fn visit_expr(
    expr: &hcl::Expr,
    iterators: &[Arc<str>],
    found: &mut dyn FnMut(&Traversal),
) {
    for traversal in expr.traversals() {
        if !iterators.contains(&traversal.root) {
            found(traversal);
        }
    }
}

/// Visits a `dynamic` block.
pub(crate) fn visit_dynamic(
    block: &hcl::Block,
    iterators: &[Arc<str>],
    found: &mut dyn FnMut(&Traversal),
) {
    let (content, rest, _) = block.body.partial_content(&CONTENT);
    let Body::Native(body) = &rest;
    let written = body
        .attributes
        .iter()
        .find(|a| &*a.name == "iterator")
        .and_then(|a| a.expr.as_keyword());
    let name = written
        .map(Arc::from)
        .or_else(|| block.labels.first().map(|l| l.value.clone()));
    let inner: Vec<Arc<str>> = iterators.iter().cloned().chain(name).collect();
    for attribute in body.attributes.iter().filter(|a| &*a.name != "iterator") {
        // The labels may use the iterator, for_each may not.
        let names = if &*attribute.name == "for_each" {
            iterators
        } else {
            &inner
        };
        visit_expr(&attribute.expr, names, found);
    }
    for content in content.blocks.iter().chain(&body.blocks) {
        visit(&content.body, &inner, found);
    }
}
