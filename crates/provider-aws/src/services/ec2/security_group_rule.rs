//! `aws_vpc_security_group_ingress_rule`, `aws_vpc_security_group_egress_rule`: one rule of a security group.
//!
//! The two types have the same arguments; they differ in the calls that make and remove a rule.

use super::{protocol, waiting};
use crate::Aws;
use crate::create::{self, pairs};
use crate::error;
use crate::tags::{self, StrictTags, Tagged};
use aws_sdk_ec2::types::{
    self, IpPermission, IpRange, Ipv6Range, PrefixListId, ResourceType, SecurityGroupRuleRequest,
    SecurityGroupRuleUpdate, UserIdGroupPair,
};
use sdk::{Applied, Attr, Change, Cx, Error, Keep, Model, Resource};

/// What a rule says.
#[derive(Model, Clone, Debug, PartialEq)]
pub(crate) struct Rule {
    /// The ARN.
    #[attr(computed)]
    arn: Attr<String>,
    /// The IPv4 addresses of the other side.
    #[attr(optional, validate = super::cidr::ipv4)]
    cidr_ipv4: Attr<String>,
    /// The IPv6 addresses of the other side.
    #[attr(optional, validate = super::cidr::ipv6, same = super::cidr::same)]
    cidr_ipv6: Attr<String>,
    /// What it is for.
    #[attr(optional)]
    description: Attr<String>,
    /// The first port, or the type of ICMP.
    #[attr(optional, range(-1, 65_535))]
    from_port: Attr<i64>,
    /// The id.
    #[attr(computed)]
    id: Attr<String>,
    /// The protocol, by name or number; -1 for all.
    #[attr(required, same = same_protocol)]
    ip_protocol: Attr<String>,
    /// The list of blocks of the other side.
    #[attr(optional)]
    prefix_list_id: Attr<String>,
    /// The security group of the other side.
    #[attr(optional)]
    referenced_security_group_id: Attr<String>,
    /// The security group.
    #[attr(required, requires_replace)]
    security_group_id: Attr<String>,
    /// The id of the rule.
    #[attr(computed)]
    security_group_rule_id: Attr<String>,
    #[model(flatten)]
    tags: StrictTags,
    /// The last port, or the code of ICMP.
    #[attr(optional, range(-1, 65_535))]
    to_port: Attr<i64>,
}

fn same_protocol(a: &str, b: &str) -> bool {
    protocol(a) == protocol(b)
}

/// Which way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    In,
    Out,
}

const WHAT: &str = "security group rule";

impl Rule {
    fn permission(&self) -> IpPermission {
        let (from, to) = (super::number(&self.from_port), super::number(&self.to_port));
        let all = self.ip_protocol.as_str() == "-1";
        let description = super::text(&self.description);
        let mut rule = IpPermission::builder()
            .ip_protocol(self.ip_protocol.as_str())
            .set_from_port(from.or(all.then_some(-1)))
            .set_to_port(to.or(all.then_some(-1)));
        if let Some(block) = self.cidr_ipv4.to_option() {
            let range = IpRange::builder()
                .cidr_ip(block)
                .set_description(description.clone());
            rule = rule.ip_ranges(range.build());
        }
        if let Some(block) = self.cidr_ipv6.to_option() {
            let range = Ipv6Range::builder()
                .cidr_ipv6(block)
                .set_description(description.clone());
            rule = rule.ipv6_ranges(range.build());
        }
        if let Some(list) = self.prefix_list_id.to_option() {
            let list = PrefixListId::builder()
                .prefix_list_id(list)
                .set_description(description.clone());
            rule = rule.prefix_list_ids(list.build());
        }
        if let Some((user, group)) = self.group() {
            let pair = UserIdGroupPair::builder()
                .group_id(group)
                .set_user_id(user)
                .set_description(description);
            rule = rule.user_id_group_pairs(pair.build());
        }
        rule.build()
    }

    /// The group of the other side, and its account if it is another one.
    fn group(&self) -> Option<(Option<String>, String)> {
        let text = self.referenced_security_group_id.known()?;
        Some(match text.split_once('/') {
            Some((user, group)) => (Some(user.to_owned()), group.to_owned()),
            None => (None, text.clone()),
        })
    }

