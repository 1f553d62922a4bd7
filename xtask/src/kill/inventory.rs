//! What there is in a sandbox, without the ids that differ from run to run.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use regex::Regex;

use crate::rig::{Failure, Sandbox};

/// Is how many objects there are of each kind and name.
pub(crate) struct Inventory(BTreeMap<String, usize>);

/// Ids: `vpc-0…`, UUIDs, long numbers, positions in lists.
static ID: LazyLock<Regex> = LazyLock::new(|| {
    let ids = [
        r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
        r"-[0-9a-f]{8,}",
        r"\b[0-9A-Fa-f]{16,}\b",
        r"\b[0-9]{9,}\b",
        r"/[0-9]+$",
        r"/[0-9]+/",
    ];
    Regex::new(&ids.join("|")).expect("a pattern")
});

impl Inventory {
    /// Asks a sandbox.
    pub(crate) fn of(sandbox: &Sandbox) -> Result<Self, Failure> {
        let paths = sandbox.admin("GET inventory")?;
        let paths = paths.as_array().ok_or("the inventory is no list")?;
        let mut counts = BTreeMap::new();
        for path in paths.iter().filter_map(|path| path.as_str()) {
            *counts.entry(normal(path)).or_default() += 1;
        }
        Ok(Self(counts))
    }

    /// Returns how many objects there are.
    pub(crate) fn len(&self) -> usize {
        self.0.values().sum()
    }
}

fn normal(path: &str) -> String {
    ID.replace_all(path, |found: &regex::Captures<'_>| {
        // The slashes stay.
        match &found[0] {
            id if id.starts_with('/') && id.ends_with('/') => "/*/",
            id if id.starts_with('/') => "/*",
            _ => "*",
        }
    })
    .into_owned()
}

/// Returns what there is more or less of than there should be.
pub(crate) fn differences(expected: &Inventory, got: &Inventory) -> Vec<String> {
    let mut names: Vec<&String> = expected.0.keys().chain(got.0.keys()).collect();
    names.sort_unstable();
    names.dedup();
    let count = |inventory: &Inventory, name: &String| inventory.0.get(name).copied().unwrap_or(0);
    names
        .into_iter()
        .filter_map(|name| {
            let (expected, got) = (count(expected, name), count(got, name));
            (expected != got).then(|| format!("  {name}: {got} instead of {expected}"))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_do_not_count() {
        for (path, expected) in [
            (
                "aws/ec2/us-east-1/vpcs/vpc-0a1b2c3d4e5f60718",
                "aws/ec2/us-east-1/vpcs/vpc*",
            ),
            ("aws/iam/roles/atlas-node", "aws/iam/roles/atlas-node"),
            (
                "aws/ec2/route_tables/rtb-00000000000000000/routes/12",
                "aws/ec2/route_tables/rtb*/routes/*",
            ),
            (
                "google/policy/bindings/3/members/0",
                "google/policy/bindings/*/members/*",
            ),
        ] {
            assert_eq!(normal(path), expected);
        }
    }

    #[test]
    fn what_is_there_twice_is_told() {
        let inventory = |pairs: &[(&str, usize)]| {
            Inventory(
                pairs
                    .iter()
                    .map(|(name, count)| ((*name).to_owned(), *count))
                    .collect(),
            )
        };
        let problems = differences(
            &inventory(&[("vpcs/vpc*", 1), ("subnets/subnet*", 4)]),
            &inventory(&[
                ("vpcs/vpc*", 2),
                ("subnets/subnet*", 4),
                ("gateways/igw*", 1),
            ]),
        );
        assert_eq!(
            problems,
            [
                "  gateways/igw*: 1 instead of 0",
                "  vpcs/vpc*: 2 instead of 1"
            ]
        );
    }
}
