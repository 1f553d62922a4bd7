//! `aws_route`: one way out of a route table.

use super::waiting;
use crate::Aws;
use crate::error;
use aws_sdk_ec2::types::{self, RouteOrigin};
use sdk::{Applied, Attr, Cx, Error, ErrorKind, Keep, Model, Problems, Resource, Retry};

/// Provides a route in a route table.
#[derive(Model, Clone, Debug, PartialEq)]
#[model(
    type_name = "aws_route",
    legacy,
    timeouts(create = "5m", update = "2m", delete = "5m"),
    exactly_one_of(
        "destination_cidr_block",
        "destination_ipv6_cidr_block",
        "destination_prefix_list_id"
    ),
    exactly_one_of(
        "carrier_gateway_id",
        "core_network_arn",
        "egress_only_gateway_id",
        "gateway_id",
        "local_gateway_id",
        "nat_gateway_id",
        "network_interface_id",
        "transit_gateway_id",
        "vpc_endpoint_id",
        "vpc_peering_connection_id"
    )
)]
pub(crate) struct Route {
    /// The carrier gateway to go through.
    #[attr(optional, zero, conflicts("destination_ipv6_cidr_block"))]
    carrier_gateway_id: Attr<String>,
    /// The core network to go through.
    #[attr(optional, zero)]
    core_network_arn: Attr<String>,
    /// The IPv4 addresses that it leads to.
    #[attr(optional, zero, requires_replace, validate = super::cidr::ipv4)]
    destination_cidr_block: Attr<String>,
    /// The IPv6 addresses that it leads to.
    #[attr(optional, zero, requires_replace, validate = super::cidr::ipv6, same = super::cidr::same)]
    destination_ipv6_cidr_block: Attr<String>,
    /// The list of blocks that it leads to.
    #[attr(optional, zero, requires_replace)]
    destination_prefix_list_id: Attr<String>,
    /// The egress-only internet gateway to go through.
    #[attr(optional, zero, conflicts("destination_cidr_block"))]
    egress_only_gateway_id: Attr<String>,
    /// The internet gateway, or virtual private gateway, to go through.
    #[attr(optional, zero)]
    gateway_id: Attr<String>,
    /// The id, made of the route table and the destination.
    #[attr(optional, computed)]
    id: Attr<String>,
    /// The instance that has the network interface.
    #[attr(computed)]
    instance_id: Attr<String>,
    /// The account that owns the instance.
    #[attr(computed)]
    instance_owner_id: Attr<String>,
    /// The gateway of an Outpost to go through.
    #[attr(optional, zero)]
    local_gateway_id: Attr<String>,
    /// The NAT gateway to go through.
    #[attr(optional, zero)]
    nat_gateway_id: Attr<String>,
    /// The network interface to go through.
    #[attr(optional, computed)]
    network_interface_id: Attr<String>,
    /// Who made it.
    #[attr(computed)]
    origin: Attr<String>,
    /// The route table.
    #[attr(required, requires_replace)]
    route_table_id: Attr<String>,
    /// Whether it works.
    #[attr(computed)]
    state: Attr<String>,
    /// The transit gateway to go through.
    #[attr(optional, zero)]
    transit_gateway_id: Attr<String>,
    /// The endpoint to go through.
    #[attr(optional, zero, conflicts("destination_prefix_list_id"))]
    vpc_endpoint_id: Attr<String>,
    /// The peering connection to go through.
    #[attr(optional, zero)]
    vpc_peering_connection_id: Attr<String>,
}

impl Resource for Route {
    type Cloud = Aws;

