//! What is carried out, and what is kept when it fails.

use crate::planning::plan;
use crate::shelf::{World, text, value, world};
use cty::{Type, Value};
use expect_test::expect;
use providers::*;

/// Carries out a change; `null`: there is no object.
pub(crate) async fn apply(world: &World, prior: &str, config: &str) -> ApplyResponse {
    let planned = plan(world, prior, config).await;
    let request = ApplyRequest {
        kind: "shelf_box".into(),
        prior: value(world, prior).await,
        planned: planned.planned,
        config: value(world, config).await,
        planned_private: planned.planned_private,
        provider_meta: Value::null(Type::Dynamic),
    };
    world.provider.apply(request).await
}

const CONFIG: &str = r#"{"name":"a","size":3,"item":[{"name":"pen"}]}"#;

#[tokio::test]
async fn an_object_lives_and_dies() {
    let world = world(None).await;
    let made = apply(&world, "null", CONFIG).await;
    assert!(made.diagnostics.is_empty() && made.legacy);
    expect![[r#"{comment="" id="box-a" item=[{name="pen" number=0}] lid=[{locked=false}] name="a" place="left" revision=1 size=3 type="plain"}"#]].assert_eq(&text(&made.state));
    assert_eq!(&*made.private, br#"{"groma":{"settle":true}}"#);

    let read = world
        .provider
        .read(ReadRequest {
            kind: "shelf_box".into(),
            state: made.state.clone(),
            private: made.private,
            provider_meta: Value::null(Type::Dynamic),
        })
        .await;
    assert!(read.state.raw_equals(&made.state) && read.private.is_empty());

    let gone = || ApplyRequest {
        kind: "shelf_box".into(),
        planned: Value::null(made.state.ty().clone()),
        config: Value::null(made.state.ty().clone()),
        prior: made.state.clone(),
        planned_private: [].into(),
        provider_meta: Value::null(Type::Dynamic),
    };
    for _ in 0..2 {
        // The second time it is gone already.
        let response = world.provider.apply(gone()).await;
        assert!(response.diagnostics.is_empty() && response.state.is_null());
    }
}

#[tokio::test]
async fn a_create_that_fails_midway_keeps_what_exists() {
    let world = world(None).await;
    world.store.lock().unwrap().fail = Some("lock");
    let made = apply(&world, "null", CONFIG).await;
    assert!(made.diagnostics.has_errors());
    assert_eq!(
        made.state.get("id").and_then(Value::as_str).map(|id| &**id),
        Some("box-a")
    );

    world.store.lock().unwrap().fail = Some("create");
    let nothing = apply(&world, "null", r#"{"name":"b"}"#).await;
    assert!(nothing.diagnostics.has_errors() && nothing.state.is_null());
}

#[tokio::test]
async fn an_update_that_fails_leaves_the_object_as_it_was() {
    let world = world(None).await;
    let made = apply(&world, "null", CONFIG).await;
    let stored = cty::json::encode_simple(&made.state).unwrap();
    world.store.lock().unwrap().fail = Some("update");
    let failed = apply(&world, &stored, r#"{"name":"a","size":5}"#).await;
    assert!(failed.diagnostics.has_errors() && failed.state.raw_equals(&made.state));
}

#[tokio::test]
async fn older_objects_are_brought_up() {
    let world = world(None).await;
    let upgrade = |version, json: &str| {
        world.provider.upgrade(UpgradeRequest {
            kind: "shelf_box".into(),
            version,
            json: json.as_bytes().into(),
            flatmap: None,
        })
    };
    let old = upgrade(0, r#"{"title":"a","gone":[1]}"#).await;
    assert_eq!(text(&old.state), r#"{name="a"}"#);
    for (version, json) in [(3, "{}"), (2, "{"), (2, r#"{"size":"many"}"#), (1, "[]")] {
        let response = upgrade(version, json).await;
        assert!(
            response.diagnostics.has_errors() && response.state.is_null(),
            "{json}"
        );
    }
}

#[tokio::test]
async fn a_data_source_is_read() {
    let world = world(None).await;
    apply(&world, "null", CONFIG).await;
    let schema = world.provider.schema().await.unwrap();
    let source = schema.data_sources.get("shelf_count").unwrap();
    let request = ReadDataRequest {
        kind: "shelf_count".into(),
        config: source.block.empty_value(),
        provider_meta: Value::null(Type::Dynamic),
    };
    let response = world.provider.read_data(request).await;
    assert_eq!(text(&response.state), "{count=1}");
}
