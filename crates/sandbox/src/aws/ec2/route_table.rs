//! Route tables.

mod association;
mod route;

use super::describe::{Described, View, describe, write_one};
use super::vpc::Vpc;
use super::{Answer, Call, Ec2, Operation, dependency, done, tags};
use crate::Ids;
use crate::aws::xml::Xml;
use association::Association;
use route::Route;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A route table.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct RouteTable {
    pub(super) vpc: String,
    /// All but the ways within the VPC.
    routes: Vec<Route>,
    associations: Vec<Association>,
}

pub(super) const OPERATIONS: &[(&str, Operation)] = &[
    ("AssociateRouteTable", association::associate),
    ("CreateRoute", route::create),
    ("CreateRouteTable", create),
    ("DeleteRoute", route::delete),
    ("DeleteRouteTable", delete),
    ("DescribeRouteTables", |ec2, call, xml| {
        describe::<RouteTable>(ec2, call, xml)
    }),
    ("DisassociateRouteTable", association::disassociate),
    ("ReplaceRoute", route::replace),
    ("ReplaceRouteTableAssociation", association::replace),
];

impl Described for RouteTable {
    const IDS: &'static str = "RouteTableId";
    const SET: &'static str = "routeTableSet";
    const NOUN: &'static str = "routeTable";
    const PREFIX: &'static str = "rtb";
    const NOT_FOUND: &'static str = "InvalidRouteTableID.NotFound";

    fn all(ec2: &Ec2) -> &BTreeMap<String, Self> {
        &ec2.route_tables
    }

    fn values(&self, id: &str, view: View<'_>, filter: &str) -> Option<Vec<String>> {
        if let Some(name) = filter.strip_prefix("association.") {
            let associations = self.associations.iter();
            let values = associations.map(|association| association.value(name, id, view));
            return values
                .collect::<Option<Vec<_>>>()
                .map(|values| values.concat());
        }
        if let Some(name) = filter.strip_prefix("route.") {
            let routes = self.routes(view);
            let values = routes
                .iter()
                .map(|route| route.value(name, &self.vpc, view));
            return values
                .collect::<Option<Vec<_>>>()
                .map(|values| values.concat());
        }
        Some(match filter {
            "route-table-id" => vec![id.to_owned()],
            "owner-id" => vec![view.cx.account.to_owned()],
            "vpc-id" => vec![self.vpc.clone()],
            _ => return None,
        })
    }

    fn write(&self, id: &str, view: View<'_>, xml: &mut Xml) {
        xml.leaf("routeTableId", id);
        xml.leaf("vpcId", &self.vpc);
        xml.leaf("ownerId", view.cx.account);
        xml.set("routeSet", self.routes(view), |xml, route| {
            route.write(&self.vpc, view, xml);
        });
        xml.set("associationSet", &self.associations, |xml, association| {
            association.write(id, view, xml);
        });
        xml.set("propagatingVgwSet", [(); 0], |_, ()| {});
    }
}

impl RouteTable {
    /// The one that comes with a VPC, for the subnets that have no other.
    pub(super) fn main(vpc: &str, ids: &mut Ids) -> Self {
        Self {
            vpc: vpc.to_owned(),
            routes: Vec::new(),
            associations: vec![Association::main(ids)],
        }
    }

    /// Whether it is the main one of its VPC.
    pub(super) fn is_main(&self) -> bool {
        self.associations.iter().any(Association::is_main)
    }

    /// A subnet is gone.
    pub(super) fn forget_subnet(&mut self, subnet: &str) {
        self.associations
            .retain(|association| !association.is_with(subnet));
    }

    /// All routes: first the ways within the VPC.
    fn routes(&self, view: View<'_>) -> Vec<Route> {
        let local = view.ec2.vpcs.get(&self.vpc).map(route::local);
        let mut routes = local.unwrap_or_default();
        // A local way can be sent elsewhere.
        routes.retain(|local| {
            !self
                .routes
                .iter()
                .any(|route| route.same_destination(local))
        });
        routes.extend(self.routes.iter().cloned());
        routes
    }
}

fn create(ec2: &mut Ec2, call: &mut Call<'_>, xml: &mut Xml) -> Answer {
    let tags = tags::specified(call.query, "route-table")?;
    let vpc = call.query.required("VpcId")?;
    Vpc::find(ec2, vpc)?;
    let id = if let Some(id) = ec2.made_before(call)? {
        id
    } else {
        let id = call.ids.aws("rtb");
        let table = RouteTable {
            vpc: vpc.to_owned(),
            routes: Vec::new(),
            associations: Vec::new(),
        };
        ec2.route_tables.insert(id.clone(), table);
        ec2.tag(&id, tags);
        ec2.remember(call, &id);
        id
    };
    let view = View::begun(ec2, call.cx);
    xml.node("routeTable", |xml| write_one::<RouteTable>(&id, view, xml));
    xml.optional("clientToken", call.query.text("ClientToken"));
    Ok(())
}

fn delete(ec2: &mut Ec2, call: &mut Call<'_>, xml: &mut Xml) -> Answer {
    let id = call.query.required("RouteTableId")?;
    if !RouteTable::find(ec2, id)?.associations.is_empty() {
        return Err(dependency("routeTable", id));
    }
    ec2.route_tables.remove(id);
    ec2.tags.remove(id);
    done(xml)
}
