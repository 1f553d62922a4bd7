//! Root outputs.

use super::planner::Planner;
use cty::{Type, Value};
use lang::{InstId, Node};
use plans::{Action, Change, OutputChange};

impl Planner<'_> {
    /// What becomes of the root module's outputs, sorted by name.
    pub(crate) fn plan_outputs(&self) -> Vec<OutputChange> {
        let root = self.evaluator.inst(InstId(0));
        let module = self.round.program.module(root.def).module;
        let mut changes = Vec::new();
        let destroy = super::is_destroy(self.round);
        for (i, output) in module.outputs.values().enumerate() {
            let node = self
                .round
                .program
                .nodes
                .get(&Node::Output(root.def, i as u32));
            if destroy
                || self
                    .included
                    .as_ref()
                    .is_some_and(|set| node.is_none_or(|n| !set.nodes.contains(n)))
            {
                continue;
            }
            let Some(after) = self.evaluator.output(&root, i as u32).value else {
                continue;
            };
            let before = self.moved.state.outputs.get(&output.name);
            let (before, was_sensitive) = before.map_or_else(
                || (Value::null(Type::Dynamic), false),
                |b| (b.value.clone(), b.sensitive),
            );
            let bare = after.clone().unmark_all();
            let action = if bare.is_null() && before.is_null() {
                Action::NoOp
            } else if before.is_null() {
                Action::Create
            } else if bare.is_wholly_known() && bare == before && was_sensitive == output.sensitive
            {
                Action::NoOp
            } else {
                Action::Update
            };
            changes.push(OutputChange {
                name: output.name.clone(),
                sensitive: was_sensitive || output.sensitive,
                change: Change {
                    action,
                    before,
                    after: bare,
                    importing: None,
                    generated_config: None,
                },
            });
        }
        for (name, output) in &self.moved.state.outputs {
            let declared = module.outputs.contains_key(name);
            if (destroy || !declared) && self.included.is_none() {
                changes.push(OutputChange {
                    name: name.clone(),
                    sensitive: output.sensitive,
                    change: Change {
                        action: Action::Delete,
                        before: output.value.clone(),
                        after: Value::null(Type::Dynamic),
                        importing: None,
                        generated_config: None,
                    },
                });
            }
        }
        self.report([]);
        changes.sort_by(|a, b| a.name.cmp(&b.name));
        changes
    }
}
