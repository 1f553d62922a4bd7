//! EC2: the networks of one region.

mod acl;
mod address;
mod departure;
mod describe;
mod dhcp;
mod filter;
mod group;
mod instance_type;
mod interface;
mod internet_gateway;
mod managed;
mod nat_gateway;
mod prefix_list;
mod route_table;
mod subnet;
mod tags;
mod transit_gateway;
mod vpc;
mod zone;

use super::Cx;
use super::fault::Fault;
use super::query::Query;
use super::xml::{Xml, ec2_fault};
use crate::{Ids, Response};
use http::StatusCode;
pub(crate) use managed::{ServiceGroup, ServiceInterface};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use tags::Tags;

/// All objects of a region, by id.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Ec2 {
    acls: BTreeMap<String, acl::Acl>,
    addresses: BTreeMap<String, address::Address>,
    attachments: BTreeMap<String, transit_gateway::Attachment>,
    dhcp_options: BTreeMap<String, dhcp::DhcpOptions>,
    egress_gateways: BTreeMap<String, internet_gateway::EgressGateway>,
    groups: BTreeMap<String, group::Group>,
    interfaces: BTreeMap<String, interface::Interface>,
    internet_gateways: BTreeMap<String, internet_gateway::InternetGateway>,
    nat_gateways: BTreeMap<String, nat_gateway::NatGateway>,
    route_tables: BTreeMap<String, route_table::RouteTable>,
    rules: BTreeMap<String, group::Rule>,
    subnets: BTreeMap<String, subnet::Subnet>,
    transit_gateways: BTreeMap<String, transit_gateway::TransitGateway>,
    transit_tables: BTreeMap<String, transit_gateway::Table>,
    vpcs: BTreeMap<String, vpc::Vpc>,
    /// What is being deleted.
    leaving: Vec<departure::Departure>,
    /// The tags of all objects that have any.
    tags: BTreeMap<String, Tags>,
    /// What was made for a client token: by operation and token.
    remembered: BTreeMap<String, Remembered>,
}

/// What was made for a client token, and from which parameters.
#[derive(Debug, Serialize, Deserialize)]
struct Remembered {
    id: String,
    parameters: String,
}

/// A request for one operation.
#[derive(Debug)]
struct Call<'a> {
    cx: Cx<'a>,
    action: &'a str,
    query: &'a Query,
    ids: &'a mut Ids,
}

/// Whether an operation was refused.
type Answer = Result<(), Fault>;

/// What an operation does; it writes its answer.
type Operation = fn(&mut Ec2, &mut Call<'_>, &mut Xml) -> Answer;

/// The operations of all kinds of objects.
const OPERATIONS: &[&[(&str, Operation)]] = &[
    acl::OPERATIONS,
    address::OPERATIONS,
    dhcp::OPERATIONS,
    group::OPERATIONS,
    interface::OPERATIONS,
    instance_type::OPERATIONS,
    internet_gateway::OPERATIONS,
    nat_gateway::OPERATIONS,
    prefix_list::OPERATIONS,
    route_table::OPERATIONS,
    subnet::OPERATIONS,
    tags::OPERATIONS,
    transit_gateway::OPERATIONS,
    vpc::OPERATIONS,
    zone::OPERATIONS,
];

/// The names of all operations.
pub fn operations() -> impl Iterator<Item = &'static str> {
    OPERATIONS.iter().copied().flatten().map(|(name, _)| *name)
}

/// Answers a request.
pub(crate) fn answer(
    ec2: &mut Ec2,
    cx: Cx<'_>,
    ids: &mut Ids,
    action: &str,
    query: &Query,
    request_id: &str,
) -> Response {
    let mut call = Call {
        cx,
        action,
        query,
        ids,
    };
    let mut xml = Xml::default();
    match perform(ec2, &mut call, &mut xml) {
        Ok(()) => xml.ec2_response(action, request_id),
        Err(fault) => ec2_fault(&fault, request_id),
    }
}

fn perform(ec2: &mut Ec2, call: &mut Call<'_>, xml: &mut Xml) -> Answer {
    let mut all = OPERATIONS.iter().copied().flatten();
    let Some((_, operation)) = all.find(|(name, _)| *name == call.action) else {
        let message = format!(
            "The action {} is not valid for this web service.",
            call.action
        );
        return Err(Fault::new("InvalidAction", message));
    };
    if call.query.flag("DryRun")? == Some(true) {
        let message = "Request would have succeeded, but DryRun flag is set.";
        return Err(Fault::new("DryRunOperation", message).status(StatusCode::PRECONDITION_FAILED));
    }
    ec2.settle(call.cx.clock);
    operation(ec2, call, xml)
}

impl Call<'_> {
    /// The token under which a create is remembered.
    fn token(&self) -> Option<String> {
        let token = self.query.text("ClientToken")?;
        Some(format!("{} {token}", self.action)).filter(|_| !token.is_empty())
    }
}

