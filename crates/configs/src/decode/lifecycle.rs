//! `lifecycle`, conditions and `depends_on`.

use super::blocks::schema;
use super::statics;
use crate::{CheckRule, IgnoreChanges, Lifecycle};
use addrs::{Mode, Reference, Referenceable};
use cty::{Path, Step};
use diags::{Diagnostic, Diagnostics};
use hcl::{Attribute, Block, BodySchema, Content, Expr, TraversalStep};
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

/// Decodes a `lifecycle` block; only that of a `resource` block has arguments.
pub(super) fn lifecycle(
    block: &Block,
    addr: &addrs::Resource,
    diags: &mut Diagnostics,
) -> Lifecycle {
    let (content, problems) = block.body.content(&SCHEMA);
    diags.append(problems);
    let rules = |kind, diags: &mut Diagnostics| check_rules(kind, &content, Some(addr), diags);
    let conditions = Lifecycle {
        preconditions: rules("precondition", diags),
        postconditions: rules("postcondition", diags),
        ..Lifecycle::default()
    };
    let what = match addr.mode {
        Mode::Managed => return arguments(&content, conditions, diags),
        Mode::Data => "data resource",
        Mode::Ephemeral => "ephemeral resource",
    };
    for attribute in &content.attributes {
        diags.push(
            Diagnostic::error(
                format!("Invalid {what} lifecycle argument"),
                format!(
                    "The lifecycle argument {:?} has a meaning only in resource blocks.",
                    &*attribute.name
                ),
            )
            .at(attribute.name_range.clone()),
        );
    }
    conditions
}

fn arguments(content: &Content, conditions: Lifecycle, diags: &mut Diagnostics) -> Lifecycle {
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
        ..conditions
    }
}

/// Decodes `validation`, `precondition`, `postcondition` or `assert` blocks; `own` is the resource
/// whose conditions they are.
pub(super) fn check_rules(
    kind: &str,
    content: &Content,
    own: Option<&addrs::Resource>,
    diags: &mut Diagnostics,
) -> Vec<CheckRule> {
    let mut rules = Vec::new();
    for block in content.blocks.iter().filter(|b| &*b.kind == kind) {
        let (content, problems) = block.body.content(&RULE);
        diags.append(problems);
        let condition = content.attribute("condition").map(|a| &a.expr);
        let message = content.attribute("error_message").map(|a| &a.expr);
        for expr in [condition, message].into_iter().flatten() {
            if own.is_some_and(|own| refers_to(expr, own)) {
                let detail = "A condition of a resource cannot refer to the resource itself by its address: in a postcondition \
                              write self instead.";
                diags.push(
                    Diagnostic::error(format!("Invalid reference in {kind}"), detail)
                        .at(expr.range.clone()),
                );
            }
        }
        let Some(condition) = condition else {
            continue;
        };
        if condition.traversals().is_empty() {
            let detail = "The condition refers to nothing, so its result is always the same and nothing is checked.";
            diags.push(
                Diagnostic::error(format!("Invalid {kind} expression"), detail)
                    .at(condition.range.clone()),
            );
            if kind != "validation" {
                continue;
            }
        }
        rules.push(CheckRule {
            condition: condition.clone(),
            // That there is none was reported; the rest of the rule can be looked at.
            error_message: message.unwrap_or(condition).clone(),
            range: block.def_range.clone(),
        });
    }
    rules
}

fn refers_to(expr: &Expr, own: &addrs::Resource) -> bool {
    let is_own = |subject: &Referenceable| matches!(subject, Referenceable::Resource { resource, .. } if resource == own);
    expr.traversals()
        .into_iter()
        .any(|t| Reference::parse(t).is_ok_and(|r| is_own(&r.subject)))
}

/// The elements of a list that must be written out.
fn list<'a>(attribute: &'a Attribute, diags: &mut Diagnostics) -> &'a [Expr] {
    attribute.expr.as_static_list().unwrap_or_else(|| {
        diags.push(
            Diagnostic::error(
                "Invalid expression",
                "A list that is written out, in square brackets, is required here.",
            )
            .at(statics::start_range(&attribute.expr)),
        );
        &[]
    })
}

