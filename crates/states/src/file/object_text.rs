//! One object as state files and journals write it: the members of an entry of `instances`.

use crate::json_text::{push_json, push_line, push_string};
use crate::{DeposedKey, Object, ObjectStatus};
use addrs::{ConfigResource, InstanceKey};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use cty::{Marks, Number, Path, Step, Value};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::Write;
use std::sync::Arc;

/// An entry of `instances` as it stands in the text.
#[derive(Deserialize)]
pub(crate) struct ObjectText<'a> {
    #[serde(borrow, default)]
    index_key: KeyText<'a>,
    #[serde(borrow, default)]
    status: Cow<'a, str>,
    #[serde(borrow, default)]
    deposed: Cow<'a, str>,
    #[serde(default)]
    schema_version: i64,
    #[serde(borrow, default, deserialize_with = "present")]
    attributes: Option<&'a RawValue>,
    #[serde(default)]
    attributes_flat: Option<BTreeMap<String, String>>,
    #[serde(borrow, default)]
    sensitive_attributes: Option<Vec<Vec<StepText<'a>>>>,
    #[serde(borrow, default)]
    private: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    dependencies: Option<Vec<Name<'a>>>,
    #[serde(default)]
    create_before_destroy: bool,
}

/// A string that is borrowed where it has no escapes.
#[derive(Deserialize)]
struct Name<'a>(#[serde(borrow)] Cow<'a, str>);

#[derive(Deserialize, Default)]
#[serde(untagged, expecting = "index_key must be a whole number or a string")]
enum KeyText<'a> {
    #[default]
    None,
    Int(i64),
    Str(#[serde(borrow)] Cow<'a, str>),
}

#[derive(Deserialize)]
struct StepText<'a> {
    #[serde(rename = "type", borrow)]
    kind: Cow<'a, str>,
    #[serde(borrow)]
    value: &'a RawValue,
}

#[derive(Deserialize)]
struct StepKey<'a> {
    #[serde(borrow)]
    value: &'a RawValue,
    #[serde(rename = "type", borrow)]
    ty: &'a RawValue,
}

/// `null` counts as text: only a missing member is `None`.
fn present<'de, D: Deserializer<'de>>(input: D) -> Result<Option<&'de RawValue>, D::Error> {
    <&RawValue>::deserialize(input).map(Some)
}

/// Dependencies read so far, so that equal ones share memory.
#[derive(Default)]
pub(crate) struct Interned<'a> {
    resources: BTreeMap<Cow<'a, str>, ConfigResource>,
    last: Arc<[ConfigResource]>,
}

impl<'a> ObjectText<'a> {
    /// The instance's key.
    pub(crate) fn key(&self) -> InstanceKey {
        match &self.index_key {
            KeyText::None => InstanceKey::None,
            KeyText::Int(i) => InstanceKey::Int(*i),
            KeyText::Str(s) => InstanceKey::Str((&**s).into()),
        }
    }

    /// The key of a former object; `None` = the current one.
    pub(crate) fn deposed_key(&self) -> Option<DeposedKey> {
        (!self.deposed.is_empty()).then(|| DeposedKey((&*self.deposed).into()))
    }

