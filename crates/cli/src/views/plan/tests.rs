//! What Terraform 1.11.4 prints of the same plans, our name in place of its.

use super::*;
use cty::{Marks, Path, Step, Type, Value};
use plans::{ActionReason, Change, OutputChange};
use schema::{Attribute, AttributeType};
use serde_json::Value as Json;
use std::collections::BTreeMap;

/// The block of `terraform_data` and `terraform_remote_state`.
struct Builtin(BTreeMap<&'static str, Block>);

impl Builtin {
    fn new() -> Self {
        let block = |attributes: &[(&'static str, Type)]| {
            let attributes = attributes.iter().map(|(name, ty)| {
                let attribute = Attribute {
                    ty: AttributeType::Plain(ty.clone()),
                    optional: true,
                    ..Attribute::default()
                };
                ((*name).into(), attribute)
            });
            Block::new(attributes, [])
        };
        let (any, text) = (Type::Dynamic, Type::String);
        let data = block(&[
            ("id", text.clone()),
            ("input", any.clone()),
            ("output", any.clone()),
            ("triggers_replace", any.clone()),
        ]);
        let state = block(&[
            ("backend", text.clone()),
            ("config", any.clone()),
            ("defaults", any.clone()),
            ("outputs", any),
            ("workspace", text),
        ]);
        Self(BTreeMap::from([
            ("terraform_data", data),
            ("terraform_remote_state", state),
        ]))
    }
}

impl Blocks for Builtin {
    fn block(&self, _: &Provider, resource: &Resource) -> Option<&Block> {
        self.0.get(&*resource.kind)
    }
}

/// A value, the unknown parts of it, and the sensitive ones.
fn value(json: Option<&Json>, unknown: Option<&Json>) -> Value {
    match (json, unknown) {
        (_, Some(Json::Bool(true))) => Value::dynamic(),
        (None | Some(Json::Null), Some(Json::Object(u))) if !u.is_empty() && json.is_none() => {
            Value::object(u.iter().map(|(k, u)| (k.as_str(), value(None, Some(u)))))
        }
        (Some(Json::Object(members)), unknown) => {
            let unknown = unknown.and_then(Json::as_object);
            let mut all: BTreeMap<&str, Value> = BTreeMap::new();
            for (key, member) in members {
                all.insert(key, value(Some(member), unknown.and_then(|u| u.get(key))));
            }
            for (key, u) in unknown.into_iter().flatten() {
                if !members.contains_key(key) {
                    all.insert(key, value(None, Some(u)));
                }
            }
            Value::object(all)
        }
        (Some(Json::Array(items)), unknown) => {
            let unknown = unknown.and_then(Json::as_array);
            let items = items.iter().enumerate();
            let items = items.map(|(i, v)| value(Some(v), unknown.and_then(|u| u.get(i))));
            Value::tuple(items.collect())
        }
        (Some(other), _) => cty::json::decode_simple(other.to_string()).unwrap(),
        (None, _) => Value::null(Type::Dynamic),
    }
}

fn sensitive(json: &Json, path: &Path, found: &mut Vec<(Path, Marks)>) {
    match json {
        Json::Bool(true) => found.push((path.clone(), Marks::SENSITIVE)),
        Json::Object(members) => {
            for (key, member) in members {
                sensitive(member, &path.clone().attr(key.as_str()), found);
            }
        }
        Json::Array(items) => {
            for (i, item) in (0_i64..).zip(items) {
                sensitive(item, &path.clone().index(Value::number(i)), found);
            }
        }
        _ => {}
    }
}

fn change(json: &Json) -> Change {
    let mark = |value: Value, name: &str| {
        let mut paths = Vec::new();
        sensitive(&json[name], &Path::root(), &mut paths);
        value.mark_with_paths(&paths)
    };
    let actions: Vec<&str> = json["actions"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(Json::as_str)
        .collect();
    let action = match actions[..] {
        ["no-op"] => Action::NoOp,
        ["create"] => Action::Create,
        ["read"] => Action::Read,
        ["update"] => Action::Update,
        ["delete"] => Action::Delete,
        ["forget"] => Action::Forget,
        ["delete", "create"] => Action::DeleteThenCreate,
        _ => Action::CreateThenDelete,
    };
    Change {
        action,
        before: mark(value(json.get("before"), None), "before_sensitive"),
        after: mark(
            value(json.get("after"), json.get("after_unknown")),
            "after_sensitive",
        ),
        importing: None,
        generated_config: None,
    }
}

fn plan(document: &str) -> Plan {
    let document: Json = serde_json::from_str(document).unwrap();
    let mut plan = Plan::default();
    for item in document["resource_changes"]
        .as_array()
        .into_iter()
        .flatten()
    {
        let addr = addrs::parse_resource_instance(item["address"].as_str().unwrap()).unwrap();
        let prev = item.get("previous_address").and_then(Json::as_str);
        let reason = match item.get("action_reason").and_then(Json::as_str) {
            Some("replace_because_tainted") => Some(ActionReason::ReplaceBecauseTainted),
            Some("delete_because_count_index") => Some(ActionReason::DeleteBecauseCountIndex),
            Some("delete_because_each_key") => Some(ActionReason::DeleteBecauseEachKey),
            Some("delete_because_no_resource_config") => {
                Some(ActionReason::DeleteBecauseNoResourceConfig)
            }
            Some("read_because_config_unknown") => Some(ActionReason::ReadBecauseConfigUnknown),
            _ => None,
        };
        let paths = item["change"].get("replace_paths").and_then(Json::as_array);
        let paths = paths.into_iter().flatten().map(|path| {
            let steps = path.as_array().into_iter().flatten();
            Path(
                steps
                    .filter_map(|s| s.as_str().map(|s| Step::Attr(s.into())))
                    .collect(),
            )
        });
        plan.changes.push(ResourceChange {
            prev_run_addr: prev.map_or_else(
                || addr.clone(),
                |p| addrs::parse_resource_instance(p).unwrap(),
            ),
            addr,
            deposed: None,
            provider: addrs::ProviderConfig {
                module: addrs::Module::root(),
                provider: Provider::builtin(),
                alias: None,
            },
            change: change(&item["change"]),
            reason,
            required_replace: paths.collect(),
            private: [].into(),
            depends_on: Vec::new(),
        });
    }
    for (name, item) in document["output_changes"].as_object().into_iter().flatten() {
        plan.outputs.push(OutputChange {
            name: name.as_str().into(),
            change: change(item),
            sensitive: item["after_sensitive"] == Json::Bool(true),
        });
    }
    plan
}

#[track_caller]
fn check(document: &str, expected: &str) {
    let actual = render(&plan(document), &Builtin::new(), false);
    // Our name is shorter, so lines break elsewhere.
    let words = |text: &str| -> String {
        let text = text.replace("Terraform", PROGRAM);
        let text = text.replace("execution\nplan. R", "execution plan. R");
        let text = text.replace("plan.\nR", "plan. R");
        text.replace("the groma\nstate, without", "the groma state,\nwithout")
    };
    let (expected, actual) = (words(expected), words(&actual));
    if expected.trim_end() != actual.trim_end() {
        let diff = similar::TextDiff::from_lines(expected.trim_end(), actual.trim_end());
        panic!("{}", diff.unified_diff());
    }
}

#[test]
fn new_objects_are_shown_as_terraform_shows_them() {
    check(
        include_str!("test_data/created.json"),
        include_str!("test_data/created.txt"),
    );
}

#[test]
fn changes_are_shown_as_terraform_shows_them() {
    check(
        include_str!("test_data/changed.json"),
        include_str!("test_data/changed.txt"),
    );
}

#[test]
fn values_are_shown_as_terraform_shows_them() {
    check(
        include_str!("test_data/values.json"),
        include_str!("test_data/values.txt"),
    );
}

#[test]
fn objects_in_modules_are_shown_as_terraform_shows_them() {
    check(
        include_str!("test_data/modules.json"),
        include_str!("test_data/modules.txt"),
    );
}

#[test]
fn destruction_is_shown_as_terraform_shows_it() {
    check(
        include_str!("test_data/destroy.json"),
        include_str!("test_data/destroy.txt"),
    );
}

#[test]
fn nothing_to_do_is_said() {
    let text = |plan: &Plan| render(plan, &Builtin::new(), false);
    expect_test::expect![[r#"

        No changes. Your infrastructure matches the configuration.

        groma has compared your real infrastructure against your configuration and
        found no differences, so no changes are needed.
    "#]]
    .assert_eq(&text(&Plan::default()));
    let errored = Plan {
        errored: true,
        ..Plan::default()
    };
    assert!(text(&errored).starts_with("\nPlanning failed. groma encountered an error"));
}

#[test]
fn what_changed_outside_is_told_if_it_matters() {
    let mut plan = plan(include_str!("test_data/changed.json"));
    let drift = plan
        .changes
        .iter()
        .find(|c| c.addr.resource.name.contains("upd"));
    plan.drift = drift.cloned().into_iter().collect();
    let without = render(&plan, &Builtin::new(), false);
    assert!(!without.contains("outside"));
    let addr = plan.drift[0].addr.clone();
    plan.relevant_attributes = vec![(addr, Path::root().attr("output"))];
    let with = render(&plan, &Builtin::new(), false);
    assert!(
        with.starts_with("\nNote: Objects have changed outside of groma\n"),
        "{with}"
    );
    assert!(
        with.contains("\n  # terraform_data.upd has changed\n  ~ resource"),
        "{with}"
    );
    assert!(with.ends_with(&without), "{with}");
}
