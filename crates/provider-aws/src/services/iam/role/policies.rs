//! The policies of a role: those attached to it, and those that are part of it.

use super::{InlinePolicy, Role};
use crate::services::iam::{AT_ONCE, document, unescaped, write};
use crate::{Aws, error};
use futures::stream::{self, StreamExt, TryStreamExt};
use sdk::{Attr, Blocks, Cx, Error, Keep, Probe, Waiter};
use std::collections::{BTreeMap, BTreeSet};

/// Documents by name.
pub(super) type Documents = BTreeMap<String, String>;

/// The policies that are part of a role.
pub(super) async fn inline(cx: &Cx<'_, Aws>, role: &str) -> Result<Documents, Error> {
    let doing = || format!("reading the policies in the IAM role {role}");
    let mut names = Vec::new();
    let mut pages = cx
        .iam()
        .list_role_policies()
        .role_name(role)
        .into_paginator()
        .items()
        .send();
    while let Some(name) = pages
        .next()
        .await
        .transpose()
        .map_err(error::of)
        .doing(doing())?
    {
        names.push(name);
    }
    let read = |name: String| async move {
        let call = cx
            .iam()
            .get_role_policy()
            .role_name(role)
            .policy_name(&name);
        let answer = call.send().await.map_err(error::of)?;
        let document = document::version_first(&unescaped(answer.policy_document()));
        Ok::<_, Error>((name, document))
    };
    stream::iter(names)
        .map(read)
        .buffer_unordered(AT_ONCE)
        .try_collect()
        .await
        .doing(doing())
}

/// Takes off all policies.
pub(super) async fn detach_all(cx: &Cx<'_, Aws>, role: &str) -> Result<(), Error> {
    let attached = cx.iam_reads.attached.get(role.to_owned()).await?;
    for arn in attached.unwrap_or_default() {
        detach(cx, role, &arn).await?;
    }
    Ok(())
}

/// Removes all policies that are part of it.
pub(super) async fn remove_all(cx: &Cx<'_, Aws>, role: &str) -> Result<(), Error> {
    let all = match inline(cx, role).await {
        Err(error) if error.is_not_found() => return Ok(()),
        other => other?,
    };
    for name in all.keys() {
        remove(cx, role, name).await?;
    }
    Ok(())
}

/// Takes the role out of instance profiles.
pub(super) async fn leave_instance_profiles(cx: &Cx<'_, Aws>, role: &str) -> Result<(), Error> {
    let call = cx.iam().list_instance_profiles_for_role().role_name(role);
    let mut pages = call.into_paginator().items().send();
    let mut profiles = Vec::new();
    loop {
        match pages.next().await.transpose().map_err(error::of) {
            Ok(Some(profile)) => profiles.push(profile.instance_profile_name().to_owned()),
            Ok(None) => break,
            Err(error) if error.is_not_found() => return Ok(()),
            Err(error) => return Err(error),
        }
    }
    for profile in profiles {
        let call = cx
            .iam()
            .remove_role_from_instance_profile()
            .role_name(role)
            .instance_profile_name(profile);
        gone(write(cx, || async { error::done(call.clone().send().await) }).await)?;
    }
    Ok(())
}

/// Attaches a policy.
pub(crate) async fn attach(cx: &Cx<'_, Aws>, role: &str, arn: &str) -> Result<(), Error> {
    let call = cx
        .iam()
        .attach_role_policy()
        .role_name(role)
        .policy_arn(arn);
    let send = || async { error::done(call.clone().send().await) };
    write(cx, send)
        .await
        .doing(format!("attaching {arn} to the IAM role {role}"))
}

/// Takes off a policy; it is no error if it is not there.
pub(crate) async fn detach(cx: &Cx<'_, Aws>, role: &str, arn: &str) -> Result<(), Error> {
    let call = cx
        .iam()
        .detach_role_policy()
        .role_name(role)
        .policy_arn(arn);
    let send = || async { error::done(call.clone().send().await) };
    gone(write(cx, send).await).doing(format!("detaching {arn} from the IAM role {role}"))
}

async fn put(cx: &Cx<'_, Aws>, role: &str, name: &str, document: &str) -> Result<(), Error> {
    let call = cx
        .iam()
        .put_role_policy()
        .role_name(role)
        .policy_name(name)
        .policy_document(document);
    let send = || async { error::done(call.clone().send().await) };
    write(cx, send).await.doing(format!(
        "putting the policy {name} into the IAM role {role}"
    ))
}

async fn remove(cx: &Cx<'_, Aws>, role: &str, name: &str) -> Result<(), Error> {
    let call = cx
        .iam()
        .delete_role_policy()
        .role_name(role)
        .policy_name(name);
    let send = || async { error::done(call.clone().send().await) };
    gone(write(cx, send).await).doing(format!(
        "removing the policy {name} from the IAM role {role}"
    ))
}

fn gone(result: Result<(), Error>) -> Result<(), Error> {
    match result {
        Err(error) if error.is_not_found() => Ok(()),
        other => other,
    }
}

impl Role {
    /// Brings both kinds of policies from those of `prior` to those of this.
    pub(super) async fn set_policies(&self, prior: &Self, cx: &Cx<'_, Aws>) -> Result<(), Error> {
        let role = self.id.as_str();
        if !self.inline_policy.is_unknown() {
            let (was, is) = (prior.documents(), self.documents());
            for name in was.keys().filter(|name| !is.contains_key(*name)) {
                remove(cx, role, name).await?;
            }
            for (name, document) in is.iter().filter(|(name, d)| was.get(*name) != Some(*d)) {
                put(cx, role, name, document).await?;
            }
        }
        if let Some(is) = self.managed_policy_arns.known() {
            let was = prior.managed_policy_arns.or_default();
            for arn in was.difference(is) {
                detach(cx, role, arn).await?;
            }
            for arn in is.difference(&was) {
                attach(cx, role, arn).await?;
            }
            if *is != was {
                self.see_attached(is, cx).await?;
            }
        }
        Ok(())
    }

    async fn see_attached(&self, wanted: &BTreeSet<String>, cx: &Cx<'_, Aws>) -> Result<(), Error> {
        let role = self.id.as_str();
        let what = format!("the policies of the IAM role {role} to show");
        let waiter = Waiter::new(what, cx.timeout());
        let probe = || async {
            let found = cx.iam_reads.attached.get(role.to_owned()).await?;
            Ok::<_, Error>(match found {
                Some(found) if found == *wanted => Probe::Done(()),
                Some(found) => Probe::Pending(format!("{} policies", found.len())),
                None => Probe::Missing,
            })
        };
        waiter.until(probe).await.map_err(Error::from)
    }

    /// The inline policies; an empty block stands for none.
    fn documents(&self) -> Documents {
        let named = self.inline_policy.iter();
        let named = named.filter(|policy| !policy.name.as_str().is_empty());
        named
            .map(|policy| (policy.name.or_default(), policy.policy.or_default()))
            .collect()
    }

    /// Takes over the inline policies found. Those that say the same keep their text.
    pub(super) fn set_inline(&mut self, found: Documents) {
        let known = self.documents();
        if found.is_empty() && known.is_empty() {
            if self.inline_policy.is_unknown() {
                self.inline_policy = Blocks::default();
            }
            return;
        }
        let one = |(name, text): (String, String)| {
            let text = match known.get(&name) {
                Some(known) if document::is_same(known, &text) => known.clone(),
                _ => text,
            };
            InlinePolicy {
                name: name.into(),
                policy: Attr::from(text),
            }
        };
        self.inline_policy = found.into_iter().map(one).collect();
    }
}
