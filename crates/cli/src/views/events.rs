//! The `-json` stream: one object per line, as version 1.2 of Terraform's.

#[cfg(test)]
mod tests;

use super::plan::{PROGRAM, Totals};
use addrs::{AbsResourceInstance, InstanceKey};
use plans::{Action, ActionReason, Plan, ResourceChange};
use serde_json::{Map, Value, json};
use states::{OutputValue, State};
use std::sync::Arc;
use std::time::Duration;

/// The version of the stream.
const UI: &str = "1.2";

/// A line of the stream, its members sorted by name.
pub(crate) fn event(level: &str, message: &str, kind: &str, members: Map<String, Value>) -> String {
    let now = chrono::Utc::now().to_rfc3339_opts(chrono::SecondsFormat::Micros, true);
    let mut all = Map::new();
    all.insert("@level".into(), level.into());
    all.insert("@message".into(), message.into());
    all.insert("@module".into(), "terraform.ui".into());
    all.insert("@timestamp".into(), now.into());
    all.extend(members);
    all.insert("type".into(), kind.into());
    all.sort_keys();
    Value::Object(all).to_string()
}

fn info(
    message: &str,
    kind: &str,
    members: impl IntoIterator<Item = (&'static str, Value)>,
) -> String {
    let members = members
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value));
    event("info", message, kind, members.collect())
}

/// The first line.
pub(crate) fn version() -> String {
    let version = states::TERRAFORM_VERSION;
    info(
        &format!("{PROGRAM} {version}"),
        "version",
        [("terraform", version.into()), ("ui", UI.into())],
    )
}

fn resource(addr: &AbsResourceInstance) -> Value {
    let key = match &addr.key {
        InstanceKey::None => Value::Null,
        InstanceKey::Int(i) => (*i).into(),
        InstanceKey::Str(s) => (&**s).into(),
    };
    json!({
        "addr": addr.to_string(),
        "module": addr.module.to_string(),
        "resource": format!("{}{}", addr.resource, addr.key),
        "implied_provider": addr.resource.implied_provider(),
        "resource_type": &*addr.resource.kind,
        "resource_name": &*addr.resource.name,
        "resource_key": key,
    })
}

/// Names of actions in the stream.
const fn action_name(action: Action) -> &'static str {
    match action {
        Action::NoOp => "noop",
        Action::Create => "create",
        Action::Read => "read",
        Action::Update => "update",
        Action::DeleteThenCreate | Action::CreateThenDelete => "replace",
        Action::Delete => "delete",
        Action::Forget => "remove",
    }
}

const fn reason_name(reason: ActionReason) -> &'static str {
    match reason {
        ActionReason::ReplaceBecauseTainted => "tainted",
        ActionReason::ReplaceByRequest => "requested",
        ActionReason::ReplaceBecauseCannotUpdate => "cannot_update",
        ActionReason::ReplaceByTriggers => "replace_by_triggers",
        other => plans::json::action_reason(other),
    }
}

fn change_event(change: &ResourceChange, kind: &str, verb: Option<&str>) -> String {
    let moved = change.prev_run_addr != change.addr;
    let action = match change.change.action {
        Action::NoOp if moved => "move",
        Action::NoOp if change.change.importing.is_some() => "import",
        action => action_name(action),
    };
    let mut members = Map::new();
    members.insert("resource".into(), resource(&change.addr));
    if moved {
        members.insert("previous_resource".into(), resource(&change.prev_run_addr));
    }
    members.insert("action".into(), action.into());
    if let Some(reason) = change.reason {
        members.insert("reason".into(), reason_name(reason).into());
    }
    if let Some(id) = &change.change.importing {
        members.insert("importing".into(), json!({"id": &**id}));
    }
    if let Some(config) = &change.change.generated_config {
        members.insert("generated_config".into(), (&**config).into());
    }
    let verb = verb.map_or_else(|| format!("Plan to {action}"), str::to_owned);
    let message = format!("{}: {verb}", change.addr);
    info(&message, kind, [("change", Value::Object(members))])
}

/// Something that changed outside.
pub(crate) fn resource_drift(change: &ResourceChange) -> String {
    let action = action_name(change.change.action);
    change_event(
        change,
        "resource_drift",
        Some(&format!("Drift detected ({action})")),
    )
}

