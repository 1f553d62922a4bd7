//! Attachments of VPCs to transit gateways.

use super::options::{switch, word};
use super::{Life, Table, TransitGateway, incorrect_state};
use crate::aws::ec2::departure::{Presence, time};
use crate::aws::ec2::describe::{Described, Page, View, not_found, write_one};
use crate::aws::ec2::filter::Filters;
use crate::aws::ec2::interface::Wanted;
use crate::aws::ec2::subnet::Subnet;
use crate::aws::ec2::vpc::Vpc;
use crate::aws::ec2::{Answer, Call, Ec2, tags};
use crate::aws::fault::Fault;
use crate::aws::query::missing;
use crate::aws::xml::Xml;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A VPC's attachment.
#[derive(Debug, Serialize, Deserialize)]
pub(in crate::aws::ec2) struct Attachment {
    gateway: String,
    pub(super) vpc: String,
    subnets: BTreeSet<String>,
    dns: bool,
    group_references: bool,
    ipv6: bool,
    appliance_mode: bool,
    life: Life,
    pub(in crate::aws::ec2) state: Presence,
}

impl Described for Attachment {
    const IDS: &'static str = "TransitGatewayAttachmentIds";
    const SET: &'static str = "transitGatewayVpcAttachments";
    const NOUN: &'static str = "Transit Gateway Attachment";
    const PREFIX: &'static str = "tgw-attach";
    const NOT_FOUND: &'static str = "InvalidTransitGatewayAttachmentID.NotFound";

    fn all(ec2: &Ec2) -> &BTreeMap<String, Self> {
        &ec2.attachments
    }

    fn absent(ids: &[&str]) -> String {
        format!(
            "Transit Gateway Attachment {} was deleted or does not exist.",
            ids.join(", ")
        )
    }

    fn visible(&self, view: View<'_>) -> bool {
        self.life.visible(view)
    }

    fn values(&self, id: &str, view: View<'_>, filter: &str) -> Option<Vec<String>> {
        Some(match filter {
            "resource-id" | "vpc-id" => vec![self.vpc.clone()],
            "resource-type" => vec!["vpc".to_owned()],
            "resource-owner-id" | "transit-gateway-owner-id" => vec![view.cx.account.to_owned()],
            "state" => vec![self.life.state(view).to_owned()],
            "transit-gateway-attachment-id" => vec![id.to_owned()],
            "transit-gateway-id" => vec![self.gateway.clone()],
            "association.transit-gateway-route-table-id" => view
                .ec2
                .table_with(id)
                .map(|(table, _)| table.clone())
                .into_iter()
                .collect(),
            "association.state" => {
                let state = view.ec2.table_with(id).map(|_| "associated".to_owned());
                state.into_iter().collect()
            }
            _ => return None,
        })
    }

    fn write(&self, id: &str, view: View<'_>, xml: &mut Xml) {
        xml.leaf("transitGatewayAttachmentId", id);
        xml.leaf("transitGatewayId", &self.gateway);
        xml.leaf("vpcId", &self.vpc);
        xml.leaf("vpcOwnerId", view.cx.account);
        xml.leaf("state", self.life.state(view));
        xml.node("subnetIds", |xml| {
            for subnet in &self.subnets {
                xml.leaf("item", subnet);
            }
        });
        xml.leaf("creationTime", time(self.life.made));
        xml.node("options", |xml| {
            xml.leaf("dnsSupport", word(self.dns));
            xml.leaf(
                "securityGroupReferencingSupport",
                word(self.group_references),
            );
            xml.leaf("ipv6Support", word(self.ipv6));
            xml.leaf("applianceModeSupport", word(self.appliance_mode));
        });
    }
}

impl Attachment {
    /// Whether it is not being deleted.
    pub(super) fn lives(&self) -> bool {
        self.life.deleted.is_none()
    }
}

