//! What `-target` and its like name.

use crate::{
    AbsResourceInstance, ConfigResource, InstanceKey, ModuleInstance, Resource,
    parse_resource_instance, split_module,
};
use std::fmt;

/// What a command is limited to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// Everything in a module instance; a last step without a key stands for all instances.
    Module(ModuleInstance),
    /// A resource; without a key, all its instances.
    Resource {
        /// The module instance; a last step without a key stands for all instances.
        module: ModuleInstance,
        /// The resource.
        resource: Resource,
        /// The key, if written.
        key: InstanceKey,
    },
}

impl Target {
    /// Reads `module.a`, `aws_vpc.main`, `module.a["k"].aws_vpc.main[0]`. The error is the end of a
    /// sentence.
    pub fn parse(text: &str) -> Result<Self, String> {
        if let Ok((module, "")) = split_module(text)
            && !module.is_root()
        {
            return Ok(Self::Module(module));
        }
        let AbsResourceInstance {
            module,
            resource,
            key,
        } = parse_resource_instance(text)?;
        Ok(Self::Resource {
            module,
            resource,
            key,
        })
    }

    /// Whether an instance is meant.
    pub fn contains(&self, addr: &AbsResourceInstance) -> bool {
        match self {
            Self::Module(module) => is_within(&addr.module, module),
            Self::Resource {
                module,
                resource,
                key,
            } => {
                addr.module.0.len() == module.0.len()
                    && is_within(&addr.module, module)
                    && addr.resource == *resource
                    && (key.is_none() || addr.key == *key)
            }
        }
    }

    /// Whether any instance of a block may be meant.
    pub fn contains_block(&self, block: &ConfigResource) -> bool {
        match self {
            Self::Module(module) => block.module.0.starts_with(&module.module().0),
            Self::Resource {
                module, resource, ..
            } => block.module == module.module() && block.resource == *resource,
        }
    }
}

impl Target {
    /// Whether all instances of a block are meant, whatever their keys.
    pub fn covers_block(&self, block: &ConfigResource) -> bool {
        let (Self::Module(module) | Self::Resource { module, .. }) = self;
        let any_instance = module.0.iter().all(|step| step.key.is_none())
            && !matches!(self, Self::Resource { key, .. } if !key.is_none());
        any_instance && self.contains_block(block)
    }
}

/// Whether a module instance is the target or lies inside it.
fn is_within(module: &ModuleInstance, target: &ModuleInstance) -> bool {
    module.0.len() >= target.0.len()
        && target
            .0
            .iter()
            .zip(module.0.iter())
            .all(|(t, m)| t.name == m.name && (t.key.is_none() || t.key == m.key))
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Module(module) => module.fmt(f),
            Self::Resource {
                module,
                resource,
                key,
            } => {
                if !module.is_root() {
                    write!(f, "{module}.")?;
                }
                write!(f, "{resource}{key}")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_without_keys_covers_a_block() {
        let block = parse_resource_instance("module.a.t.b").unwrap().config();
        for (target, covered) in [
            ("module.a", true),
            ("module.a.t.b", true),
            ("module.a[0]", false),
            ("module.a[0].t.b", false),
            ("module.a.t.b[0]", false),
            ("module.a.t.c", false),
        ] {
            let target = Target::parse(target).unwrap();
            assert_eq!(target.covers_block(&block), covered, "{target}");
        }
    }

    #[test]
    fn a_target_without_key_means_all_instances() {
        let one = parse_resource_instance("module.a[0].t.b[\"k\"]").unwrap();
        for (target, meant) in [
            ("module.a", true),
            ("module.a[0]", true),
            ("module.a[1]", false),
            ("module.a[0].t.b", true),
            ("module.a.t.b[\"k\"]", true),
            ("module.a[0].t.b[\"x\"]", false),
            ("t.b", false),
        ] {
            assert_eq!(
                Target::parse(target).unwrap().contains(&one),
                meant,
                "{target}"
            );
            assert_eq!(Target::parse(target).unwrap().to_string(), target);
        }
    }
}
