//! What a plan, an apply or a validation is made from.

use crate::hooks::Hooks;
use crate::pool::{ProviderPool, Schemas};
use crate::stand_ins::StandIns;
use addrs::Target;
use cty::Value;
use diags::SourceRange;
use lang::Program;
use states::journal::Unresolved;
use std::cell::Cell;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

/// Everything a run works with.
pub struct Round<'a> {
    /// The configuration.
    pub program: &'a Program<'a>,
    /// The schemas of every provider that the configuration and the state need.
    pub schemas: &'a Schemas,
    /// The providers.
    pub providers: &'a ProviderPool<'a>,
    /// Values given to root variables.
    pub inputs: BTreeMap<Arc<str>, Value>,
    /// Where those values were written, of those that stand in files.
    pub given_at: BTreeMap<Arc<str>, SourceRange>,
    /// What is planned.
    pub options: PlanOptions,
    /// Where the run takes place.
    pub surroundings: Surroundings,
    /// Who is told what happens.
    pub hooks: &'a dyn Hooks,
    /// Who answers in the place of providers.
    pub stand_ins: Option<&'a dyn StandIns>,
    /// Set when the run should end soon.
    pub stopping: &'a Cell<bool>,
}

/// What is planned.
#[derive(Clone, Debug)]
pub struct PlanOptions {
    /// What kind of plan.
    pub mode: plans::Mode,
    /// Whether objects are read first.
    pub refresh: bool,
    /// What is left in: everything if empty.
    pub targets: Vec<Target>,
    /// What is left out, with all that depends on it; nothing is chosen by `targets` then.
    pub excludes: Vec<Target>,
    /// What is replaced whatever the configuration says.
    pub force_replace: Vec<addrs::AbsResourceInstance>,
    /// How many provider operations may run at once.
    pub parallelism: usize,
    /// What earlier runs have left open.
    pub interrupted: Interrupted,
    /// Whether blocks are written for objects that are imported and have none.
    pub generate_config: bool,
}

/// Creates of earlier runs of which nobody knows how they ended.
#[derive(Clone, Debug, Default)]
pub struct Interrupted {
    /// The creates.
    pub creates: Unresolved,
    /// The file that remembers them, for messages.
    pub kept_in: Arc<str>,
}

impl Default for PlanOptions {
    fn default() -> Self {
        Self {
            mode: plans::Mode::Normal,
            refresh: true,
            targets: Vec::new(),
            excludes: Vec::new(),
            force_replace: Vec::new(),
            parallelism: 10,
            interrupted: Interrupted::default(),
            generate_config: false,
        }
    }
}

/// Where a run takes place: what the core may not find out by itself.
#[derive(Clone)]
pub struct Surroundings {
    /// The workspace.
    pub workspace: Arc<str>,
    /// The working directory as it is shown (`path.cwd`).
    pub cwd: Arc<str>,
    /// The root module's directory (`path.root`).
    pub root_dir: Arc<str>,
    /// The directory that file functions start from.
    pub base_dir: PathBuf,
    /// What `~` stands for in paths.
    pub home: Option<PathBuf>,
    /// The time of the plan: RFC 3339, seconds, UTC.
    pub timestamp: Arc<str>,
    /// The time of the plan in seconds since 1970.
    pub time: i64,
    /// Where functions get time and chance from while applying.
    pub impure: Option<funcs::Impure>,
}