/// Reports what is no plain reference.
pub(super) fn not_static(expr: &Expr) -> Diagnostic {
    Diagnostic::error(
        "Invalid expression",
        "A plain reference is required here: names with dots between them, and literal keys in square brackets. Nothing can \
         be calculated.",
    )
    .at(expr.range.clone())
}

/// The reference in quotes as an expression, as the language once had it.
fn unquoted(expr: &Expr, diags: &mut Diagnostics) -> Option<Expr> {
    let text = statics::literal_string(expr)?;
    statics::warn_quoted(expr, diags);
    let mut start = expr.range.start;
    start.byte += 1;
    start.column += 1;
    let (inner, problems) = hcl::parse_expression(expr.range.file.clone(), text, start);
    diags.append(problems);
    inner
}

/// `depends_on`: references to resources, modules and such.
pub(super) fn depends_on(attribute: &Attribute, diags: &mut Diagnostics) -> Vec<Expr> {
    let mut found = Vec::new();
    for expr in list(attribute, diags) {
        let inner = match statics::literal_string(expr) {
            Some(_) => unquoted(expr, diags),
            None => Some(expr.clone()),
        };
        match inner {
            Some(inner) if inner.as_traversal().is_some() => found.push(inner),
            Some(_) => diags.push(not_static(expr)),
            None => {}
        }
    }
    found
}

fn ignore_changes(attribute: &Attribute, diags: &mut Diagnostics) -> IgnoreChanges {
    if attribute.expr.as_keyword() == Some("all") {
        return IgnoreChanges::All;
    }
    let wildcard = |expr: &Expr| statics::literal_string(expr).is_some_and(|s| &**s == "*");
    let elements = list(attribute, diags);
    if let Some(star) = elements.iter().find(|e| wildcard(e)) {
        diags.push(
            Diagnostic::error(
                "Invalid ignore_changes wildcard",
                "To ignore changes of everything write ignore_changes = all.",
            )
            .at(attribute.expr.range.clone()),
        );
        if elements.len() > 1 {
            diags.push(
                Diagnostic::error(
                    "Invalid ignore_changes ruleset",
                    "\"*\" cannot stand beside names of arguments.",
                )
                .at(star.range.clone()),
            );
        }
    }
    let mut paths = Vec::new();
    for expr in elements.iter().filter(|e| !wildcard(e)) {
        let inner = match statics::literal_string(expr) {
            Some(_) => unquoted(expr, diags),
            None => Some(expr.clone()),
        };
        match inner.as_ref().map(static_path) {
            Some(Some(path)) => paths.push((path, expr.range.clone())),
            Some(None) => diags.push(not_static(expr)),
            None => {}
        }
    }
    IgnoreChanges::Paths(paths)
}

/// `a`, `a.b`, `a["k"]` as a path into an object.
fn static_path(expr: &Expr) -> Option<Path> {
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

/// `replace_triggered_by`: one resource each, with keys of the instance at most.
fn triggers(attribute: &Attribute, diags: &mut Diagnostics) -> Vec<Expr> {
    let mut found = Vec::new();
    for expr in list(attribute, diags) {
        let expr = expr.code();
        if is_trigger(expr, diags) {
            found.push(expr.clone());
        }
    }
    found
}

fn is_trigger(expr: &Expr, diags: &mut Diagnostics) -> bool {
    let before = diags.len();
    let mut resources = 0;
    for traversal in expr.traversals() {
        match Reference::parse(traversal) {
            Ok(reference) => match reference.subject {
                Referenceable::Resource { .. } => resources += 1,
                Referenceable::CountIndex | Referenceable::EachKey => {}
                _ => diags.push(
                    Diagnostic::error(
                        "Invalid reference in replace_triggered_by expression",
                        "Only resources can trigger a replacement, with count.index or each.key as the key of an instance. To let \
                         another value do it, give it to a terraform_data resource.",
                    )
                    .at(expr.range.clone()),
                ),
            },
            Err(problem) => {
                diags.push(*problem);
                return false;
            }
        }
    }
    if resources != 1 {
        diags.push(
            Diagnostic::error(
                "Invalid replace_triggered_by expression",
                format!("Each element refers to one resource or to something in it, but this one to {resources}."),
            )
            .at(expr.range.clone()),
        );
    }
    diags.len() == before
}
