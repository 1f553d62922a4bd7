//! State files as Terraform 1.11.4 wrote them, and files that are none.

use super::{StateFile, read, write};
use crate::{
    CheckObjectResult, CheckResult, CheckStatus, DeposedKey, Instance, Object, ObjectStatus,
    OutputValue, ResourceState, State,
};
use addrs::{
    AbsResource, ConfigResource, InstanceKey, Mode, Module, ModuleInstance, Provider,
    ProviderConfig, Resource,
};
use cty::{Marks, Path, Type, Value};
use expect_test::{Expect, expect};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use std::collections::BTreeMap;
use std::sync::Arc;

const EVERYTHING: &str = include_str!("test_data/everything.tfstate");
const MODULES: &str = include_str!("test_data/modules.tfstate");
const ODD: &str = include_str!("test_data/odd.tfstate");

#[test]
fn files_of_terraform_come_out_as_they_went_in() {
    for text in [EVERYTHING, MODULES] {
        let file = read(text.as_bytes()).unwrap();
        assert_same(text, &write(&file));
    }
    // A resource without instances is not kept.
    let empty = r#"    {
      "mode": "managed",
      "type": "null_x",
      "name": "empty",
      "provider": "provider[\"registry.terraform.io/hashicorp/null\"]",
      "instances": []
    },
"#;
    assert!(ODD.contains(empty));
    // Where Terraform compares a number with a string, no order results.
    let (first, second) = ODD
        .find("        {\n          \"index_key\": \"b\"")
        .zip(ODD.find("        {\n          \"index_key\": 9"))
        .unwrap();
    let end = ODD
        .find("        }\n      ]\n    }\n  ],\n  \"check")
        .unwrap();
    let text = format!(
        "{}{}        }},\n{}{}",
        &ODD[..first],
        &ODD[second..end],
        ODD[first..second]
            .trim_end()
            .trim_end_matches("},")
            .trim_end_matches(' '),
        &ODD[end..]
    );
    let text = text.replace(empty, "").replace(
        "\n          ]\n                }",
        "\n          ]\n        }",
    );
    let file = read(ODD.as_bytes()).unwrap();
    assert_same(&text, &write(&file));
    assert_same(&text, &write(&read(text.as_bytes()).unwrap()));
}

fn assert_same(expected: &str, actual: &[u8]) {
    let actual = std::str::from_utf8(actual).unwrap();
    for (i, (e, a)) in expected.lines().zip(actual.lines()).enumerate() {
        assert_eq!(e, a, "line {}", i + 1);
    }
    assert_eq!(expected, actual);
}

