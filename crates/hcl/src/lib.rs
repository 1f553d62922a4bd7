//! The Terraform language's syntax: bodies, expressions, templates, and their evaluation over a
//! [`Scope`].
//!
//! [`parse`] turns text into a [`Body`]; a body is read through a [`BodySchema`], so that native and
//! JSON syntax look the same to everyone above. Expressions are evaluated with [`Expr::evaluate`],
//! which asks a [`Scope`] for whatever the expression refers to and knows nothing of Terraform's
//! objects itself.

mod ast;
mod body;
#[cfg(test)]
mod dump;
mod eval;
mod fmt;
mod function;
mod json;
mod lex;
mod map_scope;
mod parse;
mod refs;
mod scope;
mod suggest;

pub use ast::{
    BinaryOp, ConditionalExpr, Expr, ExprKind, ForExpr, FunctionCall, JsonString, ObjectItem,
    Splat, SplatKind, TemplatePart, Traversal, TraversalStep, UnaryOp,
};
pub use body::{
    Attribute, AttributeSchema, Block, BlockSchema, Body, BodySchema, Content, Label, NativeBody,
    Syntax,
};
pub use eval::Mention;
pub use fmt::format;
pub use function::{ArgumentError, Function, FunctionImpl, OnExprs, OnValues, Parameter};
pub use json::{parse_json, parse_json_values};
pub use lex::is_identifier;
pub use map_scope::{MapScope, NoFunctions};
pub use parse::{parse, parse_expression, parse_template, parse_traversal};
pub use scope::{Env, Functions, Local, Resolved, Scope};
pub use suggest::suggestion;
