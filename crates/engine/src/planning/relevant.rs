//! Which attributes of resources a plan's changes may come from.

use super::planner::Planner;
use addrs::{AbsResourceInstance, ModuleInstance};
use cty::Path;
use lang::{Contributions, ModuleId, Node};
use plans::{Action, OutputChange, ResourceChange};
use std::collections::BTreeMap;
use std::sync::Arc;

impl Planner<'_> {
    /// The resource attributes that what changes refers to, directly or not.
    pub(crate) fn relevant_attributes(
        &self,
        changes: &[ResourceChange],
        outputs: &[OutputChange],
    ) -> Vec<(AbsResourceInstance, Path)> {
        let program = self.round.program;
        let schemas: BTreeMap<_, _> = program
            .modules
            .iter()
            .flat_map(|m| m.module.resources.values())
            .filter_map(|r| {
                let schema = self.round.schemas.resource(&r.provider_source, &r.addr)?;
                Some((type_of(r), schema))
            })
            .collect();
        let blocks = |r: &configs::Resource| schemas.get(&type_of(r)).map(|s| &s.block);
        let mut contributions = Contributions::new(program, &blocks);
        for change in changes.iter().filter(|c| c.change.action != Action::NoOp) {
            contributions.add_resource(&change.addr.module, &change.addr.resource);
        }
        for output in outputs.iter().filter(|o| o.change.action != Action::NoOp) {
            contributions.add_output(&ModuleInstance::root(), &output.name);
        }
        if !super::is_destroy(self.round) {
            self.add_module_outputs(&mut contributions);
        }
        contributions.finish()
    }

    /// What a called module puts out is not stored, so it always counts as new.
    fn add_module_outputs(&self, contributions: &mut Contributions<'_, '_>) {
        let program = self.round.program;
        for (def, module) in (0..).map(ModuleId).zip(&program.modules).skip(1) {
            for (i, output) in (0..).zip(module.module.outputs.values()) {
                if !self.is_included(Node::Output(def, i)) {
                    continue;
                }
                for inst in self.evaluator.insts_of(def) {
                    let value = self.evaluator.output(&inst, i).value;
                    if value.is_some_and(|v| !v.unmark().0.is_null()) {
                        contributions.add_output(&inst.addr, &output.name);
                    }
                }
            }
        }
    }

    fn is_included(&self, node: Node) -> bool {
        let Some(included) = &self.included else {
            return true;
        };
        let at = self.round.program.nodes.get(&node);
        at.is_some_and(|at| included.nodes.contains(at))
    }
}

/// What has one schema: the provider, the mode and the name of the type.
fn type_of(resource: &configs::Resource) -> (addrs::Provider, addrs::Mode, Arc<str>) {
    let addr = &resource.addr;
    (
        resource.provider_source.clone(),
        addr.mode,
        addr.kind.clone(),
    )
}
