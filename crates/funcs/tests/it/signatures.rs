//! The functions' names and parameters: `test_data/signatures.txt` is what
//! `terraform metadata functions` says, one function a line; `?` = may be null.

use groma_funcs::{Options, Table};
use hcl::{Functions as _, Parameter};

fn parameter(p: &Parameter, dots: &str) -> String {
    let null = if p.allow_null { "?" } else { "" };
    format!("{}: {}{null}{dots}", p.name, p.ty)
}

fn signatures(table: &Table) -> String {
    let mut out = String::new();
    for (name, function) in table.iter() {
        let mut params: Vec<String> = function.params.iter().map(|p| parameter(p, "")).collect();
        params.extend(function.variadic.iter().map(|p| parameter(p, "...")));
        out.push_str(&format!("{name}({})\n", params.join(", ")));
    }
    out
}

#[test]
fn are_those_of_the_language() {
    let table = Table::new(Options::pure("."));
    let expected = include_str!("../../test_data/signatures.txt");
    let actual = signatures(&table);
    let wrong: Vec<String> = expected
        .lines()
        .filter(|line| !actual.lines().any(|l| l == *line))
        .map(|l| format!("missing {l}"))
        .chain(
            actual
                .lines()
                .filter(|l| !expected.lines().any(|e| e == *l))
                .map(|l| format!("too much {l}")),
        )
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn names_come_with_and_without_their_namespace() {
    let table = Table::new(Options::pure("."));
    assert!(table.get("upper").is_some());
    assert!(table.get("core::upper").is_some());
    assert!(table.get("core::core::upper").is_none());
    assert!(table.get("provider::upper").is_none());
    assert_eq!(table.names().len(), 2 * table.iter().count());
}
