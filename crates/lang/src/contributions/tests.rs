use super::*;
use crate::Program;
use configs::{Loader, MemoryFiles};
use expect_test::{Expect, expect};
use schema::{Attribute, AttributeType, NestedBlock};
use std::path::{Path as FilePath, PathBuf};

/// What contributes to `terraform_data.start` and the outputs of the root module.
fn check(files: &[(&str, &str)], expected: Expect) {
    let files = files
        .iter()
        .map(|(name, text)| (PathBuf::from(name), (*text).into()))
        .chain([(
            PathBuf::from(".terraform/modules/modules.json"),
            r#"{"Modules":[{"Key":"","Source":"","Dir":"."},{"Key":"c","Source":"./child","Dir":"child"}]}"#.into(),
        )]);
    let files = MemoryFiles(files.collect());
    let (config, diags) = Loader::new(&files, FilePath::new(".terraform")).load(FilePath::new("."));
    assert!(!diags.has_errors(), "{diags:?}");
    let (program, diags) = Program::compile(&config);
    assert!(!diags.has_errors(), "{diags:?}");
    let block = schema();
    let blocks = |_: &configs::Resource| Some(&block);
    let mut contributions = Contributions::new(&program, &blocks);
    let root = ModuleInstance::root();
    contributions.add_resource(&root, &addrs::Resource::managed("t", "start"));
    for name in config.module.outputs.keys() {
        contributions.add_output(&root, name);
    }
    let found: String = contributions
        .finish()
        .iter()
        .map(|(addr, path)| format!("{addr}: {path}\n"))
        .collect();
    expected.assert_eq(&found);
}

fn schema() -> Block {
    let attribute = || Attribute {
        ty: AttributeType::Plain(cty::Type::Dynamic),
        optional: true,
        ..Attribute::default()
    };
    let inner = || NestedBlock {
        nesting: Nesting::Single,
        block: Block::new([("a".into(), attribute()), ("b".into(), attribute())], []),
        min_items: 0,
        max_items: 0,
    };
    let list = NestedBlock {
        nesting: Nesting::List,
        ..inner()
    };
    Block::new(
        [
            ("id".into(), attribute()),
            ("x".into(), attribute()),
            ("y".into(), attribute()),
        ],
        [("one".into(), inner()), ("many".into(), list)],
    )
}

#[test]
fn arguments_are_followed_and_no_others() {
    check(
        &[(
            "main.tf",
            r#"
            resource "t" "start" {
              x = local.l
              lifecycle { replace_triggered_by = [t.unrelated] }
            }
            locals { l = [t.a.x.deep[0], t.b["k"].id, t.c[local.i].x] }
            locals { i = 0 }
            resource "t" "a" {
              x = t.d.y
              y = t.unrelated.id
            }
            resource "t" "b" { for_each = { k = t.unrelated.id } }
            resource "t" "c" { count = 1 }
            resource "t" "d" {}
            resource "t" "unrelated" {}
            "#,
        )],
        expect![[r#"
            t.a: .x.deep[0]
            t.b["k"]: .id
            t.c: 
            t.d: .y
        "#]],
    );
}

#[test]
fn repetition_counts_where_it_is_used() {
    check(
        &[(
            "main.tf",
            r#"
            resource "t" "start" {
              for_each = t.keys.x
              x        = each.value
            }
            resource "t" "keys" {}
            output "o" { value = [for v in t.listed[*].y : v] }
            resource "t" "listed" { count = length(t.unrelated.x) }
            resource "t" "unrelated" {}
            "#,
        )],
        expect![[r#"
            t.keys: .x
            t.listed: 
        "#]],
    );
}

#[test]
fn modules_are_followed_in_and_out() {
    check(
        &[
            (
                "main.tf",
                r#"
                module "c" {
                  source = "./child"
                  count  = 2
                  in     = t.given.x
                }
                resource "t" "given" {}
                output "first" { value = module.c[0].out }
                output "all" { value = module.c[*].out }
                "#,
            ),
            (
                "child/main.tf",
                r#"
                variable "in" {}
                resource "t" "inner" { x = var.in }
                output "out" { value = t.inner.x }
                output "other" { value = t.inner.y }
                "#,
            ),
        ],
        expect![[r#"
            t.given: .x
            module.c.t.inner: .x
            module.c.t.inner: .y
            module.c[0].t.inner: .x
        "#]],
    );
}

#[test]
fn blocks_are_stepped_into() {
    check(
        &[(
            "main.tf",
            r#"
            output "o" { value = [t.a.one.a, t.b.one.b, t.c.many[0].a] }
            resource "t" "a" {
              one {
                a = t.used.x
                b = t.unrelated.x
              }
            }
            resource "t" "b" {
              dynamic "one" {
                for_each = t.used.y
                iterator = it
                content { b = it.value }
              }
            }
            resource "t" "c" {
              many { a = t.unrelated.x }
            }
            resource "t" "used" {}
            resource "t" "unrelated" {}
            "#,
        )],
        expect![[r#"
            t.a: .one.a
            t.b: .one.b
            t.c: .many[0].a
            t.used: .x
            t.used: .y
        "#]],
    );
}