    async fn create(self, way: Way, cx: &Cx<'_, Aws>) -> Applied<Self> {
        let kind = ResourceType::SecurityGroupRule;
        let tags = create::specification(cx, &kind, self.tags.wanted(cx)).map(|tags| vec![tags]);
        let group = self.security_group_id.as_str();
        let send = || async {
            let made = if way == Way::In {
                let call = cx
                    .ec2_once()
                    .authorize_security_group_ingress()
                    .group_id(group);
                let call = call
                    .ip_permissions(self.permission())
                    .set_tag_specifications(tags.clone());
                call.send().await.map_err(error::of)?.security_group_rules
            } else {
                let call = cx
                    .ec2_once()
                    .authorize_security_group_egress()
                    .group_id(group);
                let call = call
                    .ip_permissions(self.permission())
                    .set_tag_specifications(tags.clone());
                call.send().await.map_err(error::of)?.security_group_rules
            };
            let made = made.unwrap_or_default().into_iter().next();
            made.and_then(|rule| rule.security_group_rule_id)
                .ok_or_else(super::no_id)
        };
        let doing = format!("adding a rule to the security group {group}");
        let id = create::once(cx, kind, send).await.doing(doing)?;
        let rule = Self {
            id: id.clone().into(),
            security_group_rule_id: id.clone().into(),
            ..self
        };
        let found = waiting::wait_visible(cx, WHAT, &cx.reads.security_group_rules, &id)
            .await
            .keep(&rule)?;
        create::settle(cx, &id).await;
        let owner = owner(&found, cx).await.keep(&rule)?;
        Ok(rule.completed(&found, &owner, cx))
    }

    async fn read(self, way: Way, cx: &Cx<'_, Aws>) -> Result<Option<Self>, Error> {
        let id = self.id.as_str().to_owned();
        let found = cx.reads.security_group_rules.get(id.clone()).await?;
        let Some(found) = found.filter(|rule| rule.is_egress.unwrap_or(false) == (way == Way::Out))
        else {
            return Ok(None);
        };
        create::settle_read(cx, &id, found.tags.as_deref()).await;
        let owner = owner(&found, cx).await?;
        Ok(Some(self.completed(&found, &owner, cx)))
    }

    async fn update(self, prior: Self, cx: &Cx<'_, Aws>) -> Applied<Self> {
        let id = self.id.as_str();
        let is = |rule: &Self| Self {
            tags: self.tags.clone(),
            ..rule.clone()
        };
        if is(&self) != is(&prior) {
            let all = self.ip_protocol.as_str() == "-1";
            let request = SecurityGroupRuleRequest::builder()
                .set_cidr_ipv4(self.cidr_ipv4.to_option())
                .set_cidr_ipv6(self.cidr_ipv6.to_option())
                .set_description(self.description.to_option())
                .set_from_port(super::number(&self.from_port).or(all.then_some(-1)))
                .set_to_port(super::number(&self.to_port).or(all.then_some(-1)))
                .ip_protocol(self.ip_protocol.as_str())
                .set_prefix_list_id(self.prefix_list_id.to_option())
                .set_referenced_group_id(self.group().map(|(_, group)| group))
                .build();
            let update = SecurityGroupRuleUpdate::builder()
                .security_group_rule_id(id)
                .security_group_rule(request);
            let call = cx
                .ec2()
                .modify_security_group_rules()
                .group_id(self.security_group_id.as_str())
                .security_group_rules(update.build());
            let doing = format!("changing the security group rule {id}");
            call.send().await.map_err(error::of).doing(doing)?;
        }
        tags::update(cx, id, &prior.tags, &self.tags)
            .await
            .keep(&prior)?;
        let found = waiting::wait_visible(cx, WHAT, &cx.reads.security_group_rules, id)
            .await
            .keep(&prior)?;
        let owner = owner(&found, cx).await.keep(&prior)?;
        let started = tokio::time::Instant::now();
        let pending = |found: &types::SecurityGroupRule| {
            // Reads may be a little behind.
            let now = self.clone().completed(found, &owner, cx);
            let late = started.elapsed() > waiting::VISIBLE;
            Ok((!self.agrees(&now) && !late).then(|| "changing".to_owned()))
        };
        let found = waiting::wait_until(cx, WHAT, &cx.reads.security_group_rules, id, pending)
            .await
            .keep(&prior)?;
        Ok(self.clone().completed(&found, &owner, cx))
    }

