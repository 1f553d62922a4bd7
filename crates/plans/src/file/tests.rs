//! What is written is read back; what is damaged is refused.

use super::*;
use crate::{
    Action, ActionReason, Change, Dependency, Mode, OutputChange, ResourceChange, VariableValue,
};
use addrs::{AbsResourceInstance, ProviderConfig};
use cty::{Marks, Path, Refinement, Type, Value};
use proptest::prelude::*;
use states::{CheckObjectResult, CheckResult, CheckStatus, DeposedKey};
use std::io::Cursor;
use std::sync::LazyLock;

fn addr(text: &str) -> AbsResourceInstance {
    addrs::parse_resource_instance(text).unwrap()
}

fn change(name: &str, action: Action, before: Value, after: Value) -> ResourceChange {
    ResourceChange {
        addr: addr(name),
        prev_run_addr: addr(name),
        deposed: None,
        provider: ProviderConfig {
            module: addrs::Module::root(),
            provider: addrs::Provider::builtin(),
            alias: None,
        },
        change: Change {
            action,
            before,
            after,
            importing: None,
            generated_config: None,
        },
        reason: None,
        required_replace: Vec::new(),
        private: Arc::default(),
        depends_on: Vec::new(),
    }
}

fn example() -> PlanFile {
    let object = |id: Value, input: Value| Value::object([("id", id), ("input", input)]);
    let secret = Value::string("s").with_marks(Marks::SENSITIVE);
    let known = object(
        Value::string("1"),
        Value::tuple(vec![secret, Value::number(2)]),
    );
    let prefix = Value::unknown_refined(Type::String, Refinement::starts_with("ab-"));
    let planned = object(Value::unknown(Type::String), prefix);
    let none = || {
        Value::null(Type::object([
            ("id", Type::String),
            ("input", Type::Dynamic),
        ]))
    };
    let mut replaced = change(
        "module.m[\"k\"].terraform_data.a[0]",
        Action::DeleteThenCreate,
        known.clone(),
        planned.clone(),
    );
    replaced.prev_run_addr = addr("terraform_data.old");
    replaced.reason = Some(ActionReason::ReplaceBecauseCannotUpdate);
    replaced.required_replace = vec![
        Path::root().attr("input").index(Value::number(0)),
        Path::root().attr("m").index(Value::string("k")),
        Path::root().attr("s").index(known.clone().unmark_all()),
    ];
    replaced.private = b"\0private".as_slice().into();
    replaced.depends_on = vec![Dependency::Change(1), Dependency::Group(0)];
    let mut created = change("terraform_data.b", Action::Create, none(), planned);
    created.change.importing = Some("id-1".into());
    created.change.generated_config = Some("resource {}".into());
    let mut deposed = change("terraform_data.b", Action::Delete, known.clone(), none());
    deposed.deposed = Some(DeposedKey("0a1b2c3d".into()));
    let kept = change(
        "data.terraform_data.d",
        Action::NoOp,
        known.clone(),
        known.clone(),
    );
    let plan = Plan {
        mode: Mode::Destroy,
        variables: BTreeMap::from([(
            "v".into(),
            VariableValue {
                value: Value::number(1),
            },
        )]),
        apply_time_variables: vec!["e".into()],
        changes: vec![replaced.clone(), created, deposed, kept],
        groups: vec![vec![Dependency::Change(1), Dependency::Change(2)]],
        drift: vec![replaced],
        outputs: vec![OutputChange {
            name: "o".into(),
            change: Change {
                action: Action::Update,
                before: Value::string("x"),
                after: Value::dynamic(),
                importing: None,
                generated_config: None,
            },
            sensitive: true,
        }],
        targets: vec!["terraform_data.a".into()],
        excludes: vec!["terraform_data.c".into()],
        force_replace: vec!["terraform_data.b".into()],
        lineage: "abc".into(),
        serial: 7,
        timestamp: "2026-01-02T03:04:05Z".into(),
        relevant_attributes: vec![(addr("terraform_data.b"), Path::root().attr("id"))],
        errored: true,
        applyable: true,
        complete: true,
        checks: vec![CheckResult {
            object_kind: "check".into(),
            config_addr: "check.c".into(),
            status: CheckStatus::Fail,
            objects: Some(vec![CheckObjectResult {
                object_addr: "check.c".into(),
                status: CheckStatus::Fail,
                failure_messages: vec!["no".into()],
            }]),
        }],
        workspace: "default".into(),
        ..Plan::default()
    };
    let module = |key: &str, dir: &str| ModuleSources {
        key: key.into(),
        dir: dir.into(),
        files: BTreeMap::from([("main.tf".into(), b"# text\n".as_slice().into())]),
        ..ModuleSources::default()
    };
    PlanFile {
        plan,
        sources: vec![module("", "."), module("a.b", "mods/b")],
        lock_file: Some(b"# lock\n".as_slice().into()),
    }
}

