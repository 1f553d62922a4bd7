//! Journals of runs that were cut short.

use super::*;
use crate::{ObjectStatus, StateFile};
use addrs::{parse_provider_config, parse_resource_instance};
use cty::{Marks, Path, Value};
use expect_test::{Expect, expect};
use proptest::prelude::*;

fn start(serial: u64) -> Record {
    Record::Start(Start {
        lineage: "line".into(),
        serial,
        operation: "apply".into(),
        time: "2026-01-02T03:04:05Z".into(),
    })
}

fn intent(address: &str, action: Action) -> Record {
    Record::Intent(Intent {
        address: parse_resource_instance(address).unwrap(),
        deposed: None,
        action,
        provider: parse_provider_config("provider.x").unwrap(),
        planned: b"\x81\xa1a\x01".as_slice().into(),
        planned_private: Arc::default(),
        time: "2026-01-02T03:04:06Z".into(),
    })
}

fn outcome(address: &str, objects: &[(&str, Option<&str>)]) -> Record {
    let object = |json: &str| {
        Arc::new(Object {
            status: ObjectStatus::Tainted,
            schema_version: 3,
            attributes: json.as_bytes().into(),
            flatmap: None,
            sensitive_paths: vec![(
                Path::root().attr("a").index(Value::string("k")),
                Marks::SENSITIVE,
            )],
            private: b"\0secret".as_slice().into(),
            dependencies: [].into(),
            create_before_destroy: true,
        })
    };
    Record::Outcome(Outcome {
        address: parse_resource_instance(address).unwrap(),
        deposed: None,
        provider: parse_provider_config("provider.x").unwrap(),
        objects: objects
            .iter()
            .map(|(key, json)| {
                let key = (!key.is_empty()).then(|| DeposedKey((*key).into()));
                (key, json.map(object))
            })
            .collect(),
        error: Some("it \"failed\"\n<twice>".into()),
    })
}

fn outputs() -> Record {
    let value = Value::list(cty::Type::String, vec![Value::string("x")]);
    let output = OutputValue {
        value,
        sensitive: true,
    };
    Record::Outputs([("o".into(), output)].into())
}

fn all() -> Vec<Record> {
    vec![
        start(0),
        intent("a.b[\"k\"]", Action::Create),
        outcome(
            "a.b[\"k\"]",
            &[("", Some("{\"id\":1}")), ("0011aabb", None)],
        ),
        outputs(),
        Record::Checkpoint(1),
    ]
}

