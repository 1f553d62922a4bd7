//! Examples and laws.

use crate::{Graph, NodeId};
use expect_test::expect;
use proptest::prelude::*;
use std::time::{Duration, Instant};

/// `a:b,c b:c` = a depends on b and c, b on c. Nodes are added in the order of mention.
fn graph(text: &str) -> Graph<String> {
    let mut graph = Graph::new();
    let mut names: Vec<String> = Vec::new();
    let mut id = |graph: &mut Graph<String>, name: &str| {
        let at = names.iter().position(|n| n == name).unwrap_or_else(|| {
            names.push(name.to_owned());
            graph.add_node(name.to_owned());
            names.len() - 1
        });
        NodeId(at as u32)
    };
    for item in text.split_whitespace() {
        let (from, to) = item.split_once(':').unwrap_or((item, ""));
        let from = id(&mut graph, from);
        for to in to.split(',').filter(|t| !t.is_empty()) {
            let to = id(&mut graph, to);
            graph.add_edge(from, to);
        }
    }
    graph
}

fn names(graph: &Graph<String>, ids: impl IntoIterator<Item = NodeId>) -> String {
    ids.into_iter()
        .map(|id| graph[id].clone())
        .collect::<Vec<_>>()
        .join(" ")
}

fn edges(graph: &Graph<String>) -> String {
    graph
        .edges()
        .map(|(a, b)| format!("{}:{}", graph[a], graph[b]))
        .collect::<Vec<_>>()
        .join(" ")
}

fn order(text: &str) -> String {
    let graph = graph(text);
    match graph.topological_order() {
        Ok(order) => names(&graph, order),
        Err(error) => error
            .cycles
            .iter()
            .map(|c| {
                format!(
                    "{} ({})",
                    c.render(|id| graph[id].clone()),
                    names(&graph, c.members.clone())
                )
            })
            .collect::<Vec<_>>()
            .join("; "),
    }
}

#[test]
fn order_follows_dependencies_then_adding() {
    for (text, expected) in [
        ("", ""),
        ("a b c", "a b c"),
        ("a:b b:c", "c b a"),
        ("a:b c b", "b a c"),
        ("a:c b d:a", "c a b d"),
        ("a:b,c,d d:b", "b c d a"),
        ("a:b a:b a:b", "b a"),
    ] {
        assert_eq!(order(text), expected, "{text}");
    }
}

#[test]
fn cycles_are_short_and_complete() {
    for (text, expected) in [
        ("a:a", "a -> a (a)"),
        ("a:b b:a", "a -> b -> a (a b)"),
        ("a:b b:c c:d,a d:a", "a -> b -> c -> a (a b c d)"),
        ("a:b b:c c:c,a", "c -> c (a b c)"),
        (
            "a:b b:c c:a d:e e:d",
            "a -> b -> c -> a (a b c); d -> e -> d (d e)",
        ),
        ("a:b b:c c:d d:a c:b", "b -> c -> b (a b c d)"),
    ] {
        assert_eq!(order(text), expected, "{text}");
    }
}

#[test]
fn reduction_drops_what_follows() {
    for (text, expected) in [
        ("a:b,c b:c", "a:b b:c"),
        ("a:b,c,d,e b:c c:d d:e", "a:b b:c c:d d:e"),
        ("a:b,c d:b,c", "a:b a:c d:b d:c"),
        ("a:b,d b:c c:d a:e e:d", "a:b a:e b:c c:d e:d"),
    ] {
        let mut graph = graph(text);
        graph.reduce().unwrap();
        assert_eq!(edges(&graph), expected, "{text}");
    }
    let mut cyclic = graph("a:b b:a a:c");
    assert!(cyclic.reduce().is_err());
    assert_eq!(cyclic.edge_count(), 3);
}

#[test]
fn reach_serves_targeting() {
    let graph = graph("app:net,db db:net net:vpc log");
    let id = |name: &str| graph.nodes().find(|(_, n)| *n == name).unwrap().0;
    assert_eq!(names(&graph, graph.all_dependencies([id("db")])), "net vpc");
    assert_eq!(names(&graph, graph.all_dependents([id("net")])), "app db");
    assert_eq!(names(&graph, graph.all_dependents([id("log")])), "");
    let reversed = graph.clone().reverse();
    assert_eq!(
        names(&graph, reversed.topological_order().unwrap()),
        "app db net vpc log"
    );
}

