//! The two ends of a `moved` block.

use crate::{AbsResourceInstance, InstanceKey, Module, ModuleInstance, ModuleStep, Resource};
use std::fmt;

/// What a `moved` block's `from` or `to` names, relative to the module the block stands in. A step
/// without a key stands for all instances of the block, or for the one without a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MoveEndpoint {
    /// A module call or one instance of it.
    Module(ModuleInstance),
    /// A resource or one instance of it; the module steps lead to where it is.
    Resource {
        /// The module.
        module: ModuleInstance,
        /// The resource.
        resource: Resource,
        /// The key, if written.
        key: InstanceKey,
    },
}

impl fmt::Display for MoveEndpoint {
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

impl MoveEndpoint {
    /// Where an object goes by a `moved` block in the module `within`, if the block speaks of it.
    ///
    /// When neither end has a key, the block renames a resource or module with all its instances;
    /// otherwise it moves one instance.
    pub fn moved(
        from: &Self,
        to: &Self,
        within: &Module,
        addr: &AbsResourceInstance,
    ) -> Option<AbsResourceInstance> {
        let (base, relative) = split(within, &addr.module)?;
        match (from, to) {
            (Self::Module(from), Self::Module(to)) => {
                let rest = relative.get(from.0.len()..)?;
                let (from_last, from_path) = from.0.split_last()?;
                let (to_last, to_path) = to.0.split_last()?;
                let last = &relative[from.0.len() - 1];
                let key = moved_key(&from_last.key, &to_last.key, &last.key)?;
                if last.name != from_last.name || relative[..from.0.len() - 1] != *from_path {
                    return None;
                }
                let step = ModuleStep {
                    name: to_last.name.clone(),
                    key,
                };
                let module = base
                    .iter()
                    .chain(to_path)
                    .chain([&step])
                    .chain(rest)
                    .cloned()
                    .collect();
                Some(AbsResourceInstance {
                    module: ModuleInstance(module),
                    ..addr.clone()
                })
            }
            (
                Self::Resource {
                    module: from_module,
                    resource: from_resource,
                    key: from_key,
                },
                Self::Resource {
                    module: to_module,
                    resource: to_resource,
                    key: to_key,
                },
            ) => {
                if *relative != *from_module.0 || addr.resource != *from_resource {
                    return None;
                }
                let key = moved_key(from_key, to_key, &addr.key)?;
                let module = base.iter().chain(to_module.0.iter()).cloned().collect();
                Some(AbsResourceInstance {
                    module: ModuleInstance(module),
                    resource: to_resource.clone(),
                    key,
                })
            }
            _ => None,
        }
    }
}

/// The key after a move, if an object with this key is meant.
fn moved_key(from: &InstanceKey, to: &InstanceKey, key: &InstanceKey) -> Option<InstanceKey> {
    if from.is_none() && to.is_none() {
        return Some(key.clone());
    }
    (from == key).then(|| to.clone())
}

/// The instance of `within` that a module instance is in, and the way from there.
fn split<'a>(
    within: &Module,
    module: &'a ModuleInstance,
) -> Option<(&'a [ModuleStep], &'a [ModuleStep])> {
    let depth = within.0.len();
    if module.0.len() < depth
        || within
            .0
            .iter()
            .zip(module.0.iter())
            .any(|(name, step)| *name != step.name)
    {
        return None;
    }
    Some(module.0.split_at(depth))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn instance(
        module: &[(&str, InstanceKey)],
        name: &str,
        key: InstanceKey,
    ) -> AbsResourceInstance {
        let module = module
            .iter()
            .fold(ModuleInstance::root(), |m, (n, k)| m.child(*n, k.clone()));
        Resource::managed("t", name).absolute(module).instance(key)
    }

    fn endpoint(name: &str, key: InstanceKey) -> MoveEndpoint {
        MoveEndpoint::Resource {
            module: ModuleInstance::root(),
            resource: Resource::managed("t", name),
            key,
        }
    }

    fn moved(from: &MoveEndpoint, to: &MoveEndpoint, addr: &AbsResourceInstance) -> Option<String> {
        MoveEndpoint::moved(from, to, &Module::root(), addr).map(|a| a.to_string())
    }

    #[test]
    fn a_rename_without_keys_takes_all_instances() {
        let (from, to) = (
            endpoint("a", InstanceKey::None),
            endpoint("b", InstanceKey::None),
        );
        assert_eq!(
            moved(&from, &to, &instance(&[], "a", InstanceKey::Int(1))).as_deref(),
            Some("t.b[1]")
        );
        assert_eq!(
            moved(&from, &to, &instance(&[], "a", InstanceKey::None)).as_deref(),
            Some("t.b")
        );
        assert_eq!(
            moved(&from, &to, &instance(&[], "c", InstanceKey::None)),
            None
        );
    }

    #[test]
    fn a_key_on_one_end_means_one_instance() {
        let (from, to) = (
            endpoint("a", InstanceKey::None),
            endpoint("a", InstanceKey::Str("x".into())),
        );
        assert_eq!(
            moved(&from, &to, &instance(&[], "a", InstanceKey::None)).as_deref(),
            Some("t.a[\"x\"]")
        );
        assert_eq!(
            moved(&from, &to, &instance(&[], "a", InstanceKey::Int(0))),
            None
        );
    }

    #[test]
    fn a_module_takes_what_is_inside_along() {
        let from = MoveEndpoint::Module(ModuleInstance::root().child("a", InstanceKey::None));
        let to = MoveEndpoint::Module(ModuleInstance::root().child("b", InstanceKey::None));
        let inside = instance(
            &[("a", InstanceKey::Int(0)), ("c", InstanceKey::None)],
            "x",
            InstanceKey::None,
        );
        assert_eq!(
            moved(&from, &to, &inside).as_deref(),
            Some("module.b[0].module.c.t.x")
        );
    }
}