pub(super) fn create(ec2: &mut Ec2, call: &mut Call<'_>, xml: &mut Xml) -> Answer {
    let tags = tags::specified(call.query, "transit-gateway-attachment")?;
    let gateway_id = call.query.required("TransitGatewayId")?;
    let vpc = call.query.required("VpcId")?;
    Vpc::find(ec2, vpc)?;
    ec2.available(gateway_id, call)?;
    let subnets = call.query.texts("SubnetIds");
    let subnets: BTreeSet<String> = subnets.into_iter().map(str::to_owned).collect();
    if subnets.is_empty() {
        return Err(missing("SubnetIds"));
    }
    check(ec2, vpc, &subnets)?;
    let same = |attachment: &&Attachment| attachment.vpc == vpc && attachment.gateway == gateway_id;
    if ec2.attachments.values().filter(same).any(Attachment::lives) {
        let message =
            format!("{gateway_id} has non-deleted Transit Gateway Attachments with same VPC ID.");
        return Err(Fault::new("DuplicateTransitGatewayAttachment", message));
    }
    let gateway = TransitGateway::find(ec2, gateway_id)?;
    let references = switch(call, "SecurityGroupReferencingSupport")?;
    let attachment = Attachment {
        gateway: gateway_id.to_owned(),
        vpc: vpc.to_owned(),
        subnets: subnets.clone(),
        dns: switch(call, "DnsSupport")?.unwrap_or(true),
        group_references: references.unwrap_or(gateway.options.group_references()),
        ipv6: switch(call, "Ipv6Support")?.unwrap_or(false),
        appliance_mode: switch(call, "ApplianceModeSupport")?.unwrap_or(false),
        life: Life::new(call),
        state: Presence::There,
    };
    let association = gateway.options.association_table().cloned();
    let propagation = gateway.options.propagation_table().cloned();
    let id = call.ids.aws("tgw-attach");
    for subnet in &subnets {
        ec2.add_leg(&id, subnet, call)?;
    }
    let due = call.cx.clock.due();
    ec2.attachments.insert(id.clone(), attachment);
    if let Some(table) = association.and_then(|table| ec2.transit_tables.get_mut(&table)) {
        table.associations.insert(id.clone(), due);
    }
    if let Some(table) = propagation.and_then(|table| ec2.transit_tables.get_mut(&table)) {
        table.propagations.insert(id.clone(), due);
    }
    ec2.tag(&id, tags);
    write(ec2, call, &id, xml)
}

/// The subnets of an attachment: of its VPC, and each in a zone of its own.
fn check(ec2: &Ec2, vpc: &str, subnets: &BTreeSet<String>) -> Answer {
    let mut zones = BTreeSet::new();
    for id in subnets {
        let subnet = Subnet::find(ec2, id)?;
        if subnet.vpc != vpc {
            let message = format!("Subnet {id} does not belong to VPC {vpc}");
            return Err(Fault::new("InvalidParameterValue", message));
        }
        if !zones.insert(&subnet.zone) {
            let message = "Duplicate Subnets for same AZ";
            return Err(Fault::new("DuplicateSubnetsInSameZone", message));
        }
    }
    Ok(())
}

pub(super) fn modify(ec2: &mut Ec2, call: &mut Call<'_>, xml: &mut Xml) -> Answer {
    let id = call.query.required("TransitGatewayAttachmentId")?;
    let attachment = ec2.usable(id, call)?;
    let (add, remove) = (
        call.query.texts("AddSubnetIds"),
        call.query.texts("RemoveSubnetIds"),
    );
    let mut subnets = attachment.subnets.clone();
    for subnet in &remove {
        if !subnets.remove(*subnet) {
            let message = format!("Subnet {subnet} is not part of {id}");
            return Err(Fault::new("InvalidParameterValue", message));
        }
    }
    let added: Vec<&&str> = add
        .iter()
        .filter(|subnet| !attachment.subnets.contains(**subnet))
        .collect();
    subnets.extend(add.iter().map(|subnet| (*subnet).to_owned()));
    if subnets.is_empty() {
        let message = "An attachment must keep at least one subnet";
        return Err(Fault::new("InvalidParameterValue", message));
    }
    check(ec2, &attachment.vpc, &subnets)?;
    let dns = switch(call, "DnsSupport")?;
    let references = switch(call, "SecurityGroupReferencingSupport")?;
    let ipv6 = switch(call, "Ipv6Support")?;
    let appliance_mode = switch(call, "ApplianceModeSupport")?;
    for subnet in added {
        ec2.add_leg(id, subnet, call)?;
    }
    for subnet in remove {
        ec2.remove_leg(id, subnet);
    }
    if let Some(attachment) = ec2.attachments.get_mut(id) {
        attachment.subnets = subnets;
        attachment.dns = dns.unwrap_or(attachment.dns);
        attachment.group_references = references.unwrap_or(attachment.group_references);
        attachment.ipv6 = ipv6.unwrap_or(attachment.ipv6);
        attachment.appliance_mode = appliance_mode.unwrap_or(attachment.appliance_mode);
        attachment.life.change(call);
    }
    write(ec2, call, id, xml)
}

pub(super) fn delete(ec2: &mut Ec2, call: &mut Call<'_>, xml: &mut Xml) -> Answer {
    let id = call.query.required("TransitGatewayAttachmentId")?;
    ec2.usable(id, call)?;
    let due = call.cx.clock.due();
    if let Some(attachment) = ec2.attachments.get_mut(id) {
        attachment.life.deleted = Some(due);
    }
    ec2.depart(due, id);
    write(ec2, call, id, xml)
}

