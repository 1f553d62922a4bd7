//! What evaluation needs to know besides the configuration.

use crate::instances::SlotValue;
use cty::{Type, Value};
use diags::SourceRange;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

/// What for evaluation is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Nothing is known but the configuration: variables and resources are unknown, every block has
    /// one instance.
    Validate,
    /// To find out what would be done.
    Plan,
    /// While it is being done.
    Apply,
}

/// Finds the type of a resource's value.
pub trait Schemas {
    /// The type of an object of a resource block; `None` if the provider has no such type.
    fn object_type(&self, resource: &configs::Resource) -> Option<Type>;
}

/// What evaluation needs to know besides the configuration.
pub struct Settings {
    /// What for.
    pub mode: Mode,
    /// Values given to root variables.
    pub inputs: BTreeMap<Arc<str>, Value>,
    /// Where those values were written, of those that stand in files.
    pub given_at: BTreeMap<Arc<str>, SourceRange>,
    /// The functions.
    pub functions: Rc<dyn hcl::Functions>,
    /// What each module can call, by its number, where that is more.
    pub module_functions: Vec<Rc<dyn hcl::Functions>>,
    /// The current workspace.
    pub workspace: Arc<str>,
    /// The working directory (`path.cwd`).
    pub cwd: Arc<str>,
    /// The root module's directory (`path.root`).
    pub root_dir: Arc<str>,
    /// What is known of a resource instance's object when evaluation first comes across it.
    pub known: Option<Rc<Known>>,
}

/// See [`Settings::known`].
pub type Known = dyn Fn(&addrs::AbsResourceInstance) -> SlotValue;
