//! Addresses of NAT gateways: the first, and further ones.

use super::NatGateway;
use crate::aws::ec2::address::Address;
use crate::aws::ec2::describe::{Described, View, not_found};
use crate::aws::ec2::interface::{Interface, Private, private};
use crate::aws::ec2::subnet::Subnet;
use crate::aws::ec2::{Answer, Call, Ec2};
use crate::aws::fault::Fault;
use crate::aws::query::missing;
use crate::aws::xml::Xml;
use std::collections::BTreeSet;
use std::net::Ipv4Addr;

/// Writes the addresses of a gateway.
pub(super) fn write(gateway: &NatGateway, view: View<'_>, xml: &mut Xml) {
    let interface = gateway.interface.as_ref();
    let of = interface.and_then(|id| view.ec2.interfaces.get(id));
    let Some((interface, of)) = interface.zip(of) else {
        // It failed or is gone.
        xml.set(
            "natGatewayAddressSet",
            &gateway.allocation,
            |xml, allocation| {
                xml.leaf("allocationId", allocation);
                xml.leaf("isPrimary", true);
                let failed = gateway.failure.is_some();
                xml.leaf("status", if failed { "failed" } else { "disassociating" });
            },
        );
        return;
    };
    let ready = view.reached(gateway.addresses_due);
    let addresses = of.addresses.iter().enumerate();
    xml.set("natGatewayAddressSet", addresses, |xml, (at, private)| {
        xml.leaf("networkInterfaceId", interface);
        xml.leaf("privateIp", private.ip);
        xml.leaf("isPrimary", at == 0);
        if let Some(allocation) = &private.allocation {
            xml.leaf("allocationId", allocation);
            let address = view.ec2.addresses.get(allocation);
            xml.optional("publicIp", address.map(|address| address.ip));
            xml.optional("associationId", address.and_then(Address::association));
        }
        xml.leaf(
            "status",
            match (ready, gateway.public) {
                (true, _) => "succeeded",
                (false, true) => "associating",
                (false, false) => "assigning",
            },
        );
    });
}

/// The private addresses that a request asks for beside the first: each a wanted one, or any.
pub(super) fn secondary(
    ec2: &Ec2,
    call: &Call<'_>,
    subnet: &str,
) -> Result<Vec<Option<Ipv4Addr>>, Fault> {
    let mut wanted: Vec<Option<Ipv4Addr>> = Vec::new();
    for name in ["SecondaryPrivateIpAddress", "PrivateIpAddress"] {
        for text in call.query.texts(name) {
            let ip = private(text)?;
            ec2.is_free(subnet, ip)?;
            if wanted.contains(&Some(ip)) {
                let message = format!("The address {ip} is named twice");
                return Err(Fault::new("InvalidParameterValue", message));
            }
            wanted.push(Some(ip));
        }
    }
    let named = |name| call.query.number::<usize>(name);
    let count = named("SecondaryPrivateIpAddressCount")?.or(named("PrivateIpAddressCount")?);
    let mut allocations = BTreeSet::new();
    for name in ["SecondaryAllocationId", "AllocationId"] {
        for id in call.query.texts(name) {
            ec2.bindable(id, false)?;
            if !allocations.insert(id) {
                let message = format!("The allocation {id} is named twice");
                return Err(Fault::new("InvalidParameterValue", message));
            }
        }
    }
    let least = count.unwrap_or(0).max(allocations.len());
    if least > 31 || wanted.len() > 31 {
        let message = "A NAT gateway can have at most 31 secondary addresses";
        return Err(Fault::new("PrivateIpAddressLimitExceeded", message));
    }
    while wanted.len() < least {
        wanted.push(None);
    }
    Ok(wanted)
}

/// Adds the secondary addresses that a request names to a network interface.
pub(super) fn add_secondary(
    ec2: &mut Ec2,
    interface: &str,
    subnet: &str,
    call: &mut Call<'_>,
) -> Result<(), Fault> {
    let wanted = secondary(ec2, call, subnet)?;
    let mut allocations = call.query.texts("SecondaryAllocationId");
    allocations.extend(call.query.texts("AllocationId"));
    for (at, wanted) in wanted.into_iter().enumerate() {
        let ip = ec2.private_address(subnet, wanted)?;
        if let Some(of) = ec2.interfaces.get_mut(interface) {
            of.addresses.push(Private {
                ip,
                allocation: None,
            });
        }
        if let Some(allocation) = allocations.get(at) {
            ec2.bind(allocation, interface, ip, call.ids)?;
        }
    }
    Ok(())
}

