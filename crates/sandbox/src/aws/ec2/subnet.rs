//! Subnets.

mod attribute;
mod range;

use super::describe::{Described, View, describe, write_one};
use super::vpc::{Range, Vpc, associations, states};
use super::{Answer, Call, Ec2, Operation, dependency, done, net, tags, zone};
use crate::aws::fault::Fault;
use crate::aws::xml::Xml;
use crate::clock::Instant;
use attribute::Launch;
use ipnet::{Ipv4Net, Ipv6Net};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::net::Ipv4Addr;

/// Addresses of every subnet that nobody gets: its first four and its last.
const RESERVED: u32 = 5;

/// A subnet.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Subnet {
    pub(super) vpc: String,
    pub(super) zone: String,
    /// The IPv4 range; none if it only has IPv6.
    pub(super) net: Option<Ipv4Net>,
    pub(super) ipv6: Vec<Range<Ipv6Net>>,
    launch: Launch,
    /// How many network interfaces have an address in it.
    interfaces: u32,
    /// How many addresses were given out: the next one comes after them.
    given: u32,
    /// When it is available.
    due: Instant,
}

pub(super) const OPERATIONS: &[(&str, Operation)] = &[
    ("AssociateSubnetCidrBlock", range::associate),
    ("CreateSubnet", create),
    ("DeleteSubnet", delete),
    ("DescribeSubnets", |ec2, call, xml| {
        describe::<Subnet>(ec2, call, xml)
    }),
    ("DisassociateSubnetCidrBlock", range::disassociate),
    ("ModifySubnetAttribute", attribute::modify),
];

impl Described for Subnet {
    const IDS: &'static str = "SubnetId";
    const SET: &'static str = "subnetSet";
    const NOUN: &'static str = "subnet";
    const PREFIX: &'static str = "subnet";
    const NOT_FOUND: &'static str = "InvalidSubnetID.NotFound";

    fn all(ec2: &Ec2) -> &BTreeMap<String, Self> {
        &ec2.subnets
    }

    fn values(&self, id: &str, view: View<'_>, filter: &str) -> Option<Vec<String>> {
        let one = |text: &str| vec![text.to_owned()];
        Some(match filter {
            "availability-zone" | "availabilityZone" => one(&self.zone),
            "availability-zone-id" | "availabilityZoneId" => vec![zone::id(&self.zone)],
            "available-ip-address-count" => vec![self.free().to_string()],
            "cidr" | "cidr-block" | "cidrBlock" => {
                self.net.iter().map(Ipv4Net::to_string).collect()
            }
            "default-for-az" | "defaultForAz" => one("false"),
            "ipv6-cidr-block-association.ipv6-cidr-block" => {
                let nets = self.ipv6.iter();
                nets.map(|range| range.net.to_string()).collect()
            }
            "ipv6-cidr-block-association.association-id" => associations(&self.ipv6),
            "ipv6-cidr-block-association.state" => states(&self.ipv6, view),
            "ipv6-native" => vec![self.net.is_none().to_string()],
            "map-public-ip-on-launch" => vec![self.launch.public_ip.to_string()],
            "enable-dns64" => vec![self.launch.dns64.to_string()],
            "owner-id" => one(view.cx.account),
            "state" => one(self.state(view)),
            "subnet-arn" => vec![arn(id, view)],
            "subnet-id" => one(id),
            "vpc-id" => one(&self.vpc),
            _ => return None,
        })
    }

    fn write(&self, id: &str, view: View<'_>, xml: &mut Xml) {
        xml.leaf("subnetId", id);
        xml.leaf("subnetArn", arn(id, view));
        xml.leaf("state", self.state(view));
        xml.leaf("ownerId", view.cx.account);
        xml.leaf("vpcId", &self.vpc);
        xml.optional("cidrBlock", self.net);
        xml.set("ipv6CidrBlockAssociationSet", &self.ipv6, |xml, range| {
            range.write_ipv6(view, xml);
        });
        xml.leaf("availableIpAddressCount", self.free());
        xml.leaf("availabilityZone", &self.zone);
        xml.leaf("availabilityZoneId", zone::id(&self.zone));
        xml.leaf("defaultForAz", false);
        xml.leaf("ipv6Native", self.net.is_none());
        self.launch.write(xml);
    }
}

