//! The order in which to work.

use crate::{CycleError, Graph, NodeId};
use petgraph::Direction;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

impl<N> Graph<N> {
    /// All nodes, each after everything it depends on; among nodes that are ready at the same time
    /// the one added first comes first.
    ///
    /// # Errors
    /// All cycles, when there are any.
    pub fn topological_order(&self) -> Result<Vec<NodeId>, CycleError> {
        let mut missing: Vec<usize> = vec![0; self.len()];
        for (from, _) in self.edges() {
            missing[from.index()] += 1;
        }
        let mut ready: BinaryHeap<Reverse<NodeId>> = self
            .ids()
            .filter(|id| missing[id.index()] == 0)
            .map(Reverse)
            .collect();
        let mut order = Vec::with_capacity(self.len());
        while let Some(Reverse(id)) = ready.pop() {
            order.push(id);
            for dependent in self
                .inner
                .neighbors_directed(id.petgraph(), Direction::Incoming)
            {
                let left = &mut missing[dependent.index()];
                *left -= 1;
                if *left == 0 {
                    ready.push(Reverse(dependent.into()));
                }
            }
        }
        if order.len() == self.len() {
            Ok(order)
        } else {
            Err(CycleError {
                cycles: self.cycles(),
            })
        }
    }
}
