//! Internet gateways, and those for IPv6 that only let out.

use super::describe::{Described, View, describe, write_one};
use super::vpc::Vpc;
use super::{Answer, Call, Ec2, Operation, dependency, done, tags};
use crate::aws::fault::Fault;
use crate::aws::xml::Xml;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// An internet gateway.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct InternetGateway {
    /// The VPC that it is attached to.
    pub(super) vpc: Option<String>,
}

/// A gateway that lets IPv6 out.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct EgressGateway {
    pub(super) vpc: String,
}

pub(super) const OPERATIONS: &[(&str, Operation)] = &[
    ("AttachInternetGateway", attach),
    ("CreateEgressOnlyInternetGateway", create_egress),
    ("CreateInternetGateway", create),
    ("DeleteEgressOnlyInternetGateway", delete_egress),
    ("DeleteInternetGateway", delete),
    ("DescribeEgressOnlyInternetGateways", |ec2, call, xml| {
        describe::<EgressGateway>(ec2, call, xml)
    }),
    ("DescribeInternetGateways", |ec2, call, xml| {
        describe::<InternetGateway>(ec2, call, xml)
    }),
    ("DetachInternetGateway", detach),
];

impl Described for InternetGateway {
    const IDS: &'static str = "InternetGatewayId";
    const SET: &'static str = "internetGatewaySet";
    const NOUN: &'static str = "internetGateway";
    const PREFIX: &'static str = "igw";
    const NOT_FOUND: &'static str = "InvalidInternetGatewayID.NotFound";

    fn all(ec2: &Ec2) -> &BTreeMap<String, Self> {
        &ec2.internet_gateways
    }

    fn values(&self, id: &str, view: View<'_>, filter: &str) -> Option<Vec<String>> {
        Some(match filter {
            "attachment.state" => {
                let state = self.vpc.iter().map(|_| "available".to_owned());
                state.collect()
            }
            "attachment.vpc-id" => self.vpc.iter().cloned().collect(),
            "internet-gateway-id" => vec![id.to_owned()],
            "owner-id" => vec![view.cx.account.to_owned()],
            _ => return None,
        })
    }

    fn write(&self, id: &str, view: View<'_>, xml: &mut Xml) {
        xml.leaf("internetGatewayId", id);
        xml.leaf("ownerId", view.cx.account);
        xml.set("attachmentSet", &self.vpc, |xml, vpc| {
            xml.leaf("vpcId", vpc);
            xml.leaf("state", "available");
        });
    }
}

impl Described for EgressGateway {
    const IDS: &'static str = "EgressOnlyInternetGatewayId";
    const SET: &'static str = "egressOnlyInternetGatewaySet";
    const NOUN: &'static str = "egressOnlyInternetGateway";
    const PREFIX: &'static str = "eigw";
    const NOT_FOUND: &'static str = "InvalidGatewayID.NotFound";

    fn all(ec2: &Ec2) -> &BTreeMap<String, Self> {
        &ec2.egress_gateways
    }

    fn values(&self, _id: &str, _view: View<'_>, _filter: &str) -> Option<Vec<String>> {
        None
    }

    fn write(&self, id: &str, _view: View<'_>, xml: &mut Xml) {
        xml.leaf("egressOnlyInternetGatewayId", id);
        xml.set("attachmentSet", [&self.vpc], |xml, vpc| {
            xml.leaf("vpcId", vpc);
            xml.leaf("state", "attached");
        });
    }
}

fn create(ec2: &mut Ec2, call: &mut Call<'_>, xml: &mut Xml) -> Answer {
    let tags = tags::specified(call.query, "internet-gateway")?;
    let id = call.ids.aws("igw");
    let gateway = InternetGateway { vpc: None };
    ec2.internet_gateways.insert(id.clone(), gateway);
    ec2.tag(&id, tags);
    let view = View::begun(ec2, call.cx);
    xml.node("internetGateway", |xml| {
        write_one::<InternetGateway>(&id, view, xml);
    });
    Ok(())
}

