//! Rules of security groups.

use super::Group;
use crate::Ids;
use crate::aws::ec2::Ec2;
use crate::aws::ec2::describe::{Described, View};
use crate::aws::fault::Fault;
use crate::aws::query::Query;
use crate::aws::xml::Xml;
use ipnet::{Ipv4Net, Ipv6Net};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A rule: which traffic may come from whom, or go to whom.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(in crate::aws::ec2) struct Rule {
    /// The group that it belongs to.
    pub(in crate::aws::ec2) group: String,
    pub(in crate::aws::ec2) egress: bool,
    pub(in crate::aws::ec2) traffic: Traffic,
    pub(in crate::aws::ec2) peer: Peer,
    pub(in crate::aws::ec2) description: Option<String>,
}

/// Which traffic a rule is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(in crate::aws::ec2) struct Traffic {
    /// `tcp`, `udp`, `icmp`, `icmpv6`, a number, or `-1` for all.
    protocol: String,
    /// Ports, or type and code of ICMP; -1 is all.
    from: i32,
    to: i32,
}

/// Whom a rule is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(in crate::aws::ec2) enum Peer {
    /// Addresses.
    Ipv4(Ipv4Net),
    /// IPv6 addresses.
    Ipv6(Ipv6Net),
    /// Addresses of a list.
    PrefixList(String),
    /// The members of a group.
    Group(String),
}

impl Described for Rule {
    const IDS: &'static str = "SecurityGroupRuleId";
    const SET: &'static str = "securityGroupRuleSet";
    const NOUN: &'static str = "security group rule";
    const PREFIX: &'static str = "sgr";
    const NOT_FOUND: &'static str = "InvalidSecurityGroupRuleId.NotFound";

    fn all(ec2: &Ec2) -> &BTreeMap<String, Self> {
        &ec2.rules
    }

    fn values(&self, id: &str, _view: View<'_>, filter: &str) -> Option<Vec<String>> {
        Some(match filter {
            "group-id" => vec![self.group.clone()],
            "security-group-rule-id" => vec![id.to_owned()],
            _ => return None,
        })
    }

    fn write(&self, id: &str, view: View<'_>, xml: &mut Xml) {
        xml.leaf("securityGroupRuleId", id);
        let arn = format!("security-group-rule/{id}");
        xml.leaf("securityGroupRuleArn", view.cx.arn("ec2", &arn));
        xml.leaf("groupOwnerId", view.cx.account);
        self.write_traffic(xml);
        match &self.peer {
            Peer::Group(group) => xml.node("referencedGroupInfo", |xml| {
                xml.leaf("groupId", group);
                xml.leaf("userId", view.cx.account);
            }),
            peer => peer.write(xml),
        }
        xml.optional("description", self.description.as_ref());
    }
}

impl Rule {
    /// Writes the group that it belongs to, and which traffic it is about.
    pub(super) fn write_traffic(&self, xml: &mut Xml) {
        xml.leaf("groupId", &self.group);
        xml.leaf("isEgress", self.egress);
        xml.leaf("ipProtocol", &self.traffic.protocol);
        xml.leaf("fromPort", self.traffic.from);
        xml.leaf("toPort", self.traffic.to);
    }

    /// Whether it lets the same traffic of the same peer through.
    pub(super) fn same(&self, other: &Self) -> bool {
        self.egress == other.egress && self.traffic == other.traffic && self.peer == other.peer
    }

    /// How messages call it.
    pub(super) fn text(&self) -> String {
        let Traffic { protocol, from, to } = &self.traffic;
        let peer = match &self.peer {
            Peer::Ipv4(net) => net.to_string(),
            Peer::Ipv6(net) => net.to_string(),
            Peer::PrefixList(id) | Peer::Group(id) => id.clone(),
        };
        match protocol.as_str() {
            "-1" => format!("peer: {peer}, ALL, ALLOW"),
            "tcp" | "udp" => {
                let protocol = protocol.to_uppercase();
                format!("peer: {peer}, {protocol}, from port: {from}, to port: {to}, ALLOW")
            }
            "icmp" | "icmpv6" => {
                let protocol = protocol.to_uppercase();
                format!("peer: {peer}, {protocol}, type: {from}, code: {to}, ALLOW")
            }
            protocol => format!("peer: {peer}, {protocol}, ALLOW"),
        }
    }

    /// What filters of groups compare with.
    pub(super) fn permission_value(&self, name: &str) -> Option<Vec<String>> {
        Some(match (name, &self.peer) {
            ("cidr", Peer::Ipv4(net)) => vec![net.to_string()],
            ("ipv6-cidr", Peer::Ipv6(net)) => vec![net.to_string()],
            ("group-id", Peer::Group(id)) | ("prefix-list-id", Peer::PrefixList(id)) => {
                vec![id.clone()]
            }
            (
                "cidr" | "ipv6-cidr" | "group-id" | "prefix-list-id" | "group-name" | "user-id",
                _,
            ) => Vec::new(),
            ("from-port", _) => vec![self.traffic.from.to_string()],
            ("to-port", _) => vec![self.traffic.to.to_string()],
            ("protocol", _) => vec![self.traffic.protocol.clone()],
            _ => return None,
        })
    }
}