#[test]
fn records_are_lines() {
    let bytes: Vec<u8> = all().iter().flat_map(encode).collect();
    expect![[r#"
        82c41d82 {"record":"start","lineage":"line","serial":0,"operation":"apply","time":"2026-01-02T03:04:05Z"}
        79952a1c {"record":"intent","address":"a.b[\"k\"]","action":"create","provider":"provider[\"registry.terraform.io/-/x\"]","planned":"gaFhAQ==","time":"2026-01-02T03:04:06Z"}
        c2459f48 {"record":"outcome","address":"a.b[\"k\"]","provider":"provider[\"registry.terraform.io/-/x\"]","objects":[{"object":{"status":"tainted","schema_version":3,"attributes":{"id":1},"sensitive_attributes":[[{"type":"get_attr","value":"a"},{"type":"index","value":{"value":"k","type":"string"}}]],"private":"AHNlY3JldA==","create_before_destroy":true}},{"object":null,"deposed":"0011aabb"}],"error":"it \"failed\"\n\u003ctwice\u003e"}
        a537ad3d {"record":"outputs","outputs":{"o":{"value":["x"],"type":["list","string"],"sensitive":true}}}
        b3fa9513 {"record":"checkpoint","serial":1}
    "#]]
    .assert_eq(std::str::from_utf8(&bytes).unwrap());
    let decoded = decode(&bytes);
    assert_eq!(decoded.damage, []);
    assert_eq!(decoded.records, all());
}

#[test]
fn a_torn_end_is_told_from_damage_inside() {
    let bytes: Vec<u8> = all().iter().flat_map(encode).collect();
    for len in 0..bytes.len() {
        let decoded = decode(&bytes[..len]);
        let whole = bytes[..len].iter().filter(|b| **b == b'\n').count();
        assert_eq!(decoded.records, all()[..whole]);
        assert!(
            decoded
                .damage
                .iter()
                .all(|d| d.at_end && d.line == whole + 1)
        );
    }
    let mut damaged = bytes;
    damaged[120] ^= 1;
    let decoded = decode(&damaged);
    assert_eq!(decoded.records.len(), all().len() - 1);
    assert_eq!(
        decoded.damage,
        [Damage {
            line: 2,
            what: "its checksum does not match".into(),
            at_end: false
        }]
    );
}

fn check(file: Option<StateFile>, records: &[Record], expected: Expect) {
    let text = match replay(file, records) {
        Ok(replay) => {
            let mut text = format!("serial {} changed {}\n", replay.file.serial, replay.changed);
            for (addr, _, instance) in replay.file.state.instances() {
                let json = |o: &Arc<Object>| String::from_utf8(o.attributes.to_vec()).unwrap();
                let current = instance.current.as_ref().map_or("none".into(), json);
                text += &format!("{addr}: {current}");
                for (key, object) in &instance.deposed {
                    text += &format!(" {key}: {}", json(object));
                }
                text += "\n";
            }
            for interrupted in replay.interrupted {
                text += &format!(
                    "? {} {}\n",
                    interrupted.intent.action, interrupted.intent.address
                );
                assert_eq!(
                    interrupted.diagnostic().is_none(),
                    interrupted.intent.action == Action::Create
                );
            }
            text
        }
        Err(diags) => diags
            .iter()
            .map(|d| format!("{}: {}\n", d.summary, d.detail))
            .collect(),
    };
    expected.assert_eq(&text);
}

#[test]
fn a_replayed_state_is_where_the_run_was() {
    let records = [
        start(0),
        intent("a.b", Action::Create),
        intent("a.c", Action::Update),
        intent("a.d", Action::Create),
        outcome("a.b", &[("", Some("{\"id\":1}"))]),
        outcome("a.d", &[("", Some("{\"id\":2}"))]),
        outcome("a.d", &[("", None), ("00aabbcc", Some("{\"id\":2}"))]),
        intent("a.d", Action::Create),
    ];
    check(
        None,
        &records,
        expect![[r#"
        serial 0 changed true
        a.b: {"id":1}
        a.d: none 00aabbcc: {"id":2}
        ? update a.c
        ? create a.d
    "#]],
    );
    check(
        None,
        &records[..1],
        expect![[r#"
        serial 0 changed false
    "#]],
    );
    check(None, &[], expect![["serial 0 changed false\n"]]);
    let base = replay(None, &records).unwrap().file;
    let next = [
        start(4),
        intent("a.b", Action::Delete),
        outcome("a.b", &[("", None)]),
        Record::Checkpoint(5),
        intent("a.d", Action::Delete),
    ];
    check(
        Some(StateFile {
            serial: 4,
            ..base.clone()
        }),
        &next,
        expect![[r#"
            serial 4 changed true
            a.d: none 00aabbcc: {"id":2}
            ? delete a.d
        "#]],
    );
    check(
        Some(StateFile {
            serial: 5,
            ..base.clone()
        }),
        &next,
        expect![[r#"
            serial 5 changed true
            a.d: none 00aabbcc: {"id":2}
            ? delete a.d
        "#]],
    );
    // Applying twice is the same as once.
    let once = replay(
        Some(StateFile {
            serial: 4,
            ..base.clone()
        }),
        &next,
    )
    .unwrap()
    .file;
    let again = replay(
        Some(StateFile {
            serial: 5,
            ..once.clone()
        }),
        &next,
    )
    .unwrap();
    assert_eq!(again.file.state, once.state);
    assert!(!again.changed);
    check(
        Some(StateFile {
            serial: 6,
            ..base.clone()
        }),
        &next,
        expect![[r#"
            Journal does not fit the state: An earlier run was cut short and left a journal, but it was begun on serial 4, and the state has serial 6 now. Someone has changed the state in the meantime. See in the journal (one line of JSON per record) which objects the run created, bring those that the state lacks in with "import", then delete the journal file.
        "#]],
    );
    check(
        Some(StateFile {
            serial: 4,
            lineage: "other".into(),
            ..base
        }),
        &next,
        expect![[r#"
            Journal does not fit the state: An earlier run was cut short and left a journal, but it was begun on a state of lineage "line", and this one has "other". Someone has changed the state in the meantime. See in the journal (one line of JSON per record) which objects the run created, bring those that the state lacks in with "import", then delete the journal file.
        "#]],
    );
    check(
        None,
        &next[1..],
        expect![[r#"
        Journal does not fit the state: An earlier run was cut short and left a journal, but it does not say which state it was begun on. Someone has changed the state in the meantime. See in the journal (one line of JSON per record) which objects the run created, bring those that the state lacks in with "import", then delete the journal file.
    "#]],
    );
}

#[test]
fn creates_are_remembered_until_they_end() {
    let mut open = Unresolved::default();
    open.follow(&[
        start(0),
        intent("a.b", Action::Create),
        intent("a.c", Action::Create),
        intent("a.d", Action::Delete),
        intent("a.e", Action::Create),
        outcome("a.b", &[("", None)]),
    ]);
    let names = |open: &Unresolved| {
        let names: Vec<_> = open.iter().map(|i| i.address.to_string()).collect();
        names.join(" ")
    };
    assert_eq!(names(&open), "a.c a.e");
    let records = [start(0), outcome("a.c", &[("", Some("{}"))])];
    let state = replay(None, &records).unwrap().file.state;
    open.settle(&state);
    assert_eq!(names(&open), "a.e");
    open.follow(&[intent("a.e", Action::Create)]);
    assert_eq!(names(&open), "a.e");
    open.follow(&records[1..]);
    open.follow(&[outcome("a.e", &[("", Some("{}"))])]);
    assert!(open.is_empty());
}

proptest! {
    #[test]
    fn every_record_comes_back(key in crate::file::tests::key(), object in crate::file::tests::object(), gone in any::<bool>(), error in ".{0,9}") {
        let mut address = parse_resource_instance("module.m[0].data.a.b").unwrap();
        address.key = key;
        let record = Record::Outcome(Outcome {
            address,
            deposed: Some(DeposedKey("00aabbcc".into())),
            provider: parse_provider_config("provider.x.y").unwrap(),
            objects: vec![(None, (!gone).then_some(object)), (Some(DeposedKey("1".into())), None)],
            error: (!error.is_empty()).then(|| error.as_str().into()),
        });
        let decoded = decode(&encode(&record));
        prop_assert!(decoded.damage.is_empty());
        prop_assert!(decoded.records == [record]);
    }

    #[test]
    fn no_bytes_are_too_bad(bytes in prop::collection::vec(any::<u8>(), 0..300), at in 0..400_usize) {
        let mut journal: Vec<u8> = all().iter().flat_map(encode).collect();
        let at = at.min(journal.len());
        journal.splice(at..at, bytes);
        let decoded = decode(&journal);
        prop_assert!(decoded.records.len() + 2 >= all().len());
        let _ = replay(None, &decoded.records);
    }
}
