//! Plans as messages.

use super::WriteError;
use super::message;
use super::types::{to_action, to_dependency, to_mode, to_object_kind, to_reason, to_status};
use crate::{Action, Change, OutputChange, Plan, ResourceChange};
use cty::{Marks, Path, Step, Type, Value};
use prost::Message;
use std::collections::BTreeMap;

/// The version of Terraform's plan files that the layout is that of.
pub(super) const LAYOUT: u64 = 3;

/// The version of our own fields.
pub(super) const OWN_VERSION: u64 = 1;

/// The plan as the entry `tfplan`.
pub(super) fn plan(plan: &Plan) -> Result<Vec<u8>, WriteError> {
    let mut types = Types::default();
    let changes = |changes: &[ResourceChange], types: &mut Types| -> Result<Vec<_>, WriteError> {
        changes.iter().map(|c| resource(c, types)).collect()
    };
    let mut variables = BTreeMap::new();
    for (name, variable) in &plan.variables {
        let value = variable.value.clone().unmark_all();
        let value = encoded(&value, &Type::Dynamic, || format!("var.{name}"))?;
        variables.insert(name.to_string(), value);
    }
    let outputs = plan.outputs.iter().map(|o| output(o, &mut types));
    let output_changes = outputs.collect::<Result<Vec<_>, _>>()?;
    let relevant = plan.relevant_attributes.iter().map(|(addr, attr)| {
        Ok(message::ResourceAttribute {
            resource: addr.to_string(),
            attr: Some(path(attr)?),
        })
    });
    let groups = plan.groups.iter().map(|group| message::Group {
        members: group.iter().copied().map(to_dependency).collect(),
    });
    let message = message::Plan {
        version: LAYOUT,
        variables,
        resource_changes: changes(&plan.changes, &mut types)?,
        output_changes,
        target_addrs: strings(&plan.targets),
        exclude_addrs: strings(&plan.excludes),
        backend: Some(message::Backend {
            kind: "local".into(),
            config: None,
            workspace: plan.workspace.to_string(),
        }),
        terraform_version: states::TERRAFORM_VERSION.into(),
        relevant_attributes: relevant.collect::<Result<Vec<_>, WriteError>>()?,
        force_replace_addrs: strings(&plan.force_replace),
        ui_mode: to_mode(plan.mode),
        resource_drift: changes(&plan.drift, &mut types)?,
        check_results: plan.checks.iter().map(check).collect(),
        errored: plan.errored,
        timestamp: plan.timestamp.to_string(),
        applyable: plan.applyable,
        complete: plan.complete,
        apply_time_variables: strings(&plan.apply_time_variables),
        own_version: OWN_VERSION,
        groups: groups.collect(),
        types: types.texts,
    };
    Ok(message.encode_to_vec())
}

fn strings(texts: &[std::sync::Arc<str>]) -> Vec<String> {
    texts.iter().map(ToString::to_string).collect()
}

/// The types of all objects, each once.
#[derive(Default)]
struct Types {
    indices: BTreeMap<Type, u32>,
    texts: Vec<String>,
}

impl Types {
    fn index(&mut self, ty: &Type) -> u32 {
        if let Some(index) = self.indices.get(ty) {
            return *index;
        }
        let index = u32::try_from(self.texts.len()).unwrap_or(u32::MAX);
        self.texts.push(ty.to_json());
        self.indices.insert(ty.clone(), index);
        index
    }
}

fn encoded(
    value: &Value,
    ty: &Type,
    what: impl FnOnce() -> String,
) -> Result<message::DynamicValue, WriteError> {
    match cty::msgpack::encode(value, ty) {
        Ok(msgpack) => Ok(message::DynamicValue { msgpack }),
        Err(error) => Err(WriteError::Value(what(), error)),
    }
}

fn resource(
    change: &ResourceChange,
    types: &mut Types,
) -> Result<message::ResourceChange, WriteError> {
    let addr = change.addr.to_string();
    let required = change.required_replace.iter().map(path);
    Ok(message::ResourceChange {
        deposed_key: change
            .deposed
            .as_ref()
            .map_or_else(String::new, ToString::to_string),
        provider: change.provider.to_string(),
        change: Some(values(&change.change, types, &addr)?),
        private: change.private.to_vec(),
        required_replace: required.collect::<Result<Vec<_>, _>>()?,
        action_reason: change.reason.map_or(0, to_reason),
        prev_run_addr: change.prev_run_addr.to_string(),
        depends_on: change
            .depends_on
            .iter()
            .copied()
            .map(to_dependency)
            .collect(),
        addr,
    })
}

fn output(change: &OutputChange, types: &mut Types) -> Result<message::OutputChange, WriteError> {
    let what = format!("output.{}", change.name);
    Ok(message::OutputChange {
        name: change.name.to_string(),
        change: Some(values(&change.change, types, &what)?),
        sensitive: change.sensitive,
    })
}

/// Which of before and after an action has in the file.
pub(super) const fn sides(action: Action) -> (bool, bool) {
    match action {
        Action::Create => (false, true),
        Action::Delete | Action::Forget | Action::NoOp => (true, false),
        _ => (true, true),
    }
}

fn values(change: &Change, types: &mut Types, what: &str) -> Result<message::Change, WriteError> {
    let (before, marks_before) = change.before.unmark_deep_with_paths();
    let (after, marks_after) = change.after.unmark_deep_with_paths();
    let (with_before, with_after) = sides(change.action);
    let mut values = Vec::new();
    for (value, wanted) in [(&before, with_before), (&after, with_after)] {
        if wanted {
            values.push(encoded(value, value.ty(), || what.to_owned())?);
        }
    }
    Ok(message::Change {
        action: to_action(change.action),
        values,
        before_sensitive_paths: sensitive(&marks_before)?,
        after_sensitive_paths: sensitive(&marks_after)?,
        importing: change
            .importing
            .as_ref()
            .map(|id| message::Importing { id: id.to_string() }),
        generated_config: change
            .generated_config
            .as_ref()
            .map_or_else(String::new, ToString::to_string),
        before_type: types.index(before.ty()),
        after_type: types.index(after.ty()),
    })
}

fn sensitive(marks: &[(Path, Marks)]) -> Result<Vec<message::Path>, WriteError> {
    let paths = marks.iter().filter(|(_, m)| m.is_sensitive());
    paths.map(|(p, _)| path(p)).collect()
}

fn path(path: &Path) -> Result<message::Path, WriteError> {
    let steps = path.steps().iter().map(|step| {
        let selector = match step {
            Step::Attr(name) => message::Selector::AttributeName(name.to_string()),
            Step::Index(key) => {
                let ty = match key.ty() {
                    ty @ (Type::String | Type::Number) => ty.clone(),
                    _ => Type::Dynamic,
                };
                let key = encoded(key, &ty, || format!("the path {path}"))?;
                message::Selector::ElementKey(key)
            }
        };
        Ok(message::Step {
            selector: Some(selector),
        })
    });
    let steps = steps.collect::<Result<Vec<_>, WriteError>>()?;
    Ok(message::Path { steps })
}

fn check(check: &states::CheckResult) -> message::CheckResults {
    let objects = check.objects.iter().flatten();
    message::CheckResults {
        kind: to_object_kind(&check.object_kind),
        config_addr: check.config_addr.to_string(),
        status: to_status(check.status),
        objects: objects
            .map(|object| message::ObjectResult {
                object_addr: object.object_addr.to_string(),
                status: to_status(object.status),
                failure_messages: strings(&object.failure_messages),
            })
            .collect(),
        objects_unknown: check.objects.is_none(),
    }
}
