//! The schemas against those of hashicorp/google, attribute by attribute.

use crate::services;
use sdk::{AttrSpec, BlockSpec, Spec};
use std::collections::BTreeMap;
use std::fmt::Write;

/// What hashicorp/google has, of the types that are here.
const THEIRS: &str = include_str!("../test_data/schema-7.45.0.tsv");

/// Where this provider differs on purpose: `kind type path<TAB>reason`.
const DIFFERENCES: &str = include_str!("../test_data/schema-differences.tsv");

/// Paths with flags and type.
type Lines = BTreeMap<String, String>;

fn flags(spec: &AttrSpec) -> String {
    let flags = [
        (spec.required, 'R'),
        (spec.optional, 'O'),
        (spec.computed, 'C'),
        (spec.sensitive, 'S'),
        (spec.write_only, 'W'),
        (spec.deprecated, 'D'),
    ];
    flags
        .into_iter()
        .filter(|(is, _)| *is)
        .map(|(_, f)| f)
        .collect()
}

fn block_type(spec: &BlockSpec) -> String {
    let most = match spec.max {
        0 => "*".to_owned(),
        most => most.to_string(),
    };
    let nesting = format!("{:?}", spec.nesting).to_lowercase();
    format!("block:{nesting} {}..{most}", spec.min)
}

fn collect(prefix: &str, spec: &Spec, lines: &mut Lines) {
    for (name, spec) in &spec.attributes {
        let ty = format!("{:?}", spec.ty);
        lines.insert(format!("{prefix}{name}"), format!("{}\t{ty}", flags(spec)));
    }
    for (name, spec) in &spec.blocks {
        let path = format!("{prefix}{name}");
        lines.insert(path.clone(), format!("B\t{}", block_type(spec)));
        collect(&format!("{path}."), &spec.spec, lines);
    }
}

fn ours() -> BTreeMap<String, Lines> {
    let mut all = BTreeMap::new();
    for resource in services::resources() {
        let mut lines = Lines::new();
        collect("", &resource.shape().spec, &mut lines);
        all.insert(format!("resource {}", resource.type_name()), lines);
    }
    for source in services::data_sources() {
        let mut lines = Lines::new();
        collect("", &source.shape().spec, &mut lines);
        all.insert(format!("data {}", source.type_name()), lines);
    }
    all
}

/// Theirs, in our words; beside it as it is written.
fn theirs() -> BTreeMap<String, Vec<(String, String, &'static str)>> {
    let mut all: BTreeMap<String, Vec<_>> = BTreeMap::new();
    let mut kind = String::new();
    for line in THEIRS.lines().filter(|line| !line.starts_with('#')) {
        if let Some(name) = line.strip_prefix("@ ") {
            name.clone_into(&mut kind);
            continue;
        }
        let columns: Vec<&str> = line.split('\t').collect();
        let (path, flags, ty) = (columns[0], columns[1], columns[2]);
        let entry = match flags.contains('B') {
            // Whether a block is discouraged is nowhere in the protocol that hosts act on.
            true => format!("B\t{ty}"),
            false => format!("{flags}\t{:?}", sdk::parse_type(ty).expect("a type")),
        };
        let lines = all.entry(kind.clone()).or_default();
        lines.push((path.to_owned(), entry, line));
    }
    all
}

#[test]
fn schemas_are_those_of_hashicorp() {
    let known: BTreeMap<&str, &str> = DIFFERENCES
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| line.split_once('\t').expect("a reason"))
        .collect();
    let mut used = Vec::new();
    let mut problems = String::new();
    let (mut ours, theirs) = (ours(), theirs());
    for (kind, lines) in &theirs {
        let mut own = ours.remove(kind).unwrap_or_default();
        for (path, wanted, written) in lines {
            let is = own.remove(path);
            if is.as_ref() == Some(wanted) {
                continue;
            }
            let name = format!("{kind} {path}");
            match known.get_key_value(name.as_str()) {
                Some((name, _)) => used.push(*name),
                None => {
                    let is = is.unwrap_or_else(|| "missing".to_owned());
                    let _ = writeln!(problems, "{kind}: {written} (here: {is})");
                }
            }
        }
        for (path, is) in own {
            let name = format!("{kind} {path}");
            match known.get_key_value(name.as_str()) {
                Some((name, _)) => used.push(*name),
                None => {
                    let _ = writeln!(problems, "{kind}: {path} is only here: {is}");
                }
            }
        }
    }
    for kind in ours.keys() {
        let _ = writeln!(problems, "{kind} is not in the file");
    }
    for name in known.keys().filter(|name| !used.contains(name)) {
        let _ = writeln!(problems, "{name} is not different: remove it");
    }
    assert!(problems.is_empty(), "{problems}");
}
