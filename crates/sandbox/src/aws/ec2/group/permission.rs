//! Permissions: how requests and security groups write rules, several peers for the same traffic.

use super::rule::{Peer, Rule, Traffic};
use crate::aws::ec2::describe::View;
use crate::aws::ec2::{Call, Ec2};
use crate::aws::fault::Fault;
use crate::aws::query::{Query, missing};
use crate::aws::xml::Xml;
use std::collections::BTreeMap;

/// The most rules that a request can name.
const MOST: usize = 1000;

/// Reads the rules that a request names, for a group of that VPC.
pub(super) fn read(
    ec2: &Ec2,
    call: &Call<'_>,
    (group, vpc): (&str, &str),
    egress: bool,
) -> Result<Vec<Rule>, Fault> {
    let mut rules = Vec::new();
    for permission in call.query.list("IpPermissions") {
        let traffic = Traffic::read(permission)?;
        for (peer, description) in peers(ec2, permission, vpc)? {
            rules.push(Rule {
                group: group.to_owned(),
                egress,
                traffic: traffic.clone(),
                peer,
                description: description.map(str::to_owned),
            });
        }
        if rules.len() > MOST {
            let message = "The maximum number of rules per request has been reached.";
            return Err(Fault::new("RulesPerSecurityGroupLimitExceeded", message));
        }
    }
    // The old form: one rule.
    if let Some(cidr) = call.query.text("CidrIp") {
        rules.push(Rule {
            group: group.to_owned(),
            egress,
            traffic: Traffic::read(call.query)?,
            peer: Peer::ipv4(cidr)?,
            description: None,
        });
    }
    if rules.is_empty() {
        return Err(missing("IpPermissions"));
    }
    for rule in &rules {
        description(rule.description.as_deref().unwrap_or_default())?;
    }
    Ok(rules)
}

fn peers<'a>(
    ec2: &Ec2,
    permission: &'a Query,
    vpc: &str,
) -> Result<Vec<(Peer, Option<&'a str>)>, Fault> {
    let mut peers = Vec::new();
    for range in permission.list("IpRanges") {
        let peer = Peer::ipv4(range.required("CidrIp")?)?;
        peers.push((peer, range.text("Description")));
    }
    for range in permission.list("Ipv6Ranges") {
        let peer = Peer::ipv6(range.required("CidrIpv6")?)?;
        peers.push((peer, range.text("Description")));
    }
    for list in permission.list("PrefixListIds") {
        let peer = Peer::prefix_list(list.required("PrefixListId")?)?;
        peers.push((peer, list.text("Description")));
    }
    for pair in permission.list("Groups") {
        let id = match (pair.text("GroupId"), pair.text("GroupName")) {
            (Some(id), _) => id,
            (None, name) => {
                let name = name.ok_or_else(|| missing("GroupId"))?;
                let mut groups = ec2.groups.iter();
                let found = groups.find(|(_, group)| group.vpc == vpc && group.name == name);
                found.map(|(id, _)| id.as_str()).ok_or_else(|| {
                    let message = format!("The security group '{name}' does not exist");
                    Fault::new("InvalidGroup.NotFound", message)
                })?
            }
        };
        peers.push((Peer::group(ec2, id, vpc)?, pair.text("Description")));
    }
    Ok(peers)
}

/// Checks the description of a rule.
pub(super) fn description(text: &str) -> Result<(), Fault> {
    let allowed =
        |letter: char| letter.is_ascii_alphanumeric() || " ._-:/()#,@[]+=&;{}!$*".contains(letter);
    let message = if text.chars().count() > 255 {
        "Invalid rule description. The maximum length is 255 characters."
    } else if !text.chars().all(allowed) {
        "Invalid rule description. Valid descriptions are strings less than 256 characters from the following set:  a-zA-Z0-9. _-:/()#,@[]+=&;{}!$*"
    } else {
        return Ok(());
    };
    Err(Fault::new("InvalidParameterValue", message))
}

/// Writes rules as permissions.
pub(super) fn write<'a>(
    name: &str,
    rules: impl Iterator<Item = &'a Rule>,
    view: View<'_>,
    xml: &mut Xml,
) {
    let mut permissions: BTreeMap<&Traffic, Vec<&Rule>> = BTreeMap::new();
    for rule in rules {
        permissions.entry(&rule.traffic).or_default().push(rule);
    }
    xml.set(name, permissions, |xml, (traffic, rules)| {
        traffic.write(xml);
        let peers =
            |xml: &mut Xml, name: &str, leaf: fn(&Peer) -> Option<(&'static str, String)>| {
                let of = rules
                    .iter()
                    .filter_map(|rule| Some((leaf(&rule.peer)?, rule)));
                xml.set(name, of, |xml, ((element, value), rule)| {
                    if element == "groupId" {
                        xml.leaf("userId", view.cx.account);
                    }
                    xml.leaf(element, value);
                    xml.optional("description", rule.description.as_ref());
                });
            };
        peers(xml, "groups", |peer| match peer {
            Peer::Group(id) => Some(("groupId", id.clone())),
            _ => None,
        });
        peers(xml, "ipRanges", |peer| match peer {
            Peer::Ipv4(net) => Some(("cidrIp", net.to_string())),
            _ => None,
        });
        peers(xml, "ipv6Ranges", |peer| match peer {
            Peer::Ipv6(net) => Some(("cidrIpv6", net.to_string())),
            _ => None,
        });
        peers(xml, "prefixListIds", |peer| match peer {
            Peer::PrefixList(id) => Some(("prefixListId", id.clone())),
            _ => None,
        });
    });
}
