//! What EC2 has: one call for all the objects that are asked for at the same time.

use crate::error;
use aws_sdk_ec2::types::{self, Filter};
use sdk::{Batch, Error, ErrorKind, Joining};
use std::collections::BTreeMap;

/// The most values of a filter.
const FILTER: usize = 200;

/// Many ids per call. It waits as long as others keep asking, which a host with a large state does for a while.
const JOINING: Joining = Joining {
    most: 1_000,
    in_flight: 4,
    quiet: std::time::Duration::from_millis(1),
    window: std::time::Duration::from_millis(500),
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
            /// Elastic IP addresses, by the id of the allocation.
            pub(crate) addresses: Objects<types::Address>,
            /// The names that Elastic IP addresses stand for, by the id of the allocation.
            pub(crate) pointers: Objects<String>,
            /// Whether an attachment has a place in a route table of a transit gateway, by route table and attachment.
            pub(crate) associations: Batch<(String, String), (), Error>,
            /// Whether an attachment tells a route table of a transit gateway its routes, by route table and attachment.
            pub(crate) propagations: Batch<(String, String), (), Error>,
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
                    main_route_tables: {
                        let client = client.clone();
                        Batch::new(JOINING, move |ids| main_route_tables(client(), ids))
                    },
                    addresses: {
                        let client = client.clone();
                        Batch::new(JOINING, move |ids| addresses(client(), ids))
                    },
                    pointers: {
                        let client = client.clone();
                        Batch::new(JOINING, move |ids| pointers(client(), ids))
                    },
                    associations: {
                        let client = client.clone();
                        Batch::new(Joining::default(), move |keys| associations(client(), keys))
                    },
                    propagations: Batch::new(Joining::default(), move |keys| propagations(client(), keys)),
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

fn keep<K: Ord, T>(found: &mut BTreeMap<K, T>, id: Option<K>, object: T) {
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
    let mut found = BTreeMap::new();
    for vpcs in vpcs.chunks(FILTER) {
        let main = Filter::builder()
            .name("association.main")
            .values("true")
            .build();
        let of = Filter::builder()
            .name("vpc-id")
            .set_values(Some(vpcs.to_vec()))
            .build();
        let call = client.describe_route_tables().filters(main).filters(of);
        let mut pages = call.into_paginator().items().send();
        let failed = |e| error::of(e).doing("reading main route tables");
        while let Some(table) = pages.next().await.transpose().map_err(failed)? {
            keep(&mut found, table.vpc_id.clone(), table);
        }
    }
    Ok(found)
}

async fn addresses(
    client: aws_sdk_ec2::Client,
    ids: Vec<String>,
) -> Result<BTreeMap<String, types::Address>, Error> {
    let mut found = BTreeMap::new();
    for ids in ids.chunks(FILTER) {
        let filter = Filter::builder()
            .name("allocation-id")
            .set_values(Some(ids.to_vec()))
            .build();
        let answer = client.describe_addresses().filters(filter).send().await;
        let answer = answer.map_err(|e| error::of(e).doing("reading Elastic IP addresses"))?;
        for address in answer.addresses.unwrap_or_default() {
            keep(&mut found, address.allocation_id.clone(), address);
        }
    }
    Ok(found)
}

/// Not every region, and not every emulator, has this call: then there are no such names.
async fn pointers(
    client: aws_sdk_ec2::Client,
    ids: Vec<String>,
) -> Result<BTreeMap<String, String>, Error> {
    let mut found = BTreeMap::new();
    let call = client
        .describe_addresses_attribute()
        .set_allocation_ids(Some(ids))
        .attribute(types::AddressAttributeName::DomainName);
    let mut pages = call.into_paginator().items().send();
    loop {
        match pages.next().await.transpose().map_err(error::of) {
            Ok(None) => return Ok(found),
            Ok(Some(address)) => keep(
                &mut found,
                address.allocation_id,
                address.ptr_record.unwrap_or_default(),
            ),
            Err(error) => match error.kind {
                ErrorKind::Throttled | ErrorKind::Unavailable | ErrorKind::Lost => {
                    return Err(error.doing("reading the names of Elastic IP addresses"));
                }
                _ => return Ok(found),
            },
        }
    }
}

/// Attachments by route table.
fn by_table(keys: Vec<(String, String)>) -> BTreeMap<String, Vec<String>> {
    let mut tables: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (table, attachment) in keys {
        tables.entry(table).or_default().push(attachment);
    }
    tables
}

async fn associations(
    client: aws_sdk_ec2::Client,
    keys: Vec<(String, String)>,
) -> Result<BTreeMap<(String, String), ()>, Error> {
    let mut found = BTreeMap::new();
    for (table, attachments) in by_table(keys) {
        let filter = Filter::builder()
            .name("transit-gateway-attachment-id")
            .set_values(Some(attachments));
        let call = client
            .get_transit_gateway_route_table_associations()
            .transit_gateway_route_table_id(&table)
            .filters(filter.build());
        let mut pages = call.into_paginator().items().send();
        let failed = |e| error::of(e).doing("reading associations of a transit gateway");
        while let Some(one) = pages.next().await.transpose().map_err(failed)? {
            use types::TransitGatewayAssociationState::{Associated, Associating};
            if matches!(one.state, Some(Associated | Associating)) {
                keep(
                    &mut found,
                    one.transit_gateway_attachment_id
                        .map(|id| (table.clone(), id)),
                    (),
                );
            }
        }
    }
    Ok(found)
}

async fn propagations(
    client: aws_sdk_ec2::Client,
    keys: Vec<(String, String)>,
) -> Result<BTreeMap<(String, String), ()>, Error> {
    let mut found = BTreeMap::new();
    for (table, attachments) in by_table(keys) {
        let filter = Filter::builder()
            .name("transit-gateway-attachment-id")
            .set_values(Some(attachments));
        let call = client
            .get_transit_gateway_route_table_propagations()
            .transit_gateway_route_table_id(&table)
            .filters(filter.build());
        let mut pages = call.into_paginator().items().send();
        let failed = |e| error::of(e).doing("reading propagations of a transit gateway");
        while let Some(one) = pages.next().await.transpose().map_err(failed)? {
            use types::TransitGatewayPropagationState::{Enabled, Enabling};
            if matches!(one.state, Some(Enabled | Enabling)) {
                keep(
                    &mut found,
                    one.transit_gateway_attachment_id
                        .map(|id| (table.clone(), id)),
                    (),
                );
            }
        }
    }
    Ok(found)
}
