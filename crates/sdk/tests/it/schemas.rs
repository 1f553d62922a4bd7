//! What a struct says to a host.

use crate::shelf::world;
use expect_test::expect;
use providers::Provider as _;
use providers::ValidateRequest;

#[tokio::test]
async fn a_struct_is_a_schema() {
    let world = world(None).await;
    let schema = world.provider.schema().await.unwrap();
    let resource = schema.resources.get("shelf_box").unwrap();
    let mut text = format!(
        "version {}: {}\n",
        resource.version, resource.block.description
    );
    for (name, a) in &resource.block.attributes {
        let flag = |on: bool, flag| if on { flag } else { "" };
        text += &format!(
            "{name} {}{}{}{} {} {:?}\n",
            flag(a.required, "R"),
            flag(a.optional, "O"),
            flag(a.computed, "C"),
            flag(a.sensitive, "S"),
            a.implied_type(),
            &*a.description,
        );
    }
    for (name, b) in &resource.block.block_types {
        text += &format!(
            "{name} {:?} {}..{} {}\n",
            b.nesting,
            b.min_items,
            b.max_items,
            b.implied_type()
        );
    }
    expect![[r#"
        version 2: A box.

        It holds things.
        colour O string ""
        comment O string "A comment, stored empty."
        id OC string "The id."
        label O string ""
        label_all C string ""
        name R string "The name."
        place C string "Where it stands."
        revision C number "How often it was changed."
        size O number "The size."
        type O string "The type."
        volume O string "The volume."
        weight C number ""
        words OS set(string) ""
        item Set 0..0 set(object({name = string, number = number}))
        lid List 0..1 list(object({locked = bool}))
        timeouts Single 0..0 object({create = string})
    "#]]
    .assert_eq(&text);
    assert!(schema.data_sources.contains_key("shelf_count"));
}

#[tokio::test]
async fn a_configuration_is_checked() {
    let world = world(None).await;
    let json = r#"{"name":"much too long","size":12,"volume":"Big","colour":"red","place":"x","timeouts":{"create":"soon"}}"#;
    let request = ValidateRequest {
        kind: "shelf_box".into(),
        config: crate::shelf::value(&world, json).await,
    };
    let diags = world.provider.validate(addrs::Mode::Managed, request).await;
    let text: String = diags
        .iter()
        .map(|d| format!("{:?} {} | {}\n", d.attribute, d.summary, d.detail))
        .collect();
    expect![[r#"
        [Name("colour")] Unsupported argument | This provider does not carry out "colour" yet, so it refuses it instead of ignoring it. Remove it, or manage this resource with the provider of HashiCorp.
        [Name("name")] Invalid value for name | At most 8 characters are allowed.
        [Name("place")] Value for unconfigurable attribute | The value of "place" is decided by the provider; it cannot be set. Remove it.
        [Name("size")] Invalid value for size | 12 is not within 1 to 9.
        [Name("volume")] Invalid value for volume | "Big" is not one of "small", "large".
        [Name("timeouts"), Name("create")] Invalid value for create | "soon" is not a duration: units are h, m, s, ms, us and ns. Write numbers with units, such as "30m", "1h30m" or "90s".
        [] Invalid combination of arguments | Only one of size, volume may be given; 2 are.
    "#]].assert_eq(&text);
}
