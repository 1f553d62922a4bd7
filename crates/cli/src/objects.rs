//! Objects as values: what expressions see that are evaluated beside a plan or a state.

use addrs::AbsResourceInstance;
use cty::Value;
use engine::Round;
use lang::SlotValue;
use plans::Plan;
use states::State;
use std::collections::BTreeMap;
use std::rc::Rc;

/// Objects by the instances whose they are.
pub(crate) type Objects = BTreeMap<AbsResourceInstance, SlotValue>;

/// The objects of a state.
pub(crate) fn stored(round: &Round<'_>, state: &State) -> Objects {
    let mut objects = Objects::new();
    for (addr, resource, instance) in state.instances() {
        let provider = &resource.provider.provider;
        let schema = round.schemas.resource(provider, &addr.resource);
        if let (Some(object), Some(schema)) = (&instance.current, schema)
            && let Ok(value) = object.decode(&schema.block.implied_type())
        {
            let sensitive = schema::sensitive_paths(&value, &schema.block);
            objects.insert(addr, SlotValue::Ready(value.mark_with_paths(&sensitive)));
        }
    }
    objects
}

/// The objects as they would be after an apply.
pub(crate) fn planned(round: &Round<'_>, plan: &Plan) -> Objects {
    let mut objects = stored(round, &plan.prior_state);
    for change in plan.changes.iter().filter(|c| c.deposed.is_none()) {
        let after = change.change.after.clone();
        objects.insert(change.addr.clone(), SlotValue::Ready(after));
    }
    objects
}

/// How an evaluator finds them; nothing is known of those that are not there.
pub(crate) fn lookup(objects: Objects) -> Rc<dyn Fn(&AbsResourceInstance) -> SlotValue> {
    Rc::new(move |addr| {
        let unknown = || SlotValue::Ready(Value::dynamic());
        objects.get(addr).cloned().unwrap_or_else(unknown)
    })
}
