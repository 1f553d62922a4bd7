//! Evaluation of a configuration: what refers to what, how many instances there are, and what every
//! expression's value is.
//!
//! [`Program::compile`] numbers the modules of a configuration, resolves every reference once and
//! builds the graph of what needs what. An [`Evaluator`] then computes values on demand, each once.
//! It knows no state, no plan and no provider: the values of resource instances are put into it by
//! whoever plans or applies them ([`Evaluator::set_instance`]), and it records which instances an
//! evaluation really read ([`Dep`]), so that `b[i] = a[count.index].x` depends on one instance of
//! `a` and costs the same for ten instances and for a hundred thousand.

mod bodies;
mod checks;
mod compile;
mod contributions;
mod evaluator;
mod instances;
mod program;
mod repetition;
mod scope;
mod settings;
mod target;
mod variables;

pub use checks::{CheckOutcome, CheckStatus, RuleKind, evaluate_rules};
pub use contributions::{Contributions, ResourceBlocks};
pub use evaluator::{Dep, Evaluated, Evaluator};
pub use instances::{CallExpansion, Expansion, InstId, ModuleInst, Slot, SlotId, SlotValue};
pub use program::{ModuleDef, ModuleId, Node, Program};
pub use repetition::{Keys, RepetitionData};
pub use settings::{Known, Mode, Schemas, Settings};
pub use target::Target;
