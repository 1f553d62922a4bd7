//! Transit gateways. One that is deleted can be seen for an hour more.

mod attachment;
mod options;
mod table;

use super::departure::{LINGER, Presence, time};
use super::describe::{Described, View, describe, not_found, write_one};
use super::{Answer, Call, Ec2, Operation, tags};
use crate::aws::fault::Fault;
use crate::aws::xml::Xml;
use crate::clock::Instant;
pub(super) use attachment::Attachment;
use options::Options;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
pub(super) use table::Table;

/// A transit gateway.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct TransitGateway {
    description: String,
    options: Options,
    life: Life,
    pub(super) state: Presence,
}

/// When something was made, changed and deleted.
#[derive(Debug, Serialize, Deserialize)]
struct Life {
    made: Instant,
    /// When it is available.
    due: Instant,
    /// When its latest change is done, if it was ever changed.
    changed: Option<Instant>,
    /// When it is deleted.
    deleted: Option<Instant>,
}

pub(super) const OPERATIONS: &[(&str, Operation)] = &[
    ("CreateTransitGateway", create),
    ("CreateTransitGatewayVpcAttachment", attachment::create),
    ("DeleteTransitGateway", delete),
    ("DeleteTransitGatewayVpcAttachment", attachment::delete),
    ("DescribeTransitGatewayAttachments", |ec2, call, xml| {
        attachment::describe_all(ec2, call, xml)
    }),
    ("DescribeTransitGatewayVpcAttachments", |ec2, call, xml| {
        describe::<Attachment>(ec2, call, xml)
    }),
    ("DescribeTransitGateways", |ec2, call, xml| {
        describe::<TransitGateway>(ec2, call, xml)
    }),
    ("ModifyTransitGateway", modify),
    ("ModifyTransitGatewayVpcAttachment", attachment::modify),
    ("AssociateTransitGatewayRouteTable", table::associate),
    ("CreateTransitGatewayRouteTable", table::create),
    ("DeleteTransitGatewayRouteTable", table::delete),
    ("DescribeTransitGatewayRouteTables", |ec2, call, xml| {
        describe::<Table>(ec2, call, xml)
    }),
    ("DisableTransitGatewayRouteTablePropagation", table::disable),
    ("DisassociateTransitGatewayRouteTable", table::disassociate),
    ("EnableTransitGatewayRouteTablePropagation", table::enable),
    (
        "GetTransitGatewayAttachmentPropagations",
        |ec2, call, xml| table::propagations_of(ec2, call, xml),
    ),
    (
        "GetTransitGatewayRouteTableAssociations",
        |ec2, call, xml| table::associations(ec2, call, xml),
    ),
    (
        "GetTransitGatewayRouteTablePropagations",
        |ec2, call, xml| table::propagations(ec2, call, xml),
    ),
];

impl Life {
    fn new(call: &Call<'_>) -> Self {
        let due = call.cx.clock.due();
        Self {
            made: call.cx.clock.now(),
            due,
            changed: None,
            deleted: None,
        }
    }

    fn state(&self, view: View<'_>) -> &'static str {
        match self.deleted {
            Some(deleted) => view.state(deleted, "deleting", "deleted"),
            None => match self.changed {
                Some(changed) => view.state(changed, "modifying", "available"),
                None => view.state(self.due, "pending", "available"),
            },
        }
    }

    fn visible(&self, view: View<'_>) -> bool {
        let gone = |deleted: Instant| view.reached(Instant(deleted.0.saturating_add(LINGER)));
        !self.deleted.is_some_and(gone)
    }

    /// Begins a change; the next call sees it unless it takes no time.
    fn change(&mut self, call: &Call<'_>) {
        self.changed = Some(call.cx.clock.due());
    }
}

impl Described for TransitGateway {
    const IDS: &'static str = "TransitGatewayIds";
    const SET: &'static str = "transitGatewaySet";
    const NOUN: &'static str = "Transit Gateway";
    const PREFIX: &'static str = "tgw";
    const NOT_FOUND: &'static str = "InvalidTransitGatewayID.NotFound";

    fn all(ec2: &Ec2) -> &BTreeMap<String, Self> {
        &ec2.transit_gateways
    }

    fn absent(ids: &[&str]) -> String {
        format!(
            "Transit Gateway {} was deleted or does not exist.",
            ids.join(", ")
        )
    }

    fn visible(&self, view: View<'_>) -> bool {
        self.life.visible(view)
    }

    fn values(&self, id: &str, view: View<'_>, filter: &str) -> Option<Vec<String>> {
        if let Some(name) = filter.strip_prefix("options.") {
            return self.options.value(name);
        }
        Some(match filter {
            "owner-id" => vec![view.cx.account.to_owned()],
            "state" => vec![self.life.state(view).to_owned()],
            "transit-gateway-id" => vec![id.to_owned()],
            _ => return None,
        })
    }

