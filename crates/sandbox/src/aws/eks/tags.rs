//! Tags of everything that EKS has.

use super::Eks;
use super::call::Call;
use crate::aws::fault::Fault;
use http::StatusCode;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The tags of an object.
pub(crate) type Tags = BTreeMap<String, String>;

/// Refuses tags that AWS does not take.
pub(crate) fn check(tags: &Tags) -> Result<(), Fault> {
    if tags
        .keys()
        .any(|key| key.to_ascii_lowercase().starts_with("aws:"))
    {
        return Err(super::refusal::invalid(
            "Tag keys with prefix aws: are reserved and can't be used",
        ));
    }
    if tags.len() > 50 {
        return Err(super::refusal::invalid("Too many tags: 50 are allowed"));
    }
    Ok(())
}

/// ListTagsForResource
pub(crate) fn list(eks: &mut Eks, call: &Call<'_>) -> Result<Value, Fault> {
    let tags = of(eks, call)?;
    Ok(json!({"tags": tags}))
}

/// TagResource
pub(crate) fn add(eks: &mut Eks, call: &Call<'_>) -> Result<Value, Fault> {
    #[derive(serde::Deserialize)]
    struct Input {
        tags: Tags,
    }
    let input: Input = call.input()?;
    let bad = |fault: Fault| Fault::new("BadRequestException", fault.message);
    check(&input.tags).map_err(bad)?;
    let tags = of(eks, call)?;
    let mut all = tags.clone();
    all.extend(input.tags);
    check(&all).map_err(bad)?;
    *tags = all;
    Ok(json!({}))
}

/// UntagResource
pub(crate) fn remove(eks: &mut Eks, call: &Call<'_>) -> Result<Value, Fault> {
    let tags = of(eks, call)?;
    for (name, key) in &call.request.query {
        if name == "tagKeys" {
            tags.remove(key);
        }
    }
    Ok(json!({}))
}

/// The tags of the object that the path names by its ARN.
fn of<'a>(eks: &'a mut Eks, call: &Call<'_>) -> Result<&'a mut Tags, Fault> {
    // Clients that leave the slashes of an ARN as they are ask for the same.
    let arn = call.path.get(1..).unwrap_or_default().join("/");
    find(eks, &arn).ok_or_else(|| {
        let fault = Fault::new(
            "NotFoundException",
            format!("No resource found for ARN {arn}"),
        );
        fault.status(StatusCode::NOT_FOUND)
    })
}

fn find<'a>(eks: &'a mut Eks, arn: &str) -> Option<&'a mut Tags> {
    let (_, rest) = arn.strip_prefix("arn:aws:eks:")?.split_once(':')?;
    let (_, rest) = rest.split_once(':')?;
    let mut parts = rest.split('/');
    let (kind, cluster) = (parts.next()?, parts.next()?);
    let cluster = eks.clusters.get_mut(cluster)?;
    match kind {
        "cluster" => (cluster.living.shown.arn == arn).then_some(&mut cluster.tags),
        "nodegroup" => {
            let found = cluster.nodegroups.get_mut(parts.next()?)?;
            (found.living.shown.nodegroup_arn == arn).then_some(&mut found.tags)
        }
        "addon" => {
            let found = cluster.addons.get_mut(parts.next()?)?;
            (found.living.shown.addon_arn == arn).then_some(&mut found.tags)
        }
        "podidentityassociation" => {
            let found = cluster.associations.get_mut(parts.next()?)?;
            Some(&mut found.tags)
        }
        "access-entry" => {
            let mut entries = cluster.entries.values_mut();
            let found = entries.find(|entry| entry.access_entry_arn == arn)?;
            Some(&mut found.tags)
        }
        _ => None,
    }
}
