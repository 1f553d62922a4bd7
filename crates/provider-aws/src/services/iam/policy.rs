//! `aws_iam_policy`: a policy of the account that is attached to roles.

use super::document;
use crate::tags::{self, Tagged, Tags};
use crate::{Aws, error, names};
use aws_sdk_iam::types;
use sdk::{Applied, Attr, Change, Cx, Error, Keep, Model, Probe, Resource, Waiter};

/// Provides a managed IAM policy.
#[derive(Model, Clone, Debug, PartialEq)]
#[model(type_name = "aws_iam_policy", legacy)]
pub(crate) struct IamPolicy {
    /// The ARN.
    #[attr(computed)]
    arn: Attr<String>,
    /// To how many users, groups and roles it is attached.
    #[attr(computed)]
    attachment_count: Attr<i64>,
    /// What it is for.
    #[attr(optional, zero, requires_replace)]
    description: Attr<String>,
    /// The ARN.
    #[attr(optional, computed)]
    id: Attr<String>,
    /// The name.
    #[attr(optional, computed, requires_replace, validate_each = name, conflicts("name_prefix"))]
    name: Attr<String>,
    /// What a name that is made up begins with.
    #[attr(optional, computed, requires_replace, validate_each = name_prefix, conflicts("name"))]
    name_prefix: Attr<String>,
    /// The path.
    #[attr(optional, default = "/", requires_replace)]
    path: Attr<String>,
    /// What it allows, as a JSON document.
    #[attr(required, same = document::is_same, validate_each = document::check)]
    policy: Attr<String>,
    /// The id that no other policy ever has.
    #[attr(computed)]
    policy_id: Attr<String>,
    #[model(flatten)]
    tags: Tags,
}

/// The most versions that a policy has.
const VERSIONS: usize = 5;

fn name(text: &str) -> Result<(), String> {
    super::name_of(text, 128)
}

fn name_prefix(text: &str) -> Result<(), String> {
    super::name_of(text, 128 - names::SUFFIX)
}

impl Resource for IamPolicy {
    type Cloud = Aws;

    async fn create(self, cx: &Cx<'_, Aws>) -> Applied<Self> {
        let mut policy = self;
        policy.choose_name(cx);
        let doing = format!("creating the IAM policy {}", policy.name.as_str());
        let arn = policy.make(cx).await.doing(doing)?;
        policy.arn = arn.clone().into();
        policy.id = arn.into();
        policy.visible(cx).await.keep(&policy)
    }

    async fn read(mut self, cx: &Cx<'_, Aws>) -> Result<Option<Self>, Error> {
        self.tags = self.tags.reading();
        self.look(cx).await
    }

    async fn update(self, prior: Self, cx: &Cx<'_, Aws>) -> Applied<Self> {
        let doing = format!("changing the IAM policy {}", self.id.as_str());
        let wanted = document::normalized(self.policy.as_str());
        if wanted != document::normalized(prior.policy.as_str()) {
            self.prune(cx).await.doing(doing.clone()).keep(&prior)?;
            self.add_version(&wanted, cx)
                .await
                .doing(doing.clone())
                .keep(&prior)?;
        }
        self.set_tags(&prior, cx).await.doing(doing).keep(&prior)?;
        self.visible(cx).await.keep(&prior)
    }

    async fn delete(self, cx: &Cx<'_, Aws>) -> Result<(), Error> {
        let arn = self.id.as_str();
        let doing = format!("deleting the IAM policy {arn}");
        let versions = match self.versions(cx).await {
            Err(error) if error.is_not_found() => return Ok(()),
            other => other.doing(doing.clone())?,
        };
        for version in versions.iter().filter(|v| !v.is_default_version()) {
            let removed = self.remove_version(version, cx).await;
            removed.doing(doing.clone())?;
        }
        let send = || async {
            let call = cx.iam().delete_policy().policy_arn(arn);
            error::done(call.send().await)
        };
        super::delete(cx, send).await.doing(doing)
    }

    async fn import(id: &str, _: &Cx<'_, Aws>) -> Result<Self, Error> {
        Ok(Self {
            id: id.into(),
            ..Self::empty()
        })
    }

    async fn find_created(&self, cx: &Cx<'_, Aws>) -> Result<Option<Self>, Error> {
        let mut policy = self.clone();
        policy.choose_name(cx);
        match policy.made_by_this(cx).await? {
            Some(arn) => {
                policy.id = arn.into();
                policy.look(cx).await
            }
            None => Ok(None),
        }
    }

    fn plan(change: &mut Change<'_, Self, Aws>) {
        let planned = &mut change.planned;
        if let Attr::Known(text) = &planned.policy {
            planned.policy = document::normalized(text).into();
        }
    }
}