    fn write(&self, id: &str, view: View<'_>, xml: &mut Xml) {
        xml.leaf("transitGatewayId", id);
        let arn = format!("transit-gateway/{id}");
        xml.leaf("transitGatewayArn", view.cx.arn("ec2", &arn));
        xml.leaf("state", self.life.state(view));
        xml.leaf("ownerId", view.cx.account);
        xml.leaf("description", &self.description);
        xml.leaf("creationTime", time(self.life.made));
        xml.node("options", |xml| self.options.write(xml));
    }
}

impl TransitGateway {
    /// Whether it is not being deleted.
    pub(super) fn lives(&self) -> bool {
        self.life.deleted.is_none()
    }
}

fn create(ec2: &mut Ec2, call: &mut Call<'_>, xml: &mut Xml) -> Answer {
    let tags = tags::specified(call.query, "transit-gateway")?;
    let mut options = Options::read(call)?;
    let id = call.ids.aws("tgw");
    if options.wants_table() {
        let table = Table::new(&id, call);
        let table_id = call.ids.aws("tgw-rtb");
        ec2.transit_tables.insert(table_id.clone(), table);
        options.set_table(&table_id);
    }
    let gateway = TransitGateway {
        description: call
            .query
            .text("Description")
            .unwrap_or_default()
            .to_owned(),
        options,
        life: Life::new(call),
        state: Presence::There,
    };
    ec2.transit_gateways.insert(id.clone(), gateway);
    ec2.tag(&id, tags);
    write(ec2, call, &id, xml)
}

fn write(ec2: &Ec2, call: &Call<'_>, id: &str, xml: &mut Xml) -> Answer {
    let view = View::begun(ec2, call.cx);
    xml.node("transitGateway", |xml| {
        write_one::<TransitGateway>(id, view, xml);
    });
    Ok(())
}

fn modify(ec2: &mut Ec2, call: &mut Call<'_>, xml: &mut Xml) -> Answer {
    let id = call.query.required("TransitGatewayId")?;
    ec2.available(id, call)?;
    for name in [
        "AssociationDefaultRouteTableId",
        "PropagationDefaultRouteTableId",
    ] {
        if let Some(table) = call.query.text(&format!("Options.{name}"))
            && Table::find(ec2, table)?.gateway != id
        {
            return Err(not_found::<Table>(&[table]));
        }
    }
    let gateway = ec2.transit_gateways.get_mut(id);
    let gateway = gateway.ok_or_else(|| not_found::<TransitGateway>(&[id]))?;
    gateway.options.modify(call)?;
    if let Some(description) = call.query.text("Description") {
        description.clone_into(&mut gateway.description);
    }
    gateway.life.change(call);
    // Whoever wants a default table and has none gets one.
    if gateway.options.lacks_table() {
        let table = Table::new(id, call);
        let table_id = call.ids.aws("tgw-rtb");
        gateway.options.set_table(&table_id);
        ec2.transit_tables.insert(table_id, table);
    }
    write(ec2, call, id, xml)
}

fn delete(ec2: &mut Ec2, call: &mut Call<'_>, xml: &mut Xml) -> Answer {
    let id = call.query.required("TransitGatewayId")?;
    if !TransitGateway::find(ec2, id)?.lives() {
        let gone = View::new(ec2, call.cx);
        let state = TransitGateway::find(ec2, id)?.life.state(gone);
        if state == "deleted" {
            return Err(not_found::<TransitGateway>(&[id]));
        }
        return Err(incorrect_state(format!("{id} is in invalid state")));
    }
    let left = ec2.attachments_of(id, call);
    if !left.is_empty() {
        let left = left.join(", ");
        let message = format!("{id} has non-deleted Transit Gateway Attachments: {left}.");
        return Err(incorrect_state(message));
    }
    let own = TransitGateway::find(ec2, id)?.options.tables();
    let mut tables = ec2.transit_tables.iter();
    if let Some((table, _)) = tables
        .find(|(table_id, table)| table.gateway == id && table.lives() && !own.contains(table_id))
    {
        let message = format!("{id} has non-deleted Transit Gateway Route Tables: {table}.");
        return Err(incorrect_state(message));
    }
    let due = call.cx.clock.due();
    for table_id in own {
        if let Some(table) = ec2.transit_tables.get_mut(&table_id) {
            table.end(due);
        }
        ec2.depart(due, &table_id);
    }
    ec2.depart(due, id);
    if let Some(gateway) = ec2.transit_gateways.get_mut(id) {
        gateway.life.deleted = Some(due);
    }
    write(ec2, call, id, xml)
}

fn incorrect_state(message: String) -> Fault {
    Fault::new("IncorrectState", message)
}

impl Ec2 {
    /// Refuses if the gateway is not there, or not available.
    fn available(&self, id: &str, call: &Call<'_>) -> Answer {
        let view = View::new(self, call.cx);
        let gateway = TransitGateway::find(self, id)?;
        match gateway.life.state(view) {
            "available" => Ok(()),
            "deleted" => Err(not_found::<TransitGateway>(&[id])),
            _ => Err(incorrect_state(format!("{id} is in invalid state"))),
        }
    }
}
