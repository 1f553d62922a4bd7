//! Override files: arguments of their blocks replace those of blocks declared elsewhere.

use diags::{Diagnostic, Diagnostics};
use hcl::{Block, Body, NativeBody};
use std::sync::Arc;

/// Merges each overriding block into the block of the same type and labels.
pub(super) fn overrides(blocks: &mut [Block], overriding: Vec<Block>, diags: &mut Diagnostics) {
    for over in overriding {
        if &*over.kind == "locals" {
            override_locals(blocks, &over, diags);
            continue;
        }
        let labels = |block: &Block| {
            block
                .labels
                .iter()
                .map(|l| l.value.clone())
                .collect::<Vec<_>>()
        };
        let alias = |block: &Block| alias(&block.body);
        let base = blocks.iter_mut().find(|b| {
            b.kind == over.kind
                && labels(b) == labels(&over)
                && (&*b.kind != "provider" || alias(b) == alias(&over))
        });
        match base {
            Some(base) => base.body = merged(&base.body, &over.body),
            None => diags.push(
                Diagnostic::error(
                    format!("Missing base {} configuration to override", over.kind),
                    "An override file can only change a block that a primary configuration file declares, and there is none \
                     with this type and these labels.",
                )
                .at(over.def_range),
            ),
        }
    }
}

/// One body with the arguments and blocks of both.
pub(super) fn joined(base: &Body, more: &Body) -> Body {
    let (Body::Native(base), Body::Native(more)) = (base, more);
    Body::Native(Arc::new(NativeBody {
        attributes: base
            .attributes
            .iter()
            .chain(&more.attributes)
            .cloned()
            .collect(),
        blocks: base.blocks.iter().chain(&more.blocks).cloned().collect(),
        range: base.range.clone(),
        missing_range: base.missing_range.clone(),
        end_range: base.end_range.clone(),
        taken: Vec::new(),
        syntax: base.syntax,
    }))
}

fn alias(body: &Body) -> Option<Arc<str>> {
    let Body::Native(body) = body;
    let alias = body.attributes.iter().find(|a| &*a.name == "alias")?;
    alias.expr.as_literal().and_then(|v| v.as_str().cloned())
}

fn override_locals(blocks: &mut [Block], over: &Block, diags: &mut Diagnostics) {
    let Body::Native(over) = &over.body;
    for attribute in &over.attributes {
        let mut found = false;
        for block in blocks.iter_mut().filter(|b| &*b.kind == "locals") {
            let Body::Native(body) = &block.body;
            if body.attributes.iter().any(|a| a.name == attribute.name) {
                let single = NativeBody {
                    attributes: vec![attribute.clone()],
                    blocks: Vec::new(),
                    range: over.range.clone(),
                    missing_range: over.missing_range.clone(),
                    end_range: over.end_range.clone(),
                    taken: Vec::new(),
                    syntax: over.syntax,
                };
                block.body = merged(&block.body, &Body::Native(Arc::new(single)));
                found = true;
                break;
            }
        }
        if !found {
            diags.push(
                Diagnostic::error(
                    "Missing base local value definition to override",
                    format!(
                        "There is no local value named {:?} to override.",
                        &*attribute.name
                    ),
                )
                .at(attribute.range.clone()),
            );
        }
    }
}

/// A body with the arguments of another in place of its own. Nested blocks of a type replace all of
/// that type, except that `lifecycle` and `required_providers` are merged argument by argument.
fn merged(base: &Body, over: &Body) -> Body {
    let (Body::Native(base), Body::Native(over)) = (base, over);
    let kept = base
        .attributes
        .iter()
        .filter(|a| !over.attributes.iter().any(|o| o.name == a.name));
    let attributes = kept.chain(&over.attributes).cloned().collect();
    let by_argument = |kind: &str| matches!(kind, "lifecycle" | "required_providers");
    let mut blocks: Vec<Block> = Vec::new();
    for block in &base.blocks {
        let same: Vec<&Block> = over
            .blocks
            .iter()
            .filter(|o| o.kind == block.kind)
            .collect();
        if same.is_empty() {
            blocks.push(block.clone());
        } else if by_argument(&block.kind) {
            let body = same
                .iter()
                .fold(block.body.clone(), |body, o| merged(&body, &o.body));
            blocks.push(Block {
                body,
                ..block.clone()
            });
        }
    }
    let added = over
        .blocks
        .iter()
        .filter(|o| !by_argument(&o.kind) || !base.blocks.iter().any(|b| b.kind == o.kind));
    blocks.extend(added.cloned());
    Body::Native(Arc::new(NativeBody {
        attributes,
        blocks,
        range: base.range.clone(),
        missing_range: base.missing_range.clone(),
        end_range: base.end_range.clone(),
        taken: base.taken.clone(),
        syntax: base.syntax,
    }))
}
