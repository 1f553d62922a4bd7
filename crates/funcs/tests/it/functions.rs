//! Every line of `test_data/answers`: an expression after `> `, then what Terraform answers. Errors
//! are there by their summary and the parameter they are about; their details are our own.

use crate::console::show;
use cty::Value;
use diags::{Diagnostics, Pos};
use groma_funcs::{Impure, Options, Table};
use hcl::{Env, MapScope};
use std::path::Path;
use std::sync::Arc;

/// Expressions with another answer than Terraform's: our zero has no sign.
const DIFFERENT: &[&str] = &["jsondecode(\"-0\")", "yamldecode(\"-0\")"];

fn table() -> Table {
    let test_data = Path::new(env!("CARGO_MANIFEST_DIR")).join("test_data");
    let mut options = Options::pure(test_data);
    options.impure = Some(Impure {
        now: Arc::new(|| 1_500_000_000),
        random: Arc::new(|bytes: &mut [u8]| bytes.fill(7)),
    });
    options.plan_time = Some(1_500_000_000);
    options.console = true;
    Table::new(options)
}

pub(crate) fn scope() -> MapScope {
    let local = Value::object([
        ("u", Value::dynamic()),
        ("tpl", Value::string("Hi ${name}!")),
        ("bad", Value::string("Hi ${")),
        ("num", Value::number(5i64)),
        ("obj", Value::object([("tpl", Value::string("<${name}>"))])),
    ]);
    MapScope::new([("local", local)]).with_functions(Arc::new(table()))
}

pub(crate) fn evaluate(source: &str, scope: &MapScope) -> Result<Value, Diagnostics> {
    let (expr, diags) = hcl::parse_expression(
        "test",
        source,
        Pos {
            line: 1,
            column: 1,
            byte: 0,
        },
    );
    if diags.has_errors() {
        return Err(diags);
    }
    expr.unwrap().evaluate(&Env::new(scope))
}

fn answer(source: &str, scope: &MapScope) -> (String, String) {
    match evaluate(source, scope) {
        Ok(value) => match value
            .as_str()
            .filter(|_| source.starts_with("type(") && source.ends_with(')'))
        {
            Some(ty) => (ty.to_string(), String::new()),
            None => (show(&value), String::new()),
        },
        Err(diags) => {
            let first = diags.iter().next().unwrap();
            let mut text = format!("error: {}", first.summary);
            if let Some(rest) = first.detail.strip_prefix("Invalid value for \"") {
                text.push_str(&format!(" ({})", rest.split('"').next().unwrap()));
            }
            (text, first.detail.clone())
        }
    }
}

fn check(family: &str, recorded: &str) {
    let scope = scope();
    let mut wrong = String::new();
    let mut count = 0;
    for entry in recorded.strip_prefix("> ").unwrap().split("\n> ") {
        let (source, expected) = entry.split_once('\n').unwrap();
        let expected = expected.trim_end_matches('\n');
        count += 1;
        let (actual, detail) = answer(source, &scope);
        if (actual.trim_end_matches('\n') == expected) == DIFFERENT.contains(&source) {
            wrong.push_str(&format!(
                "> {source}\n{actual}\n{detail}\n  instead of\n{expected}\n\n"
            ));
        }
    }
    assert!(count > 20);
    assert!(wrong.is_empty(), "{family}:\n{wrong}");
}

macro_rules! families {
    ($($family:ident),*) => {$(
        #[test]
        fn $family() {
            check(stringify!($family), include_str!(concat!("../../test_data/answers/", stringify!($family), ".txt")));
        }
    )*};
}
families!(
    collections,
    conversion,
    crypto,
    datetime,
    encoding,
    files,
    generated_addresses,
    generated_collections,
    generated_text,
    generated_yaml,
    network,
    numeric,
    strings
);
