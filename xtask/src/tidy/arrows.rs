//! The arrows between crates, and the libraries that may not reach below their floor.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

/// What each crate may use, as ARCHITECTURE.md has it; what a used crate may use comes along.
const ARROWS: [(&str, &[&str]); 28] = [
    ("diags", &[]),
    ("cty", &[]),
    ("dag", &[]),
    ("sdk-macros", &[]),
    ("hcl", &["cty", "diags"]),
    ("addrs", &["hcl"]),
    ("schema", &["hcl"]),
    ("funcs", &["hcl"]),
    ("configs", &["addrs", "schema"]),
    ("states", &["addrs"]),
    ("providers", &["addrs", "schema"]),
    ("plans", &["configs", "states", "providers"]),
    ("lang", &["configs", "funcs", "dag"]),
    ("backends", &["states"]),
    ("init", &["configs"]),
    ("plugin", &["providers"]),
    ("sdk", &["providers", "sdk-macros"]),
    ("policy", &["plans"]),
    ("engine", &["lang", "plans", "dag"]),
    ("provider-aws", &["sdk", "plugin"]),
    ("provider-google", &["sdk", "plugin"]),
    ("sandbox", &[]),
    ("cli", &["*"]),
    ("test-support", &["engine"]),
    ("contract", &["test-support", "sandbox", "sdk"]),
    ("bench", &["*"]),
    ("fuzz", &["*"]),
    ("conformance", &[]),
];

/// Crates that stay free of a runtime, a transport and a command line.
const CORE: [&str; 13] = [
    "diags",
    "cty",
    "dag",
    "sdk-macros",
    "hcl",
    "addrs",
    "schema",
    "funcs",
    "configs",
    "states",
    "providers",
    "plans",
    "lang",
];

/// What the core is free of, directly and by way of others.
const FORBIDDEN: [&str; 4] = ["tokio", "tonic", "clap", "reqwest"];

/// Is the part of the workspace's metadata that the rules need.
pub(super) struct Graph {
    /// Normal dependencies of every package, by name.
    normal: BTreeMap<String, BTreeSet<String>>,
    /// Dependencies for tests and benchmarks only.
    dev: BTreeMap<String, BTreeSet<String>>,
    /// Packages of this workspace.
    members: BTreeSet<String>,
}

/// Asks cargo for the dependency graph.
pub(super) fn metadata(root: &Path) -> io::Result<Graph> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["metadata", "--format-version", "1", "--locked"])
        .current_dir(root)
        .output()?;
    if !output.status.success() {
        return Err(io::Error::other(
            String::from_utf8_lossy(&output.stderr).into_owned(),
        ));
    }
    Ok(read(&serde_json::from_slice(&output.stdout)?))
}

fn read(metadata: &Value) -> Graph {
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let names: BTreeMap<String, String> = list(&metadata["packages"])
        .iter()
        .map(|package| (text(&package["id"]), text(&package["name"])))
        .collect();
    let name = |id: &Value| names.get(&text(id)).cloned().unwrap_or_default();
    let mut graph = Graph {
        normal: BTreeMap::new(),
        dev: BTreeMap::new(),
        members: list(&metadata["workspace_members"])
            .iter()
            .map(name)
            .collect(),
    };
    for node in list(&metadata["resolve"]["nodes"]) {
        let from = name(&node["id"]);
        for dep in list(&node["deps"]) {
            for kind in list(&dep["dep_kinds"]) {
                let edges = match kind["kind"].as_str() {
                    None => &mut graph.normal,
                    Some("dev") => &mut graph.dev,
                    Some(_) => continue,
                };
                edges
                    .entry(from.clone())
                    .or_default()
                    .insert(name(&dep["pkg"]));
            }
        }
    }
    graph
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// Returns every arrow that goes up or sideways, and every forbidden library.
pub(super) fn problems(graph: &Graph) -> Vec<String> {
    let mut problems = Vec::new();
    let none = BTreeSet::new();
    for member in graph.members.iter().filter(|member| *member != "xtask") {
        let Some(folder) = member.strip_prefix("groma-") else {
            problems.push(format!("{member}: a package is called groma-<folder>"));
            continue;
        };
        let Some(allowed) = allowed(folder) else {
            problems.push(format!(
                "{member}: not in the table of crates (xtask/src/tidy/arrows.rs)"
            ));
            continue;
        };
        let uses = |edges: &BTreeMap<String, BTreeSet<String>>| {
            let used = edges.get(member).unwrap_or(&none).iter();
            used.filter_map(|used| used.strip_prefix("groma-").map(str::to_owned))
                .collect::<Vec<_>>()
        };
        for used in uses(&graph.normal) {
            if !allowed.contains(used.as_str()) {
                problems.push(format!("{member}: may not use {used}"));
            }
        }
        for used in uses(&graph.dev) {
            if !["test-support", "contract"].contains(&used.as_str())
                && !allowed.contains(used.as_str())
            {
                problems.push(format!("{member}: may not use {used}, not even in tests"));
            }
        }
        if CORE.contains(&folder) {
            problems.extend(forbidden(graph, member));
        }
    }
    problems
}

/// Returns all that a crate may use, or nothing when the table does not know the crate.
fn allowed(folder: &str) -> Option<BTreeSet<&'static str>> {
    let (_, direct) = ARROWS.iter().find(|(name, _)| *name == folder)?;
    let mut all = BTreeSet::new();
    let mut open: Vec<&str> = direct.to_vec();
    while let Some(next) = open.pop() {
        if next == "*" {
            all.extend(
                ARROWS
                    .iter()
                    .map(|(name, _)| *name)
                    .filter(|name| *name != "cli"),
            );
        } else if all.insert(next) {
            let below = ARROWS.iter().find(|(name, _)| *name == next);
            open.extend(below.into_iter().flat_map(|(_, direct)| direct.iter()));
        }
    }
    Some(all)
}

