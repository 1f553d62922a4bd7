//! `type`, which only the console has.

use crate::define::{function, param};
use cty::{Type, Value};
use hcl::Function;

/// The functions of this family, by name.
pub(crate) fn functions() -> Vec<(&'static str, Function)> {
    let value = param("value", Type::Dynamic)
        .nullable()
        .unknown()
        .marked()
        .dynamic();
    vec![(
        "type",
        function([value]).returns(Type::String).call(|args| {
            let mut out = String::new();
            write(args[0].ty(), 0, &mut out);
            Ok(Value::string(out))
        }),
    )]
}

fn write(ty: &Type, depth: usize, out: &mut String) {
    let line = |out: &mut String, depth: usize| {
        out.push('\n');
        out.extend(std::iter::repeat_n("    ", depth));
    };
    let mut wrap = |kind: &str, element: &Type| {
        out.push_str(kind);
        out.push('(');
        if matches!(element, Type::Object(_) | Type::Tuple(_)) {
            line(out, depth + 1);
            write(element, depth + 1, out);
            out.push(',');
            line(out, depth);
        } else {
            write(element, depth, out);
        }
        out.push(')');
    };
    match ty {
        Type::Dynamic => out.push_str("dynamic"),
        Type::Bool => out.push_str("bool"),
        Type::Number => out.push_str("number"),
        Type::String => out.push_str("string"),
        Type::List(element) => wrap("list", element),
        Type::Set(element) => wrap("set", element),
        Type::Map(element) => wrap("map", element),
        Type::Tuple(types) if types.is_empty() => out.push_str("tuple([])"),
        Type::Tuple(types) => {
            out.push_str("tuple([");
            for ty in types.iter() {
                line(out, depth + 1);
                write(ty, depth + 1, out);
                out.push(',');
            }
            line(out, depth);
            out.push_str("])");
        }
        Type::Object(object) if object.is_empty() => out.push_str("object({})"),
        Type::Object(object) => {
            out.push_str("object({");
            for (name, ty) in object.iter() {
                line(out, depth + 1);
                out.push_str(name);
                out.push_str(": ");
                write(ty, depth + 1, out);
                out.push(',');
            }
            line(out, depth);
            out.push_str("})");
        }
    }
}
