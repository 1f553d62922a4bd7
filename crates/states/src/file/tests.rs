//! State files as Terraform 1.11.4 wrote them, and files that are none.

use super::{StateFile, read, write};
use expect_test::{Expect, expect};
use proptest::prelude::*;

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

proptest! {
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
