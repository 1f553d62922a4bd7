//! State files of version 3, which Terraform 0.7 to 0.11 wrote.
//!
//! Attributes there are flat maps of strings. They are kept as they are: only the provider can make an
//! object of them, when it is first asked to. Dependencies are not kept, because what they named is
//! not what dependencies are today; the next apply finds them anew.

use super::StateFile;
use super::problem::{self, Problem};
use crate::{DeposedKey, Instance, Object, ObjectStatus, OutputValue, ResourceState, State};
use addrs::{
    AbsResource, InstanceKey, Mode, Module, ModuleInstance, Provider, ProviderConfig, Resource,
};
use cty::{Type, Value};
use diags::Diagnostics;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::Arc;

#[derive(Deserialize)]
struct FileText {
    #[serde(default)]
    terraform_version: String,
    #[serde(default)]
    serial: u64,
    #[serde(default)]
    lineage: String,
    #[serde(default)]
    modules: Vec<ModuleText>,
}

#[derive(Deserialize)]
struct ModuleText {
    path: Vec<String>,
    #[serde(default)]
    outputs: Option<BTreeMap<String, OutputText>>,
    #[serde(default)]
    resources: Option<BTreeMap<String, ResourceText>>,
}

#[derive(Deserialize)]
struct OutputText {
    #[serde(default)]
    sensitive: bool,
    value: serde_json::Value,
}

#[derive(Deserialize)]
struct ResourceText {
    primary: Option<ObjectText>,
    #[serde(default)]
    deposed: Option<Vec<ObjectText>>,
    #[serde(default)]
    provider: String,
}

#[derive(Deserialize)]
struct ObjectText {
    #[serde(default)]
    attributes: Option<BTreeMap<String, String>>,
    #[serde(default)]
    meta: Option<serde_json::Map<String, serde_json::Value>>,
    #[serde(default)]
    tainted: bool,
}

/// How deep modules may be nested.
const MAX_MODULES: usize = 200;

/// Reads a state file of version 3 as the state that it is today.
pub(super) fn read(source: &[u8]) -> Result<StateFile, Diagnostics> {
    let text: FileText = serde_json::from_slice(source).map_err(|e| problem::unreadable(&e))?;
    let mut problems = Vec::new();
    let mut state = State::default();
    for module in text.modules {
        if module.path.len() > MAX_MODULES {
            let what = format!("a module is nested more than {MAX_MODULES} levels deep");
            problems.push(Problem { offset: None, what });
            continue;
        }
        let path = module.path.iter().skip(1);
        let path = path.fold(ModuleInstance::root(), |m, name| {
            m.child(name.as_str(), InstanceKey::None)
        });
        for (name, output) in module
            .outputs
            .filter(|_| path.is_root())
            .unwrap_or_default()
        {
            let value = OutputValue {
                value: value(&output.value),
                sensitive: output.sensitive,
            };
            state.outputs.insert(name.into(), value);
        }
        for (name, resource) in module.resources.unwrap_or_default() {
            if let Err(why) = add(&mut state, &path, &name, resource) {
                let what = format!(
                    "the resource {name:?} of module {:?}: {why}",
                    module.path.join(".")
                );
                problems.push(Problem { offset: None, what });
            }
        }
    }
    if !problems.is_empty() {
        return Err(problem::invalid(source, problems));
    }
    Ok(StateFile {
        terraform_version: text.terraform_version,
        serial: text.serial,
        lineage: text.lineage,
        state,
    })
}

fn add(
    state: &mut State,
    module: &ModuleInstance,
    name: &str,
    text: ResourceText,
) -> Result<(), String> {
    let (resource, key) = address(name)?;
    let provider = if text.provider.is_empty() {
        let kind = resource.implied_provider();
        ProviderConfig {
            module: Module::root(),
            provider: Provider::new(Provider::DEFAULT_HOST, "-", kind),
            alias: None,
        }
    } else {
        addrs::parse_provider_config(&text.provider)
            .map_err(|e| format!("{:?} is no provider configuration ({e})", text.provider))?
    };
    let mut instance = Instance {
        current: text.primary.map(object).transpose()?.map(Arc::new),
        ..Instance::default()
    };
    for (i, former) in text.deposed.unwrap_or_default().into_iter().enumerate() {
        let key = DeposedKey(format!("{:08x}", i + 1).into());
        instance.deposed.insert(key, Arc::new(object(former)?));
    }
    if instance == Instance::default() {
        return Ok(());
    }
    let addr = AbsResource {
        module: module.clone(),
        resource,
    };
    // All instances of a resource have one provider configuration: that of the first.
    let resource = state
        .resources
        .entry(addr)
        .or_insert_with(|| ResourceState {
            provider,
            instances: BTreeMap::new(),
        });
    match resource.instances.insert(key, instance) {
        None => Ok(()),
        Some(_) => Err("it is there twice".into()),
    }
}

