//! Kubernetes clusters and what belongs to them.
//!
//! All creates have a client token, so they can be repeated at will. A cluster carries out one change at a time: what comes too early
//! is refused, and tried again.

mod access_entry;
mod access_policy_association;
mod addon;
mod cluster;
mod node_group;
mod pod_identity_association;

use crate::{Aws, error};
use aws_sdk_eks::types::{AssociatedAccessPolicy, UpdateStatus};
use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use futures::stream::{self, StreamExt, TryStreamExt};
use sdk::{
    AnyResource, Attr, Batch, Cx, Error, ErrorKind, Joining, Keep, Policy, Probe, Retry, Waiter,
    resource,
};
use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;
use std::time::Duration;

/// The resource types, by name.
pub(crate) fn resources() -> Vec<Box<dyn AnyResource<Aws>>> {
    vec![
        resource::<access_entry::AccessEntry>(),
        resource::<access_policy_association::AccessPolicyAssociation>(),
        resource::<addon::Addon>(),
        resource::<cluster::Cluster>(),
        resource::<node_group::NodeGroup>(),
        resource::<pod_identity_association::PodIdentityAssociation>(),
    ]
}

/// Reads that join.
#[derive(Debug)]
pub(crate) struct Reads {
    /// The access policies of a principal in a cluster: once for all associations that are read together.
    pub(crate) policies: Batch<(String, String), Vec<AssociatedAccessPolicy>, Error>,
}

impl Reads {
    pub(crate) fn new(
        client: impl Fn() -> aws_sdk_eks::Client + Clone + Send + Sync + 'static,
    ) -> Self {
        Self {
            policies: Batch::new(Joining::default(), move |keys| {
                let client = client();
                async move {
                    let read = |key| access_policies(client.clone(), key);
                    let all = stream::iter(keys).map(read).buffer_unordered(8);
                    let all: Vec<_> = all.try_collect().await?;
                    Ok(all.into_iter().flatten().collect::<BTreeMap<_, _>>())
                }
            }),
        }
    }
}

type Policies = ((String, String), Vec<AssociatedAccessPolicy>);

async fn access_policies(
    client: aws_sdk_eks::Client,
    (cluster, principal): (String, String),
) -> Result<Option<Policies>, Error> {
    let call = client
        .list_associated_access_policies()
        .cluster_name(&cluster)
        .principal_arn(&principal);
    let mut pages = call.into_paginator().items().send();
    let mut all = Vec::new();
    loop {
        match pages.next().await.transpose().map_err(error::of) {
            Ok(Some(policy)) => all.push(policy),
            Ok(None) => return Ok(Some(((cluster, principal), all))),
            Err(error) if error.is_not_found() => return Ok(None),
            Err(error) => {
                return Err(error.doing(format!("reading the access policies of {principal}")));
            }
        }
    }
}

/// What an error of a create means. The same token makes one object, however often it is sent.
fn of_create(error: &Error) -> Retry {
    // What EKS says of a role that IAM made just now.
    const UNSEEN: &[&str] = &[
        "does not exist",
        "cannot be found",
        "Error in role params",
        "Role could not be assumed",
        "trusted entity is not correct",
        "doesn't have the Amazon EKS Managed Policies",
        "IAM role's policy must include",
        "invalid principal",
        "trust relationships of nodeRole",
        "to assume it",
    ];
    let unseen = error.code == "InvalidParameterException"
        && UNSEEN.iter().any(|part| error.message.contains(part));
    match error.kind {
        _ if unseen => Retry::Within(super::iam::PROPAGATION),
        ErrorKind::Throttled | ErrorKind::Unavailable | ErrorKind::Lost => Retry::Later,
        _ => Retry::No,
    }
}

/// What an error of a change or a delete means: the cluster may be busy with another.
fn of_change(error: &Error) -> Retry {
    let busy = error.code == "InvalidRequestException" && error.message.contains("in progress");
    match error.kind {
        _ if busy => Retry::Later,
        ErrorKind::Conflict => Retry::Later,
        _ => of_create(error),
    }
}

