//! A scope of fixed values.

use crate::suggest::did_you_mean;
use crate::{Env, Function, Functions, Resolved, Scope, Traversal};
use cty::Value;
use diags::{Diagnostic, Diagnostics};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Names with fixed values, and functions: for simple evaluations and tests.
#[derive(Default)]
pub struct MapScope {
    values: BTreeMap<Arc<str>, Value>,
    functions: Option<Arc<dyn Functions + Send + Sync>>,
}

impl MapScope {
    /// A scope with these names and no functions.
    pub fn new<N: Into<Arc<str>>>(values: impl IntoIterator<Item = (N, Value)>) -> Self {
        Self {
            values: values
                .into_iter()
                .map(|(name, value)| (name.into(), value))
                .collect(),
            functions: None,
        }
    }

    /// The same scope with these functions.
    #[must_use]
    pub fn with_functions(mut self, functions: Arc<dyn Functions + Send + Sync>) -> Self {
        self.functions = Some(functions);
        self
    }
}

impl Scope for MapScope {
    fn resolve(&self, traversal: &Traversal, _env: &Env<'_>) -> Result<Resolved, Diagnostics> {
        let name = &*traversal.root;
        match self.values.get(name) {
            Some(value) => Ok(Resolved {
                value: value.clone(),
                consumed: 0,
            }),
            None => {
                let hint = did_you_mean(name, self.values.keys().map(|n| &**n));
                let detail = format!("There is no variable named \"{name}\".{hint}");
                Err(Diagnostic::error("Unknown variable", detail)
                    .at(traversal.root_range.clone())
                    .into())
            }
        }
    }

    fn functions(&self) -> &dyn Functions {
        match &self.functions {
            Some(functions) => &**functions,
            None => &NoFunctions,
        }
    }
}

/// No functions at all.
#[derive(Clone, Copy, Debug)]
pub struct NoFunctions;

impl Functions for NoFunctions {
    fn get(&self, _name: &str) -> Option<&Function> {
        None
    }

    fn names(&self) -> Vec<Arc<str>> {
        Vec::new()
    }
}