/// Reads `aws_vpc.main`, `data.aws_vpc.main` and, with `count`, `aws_vpc.main.0`.
fn address(name: &str) -> Result<(Resource, InstanceKey), String> {
    let mut parts: Vec<&str> = name.split('.').collect();
    let mode = if parts.first() == Some(&"data") {
        parts.remove(0);
        Mode::Data
    } else {
        Mode::Managed
    };
    let (kind, name, key) = match parts[..] {
        [kind, name] => (kind, name, InstanceKey::None),
        [kind, name, index] => {
            let index = index
                .parse()
                .map_err(|_| format!("{index:?} is no index"))?;
            (kind, name, InstanceKey::Int(index))
        }
        _ => {
            return Err(
                "expected a type, a name and perhaps an index, with dots between them".into(),
            );
        }
    };
    if kind.is_empty() || name.is_empty() {
        return Err("it needs a type and a name".into());
    }
    let (kind, name) = (kind.into(), name.into());
    Ok((Resource { mode, kind, name }, key))
}

fn object(text: ObjectText) -> Result<Object, String> {
    let mut meta = text.meta.unwrap_or_default();
    let schema_version = match meta.shift_remove("schema_version") {
        None => 0,
        Some(serde_json::Value::String(text)) if text.is_empty() => 0,
        Some(serde_json::Value::String(text)) => text
            .parse()
            .map_err(|_| format!("{text:?} is no schema version"))?,
        Some(other) => other
            .as_i64()
            .ok_or_else(|| format!("{other} is no schema version"))?,
    };
    let private = if meta.is_empty() {
        Arc::default()
    } else {
        meta.sort_keys();
        serde_json::to_vec(&meta).map_err(|e| e.to_string())?.into()
    };
    Ok(Object {
        status: if text.tainted {
            ObjectStatus::Tainted
        } else {
            ObjectStatus::Ready
        },
        schema_version,
        attributes: Arc::default(),
        flatmap: text.attributes,
        sensitive_paths: Vec::new(),
        private,
        dependencies: Arc::default(),
        create_before_destroy: false,
    })
}

/// An output's value. Lists and maps of that time have elements of one type. The depth is that of
/// what was read, which is limited.
fn value(json: &serde_json::Value) -> Value {
    use serde_json::Value as Json;
    let element = |values: &[Value]| values.first().map_or(Type::Dynamic, |v| v.ty().clone());
    let uniform = |values: &[Value]| values.windows(2).all(|w| w[0].ty() == w[1].ty());
    match json {
        Json::Null => Value::null(Type::Dynamic),
        Json::Bool(b) => Value::bool(*b),
        Json::String(s) => Value::string(s.as_str()),
        Json::Number(n) => cty::Number::parse(&n.to_string())
            .map_or_else(|| Value::null(Type::Number), Value::number),
        Json::Array(items) => {
            let values: Vec<Value> = items.iter().map(value).collect();
            if uniform(&values) {
                Value::list(element(&values), values)
            } else {
                Value::tuple(values)
            }
        }
        Json::Object(members) => {
            let values: Vec<Value> = members.values().map(value).collect();
            let names = members.keys().map(String::as_str);
            if uniform(&values) {
                Value::map(element(&values), names.zip(values))
            } else {
                Value::object(names.zip(values))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    #[test]
    fn a_state_becomes_what_terraform_makes_of_it() {
        let file = crate::file::read(include_bytes!("test_data/version3.tfstate")).unwrap();
        assert_eq!(file.terraform_version, "0.11.14");
        let file = crate::StateFile {
            terraform_version: "1.11.4".into(),
            ..file
        };
        assert_eq!(
            std::str::from_utf8(&crate::file::write(&file)).unwrap(),
            include_str!("test_data/version3_upgraded.tfstate")
        );
    }

    #[test]
    fn what_is_wrong_is_reported() {
        let resource = |name: &str, rest: &str| {
            format!(r#""{name}": {{"primary": {{"attributes": {{}}{rest}}}, "provider": ""}}"#)
        };
        let text = format!(
            r#"{{"version": 3, "modules": [{{"path": ["root", "a"], "resources": {{{}, {}, {}, {}}}}}]}}"#,
            resource("a", ""),
            resource("a.b.c", ""),
            resource("a.b", r#", "meta": {"schema_version": "x"}"#),
            resource("a.c", ""),
        );
        let diags = crate::file::read(text.as_bytes()).unwrap_err();
        let lines: String = diags
            .iter()
            .map(|d| d.detail.split(". The file").next().unwrap().to_owned() + "\n")
            .collect();
        expect![[r#"
            The state is not valid: the resource "a" of module "root.a": expected a type, a name and perhaps an index, with dots between them
            The state is not valid: the resource "a.b" of module "root.a": "x" is no schema version
            The state is not valid: the resource "a.b.c" of module "root.a": "c" is no index
        "#]].assert_eq(&lines);
    }
}
