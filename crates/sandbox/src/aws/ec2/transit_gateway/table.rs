//! Route tables of transit gateways: which attachments use one, and which tell it their routes.

use super::attachment::Attachment;
use super::{Life, TransitGateway, incorrect_state};
use crate::aws::ec2::departure::{Presence, time};
use crate::aws::ec2::describe::{Described, Page, View, not_found, write_one};
use crate::aws::ec2::filter::Filters;
use crate::aws::ec2::{Answer, Call, Ec2, tags};
use crate::aws::fault::Fault;
use crate::aws::xml::Xml;
use crate::clock::Instant;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A route table of a transit gateway.
#[derive(Debug, Serialize, Deserialize)]
pub(in crate::aws::ec2) struct Table {
    pub(super) gateway: String,
    /// Attachments that use it, and since when.
    pub(super) associations: BTreeMap<String, Instant>,
    /// Attachments that tell it their routes, and since when.
    pub(super) propagations: BTreeMap<String, Instant>,
    life: Life,
    pub(in crate::aws::ec2) state: Presence,
}

impl Described for Table {
    const IDS: &'static str = "TransitGatewayRouteTableIds";
    const SET: &'static str = "transitGatewayRouteTables";
    const NOUN: &'static str = "Transit Gateway Route Table";
    const PREFIX: &'static str = "tgw-rtb";
    const NOT_FOUND: &'static str = "InvalidRouteTableID.NotFound";

    fn all(ec2: &Ec2) -> &BTreeMap<String, Self> {
        &ec2.transit_tables
    }

    fn absent(ids: &[&str]) -> String {
        format!(
            "Transit Gateway Route Table {} was deleted or does not exist.",
            ids.join(", ")
        )
    }

    fn visible(&self, view: View<'_>) -> bool {
        self.life.visible(view)
    }

    fn values(&self, id: &str, view: View<'_>, filter: &str) -> Option<Vec<String>> {
        let (association, propagation) = self.defaults(id, view);
        Some(match filter {
            "default-association-route-table" => vec![association.to_string()],
            "default-propagation-route-table" => vec![propagation.to_string()],
            "state" => vec![self.life.state(view).to_owned()],
            "transit-gateway-id" => vec![self.gateway.clone()],
            "transit-gateway-route-table-id" => vec![id.to_owned()],
            _ => return None,
        })
    }

    fn write(&self, id: &str, view: View<'_>, xml: &mut Xml) {
        let (association, propagation) = self.defaults(id, view);
        xml.leaf("transitGatewayRouteTableId", id);
        xml.leaf("transitGatewayId", &self.gateway);
        xml.leaf("state", self.life.state(view));
        xml.leaf("defaultAssociationRouteTable", association);
        xml.leaf("defaultPropagationRouteTable", propagation);
        xml.leaf("creationTime", time(self.life.made));
    }
}

impl Table {
    /// An empty table of a gateway.
    pub(super) fn new(gateway: &str, call: &Call<'_>) -> Self {
        Self {
            gateway: gateway.to_owned(),
            associations: BTreeMap::new(),
            propagations: BTreeMap::new(),
            life: Life::new(call),
            state: Presence::There,
        }
    }

    /// Whether it is not being deleted.
    pub(super) fn lives(&self) -> bool {
        self.life.deleted.is_none()
    }

    /// It goes with its gateway.
    pub(super) fn end(&mut self, due: Instant) {
        self.life.deleted = Some(due);
    }

    fn defaults(&self, id: &str, view: View<'_>) -> (bool, bool) {
        let gateway = view.ec2.transit_gateways.get(&self.gateway);
        let is = |table: Option<&String>| table.is_some_and(|table| table == id);
        gateway.map_or((false, false), |gateway| {
            let options = &gateway.options;
            (
                is(options.association_table()),
                is(options.propagation_table()),
            )
        })
    }
}

pub(super) fn create(ec2: &mut Ec2, call: &mut Call<'_>, xml: &mut Xml) -> Answer {
    let tags = tags::specified(call.query, "transit-gateway-route-table")?;
    let gateway = call.query.required("TransitGatewayId")?;
    ec2.available(gateway, call)?;
    let table = Table::new(gateway, call);
    let id = call.ids.aws("tgw-rtb");
    ec2.transit_tables.insert(id.clone(), table);
    ec2.tag(&id, tags);
    write(ec2, call, &id, xml)
}

