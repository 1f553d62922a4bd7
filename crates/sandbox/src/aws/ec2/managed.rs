//! What other services look up and make in a VPC: clusters their security group and network interfaces.

use super::Ec2;
use super::describe::{Described, not_found};
use super::group::{Group, Peer, Rule, Traffic};
use super::interface::Wanted;
use super::subnet::Subnet;
use super::tags::Tags;
use super::vpc::Vpc;
use crate::Ids;
use crate::aws::fault::Fault;
use ipnet::Ipv4Net;

/// A security group that a service makes.
#[derive(Debug)]
pub(crate) struct ServiceGroup<'a> {
    pub(crate) vpc: &'a str,
    pub(crate) name: &'a str,
    pub(crate) description: &'a str,
    pub(crate) tags: Tags,
}

/// A network interface that a service makes for itself.
#[derive(Debug)]
pub(crate) struct ServiceInterface<'a> {
    pub(crate) subnet: &'a str,
    pub(crate) groups: &'a [String],
    pub(crate) description: &'a str,
    /// What it belongs to, and goes with.
    pub(crate) owner: &'a str,
}

impl Ec2 {
    /// The VPC and the zone of a subnet.
    pub(crate) fn place_of_subnet(&self, id: &str) -> Result<(&str, &str), Fault> {
        let subnet = Subnet::find(self, id)?;
        Ok((&subnet.vpc, &subnet.zone))
    }

    /// The VPC of a security group.
    pub(crate) fn vpc_of_group(&self, id: &str) -> Result<&str, Fault> {
        Ok(&Group::find(self, id)?.vpc)
    }

    /// The IPv4 ranges of a VPC.
    pub(crate) fn ranges_of_vpc(&self, id: &str) -> Result<Vec<Ipv4Net>, Fault> {
        let vpc = self.vpcs.get(id).ok_or_else(|| not_found::<Vpc>(&[id]))?;
        Ok(vpc.ranges.iter().map(|range| range.net).collect())
    }

    /// Makes a group whose members reach each other, and everything.
    pub(crate) fn make_service_group(&mut self, group: ServiceGroup<'_>, ids: &mut Ids) -> String {
        let id = self.add_group(group.vpc, group.name, group.description, ids);
        self.tag(&id, group.tags);
        let rule = Rule {
            group: id.clone(),
            egress: false,
            traffic: Traffic::all(),
            peer: Peer::Group(id.clone()),
            description: None,
        };
        self.add_rule(rule, ids);
        id
    }

    /// Removes a group that a service has made. It stays while others refer to it.
    pub(crate) fn remove_service_group(&mut self, id: &str) {
        let refers =
            |rule: &Rule| rule.group != id && matches!(&rule.peer, Peer::Group(of) if of == id);
        let used = |groups: &[String]| groups.iter().any(|of| of == id);
        if !self.rules.values().any(refers) && !self.interfaces.values().any(|of| used(&of.groups))
        {
            self.remove_group(id);
        }
    }

    /// Makes a network interface.
    pub(crate) fn make_service_interface(
        &mut self,
        interface: &ServiceInterface<'_>,
        ids: &mut Ids,
    ) -> Result<(), Fault> {
        let wanted = Wanted {
            subnet: interface.subnet,
            groups: interface.groups.to_vec(),
            description: interface.description.to_owned(),
            kind: "interface",
            owner: Some(interface.owner),
            ..Wanted::default()
        };
        self.add_interface(wanted, ids).map(drop)
    }

    /// Removes the network interfaces that belong to something.
    pub(crate) fn remove_service_interfaces(&mut self, owner: &str) {
        self.remove_interfaces_of(owner);
    }
}
