//! `lifecycle`, conditions and `depends_on`.

use super::blocks::schema;
use super::statics;
use crate::{CheckRule, IgnoreChanges, Lifecycle};
use cty::{Path, Step};
use diags::{Diagnostic, Diagnostics, SourceRange};
use hcl::{Attribute, Block, BodySchema, Expr, ExprKind, TraversalStep};
use std::sync::LazyLock;

static SCHEMA: LazyLock<BodySchema> = LazyLock::new(|| {
    schema(
        &[
            "create_before_destroy",
            "prevent_destroy",
            "ignore_changes",
            "replace_triggered_by",
        ],
        &["precondition", "postcondition"],
    )
});

static RULE: LazyLock<BodySchema> =
    LazyLock::new(|| schema(&["condition!", "error_message!"], &[]));

/// Decodes a `lifecycle` block; data blocks may only have conditions.
pub(super) fn lifecycle(block: &Block, managed: bool, diags: &mut Diagnostics) -> Lifecycle {
    let (content, problems) = block.body.content(&SCHEMA);
    diags.append(problems);
    if !managed && let Some(attribute) = content.attributes.first() {
        diags.push(
            Diagnostic::error(
                "Invalid data resource lifecycle argument",
                format!("The lifecycle argument {:?} is defined only for managed resources (\"resource\" blocks).", &*attribute.name),
            )
            .at(attribute.name_range.clone()),
        );
    }
    Lifecycle {
        create_before_destroy: content
            .attribute("create_before_destroy")
            .and_then(|a| statics::bool(a, diags)),
        prevent_destroy: content
            .attribute("prevent_destroy")
            .and_then(|a| statics::bool(a, diags))
            .unwrap_or(false),
        ignore_changes: content
            .attribute("ignore_changes")
            .map_or(IgnoreChanges::None, |a| ignore_changes(a, diags)),
        replace_triggered_by: content
            .attribute("replace_triggered_by")
            .map(|a| triggers(a, diags))
            .unwrap_or_default(),
        preconditions: check_rules(content.blocks_of("precondition"), diags),
        postconditions: check_rules(content.blocks_of("postcondition"), diags),
    }
}

/// Decodes `validation`, `precondition` or `postcondition` blocks.
pub(super) fn check_rules<'b>(
    blocks: impl Iterator<Item = &'b Block>,
    diags: &mut Diagnostics,
) -> Vec<CheckRule> {
    blocks
        .filter_map(|block| {
            let (content, problems) = block.body.content(&RULE);
            diags.append(problems);
            Some(CheckRule {
                condition: content.attribute("condition")?.expr.clone(),
                error_message: content.attribute("error_message")?.expr.clone(),
                range: block.def_range.clone(),
            })
        })
        .collect()
}

/// The elements of a list that must be written out.
fn list<'a>(attribute: &'a Attribute, diags: &mut Diagnostics) -> &'a [Expr] {
    attribute.expr.as_static_list().unwrap_or_else(|| {
        diags.push(
            Diagnostic::error(
                "Invalid expression",
                "A static list expression is required.",
            )
            .at(attribute.expr.range.clone()),
        );
        &[]
    })
}

/// `depends_on`: references to resources, modules and such, without what is inside of them.
pub(super) fn depends_on(attribute: &Attribute, diags: &mut Diagnostics) -> Vec<Expr> {
    let elements = list(attribute, diags);
    elements
        .iter()
        .filter(|expr| {
            let is_reference = expr.as_traversal().is_some();
            if !is_reference {
                diags.push(
                    Diagnostic::error(
                        "Invalid expression",
                        "A single static variable reference is required: only attribute access and indexing with constant keys. \
                         No calculations, function calls, template expressions, etc are allowed here.",
                    )
                    .at(expr.range.clone()),
                );
            }
            is_reference
        })
        .cloned()
        .collect()
}

fn ignore_changes(attribute: &Attribute, diags: &mut Diagnostics) -> IgnoreChanges {
    if attribute.expr.as_keyword() == Some("all") {
        return IgnoreChanges::All;
    }
    let mut paths = Vec::new();
    for expr in list(attribute, diags) {
        match static_path(expr) {
            Some(path) => paths.push((path, expr.range.clone())),
            None => diags.push(
                Diagnostic::error(
                    "Invalid expression",
                    "An attribute name is required here, with constant keys if it goes deeper, such as tags[\"Name\"].",
                )
                .at(expr.range.clone()),
            ),
        }
    }
    IgnoreChanges::Paths(paths)
}

/// `a`, `a.b`, `a["k"]` as a path into an object; names may also be quoted.
fn static_path(expr: &Expr) -> Option<Path> {
    if let Some(name) = expr.as_literal().and_then(|v| v.as_str()) {
        return Some(Path::root().attr(name.clone()));
    }
    let traversal = expr.as_traversal()?;
    let mut path = Path::root().attr(traversal.root.clone());
    for step in &traversal.steps {
        path.0.push(match step {
            TraversalStep::Attr { name, .. } => Step::Attr(name.clone()),
            TraversalStep::Index { key, .. } => Step::Index(key.as_literal()?.clone()),
        });
    }
    Some(path)
}

fn triggers(attribute: &Attribute, diags: &mut Diagnostics) -> Vec<Expr> {
    let mut found = Vec::new();
    for expr in list(attribute, diags) {
        let ExprKind::Traversal(traversal) = &*expr.kind else {
            diags.push(invalid_trigger(&expr.range));
            continue;
        };
        if matches!(
            &*traversal.root,
            "var" | "local" | "module" | "data" | "each" | "count" | "path" | "terraform" | "self"
        ) {
            diags.push(invalid_trigger(&expr.range));
            continue;
        }
        found.push(expr.clone());
    }
    found
}

fn invalid_trigger(range: &SourceRange) -> Diagnostic {
    Diagnostic::error(
        "Invalid replace_triggered_by expression",
        "Only managed resources, their instances and attributes can trigger a replacement: no data sources, variables, locals \
         or modules. Wrap a plain value in a terraform_data resource to use it here.",
    )
    .at(range.clone())
}