fn attach(ec2: &mut Ec2, call: &mut Call<'_>, xml: &mut Xml) -> Answer {
    let id = call.query.required("InternetGatewayId")?;
    let vpc = call.query.required("VpcId")?;
    let gateway = InternetGateway::find(ec2, id)?;
    Vpc::find(ec2, vpc)?;
    if let Some(to) = &gateway.vpc {
        let message = format!("resource {id} is already attached to network {to}");
        return Err(Fault::new("Resource.AlreadyAssociated", message));
    }
    if ec2.internet_gateway_of(vpc).is_some() {
        let message = format!("Network {vpc} already has an internet gateway attached");
        return Err(Fault::new("InvalidParameterValue", message));
    }
    ec2.attach_internet_gateway(id, Some(vpc));
    done(xml)
}

fn detach(ec2: &mut Ec2, call: &mut Call<'_>, xml: &mut Xml) -> Answer {
    let id = call.query.required("InternetGatewayId")?;
    let vpc = call.query.required("VpcId")?;
    let gateway = InternetGateway::find(ec2, id)?;
    if gateway.vpc.as_deref() != Some(vpc) {
        let message = format!("resource {id} is not attached to network {vpc}");
        return Err(Fault::new("Gateway.NotAttached", message));
    }
    let in_vpc = |interface: &String| {
        let interface = ec2.interfaces.get(interface);
        interface.is_some_and(|interface| interface.vpc == vpc)
    };
    let mut addresses = ec2.addresses.values();
    if addresses.any(|address| address.interface().is_some_and(in_vpc)) {
        let message = format!(
            "Network {vpc} has some mapped public address(es). Please unmap those public address(es) before detaching the gateway."
        );
        return Err(Fault::new("DependencyViolation", message));
    }
    ec2.attach_internet_gateway(id, None);
    done(xml)
}

fn delete(ec2: &mut Ec2, call: &mut Call<'_>, xml: &mut Xml) -> Answer {
    let id = call.query.required("InternetGatewayId")?;
    if InternetGateway::find(ec2, id)?.vpc.is_some() {
        return Err(dependency("internetGateway", id));
    }
    ec2.internet_gateways.remove(id);
    ec2.tags.remove(id);
    done(xml)
}

fn create_egress(ec2: &mut Ec2, call: &mut Call<'_>, xml: &mut Xml) -> Answer {
    let tags = tags::specified(call.query, "egress-only-internet-gateway")?;
    let vpc = call.query.required("VpcId")?;
    Vpc::find(ec2, vpc)?;
    let id = match ec2.made_before(call)? {
        Some(id) => id,
        None => {
            let id = call.ids.aws("eigw");
            let vpc = vpc.to_owned();
            ec2.egress_gateways
                .insert(id.clone(), EgressGateway { vpc });
            ec2.tag(&id, tags);
            ec2.remember(call, &id);
            id
        }
    };
    let view = View::begun(ec2, call.cx);
    xml.optional("clientToken", call.query.text("ClientToken"));
    xml.node("egressOnlyInternetGateway", |xml| {
        write_one::<EgressGateway>(&id, view, xml);
    });
    Ok(())
}

fn delete_egress(ec2: &mut Ec2, call: &mut Call<'_>, xml: &mut Xml) -> Answer {
    let id = call.query.required("EgressOnlyInternetGatewayId")?;
    EgressGateway::find(ec2, id)?;
    ec2.egress_gateways.remove(id);
    ec2.tags.remove(id);
    xml.leaf("returnCode", true);
    Ok(())
}

impl Ec2 {
    /// The internet gateway that is attached to a VPC.
    pub(super) fn internet_gateway_of(&self, vpc: &str) -> Option<&str> {
        let of = |gateway: &InternetGateway| gateway.vpc.as_deref() == Some(vpc);
        let found = self
            .internet_gateways
            .iter()
            .find(|(_, gateway)| of(gateway));
        found.map(|(id, _)| id.as_str())
    }

    fn attach_internet_gateway(&mut self, id: &str, vpc: Option<&str>) {
        if let Some(gateway) = self.internet_gateways.get_mut(id) {
            gateway.vpc = vpc.map(str::to_owned);
        }
    }
}