fn forbidden(graph: &Graph, member: &str) -> Option<String> {
    let mut seen = BTreeSet::new();
    let mut open = vec![(member.to_owned(), String::new())];
    while let Some((package, way)) = open.pop() {
        let is = |name: &&&str| package == **name || package.starts_with(&format!("{name}-"));
        if let Some(name) = FORBIDDEN.iter().find(is) {
            return Some(format!(
                "{member}: no {name} on this floor (by way of{way})"
            ));
        }
        for used in graph.normal.get(&package).into_iter().flatten() {
            if seen.insert(used.clone()) {
                open.push((used.clone(), format!("{way} {used}")));
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(normal: &[(&str, &str)], dev: &[(&str, &str)]) -> Vec<String> {
        let edges = |list: &[(&str, &str)]| {
            let mut edges: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
            for (from, to) in list {
                edges
                    .entry((*from).to_owned())
                    .or_default()
                    .insert((*to).to_owned());
            }
            edges
        };
        let ours = normal.iter().chain(dev).map(|(from, _)| (*from).to_owned());
        let members = ours.filter(|name| name.starts_with("groma-")).collect();
        problems(&Graph {
            normal: edges(normal),
            dev: edges(dev),
            members,
        })
    }

    #[test]
    fn arrows_go_down_only() {
        let ok = [
            ("groma-engine", "groma-hcl"),
            ("groma-cli", "groma-engine"),
            ("groma-hcl", "groma-cty"),
        ];
        assert_eq!(
            check(&ok, &[("groma-engine", "groma-test-support")]),
            [] as [&str; 0]
        );
        assert_eq!(
            check(&[("groma-lang", "groma-states")], &[]),
            ["groma-lang: may not use states"]
        );
        assert_eq!(
            check(&[("groma-bench", "groma-cli")], &[]),
            ["groma-bench: may not use cli"]
        );
        assert_eq!(
            check(&[], &[("groma-hcl", "groma-funcs")]),
            ["groma-hcl: may not use funcs, not even in tests"]
        );
        assert_eq!(
            check(&[("groma-new", "groma-cty")], &[]),
            ["groma-new: not in the table of crates (xtask/src/tidy/arrows.rs)"]
        );
    }

    #[test]
    fn the_core_has_no_runtime_however_it_comes() {
        assert_eq!(
            check(&[("groma-lang", "futures"), ("futures", "tokio-util")], &[]),
            ["groma-lang: no tokio on this floor (by way of futures tokio-util)"]
        );
        assert_eq!(
            check(&[("groma-plugin", "tokio")], &[("groma-lang", "tokio")]),
            [] as [&str; 0]
        );
    }

    #[test]
    fn the_table_has_no_circle() {
        for (name, _) in ARROWS.iter().filter(|(_, direct)| *direct != ["*"]) {
            assert!(!allowed(name).unwrap().contains(name), "{name}");
        }
    }
}