    /// A piece of the source text inside the object, to find where it stands.
    pub(crate) fn anchor(&self) -> Option<&'a str> {
        self.attributes.map(RawValue::get)
    }

    /// The object. The error says what is wrong with it.
    pub(crate) fn into_object(self, interned: &mut Interned<'a>) -> Result<Object, String> {
        let status = match &*self.status {
            "" => ObjectStatus::Ready,
            "tainted" => ObjectStatus::Tainted,
            other => {
                return Err(format!(
                    "the status {other:?} is not known (only \"tainted\" is)"
                ));
            }
        };
        if self.attributes.is_some() && self.attributes_flat.is_some() {
            return Err("it has both attributes and attributes_flat".into());
        }
        let attributes = match (self.attributes, &self.attributes_flat) {
            (Some(json), _) => compact(json),
            (None, Some(_)) => Arc::default(),
            (None, None) => b"{}".as_slice().into(),
        };
        let private = self.private.as_deref().unwrap_or_default();
        let private = if private.is_empty() {
            Arc::default()
        } else {
            BASE64_STANDARD
                .decode(private)
                .map_err(|e| format!("private is not base64 ({e})"))?
                .into()
        };
        Ok(Object {
            status,
            schema_version: self.schema_version,
            attributes,
            flatmap: self.attributes_flat,
            sensitive_paths: paths(self.sensitive_attributes.unwrap_or_default())?,
            private,
            dependencies: interned.dependencies(self.dependencies.unwrap_or_default())?,
            create_before_destroy: self.create_before_destroy,
        })
    }
}

impl<'a> Interned<'a> {
    fn dependencies(&mut self, names: Vec<Name<'a>>) -> Result<Arc<[ConfigResource]>, String> {
        let mut all = Vec::with_capacity(names.len());
        for Name(name) in names {
            let resource = match self.resources.get(&name) {
                Some(resource) => resource.clone(),
                None => {
                    let resource = addrs::parse_config_resource(&name).map_err(|e| {
                        format!("the dependency {name:?} is no resource address ({e})")
                    })?;
                    self.resources.insert(name, resource.clone());
                    resource
                }
            };
            all.push(resource);
        }
        if all.is_empty() {
            return Ok(Arc::default());
        }
        // Instances of one resource mostly depend on the same.
        if *self.last != *all {
            self.last = all.into();
        }
        Ok(self.last.clone())
    }
}

/// The text without space: objects that are equal are so however a file was indented.
fn compact(json: &RawValue) -> Arc<[u8]> {
    let mut out = Vec::with_capacity(json.get().len());
    push_json(&mut out, json.get().as_bytes(), None);
    out.into()
}

fn paths(texts: Vec<Vec<StepText<'_>>>) -> Result<Vec<(Path, Marks)>, String> {
    texts
        .into_iter()
        .map(|steps| {
            let steps = steps.iter().map(step).collect::<Result<_, _>>()?;
            Ok((Path(steps), Marks::SENSITIVE))
        })
        .collect()
}

fn step(text: &StepText<'_>) -> Result<Step, String> {
    let raw = text.value.get();
    let wrong = |_| format!("a step of sensitive_attributes has the value {raw}");
    match &*text.kind {
        "get_attr" => Ok(Step::Attr(
            serde_json::from_str::<Cow<'_, str>>(raw)
                .map_err(wrong)?
                .into(),
        )),
        "index" => {
            let key: StepKey<'_> = serde_json::from_str(raw).map_err(wrong)?;
            let value = match key.ty.get() {
                "\"number\"" => Number::parse(key.value.get()).map(Value::number),
                "\"string\"" => serde_json::from_str::<String>(key.value.get())
                    .ok()
                    .map(Value::string),
                _ => None,
            };
            value
                .map(Step::Index)
                .ok_or_else(|| format!("a step of sensitive_attributes has the key {raw}"))
        }
        other => Err(format!(
            "sensitive_attributes has a step of unknown type {other:?}"
        )),
    }
}

