//! Who may do what.
//!
//! IAM has no client tokens, and what was written shows late. Creates are sent once and looked for when the answer is lost; reads
//! after a write wait until it shows.

mod document;
mod policy;
mod policy_document;
mod role;
mod role_policy_attachment;

use crate::{Aws, error};
use aws_sdk_iam::config::retry::RetryConfig;
use aws_sdk_iam::types::Tag;
use aws_smithy_types::DateTime;
use futures::stream::{self, StreamExt, TryStreamExt};
use sdk::{
    AnyDataSource, AnyResource, Batch, Cx, Error, ErrorKind, Joining, Policy, Retry, data_source,
    resource,
};
use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;
use std::time::Duration;

/// The resource types, by name.
pub(crate) fn resources() -> Vec<Box<dyn AnyResource<Aws>>> {
    vec![
        resource::<policy::IamPolicy>(),
        resource::<role::Role>(),
        resource::<role_policy_attachment::RolePolicyAttachment>(),
    ]
}

/// The data sources, by name.
pub(crate) fn data_sources() -> Vec<Box<dyn AnyDataSource<Aws>>> {
    vec![data_source::<policy_document::PolicyDocument>()]
}

/// How long it may take until all of AWS knows what was written.
pub(crate) const PROPAGATION: Duration = Duration::from_secs(120);

/// The most requests under way at once for things that have no call for many.
const AT_ONCE: usize = 8;

/// Reads that join.
#[derive(Debug)]
pub(crate) struct Reads {
    /// The ARNs of the policies attached to a role, by its name: once for all attachments that are read together.
    pub(crate) attached: Batch<String, BTreeSet<String>, Error>,
}

impl Reads {
    pub(crate) fn new(
        client: impl Fn() -> aws_sdk_iam::Client + Clone + Send + Sync + 'static,
    ) -> Self {
        Self {
            attached: Batch::new(Joining::default(), move |roles| {
                let client = client();
                async move {
                    let read = |role: String| attached(client.clone(), role);
                    let all = stream::iter(roles).map(read).buffer_unordered(AT_ONCE);
                    let all: Vec<_> = all.try_collect().await?;
                    Ok(all.into_iter().flatten().collect::<BTreeMap<_, _>>())
                }
            }),
        }
    }
}

async fn attached(
    client: aws_sdk_iam::Client,
    role: String,
) -> Result<Option<(String, BTreeSet<String>)>, Error> {
    let call = client.list_attached_role_policies().role_name(&role);
    let mut pages = call.into_paginator().items().send();
    let mut arns = BTreeSet::new();
    loop {
        match pages.next().await.transpose().map_err(error::of) {
            Ok(Some(policy)) => arns.extend(policy.policy_arn),
            Ok(None) => return Ok(Some((role, arns))),
            Err(error) if error.is_not_found() => return Ok(None),
            Err(error) => {
                return Err(error.doing(format!("reading the policies of the IAM role {role}")));
            }
        }
    }
}

/// Settings of a call that is sent once.
fn once() -> aws_sdk_iam::config::Builder {
    aws_sdk_iam::config::Builder::new().retry_config(RetryConfig::disabled())
}