impl Ec2 {
    /// What an earlier request with the same client token made. Refused if its parameters were others.
    fn made_before(&self, call: &Call<'_>) -> Result<Option<String>, Fault> {
        let Some(before) = call.token().and_then(|token| self.remembered.get(&token)) else {
            return Ok(None);
        };
        if !self.exists(&before.id) {
            return Ok(None);
        }
        if before.parameters == call.query.fingerprint(&["ClientToken"]) {
            return Ok(Some(before.id.clone()));
        }
        Err(Fault::new(
            "IdempotentParameterMismatch",
            "Arguments on this idempotent request are inconsistent with arguments used in previous request(s).",
        ))
    }

    /// Keeps what was made for the client token of the request.
    fn remember(&mut self, call: &Call<'_>, id: &str) {
        if let Some(token) = call.token() {
            let remembered = Remembered {
                id: id.to_owned(),
                parameters: call.query.fingerprint(&["ClientToken"]),
            };
            self.remembered.insert(token, remembered);
        }
    }

    /// Whether there is an object with this id.
    fn exists(&self, id: &str) -> bool {
        match kind(id) {
            "acl" => self.acls.contains_key(id),
            "dopt" => self.dhcp_options.contains_key(id),
            "eigw" => self.egress_gateways.contains_key(id),
            "eipalloc" => self.addresses.contains_key(id),
            "eni" => self.interfaces.contains_key(id),
            "igw" => self.internet_gateways.contains_key(id),
            "nat" => self.nat_gateways.contains_key(id),
            "rtb" => self.route_tables.contains_key(id),
            "sg" => self.groups.contains_key(id),
            "sgr" => self.rules.contains_key(id),
            "subnet" => self.subnets.contains_key(id),
            "tgw" => self.transit_gateways.contains_key(id),
            "tgw-attach" => self.attachments.contains_key(id),
            "tgw-rtb" => self.transit_tables.contains_key(id),
            "vpc" => self.vpcs.contains_key(id),
            _ => false,
        }
    }

    /// The fault that there is no object with this id, as its kind has it.
    fn no_such(id: &str) -> Fault {
        use describe::not_found;
        match kind(id) {
            "acl" => not_found::<acl::Acl>(&[id]),
            "dopt" => not_found::<dhcp::DhcpOptions>(&[id]),
            "eigw" => not_found::<internet_gateway::EgressGateway>(&[id]),
            "eipalloc" => not_found::<address::Address>(&[id]),
            "eni" => not_found::<interface::Interface>(&[id]),
            "igw" => not_found::<internet_gateway::InternetGateway>(&[id]),
            "nat" => not_found::<nat_gateway::NatGateway>(&[id]),
            "rtb" => not_found::<route_table::RouteTable>(&[id]),
            "sg" => not_found::<group::Group>(&[id]),
            "sgr" => not_found::<group::Rule>(&[id]),
            "subnet" => not_found::<subnet::Subnet>(&[id]),
            "tgw" => not_found::<transit_gateway::TransitGateway>(&[id]),
            "tgw-attach" => not_found::<transit_gateway::Attachment>(&[id]),
            "tgw-rtb" => not_found::<transit_gateway::Table>(&[id]),
            "vpc" => not_found::<vpc::Vpc>(&[id]),
            _ => Fault::new("InvalidID", format!("The ID '{id}' is not valid")),
        }
    }

    /// Gives a new object the tags that its request specified.
    fn tag(&mut self, id: &str, tags: Tags) {
        if !tags.is_empty() {
            self.tags.insert(id.to_owned(), tags);
        }
    }
}

/// What an id starts with.
fn kind(id: &str) -> &str {
    id.rsplit_once('-').map_or("", |(prefix, _)| prefix)
}

/// Attributes are changed one by one.
fn only_one(given: &[bool]) -> Answer {
    match given.iter().filter(|given| **given).count() {
        1 => Ok(()),
        0 => Err(Fault::new(
            "MissingParameter",
            "Must specify an attribute to modify",
        )),
        _ => Err(Fault::new(
            "InvalidParameterCombination",
            "Fields for multiple attribute types specified",
        )),
    }
}

/// `<return>true</return>`, the answer of operations that only do something.
fn done(xml: &mut Xml) -> Answer {
    xml.leaf("return", true);
    Ok(())
}

/// Something still stands on the object that should go.
fn dependency(noun: &str, id: &str) -> Fault {
    Fault::new(
        "DependencyViolation",
        format!("The {noun} '{id}' has dependencies and cannot be deleted."),
    )
}

/// Reads a range of IPv4 addresses. EC2 clears host bits.
fn net(text: &str) -> Result<ipnet::Ipv4Net, Fault> {
    let net = text.parse::<ipnet::Ipv4Net>().map_err(|_| {
        let message = format!(
            "Value ({text}) for parameter cidrBlock is invalid. This is not a valid CIDR block."
        );
        Fault::new("InvalidParameterValue", message)
    })?;
    Ok(net.trunc())
}

#[cfg(test)]
mod tests;
