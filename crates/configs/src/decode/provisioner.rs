//! `provisioner` and `connection` blocks.

use super::blocks::{at_most_one, reserved, schema};
use super::statics;
use crate::{OnFailure, Provisioner, ProvisionerWhen};
use diags::{Diagnostic, Diagnostics};
use hcl::{Attribute, Block, Body, BodySchema};
use std::sync::{Arc, LazyLock};

static SCHEMA: LazyLock<BodySchema> =
    LazyLock::new(|| schema(&["when", "on_failure"], &["connection", "lifecycle", "_"]));

/// Provisioners that Terraform once had.
const REMOVED: [&str; 4] = ["chef", "habitat", "puppet", "salt-masterless"];

pub(super) fn decode(block: &Block, diags: &mut Diagnostics) -> Option<Provisioner> {
    let label = block.labels.first()?;
    if REMOVED.contains(&&*label.value) {
        diags.push(
            Diagnostic::error(
                format!("The {:?} provisioner has been removed", &*label.value),
                "There are the provisioners \"local-exec\", \"remote-exec\" and \"file\".",
            )
            .at(label.range.clone()),
        );
        return None;
    }
    let (content, body, problems) = block.body.partial_content(&SCHEMA);
    diags.append(problems);
    reserved(&content, &["lifecycle"], "provisioner", diags);
    let when = content
        .attribute("when")
        .and_then(|a| {
            let options = [
                ("create", ProvisionerWhen::Create),
                ("destroy", ProvisionerWhen::Destroy),
            ];
            keyword(a, options, diags)
        })
        .unwrap_or_default();
    let on_failure = content
        .attribute("on_failure")
        .and_then(|a| {
            let options = [("continue", OnFailure::Continue), ("fail", OnFailure::Fail)];
            keyword(a, options, diags)
        })
        .unwrap_or_default();
    let connection =
        at_most_one(&content, "connection", "provisioner", diags).map(|b| b.body.clone());
    if when == ProvisionerWhen::Destroy {
        only_self(&body, diags);
        if let Some(connection) = &connection {
            only_self(connection, diags);
        }
    }
    Some(Provisioner {
        kind: label.value.clone(),
        when,
        on_failure,
        connection,
        body,
        range: block.def_range.clone(),
    })
}

fn keyword<T: Copy>(
    attribute: &Attribute,
    options: [(&str, T); 2],
    diags: &mut Diagnostics,
) -> Option<T> {
    let expr = &attribute.expr;
    let quoted = statics::literal_string(expr);
    if quoted.is_some() && !expr.range.file.ends_with(".json") {
        diags.push(
            Diagnostic::warning(
                "Quoted keywords are deprecated",
                "Keywords are written without quotes here. The quotes are understood for the sake of old configurations: \
                 remove them.",
            )
            .at(expr.range.clone()),
        );
    }
    let word = expr.as_keyword().or(quoted.map(|q| &**q));
    let found = options
        .iter()
        .find(|(name, _)| Some(*name) == word)
        .map(|(_, option)| *option);
    if found.is_none() {
        let name = &attribute.name;
        diags.push(
            Diagnostic::error(
                format!("Invalid {:?} keyword", &**name),
                format!(
                    "The argument {name:?} is either {} or {}.",
                    options[0].0, options[1].0
                ),
            )
            .at(expr.range.clone()),
        );
    }
    found
}

/// When an object is destroyed, what else there was may be gone already.
fn only_self(body: &Body, diags: &mut Diagnostics) {
    let mut bodies: Vec<Arc<hcl::NativeBody>> = Vec::new();
    let Body::Native(body) = body;
    bodies.push(body.clone());
    while let Some(body) = bodies.pop() {
        for traversal in body.attributes.iter().flat_map(|a| a.expr.traversals()) {
            if body.taken.contains(&traversal.root) {
                continue;
            }
            let first = match traversal.steps.first() {
                Some(hcl::TraversalStep::Attr { name, .. }) => &**name,
                _ => "",
            };
            if matches!(
                (&*traversal.root, first),
                ("self" | "path" | "terraform", _) | ("count", "index") | ("each", "key")
            ) {
                continue;
            }
            let range = traversal.steps.last().map_or_else(
                || traversal.root_range.clone(),
                |s| traversal.root_range.to(s.range()),
            );
            diags.push(
                Diagnostic::error(
                    "Invalid reference from destroy provisioner",
                    "A provisioner that runs when an object is destroyed can refer only to the object, by self, count.index \
                     and each.key: anything else may be destroyed before it.",
                )
                .at(range),
            );
        }
        bodies.extend(body.blocks.iter().map(|b| {
            let Body::Native(body) = &b.body;
            body.clone()
        }));
    }
}
