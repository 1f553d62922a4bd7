//! Provider calls about one object, each followed by the checks that the protocol's laws ask for.
//!
//! Whoever plans or applies goes through here, so that no answer of a provider is believed before it
//! was checked: its type, what must be known, what must be null, and that a plan keeps to the
//! configuration and a result keeps to the plan.

mod apply;
mod call;
mod data;
mod ephemeral;
mod import;
mod moved;
mod plan;
mod refresh;
mod upgrade;

pub(crate) use apply::Applied;
pub(crate) use call::ObjectCall;
pub(crate) use plan::{PlanInput, PlannedObject};

use cty::Value;
use providers::Private;

/// An object of a provider: its value, with marks where it is sensitive, and the provider's bytes.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ObjectValue {
    /// The value.
    pub(crate) value: Value,
    /// The provider's bytes.
    pub(crate) private: Private,
}
