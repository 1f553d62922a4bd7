//! What only shows when modules are looked at together.

use crate::{Config, ModuleCall, Repetition};
use diags::{Diagnostic, Diagnostics};

/// Checks calls against the modules they call.
pub(crate) fn check_tree(config: &Config) -> Diagnostics {
    let mut diags = Diagnostics::new();
    for caller in config.walk() {
        for call in caller.module.calls.values() {
            if let Some(child) = caller.children.get(&call.name) {
                arguments(call, child, &mut diags);
                providers(call, child, &mut diags);
            }
        }
    }
    diags
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

fn providers(call: &ModuleCall, child: &Config, diags: &mut Diagnostics) {
    for (name, requirement) in &child.module.required_providers {
        for alias in &requirement.aliases {
            if !call.providers.iter().any(|p| p.child == *alias)
                && !child.module.providers.contains_key(alias)
            {
                diags.push(
                    Diagnostic::error(
                        "Missing required provider configuration",
                        format!(
                            "The child module requires an additional configuration for provider {}, with the local name \
                             {:?}: pass it in the providers argument of the module block.",
                            requirement.provider.for_display(),
                            alias.to_string()
                        ),
                    )
                    .at(call.range.clone()),
                );
            }
        }
        let configured = child
            .module
            .providers
            .values()
            .find(|p| p.name == *name && !p.body.is_empty());
        let special = match (&call.repetition, call.depends_on.is_empty()) {
            (Repetition::Count(_), _) => Some("count"),
            (Repetition::ForEach(_), _) => Some("for_each"),
            (Repetition::Single, false) => Some("depends_on"),
            (Repetition::Single, true) => None,
        };
        if let (Some(block), Some(argument)) = (configured, special) {
            diags.push(
                Diagnostic::error(
                    "Module is incompatible with count, for_each, and depends_on",
                    format!(
                        "The module at {} is a legacy module which contains its own local provider configurations (at {}), and so \
                         calls to it may not use the {argument} argument. Move the provider configuration to the root module and \
                         pass it with the providers argument.",
                        call.name, block.range
                    ),
                )
                .at(call.range.clone()),
            );
        }
    }
}
