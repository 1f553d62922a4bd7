//! What Terraform 1.11.4 prints of the same states.

use super::*;

/// The schemas of the built-in provider.
struct Builtin;

impl Schemas for Builtin {
    fn find(&self, _: &Provider, resource: &Resource) -> Option<(i64, Type)> {
        match &*resource.kind {
            "terraform_data" => Some((
                0,
                Type::object([
                    ("id", Type::String),
                    ("input", Type::Dynamic),
                    ("output", Type::Dynamic),
                    ("triggers_replace", Type::Dynamic),
                ]),
            )),
            "terraform_remote_state" => Some((
                0,
                Type::object([
                    ("backend", Type::String),
                    ("config", Type::Dynamic),
                    ("defaults", Type::Dynamic),
                    ("outputs", Type::Dynamic),
                    ("workspace", Type::String),
                ]),
            )),
            _ => None,
        }
    }

    fn sensitive_paths(&self, _: &Provider, _: &Resource, _: &Value) -> Vec<(Path, Marks)> {
        Vec::new()
    }
}

fn check(state: &str, expected: &str) {
    let file = crate::file::read(state.as_bytes()).unwrap();
    let actual = show(Some(&file), &Builtin).unwrap();
    for (e, a) in expected.trim_end().split("},").zip(actual.split("},")) {
        assert_eq!(e, a);
    }
    assert_eq!(expected.trim_end(), actual);
}

#[test]
fn states_are_shown_as_terraform_shows_them() {
    check(
        include_str!("../file/test_data/everything.tfstate"),
        include_str!("test_data/everything.json"),
    );
    check(
        include_str!("test_data/nested.tfstate"),
        include_str!("test_data/nested.json"),
    );
    assert_eq!(
        show(None, &Builtin).unwrap(),
        "{\"format_version\":\"1.0\"}"
    );
    let empty = StateFile::create();
    assert_eq!(
        show(Some(&empty), &Builtin).unwrap(),
        "{\"format_version\":\"1.0\"}"
    );
}

#[test]
fn objects_that_no_schema_fits_are_all_reported() {
    let file = crate::file::read(include_bytes!("../file/test_data/odd.tfstate")).unwrap();
    let diags = show(Some(&file), &Builtin).unwrap_err();
    assert_eq!(diags.len(), 7);
    assert!(diags.iter().all(|d| d.summary == "Missing resource schema"));
}
