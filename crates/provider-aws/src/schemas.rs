//! The schemas are those of hashicorp/aws: attribute by attribute, except where a file says why not.

use crate::Aws;
use cty::Type;
use schema::{Attribute, AttributeType, Block, Nesting};
use std::collections::BTreeMap;

/// Flags and type by path; the version under the empty path.
type Facts = BTreeMap<String, String>;

fn flags(attribute: &Attribute) -> String {
    let flags = [
        ('R', attribute.required),
        ('O', attribute.optional),
        ('C', attribute.computed),
        ('S', attribute.sensitive),
        ('W', attribute.write_only),
        ('D', attribute.deprecated),
    ];
    flags
        .iter()
        .filter(|(_, is)| *is)
        .map(|(c, _)| *c)
        .collect()
}

fn describe(at: &str, block: &Block, facts: &mut Facts) {
    for (name, attribute) in &block.attributes {
        let AttributeType::Plain(ty) = &attribute.ty else {
            continue;
        };
        facts.insert(
            format!("{at}{name}"),
            format!("{} {}", flags(attribute), written(ty)),
        );
    }
    for (name, nested) in &block.block_types {
        let mode = match nested.nesting {
            Nesting::List => "list",
            Nesting::Set => "set",
            Nesting::Map => "map",
            Nesting::Single => "single",
            Nesting::Group => "group",
        };
        let most = match nested.max_items {
            0 => "*".to_owned(),
            most => most.to_string(),
        };
        facts.insert(
            format!("{at}{name}"),
            format!("B block:{mode} {}..{most}", nested.min_items),
        );
        describe(&format!("{at}{name}."), &nested.block, facts);
    }
}

/// A type as the file writes it.
fn written(ty: &Type) -> String {
    match ty {
        Type::String => "string".to_owned(),
        Type::Number => "number".to_owned(),
        Type::Bool => "bool".to_owned(),
        Type::List(element) => format!("list({})", written(element)),
        Type::Set(element) => format!("set({})", written(element)),
        Type::Map(element) => format!("map({})", written(element)),
        other => match other.as_object() {
            Some(object) => {
                let parts: Vec<String> = object
                    .iter()
                    .map(|(name, ty)| format!("{name}={}", written(ty)))
                    .collect();
                format!("object({{{}}})", parts.join(", "))
            }
            None => "dynamic".to_owned(),
        },
    }
}

fn expected() -> BTreeMap<String, Facts> {
    let mut all = BTreeMap::new();
    let mut name = String::new();
    for line in include_str!("../test_data/schema-5.100.0.tsv")
        .lines()
        .filter(|l| !l.starts_with('#'))
    {
        let columns: Vec<&str> = line.split('\t').collect();
        if let Some(header) = columns[0].strip_prefix("@ ") {
            name = header.to_owned();
            let version = columns.get(1).unwrap_or(&"0").to_string();
            all.insert(name.clone(), Facts::from([(String::new(), version)]));
        } else if let (Some(facts), [path, flags, ty, ..]) =
            (all.get_mut(&name), columns.as_slice())
        {
            facts.insert((*path).to_owned(), format!("{flags} {ty}"));
        }
    }
    all
}

fn actual() -> BTreeMap<String, Facts> {
    let mut all = BTreeMap::new();
    let mut add = |name: String, version: i64, block: &Block| {
        let mut facts = Facts::from([(String::new(), version.to_string())]);
        describe("", block, &mut facts);
        all.insert(name, facts);
    };
    let config = <crate::Config as sdk::Model>::spec().schema();
    add("provider".to_owned(), 0, &config);
    for resource in <Aws as sdk::Cloud>::resources() {
        let name = format!("resource {}", resource.type_name());
        add(name, resource.version(), &resource.shape().block);
    }
    for source in <Aws as sdk::Cloud>::data_sources() {
        add(
            format!("data {}", source.type_name()),
            0,
            &source.shape().block,
        );
    }
    all
}

#[test]
fn schemas_are_hashicorps() {
    let (expected, actual) = (expected(), actual());
    let allowed: Vec<(&str, &str)> = include_str!("../test_data/schema-differences.tsv")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| {
            let mut columns = line.split('\t');
            let (name, path, why) = (columns.next()?, columns.next()?, columns.next()?);
            assert!(!why.is_empty(), "{name} {path}: the reason is missing");
            Some((name, path))
        })
        .collect();
    let mut differences = Vec::new();
    for name in actual.keys() {
        let none = Facts::new();
        let (theirs, ours) = (
            expected.get(name).unwrap_or(&none),
            actual.get(name).unwrap_or(&none),
        );
        for path in theirs
            .keys()
            .chain(ours.keys().filter(|path| !theirs.contains_key(*path)))
        {
            let (theirs, ours) = (theirs.get(path), ours.get(path));
            if theirs != ours && !allowed.contains(&(name.as_str(), path.as_str())) {
                differences.push(format!("{name} {path}: {theirs:?}, here {ours:?}"));
            }
        }
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}
