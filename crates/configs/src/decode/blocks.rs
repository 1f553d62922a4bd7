//! What the decoding of all blocks shares.

use diags::{Diagnostic, Diagnostics, SourceRange};
use hcl::{AttributeSchema, Block, BlockSchema, BodySchema, Content};
use std::sync::Arc;

/// The schema of a block with these arguments (a `!` makes one required) and blocks without labels.
pub(super) fn schema(attributes: &[&str], blocks: &[&str]) -> BodySchema {
    BodySchema {
        attributes: attributes
            .iter()
            .map(|a| AttributeSchema {
                name: a.trim_end_matches('!').into(),
                required: a.ends_with('!'),
            })
            .collect(),
        blocks: blocks
            .iter()
            .map(|b| BlockSchema {
                kind: Arc::from(*b),
                labels: Vec::new(),
            })
            .collect(),
    }
}

/// The only block of a type; further ones are reported.
pub(super) fn at_most_one<'c>(
    content: &'c Content,
    kind: &'c str,
    within: &str,
    diags: &mut Diagnostics,
) -> Option<&'c Block> {
    let mut blocks = content.blocks_of(kind);
    let first = blocks.next()?;
    for more in blocks {
        diags.push(
            Diagnostic::error(
                format!("Duplicate {kind} block"),
                format!(
                    "A {within} can have only one {kind} block. There is one at {}.",
                    first.def_range
                ),
            )
            .at(more.def_range.clone()),
        );
    }
    Some(first)
}

/// Reports blocks of types that mean nothing yet and that no provider may use.
pub(super) fn reserved(content: &Content, kinds: &[&str], within: &str, diags: &mut Diagnostics) {
    for block in &content.blocks {
        if kinds.contains(&&*block.kind) {
            diags.push(
                Diagnostic::error(
                    format!("Reserved block type name in {within} block"),
                    format!(
                        "Blocks called {:?} are kept for later versions of the language.",
                        &*block.kind
                    ),
                )
                .at(block.kind_range.clone()),
            );
        }
    }
}

/// Whether a name is one: letters, digits, `_` and `-`, not beginning with a digit.
pub(super) fn check_name(
    what: &str,
    name: &str,
    range: &SourceRange,
    diags: &mut Diagnostics,
) -> bool {
    if is_name(name) {
        return true;
    }
    diags.push(
        Diagnostic::error(
            format!("Invalid {what} name"),
            "A name starts with a letter or underscore, and goes on with letters, digits, underscores and dashes.",
        )
        .at(range.clone()),
    );
    false
}

/// Whether a text can be a name.
pub(super) fn is_name(name: &str) -> bool {
    let mut chars = name.chars();
    let starts = chars.next().is_some_and(|c| c.is_alphabetic() || c == '_');
    starts && chars.all(|c| c.is_alphanumeric() || c == '_' || c == '-')
}

/// The only label of a block.
pub(super) fn name(what: &str, block: &Block, diags: &mut Diagnostics) -> Option<Arc<str>> {
    let label = block.labels.first()?;
    check_name(what, &label.value, &label.range, diags).then(|| label.value.clone())
}

/// Reports a second declaration of the same thing.
pub(super) fn duplicate(
    what: &str,
    named: &str,
    earlier: &SourceRange,
    block: &Block,
    diags: &mut Diagnostics,
) {
    diags.push(
        Diagnostic::error(
            format!("Duplicate {what}"),
            format!("{named} is declared at {earlier} already. Give one of the two another name."),
        )
        .at(block.def_range.clone()),
    );
}
