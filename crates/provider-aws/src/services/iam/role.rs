//! `aws_iam_role`: an identity that services and people take on.

pub(super) mod policies;

use super::document;
use crate::tags::{self, Tagged, Tags};
use crate::{Aws, error, names};
use aws_sdk_iam::types;
use aws_smithy_types::date_time::Format;
use sdk::{Applied, Attr, Blocks, Change, Cx, Error, Keep, Model, Probe, Resource, Waiter};
use std::collections::BTreeSet;

/// Provides an IAM role.
#[derive(Model, Clone, Debug, PartialEq)]
#[model(type_name = "aws_iam_role", legacy)]
pub(crate) struct Role {
    /// The ARN.
    #[attr(computed)]
    arn: Attr<String>,
    /// Who may take on the role, as a JSON document.
    #[attr(required, same = document::is_same, validate_each = document::check)]
    assume_role_policy: Attr<String>,
    /// When it was made.
    #[attr(computed)]
    create_date: Attr<String>,
    /// What it is for.
    #[attr(optional, zero, validate_each = description)]
    description: Attr<String>,
    /// Whether policies that somebody else attached are taken off before the role is deleted.
    #[attr(optional, default = false)]
    force_detach_policies: Attr<bool>,
    /// The name.
    #[attr(optional, computed)]
    id: Attr<String>,
    /// The ARNs of all managed policies of the role; others are taken off. Use `aws_iam_role_policy_attachment` instead.
    #[attr(optional, computed, deprecated, validate_each = super::arn)]
    managed_policy_arns: Attr<BTreeSet<String>>,
    /// The longest session, in seconds.
    #[attr(optional, default = 3600, range(3600, 43200))]
    max_session_duration: Attr<i64>,
    /// The name.
    #[attr(optional, computed, requires_replace, validate_each = name, conflicts("name_prefix"))]
    name: Attr<String>,
    /// What a name that is made up begins with.
    #[attr(optional, computed, requires_replace, validate_each = name_prefix, conflicts("name"))]
    name_prefix: Attr<String>,
    /// The path.
    #[attr(optional, default = "/", requires_replace, validate_each = path)]
    path: Attr<String>,
    /// The ARN of the policy that says what the role can be allowed at most.
    #[attr(optional, zero, validate_each = super::arn)]
    permissions_boundary: Attr<String>,
    #[model(flatten)]
    tags: Tags,
    /// The id that no other role ever has.
    #[attr(computed)]
    unique_id: Attr<String>,
    /// All policies that are part of the role; others are removed. One empty block: there are none.
    #[block(set, computed)]
    inline_policy: Blocks<InlinePolicy>,
}

/// A policy that is part of a role.
#[derive(Model, Clone, Debug, PartialEq)]
pub(crate) struct InlinePolicy {
    /// The name.
    #[attr(optional, zero, validate_each = inline_name)]
    name: Attr<String>,
    /// What it allows, as a JSON document.
    #[attr(optional, zero, same = document::is_same, validate_each = document::check)]
    policy: Attr<String>,
}

fn description(text: &str) -> Result<(), String> {
    match text.chars().count() {
        0..=1000 => Ok(()),
        count => Err(format!("It may have 1000 characters, not {count}.")),
    }
}

fn name(text: &str) -> Result<(), String> {
    super::name_of(text, 64)
}

fn name_prefix(text: &str) -> Result<(), String> {
    super::name_of(text, 64 - names::SUFFIX)
}

fn inline_name(text: &str) -> Result<(), String> {
    super::name_of(text, 128)
}

fn path(text: &str) -> Result<(), String> {
    match text.len() {
        0..=512 => Ok(()),
        len => Err(format!("It may have 512 characters, not {len}.")),
    }
}

impl Resource for Role {
    type Cloud = Aws;

    async fn create(self, cx: &Cx<'_, Aws>) -> Applied<Self> {
        let mut role = self;
        role.choose_name(cx);
        let doing = format!("creating the IAM role {}", role.id.as_str());
        let made = role.make(cx).await.doing(doing)?;
        let wanted = role.clone();
        role.set(&made, cx);
        role.inline_policy = Blocks::default();
        role.managed_policy_arns = BTreeSet::new().into();
        wanted.set_policies(&role, cx).await.keep(&role)?;
        wanted.visible(cx).await.keep(&role)
    }

