//! Transitive reduction: only the edges that say something new.

use crate::{CycleError, Graph, NodeId};
use petgraph::Direction;
use std::collections::BTreeSet;

impl<N> Graph<N> {
    /// Takes away every edge that follows from the others (`a -> c` beside `a -> b -> c`).
    ///
    /// # Errors
    /// All cycles, when there are any: then there is no single answer, and nothing is changed.
    pub fn reduce(&mut self) -> Result<(), CycleError> {
        let order = self.topological_order()?;
        let mut rank = vec![0usize; self.len()];
        for (i, id) in order.iter().enumerate() {
            rank[id.index()] = i;
        }
        let mut redundant: BTreeSet<(NodeId, NodeId)> = BTreeSet::new();
        // Which node last looked at this one; spares clearing a table for each node.
        let mut seen_by: Vec<Option<NodeId>> = vec![None; self.len()];
        let mut stack: Vec<NodeId> = Vec::new();
        for id in self.ids() {
            let mut dependencies = self.dependencies(id);
            if dependencies.len() < 2 {
                continue;
            }
            // A node can only be reached from one that comes later in the order. So the latest
            // dependency is needed for certain, and no search has to go below the earliest.
            dependencies.sort_unstable_by_key(|d| std::cmp::Reverse(rank[d.index()]));
            let floor = dependencies.last().map_or(0, |d| rank[d.index()]);
            for dependency in dependencies {
                if seen_by[dependency.index()] == Some(id) {
                    redundant.insert((id, dependency));
                    continue;
                }
                seen_by[dependency.index()] = Some(id);
                stack.push(dependency);
                while let Some(at) = stack.pop() {
                    for next in self
                        .inner
                        .neighbors_directed(at.petgraph(), Direction::Outgoing)
                        .map(NodeId::from)
                    {
                        if rank[next.index()] >= floor && seen_by[next.index()] != Some(id) {
                            seen_by[next.index()] = Some(id);
                            stack.push(next);
                        }
                    }
                }
            }
        }
        if !redundant.is_empty() {
            self.retain_edges(|from, to| !redundant.contains(&(from, to)));
        }
        Ok(())
    }
}
