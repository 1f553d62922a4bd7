//! Addresses of modules.

use crate::InstanceKey;
use std::fmt;
use std::sync::Arc;

/// A module in the configuration: the names of the calls that lead to it; empty = root.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Module(pub Arc<[Arc<str>]>);

impl Module {
    /// The root module.
    pub fn root() -> Self {
        Self::default()
    }

    /// Whether it is the root module.
    pub fn is_root(&self) -> bool {
        self.0.is_empty()
    }

    /// The module that the call `name` in this module leads to.
    #[must_use]
    pub fn child(&self, name: impl Into<Arc<str>>) -> Self {
        Self(self.0.iter().cloned().chain([name.into()]).collect())
    }

    /// The calling module and the name of the call.
    pub fn parent(&self) -> Option<(Self, &Arc<str>)> {
        self.0
            .split_last()
            .map(|(name, rest)| (Self(rest.into()), name))
    }
}

impl fmt::Display for Module {
    /// `module.a.module.b`; nothing for the root.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, name) in self.0.iter().enumerate() {
            write!(f, "{}module.{name}", if i == 0 { "" } else { "." })?;
        }
        Ok(())
    }
}

/// One step from a module instance to an instance of a child module.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ModuleStep {
    /// The name of the call.
    pub name: Arc<str>,
    /// The key of the instance.
    pub key: InstanceKey,
}

/// One instance of a module; empty = root. A clone shares the steps.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ModuleInstance(pub Arc<[ModuleStep]>);

impl ModuleInstance {
    /// The root module.
    pub fn root() -> Self {
        Self::default()
    }

    /// Whether it is the root module.
    pub fn is_root(&self) -> bool {
        self.0.is_empty()
    }

    /// An instance of the module that the call `name` leads to.
    #[must_use]
    pub fn child(&self, name: impl Into<Arc<str>>, key: InstanceKey) -> Self {
        Self(
            self.0
                .iter()
                .cloned()
                .chain([ModuleStep {
                    name: name.into(),
                    key,
                }])
                .collect(),
        )
    }

    /// The calling instance and the last step.
    pub fn parent(&self) -> Option<(Self, &ModuleStep)> {
        self.0
            .split_last()
            .map(|(step, rest)| (Self(rest.into()), step))
    }

    /// The module without keys.
    pub fn module(&self) -> Module {
        Module(self.0.iter().map(|s| s.name.clone()).collect())
    }

    /// Whether `self` is `other` or lies inside it.
    pub fn is_within(&self, other: &Self) -> bool {
        self.0.starts_with(&other.0)
    }
}

impl fmt::Display for ModuleInstance {
    /// `module.a[0].module.b`; nothing for the root.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, step) in self.0.iter().enumerate() {
            write!(
                f,
                "{}module.{}{}",
                if i == 0 { "" } else { "." },
                step.name,
                step.key
            )?;
        }
        Ok(())
    }
}
