//! What is done after what.

use expect_test::expect;
use test_support::order;

#[test]
fn an_instance_waits_for_the_instances_it_reads() {
    let config = r#"
resource "terraform_data" "a" {
  count = 2
}
resource "terraform_data" "b" {
  count = 2
  input = terraform_data.a[count.index].id
}
resource "terraform_data" "all" {
  input = terraform_data.a[*].id
}
"#;
    expect![[r#"
        create terraform_data.a[0]
        create terraform_data.a[1]
        create terraform_data.all  after create terraform_data.a[0], create terraform_data.a[1]
        create terraform_data.b[0]  after create terraform_data.a[0]
        create terraform_data.b[1]  after create terraform_data.a[1]
    "#]]
    .assert_eq(&order("", config));
}

#[test]
fn what_is_named_in_depends_on_comes_first() {
    let config = r#"
resource "terraform_data" "a" {
  count = 2
}
resource "terraform_data" "b" {
  depends_on = [terraform_data.a]
}
resource "terraform_data" "c" {
  for_each   = toset(["x"])
  input      = 1
  depends_on = [terraform_data.b]
}
"#;
    expect![[r#"
        create terraform_data.a[0]
        create terraform_data.a[1]
        create terraform_data.b  after create terraform_data.a[0], create terraform_data.a[1]
        create terraform_data.c["x"]  after create terraform_data.b
    "#]]
    .assert_eq(&order("", config));
}

const PAIR: &str = r#"
resource "terraform_data" "a" {
  triggers_replace = 1
}
resource "terraform_data" "b" {
  triggers_replace = terraform_data.a.id
}
"#;

#[test]
fn a_replacement_destroys_users_first() {
    expect![[r#"
        destroy terraform_data.a  after destroy terraform_data.b
        create terraform_data.a  after destroy terraform_data.a
        destroy terraform_data.b
        create terraform_data.b  after create terraform_data.a, destroy terraform_data.a, destroy terraform_data.b
    "#]]
    .assert_eq(&order(PAIR, &PAIR.replace("= 1", "= 2")));
}

#[test]
fn create_before_destroy_spreads_to_what_is_needed() {
    let before = PAIR.replace(
        "terraform_data.a.id\n",
        "terraform_data.a.id\n  lifecycle {\n    create_before_destroy = true\n  }\n",
    );
    expect![[r#"
        create terraform_data.a
        destroy terraform_data.a (replaced)  after create terraform_data.a, create terraform_data.b, destroy terraform_data.b (replaced)
        create terraform_data.b  after create terraform_data.a
        destroy terraform_data.b (replaced)  after create terraform_data.b
    "#]]
    .assert_eq(&order(&before, &before.replace("= 1", "= 2")));
}

#[test]
fn destruction_goes_backwards() {
    let before = r#"
resource "terraform_data" "a" {}
resource "terraform_data" "b" {
  input = terraform_data.a.id
}
resource "terraform_data" "c" {
  input = terraform_data.b.id
}
"#;
    expect![[r#"
        destroy terraform_data.a  after destroy terraform_data.b, destroy terraform_data.c
        destroy terraform_data.b  after destroy terraform_data.c
        destroy terraform_data.c
    "#]]
    .assert_eq(&order(before, "locals {}\n"));
}
