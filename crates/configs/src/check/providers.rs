//! Whether every module has the provider configurations that it uses.

use crate::{Config, ModuleCall, PassedProvider, ProviderBlock, Repetition};
use addrs::{LocalProviderConfig, Provider};
use diags::{Diagnostic, Diagnostics, SourceRange};
use std::collections::BTreeMap;

/// Checks a tree of modules from its root.
pub(super) fn check(root: &Config, diags: &mut Diagnostics) {
    let mut modules = vec![Module {
        config: root,
        caller: None,
        single: None,
    }];
    while let Some(module) = modules.pop() {
        for call in module.config.module.calls.values() {
            let Some(child) = module.config.children.get(&call.name) else {
                continue;
            };
            modules.push(Module {
                config: child,
                caller: Some((module.config, call)),
                single: manifold(call).or_else(|| module.single.clone()),
            });
        }
        module.required_twice(diags);
        module.passes_on(diags);
        if let Some((caller, call)) = module.caller {
            module.is_called(caller, call, diags);
        }
        missing(root, module.config, diags);
    }
}

/// What in a call forbids provider blocks in the called module.
fn manifold(call: &ModuleCall) -> Option<SourceRange> {
    match &call.repetition {
        Repetition::Count(expr) | Repetition::ForEach(expr) => Some(expr.range.clone()),
        Repetition::Single => {
            let first = call.depends_on.first()?;
            let last = call.depends_on.last()?;
            Some(first.range.to(&last.range))
        }
    }
}

struct Module<'c> {
    config: &'c Config,
    caller: Option<(&'c Config, &'c ModuleCall)>,
    /// What forbids provider blocks here, in a call on the way here.
    single: Option<SourceRange>,
}