pub(super) fn delete(ec2: &mut Ec2, call: &mut Call<'_>, xml: &mut Xml) -> Answer {
    let id = call.query.required("TransitGatewayRouteTableId")?;
    let table = ec2.usable_table(id, call)?;
    if !table.associations.is_empty() {
        return Err(incorrect_state(format!("{id} has active associations")));
    }
    let (association, propagation) = table.defaults(id, View::new(ec2, call.cx));
    if association || propagation {
        let message = format!("{id} is a default route table of {}", table.gateway);
        return Err(incorrect_state(message));
    }
    let due = call.cx.clock.due();
    if let Some(table) = ec2.transit_tables.get_mut(id) {
        table.propagations.clear();
        table.end(due);
    }
    ec2.depart(due, id);
    write(ec2, call, id, xml)
}

fn write(ec2: &Ec2, call: &Call<'_>, id: &str, xml: &mut Xml) -> Answer {
    let view = View::begun(ec2, call.cx);
    xml.node("transitGatewayRouteTable", |xml| {
        write_one::<Table>(id, view, xml);
    });
    Ok(())
}

/// The table and the attachment that a request names, and the VPC of the attachment.
fn pair<'a>(ec2: &Ec2, call: &Call<'a>) -> Result<(&'a str, &'a str, String), Fault> {
    let table_id = call.query.required("TransitGatewayRouteTableId")?;
    let id = call.query.required("TransitGatewayAttachmentId")?;
    ec2.usable_table(table_id, call)?;
    Ok((table_id, id, ec2.usable(id, call)?.vpc.clone()))
}

pub(super) fn associate(ec2: &mut Ec2, call: &mut Call<'_>, xml: &mut Xml) -> Answer {
    let (table, id, vpc) = pair(ec2, call)?;
    if let Some((other, _)) = ec2.table_with(id) {
        let message = format!("{id} is already associated to a route table: {other}.");
        return Err(Fault::new("Resource.AlreadyAssociated", message));
    }
    let due = call.cx.clock.due();
    if let Some(table) = ec2.transit_tables.get_mut(table) {
        table.associations.insert(id.to_owned(), due);
    }
    relation("association", (table, id, &vpc), "associating", xml)
}

pub(super) fn disassociate(ec2: &mut Ec2, call: &mut Call<'_>, xml: &mut Xml) -> Answer {
    let (table_id, id, vpc) = pair(ec2, call)?;
    let table = ec2.transit_tables.get_mut(table_id);
    if table
        .and_then(|table| table.associations.remove(id))
        .is_none()
    {
        let message = format!("{id} is not associated with {table_id}");
        return Err(Fault::new("InvalidAssociation.NotFound", message));
    }
    relation("association", (table_id, id, &vpc), "disassociating", xml)
}

pub(super) fn enable(ec2: &mut Ec2, call: &mut Call<'_>, xml: &mut Xml) -> Answer {
    let (table_id, id, vpc) = pair(ec2, call)?;
    let due = call.cx.clock.due();
    let table = ec2.transit_tables.get_mut(table_id);
    if table
        .and_then(|table| table.propagations.insert(id.to_owned(), due))
        .is_some()
    {
        let message = format!("Propagation of {id} to {table_id} is already enabled");
        return Err(Fault::new(
            "TransitGatewayRouteTablePropagation.Duplicate",
            message,
        ));
    }
    relation("propagation", (table_id, id, &vpc), "enabling", xml)
}

pub(super) fn disable(ec2: &mut Ec2, call: &mut Call<'_>, xml: &mut Xml) -> Answer {
    let (table_id, id, vpc) = pair(ec2, call)?;
    let table = ec2.transit_tables.get_mut(table_id);
    if table
        .and_then(|table| table.propagations.remove(id))
        .is_none()
    {
        let message = format!("Propagation of {id} to {table_id} does not exist");
        return Err(Fault::new(
            "TransitGatewayRouteTablePropagation.NotFound",
            message,
        ));
    }
    relation("propagation", (table_id, id, &vpc), "disabling", xml)
}