/// A policy by ARN.
async fn get(cx: &Cx<'_, Aws>, arn: &str) -> Result<Option<types::Policy>, Error> {
    let call = cx.iam().get_policy().policy_arn(arn);
    match call.send().await.map_err(error::of) {
        Ok(answer) => Ok(answer.policy),
        Err(error) if error.is_not_found() => Ok(None),
        Err(error) => Err(error.doing(format!("reading the IAM policy {arn}"))),
    }
}

/// The document of the version in force.
async fn default_document(
    cx: &Cx<'_, Aws>,
    policy: &types::Policy,
) -> Result<Option<String>, Error> {
    let arn = policy.arn().unwrap_or_default();
    let call = cx
        .iam()
        .get_policy_version()
        .policy_arn(arn)
        .version_id(policy.default_version_id().unwrap_or_default());
    match call.send().await.map_err(error::of) {
        Ok(answer) => {
            let version = answer.policy_version();
            let document = version.and_then(|version| version.document());
            Ok(Some(super::unescaped(document.unwrap_or_default())))
        }
        Err(error) if error.is_not_found() => Ok(None),
        Err(error) => Err(error.doing(format!("reading the IAM policy {arn}"))),
    }
}

impl IamPolicy {
    fn choose_name(&mut self, cx: &Cx<'_, Aws>) {
        if self.name.as_str().is_empty() {
            let prefix = match self.name_prefix.as_str() {
                "" => "terraform-",
                prefix => prefix,
            };
            self.name = names::unique(prefix, cx).into();
        }
    }

    async fn make(&self, cx: &Cx<'_, Aws>) -> Result<String, Error> {
        let tags = super::tags(self.tags.wanted(cx))?;
        let send = || async {
            let description = self.description.to_option().filter(|text| !text.is_empty());
            let call = cx
                .iam()
                .create_policy()
                .policy_name(self.name.as_str())
                .policy_document(document::normalized(self.policy.as_str()))
                .set_path(self.path.to_option())
                .set_description(description)
                .set_tags((!tags.is_empty()).then(|| tags.clone()));
            let answer = call.customize().config_override(super::once()).send().await;
            let made = answer.map_err(error::of)?.policy;
            made.and_then(|policy| policy.arn)
                .ok_or_else(|| Error::invalid("IAM answered without the ARN of the new policy"))
        };
        super::make(cx, || self.made_by_this(cx), send).await
    }

    /// The ARN of the policy, if a request of this create may have made it: it is new, and as it was asked for.
    async fn made_by_this(&self, cx: &Cx<'_, Aws>) -> Result<Option<String>, Error> {
        let (partition, account) = (cx.partition().id, cx.account_id().await?);
        let (path, name) = (self.path.to_option(), self.name.as_str());
        let path = path.unwrap_or_else(|| "/".to_owned());
        let arn = format!("arn:{partition}:iam::{account}:policy{path}{name}");
        let Some(found) = get(cx, &arn).await? else {
            return Ok(None);
        };
        let has: tags::Map = super::pairs(found.tags()).collect();
        let mut wanted = self.tags.wanted(cx).into_iter();
        let is_ours = super::is_recent(cx, found.create_date())
            && found.description().unwrap_or_default() == self.description.as_str()
            && wanted.all(|(key, value)| has.get(&key) == Some(&value));
        if !is_ours {
            return Ok(None);
        }
        let document = default_document(cx, &found).await?.unwrap_or_default();
        Ok(document::is_same(&document, &self.policy.or_default()).then_some(arn))
    }

    /// The policy as it is; `None`: it is gone.
    async fn look(self, cx: &Cx<'_, Aws>) -> Result<Option<Self>, Error> {
        let Some(found) = get(cx, self.id.as_str()).await? else {
            return Ok(None);
        };
        let document = default_document(cx, &found).await?;
        Ok(document.map(|document| self.completed(&found, &document, cx)))
    }

    async fn versions(&self, cx: &Cx<'_, Aws>) -> Result<Vec<types::PolicyVersion>, Error> {
        let call = cx.iam().list_policy_versions().policy_arn(self.id.as_str());
        let mut pages = call.into_paginator().items().send();
        let mut versions = Vec::new();
        while let Some(version) = pages.next().await.transpose().map_err(error::of)? {
            versions.push(version);
        }
        Ok(versions)
    }

    /// Makes room for another version: the oldest that is not in force goes.
    async fn prune(&self, cx: &Cx<'_, Aws>) -> Result<(), Error> {
        let versions = self.versions(cx).await?;
        if versions.len() < VERSIONS {
            return Ok(());
        }
        let old = versions.iter().filter(|v| !v.is_default_version());
        match old.min_by_key(|v| {
            v.create_date()
                .map(|date| (date.secs(), date.subsec_nanos()))
        }) {
            Some(oldest) => self.remove_version(oldest, cx).await,
            None => Ok(()),
        }
    }