/// Creates something with a client token.
async fn create<T, F, Fut>(cx: &Cx<'_, Aws>, send: F) -> Result<T, Error>
where
    F: Fn() -> Fut,
    Fut: Future<Output = Result<T, Error>>,
{
    let policy = Policy::default().deadline(cx.timeout());
    sdk::retry(policy, of_create, |_| send()).await
}

/// Changes something that may be busy.
async fn change<T, F, Fut>(cx: &Cx<'_, Aws>, send: F) -> Result<T, Error>
where
    F: Fn() -> Fut,
    Fut: Future<Output = Result<T, Error>>,
{
    let policy = Policy {
        attempts: u32::MAX,
        ..Policy::default().deadline(cx.timeout())
    };
    sdk::retry(policy, of_change, |_| send()).await
}

/// Deletes something that may be busy, or gone.
async fn delete<F, Fut>(cx: &Cx<'_, Aws>, send: F) -> Result<(), Error>
where
    F: Fn() -> Fut,
    Fut: Future<Output = Result<(), Error>>,
{
    match change(cx, send).await {
        Err(error) if error.is_not_found() => Ok(()),
        other => other,
    }
}

/// The token of a create; none outside of one.
fn token(cx: &Cx<'_, Aws>) -> Option<String> {
    let token = cx.create_token();
    (!token.is_empty()).then(|| token.to_owned())
}

/// What an update changes.
#[derive(Clone, Copy, Debug)]
enum Changed<'a> {
    Cluster,
    Nodegroup(&'a str),
    Addon(&'a str),
}

/// Waits until an update is carried out. The error says why it was not.
async fn wait_update(
    cx: &Cx<'_, Aws>,
    cluster: &str,
    of: Changed<'_>,
    update: Option<aws_sdk_eks::types::Update>,
    typical: Duration,
) -> Result<(), Error> {
    let Some(id) = update.and_then(|update| update.id) else {
        return Ok(());
    };
    let waiter = Waiter::new(format!("the update {id} of {cluster}"), cx.timeout());
    let probe = || async {
        let call = cx.eks().describe_update().name(cluster).update_id(&id);
        let call = match of {
            Changed::Cluster => call,
            Changed::Nodegroup(name) => call.nodegroup_name(name),
            Changed::Addon(name) => call.addon_name(name),
        };
        let update = match call.send().await.map_err(error::of) {
            Ok(answer) => answer.update,
            Err(error) if error.is_not_found() => None,
            Err(error) => return Err(error),
        };
        let Some(update) = update else {
            return Ok(Probe::Missing);
        };
        let status = update.status.clone().unwrap_or(UpdateStatus::InProgress);
        match status {
            UpdateStatus::Successful => Ok(Probe::Done(())),
            UpdateStatus::Failed | UpdateStatus::Cancelled => {
                let why = update.errors().iter().map(|error| {
                    let code = error.error_code().map_or("", |code| code.as_str());
                    let message = error.error_message().unwrap_or_default();
                    issue(code, message, error.resource_ids())
                });
                let why: Vec<String> = why.collect();
                let message = format!("The update {id} is {status}: {}", sentence(&why));
                Err(Error::new(ErrorKind::Other, "", message))
            }
            other => Ok(Probe::Pending(other.as_str().to_owned())),
        }
    };
    waiter
        .typical(typical)
        .until(probe)
        .await
        .map_err(Error::from)
        .doing(format!("updating {cluster}"))
}

/// An issue of the health of something.
fn issue(code: &str, message: &str, resources: &[String]) -> String {
    match resources {
        [] => format!("{code}: {message}"),
        these => format!("{code}: {message} ({})", these.join(", ")),
    }
}

/// Issues as one text.
fn sentence(issues: &[String]) -> String {
    match issues {
        [] => "EKS says nothing about why.".to_owned(),
        these => these.join("; "),
    }
}

/// The status of something that failed to become what it should.
fn failed(what: &str, status: &str, issues: &[String]) -> Error {
    let message = format!("{what} is {status}: {}", sentence(issues));
    Error::new(ErrorKind::Other, "", message)
}

/// A time as most attributes have it.
fn time(time: Option<&DateTime>) -> Attr<String> {
    let whole = time.map(|time| DateTime::from_secs(time.secs()));
    let text = whole.and_then(|time| time.fmt(Format::DateTime).ok());
    text.unwrap_or_default().into()
}

/// Clocks differ by no more than a signature allows.
const CLOCKS: i64 = 300;

/// Whether something may come from this create: it was not there before.
fn is_recent(cx: &Cx<'_, Aws>, created: Option<&DateTime>) -> bool {
    let planned = i64::try_from(cx.create_planned_at()).unwrap_or(i64::MAX);
    created.is_some_and(|created| created.secs() + CLOCKS >= planned)
}

/// Brings the tags of something from one set to another.
async fn set_tags(
    cx: &Cx<'_, Aws>,
    arn: &str,
    was: &crate::tags::Map,
    is: &crate::tags::Map,
) -> Result<(), Error> {
    let (set, gone) = crate::tags::changes(was, is);
    let doing = format!("tagging {arn}");
    if !gone.is_empty() {
        let call = cx
            .eks()
            .untag_resource()
            .resource_arn(arn)
            .set_tag_keys(Some(gone));
        let send = || async { error::done(call.clone().send().await) };
        change(cx, send).await.doing(doing.clone())?;
    }
    if !set.is_empty() {
        let call = cx
            .eks()
            .tag_resource()
            .resource_arn(arn)
            .set_tags(Some(set.into_iter().collect()));
        let send = || async { error::done(call.clone().send().await) };
        change(cx, send).await.doing(doing)?;
    }
    Ok(())
}

/// Tags as requests have them.
#[expect(clippy::disallowed_types, reason = "what the client takes")]
fn tags(tags: crate::tags::Map) -> Option<std::collections::HashMap<String, String>> {
    (!tags.is_empty()).then(|| tags.into_iter().collect())
}

/// Tags of an answer as pairs.
#[expect(clippy::disallowed_types, reason = "what the client gives")]
fn pairs(
    tags: Option<&std::collections::HashMap<String, String>>,
) -> impl Iterator<Item = (String, String)> + '_ {
    let all = tags.into_iter().flatten();
    all.map(|(key, value)| (key.clone(), value.clone()))
}

/// A collection that was not given stays so while there is nothing in it.
fn kept<T: Nothing>(found: T, known: &Attr<T>) -> Attr<T> {
    match (known, found.is_nothing()) {
        (Attr::Null, true) => Attr::Null,
        _ => found.into(),
    }
}

/// What can have nothing in it.
trait Nothing {
    fn is_nothing(&self) -> bool;
}

impl Nothing for BTreeSet<String> {
    fn is_nothing(&self) -> bool {
        self.is_empty()
    }
}

impl Nothing for BTreeMap<String, String> {
    fn is_nothing(&self) -> bool {
        self.is_empty()
    }
}

/// A text that is given.
fn text(attribute: &Attr<String>) -> Option<String> {
    attribute.to_option().filter(|text| !text.is_empty())
}

/// A number as requests have it.
fn number(attribute: &Attr<i64>) -> Option<i32> {
    attribute.known().and_then(|n| i32::try_from(*n).ok())
}

/// What names of clusters consist of.
fn cluster_name(text: &str) -> Result<(), String> {
    let starts = text
        .chars()
        .next()
        .is_some_and(|c| c.is_ascii_alphanumeric());
    let all = text
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
    match (starts && all, text.len()) {
        (true, 1..=100) => Ok(()),
        _ => Err(format!(
            "{text:?} must begin with a letter or digit, go on with letters, digits, - and _, and have at most 100 characters."
        )),
    }
}
