//! A configuration made ready for evaluation: numbered modules, and the graph of what needs what.

use addrs::ConfigResource;
use configs::Config;
use dag::{Graph, NodeId};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A module of the configuration, by number; 0 is the root.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ModuleId(pub u32);

/// Something in a module that has a value or makes instances. Indices count the module's
/// declarations in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Node {
    /// An input variable.
    Variable(ModuleId, u32),
    /// A local value.
    Local(ModuleId, u32),
    /// An output value.
    Output(ModuleId, u32),
    /// A resource block: its expansion and its instances.
    Resource(ModuleId, u32),
    /// A module call: its expansion.
    Call(ModuleId, u32),
    /// Everything inside a called module is done.
    CallDone(ModuleId, u32),
    /// A provider block.
    Provider(ModuleId, u32),
}

/// A module of the configuration.
pub struct ModuleDef<'c> {
    /// Where it is.
    pub path: addrs::Module,
    /// What it declares.
    pub module: &'c configs::Module,
    /// Who calls it: the module, and which call.
    pub parent: Option<(ModuleId, u32)>,
    /// The modules it calls, in the order of its calls; `None` where the call could not be loaded.
    pub children: Vec<Option<ModuleId>>,
}

/// A configuration made ready for evaluation.
pub struct Program<'c> {
    /// The configuration.
    pub config: &'c Config,
    /// The modules, callers before the called.
    pub modules: Vec<ModuleDef<'c>>,
    /// Who needs whom: an edge leads from a node to what it needs.
    pub graph: Graph<Node>,
    /// Where each node is in the graph.
    pub nodes: BTreeMap<Node, NodeId>,
    /// Edges that there are only because something is imported.
    pub(crate) import_edges: BTreeSet<(NodeId, NodeId)>,
    paths: BTreeMap<addrs::Module, ModuleId>,
}

impl<'c> Program<'c> {
    /// Numbers the modules of a configuration; the graph is still empty.
    pub(crate) fn number(config: &'c Config) -> Self {
        let mut modules: Vec<ModuleDef<'c>> = Vec::new();
        let mut queue = vec![(config, None)];
        while let Some((config, parent)) = queue.pop() {
            let id = ModuleId(modules.len() as u32);
            if let Some((ModuleId(parent), call)) = parent {
                modules[parent as usize].children[call as usize] = Some(id);
            }
            modules.push(ModuleDef {
                path: config.path.clone(),
                module: &config.module,
                parent,
                children: vec![None; config.module.calls.len()],
            });
            for (i, name) in config.module.calls.keys().enumerate().rev() {
                if let Some(child) = config.children.get(name) {
                    queue.push((child, Some((id, i as u32))));
                }
            }
        }
        let paths = (0u32..)
            .zip(&modules)
            .map(|(i, m)| (m.path.clone(), ModuleId(i)))
            .collect();
        Self {
            config,
            modules,
            graph: Graph::new(),
            nodes: BTreeMap::new(),
            import_edges: BTreeSet::new(),
            paths,
        }
    }

    /// Everything that a node needs by what it is, directly or not. What an object is imported by does not
    /// count: that is no concern of the object.
    pub fn all_needed(&self, node: NodeId) -> BTreeSet<NodeId> {
        if self.import_edges.is_empty() {
            return self.graph.all_dependencies([node]);
        }
        let mut found = BTreeSet::new();
        let mut stack = vec![node];
        while let Some(at) = stack.pop() {
            for next in self.graph.dependencies(at) {
                if !self.import_edges.contains(&(at, next)) && found.insert(next) {
                    stack.push(next);
                }
            }
        }
        found
    }

    /// A module by number.
    pub fn module(&self, id: ModuleId) -> &ModuleDef<'c> {
        &self.modules[id.0 as usize]
    }

    /// The module at a path.
    pub fn module_at(&self, path: &addrs::Module) -> Option<ModuleId> {
        self.paths.get(path).copied()
    }

    /// The resource block of a node.
    pub fn resource(&self, module: ModuleId, index: u32) -> &'c configs::Resource {
        &self.module(module).module.resources[index as usize]
    }

    /// The block of a resource at an address.
    pub fn find_resource(&self, addr: &ConfigResource) -> Option<(ModuleId, u32)> {
        let module = self.module_at(&addr.module)?;
        let index = self
            .module(module)
            .module
            .resources
            .get_index_of(&addr.resource)?;
        Some((module, index as u32))
    }

    /// The address of a resource node.
    pub fn config_resource(&self, module: ModuleId, index: u32) -> ConfigResource {
        ConfigResource {
            module: self.module(module).path.clone(),
            resource: self.resource(module, index).addr.clone(),
        }
    }

    /// The node's name, for people.
    pub fn name(&self, node: Node) -> String {
        let (module, local) = match node {
            Node::Variable(m, i) => (
                m,
                format!(
                    "var.{}",
                    self.key(m, |x| x.variables.get_index(i as usize).map(|e| e.0))
                ),
            ),
            Node::Local(m, i) => (
                m,
                format!(
                    "local.{}",
                    self.key(m, |x| x.locals.get_index(i as usize).map(|e| e.0))
                ),
            ),
            Node::Output(m, i) => (
                m,
                format!(
                    "output.{}",
                    self.key(m, |x| x.outputs.get_index(i as usize).map(|e| e.0))
                ),
            ),
            Node::Resource(m, i) => (m, self.resource(m, i).addr.to_string()),
            Node::Call(m, i) => (
                m,
                format!(
                    "module.{}",
                    self.key(m, |x| x.calls.get_index(i as usize).map(|e| e.0))
                ),
            ),
            Node::CallDone(m, i) => (
                m,
                format!(
                    "module.{} (close)",
                    self.key(m, |x| x.calls.get_index(i as usize).map(|e| e.0))
                ),
            ),
            Node::Provider(m, i) => {
                let (name, _) = self
                    .module(m)
                    .module
                    .providers
                    .get_index(i as usize)
                    .expect("a numbered provider");
                (m, format!("provider.{name}"))
            }
        };
        let path = &self.module(module).path;
        if path.is_root() {
            local
        } else {
            format!("{path}.{local}")
        }
    }

    fn key(
        &self,
        id: ModuleId,
        pick: impl Fn(&'c configs::Module) -> Option<&'c Arc<str>>,
    ) -> &'c str {
        pick(self.module(id).module).map_or("?", |name| name)
    }
}