#[test]
fn an_empty_state_is_written_as_terraform_does() {
    let file = StateFile {
        lineage: "abc".into(),
        serial: 3,
        ..StateFile::create()
    };
    expect![[r#"
        {
          "version": 4,
          "terraform_version": "1.11.4",
          "serial": 3,
          "lineage": "abc",
          "outputs": {},
          "resources": [],
          "check_results": null
        }
    "#]]
    .assert_eq(std::str::from_utf8(&write(&file)).unwrap());
}

fn check_error(text: &str, expected: Expect) {
    let lines: Vec<String> = read(text.as_bytes())
        .expect_err("an error")
        .into_iter()
        .map(|d| {
            let detail = d.detail.split(" The file may").next().unwrap().to_owned();
            format!("{}: {detail}\n", d.summary)
        })
        .collect();
    expected.assert_eq(&lines.concat());
}

#[test]
fn what_is_wrong_is_named_with_its_place() {
    check_error(
        "",
        expect![[r#"
        Unreadable state file: The state is not valid at line 1, column 0: EOF while parsing a value.
    "#]],
    );
    check_error(
        "{\n  \"version\": 4,\n  \"serial\": \"x\"}",
        expect![[r#"
        Unreadable state file: The state is not valid at line 3, column 15: invalid type: string "x", expected u64.
    "#]],
    );
    check_error(
        "{\"version\": 4, \"serial\": 1, \"serial\": 2}",
        expect![[r#"
            Unreadable state file: The state is not valid at line 1, column 36: duplicate field `serial`.
        "#]],
    );
    check_error(
        "{\"version\": 5, \"serial\": {}}",
        expect![[r#"
        Unsupported state file format: The state has format version 5; version 4 is the newest that is understood. It was written by a newer program: use that one, or a newer version of this one.
    "#]],
    );
    check_error(
        "{\"version\": 2, \"modules\": []}",
        expect![[r#"
            Unsupported state file format: The state has format version 2, which Terraform wrote before version 0.7; versions 3 and 4 are understood. Bring it up to date first, by running "terraform apply" of Terraform 0.11 on it once.
        "#]],
    );
    check_error(
        "[]",
        expect![[r#"
            Unreadable state file: The state is not valid at line 1, column 2: invalid length 0, expected a state as a JSON object.
        "#]],
    );
    check_error(
        &EVERYTHING[..2000],
        expect![[r#"
        Unreadable state file: The state is not valid at line 104, column 27: EOF while parsing a value.
    "#]],
    );
    let resource = |module: &str, instances: &str| {
        format!(
            "{{\"version\": 4, \"resources\": [\n{{\"module\": \"{module}\", \"mode\": \"managed\", \"type\": \"a\", \"name\": \"b\", \"provider\": \"provider.x\", \"instances\": [\n{instances}\n]}}\n]}}"
        )
    };
    check_error(
        &resource("modul.x", "{}"),
        expect![[r#"
        Invalid state file: The state is not valid at line 2, column 51: the resource a.b: "modul.x" is no module address (unexpected "modul.x" at the end).
    "#]],
    );
    check_error(
        &resource(
            "",
            "{\"attributes\": {}, \"status\": \"bad\"},\n{\"attributes\": {}},\n{\"attributes\": {}},\n{\"index_key\": 1.5}",
        ),
        expect![[r#"
            Unreadable state file: The state is not valid at line 6, column 18: index_key must be a whole number or a string.
        "#]],
    );
    check_error(
        &resource(
            "",
            "{\"attributes\": {}, \"status\": \"bad\"},\n{\"attributes\": {}},\n{\"attributes\": {}},\n{\"index_key\": 1, \"attributes\": 1, \"private\": \"%\"},\n{\"index_key\": 2, \"attributes\": 1, \"dependencies\": [\"x\"]},\n{\"index_key\": 3, \"attributes\": 1, \"sensitive_attributes\": [[{\"type\":\"index\",\"value\":{\"value\":[],\"type\":\"bool\"}}]]}",
        ),
        expect![[r#"
            Invalid state file: The state is not valid at line 3, column 16: the instance a.b: the status "bad" is not known (only "tainted" is).
            Invalid state file: The state is not valid at line 5, column 16: the instance a.b is there twice.
            Invalid state file: The state is not valid at line 6, column 32: the instance a.b[1]: private is not base64 (Invalid symbol 37, offset 0.).
            Invalid state file: The state is not valid at line 7, column 32: the instance a.b[2]: the dependency "x" is no resource address (expected `.` and a name after "x").
            Invalid state file: The state is not valid at line 8, column 32: the instance a.b[3]: a step of sensitive_attributes has the key {"value":[],"type":"bool"}.
        "#]],
    );
    check_error(
        "{\"version\": 4, \"outputs\": {\"a\": {\"value\": [], \"type\": \"string\"}, \"b\": {\"value\": 1, \"type\": \"strin\"}}}",
        expect![[r#"
            Invalid state file: The state is not valid at line 1, column 43: the output "a" has no valid value (string is required).
            Invalid state file: The state is not valid at line 1, column 81: the output "b" has no valid value (its type: invalid primitive type name "strin").
        "#]],
    );
    check_error(
        "{\"version\": 4, \"outputs\": {\"a\": {\"value\": \"\", \"type\": \"string\"}, \"a\": {\"value\": 1, \"type\": \"string\"}}}",
        expect![[r#"
            Unreadable state file: The state is not valid at line 1, column 68: "a" is there twice.
        "#]],
    );
}

#[test]
fn deep_nesting_is_no_danger() {
    let deep = "[".repeat(20_000) + &"]".repeat(20_000);
    let text = format!(
        "{{\"version\": 4, \"ignored\": {deep}, \"resources\": [{{\"mode\": \"data\", \"type\": \"a\", \"name\": \"b\", \"provider\": \"provider.x\", \"instances\": [{{\"attributes\": {deep}}}]}}]}}"
    );
    let file = read(text.as_bytes()).unwrap();
    assert!(write(&file).len() > 40_000);
    let text = format!(
        "{{\"version\": 4, \"outputs\": {{\"a\": {{\"value\": {deep}, \"type\": {deep}}}}}}}"
    );
    assert!(read(text.as_bytes()).is_err());
}

/// Text that JSON and addresses have to escape.
fn text() -> impl Strategy<Value = String> {
    "[a\"\\\\<>&$%{}\\[\\]. \n\t\u{1}\u{8}\u{7f}\u{2028}é😀]{0,8}"
}

pub(crate) fn key() -> impl Strategy<Value = InstanceKey> {
    prop_oneof![
        Just(InstanceKey::None),
        (0..20_i64).prop_map(InstanceKey::Int),
        text().prop_map(|t| InstanceKey::Str(t.into())),
    ]
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        text().prop_map(Value::string),
        any::<i64>().prop_map(Value::number),
        any::<bool>().prop_map(Value::bool),
        Just(Value::null(Type::String)),
    ];
    leaf.prop_recursive(3, 20, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::tuple),
            prop::collection::btree_map(text(), inner, 0..4).prop_map(Value::object),
            prop::collection::vec(text().prop_map(Value::string), 0..4)
                .prop_map(|v| Value::set(Type::String, v)),
        ]
    })
}

pub(crate) fn object() -> impl Strategy<Value = Arc<Object>> {
    let path = prop::collection::vec(text(), 1..3).prop_map(|names| {
        let path = Path::root().attr("a").index(Value::number(3));
        names
            .into_iter()
            .fold(path, |p, n| p.attr(n.as_str()).index(Value::string(n)))
    });
    let dependency = ("[a-c]", "[a-c]").prop_map(|(module, name)| ConfigResource {
        module: Module::root().child(module),
        resource: Resource::managed("t", name),
    });
    (
        value(),
        any::<(bool, bool, u8)>(),
        prop::collection::vec(path, 0..3),
        prop::collection::vec(any::<u8>(), 0..5),
        prop::collection::vec(dependency, 0..3),
    )
        .prop_map(
            |(value, (tainted, cbd, version), paths, private, dependencies)| {
                let value = Value::object([("id", value)]);
                Arc::new(Object {
                    status: if tainted {
                        ObjectStatus::Tainted
                    } else {
                        ObjectStatus::Ready
                    },
                    schema_version: version.into(),
                    sensitive_paths: paths.into_iter().map(|p| (p, Marks::SENSITIVE)).collect(),
                    private: private.into(),
                    dependencies: dependencies.into(),
                    create_before_destroy: cbd,
                    ..Object::encode(&value, &Type::object([("id", Type::Dynamic)])).unwrap()
                })
            },
        )
}

fn resource() -> impl Strategy<Value = (AbsResource, ResourceState)> {
    let module = prop::collection::vec(("[a-b]", key()), 0..3).prop_map(|steps| {
        steps
            .into_iter()
            .fold(ModuleInstance::root(), |m, (name, key)| m.child(name, key))
    });
    // With keys of both kinds, Terraform's order depends on the order it finds them in.
    let keys = any::<bool>();
    let instance = (object(), prop::option::of(("[0-9a-f]{8}", object())));
    let instances = prop::collection::vec((key(), instance), 1..4);
    (
        module,
        any::<bool>(),
        "[a-c]{1,2}",
        keys,
        instances,
        any::<bool>(),
    )
        .prop_map(|(module, data, name, ints, instances, alias)| {
            let mode = if data { Mode::Data } else { Mode::Managed };
            let resource = Resource {
                mode,
                kind: "t".into(),
                name: name.into(),
            };
            let provider = ProviderConfig {
                module: module.module(),
                provider: Provider::implied("p"),
                alias: alias.then(|| "x".into()),
            };
            let instances: BTreeMap<InstanceKey, Instance> = instances
                .into_iter()
                .filter(|(key, _)| matches!(key, InstanceKey::Int(_)) == ints)
                .map(|(key, (current, former))| {
                    let former = former.map(|(key, object)| (DeposedKey(key.into()), object));
                    (
                        key,
                        Instance {
                            current: Some(current),
                            deposed: former.into_iter().collect(),
                        },
                    )
                })
                .collect();
            (
                resource.absolute(module),
                ResourceState {
                    provider,
                    instances,
                },
            )
        })
}

fn checks() -> impl Strategy<Value = Option<Vec<CheckResult>>> {
    let status = || {
        prop_oneof![
            Just(CheckStatus::Pass),
            Just(CheckStatus::Fail),
            Just(CheckStatus::Unknown)
        ]
    };
    let object = (status(), prop::collection::vec(text(), 0..3)).prop_map(|(status, messages)| {
        CheckObjectResult {
            object_addr: "check.c".into(),
            status,
            failure_messages: messages.into_iter().map(Into::into).collect(),
        }
    });
    prop::option::of(
        (status(), prop::option::of(object)).prop_map(|(status, object)| {
            vec![CheckResult {
                object_kind: "check".into(),
                config_addr: "check.c".into(),
                status,
                objects: object.map(|o| vec![o]),
            }]
        }),
    )
}

fn state() -> impl Strategy<Value = State> {
    let output =
        (value(), any::<bool>()).prop_map(|(value, sensitive)| OutputValue { value, sensitive });
    (
        prop::collection::btree_map("[a-z]{1,3}".prop_map(Arc::from), output, 0..3),
        prop::collection::vec(resource(), 0..6),
        checks(),
    )
        .prop_map(|(outputs, resources, checks)| State {
            outputs,
            resources: resources
                .into_iter()
                .filter(|(_, r)| !r.instances.is_empty())
                .collect(),
            checks,
        })
}

fn file(state: State) -> StateFile {
    StateFile {
        serial: 3,
        lineage: "line".into(),
        state,
        ..StateFile::create()
    }
}

#[test]
fn terraform_reads_and_writes_the_same() {
    let dir = std::env::temp_dir().join(format!("groma-states-{}", std::process::id()));
    let terraform = || {
        let mut command = std::process::Command::new("terraform");
        command
            .current_dir(&dir)
            .env("TF_CLI_CONFIG_FILE", "/dev/null");
        command
    };
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    for _ in 0..TERRAFORM_RUNS {
        std::fs::create_dir_all(&dir).unwrap();
        let state = state().new_tree(&mut runner).unwrap().current();
        let text = write(&file(state));
        std::fs::write(dir.join("in.json"), &text).unwrap();
        let Ok(output) = terraform()
            .args(["state", "push", "-force", "in.json"])
            .output()
        else {
            break;
        };
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(
            output.status.success(),
            "{error}\n{}",
            String::from_utf8_lossy(&text)
        );
        let theirs = std::fs::read(dir.join("terraform.tfstate")).unwrap();
        assert_same(std::str::from_utf8(&theirs).unwrap(), &text);
        std::fs::remove_dir_all(&dir).unwrap();
    }
    let _ = std::fs::remove_dir_all(&dir);
}

const TERRAFORM_RUNS: u32 = 8;

proptest! {
    #[test]
    fn every_state_comes_back(state in state()) {
        let file = file(state);
        prop_assert!(read(&write(&file)).unwrap() == file);
    }

    /// Whatever bytes are changed in a file: no panic, and what can be read can be written and read.
    #[test]
    fn damaged_files_are_read_or_refused(changes in prop::collection::vec((0..EVERYTHING.len(), any::<u8>()), 1..4), cut in 0..EVERYTHING.len()) {
        for len in [EVERYTHING.len(), cut] {
            let mut bytes = EVERYTHING.as_bytes()[..len].to_vec();
            for (at, byte) in &changes {
                if let Some(place) = bytes.get_mut(*at) {
                    *place = *byte;
                }
            }
            if let Ok(file) = read(&bytes) {
                prop_assert!(read(&write(&file)).unwrap() == file);
            }
        }
    }
}
