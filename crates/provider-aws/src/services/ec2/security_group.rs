//! `aws_security_group`: who may talk to whom.

mod rules;

use super::waiting;
use crate::Aws;
use crate::create::{self, pairs};
use crate::error;
use crate::names;
use crate::tags::{self, Tagged, Tags};
use aws_sdk_ec2::types::{self, IpPermission, ResourceType};
use rules::Rule;
use sdk::{Applied, Attr, Cx, Error, Keep, Model, Problems, Resource};
use std::collections::BTreeSet;

/// Provides a security group.
#[derive(Model, Clone, Debug, PartialEq)]
#[model(
    type_name = "aws_security_group",
    version = 1,
    legacy,
    timeouts(create = "10m", delete = "15m")
)]
pub(crate) struct SecurityGroup {
    /// The ARN.
    #[attr(computed)]
    arn: Attr<String>,
    /// What it is for.
    #[attr(optional, requires_replace, default = "Managed by Terraform", validate = description)]
    description: Attr<String>,
    /// What is let out, all of it; without this argument others make the rules.
    #[attr(optional, computed, same = rules::same)]
    egress: Attr<BTreeSet<Rule>>,
    /// The id.
    #[attr(optional, computed)]
    id: Attr<String>,
    /// What is let in, all of it; without this argument others make the rules.
    #[attr(optional, computed, same = rules::same)]
    ingress: Attr<BTreeSet<Rule>>,
    /// The name.
    #[attr(optional, computed, requires_replace, validate = name, conflicts("name_prefix"))]
    name: Attr<String>,
    /// What the name begins with; the rest is made up.
    #[attr(optional, computed, requires_replace, validate = prefix, conflicts("name"))]
    name_prefix: Attr<String>,
    /// The account that owns it.
    #[attr(computed)]
    owner_id: Attr<String>,
    /// Whether rules are removed before the group is deleted: for groups that refer to each other.
    #[attr(optional, default = false)]
    revoke_rules_on_delete: Attr<bool>,
    #[model(flatten)]
    tags: Tags,
    /// The VPC; else the default one.
    #[attr(optional, computed, requires_replace)]
    vpc_id: Attr<String>,
}

fn longest(text: &str, most: usize) -> Result<(), String> {
    match text.chars().count() {
        n if n > most => Err(format!("At most {most} characters are allowed, not {n}.")),
        _ => Ok(()),
    }
}

fn description(text: &str) -> Result<(), String> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || " ._-:/()#,@[]+=&;{}!$*".contains(c);
    if !text.chars().all(allowed) {
        return Err(
            "Only ASCII letters, digits, spaces and ._-:/()#,@[]+=&;{}!$* are allowed.".to_owned(),
        );
    }
    longest(text, 255)
}

fn name(text: &str) -> Result<(), String> {
    longest(text, 255)
}

fn prefix(text: &str) -> Result<(), String> {
    longest(text, 255 - names::SUFFIX)
}

const WHAT: &str = "security group";

impl Resource for SecurityGroup {
    type Cloud = Aws;

    async fn create(self, cx: &Cx<'_, Aws>) -> Applied<Self> {
        let name = match super::text(&self.name) {
            Some(name) => name,
            None => {
                let prefix = super::text(&self.name_prefix);
                names::unique(prefix.as_deref().unwrap_or("terraform-"), cx)
            }
        };
        let id = self
            .make(&name, cx)
            .await
            .doing(format!("creating the security group {name}"))?;
        let group = Self {
            id: id.clone().into(),
            name: name.into(),
            ..self
        };
        let found = waiting::wait_visible(cx, WHAT, &cx.reads.security_groups, &id)
            .await
            .keep(&group)?;
        create::settle(cx, &id).await;
        // EC2 lets out everything at first. Nobody asked for that.
        group
            .revoke(Way::Out, found.ip_permissions_egress(), cx)
            .await
            .keep(&group)?;
        group.change_rules(cx).await.keep(&group)?;
        group.read_back(cx).await.keep(&group)
    }

    async fn read(mut self, cx: &Cx<'_, Aws>) -> Result<Option<Self>, Error> {
        self.tags = self.tags.reading();
        let id = self.id.as_str().to_owned();
        let Some(found) = cx.reads.security_groups.get(id.clone()).await? else {
            return Ok(None);
        };
        create::settle_read(cx, &id, found.tags.as_deref()).await;
        Ok(Some(self.completed(&found, cx)))
    }

    async fn update(self, prior: Self, cx: &Cx<'_, Aws>) -> Applied<Self> {
        self.change_rules(cx).await.keep(&prior)?;
        tags::update(cx, self.id.as_str(), &prior.tags, &self.tags)
            .await
            .keep(&prior)?;
        self.read_back(cx).await.keep(&prior)
    }

