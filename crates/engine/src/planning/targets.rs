//! `-target` and `-exclude`: what is left in.

use super::excludes::Excluded;
use super::planner::Planner;
use crate::PlanOptions;
use addrs::{AbsResourceInstance, Target};
use dag::NodeId;
use diags::{Diagnostic, Diagnostics};
use lang::{Node, Program};
use plans::Plan;
use states::State;
use std::collections::BTreeSet;

/// What is left in when not everything is.
pub(crate) struct Included {
    /// The nodes that are visited: what was asked for and all that it needs.
    pub(crate) nodes: BTreeSet<NodeId>,
    chosen: Chosen,
}

/// How instances were chosen.
enum Chosen {
    /// By what to plan; the nodes are needed as a whole, whatever instances were asked for.
    Targets(Vec<Target>, BTreeSet<NodeId>),
    /// By what to leave out.
    Excludes(Excluded),
}

impl Included {
    /// `None` when neither targets nor excludes were given.
    pub(crate) fn new(
        program: &Program<'_>,
        mode: plans::Mode,
        (targets, excludes): (&[Target], &[Target]),
        state: &State,
    ) -> Option<Self> {
        if !excludes.is_empty() {
            let excluded = Excluded::new(program, mode, excludes, state);
            return Some(Self {
                nodes: excluded.left_in(program, mode),
                chosen: Chosen::Excludes(excluded),
            });
        }
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
            let chosen = Chosen::Targets(targets, whole);
            return Some(Self { nodes, chosen });
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
        let chosen = Chosen::Targets(targets, whole);
        Some(Self { nodes, chosen })
    }

    /// Whether an instance of the block at `node` is left in.
    pub(crate) fn contains(&self, node: Option<NodeId>, addr: &AbsResourceInstance) -> bool {
        let whole = match &self.chosen {
            Chosen::Targets(_, whole) => node.is_some_and(|id| whole.contains(&id)),
            Chosen::Excludes(_) => false,
        };
        whole || self.contains_unclaimed(addr)
    }

    /// Whether an instance that no block asks for is left in.
    pub(crate) fn contains_unclaimed(&self, addr: &AbsResourceInstance) -> bool {
        match &self.chosen {
            Chosen::Targets(targets, _) => targets.iter().any(|t| t.contains(addr)),
            Chosen::Excludes(excluded) => !excluded.contains(addr),
        }
    }
}

impl Planner<'_> {
    /// A plan with targets is not the whole plan.
    pub(crate) fn warn_of_targets(&self) {
        self.report(partial(&self.round.options));
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

/// A plan with targets or excludes is not the whole plan.
pub(crate) fn partial(options: &PlanOptions) -> Diagnostics {
    let option = match (options.targets.is_empty(), options.excludes.is_empty()) {
        (true, true) => return Diagnostics::new(),
        (false, _) => "-target",
        (true, false) => "-exclude",
    };
    Diagnostic::warning(
        "Resource targeting is in effect",
        format!(
            "You are creating a plan with the {option} option, which means that the result of this plan may not represent all \
             of the changes requested by the current configuration.\n\nThe {option} option is not for routine use, and is \
             provided only for exceptional situations such as recovering from errors or mistakes."
        ),
    )
    .into()
}

/// Whether a plan was made with targets or excludes.
pub(crate) fn is_partial(plan: &Plan) -> bool {
    !plan.targets.is_empty() || !plan.excludes.is_empty()
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

/// Said after applying a plan with targets or excludes.
pub(crate) fn incomplete(plan: &Plan) -> Diagnostic {
    let option = if plan.targets.is_empty() {
        "-exclude"
    } else {
        "-target"
    };
    Diagnostic::warning(
        "Applied changes may be incomplete",
        format!(
            "The plan was created with the {option} option in effect, so some changes requested in the configuration may have been \
             ignored and the output values may not be fully updated. Run plan to verify that no other changes are pending."
        ),
    )
}