    async fn remove_version(
        &self,
        version: &types::PolicyVersion,
        cx: &Cx<'_, Aws>,
    ) -> Result<(), Error> {
        let call = cx
            .iam()
            .delete_policy_version()
            .policy_arn(self.id.as_str())
            .version_id(version.version_id().unwrap_or_default());
        let send = || async { error::done(call.clone().send().await) };
        match super::write(cx, send).await {
            Err(error) if error.is_not_found() => Ok(()),
            other => other,
        }
    }

    /// Makes a document the one in force.
    async fn add_version(&self, document: &str, cx: &Cx<'_, Aws>) -> Result<(), Error> {
        let arn = self.id.as_str();
        let find = || async {
            let Some(found) = get(cx, arn).await? else {
                return Ok(None);
            };
            let there = default_document(cx, &found).await?.unwrap_or_default();
            Ok(document::is_same(&there, &document.to_owned()).then_some(()))
        };
        let send = || async {
            let call = cx
                .iam()
                .create_policy_version()
                .policy_arn(arn)
                .policy_document(document)
                .set_as_default(true);
            let answer = call.customize().config_override(super::once()).send().await;
            answer.map(|_| ()).map_err(error::of)
        };
        super::make(cx, find, send).await
    }

    async fn set_tags(&self, prior: &Self, cx: &Cx<'_, Aws>) -> Result<(), Error> {
        let (set, gone) = tags::changes(&prior.tags.wanted(cx), &self.tags.wanted(cx));
        let arn = self.id.as_str();
        if !gone.is_empty() {
            let call = cx
                .iam()
                .untag_policy()
                .policy_arn(arn)
                .set_tag_keys(Some(gone));
            let send = || async { error::done(call.clone().send().await) };
            super::write(cx, send).await?;
        }
        if !set.is_empty() {
            let call = cx
                .iam()
                .tag_policy()
                .policy_arn(arn)
                .set_tags(Some(super::tags(set)?));
            let send = || async { error::done(call.clone().send().await) };
            super::write(cx, send).await?;
        }
        Ok(())
    }

    /// Reads it once it shows as it should be.
    async fn visible(&self, cx: &Cx<'_, Aws>) -> Result<Self, Error> {
        let arn = self.id.as_str();
        let waiter = Waiter::new(format!("the IAM policy {arn} to show"), cx.timeout());
        let wanted = document::normalized(self.policy.as_str());
        let probe = || async {
            Ok::<_, Error>(match self.clone().look(cx).await? {
                None => Probe::Missing,
                Some(policy) if policy.policy.as_str() != wanted => {
                    Probe::Pending("the document is another".to_owned())
                }
                Some(policy) => Probe::Done(policy),
            })
        };
        waiter.until(probe).await.map_err(Error::from)
    }

    fn completed(mut self, found: &types::Policy, document: &str, cx: &Aws) -> Self {
        let text = |text: Option<&str>| Attr::from(text.unwrap_or_default());
        let name = found.policy_name().unwrap_or_default();
        self.arn = text(found.arn());
        self.id = text(found.arn());
        self.attachment_count = i64::from(found.attachment_count().unwrap_or(0)).into();
        self.description = text(found.description());
        self.name = name.into();
        self.name_prefix = names::prefix_of(name).unwrap_or_default().into();
        self.path = text(found.path());
        self.policy = document::kept(self.policy.as_str(), document).into();
        self.policy_id = text(found.policy_id());
        self.tags = self.tags.stored(super::pairs(found.tags()), cx);
        self
    }
}

#[cfg(test)]
mod tests {
    contract::contract! { crate::testing::WORLD, "aws_iam_policy",
        create: r#"
            name   = "a"
            policy = jsonencode({
              Version   = "2012-10-17"
              Statement = [{ Effect = "Allow", Action = "ec2:DescribeVpcs", Resource = "*" }]
            })"#,
        update: &[r#"
            name   = "a"
            policy = jsonencode({
              Version   = "2012-10-17"
              Statement = [{ Effect = "Allow", Action = "ec2:DescribeSubnets", Resource = "*" }]
            })
            tags = { a = "b" }"#],
        replace: &[r#"
            name_prefix = "b-"
            description = "another"
            policy      = jsonencode({
              Version   = "2012-10-17"
              Statement = [{ Effect = "Allow", Action = "ec2:DescribeVpcs", Resource = "*" }]
            })"#],
        import: "{arn}",
    }
}