#[test]
fn renders() {
    let graph = graph("a[\"x\"]:b b:c");
    expect![[r##"
        digraph {
          rankdir = "RL"
          node [shape = rect, fontname = "sans-serif"]
          n0 [label = "a[\"x\"]"]
          n1 [label = "b"]
          n2 [label = "c"]
          n0 -> n1
          n1 -> n2
        }
    "##]]
    .assert_eq(&graph.to_dot(|_, n| n.clone()));
    expect![[r##"
        flowchart RL
          n0["a[#quot;x#quot;]"]
          n1["b"]
          n2["c"]
          n0 --> n1
          n1 --> n2
    "##]]
    .assert_eq(&graph.to_mermaid(|_, n| n.clone()));
}

/// Chains, stars and rings of 100,000 nodes: neither slow nor deep.
#[test]
fn size_does_not_matter() {
    const N: usize = 100_000;
    let start = Instant::now();
    let mut chain = Graph::new();
    let ids: Vec<NodeId> = (0..N).map(|i| chain.add_node(i)).collect();
    for pair in ids.windows(2) {
        chain.add_edge(pair[0], pair[1]);
    }
    assert_eq!(chain.topological_order().unwrap()[0], ids[N - 1]);
    assert_eq!(chain.all_dependencies([ids[0]]).len(), N - 1);
    chain.reduce().unwrap();
    chain.add_edge(ids[N - 1], ids[0]);
    assert_eq!(chain.cycles()[0].path.len(), N);

    let mut star = Graph::new();
    let root = star.add_node(0);
    let ids: Vec<NodeId> = (1..N).map(|i| star.add_node(i)).collect();
    for id in &ids {
        star.add_edge(root, *id);
    }
    star.reduce().unwrap();
    assert_eq!(star.edge_count(), N - 1);
    assert_eq!(*star.topological_order().unwrap().last().unwrap(), root);
    assert!(
        start.elapsed() < Duration::from_secs(60),
        "{:?}",
        start.elapsed()
    );
}

fn any_graph(acyclic: bool) -> impl Strategy<Value = Graph<usize>> {
    (1usize..24).prop_flat_map(move |n| {
        proptest::collection::vec((0..n, 0..n), 0..60).prop_map(move |edges| {
            let mut graph = Graph::new();
            let ids: Vec<NodeId> = (0..n).map(|i| graph.add_node(i)).collect();
            for (a, b) in edges {
                // A fixed shuffle, so that the order of adding is not an order of work already.
                let key = |i: usize| (i * 7919) % 1009;
                if !acyclic || key(a) > key(b) {
                    graph.add_edge(ids[a], ids[b]);
                }
            }
            graph
        })
    })
}

fn closure(graph: &Graph<usize>) -> Vec<Vec<NodeId>> {
    graph
        .ids()
        .map(|id| graph.all_dependencies([id]).into_iter().collect())
        .collect()
}

proptest! {
    #[test]
    fn every_dependency_comes_first(graph in any_graph(true)) {
        let order = graph.topological_order().unwrap();
        let at = |id: NodeId| order.iter().position(|o| *o == id).unwrap();
        prop_assert_eq!(order.len(), graph.len());
        for (from, to) in graph.edges() {
            prop_assert!(at(to) < at(from));
        }
    }

    #[test]
    fn reduction_keeps_reach_and_is_minimal(graph in any_graph(true)) {
        let mut reduced = graph.clone();
        reduced.reduce().unwrap();
        prop_assert_eq!(closure(&graph), closure(&reduced));
        for edge in reduced.edges() {
            let mut less = reduced.clone();
            less.retain_edges(|from, to| (from, to) != edge);
            prop_assert_ne!(closure(&less), closure(&reduced));
        }
    }

    #[test]
    fn an_order_or_real_cycles(graph in any_graph(false)) {
        match graph.topological_order() {
            Ok(_) => prop_assert!(graph.cycles().is_empty()),
            Err(error) => {
                prop_assert!(!error.cycles.is_empty());
                for cycle in error.cycles {
                    prop_assert!(!cycle.path.is_empty());
                    for (from, to) in cycle.path.iter().zip(cycle.path.iter().cycle().skip(1)) {
                        prop_assert!(graph.has_edge(*from, *to));
                        prop_assert!(cycle.members.contains(from));
                    }
                }
            }
        }
    }

    #[test]
    fn reverse_swaps_the_directions(graph in any_graph(false)) {
        let reversed = graph.clone().reverse();
        for id in graph.ids() {
            prop_assert_eq!(graph.all_dependents([id]), reversed.all_dependencies([id]));
        }
        prop_assert_eq!(graph.edges().collect::<Vec<_>>(), reversed.reverse().edges().collect::<Vec<_>>());
    }
}