/// Appends the members of an object, each on a line of its own at `depth`, or without space.
pub(crate) fn push_members(
    out: &mut Vec<u8>,
    key: &InstanceKey,
    deposed: Option<&DeposedKey>,
    object: &Object,
    depth: Option<usize>,
) {
    let mut members = Members {
        out,
        depth,
        first: true,
    };
    match key {
        InstanceKey::None => {}
        InstanceKey::Int(i) => members.display("index_key", i),
        InstanceKey::Str(s) => members.string("index_key", s),
    }
    if object.status == ObjectStatus::Tainted {
        members.string("status", "tainted");
    }
    if let Some(DeposedKey(key)) = deposed {
        members.string("deposed", key);
    }
    members.display("schema_version", object.schema_version);
    match &object.flatmap {
        Some(flatmap) if !flatmap.is_empty() => {
            members.json("attributes_flat", &flatmap_text(flatmap));
        }
        _ => members.json(
            "attributes",
            if object.attributes.is_empty() {
                b"{}"
            } else {
                &object.attributes
            },
        ),
    }
    members.json("sensitive_attributes", &paths_text(&object.sensitive_paths));
    if !object.private.is_empty() {
        members.string("private", &BASE64_STANDARD.encode(&object.private));
    }
    if !object.dependencies.is_empty() {
        members.list("dependencies", &object.dependencies);
    }
    if object.create_before_destroy {
        members.display("create_before_destroy", true);
    }
}

struct Members<'a> {
    out: &'a mut Vec<u8>,
    depth: Option<usize>,
    first: bool,
}

impl Members<'_> {
    fn name(&mut self, name: &str) {
        if !self.first {
            self.out.push(b',');
        }
        self.first = false;
        if let Some(depth) = self.depth {
            push_line(self.out, depth);
        }
        push_string(self.out, name);
        self.out
            .extend_from_slice(if self.depth.is_some() { b": " } else { b":" });
    }

    fn string(&mut self, name: &str, value: &str) {
        self.name(name);
        push_string(self.out, value);
    }

    fn display(&mut self, name: &str, value: impl std::fmt::Display) {
        self.name(name);
        let _ = write!(self.out, "{value}");
    }

    fn json(&mut self, name: &str, value: &[u8]) {
        self.name(name);
        push_json(self.out, value, self.depth);
    }

    fn list(&mut self, name: &str, values: &[impl std::fmt::Display]) {
        self.name(name);
        self.out.push(b'[');
        for (i, value) in values.iter().enumerate() {
            if i > 0 {
                self.out.push(b',');
            }
            if let Some(depth) = self.depth {
                push_line(self.out, depth + 1);
            }
            push_string(self.out, &value.to_string());
        }
        if let Some(depth) = self.depth {
            push_line(self.out, depth);
        }
        self.out.push(b']');
    }
}

fn flatmap_text(flatmap: &BTreeMap<String, String>) -> Vec<u8> {
    let mut out = vec![b'{'];
    for (i, (name, value)) in flatmap.iter().enumerate() {
        if i > 0 {
            out.push(b',');
        }
        push_string(&mut out, name);
        out.push(b':');
        push_string(&mut out, value);
    }
    out.push(b'}');
    out
}

/// The paths that are sensitive, in compact form. A path ends before a step that no file can hold (an
/// element of a set): then the whole set is what is sensitive.
fn paths_text(paths: &[(Path, Marks)]) -> Vec<u8> {
    let mut out = vec![b'['];
    for (path, _) in paths.iter().filter(|(_, marks)| marks.is_sensitive()) {
        if out.len() > 1 {
            out.push(b',');
        }
        out.push(b'[');
        for (i, step) in path.steps().iter().map_while(step_text).enumerate() {
            if i > 0 {
                out.push(b',');
            }
            out.extend_from_slice(&step);
        }
        out.push(b']');
    }
    out.push(b']');
    out
}

fn step_text(step: &Step) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    match step {
        Step::Attr(name) => {
            out.extend_from_slice(b"{\"type\":\"get_attr\",\"value\":");
            push_string(&mut out, name);
            out.push(b'}');
        }
        Step::Index(key) => {
            out.extend_from_slice(b"{\"type\":\"index\",\"value\":{\"value\":");
            let ty = if let Some(number) = key.as_number() {
                out.extend_from_slice(number.to_string().as_bytes());
                "number"
            } else {
                push_string(&mut out, key.as_str()?);
                "string"
            };
            out.extend_from_slice(format!(",\"type\":\"{ty}\"}}}}").as_bytes());
        }
    }
    Some(out)
}
