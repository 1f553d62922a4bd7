//! Regular expressions.

mod translate;

use crate::define::{Answer, bad, failed, function, param, text};
use cty::{Type, Value};
use hcl::{ArgumentError, Function};
use regex::{Captures, Regex};
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// How many compiled expressions are remembered.
const REMEMBERED: usize = 256;

/// The functions of this family, by name.
pub(crate) fn functions() -> Vec<(&'static str, Function)> {
    vec![
        ("regex", regex()),
        ("regexall", regexall()),
        ("replace", replace()),
    ]
}

/// Compiles an expression, or remembers having done so: configurations apply one expression to
/// thousands of strings.
fn compile(pattern: &str) -> Result<Regex, String> {
    static COMPILED: Mutex<BTreeMap<String, Regex>> = Mutex::new(BTreeMap::new());
    let known = COMPILED
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .get(pattern)
        .cloned();
    if let Some(regex) = known {
        return Ok(regex);
    }
    let regex = Regex::new(&translate::translate(pattern)?).map_err(|error| match error {
        regex::Error::CompiledTooBig(_) => "it is too large".to_owned(),
        error => {
            let text = error.to_string();
            let reason = text.rsplit("error: ").next().unwrap_or_default();
            reason.trim().to_owned()
        }
    })?;
    let mut compiled = COMPILED.lock().unwrap_or_else(PoisonError::into_inner);
    if compiled.len() >= REMEMBERED {
        compiled.clear();
    }
    compiled.insert(pattern.to_owned(), regex.clone());
    Ok(regex)
}

fn pattern(args: &[Value]) -> Result<(Regex, Type), ArgumentError> {
    let regex = compile(text(args, 0)?)
        .map_err(|e| bad(0, format!("is not a valid regular expression: {e}")))?;
    let groups: Vec<Option<&str>> = regex.capture_names().skip(1).collect();
    let names: Vec<&str> = groups.iter().flatten().copied().collect();
    let ty = if groups.is_empty() {
        Type::String
    } else if names.is_empty() {
        Type::tuple(groups.iter().map(|_| Type::String))
    } else if names.len() == groups.len() {
        Type::object(names.into_iter().map(|n| (n, Type::String)))
    } else {
        return Err(bad(
            0,
            "must not have both named and unnamed capture groups",
        ));
    };
    Ok((regex, ty))
}

/// What a match stands for: its text, or that of its groups.
fn matched(ty: &Type, captures: &Captures<'_>) -> Value {
    let group = |found: Option<regex::Match<'_>>| {
        found.map_or_else(|| Value::null(Type::String), |m| Value::string(m.as_str()))
    };
    match ty {
        Type::Tuple(_) => Value::tuple(captures.iter().skip(1).map(group).collect()),
        Type::Object(object) => Value::object(
            object
                .iter()
                .map(|(n, _)| (n.clone(), group(captures.name(n)))),
        ),
        _ => group(captures.get(0)),
    }
}

fn regex() -> Function {
    function([
        param("pattern", Type::String),
        param("string", Type::String),
    ])
    .returns_by(|args| {
        if args[0].is_known() {
            Ok(pattern(args)?.1)
        } else {
            Ok(Type::Dynamic)
        }
    })
    .call(|args| {
        let (regex, ty) = pattern(args)?;
        let captures = regex.captures(text(args, 1)?);
        let captures =
            captures.ok_or_else(|| failed("the pattern matches no part of the string"))?;
        Ok(matched(&ty, &captures))
    })
}

fn regexall() -> Function {
    function([
        param("pattern", Type::String),
        param("string", Type::String),
    ])
    .returns_by(|args| {
        Ok(Type::list(if args[0].is_known() {
            pattern(args)?.1
        } else {
            Type::Dynamic
        }))
    })
    .call(|args| {
        let (regex, ty) = pattern(args)?;
        let all = regex
            .captures_iter(text(args, 1)?)
            .map(|c| matched(&ty, &c))
            .collect();
        Ok(Value::list(ty, all))
    })
}

fn replace() -> Function {
    function([
        param("str", Type::String),
        param("substr", Type::String),
        param("replace", Type::String),
    ])
    .returns(Type::String)
    .call(|args| -> Answer {
        let (s, wanted, replacement) = (text(args, 0)?, text(args, 1)?, text(args, 2)?);
        let slashed = wanted.len() > 1 && wanted.starts_with('/') && wanted.ends_with('/');
        if !slashed {
            return Ok(Value::string(s.replace(wanted, replacement)));
        }
        let regex = compile(&wanted[1..wanted.len() - 1]).map_err(|e| {
            failed(format!(
                "the text between the slashes is not a valid regular expression: {e}"
            ))
        })?;
        Ok(Value::string(
            regex.replace_all(s, replacement).into_owned(),
        ))
    })
}
