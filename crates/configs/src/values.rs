//! Variables, locals and outputs.

use crate::CheckRule;
use cty::{Type, Value};
use diags::SourceRange;
use hcl::Expr;
use std::sync::Arc;

/// A variable's `type`, with the defaults of optional attributes.
#[derive(Clone, Debug, PartialEq)]
pub struct TypeConstraint {
    /// The type; attributes may be optional.
    pub ty: Type,
    /// Defaults, if any attribute has one (see [`crate::TypeDefaults`]).
    pub defaults: Option<Arc<TypeDefaults>>,
}

/// Defaults of optional attributes, anywhere inside a type.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TypeDefaults {
    /// The defaults of this object's attributes.
    pub values: std::collections::BTreeMap<Arc<str>, Value>,
    /// The defaults inside: by attribute name, by tuple index, or "" for every element.
    pub children: std::collections::BTreeMap<Arc<str>, Arc<Self>>,
}

/// `variable "name" { … }`.
#[derive(Clone, Debug)]
pub struct Variable {
    /// The name.
    pub name: Arc<str>,
    /// What it is for.
    pub description: Option<Arc<str>>,
    /// The type; `any` when not written.
    pub constraint: TypeConstraint,
    /// Whether a type was written.
    pub has_type: bool,
    /// The default, converted; `None` = the variable is required.
    pub default: Option<Value>,
    /// `sensitive`
    pub sensitive: bool,
    /// `ephemeral`
    pub ephemeral: bool,
    /// `nullable`
    pub nullable: bool,
    /// `validation` blocks.
    pub validations: Vec<CheckRule>,
    /// Whether `sensitive`, `nullable`, … were written, for the plan's `configuration`.
    pub range: SourceRange,
}

impl Variable {
    /// A variable of which nothing is known but that it may be given a value.
    pub fn undeclared(name: Arc<str>) -> Self {
        Self {
            range: SourceRange::start_of(name.clone()),
            name,
            description: None,
            constraint: TypeConstraint::any(),
            has_type: true,
            default: None,
            sensitive: false,
            ephemeral: false,
            nullable: true,
            validations: Vec::new(),
        }
    }
}

/// An entry of `locals`.
#[derive(Clone, Debug)]
pub struct Local {
    /// The name.
    pub name: Arc<str>,
    /// The value.
    pub expr: Expr,
    /// Where it stands.
    pub range: SourceRange,
}

/// `output "name" { … }`.
#[derive(Clone, Debug)]
pub struct Output {
    /// The name.
    pub name: Arc<str>,
    /// What it is for.
    pub description: Option<Arc<str>>,
    /// The value.
    pub expr: Expr,
    /// `sensitive`
    pub sensitive: bool,
    /// `ephemeral`
    pub ephemeral: bool,
    /// `depends_on`: static traversals.
    pub depends_on: Vec<Expr>,
    /// `precondition` blocks.
    pub preconditions: Vec<CheckRule>,
    /// Where the header stands.
    pub range: SourceRange,
}
