//! `aws_route_table`: where the packets of a subnet go.

use super::waiting;
use crate::Aws;
use crate::create::{self, pairs};
use crate::error;
use crate::tags::{self, Tagged, Tags};
use aws_sdk_ec2::types::{self, ResourceType, RouteOrigin};
use sdk::{Applied, Attr, Cx, Error, ErrorKind, Keep, Model, Resource};
use std::collections::BTreeSet;

/// Provides a route table of a VPC.
#[derive(Model, Clone, Debug, PartialEq)]
#[model(
    type_name = "aws_route_table",
    legacy,
    timeouts(create = "5m", update = "2m", delete = "5m")
)]
pub(crate) struct RouteTable {
    /// The ARN.
    #[attr(computed)]
    arn: Attr<String>,
    /// The id.
    #[attr(optional, computed)]
    id: Attr<String>,
    /// The account that owns it.
    #[attr(computed)]
    owner_id: Attr<String>,
    /// Virtual private gateways whose routes are taken over.
    #[attr(optional, computed)]
    propagating_vgws: Attr<BTreeSet<String>>,
    /// The routes, all of them; without this argument they are made by others.
    #[attr(optional, computed, same = same_routes)]
    route: Attr<BTreeSet<Entry>>,
    #[model(flatten)]
    tags: Tags,
    /// The VPC.
    #[attr(required, requires_replace)]
    vpc_id: Attr<String>,
}

/// A route.
#[derive(Model, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Entry {
    /// The carrier gateway to go through.
    #[attr(optional)]
    carrier_gateway_id: Attr<String>,
    /// The IPv4 addresses that it leads to.
    #[attr(optional)]
    cidr_block: Attr<String>,
    /// The core network to go through.
    #[attr(optional)]
    core_network_arn: Attr<String>,
    /// The list of blocks that it leads to.
    #[attr(optional)]
    destination_prefix_list_id: Attr<String>,
    /// The egress-only internet gateway to go through.
    #[attr(optional)]
    egress_only_gateway_id: Attr<String>,
    /// The internet gateway, or virtual private gateway, to go through.
    #[attr(optional)]
    gateway_id: Attr<String>,
    /// The IPv6 addresses that it leads to.
    #[attr(optional)]
    ipv6_cidr_block: Attr<String>,
    /// The gateway of an Outpost to go through.
    #[attr(optional)]
    local_gateway_id: Attr<String>,
    /// The NAT gateway to go through.
    #[attr(optional)]
    nat_gateway_id: Attr<String>,
    /// The network interface to go through.
    #[attr(optional)]
    network_interface_id: Attr<String>,
    /// The transit gateway to go through.
    #[attr(optional)]
    transit_gateway_id: Attr<String>,
    /// The endpoint to go through.
    #[attr(optional)]
    vpc_endpoint_id: Attr<String>,
    /// The peering connection to go through.
    #[attr(optional)]
    vpc_peering_connection_id: Attr<String>,
}

const WHAT: &str = "route table";

fn same_routes(a: &BTreeSet<Entry>, b: &BTreeSet<Entry>) -> bool {
    let all = |set: &BTreeSet<Entry>| {
        set.iter()
            .cloned()
            .map(Entry::filled)
            .collect::<BTreeSet<_>>()
    };
    all(a) == all(b)
}

impl Resource for RouteTable {
    type Cloud = Aws;

    async fn create(self, cx: &Cx<'_, Aws>) -> Applied<Self> {
        let id = self.make(cx).await.doing("creating a route table")?;
        let table = Self {
            id: id.clone().into(),
            ..self
        };
        let found = waiting::wait_visible(cx, WHAT, &cx.reads.route_tables, &id)
            .await
            .keep(&table)?;
        create::settle(cx, &id).await;
        table.change_gateways(&found, cx).await.keep(&table)?;
        table.change_routes(&found, cx).await.keep(&table)?;
        table.read_back(cx).await.keep(&table)
    }

    async fn read(mut self, cx: &Cx<'_, Aws>) -> Result<Option<Self>, Error> {
        self.tags = self.tags.reading();
        let id = self.id.as_str().to_owned();
        let Some(found) = cx.reads.route_tables.get(id.clone()).await? else {
            return Ok(None);
        };
        create::settle_read(cx, &id, found.tags.as_deref()).await;
        Ok(Some(self.completed(&found, cx)))
    }