    /// Whether another says the same where this one says something.
    fn agrees(&self, other: &Self) -> bool {
        let known = |rule: &Self| Self {
            arn: Attr::Null,
            tags: self.tags.clone(),
            ..rule.clone()
        };
        known(self) == known(other)
    }

    async fn delete(self, way: Way, cx: &Cx<'_, Aws>) -> Result<(), Error> {
        let (id, group) = (self.id.as_str(), self.security_group_id.as_str());
        waiting::delete(cx, WHAT, id, || async {
            if way == Way::In {
                let call = cx
                    .ec2()
                    .revoke_security_group_ingress()
                    .group_id(group)
                    .security_group_rule_ids(id);
                error::done(call.send().await)
            } else {
                let call = cx
                    .ec2()
                    .revoke_security_group_egress()
                    .group_id(group)
                    .security_group_rule_ids(id);
                error::done(call.send().await)
            }
        })
        .await
    }

    fn imported(id: &str) -> Self {
        Self {
            id: id.into(),
            security_group_rule_id: id.into(),
            ..Self::empty()
        }
    }

    async fn find_created(&self, way: Way, cx: &Cx<'_, Aws>) -> Result<Option<Self>, Error> {
        let Some(id) = create::find_created(cx, &ResourceType::SecurityGroupRule).await? else {
            return Ok(None);
        };
        let rule = Self {
            id: id.clone().into(),
            security_group_rule_id: id.into(),
            ..self.clone()
        };
        rule.read(way, cx).await
    }

    /// Another kind of other side needs another rule.
    #[expect(clippy::type_complexity, reason = "a table of four")]
    fn replaced_by(&self, planned: &Self) -> Vec<&'static str> {
        let sides: [(&'static str, fn(&Self) -> &Attr<String>); 4] = [
            ("cidr_ipv4", |rule| &rule.cidr_ipv4),
            ("cidr_ipv6", |rule| &rule.cidr_ipv6),
            ("prefix_list_id", |rule| &rule.prefix_list_id),
            ("referenced_security_group_id", |rule| {
                &rule.referenced_security_group_id
            }),
        ];
        let changed = sides
            .into_iter()
            .filter(|(_, of)| of(self).is_null() != of(planned).is_null());
        changed.map(|(name, _)| name).collect()
    }

    fn completed(
        mut self,
        found: &types::SecurityGroupRule,
        owner: &str,
        cx: &Cx<'_, Aws>,
    ) -> Self {
        self.arn = cx
            .arn(
                "ec2",
                owner,
                &format!("security-group-rule/{}", self.id.as_str()),
            )
            .into();
        let text = |text: Option<&str>| {
            Attr::from(text.filter(|text| !text.is_empty()).map(str::to_owned))
        };
        self.cidr_ipv4 = text(found.cidr_ipv4());
        self.cidr_ipv6 = text(found.cidr_ipv6());
        self.description = text(found.description());
        let is = found.ip_protocol().unwrap_or_default();
        if !same_protocol(self.ip_protocol.as_str(), is) {
            self.ip_protocol = is.into();
        }
        // All protocols have no ports; EC2 says -1.
        let port = |was: &Attr<i64>, is: Option<i32>| match is {
            Some(-1) | None if was.is_null() => Attr::Null,
            is => Attr::from(is.map(i64::from)),
        };
        self.from_port = port(&self.from_port, found.from_port);
        self.to_port = port(&self.to_port, found.to_port);
        self.prefix_list_id = text(found.prefix_list_id());
        self.referenced_security_group_id = found
            .referenced_group_info()
            .and_then(|other| {
                let group = other.group_id()?;
                let user = other
                    .user_id()
                    .filter(|user| *user != owner && !user.is_empty());
                Some(user.map_or_else(|| group.to_owned(), |user| format!("{user}/{group}")))
            })
            .into();
        self.security_group_id = super::stored(found.group_id());
        self.security_group_rule_id = self.id.clone();
        self.tags = self.tags.stored(pairs(found.tags.as_deref()), cx);
        self
    }
}

/// The account that owns the group.
async fn owner(found: &types::SecurityGroupRule, cx: &Cx<'_, Aws>) -> Result<String, Error> {
    match found.group_owner_id().filter(|owner| !owner.is_empty()) {
        Some(owner) => Ok(owner.to_owned()),
        None => cx.account_id().await.map(str::to_owned),
    }
}