    async fn delete(self, cx: &Cx<'_, Aws>) -> Result<(), Error> {
        let id = self.id.as_str();
        if self.revoke_rules_on_delete.is_true() {
            self.revoke_all(cx)
                .await
                .doing(format!("removing the rules of the security group {id}"))?;
        }
        waiting::delete(cx, WHAT, id, || async {
            let call = cx.ec2().delete_security_group().group_id(id);
            error::done(call.send().await)
        })
        .await?;
        waiting::wait_gone(cx, WHAT, &cx.reads.security_groups, id, |_| false).await
    }

    async fn import(id: &str, _: &Cx<'_, Aws>) -> Result<Self, Error> {
        Ok(Self {
            id: id.into(),
            revoke_rules_on_delete: false.into(),
            ..Self::empty()
        })
    }

    async fn find_created(&self, cx: &Cx<'_, Aws>) -> Result<Option<Self>, Error> {
        let Some(id) = create::find_created(cx, &ResourceType::SecurityGroup).await? else {
            return Ok(None);
        };
        let group = Self {
            id: id.clone().into(),
            ..self.clone()
        };
        // The create may have been cut short before this.
        if let Some(found) = cx.reads.security_groups.get(id).await? {
            let everything = found.ip_permissions_egress();
            group.revoke(Way::Out, everything, cx).await?;
        }
        group.read(cx).await
    }

    fn validate(&self, problems: &mut Problems) {
        for (argument, name) in [("name", &self.name), ("name_prefix", &self.name_prefix)] {
            if name.is_known_and(|name| name.starts_with("sg-")) {
                let detail = "A name cannot begin with \"sg-\": that is how ids begin.";
                problems.error(argument, format!("Invalid value for {argument}"), detail);
            }
        }
    }

    fn upgrade(_: i64, mut state: serde_json::Value) -> Result<serde_json::Value, Error> {
        // Before version 1 there was no such argument.
        if let Some(object) = state.as_object_mut() {
            let entry = object.entry("revoke_rules_on_delete");
            entry.or_insert_with(|| false.into());
        }
        Ok(state)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    In,
    Out,
}

impl SecurityGroup {
    async fn make(&self, name: &str, cx: &Cx<'_, Aws>) -> Result<String, Error> {
        let kind = ResourceType::SecurityGroup;
        let tags = create::specification(cx, &kind, self.tags.wanted(cx));
        let send = || async {
            let call = cx
                .ec2_once()
                .create_security_group()
                .group_name(name)
                .description(self.description.as_str())
                .set_vpc_id(super::text(&self.vpc_id))
                .set_tag_specifications(tags.clone().map(|tags| vec![tags]));
            call.send()
                .await
                .map_err(error::of)?
                .group_id
                .ok_or_else(super::no_id)
        };
        create::once(cx, kind, send).await
    }

    /// Makes the rules those of the arguments, where they are given.
    async fn change_rules(&self, cx: &Cx<'_, Aws>) -> Result<(), Error> {
        let id = self.id.as_str();
        let found = waiting::wait_visible(cx, WHAT, &cx.reads.security_groups, id).await?;
        let doing = format!("changing the rules of the security group {id}");
        for (way, wanted, is) in [
            (Way::In, &self.ingress, found.ip_permissions()),
            (Way::Out, &self.egress, found.ip_permissions_egress()),
        ] {
            let Some(wanted) = wanted.known() else {
                continue;
            };
            let (wanted, is) = (rules::atoms(wanted, id), rules::atoms_of(is, &found));
            // First what is to go: EC2 refuses a rule that differs in the description only.
            let gone: Vec<_> = is.difference(&wanted).cloned().collect();
            self.revoke(way, &rules::permissions(&gone, id), cx)
                .await
                .doing(doing.clone())?;
            let new: Vec<_> = wanted.difference(&is).cloned().collect();
            self.authorize(way, &rules::permissions(&new, id), cx)
                .await
                .doing(doing.clone())?;
        }
        Ok(())
    }

    async fn revoke(
        &self,
        way: Way,
        rules: &[IpPermission],
        cx: &Cx<'_, Aws>,
    ) -> Result<(), Error> {
        if rules.is_empty() {
            return Ok(());
        }
        let (id, rules) = (self.id.as_str(), Some(rules.to_vec()));
        let revoked = if way == Way::In {
            let call = cx
                .ec2()
                .revoke_security_group_ingress()
                .group_id(id)
                .set_ip_permissions(rules);
            error::done(call.send().await)
        } else {
            let call = cx
                .ec2()
                .revoke_security_group_egress()
                .group_id(id)
                .set_ip_permissions(rules);
            error::done(call.send().await)
        };
        revoked.or_else(|error| {
            if error.code == "InvalidPermission.NotFound" {
                Ok(())
            } else {
                Err(error)
            }
        })
    }

