//! Replacements that something else asks for: `-replace` and `replace_triggered_by`.

use super::planner::{FoundChange, Planner};
use cty::{Path, Step, Value};
use diags::{Diagnostic, Diagnostics};
use hcl::{Traversal, TraversalStep};
use lang::{Slot, Target};
use plans::{Action, ActionReason};

impl Planner<'_> {
    /// Why an instance is replaced whatever its configuration says.
    pub(crate) fn replace_reason(
        &self,
        resource: &configs::Resource,
        slot: &Slot,
    ) -> Result<Option<ActionReason>, Diagnostics> {
        if self.round.options.force_replace.contains(&slot.addr) {
            return Ok(Some(ActionReason::ReplaceByRequest));
        }
        for expr in &resource.lifecycle.replace_triggered_by {
            if let hcl::ExprKind::Traversal(traversal) = &*expr.kind
                && self.is_triggered(traversal, slot)?
            {
                return Ok(Some(ActionReason::ReplaceByTriggers));
            }
        }
        Ok(None)
    }

    /// Whether what a traversal names changes.
    fn is_triggered(&self, traversal: &Traversal, slot: &Slot) -> Result<bool, Diagnostics> {
        if let Some(key) = computed_key(traversal) {
            return Err(Diagnostic::error(
                "Invalid expression",
                "The key of an instance is a literal, count.index or each.key here, nothing that is computed from them.",
            )
            .at(key.range.clone())
            .into());
        }
        let inst = self.evaluator.inst(slot.inst);
        let module = self.round.program.module(inst.def).module;
        let Target::Resource(index, steps) =
            Target::of(traversal, module).map_err(|d| Diagnostics::from(*d))?
        else {
            return Err(Diagnostic::error(
                "Invalid replace_triggered_by expression",
                "Only resources, count.index and each.key may be used here.",
            )
            .at(traversal.root_range.clone())
            .into());
        };
        let Some(expansion) = self.evaluator.expand_resource(&inst, index) else {
            return Ok(false);
        };
        let mut rest = &traversal.steps[steps as usize..];
        let mut slots: Vec<_> = expansion.slots.iter().collect();
        if let Some(TraversalStep::Index { key, .. }) = rest.first() {
            let (key, _) = self.evaluator.expr(&inst, &slot.data, key);
            let key = addrs::InstanceKey::from_value(&key?.unmark().0);
            slots.retain(|s| Some(&s.addr.key) == key.as_ref());
            rest = &rest[1..];
        }
        let path = self.path(&inst, slot, rest)?;
        let found = self.found.borrow();
        let by_slot = self.by_slot.borrow();
        let changes = slots
            .iter()
            .filter_map(|s| by_slot.get(&s.id).and_then(|i| found[*i].change.as_ref()));
        Ok(changes.into_iter().any(|change| triggers(change, &path)))
    }

    fn path(
        &self,
        inst: &lang::ModuleInst,
        slot: &Slot,
        steps: &[TraversalStep],
    ) -> Result<Path, Diagnostics> {
        let mut path = Path::root();
        for step in steps {
            match step {
                TraversalStep::Attr { name, .. } => path.0.push(Step::Attr(name.clone())),
                TraversalStep::Index { key, .. } => {
                    let (key, _) = self.evaluator.expr(inst, &slot.data, key);
                    path.0.push(Step::Index(key?.unmark().0));
                }
            }
        }
        Ok(path)
    }
}

/// An index key that is neither a literal nor a reference.
fn computed_key(traversal: &Traversal) -> Option<&hcl::Expr> {
    traversal.steps.iter().find_map(|step| match step {
        TraversalStep::Index { key, .. }
            if key.as_literal().is_none() && key.as_traversal().is_none() =>
        {
            Some(key)
        }
        _ => None,
    })
}

fn triggers(change: &FoundChange, path: &Path) -> bool {
    if path.steps().is_empty() {
        return matches!(
            change.action,
            Action::Update | Action::DeleteThenCreate | Action::CreateThenDelete
        );
    }
    let at = |value: &Value| path.apply(value).ok().map(Value::unmark_all);
    at(&change.before) != at(&change.after)
}
