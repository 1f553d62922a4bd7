//! One instance of a `resource` block.

use super::instance::{Decoded, about};
use super::interrupted::resumed;
use super::is_destroy;
use super::planner::{Found, FoundChange, Planner};
use crate::hooks::object_id;
use crate::resources::{ObjectCall, ObjectValue, PlanInput, PlannedObject};
use addrs::Mode;
use cty::Value;
use diags::{Diagnostic, Diagnostics};
use lang::{ModuleId, Slot};
use plans::Action;
use states::{Object, ObjectStatus};
use std::rc::Rc;
use std::sync::Arc;

/// An object before it is planned.
pub(crate) struct Before {
    pub(crate) stored: Option<Arc<Object>>,
    pub(crate) upgraded: Option<ObjectValue>,
    pub(crate) now: Option<ObjectValue>,
}

impl Planner<'_> {
    /// Plans an instance; its value is what others see of it. With `only_look` nothing is done to it.
    pub(crate) async fn plan_managed(
        &self,
        module: ModuleId,
        index: u32,
        slot: &Slot,
        only_look: bool,
    ) -> Result<Value, Diagnostics> {
        let resource = self.round.program.resource(module, index);
        let path = &self.round.program.module(module).path;
        let provider = self
            .round
            .program
            .config
            .provider_config_for(path, &resource.provider_config());
        let Some(call) = self.calls(&slot.addr, &provider).await else {
            return Err(Diagnostics::new());
        };
        let stored = self
            .moved
            .state
            .instance(&slot.addr)
            .and_then(|i| i.current.clone());

        // The configuration first: what is wrong with it is wrong whatever the object is.
        let decoded = match self.round.options.mode {
            plans::Mode::Normal => Some(self.decode(resource, slot)?),
            _ => None,
        };
        let _permit = self.permits.of(&call).acquire().await;
        let (before, importing) = self
            .look_or_import(&call, &slot.addr, stored, only_look)
            .await
            .map_err(|d| at(d, resource))?;
        let planned_import = importing.is_some() && !self.imports.by_command;
        let mut found = Found {
            addr: slot.addr.clone(),
            deposed: None,
            provider: provider.clone(),
            // A new object remembers its dependencies when it is applied.
            dependencies: if before.stored.is_some() || planned_import {
                self.statics.dependencies(module, index)
            } else {
                [].into()
            },
            create_before_destroy: self.statics.create_before_destroy(module, index),
            schema_version: call.schema.version,
            ty: call.ty(),
            deps: self.with_provider_deps(
                &provider,
                decoded
                    .as_ref()
                    .map_or_else(|| Rc::new([]) as _, |d| d.deps.clone()),
            ),
            stored: before.stored,
            upgraded: before.upgraded,
            now: before.now,
            change: None,
            importing,
            generated_config: None,
        };
        let Some(decoded) = decoded else {
            self.check_refreshed(resource, slot, found.now.as_ref().map(|o| &o.value));
            let value = found
                .now
                .as_ref()
                .map_or_else(|| Value::unknown(call.ty()), |o| o.value.clone());
            if is_destroy(self.round) && found.now.is_some() && !only_look {
                found.change = Some(self.destroy_change(&call, &found, resource).await?);
            }
            self.add(found, Some(slot.id));
            return Ok(value);
        };
        let change = self
            .plan_change(&call, resource, slot, &decoded, &found)
            .await;
        let change = match change {
            Ok(change) => change,
            Err(diags) => {
                // The object is still there, whatever could not be planned for it.
                self.add(found, None);
                return Err(at(about(diags, slot), resource));
            }
        };
        self.report(at(change.diagnostics.clone(), resource));
        let value = change.after.clone();
        found.change = Some(FoundChange {
            action: change.action,
            reason: change.reason,
            before: change.before,
            after: change.after,
            required_replace: change.requires_replace,
            private: change.private,
        });
        self.add(found, Some(slot.id));
        self.check(resource, slot, Some(&value))?;
        Ok(value)
    }

    /// An object as it is: the stored one, or one that is imported by an id.
    async fn look_or_import(
        &self,
        call: &ObjectCall,
        addr: &addrs::AbsResourceInstance,
        stored: Option<Arc<Object>>,
        only_look: bool,
    ) -> Result<(Before, Option<Arc<str>>), Diagnostics> {
        let id = match stored {
            None if !only_look => self.import_for(addr),
            _ => None,
        };
        let before = match &id {
            Some(id) => Before {
                stored: None,
                upgraded: None,
                now: Some(self.import(call, addr, id).await?),
            },
            None => self.look(call, addr, stored).await?,
        };
        Ok((before, id))
    }

    async fn plan_change(
        &self,
        call: &ObjectCall,
        resource: &configs::Resource,
        slot: &Slot,
        decoded: &Decoded,
        found: &Found,
    ) -> Result<PlannedObject, Diagnostics> {
        let problems = call.validate(Mode::Managed, &decoded.config).await;
        if problems.has_errors() {
            return Err(problems);
        }
        self.report(at(problems, resource));
        let triggered = self.replace_reason(resource, slot)?;
        let tainted = found.now.is_some()
            && found
                .stored
                .as_ref()
                .is_some_and(|o| o.status == ObjectStatus::Tainted);
        let change = call
            .plan(PlanInput {
                prior: found.now.as_ref(),
                resumed: resumed(&self.round.options, &found.addr, &found.provider),
                tainted,
                config: &decoded.config,
                ignore: &resource.lifecycle.ignore_changes,
                force_replace: triggered,
                create_before_destroy: found.create_before_destroy,
            })
            .await?;
        if resource.lifecycle.prevent_destroy && change.action.is_replace() {
            return Err(prevented(resource, slot).into());
        }
        Ok(change)
    }

    async fn destroy_change(
        &self,
        call: &ObjectCall,
        found: &Found,
        resource: &configs::Resource,
    ) -> Result<FoundChange, Diagnostics> {
        let Some(now) = &found.now else {
            return Err(Diagnostics::new());
        };
        if resource.lifecycle.prevent_destroy {
            return Err(prevented_at(resource, &found.addr.to_string()).into());
        }
        let private = call.plan_destroy(now).await?;
        Ok(FoundChange {
            action: Action::Delete,
            reason: None,
            before: now.value.clone(),
            after: Value::null(call.ty()),
            required_replace: Vec::new(),
            private,
        })
    }

    /// Upgrades a stored object and, unless told not to, reads it.
    pub(crate) async fn look(
        &self,
        call: &ObjectCall,
        addr: &addrs::AbsResourceInstance,
        stored: Option<Arc<Object>>,
    ) -> Result<Before, Diagnostics> {
        let Some(object) = stored else {
            return Ok(Before {
                stored: None,
                upgraded: None,
                now: None,
            });
        };
        let (object, upgraded) = match self.moved.other_source(addr, &call.source) {
            None => {
                let upgraded = call.upgrade(&object).await?;
                (object, upgraded)
            }
            Some((provider, kind)) => {
                let value = call.take_over(provider, kind, &object).await?;
                (taken_over(call, &object, &value), value)
            }
        };
        if !self.round.options.refresh {
            return Ok(Before {
                stored: Some(object),
                now: Some(upgraded.clone()),
                upgraded: Some(upgraded),
            });
        }
        let id = object_id(&upgraded.value);
        self.round.hooks.refresh_start(addr, id.as_deref());
        let refreshed = call.refresh(&upgraded).await?;
        self.round.hooks.refresh_done(addr, id.as_deref());
        self.report(refreshed.diagnostics);
        Ok(Before {
            stored: Some(object),
            upgraded: Some(upgraded),
            now: refreshed.object,
        })
    }
}

