//! What applying knows, as it goes.

use crate::Round;
use crate::ephemeral::Ephemerals;
use crate::journal::Journal;
use crate::planning::{make_call, provider_value, settings};
use crate::pool::limit;
use crate::resources::{ObjectCall, ObjectValue};
use crate::statics::Statics;
use addrs::{AbsResourceInstance, ProviderConfig};
use cty::Value;
use diags::{Diagnostic, Diagnostics};
use lang::{Evaluator, Mode, Slot, SlotValue};
use plans::{Action, Dependency, Plan, ResourceChange};
use states::journal::{self, Record};
use states::{DeposedKey, Object, ObjectStatus, State};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::Arc;
use tokio::sync::Semaphore;

/// Objects of one instance: its current one (no key) and former ones; `None` = gone.
pub(crate) type Objects = Vec<(Option<DeposedKey>, Option<Arc<Object>>)>;

/// Carries out the changes of a plan.
pub(crate) struct Applier<'r> {
    pub(crate) round: &'r Round<'r>,
    pub(crate) plan: &'r Plan,
    pub(crate) evaluator: Evaluator<'r>,
    pub(crate) statics: Statics<'r>,
    pub(crate) permits: Semaphore,
    pub(crate) journal: &'r dyn Journal,
    pub(crate) state: RefCell<State>,
    pub(crate) diags: RefCell<Diagnostics>,
    pub(crate) checks: RefCell<Vec<lang::CheckOutcome>>,
    /// What is known of objects: those that do not change, and those that were applied so far.
    known: Rc<RefCell<BTreeMap<AbsResourceInstance, SlotValue>>>,
    /// The objects that replacements have put aside.
    pub(crate) aside: RefCell<BTreeMap<u32, DeposedKey>>,
    provider_configs: RefCell<BTreeMap<ProviderConfig, Value>>,
    /// Instances whose replacements are created before the old object is destroyed.
    created_first: BTreeSet<AbsResourceInstance>,
    pub(crate) ephemerals: Ephemerals,
}

impl<'r> Applier<'r> {
    pub(crate) fn new(round: &'r Round<'r>, plan: &'r Plan, journal: &'r dyn Journal) -> Self {
        let known: Rc<RefCell<BTreeMap<AbsResourceInstance, SlotValue>>> = Rc::default();
        settle(round, plan, &mut known.borrow_mut());
        let mut settings = settings(round, Mode::Apply);
        let shared = known.clone();
        settings.known = Some(Rc::new(move |addr| {
            shared.borrow().get(addr).cloned().unwrap_or_default()
        }));
        Self {
            round,
            plan,
            evaluator: Evaluator::new(round.program, round.schemas, settings),
            statics: Statics::new(round.program),
            permits: limit(round.options.parallelism),
            journal,
            state: RefCell::new(plan.prior_state.clone()),
            diags: RefCell::default(),
            checks: RefCell::default(),
            known,
            aside: RefCell::default(),
            provider_configs: RefCell::default(),
            created_first: created_first(round, plan),
            ephemerals: Ephemerals::new(round.program),
        }
    }

    pub(crate) fn report(&self, diags: impl IntoIterator<Item = Diagnostic>) {
        let mut all = self.diags.borrow_mut();
        all.append(self.evaluator.take_diagnostics());
        all.append(diags);
        self.checks
            .borrow_mut()
            .extend(self.evaluator.take_checks());
    }

    /// Lets everybody see an object's new value.
    pub(crate) fn publish(&self, addr: &AbsResourceInstance, value: Value) {
        if let Some(slot) = self.existing_slot(addr) {
            self.evaluator
                .set_instance(slot.id, SlotValue::Ready(value.clone()));
        }
        self.known
            .borrow_mut()
            .insert(addr.clone(), SlotValue::Ready(value));
    }

    /// Hides an object's value: whoever needs it is left out.
    pub(crate) fn spoil(&self, addr: &AbsResourceInstance) {
        if let Some(slot) = self.existing_slot(addr) {
            self.evaluator.set_instance(slot.id, SlotValue::Failed);
        }
        self.known
            .borrow_mut()
            .insert(addr.clone(), SlotValue::Failed);
    }

