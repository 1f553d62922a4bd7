//! The targets.

use cty::Type;
use hcl::{Env, MapScope};
use std::sync::{Arc, LazyLock};

/// Is one thing that reads bytes.
#[derive(Clone, Copy)]
pub struct Target {
    /// Its name, and that of its folder in the corpus.
    pub name: &'static str,
    /// Reads them.
    pub run: fn(&[u8]),
}

/// All of them, by name.
pub const TARGETS: [Target; 8] = [
    Target {
        name: "handshake",
        run: handshake,
    },
    Target {
        name: "hcl",
        run: hcl,
    },
    Target {
        name: "journal",
        run: journal,
    },
    Target {
        name: "json",
        run: json,
    },
    Target {
        name: "msgpack",
        run: msgpack,
    },
    Target {
        name: "plan",
        run: plan,
    },
    Target {
        name: "state",
        run: state,
    },
    Target {
        name: "tfvars",
        run: tfvars,
    },
];

static SCOPE: LazyLock<MapScope> = LazyLock::new(|| {
    let table = funcs::Table::new(funcs::Options::pure("/nowhere"));
    MapScope::new(Vec::<(Arc<str>, cty::Value)>::new()).with_functions(Arc::new(table))
});

/// A text is parsed, formatted, and its arguments are evaluated.
fn hcl(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let (body, diags) = hcl::parse("fuzz.tf", &text);
    if !diags.has_errors() {
        let _ = hcl::format(&text);
    }
    evaluate(&body);
}

fn json(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let (body, _) = hcl::parse_json("fuzz.tf.json", &text);
    evaluate(&body);
}

fn evaluate(body: &hcl::Body) {
    let (attributes, _) = body.just_attributes();
    for attribute in attributes {
        let _ = attribute.expr.evaluate(&Env::new(&*SCOPE));
    }
}

/// The first byte chooses the type that the value should have.
fn msgpack(bytes: &[u8]) {
    let Some((first, rest)) = bytes.split_first() else {
        return;
    };
    let object = || Type::object([("a", Type::String), ("b", Type::list(Type::Dynamic))]);
    let ty = match first % 8 {
        0 => Type::Dynamic,
        1 => Type::String,
        2 => Type::Number,
        3 => Type::Bool,
        4 => Type::list(object()),
        5 => Type::set(Type::Number),
        6 => Type::map(Type::Dynamic),
        _ => object(),
    };
    if let Ok(value) = cty::msgpack::decode(rest, &ty) {
        let _ = cty::msgpack::encode(&value, &ty);
    }
}

/// A state file of any version.
fn state(bytes: &[u8]) {
    let _ = states::file::read(bytes);
}

fn plan(bytes: &[u8]) {
    if plans::file::is_plan_file(bytes) {
        let _ = plans::file::read(bytes);
    }
}

fn journal(bytes: &[u8]) {
    let decoded = states::journal::decode(bytes);
    let _ = states::journal::replay(None, &decoded.records);
}

fn handshake(bytes: &[u8]) {
    let _ = plugin::read_handshake(&String::from_utf8_lossy(bytes));
}

fn tfvars(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let _ = configs::parse_values("fuzz.tfvars", &text);
    let _ = configs::parse_values("fuzz.tfvars.json", &text);
}
