//! What EC2 has: one call for all the objects that are asked for at the same time.

use crate::error;
use aws_sdk_ec2::types::{self, Filter};
use sdk::{Batch, Error, ErrorKind, Joining};
use std::collections::BTreeMap;

/// The most values of a filter.
const FILTER: usize = 200;

/// Many ids per call; calls for a few more objects are not worth waiting for.
const JOINING: Joining = Joining {
    most: 1_000,
    in_flight: 4,
    quiet: std::time::Duration::from_millis(1),
    window: std::time::Duration::from_millis(5),
};

type Objects<T> = Batch<String, T, Error>;

/// A batch per kind of object: the field, the call, the argument with the ids, the filter with the ids, the type, and its id.
macro_rules! reads {
    ($($(#[$doc:meta])* $field:ident: $call:ident($ids:ident, $filter:literal) -> $object:ident.$id:ident, $doing:literal;)*) => {
        /// Reads that join, by id.
        #[derive(Debug)]
        pub(crate) struct Reads {
            $($(#[$doc])* pub(crate) $field: Objects<types::$object>,)*
            /// The main route table of a VPC, by the id of the VPC.
            pub(crate) main_route_tables: Objects<types::RouteTable>,
        }

        impl Reads {
            pub(crate) fn new(client: impl Fn() -> aws_sdk_ec2::Client + Clone + Send + Sync + 'static) -> Self {
                Self {
                    $($field: {
                        let client = client.clone();
                        Batch::new(JOINING, move |ids| {
                            let client = client();
                            async move { $field(&client, ids).await.map_err(|e| e.doing($doing)) }
                        })
                    },)*
                    main_route_tables: Batch::new(Joining::default(), move |ids| main_route_tables(client(), ids)),
                }
            }
        }

        $(async fn $field(client: &aws_sdk_ec2::Client, ids: Vec<String>) -> Result<BTreeMap<String, types::$object>, Error> {
            let mut found = BTreeMap::new();
            // A few hundred ids in one call, unless one of them does not exist: then the call fails for all.
            if ids.len() > FILTER {
                let mut pages = client.$call().$ids(Some(ids.clone())).into_paginator().items().send();
                loop {
                    match pages.next().await.transpose().map_err(error::of) {
                        Ok(Some(object)) => keep(&mut found, object.$id.clone(), object),
                        Ok(None) => return Ok(found),
                        Err(error) if error.kind == ErrorKind::NotFound => break,
                        Err(error) => return Err(error),
                    }
                }
            }
            for ids in ids.chunks(FILTER) {
                let filter = Filter::builder().name($filter).set_values(Some(ids.to_vec())).build();
                let mut pages = reads!(@filtered $call, client, filter).into_paginator().items().send();
                while let Some(object) = pages.next().await.transpose().map_err(error::of)? {
                    keep(&mut found, object.$id.clone(), object);
                }
            }
            Ok(found)
        })*
    };
    // The one operation whose filters have another name.
    (@filtered describe_nat_gateways, $client:ident, $filter:ident) => { $client.describe_nat_gateways().filter($filter) };
    (@filtered $call:ident, $client:ident, $filter:ident) => { $client.$call().filters($filter) };
}

fn keep<T>(found: &mut BTreeMap<String, T>, id: Option<String>, object: T) {
    if let Some(id) = id {
        found.insert(id, object);
    }
}

reads! {
    /// VPCs.
    vpcs: describe_vpcs(set_vpc_ids, "vpc-id") -> Vpc.vpc_id, "reading VPCs";
    /// Subnets.
    subnets: describe_subnets(set_subnet_ids, "subnet-id") -> Subnet.subnet_id, "reading subnets";
    /// Route tables, with their routes and associations.
    route_tables: describe_route_tables(set_route_table_ids, "route-table-id") -> RouteTable.route_table_id, "reading route tables";
    /// Internet gateways.
    internet_gateways: describe_internet_gateways(set_internet_gateway_ids, "internet-gateway-id") -> InternetGateway.internet_gateway_id, "reading internet gateways";
    /// NAT gateways.
    nat_gateways: describe_nat_gateways(set_nat_gateway_ids, "nat-gateway-id") -> NatGateway.nat_gateway_id, "reading NAT gateways";
    /// Security groups.
    security_groups: describe_security_groups(set_group_ids, "group-id") -> SecurityGroup.group_id, "reading security groups";
    /// Security group rules.
    security_group_rules: describe_security_group_rules(set_security_group_rule_ids, "security-group-rule-id") -> SecurityGroupRule.security_group_rule_id, "reading security group rules";
    /// Transit gateways.
    transit_gateways: describe_transit_gateways(set_transit_gateway_ids, "transit-gateway-id") -> TransitGateway.transit_gateway_id, "reading transit gateways";
    /// Attachments of VPCs to transit gateways.
    transit_gateway_vpc_attachments: describe_transit_gateway_vpc_attachments(set_transit_gateway_attachment_ids, "transit-gateway-attachment-id") -> TransitGatewayVpcAttachment.transit_gateway_attachment_id, "reading transit gateway attachments";
}

async fn main_route_tables(
    client: aws_sdk_ec2::Client,
    vpcs: Vec<String>,
) -> Result<BTreeMap<String, types::RouteTable>, Error> {
    let main = Filter::builder()
        .name("association.main")
        .values("true")
        .build();
    let of = Filter::builder()
        .name("vpc-id")
        .set_values(Some(vpcs))
        .build();
    let call = client.describe_route_tables().filters(main).filters(of);
    let mut pages = call.into_paginator().items().send();
    let mut found = BTreeMap::new();
    while let Some(table) = pages
        .next()
        .await
        .transpose()
        .map_err(|e| error::of(e).doing("reading main route tables"))?
    {
        keep(&mut found, table.vpc_id.clone(), table);
    }
    Ok(found)
}
