//! Messages as plans.

use super::archive::Parts;
use super::encode::{LAYOUT, OWN_VERSION, sides};
use super::types::{
    from_action, from_dependency, from_mode, from_object_kind, from_reason, from_status,
};
use super::{message, problem};
use crate::{Change, Dependency, OutputChange, Plan, ResourceChange, VariableValue};
use addrs::{parse_provider_config, parse_resource_instance};
use cty::{Marks, Path, Step, Type, Value};
use diags::Diagnostics;
use prost::Message;
use states::{CheckObjectResult, CheckResult, DeposedKey};
use std::sync::Arc;

pub(super) fn plan(parts: &Parts) -> Result<Plan, Diagnostics> {
    let message = message::Plan::decode(&*parts.plan)
        .map_err(|error| problem(format!("its entry \"tfplan\" is damaged ({error})")))?;
    if message.version != LAYOUT {
        return Err(problem(format!(
            "its format has version {}, and this program reads version {LAYOUT}",
            message.version
        )));
    }
    if message.own_version == 0 {
        return Err(problem(
            "another program made it, and a plan can only be applied by the program that made it",
        ));
    }
    if message.own_version != OWN_VERSION {
        return Err(problem("another version of this program made it"));
    }
    let types = message.types.iter().map(Type::from_json);
    let types = types
        .collect::<Result<Vec<_>, _>>()
        .map_err(|error| problem(format!("it has a type that cannot be read ({error})")))?;
    let lookup = |_: &message::ResourceChange, index: u32| types.get(index as usize).cloned();
    let mut plan = content(&message, &lookup).map_err(problem)?;
    let state = states::file::read(&parts.state)?;
    plan.lineage = state.lineage.into();
    plan.serial = state.serial;
    plan.prior_state = state.state;
    plan.prev_run_state = states::file::read(&parts.prev_state)?.state;
    check_dependencies(&plan).map_err(problem)?;
    Ok(plan)
}

/// The type of an object of a change, by the number that is given for it.
type Lookup<'a> = &'a dyn Fn(&message::ResourceChange, u32) -> Option<Type>;

/// Everything but the states.
pub(super) fn content(message: &message::Plan, types: Lookup<'_>) -> Result<Plan, String> {
    let mut plan = Plan {
        mode: from_mode(message.ui_mode).ok_or("its mode is not known")?,
        changes: resources(&message.resource_changes, types)?,
        drift: resources(&message.resource_drift, types)?,
        targets: texts(&message.target_addrs),
        excludes: texts(&message.exclude_addrs),
        force_replace: texts(&message.force_replace_addrs),
        apply_time_variables: texts(&message.apply_time_variables),
        timestamp: message.timestamp.as_str().into(),
        errored: message.errored,
        applyable: message.applyable,
        complete: message.complete,
        workspace: message
            .backend
            .as_ref()
            .map_or("default", |b| &b.workspace)
            .into(),
        ..Plan::default()
    };
    for (name, value) in &message.variables {
        let value = cty::msgpack::decode(&value.msgpack, &Type::Dynamic)
            .map_err(|e| format!("the value of var.{name} is damaged ({e})"))?;
        plan.variables
            .insert(name.as_str().into(), VariableValue { value });
    }
    for output in &message.output_changes {
        let change = output.change.as_ref().ok_or("an output has no change")?;
        let none = message::ResourceChange::default();
        plan.outputs.push(OutputChange {
            name: output.name.as_str().into(),
            change: values(change, &|index| types(&none, index))
                .map_err(|e| format!("the output {} is damaged ({e})", output.name))?,
            sensitive: output.sensitive,
        });
    }
    for group in &message.groups {
        plan.groups.push(dependencies(&group.members)?);
    }
    for relevant in &message.relevant_attributes {
        // Terraform names resources and modules without keys here, too.
        let Ok(addr) = parse_resource_instance(&relevant.resource) else {
            continue;
        };
        let attr = relevant
            .attr
            .as_ref()
            .map_or_else(|| Ok(Path::root()), path)?;
        plan.relevant_attributes.push((addr, attr));
    }
    for check in &message.check_results {
        plan.checks.push(check_result(check)?);
    }
    Ok(plan)
}

fn texts(texts: &[String]) -> Vec<Arc<str>> {
    texts.iter().map(|t| t.as_str().into()).collect()
}

fn resources(
    changes: &[message::ResourceChange],
    types: Lookup<'_>,
) -> Result<Vec<ResourceChange>, String> {
    let changes = changes.iter().map(|change| {
        resource(change, types)
            .map_err(|e| format!("the change of {} is damaged ({e})", change.addr))
    });
    changes.collect()
}

