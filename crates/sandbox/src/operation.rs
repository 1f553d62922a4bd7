//! The name of the operation that a request asks for, from the request alone.

mod aws;
mod google;

use crate::{Cloud, Request};

/// What a request that fits nothing is called.
pub(crate) const UNKNOWN: &str = "unknown";

/// Names the operation: `ec2:CreateVpc`, `eks:DescribeCluster`, `compute.networks.insert`; `unknown` if it is none.
pub fn classify(cloud: Cloud, request: &Request) -> String {
    let name = match cloud {
        Cloud::Aws => aws::classify(request),
        Cloud::Google => google::classify(request),
    };
    name.unwrap_or_else(|| UNKNOWN.to_owned())
}

/// Whether an operation of that name only looks.
pub(crate) fn is_read(name: &str) -> bool {
    const VERBS: [&str; 8] = [
        "Describe",
        "List",
        "Get",
        "get",
        "list",
        "aggregatedList",
        "batchGet",
        "wait",
    ];
    let verb = name.rsplit([':', '.']).next().unwrap_or(name);
    VERBS.iter().any(|start| verb.starts_with(start)) || name.starts_with("sts:")
}

#[cfg(test)]
mod tests;
