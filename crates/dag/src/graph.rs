//! Nodes and edges.

use petgraph::Direction;
use petgraph::graph::{DiGraph, NodeIndex};
use std::collections::BTreeSet;
use std::fmt;

/// A node of a [`Graph`]; numbers count up from 0 in the order of adding.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub(crate) u32);

impl NodeId {
    /// The position of the node in the order of adding, to index a table of one's own.
    pub const fn index(self) -> usize {
        self.0 as usize
    }

    pub(crate) fn petgraph(self) -> NodeIndex {
        NodeIndex::new(self.index())
    }
}

impl From<NodeIndex> for NodeId {
    fn from(index: NodeIndex) -> Self {
        Self(index.index() as u32)
    }
}

impl fmt::Debug for NodeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", self.0)
    }
}

/// A graph whose edges point from a node to what it depends on.
#[derive(Clone, Debug)]
pub struct Graph<N> {
    pub(crate) inner: DiGraph<N, ()>,
    /// The edges again, for a cheap answer to "is it there already": a node can have very many.
    edges: BTreeSet<(NodeId, NodeId)>,
}

impl<N> Default for Graph<N> {
    fn default() -> Self {
        Self::new()
    }
}

impl<N> Graph<N> {
    /// A graph without nodes.
    pub fn new() -> Self {
        Self {
            inner: DiGraph::new(),
            edges: BTreeSet::new(),
        }
    }

    /// Adds a node without edges.
    pub fn add_node(&mut self, node: N) -> NodeId {
        self.inner.add_node(node).into()
    }

    /// States that `from` depends on `to`. Returns whether that is new.
    ///
    /// # Panics
    /// When a node is not of this graph.
    pub fn add_edge(&mut self, from: NodeId, to: NodeId) -> bool {
        let new = self.edges.insert((from, to));
        if new {
            self.inner.add_edge(from.petgraph(), to.petgraph(), ());
        }
        new
    }

    /// Whether `from` depends on `to` directly.
    pub fn has_edge(&self, from: NodeId, to: NodeId) -> bool {
        self.edges.contains(&(from, to))
    }

    /// How many nodes there are.
    pub fn len(&self) -> usize {
        self.inner.node_count()
    }

    /// Whether there is no node.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many edges there are.
    pub fn edge_count(&self) -> usize {
        self.edges.len()
    }

    /// The nodes in the order of adding.
    pub fn ids(&self) -> impl ExactSizeIterator<Item = NodeId> + DoubleEndedIterator + use<N> {
        (0..self.len() as u32).map(NodeId)
    }

    /// The nodes and what they hold, in the order of adding.
    pub fn nodes(&self) -> impl Iterator<Item = (NodeId, &N)> {
        self.ids().zip(self.inner.node_weights())
    }

    /// The edges (dependent, dependency), sorted.
    pub fn edges(&self) -> impl ExactSizeIterator<Item = (NodeId, NodeId)> {
        self.edges.iter().copied()
    }

    /// What a node holds.
    pub fn get(&self, id: NodeId) -> Option<&N> {
        self.inner.node_weight(id.petgraph())
    }

    /// What a node holds, to be changed.
    pub fn get_mut(&mut self, id: NodeId) -> Option<&mut N> {
        self.inner.node_weight_mut(id.petgraph())
    }

    /// What a node depends on directly, in the order of adding.
    pub fn dependencies(&self, id: NodeId) -> Vec<NodeId> {
        self.neighbors(id, Direction::Outgoing)
    }

    /// What depends on a node directly, in the order of adding.
    pub fn dependents(&self, id: NodeId) -> Vec<NodeId> {
        self.neighbors(id, Direction::Incoming)
    }

    fn neighbors(&self, id: NodeId, direction: Direction) -> Vec<NodeId> {
        let mut found: Vec<NodeId> = self
            .inner
            .neighbors_directed(id.petgraph(), direction)
            .map(NodeId::from)
            .collect();
        found.sort_unstable();
        found
    }

    /// Turns every edge round: the graph for destroying what this one creates.
    #[must_use]
    pub fn reverse(mut self) -> Self {
        self.inner.reverse();
        self.edges = self
            .edges
            .into_iter()
            .map(|(from, to)| (to, from))
            .collect();
        self
    }

    /// Keeps the edges that `keep` says yes to.
    pub fn retain_edges(&mut self, mut keep: impl FnMut(NodeId, NodeId) -> bool) {
        self.edges.retain(|&(from, to)| keep(from, to));
        let edges = &self.edges;
        self.inner.retain_edges(|graph, edge| {
            graph
                .edge_endpoints(edge)
                .is_some_and(|(from, to)| edges.contains(&(from.into(), to.into())))
        });
    }

    /// The same graph with other things in its nodes.
    pub fn map<M>(&self, mut f: impl FnMut(NodeId, &N) -> M) -> Graph<M> {
        Graph {
            inner: self.inner.map(|id, node| f(id.into(), node), |_, ()| ()),
            edges: self.edges.clone(),
        }
    }
}

impl<N> std::ops::Index<NodeId> for Graph<N> {
    type Output = N;

    fn index(&self, id: NodeId) -> &N {
        &self.inner[id.petgraph()]
    }
}
