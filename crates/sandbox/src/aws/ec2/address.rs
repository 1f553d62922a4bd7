//! Elastic IP addresses.

mod attribute;

use super::describe::{Described, View, describe, not_found};
use super::interface::Interface;
use super::{Answer, Call, Ec2, Operation, done, tags};
use crate::Ids;
use crate::aws::fault::Fault;
use crate::aws::query::missing;
use crate::aws::xml::Xml;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::net::Ipv4Addr;

/// An Elastic IP address.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Address {
    pub(super) ip: Ipv4Addr,
    bound: Option<Bound>,
    /// The domain name that its reverse lookup gives.
    domain_name: Option<String>,
}

/// To what an address is bound.
#[derive(Debug, Serialize, Deserialize)]
struct Bound {
    association: String,
    interface: String,
    private: Ipv4Addr,
}

pub(super) const OPERATIONS: &[(&str, Operation)] = &[
    ("AllocateAddress", allocate),
    ("AssociateAddress", associate),
    ("DescribeAddresses", describe_all),
    ("DescribeAddressesAttribute", |ec2, call, xml| {
        attribute::describe(ec2, call, xml)
    }),
    ("DisassociateAddress", disassociate),
    ("ModifyAddressAttribute", attribute::modify),
    ("ReleaseAddress", release),
    ("ResetAddressAttribute", attribute::reset),
];

impl Described for Address {
    const IDS: &'static str = "AllocationId";
    const SET: &'static str = "addressesSet";
    const NOUN: &'static str = "allocation";
    const PREFIX: &'static str = "eipalloc";
    const NOT_FOUND: &'static str = "InvalidAllocationID.NotFound";

    fn all(ec2: &Ec2) -> &BTreeMap<String, Self> {
        &ec2.addresses
    }

    fn values(&self, id: &str, view: View<'_>, filter: &str) -> Option<Vec<String>> {
        let bound = |of: fn(&Bound) -> String| self.bound.iter().map(of).collect();
        Some(match filter {
            "allocation-id" => vec![id.to_owned()],
            "association-id" => bound(|bound| bound.association.clone()),
            "domain" => vec!["vpc".to_owned()],
            "instance-id" => Vec::new(),
            "network-border-group" => vec![view.cx.region.to_owned()],
            "network-interface-id" => bound(|bound| bound.interface.clone()),
            "network-interface-owner-id" => {
                let owners = self.bound.iter().map(|_| view.cx.account.to_owned());
                owners.collect()
            }
            "private-ip-address" => bound(|bound| bound.private.to_string()),
            "public-ip" => vec![self.ip.to_string()],
            _ => return None,
        })
    }

    fn write(&self, id: &str, view: View<'_>, xml: &mut Xml) {
        xml.leaf("publicIp", self.ip);
        xml.leaf("allocationId", id);
        xml.leaf("domain", "vpc");
        xml.leaf("publicIpv4Pool", "amazon");
        xml.leaf("networkBorderGroup", view.cx.region);
        if let Some(bound) = &self.bound {
            xml.leaf("associationId", &bound.association);
            xml.leaf("networkInterfaceId", &bound.interface);
            xml.leaf("networkInterfaceOwnerId", view.cx.account);
            xml.leaf("privateIpAddress", bound.private);
        }
    }
}

impl Address {
    /// The network interface that it is bound to.
    pub(super) fn interface(&self) -> Option<&String> {
        self.bound.as_ref().map(|bound| &bound.interface)
    }

    /// The id of the binding.
    pub(super) fn association(&self) -> Option<&String> {
        self.bound.as_ref().map(|bound| &bound.association)
    }

    /// What it was bound to is gone.
    pub(super) fn unbind(&mut self) {
        self.bound = None;
    }

    /// The public name of the address.
    pub(super) fn name(&self, region: &str) -> String {
        let dashed = self.ip.to_string().replace('.', "-");
        match region {
            "us-east-1" => format!("ec2-{dashed}.compute-1.amazonaws.com"),
            region => format!("ec2-{dashed}.{region}.compute.amazonaws.com"),
        }
    }
}