fn resource(change: &message::ResourceChange, types: Lookup<'_>) -> Result<ResourceChange, String> {
    let addr = parse_resource_instance(&change.addr)?;
    let prev_run_addr = match &*change.prev_run_addr {
        "" => addr.clone(),
        text => parse_resource_instance(text)?,
    };
    let values = values(
        change.change.as_ref().ok_or("it has no values")?,
        &|index| types(change, index),
    )?;
    let reason = match change.action_reason {
        0 => None,
        reason => Some(from_reason(reason).ok_or("its reason is not known")?),
    };
    Ok(ResourceChange {
        addr,
        prev_run_addr,
        deposed: (!change.deposed_key.is_empty())
            .then(|| DeposedKey(change.deposed_key.as_str().into())),
        provider: parse_provider_config(&change.provider)?,
        change: values,
        reason,
        required_replace: change
            .required_replace
            .iter()
            .map(path)
            .collect::<Result<_, _>>()?,
        private: change.private.as_slice().into(),
        depends_on: dependencies(&change.depends_on)?,
    })
}

fn dependencies(numbers: &[u64]) -> Result<Vec<Dependency>, String> {
    let dependencies = numbers.iter().map(|n| from_dependency(*n));
    dependencies
        .collect::<Option<_>>()
        .ok_or_else(|| "a dependency is out of range".to_owned())
}

fn values(change: &message::Change, types: &dyn Fn(u32) -> Option<Type>) -> Result<Change, String> {
    let action = from_action(change.action).ok_or("its action is not known")?;
    let (with_before, with_after) = sides(action);
    let mut values = change.values.iter();
    let mut side = |wanted: bool, index: u32| -> Result<Value, String> {
        let ty = types(index).ok_or("it has no type")?;
        if !wanted {
            return Ok(Value::null(ty));
        }
        let value = values.next().ok_or("a value is missing")?;
        cty::msgpack::decode(&value.msgpack, &ty).map_err(|e| e.to_string())
    };
    let before = side(with_before, change.before_type)?;
    let mut after = side(with_after, change.after_type)?;
    if action == crate::Action::NoOp {
        after = before.clone();
    }
    Ok(Change {
        action,
        before: marked(&before, &change.before_sensitive_paths)?,
        after: marked(&after, &change.after_sensitive_paths)?,
        importing: change.importing.as_ref().map(|i| i.id.as_str().into()),
        generated_config: (!change.generated_config.is_empty())
            .then(|| change.generated_config.as_str().into()),
    })
}

fn marked(value: &Value, paths: &[message::Path]) -> Result<Value, String> {
    if paths.is_empty() {
        return Ok(value.clone());
    }
    let paths = paths.iter().map(|p| Ok((path(p)?, Marks::SENSITIVE)));
    let paths: Vec<_> = paths.collect::<Result<_, String>>()?;
    Ok(value.mark_with_paths(&paths))
}

fn path(path: &message::Path) -> Result<Path, String> {
    let steps = path.steps.iter().map(|step| match &step.selector {
        Some(message::Selector::AttributeName(name)) => Ok(Step::Attr(name.as_str().into())),
        Some(message::Selector::ElementKey(key)) => {
            let ty = match key.msgpack.first() {
                Some(0xa0..=0xbf | 0xd9..=0xdb) => Type::String,
                // An array: of a type and a value.
                Some(0x92) => Type::Dynamic,
                _ => Type::Number,
            };
            let key = cty::msgpack::decode(&key.msgpack, &ty);
            Ok(Step::Index(key.map_err(|e| e.to_string())?))
        }
        None => Err("a path has an empty step".to_owned()),
    });
    Ok(Path(steps.collect::<Result<_, String>>()?))
}

fn check_result(check: &message::CheckResults) -> Result<CheckResult, String> {
    let status = |status| from_status(status).ok_or("the status of a check is not known");
    let objects = check.objects.iter().map(|object| {
        Ok(CheckObjectResult {
            object_addr: object.object_addr.as_str().into(),
            status: status(object.status)?,
            failure_messages: texts(&object.failure_messages),
        })
    });
    let objects = objects.collect::<Result<Vec<_>, String>>()?;
    Ok(CheckResult {
        object_kind: from_object_kind(check.kind)
            .ok_or("the kind of a check is not known")?
            .into(),
        config_addr: check.config_addr.as_str().into(),
        status: status(check.status)?,
        objects: (!check.objects_unknown).then_some(objects),
    })
}

/// Dependencies lead to changes and groups that exist.
fn check_dependencies(plan: &Plan) -> Result<(), String> {
    let all = plan
        .changes
        .iter()
        .map(|c| &c.depends_on)
        .chain(&plan.groups);
    let exists = |dependency: &Dependency| match *dependency {
        Dependency::Change(index) => (index as usize) < plan.changes.len(),
        Dependency::Group(index) => (index as usize) < plan.groups.len(),
    };
    if all.flatten().all(exists) {
        Ok(())
    } else {
        Err("a dependency leads nowhere".to_owned())
    }
}
