//! Network interfaces: made by people, and by NAT gateways, transit gateway attachments and clusters for themselves.

use super::describe::{Described, View, describe, not_found, write_one};
use super::group::Group;
use super::subnet::Subnet;
use super::{Answer, Call, Ec2, Operation, done, tags};
use crate::Ids;
use crate::aws::fault::Fault;
use crate::aws::xml::Xml;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::net::Ipv4Addr;

/// A network interface.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Interface {
    pub(super) vpc: String,
    pub(super) subnet: String,
    zone: String,
    mac: String,
    /// Its addresses, each with the allocation of the Elastic IP address that is bound to it; the first is the primary one.
    pub(super) addresses: Vec<Private>,
    pub(super) groups: Vec<String>,
    description: String,
    /// `interface`, `nat_gateway` …
    kind: String,
    /// What has made it for itself.
    pub(super) owner: Option<String>,
}

/// A private address.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Private {
    pub(super) ip: Ipv4Addr,
    pub(super) allocation: Option<String>,
}

/// What a new network interface shall be like.
#[derive(Debug, Default)]
pub(super) struct Wanted<'a> {
    pub(super) subnet: &'a str,
    pub(super) groups: Vec<String>,
    pub(super) description: String,
    pub(super) kind: &'a str,
    pub(super) owner: Option<&'a str>,
    pub(super) address: Option<Ipv4Addr>,
}

pub(super) const OPERATIONS: &[(&str, Operation)] = &[
    ("CreateNetworkInterface", create),
    ("DeleteNetworkInterface", delete),
    ("DescribeNetworkInterfaces", |ec2, call, xml| {
        describe::<Interface>(ec2, call, xml)
    }),
    ("ModifyNetworkInterfaceAttribute", modify),
];

impl Described for Interface {
    const IDS: &'static str = "NetworkInterfaceId";
    const SET: &'static str = "networkInterfaceSet";
    const NOUN: &'static str = "networkInterface";
    const PREFIX: &'static str = "eni";
    const NOT_FOUND: &'static str = "InvalidNetworkInterfaceID.NotFound";

    fn all(ec2: &Ec2) -> &BTreeMap<String, Self> {
        &ec2.interfaces
    }

    fn values(&self, id: &str, view: View<'_>, filter: &str) -> Option<Vec<String>> {
        let one = |text: &str| vec![text.to_owned()];
        let allocations = || {
            self.addresses
                .iter()
                .filter_map(|of| of.allocation.as_ref())
        };
        let addresses = || allocations().filter_map(|id| view.ec2.addresses.get(id));
        Some(match filter {
            "addresses.private-ip-address" => {
                let ips = self.addresses.iter();
                ips.map(|of| of.ip.to_string()).collect()
            }
            "association.allocation-id" => allocations().cloned().collect(),
            "association.association-id" => addresses()
                .filter_map(|of| of.association())
                .cloned()
                .collect(),
            "association.public-ip" | "addresses.association.public-ip" => {
                addresses().map(|of| of.ip.to_string()).collect()
            }
            "attachment.attachment-id" => self.attachment(id).into_iter().collect(),
            "attachment.status" => self.owner.iter().map(|_| "attached".to_owned()).collect(),
            "attachment.instance-id" | "attachment.instance-owner-id" => Vec::new(),
            "availability-zone" => one(&self.zone),
            "description" => one(&self.description),
            "group-id" => self.groups.clone(),
            "group-name" => {
                let groups = self.groups.iter().filter_map(|id| view.ec2.groups.get(id));
                groups.map(|group| group.name.clone()).collect()
            }
            "interface-type" => one(&self.kind),
            "mac-address" => one(&self.mac),
            "network-interface-id" => one(id),
            "owner-id" => one(view.cx.account),
            "private-ip-address" => vec![self.primary().to_string()],
            "requester-id" => one(view.cx.account),
            "requester-managed" => vec![self.owner.is_some().to_string()],
            "status" => one(self.status()),
            "subnet-id" => one(&self.subnet),
            "vpc-id" => one(&self.vpc),
            _ => return None,
        })
    }

    fn write(&self, id: &str, view: View<'_>, xml: &mut Xml) {
        xml.leaf("networkInterfaceId", id);
        xml.leaf("subnetId", &self.subnet);
        xml.leaf("vpcId", &self.vpc);
        xml.leaf("availabilityZone", &self.zone);
        xml.leaf("availabilityZoneId", super::zone::id(&self.zone));
        xml.leaf("description", &self.description);
        xml.leaf("ownerId", view.cx.account);
        xml.leaf("requesterManaged", self.owner.is_some());
        xml.leaf("status", self.status());
        xml.leaf("macAddress", &self.mac);
        xml.leaf("privateIpAddress", self.primary());
        xml.leaf("sourceDestCheck", self.owner.is_none());
        xml.leaf("interfaceType", &self.kind);
        self.write_groups(view, xml);
        if let Some(attachment) = self.attachment(id) {
            xml.node("attachment", |xml| {
                xml.leaf("attachmentId", attachment);
                xml.leaf("instanceOwnerId", "amazon-aws");
                xml.leaf("deviceIndex", 1);
                xml.leaf("status", "attached");
                xml.leaf("deleteOnTermination", false);
            });
        }
        if let Some(first) = self.addresses.first() {
            first.write_association(view, xml);
        }
        xml.set("ipv6AddressesSet", [(); 0], |_, ()| {});
        let addresses = self.addresses.iter().enumerate();
        xml.set("privateIpAddressesSet", addresses, |xml, (at, address)| {
            xml.leaf("privateIpAddress", address.ip);
            xml.leaf("primary", at == 0);
            address.write_association(view, xml);
        });
    }
}