fn relation(
    name: &str,
    (table, id, vpc): (&str, &str, &str),
    state: &str,
    xml: &mut Xml,
) -> Answer {
    xml.node(name, |xml| {
        xml.leaf("transitGatewayRouteTableId", table);
        xml.leaf("transitGatewayAttachmentId", id);
        xml.leaf("resourceId", vpc);
        xml.leaf("resourceType", "vpc");
        xml.leaf("state", state);
    });
    Ok(())
}

pub(super) fn associations(ec2: &Ec2, call: &Call<'_>, xml: &mut Xml) -> Answer {
    let id = call.query.required("TransitGatewayRouteTableId")?;
    let table = ec2.usable_table(id, call)?;
    list(
        ec2,
        call,
        "associations",
        (&table.associations, ["associating", "associated"]),
        xml,
    )
}

pub(super) fn propagations(ec2: &Ec2, call: &Call<'_>, xml: &mut Xml) -> Answer {
    let id = call.query.required("TransitGatewayRouteTableId")?;
    let table = ec2.usable_table(id, call)?;
    let of = (&table.propagations, ["enabling", "enabled"]);
    list(ec2, call, "transitGatewayRouteTablePropagations", of, xml)
}

fn list(
    ec2: &Ec2,
    call: &Call<'_>,
    set: &str,
    (of, states): (&BTreeMap<String, Instant>, [&'static str; 2]),
    xml: &mut Xml,
) -> Answer {
    let view = View::new(ec2, call.cx);
    let filters = Filters::read(call.query, "Filter")?;
    let page = Page::read(call)?;
    let mut found = Vec::new();
    for (id, due) in of {
        let vpc = ec2
            .attachments
            .get(id)
            .map_or("", |attachment: &Attachment| &attachment.vpc);
        let matches = filters.matches(None, |name| {
            Some(vec![match name {
                "resource-id" => vpc.to_owned(),
                "resource-type" => "vpc".to_owned(),
                "transit-gateway-attachment-id" => id.clone(),
                _ => return None,
            }])
        });
        if matches {
            found.push((id.clone(), (id, vpc, *due)));
        }
    }
    let (found, next) = page.cut(found);
    xml.set(set, found, |xml, (id, vpc, due)| {
        xml.leaf("transitGatewayAttachmentId", id);
        xml.leaf("resourceId", vpc);
        xml.leaf("resourceType", "vpc");
        xml.leaf("state", view.state(due, states[0], states[1]));
    });
    xml.optional("nextToken", next);
    Ok(())
}

/// The tables that an attachment tells its routes.
pub(super) fn propagations_of(ec2: &Ec2, call: &Call<'_>, xml: &mut Xml) -> Answer {
    let view = View::new(ec2, call.cx);
    let id = call.query.required("TransitGatewayAttachmentId")?;
    Attachment::find(ec2, id)?;
    let filters = Filters::read(call.query, "Filter")?;
    let tables = ec2.transit_tables.iter().filter_map(|(table_id, table)| {
        let due = table.propagations.get(id)?;
        let matches = filters.matches(None, |name| match name {
            "transit-gateway-route-table-id" => Some(vec![table_id.clone()]),
            _ => None,
        });
        matches.then_some((table_id, *due))
    });
    let set = "transitGatewayAttachmentPropagations";
    xml.set(set, tables, |xml, (table, due)| {
        xml.leaf("transitGatewayRouteTableId", table);
        xml.leaf("state", view.state(due, "enabling", "enabled"));
    });
    Ok(())
}

impl Ec2 {
    /// The table, which must be available.
    fn usable_table(&self, id: &str, call: &Call<'_>) -> Result<&Table, Fault> {
        let table = Table::find(self, id)?;
        match table.life.state(View::new(self, call.cx)) {
            "available" if TransitGateway::find(self, &table.gateway)?.lives() => Ok(table),
            "available" | "deleted" => Err(not_found::<Table>(&[id])),
            _ => Err(incorrect_state(format!("{id} is in invalid state"))),
        }
    }
}