fn written(file: &PlanFile) -> Vec<u8> {
    let mut out = Cursor::new(Vec::new());
    write(file, &mut out).unwrap();
    out.into_inner()
}

#[test]
fn what_is_written_is_read_back() {
    let file = example();
    let bytes = written(&file);
    assert!(is_plan_file(&bytes));
    let back = read(&bytes).unwrap();
    assert_eq!(format!("{back:#?}"), format!("{file:#?}"));
}

/// The file with one entry replaced or added.
fn with_entry(name: &str, content: &[u8]) -> Vec<u8> {
    use zip::{ZipArchive, ZipWriter, write::SimpleFileOptions};
    static EXAMPLE: LazyLock<Vec<u8>> = LazyLock::new(|| written(&example()));
    let mut old = ZipArchive::new(Cursor::new(&*EXAMPLE)).unwrap();
    let mut new = ZipWriter::new(Cursor::new(Vec::new()));
    for i in 0..old.len() {
        let entry = old.by_index_raw(i).unwrap();
        if entry.name().unwrap() != name {
            new.raw_copy_file(entry).unwrap();
        }
    }
    new.start_file(name, SimpleFileOptions::default()).unwrap();
    new.write_all(content).unwrap();
    new.finish().unwrap().into_inner()
}

#[test]
fn what_is_damaged_is_refused() {
    let detail = |bytes: &[u8]| {
        let diags = read(bytes).unwrap_err();
        let first = diags.iter().next().unwrap();
        assert!(diags.has_errors());
        first.detail.clone()
    };
    assert!(detail(b"PK\x03\x04").contains("no zip archive"));
    assert!(detail(&with_entry("tfplan", b"\xff")).contains("damaged"));
    assert!(detail(&with_entry("tfplan", b"\x08\x03")).contains("another program"));
    assert!(detail(&with_entry("tfplan", b"\x08\x04")).contains("version 4"));
    assert!(detail(&with_entry("../x", b"")).contains("leads out"));
    assert!(detail(&with_entry("tfconfig/m-/../../x", b"")).contains("leads out"));
    assert!(detail(&with_entry("tfconfig/modules.json", b"{")).contains("modules.json"));
    assert!(!detail(&with_entry("tfstate", b"{")).is_empty());
    assert!(read(&with_entry("other", b"")).is_ok());
}

#[test]
fn what_unpacks_to_too_much_is_refused() {
    let diags = read(&with_entry("other", &vec![0; 64 << 20])).unwrap_err();
    let detail = &diags.iter().next().unwrap().detail;
    assert!(detail.contains("unpacks to more than"), "{detail}");
}

#[test]
fn dependencies_lead_somewhere() {
    let mut file = example();
    file.plan.groups.push(vec![Dependency::Group(9)]);
    assert!(read(&written(&file)).is_err());
}

#[test]
fn files_of_terraform_are_not_taken() {
    let diags = read(include_bytes!("../json/test_data/created.tfplan")).unwrap_err();
    let detail = &diags.iter().next().unwrap().detail;
    assert!(detail.contains("another program made it"), "{detail}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    /// No byte that is wrong makes it panic.
    #[test]
    fn damage_is_survived(at in any::<prop::sample::Index>(), byte: u8, cut in any::<Option<prop::sample::Index>>()) {
        let mut bytes = written(&example());
        let len = bytes.len();
        bytes[at.index(len)] = byte;
        if let Some(cut) = cut {
            bytes.truncate(cut.index(len));
        }
        let _ = read(&bytes);
    }

    /// Nor does a wrong byte in the message itself.
    #[test]
    fn damage_of_the_message_is_survived(at in any::<prop::sample::Index>(), byte: u8) {
        let mut message = encode::plan(&example().plan).unwrap();
        let at = at.index(message.len());
        message[at] = byte;
        let _ = read(&with_entry("tfplan", &message));
    }
}