impl Private {
    fn write_association(&self, view: View<'_>, xml: &mut Xml) {
        let Some(allocation) = &self.allocation else {
            return;
        };
        let Some(address) = view.ec2.addresses.get(allocation) else {
            return;
        };
        xml.node("association", |xml| {
            xml.leaf("publicIp", address.ip);
            xml.leaf("publicDnsName", address.name(view.cx.region));
            xml.leaf("ipOwnerId", view.cx.account);
            xml.leaf("allocationId", allocation);
            xml.optional("associationId", address.association());
        });
    }
}

impl Interface {
    /// Its first address.
    pub(super) fn primary(&self) -> Ipv4Addr {
        let first = self.addresses.first();
        first.map_or(Ipv4Addr::UNSPECIFIED, |address| address.ip)
    }

    fn status(&self) -> &'static str {
        match self.owner {
            Some(_) => "in-use",
            None => "available",
        }
    }

    fn attachment(&self, id: &str) -> Option<String> {
        let digits = id.trim_start_matches("eni-");
        self.owner.as_ref().map(|_| format!("eni-attach-{digits}"))
    }

    fn write_groups(&self, view: View<'_>, xml: &mut Xml) {
        xml.set("groupSet", &self.groups, |xml, id| {
            xml.leaf("groupId", id);
            let group = view.ec2.groups.get(id);
            xml.optional("groupName", group.map(|group| &group.name));
        });
    }
}

fn create(ec2: &mut Ec2, call: &mut Call<'_>, xml: &mut Xml) -> Answer {
    let tags = tags::specified(call.query, "network-interface")?;
    let subnet = call.query.required("SubnetId")?;
    let vpc = Subnet::find(ec2, subnet)?.vpc.clone();
    let id = if let Some(id) = ec2.made_before(call)? {
        id
    } else {
        let groups = groups(ec2, call, &vpc)?;
        let mut ips = wanted_ips(ec2, call, subnet)?.into_iter();
        let address = ips.next();
        let wanted = Wanted {
            subnet,
            groups,
            description: call
                .query
                .text("Description")
                .unwrap_or_default()
                .to_owned(),
            kind: "interface",
            owner: None,
            address,
        };
        let id = ec2.add_interface(wanted, call.ids)?;
        for ip in ips {
            let ip = ec2.private_address(subnet, Some(ip))?;
            if let Some(interface) = ec2.interfaces.get_mut(&id) {
                interface.addresses.push(Private {
                    ip,
                    allocation: None,
                });
            }
        }
        ec2.tag(&id, tags);
        ec2.remember(call, &id);
        id
    };
    let view = View::begun(ec2, call.cx);
    xml.node("networkInterface", |xml| {
        write_one::<Interface>(&id, view, xml);
    });
    Ok(())
}

/// The addresses that a request names, which must be free: the primary one first.
fn wanted_ips(ec2: &Ec2, call: &Call<'_>, subnet: &str) -> Result<Vec<Ipv4Addr>, Fault> {
    let mut ips = Vec::new();
    if let Some(text) = call.query.text("PrivateIpAddress") {
        ips.push(private(text)?);
    }
    for address in call.query.list("PrivateIpAddresses") {
        let ip = private(address.required("PrivateIpAddress")?)?;
        match address.flag("Primary")? {
            Some(true) => ips.insert(0, ip),
            _ => ips.push(ip),
        }
    }
    for (at, ip) in ips.iter().enumerate() {
        if ips[..at].contains(ip) {
            let message = format!("The address {ip} is named twice");
            return Err(Fault::new("InvalidParameterValue", message));
        }
        ec2.is_free(subnet, *ip)?;
    }
    Ok(ips)
}

/// The groups that a request names; the default one of the VPC if it names none.
fn groups(ec2: &Ec2, call: &Call<'_>, vpc: &str) -> Result<Vec<String>, Fault> {
    let named = call.query.texts("SecurityGroupId");
    for id in &named {
        if Group::find(ec2, id)?.vpc != vpc {
            let message = "You have specified two resources that belong to different networks.";
            return Err(Fault::new("InvalidParameterValue", message));
        }
    }
    if !named.is_empty() {
        return Ok(named.into_iter().map(str::to_owned).collect());
    }
    let mut groups = ec2.groups.iter();
    let own = groups.find(|(_, group)| group.vpc == vpc && group.is_default());
    Ok(own.map(|(id, _)| id.clone()).into_iter().collect())
}

