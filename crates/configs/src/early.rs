//! What must be known before anything is planned: where modules come from, where the state is.
//!
//! Expressions of such arguments may refer to variables and locals that are made from nothing but
//! variables, locals, functions, `path` and `terraform.workspace`. Everything else is dynamic, and an error
//! that tells through what it was reached.

mod settle;
mod statics;
#[cfg(test)]
mod tests;

pub use settle::EarlySource;
pub use statics::Statics;

pub(crate) use settle::{changed, is_early, settle_backend};

use crate::{Module, Version, VersionConstraints};
use cty::Value;
use diags::Diagnostics;
use hcl::{Functions, NoFunctions};
use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

/// Values of root variables by name.
pub type Given = BTreeMap<Arc<str>, Value>;

/// Finds the values given to the variables of a root module.
pub type FindGiven = dyn Fn(&Module) -> (Given, Diagnostics);

/// What early evaluation knows beyond the configuration.
pub struct Early {
    /// Finds the values given to the variables of the root module. It is asked when the first one is needed.
    pub given: Box<FindGiven>,
    /// The functions that can be called.
    pub functions: Rc<dyn Functions>,
    /// The workspace.
    pub workspace: Arc<str>,
    /// The working directory (`path.cwd`).
    pub cwd: Arc<str>,
    /// Whether a source that was installed, as the manifest has it, is the one that is called.
    pub same_source: fn(&str, &str) -> bool,
    found: OnceCell<Given>,
}

impl Default for Early {
    fn default() -> Self {
        Self::new(|_| (Given::new(), Diagnostics::new()), Rc::new(NoFunctions))
    }
}

impl Early {
    /// The `default` workspace in the current directory.
    pub fn new(
        given: impl Fn(&Module) -> (Given, Diagnostics) + 'static,
        functions: Rc<dyn Functions>,
    ) -> Self {
        Self {
            given: Box::new(given),
            functions,
            workspace: "default".into(),
            cwd: ".".into(),
            same_source: |a, b| a == b,
            found: OnceCell::new(),
        }
    }

    /// The value given to a root variable. What is wrong with the values is told the first time.
    fn given(&self, root: &Module, name: &str) -> Result<Option<Value>, Diagnostics> {
        let found = match self.found.get() {
            Some(found) => found,
            None => {
                let (values, problems) = (self.given)(root);
                let found = self.found.get_or_init(|| values);
                if problems.has_errors() {
                    return Err(problems);
                }
                found
            }
        };
        Ok(found.get(name).cloned())
    }
}

/// Whether a version that was installed is one that is asked for.
pub(crate) fn allows(constraint: &str, installed: &str) -> bool {
    match (
        VersionConstraints::parse(constraint),
        Version::parse(installed),
    ) {
        (Some(constraints), Some(version)) => constraints.allow(&version),
        _ => true,
    }
}
