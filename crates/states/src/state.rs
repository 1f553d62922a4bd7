//! The state as data.

use addrs::{
    AbsResource, AbsResourceInstance, ConfigResource, InstanceKey, Provider, ProviderConfig,
};
use cty::{Marks, Path, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

/// Everything that exists. Resources that have no object left are not kept.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct State {
    /// Outputs of the root module.
    pub outputs: BTreeMap<Arc<str>, OutputValue>,
    /// Resources, in the order of state files.
    pub resources: BTreeMap<AbsResource, ResourceState>,
    /// Results of checks at the last plan or apply; `None` = never evaluated.
    pub checks: Option<Vec<CheckResult>>,
}

/// An output value.
#[derive(Clone, Debug, PartialEq)]
pub struct OutputValue {
    /// The value, unmarked.
    pub value: Value,
    /// Whether it is hidden.
    pub sensitive: bool,
}

/// A resource and its instances.
#[derive(Clone, Debug, PartialEq)]
pub struct ResourceState {
    /// The provider configuration that last managed it.
    pub provider: ProviderConfig,
    /// Instances by key.
    pub instances: BTreeMap<InstanceKey, Instance>,
}

/// One instance: its object, and former objects still to be destroyed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Instance {
    /// The object.
    pub current: Option<Arc<Object>>,
    /// Former objects.
    pub deposed: BTreeMap<DeposedKey, Arc<Object>>,
}

/// The name of a former object: 8 hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DeposedKey(pub Arc<str>);

impl fmt::Display for DeposedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An object as it is stored. Its attributes stay JSON text until a schema is at hand.
#[derive(Clone, Debug, PartialEq)]
pub struct Object {
    /// Whether it is in order.
    pub status: ObjectStatus,
    /// The schema version it was stored with.
    pub schema_version: i64,
    /// The attributes as JSON text without space, by the schema's implied type.
    pub attributes: Arc<[u8]>,
    /// The attributes of states before version 4 that were never upgraded.
    pub flatmap: Option<BTreeMap<String, String>>,
    /// Where marks were.
    pub sensitive_paths: Vec<(Path, Marks)>,
    /// The provider's bytes.
    pub private: Arc<[u8]>,
    /// What it depends on: sorted.
    pub dependencies: Arc<[ConfigResource]>,
    /// It was created before the object it replaced was destroyed, or will have to be.
    pub create_before_destroy: bool,
}

/// Whether an object is in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ObjectStatus {
    /// In order.
    Ready,
    /// To be replaced.
    Tainted,
}

/// The result of the checks of one configuration object.
#[derive(Clone, Debug, PartialEq)]
pub struct CheckResult {
    /// `resource`, `output`, `check` or `var`.
    pub object_kind: Arc<str>,
    /// The object's address without keys.
    pub config_addr: Arc<str>,
    /// The worst of all instances.
    pub status: CheckStatus,
    /// The instances; `None` = not known.
    pub objects: Option<Vec<CheckObjectResult>>,
}

/// The result of the checks of one instance.
#[derive(Clone, Debug, PartialEq)]
pub struct CheckObjectResult {
    /// The instance's address.
    pub object_addr: Arc<str>,
    /// The worst of all checks.
    pub status: CheckStatus,
    /// What failed checks said.
    pub failure_messages: Vec<Arc<str>>,
}

/// How a check came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CheckStatus {
    /// It holds.
    Pass,
    /// It does not hold.
    Fail,
    /// It could not be evaluated.
    Error,
    /// It cannot be told yet.
    Unknown,
}

impl State {
    /// The instance at an address.
    pub fn instance(&self, addr: &AbsResourceInstance) -> Option<&Instance> {
        self.resources
            .get(&addr.abs_resource())?
            .instances
            .get(&addr.key)
    }

    /// Every instance with its address, in order.
    pub fn instances(
        &self,
    ) -> impl Iterator<Item = (AbsResourceInstance, &ResourceState, &Instance)> {
        self.resources.iter().flat_map(|(addr, resource)| {
            resource
                .instances
                .iter()
                .map(move |(key, instance)| (addr.instance(key.clone()), resource, instance))
        })
    }

    /// The providers that manage what exists, sorted by address.
    pub fn providers(&self) -> BTreeSet<&Provider> {
        self.resources
            .values()
            .map(|resource| &resource.provider.provider)
            .collect()
    }

    /// Sets or removes the current object. What becomes empty is dropped.
    pub fn set_current(
        &mut self,
        addr: &AbsResourceInstance,
        provider: &ProviderConfig,
        object: Option<Arc<Object>>,
    ) {
        self.update(addr, provider, |instance| instance.current = object);
    }

    /// Sets or removes a former object. What becomes empty is dropped.
    pub fn set_deposed(
        &mut self,
        addr: &AbsResourceInstance,
        provider: &ProviderConfig,
        key: &DeposedKey,
        object: Option<Arc<Object>>,
    ) {
        self.update(addr, provider, |instance| match object {
            Some(object) => drop(instance.deposed.insert(key.clone(), object)),
            None => drop(instance.deposed.remove(key)),
        });
    }

    fn update(
        &mut self,
        addr: &AbsResourceInstance,
        provider: &ProviderConfig,
        change: impl FnOnce(&mut Instance),
    ) {
        let abs = addr.abs_resource();
        let resource = self
            .resources
            .entry(abs.clone())
            .or_insert_with(|| ResourceState {
                provider: provider.clone(),
                instances: BTreeMap::new(),
            });
        let instance = resource.instances.entry(addr.key.clone()).or_default();
        change(instance);
        if instance.current.is_some() {
            resource.provider = provider.clone();
        }
        if instance.current.is_none() && instance.deposed.is_empty() {
            resource.instances.remove(&addr.key);
            if resource.instances.is_empty() {
                self.resources.remove(&abs);
            }
        }
    }
}
