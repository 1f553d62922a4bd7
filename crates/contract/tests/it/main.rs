//! The contract holds for a resource that is right, and catches those that are not.

mod toy;

use contract::{Case, Failure, World};
use std::panic::{AssertUnwindSafe, catch_unwind};

const WORLD: World = toy::WORLD;

contract::contract! { super::WORLD, "toy_net",
    create: r#"cidr_block = "10.0.0.0/16""#,
    update: &[
        r#"
        cidr_block = "10.0.0.0/16"
        label      = "a""#,
        r#"
        cidr_block = "10.0.0.0/16"
        label      = "b""#,
    ],
    replace: &[r#"cidr_block = "10.1.0.0/16""#],
    import: "{id}",
    not_imported: &["bug"],
}

/// What the contract says of a resource with a bug.
fn said(create: &'static str, test: fn(&World, &Case)) -> String {
    let case = Case {
        create,
        ..Case::new("toy_net")
    };
    let panic = catch_unwind(AssertUnwindSafe(|| test(&WORLD, &case)));
    let told = panic
        .expect_err("the bug is not found")
        .downcast::<String>();
    *told.expect("a story")
}

#[test]
fn a_create_that_forgets_what_it_made_is_caught() {
    let create = r#"
        cidr_block = "10.0.0.0/16"
        label      = "a"
        bug        = "leaks""#;
    let told = said(create, contract::refused);
    assert!(told.contains("the cloud is not as it was"), "{told}");
}

#[test]
fn a_create_that_is_blindly_repeated_is_caught() {
    let create = r#"
        cidr_block = "10.0.0.0/16"
        bug        = "blind""#;
    let test = |world: &World, case: &Case| contract::failing(world, case, Failure::DropAfter);
    let told = said(create, test);
    assert!(told.contains("vpcs/vpc-*: 1 -> 2"), "{told}");
}

#[test]
fn a_create_that_is_not_found_again_is_caught() {
    let create = r#"
        cidr_block = "10.0.0.0/16"
        bug        = "lost""#;
    let test = |world: &World, case: &Case| contract::killed(world, case, Failure::DropAfter);
    let told = said(create, test);
    assert!(told.contains("vpcs/vpc-*: 1 -> 2"), "{told}");
}

#[test]
fn a_read_that_does_not_look_is_caught() {
    let create = r#"
        cidr_block = "10.0.0.0/16"
        label      = "a"
        bug        = "blank""#;
    let told = said(create, contract::lives);
    assert!(told.contains("what is read is not what is saved"), "{told}");
}
