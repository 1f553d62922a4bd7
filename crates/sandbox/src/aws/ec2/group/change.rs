//! What changes the rules of a group.

use super::Group;
use super::permission::{self, description};
use super::rule::{Peer, Rule, Traffic};
use crate::aws::ec2::describe::{Described, View, not_found, write_one};
use crate::aws::ec2::{Answer, Call, Ec2, done, tags};
use crate::aws::fault::Fault;
use crate::aws::query::{Query, missing};
use crate::aws::xml::Xml;

/// The group that a request names, and its VPC.
fn group(ec2: &Ec2, call: &Call<'_>) -> Result<(String, String), Fault> {
    let id = call.query.text("GroupId");
    let id = id.ok_or_else(|| missing("GroupId"))?;
    Ok((id.to_owned(), Group::find(ec2, id)?.vpc.clone()))
}

/// The id of the rule of a group that lets the same through.
fn find(ec2: &Ec2, group: &str, rule: &Rule) -> Option<String> {
    let mut ids = ec2.groups.get(group)?.rules.iter();
    let same = |id: &&String| ec2.rules.get(*id).is_some_and(|other| other.same(rule));
    ids.find(same).cloned()
}

fn duplicate(rule: &Rule) -> Fault {
    let message = format!("the specified rule \"{}\" already exists", rule.text());
    Fault::new("InvalidPermission.Duplicate", message)
}

pub(super) fn authorize(ec2: &mut Ec2, call: &mut Call<'_>, egress: bool, xml: &mut Xml) -> Answer {
    let tags = tags::specified(call.query, "security-group-rule")?;
    let (id, vpc) = group(ec2, call)?;
    let rules = permission::read(ec2, call, (&id, &vpc), egress)?;
    for (at, rule) in rules.iter().enumerate() {
        if find(ec2, &id, rule).is_some() {
            return Err(duplicate(rule));
        }
        if rules[..at].iter().any(|other| other.same(rule)) {
            let message = format!(
                "The same permission must not appear multiple times: {}",
                rule.text()
            );
            return Err(Fault::new("InvalidParameterValue", message));
        }
    }
    let mut added = Vec::new();
    for rule in rules {
        let id = ec2.add_rule(rule, call.ids);
        ec2.tag(&id, tags.clone());
        added.push(id);
    }
    let view = View::begun(ec2, call.cx);
    done(xml)?;
    xml.set("securityGroupRuleSet", &added, |xml, id| {
        write_one::<Rule>(id, view, xml);
    });
    Ok(())
}

pub(super) fn revoke(ec2: &mut Ec2, call: &mut Call<'_>, egress: bool, xml: &mut Xml) -> Answer {
    let (id, vpc) = group(ec2, call)?;
    let named = call.query.texts("SecurityGroupRuleId");
    let mut gone = Vec::new();
    if named.is_empty() {
        for rule in permission::read(ec2, call, (&id, &vpc), egress)? {
            let Some(found) = find(ec2, &id, &rule) else {
                let message = "The specified rule does not exist in this security group.";
                return Err(Fault::new("InvalidPermission.NotFound", message));
            };
            gone.push(found);
        }
    }
    for rule in named {
        let of = ec2
            .rules
            .get(rule)
            .filter(|of| of.group == id && of.egress == egress);
        if of.is_none() {
            return Err(not_found::<Rule>(&[rule]));
        }
        gone.push(rule.to_owned());
    }
    done(xml)?;
    let revoked = gone.iter().filter_map(|id| ec2.rules.get_key_value(id));
    xml.set("revokedSecurityGroupRuleSet", revoked, |xml, (id, rule)| {
        xml.leaf("securityGroupRuleId", id);
        rule.write_traffic(xml);
        match &rule.peer {
            Peer::Group(group) => xml.leaf("referencedGroupId", group),
            peer => peer.write(xml),
        }
        xml.optional("description", rule.description.as_ref());
    });
    ec2.group_mut(&id)?
        .rules
        .retain(|rule| !gone.contains(rule));
    for rule in &gone {
        ec2.rules.remove(rule);
        ec2.tags.remove(rule);
    }
    Ok(())
}

pub(super) fn modify(ec2: &mut Ec2, call: &mut Call<'_>, xml: &mut Xml) -> Answer {
    let (id, vpc) = group(ec2, call)?;
    let mut changed = Vec::new();
    for update in call.query.list("SecurityGroupRule") {
        let rule_id = update.required("SecurityGroupRuleId")?;
        let before = ec2.rules.get(rule_id).filter(|rule| rule.group == id);
        let before = before.ok_or_else(|| not_found::<Rule>(&[rule_id]))?;
        let update = update.below("SecurityGroupRule");
        let update = update.ok_or_else(|| missing("SecurityGroupRule"))?;
        let text = update.text("Description");
        description(text.unwrap_or_default())?;
        let rule = Rule {
            group: id.clone(),
            egress: before.egress,
            traffic: Traffic::read(update)?,
            peer: peer(ec2, update, &vpc)?,
            description: text.map(str::to_owned),
        };
        if find(ec2, &id, &rule).is_some_and(|other| other != rule_id) {
            return Err(duplicate(&rule));
        }
        changed.push((rule_id.to_owned(), rule));
    }
    if changed.is_empty() {
        return Err(missing("SecurityGroupRule"));
    }
    ec2.rules.extend(changed);
    done(xml)
}

/// The one peer of a rule.
fn peer(ec2: &Ec2, rule: &Query, vpc: &str) -> Result<Peer, Fault> {
    if let Some(cidr) = rule.text("CidrIpv4") {
        Peer::ipv4(cidr)
    } else if let Some(cidr) = rule.text("CidrIpv6") {
        Peer::ipv6(cidr)
    } else if let Some(list) = rule.text("PrefixListId") {
        Peer::prefix_list(list)
    } else if let Some(id) = rule.text("ReferencedGroupId") {
        Peer::group(ec2, id, vpc)
    } else {
        Err(missing("CidrIpv4"))
    }
}

pub(super) fn describe(ec2: &mut Ec2, call: &mut Call<'_>, egress: bool, xml: &mut Xml) -> Answer {
    let (id, vpc) = group(ec2, call)?;
    let mut changed = Vec::new();
    for update in call.query.list("SecurityGroupRuleDescription") {
        let rule = update.required("SecurityGroupRuleId")?;
        if ec2
            .rules
            .get(rule)
            .is_none_or(|of| of.group != id || of.egress != egress)
        {
            return Err(not_found::<Rule>(&[rule]));
        }
        let text = update.text("Description").map(str::to_owned);
        changed.push((rule.to_owned(), text));
    }
    if changed.is_empty() {
        for rule in permission::read(ec2, call, (&id, &vpc), egress)? {
            let Some(found) = find(ec2, &id, &rule) else {
                let message = "The specified rule does not exist in this security group.";
                return Err(Fault::new("InvalidPermission.NotFound", message));
            };
            changed.push((found, rule.description));
        }
    }
    for (id, text) in changed {
        description(text.as_deref().unwrap_or_default())?;
        if let Some(rule) = ec2.rules.get_mut(&id) {
            rule.description = text.filter(|text| !text.is_empty());
        }
    }
    done(xml)
}
