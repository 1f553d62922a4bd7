//! NAT gateways. One that is deleted can be seen for an hour more.

mod addresses;

use super::address::Address;
use super::departure::{LINGER, Presence, time};
use super::describe::{Described, View, describe, not_found, write_one};
use super::interface::Wanted;
use super::subnet::Subnet;
use super::{Answer, Call, Ec2, Operation, tags};
use crate::aws::fault::Fault;
use crate::aws::query::missing;
use crate::aws::xml::Xml;
use crate::clock::Instant;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::net::Ipv4Addr;

/// A NAT gateway.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct NatGateway {
    pub(super) vpc: String,
    subnet: String,
    /// Whether it leads to the internet.
    public: bool,
    /// The allocation it was made with.
    allocation: Option<String>,
    /// Its network interface; none if it failed.
    interface: Option<String>,
    made: Instant,
    /// When it is available, or has failed.
    due: Instant,
    /// When the latest change of its addresses is done.
    addresses_due: Instant,
    /// Why it failed: code and message.
    failure: Option<(String, String)>,
    deleted: Option<Deleted>,
    pub(super) state: Presence,
}

#[derive(Debug, Serialize, Deserialize)]
struct Deleted {
    at: Instant,
    due: Instant,
}

pub(super) const OPERATIONS: &[(&str, Operation)] = &[
    ("AssignPrivateNatGatewayAddress", addresses::assign),
    ("AssociateNatGatewayAddress", addresses::associate),
    ("CreateNatGateway", create),
    ("DeleteNatGateway", delete),
    ("DescribeNatGateways", |ec2, call, xml| {
        describe::<NatGateway>(ec2, call, xml)
    }),
    ("DisassociateNatGatewayAddress", addresses::disassociate),
    ("UnassignPrivateNatGatewayAddress", addresses::unassign),
];

impl Described for NatGateway {
    const IDS: &'static str = "NatGatewayId";
    const SET: &'static str = "natGatewaySet";
    const NOUN: &'static str = "NAT gateway";
    const PREFIX: &'static str = "nat";
    const NOT_FOUND: &'static str = "NatGatewayNotFound";
    const MALFORMED: &'static str = "NatGatewayMalformed";

    fn all(ec2: &Ec2) -> &BTreeMap<String, Self> {
        &ec2.nat_gateways
    }

    fn absent(ids: &[&str]) -> String {
        match ids {
            [id] => format!("The Nat Gateway {id} was not found"),
            ids => format!("The Nat Gateways {} were not found", ids.join(", ")),
        }
    }

    fn visible(&self, view: View<'_>) -> bool {
        let gone = |deleted: &Deleted| view.reached(Instant(deleted.due.0.saturating_add(LINGER)));
        !self.deleted.as_ref().is_some_and(gone)
    }

    fn values(&self, id: &str, view: View<'_>, filter: &str) -> Option<Vec<String>> {
        Some(match filter {
            "nat-gateway-id" => vec![id.to_owned()],
            "connectivity-type" => vec![self.connectivity().to_owned()],
            "state" => vec![self.state(view).to_owned()],
            "subnet-id" => vec![self.subnet.clone()],
            "vpc-id" => vec![self.vpc.clone()],
            _ => return None,
        })
    }

    fn write(&self, id: &str, view: View<'_>, xml: &mut Xml) {
        xml.leaf("natGatewayId", id);
        xml.leaf("subnetId", &self.subnet);
        xml.leaf("vpcId", &self.vpc);
        xml.leaf("state", self.state(view));
        xml.leaf("connectivityType", self.connectivity());
        xml.leaf("createTime", time(self.made));
        if let Some(deleted) = &self.deleted {
            xml.leaf("deleteTime", time(deleted.at));
        }
        if let Some((code, message)) = &self.failure
            && view.reached(self.due)
        {
            xml.leaf("failureCode", code);
            xml.leaf("failureMessage", message);
        }
        addresses::write(self, view, xml);
    }
}

impl NatGateway {
    fn state(&self, view: View<'_>) -> &'static str {
        match &self.deleted {
            Some(deleted) => view.state(deleted.due, "deleting", "deleted"),
            None if self.failure.is_some() => view.state(self.due, "pending", "failed"),
            None => view.state(self.due, "pending", "available"),
        }
    }

    fn connectivity(&self) -> &'static str {
        if self.public { "public" } else { "private" }
    }

    /// Whether routes to it lead anywhere.
    pub(super) fn works(&self) -> bool {
        self.deleted.is_none() && self.failure.is_none()
    }
}

fn create(ec2: &mut Ec2, call: &mut Call<'_>, xml: &mut Xml) -> Answer {
    let tags = tags::specified(call.query, "natgateway")?;
    let id = if let Some(id) = ec2.made_before(call)? {
        id
    } else {
        let gateway = wanted(ec2, call)?;
        let id = call.ids.aws("nat");
        ec2.nat_gateways.insert(id.clone(), gateway);
        ec2.tag(&id, tags);
        ec2.connect(&id, call);
        ec2.remember(call, &id);
        id
    };
    let view = View::begun(ec2, call.cx);
    xml.optional("clientToken", call.query.text("ClientToken"));
    xml.node("natGateway", |xml| write_one::<NatGateway>(&id, view, xml));
    Ok(())
}

