//! `-target`: what is left in.

use super::planner::Planner;
use addrs::{AbsResourceInstance, Target};
use dag::NodeId;
use diags::Diagnostic;
use lang::{Node, Program};
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
    pub(crate) fn new(
        program: &Program<'_>,
        mode: plans::Mode,
        targets: &[Target],
    ) -> Option<Self> {
        if targets.is_empty() {
            return None;
        }
        let targets = targets.to_vec();
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
        // What is destroyed takes along what depends on it.
        if mode == plans::Mode::Destroy {
            let mut going: BTreeSet<NodeId> = program.graph.all_dependents(named.iter().copied());
            going.extend(&named);
            let whole = going
                .iter()
                .filter(|n| !named.contains(n))
                .copied()
                .collect();
            // What they depend on is looked at, as it would be without targets, but stays.
            let mut nodes = program.graph.all_dependencies(going.iter().copied());
            nodes.extend(going);
            return Some(Self {
                nodes,
                whole,
                targets,
            });
        }
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
        // An output of the root module is left in when all that it is made from is.
        for (node, id) in &program.nodes {
            if matches!(node, Node::Output(lang::ModuleId(0), _)) {
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

impl Planner<'_> {
    /// A plan with targets is not the whole plan.
    pub(crate) fn warn_of_targets(&self) {
        if !self.round.options.targets.is_empty() {
            self.report([partial()]);
        }
        let planned = self.by_addr.borrow();
        for addr in &self.round.options.force_replace {
            let of_block = planned
                .keys()
                .filter(|a| a.abs_resource() == addr.abs_resource())
                .count();
            if of_block > 0 && !planned.contains_key(addr) {
                self.report([unmatched_replace(addr, of_block)]);
            }
        }
    }
}

/// A plan with targets is not the whole plan.
pub(crate) fn partial() -> Diagnostic {
    Diagnostic::warning(
        "Resource targeting is in effect",
        "You are creating a plan with the -target option, which means that the result of this plan may not represent all \
         of the changes requested by the current configuration.\n\nThe -target option is not for routine use, and is \
         provided only for exceptional situations such as recovering from errors or mistakes.",
    )
}

/// `-replace` names an instance that there is not.
fn unmatched_replace(addr: &AbsResourceInstance, of_block: usize) -> Diagnostic {
    Diagnostic::warning(
        "Incompletely-matched force-replace resource instance",
        format!(
            "The address {addr} is of a resource with {of_block} instances, but names none of them: give the key of one."
        ),
    )
}

/// Said after applying a plan with targets.
pub(crate) fn incomplete() -> Diagnostic {
    Diagnostic::warning(
        "Applied changes may be incomplete",
        "The plan was created with the -target option in effect, so some changes requested in the configuration may have been \
         ignored and the output values may not be fully updated. Run plan to verify that no other changes are pending.",
    )
}