    async fn create(self, cx: &Cx<'_, Aws>) -> Applied<Self> {
        let doing = format!("creating the route {}", self.name());
        if self.gateway_id.as_str() == "local" {
            let message = "The route within a VPC comes with its route table. Import it instead of creating it.";
            return Err(Error::invalid(message).doing(doing).into());
        }
        let policy = sdk::Policy::default().deadline(cx.timeout());
        let find = || async {
            Ok(self
                .find(cx)
                .await?
                .filter(|route| self.leads_as(route))
                .map(|_| ()))
        };
        let send = |_| async {
            let call = cx
                .ec2_once()
                .create_route()
                .route_table_id(self.route_table_id.as_str())
                .set_destination_cidr_block(super::text(&self.destination_cidr_block))
                .set_destination_ipv6_cidr_block(super::text(&self.destination_ipv6_cidr_block))
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
        sdk::create_once(policy, meaning, find, send)
            .await
            .doing(doing)?;
        let id = self.identity().into();
        let made = Self { id, ..self };
        let found = made.wait(cx).await.keep(&made)?;
        Ok(made.completed(&found))
    }

    async fn read(self, cx: &Cx<'_, Aws>) -> Result<Option<Self>, Error> {
        let found = self.find(cx).await?;
        Ok(found.map(|found| self.completed(&found)))
    }

    async fn update(self, _: Self, cx: &Cx<'_, Aws>) -> Applied<Self> {
        let doing = format!("changing the route {}", self.name());
        let policy = sdk::Policy::default().deadline(cx.timeout());
        let send = |_| async {
            let local = self.gateway_id.as_str() == "local";
            let call = cx
                .ec2()
                .replace_route()
                .route_table_id(self.route_table_id.as_str())
                .set_destination_cidr_block(super::text(&self.destination_cidr_block))
                .set_destination_ipv6_cidr_block(super::text(&self.destination_ipv6_cidr_block))
                .set_destination_prefix_list_id(super::text(&self.destination_prefix_list_id))
                .set_carrier_gateway_id(super::text(&self.carrier_gateway_id))
                .set_core_network_arn(super::text(&self.core_network_arn))
                .set_egress_only_internet_gateway_id(super::text(&self.egress_only_gateway_id))
                .set_gateway_id(super::text(&self.gateway_id).filter(|_| !local))
                .set_local_target(local.then_some(true))
                .set_local_gateway_id(super::text(&self.local_gateway_id))
                .set_nat_gateway_id(super::text(&self.nat_gateway_id))
                .set_network_interface_id(self.new_interface())
                .set_transit_gateway_id(super::text(&self.transit_gateway_id))
                .set_vpc_endpoint_id(super::text(&self.vpc_endpoint_id))
                .set_vpc_peering_connection_id(super::text(&self.vpc_peering_connection_id));
            error::done(call.send().await)
        };
        let meaning = |error: &Error| match meaning(error) {
            // It is the same when it is done twice.
            Retry::Ambiguous => Retry::Later,
            meaning => meaning,
        };
        sdk::retry(policy, meaning, send).await.doing(doing)?;
        let found = self.wait(cx).await?;
        Ok(self.completed(&found))
    }

    async fn delete(self, cx: &Cx<'_, Aws>) -> Result<(), Error> {
        let name = self.name();
        waiting::delete(cx, "route", &name, || async {
            let table = self.route_table_id.as_str();
            let (v4, v6, list) = (
                super::text(&self.destination_cidr_block),
                super::text(&self.destination_ipv6_cidr_block),
                super::text(&self.destination_prefix_list_id),
            );
            if self.origin.as_str() == RouteOrigin::CreateRouteTable.as_str() {
                // Such a route stays; it leads where it led at first.
                let call = cx
                    .ec2()
                    .replace_route()
                    .route_table_id(table)
                    .set_destination_cidr_block(v4)
                    .set_destination_ipv6_cidr_block(v6)
                    .set_destination_prefix_list_id(list)
                    .local_target(true);
                return error::done(call.send().await);
            }
            let call = cx
                .ec2()
                .delete_route()
                .route_table_id(table)
                .set_destination_cidr_block(v4)
                .set_destination_ipv6_cidr_block(v6)
                .set_destination_prefix_list_id(list);
            error::done(call.send().await)
        })
        .await?;
        let gone = |table: &types::RouteTable| {
            self.find_in(table)
                .is_none_or(|route| route.origin == Some(RouteOrigin::CreateRouteTable))
        };
        let table = self.route_table_id.as_str();
        waiting::wait_gone(cx, "route in", &cx.reads.route_tables, table, gone).await
    }

    async fn import(id: &str, _: &Cx<'_, Aws>) -> Result<Self, Error> {
        let parts = sdk::ids::split::<2>(id, "{route_table_id}_{destination*}");
        let [table, destination] = parts.map_err(|e| Error::invalid(e.to_string()))?;
        let mut route = Self {
            route_table_id: table.into(),
            ..Self::empty()
        };
        let place = if destination.contains(':') {
            &mut route.destination_ipv6_cidr_block
        } else if destination.contains('.') {
            &mut route.destination_cidr_block
        } else {
            &mut route.destination_prefix_list_id
        };
        *place = destination.into();
        route.id = route.identity().into();
        Ok(route)
    }

    async fn find_created(&self, cx: &Cx<'_, Aws>) -> Result<Option<Self>, Error> {
        // One that leads elsewhere is another's.
        let found = self.find(cx).await?.filter(|route| self.leads_as(route));
        let made = Self {
            id: self.identity().into(),
            ..self.clone()
        };
        Ok(found.map(|found| made.completed(&found)))
    }

    fn validate(&self, problems: &mut Problems) {
        if self.gateway_id.is_known_and(|id| id.starts_with("vpce-")) {
            let detail = "An endpoint is named in \"vpc_endpoint_id\".";
            problems.error("gateway_id", "Invalid value for gateway_id", detail);
        }
    }
}

/// What an error means for a route. What it leads to may not be ready yet.
fn meaning(error: &Error) -> Retry {
    match error.code.as_str() {
        "InvalidParameterException" | "InvalidTransitGatewayID.NotFound" => Retry::Later,
        _ if error.kind == ErrorKind::NotFound => Retry::Within(error::PROPAGATION),
        _ => error::of_write(error),
    }
}

impl Route {
    fn destination(&self) -> &str {
        let all = [
            &self.destination_cidr_block,
            &self.destination_ipv6_cidr_block,
            &self.destination_prefix_list_id,
        ];
        all.into_iter()
            .map(Attr::as_str)
            .find(|text| !text.is_empty())
            .unwrap_or_default()
    }

