//! What is planned.

use crate::shelf::{World, text, value, world};
use expect_test::{Expect, expect};
use providers::{PlanRequest, PlanResponse, Provider as _};

/// Plans a change from one JSON object to another; `null`: there is none.
pub(crate) async fn plan(world: &World, prior: &str, config: &str) -> PlanResponse {
    let (prior, config) = (value(world, prior).await, value(world, config).await);
    let request = PlanRequest {
        kind: "shelf_box".into(),
        proposed: config.clone(),
        prior,
        config,
        prior_private: [].into(),
        provider_meta: cty::Value::null(cty::Type::Dynamic),
    };
    world.provider.plan(request).await
}

async fn check(prior: &str, config: &str, expected: Expect) {
    let world = world(Some("ours")).await;
    let planned = plan(&world, prior, config).await;
    let replace: Vec<String> = planned
        .requires_replace
        .iter()
        .map(ToString::to_string)
        .collect();
    expected.assert_eq(&format!("{} replace {replace:?}", text(&planned.planned)));
}

const STORED: &str = r#"{"id":"box-a","name":"a","size":3,"type":"plain","comment":"","revision":1,"place":"left",
    "lid":[{"locked":false}],"item":[{"name":"pen","number":0}],"label_all":"ours"}"#;

#[tokio::test]
async fn what_the_provider_decides_is_unknown_at_first() {
    check(
        "null",
        r#"{"name":"a","size":3,"item":[{"name":"pen"}]}"#,
        expect![[r#"{id=? item=[{name="pen" number=?}] label_all="ours" lid=? name="a" place=? revision=? size=3 type="plain"} replace []"#]],
    )
    .await;
}

#[tokio::test]
async fn nothing_changes_where_the_configuration_is_the_same() {
    check(
        STORED,
        r#"{"name":"a","size":3,"item":[{"name":"pen"}]}"#,
        expect![[r#"{comment="" id="box-a" item=[{name="pen" number=0}] label_all="ours" lid=[{locked=false}] name="a" place="left" revision=1 size=3 type="plain"} replace []"#]],
    )
    .await;
}

#[tokio::test]
async fn a_change_renews_what_changes_with_it() {
    check(
        STORED,
        r#"{"name":"a","size":4,"item":[{"name":"pen"},{"name":"ink"}]}"#,
        expect![[r#"{comment="" id="box-a" item=[{name="ink" number=?} {name="pen" number=0}] label_all="ours" lid=[{locked=false}] name="a" place="left" revision=? size=4 type="plain"} replace []"#]],
    )
    .await;
}

#[tokio::test]
async fn some_changes_need_a_new_object() {
    check(STORED, r#"{"name":"b","size":3}"#, expect![[r#"{comment="" id="box-a" label_all="ours" lid=[{locked=false}] name="b" place="left" revision=? size=3 type="plain"} replace [".name"]"#]]).await;
}

#[tokio::test]
async fn values_that_mean_the_same_stay() {
    let stored = STORED.replace(r#""size":3"#, r#""volume":"small""#);
    check(
        &stored,
        r#"{"name":"a","volume":"SMALL","item":[{"name":"pen"}]}"#,
        expect![[r#"{comment="" id="box-a" item=[{name="pen" number=0}] label_all="ours" lid=[{locked=false}] name="a" place="left" revision=1 type="plain" volume="small"} replace []"#]],
    )
    .await;
}