/// All lines that a plan makes: drift, changes, how much that is, outputs.
pub(crate) fn plan(plan: &Plan) -> Vec<String> {
    let mut lines = Vec::new();
    let drift = plan.drift.iter();
    lines.extend(
        drift
            .filter(|d| d.change.action != Action::NoOp)
            .map(resource_drift),
    );
    for change in &plan.changes {
        let moved = change.prev_run_addr != change.addr;
        let nothing =
            change.change.action == Action::NoOp && !moved && change.change.importing.is_none();
        let data = change.addr.resource.mode == addrs::Mode::Data;
        if !nothing && (!data || change.change.action != Action::Delete) {
            lines.push(change_event(change, "planned_change", None));
        }
    }
    let totals = Totals::of(plan);
    lines.push(change_summary(&super::plan::summary(plan), totals, "plan"));
    if !plan.outputs.is_empty() {
        let mut outputs = Map::new();
        for output in &plan.outputs {
            let action = action_name(output.change.action);
            outputs.insert(
                output.name.to_string(),
                json!({"sensitive": output.sensitive, "action": action}),
            );
        }
        let message = format!("Outputs: {}", outputs.len());
        lines.push(info(&message, "outputs", [("outputs", outputs.into())]));
    }
    lines
}

/// How much was or will be done.
pub(crate) fn change_summary(message: &str, totals: Totals, operation: &str) -> String {
    let changes = json!({
        "add": totals.add,
        "change": totals.change,
        "import": totals.import,
        "remove": totals.remove,
        "operation": operation,
    });
    info(message, "change_summary", [("changes", changes)])
}

/// The outputs after an apply.
pub(crate) fn outputs(state: &State) -> String {
    let mut outputs = Map::new();
    for (name, output) in &state.outputs {
        outputs.insert(name.to_string(), output_value(output));
    }
    let message = format!("Outputs: {}", outputs.len());
    info(&message, "outputs", [("outputs", outputs.into())])
}

fn output_value(output: &OutputValue) -> Value {
    let parsed = |text: &str| serde_json::from_str::<Value>(text).unwrap_or_default();
    let mut members = Map::new();
    members.insert("sensitive".into(), output.sensitive.into());
    members.insert("type".into(), parsed(&output.value.ty().to_json()));
    if !output.sensitive {
        let json = cty::json::encode_simple(&output.value).unwrap_or_default();
        members.insert("value".into(), parsed(&json));
    }
    members.into()
}

/// What is being done to one object.
#[derive(Clone, Debug)]
pub(crate) struct Hook {
    /// The instance.
    pub(crate) addr: AbsResourceInstance,
    /// What is done.
    pub(crate) action: Action,
    /// The object's id.
    pub(crate) id: Option<Arc<str>>,
}

impl Hook {
    fn members(&self, with_action: bool, elapsed: Option<Duration>) -> Value {
        let mut members = Map::new();
        members.insert("resource".into(), resource(&self.addr));
        if with_action {
            members.insert("action".into(), action_name(self.action).into());
        }
        if let Some(id) = &self.id {
            members.insert("id_key".into(), "id".into());
            members.insert("id_value".into(), (&**id).into());
        }
        if let Some(elapsed) = elapsed {
            members.insert("elapsed_seconds".into(), elapsed.as_secs().into());
        }
        members.into()
    }

    fn event(
        &self,
        kind: &str,
        text: &str,
        with_action: bool,
        elapsed: Option<Duration>,
    ) -> String {
        let id = self
            .id
            .as_ref()
            .map_or_else(String::new, |id| format!(" [id={id}]"));
        let message = format!("{}: {text}{id}", self.addr);
        info(
            &message,
            kind,
            [("hook", self.members(with_action, elapsed))],
        )
    }

    pub(crate) fn refresh_start(&self) -> String {
        self.event("refresh_start", "Refreshing state...", false, None)
    }

    pub(crate) fn refresh_complete(&self) -> String {
        self.event("refresh_complete", "Refresh complete", false, None)
    }

    pub(crate) fn apply_start(&self) -> String {
        self.event(
            "apply_start",
            &format!("{}...", doing(self.action)),
            true,
            None,
        )
    }

    pub(crate) fn apply_progress(&self, elapsed: Duration) -> String {
        let text = format!(
            "Still {}... [{} elapsed]",
            doing(self.action).to_lowercase(),
            short(elapsed)
        );
        let silent = Self {
            id: None,
            ..self.clone()
        };
        silent.event("apply_progress", &text, true, Some(elapsed))
    }

    pub(crate) fn apply_complete(&self, elapsed: Duration) -> String {
        let text = format!("{} complete after {}", done(self.action), short(elapsed));
        // What is gone has no id.
        let id = self.id.clone().filter(|_| self.action != Action::Delete);
        let hook = Self { id, ..self.clone() };
        hook.event("apply_complete", &text, true, Some(elapsed))
    }

