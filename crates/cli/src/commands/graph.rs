//! `groma graph`

use super::Outcome;
use crate::workdir::Workdir;
use dag::{Graph, NodeId};
use diags::Diagnostic;
use lang::{Node, Program};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

/// Print what depends on what.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Everything that is evaluated, not only resources
    #[arg(long = "type", value_name = "TYPE")]
    kind: Option<String>,
    /// The language of the graph
    #[arg(long, value_name = "FORMAT", default_value = "dot", value_parser = ["dot", "mermaid"])]
    format: String,
    /// Not available: graphs of saved plans
    #[arg(long, value_name = "PATH")]
    plan: Option<PathBuf>,
    /// Accepted; circles are errors
    #[arg(long)]
    draw_cycles: bool,
    /// Accepted
    #[arg(long, value_name = "N")]
    module_depth: Option<i64>,
    /// Without colours
    #[arg(long)]
    no_color: bool,
}

pub(crate) fn run(workdir: &Workdir, args: &Args) -> Outcome {
    if args.no_color {
        workdir.ui.color.set(false);
    }
    match args.kind.as_deref() {
        None | Some("plan" | "plan-refresh-only" | "plan-destroy" | "apply") => {}
        Some(other) => {
            return Err(Diagnostic::error(
                "Graph type not supported",
                format!("The graph type {other:?} is not known: there are \"plan\", \"plan-refresh-only\", \"plan-destroy\" and \"apply\"."),
            )
            .into());
        }
    }
    if args.plan.is_some() {
        return Err(Diagnostic::error(
            "Graphs of saved plans are not available",
            "Leave -plan out to see the graph of the configuration.",
        )
        .into());
    }
    let (config, diags) = workdir.load_config();
    if diags.has_errors() {
        return Err(diags);
    }
    let (program, diags) = Program::compile(&config);
    if diags.has_errors() {
        return Err(diags);
    }
    let mermaid = args.format == "mermaid";
    if args.kind.is_some() {
        let label = |_: NodeId, node: &Node| program.name(*node);
        workdir.ui.out(&if mermaid {
            program.graph.to_mermaid(label)
        } else {
            program.graph.to_dot(label)
        });
        return Ok(0);
    }
    let graph = resources(&program);
    workdir.ui.out(&if mermaid {
        graph.to_mermaid(|_, addr| addr.to_string())
    } else {
        dot(&graph)
    });
    Ok(0)
}

/// The resources, each with the resources that it needs directly or through something else, without
/// what follows from others.
fn resources(program: &Program<'_>) -> Graph<addrs::ConfigResource> {
    let mut blocks: Vec<(addrs::ConfigResource, NodeId)> = program
        .graph
        .nodes()
        .filter_map(|(id, node)| match node {
            Node::Resource(module, index) => Some((program.config_resource(*module, *index), id)),
            _ => None,
        })
        .collect();
    blocks.sort_unstable();
    let mut graph = Graph::new();
    let mut places = BTreeMap::new();
    for (addr, id) in &blocks {
        places.insert(*id, graph.add_node(addr.clone()));
    }
    for (_, id) in &blocks {
        let mut seen = BTreeSet::new();
        let mut stack = program.graph.dependencies(*id);
        while let Some(next) = stack.pop() {
            if !seen.insert(next) {
                continue;
            }
            match places.get(&next) {
                Some(place) => drop(graph.add_edge(places[id], *place)),
                None => stack.extend(program.graph.dependencies(next)),
            }
        }
    }
    // A program has no circles.
    let _ = graph.reduce();
    graph
}

/// In Graphviz' language, with a box around each module, as Terraform writes it.
fn dot(graph: &Graph<addrs::ConfigResource>) -> String {
    let mut out = String::from(
        "digraph G {\n  rankdir = \"RL\";\n  node [shape = rect, fontname = \"sans-serif\"];\n",
    );
    if graph.is_empty() {
        out.push_str("  /* This configuration does not contain any resources.         */\n  /* For a more detailed graph, try: groma graph -type=plan */\n");
    }
    let mut module: Option<&addrs::Module> = None;
    for (_, addr) in graph.nodes() {
        if module != Some(&addr.module) {
            if module.is_some_and(|m| !m.is_root()) {
                out.push_str("  }\n");
            }
            if !addr.module.is_root() {
                out.push_str(&format!(
                    "  subgraph \"cluster_{0}\" {{\n    label = \"{0}\"\n    fontname = \"sans-serif\"\n",
                    addr.module
                ));
            }
            module = Some(&addr.module);
        }
        let indent = if addr.module.is_root() { "" } else { "  " };
        out.push_str(&format!(
            "{indent}  \"{addr}\" [label=\"{}\"];\n",
            addr.resource
        ));
    }
    if module.is_some_and(|m| !m.is_root()) {
        out.push_str("  }\n");
    }
    let name = |id| graph.get(id).map(ToString::to_string).unwrap_or_default();
    for id in graph.ids() {
        for needed in graph.dependencies(id) {
            out.push_str(&format!("  \"{}\" -> \"{}\";\n", name(id), name(needed)));
        }
    }
    out.push_str("}\n");
    out
}
