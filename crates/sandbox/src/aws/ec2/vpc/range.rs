//! Ranges of addresses of VPCs and subnets.

use super::Vpc;
use crate::Ids;
use crate::aws::ec2::describe::{Described, View};
use crate::aws::ec2::{Answer, Call, Ec2};
use crate::aws::fault::Fault;
use crate::aws::xml::Xml;
use crate::clock::Instant;
use ipnet::{Ipv4Net, Ipv6Net};
use serde::{Deserialize, Serialize};
use std::fmt::Display;
use std::net::Ipv6Addr;

/// The most ranges of one family that a VPC can have.
const MOST: usize = 5;

/// A range of addresses that belongs to a VPC or a subnet.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(in crate::aws::ec2) struct Range<N> {
    pub(in crate::aws::ec2) association: String,
    pub(in crate::aws::ec2) net: N,
    /// When it is associated.
    due: Instant,
}

impl<N: Display> Range<N> {
    /// A range of a `vpc` or `subnet`.
    pub(in crate::aws::ec2) fn new(of: &str, net: N, due: Instant, ids: &mut Ids) -> Self {
        Self {
            association: ids.aws(&format!("{of}-cidr-assoc")),
            net,
            due,
        }
    }

    /// Writes a range of IPv4 addresses.
    pub(in crate::aws::ec2) fn write(&self, view: View<'_>, xml: &mut Xml) {
        self.write_as("cidrBlock", self.state(view), xml);
    }

    /// Writes a range of IPv6 addresses.
    pub(in crate::aws::ec2) fn write_ipv6(&self, view: View<'_>, xml: &mut Xml) {
        self.write_as("ipv6CidrBlock", self.state(view), xml);
        xml.leaf("ipSource", "amazon");
        xml.leaf("ipv6AddressAttribute", "public");
    }

    /// Writes a range of IPv6 addresses of a VPC: with where it came from.
    pub(super) fn write_pool(&self, view: View<'_>, xml: &mut Xml) {
        self.write_ipv6(view, xml);
        xml.leaf("ipv6Pool", "Amazon");
        xml.leaf("networkBorderGroup", view.cx.region);
    }

    /// Writes a range in a state.
    pub(in crate::aws::ec2) fn write_as(&self, name: &str, state: &str, xml: &mut Xml) {
        xml.leaf(name, &self.net);
        xml.leaf("associationId", &self.association);
        xml.node(&format!("{name}State"), |xml| xml.leaf("state", state));
    }

