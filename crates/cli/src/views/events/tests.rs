//! Lines of the stream, as Terraform 1.11.4 writes them.

use super::*;
use expect_test::{Expect, expect};

/// A line without its time.
#[track_caller]
fn check(line: &str, expected: Expect) {
    let mut value: Value = serde_json::from_str(line).unwrap();
    let time = value
        .as_object_mut()
        .and_then(|m| m.shift_remove("@timestamp"));
    assert!(time.is_some_and(|t| t.as_str().is_some_and(|t| t.ends_with('Z'))));
    expected.assert_eq(&value.to_string());
}

fn hook() -> Hook {
    Hook {
        addr: addrs::parse_resource_instance("module.m[\"k\"].terraform_data.f[0]").unwrap(),
        action: Action::Update,
        id: Some("fcc7".into()),
    }
}

#[test]
fn operations_are_told() {
    check(
        &hook().apply_start(),
        expect![[
            r#"{"@level":"info","@message":"module.m[\"k\"].terraform_data.f[0]: Modifying... [id=fcc7]","@module":"terraform.ui","hook":{"resource":{"addr":"module.m[\"k\"].terraform_data.f[0]","module":"module.m[\"k\"]","resource":"terraform_data.f[0]","implied_provider":"terraform","resource_type":"terraform_data","resource_name":"f","resource_key":0},"action":"update","id_key":"id","id_value":"fcc7"},"type":"apply_start"}"#
        ]],
    );
    check(
        &hook().apply_complete(Duration::from_secs(61)),
        expect![[
            r#"{"@level":"info","@message":"module.m[\"k\"].terraform_data.f[0]: Modifications complete after 1m1s [id=fcc7]","@module":"terraform.ui","hook":{"resource":{"addr":"module.m[\"k\"].terraform_data.f[0]","module":"module.m[\"k\"]","resource":"terraform_data.f[0]","implied_provider":"terraform","resource_type":"terraform_data","resource_name":"f","resource_key":0},"action":"update","id_key":"id","id_value":"fcc7","elapsed_seconds":61},"type":"apply_complete"}"#
        ]],
    );
    check(
        &hook().refresh_start(),
        expect![[
            r#"{"@level":"info","@message":"module.m[\"k\"].terraform_data.f[0]: Refreshing state... [id=fcc7]","@module":"terraform.ui","hook":{"resource":{"addr":"module.m[\"k\"].terraform_data.f[0]","module":"module.m[\"k\"]","resource":"terraform_data.f[0]","implied_provider":"terraform","resource_type":"terraform_data","resource_name":"f","resource_key":0},"id_key":"id","id_value":"fcc7"},"type":"refresh_start"}"#
        ]],
    );
}

#[test]
fn totals_are_told() {
    let totals = Totals {
        add: 3,
        change: 1,
        remove: 5,
        import: 0,
    };
    check(
        &change_summary("Plan: 3 to add, 1 to change, 5 to destroy.", totals, "plan"),
        expect![[
            r#"{"@level":"info","@message":"Plan: 3 to add, 1 to change, 5 to destroy.","@module":"terraform.ui","changes":{"add":3,"change":1,"import":0,"remove":5,"operation":"plan"},"type":"change_summary"}"#
        ]],
    );
}

#[test]
fn provisioners_and_ephemeral_resources_are_told() {
    let addr = addrs::parse_resource_instance("terraform_data.a").unwrap();
    check(
        &provision(&addr, "local-exec", ProvisionStage::Output("hello")),
        expect![[
            r#"{"@level":"info","@message":"terraform_data.a: (local-exec): hello","@module":"terraform.ui","hook":{"resource":{"addr":"terraform_data.a","module":"","resource":"terraform_data.a","implied_provider":"terraform","resource_type":"terraform_data","resource_name":"a","resource_key":null},"provisioner":"local-exec","output":"hello"},"type":"provision_progress"}"#
        ]],
    );
    check(
        &provision(&addr, "local-exec", ProvisionStage::Errored),
        expect![[
            r#"{"@level":"info","@message":"terraform_data.a: (local-exec) Provisioning errored","@module":"terraform.ui","hook":{"resource":{"addr":"terraform_data.a","module":"","resource":"terraform_data.a","implied_provider":"terraform","resource_type":"terraform_data","resource_name":"a","resource_key":null},"provisioner":"local-exec"},"type":"provision_errored"}"#
        ]],
    );
    let addr = addrs::parse_resource_instance("ephemeral.files_token.each[\"p\"]").unwrap();
    let stage = EphemeralStage::Complete(Duration::ZERO);
    check(
        &ephemeral(&addr, engine::EphemeralOp::Renew, stage),
        expect![[
            r#"{"@level":"info","@message":"ephemeral.files_token.each[\"p\"]: Renewal complete after 0s","@module":"terraform.ui","hook":{"resource":{"addr":"ephemeral.files_token.each[\"p\"]","module":"","resource":"ephemeral.files_token.each[\"p\"]","implied_provider":"files","resource_type":"files_token","resource_name":"each","resource_key":"p"},"action":"renew","elapsed_seconds":0},"type":"ephemeral_op_complete"}"#
        ]],
    );
}