    async fn read(mut self, cx: &Cx<'_, Aws>) -> Result<Option<Self>, Error> {
        self.tags = self.tags.reading();
        match get(cx, self.id.as_str()).await? {
            Some(found) => self.completed(&found, cx).await,
            None => Ok(None),
        }
    }

    async fn update(self, prior: Self, cx: &Cx<'_, Aws>) -> Applied<Self> {
        self.change(&prior, cx).await.keep(&prior)?;
        self.set_policies(&prior, cx).await.keep(&prior)?;
        self.set_tags(&prior, cx).await.keep(&prior)?;
        self.visible(cx).await.keep(&prior)
    }

    async fn delete(self, cx: &Cx<'_, Aws>) -> Result<(), Error> {
        let name = self.id.as_str();
        let doing = format!("deleting the IAM role {name}");
        policies::leave_instance_profiles(cx, name)
            .await
            .doing(doing.clone())?;
        let force = self.force_detach_policies.is_true();
        if force
            || self
                .managed_policy_arns
                .is_known_and(|arns| !arns.is_empty())
        {
            policies::detach_all(cx, name).await.doing(doing.clone())?;
        }
        if force || !self.inline_policy.is_empty() {
            policies::remove_all(cx, name).await.doing(doing.clone())?;
        }
        let send = || async {
            let call = cx.iam().delete_role().role_name(name);
            error::done(call.send().await)
        };
        super::delete(cx, send).await.doing(doing)
    }

    async fn import(id: &str, _: &Cx<'_, Aws>) -> Result<Self, Error> {
        Ok(Self {
            id: id.into(),
            force_detach_policies: false.into(),
            ..Self::empty()
        })
    }

    async fn find_created(&self, cx: &Cx<'_, Aws>) -> Result<Option<Self>, Error> {
        let mut role = self.clone();
        role.choose_name(cx);
        match role.made_by_this(cx).await? {
            Some(found) => role.completed(&found, cx).await,
            None => Ok(None),
        }
    }

    fn plan(change: &mut Change<'_, Self, Aws>) {
        let planned = &mut change.planned;
        planned.assume_role_policy = match &planned.assume_role_policy {
            Attr::Known(text) => document::normalized(text).into(),
            other => other.clone(),
        };
        for policy in planned.inline_policy.iter_mut() {
            if policy.name.is_null() {
                policy.name = "".into();
            }
            policy.policy = match &policy.policy {
                Attr::Null => "".into(),
                Attr::Known(text) => document::version_first(text).into(),
                Attr::Unknown => Attr::Unknown,
            };
        }
    }
}

/// A role by name.
async fn get(cx: &Cx<'_, Aws>, name: &str) -> Result<Option<types::Role>, Error> {
    let call = cx.iam().get_role().role_name(name);
    match call.send().await.map_err(error::of) {
        Ok(answer) => Ok(answer.role),
        Err(error) if error.is_not_found() => Ok(None),
        Err(error) => Err(error.doing(format!("reading the IAM role {name}"))),
    }
}

impl Role {
    /// Fills in the name, made up if none is given. It is the id, too.
    fn choose_name(&mut self, cx: &Cx<'_, Aws>) {
        if self.name.as_str().is_empty() {
            let prefix = match self.name_prefix.as_str() {
                "" => "terraform-",
                prefix => prefix,
            };
            self.name = names::unique(prefix, cx).into();
        }
        self.id = self.name.clone();
    }

    async fn make(&self, cx: &Cx<'_, Aws>) -> Result<types::Role, Error> {
        let tags = super::tags(self.tags.wanted(cx))?;
        let send = || async {
            let text =
                |attribute: &Attr<String>| attribute.to_option().filter(|text| !text.is_empty());
            let call = cx
                .iam()
                .create_role()
                .role_name(self.id.as_str())
                .assume_role_policy_document(document::normalized(self.assume_role_policy.as_str()))
                .set_path(text(&self.path))
                .set_description(text(&self.description))
                .set_max_session_duration(duration(&self.max_session_duration))
                .set_permissions_boundary(text(&self.permissions_boundary))
                .set_tags((!tags.is_empty()).then(|| tags.clone()));
            let answer = call.customize().config_override(super::once()).send().await;
            answer
                .map_err(error::of)?
                .role
                .ok_or_else(|| Error::invalid("IAM answered without the new role"))
        };
        super::make(cx, || self.made_by_this(cx), send).await
    }