impl Subnet {
    fn state(&self, view: View<'_>) -> &'static str {
        view.state(self.due, "pending", "available")
    }

    fn free(&self) -> u32 {
        let all = self.net.map_or(0, size);
        all.saturating_sub(RESERVED + self.interfaces)
    }

    /// An address for a new network interface.
    pub(super) fn take(&mut self) -> Result<Ipv4Addr, Fault> {
        let Some(net) = self.net.filter(|_| self.free() > 0) else {
            let message =
                "The specified subnet does not have enough free addresses to satisfy the request.";
            return Err(Fault::new("InsufficientFreeAddressesInSubnet", message));
        };
        let host = 4 + self.given % (size(net) - RESERVED);
        self.given = self.given.wrapping_add(1);
        self.interfaces += 1;
        Ok(Ipv4Addr::from_bits(net.network().to_bits() + host))
    }

    /// How many addresses are taken.
    #[cfg(test)]
    pub(super) fn interfaces(&self) -> usize {
        self.interfaces as usize
    }

    /// Somebody takes an address that was asked for by name.
    pub(super) fn reserve(&mut self) {
        self.interfaces += 1;
    }

    /// A network interface in it is gone.
    pub(super) fn release(&mut self) {
        self.interfaces = self.interfaces.saturating_sub(1);
    }
}

/// How many addresses there are; a subnet has no more than a /16.
fn size(net: Ipv4Net) -> u32 {
    1 << (32 - u32::from(net.prefix_len().clamp(16, 28)))
}

fn arn(id: &str, view: View<'_>) -> String {
    view.cx.arn("ec2", &format!("subnet/{id}"))
}

fn create(ec2: &mut Ec2, call: &mut Call<'_>, xml: &mut Xml) -> Answer {
    let tags = tags::specified(call.query, "subnet")?;
    let vpc_id = call.query.required("VpcId")?;
    let vpc = Vpc::find(ec2, vpc_id)?;
    for name in ["OutpostArn", "Ipv4IpamPoolId", "Ipv6IpamPoolId"] {
        if let Some(text) = call.query.text(name) {
            let message =
                format!("Value ({text}) for parameter {name} is invalid. It does not exist");
            return Err(Fault::new("InvalidParameterValue", message));
        }
    }
    let native = call.query.flag("Ipv6Native")?.unwrap_or(false);
    let net = match (native, call.query.text("CidrBlock")) {
        (true, Some(_)) => {
            let message = "An IPv6-only subnet cannot have an IPv4 CIDR block";
            return Err(Fault::new("InvalidParameterCombination", message));
        }
        (true, None) => None,
        (false, _) => Some(ipv4(ec2, vpc, vpc_id, call.query.required("CidrBlock")?)?),
    };
    let ipv6 = match native {
        true => Some(call.query.required("Ipv6CidrBlock")?),
        false => call.query.text("Ipv6CidrBlock"),
    };
    let ipv6 = ipv6
        .map(|text| range::read(ec2, vpc_id, text))
        .transpose()?;
    let zone = zone::chosen(call)?;
    let id = call.ids.aws("subnet");
    let due = call.cx.clock.due();
    let ipv6 = ipv6.map(|net| Range::new("subnet", net, due, call.ids));
    let subnet = Subnet {
        vpc: vpc_id.to_owned(),
        zone,
        net,
        ipv6: ipv6.into_iter().collect(),
        launch: Launch::of(native),
        interfaces: 0,
        given: 0,
        due,
    };
    ec2.subnets.insert(id.clone(), subnet);
    ec2.associate_acl(vpc_id, &id, call.ids);
    ec2.tag(&id, tags);
    let view = View::begun(ec2, call.cx);
    xml.node("subnet", |xml| write_one::<Subnet>(&id, view, xml));
    Ok(())
}

/// Reads a range for a subnet of that VPC.
fn ipv4(ec2: &Ec2, vpc: &Vpc, vpc_id: &str, text: &str) -> Result<Ipv4Net, Fault> {
    let net = net(text)?;
    if !(16..=28).contains(&net.prefix_len()) || !vpc.contains(net) {
        let message = format!("The CIDR '{text}' is invalid.");
        return Err(Fault::new("InvalidSubnet.Range", message));
    }
    let overlaps = |other: Ipv4Net| other.contains(&net) || net.contains(&other);
    let mut siblings = ec2.subnets.values().filter(|subnet| subnet.vpc == vpc_id);
    if siblings.any(|subnet| subnet.net.is_some_and(overlaps)) {
        let message = format!("The CIDR '{text}' conflicts with another subnet");
        return Err(Fault::new("InvalidSubnet.Conflict", message));
    }
    Ok(net)
}

fn delete(ec2: &mut Ec2, call: &mut Call<'_>, xml: &mut Xml) -> Answer {
    let id = call.query.required("SubnetId")?;
    let subnet = Subnet::find(ec2, id)?;
    if subnet.interfaces > 0 {
        return Err(dependency("subnet", id));
    }
    ec2.subnets.remove(id);
    ec2.tags.remove(id);
    ec2.disassociate_acl(id);
    for table in ec2.route_tables.values_mut() {
        table.forget_subnet(id);
    }
    done(xml)
}

impl Ec2 {
    /// The subnet, to change it.
    pub(super) fn subnet_mut(&mut self, id: &str) -> Result<&mut Subnet, Fault> {
        let subnet = self.subnets.get_mut(id);
        subnet.ok_or_else(|| super::describe::not_found::<Subnet>(&[id]))
    }
}
