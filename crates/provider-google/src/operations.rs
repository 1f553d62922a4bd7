//! Operations of Compute Engine: what takes time.

use crate::Google;
use crate::error::{from_gax, of_operation};
use google_cloud_compute_v1::model::{Operation, operation::Status};
use sdk::{Cx, Error, Incomplete, Keep, Probe, Waiter};
use std::time::Duration;

/// A new request id: however often a request with it is sent, it is carried out once.
pub(crate) fn request_id() -> String {
    uuid::Uuid::new_v4().to_string()
}

/// A request that was sent.
type Sent = Result<Operation, google_cloud_gax::error::Error>;

/// Sees a request of Compute Engine through: it was taken, and its operation is done without an error.
///
/// `doing` says what it is (`changing network n`); `typical` is how long it usually takes: it decides how often to ask.
pub(crate) async fn carried_out(
    cx: &Cx<'_, Google>,
    project: &str,
    doing: &str,
    typical: Duration,
    sent: Sent,
) -> Result<(), Error> {
    let operation = sent.map_err(|error| from_gax(&error).doing(doing))?;
    let ended = ended(cx, project, operation, typical).await;
    ended.and_then(|ended| outcome(&ended)).doing(doing)
}

/// The same for a request that makes `made`. If its operation failed, nothing was made; if the operation cannot be followed to its
/// end, the object is kept.
pub(crate) async fn created<M: Clone>(
    cx: &Cx<'_, Google>,
    project: &str,
    doing: &str,
    typical: Duration,
    sent: Sent,
    made: &M,
) -> Result<(), Incomplete<M>> {
    let operation = sent.map_err(|error| from_gax(&error).doing(doing))?;
    let ended = ended(cx, project, operation, typical).await;
    let ended = ended.doing(doing).keep(made)?;
    Ok(outcome(&ended).doing(doing)?)
}

/// The operation once it is done.
async fn ended(
    cx: &Cx<'_, Google>,
    project: &str,
    operation: Operation,
    typical: Duration,
) -> Result<Operation, Error> {
    if operation.status == Some(Status::Done) {
        return Ok(operation);
    }
    let name = operation.name.clone().unwrap_or_default();
    let region = operation.region.as_deref().map(crate::names::last);
    let waiter = Waiter::new(format!("operation {name}"), cx.timeout()).typical(typical);
    let cloud = cx.cloud();
    let (name, region) = (name.as_str(), region);
    let probe = || async move {
        let now = match region {
            Some(region) => {
                let client = cloud.clients.region_operations().await?;
                let get = client.get().set_project(project).set_region(region);
                get.set_operation(name).send().await
            }
            None => {
                let client = cloud.clients.global_operations().await?;
                let get = client.get().set_project(project);
                get.set_operation(name).send().await
            }
        };
        let now = now.map_err(|error| from_gax(&error))?;
        match now.status {
            Some(Status::Done) => Ok(Probe::Done(now)),
            status => Ok(Probe::Pending(
                status
                    .and_then(|s| s.name().map(str::to_owned))
                    .unwrap_or_default(),
            )),
        }
    };
    waiter.until(probe).await.map_err(Error::from)
}

fn outcome(operation: &Operation) -> Result<(), Error> {
    of_operation(operation).map_or(Ok(()), Err)
}