    /// The role, if a request of this create may have made it: it is new, and as it was asked for.
    async fn made_by_this(&self, cx: &Cx<'_, Aws>) -> Result<Option<types::Role>, Error> {
        let found = get(cx, self.id.as_str()).await?;
        let trust = self.assume_role_policy.or_default();
        Ok(found.filter(|found| {
            let document = found.assume_role_policy_document().unwrap_or_default();
            let has: tags::Map = super::pairs(found.tags()).collect();
            let mut wanted = self.tags.wanted(cx).into_iter();
            super::is_recent(cx, Some(found.create_date()))
                && (self.path.is_null() || found.path() == self.path.as_str())
                && found.description().unwrap_or_default() == self.description.as_str()
                && document::is_same(&super::unescaped(document), &trust)
                && wanted.all(|(key, value)| has.get(&key) == Some(&value))
        }))
    }

    /// Changes what can be changed by a call of its own.
    async fn change(&self, prior: &Self, cx: &Cx<'_, Aws>) -> Result<(), Error> {
        let (iam, name) = (cx.iam(), self.id.as_str());
        let doing = format!("changing the IAM role {name}");
        let trust = document::normalized(self.assume_role_policy.as_str());
        if trust != document::normalized(prior.assume_role_policy.as_str()) {
            let call = iam
                .update_assume_role_policy()
                .role_name(name)
                .policy_document(trust);
            let send = || async { error::done(call.clone().send().await) };
            super::write(cx, send).await.doing(doing.clone())?;
        }
        if self.description.as_str() != prior.description.as_str() {
            let call = iam
                .update_role_description()
                .role_name(name)
                .description(self.description.as_str());
            let send = || async { error::done(call.clone().send().await) };
            super::write(cx, send).await.doing(doing.clone())?;
        }
        if self.max_session_duration != prior.max_session_duration {
            // Without the description it would be removed.
            let call = iam
                .update_role()
                .role_name(name)
                .set_description(self.description.to_option().filter(|d| !d.is_empty()))
                .set_max_session_duration(duration(&self.max_session_duration));
            let send = || async { error::done(call.clone().send().await) };
            super::write(cx, send).await.doing(doing.clone())?;
        }
        let boundary = self.permissions_boundary.as_str();
        if boundary == prior.permissions_boundary.as_str() {
            return Ok(());
        }
        let send = || async {
            if boundary.is_empty() {
                let call = iam.delete_role_permissions_boundary().role_name(name);
                error::done(call.send().await)
            } else {
                let call = iam
                    .put_role_permissions_boundary()
                    .role_name(name)
                    .permissions_boundary(boundary);
                error::done(call.send().await)
            }
        };
        super::write(cx, send).await.doing(doing)
    }

    async fn set_tags(&self, prior: &Self, cx: &Cx<'_, Aws>) -> Result<(), Error> {
        let name = self.id.as_str();
        let doing = format!("tagging the IAM role {name}");
        let (set, gone) = tags::changes(&prior.tags.wanted(cx), &self.tags.wanted(cx));
        if !gone.is_empty() {
            let call = cx
                .iam()
                .untag_role()
                .role_name(name)
                .set_tag_keys(Some(gone));
            let send = || async { error::done(call.clone().send().await) };
            super::write(cx, send).await.doing(doing.clone())?;
        }
        if !set.is_empty() {
            let call = cx
                .iam()
                .tag_role()
                .role_name(name)
                .set_tags(Some(super::tags(set)?));
            let send = || async { error::done(call.clone().send().await) };
            super::write(cx, send).await.doing(doing)?;
        }
        Ok(())
    }

