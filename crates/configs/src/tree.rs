//! The tree of modules.

#[cfg(test)]
mod tests;

use crate::Module;
use addrs::{LocalProviderConfig, Provider, ProviderConfig};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A module and the modules it calls.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// Where in the tree it is.
    pub path: addrs::Module,
    /// What it declares.
    pub module: Module,
    /// The called modules, by call name.
    pub children: BTreeMap<Arc<str>, Self>,
}

impl Config {
    /// The module at a path.
    pub fn descendant(&self, path: &addrs::Module) -> Option<&Self> {
        path.0
            .iter()
            .try_fold(self, |config, name| config.children.get(name))
    }

    /// This module and all below it, callers first.
    pub fn walk(&self) -> impl Iterator<Item = &Self> {
        let mut stack = vec![self];
        std::iter::from_fn(move || {
            let config = stack.pop()?;
            stack.extend(config.children.values().rev());
            Some(config)
        })
    }

    /// The provider configuration that a module's local name stands for: in the module itself, passed
    /// by a caller's `providers`, or inherited from a caller.
    pub fn provider_config_for(
        &self,
        path: &addrs::Module,
        local: &LocalProviderConfig,
    ) -> ProviderConfig {
        let mut at = path.clone();
        let mut alias = local.alias.clone();
        let mut provider = self.provider_of(&at, &local.name);
        loop {
            let here = self.descendant(&at);
            let configured = here.is_some_and(|c| {
                c.module
                    .providers
                    .keys()
                    .any(|p| p.alias == alias && self.provider_of(&at, &p.name) == provider)
            });
            let Some((caller, name)) = at.parent() else {
                return ProviderConfig {
                    module: at,
                    provider,
                    alias,
                };
            };
            if configured {
                return ProviderConfig {
                    module: at,
                    provider,
                    alias,
                };
            }
            let call = self
                .descendant(&caller)
                .and_then(|c| c.module.calls.get(name));
            let passed = call.and_then(|call| {
                call.providers.iter().find(|p| {
                    p.child.alias == alias && self.provider_of(&at, &p.child.name) == provider
                })
            });
            match passed {
                Some(passed) => {
                    provider = self.provider_of(&caller, &passed.parent.name);
                    alias = passed.parent.alias.clone();
                }
                // Only the default configuration is inherited without being passed.
                None if alias.is_some() => {
                    return ProviderConfig {
                        module: at,
                        provider,
                        alias,
                    };
                }
                None => {}
            }
            at = caller;
        }
    }

    /// The provider that a local name stands for in a module.
    pub fn provider_of(&self, path: &addrs::Module, name: &str) -> Provider {
        self.descendant(path)
            .and_then(|c| c.module.required_providers.get(name))
            .map_or_else(|| Provider::implied(name), |r| r.provider.clone())
    }

    /// Every provider of the tree with the version constraints of all modules, sorted by address.
    pub fn required_providers(&self) -> BTreeMap<Provider, Vec<Arc<str>>> {
        let mut all: BTreeMap<Provider, Vec<Arc<str>>> = BTreeMap::new();
        for config in self.walk() {
            for requirement in config.module.required_providers.values() {
                let constraints = all.entry(requirement.provider.clone()).or_default();
                if !requirement.constraint.is_empty()
                    && !constraints.contains(&requirement.constraint)
                {
                    constraints.push(requirement.constraint.clone());
                }
            }
            for block in config.module.providers.values() {
                if let Some((constraint, _)) = &block.version {
                    let provider = self.provider_of(&config.path, &block.name);
                    all.entry(provider).or_default().push(constraint.clone());
                }
            }
        }
        all
    }
}
