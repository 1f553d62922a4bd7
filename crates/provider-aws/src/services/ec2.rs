//! Networks.

mod availability_zones;
mod caller_identity;
mod cidr;
mod eip;
mod internet_gateway;
mod nat_gateway;
mod partition;
mod region;
mod route;
mod route_table;
mod route_table_association;
mod security_group;
mod security_group_rule;
mod subnet;
mod transit_gateway;
mod transit_gateway_vpc_attachment;
mod vpc;
mod waiting;

use crate::Aws;
use aws_sdk_ec2::types::Filter;
use sdk::{AnyDataSource, AnyResource, Attr, Error, ErrorKind, data_source, resource};

/// The resource types, by name.
pub(crate) fn resources() -> Vec<Box<dyn AnyResource<Aws>>> {
    vec![
        resource::<transit_gateway::TransitGateway>(),
        resource::<transit_gateway_vpc_attachment::TransitGatewayVpcAttachment>(),
        resource::<eip::Eip>(),
        resource::<internet_gateway::InternetGateway>(),
        resource::<nat_gateway::NatGateway>(),
        resource::<route::Route>(),
        resource::<route_table::RouteTable>(),
        resource::<route_table_association::RouteTableAssociation>(),
        resource::<security_group::SecurityGroup>(),
        resource::<subnet::Subnet>(),
        resource::<vpc::Vpc>(),
        resource::<security_group_rule::EgressRule>(),
        resource::<security_group_rule::IngressRule>(),
    ]
}

/// The data sources, by name.
pub(crate) fn data_sources() -> Vec<Box<dyn AnyDataSource<Aws>>> {
    vec![
        data_source::<availability_zones::AvailabilityZones>(),
        data_source::<caller_identity::CallerIdentity>(),
        data_source::<partition::Partition>(),
        data_source::<region::Region>(),
    ]
}

/// A text that is given; what hashicorp's providers store for nothing is nothing.
fn text(attribute: &Attr<String>) -> Option<String> {
    attribute.to_option().filter(|text| !text.is_empty())
}

/// A text as it is stored: empty where there is none.
fn stored(text: Option<&str>) -> Attr<String> {
    text.unwrap_or_default().into()
}

/// A number as requests have it.
fn number(attribute: &Attr<i64>) -> Option<i32> {
    attribute.known().and_then(|n| i32::try_from(*n).ok())
}

/// The error of a create that answers without an id.
fn no_id() -> Error {
    Error::new(
        ErrorKind::Other,
        "",
        "EC2 answered without the id of the new object",
    )
}

/// Filters of one value each.
fn filters<const N: usize>(pairs: [(&str, &str); N]) -> Vec<Filter> {
    let pairs = pairs.into_iter();
    pairs
        .map(|(name, value)| Filter::builder().name(name).values(value).build())
        .collect()
}

/// The name by which EC2 answers for a protocol.
pub(crate) fn protocol(text: &str) -> String {
    let lower = text.to_lowercase();
    match lower.as_str() {
        "all" => "-1",
        "1" => "icmp",
        "6" => "tcp",
        "17" => "udp",
        "58" => "icmpv6",
        other => other,
    }
    .to_owned()
}
