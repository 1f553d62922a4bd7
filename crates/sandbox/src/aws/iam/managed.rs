//! Policies of AWS: those that platforms on EKS use. Their ids are made up, and the largest documents (`ReadOnlyAccess`,
//! `ViewOnlyAccess`, `SecurityAudit`) are cut short.

use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// A policy of AWS. Times in seconds since the Unix epoch.
#[derive(Debug, Deserialize)]
pub(super) struct Managed {
    pub(super) name: String,
    pub(super) path: String,
    pub(super) id: String,
    /// `v5`
    pub(super) version: String,
    pub(super) created: u64,
    pub(super) updated: u64,
    pub(super) document: Value,
}

impl Managed {
    /// `arn:aws:iam::aws:policy/service-role/…`
    pub(super) fn arn(&self) -> String {
        format!("arn:aws:iam::aws:policy{}{}", self.path, self.name)
    }
}

/// All of them.
pub(super) fn all() -> &'static [Managed] {
    static ALL: LazyLock<Vec<Managed>> =
        LazyLock::new(|| serde_json::from_str(include_str!("managed.json")).unwrap_or_default());
    &ALL
}

/// The one with that ARN.
pub(super) fn find(arn: &str) -> Option<&'static Managed> {
    static BY_ARN: LazyLock<BTreeMap<String, &Managed>> =
        LazyLock::new(|| all().iter().map(|policy| (policy.arn(), policy)).collect());
    BY_ARN.get(arn).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn platforms_find_theirs() {
        for arn in [
            "arn:aws:iam::aws:policy/AmazonEKSClusterPolicy",
            "arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy",
            "arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy",
            "arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryReadOnly",
            "arn:aws:iam::aws:policy/service-role/AmazonEBSCSIDriverPolicy",
            "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore",
            "arn:aws:iam::aws:policy/AdministratorAccess",
        ] {
            assert!(find(arn).is_some(), "{arn}");
        }
        assert!(find("arn:aws:iam::aws:policy/Nothing").is_none());
    }
}