    /// Reads it once it shows, with an ARN that is one: for a moment it may be an id.
    async fn visible(&self, cx: &Cx<'_, Aws>) -> Result<Self, Error> {
        let name = self.id.as_str();
        let waiter = Waiter::new(format!("the IAM role {name} to show"), cx.timeout());
        let probe = || async {
            Ok::<_, Error>(match get(cx, name).await? {
                None => Probe::Missing,
                Some(role) if !role.arn().starts_with("arn:") => {
                    Probe::Pending(role.arn().to_owned())
                }
                Some(role) => match self.clone().completed(&role, cx).await? {
                    None => Probe::Missing,
                    Some(role) => Probe::Done(role),
                },
            })
        };
        waiter.until(probe).await.map_err(Error::from)
    }

    /// This with all that the cloud says about it.
    async fn completed(
        mut self,
        found: &types::Role,
        cx: &Cx<'_, Aws>,
    ) -> Result<Option<Self>, Error> {
        let name = found.role_name();
        let (inline, attached) = tokio::try_join!(
            policies::inline(cx, name),
            cx.iam_reads.attached.get(name.to_owned())
        )?;
        let Some(attached) = attached else {
            return Ok(None);
        };
        self.set(found, cx);
        self.managed_policy_arns = attached.into();
        self.set_inline(inline);
        Ok(Some(self))
    }

    /// Takes over what a role says of itself.
    fn set(&mut self, found: &types::Role, cx: &Aws) {
        let text = |text: Option<&str>| Attr::from(text.unwrap_or_default());
        let document = super::unescaped(found.assume_role_policy_document().unwrap_or_default());
        self.assume_role_policy =
            document::kept(self.assume_role_policy.as_str(), &document).into();
        self.arn = found.arn().into();
        self.create_date = found
            .create_date()
            .fmt(Format::DateTime)
            .unwrap_or_default()
            .into();
        self.description = text(found.description());
        self.id = found.role_name().into();
        self.name = found.role_name().into();
        self.name_prefix = names::prefix_of(found.role_name())
            .unwrap_or_default()
            .into();
        self.max_session_duration = found
            .max_session_duration()
            .map_or(self.max_session_duration.clone(), |n| i64::from(n).into());
        self.path = found.path().into();
        let boundary = found.permissions_boundary();
        self.permissions_boundary = text(boundary.and_then(|b| b.permissions_boundary_arn()));
        self.unique_id = found.role_id().into();
        self.tags = self.tags.stored(super::pairs(found.tags()), cx);
    }
}

fn duration(seconds: &Attr<i64>) -> Option<i32> {
    seconds.known().and_then(|n| i32::try_from(*n).ok())
}

#[cfg(test)]
mod tests {
    contract::contract! { crate::testing::WORLD, "aws_iam_role",
        create: r#"
            name               = "a"
            assume_role_policy = jsonencode({
              Version   = "2012-10-17"
              Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ec2.amazonaws.com" } }]
            })
            description         = "first"
            managed_policy_arns = ["arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy"]
            inline_policy {
              name   = "one"
              policy = jsonencode({
                Version   = "2012-10-17"
                Statement = [{ Effect = "Allow", Action = "ec2:DescribeVpcs", Resource = "*" }]
              })
            }"#,
        update: &[r#"
            name               = "a"
            assume_role_policy = jsonencode({
              Version   = "2012-10-17"
              Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "eks.amazonaws.com" } }]
            })
            max_session_duration = 7200
            permissions_boundary = "arn:aws:iam::aws:policy/PowerUserAccess"
            managed_policy_arns  = ["arn:aws:iam::aws:policy/AmazonEKSClusterPolicy"]
            inline_policy {
              name   = "two"
              policy = jsonencode({
                Version   = "2012-10-17"
                Statement = [{ Effect = "Allow", Action = "ec2:DescribeVpcs", Resource = "*" }]
              })
            }
            tags = { a = "b" }"#],
        replace: &[r#"
            name_prefix        = "b-"
            assume_role_policy = jsonencode({
              Version   = "2012-10-17"
              Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ec2.amazonaws.com" } }]
            })"#],
        import: "{name}",
    }
}
