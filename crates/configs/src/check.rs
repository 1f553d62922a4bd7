//! What only shows when modules are looked at together.

mod providers;

use crate::{Config, ModuleCall};
use diags::{Diagnostic, Diagnostics};

/// Checks calls against the modules they call; their arguments only if `check_arguments`.
pub(crate) fn check_tree(config: &Config, check_arguments: bool) -> Diagnostics {
    let mut diags = Diagnostics::new();
    for caller in config.walk() {
        for call in caller.module.calls.values() {
            if let Some(child) = caller.children.get(&call.name) {
                if check_arguments {
                    arguments(call, child, &mut diags);
                }
                backend(child, &mut diags);
                imports(child, &mut diags);
            }
        }
    }
    providers::check(config, &mut diags);
    diags
}

fn imports(child: &Config, diags: &mut Diagnostics) {
    for import in &child.module.imports {
        diags.push(
            Diagnostic::error(
                "Invalid import configuration",
                format!(
                    "Only the root module can import objects, also into other modules. This block is in {}.",
                    child.path
                ),
            )
            .at(import.range.clone()),
        );
    }
}

fn backend(child: &Config, diags: &mut Diagnostics) {
    if let Some(backend) = child
        .module
        .backend
        .as_ref()
        .filter(|b| &*b.kind != "cloud")
    {
        diags.push(
            Diagnostic::warning(
                "Backend configuration ignored",
                "The state of the whole configuration is kept where the root module says: this block has no effect.",
            )
            .at(backend.range.clone()),
        );
    }
}

fn arguments(call: &ModuleCall, child: &Config, diags: &mut Diagnostics) {
    for (name, argument) in &call.arguments {
        if !child.module.variables.contains_key(name) {
            let hint = hcl::suggestion(name, child.module.variables.keys().map(|k| &**k))
                .map(|near| format!(" Did you mean {near:?}?"))
                .unwrap_or_default();
            diags.push(
                Diagnostic::error(
                    "Unsupported argument",
                    format!(
                        "An argument named {:?} is not expected here.{hint}",
                        &**name
                    ),
                )
                .at(argument.name_range.clone()),
            );
        }
    }
    for variable in child.module.variables.values() {
        if variable.default.is_none() && !call.arguments.contains_key(&variable.name) {
            diags.push(
                Diagnostic::error(
                    "Missing required argument",
                    format!(
                        "The argument {:?} is required, but no definition was found.",
                        &*variable.name
                    ),
                )
                .at(call.missing_range.clone()),
            );
        }
    }
}
