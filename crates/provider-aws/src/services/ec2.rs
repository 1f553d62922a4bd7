//! Networks.

mod cidr;
mod vpc;

use crate::Aws;
use aws_sdk_ec2::types::Filter;
use sdk::{AnyDataSource, AnyResource, Attr, Error, ErrorKind, resource};

/// The resource types, by name.
pub(crate) fn resources() -> Vec<Box<dyn AnyResource<Aws>>> {
    vec![resource::<vpc::Vpc>()]
}

/// The data sources, by name.
pub(crate) fn data_sources() -> Vec<Box<dyn AnyDataSource<Aws>>> {
    Vec::new()
}

/// A text that is given; what hashicorp's providers store for nothing is nothing.
fn text(attribute: &Attr<String>) -> Option<String> {
    attribute.to_option().filter(|text| !text.is_empty())
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