/// How an object is stored that was one of another type.
fn taken_over(call: &ObjectCall, before: &Arc<Object>, value: &ObjectValue) -> Arc<Object> {
    let Ok(encoded) = Object::encode(&value.value, &call.ty()) else {
        return before.clone();
    };
    Arc::new(Object {
        schema_version: call.schema.version,
        private: value.private.clone(),
        status: before.status,
        dependencies: before.dependencies.clone(),
        create_before_destroy: before.create_before_destroy,
        ..encoded
    })
}

/// Points diagnostics that point nowhere at the block.
pub(crate) fn at(diags: Diagnostics, resource: &configs::Resource) -> Diagnostics {
    schema::locate(diags, &resource.body, &resource.range)
}

fn prevented(resource: &configs::Resource, slot: &Slot) -> Diagnostic {
    prevented_at(resource, &slot.addr.to_string())
}

/// `prevent_destroy` forbids what was planned.
pub(crate) fn prevented_at(resource: &configs::Resource, addr: &str) -> Diagnostic {
    Diagnostic::error(
        "Instance cannot be destroyed",
        format!(
            "Resource {addr} has lifecycle.prevent_destroy set, but the plan calls for this resource to be destroyed. To avoid \
             this error and continue with the plan, either disable lifecycle.prevent_destroy or reduce the scope of the plan \
             using the -target option."
        ),
    )
    .at(resource.range.clone())
}
