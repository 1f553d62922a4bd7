use crate::{
    ArgumentError, Env, Function, FunctionImpl, Functions, MapScope, Parameter, parse_expression,
};
use cty::{Marks, Refinement, Type, Value};
use diags::Pos;
use std::collections::BTreeMap;
use std::sync::Arc;

const START: Pos = Pos {
    line: 1,
    column: 1,
    byte: 0,
};

struct Table(BTreeMap<&'static str, Function>);

impl Functions for Table {
    fn get(&self, name: &str) -> Option<&Function> {
        self.0.get(name.strip_prefix("core::").unwrap_or(name))
    }

    fn names(&self) -> Vec<Arc<str>> {
        self.0.keys().map(|n| (*n).into()).collect()
    }
}

fn param(name: &'static str, ty: Type) -> Parameter {
    Parameter {
        name,
        ty,
        allow_null: false,
        allow_unknown: false,
        allow_marked: false,
    }
}

fn function(
    params: Vec<Parameter>,
    variadic: Option<Parameter>,
    ty: Type,
    run: impl Fn(&[Value]) -> Result<Value, ArgumentError> + Send + Sync + 'static,
) -> Function {
    Function {
        params,
        variadic,
        return_type: Box::new(move |_| Ok(ty.clone())),
        never_null: true,
        call: FunctionImpl::Values(Box::new(run)),
    }
}

fn functions() -> Table {
    let any = |name| Parameter {
        allow_null: true,
        allow_unknown: true,
        allow_marked: true,
        ..param(name, Type::Dynamic)
    };
    let upper = function(
        vec![param("str", Type::String)],
        None,
        Type::String,
        |args| {
            Ok(Value::string(
                args[0].as_str().map_or(String::new(), |s| s.to_uppercase()),
            ))
        },
    );
    let max = function(
        vec![],
        Some(param("numbers", Type::Number)),
        Type::Number,
        |args| {
            let max = args.iter().filter_map(|v| v.as_number()).max();
            let none = || ArgumentError {
                index: None,
                message: "must pass at least one number".to_owned(),
            };
            Ok(Value::number(max.ok_or_else(none)?.clone()))
        },
    );
    let starts = function(
        vec![
            Parameter {
                allow_unknown: true,
                ..param("str", Type::String)
            },
            param("prefix", Type::String),
        ],
        None,
        Type::Bool,
        |args| {
            let prefix = args[1].as_str().map_or("", |s| s);
            Ok(match (args[0].as_str(), args[0].refinement()) {
                (Some(text), _) => Value::bool(text.starts_with(prefix)),
                (None, Some(r)) if r.prefix.starts_with(prefix) => Value::bool(true),
                _ => Value::unknown(Type::Bool),
            })
        },
    );
    let sensitive = function(vec![any("value")], None, Type::Dynamic, |args| {
        Ok(args[0].clone().with_marks(Marks::SENSITIVE))
    });
    let length = function(vec![any("value")], None, Type::Number, |args| {
        args[0].length().map_err(|e| ArgumentError {
            index: Some(0),
            message: e.to_string(),
        })
    });
    Table(
        [
            ("upper", upper),
            ("max", max),
            ("startswith", starts),
            ("sensitive", sensitive),
            ("length", length),
        ]
        .into(),
    )
}

fn scope() -> MapScope {
    let s = |text: &str| Value::string(text);
    let n = |i: i64| Value::number(i);
    let o = |v: Vec<(&str, Value)>| Value::object(v);
    let a = Type::object([("a", Type::String)]);
    let local = o(vec![
        ("l", Value::list(Type::String, vec![s("a"), s("b"), s("c")])),
        ("e", Value::list(Type::Dynamic, vec![])),
        (
            "t",
            Value::tuple(vec![
                n(1),
                s("two"),
                Value::bool(true),
                Value::null(Type::Dynamic),
            ]),
        ),
        ("m", Value::map(Type::Number, [("a", n(1)), ("b", n(2))])),
        ("s", Value::set(Type::String, vec![s("x"), s("y")])),
        (
            "o",
            o(vec![
                ("name", s("n")),
                ("size", n(3)),
                ("tags", o(vec![("k", s("v"))])),
                (
                    "list",
                    Value::tuple(vec![o(vec![("a", n(1))]), o(vec![("a", n(2))])]),
                ),
            ]),
        ),
        (
            "lo",
            Value::list(
                a.clone(),
                vec![o(vec![("a", s("1"))]), o(vec![("a", s("2"))])],
            ),
        ),
        (
            "so",
            Value::set(a, vec![o(vec![("a", s("1"))]), o(vec![("a", s("2"))])]),
        ),
        ("n", Value::null(Type::Dynamic)),
        ("nl", Value::null(Type::list(Type::Dynamic))),
        ("str", s("hello")),
        ("num", n(42)),
        ("yes", Value::bool(true)),
        ("sens", s("secret").with_marks(Marks::SENSITIVE)),
        (
            "senso",
            o(vec![
                ("a", s("x").with_marks(Marks::SENSITIVE)),
                ("b", s("y")),
            ]),
        ),
        (
            "uk",
            Value::unknown_refined(Type::String, Refinement::not_null()),
        ),
        ("ud", Value::unknown(Type::Number)),
        ("dyn", Value::dynamic()),
    ]);
    MapScope::new([("local", local)]).with_functions(Arc::new(functions()))
}

fn json(value: &Value) -> String {
    if let Some(b) = value.as_bool() {
        return b.to_string();
    }
    if let Some(n) = value.as_number() {
        return n.to_string();
    }
    if let Some(s) = value.as_str() {
        return format!("{s:?}");
    }
    let Some(values) = value
        .as_slice()
        .filter(|_| value.as_map().is_none() && value.ty().as_object().is_none())
    else {
        let entries: Vec<_> = value
            .elements()
            .map(|(k, v)| format!("{}:{}", json(&k), json(v)))
            .collect();
        return if value.is_null() {
            "null".to_owned()
        } else {
            format!("{{{}}}", entries.join(","))
        };
    };
    format!(
        "[{}]",
        values.iter().map(json).collect::<Vec<_>>().join(",")
    )
}

fn show(source: &str) -> String {
    let (expr, diags) = parse_expression("t", source, START);
    let scope = scope();
    let result = match expr {
        Some(expr) => expr.evaluate(&Env::new(&scope)),
        None => Err(diags),
    };
    match result {
        Ok(value) => {
            let text = if !value.all_marks().is_empty() {
                "(sensitive value)".to_owned()
            } else if !value.is_wholly_known() {
                "(known after apply)".to_owned()
            } else {
                json(&value)
            };
            let ty = value.ty().to_string();
            let ty = ty.split('(').next().unwrap_or_default();
            format!("={text} : {}", if ty == "any" { "dynamic" } else { ty })
        }
        Err(diags) => {
            let first = diags.iter().next().expect("an error has diagnostics");
            format!("!{}", first.summary)
        }
    }
}

/// The answers in `oracle.txt` are those of `terraform console`.
#[test]
fn evaluates_like_terraform() {
    let mut wrong = String::new();
    let mut lines = include_str!("oracle.txt").lines();
    while let (Some(source), Some(want)) = (lines.next(), lines.next()) {
        let got = show(source);
        if got != want {
            wrong.push_str(&format!("{source}\n  want {want}\n  got  {got}\n"));
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}
