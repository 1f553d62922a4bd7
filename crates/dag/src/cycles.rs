//! Cycles, and how to show them.

use crate::{Graph, NodeId};
use petgraph::Direction;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fmt;

/// How many steps the search for a short cycle may take in a group: small groups are searched from
/// every member, huge ones from the first only.
const STEPS: usize = 20_000;

/// A group of nodes that all depend on each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cycle {
    /// A short way round: each node depends on the next one, the last on the first. A node that
    /// depends on itself stands here alone.
    pub path: Vec<NodeId>,
    /// All nodes of the group, in the order of adding.
    pub members: Vec<NodeId>,
}

impl Cycle {
    /// The way round as text, `a -> b -> a`.
    pub fn render(&self, mut label: impl FnMut(NodeId) -> String) -> String {
        let mut out = String::new();
        for id in self.path.iter().chain(self.path.first()) {
            if !out.is_empty() {
                out.push_str(" -> ");
            }
            out.push_str(&label(*id));
        }
        out
    }
}

/// A graph has cycles, so that there is no order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CycleError {
    /// The cycles; never empty.
    pub cycles: Vec<Cycle>,
}

impl fmt::Display for CycleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the dependency graph has {} cycle(s)", self.cycles.len())
    }
}

impl std::error::Error for CycleError {}

impl<N> Graph<N> {
    /// The strongly connected components: nodes in one group reach each other. Members are in the
    /// order of adding, groups in the order of their first member.
    pub fn components(&self) -> Vec<Vec<NodeId>> {
        let mut groups: Vec<Vec<NodeId>> = petgraph::algo::kosaraju_scc(&self.inner)
            .into_iter()
            .map(|group| {
                let mut group: Vec<NodeId> = group.into_iter().map(NodeId::from).collect();
                group.sort_unstable();
                group
            })
            .collect();
        groups.sort_unstable();
        groups
    }

    /// Every group of nodes that depend on each other, with a short way round; a node that depends
    /// on itself counts.
    pub fn cycles(&self) -> Vec<Cycle> {
        self.components()
            .into_iter()
            .filter(|members| members.len() > 1 || self.has_edge(members[0], members[0]))
            .map(|members| Cycle {
                path: self.short_cycle(&members),
                members,
            })
            .collect()
    }

    /// The shortest cycle through one of the first members.
    fn short_cycle(&self, members: &[NodeId]) -> Vec<NodeId> {
        let group: BTreeSet<NodeId> = members.iter().copied().collect();
        let mut best: Vec<NodeId> = Vec::new();
        for &start in members.iter().take((STEPS / members.len()).max(1)) {
            if self.has_edge(start, start) {
                return vec![start];
            }
            let limit = if best.is_empty() {
                usize::MAX
            } else {
                best.len() - 1
            };
            if let Some(path) = self.cycle_through(start, &group, limit) {
                best = path;
            }
            if best.len() == 2 {
                break;
            }
        }
        best
    }

    /// The shortest cycle through `start` of at most `limit` nodes, by breadth-first search.
    fn cycle_through(
        &self,
        start: NodeId,
        group: &BTreeSet<NodeId>,
        limit: usize,
    ) -> Option<Vec<NodeId>> {
        // For each node that was reached: where from, and how many nodes the way has.
        let mut reached: BTreeMap<NodeId, (NodeId, usize)> = BTreeMap::from([(start, (start, 1))]);
        let mut queue = VecDeque::from([start]);
        while let Some(id) = queue.pop_front() {
            let length = reached[&id].1;
            if length > limit {
                return None;
            }
            let mut next: Vec<NodeId> = self
                .inner
                .neighbors_directed(id.petgraph(), Direction::Outgoing)
                .map(NodeId::from)
                .collect();
            next.sort_unstable();
            for dependency in next {
                if dependency == start {
                    let mut path = vec![id];
                    while path[path.len() - 1] != start {
                        path.push(reached[&path[path.len() - 1]].0);
                    }
                    path.reverse();
                    return Some(path);
                }
                if group.contains(&dependency) && !reached.contains_key(&dependency) {
                    reached.insert(dependency, (id, length + 1));
                    queue.push_back(dependency);
                }
            }
        }
        None
    }
}
