//! The graph as text for Graphviz and Mermaid.

use crate::{Graph, NodeId};
use std::fmt::Write as _;

impl<N> Graph<N> {
    /// The graph in Graphviz' language. Nodes and edges stand in the order of adding; an arrow
    /// points to what is depended on.
    pub fn to_dot(&self, mut label: impl FnMut(NodeId, &N) -> String) -> String {
        let mut out = String::from(
            "digraph {\n  rankdir = \"RL\"\n  node [shape = rect, fontname = \"sans-serif\"]\n",
        );
        for (id, node) in self.nodes() {
            let _ = writeln!(
                out,
                "  n{} [label = \"{}\"]",
                id.0,
                escape_dot(&label(id, node))
            );
        }
        for (from, to) in self.edges() {
            let _ = writeln!(out, "  n{} -> n{}", from.0, to.0);
        }
        out.push_str("}\n");
        out
    }

    /// The graph in Mermaid's language, for pages that draw it themselves.
    pub fn to_mermaid(&self, mut label: impl FnMut(NodeId, &N) -> String) -> String {
        let mut out = String::from("flowchart RL\n");
        for (id, node) in self.nodes() {
            let _ = writeln!(out, "  n{}[\"{}\"]", id.0, escape_mermaid(&label(id, node)));
        }
        for (from, to) in self.edges() {
            let _ = writeln!(out, "  n{} --> n{}", from.0, to.0);
        }
        out
    }
}

fn escape_dot(label: &str) -> String {
    label
        .replace('\\', "\\\\")
        .replace('"', "\\\"")
        .replace('\n', "\\n")
}

fn escape_mermaid(label: &str) -> String {
    let mut out = String::with_capacity(label.len());
    for c in label.chars() {
        match c {
            '#' => out.push_str("#35;"),
            '"' => out.push_str("#quot;"),
            '<' => out.push_str("#lt;"),
            '>' => out.push_str("#gt;"),
            '\n' => out.push_str("<br/>"),
            c => out.push(c),
        }
    }
    out
}