    async fn update(self, prior: Self, cx: &Cx<'_, Aws>) -> Applied<Self> {
        let found =
            waiting::wait_visible(cx, WHAT, &cx.reads.route_tables, self.id.as_str()).await?;
        self.change_gateways(&found, cx).await.keep(&prior)?;
        self.change_routes(&found, cx).await.keep(&prior)?;
        tags::update(cx, self.id.as_str(), &prior.tags, &self.tags)
            .await
            .keep(&prior)?;
        self.read_back(cx).await.keep(&prior)
    }

    async fn delete(self, cx: &Cx<'_, Aws>) -> Result<(), Error> {
        let id = self.id.as_str();
        if let Some(found) = cx.reads.route_tables.get(id.to_owned()).await? {
            // Associations that nobody manages would keep it.
            for association in found
                .associations()
                .iter()
                .filter(|a| !a.main.unwrap_or(false))
            {
                let call = cx.ec2().disassociate_route_table();
                let call = call.set_association_id(association.route_table_association_id.clone());
                match call.send().await.map_err(error::of) {
                    Err(error) if !error.is_not_found() => {
                        return Err(error.doing(format!("disassociating the route table {id}")));
                    }
                    _ => {}
                }
            }
        }
        waiting::delete(cx, WHAT, id, || async {
            let call = cx.ec2().delete_route_table().route_table_id(id);
            error::done(call.send().await)
        })
        .await?;
        waiting::wait_gone(cx, WHAT, &cx.reads.route_tables, id, |_| false).await
    }

    async fn import(id: &str, _: &Cx<'_, Aws>) -> Result<Self, Error> {
        Ok(Self {
            id: id.into(),
            ..Self::empty()
        })
    }

    async fn find_created(&self, cx: &Cx<'_, Aws>) -> Result<Option<Self>, Error> {
        match create::find_created(cx, &ResourceType::RouteTable).await? {
            Some(id) => {
                Self {
                    id: id.into(),
                    ..self.clone()
                }
                .read(cx)
                .await
            }
            None => Ok(None),
        }
    }
}

impl RouteTable {
    async fn make(&self, cx: &Cx<'_, Aws>) -> Result<String, Error> {
        let tags = create::specification(cx, &ResourceType::RouteTable, self.tags.wanted(cx));
        let token = Some(cx.create_token().to_owned()).filter(|token| !token.is_empty());
        waiting::patiently(cx, || async {
            let call = cx
                .ec2()
                .create_route_table()
                .set_client_token(token.clone())
                .vpc_id(self.vpc_id.as_str())
                .set_tag_specifications(tags.clone().map(|tags| vec![tags]));
            let made = call.send().await.map_err(error::of)?.route_table;
            made.and_then(|table| table.route_table_id)
                .ok_or_else(super::no_id)
        })
        .await
    }

    async fn change_gateways(
        &self,
        found: &types::RouteTable,
        cx: &Cx<'_, Aws>,
    ) -> Result<(), Error> {
        let Some(wanted) = self.propagating_vgws.known() else {
            return Ok(());
        };
        let id = self.id.as_str();
        let doing = format!("changing the propagating gateways of the route table {id}");
        let is = gateways(found);
        for gateway in is.difference(wanted) {
            let call = cx
                .ec2()
                .disable_vgw_route_propagation()
                .route_table_id(id)
                .gateway_id(gateway);
            call.send().await.map_err(error::of).doing(doing.clone())?;
        }
        for gateway in wanted.difference(&is) {
            let call = cx
                .ec2()
                .enable_vgw_route_propagation()
                .route_table_id(id)
                .gateway_id(gateway);
            call.send().await.map_err(error::of).doing(doing.clone())?;
        }
        Ok(())
    }

    /// Makes the routes those of the argument, if there is one.
    async fn change_routes(
        &self,
        found: &types::RouteTable,
        cx: &Cx<'_, Aws>,
    ) -> Result<(), Error> {
        let Some(wanted) = self.route.known() else {
            return Ok(());
        };
        let wanted: Vec<Entry> = wanted.iter().cloned().map(Entry::filled).collect();
        let is = entries(found);
        let id = self.id.as_str();
        for route in &is {
            if !wanted
                .iter()
                .any(|w| w.destination() == route.destination())
            {
                let deleted =
                    waiting::delete(cx, "route to", route.destination(), || route.delete(id, cx))
                        .await;
                match deleted {
                    Err(error) if !error.is_not_found() => return Err(error),
                    _ => {}
                }
            }
        }
        for route in &wanted {
            let doing = format!("making the route to {} in {id}", route.destination());
            match is.iter().find(|i| i.destination() == route.destination()) {
                Some(same) if same == route => {}
                Some(_) => waiting::patiently(cx, || route.replace(id, cx))
                    .await
                    .doing(doing)?,
                None => route.create(id, cx).await.doing(doing)?,
            }
        }
        Ok(())
    }

