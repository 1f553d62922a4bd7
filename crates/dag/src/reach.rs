//! What a node needs, and what needs it: the basis of targeting.

use crate::{Graph, NodeId};
use petgraph::Direction;
use std::collections::BTreeSet;

impl<N> Graph<N> {
    /// Everything that `from` depends on, directly or not, without `from` itself (unless other nodes
    /// of `from` or a cycle lead to it).
    pub fn all_dependencies(&self, from: impl IntoIterator<Item = NodeId>) -> BTreeSet<NodeId> {
        self.reach(from, Direction::Outgoing)
    }

    /// Everything that depends on `to`, directly or not, without `to` itself (unless other nodes of
    /// `to` or a cycle lead to it).
    pub fn all_dependents(&self, to: impl IntoIterator<Item = NodeId>) -> BTreeSet<NodeId> {
        self.reach(to, Direction::Incoming)
    }

    fn reach(
        &self,
        start: impl IntoIterator<Item = NodeId>,
        direction: Direction,
    ) -> BTreeSet<NodeId> {
        let mut found = BTreeSet::new();
        let mut stack: Vec<NodeId> = start.into_iter().collect();
        while let Some(id) = stack.pop() {
            for next in self
                .inner
                .neighbors_directed(id.petgraph(), direction)
                .map(NodeId::from)
            {
                if found.insert(next) {
                    stack.push(next);
                }
            }
        }
        found
    }
}