    async fn authorize(
        &self,
        way: Way,
        rules: &[IpPermission],
        cx: &Cx<'_, Aws>,
    ) -> Result<(), Error> {
        if rules.is_empty() {
            return Ok(());
        }
        let id = self.id.as_str();
        let policy = sdk::Policy::default().deadline(cx.timeout());
        let find = || async {
            // All of a call are authorized, or none.
            let found = cx.reads.security_groups.get(id.to_owned()).await?;
            Ok(found.and_then(|found| {
                let is = if way == Way::In {
                    found.ip_permissions()
                } else {
                    found.ip_permissions_egress()
                };
                rules::atoms_of(rules, &found)
                    .is_subset(&rules::atoms_of(is, &found))
                    .then_some(())
            }))
        };
        let meaning = |error: &Error| match error.kind {
            sdk::ErrorKind::NotFound => sdk::Retry::Within(error::PROPAGATION),
            _ => error::of_write(error),
        };
        let send = |_| async {
            let rules = Some(rules.to_vec());
            if way == Way::In {
                let call = cx
                    .ec2_once()
                    .authorize_security_group_ingress()
                    .group_id(id)
                    .set_ip_permissions(rules);
                error::done(call.send().await)
            } else {
                let call = cx
                    .ec2_once()
                    .authorize_security_group_egress()
                    .group_id(id)
                    .set_ip_permissions(rules);
                error::done(call.send().await)
            }
        };
        sdk::create_once(policy, meaning, find, send).await
    }

    /// Removes the rules of this group, and those of others that refer to it.
    async fn revoke_all(&self, cx: &Cx<'_, Aws>) -> Result<(), Error> {
        let id = self.id.as_str();
        if let Some(found) = cx.reads.security_groups.get(id.to_owned()).await? {
            self.revoke(Way::In, found.ip_permissions(), cx).await?;
            self.revoke(Way::Out, found.ip_permissions_egress(), cx)
                .await?;
        }
        for (filter, way) in [
            ("ip-permission.group-id", Way::In),
            ("egress.ip-permission.group-id", Way::Out),
        ] {
            let filters = super::filters([(filter, id)]);
            let call = cx
                .ec2()
                .describe_security_groups()
                .set_filters(Some(filters));
            let mut pages = call.into_paginator().items().send();
            while let Some(other) = pages.next().await.transpose().map_err(error::of)? {
                let all = if way == Way::In {
                    other.ip_permissions()
                } else {
                    other.ip_permissions_egress()
                };
                let rules = rules::referring(all, id);
                let other = Self {
                    id: super::stored(other.group_id()),
                    ..self.clone()
                };
                other.revoke(way, &rules, cx).await?;
            }
        }
        Ok(())
    }

    async fn read_back(&self, cx: &Cx<'_, Aws>) -> Result<Self, Error> {
        let started = tokio::time::Instant::now();
        let pending = |found: &types::SecurityGroup| {
            let shows = |wanted: &Attr<BTreeSet<Rule>>, is: &[IpPermission]| {
                wanted.known().is_none_or(|wanted| {
                    rules::atoms(wanted, self.id.as_str()) == rules::atoms_of(is, found)
                })
            };
            let shown = shows(&self.ingress, found.ip_permissions())
                && shows(&self.egress, found.ip_permissions_egress());
            let late = started.elapsed() > waiting::VISIBLE;
            Ok((!shown && !late).then(|| "changing".to_owned()))
        };
        let found = waiting::wait_until(
            cx,
            WHAT,
            &cx.reads.security_groups,
            self.id.as_str(),
            pending,
        )
        .await?;
        Ok(self.clone().completed(&found, cx))
    }

    fn completed(mut self, found: &types::SecurityGroup, cx: &Cx<'_, Aws>) -> Self {
        let (id, owner) = (self.id.as_str(), found.owner_id().unwrap_or_default());
        self.arn = cx.arn("ec2", owner, &format!("security-group/{id}")).into();
        self.owner_id = owner.into();
        self.ingress = rules::stored(&self.ingress, found.ip_permissions(), found).into();
        self.egress = rules::stored(&self.egress, found.ip_permissions_egress(), found).into();
        self.description = super::stored(found.description());
        let name = found.group_name().unwrap_or_default();
        self.name_prefix = names::prefix_of(name).unwrap_or_default().into();
        self.name = name.into();
        self.vpc_id = super::stored(found.vpc_id());
        self.tags = self.tags.stored(pairs(found.tags.as_deref()), cx);
        self
    }
}

#[cfg(test)]
mod tests {
    contract::contract! { crate::testing::WORLD, "aws_security_group",
        needs: r#"resource "aws_vpc" "a" { cidr_block = "10.0.0.0/16" }"#,
        create: r#"name = "a"
vpc_id = aws_vpc.a.id
ingress {
  from_port   = 443
  to_port     = 443
  protocol    = "tcp"
  cidr_blocks = ["10.0.0.0/8", "11.0.0.0/8"]
}"#,
        update: &[r#"name = "a"
vpc_id = aws_vpc.a.id
ingress {
  from_port   = 443
  to_port     = 443
  protocol    = "tcp"
  cidr_blocks = ["10.0.0.0/8"]
  self        = true
}
tags = { Name = "b" }"#],
        replace: &[r#"name = "b"
    vpc_id = aws_vpc.a.id"#],
        import: "{id}",
    }
}