    /// Whether the block of an instance has conditions.
    pub(crate) fn has_conditions(&self, addr: &AbsResourceInstance) -> bool {
        self.round
            .program
            .find_resource(&addr.config())
            .is_some_and(|(module, index)| {
                let lifecycle = &self.round.program.resource(module, index).lifecycle;
                !lifecycle.preconditions.is_empty() || !lifecycle.postconditions.is_empty()
            })
    }

    fn existing_slot(&self, addr: &AbsResourceInstance) -> Option<Rc<Slot>> {
        self.find_slot(addr).map(|(_, _, slot)| slot)
    }

    /// The slot of an instance, and which block it is of.
    pub(crate) fn find_slot(
        &self,
        addr: &AbsResourceInstance,
    ) -> Option<(lang::ModuleId, u32, Rc<Slot>)> {
        let inst = self.evaluator.find_inst(&addr.module)?;
        let index = self
            .round
            .program
            .module(inst.def)
            .module
            .resources
            .get_index_of(&addr.resource)? as u32;
        let expansion = self.evaluator.expand_resource(&inst, index)?;
        Some((inst.def, index, expansion.slot(&addr.key)?.clone()))
    }

    /// The calls about the object of a change.
    pub(crate) async fn calls(&self, change: &ResourceChange) -> Result<ObjectCall, Diagnostics> {
        self.calls_about(&change.addr, &change.provider).await
    }

    /// The calls about an object of a provider.
    pub(crate) async fn calls_about(
        &self,
        addr: &AbsResourceInstance,
        provider: &ProviderConfig,
    ) -> Result<ObjectCall, Diagnostics> {
        let known = self.provider_configs.borrow().get(provider).cloned();
        let value = match known {
            Some(value) => value,
            None => {
                let configured = provider_value(self.round, &self.evaluator, provider)?;
                self.report(configured.warnings);
                let value = configured.value;
                if value.is_wholly_known() {
                    self.provider_configs
                        .borrow_mut()
                        .insert(provider.clone(), value.clone());
                }
                value
            }
        };
        make_call(self.round, &self.evaluator, addr, provider, &value).await
    }

    /// Writes down that an operation begins. Objects of the built-in provider exist nowhere but in the
    /// state, so that nothing can be lost of them.
    pub(crate) async fn begin(
        &self,
        change: &ResourceChange,
        deposed: Option<&DeposedKey>,
        action: journal::Action,
        planned: &Value,
        private: &Arc<[u8]>,
    ) -> Result<(), Diagnostics> {
        if change.provider.provider.is_builtin() {
            return Ok(());
        }
        let planned = planned.clone().unmark_all();
        let planned = if planned.is_null() {
            Vec::new()
        } else {
            cty::msgpack::encode(&planned, planned.ty()).unwrap_or_default()
        };
        let intent = journal::Intent {
            address: change.addr.clone(),
            deposed: deposed.cloned(),
            action,
            provider: change.provider.clone(),
            planned: planned.into(),
            planned_private: private.clone(),
            time: self.round.surroundings.timestamp.clone(),
        };
        self.journal
            .record(Record::Intent(intent))
            .await
            .map_err(|e| journal_failed(&e, change).into())
    }

    /// Puts objects of an instance into the state and writes that down, all together; whether it is
    /// written. `deposed` is the former object that the operation was about, if it was one.
    pub(crate) async fn save(
        &self,
        change: &ResourceChange,
        deposed: Option<&DeposedKey>,
        objects: Objects,
        error: Option<&Diagnostic>,
    ) -> bool {
        {
            let mut state = self.state.borrow_mut();
            for (key, object) in &objects {
                match key {
                    Some(key) => {
                        state.set_deposed(&change.addr, &change.provider, key, object.clone());
                    }
                    None => state.set_current(&change.addr, &change.provider, object.clone()),
                }
            }
        }
        if change.provider.provider.is_builtin() {
            return true;
        }
        let outcome = journal::Outcome {
            address: change.addr.clone(),
            deposed: deposed.cloned(),
            provider: change.provider.clone(),
            objects,
            error: error.map(|e| e.summary.as_str().into()),
        };
        let recorded = self.journal.record(Record::Outcome(outcome)).await;
        if let Err(e) = &recorded {
            self.report([journal_failed(e, change)]);
        }
        recorded.is_ok()
    }

