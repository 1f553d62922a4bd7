//! The instances of blocks: `count` and `for_each`.

use super::{Attempted, Dep, Evaluator, Want, with};
use crate::instances::{CallExpansion, Expansion, ModuleInst, Slot, SlotId, index_keys};
use crate::repetition::{count_keys, each_keys};
use crate::settings::Mode;
use crate::{Keys, RepetitionData};
use configs::Repetition;
use std::cell::{OnceCell, RefCell};
use std::rc::Rc;

impl Evaluator<'_> {
    pub(super) fn compute_expansion(&self, inst: &Rc<ModuleInst>, index: u32) -> Vec<Want> {
        let resource = self.program.resource(inst.def, index);
        let cell = &inst.resources[index as usize];
        let (keys, deps) = match self.keys(inst, &resource.repetition) {
            Ok(done) => done,
            Err(wants) => return wants,
        };
        let deps = with(deps, &inst.expanded_by);
        let expansion = keys.map(|keys| {
            let abs = resource.addr.absolute(inst.addr.clone());
            let mut slots = self.slots.borrow_mut();
            let made: Vec<Rc<Slot>> = keys
                .iter()
                .map(|(key, data)| {
                    let data = match self.settings.mode {
                        Mode::Validate => self.placeholder(&resource.repetition),
                        _ => data,
                    };
                    let addr = abs.instance(key);
                    let known = self
                        .settings
                        .known
                        .as_ref()
                        .map(|known| known(&addr))
                        .unwrap_or_default();
                    let slot = Rc::new(Slot {
                        id: SlotId(slots.len() as u32),
                        addr,
                        data,
                        inst: inst.id,
                        value: RefCell::new(known),
                    });
                    slots.push(slot.clone());
                    slot
                })
                .collect();
            drop(slots);
            // The number of instances may depend on something even when there are none.
            let members: Rc<[Dep]> = made
                .iter()
                .map(|s| Dep::Slot(s.id))
                .chain(deps.iter().copied())
                .collect();
            let mut groups = self.groups.borrow_mut();
            groups.push(members);
            let group = Dep::Group(groups.len() as u32 - 1);
            Rc::new(Expansion {
                by_key: index_keys(&keys),
                keys,
                slots: made,
                group,
                deps,
                whole: OnceCell::new(),
            })
        });
        let _ = cell.set(expansion);
        Vec::new()
    }

    pub(super) fn compute_call(&self, inst: &Rc<ModuleInst>, index: u32) -> Vec<Want> {
        let module = self.program.module(inst.def);
        let call = &module.module.calls[index as usize];
        let (keys, deps) = match self.keys(inst, &call.repetition) {
            Ok(done) => done,
            Err(wants) => return wants,
        };
        let child = module.children[index as usize].ok_or(());
        let expansion = keys.and_then(|keys| {
            let child = child?;
            let expanded_by: Rc<[Dep]> = self
                .add_group(deps.clone())
                .into_iter()
                .chain(inst.expanded_by.iter().copied())
                .collect();
            let instances = keys
                .iter()
                .map(|(key, data)| {
                    let data = match self.settings.mode {
                        Mode::Validate => self.placeholder(&call.repetition),
                        _ => data,
                    };
                    self.add_inst(
                        child,
                        inst.addr.child(call.name.clone(), key),
                        Some(inst.id),
                        (data, expanded_by.clone()),
                    )
                })
                .collect();
            Ok(Rc::new(CallExpansion {
                by_key: index_keys(&keys),
                keys,
                instances,
                deps,
            }))
        });
        let _ = inst.calls[index as usize].set(expansion);
        Vec::new()
    }

    fn keys(&self, inst: &ModuleInst, repetition: &Repetition) -> Attempted<Result<Keys, ()>> {
        if self.settings.mode == Mode::Validate {
            return self.validate_keys(inst, repetition);
        }
        let none = RepetitionData::None;
        let (result, deps) = match repetition {
            Repetition::Single => return Ok((Ok(Keys::Single), Rc::new([]))),
            Repetition::Count(expr) => {
                let (value, deps) = self.attempt(inst, &none, |env| expr.evaluate(env))?;
                (value.and_then(|v| count_keys(&v, expr)), deps)
            }
            Repetition::ForEach(expr) => {
                let (value, deps) = self.attempt(inst, &none, |env| expr.evaluate(env))?;
                (value.and_then(|v| each_keys(&v, expr)), deps)
            }
        };
        Ok((result.map_err(|diags| self.report(diags)), deps))
    }

    /// While validating, every block has one instance; the expression is only checked.
    fn validate_keys(
        &self,
        inst: &ModuleInst,
        repetition: &Repetition,
    ) -> Attempted<Result<Keys, ()>> {
        if let Some(expr) = repetition.expr() {
            let (value, _) = self.attempt(inst, &RepetitionData::None, |env| expr.evaluate(env))?;
            let checked = value.and_then(|v| match repetition {
                Repetition::ForEach(_) if crate::repetition::is_known_secret(&v) => {
                    each_keys(&v, expr)
                }
                _ if !v.is_wholly_known() && !crate::repetition::is_ephemeral(&v) => {
                    Ok(Keys::Single)
                }
                Repetition::Count(_) => count_keys(&v, expr),
                _ => each_keys(&v, expr),
            });
            if let Err(diags) = checked {
                self.report(diags);
            }
        }
        Ok((Ok(Keys::Single), Rc::new([])))
    }
}
