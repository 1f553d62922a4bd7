//! Access policies: what an access entry may in the cluster.

use super::Eks;
use super::access::{by_api, unknown};
use super::call::{Call, Scene};
use super::refusal::{invalid, not_found, refused};
use crate::aws::fault::Fault;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// The policy of who made a cluster.
pub(crate) const CLUSTER_ADMIN: &str =
    "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy";

/// The policy of the nodes of Auto Mode.
pub(crate) const AUTO_NODE: &str = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSAutoNodePolicy";

/// What stands before the names in ARNs.
const PREFIX: &str = "arn:aws:eks::aws:cluster-access-policy/";

/// All policies.
const NAMES: [&str; 20] = [
    "AmazonAIOpsAssistantPolicy",
    "AmazonARCRegionSwitchScalingPolicy",
    "AmazonEKSAdminPolicy",
    "AmazonEKSAdminViewPolicy",
    "AmazonEKSAutoNodePolicy",
    "AmazonEKSBlockStorageClusterPolicy",
    "AmazonEKSBlockStoragePolicy",
    "AmazonEKSClusterAdminPolicy",
    "AmazonEKSClusterInsightsPolicy",
    "AmazonEKSComputeClusterPolicy",
    "AmazonEKSComputePolicy",
    "AmazonEKSEditPolicy",
    "AmazonEKSHybridPolicy",
    "AmazonEKSLoadBalancingClusterPolicy",
    "AmazonEKSLoadBalancingPolicy",
    "AmazonEKSNetworkingClusterPolicy",
    "AmazonEKSNetworkingPolicy",
    "AmazonEKSSecretReaderPolicy",
    "AmazonEKSViewPolicy",
    "AmazonEKSWorkerNodeMinimalPolicy",
];

/// A policy of an entry, and where it holds.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Associated {
    policy_arn: String,
    access_scope: Value,
    associated_at: f64,
    modified_at: f64,
}

impl Associated {
    /// A policy that holds from now on.
    pub(crate) fn new(policy: &str, scope: Value, scene: &Scene<'_>) -> Self {
        Self {
            policy_arn: policy.to_owned(),
            access_scope: scope,
            associated_at: scene.seconds(),
            modified_at: scene.seconds(),
        }
    }
}

/// ListAccessPolicies
pub(crate) fn list(call: &Call<'_>) -> Result<Value, Fault> {
    let view = |name| json!({"name": name, "arn": format!("{PREFIX}{name}")});
    call.page("accessPolicies", NAMES.into_iter().map(view).collect())
}

/// ListAssociatedAccessPolicies
pub(crate) fn associated(eks: &mut Eks, call: &Call<'_>) -> Result<Value, Fault> {
    let cluster = by_api(eks, call)?;
    let entry = cluster.entries.get(call.part(3)).ok_or_else(unknown)?;
    let all = entry.policies.values().map(|policy| json!(policy));
    let mut page = call.page("associatedAccessPolicies", all.collect())?;
    page["clusterName"] = json!(cluster.living.shown.name);
    page["principalArn"] = json!(entry.principal_arn);
    Ok(page)
}

/// AssociateAccessPolicy
pub(crate) fn associate(eks: &mut Eks, call: &Call<'_>, scene: &Scene<'_>) -> Result<Value, Fault> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Input {
        policy_arn: String,
        access_scope: Value,
    }
    let input: Input = call.input()?;
    let cluster = by_api(eks, call)?;
    let entry = cluster.entries.get_mut(call.part(3)).ok_or_else(unknown)?;
    if entry.is_of_machines() {
        return Err(refused(format!(
            "Access policies cannot be associated with access entries of the type {}",
            entry.kind
        )));
    }
    let name = input.policy_arn.strip_prefix(PREFIX);
    let name = name.ok_or_else(|| invalid("The policyArn parameter format is not valid"))?;
    if !NAMES.contains(&name) {
        return Err(not_found(format!(
            "The access policy {} could not be found. You can view the access policies with 'list-access-policies'.",
            input.policy_arn
        )));
    }
    let scope = scope(&input.access_scope)?;
    let new = Associated::new(&input.policy_arn, scope, scene);
    let associated = entry.policies.entry(input.policy_arn).or_insert(new);
    // Once more: the scope is another one.
    let again = self::scope(&input.access_scope)?;
    if associated.access_scope != again {
        associated.access_scope = again;
        associated.modified_at = scene.seconds();
    }
    Ok(json!({
        "clusterName": cluster.living.shown.name,
        "principalArn": entry.principal_arn,
        "associatedAccessPolicy": associated,
    }))
}

fn scope(asked: &Value) -> Result<Value, Fault> {
    let namespaces = asked["namespaces"].as_array().cloned().unwrap_or_default();
    match (asked["type"].as_str(), namespaces.is_empty()) {
        (Some("cluster"), true) | (Some("namespace"), false) => {
            Ok(json!({"type": asked["type"], "namespaces": namespaces}))
        }
        (Some("cluster"), false) => Err(invalid(
            "The namespaces parameter cannot be set when the accessScope type is cluster.",
        )),
        (Some("namespace"), true) => Err(invalid(
            "The namespaces parameter must be set when the accessScope type is namespace.",
        )),
        _ => Err(invalid(
            "The accessScope type must be cluster or namespace.",
        )),
    }
}

/// DisassociateAccessPolicy
pub(crate) fn disassociate(eks: &mut Eks, call: &Call<'_>) -> Result<Value, Fault> {
    let cluster = by_api(eks, call)?;
    let entry = cluster.entries.get_mut(call.part(3)).ok_or_else(unknown)?;
    let policy = call.part(5);
    match entry.policies.remove(policy) {
        Some(_) => Ok(json!({})),
        None => Err(not_found(format!(
            "The access policy {policy} is not associated with the access entry."
        ))),
    }
}
