//! Updates: what is changing in a cluster, a node group or an add-on, and what was changed.

use super::Eks;
use super::call::{Call, Origin, Scene};
use super::refusal::not_found;
use crate::aws::fault::Fault;
use crate::clock::Instant;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// One update.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Update {
    pub(crate) id: String,
    pub(crate) of: Of,
    kind: String,
    params: Vec<(String, String)>,
    created: f64,
    due: Instant,
    origin: Option<Origin>,
}

/// What an update changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Of {
    Cluster,
    Nodegroup(String),
    Addon(String),
}

impl Of {
    fn asked(call: &Call<'_>) -> Self {
        let named = |name| call.request.parameter(name).map(str::to_owned);
        match (named("nodegroupName"), named("addonName")) {
            (Some(nodegroup), _) => Self::Nodegroup(nodegroup),
            (None, Some(addon)) => Self::Addon(addon),
            (None, None) => Self::Cluster,
        }
    }
}

impl Update {
    /// An update that starts now.
    pub(crate) fn new(
        of: Of,
        kind: &str,
        params: Vec<(&str, String)>,
        call: &Call<'_>,
        scene: &mut Scene<'_>,
    ) -> Self {
        let params = params.into_iter();
        Self {
            id: scene.ids.uuid(),
            of,
            kind: kind.to_owned(),
            params: params
                .map(|(name, value)| (name.to_owned(), value))
                .collect(),
            created: scene.seconds(),
            due: scene.due,
            origin: call.origin(),
        }
    }

    /// The update as it is shown. One that was answered as started is done at the next look, however short it takes.
    pub(crate) fn view(&self, now: Option<Instant>) -> Value {
        let done = now.is_some_and(|now| now >= self.due);
        let param = |(name, value): &(String, String)| json!({"type": name, "value": value});
        json!({
            "id": self.id,
            "status": if done { "Successful" } else { "InProgress" },
            "type": self.kind,
            "params": self.params.iter().map(param).collect::<Vec<_>>(),
            "createdAt": self.created,
            "errors": [],
        })
    }

    /// The update that this request started before, if it is a repetition.
    pub(crate) fn repeated(
        updates: &[Self],
        call: &Call<'_>,
        now: Instant,
    ) -> Result<Option<Value>, Fault> {
        for update in updates {
            if call.repeats(update.origin.as_ref())? {
                return Ok(Some(json!({"update": update.view(Some(now))})));
            }
        }
        Ok(None)
    }

    /// The id of what is under way there.
    pub(crate) fn in_progress<'a>(updates: &'a [Self], of: &Of, now: Instant) -> Option<&'a str> {
        let mut latest = updates.iter().rev().filter(|update| update.of == *of);
        latest
            .next()
            .filter(|update| update.due > now)
            .map(|update| update.id.as_str())
    }
}

/// ListUpdates
pub(crate) fn list(eks: &Eks, call: &Call<'_>) -> Result<Value, Fault> {
    let cluster = eks.cluster(call.part(1))?;
    let of = Of::asked(call);
    exists(cluster, &of)?;
    let updates = cluster.updates.iter().rev();
    let ids = updates.filter(|update| update.of == of);
    call.page("updateIds", ids.map(|update| json!(update.id)).collect())
}

/// DescribeUpdate
pub(crate) fn describe(eks: &Eks, call: &Call<'_>, scene: &Scene<'_>) -> Result<Value, Fault> {
    let cluster = eks.cluster(call.part(1))?;
    let of = Of::asked(call);
    exists(cluster, &of)?;
    let mut updates = cluster.updates.iter();
    let found = updates.find(|update| update.of == of && update.id == call.part(3));
    let update =
        found.ok_or_else(|| not_found(format!("No update found for ID: {}.", call.part(3))))?;
    Ok(json!({"update": update.view(Some(scene.now))}))
}

fn exists(cluster: &super::cluster::Cluster, of: &Of) -> Result<(), Fault> {
    match of {
        Of::Cluster => Ok(()),
        Of::Nodegroup(name) => cluster.nodegroup(name).map(drop),
        Of::Addon(name) => cluster.addon(name).map(drop),
    }
}