    async fn read_back(&self, cx: &Cx<'_, Aws>) -> Result<Self, Error> {
        let started = tokio::time::Instant::now();
        let pending = |found: &types::RouteTable| {
            let is: BTreeSet<Entry> = entries(found).into_iter().collect();
            let shown = self
                .route
                .known()
                .is_none_or(|wanted| same_routes(wanted, &is));
            let late = started.elapsed() > waiting::VISIBLE;
            Ok((!shown && !late).then(|| "changing".to_owned()))
        };
        let found =
            waiting::wait_until(cx, WHAT, &cx.reads.route_tables, self.id.as_str(), pending)
                .await?;
        Ok(self.clone().completed(&found, cx))
    }

    fn completed(mut self, found: &types::RouteTable, cx: &Cx<'_, Aws>) -> Self {
        let owner = found.owner_id().unwrap_or_default();
        self.arn = cx
            .arn("ec2", owner, &format!("route-table/{}", self.id.as_str()))
            .into();
        self.owner_id = owner.into();
        self.propagating_vgws = gateways(found).into();
        self.route = entries(found).into_iter().collect::<BTreeSet<_>>().into();
        self.vpc_id = super::stored(found.vpc_id());
        self.tags = self.tags.stored(pairs(found.tags.as_deref()), cx);
        self
    }
}

fn gateways(table: &types::RouteTable) -> BTreeSet<String> {
    let all = table.propagating_vgws().iter();
    all.filter_map(|gateway| gateway.gateway_id.clone())
        .collect()
}

/// The routes that somebody made: not the one within the VPC, not those of gateways and endpoints.
fn entries(table: &types::RouteTable) -> Vec<Entry> {
    let is_made = |route: &&types::Route| {
        let gateway = route.gateway_id().unwrap_or_default();
        gateway != "local"
            && route.origin != Some(RouteOrigin::EnableVgwRoutePropagation)
            && !(route.destination_prefix_list_id().is_some() && gateway.starts_with("vpce-"))
    };
    table
        .routes()
        .iter()
        .filter(is_made)
        .map(Entry::of)
        .collect()
}

impl Entry {
    fn of(route: &types::Route) -> Self {
        let gateway = route.gateway_id().unwrap_or_default();
        let endpoint = gateway.starts_with("vpce-");
        // The interface of what is named anyhow.
        let implied = !gateway.is_empty() || route.nat_gateway_id().is_some();
        Self {
            carrier_gateway_id: super::stored(route.carrier_gateway_id()),
            cidr_block: super::stored(route.destination_cidr_block()),
            core_network_arn: super::stored(route.core_network_arn()),
            destination_prefix_list_id: super::stored(route.destination_prefix_list_id()),
            egress_only_gateway_id: super::stored(route.egress_only_internet_gateway_id()),
            gateway_id: if endpoint { "" } else { gateway }.into(),
            ipv6_cidr_block: super::stored(route.destination_ipv6_cidr_block()),
            local_gateway_id: super::stored(route.local_gateway_id()),
            nat_gateway_id: super::stored(route.nat_gateway_id()),
            network_interface_id: super::stored(route.network_interface_id().filter(|_| !implied)),
            transit_gateway_id: super::stored(route.transit_gateway_id()),
            vpc_endpoint_id: if endpoint { gateway } else { "" }.into(),
            vpc_peering_connection_id: super::stored(route.vpc_peering_connection_id()),
        }
    }

    /// With empty texts for what is not given.
    fn filled(self) -> Self {
        let fill = |text: Attr<String>| if text.is_null() { Attr::from("") } else { text };
        Self {
            carrier_gateway_id: fill(self.carrier_gateway_id),
            cidr_block: fill(self.cidr_block),
            core_network_arn: fill(self.core_network_arn),
            destination_prefix_list_id: fill(self.destination_prefix_list_id),
            egress_only_gateway_id: fill(self.egress_only_gateway_id),
            gateway_id: fill(self.gateway_id),
            ipv6_cidr_block: fill(self.ipv6_cidr_block),
            local_gateway_id: fill(self.local_gateway_id),
            nat_gateway_id: fill(self.nat_gateway_id),
            network_interface_id: fill(self.network_interface_id),
            transit_gateway_id: fill(self.transit_gateway_id),
            vpc_endpoint_id: fill(self.vpc_endpoint_id),
            vpc_peering_connection_id: fill(self.vpc_peering_connection_id),
        }
    }

