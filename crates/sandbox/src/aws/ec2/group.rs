//! Security groups.

mod change;
mod permission;
mod rule;

use super::describe::{Described, View, describe, not_found};
use super::vpc::Vpc;
use super::{Answer, Call, Ec2, Operation, tags};
use crate::Ids;
use crate::aws::fault::Fault;
use crate::aws::xml::Xml;
pub(super) use rule::{Peer, Rule, Traffic};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A security group.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Group {
    pub(super) vpc: String,
    pub(super) name: String,
    description: String,
    /// The ids of its rules.
    pub(super) rules: Vec<String>,
}

/// The name of the group that comes with a VPC.
const DEFAULT: &str = "default";

pub(super) const OPERATIONS: &[(&str, Operation)] = &[
    ("AuthorizeSecurityGroupEgress", |ec2, call, xml| {
        change::authorize(ec2, call, true, xml)
    }),
    ("AuthorizeSecurityGroupIngress", |ec2, call, xml| {
        change::authorize(ec2, call, false, xml)
    }),
    ("CreateSecurityGroup", create),
    ("DeleteSecurityGroup", delete),
    ("DescribeSecurityGroupRules", |ec2, call, xml| {
        describe::<Rule>(ec2, call, xml)
    }),
    ("DescribeSecurityGroups", |ec2, call, xml| {
        describe::<Group>(ec2, call, xml)
    }),
    ("ModifySecurityGroupRules", change::modify),
    ("RevokeSecurityGroupEgress", |ec2, call, xml| {
        change::revoke(ec2, call, true, xml)
    }),
    ("RevokeSecurityGroupIngress", |ec2, call, xml| {
        change::revoke(ec2, call, false, xml)
    }),
    (
        "UpdateSecurityGroupRuleDescriptionsEgress",
        |ec2, call, xml| change::describe(ec2, call, true, xml),
    ),
    (
        "UpdateSecurityGroupRuleDescriptionsIngress",
        |ec2, call, xml| change::describe(ec2, call, false, xml),
    ),
];

impl Described for Group {
    const IDS: &'static str = "GroupId";
    const SET: &'static str = "securityGroupInfo";
    const NOUN: &'static str = "security group";
    const PREFIX: &'static str = "sg";
    const NOT_FOUND: &'static str = "InvalidGroup.NotFound";
    const MALFORMED: &'static str = "InvalidGroupId.Malformed";

    fn all(ec2: &Ec2) -> &BTreeMap<String, Self> {
        &ec2.groups
    }

    fn absent(ids: &[&str]) -> String {
        match ids {
            [id] => format!("The security group '{id}' does not exist"),
            ids => format!("The security groups '{}' do not exist", ids.join(", ")),
        }
    }

    fn values(&self, id: &str, view: View<'_>, filter: &str) -> Option<Vec<String>> {
        let (egress, name) = match filter.strip_prefix("egress.") {
            Some(name) => (true, name),
            None => (false, filter),
        };
        if let Some(name) = name.strip_prefix("ip-permission.") {
            let rules = self.rules(view).filter(|(_, rule)| rule.egress == egress);
            let values = rules.map(|(_, rule)| rule.permission_value(name));
            return values
                .collect::<Option<Vec<_>>>()
                .map(|values| values.concat());
        }
        Some(match filter {
            "description" => vec![self.description.clone()],
            "group-id" => vec![id.to_owned()],
            "group-name" => vec![self.name.clone()],
            "owner-id" => vec![view.cx.account.to_owned()],
            "vpc-id" => vec![self.vpc.clone()],
            _ => return None,
        })
    }

    fn write(&self, id: &str, view: View<'_>, xml: &mut Xml) {
        xml.leaf("ownerId", view.cx.account);
        xml.leaf("groupId", id);
        xml.leaf("groupName", &self.name);
        xml.leaf("groupDescription", &self.description);
        xml.leaf("vpcId", &self.vpc);
        xml.leaf("securityGroupArn", arn(id, view));
        for (name, egress) in [("ipPermissions", false), ("ipPermissionsEgress", true)] {
            let rules = self.rules(view).map(|(_, rule)| rule);
            permission::write(name, rules.filter(|rule| rule.egress == egress), view, xml);
        }
    }
}

fn arn(id: &str, view: View<'_>) -> String {
    view.cx.arn("ec2", &format!("security-group/{id}"))
}

impl Group {
    /// Whether it came with its VPC.
    pub(super) fn is_default(&self) -> bool {
        self.name == DEFAULT
    }