    pub(crate) fn apply_errored(&self, elapsed: Duration) -> String {
        let text = format!("{} errored after {}", done(self.action), short(elapsed));
        let silent = Self {
            id: None,
            ..self.clone()
        };
        silent.event("apply_errored", &text, true, Some(elapsed))
    }
}

/// A line about an ephemeral resource: it begins (`None`), goes on, ended well or failed.
pub(crate) fn ephemeral(
    addr: &AbsResourceInstance,
    op: engine::EphemeralOp,
    stage: EphemeralStage,
) -> String {
    let mut hook = Map::new();
    hook.insert("resource".into(), resource(addr));
    let name = match op {
        engine::EphemeralOp::Open => "open",
        engine::EphemeralOp::Renew => "renew",
        engine::EphemeralOp::Close => "close",
    };
    hook.insert("action".into(), name.into());
    let (doing, done) = (ephemeral_doing(op), ephemeral_done(op));
    let (kind, text, elapsed) = match stage {
        EphemeralStage::Start => ("ephemeral_op_start", format!("{doing}..."), None),
        EphemeralStage::Progress(t) => (
            "ephemeral_op_progress",
            format!("Still {}... [{} elapsed]", doing.to_lowercase(), short(t)),
            Some(t),
        ),
        EphemeralStage::Complete(t) => (
            "ephemeral_op_complete",
            format!("{done} complete after {}", short(t)),
            Some(t),
        ),
        EphemeralStage::Errored(t) => (
            "ephemeral_op_errored",
            format!("{done} errored after {}", short(t)),
            Some(t),
        ),
    };
    if let Some(elapsed) = elapsed {
        hook.insert("elapsed_seconds".into(), elapsed.as_secs().into());
    }
    info(&format!("{addr}: {text}"), kind, [("hook", hook.into())])
}

/// A line about a provisioner.
pub(crate) fn provision(
    addr: &AbsResourceInstance,
    kind: &str,
    stage: ProvisionStage<'_>,
) -> String {
    let mut hook = Map::new();
    hook.insert("resource".into(), resource(addr));
    hook.insert("provisioner".into(), kind.into());
    let (event, text) = match stage {
        ProvisionStage::Start => ("provision_start", format!("Provisioning with '{kind}'...")),
        ProvisionStage::Output(line) => {
            hook.insert("output".into(), line.into());
            ("provision_progress", format!("({kind}): {line}"))
        }
        ProvisionStage::Complete => (
            "provision_complete",
            format!("({kind}) Provisioning complete"),
        ),
        ProvisionStage::Errored => (
            "provision_errored",
            format!("({kind}) Provisioning errored"),
        ),
    };
    info(&format!("{addr}: {text}"), event, [("hook", hook.into())])
}

/// How far a provisioner is.
#[derive(Clone, Copy, Debug)]
pub(crate) enum ProvisionStage<'a> {
    Start,
    Output(&'a str),
    Complete,
    Errored,
}

/// How far something that is done with an ephemeral resource is, and for how long it took so far.
#[derive(Clone, Copy, Debug)]
pub(crate) enum EphemeralStage {
    Start,
    Progress(Duration),
    Complete(Duration),
    Errored(Duration),
}

/// `Opening`, `Closing` …
pub(crate) const fn ephemeral_doing(op: engine::EphemeralOp) -> &'static str {
    match op {
        engine::EphemeralOp::Open => "Opening",
        engine::EphemeralOp::Renew => "Renewing",
        engine::EphemeralOp::Close => "Closing",
    }
}

/// What it is called when it has ended.
pub(crate) const fn ephemeral_done(op: engine::EphemeralOp) -> &'static str {
    match op {
        engine::EphemeralOp::Open => "Opening",
        engine::EphemeralOp::Renew => "Renewal",
        engine::EphemeralOp::Close => "Closing",
    }
}

/// `Creating`, `Destroying` …
pub(crate) const fn doing(action: Action) -> &'static str {
    match action {
        Action::Create => "Creating",
        Action::Update => "Modifying",
        Action::Delete => "Destroying",
        Action::Read => "Reading",
        _ => "Replacing",
    }
}

/// `Creation`, `Destruction` …
pub(crate) const fn done(action: Action) -> &'static str {
    match action {
        Action::Create => "Creation",
        Action::Update => "Modifications",
        Action::Delete => "Destruction",
        Action::Read => "Read",
        _ => "Replacement",
    }
}

/// `1h2m3s`
pub(crate) fn short(elapsed: Duration) -> String {
    let seconds = elapsed.as_secs();
    match (seconds / 3600, seconds / 60 % 60, seconds % 60) {
        (0, 0, s) => format!("{s}s"),
        (0, m, s) => format!("{m}m{s}s"),
        (h, m, s) => format!("{h}h{m}m{s}s"),
    }
}