    fn name(&self) -> String {
        format!("{} in {}", self.destination(), self.route_table_id.as_str())
    }

    /// The id: EC2 has none.
    fn identity(&self) -> String {
        let hash = crc32fast::hash(self.destination().as_bytes());
        format!("r-{}{hash}", self.route_table_id.as_str())
    }

    /// The network interface to go through: not one that the route had because of an instance or a NAT gateway.
    fn new_interface(&self) -> Option<String> {
        let others = self
            .targets()
            .into_iter()
            .filter(|(_, name)| *name != "network_interface_id");
        let given = others
            .into_iter()
            .any(|(target, _)| !target.as_str().is_empty());
        super::text(&self.network_interface_id).filter(|_| !given)
    }

    fn targets(&self) -> [(&Attr<String>, &'static str); 10] {
        [
            (&self.carrier_gateway_id, "carrier_gateway_id"),
            (&self.core_network_arn, "core_network_arn"),
            (&self.egress_only_gateway_id, "egress_only_gateway_id"),
            (&self.gateway_id, "gateway_id"),
            (&self.local_gateway_id, "local_gateway_id"),
            (&self.nat_gateway_id, "nat_gateway_id"),
            (&self.network_interface_id, "network_interface_id"),
            (&self.transit_gateway_id, "transit_gateway_id"),
            (&self.vpc_endpoint_id, "vpc_endpoint_id"),
            (&self.vpc_peering_connection_id, "vpc_peering_connection_id"),
        ]
    }

    async fn find(&self, cx: &Cx<'_, Aws>) -> Result<Option<types::Route>, Error> {
        let table = cx
            .reads
            .route_tables
            .get(self.route_table_id.as_str().to_owned())
            .await?;
        Ok(table.and_then(|table| self.find_in(&table).cloned()))
    }

    fn find_in<'a>(&self, table: &'a types::RouteTable) -> Option<&'a types::Route> {
        let same = |wanted: &Attr<String>, is: Option<&str>| {
            !wanted.as_str().is_empty()
                && is.is_some_and(|is| super::cidr::same(wanted.as_str(), is))
        };
        table.routes().iter().find(|route| {
            // Routes that a gateway announces are not made by anybody.
            route.origin != Some(RouteOrigin::EnableVgwRoutePropagation)
                && (same(&self.destination_cidr_block, route.destination_cidr_block())
                    || same(
                        &self.destination_ipv6_cidr_block,
                        route.destination_ipv6_cidr_block(),
                    )
                    || same(
                        &self.destination_prefix_list_id,
                        route.destination_prefix_list_id(),
                    ))
        })
    }