    fn destination(&self) -> &str {
        let all = [
            &self.cidr_block,
            &self.ipv6_cidr_block,
            &self.destination_prefix_list_id,
        ];
        all.into_iter()
            .map(Attr::as_str)
            .find(|text| !text.is_empty())
            .unwrap_or_default()
    }

    async fn create(&self, table: &str, cx: &Cx<'_, Aws>) -> Result<(), Error> {
        let policy = sdk::Policy::default().deadline(cx.timeout());
        let find = || async {
            let found = cx.reads.route_tables.get(table.to_owned()).await?;
            Ok(found
                .filter(|found| entries(found).contains(self))
                .map(|_| ()))
        };
        let meaning = |error: &Error| match error.kind {
            ErrorKind::NotFound => sdk::Retry::Within(error::PROPAGATION),
            _ => error::of_write(error),
        };
        let send = |_| async {
            let call = cx
                .ec2_once()
                .create_route()
                .route_table_id(table)
                .set_destination_cidr_block(super::text(&self.cidr_block))
                .set_destination_ipv6_cidr_block(super::text(&self.ipv6_cidr_block))
                .set_destination_prefix_list_id(super::text(&self.destination_prefix_list_id))
                .set_carrier_gateway_id(super::text(&self.carrier_gateway_id))
                .set_core_network_arn(super::text(&self.core_network_arn))
                .set_egress_only_internet_gateway_id(super::text(&self.egress_only_gateway_id))
                .set_gateway_id(super::text(&self.gateway_id))
                .set_local_gateway_id(super::text(&self.local_gateway_id))
                .set_nat_gateway_id(super::text(&self.nat_gateway_id))
                .set_network_interface_id(super::text(&self.network_interface_id))
                .set_transit_gateway_id(super::text(&self.transit_gateway_id))
                .set_vpc_endpoint_id(super::text(&self.vpc_endpoint_id))
                .set_vpc_peering_connection_id(super::text(&self.vpc_peering_connection_id));
            error::done(call.send().await)
        };
        sdk::create_once(policy, meaning, find, send).await
    }

    async fn replace(&self, table: &str, cx: &Cx<'_, Aws>) -> Result<(), Error> {
        let call = cx
            .ec2()
            .replace_route()
            .route_table_id(table)
            .set_destination_cidr_block(super::text(&self.cidr_block))
            .set_destination_ipv6_cidr_block(super::text(&self.ipv6_cidr_block))
            .set_destination_prefix_list_id(super::text(&self.destination_prefix_list_id))
            .set_carrier_gateway_id(super::text(&self.carrier_gateway_id))
            .set_core_network_arn(super::text(&self.core_network_arn))
            .set_egress_only_internet_gateway_id(super::text(&self.egress_only_gateway_id))
            .set_gateway_id(super::text(&self.gateway_id))
            .set_local_gateway_id(super::text(&self.local_gateway_id))
            .set_nat_gateway_id(super::text(&self.nat_gateway_id))
            .set_network_interface_id(super::text(&self.network_interface_id))
            .set_transit_gateway_id(super::text(&self.transit_gateway_id))
            .set_vpc_endpoint_id(super::text(&self.vpc_endpoint_id))
            .set_vpc_peering_connection_id(super::text(&self.vpc_peering_connection_id));
        error::done(call.send().await)
    }

    async fn delete(&self, table: &str, cx: &Cx<'_, Aws>) -> Result<(), Error> {
        let call = cx
            .ec2()
            .delete_route()
            .route_table_id(table)
            .set_destination_cidr_block(super::text(&self.cidr_block))
            .set_destination_ipv6_cidr_block(super::text(&self.ipv6_cidr_block))
            .set_destination_prefix_list_id(super::text(&self.destination_prefix_list_id));
        error::done(call.send().await)
    }
}

#[cfg(test)]
mod tests {
    contract::contract! { crate::testing::WORLD, "aws_route_table",
        needs: r#"resource "aws_vpc" "a" { cidr_block = "10.0.0.0/16" }
resource "aws_subnet" "a" {
  vpc_id     = aws_vpc.a.id
  cidr_block = "10.0.1.0/24"
}
resource "aws_internet_gateway" "a" { vpc_id = aws_vpc.a.id }"#,
        create: r#"vpc_id = aws_vpc.a.id
route {
  cidr_block = "0.0.0.0/0"
  gateway_id = aws_internet_gateway.a.id
}"#,
        update: &[r#"vpc_id = aws_vpc.a.id
route {
  cidr_block = "8.0.0.0/8"
  gateway_id = aws_internet_gateway.a.id
}
tags = { Name = "b" }"#],
        replace: &[],
        import: "{id}",
    }
}