fn write(ec2: &Ec2, call: &Call<'_>, id: &str, xml: &mut Xml) -> Answer {
    let view = View::begun(ec2, call.cx);
    xml.node("transitGatewayVpcAttachment", |xml| {
        write_one::<Attachment>(id, view, xml);
    });
    Ok(())
}

/// Attachments of all kinds; here there are only those of VPCs.
pub(super) fn describe_all(ec2: &Ec2, call: &Call<'_>, xml: &mut Xml) -> Answer {
    let view = View::new(ec2, call.cx);
    let filters = Filters::read(call.query, "Filter")?;
    let page = Page::read(call)?;
    let ids = call.query.texts(Attachment::IDS);
    for id in &ids {
        let seen = Attachment::find(ec2, id).is_ok_and(|attachment| attachment.visible(view));
        if !seen {
            return Err(not_found::<Attachment>(&[id]));
        }
    }
    let mut found = Vec::new();
    for (id, attachment) in &ec2.attachments {
        let named = ids.is_empty() || ids.contains(&id.as_str());
        let matches = filters.matches(ec2.tags.get(id), |name| attachment.values(id, view, name));
        if named && matches && attachment.visible(view) {
            found.push((id.clone(), (id, attachment)));
        }
    }
    let (found, next) = page.cut(found);
    xml.set(
        "transitGatewayAttachments",
        found,
        |xml, (id, attachment)| {
            xml.leaf("transitGatewayAttachmentId", id);
            xml.leaf("transitGatewayId", &attachment.gateway);
            xml.leaf("transitGatewayOwnerId", call.cx.account);
            xml.leaf("resourceOwnerId", call.cx.account);
            xml.leaf("resourceType", "vpc");
            xml.leaf("resourceId", &attachment.vpc);
            xml.leaf("state", attachment.life.state(view));
            if let Some((table, due)) = ec2.table_with(id) {
                xml.node("association", |xml| {
                    xml.leaf("transitGatewayRouteTableId", table);
                    xml.leaf("state", view.state(due, "associating", "associated"));
                });
            }
            xml.leaf("creationTime", time(attachment.life.made));
            tags::write(ec2.tags.get(id), xml);
        },
    );
    xml.optional("nextToken", next);
    Ok(())
}

impl Ec2 {
    /// The attachment, which must be available.
    pub(super) fn usable(&self, id: &str, call: &Call<'_>) -> Result<&Attachment, Fault> {
        let attachment = Attachment::find(self, id)?;
        match attachment.life.state(View::new(self, call.cx)) {
            "available" => Ok(attachment),
            "deleted" => Err(not_found::<Attachment>(&[id])),
            _ => Err(incorrect_state(format!("{id} is in invalid state"))),
        }
    }

    /// The attachments of a gateway that are not yet deleted.
    pub(super) fn attachments_of(&self, gateway: &str, call: &Call<'_>) -> Vec<&str> {
        let view = View::new(self, call.cx);
        let of = self.attachments.iter().filter(|(_, attachment)| {
            attachment.gateway == gateway && attachment.life.state(view) != "deleted"
        });
        of.map(|(id, _)| id.as_str()).collect()
    }

    /// Whether a VPC is attached to a transit gateway.
    pub(in crate::aws::ec2) fn is_attached(&self, vpc: &str, gateway: &str) -> bool {
        let of = |attachment: &&Attachment| attachment.vpc == vpc && attachment.gateway == gateway;
        self.attachments.values().filter(of).any(Attachment::lives)
    }

    /// An attachment is deleted.
    pub(in crate::aws::ec2) fn detached(&mut self, id: &str) {
        if self.attachments.contains_key(id) {
            for table in self.transit_tables.values_mut() {
                table.associations.remove(id);
                table.propagations.remove(id);
            }
        }
    }

    /// The table that an attachment is associated with, and since when.
    pub(super) fn table_with(&self, id: &str) -> Option<(&String, crate::clock::Instant)> {
        let with = |(table_id, table): (_, &Table)| Some((table_id, *table.associations.get(id)?));
        self.transit_tables.iter().find_map(with)
    }

    /// An attachment has a network interface in each of its subnets.
    fn add_leg(&mut self, id: &str, subnet: &str, call: &mut Call<'_>) -> Answer {
        let wanted = Wanted {
            subnet,
            description: format!("Network Interface for Transit Gateway Attachment {id}"),
            kind: "transit_gateway",
            owner: Some(id),
            ..Wanted::default()
        };
        self.add_interface(wanted, call.ids)?;
        Ok(())
    }

    fn remove_leg(&mut self, id: &str, subnet: &str) {
        let mut interfaces = self.interfaces.iter();
        let leg = interfaces.find(|(_, of)| of.owner.as_deref() == Some(id) && of.subnet == subnet);
        if let Some(leg) = leg.map(|(leg, _)| leg.clone()) {
            self.remove_interface(&leg);
        }
    }
}