    /// Whether a route leads where this one is to lead.
    fn leads_as(&self, route: &types::Route) -> bool {
        let there = self.clone().completed(route);
        let pairs = self.targets().into_iter().zip(there.targets());
        pairs.into_iter().all(|((wanted, name), (is, _))| {
            wanted.as_str() == is.as_str()
                || (name == "network_interface_id" && wanted.as_str().is_empty())
        })
    }

    async fn wait(&self, cx: &Cx<'_, Aws>) -> Result<types::Route, Error> {
        let pending = |table: &types::RouteTable| {
            let is_there = self
                .find_in(table)
                .is_some_and(|route| self.leads_as(route));
            Ok((!is_there).then(|| "not found".to_owned()))
        };
        let table = self.route_table_id.as_str();
        let table =
            waiting::wait_until(cx, "route in", &cx.reads.route_tables, table, pending).await?;
        self.find_in(&table)
            .cloned()
            .ok_or_else(|| Error::new(ErrorKind::NotFound, "", "the route is gone"))
    }

    fn completed(mut self, found: &types::Route) -> Self {
        let gateway = found.gateway_id().unwrap_or_default();
        let endpoint = gateway.starts_with("vpce-");
        self.carrier_gateway_id = super::stored(found.carrier_gateway_id());
        self.core_network_arn = super::stored(found.core_network_arn());
        self.destination_cidr_block = super::stored(found.destination_cidr_block());
        self.destination_ipv6_cidr_block = super::stored(found.destination_ipv6_cidr_block());
        self.destination_prefix_list_id = super::stored(found.destination_prefix_list_id());
        self.egress_only_gateway_id = super::stored(found.egress_only_internet_gateway_id());
        self.gateway_id = if endpoint { "" } else { gateway }.into();
        self.vpc_endpoint_id = if endpoint { gateway } else { "" }.into();
        self.instance_id = super::stored(found.instance_id());
        self.instance_owner_id = super::stored(found.instance_owner_id());
        self.local_gateway_id = super::stored(found.local_gateway_id());
        self.nat_gateway_id = super::stored(found.nat_gateway_id());
        self.network_interface_id = super::stored(found.network_interface_id());
        self.origin = super::stored(found.origin.as_ref().map(RouteOrigin::as_str));
        self.state = super::stored(found.state.as_ref().map(types::RouteState::as_str));
        self.transit_gateway_id = super::stored(found.transit_gateway_id());
        self.vpc_peering_connection_id = super::stored(found.vpc_peering_connection_id());
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_id_is_made_of_the_destination() {
        let route = Route {
            route_table_id: "rtb-747e2bdb6133d7464".into(),
            destination_cidr_block: "0.0.0.0/0".into(),
            ..Route::empty()
        };
        assert_eq!(route.identity(), "r-rtb-747e2bdb6133d74641080289494");
    }

    contract::contract! { crate::testing::WORLD, "aws_route",
        needs: r#"resource "aws_vpc" "a" { cidr_block = "10.0.0.0/16" }
resource "aws_subnet" "a" {
  vpc_id     = aws_vpc.a.id
  cidr_block = "10.0.1.0/24"
}
resource "aws_internet_gateway" "a" { vpc_id = aws_vpc.a.id }
resource "aws_route_table" "a" { vpc_id = aws_vpc.a.id }
resource "aws_nat_gateway" "a" {
  subnet_id         = aws_subnet.a.id
  connectivity_type = "private"
}"#,
        create: r#"route_table_id = aws_route_table.a.id
destination_cidr_block = "0.0.0.0/0"
gateway_id = aws_internet_gateway.a.id"#,
        update: &[r#"route_table_id = aws_route_table.a.id
destination_cidr_block = "0.0.0.0/0"
nat_gateway_id = aws_nat_gateway.a.id"#],
        replace: &[r#"route_table_id = aws_route_table.a.id
destination_cidr_block = "8.0.0.0/8"
nat_gateway_id = aws_nat_gateway.a.id"#],
        import: "{route_table_id}_{destination_cidr_block}",
    }
}