    fn rules<'a>(&'a self, view: View<'a>) -> impl Iterator<Item = (&'a String, &'a Rule)> {
        let rules = self.rules.iter();
        rules.filter_map(move |id| view.ec2.rules.get_key_value(id))
    }

    /// Makes the group that comes with a VPC: its members reach each other, and everything.
    pub(super) fn default_of(ec2: &mut Ec2, vpc: &str, call: &mut Call<'_>) {
        let id = ec2.add_group(vpc, DEFAULT, "default VPC security group", call.ids);
        let rule = Rule {
            group: id.clone(),
            egress: false,
            traffic: Traffic::all(),
            peer: Peer::Group(id),
            description: None,
        };
        ec2.add_rule(rule, call.ids);
    }
}

fn create(ec2: &mut Ec2, call: &mut Call<'_>, xml: &mut Xml) -> Answer {
    let tags = tags::specified(call.query, "security-group")?;
    let name = call.query.required("GroupName")?;
    let description = call.query.required("GroupDescription")?;
    let Some(vpc) = call.query.text("VpcId") else {
        let message = "No default VPC for this user";
        return Err(Fault::new("VPCIdNotSpecified", message));
    };
    Vpc::find(ec2, vpc)?;
    let invalid = |message: String| Err(Fault::new("InvalidParameterValue", message));
    if name.starts_with("sg-") {
        return invalid("Group names may not be in the format sg-*.".to_owned());
    }
    if name == DEFAULT {
        return invalid("Cannot use reserved security group name: default".to_owned());
    }
    for (parameter, text) in [("groupName", name), ("GroupDescription", description)] {
        if text.chars().count() > 255 {
            return invalid(format!(
                "Value for parameter {parameter} is invalid. Length exceeds maximum of 255."
            ));
        }
        if !text.is_ascii() {
            return invalid(format!(
                "Value ({text}) for parameter {parameter} is invalid. Character sets beyond ASCII are not supported."
            ));
        }
    }
    if ec2
        .groups
        .values()
        .any(|group| group.vpc == vpc && group.name == name)
    {
        let message = format!("The security group '{name}' already exists for VPC '{vpc}'");
        return Err(Fault::new("InvalidGroup.Duplicate", message));
    }
    let id = ec2.add_group(vpc, name, description, call.ids);
    ec2.tag(&id, tags);
    let view = View::begun(ec2, call.cx);
    xml.leaf("return", true);
    xml.leaf("groupId", &id);
    xml.leaf("securityGroupArn", arn(&id, view));
    super::tags::write(ec2.tags.get(&id), xml);
    Ok(())
}

fn delete(ec2: &mut Ec2, call: &mut Call<'_>, xml: &mut Xml) -> Answer {
    let id = call.query.required("GroupId")?;
    let group = Group::find(ec2, id)?;
    if group.is_default() {
        let message =
            format!("the specified group: \"{id}\" name: \"default\" cannot be deleted by a user");
        return Err(Fault::new("CannotDelete", message));
    }
    let refers =
        |rule: &Rule| rule.group != id && matches!(&rule.peer, Peer::Group(of) if of == id);
    let has = |groups: &Vec<String>| groups.iter().any(|of| of == id);
    if ec2.rules.values().any(refers)
        || ec2
            .interfaces
            .values()
            .any(|interface| has(&interface.groups))
    {
        let message = format!("resource {id} has a dependent object");
        return Err(Fault::new("DependencyViolation", message));
    }
    ec2.remove_group(id);
    xml.leaf("return", true);
    xml.leaf("groupId", id);
    Ok(())
}

impl Ec2 {
    /// Makes a group that lets everything out.
    pub(super) fn add_group(
        &mut self,
        vpc: &str,
        name: &str,
        description: &str,
        ids: &mut Ids,
    ) -> String {
        let id = ids.aws("sg");
        let group = Group {
            vpc: vpc.to_owned(),
            name: name.to_owned(),
            description: description.to_owned(),
            rules: Vec::new(),
        };
        self.groups.insert(id.clone(), group);
        let rule = Rule {
            group: id.clone(),
            egress: true,
            traffic: Traffic::all(),
            peer: Peer::everyone(),
            description: None,
        };
        self.add_rule(rule, ids);
        id
    }

    /// Removes a group with its rules.
    pub(super) fn remove_group(&mut self, id: &str) {
        let group = self.groups.remove(id);
        self.tags.remove(id);
        for rule in group.into_iter().flat_map(|group| group.rules) {
            self.rules.remove(&rule);
            self.tags.remove(&rule);
        }
    }

    /// The group, to change it.
    fn group_mut(&mut self, id: &str) -> Result<&mut Group, Fault> {
        let group = self.groups.get_mut(id);
        group.ok_or_else(|| not_found::<Group>(&[id]))
    }
}
