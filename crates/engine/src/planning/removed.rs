//! `removed` blocks: what the configuration says it has let go of.

use addrs::{ConfigResource, Module};
use configs::RemovedBlock;
use diags::{Diagnostic, Diagnostics};
use lang::Program;
use plans::{Action, Plan};

/// Blocks that are declared although they are said to be removed.
pub(crate) fn check(program: &Program<'_>) -> Diagnostics {
    let mut diags = Diagnostics::new();
    for def in &program.modules {
        for removed in &def.module.removed {
            match &removed.from {
                RemovedBlock::Resource(from) => {
                    let addr = ConfigResource {
                        module: within(&def.path, &from.module),
                        ..from.clone()
                    };
                    if let Some((module, index)) = program.find_resource(&addr) {
                        let resource = program.resource(module, index);
                        diags.push(
                            Diagnostic::error(
                                "Removed resource still exists",
                                format!(
                                    "The block at {} declares that {addr} was removed, but this resource block still exists in the \
                                     configuration. Remove one of the two.",
                                    removed.range
                                ),
                            )
                            .at(resource.range.clone()),
                        );
                    }
                }
                RemovedBlock::Module(from) => {
                    let path = within(&def.path, from);
                    if program.module_at(&path).is_some() {
                        diags.push(
                            Diagnostic::error(
                                "Removed module still exists",
                                format!(
                                    "This block declares that {path} was removed, but the module is still called in the \
                                     configuration. Remove one of the two."
                                ),
                            )
                            .at(removed.range.clone()),
                        );
                    }
                }
            }
        }
    }
    diags
}

/// Whether objects of a block are only forgotten.
pub(crate) fn is_forgotten(program: &Program<'_>, block: &ConfigResource) -> bool {
    program.modules.iter().any(|def| {
        def.module.removed.iter().any(|removed| {
            !removed.destroy
                && match &removed.from {
                    RemovedBlock::Resource(from) => {
                        block.resource == from.resource
                            && block.module == within(&def.path, &from.module)
                    }
                    RemovedBlock::Module(from) => {
                        block.module.0.starts_with(&within(&def.path, from).0)
                    }
                }
        })
    })
}

fn within(module: &Module, relative: &Module) -> Module {
    Module(module.0.iter().chain(relative.0.iter()).cloned().collect())
}

/// Says which objects are let go of.
pub(crate) fn warning(plan: &Plan) -> Option<Diagnostic> {
    let forgotten: Vec<String> = plan
        .changes
        .iter()
        .filter(|c| c.change.action == Action::Forget)
        .map(|c| format!("\n - {}", c.addr))
        .collect();
    if forgotten.is_empty() {
        return None;
    }
    Some(Diagnostic::warning(
        "Some objects will no longer be managed by groma",
        format!(
            "If you apply this plan, these objects are dropped from the state, but they go on to exist:\n{}\n\nAfterwards nothing \
             manages them any more, until they are imported.",
            forgotten.concat()
        ),
    ))
}
