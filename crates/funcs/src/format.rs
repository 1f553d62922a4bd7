//! `format` and `formatlist`.

mod decimal;
mod verb;

use crate::define::{Answer, bad, failed, function, param, text, unknown};
use cty::{Refinement, Type, Value};
use hcl::{ArgumentError, Function};

/// The functions of this family, by name.
pub(crate) fn functions() -> Vec<(&'static str, Function)> {
    vec![("format", format()), ("formatlist", formatlist())]
}

fn format() -> Function {
    function([param("format", Type::String)])
        .variadic(param("args", Type::Dynamic).nullable().unknown())
        .returns(Type::String)
        .call(|args| {
            let pattern = text(args, 0)?;
            if args[1..].iter().all(Value::is_wholly_known) {
                return one(pattern, &args[1..]).map(Value::string);
            }
            Ok(not_yet(pattern))
        })
}

/// A result that is not known yet begins with what stands before the first verb.
fn not_yet(pattern: &str) -> Value {
    let prefix = pattern.split('%').next().unwrap_or_default();
    let refinement = Refinement {
        not_null: true,
        prefix: prefix.into(),
        ..Refinement::default()
    };
    Value::unknown_refined(Type::String, refinement)
}

fn formatlist() -> Function {
    function([param("format", Type::String)])
        .variadic(param("args", Type::Dynamic).nullable().unknown())
        .returns(Type::list(Type::String))
        .call(|args| -> Answer {
            let pattern = text(args, 0)?;
            let args = &args[1..];
            // How often to format, and which argument said so.
            let mut length: Option<(usize, usize)> = None;
            let mut known = true;
            for (i, value) in args.iter().enumerate().filter(|(_, v)| is_sequence(v)) {
                // Unknown elements of a set may turn out to be equal.
                let merging = matches!(value.ty(), Type::Set(_)) && !value.is_wholly_known();
                match (value.len().filter(|_| !merging), length) {
                    (None, _) => known = false,
                    (Some(n), None) => length = Some((n, i)),
                    (Some(n), Some((before, _))) if n == before => {}
                    (Some(n), Some((before, first))) => {
                        let (i, first) = (i + 1, first + 1);
                        return Err(bad(
                            i,
                            format!("has {n} elements, but argument {first} has {before}"),
                        ));
                    }
                }
            }
            if !known {
                return Ok(unknown(Type::list(Type::String)));
            }
            let mut out = Vec::new();
            for round in 0..length.map_or(1, |(n, _)| n) {
                let row: Vec<Value> = args
                    .iter()
                    .map(|v| {
                        v.as_slice()
                            .filter(|_| is_sequence(v))
                            .map_or_else(|| v.clone(), |s| s[round].clone())
                    })
                    .collect();
                out.push(if row.iter().all(Value::is_wholly_known) {
                    one(pattern, &row).map(Value::string).map_err(|e| {
                        failed(format!("in round {round}, counted from 0: {}", e.message))
                    })?
                } else {
                    not_yet(pattern)
                });
            }
            Ok(Value::list(Type::String, out))
        })
}

/// Whether `formatlist` takes one element of it each time. Null does not count.
fn is_sequence(value: &Value) -> bool {
    matches!(value.ty(), Type::List(_) | Type::Set(_) | Type::Tuple(_)) && !value.is_null()
}

/// Formats wholly known values.
fn one(pattern: &str, args: &[Value]) -> Result<String, ArgumentError> {
    let mut out = String::with_capacity(pattern.len());
    let mut rest = pattern;
    let mut next = 0;
    let mut used = 0;
    while let Some(at) = rest.find('%') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        if let Some(after) = rest.strip_prefix("%%") {
            out.push('%');
            rest = after;
            continue;
        }
        let offset = pattern.len() - rest.len();
        let verb = verb::parse(rest).ok_or_else(|| {
            failed(format!("there is no valid verb at offset {offset} of the format; write %% for a percent sign"))
        })?;
        let index = verb.index.map_or(next, |i| i - 1);
        let Some(value) = args.get(index) else {
            let (text, count) = (verb.text, args.len());
            return Err(failed(format!(
                "the verb {text:?} at offset {offset} needs argument {}, but there are only {count}",
                index + 1
            )));
        };
        next = index + 1;
        used = used.max(next);
        verb.append(value, &mut out).map_err(|expected| {
            failed(format!(
                "the verb {:?} at offset {offset} needs {expected}",
                verb.text
            ))
        })?;
        rest = &rest[verb.text.len()..];
    }
    out.push_str(rest);
    if used < args.len() {
        return Err(bad(
            used + 1,
            format!("is one too many: the format uses only {used}"),
        ));
    }
    Ok(out)
}
