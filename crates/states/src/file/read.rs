//! Reading state files.

use super::object_text::Interned;
use super::problem::{self, Problem};
use super::{ObjectText, OutputText, StateFile, VERSION, version3};
use crate::{
    CheckObjectResult, CheckResult, CheckStatus, Instance, OutputValue, ResourceState, State,
};
use addrs::{AbsResource, Mode, ModuleInstance, ProviderConfig, Resource};
use diags::Diagnostics;
use serde::Deserialize;
use std::borrow::Cow;
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

#[derive(Deserialize)]
#[serde(expecting = "a state as a JSON object")]
struct FileText<'a> {
    version: u64,
    #[serde(default)]
    terraform_version: String,
    #[serde(default)]
    serial: u64,
    #[serde(default)]
    lineage: String,
    #[serde(borrow, default)]
    outputs: Option<Members<OutputText<'a>>>,
    #[serde(borrow, default)]
    resources: Option<Vec<ResourceText<'a>>>,
    #[serde(borrow, default)]
    check_results: Option<Vec<CheckText<'a>>>,
}

#[derive(Deserialize)]
struct ResourceText<'a> {
    #[serde(borrow, default)]
    module: Cow<'a, str>,
    #[serde(borrow)]
    mode: Cow<'a, str>,
    #[serde(rename = "type", borrow)]
    kind: Cow<'a, str>,
    #[serde(borrow)]
    name: Cow<'a, str>,
    #[serde(borrow)]
    provider: Cow<'a, str>,
    #[serde(borrow)]
    instances: Vec<ObjectText<'a>>,
}

#[derive(Deserialize)]
struct CheckText<'a> {
    #[serde(borrow)]
    object_kind: Cow<'a, str>,
    #[serde(borrow)]
    config_addr: Cow<'a, str>,
    status: StatusText,
    #[serde(borrow, default)]
    objects: Option<Vec<CheckObjectText<'a>>>,
}

#[derive(Deserialize)]
struct CheckObjectText<'a> {
    #[serde(borrow)]
    object_addr: Cow<'a, str>,
    status: StatusText,
    #[serde(default)]
    failure_messages: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum StatusText {
    Pass,
    Fail,
    Error,
    #[serde(other)]
    Unknown,
}

impl From<StatusText> for CheckStatus {
    fn from(text: StatusText) -> Self {
        match text {
            StatusText::Pass => Self::Pass,
            StatusText::Fail => Self::Fail,
            StatusText::Error => Self::Error,
            StatusText::Unknown => Self::Unknown,
        }
    }
}

/// The members of an object, none of them twice.
struct Members<T>(BTreeMap<String, T>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Members<T> {
    fn deserialize<D: serde::Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        struct Visitor<T>(std::marker::PhantomData<T>);
        impl<'de, T: Deserialize<'de>> serde::de::Visitor<'de> for Visitor<T> {
            type Value = Members<T>;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: serde::de::MapAccess<'de>>(
                self,
                mut map: A,
            ) -> Result<Self::Value, A::Error> {
                let mut members = BTreeMap::new();
                while let Some(name) = map.next_key::<String>()? {
                    match members.entry(name) {
                        Entry::Vacant(entry) => drop(entry.insert(map.next_value()?)),
                        Entry::Occupied(entry) => {
                            let name = entry.key();
                            return Err(serde::de::Error::custom(format!(
                                "{name:?} is there twice"
                            )));
                        }
                    }
                }
                Ok(Members(members))
            }
        }
        input.deserialize_map(Visitor(std::marker::PhantomData))
    }
}

/// Reads a state file, of version 4 or 3.
///
/// One pass; attributes are not looked into. Errors name the line and column where that is possible,
/// and everything that is wrong in a well-formed file is reported at once.
pub fn read(source: &[u8]) -> Result<StateFile, Diagnostics> {
    let text: FileText<'_> = match serde_json::from_slice(source) {
        Ok(text) => text,
        Err(error) => {
            return match version_of(source) {
                Some(version) if version != VERSION => other_version(version, source),
                _ => Err(problem::unreadable(&error)),
            };
        }
    };
    if text.version != VERSION {
        return other_version(text.version, source);
    }
    let mut reader = Reader {
        source,
        problems: Vec::new(),
        modules: BTreeMap::new(),
        providers: BTreeMap::new(),
        names: BTreeSet::new(),
        interned: Interned::default(),
    };
    let state = State {
        outputs: reader.outputs(text.outputs),
        resources: reader.resources(text.resources.unwrap_or_default()),
        checks: text
            .check_results
            .map(|checks| checks.into_iter().map(check).collect()),
    };
    if !reader.problems.is_empty() {
        return Err(problem::invalid(source, reader.problems));
    }
    Ok(StateFile {
        terraform_version: text.terraform_version,
        serial: text.serial,
        lineage: text.lineage,
        state,
    })
}

fn other_version(version: u64, source: &[u8]) -> Result<StateFile, Diagnostics> {
    match version {
        3 => version3::read(source),
        other => Err(problem::unsupported(other)),
    }
}

/// The format version of a file that is otherwise not understood.
fn version_of(source: &[u8]) -> Option<u64> {
    #[derive(Deserialize)]
    struct VersionText {
        version: u64,
    }
    serde_json::from_slice::<VersionText>(source)
        .ok()
        .map(|text| text.version)
}