/// A resource type of rules that go one way.
macro_rules! rule {
    ($(#[$doc:meta])* $name:ident, $type_name:literal, $way:expr) => {
        $(#[$doc])*
        #[derive(Model, Clone, Debug, PartialEq)]
        #[model(
            type_name = $type_name,
            exactly_one_of("cidr_ipv4", "cidr_ipv6", "prefix_list_id", "referenced_security_group_id")
        )]
        pub(crate) struct $name {
            #[model(flatten)]
            rule: Rule,
        }

        impl Resource for $name {
            type Cloud = Aws;

            async fn create(self, cx: &Cx<'_, Aws>) -> Applied<Self> {
                outer(self.rule.create($way, cx).await, |rule| Self { rule })
            }

            async fn read(self, cx: &Cx<'_, Aws>) -> Result<Option<Self>, Error> {
                Ok(self.rule.read($way, cx).await?.map(|rule| Self { rule }))
            }

            async fn update(self, prior: Self, cx: &Cx<'_, Aws>) -> Applied<Self> {
                outer(self.rule.update(prior.rule, cx).await, |rule| Self { rule })
            }

            async fn delete(self, cx: &Cx<'_, Aws>) -> Result<(), Error> {
                self.rule.delete($way, cx).await
            }

            async fn import(id: &str, _: &Cx<'_, Aws>) -> Result<Self, Error> {
                Ok(Self { rule: Rule::imported(id) })
            }

            async fn find_created(&self, cx: &Cx<'_, Aws>) -> Result<Option<Self>, Error> {
                let found = self.rule.find_created($way, cx).await?;
                Ok(found.map(|rule| Self { rule }))
            }

            fn plan(change: &mut Change<'_, Self, Aws>) {
                let Some(prior) = &change.prior else {
                    return;
                };
                for name in prior.rule.replaced_by(&change.planned.rule) {
                    change.requires_replace(name);
                }
            }
        }
    };
}

rule! {
    /// Lets in what a security group does not.
    IngressRule, "aws_vpc_security_group_ingress_rule", Way::In
}

rule! {
    /// Lets out what a security group does not.
    EgressRule, "aws_vpc_security_group_egress_rule", Way::Out
}

/// What came of a change, for the type around the rule.
fn outer<M>(applied: Applied<Rule>, wrap: impl Fn(Rule) -> M) -> Applied<M> {
    match applied {
        Ok(rule) => Ok(wrap(rule)),
        Err(incomplete) => Err(sdk::Incomplete {
            state: incomplete.state.map(|rule| Box::new(wrap(*rule))),
            error: incomplete.error,
        }),
    }
}

#[cfg(test)]
mod tests {
    mod ingress {
        contract::contract! { crate::testing::WORLD, "aws_vpc_security_group_ingress_rule",
            needs: r#"resource "aws_vpc" "a" { cidr_block = "10.0.0.0/16" }
        resource "aws_security_group" "a" { vpc_id = aws_vpc.a.id }"#,
            create: r#"security_group_id = aws_security_group.a.id
ip_protocol = "tcp"
from_port = 80
to_port = 80
cidr_ipv4 = "10.0.0.0/8""#,
            update: &[r#"security_group_id = aws_security_group.a.id
ip_protocol = "tcp"
from_port = 80
to_port = 81
cidr_ipv4 = "11.0.0.0/8"
description = "b"
tags = { Name = "b" }"#],
            replace: &[r#"security_group_id = aws_security_group.a.id
ip_protocol = "-1"
referenced_security_group_id = aws_security_group.a.id"#],
            import: "{id}",
        }
    }

    mod egress {
        contract::contract! { crate::testing::WORLD, "aws_vpc_security_group_egress_rule",
            needs: r#"resource "aws_vpc" "a" { cidr_block = "10.0.0.0/16" }
        resource "aws_security_group" "a" { vpc_id = aws_vpc.a.id }"#,
            create: r#"security_group_id = aws_security_group.a.id
ip_protocol = "tcp"
from_port = 80
to_port = 80
cidr_ipv4 = "10.0.0.0/8""#,
            update: &[r#"security_group_id = aws_security_group.a.id
ip_protocol = "tcp"
from_port = 80
to_port = 81
cidr_ipv4 = "11.0.0.0/8"
description = "b"
tags = { Name = "b" }"#],
            replace: &[r#"security_group_id = aws_security_group.a.id
ip_protocol = "-1"
referenced_security_group_id = aws_security_group.a.id"#],
            import: "{id}",
        }
    }
}
