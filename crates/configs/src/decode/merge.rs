//! Override files: arguments of their blocks replace those of blocks declared elsewhere.

use diags::{Diagnostic, Diagnostics};
use hcl::{Attribute, Block, Body, NativeBody};
use std::sync::Arc;

/// Merges each overriding block into the block of the same type and labels.
pub(super) fn overrides(blocks: &mut Vec<Block>, overriding: Vec<Block>, diags: &mut Diagnostics) {
    for over in overriding {
        match &*over.kind {
            "locals" => override_locals(blocks, &over, diags),
            "terraform" => override_settings(blocks, over),
            kind @ ("moved" | "import" | "removed") => diags.push(
                Diagnostic::error(
                    format!("Cannot override '{kind}' blocks"),
                    format!("A {kind} block can only stand in a file that is no override file."),
                )
                .at(over.def_range),
            ),
            _ => override_block(blocks, over, diags),
        }
    }
}

fn override_block(blocks: &mut Vec<Block>, over: Block, diags: &mut Diagnostics) {
    let labels = |block: &Block| {
        block
            .labels
            .iter()
            .map(|l| l.value.clone())
            .collect::<Vec<_>>()
    };
    let base = blocks.iter_mut().find(|b| {
        b.kind == over.kind
            && labels(b) == labels(&over)
            && (&*b.kind != "provider" || alias(&b.body) == alias(&over.body))
    });
    let what = match (base, &*over.kind) {
        (Some(base), _) => {
            base.body = merged(&base.body, &over.body);
            return;
        }
        // A provider that has no block is configured all the same.
        (None, "provider") => return blocks.push(over),
        (None, "variable") => "base variable declaration",
        (None, "output") => "base output definition",
        (None, "module") => "module call",
        (None, "resource") => "resource",
        (None, "data") => "data resource",
        (None, "ephemeral") => "ephemeral resource",
        (None, _) => "base block",
    };
    diags.push(
        Diagnostic::error(
            format!("Missing {what} to override"),
            "A block in an override file changes one in another file, and there is none with this type and these labels.",
        )
        .at(over.def_range),
    );
}

/// A `terraform` block replaces the settings that it has, wherever they were; of required providers
/// it replaces single entries.
fn override_settings(blocks: &mut Vec<Block>, over: Block) {
    let Body::Native(new) = &over.body;
    let is_place = |kind: &str| matches!(kind, "backend" | "cloud");
    let new_place = new.blocks.iter().any(|b| is_place(&b.kind));
    let mut rest = new.blocks.clone();
    for block in blocks.iter_mut().filter(|b| &*b.kind == "terraform") {
        let Body::Native(old) = &block.body;
        let attributes = old
            .attributes
            .iter()
            .filter(|a| !new.attributes.iter().any(|n| n.name == a.name))
            .cloned()
            .collect();
        let mut kept = Vec::with_capacity(old.blocks.len());
        for inner in old
            .blocks
            .iter()
            .filter(|b| !(new_place && is_place(&b.kind)))
        {
            let mut inner = inner.clone();
            if &*inner.kind == "required_providers" {
                for more in rest.iter().filter(|b| b.kind == inner.kind) {
                    inner.body = merged(&inner.body, &more.body);
                }
                rest.retain(|b| b.kind != inner.kind);
            }
            kept.push(inner);
        }
        block.body = with(old, attributes, kept);
    }
    let body = with(new, new.attributes.clone(), rest);
    blocks.push(Block { body, ..over });
}

/// A body with other parts.
fn with(body: &NativeBody, attributes: Vec<Attribute>, blocks: Vec<Block>) -> Body {
    Body::Native(Arc::new(NativeBody {
        attributes,
        blocks,
        range: body.range.clone(),
        missing_range: body.missing_range.clone(),
        end_range: body.end_range.clone(),
        taken: body.taken.clone(),
        syntax: body.syntax,
    }))
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

/// What `count` or `for_each` takes the place of.
fn other_repetition(name: &str) -> Option<&'static str> {
    match name {
        "count" => Some("for_each"),
        "for_each" => Some("count"),
        _ => None,
    }
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
    let kept = base.attributes.iter().filter(|a| {
        !over
            .attributes
            .iter()
            .any(|o| o.name == a.name || other_repetition(&o.name) == Some(&*a.name))
    });
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
