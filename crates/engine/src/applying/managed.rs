//! One change.

mod aside;

use super::applier::Applier;
use crate::ephemeral;
use crate::execgraph::stored;
use crate::hooks::{ApplyEvent, object_id};
use crate::planning::{about, at, resumed};
use crate::provisioners;
use crate::resources::{Applied, ObjectCall, ObjectValue, PlanInput};
use addrs::Mode;
use configs::{IgnoreChanges, ProvisionerWhen};
use cty::Value;
use diags::{Diagnostic, Diagnostics};
use lang::{RuleKind, Slot, evaluate_rules};
use plans::{Action, ResourceChange};
use states::journal;
use states::{DeposedKey, Object, ObjectStatus};
use std::rc::Rc;
use std::sync::Arc;

impl Applier<'_> {
    fn change(&self, index: u32) -> &ResourceChange {
        &self.plan.changes[index as usize]
    }

    /// Creates or updates an object; for a replacement, its new object.
    pub(crate) async fn create_or_update(&self, index: u32) -> Result<(), Diagnostics> {
        let change = self.change(index);
        let (module, position, slot) = self.slot(change)?;
        let resource = self.round.program.resource(module, position);
        let call = self.calls(change).await?;
        let config = self.decode(resource, &slot)?;
        let update = change.change.action == Action::Update;
        let prior = if update {
            self.stored_value(change)?
        } else {
            None
        };
        let planned = self
            .final_plan(&call, change, resource, prior.as_ref(), &config)
            .await
            .map_err(|d| at(d, resource))?;
        let action = if update {
            Action::Update
        } else {
            Action::Create
        };
        let event = |value: &Value| ApplyEvent {
            addr: &change.addr,
            deposed: None,
            action,
            id: object_id(value),
        };
        if update && planned.value.clone().unmark_all() == change.change.before.clone().unmark_all()
        {
            // Only what is hidden changed: there is nothing to do for the provider.
            self.keep_as(change, &call, &planned).await?;
            return self.postconditions(resource, &slot, &planned.value);
        }
        let aside = if change.change.action == Action::CreateThenDelete {
            self.set_aside(index).await
        } else {
            None
        };
        let verb = if update {
            journal::Action::Update
        } else {
            journal::Action::Create
        };
        self.begin(change, None, verb, &planned.value, &planned.private)
            .await?;
        self.round.hooks.apply_start(&event(&change.change.before));
        let applied = call
            .apply(prior.as_ref(), &planned.value, planned.private, &config)
            .await;
        let error = applied.diagnostics.iter().find(|d| d.is_error()).cloned();
        let value = applied
            .object
            .as_ref()
            .map_or_else(|| Value::null(call.ty()), |o| o.value.clone());
        let provisions = !update
            && error.is_none()
            && provisioners::any(&resource.provisioners, ProvisionerWhen::Create);
        let mut saved = self
            .save_applied(change, &call, &applied, update, provisions)
            .await?;
        if let (Some(key), None) = (&aside, &applied.object) {
            self.put_back(index, key).await;
        }
        let mut diags = at(about(applied.diagnostics.clone(), &slot), resource);
        let mut error = error;
        if provisions {
            match self.provision(resource, &slot, &value).await {
                Ok(()) => {
                    saved = self
                        .save_applied(change, &call, &applied, update, false)
                        .await?;
                }
                Err(problems) => {
                    error = problems.iter().find(|d| d.is_error()).cloned();
                    diags.append(problems);
                    self.spoil(&change.addr);
                }
            }
        }
        self.round.hooks.apply_done(&event(&value), error.as_ref());
        if saved {
            self.settle(change, &call, &applied).await;
        }
        if error.is_some() {
            return Err(diags);
        }
        self.report(diags);
        self.publish(&change.addr, value.clone());
        self.postconditions(resource, &slot, &value)
    }

    fn slot(
        &self,
        change: &ResourceChange,
    ) -> Result<(lang::ModuleId, u32, Rc<Slot>), Diagnostics> {
        self.find_slot(&change.addr).ok_or_else(|| {
            self.report([]);
            Diagnostic::error(
                "Instance is gone",
                format!(
                    "{} was planned, but the configuration does not make this instance any more.",
                    change.addr
                ),
            )
            .about(&change.addr)
            .into()
        })
    }

    /// Evaluates the block of an instance with the values that are known by now.
    pub(super) fn decode(
        &self,
        resource: &configs::Resource,
        slot: &Slot,
    ) -> Result<Value, Diagnostics> {
        let schema = self
            .round
            .schemas
            .resource(&resource.provider_source, &resource.addr)
            .ok_or_else(Diagnostics::new)?;
        let inst = self.evaluator.inst(slot.inst);
        if !resource.lifecycle.preconditions.is_empty() {
            self.check(resource, slot, None)?;
        }
        let (result, _) = self.evaluator.evaluate(&inst, &slot.data, None, |env| {
            Ok(schema::decode(&resource.body, &schema.block, env))
        });
        self.report([]);
        let (config, diags) = result?;
        if diags.has_errors() {
            return Err(about(diags, slot));
        }
        if resource.addr.mode != Mode::Ephemeral {
            let forbidden = ephemeral::forbidden(&config, &schema.block, &resource.body);
            if forbidden.has_errors() {
                return Err(about(forbidden, slot));
            }
        }
        Ok(config)
    }

    pub(super) fn check(
        &self,
        resource: &configs::Resource,
        slot: &Slot,
        object: Option<&Value>,
    ) -> Result<(), Diagnostics> {
        let (rules, kind) = match object {
            None => (&resource.lifecycle.preconditions, RuleKind::Precondition),
            Some(_) => (&resource.lifecycle.postconditions, RuleKind::Postcondition),
        };
        if rules.is_empty() {
            return Ok(());
        }
        let inst = self.evaluator.inst(slot.inst);
        let (result, _) = self.evaluator.evaluate(&inst, &slot.data, object, |env| {
            Ok(evaluate_rules(rules, kind, env))
        });
        let (status, messages, diags) = result?;
        self.checks.borrow_mut().push(lang::CheckOutcome {
            kind: "resource",
            config_addr: slot.addr.config().to_string().into(),
            object_addr: slot.addr.to_string().into(),
            status,
            messages,
        });
        if diags.has_errors() {
            return Err(about(diags, slot));
        }
        self.report(about(diags, slot));
        Ok(())
    }

    /// Checks the conditions of an object that does not change.
    pub(crate) fn check_unchanged(&self, index: u32) -> Result<(), Diagnostics> {
        let change = self.change(index);
        let (module, position, slot) = self.slot(change)?;
        let resource = self.round.program.resource(module, position);
        let checked = self
            .check(resource, &slot, None)
            .and_then(|()| self.check(resource, &slot, Some(&change.change.after)));
        if checked.is_err() {
            self.spoil(&change.addr);
        }
        checked
    }

    fn postconditions(
        &self,
        resource: &configs::Resource,
        slot: &Slot,
        value: &Value,
    ) -> Result<(), Diagnostics> {
        let checked = self.check(resource, slot, Some(value));
        if checked.is_err() {
            self.spoil(&slot.addr);
        }
        checked
    }

    /// The object of a change as the plan saw it, with the provider's bytes.
    fn stored_value(&self, change: &ResourceChange) -> Result<Option<ObjectValue>, Diagnostics> {
        let private =
            stored(&self.plan.prior_state, change).map_or_else(|| [].into(), |o| o.private.clone());
        Ok((!change.change.before.is_null()).then(|| ObjectValue {
            value: change.change.before.clone(),
            private,
        }))
    }

    /// Plans once more, now that all values are known, and checks that it is still what was agreed to.
    async fn final_plan(
        &self,
        call: &ObjectCall,
        change: &ResourceChange,
        resource: &configs::Resource,
        prior: Option<&ObjectValue>,
        config: &Value,
    ) -> Result<ObjectValue, Diagnostics> {
        let problems = call.validate(Mode::Managed, config).await;
        if problems.has_errors() {
            return Err(problems);
        }
        let planned = call
            .plan(PlanInput {
                prior,
                resumed: resumed(&self.round.options, &change.addr, &change.provider),
                tainted: false,
                config,
                ignore: if prior.is_some() {
                    &resource.lifecycle.ignore_changes
                } else {
                    &IgnoreChanges::None
                },
                force_replace: None,
                create_before_destroy: false,
            })
            .await?;
        let agreed = if prior.is_some() {
            Action::Update
        } else {
            Action::Create
        };
        if planned.action != agreed && !(agreed == Action::Update && planned.action == Action::NoOp)
        {
            return Err(call
                .broken(
                    "Provider produced inconsistent final plan",
                    &format!(
                        "changed the planned action for {} from {agreed:?} to {:?} once all values were known",
                        change.addr, planned.action
                    ),
                )
                .into());
        }
        let problems = call.check_final_plan(&change.change.after, &planned.after);
        if problems.has_errors() {
            return Err(problems);
        }
        Ok(ObjectValue {
            value: planned.after,
            private: planned.private,
        })
    }

    async fn keep_as(
        &self,
        change: &ResourceChange,
        call: &ObjectCall,
        planned: &ObjectValue,
    ) -> Result<(), Diagnostics> {
        let private =
            stored(&self.plan.prior_state, change).map_or_else(|| [].into(), |o| o.private.clone());
        let object = ObjectValue {
            value: planned.value.clone(),
            private,
        };
        let encoded = self.encode(change, call, &object, ObjectStatus::Ready)?;
        self.save(change, None, vec![(None, Some(encoded))], None)
            .await;
        self.publish(&change.addr, planned.value.clone());
        Ok(())
    }

    /// Stores what an apply came to; whether it is written down. An object that is `unfinished`, because its
    /// provisioners are still to run, is one that has to go, until they have.
    async fn save_applied(
        &self,
        change: &ResourceChange,
        call: &ObjectCall,
        applied: &Applied,
        update: bool,
        unfinished: bool,
    ) -> Result<bool, Diagnostics> {
        let object = match &applied.object {
            // Nobody knows how it ended: that there is no outcome keeps it in mind.
            None if applied.unresolved => return Ok(false),
            None => None,
            Some(object) => {
                // What a failed creation left behind has to go; a failed update leaves things as they were.
                let status = match stored(&self.plan.prior_state, change) {
                    _ if unfinished => ObjectStatus::Tainted,
                    _ if !update && applied.diagnostics.has_errors() => ObjectStatus::Tainted,
                    Some(before) if update => before.status,
                    _ => ObjectStatus::Ready,
                };
                Some(self.encode(change, call, object, status)?)
            }
        };
        let error = applied.diagnostics.iter().find(|d| d.is_error());
        Ok(self.save(change, None, vec![(None, object)], error).await)
    }

    /// Destroys the object of a change.
    pub(crate) async fn destroy(&self, index: u32) -> Result<(), Diagnostics> {
        let change = self.change(index);
        let deposed = change.deposed.clone();
        let object = ObjectValue {
            value: change.change.before.clone(),
            private: change.private.clone(),
        };
        self.destroy_object(change, deposed.as_ref(), object, change.private.clone())
            .await
    }

    /// Destroys the object that a replacement has put aside.
    pub(crate) async fn destroy_replaced(&self, index: u32) -> Result<(), Diagnostics> {
        let change = self.change(index);
        let Some(key) = self.aside.borrow().get(&index).cloned() else {
            return Ok(());
        };
        let private =
            stored(&self.plan.prior_state, change).map_or_else(|| [].into(), |o| o.private.clone());
        let object = ObjectValue {
            value: change.change.before.clone(),
            private,
        };
        let planned = self.calls(change).await?.plan_destroy(&object).await?;
        self.destroy_object(change, Some(&key), object, planned)
            .await
    }

    async fn destroy_object(
        &self,
        change: &ResourceChange,
        deposed: Option<&DeposedKey>,
        object: ObjectValue,
        planned_private: Arc<[u8]>,
    ) -> Result<(), Diagnostics> {
        let call = self.calls(change).await?;
        let event = ApplyEvent {
            addr: &change.addr,
            deposed,
            action: Action::Delete,
            id: object_id(&object.value),
        };
        self.begin(
            change,
            deposed,
            journal::Action::Delete,
            &Value::null(call.ty()),
            &planned_private,
        )
        .await?;
        self.round.hooks.apply_start(&event);
        let (left, diagnostics) = match self.provision_destroy(change, deposed, &object.value).await
        {
            // Nothing was destroyed.
            Err(problems) => (self.in_state(change, deposed), problems),
            Ok(()) => {
                let applied = call.destroy(&object, planned_private).await;
                let left = match &applied.object {
                    None => None,
                    Some(_) if applied.diagnostics.has_errors() => self.in_state(change, deposed),
                    Some(object) => {
                        Some(self.encode(change, &call, object, ObjectStatus::Tainted)?)
                    }
                };
                (left, applied.diagnostics)
            }
        };
        let error = diagnostics.iter().find(|d| d.is_error()).cloned();
        self.save(
            change,
            deposed,
            vec![(deposed.cloned(), left)],
            error.as_ref(),
        )
        .await;
        self.round.hooks.apply_done(&event, error.as_ref());
        if error.is_some() {
            Err(diagnostics)
        } else {
            self.report(diagnostics);
            Ok(())
        }
    }

    pub(super) fn in_state(
        &self,
        change: &ResourceChange,
        deposed: Option<&DeposedKey>,
    ) -> Option<Arc<Object>> {
        let state = self.state.borrow();
        let instance = state.instance(&change.addr)?;
        deposed.map_or_else(
            || instance.current.clone(),
            |key| instance.deposed.get(key).cloned(),
        )
    }

    /// Reads a data source whose configuration was not known while planning.
    pub(crate) async fn read(&self, index: u32) -> Result<(), Diagnostics> {
        let change = self.change(index);
        let (module, position, slot) = self.slot(change)?;
        let resource = self.round.program.resource(module, position);
        let call = self.calls(change).await?;
        let config = self.decode(resource, &slot)?;
        let problems = call.validate(Mode::Data, &config).await;
        if problems.has_errors() {
            return Err(at(problems, resource));
        }
        let event = |value: &Value| ApplyEvent {
            addr: &change.addr,
            deposed: None,
            action: Action::Read,
            id: object_id(value),
        };
        self.round.hooks.apply_start(&event(&change.change.after));
        let (value, warnings) = match call.read_data(&config).await {
            Ok(done) => done,
            Err(diags) => {
                let error = diags.iter().find(|d| d.is_error());
                self.round
                    .hooks
                    .apply_done(&event(&change.change.after), error);
                return Err(at(diags, resource));
            }
        };
        self.round.hooks.apply_done(&event(&value), None);
        self.report(at(warnings, resource));
        let object = ObjectValue {
            value: value.clone(),
            private: [].into(),
        };
        let encoded = self.encode(change, &call, &object, ObjectStatus::Ready)?;
        self.state
            .borrow_mut()
            .set_current(&change.addr, &change.provider, Some(encoded));
        self.publish(&change.addr, value.clone());
        self.postconditions(resource, &slot, &value)
    }

    /// Drops an object from the state.
    pub(crate) async fn forget(&self, index: u32) {
        let change = self.change(index);
        self.save(
            change,
            change.deposed.as_ref(),
            vec![(change.deposed.clone(), None)],
            None,
        )
        .await;
    }
}
