//! What the graph of the configuration says about its resources, before anything is evaluated.

use addrs::ConfigResource;
use lang::{ModuleId, Node, Program};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What the objects of a block depend on.
type Dependencies = Arc<[ConfigResource]>;

/// Facts about resource blocks.
pub(crate) struct Statics<'p> {
    program: &'p Program<'p>,
    create_before_destroy: BTreeSet<(ModuleId, u32)>,
    dependencies: RefCell<BTreeMap<(ModuleId, u32), Dependencies>>,
}

impl<'p> Statics<'p> {
    pub(crate) fn new(program: &'p Program<'p>) -> Self {
        // Whatever a resource that is created before it is destroyed depends on has to be so too.
        let asked = program.nodes.iter().filter(|(node, _)| match **node {
            Node::Resource(m, i) => {
                program.resource(m, i).lifecycle.create_before_destroy == Some(true)
            }
            _ => false,
        });
        let asked: Vec<_> = asked.map(|(_, id)| *id).collect();
        let mut create_before_destroy = BTreeSet::new();
        let spread = program.graph.all_dependencies(asked.iter().copied());
        for id in spread.into_iter().chain(asked) {
            if let Some(Node::Resource(m, i)) = program.graph.get(id) {
                create_before_destroy.insert((*m, *i));
            }
        }
        Self {
            program,
            create_before_destroy,
            dependencies: RefCell::default(),
        }
    }

    /// Whether replacements of a resource are created before the old object is destroyed: because it
    /// says so, or because something that depends on it does.
    pub(crate) fn create_before_destroy(&self, module: ModuleId, index: u32) -> bool {
        self.create_before_destroy.contains(&(module, index))
    }

    /// Every resource that a resource depends on, however indirectly: what its objects remember in the
    /// state. Sorted; computed when first asked.
    pub(crate) fn dependencies(&self, module: ModuleId, index: u32) -> Arc<[ConfigResource]> {
        if let Some(known) = self.dependencies.borrow().get(&(module, index)) {
            return known.clone();
        }
        let all = self
            .program
            .nodes
            .get(&Node::Resource(module, index))
            .map(|id| {
                self.program.all_needed(*id).into_iter().filter_map(|d| {
                    match self.program.graph.get(d) {
                        Some(Node::Resource(m, i)) if (*m, *i) != (module, index) => {
                            Some(self.program.config_resource(*m, *i))
                        }
                        _ => None,
                    }
                })
            });
        let mut all: Vec<ConfigResource> = all.into_iter().flatten().collect();
        all.sort_by_cached_key(ToString::to_string);
        let all: Arc<[ConfigResource]> = all.into();
        self.dependencies
            .borrow_mut()
            .insert((module, index), all.clone());
        all
    }
}
