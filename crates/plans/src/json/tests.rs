//! What Terraform 1.11.4 prints of the same plans: of its own plan files.

use super::*;
use crate::file::foreign;
use configs::{Loader, MemoryFiles};
use providers::{ProviderSchema, ResourceSchema, SchemaMap};
use schema::{Attribute, AttributeType, Block};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

fn resource(attributes: &[(&str, &str, cty::Type)]) -> Arc<ResourceSchema> {
    let attributes = attributes.iter().map(|(name, flags, ty)| {
        let attribute = Attribute {
            ty: AttributeType::Plain(ty.clone()),
            required: flags.contains('r'),
            optional: flags.contains('o'),
            computed: flags.contains('c'),
            ..Attribute::default()
        };
        (Arc::from(*name), attribute)
    });
    Arc::new(ResourceSchema {
        version: 0,
        block: Block::new(attributes, []),
    })
}

/// The schemas of the built-in provider.
pub(crate) fn builtin() -> Schemas {
    use cty::Type::{Dynamic, String};
    let data = resource(&[
        ("id", "c", String),
        ("input", "o", Dynamic),
        ("output", "c", Dynamic),
        ("triggers_replace", "o", Dynamic),
    ]);
    let remote_state = resource(&[
        ("backend", "r", String),
        ("config", "o", Dynamic),
        ("defaults", "o", Dynamic),
        ("outputs", "c", Dynamic),
        ("workspace", "o", String),
    ]);
    let schema = ProviderSchema {
        resources: SchemaMap::from_iter([("terraform_data".into(), data)]),
        data_sources: SchemaMap::from_iter([("terraform_remote_state".into(), remote_state)]),
        ..ProviderSchema::default()
    };
    Schemas(BTreeMap::from([(
        addrs::Provider::builtin(),
        Arc::new(schema),
    )]))
}

#[track_caller]
fn check(plan: &[u8], expected: &str) {
    let schemas = builtin();
    let (plan, sources) = foreign(plan, &schemas).unwrap();
    let mut files = MemoryFiles::default();
    let mut manifest = Vec::new();
    for module in &sources {
        for (name, content) in &module.files {
            let path: PathBuf = Path::new(&module.dir).join(name).components().collect();
            let path = path.strip_prefix(".").map(Path::to_owned).unwrap_or(path);
            files.0.insert(path, content.to_vec());
        }
        manifest.push(serde_json::json!({"Key": module.key, "Source": "", "Dir": module.dir}));
    }
    let manifest = serde_json::json!({ "Modules": manifest }).to_string();
    let data_dir = Path::new(".terraform");
    files
        .0
        .insert(data_dir.join("modules/modules.json"), manifest.into_bytes());
    let mut loader = Loader::new(&files, data_dir);
    let (config, diags) = loader.load(Path::new(""));
    assert!(!diags.has_errors(), "{diags:?}");
    let mut out = Vec::new();
    write(&plan, &config, &schemas, &mut out).unwrap();
    let actual = String::from_utf8(out).unwrap();
    let (expected, actual) = (in_order(expected), in_order(&actual));
    for (e, a) in expected.split("},").zip(actual.split("},")) {
        assert_eq!(e, a);
    }
    assert_eq!(expected, actual);
}

/// The document with its one list in sorted order that Terraform writes in the order of hashes.
fn in_order(document: &str) -> String {
    let mut document: serde_json::Value = serde_json::from_str(document).unwrap();
    let relevant = document.get_mut("relevant_attributes");
    if let Some(list) = relevant.and_then(|r| r.as_array_mut()) {
        list.sort_by_key(ToString::to_string);
    }
    document.to_string()
}

#[test]
fn new_objects_are_shown_as_terraform_shows_them() {
    check(
        include_bytes!("test_data/created.tfplan"),
        include_str!("test_data/created.json"),
    );
}

#[test]
fn changes_are_shown_as_terraform_shows_them() {
    check(
        include_bytes!("test_data/changed.tfplan"),
        include_str!("test_data/changed.json"),
    );
}
