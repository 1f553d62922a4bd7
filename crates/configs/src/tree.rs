//! The tree of modules.

use crate::Module;
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
}

// To come (owner: configs):
// load::Loader { modules manifest .terraform/modules/modules.json, read files through a `Files` trait (disk or memory for tests), keep sources for snippets }
// Config::provider_config_for(&self, module path, &LocalProviderConfig) -> addrs::ProviderConfig    (follows `providers` maps and inheritance upwards)
// Config::required_providers() -> all (Provider, constraints) of the tree