fn allocate(ec2: &mut Ec2, call: &mut Call<'_>, xml: &mut Xml) -> Answer {
    let tags = tags::specified(call.query, "elastic-ip")?;
    let domain = call.query.text("Domain").unwrap_or("vpc");
    if domain != "vpc" {
        let message = format!(
            "Value ({domain}) for parameter domain is invalid. EC2-Classic has been retired"
        );
        return Err(Fault::new("InvalidParameterValue", message));
    }
    for name in ["PublicIpv4Pool", "CustomerOwnedIpv4Pool", "IpamPoolId"] {
        if let Some(pool) = call.query.text(name).filter(|pool| *pool != "amazon") {
            let message = format!("The pool ID '{pool}' does not exist");
            return Err(Fault::new("InvalidPublicIpv4PoolID.NotFound", message));
        }
    }
    if let Some(group) = call
        .query
        .text("NetworkBorderGroup")
        .filter(|group| *group != call.cx.region)
    {
        let message = format!("Value ({group}) for parameter networkBorderGroup is invalid.");
        return Err(Fault::new("InvalidParameterValue", message));
    }
    let id = call.ids.aws("eipalloc");
    let ip = match call.query.text("Address") {
        Some(address) => {
            let message = format!("The address '{address}' cannot be recovered");
            return Err(Fault::new("InvalidAddress.NotFound", message));
        }
        None => ec2.public_address(call.ids),
    };
    let address = Address {
        ip,
        bound: None,
        domain_name: None,
    };
    ec2.addresses.insert(id.clone(), address);
    ec2.tag(&id, tags);
    xml.leaf("publicIp", ip);
    xml.leaf("allocationId", id);
    xml.leaf("domain", "vpc");
    xml.leaf("publicIpv4Pool", "amazon");
    xml.leaf("networkBorderGroup", call.cx.region);
    Ok(())
}

/// Addresses can be named by themselves too.
fn describe_all(ec2: &mut Ec2, call: &mut Call<'_>, xml: &mut Xml) -> Answer {
    let ips = call.query.texts("PublicIp");
    if ips.is_empty() {
        return describe::<Address>(ec2, call, xml);
    }
    let view = View::new(ec2, call.cx);
    let mut found = Vec::new();
    for ip in ips {
        found.push(ec2.allocation_of(ip)?);
    }
    xml.set("addressesSet", found, |xml, id| {
        super::describe::write_one::<Address>(id, view, xml);
    });
    Ok(())
}

fn associate(ec2: &mut Ec2, call: &mut Call<'_>, xml: &mut Xml) -> Answer {
    let id = ec2.allocation(call)?;
    if let Some(instance) = call.query.text("InstanceId").filter(|id| !id.is_empty()) {
        let message = format!("The instance ID '{instance}' does not exist");
        return Err(Fault::new("InvalidInstanceID.NotFound", message));
    }
    let interface_id = call.query.required("NetworkInterfaceId")?;
    let interface = Interface::find(ec2, interface_id)?;
    if interface.owner.is_some() {
        let message = format!("You are not allowed to manage '{interface_id}' network interface.");
        return Err(Fault::new("OperationNotPermitted", message));
    }
    let vpc = interface.vpc.clone();
    if ec2.internet_gateway_of(&vpc).is_none() {
        let message = format!("Network {vpc} is not attached to any internet gateway");
        return Err(Fault::new("Gateway.NotAttached", message));
    }
    let private = match call.query.text("PrivateIpAddress") {
        Some(text) => super::interface::private(text)?,
        None => interface.primary(),
    };
    let again = call.query.flag("AllowReassociation")?.unwrap_or(true);
    ec2.bindable(&id, again)?;
    let association = ec2.bind(&id, interface_id, private, call.ids)?;
    done(xml)?;
    xml.leaf("associationId", association);
    Ok(())
}

fn disassociate(ec2: &mut Ec2, call: &mut Call<'_>, xml: &mut Xml) -> Answer {
    let id = match call.query.text("AssociationId") {
        Some(association) => {
            let of = |address: &Address| address.association().is_some_and(|id| id == association);
            let found = ec2.addresses.iter().find(|(_, address)| of(address));
            let Some((id, _)) = found else {
                let message = format!("The association ID '{association}' does not exist");
                return Err(Fault::new("InvalidAssociationID.NotFound", message));
            };
            id.clone()
        }
        None => ec2.allocation(call)?,
    };
    let interface = ec2.addresses.get(&id).and_then(Address::interface);
    let interface = interface.and_then(|id| ec2.interfaces.get(id));
    if interface.is_some_and(|interface| interface.owner.is_some()) {
        let message = "You do not have permission to access the specified resource.";
        return Err(Fault::new("AuthFailure", message));
    }
    ec2.unbind(&id);
    done(xml)
}

