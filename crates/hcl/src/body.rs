//! Bodies: attributes and blocks, read through a schema.

use crate::Expr;
use diags::SourceRange;
use std::sync::Arc;

/// A body in either syntax. Cheap to clone.
#[derive(Clone, Debug)]
pub enum Body {
    /// Native syntax.
    Native(Arc<NativeBody>),
}

/// A body in native syntax.
#[derive(Debug)]
pub struct NativeBody {
    /// Attributes in source order; names are unique.
    pub attributes: Vec<Attribute>,
    /// Blocks in source order.
    pub blocks: Vec<Block>,
    /// Where the body stands (between the braces).
    pub range: SourceRange,
    /// Where something missing is reported: the closing brace, or the end of the file.
    pub end_range: SourceRange,
    /// Names of attributes and blocks that an earlier partial read has taken.
    pub taken: Vec<Arc<str>>,
}

/// `name = expr`.
#[derive(Clone, Debug)]
pub struct Attribute {
    /// The name.
    pub name: Arc<str>,
    /// Where the name stands.
    pub name_range: SourceRange,
    /// The expression.
    pub expr: Expr,
    /// Where the whole attribute stands.
    pub range: SourceRange,
}

/// `kind "label" { … }`.
#[derive(Clone, Debug)]
pub struct Block {
    /// The block type.
    pub kind: Arc<str>,
    /// Where the block type stands.
    pub kind_range: SourceRange,
    /// The labels.
    pub labels: Vec<Label>,
    /// What is inside.
    pub body: Body,
    /// Where the header stands (type and labels): what diagnostics point at.
    pub def_range: SourceRange,
}

/// A block label.
#[derive(Clone, Debug)]
pub struct Label {
    /// The text, unquoted.
    pub value: Arc<str>,
    /// Where it stands.
    pub range: SourceRange,
}

/// What a body may contain.
#[derive(Clone, Debug, Default)]
pub struct BodySchema {
    /// The attributes.
    pub attributes: Vec<AttributeSchema>,
    /// The block types.
    pub blocks: Vec<BlockSchema>,
}

/// An attribute that a body may contain.
#[derive(Clone, Debug)]
pub struct AttributeSchema {
    /// The name.
    pub name: Arc<str>,
    /// Whether it must be there.
    pub required: bool,
}

/// A block type that a body may contain.
#[derive(Clone, Debug)]
pub struct BlockSchema {
    /// The block type.
    pub kind: Arc<str>,
    /// What its labels are called, in order.
    pub labels: Vec<Arc<str>>,
}

/// What a body contains of a schema.
#[derive(Clone, Debug)]
pub struct Content {
    /// Attributes in source order.
    pub attributes: Vec<Attribute>,
    /// Blocks in source order.
    pub blocks: Vec<Block>,
    /// Where something missing is reported.
    pub missing_range: SourceRange,
}

impl Content {
    /// The attribute of that name.
    pub fn attribute(&self, name: &str) -> Option<&Attribute> {
        self.attributes.iter().find(|a| &*a.name == name)
    }

    /// The blocks of that type, in source order.
    pub fn blocks_of<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a Block> {
        self.blocks.iter().filter(move |b| &*b.kind == kind)
    }
}

// To come in this file (owner: hcl):
// impl Body {
//   pub fn content(&self, schema: &BodySchema) -> (Content, Diagnostics)            // anything else is "Unsupported argument/block type"
//   pub fn partial_content(&self, schema: &BodySchema) -> (Content, Body, Diagnostics) // the rest comes back as a body
//   pub fn just_attributes(&self) -> (Vec<Attribute>, Diagnostics)                  // blocks are errors
//   pub fn missing_range(&self) -> &SourceRange
// }
