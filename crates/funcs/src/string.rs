//! Text.

use crate::define::{
    Answer, Definition, bad, failed, function, items, param, text, unknown, whole,
};
use cty::{Type, Value};
use hcl::Function;
use unicode_segmentation::UnicodeSegmentation as _;

/// The functions of this family, by name.
pub(crate) fn functions() -> Vec<(&'static str, Function)> {
    vec![
        (
            "chomp",
            unary(|s| s.trim_end_matches(['\r', '\n']).to_owned()),
        ),
        (
            "endswith",
            compare("suffix", |s, suffix| s.ends_with(suffix)),
        ),
        ("indent", indent()),
        ("join", join()),
        ("lower", unary(|s| s.chars().map(lower).collect())),
        ("split", split()),
        ("startswith", startswith()),
        ("strcontains", compare("substr", |s, part| s.contains(part))),
        ("strrev", unary(|s| s.graphemes(true).rev().collect())),
        ("substr", substr()),
        ("title", unary(title)),
        (
            "trim",
            binary("cutset", |s, set| s.trim_matches(|c| set.contains(c))),
        ),
        (
            "trimprefix",
            binary("prefix", |s, prefix| s.strip_prefix(prefix).unwrap_or(s)),
        ),
        ("trimspace", unary(|s| s.trim().to_owned())),
        (
            "trimsuffix",
            binary("suffix", |s, suffix| s.strip_suffix(suffix).unwrap_or(s)),
        ),
        ("upper", unary(|s| s.chars().map(upper).collect())),
    ]
}

fn of_string<const N: usize>(more: [&'static str; N]) -> Definition {
    let mut definition = function([param("str", Type::String)]);
    for name in more {
        definition = definition.and(param(name, Type::String));
    }
    definition
}

fn unary(f: fn(&str) -> String) -> Function {
    of_string([])
        .returns(Type::String)
        .call(move |args| Ok(Value::string(f(text(args, 0)?))))
}

fn binary(second: &'static str, f: for<'a> fn(&'a str, &str) -> &'a str) -> Function {
    of_string([second])
        .returns(Type::String)
        .call(move |args| Ok(Value::string(f(text(args, 0)?, text(args, 1)?))))
}

fn compare(second: &'static str, f: for<'a> fn(&'a str, &'a str) -> bool) -> Function {
    of_string([second])
        .returns(Type::Bool)
        .call(move |args| Ok(Value::bool(f(text(args, 0)?, text(args, 1)?))))
}

/// A character alone has no larger form of several characters (`ß` stays).
fn upper(c: char) -> char {
    let mut all = c.to_uppercase();
    match (all.next(), all.next()) {
        (Some(one), None) => one,
        _ => c,
    }
}

/// Characters that look like two have a form of their own at the beginning of a word.
fn title_case(c: char) -> char {
    match c {
        '\u{1c4}'..='\u{1c6}' => '\u{1c5}',
        '\u{1c7}'..='\u{1c9}' => '\u{1c8}',
        '\u{1ca}'..='\u{1cc}' => '\u{1cb}',
        '\u{1f1}'..='\u{1f3}' => '\u{1f2}',
        c => upper(c),
    }
}

fn lower(c: char) -> char {
    c.to_lowercase().next().unwrap_or(c)
}

fn title(s: &str) -> String {
    let mut after_separator = true;
    s.chars()
        .map(|c| {
            let first = after_separator;
            after_separator = if c.is_ascii() {
                !(c.is_ascii_alphanumeric() || c == '_')
            } else {
                !c.is_alphanumeric() && c.is_whitespace()
            };
            if first { title_case(c) } else { c }
        })
        .collect()
}

fn startswith() -> Function {
    function([
        param("str", Type::String).unknown(),
        param("prefix", Type::String),
    ])
    .returns(Type::Bool)
    .call(|args| {
        let prefix = text(args, 1)?;
        if let Some(s) = args[0].as_str() {
            return Ok(Value::bool(s.starts_with(prefix)));
        }
        // What is known of the beginning can be enough.
        match args[0].refinement().map(|r| &*r.prefix) {
            Some(known) if known.starts_with(prefix) && !known.is_empty() => Ok(Value::bool(true)),
            Some(known) if !prefix.starts_with(known) => Ok(Value::bool(false)),
            _ => Ok(unknown(Type::Bool)),
        }
    })
}

fn indent() -> Function {
    function([param("spaces", Type::Number), param("str", Type::String)])
        .returns(Type::String)
        .call(|args| {
            let spaces = usize::try_from(whole(args, 0)?)
                .map_err(|_| failed("the number of spaces must not be negative"))?;
            let s = text(args, 1)?;
            let breaks = s.matches('\n').count();
            if spaces
                .checked_mul(breaks.max(1))
                .is_none_or(|total| total > 1 << 28)
            {
                return Err(bad(0, "is too large"));
            }
            Ok(Value::string(
                s.replace('\n', &format!("\n{}", " ".repeat(spaces))),
            ))
        })
}

fn join() -> Function {
    function([param("separator", Type::String)])
        .variadic(param("lists", Type::list(Type::String)))
        .returns(Type::String)
        .call(|args| {
            if args.len() < 2 {
                return Err(failed("join needs at least one list"));
            }
            if !args[1..].iter().all(Value::is_wholly_known) {
                return Ok(unknown(Type::String));
            }
            let separator = text(args, 0)?;
            let mut out = String::new();
            let mut first = true;
            for list in 1..args.len() {
                for (i, element) in items(args, list)?.iter().enumerate() {
                    let Some(s) = element.as_str() else {
                        return Err(bad(
                            list,
                            format!("has null as element {i}; only strings can be joined"),
                        ));
                    };
                    if !std::mem::take(&mut first) {
                        out.push_str(separator);
                    }
                    out.push_str(s);
                }
            }
            Ok(Value::string(out))
        })
}

fn split() -> Function {
    function([param("separator", Type::String), param("str", Type::String)])
        .returns(Type::list(Type::String))
        .call(|args| {
            let (separator, s) = (text(args, 0)?, text(args, 1)?);
            let parts = if separator.is_empty() {
                s.chars().map(|c| Value::string(c.to_string())).collect()
            } else {
                s.split(separator).map(Value::string).collect()
            };
            Ok(Value::list(Type::String, parts))
        })
}

fn substr() -> Function {
    function([
        param("str", Type::String),
        param("offset", Type::Number),
        param("length", Type::Number),
    ])
    .returns(Type::String)
    .call(|args| -> Answer {
        let s = text(args, 0)?;
        let (mut offset, length) = (whole(args, 1)?, whole(args, 2)?);
        if offset < 0 {
            let count = s.graphemes(true).count() as i64;
            offset = offset.saturating_add(count).max(0);
        }
        let rest = s
            .graphemes(true)
            .skip(usize::try_from(offset).unwrap_or(usize::MAX));
        // A negative length means: all the rest.
        let length = usize::try_from(length).unwrap_or(usize::MAX);
        Ok(Value::string(rest.take(length).collect::<String>()))
    })
}