fn release(ec2: &mut Ec2, call: &mut Call<'_>, xml: &mut Xml) -> Answer {
    let id = ec2.allocation(call)?;
    if Address::find(ec2, &id)?.bound.is_some() {
        let message = format!("Address {id} is in use.");
        return Err(Fault::new("InvalidIPAddress.InUse", message));
    }
    ec2.addresses.remove(&id);
    ec2.tags.remove(&id);
    done(xml)
}

impl Ec2 {
    /// The allocation that a request names, by its id or the address.
    fn allocation(&self, call: &Call<'_>) -> Result<String, Fault> {
        if let Some(id) = call.query.text("AllocationId") {
            Address::find(self, id)?;
            return Ok(id.to_owned());
        }
        let ip = call.query.text("PublicIp");
        let ip = ip.ok_or_else(|| missing("AllocationId"))?;
        self.allocation_of(ip).cloned()
    }

    fn allocation_of(&self, ip: &str) -> Result<&String, Fault> {
        let parsed: Option<Ipv4Addr> = ip.parse().ok();
        let mut addresses = self.addresses.iter();
        let found = addresses.find(|(_, address)| Some(address.ip) == parsed);
        found.map(|(id, _)| id).ok_or_else(|| {
            let message = format!("Address '{ip}' not found.");
            Fault::new("InvalidAddress.NotFound", message)
        })
    }

    /// A public address that nobody has.
    fn public_address(&self, ids: &mut Ids) -> Ipv4Addr {
        loop {
            let [a, b, c, ..] = ids.next().to_be_bytes();
            let ip = Ipv4Addr::new(52, a % 64, b, c.clamp(1, 254));
            if !self.addresses.values().any(|address| address.ip == ip) {
                return ip;
            }
        }
    }

    /// Refuses if the address is bound and shall not be bound elsewhere.
    pub(super) fn bindable(&self, id: &str, again: bool) -> Result<(), Fault> {
        match Address::find(self, id)?.association().filter(|_| !again) {
            None => Ok(()),
            Some(to) => {
                let message = format!("resource {id} is already associated with associate-id {to}");
                Err(Fault::new("Resource.AlreadyAssociated", message))
            }
        }
    }

    /// Binds an address to a private address of a network interface; answers the id of the binding.
    pub(super) fn bind(
        &mut self,
        id: &str,
        interface: &str,
        private: Ipv4Addr,
        ids: &mut Ids,
    ) -> Result<String, Fault> {
        Address::find(self, id)?;
        let of = self.interfaces.get_mut(interface);
        let of = of.ok_or_else(|| not_found::<Interface>(&[interface]))?;
        let Some(to) = of.addresses.iter_mut().find(|of| of.ip == private) else {
            let message =
                format!("The private IP address {private} is not assigned to {interface}");
            return Err(Fault::new("InvalidParameterValue", message));
        };
        let before = to.allocation.replace(id.to_owned());
        if let Some(other) = before.and_then(|other| self.addresses.get_mut(&other)) {
            other.unbind();
        }
        self.unbind(id);
        if let Some(of) = self.interfaces.get_mut(interface) {
            let to = of.addresses.iter_mut().find(|of| of.ip == private);
            if let Some(to) = to {
                to.allocation = Some(id.to_owned());
            }
        }
        let association = ids.aws("eipassoc");
        if let Some(address) = self.addresses.get_mut(id) {
            address.bound = Some(Bound {
                association: association.clone(),
                interface: interface.to_owned(),
                private,
            });
        }
        Ok(association)
    }

    /// Unbinds an address from its network interface.
    pub(super) fn unbind(&mut self, id: &str) {
        let bound = self.addresses.get_mut(id).and_then(|of| of.bound.take());
        let Some(bound) = bound else { return };
        if let Some(interface) = self.interfaces.get_mut(&bound.interface) {
            for private in &mut interface.addresses {
                if private.allocation.as_deref() == Some(id) {
                    private.allocation = None;
                }
            }
        }
    }
}
