//! Routes.

use super::RouteTable;
use crate::aws::ec2::describe::{Described, View};
use crate::aws::ec2::interface::Interface;
use crate::aws::ec2::internet_gateway::{EgressGateway, InternetGateway};
use crate::aws::ec2::vpc::Vpc;
use crate::aws::ec2::{Answer, Call, Ec2, done};
use crate::aws::fault::Fault;
use crate::aws::query::missing;
use crate::aws::xml::Xml;
use ipnet::Ipv6Net;
use serde::{Deserialize, Serialize};

/// A route.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Route {
    /// Which kind of destination: an element of the answer.
    kind: String,
    destination: String,
    /// Which kind of target: an element of the answer.
    by: String,
    target: String,
}

/// Parameters that name a destination, and the elements of the answer.
const DESTINATIONS: [(&str, &str); 3] = [
    ("DestinationCidrBlock", "destinationCidrBlock"),
    ("DestinationIpv6CidrBlock", "destinationIpv6CidrBlock"),
    ("DestinationPrefixListId", "destinationPrefixListId"),
];

/// Parameters that name a target, the elements of the answer, and the code when it does not exist.
const TARGETS: [(&str, &str, &str); 11] = [
    (
        "CarrierGatewayId",
        "carrierGatewayId",
        "InvalidCarrierGatewayID.NotFound",
    ),
    (
        "CoreNetworkArn",
        "coreNetworkArn",
        "InvalidCoreNetworkArn.NotFound",
    ),
    (
        "EgressOnlyInternetGatewayId",
        "egressOnlyInternetGatewayId",
        "InvalidGatewayID.NotFound",
    ),
    ("GatewayId", "gatewayId", "InvalidGatewayID.NotFound"),
    ("InstanceId", "instanceId", "InvalidInstanceID.NotFound"),
    (
        "LocalGatewayId",
        "localGatewayId",
        "InvalidLocalGatewayID.NotFound",
    ),
    (
        "NatGatewayId",
        "natGatewayId",
        "InvalidNatGatewayID.NotFound",
    ),
    (
        "NetworkInterfaceId",
        "networkInterfaceId",
        "InvalidNetworkInterfaceID.NotFound",
    ),
    (
        "TransitGatewayId",
        "transitGatewayId",
        "InvalidTransitGatewayID.NotFound",
    ),
    (
        "VpcEndpointId",
        "gatewayId",
        "InvalidVpcEndpointId.NotFound",
    ),
    (
        "VpcPeeringConnectionId",
        "vpcPeeringConnectionId",
        "InvalidVpcPeeringConnectionID.NotFound",
    ),
];

/// The ways within a VPC.
pub(super) fn local(vpc: &Vpc) -> Vec<Route> {
    let route = |kind: &str, destination: String| Route {
        kind: kind.to_owned(),
        destination,
        by: "gatewayId".to_owned(),
        target: "local".to_owned(),
    };
    let ipv4 = vpc
        .ranges
        .iter()
        .map(|range| route("destinationCidrBlock", range.net.to_string()));
    let ipv6 = vpc.ipv6_ranges.iter();
    let ipv6 = ipv6.map(|range| route("destinationIpv6CidrBlock", range.net.to_string()));
    ipv4.chain(ipv6).collect()
}

impl Route {
    pub(super) fn same_destination(&self, other: &Self) -> bool {
        self.kind == other.kind && self.destination == other.destination
    }

    fn is_local(&self) -> bool {
        self.target == "local"
    }

