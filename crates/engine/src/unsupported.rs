//! What is read from the configuration but not carried out yet: an error, never silence.

use diags::{Diagnostic, Diagnostics, SourceRange};
use lang::Program;

/// Blocks that this version does not carry out.
pub(crate) fn check(program: &Program<'_>) -> Diagnostics {
    let mut diags = Diagnostics::new();
    let mut refuse = |what: &str, range: &SourceRange| {
        diags.push(
            Diagnostic::error(
                format!("Unsupported {what}"),
                format!("This version of groma reads {what}s, but cannot carry them out yet."),
            )
            .at(range.clone()),
        );
    };
    for def in &program.modules {
        let module = def.module;
        for resource in module.resources.values() {
            for provisioner in &resource.provisioners {
                refuse("provisioner", &provisioner.range);
            }
        }
    }
    diags
}
