//! The configuration's graph, walked in the order of dependencies.

use super::planner::Planner;
use dag::NodeId;
use futures::FutureExt;
use futures::future::{LocalBoxFuture, ready};
use futures::stream::{FuturesUnordered, StreamExt};
use lang::Node;
use std::collections::{BTreeMap, VecDeque};

impl Planner<'_> {
    /// Visits every node after what it needs; nodes that do not need each other at the same time.
    pub(crate) async fn walk(&self) {
        let graph = &self.round.program.graph;
        let included = |id: &NodeId| {
            self.included
                .as_ref()
                .is_none_or(|set| set.nodes.contains(id))
        };
        let mut waiting: BTreeMap<NodeId, usize> = BTreeMap::new();
        let mut ready = VecDeque::new();
        for id in graph.ids().filter(&included) {
            let needs = graph
                .dependencies(id)
                .iter()
                .filter(|d| included(d))
                .count();
            if needs == 0 {
                ready.push_back(id);
            } else {
                waiting.insert(id, needs);
            }
        }
        self.count_ephemeral_users();
        let mut running = FuturesUnordered::new();
        loop {
            while let Some(id) = ready.pop_front() {
                running.push(self.visit(id));
            }
            let Some(done) = running.next().await else {
                break;
            };
            for dependent in graph.dependents(done) {
                if let Some(left) = waiting.get_mut(&dependent) {
                    *left -= 1;
                    if *left == 0 {
                        waiting.remove(&dependent);
                        ready.push_back(dependent);
                    }
                }
            }
        }
    }

    fn visit(&self, id: NodeId) -> LocalBoxFuture<'_, NodeId> {
        let program = self.round.program;
        let Some(node) = program.graph.get(id).copied() else {
            return ready(id).boxed_local();
        };
        match node {
            Node::Variable(m, i) => {
                for inst in self.evaluator.insts_of(m) {
                    self.evaluator.variable(&inst, i);
                }
            }
            Node::Local(m, i) => {
                for inst in self.evaluator.insts_of(m) {
                    self.evaluator.local(&inst, i);
                }
            }
            Node::Output(m, i) => {
                for inst in self.evaluator.insts_of(m) {
                    self.evaluator.output(&inst, i);
                }
            }
            Node::Call(m, i) => {
                for inst in self.evaluator.insts_of(m) {
                    self.evaluator.expand_call(&inst, i);
                }
            }
            Node::CallDone(..) | Node::Provider(..) => {}
            Node::Resource(m, i) => {
                return async move {
                    self.plan_resource(m, i).await;
                    self.drop_ephemeral_user(id).await;
                    id
                }
                .boxed_local();
            }
        }
        self.report([]);
        ready(id).boxed_local()
    }
}
