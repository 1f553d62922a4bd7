//! Attributes whose effect is not built yet.
//!
//! A few types have hundreds of attributes. Those that a resource does not carry out yet stand in a text beside it: they are
//! part of the schema, so that a stored object keeps them, and a configuration that sets one is refused by name. One per line:
//!
//! ```text
//! path<TAB>flags<TAB>type
//! ```
//!
//! The path is dotted. Flags: `R` required, `O` optional, `C` computed, `S` sensitive, `W` write-only, `D` deprecated, `B` nested
//! block. Types are written as in the language; a block's is `block:list 0..1` (mode, fewest, most; `*` = no limit). A
//! `#` starts a comment.

use crate::{AttrSpec, BlockSpec, Spec};
use cty::Type;
use schema::Nesting;

/// Adds the attributes and blocks of such a text to a block. The error names the line.
pub fn add_unbuilt(spec: &mut Spec, text: &str) -> Result<(), String> {
    for (at, line) in text.lines().enumerate() {
        if line.trim().is_empty() || line.starts_with('#') {
            continue;
        }
        add(spec, line).map_err(|problem| format!("line {}: {problem}: {line}", at + 1))?;
    }
    Ok(())
}

fn add(spec: &mut Spec, line: &str) -> Result<(), String> {
    let mut columns = line.split('\t');
    let (Some(path), Some(flags), Some(ty)) = (columns.next(), columns.next(), columns.next())
    else {
        return Err("a path, flags and a type are expected".to_owned());
    };
    let mut steps: Vec<&str> = path.split('.').collect();
    let name = steps.pop().unwrap_or_default();
    let mut block = spec;
    for step in steps {
        block = &mut block
            .blocks
            .get_mut(step)
            .ok_or_else(|| format!("there is no block {step}"))?
            .spec;
    }
    let has = |flag| flags.contains(flag);
    if has('B') {
        block.blocks.insert(name.into(), block_type(ty)?);
    } else {
        let spec = AttrSpec {
            required: has('R'),
            optional: has('O'),
            computed: has('C'),
            sensitive: has('S'),
            write_only: has('W'),
            deprecated: has('D'),
            unbuilt: true,
            ..AttrSpec::of_type(parse_type(ty)?)
        };
        block.attributes.insert(name.into(), spec);
    }
    Ok(())
}

fn block_type(text: &str) -> Result<BlockSpec, String> {
    let wrong = || format!("{text} is not a block type like block:list 0..1");
    let rest = text.strip_prefix("block:").ok_or_else(wrong)?;
    let (mode, limits) = rest.split_once(' ').ok_or_else(wrong)?;
    let (min, max) = limits.split_once("..").ok_or_else(wrong)?;
    let nesting = match mode {
        "list" => Nesting::List,
        "set" => Nesting::Set,
        "map" => Nesting::Map,
        "single" => Nesting::Single,
        "group" => Nesting::Group,
        _ => return Err(wrong()),
    };
    let limit = |text: &str| match text {
        "*" => Ok(0),
        number => number.parse::<u64>().map_err(|_| wrong()),
    };
    Ok(BlockSpec {
        nesting,
        min: limit(min)?,
        max: limit(max)?,
        requires_replace: false,
        computed: false,
        unbuilt: true,
        spec: Spec::default(),
    })
}

/// A type as the language writes it, with `object({name=type,…})`.
pub fn parse_type(text: &str) -> Result<Type, String> {
    let mut rest = text;
    let ty = type_at(&mut rest, 0)?;
    if rest.is_empty() {
        Ok(ty)
    } else {
        Err(format!("{rest} after the type"))
    }
}

fn type_at(rest: &mut &str, depth: usize) -> Result<Type, String> {
    if depth > 32 {
        return Err("nested too deeply".to_owned());
    }
    let end = rest
        .find(|c: char| !c.is_ascii_alphabetic())
        .unwrap_or(rest.len());
    let (word, after) = rest.split_at(end);
    *rest = after;
    let ty = match word {
        "string" => return Ok(Type::String),
        "number" => return Ok(Type::Number),
        "bool" => return Ok(Type::Bool),
        "dynamic" | "any" => return Ok(Type::Dynamic),
        "list" | "set" | "map" => {
            expect(rest, "(")?;
            let element = type_at(rest, depth + 1)?;
            match word {
                "list" => Type::list(element),
                "set" => Type::set(element),
                _ => Type::map(element),
            }
        }
        "object" => {
            expect(rest, "(")?;
            expect(rest, "{")?;
            let mut attributes = Vec::new();
            while !rest.starts_with('}') {
                let (name, after) = rest.split_once('=').ok_or("= is expected")?;
                *rest = after;
                attributes.push((name.to_owned(), type_at(rest, depth + 1)?));
                if !rest.starts_with('}') {
                    expect(rest, ",")?;
                }
            }
            expect(rest, "}")?;
            Type::object(attributes)
        }
        other => return Err(format!("{other} is no type")),
    };
    expect(rest, ")")?;
    Ok(ty)
}

fn expect(rest: &mut &str, token: &str) -> Result<(), String> {
    *rest = rest
        .strip_prefix(token)
        .ok_or_else(|| format!("{token} is expected before {rest}"))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn adds_attributes_and_blocks() {
        let mut spec = Spec::default();
        let text = "# later\nlogging\tB\tblock:list 0..1\nlogging.level\tO\tstring\nidentity\tOC\tlist(object({oidc=map(string),n=set(number)}))\n";
        add_unbuilt(&mut spec, text).unwrap();
        let ty = spec.schema().implied_type();
        assert_eq!(
            ty,
            parse_type(
                "object({identity=list(object({n=set(number),oidc=map(string)})),logging=list(object({level=string}))})"
            )
            .unwrap()
        );
        assert!(spec.blocks["logging"].unbuilt && spec.attributes["identity"].computed);
    }

    #[test]
    fn says_what_is_wrong() {
        let wrong = |text: &str| add_unbuilt(&mut Spec::default(), text).unwrap_err();
        for text in [
            "a",
            "a\tO\tstrin",
            "a\tO\tlist(string",
            "a.b\tO\tbool",
            "a\tB\tblock:pile 0..1",
            "a\tO\tbool)",
        ] {
            assert!(wrong(text).starts_with("line 1: "), "{text}");
        }
    }
}