pub(super) fn private(text: &str) -> Result<Ipv4Addr, Fault> {
    text.parse().map_err(|_| {
        let message = format!("invalid value for parameter privateIpAddress: {text}");
        Fault::new("InvalidParameterValue", message)
    })
}

fn modify(ec2: &mut Ec2, call: &mut Call<'_>, xml: &mut Xml) -> Answer {
    let id = call.query.required("NetworkInterfaceId")?;
    let vpc = Interface::find(ec2, id)?.vpc.clone();
    let groups = match call.query.has("SecurityGroupId") {
        true => Some(groups(ec2, call, &vpc)?),
        false => None,
    };
    let description = call.query.text("Description.Value").map(str::to_owned);
    if let Some(interface) = ec2.interfaces.get_mut(id) {
        interface.groups = groups.unwrap_or(std::mem::take(&mut interface.groups));
        interface.description = description.unwrap_or(std::mem::take(&mut interface.description));
    }
    done(xml)
}

fn delete(ec2: &mut Ec2, call: &mut Call<'_>, xml: &mut Xml) -> Answer {
    let id = call.query.required("NetworkInterfaceId")?;
    let interface = Interface::find(ec2, id)?;
    if let Some(attachment) = interface.attachment(id) {
        let message = format!("Network interface '{id}' is currently in use: {attachment}");
        return Err(Fault::new("InvalidParameterValue", message));
    }
    ec2.remove_interface(id);
    done(xml)
}

impl Ec2 {
    /// Makes a network interface with the next address of its subnet, or the wanted one.
    pub(super) fn add_interface(
        &mut self,
        wanted: Wanted<'_>,
        ids: &mut Ids,
    ) -> Result<String, Fault> {
        let ip = self.private_address(wanted.subnet, wanted.address)?;
        let subnet = self.subnets.get(wanted.subnet);
        let subnet = subnet.ok_or_else(|| not_found::<Subnet>(&[wanted.subnet]))?;
        let id = ids.aws("eni");
        let mac = ids.next().to_be_bytes();
        let mac = format!(
            "0a:{:02x}:{:02x}:{:02x}:{:02x}:{:02x}",
            mac[0], mac[1], mac[2], mac[3], mac[4]
        );
        let interface = Interface {
            vpc: subnet.vpc.clone(),
            subnet: wanted.subnet.to_owned(),
            zone: subnet.zone.clone(),
            mac,
            addresses: vec![Private {
                ip,
                allocation: None,
            }],
            groups: wanted.groups,
            description: wanted.description,
            kind: wanted.kind.to_owned(),
            owner: wanted.owner.map(str::to_owned),
        };
        self.interfaces.insert(id.clone(), interface);
        Ok(id)
    }

    /// Takes an address of a subnet: the wanted one if it is free, else the next free one.
    pub(super) fn private_address(
        &mut self,
        subnet: &str,
        wanted: Option<Ipv4Addr>,
    ) -> Result<Ipv4Addr, Fault> {
        if let Some(ip) = wanted {
            self.is_free(subnet, ip)?;
            self.subnet_mut(subnet)?.reserve();
            return Ok(ip);
        }
        loop {
            let ip = self.subnet_mut(subnet)?.take()?;
            if self.is_free(subnet, ip).is_ok() {
                return Ok(ip);
            }
            self.subnet_mut(subnet)?.release();
        }
    }

    /// Refuses an address that is not of the subnet, or that something in it has.
    pub(super) fn is_free(&self, subnet: &str, ip: Ipv4Addr) -> Result<(), Fault> {
        let net = Subnet::find(self, subnet)?.net;
        if !net.is_some_and(|net| net.contains(&ip)) {
            let message = format!("Address does not fall within the subnet's address range: {ip}");
            return Err(Fault::new("InvalidParameterValue", message));
        }
        let mut interfaces = self.interfaces.values().filter(|of| of.subnet == subnet);
        if interfaces.any(|of| of.addresses.iter().any(|address| address.ip == ip)) {
            let message = format!("Address {ip} is in use.");
            return Err(Fault::new("InvalidIPAddress.InUse", message));
        }
        Ok(())
    }

    /// Removes a network interface, and unbinds the addresses that are bound to it.
    pub(super) fn remove_interface(&mut self, id: &str) {
        let Some(interface) = self.interfaces.remove(id) else {
            return;
        };
        for private in &interface.addresses {
            if let Ok(subnet) = self.subnet_mut(&interface.subnet) {
                subnet.release();
            }
            let bound = private.allocation.as_ref();
            if let Some(address) = bound.and_then(|id| self.addresses.get_mut(id)) {
                address.unbind();
            }
        }
        self.tags.remove(id);
    }

    /// Removes the network interfaces that something has made for itself.
    pub(super) fn remove_interfaces_of(&mut self, owner: &str) {
        let of = |interface: &Interface| interface.owner.as_deref() == Some(owner);
        let ids = self
            .interfaces
            .iter()
            .filter(|(_, interface)| of(interface));
        let ids: Vec<String> = ids.map(|(id, _)| id.clone()).collect();
        for id in &ids {
            self.remove_interface(id);
        }
    }
}