/// The gateway that a request describes, not yet connected.
fn wanted(ec2: &Ec2, call: &Call<'_>) -> Result<NatGateway, Fault> {
    let subnet_id = call.query.required("SubnetId")?;
    let subnet = Subnet::find(ec2, subnet_id)?;
    let kind = call.query.text("ConnectivityType").unwrap_or("public");
    let allocation = call.query.text("AllocationId");
    let public = match kind {
        "public" => true,
        "private" => false,
        kind => {
            let message = format!("Value ({kind}) for parameter connectivityType is invalid.");
            return Err(Fault::new("InvalidParameterValue", message));
        }
    };
    let secondary = call.query.texts("SecondaryAllocationId");
    if !public && (allocation.is_some() || !secondary.is_empty()) {
        let message = "AllocationId cannot be specified for a private NAT gateway";
        return Err(Fault::new("InvalidParameterCombination", message));
    }
    if public && allocation.is_none() {
        return Err(missing("AllocationId"));
    }
    for id in allocation.iter().chain(&secondary) {
        Address::find(ec2, id)?;
    }
    addresses::secondary(ec2, call, subnet_id)?;
    if let Some(text) = call.query.text("PrivateIpAddress") {
        ec2.is_free(subnet_id, super::interface::private(text)?)?;
    }
    // These are found out later, when the caller already has an answer.
    let bound = allocation.and_then(|id| Some((id, ec2.addresses.get(id)?.association()?)));
    let failure = match bound {
        Some((id, _)) => Some((
            "Resource.AlreadyAssociated",
            format!("Elastic IP address [{id}] is already associated"),
        )),
        None if public && ec2.internet_gateway_of(&subnet.vpc).is_none() => Some((
            "Gateway.NotAttached",
            format!("Network {} has no Internet gateway attached", subnet.vpc),
        )),
        None => None,
    };
    let due = call.cx.clock.due();
    Ok(NatGateway {
        vpc: subnet.vpc.clone(),
        subnet: subnet_id.to_owned(),
        public,
        allocation: allocation.map(str::to_owned),
        interface: None,
        made: call.cx.clock.now(),
        due,
        addresses_due: due,
        failure: failure.map(|(code, message)| (code.to_owned(), message)),
        deleted: None,
        state: Presence::There,
    })
}

fn delete(ec2: &mut Ec2, call: &mut Call<'_>, xml: &mut Xml) -> Answer {
    let id = call.query.required("NatGatewayId")?;
    let (at, due) = (call.cx.clock.now(), call.cx.clock.due());
    let visible = NatGateway::find(ec2, id)?.visible(View::new(ec2, call.cx));
    let gateway = ec2.nat_gateways.get_mut(id).filter(|_| visible);
    let gateway = gateway.ok_or_else(|| not_found::<NatGateway>(&[id]))?;
    if gateway.deleted.is_none() {
        gateway.deleted = Some(Deleted { at, due });
        ec2.depart(due, id);
    }
    xml.leaf("natGatewayId", id);
    Ok(())
}

impl Ec2 {
    /// Gives a new gateway its network interface and addresses. What does not work is why it fails.
    fn connect(&mut self, id: &str, call: &mut Call<'_>) {
        let Some(gateway) = self.nat_gateways.get(id) else {
            return;
        };
        if gateway.failure.is_some() {
            return;
        }
        let subnet = gateway.subnet.clone();
        let connected = self.try_connect(id, &subnet, call);
        if connected.is_err() {
            self.remove_interfaces_of(id);
        }
        if let Some(gateway) = self.nat_gateways.get_mut(id) {
            match connected {
                Ok(interface) => gateway.interface = Some(interface),
                Err(fault) => gateway.failure = Some((fault.code.into_owned(), fault.message)),
            }
        }
    }

    fn try_connect(
        &mut self,
        id: &str,
        subnet: &str,
        call: &mut Call<'_>,
    ) -> Result<String, Fault> {
        let address = call.query.text("PrivateIpAddress");
        let address: Option<Ipv4Addr> = address.and_then(|text| text.parse().ok());
        let wanted = Wanted {
            subnet,
            description: format!("Interface for NAT Gateway {id}"),
            kind: "nat_gateway",
            owner: Some(id),
            address,
            ..Wanted::default()
        };
        let interface = self.add_interface(wanted, call.ids)?;
        let primary = self.interfaces.get(&interface).map(|of| of.primary());
        if let (Some(allocation), Some(private)) = (call.query.text("AllocationId"), primary) {
            self.bind(allocation, &interface, private, call.ids)?;
        }
        addresses::add_secondary(self, &interface, subnet, call)?;
        Ok(interface)
    }
}
