//! Objects that no block asks for, and former objects.

use super::instance::UNDER_WAY;
use super::managed::prevented_at;
use super::planner::{Found, FoundChange, Planner};
use addrs::{AbsResourceInstance, InstanceKey, Mode, ProviderConfig};
use cty::Value;
use diags::Diagnostics;
use futures::stream::{self, StreamExt};
use plans::{Action, ActionReason};
use states::{DeposedKey, Object};
use std::rc::Rc;
use std::sync::Arc;

/// An object to look at.
struct Unclaimed {
    addr: AbsResourceInstance,
    deposed: Option<DeposedKey>,
    provider: ProviderConfig,
    object: Arc<Object>,
}

impl Planner<'_> {
    /// Plans to destroy every object that no block asks for, and every former object.
    pub(crate) async fn plan_unclaimed(&self) {
        let mut unclaimed = Vec::new();
        for (addr, resource, instance) in self.moved.state.instances() {
            if addr.resource.mode != Mode::Managed
                || self
                    .included
                    .as_ref()
                    .is_some_and(|set| !set.contains_unclaimed(&addr))
            {
                continue;
            }
            let claimed = self.claimed.borrow().contains(&addr) || self.expansion_failed(&addr);
            let current = instance
                .current
                .iter()
                .filter(|_| !claimed)
                .map(|object| (None, object));
            let deposed = instance
                .deposed
                .iter()
                .map(|(key, object)| (Some(key.clone()), object));
            unclaimed.extend(current.chain(deposed).map(|(deposed, object)| Unclaimed {
                addr: addr.clone(),
                deposed,
                provider: resource.provider.clone(),
                object: object.clone(),
            }));
        }
        let mut work =
            stream::iter(unclaimed.iter().map(|u| self.plan_one(u))).buffer_unordered(UNDER_WAY);
        while let Some(result) = work.next().await {
            if let Err(diags) = result {
                self.report(diags);
            }
        }
    }

    /// Whether it is not known what instances the block has: nothing is an orphan then.
    fn expansion_failed(&self, addr: &AbsResourceInstance) -> bool {
        self.failed.borrow().contains(&addr.config())
    }

    async fn plan_one(&self, unclaimed: &Unclaimed) -> Result<(), Diagnostics> {
        if self.is_stopping() {
            return Ok(());
        }
        let Some(call) = self.calls(&unclaimed.addr, &unclaimed.provider).await else {
            return Ok(());
        };
        let _permit = self.permits.of(&call).acquire().await;
        let before = self
            .look(&call, &unclaimed.addr, Some(unclaimed.object.clone()))
            .await?;
        let mut found = Found {
            addr: unclaimed.addr.clone(),
            deposed: unclaimed.deposed.clone(),
            provider: unclaimed.provider.clone(),
            stored: before.stored,
            upgraded: before.upgraded,
            now: before.now,
            change: None,
            dependencies: unclaimed.object.dependencies.clone(),
            create_before_destroy: unclaimed.object.create_before_destroy,
            schema_version: call.schema.version,
            ty: call.ty(),
            deps: Rc::new([]),
            importing: None,
            generated_config: None,
        };
        if let Some(now) = &found.now
            && self.round.options.mode != plans::Mode::RefreshOnly
        {
            let program = self.round.program;
            if found.deposed.is_none()
                && let Some((module, index)) = program.find_resource(&found.addr.config())
                && program.resource(module, index).lifecycle.prevent_destroy
            {
                let resource = program.resource(module, index);
                let problem = prevented_at(resource, &found.addr.to_string());
                self.add(found, None);
                return Err(problem.into());
            }
            let forgotten = self.round.options.mode == plans::Mode::Normal
                && super::removed::is_forgotten(self.round.program, &found.addr.config());
            let private = if forgotten {
                now.private.clone()
            } else {
                call.plan_destroy(now).await?
            };
            found.change = Some(FoundChange {
                action: if forgotten {
                    Action::Forget
                } else {
                    Action::Delete
                },
                reason: if found.deposed.is_none() {
                    self.why_unclaimed(&found.addr)
                } else {
                    None
                },
                before: now.value.clone(),
                after: Value::null(call.ty()),
                required_replace: Vec::new(),
                private,
            });
        }
        self.add(found, None);
        Ok(())
    }

    /// Why no block asks for an object.
    fn why_unclaimed(&self, addr: &AbsResourceInstance) -> Option<ActionReason> {
        if self.round.options.mode == plans::Mode::Destroy {
            return None;
        }
        let program = self.round.program;
        let Some((module, index)) = program.find_resource(&addr.config()) else {
            let moved = self.moved.from.contains_key(addr);
            return Some(if moved {
                ActionReason::DeleteBecauseNoMoveTarget
            } else {
                ActionReason::DeleteBecauseNoResourceConfig
            });
        };
        if self.evaluator.find_inst(&addr.module).is_none() {
            return Some(ActionReason::DeleteBecauseNoModule);
        }
        Some(
            match (&program.resource(module, index).repetition, &addr.key) {
                (configs::Repetition::Count(_), InstanceKey::Int(_)) => {
                    ActionReason::DeleteBecauseCountIndex
                }
                (configs::Repetition::ForEach(_), InstanceKey::Str(_)) => {
                    ActionReason::DeleteBecauseEachKey
                }
                _ => ActionReason::DeleteBecauseWrongRepetition,
            },
        )
    }
}