    fn origin(&self) -> &'static str {
        if self.is_local() {
            "CreateRouteTable"
        } else {
            "CreateRoute"
        }
    }

    /// A route whose target is gone leads nowhere.
    fn state(&self, vpc: &str, view: View<'_>) -> &'static str {
        let ec2 = view.ec2;
        let lives = match self.by.as_str() {
            "gatewayId" if self.target.starts_with("igw-") => {
                let gateway = ec2.internet_gateways.get(&self.target);
                gateway.is_some_and(|gateway| gateway.vpc.is_some())
            }
            "natGatewayId" => {
                let gateway = ec2.nat_gateways.get(&self.target);
                gateway.is_some_and(|gateway| gateway.works())
            }
            "transitGatewayId" => ec2.is_attached(vpc, &self.target),
            "networkInterfaceId" => ec2.interfaces.contains_key(&self.target),
            "egressOnlyInternetGatewayId" => ec2.egress_gateways.contains_key(&self.target),
            _ => true,
        };
        if lives { "active" } else { "blackhole" }
    }

    pub(super) fn value(&self, name: &str, vpc: &str, view: View<'_>) -> Option<Vec<String>> {
        let of = |kind: &str, is: &str, value: &str| match is == kind {
            true => Some(vec![value.to_owned()]),
            false => Some(Vec::new()),
        };
        let destination = |kind| of(kind, &self.kind, &self.destination);
        let target = |by| of(by, &self.by, &self.target);
        match name {
            "destination-cidr-block" => destination("destinationCidrBlock"),
            "destination-ipv6-cidr-block" => destination("destinationIpv6CidrBlock"),
            "destination-prefix-list-id" => destination("destinationPrefixListId"),
            "egress-only-internet-gateway-id" => target("egressOnlyInternetGatewayId"),
            "gateway-id" => target("gatewayId"),
            "instance-id" => target("instanceId"),
            "nat-gateway-id" => target("natGatewayId"),
            "network-interface-id" => target("networkInterfaceId"),
            "transit-gateway-id" => target("transitGatewayId"),
            "vpc-peering-connection-id" => target("vpcPeeringConnectionId"),
            "origin" => Some(vec![self.origin().to_owned()]),
            "state" => Some(vec![self.state(vpc, view).to_owned()]),
            _ => None,
        }
    }

    pub(super) fn write(&self, vpc: &str, view: View<'_>, xml: &mut Xml) {
        xml.leaf(&self.kind, &self.destination);
        xml.leaf(&self.by, &self.target);
        xml.leaf("state", self.state(vpc, view));
        xml.leaf("origin", self.origin());
    }
}

/// The destination that a request names: kind and value.
fn destination(call: &Call<'_>) -> Result<(&'static str, String), Fault> {
    for (parameter, element) in DESTINATIONS {
        let Some(text) = call.query.text(parameter).filter(|text| !text.is_empty()) else {
            continue;
        };
        let invalid = || {
            let message = format!(
                "Value ({text}) for parameter {element} is invalid. This is not a valid CIDR block."
            );
            Fault::new("InvalidParameterValue", message)
        };
        let value = match element {
            "destinationCidrBlock" => crate::aws::ec2::net(text)?.to_string(),
            "destinationIpv6CidrBlock" => text
                .parse::<Ipv6Net>()
                .map_err(|_| invalid())?
                .trunc()
                .to_string(),
            _ => text.to_owned(),
        };
        return Ok((element, value));
    }
    Err(missing("DestinationCidrBlock"))
}

/// The target that a request names, which must be there and belong to the VPC.
fn target(ec2: &Ec2, call: &Call<'_>, table: &str) -> Result<(&'static str, String), Fault> {
    let given = TARGETS.iter().filter_map(|(parameter, element, code)| {
        let id = call.query.text(parameter).filter(|id| !id.is_empty())?;
        Some((*element, *code, id))
    });
    let given: Vec<_> = given.collect();
    let [(element, code, id)] = given.as_slice() else {
        let message = if given.is_empty() {
            return Err(missing("GatewayId"));
        } else {
            "The request must contain exactly one target"
        };
        return Err(Fault::new("InvalidParameterCombination", message));
    };
    let vpc = &RouteTable::find(ec2, table)?.vpc;
    let of = match *element {
        "gatewayId" if id.starts_with("igw-") => {
            let gateway = InternetGateway::find(ec2, id);
            let gateway = gateway.map_err(|_| no_target(code, "gateway", id))?;
            Some(("network gateway", gateway.vpc.as_deref()))
        }
        "gatewayId" if *id == "local" => None,
        "egressOnlyInternetGatewayId" => {
            let gateway = EgressGateway::find(ec2, id)?;
            Some(("egress only internet gateway", Some(gateway.vpc.as_str())))
        }
        "natGatewayId" => {
            let gateway = ec2.nat_gateways.get(*id).filter(|gateway| gateway.works());
            let gateway = gateway.ok_or_else(|| no_target(code, "natGateway", id))?;
            Some(("nat gateway", Some(gateway.vpc.as_str())))
        }
        "networkInterfaceId" => {
            let interface = Interface::find(ec2, id)?;
            Some(("interface", Some(interface.vpc.as_str())))
        }
        "transitGatewayId" => {
            // To the table of a VPC, only what the VPC is attached to exists.
            if !ec2.is_attached(vpc, id) {
                return Err(no_target(code, "transitGateway", id));
            }
            None
        }
        _ => return Err(no_target(code, element.trim_end_matches("Id"), id)),
    };
    match of {
        Some((noun, of)) if of != Some(vpc.as_str()) => {
            let message =
                format!("route table {table} and {noun} {id} belong to different networks");
            Err(Fault::new("InvalidParameterValue", message))
        }
        _ => Ok((element, (*id).to_owned())),
    }
}

