//! A plan, for people.

use plans::{Action, Plan};

/// The last line of a plan.
pub(crate) fn summary(plan: &Plan) -> String {
    let count = |f: fn(Action) -> bool| plan.changes.iter().filter(|c| f(c.change.action)).count();
    let add = count(|a| a == Action::Create || a.is_replace());
    let change = count(|a| a == Action::Update);
    let destroy = count(|a| a == Action::Delete || a.is_replace());
    format!("Plan: {add} to add, {change} to change, {destroy} to destroy.")
}