    /// An object as it is stored.
    pub(crate) fn encode(
        &self,
        change: &ResourceChange,
        call: &ObjectCall,
        object: &ObjectValue,
        status: ObjectStatus,
    ) -> Result<Arc<Object>, Diagnostics> {
        let mut encoded = Object::encode(&object.value, &call.ty()).map_err(|e| {
            Diagnostics::from(
                Diagnostic::error(
                    "Object cannot be stored",
                    format!("The object of {}: {e}", change.addr),
                )
                .about(&change.addr),
            )
        })?;
        encoded.schema_version = call.schema.version;
        encoded.private = object.private.clone();
        encoded.status = status;
        match self.round.program.find_resource(&change.addr.config()) {
            Some(_) if change.addr.resource.mode != addrs::Mode::Managed => {}
            Some((module, index)) => {
                encoded.dependencies = self.statics.dependencies(module, index);
                encoded.create_before_destroy = self.created_first.contains(&change.addr);
            }
            None => {
                if let Some(stored) = crate::execgraph::stored(&self.plan.prior_state, change) {
                    encoded.dependencies = stored.dependencies.clone();
                    encoded.create_before_destroy = stored.create_before_destroy;
                }
            }
        }
        Ok(Arc::new(encoded))
    }
}

/// What is known before anything is applied: objects that do not change, and data sources that were
/// read while planning.
fn settle(round: &Round<'_>, plan: &Plan, known: &mut BTreeMap<AbsResourceInstance, SlotValue>) {
    for change in &plan.changes {
        if change.change.action == Action::NoOp && change.deposed.is_none() {
            known.insert(
                change.addr.clone(),
                SlotValue::Ready(change.change.after.clone()),
            );
        }
    }
    for (addr, resource, instance) in plan.prior_state.instances() {
        if known.contains_key(&addr) || plan_changes(plan, &addr) {
            continue;
        }
        let Some(object) = &instance.current else {
            continue;
        };
        let schema = round
            .schemas
            .resource(&resource.provider.provider, &addr.resource);
        if let Some(schema) = schema
            && let Ok(value) = object.decode(&schema.block.implied_type())
        {
            let sensitive = schema::sensitive_paths(&value, &schema.block);
            known.insert(addr, SlotValue::Ready(value.mark_with_paths(&sensitive)));
        }
    }
}

/// The instances that are created before they are destroyed: because their block says so, or because
/// something that uses them exactly is.
fn created_first(round: &Round<'_>, plan: &Plan) -> BTreeSet<AbsResourceInstance> {
    let asked = |change: &ResourceChange| {
        round
            .program
            .find_resource(&change.addr.config())
            .is_some_and(|(module, index)| {
                round
                    .program
                    .resource(module, index)
                    .lifecycle
                    .create_before_destroy
                    == Some(true)
            })
    };
    let mut stack: Vec<Dependency> = (0u32..)
        .zip(&plan.changes)
        .filter(|(_, c)| asked(c))
        .map(|(i, _)| Dependency::Change(i))
        .collect();
    let mut seen = BTreeSet::new();
    while let Some(at) = stack.pop() {
        if !seen.insert(at) {
            continue;
        }
        match at {
            Dependency::Change(i) => {
                stack.extend(
                    plan.changes
                        .get(i as usize)
                        .into_iter()
                        .flat_map(|c| &c.depends_on),
                );
            }
            Dependency::Group(g) => stack.extend(plan.groups.get(g as usize).into_iter().flatten()),
        }
    }
    seen.into_iter()
        .filter_map(|d| match d {
            Dependency::Change(i) => plan.changes.get(i as usize).map(|c| c.addr.clone()),
            Dependency::Group(_) => None,
        })
        .collect()
}

/// Whether the plan has a change for the current object of an instance. Changes are sorted.
fn plan_changes(plan: &Plan, addr: &AbsResourceInstance) -> bool {
    plan.changes
        .binary_search_by(|c| (&c.addr, &c.deposed).cmp(&(addr, &None)))
        .is_ok()
}

fn journal_failed(error: &str, change: &ResourceChange) -> Diagnostic {
    Diagnostic::error(
        "Journal cannot be written",
        format!(
            "What happens to {} could not be written down: {error}. Without the journal a crash could lose objects, so nothing \
             more is begun for it.",
            change.addr
        ),
    )
    .about(&change.addr)
}