    /// The state of the association.
    pub(in crate::aws::ec2) fn state(&self, view: View<'_>) -> &'static str {
        view.state(self.due, "associating", "associated")
    }
}

/// The ids of the associations.
pub(in crate::aws::ec2) fn associations<N>(ranges: &[Range<N>]) -> Vec<String> {
    let ids = ranges.iter().map(|range| range.association.clone());
    ids.collect()
}

/// The states of the associations.
pub(in crate::aws::ec2) fn states<N: Display>(ranges: &[Range<N>], view: View<'_>) -> Vec<String> {
    let states = ranges.iter().map(|range| range.state(view).to_owned());
    states.collect()
}

/// Reads the range of a VPC: between /16 and /28.
pub(super) fn read(text: &str) -> Result<Ipv4Net, Fault> {
    let net = super::net(text)?;
    if (16..=28).contains(&net.prefix_len()) {
        return Ok(net);
    }
    let message = format!("The CIDR '{text}' is invalid.");
    Err(Fault::new("InvalidVpc.Range", message))
}

/// A /56 of the cloud's own IPv6 addresses.
pub(super) fn provided(call: &mut Call<'_>) -> Range<Ipv6Net> {
    let bits = (u128::from(call.ids.next()) & 0x00ff_ffff) << 72;
    let address = Ipv6Addr::from_bits((0x2600_1f00_u128 << 96) | bits);
    let net = Ipv6Net::new_assert(address, 56);
    Range::new("vpc", net, call.cx.clock.due(), call.ids)
}

pub(super) fn associate(ec2: &mut Ec2, call: &mut Call<'_>, xml: &mut Xml) -> Answer {
    let id = call.query.required("VpcId")?;
    let vpc = Vpc::find(ec2, id)?;
    if call.query.flag("AmazonProvidedIpv6CidrBlock")? == Some(true) {
        full(id, vpc.ipv6_ranges.len())?;
        let range = provided(call);
        let view = View::begun(ec2, call.cx);
        xml.node("ipv6CidrBlockAssociation", |xml| {
            range.write_pool(view, xml);
        });
        ec2.vpc_mut(id)?.ipv6_ranges.push(range);
    } else {
        let net = read(call.query.required("CidrBlock")?)?;
        full(id, vpc.ranges.len())?;
        let overlaps =
            |range: &Range<Ipv4Net>| range.net.contains(&net) || net.contains(&range.net);
        if vpc.ranges.iter().any(overlaps) {
            let message =
                format!("The CIDR '{net}' conflicts with one of the CIDRs of the VPC '{id}'");
            return Err(Fault::new("InvalidVpc.Range", message));
        }
        let range = Range::new("vpc", net, call.cx.clock.due(), call.ids);
        let view = View::begun(ec2, call.cx);
        xml.node("cidrBlockAssociation", |xml| range.write(view, xml));
        ec2.vpc_mut(id)?.ranges.push(range);
    }
    xml.leaf("vpcId", id);
    Ok(())
}

fn full(id: &str, ranges: usize) -> Result<(), Fault> {
    if ranges < MOST {
        return Ok(());
    }
    let message =
        format!("This network '{id}' has met its maximum number of allowed CIDRs: {MOST}");
    Err(Fault::new("CidrLimitExceeded", message))
}

pub(super) fn disassociate(ec2: &mut Ec2, call: &mut Call<'_>, xml: &mut Xml) -> Answer {
    let association = call.query.required("AssociationId")?;
    let is = |of: &str| of == association;
    let found = ec2.vpcs.iter().find_map(|(id, vpc)| {
        let ipv4 = vpc.ranges.iter().position(|range| is(&range.association));
        let ipv6 = vpc
            .ipv6_ranges
            .iter()
            .position(|range| is(&range.association));
        (ipv4.is_some() || ipv6.is_some()).then(|| (id.clone(), ipv4, ipv6))
    });
    let Some((id, ipv4, ipv6)) = found else {
        let message = format!("The vpc CIDR block association ID '{association}' does not exist");
        return Err(Fault::new(
            "InvalidVpcCidrBlockAssociationID.NotFound",
            message,
        ));
    };
    let in_use = |net: &dyn Display| {
        let message =
            format!("The CIDR block {net} of {id} is in use and cannot be disassociated.");
        Err(Fault::new("InvalidCidrBlock.InUse", message))
    };
    let mut subnets = ec2.subnets.values().filter(|subnet| subnet.vpc == id);
    if let Some(at) = ipv4 {
        let net = ec2.vpcs[&id].ranges[at].net;
        if at == 0 {
            let message = format!(
                "The vpc CIDR block with association ID {association} may not be disassociated. It is the primary IPv4 CIDR block of the VPC"
            );
            return Err(Fault::new("OperationNotPermitted", message));
        }
        if subnets.any(|subnet| subnet.net.is_some_and(|of| net.contains(&of))) {
            return in_use(&net);
        }
        let range = ec2.vpc_mut(&id)?.ranges.remove(at);
        xml.node("cidrBlockAssociation", |xml| {
            range.write_as("cidrBlock", "disassociating", xml);
        });
    } else if let Some(at) = ipv6 {
        let net = ec2.vpcs[&id].ipv6_ranges[at].net;
        if subnets.any(|subnet| subnet.ipv6.iter().any(|range| net.contains(&range.net))) {
            return in_use(&net);
        }
        let range = ec2.vpc_mut(&id)?.ipv6_ranges.remove(at);
        xml.node("ipv6CidrBlockAssociation", |xml| {
            range.write_as("ipv6CidrBlock", "disassociating", xml);
        });
    }
    xml.leaf("vpcId", id);
    Ok(())
}