impl Module<'_> {
    /// The module in a sentence.
    fn name(config: &Config) -> String {
        if config.path.is_root() {
            "the root module".into()
        } else {
            config.path.to_string()
        }
    }

    /// The provider that a `required_providers` entry gives a name.
    fn required(config: &Config, name: &str) -> Option<Provider> {
        let requirement = config.module.required_providers.get(name)?;
        requirement
            .range
            .as_ref()
            .map(|_| requirement.provider.clone())
    }

    /// Provider blocks with arguments: others only say that a configuration must be passed.
    fn configures(&self, name: &LocalProviderConfig) -> Option<&ProviderBlock> {
        let block = self.config.module.providers.get(name)?;
        (!block.body.is_empty() || block.version.is_some()).then_some(block)
    }

    fn required_twice(&self, diags: &mut Diagnostics) {
        let mut seen: BTreeMap<&Provider, &str> = BTreeMap::new();
        for (name, requirement) in &self.config.module.required_providers {
            if requirement.range.is_none() {
                continue;
            }
            if let Some(earlier) = seen.insert(&requirement.provider, name) {
                let detail = format!(
                    "The provider {} has two local names, {earlier:?} and {:?}: remove one of them.",
                    requirement.provider.for_display(),
                    &**name
                );
                diags.push(
                    Diagnostic::warning("Duplicate required provider", detail)
                        .at(requirement.range.clone()),
                );
            }
        }
    }

    /// Configurations without an alias that calls pass on must be there.
    fn passes_on(&self, diags: &mut Diagnostics) {
        for call in self.config.module.calls.values() {
            for passed in call.providers.iter().filter(|p| p.parent.alias.is_none()) {
                let name = &passed.parent.name;
                let configured = self.configures(&passed.parent).is_some();
                if !configured && Self::required(self.config, name).is_none() {
                    let detail = format!(
                        "{} says nothing about a provider {name:?}, so hashicorp/{name} is assumed. Add {name:?} with its source to \
                         the required_providers block there.",
                        capital(&Self::name(self.config))
                    );
                    diags.push(
                        Diagnostic::warning("Reference to undefined provider", detail)
                            .at(passed.parent_range.clone()),
                    );
                    continue;
                }
                let Some((caller, own)) = self.caller else {
                    continue;
                };
                if !configured && !own.providers.iter().any(|p| p.child == passed.parent) {
                    let detail = format!(
                        "{} passes on a configuration of provider {name:?}, but gets none from {}: add it to the providers argument \
                         of this call.",
                        capital(&Self::name(self.config)),
                        Self::name(caller)
                    );
                    diags.push(
                        Diagnostic::warning("Missing required provider configuration", detail)
                            .at(own.range.clone()),
                    );
                }
            }
        }
    }

    fn is_called(&self, caller: &Config, call: &ModuleCall, diags: &mut Diagnostics) {
        let module = &self.config.module;
        let configured: Vec<&ProviderBlock> = module
            .providers
            .keys()
            .filter_map(|name| self.configures(name))
            .collect();
        if let (Some(block), Some(range)) = (configured.first(), &self.single) {
            let detail = format!(
                "A module that configures providers itself, as {} does at {}, can be called only once and at once. Move the \
                 provider blocks to the root module and pass the configurations with \"providers\".",
                self.config.path, block.range
            );
            diags.push(
                Diagnostic::error(
                    "Module is incompatible with count, for_each, and depends_on",
                    detail,
                )
                .at(range.clone()),
            );
        }
        for passed in &call.providers {
            if self.configures(&passed.child).is_some() {
                let detail = format!(
                    "{} configures {} itself, so no configuration of it can be passed.",
                    self.config.path, passed.child
                );
                diags.push(
                    Diagnostic::error("Cannot override provider configuration", detail)
                        .at(passed.child_range.clone()),
                );
            }
            self.receives(caller, passed, diags);
        }
        let aliases = module.required_providers.values().flat_map(|r| {
            let provider = &r.provider;
            r.aliases.iter().map(move |alias| (alias, provider))
        });
        for (alias, provider) in aliases {
            let passed = call.providers.iter().any(|p| p.child == *alias);
            if !passed && self.configures(alias).is_none() {
                let detail = format!(
                    "The called module needs a configuration of {} that it calls {alias}: add {alias} to the providers argument of \
                     this call.",
                    provider.for_display()
                );
                diags.push(
                    Diagnostic::error("Missing required provider configuration", detail)
                        .at(call.range.clone()),
                );
            }
        }
        self.empty_blocks(diags);
    }

    /// One configuration that is passed to this module: it must be known here, and of the same provider.
    fn receives(&self, caller: &Config, passed: &PassedProvider, diags: &mut Diagnostics) {
        let name = &passed.child.name;
        let module = &self.config.module;
        let default = |name: &str| Provider::new(Provider::DEFAULT_HOST, "hashicorp", name);
        let required = Self::required(self.config, name);
        let known = (required.is_some() && passed.child.alias.is_none())
            || module
                .required_providers
                .get(name)
                .is_some_and(|r| r.aliases.contains(&passed.child))
            || module.providers.contains_key(&passed.child);
        let here = required.unwrap_or_else(|| default(name));
        if !known {
            let detail = format!(
                "{} says nothing about a provider configuration {}. Add {name:?} with the source {} to its required_providers \
                 block.",
                self.config.path,
                passed.child,
                here.for_display()
            );
            let summary = "Reference to undefined provider";
            let is_default = here == default(name);
            let problem = if is_default {
                Diagnostic::warning(summary, detail)
            } else {
                Diagnostic::error(summary, detail)
            };
            diags.push(problem.at(passed.child_range.clone()));
        }
        let there = Self::required(caller, &passed.parent.name)
            .unwrap_or_else(|| default(&passed.parent.name));
        if here != there {
            let detail = format!(
                "{} is a configuration of {} in {}, but {} is one of {} in {}.",
                passed.parent,
                there.for_display(),
                Self::name(caller),
                passed.child,
                here.for_display(),
                self.config.path
            );
            diags.push(
                Diagnostic::error("Provider type mismatch", detail).at(passed.parent_range.clone()),
            );
        }
    }

    /// Empty provider blocks are an old way to say that a configuration must be passed.
    fn empty_blocks(&self, diags: &mut Diagnostics) {
        let mut told: Vec<&str> = Vec::new();
        for (local, block) in &self.config.module.providers {
            if self.configures(local).is_some() || told.contains(&&*block.name) {
                continue;
            }
            told.push(&block.name);
            let source = Self::required(self.config, &block.name).unwrap_or_else(|| {
                Provider::new(Provider::DEFAULT_HOST, "hashicorp", block.name.clone())
            });
            let detail = format!(
                "A module says in required_providers which provider configurations it needs. Replace the empty blocks of provider \
                 {:?} by an entry there with source = {:?}, and with configuration_aliases for those with an alias.",
                &*block.name,
                source.for_display()
            );
            diags.push(
                Diagnostic::warning("Redundant empty provider block", detail)
                    .at(block.range.clone()),
            );
        }
    }
}

/// Resources that name a configuration which is nowhere.
fn missing(root: &Config, config: &Config, diags: &mut Diagnostics) {
    for resource in config.module.resources.values() {
        let Some((local, range)) = &resource.provider else {
            continue;
        };
        // The call is told of those that the module asks for.
        let asked_for = config
            .module
            .required_providers
            .values()
            .any(|r| r.aliases.contains(local));
        if local.alias.is_none() || asked_for {
            continue;
        }
        let found = root.provider_config_for(&config.path, local);
        let is_there = found.alias.is_none()
            || root.descendant(&found.module).is_some_and(|c| {
                c.module.providers.keys().any(|p| {
                    p.alias == found.alias
                        && root.provider_of(&found.module, &p.name) == found.provider
                })
            });
        if !is_there {
            let detail = format!(
                "There is no provider block for {local}, and no caller passes such a configuration. {} needs it.",
                resource.addr
            );
            diags.push(
                Diagnostic::error("Provider configuration not present", detail).at(range.clone()),
            );
        }
    }
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars
        .next()
        .map(|c| c.to_uppercase().chain(chars).collect())
        .unwrap_or_default()
}
