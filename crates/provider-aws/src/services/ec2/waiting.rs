//! Waiting for objects of EC2, and deleting what others still use.

use crate::Aws;
use crate::error;
use sdk::{Batch, Cx, Error, Keep, Probe, Waiter};
use std::future::Future;
use std::time::Duration;

/// Waits until an object is as `pending` wants it, which gives the status of one that is not yet, and fails for one that will never be.
pub(super) async fn wait_until<T: Clone + Send + 'static>(
    cx: &Cx<'_, Aws>,
    what: &str,
    objects: &Batch<String, T, Error>,
    id: &str,
    pending: impl Fn(&T) -> Result<Option<String>, Error>,
) -> Result<T, Error> {
    let waiter = Waiter::new(format!("the {what} {id}"), cx.timeout());
    let probe = || async {
        let Some(found) = objects.get(id.to_owned()).await? else {
            return Ok(Probe::Missing);
        };
        Ok::<_, Error>(match pending(&found)? {
            Some(status) => Probe::Pending(status),
            None => Probe::Done(found),
        })
    };
    waiter.until(probe).await.map_err(Error::from)
}

/// Waits until an object can be seen.
pub(super) async fn wait_visible<T: Clone + Send + 'static>(
    cx: &Cx<'_, Aws>,
    what: &str,
    objects: &Batch<String, T, Error>,
    id: &str,
) -> Result<T, Error> {
    wait_until(cx, what, objects, id, |_| Ok(None)).await
}

/// Waits until an object is gone; `is_gone` says so of one that is still listed.
pub(super) async fn wait_gone<T: Clone + Send + 'static>(
    cx: &Cx<'_, Aws>,
    what: &str,
    objects: &Batch<String, T, Error>,
    id: &str,
    is_gone: impl Fn(&T) -> bool,
) -> Result<(), Error> {
    let waiter = Waiter::new(format!("the {what} {id} to be gone"), cx.timeout());
    let probe = || async {
        Ok::<_, Error>(match objects.get(id.to_owned()).await? {
            Some(found) if !is_gone(&found) => Probe::Pending("still there".to_owned()),
            _ => Probe::Done(()),
        })
    };
    waiter.until(probe).await.map_err(Error::from)
}

/// Deletes an object as soon as nothing uses it any more.
pub(super) async fn delete<Fut>(
    cx: &Cx<'_, Aws>,
    what: &str,
    id: &str,
    send: impl Fn() -> Fut,
) -> Result<(), Error>
where
    Fut: Future<Output = Result<(), Error>>,
{
    let policy = sdk::Policy::default().deadline(cx.timeout());
    let deleted = sdk::retry(policy, error::while_in_use, |_| send()).await;
    deleted.doing(format!("deleting the {what} {id}"))
}

/// Sends a request that refers to what was made just now, or that can be repeated at will.
pub(super) async fn patiently<T, Fut>(cx: &Cx<'_, Aws>, send: impl Fn() -> Fut) -> Result<T, Error>
where
    Fut: Future<Output = Result<T, Error>>,
{
    let policy = sdk::Policy::default().deadline(cx.timeout());
    sdk::retry(policy, error::while_unseen, |_| send()).await
}

/// How long a change may take until reads show it.
pub(super) const VISIBLE: Duration = Duration::from_secs(60);