/// Makes something exactly once: `find` tells whether a lost request made it.
async fn make<T, S, SFut, F, FFut>(cx: &Cx<'_, Aws>, find: F, send: S) -> Result<T, Error>
where
    F: Fn() -> FFut,
    FFut: Future<Output = Result<Option<T>, Error>>,
    S: Fn() -> SFut,
    SFut: Future<Output = Result<T, Error>>,
{
    let policy = Policy::default().deadline(cx.timeout());
    let find = &find;
    let sent = |attempt: u32| {
        let sending = send();
        async move {
            match sending.await {
                // The request that was lost has come to its end after all.
                Err(error) if attempt > 0 && error.kind == ErrorKind::AlreadyExists => {
                    find().await?.ok_or(error)
                }
                other => other,
            }
        }
    };
    sdk::create_once(policy, of_write, find, sent).await
}

/// What an error of a write means that must not be carried out twice.
fn of_write(error: &Error) -> Retry {
    if is_unseen_principal(error) {
        return Retry::Within(PROPAGATION);
    }
    match error.code.as_str() {
        "ConcurrentModification" => Retry::Later,
        _ => error::of_write(error),
    }
}

/// Whether a document names somebody who was made just now.
fn is_unseen_principal(error: &Error) -> bool {
    error.code == "MalformedPolicyDocument" && error.message.contains("Invalid principal")
}

/// The same for a write that can be repeated.
fn of_repeatable(error: &Error) -> Retry {
    match of_write(error) {
        Retry::Ambiguous => Retry::Later,
        other => other,
    }
}

/// Repeats a write as long as somebody else writes, or does not see yet what it names.
async fn write<T, F, Fut>(cx: &Cx<'_, Aws>, send: F) -> Result<T, Error>
where
    F: Fn() -> Fut,
    Fut: Future<Output = Result<T, Error>>,
{
    let policy = Policy::default().deadline(cx.timeout());
    sdk::retry(policy, of_repeatable, |_| send()).await
}

/// How long something that depends on a thing may still show after it is gone.
const LEAVING: Duration = Duration::from_secs(30);

/// Deletes what others may still seem to use.
async fn delete<F, Fut>(cx: &Cx<'_, Aws>, send: F) -> Result<(), Error>
where
    F: Fn() -> Fut,
    Fut: Future<Output = Result<(), Error>>,
{
    let policy = Policy::default().deadline(cx.timeout());
    let classify = |error: &Error| match error.code.as_str() {
        "DeleteConflict" => Retry::Within(LEAVING),
        _ => of_repeatable(error),
    };
    match sdk::retry(policy, classify, |_| send()).await {
        Err(error) if error.is_not_found() => Ok(()),
        other => other,
    }
}

/// Clocks differ by no more than a signature allows.
const CLOCKS: i64 = 300;

/// Whether something may come from this create: it was not there before.
fn is_recent(cx: &Cx<'_, Aws>, created: Option<&DateTime>) -> bool {
    let planned = i64::try_from(cx.create_planned_at()).unwrap_or(i64::MAX);
    created.is_some_and(|created| created.secs() + CLOCKS >= planned)
}

/// Tags as requests have them.
fn tags(tags: impl IntoIterator<Item = (String, String)>) -> Result<Vec<Tag>, Error> {
    let tag = |(key, value)| Tag::builder().key(key).value(value).build();
    let tags = tags.into_iter().map(tag);
    tags.collect::<Result<_, _>>()
        .map_err(|e| Error::invalid(e.to_string()))
}

/// Tags as pairs.
fn pairs(tags: &[Tag]) -> impl Iterator<Item = (String, String)> + '_ {
    tags.iter()
        .map(|tag| (tag.key().to_owned(), tag.value().to_owned()))
}

/// A document as answers have it.
fn unescaped(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let escaped = (*first == b'%').then(|| after.get(..2)).flatten();
        let hex = escaped.and_then(|hex| std::str::from_utf8(hex).ok());
        match hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = &after[2..];
            }
            None => {
                bytes.push(if *first == b'+' { b' ' } else { *first });
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// What names of IAM consist of.
fn name(text: &str) -> Result<(), String> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "+=,.@_-".contains(c);
    match text.chars().all(allowed) {
        true => Ok(()),
        false => Err(format!(
            "{text:?} may contain only letters, digits and + = , . @ - _."
        )),
    }
}

/// A name or prefix of at most so many characters.
fn name_of(text: &str, most: usize) -> Result<(), String> {
    name(text)?;
    match text.len() {
        len if (1..=most).contains(&len) => Ok(()),
        len => Err(format!("It must have 1 to {most} characters, not {len}.")),
    }
}

/// An ARN.
pub(crate) fn arn(text: &str) -> Result<(), String> {
    let parts: Vec<&str> = text.splitn(6, ':').collect();
    match parts[..] {
        ["arn", partition, service, _, _, resource]
            if partition.starts_with("aws") && !service.is_empty() && !resource.is_empty() =>
        {
            Ok(())
        }
        _ => Err(format!(
            "{text:?} is not an ARN such as \"arn:aws:iam::123456789012:role/name\"."
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_are_unescaped() {
        assert_eq!(unescaped("%7B%22a%22%3A+1%7d"), r#"{"a": 1}"#);
        assert_eq!(unescaped("100%"), "100%");
    }

    #[test]
    fn arns_have_six_parts() {
        assert!(arn("arn:aws:iam::aws:policy/ReadOnlyAccess").is_ok());
        assert!(arn("ReadOnlyAccess").is_err());
        assert!(arn("arn:aws:iam::123456789012").is_err());
    }
}
