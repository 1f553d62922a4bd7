//! Differences as a tree, ready to be rendered.

use plans::Action;
use std::collections::BTreeMap;
use std::sync::Arc;

/// One value and what becomes of it.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    /// Create, delete, update or nothing.
    pub(crate) action: Action,
    /// It needs a new object.
    pub(crate) replace: bool,
    /// What it is.
    pub(crate) kind: Kind,
}

/// The forms of a difference.
#[derive(Clone, Debug)]
pub(crate) enum Kind {
    /// Numbers, bools and nulls as text.
    Plain(Option<String>, Option<String>),
    /// Strings; `None` = null or not there.
    Text(Option<Arc<str>>, Option<Arc<str>>),
    /// Hidden.
    Sensitive,
    /// Not known yet, and what it was.
    Unknown(Option<Box<Node>>),
    /// Something of another type.
    Other(Box<Node>, Box<Node>),
    /// Elements in order; `context` = unchanged neighbours of changes are shown.
    Seq { items: Vec<Node>, context: bool },
    /// Attributes by name.
    Object(BTreeMap<Arc<str>, Node>),
    /// Values by key.
    Map(BTreeMap<Arc<str>, Node>),
    /// A block: attributes, and nested blocks by type.
    Block {
        attributes: BTreeMap<Arc<str>, Node>,
        blocks: Vec<(Arc<str>, Vec<NestedBlock>)>,
    },
}

/// A nested block.
#[derive(Clone, Debug)]
pub(crate) struct NestedBlock {
    /// Its label, of blocks in a map.
    pub(crate) key: Option<Arc<str>>,
    /// What is in it.
    pub(crate) node: Node,
    /// It is or was sensitive as a whole.
    pub(crate) hidden: bool,
}

impl Node {
    pub(crate) const fn new(action: Action, kind: Kind) -> Self {
        Self {
            action,
            replace: false,
            kind,
        }
    }

    pub(crate) const fn replacing(mut self, replace: bool) -> Self {
        self.replace = replace;
        self
    }
}

/// What becomes of something whose parts these are.
pub(crate) fn combine(start: Action, parts: impl IntoIterator<Item = Action>) -> Action {
    parts.into_iter().fold(
        start,
        |whole, part| if whole == part { whole } else { Action::Update },
    )
}