struct Reader<'a> {
    source: &'a [u8],
    problems: Vec<Problem>,
    modules: BTreeMap<Cow<'a, str>, ModuleInstance>,
    providers: BTreeMap<Cow<'a, str>, ProviderConfig>,
    names: BTreeSet<Arc<str>>,
    interned: Interned<'a>,
}

impl<'a> Reader<'a> {
    /// Where a piece of the source starts; `None` for text that is not part of it.
    fn offset(&self, piece: &str) -> Option<usize> {
        (piece.as_ptr() as usize)
            .checked_sub(self.source.as_ptr() as usize)
            .filter(|offset| *offset < self.source.len())
    }

    fn report(&mut self, anchor: Option<&str>, what: String) {
        let offset = anchor.and_then(|piece| self.offset(piece));
        self.problems.push(Problem { offset, what });
    }

    fn outputs(
        &mut self,
        texts: Option<Members<OutputText<'a>>>,
    ) -> BTreeMap<Arc<str>, OutputValue> {
        let mut outputs = BTreeMap::new();
        for (name, text) in texts.map(|m| m.0).unwrap_or_default() {
            let anchor = text.anchor();
            match text.into_value() {
                Ok(value) => drop(outputs.insert(name.into(), value)),
                Err(error) => self.report(
                    Some(anchor),
                    format!("the output {name:?} has no valid value ({error})"),
                ),
            }
        }
        outputs
    }

    fn resources(&mut self, texts: Vec<ResourceText<'a>>) -> BTreeMap<AbsResource, ResourceState> {
        let mut resources: BTreeMap<AbsResource, ResourceState> = BTreeMap::new();
        for text in texts {
            let anchor = match &text.kind {
                Cow::Borrowed(kind) => Some(*kind),
                Cow::Owned(_) => None,
            };
            let (addr, provider) = match self.resource(&text) {
                Ok(found) => found,
                Err(what) => {
                    let what = format!("the resource {}.{}: {what}", text.kind, text.name);
                    self.report(anchor, what);
                    continue;
                }
            };
            if text.instances.is_empty() {
                continue;
            }
            let resource = match resources.entry(addr.clone()) {
                Entry::Vacant(entry) => entry.insert(ResourceState {
                    provider,
                    instances: BTreeMap::new(),
                }),
                Entry::Occupied(_) => {
                    self.report(anchor, format!("the resource {addr} is there twice"));
                    continue;
                }
            };
            for text in text.instances {
                self.instance(&addr, resource, text);
            }
        }
        resources
    }

    fn resource(
        &mut self,
        text: &ResourceText<'a>,
    ) -> Result<(AbsResource, ProviderConfig), String> {
        let mode = match &*text.mode {
            "managed" => Mode::Managed,
            "data" => Mode::Data,
            other => return Err(format!("the mode {other:?} is not known")),
        };
        if text.kind.is_empty() || text.name.is_empty() {
            return Err("it needs a type and a name".into());
        }
        let module = match self.modules.get(&text.module) {
            Some(module) => module.clone(),
            None => {
                let module = addrs::parse_module_instance(&text.module)
                    .map_err(|e| format!("{:?} is no module address ({e})", text.module))?;
                self.modules.insert(text.module.clone(), module.clone());
                module
            }
        };
        let provider = match self.providers.get(&text.provider) {
            Some(provider) => provider.clone(),
            None => {
                let provider = addrs::parse_provider_config(&text.provider).map_err(|e| {
                    format!("{:?} is no provider configuration ({e})", text.provider)
                })?;
                self.providers
                    .insert(text.provider.clone(), provider.clone());
                provider
            }
        };
        let kind = self.name(&text.kind);
        let name = self.name(&text.name);
        let resource = Resource { mode, kind, name };
        Ok((AbsResource { module, resource }, provider))
    }

    fn name(&mut self, text: &str) -> Arc<str> {
        if let Some(name) = self.names.get(text) {
            return name.clone();
        }
        let name: Arc<str> = text.into();
        self.names.insert(name.clone());
        name
    }

    fn instance(&mut self, addr: &AbsResource, resource: &mut ResourceState, text: ObjectText<'a>) {
        let key = text.key();
        let deposed = text.deposed_key();
        let anchor = text.anchor();
        let object = match text.into_object(&mut self.interned) {
            Ok(object) => Arc::new(object),
            Err(what) => {
                let addr = addr.instance(key);
                return self.report(anchor, format!("the instance {addr}: {what}"));
            }
        };
        let instance: &mut Instance = resource.instances.entry(key.clone()).or_default();
        let (former, what) = match deposed {
            None => (instance.current.replace(object), String::new()),
            Some(name) => {
                let what = format!(" (deposed {name})");
                (instance.deposed.insert(name, object), what)
            }
        };
        if former.is_some() {
            let addr = addr.instance(key);
            self.report(anchor, format!("the instance {addr}{what} is there twice"));
        }
    }
}

fn check(text: CheckText<'_>) -> CheckResult {
    CheckResult {
        object_kind: (&*text.object_kind).into(),
        config_addr: (&*text.config_addr).into(),
        status: text.status.into(),
        objects: text.objects.map(|objects| {
            objects
                .into_iter()
                .map(|object| CheckObjectResult {
                    object_addr: (&*object.object_addr).into(),
                    status: object.status.into(),
                    failure_messages: object
                        .failure_messages
                        .into_iter()
                        .map(Into::into)
                        .collect(),
                })
                .collect()
        }),
    }
}
