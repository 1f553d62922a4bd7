//! Bodies: attributes and blocks, read through a schema.

use crate::Expr;
use crate::suggest::did_you_mean;
use diags::{Diagnostic, Diagnostics, SourceRange};
use std::sync::Arc;

/// A body in either syntax. Cheap to clone.
#[derive(Clone, Debug)]
pub enum Body {
    /// Native syntax, or JSON read as such.
    Native(Arc<NativeBody>),
}

impl Body {
    /// A body with nothing in it, of which whatever is missing is reported at `range`.
    pub fn empty(range: SourceRange) -> Self {
        Self::Native(Arc::new(NativeBody {
            attributes: Vec::new(),
            blocks: Vec::new(),
            missing_range: range.clone(),
            end_range: range.clone(),
            range,
            taken: Vec::new(),
            syntax: Syntax::Native,
        }))
    }

    /// Whether there is no attribute and no block that was not taken before.
    pub fn is_empty(&self) -> bool {
        let Self::Native(body) = self;
        body.attributes.iter().all(|a| body.taken.contains(&a.name))
            && body.blocks.iter().all(|b| body.taken.contains(&b.kind))
    }

    /// What the body contains of the schema; anything else is an error.
    pub fn content(&self, schema: &BodySchema) -> (Content, Diagnostics) {
        let Self::Native(body) = self;
        if body.syntax == Syntax::Json {
            return crate::json::read_content(body, schema, true);
        }
        let (content, mut diags) = body.read(schema);
        body.report_unexpected(schema, &mut diags);
        (content, diags)
    }

    /// What the body contains of the schema, and the rest as a body.
    pub fn partial_content(&self, schema: &BodySchema) -> (Content, Self, Diagnostics) {
        let Self::Native(body) = self;
        let (content, diags) = match body.syntax {
            Syntax::Native => body.read(schema),
            Syntax::Json => crate::json::read_content(body, schema, false),
        };
        (content, Self::Native(Arc::new(body.without(schema))), diags)
    }

    /// All attributes; blocks are errors.
    pub fn just_attributes(&self) -> (Vec<Attribute>, Diagnostics) {
        let Self::Native(body) = self;
        if body.syntax == Syntax::Json {
            return crate::json::read_attributes(body);
        }
        let mut diags = Diagnostics::new();
        if let Some(block) = body.blocks.first() {
            diags.push(
                Diagnostic::error(
                    format!("Unexpected \"{}\" block", block.kind),
                    "Blocks are not allowed here. Only arguments, such as name = value, are.",
                )
                .at(block.kind_range.clone())
                .within(block.def_range.clone()),
            );
        }
        (body.attributes.clone(), diags)
    }

    /// Where something missing is reported.
    pub fn missing_range(&self) -> &SourceRange {
        let Self::Native(body) = self;
        &body.missing_range
    }
}

/// A body's parts.
#[derive(Debug)]
pub struct NativeBody {
    /// Attributes in source order; names are unique.
    pub attributes: Vec<Attribute>,
    /// Blocks in source order.
    pub blocks: Vec<Block>,
    /// Where the body stands (between the braces).
    pub range: SourceRange,
    /// Where something missing is reported: the opening brace, or the start of the file.
    pub missing_range: SourceRange,
    /// Where the body ends: the closing brace, or the end of the file.
    pub end_range: SourceRange,
    /// Names of attributes and blocks that an earlier partial read has taken.
    pub taken: Vec<Arc<str>>,
    /// How it was written.
    pub syntax: Syntax,
}

/// How a body was written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Syntax {
    /// Native syntax.
    #[default]
    Native,
    /// JSON: all that is in the body stands in its attributes, and a schema says which are blocks.
    Json,
}

impl NativeBody {
    fn read(&self, schema: &BodySchema) -> (Content, Diagnostics) {
        let mut diags = Diagnostics::new();
        let attributes: Vec<Attribute> = self
            .attributes
            .iter()
            .filter(|a| schema.attribute(&a.name).is_some())
            .cloned()
            .collect();
        for attribute in schema.attributes.iter().filter(|a| a.required) {
            if !attributes.iter().any(|a| a.name == attribute.name) {
                diags.push(
                    Diagnostic::error(
                        "Missing required argument",
                        format!(
                            "The argument \"{}\" is required, but no definition was found.",
                            attribute.name
                        ),
                    )
                    .at(self.missing_range.clone()),
                );
            }
        }
        let mut blocks = Vec::new();
        for block in &self.blocks {
            if let Some(block_schema) = schema.block(&block.kind) {
                match block.check_labels(&block_schema.labels) {
                    None => blocks.push(block.clone()),
                    Some(diagnostic) => diags.push(diagnostic),
                }
            }
        }
        (
            Content {
                attributes,
                blocks,
                missing_range: self.missing_range.clone(),
            },
            diags,
        )
    }

