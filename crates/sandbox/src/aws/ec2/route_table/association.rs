//! Which subnets and gateways a route table is for.

use super::RouteTable;
use crate::Ids;
use crate::aws::ec2::describe::{Described, View};
use crate::aws::ec2::internet_gateway::InternetGateway;
use crate::aws::ec2::subnet::Subnet;
use crate::aws::ec2::{Answer, Call, Ec2, done};
use crate::aws::fault::Fault;
use crate::aws::query::missing;
use crate::aws::xml::Xml;
use crate::clock::Instant;
use serde::{Deserialize, Serialize};

/// The association of a route table.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Association {
    id: String,
    with: With,
    /// When it is associated.
    due: Instant,
}

/// With what a route table is associated.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum With {
    /// All subnets of the VPC that have no table of their own.
    Main,
    Subnet(String),
    Gateway(String),
}

impl Association {
    pub(super) fn main(ids: &mut Ids) -> Self {
        Self {
            id: ids.aws("rtbassoc"),
            with: With::Main,
            due: Instant(0),
        }
    }

    pub(super) fn is_main(&self) -> bool {
        self.with == With::Main
    }

    pub(super) fn is_with(&self, subnet: &str) -> bool {
        matches!(&self.with, With::Subnet(id) if id == subnet)
    }

    fn state(&self, view: View<'_>) -> &'static str {
        view.state(self.due, "associating", "associated")
    }

    pub(super) fn value(&self, name: &str, table: &str, view: View<'_>) -> Option<Vec<String>> {
        Some(match (name, &self.with) {
            ("main", with) => vec![(*with == With::Main).to_string()],
            ("route-table-association-id", _) => vec![self.id.clone()],
            ("route-table-id", _) => vec![table.to_owned()],
            ("state", _) => vec![self.state(view).to_owned()],
            ("subnet-id", With::Subnet(id)) | ("gateway-id", With::Gateway(id)) => {
                vec![id.clone()]
            }
            ("subnet-id" | "gateway-id", _) => Vec::new(),
            _ => return None,
        })
    }

    pub(super) fn write(&self, table: &str, view: View<'_>, xml: &mut Xml) {
        xml.leaf("routeTableAssociationId", &self.id);
        xml.leaf("routeTableId", table);
        xml.leaf("main", self.is_main());
        match &self.with {
            With::Main => {}
            With::Subnet(id) => xml.leaf("subnetId", id),
            With::Gateway(id) => xml.leaf("gatewayId", id),
        }
        xml.node("associationState", |xml| {
            xml.leaf("state", self.state(view));
        });
    }
}

pub(super) fn associate(ec2: &mut Ec2, call: &mut Call<'_>, xml: &mut Xml) -> Answer {
    let table_id = call.query.required("RouteTableId")?;
    let vpc = RouteTable::find(ec2, table_id)?.vpc.clone();
    let (noun, id, of, with) = if let Some(id) = call.query.text("SubnetId") {
        let of = Subnet::find(ec2, id)?.vpc.clone();
        ("subnet", id, Some(of), With::Subnet(id.to_owned()))
    } else if let Some(id) = call.query.text("GatewayId") {
        let of = InternetGateway::find(ec2, id)?.vpc.clone();
        ("network gateway", id, of, With::Gateway(id.to_owned()))
    } else {
        return Err(missing("SubnetId"));
    };
    if of.as_deref() != Some(vpc.as_str()) {
        let message =
            format!("route table {table_id} and {noun} {id} belong to different networks");
        return Err(Fault::new("InvalidParameterValue", message));
    }
    let mut all = ec2
        .route_tables
        .values()
        .flat_map(|table| &table.associations);
    if all.any(|association| association.with == with) {
        let message = format!(
            "the specified association for route table {table_id} conflicts with an existing association"
        );
        return Err(Fault::new("Resource.AlreadyAssociated", message));
    }
    let association = Association {
        id: call.ids.aws("rtbassoc"),
        with,
        due: call.cx.clock.due(),
    };
    xml.leaf("associationId", &association.id);
    ec2.add(table_id, association, call, xml);
    Ok(())
}

pub(super) fn replace(ec2: &mut Ec2, call: &mut Call<'_>, xml: &mut Xml) -> Answer {
    let old = call.query.required("AssociationId")?;
    let table_id = call.query.required("RouteTableId")?;
    let vpc = RouteTable::find(ec2, table_id)?.vpc.clone();
    let from = ec2.table_of(old)?;
    if ec2
        .route_tables
        .get(&from)
        .is_some_and(|table| table.vpc != vpc)
    {
        let message =
            format!("route table {table_id} and route table {from} belong to different networks");
        return Err(Fault::new("InvalidParameterValue", message));
    }
    let Some(before) = ec2.take(old) else {
        return Err(no_association(old));
    };
    let association = Association {
        id: call.ids.aws("rtbassoc"),
        with: before.with,
        due: call.cx.clock.due(),
    };
    xml.leaf("newAssociationId", &association.id);
    ec2.add(table_id, association, call, xml);
    Ok(())
}

pub(super) fn disassociate(ec2: &mut Ec2, call: &mut Call<'_>, xml: &mut Xml) -> Answer {
    let id = call.query.required("AssociationId")?;
    let table = ec2.table_of(id)?;
    let table = RouteTable::find(ec2, &table)?;
    let main = |association: &Association| association.id == id && association.is_main();
    if table.associations.iter().any(main) {
        let message = format!("cannot disassociate the main route table association {id}");
        return Err(Fault::new("InvalidParameterValue", message));
    }
    ec2.take(id);
    done(xml)
}

fn no_association(id: &str) -> Fault {
    let message = format!("The association ID '{id}' does not exist");
    Fault::new("InvalidAssociationID.NotFound", message)
}

impl Ec2 {
    /// The table with this association.
    fn table_of(&self, association: &str) -> Result<String, Fault> {
        let has = |table: &RouteTable| table.associations.iter().any(|of| of.id == association);
        let found = self.route_tables.iter().find(|(_, table)| has(table));
        found
            .map(|(id, _)| id.clone())
            .ok_or_else(|| no_association(association))
    }

    fn take(&mut self, association: &str) -> Option<Association> {
        self.route_tables.values_mut().find_map(|table| {
            let at = table
                .associations
                .iter()
                .position(|of| of.id == association);
            at.map(|at| table.associations.remove(at))
        })
    }

    fn add(&mut self, table: &str, association: Association, call: &Call<'_>, xml: &mut Xml) {
        let view = View::begun(self, call.cx);
        xml.node("associationState", |xml| {
            xml.leaf("state", association.state(view));
        });
        if let Some(table) = self.route_tables.get_mut(table) {
            table.associations.push(association);
        }
    }
}
