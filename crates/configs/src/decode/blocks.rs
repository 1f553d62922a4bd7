//! What the decoding of all blocks shares.

use diags::{Diagnostic, Diagnostics, SourceRange};
use hcl::{AttributeSchema, Block, BlockSchema, BodySchema};
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

/// Whether a name is one: letters, digits, `_` and `-`, not beginning with a digit.
pub(super) fn check_name(
    what: &str,
    name: &str,
    range: &SourceRange,
    diags: &mut Diagnostics,
) -> bool {
    let mut chars = name.chars();
    let starts = chars.next().is_some_and(|c| c.is_alphabetic() || c == '_');
    let goes_on = chars.all(|c| c.is_alphanumeric() || c == '_' || c == '-');
    if starts && goes_on {
        return true;
    }
    diags.push(
        Diagnostic::error(
            format!("Invalid {what} name"),
            "A name must start with a letter or underscore and may contain only letters, digits, underscores, and dashes.",
        )
        .at(range.clone()),
    );
    false
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
            format!(
                "{named} was already declared at {earlier}. Names must be unique within a module."
            ),
        )
        .at(block.def_range.clone()),
    );
}
