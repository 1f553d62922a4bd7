//! Creates whose end nobody saw.

use crate::shelf::{World, text, value, world};
use cty::{Type, Value};
use providers::*;

async fn plan(world: &World, config: &Value, private: Private) -> PlanResponse {
    let request = PlanRequest {
        kind: "shelf_box".into(),
        prior: Value::null(config.ty().clone()),
        proposed: config.clone(),
        config: config.clone(),
        prior_private: private,
        provider_meta: Value::null(Type::Dynamic),
    };
    world.provider.plan(request).await
}

async fn create(world: &World, config: &Value, planned: PlanResponse) -> ApplyResponse {
    let request = ApplyRequest {
        kind: "shelf_box".into(),
        prior: Value::null(config.ty().clone()),
        planned: planned.planned,
        config: config.clone(),
        planned_private: planned.planned_private,
        provider_meta: Value::null(Type::Dynamic),
    };
    world.provider.apply(request).await
}

#[tokio::test]
async fn a_repeated_create_finds_the_first_one() {
    let world = world(None).await;
    let config = value(&world, r#"{"name":"a","size":3}"#).await;
    let first = plan(&world, &config, [].into()).await;
    let token = first.planned_private.clone();
    create(&world, &config, first).await;

    // The answer was lost; the next run plans with the token of the first.
    let config = value(&world, r#"{"name":"a","size":4}"#).await;
    let again = plan(&world, &config, token.clone()).await;
    let made = create(&world, &config, again).await;
    assert!(made.diagnostics.is_empty(), "{:?}", made.diagnostics);
    assert!(
        text(&made.state).contains("revision=2 size=4"),
        "{}",
        text(&made.state)
    );
    let calls = world.store.lock().unwrap().calls.clone();
    assert_eq!(calls, ["create", "lock", "find", "update"]);

    // What needs another object is kept, to be replaced.
    let config = value(&world, r#"{"name":"b","size":4}"#).await;
    let other = plan(&world, &config, token).await;
    let kept = create(&world, &config, other).await;
    assert!(kept.diagnostics.has_errors() && text(&kept.state).contains("id=\"box-a\""));
}

#[tokio::test]
async fn a_create_of_which_nothing_came_is_begun_again() {
    let world = world(None).await;
    let config = value(&world, r#"{"name":"a","size":3}"#).await;
    let first = plan(&world, &config, [].into()).await;
    let again = plan(&world, &config, first.planned_private).await;
    let made = create(&world, &config, again).await;
    assert!(made.diagnostics.is_empty() && !made.state.is_null());
    assert_eq!(
        world.store.lock().unwrap().calls,
        ["find", "create", "lock"]
    );
}