fn no_target(code: &'static str, noun: &str, id: &str) -> Fault {
    Fault::new(code, format!("The {noun} ID '{id}' does not exist"))
}

/// The route that a request describes.
fn wanted(ec2: &Ec2, call: &Call<'_>, table: &str) -> Result<Route, Fault> {
    let (kind, destination) = destination(call)?;
    let (by, target) = match call.query.flag("LocalTarget")? {
        Some(true) => ("gatewayId", "local".to_owned()),
        _ => target(ec2, call, table)?,
    };
    Ok(Route {
        kind: kind.to_owned(),
        destination,
        by: by.to_owned(),
        target,
    })
}

pub(super) fn create(ec2: &mut Ec2, call: &mut Call<'_>, xml: &mut Xml) -> Answer {
    let id = call.query.required("RouteTableId")?;
    let table = RouteTable::find(ec2, id)?;
    let route = wanted(ec2, call, id)?;
    let all = table.routes(View::new(ec2, call.cx));
    if all.iter().any(|other| other.same_destination(&route)) {
        let message = format!(
            "The route identified by {} already exists.",
            route.destination
        );
        return Err(Fault::new("RouteAlreadyExists", message));
    }
    ec2.routes_mut(id)?.push(route);
    done(xml)
}

pub(super) fn replace(ec2: &mut Ec2, call: &mut Call<'_>, xml: &mut Xml) -> Answer {
    let id = call.query.required("RouteTableId")?;
    let table = RouteTable::find(ec2, id)?;
    let route = wanted(ec2, call, id)?;
    let all = table.routes(View::new(ec2, call.cx));
    if !all.iter().any(|other| other.same_destination(&route)) {
        let message = format!(
            "There is no route defined for '{}' in the route table. Use CreateRoute instead.",
            route.destination
        );
        return Err(Fault::new("InvalidParameterValue", message));
    }
    let is_local = ec2.vpcs.get(&table.vpc).is_some_and(|vpc| {
        local(vpc)
            .iter()
            .any(|local| local.same_destination(&route))
    });
    if route.is_local() && !is_local {
        let message = "Only a local route can be replaced with the local target";
        return Err(Fault::new("InvalidParameterValue", message));
    }
    let routes = ec2.routes_mut(id)?;
    match routes
        .iter_mut()
        .find(|other| other.same_destination(&route))
    {
        Some(other) => *other = route,
        None => routes.push(route),
    }
    // A local way that is local again needs no entry.
    routes.retain(|route| !route.is_local());
    done(xml)
}

pub(super) fn delete(ec2: &mut Ec2, call: &mut Call<'_>, xml: &mut Xml) -> Answer {
    let id = call.query.required("RouteTableId")?;
    let (kind, destination) = destination(call)?;
    let table = RouteTable::find(ec2, id)?;
    let is = |route: &Route| route.kind == kind && route.destination == destination;
    let ways = ec2.vpcs.get(&table.vpc).map(local).unwrap_or_default();
    if ways.iter().any(is) {
        let message = format!("cannot remove local route {destination} in route table {id}");
        return Err(Fault::new("InvalidParameterValue", message));
    }
    let routes = ec2.routes_mut(id)?;
    let Some(at) = routes.iter().position(is) else {
        let name = match kind {
            "destinationCidrBlock" => "destination-cidr-block",
            "destinationIpv6CidrBlock" => "destination-ipv6-cidr-block",
            _ => "destination-prefix-list-id",
        };
        let message = format!("no route with {name} {destination} in route table {id}");
        return Err(Fault::new("InvalidRoute.NotFound", message));
    };
    routes.remove(at);
    done(xml)
}

impl Ec2 {
    fn routes_mut(&mut self, table: &str) -> Result<&mut Vec<Route>, Fault> {
        let found = self.route_tables.get_mut(table);
        let found =
            found.ok_or_else(|| crate::aws::ec2::describe::not_found::<RouteTable>(&[table]));
        found.map(|table| &mut table.routes)
    }
}
