//! `-target`: what is left in.

use crate::Round;
use addrs::{AbsResourceInstance, Target};
use dag::NodeId;
use lang::Node;
use std::collections::BTreeSet;

/// What is left in when targets were given.
pub(crate) struct Included {
    /// The nodes that are visited: what was asked for and all that it needs.
    pub(crate) nodes: BTreeSet<NodeId>,
    /// Nodes that are needed as a whole, whatever instances were asked for.
    whole: BTreeSet<NodeId>,
    targets: Vec<Target>,
}

impl Included {
    /// `None` when no targets were given.
    pub(crate) fn new(round: &Round<'_>) -> Option<Self> {
        let targets = round.options.targets.clone();
        if targets.is_empty() {
            return None;
        }
        let program = round.program;
        let named: Vec<NodeId> = program
            .nodes
            .iter()
            .filter(|(node, _)| match **node {
                Node::Resource(m, i) => targets
                    .iter()
                    .any(|t| t.contains_block(&program.config_resource(m, i))),
                _ => false,
            })
            .map(|(_, id)| *id)
            .collect();
        let mut whole: BTreeSet<NodeId> = BTreeSet::new();
        for id in &named {
            whole.extend(
                program
                    .graph
                    .all_dependencies([*id])
                    .into_iter()
                    .filter(|d| d != id),
            );
        }
        let mut nodes: BTreeSet<NodeId> = whole.iter().copied().chain(named).collect();
        // An output is left in when all that it is made from is.
        for (node, id) in &program.nodes {
            if matches!(node, Node::Output(..)) {
                let needs = program.graph.all_dependencies([*id]);
                let mut resources = needs
                    .iter()
                    .filter(|d| {
                        **d != *id && matches!(program.graph.get(**d), Some(Node::Resource(..)))
                    })
                    .peekable();
                if resources.peek().is_some() && resources.all(|d| nodes.contains(d)) {
                    nodes.extend(needs);
                    nodes.insert(*id);
                }
            }
        }
        Some(Self {
            nodes,
            whole,
            targets,
        })
    }

    /// Whether an instance of the block at `node` is left in.
    pub(crate) fn contains(&self, node: Option<NodeId>, addr: &AbsResourceInstance) -> bool {
        node.is_some_and(|id| self.whole.contains(&id)) || self.contains_unclaimed(addr)
    }

    /// Whether an instance that no block asks for is left in.
    pub(crate) fn contains_unclaimed(&self, addr: &AbsResourceInstance) -> bool {
        self.targets.iter().any(|t| t.contains(addr))
    }
}
