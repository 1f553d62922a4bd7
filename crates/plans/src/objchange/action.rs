//! What is to be done to an object.

use crate::{Action, ActionReason};
use cty::{Path, Value, ops};

/// Everything that decides what is to be done to an object.
#[derive(Clone, Copy, Debug)]
pub struct Decision<'a> {
    /// The object now, marked; null = there is none.
    pub prior: &'a Value,
    /// The object as planned, marked; null = it is to go.
    pub planned: &'a Value,
    /// Attributes that need a new object; see [`super::filter_requires_replace`].
    pub replace_paths: &'a [Path],
    /// Why the object must be replaced though its attributes do not need it.
    pub forced: Option<ActionReason>,
    /// Whether a new object is made before the old one is destroyed.
    pub create_before_destroy: bool,
}

/// What is to be done, and why if the values do not tell. A change of marks alone is an update.
pub fn action(decision: &Decision<'_>) -> (Action, Option<ActionReason>) {
    let Decision { prior, planned, .. } = *decision;
    match (prior.is_null(), planned.is_null()) {
        (true, true) => return (Action::NoOp, None),
        (true, false) => return (Action::Create, None),
        (false, true) => return (Action::Delete, None),
        (false, false) => {}
    }
    if decision.forced.is_some() || !decision.replace_paths.is_empty() {
        let action = if decision.create_before_destroy {
            Action::CreateThenDelete
        } else {
            Action::DeleteThenCreate
        };
        let reason = decision
            .forced
            .unwrap_or(ActionReason::ReplaceBecauseCannotUpdate);
        return (action, Some(reason));
    }
    let (before, marks_before) = prior.unmark_deep_with_paths();
    let (after, marks_after) = planned.unmark_deep_with_paths();
    let same = ops::equals(&before, &after).as_bool() == Some(true);
    let action = if same && marks_before == marks_after {
        Action::NoOp
    } else {
        Action::Update
    };
    (action, None)
}
