//! Creating EC2 objects exactly once.
//!
//! Most of the create calls of EC2 have no client token, so what they make carries a tag with the token of the create, by which
//! it is found again: after an answer that got lost, and after a crash. The tag is removed when the object is safely stored.

use crate::Aws;
use crate::error;
use aws_sdk_ec2::types::{Filter, ResourceType, Tag, TagSpecification};
use sdk::{Batch, Cx, Error, Joining, Policy, Writes, create_once};
use std::collections::BTreeMap;
use std::future::Future;

/// The key of the tag.
pub(crate) const CREATE_TAG: &str = "groma:create";

/// Tags of EC2 objects: writes for many objects join.
#[derive(Debug)]
pub(crate) struct Ec2Tags {
    /// By key and value, so that one call says it for many ids.
    set: Writes<(String, String, String), Error>,
    remove: Writes<(String, String), Error>,
    tokens: Batch<(String, String), String, Error>,
}

impl Ec2Tags {
    pub(crate) fn new(
        client: impl Fn() -> aws_sdk_ec2::Client + Clone + Send + Sync + 'static,
    ) -> Self {
        let clients = (client.clone(), client.clone(), client);
        Self {
            set: Writes::new(Joining::default(), move |tags| set(clients.0(), tags)),
            remove: Writes::new(Joining::default(), move |tags| remove(clients.1(), tags)),
            tokens: Batch::new(Joining::default(), move |tokens| find(clients.2(), tokens)),
        }
    }

    /// Sets tags of an object.
    pub(crate) async fn set(
        &self,
        id: &str,
        tags: impl IntoIterator<Item = (String, String)>,
    ) -> Result<(), Error> {
        let writes = tags
            .into_iter()
            .map(|(key, value)| self.set.put((key, value, id.to_owned())));
        futures::future::try_join_all(writes).await.map(|_| ())
    }

    /// Removes tags of an object.
    pub(crate) async fn remove(
        &self,
        id: &str,
        keys: impl IntoIterator<Item = String>,
    ) -> Result<(), Error> {
        let writes = keys
            .into_iter()
            .map(|key| self.remove.put((key, id.to_owned())));
        futures::future::try_join_all(writes).await.map(|_| ())
    }
}

/// For each tag the ids of the objects, and all tags of the same objects in one call.
async fn set(
    client: aws_sdk_ec2::Client,
    tags: Vec<(String, String, String)>,
) -> Result<(), Error> {
    let mut by_id: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
    for (key, value, id) in tags {
        by_id.entry(id).or_default().push((key, value));
    }
    for (tags, ids) in same(by_id) {
        let tags = tags
            .into_iter()
            .map(|(key, value)| tag(key, value))
            .collect();
        let call = client
            .create_tags()
            .set_resources(Some(ids))
            .set_tags(Some(tags));
        call.send()
            .await
            .map_err(|e| error::of(e).doing("setting tags"))?;
    }
    Ok(())
}

async fn remove(client: aws_sdk_ec2::Client, tags: Vec<(String, String)>) -> Result<(), Error> {
    let mut by_id: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (key, id) in tags {
        by_id.entry(id).or_default().push(key);
    }
    for (keys, ids) in same(by_id) {
        let tags = keys
            .into_iter()
            .map(|key| Tag::builder().key(key).build())
            .collect();
        let call = client
            .delete_tags()
            .set_resources(Some(ids))
            .set_tags(Some(tags));
        call.send()
            .await
            .map_err(|e| error::of(e).doing("removing tags"))?;
    }
    Ok(())
}

/// The ids of the objects for which the same is to be done.
fn same<T: Ord>(by_id: BTreeMap<String, T>) -> BTreeMap<T, Vec<String>> {
    let mut same: BTreeMap<T, Vec<String>> = BTreeMap::new();
    for (id, what) in by_id {
        same.entry(what).or_default().push(id);
    }
    same
}

