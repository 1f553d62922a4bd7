//! `-exclude`: what is left out.

use addrs::{AbsResourceInstance, ConfigResource, Target};
use dag::NodeId;
use lang::{ModuleId, Node, Program};
use states::State;
use std::collections::{BTreeMap, BTreeSet};

/// What is left out when excludes were given.
pub(super) struct Excluded {
    excludes: Vec<Target>,
    /// The nodes of blocks of which no instance is planned.
    out: BTreeSet<NodeId>,
    /// Those blocks, and others that are only known from the state.
    blocks: BTreeSet<ConfigResource>,
}

impl Excluded {
    /// Finds what depends on the excluded, or, when everything is destroyed, what the excluded depend on.
    ///
    /// If only some instances of a block are excluded, everything that depends on the block is left out:
    /// which instances that reads is known only when it is planned. Other blocks that the same addresses
    /// leave in with some of their instances are no exception when destroying, where too much left out does
    /// no harm.
    pub(super) fn new(
        program: &Program<'_>,
        mode: plans::Mode,
        excludes: &[Target],
        state: &State,
    ) -> Self {
        let (mut covered, mut touched) = (BTreeSet::new(), BTreeSet::new());
        for (node, id) in &program.nodes {
            let Node::Resource(m, i) = *node else {
                continue;
            };
            let block = program.config_resource(m, i);
            if excludes.iter().any(|e| e.covers_block(&block)) {
                covered.insert(*id);
            } else if excludes.iter().any(|e| e.contains_block(&block)) {
                touched.insert(*id);
            }
        }
        let graph = &program.graph;
        let both = covered.union(&touched).copied();
        let mut out: BTreeSet<NodeId> = if mode == plans::Mode::Destroy {
            graph.all_dependencies(both)
        } else {
            let of_both = graph.all_dependents(both);
            let of_covered = graph.all_dependents(covered.iter().copied());
            of_both
                .difference(&touched)
                .copied()
                .chain(of_covered)
                .collect()
        };
        out.extend(covered);
        let mut excluded = Self {
            excludes: excludes.to_vec(),
            blocks: out.iter().filter_map(|id| block_at(program, *id)).collect(),
            out,
        };
        if mode == plans::Mode::Destroy {
            excluded.keep_needed(state);
        }
        excluded
    }

    /// Adds what objects that stay were made from.
    fn keep_needed(&mut self, state: &State) {
        let mut needs: BTreeMap<ConfigResource, BTreeSet<&ConfigResource>> = BTreeMap::new();
        let mut waiting: Vec<&ConfigResource> = Vec::new();
        for (addr, _, instance) in state.instances() {
            let objects = instance.current.iter().chain(instance.deposed.values());
            let dependencies = objects.flat_map(|o| o.dependencies.iter());
            if self.contains(&addr) {
                waiting.extend(dependencies);
            } else {
                needs.entry(addr.config()).or_default().extend(dependencies);
            }
        }
        while let Some(block) = waiting.pop() {
            if self.blocks.insert(block.clone()) {
                waiting.extend(needs.remove(block).unwrap_or_default());
            }
        }
    }

    /// Whether an instance is left out.
    pub(super) fn contains(&self, addr: &AbsResourceInstance) -> bool {
        self.excludes.iter().any(|e| e.contains(addr)) || self.blocks.contains(&addr.config())
    }

    /// The nodes that are visited: what is planned, all that it needs, and the root module's outputs that
    /// are made from nothing else.
    pub(super) fn left_in(&self, program: &Program<'_>, mode: plans::Mode) -> BTreeSet<NodeId> {
        let graph = &program.graph;
        if mode == plans::Mode::Destroy {
            return graph.ids().collect();
        }
        let is_resource = |node: &Node| matches!(node, Node::Resource(..));
        let resources = || program.nodes.iter().filter(|(node, _)| is_resource(node));
        let made_from_any = graph.all_dependents(resources().map(|(_, id)| *id));
        let made_from_out = graph.all_dependents(self.out.iter().copied());
        let outputs = program.nodes.iter().filter(|(node, id)| {
            matches!(node, Node::Output(ModuleId(0), _))
                && made_from_any.contains(id)
                && !made_from_out.contains(id)
        });
        let asked: BTreeSet<NodeId> = resources()
            .chain(outputs)
            .map(|(_, id)| *id)
            .filter(|id| !self.out.contains(id))
            .collect();
        let mut nodes = graph.all_dependencies(asked.iter().copied());
        nodes.extend(asked);
        nodes
    }
}

fn block_at(program: &Program<'_>, id: NodeId) -> Option<ConfigResource> {
    match program.graph.get(id) {
        Some(Node::Resource(m, i)) => Some(program.config_resource(*m, *i)),
        _ => None,
    }
}
