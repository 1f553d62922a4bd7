//! Operations of Kubernetes Engine: one at a time for each cluster, asked for by name until they are done.

use crate::Google;
use crate::error::from_gax;
use crate::names::{self, needed};
use google_cloud_container_v1::model::{Operation, operation::Status};
use google_cloud_gax::error::Error as Gax;
use sdk::{Attr, Cx, Error, ErrorKind, Keep, Probe, Retry, Waiter};
use std::time::Duration;

/// Where a cluster is.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Place {
    pub(super) project: String,
    pub(super) location: String,
    pub(super) cluster: String,
}

impl Place {
    /// From what a resource says, and for what it does not say what the provider does. `cluster` may be a whole path.
    pub(super) fn of(
        project: &Attr<String>,
        location: &Attr<String>,
        cluster: &str,
        cx: &Google,
    ) -> Result<Self, Error> {
        let parts: Vec<&str> = names::relative(cluster).split('/').collect();
        let (from_project, from_location) = match parts[..] {
            ["projects", project, _, location, "clusters", _] => (Some(project), Some(location)),
            _ => (None, None),
        };
        let or = |given: &Attr<String>, path: Option<&str>, other: &Option<String>| {
            let path = Attr::from(path.map(str::to_owned));
            given.clone().or(path).or(other.clone().into())
        };
        let project = or(project, from_project, &cx.project);
        let location = or(location, from_location, &cx.zone).or(cx.region.clone().into());
        Ok(Self {
            project: needed(&project, "project")?.to_owned(),
            location: names::last(needed(&location, "location")?).to_owned(),
            cluster: names::last(cluster).to_owned(),
        })
    }

    /// What a cluster is in.
    pub(super) fn parent(&self) -> String {
        format!("projects/{}/locations/{}", self.project, self.location)
    }

    /// The path of the cluster.
    pub(super) fn path(&self) -> String {
        format!("{}/clusters/{}", self.parent(), self.cluster)
    }

    /// The path of a node pool.
    pub(super) fn pool(&self, pool: &str) -> String {
        format!("{}/nodePools/{pool}", self.path())
    }
}

/// Whether an error says that the cluster is busy: another operation is under way.
pub(super) fn is_busy(error: &Error) -> bool {
    error.kind == ErrorKind::Conflict
        && (error.code == "ABORTED" || error.message.to_ascii_lowercase().contains("operation"))
}

/// What an error of a request that can be repeated means.
pub(super) fn meaning(error: &Error) -> Retry {
    match is_busy(error) {
        true => Retry::Later,
        false => Retry::of(error),
    }
}

/// How long requests are repeated: while the cluster is busy, until the operation's time is up.
pub(super) fn patience(cx: &Cx<'_, Google>) -> sdk::Policy {
    sdk::Policy {
        attempts: u32::MAX,
        ..sdk::Policy::default().deadline(cx.timeout())
    }
}

/// Sends a change as soon as the cluster is free, and waits until it is carried out. Repeating it must be harmless.
pub(super) async fn change<F, Fut>(
    cx: &Cx<'_, Google>,
    place: &Place,
    typical: Duration,
    mut send: F,
) -> Result<(), Error>
where
    F: FnMut() -> Fut + Send,
    Fut: Future<Output = Result<Operation, Gax>> + Send,
{
    let _turn = cx.turns.take(&place.path()).await;
    let once = |_| {
        let sent = send();
        async { sent.await.map_err(|error| from_gax(&error)) }
    };
    let operation = sdk::retry(patience(cx), meaning, once).await?;
    finish(cx, place, operation, typical).await
}

/// Waits until an operation is done. That it failed is an error.
pub(super) async fn finish(
    cx: &Cx<'_, Google>,
    place: &Place,
    operation: Operation,
    typical: Duration,
) -> Result<(), Error> {
    if operation.status == Status::Done {
        return outcome(&operation);
    }
    let name = format!("{}/operations/{}", place.parent(), operation.name);
    let waiter = Waiter::new(format!("operation {}", operation.name), cx.timeout());
    let waiter = waiter.typical(typical);
    let clusters = cx.clients.clusters().await?;
    let name = name.as_str();
    let ended = waiter.until(|| async move {
        let now = clusters.get_operation().set_name(name).send().await;
        let now = now.map_err(|error| from_gax(&error))?;
        Ok::<_, Error>(match now.status {
            Status::Done => Probe::Done(now),
            status => Probe::Pending(status.name().unwrap_or("RUNNING").to_owned()),
        })
    });
    let ended = ended
        .await
        .map_err(Error::from)
        .doing("waiting for Kubernetes Engine")?;
    outcome(&ended)
}

fn outcome(operation: &Operation) -> Result<(), Error> {
    match &operation.error {
        Some(status) if status.code != 0 => {
            let code = google_cloud_gax::error::rpc::Code::from(status.code);
            Err(Error::new(ErrorKind::Other, code.name(), &status.message))
        }
        _ => Ok(()),
    }
}