    /// The body without what the schema names.
    fn without(&self, schema: &BodySchema) -> Self {
        let names = schema
            .attributes
            .iter()
            .map(|a| &a.name)
            .chain(schema.blocks.iter().map(|b| &b.kind));
        Self {
            attributes: self
                .attributes
                .iter()
                .filter(|a| schema.attribute(&a.name).is_none())
                .filter(|a| self.syntax == Syntax::Native || schema.block(&a.name).is_none())
                .cloned()
                .collect(),
            blocks: self
                .blocks
                .iter()
                .filter(|b| schema.block(&b.kind).is_none())
                .cloned()
                .collect(),
            range: self.range.clone(),
            missing_range: self.missing_range.clone(),
            end_range: self.end_range.clone(),
            taken: self.taken.iter().chain(names).cloned().collect(),
            syntax: self.syntax,
        }
    }

    fn report_unexpected(&self, schema: &BodySchema, diags: &mut Diagnostics) {
        for attribute in self
            .attributes
            .iter()
            .filter(|a| schema.attribute(&a.name).is_none())
        {
            let name = &attribute.name;
            let hint = match schema.block(name) {
                Some(_) => format!(" Did you mean to define a block of type \"{name}\"?"),
                None => did_you_mean(name, schema.attributes.iter().map(|a| &*a.name)),
            };
            diags.push(
                Diagnostic::error(
                    "Unsupported argument",
                    format!("An argument named \"{name}\" is not expected here.{hint}"),
                )
                .at(attribute.name_range.clone())
                .within(attribute.range.clone()),
            );
        }
        for block in self
            .blocks
            .iter()
            .filter(|b| schema.block(&b.kind).is_none())
        {
            let kind = &block.kind;
            let hint = match schema.attribute(kind) {
                Some(_) => format!(
                    " Did you mean to define argument \"{kind}\"? If so, use the equals sign to assign it a value."
                ),
                None => did_you_mean(kind, schema.blocks.iter().map(|b| &*b.kind)),
            };
            diags.push(
                Diagnostic::error(
                    "Unsupported block type",
                    format!("Blocks of type \"{kind}\" are not expected here.{hint}"),
                )
                .at(block.kind_range.clone())
                .within(block.def_range.clone()),
            );
        }
    }
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

impl Block {
    /// What is wrong with the labels, if the schema has other ones.
    fn check_labels(&self, names: &[Arc<str>]) -> Option<Diagnostic> {
        let kind = &self.kind;
        let plural = if names.len() == 1 { "" } else { "s" };
        let listed = || names.iter().map(|n| &**n).collect::<Vec<_>>().join(", ");
        if let Some(extra) = self.labels.get(names.len()) {
            let detail = match names.len() {
                0 => format!("No labels are expected for {kind} blocks."),
                n => format!(
                    "Only {n} label{plural} ({}) {} expected for {kind} blocks.",
                    listed(),
                    is_or_are(n)
                ),
            };
            return Some(
                Diagnostic::error(format!("Extraneous label for {kind}"), detail)
                    .at(extra.range.clone())
                    .within(self.def_range.clone()),
            );
        }
        let missing = names.get(self.labels.len())?;
        let Body::Native(body) = &self.body;
        let n = names.len();
        Some(
            Diagnostic::error(
                format!("Missing {missing} for {kind}"),
                format!(
                    "All {kind} blocks must have {n} label{plural} ({}).",
                    listed()
                ),
            )
            .at(body.missing_range.clone())
            .within(self.def_range.to(&body.missing_range)),
        )
    }
}

const fn is_or_are(n: usize) -> &'static str {
    if n == 1 { "is" } else { "are" }
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

impl BodySchema {
    /// The attribute of that name.
    pub fn attribute(&self, name: &str) -> Option<&AttributeSchema> {
        self.attributes.iter().find(|a| &*a.name == name)
    }

    /// The block of that type.
    pub fn block(&self, kind: &str) -> Option<&BlockSchema> {
        self.blocks.iter().find(|b| &*b.kind == kind)
    }
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

#[cfg(test)]
mod tests;