/// The ids of what was made with these tokens, by kind and token.
async fn find(
    client: aws_sdk_ec2::Client,
    tokens: Vec<(String, String)>,
) -> Result<BTreeMap<(String, String), String>, Error> {
    let values = tokens.into_iter().map(|(_, token)| token).collect();
    let filters = vec![
        Filter::builder().name("key").values(CREATE_TAG).build(),
        Filter::builder()
            .name("value")
            .set_values(Some(values))
            .build(),
    ];
    let mut pages = client
        .describe_tags()
        .set_filters(Some(filters))
        .into_paginator()
        .items()
        .send();
    let mut found = BTreeMap::new();
    while let Some(tag) = pages.next().await {
        let tag = tag.map_err(|e| error::of(e).doing("looking for an interrupted create"))?;
        if let (Some(kind), Some(value), Some(id)) = (tag.resource_type, tag.value, tag.resource_id)
        {
            found.insert((kind.as_str().to_owned(), value), id);
        }
    }
    Ok(found)
}

pub(crate) fn tag(key: impl Into<String>, value: impl Into<String>) -> Tag {
    Tag::builder().key(key).value(value).build()
}

/// Tags as pairs.
pub(crate) fn pairs(tags: Option<&[Tag]>) -> impl Iterator<Item = (String, String)> + '_ {
    tags.unwrap_or_default()
        .iter()
        .filter_map(|tag| Some((tag.key.clone()?, tag.value.clone().unwrap_or_default())))
}

/// The id of what an interrupted create of this kind made.
pub(crate) async fn find_created(
    cx: &Cx<'_, Aws>,
    kind: &ResourceType,
) -> Result<Option<String>, Error> {
    let token = cx.create_token();
    if token.is_empty() {
        return Ok(None);
    }
    let key = (kind.as_str().to_owned(), token.to_owned());
    cx.ec2_tags.tokens.get(key).await
}

/// What a create says about tags: those of the resource, and the one it is found by.
pub(crate) fn specification(
    cx: &Cx<'_, Aws>,
    kind: &ResourceType,
    tags: crate::tags::Map,
) -> Option<TagSpecification> {
    let mut tags: Vec<Tag> = tags
        .into_iter()
        .map(|(key, value)| tag(key, value))
        .collect();
    if !cx.create_token().is_empty() {
        tags.push(tag(CREATE_TAG, cx.create_token()));
    }
    (!tags.is_empty()).then(|| {
        TagSpecification::builder()
            .resource_type(kind.clone())
            .set_tags(Some(tags))
            .build()
    })
}

/// Makes an object of EC2 with a call that has no client token; answers with its id. `send` must send once
/// ([`Aws::ec2_once`]).
pub(crate) async fn once<F, Fut>(
    cx: &Cx<'_, Aws>,
    kind: ResourceType,
    send: F,
) -> Result<String, Error>
where
    F: Fn() -> Fut,
    Fut: Future<Output = Result<String, Error>>,
{
    once_while(cx, kind, error::of_write, send).await
}

/// The same with another view of what errors mean.
pub(crate) async fn once_while<F, Fut>(
    cx: &Cx<'_, Aws>,
    kind: ResourceType,
    classify: impl Fn(&Error) -> sdk::Retry,
    send: F,
) -> Result<String, Error>
where
    F: Fn() -> Fut,
    Fut: Future<Output = Result<String, Error>>,
{
    let policy = Policy::default().deadline(cx.timeout());
    create_once(policy, classify, || find_created(cx, &kind), |_| send()).await
}

/// The object is made and known. Where the host will ask once more, the tag stays until then; else it goes now.
///
/// That it could not be removed is no failure: the next read tries again.
pub(crate) async fn settle(cx: &Cx<'_, Aws>, id: &str) {
    if cx.create_token().is_empty() {
        return;
    }
    if cx.host_settles() {
        cx.settle_later();
        return;
    }
    if let Err(error) = cx.ec2_tags.remove(id, [CREATE_TAG.to_owned()]).await {
        tracing::warn!(id, %error, "the tag of the create stays until the next read");
    }
}

/// Removes the tag when a read still sees it.
pub(crate) async fn settle_read(cx: &Cx<'_, Aws>, id: &str, tags: Option<&[Tag]>) {
    let tags = tags.unwrap_or_default();
    // Not while the object is being made.
    if !cx.create_token().is_empty() || !tags.iter().any(|tag| tag.key() == Some(CREATE_TAG)) {
        return;
    }
    if let Err(error) = cx.ec2_tags.remove(id, [CREATE_TAG.to_owned()]).await {
        tracing::warn!(id, %error, "the tag of the create stays until the next read");
        cx.settle_later();
    }
}
