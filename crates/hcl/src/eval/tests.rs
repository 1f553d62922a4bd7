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
        name: name.into(),
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
                message: "must pass at least one number".into(),
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
            message: e.to_string().into(),
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
            let text = if !value.is_wholly_known() {
                "(known after apply)".to_owned()
            } else if !value.all_marks().is_empty() {
                "(sensitive value)".to_owned()
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

/// All diagnostics of an expression, with positions and what references stand for.
fn diagnostics(source: &str) -> String {
    let (expr, mut diags) = parse_expression("t", source, START);
    let scope = scope();
    if let Some(Err(errors)) = expr.map(|expr| expr.evaluate(&Env::new(&scope))) {
        diags.append(errors);
    }
    let mut out = String::new();
    for d in &diags {
        let subject = d
            .subject
            .as_ref()
            .map_or_else(String::new, ToString::to_string);
        out.push_str(&format!("{subject}: {}\n", d.summary));
        for v in &d.values {
            out.push_str(&format!("  {} {}\n", v.reference, v.statement));
        }
    }
    out
}

#[test]
fn errors_tell_where_and_what_references_stand_for() {
    let sources = [
        "local.l[local.num]",
        "local.o.tags.d",
        "local.n.x + local.str",
        "[for x in local.l : x.foo if local.yes]",
        "upper(local.m)",
        "\"x${local.m}${local.n}\"",
        "local.n ? local.num : local.str",
        "true ? local.t : local.str",
        "upper(local.str, local.num, local.yes)",
        "local.uk.a + local.dyn + local.sens.b",
        "-local.str",
        "{ (local.n) = 1 }",
        "local.o[local.str].c",
        "max(local.n...)",
        "nope(local.str)",
        "upper()",
    ];
    let mut out = String::new();
    for source in sources {
        out.push_str(&format!("{source}\n{}", diagnostics(source)));
    }
    expect_test::expect![[r#"
        local.l[local.num]
        t:1,8-19: Invalid index
          local.l is list of string with 3 elements
          local.num is 42
        local.o.tags.d
        t:1,13-15: Unsupported attribute
          local.o.tags is object with 1 attribute "k"
        local.n.x + local.str
        t:1,8-10: Attempt to get attribute from null value
          local.n is null
        [for x in local.l : x.foo if local.yes]
        t:1,22-26: Unsupported attribute
        t:1,22-26: Unsupported attribute
        t:1,22-26: Unsupported attribute
        upper(local.m)
        t:1,7-14: Invalid function argument
          local.m is map of number with 2 elements
        "x${local.m}${local.n}"
        t:1,5-12: Invalid template interpolation value
          local.m is map of number with 2 elements
        t:1,15-22: Invalid template interpolation value
          local.n is null
        local.n ? local.num : local.str
        t:1,1-8: Null condition
          local.n is null
        true ? local.t : local.str
        t:1,8-27: Inconsistent conditional result types
          local.str is "hello"
          local.t is tuple with 4 elements
        upper(local.str, local.num, local.yes)
        t:1,18-38: Too many function arguments
          local.num is 42
          local.str is "hello"
          local.yes is true
        local.uk.a + local.dyn + local.sens.b
        t:1,9-11: Unsupported attribute
          local.uk is a string
        t:1,36-38: Unsupported attribute
        -local.str
        t:1,2-11: Invalid operand
          local.str is "hello"
        { (local.n) = 1 }
        t:1,3-12: Null value as key
          local.n is null
        local.o[local.str].c
        t:1,8-19: Invalid index
          local.o is object with 4 attributes
          local.str is "hello"
        max(local.n...)
        t:1,5-12: Invalid expanding argument value
          local.n is null
        nope(local.str)
        t:1,1-5: Call to unknown function
          local.str is "hello"
        upper()
        t:1,7-8: Not enough function arguments
    "#]]
    .assert_eq(&out);
}

#[test]
fn sensitive_values_stay_out_of_messages() {
    for source in [
        "{ for x in [local.sens, local.sens] : x => 1 }",
        "local.m[local.sens]",
        "local.o[local.sens]",
        "-local.sens",
        "local.sens ? 1 : 2",
        "{ (local.sens) = nope() }",
    ] {
        let (expr, _) = parse_expression("t", source, START);
        let scope = scope();
        let errors = expr.expect("it can be parsed").evaluate(&Env::new(&scope));
        let text = format!("{:?}", errors.expect_err("it is wrong"));
        assert!(!text.contains("secret"), "{source}: {text}");
    }
}

#[test]
fn traversals_leave_out_bound_names() {
    let source = "{for k, v in a.b : \"${k}${c.d[v.x]}\" => [for v in v : e[*].f] if g} + \"%{for i in h}${i.j}${k.l}%{endfor}\"";
    let (expr, _) = parse_expression("t", source, START);
    let expr = expr.expect("it can be parsed");
    let found: Vec<_> = expr.traversals().iter().map(ToString::to_string).collect();
    assert_eq!(found, ["a.b", "c.d[...]", "e", "g", "h", "k.l"]);
}

#[test]
fn traversals_are_shown_as_written() {
    let (traversal, diags) =
        crate::parse_traversal("t", "module.a[0].aws_vpc.main[\"x\\\"y\"].id", START);
    assert!(diags.is_empty());
    assert_eq!(
        traversal.expect("it is one").to_string(),
        "module.a[0].aws_vpc.main[\"x\\\"y\"].id"
    );
    assert!(crate::parse_traversal("t", "a[b]", START).1.has_errors());
}

proptest::proptest! {
    #[test]
    fn evaluation_never_panics(pieces in proptest::collection::vec(0usize..40, 1..25)) {
        const WORDS: [&str; 40] = [
            "local.l", "local.m", "local.s", "local.o", "local.n", "local.uk", "local.dyn", "local.sens", "1", "\"a\"",
            "true", "null", "[", "]", "{", "}", "(", ")", "a = ", "b => ", "for x in ", ": x", " if ", "...", "[*]", ".*",
            ".a", "[0]", "[\"a\"]", " + ", " == ", " ? ", " : ", "upper(", "max(", ", ", "\"x${", "}\"", "!", "x",
        ];
        let source: String = pieces.iter().map(|i| WORDS[*i]).collect();
        show(&source);
        diagnostics(&source);
    }
}

/// The values are those of Terraform.
#[test]
fn templates_in_files_have_terraforms_text() {
    let source = include_str!("templates.tf");
    let (body, diags) = crate::parse("templates.tf", source);
    assert!(diags.is_empty(), "{diags:?}");
    let (attributes, _) = body.just_attributes();
    let scope = scope();
    let mut out = String::new();
    for attribute in attributes {
        let value = attribute
            .expr
            .evaluate(&Env::new(&scope))
            .expect("it has a value");
        out.push_str(&format!("{} {}\n", attribute.name, json(&value)));
    }
    expect_test::expect![[r#"
        a "a\n\nb\n"
        b "x\n    b\n      c\n"
        c "    foo\n  bar\n"
        d "foobar"
        e "$${1}|$$${1}|$$|${x}|$|$$a"
        f "  x\nb 1 c\n  c\n"
        g "tab\n  x\n"
        h "a \\n \"q\" ${x} %{y} $$\n"
        i "    - 1\n    - 2\n"
        j "x"
        k "abc"
        l "5"
        m 5
        n "    a\n  b\nc\n       \nd\n"
        o ""
        p "  EOTX\n"
        q 2
        s "é😀"
    "#]]
    .assert_eq(&out);
}

#[test]
fn deep_expressions_need_little_stack() {
    let deep = |open: &str, close: &str| format!("{}1{}", open.repeat(450), close.repeat(450));
    let sources = [
        deep("(", ")"),
        deep("[", "]"),
        deep("{a=", "}"),
        deep("max(", ")"),
        deep("- ", ""),
        deep("\"${", "}\""),
        deep("\"x${", "}\""),
        deep("true ? ", " : 2"),
        deep("[for x in [1] : ", "]"),
        deep("[1][0 * ", "]"),
        deep("\"%{ if true }${", "}%{ endif }\""),
        format!("1{}", " + 1".repeat(20_000)),
        format!("[{}]", vec!["1"; 20_000].join(",")),
    ];
    let run = move || {
        let scope = scope();
        for source in sources {
            let (expr, _) = parse_expression("t", &source, START);
            let value = expr.map(|expr| expr.evaluate(&Env::new(&scope)).is_ok());
            assert_eq!(value, Some(true), "{}", &source[..20]);
        }
    };
    let thread = std::thread::Builder::new()
        .stack_size(512 * 1024)
        .spawn(run);
    thread
        .expect("a thread can be made")
        .join()
        .expect("nothing overflows");
}

#[test]
fn template_files_have_terraforms_text() {
    let source = "%{ if true ~}\n    foo\n%{ endif ~}\n  bar\n   %{~ if true }x%{ endif }\n\n  ${~ 1 ~}\n\n  z $${q} $$ \"x\\n\" %%{a}";
    let (expr, diags) = crate::parse_template("t", source, START);
    assert!(diags.is_empty());
    let value = expr
        .expect("it can be parsed")
        .evaluate(&Env::new(&scope()))
        .expect("it has a value");
    expect_test::expect![[r#""    foo\n  bar\nx\n\n1\n  z ${q} $$ \"x\\n\" %{a}""#]]
        .assert_eq(&json(&value));
}
