//! Where an expression's names get their values.

use crate::{Function, Traversal};
use cty::Value;
use diags::Diagnostics;
use std::sync::Arc;

/// What a traversal's beginning stands for.
pub struct Resolved {
    /// The value.
    pub value: Value,
    /// How many steps after the root name belong to it: evaluation goes on with the rest.
    pub consumed: usize,
}

/// The names around an expression.
///
/// A scope sees the whole traversal with unevaluated index keys. So `a.b[count.index].c` can be
/// answered with the one instance that is asked for, without making the whole of `a.b`.
pub trait Scope {
    /// What the traversal's beginning stands for. Index keys are evaluated with `env`.
    fn resolve(&self, traversal: &Traversal, env: &Env<'_>) -> Result<Resolved, Diagnostics>;

    /// The functions that can be called.
    fn functions(&self) -> &dyn Functions;
}

/// The functions that can be called.
pub trait Functions {
    /// A function by its name as written (`max`, `core::max`, `provider::aws::arn_parse`).
    fn get(&self, name: &str) -> Option<&Function>;

    /// All names, for suggestions.
    fn names(&self) -> Vec<Arc<str>>;
}

/// A scope and the temporary names of `for`, `dynamic` and template directives around an expression.
#[derive(Clone, Copy)]
pub struct Env<'a> {
    /// Everything else.
    pub scope: &'a dyn Scope,
    /// The innermost temporary name.
    pub local: Option<&'a Local<'a>>,
}

/// A temporary name.
pub struct Local<'a> {
    /// The name.
    pub name: &'a str,
    /// What it stands for.
    pub value: Value,
    /// The next outer temporary name.
    pub outer: Option<&'a Self>,
}

impl<'a> Env<'a> {
    /// A scope without temporary names.
    pub const fn new(scope: &'a dyn Scope) -> Self {
        Self { scope, local: None }
    }

    /// The temporary value of that name.
    pub fn local(&self, name: &str) -> Option<&'a Value> {
        let mut at = self.local;
        while let Some(local) = at {
            if local.name == name {
                return Some(&local.value);
            }
            at = local.outer;
        }
        None
    }
}