/// Adds addresses with allocations.
pub(super) fn associate(ec2: &mut Ec2, call: &mut Call<'_>, xml: &mut Xml) -> Answer {
    let allocations = call.query.texts("AllocationId");
    if allocations.is_empty() {
        return Err(missing("AllocationId"));
    }
    add(ec2, call, xml)
}

/// Adds private addresses.
pub(super) fn assign(ec2: &mut Ec2, call: &mut Call<'_>, xml: &mut Xml) -> Answer {
    add(ec2, call, xml)
}

fn add(ec2: &mut Ec2, call: &mut Call<'_>, xml: &mut Xml) -> Answer {
    let (id, interface, subnet) = found(ec2, call)?;
    add_secondary(ec2, &interface, &subnet, call)?;
    changed(ec2, &id, call, xml)
}

/// Takes addresses away, by their associations.
pub(super) fn disassociate(ec2: &mut Ec2, call: &mut Call<'_>, xml: &mut Xml) -> Answer {
    let (id, interface, _) = found(ec2, call)?;
    let named = call.query.texts("AssociationId");
    if named.is_empty() {
        return Err(missing("AssociationId"));
    }
    let mut ips = Vec::new();
    for association in named {
        let of = Interface::find(ec2, &interface)?.addresses.iter().skip(1);
        let mut of = of.filter_map(|private| Some((private.ip, private.allocation.as_ref()?)));
        let is = |allocation: &String| {
            let address = ec2.addresses.get(allocation);
            address
                .and_then(Address::association)
                .is_some_and(|id| id == association)
        };
        let Some((ip, _)) = of.find(|(_, allocation)| is(allocation)) else {
            let message = format!("The association ID '{association}' does not exist");
            return Err(Fault::new("InvalidAssociationID.NotFound", message));
        };
        ips.push(ip);
    }
    remove(ec2, &interface, &ips);
    changed(ec2, &id, call, xml)
}

/// Takes private addresses away.
pub(super) fn unassign(ec2: &mut Ec2, call: &mut Call<'_>, xml: &mut Xml) -> Answer {
    let (id, interface, _) = found(ec2, call)?;
    let mut ips = Vec::new();
    for text in call.query.texts("PrivateIpAddress") {
        let ip = private(text)?;
        let mut of = Interface::find(ec2, &interface)?.addresses.iter().skip(1);
        if !of.any(|private| private.ip == ip) {
            let message = format!("The private IP address {ip} is not assigned to {id}");
            return Err(Fault::new("InvalidParameterValue", message));
        }
        ips.push(ip);
    }
    remove(ec2, &interface, &ips);
    changed(ec2, &id, call, xml)
}

fn remove(ec2: &mut Ec2, interface: &str, ips: &[Ipv4Addr]) {
    let Some(of) = ec2.interfaces.get_mut(interface) else {
        return;
    };
    let subnet = of.subnet.clone();
    let gone: Vec<Private> = of
        .addresses
        .extract_if(.., |private| ips.contains(&private.ip))
        .collect();
    for private in gone {
        if let Some(allocation) = private.allocation {
            ec2.unbind(&allocation);
        }
        if let Ok(subnet) = ec2.subnet_mut(&subnet) {
            subnet.release();
        }
    }
}

/// The gateway that a request names: its id, its network interface and its subnet.
fn found(ec2: &Ec2, call: &Call<'_>) -> Result<(String, String, String), Fault> {
    let id = call.query.required("NatGatewayId")?;
    let gateway = ec2.nat_gateways.get(id).filter(|gateway| gateway.works());
    let gateway = gateway.ok_or_else(|| not_found::<NatGateway>(&[id]))?;
    let interface = gateway.interface.clone();
    let interface = interface.ok_or_else(|| not_found::<NatGateway>(&[id]))?;
    Subnet::find(ec2, &gateway.subnet)?;
    Ok((id.to_owned(), interface, gateway.subnet.clone()))
}

fn changed(ec2: &mut Ec2, id: &str, call: &Call<'_>, xml: &mut Xml) -> Answer {
    if let Some(gateway) = ec2.nat_gateways.get_mut(id) {
        gateway.addresses_due = call.cx.clock.due();
    }
    xml.leaf("natGatewayId", id);
    if let Some(gateway) = ec2.nat_gateways.get(id) {
        write(gateway, View::begun(ec2, call.cx), xml);
    }
    Ok(())
}
