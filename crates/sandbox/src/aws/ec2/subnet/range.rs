//! IPv6 ranges of subnets.

use super::Subnet;
use crate::aws::ec2::describe::{Described, View};
use crate::aws::ec2::vpc::{Range, Vpc};
use crate::aws::ec2::{Answer, Call, Ec2};
use crate::aws::fault::Fault;
use crate::aws::xml::Xml;
use ipnet::Ipv6Net;

/// Reads a range for a subnet of that VPC.
pub(super) fn read(ec2: &Ec2, vpc_id: &str, text: &str) -> Result<Ipv6Net, Fault> {
    let invalid = || {
        let message = format!("The CIDR '{text}' is invalid.");
        Fault::new("InvalidSubnet.Range", message)
    };
    let net = text.parse::<Ipv6Net>().map_err(|_| invalid())?.trunc();
    let vpc = Vpc::find(ec2, vpc_id)?;
    if !(44..=64).contains(&net.prefix_len()) || !vpc.contains_ipv6(net) {
        return Err(invalid());
    }
    let mut siblings = ec2.subnets.values().filter(|subnet| subnet.vpc == vpc_id);
    let overlaps = |other: &Range<Ipv6Net>| other.net.contains(&net) || net.contains(&other.net);
    if siblings.any(|subnet| subnet.ipv6.iter().any(overlaps)) {
        let message = format!("The CIDR '{text}' conflicts with another subnet");
        return Err(Fault::new("InvalidSubnet.Conflict", message));
    }
    Ok(net)
}

pub(super) fn associate(ec2: &mut Ec2, call: &mut Call<'_>, xml: &mut Xml) -> Answer {
    let id = call.query.required("SubnetId")?;
    let subnet = Subnet::find(ec2, id)?;
    let net = read(ec2, &subnet.vpc, call.query.required("Ipv6CidrBlock")?)?;
    if !subnet.ipv6.is_empty() {
        let message =
            format!("The subnet '{id}' has met its maximum number of allowed IPv6 CIDRs: 1");
        return Err(Fault::new("SubnetCidrBlockLimitExceeded", message));
    }
    let range = Range::new("subnet", net, call.cx.clock.due(), call.ids);
    let view = View::begun(ec2, call.cx);
    xml.leaf("subnetId", id);
    xml.node("ipv6CidrBlockAssociation", |xml| {
        range.write_ipv6(view, xml);
    });
    ec2.subnet_mut(id)?.ipv6.push(range);
    Ok(())
}

pub(super) fn disassociate(ec2: &mut Ec2, call: &mut Call<'_>, xml: &mut Xml) -> Answer {
    let association = call.query.required("AssociationId")?;
    for (id, subnet) in &mut ec2.subnets {
        let is = |range: &Range<Ipv6Net>| range.association == association;
        if let Some(at) = subnet.ipv6.iter().position(is) {
            let range = subnet.ipv6.remove(at);
            xml.leaf("subnetId", id);
            xml.node("ipv6CidrBlockAssociation", |xml| {
                range.write_as("ipv6CidrBlock", "disassociating", xml);
            });
            return Ok(());
        }
    }
    let message = format!("The subnet CIDR block association ID '{association}' does not exist");
    Err(Fault::new(
        "InvalidSubnetCidrBlockAssociationID.NotFound",
        message,
    ))
}
