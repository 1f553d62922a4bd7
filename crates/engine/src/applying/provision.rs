//! Provisioners of the objects that are created and destroyed.

use super::applier::Applier;
use crate::execgraph::stored;
use crate::provisioners::Provisioning;
use addrs::{AbsResourceInstance, InstanceKey, ModuleInstance};
use configs::{Provisioner, ProvisionerWhen, RemovedBlock};
use cty::Value;
use diags::Diagnostics;
use hcl::Body;
use lang::{ModuleInst, RepetitionData, Slot};
use plans::ResourceChange;
use states::{DeposedKey, ObjectStatus};
use std::rc::Rc;

/// The provisioners that a block has, and the connection that they share.
type Declared<'c> = (&'c [Provisioner], Option<&'c Body>);

impl Applier<'_> {
    /// Runs what is to run after an object was created.
    pub(super) async fn provision(
        &self,
        resource: &configs::Resource,
        slot: &Slot,
        object: &Value,
    ) -> Result<(), Diagnostics> {
        let inst = self.evaluator.inst(slot.inst);
        let provisioning = Provisioning {
            round: self.round,
            evaluator: &self.evaluator,
            inst: &inst,
            data: &slot.data,
            addr: &slot.addr,
            provisioners: &resource.provisioners,
            connection: resource.connection.as_ref(),
            object,
        };
        provisioning.run(ProvisionerWhen::Create).await
    }

    /// Runs what is to run before an object is destroyed, unless that was never finished or is
    /// no more the current one.
    pub(super) async fn provision_destroy(
        &self,
        change: &ResourceChange,
        deposed: Option<&DeposedKey>,
        object: &Value,
    ) -> Result<(), Diagnostics> {
        if deposed.is_some() {
            return Ok(());
        }
        let Some((provisioners, connection)) = self.declared(&change.addr) else {
            return Ok(());
        };
        let in_plan = stored(&self.plan.prior_state, change);
        let status = in_plan.map(|o| o.status);
        if status == Some(ObjectStatus::Tainted) || object.is_null() {
            return Ok(());
        }
        let data = match &change.addr.key {
            InstanceKey::None => RepetitionData::None,
            InstanceKey::Int(index) => RepetitionData::Count(Value::number(*index)),
            InstanceKey::Str(key) => {
                let key = Value::string(key.clone());
                RepetitionData::Each(key, Value::dynamic())
            }
        };
        let inst = self.nearest_inst(&change.addr);
        let provisioning = Provisioning {
            round: self.round,
            evaluator: &self.evaluator,
            inst: &inst,
            data: &data,
            addr: &change.addr,
            provisioners,
            connection,
            object,
        };
        provisioning.run(ProvisionerWhen::Destroy).await
    }

    /// The provisioners of an object's block, or of the block that says that it was removed.
    fn declared(&self, addr: &AbsResourceInstance) -> Option<Declared<'_>> {
        let program = self.round.program;
        let config = addr.config();
        if let Some((module, index)) = program.find_resource(&config) {
            let resource = program.resource(module, index);
            return Some((&resource.provisioners, resource.connection.as_ref()));
        }
        program.modules.iter().find_map(|def| {
            let removed = def.module.removed.iter().find(|removed| {
                matches!(&removed.from, RemovedBlock::Resource(from)
                    if from.resource == config.resource
                        && def.path.0.iter().chain(from.module.0.iter()).eq(config.module.0.iter()))
            })?;
            Some((&*removed.provisioners, removed.connection.as_ref()))
        })
    }

    /// The module instance of an object; where it is gone, the root, which knows as much of `self`.
    fn nearest_inst(&self, addr: &AbsResourceInstance) -> Rc<ModuleInst> {
        self.evaluator.find_inst(&addr.module).unwrap_or_else(|| {
            let root = self.evaluator.find_inst(&ModuleInstance::root());
            root.unwrap_or_else(|| self.evaluator.inst(lang::InstId(0)))
        })
    }
}