impl Traffic {
    /// All there is.
    pub(in crate::aws::ec2) fn all() -> Self {
        Self {
            protocol: "-1".to_owned(),
            from: -1,
            to: -1,
        }
    }

    /// Reads `IpProtocol`, `FromPort` and `ToPort`.
    pub(super) fn read(query: &Query) -> Result<Self, Fault> {
        let text = query.required("IpProtocol")?.to_ascii_lowercase();
        let protocol = match text.as_str() {
            "all" | "-1" => "-1",
            "tcp" | "6" => "tcp",
            "udp" | "17" => "udp",
            "icmp" | "1" => "icmp",
            "icmpv6" | "58" => "icmpv6",
            other => other,
        };
        let invalid = |message: String| Err(Fault::new("InvalidParameterValue", message));
        let known = matches!(protocol, "-1" | "tcp" | "udp" | "icmp" | "icmpv6");
        if !known && protocol.parse::<u8>().is_err() {
            return invalid(format!(
                "Invalid value '{text}' for IP protocol. Unknown protocol."
            ));
        }
        let from: Option<i32> = query.number("FromPort")?;
        let to: Option<i32> = query.number("ToPort")?;
        let (from, to) = match protocol {
            "tcp" | "udp" => {
                let (Some(from), Some(to)) = (from, to) else {
                    return invalid(
                        "Invalid value 'Must specify both from and to ports with TCP/UDP.' for portRange.".to_owned(),
                    );
                };
                if !(0..=65535).contains(&from) || !(0..=65535).contains(&to) || from > to {
                    return invalid(format!("Invalid TCP/UDP port range ({from}:{to})"));
                }
                (from, to)
            }
            "icmp" | "icmpv6" => (from.unwrap_or(-1), to.unwrap_or(-1)),
            _ => (-1, -1),
        };
        Ok(Self {
            protocol: protocol.to_owned(),
            from,
            to,
        })
    }

    /// Writes the elements of a permission: those of all traffic have no ports.
    pub(super) fn write(&self, xml: &mut Xml) {
        xml.leaf("ipProtocol", &self.protocol);
        if matches!(self.protocol.as_str(), "tcp" | "udp" | "icmp" | "icmpv6") {
            xml.leaf("fromPort", self.from);
            xml.leaf("toPort", self.to);
        }
    }
}

impl Peer {
    /// Writes addresses.
    pub(super) fn write(&self, xml: &mut Xml) {
        match self {
            Self::Ipv4(net) => xml.leaf("cidrIpv4", net),
            Self::Ipv6(net) => xml.leaf("cidrIpv6", net),
            Self::PrefixList(list) => xml.leaf("prefixListId", list),
            Self::Group(_) => {}
        }
    }

    /// All IPv4 addresses.
    pub(in crate::aws::ec2) fn everyone() -> Self {
        Self::Ipv4(Ipv4Net::default())
    }

    /// Reads a range of IPv4 addresses.
    pub(super) fn ipv4(text: &str) -> Result<Self, Fault> {
        let net = text.parse::<Ipv4Net>().map_err(|_| malformed(text))?;
        Ok(Self::Ipv4(net.trunc()))
    }

    /// Reads a range of IPv6 addresses.
    pub(super) fn ipv6(text: &str) -> Result<Self, Fault> {
        let net = text.parse::<Ipv6Net>().map_err(|_| malformed(text))?;
        Ok(Self::Ipv6(net.trunc()))
    }

    /// A list of addresses.
    pub(super) fn prefix_list(id: &str) -> Result<Self, Fault> {
        if id.starts_with("pl-") {
            return Ok(Self::PrefixList(id.to_owned()));
        }
        let message = format!("The prefix list ID '{id}' does not exist");
        Err(Fault::new("InvalidPrefixListID.NotFound", message))
    }

    /// A group, which must be there, and in the same VPC.
    pub(super) fn group(ec2: &Ec2, id: &str, vpc: &str) -> Result<Self, Fault> {
        if Group::find(ec2, id)?.vpc == vpc {
            return Ok(Self::Group(id.to_owned()));
        }
        let message = "You have specified two resources that belong to different networks.";
        Err(Fault::new("InvalidGroup.NotFound", message))
    }
}

fn malformed(text: &str) -> Fault {
    let message = format!("CIDR block {text} is malformed");
    Fault::new("InvalidParameterValue", message)
}

impl Ec2 {
    /// Adds a rule to its group; answers its id.
    pub(in crate::aws::ec2) fn add_rule(&mut self, rule: Rule, ids: &mut Ids) -> String {
        let id = ids.aws("sgr");
        if let Some(group) = self.groups.get_mut(&rule.group) {
            group.rules.push(id.clone());
            self.rules.insert(id.clone(), rule);
        }
        id
    }
}
