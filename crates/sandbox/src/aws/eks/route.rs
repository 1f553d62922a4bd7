//! Which operation a verb and a path are.

use super::call::{Call, Scene};
use super::{Eks, access, addon, associations, catalogue, cluster, fargate, nodegroup, policies};
use super::{tags, updates, versions};
use crate::aws::fault::Fault;
use http::StatusCode;
use serde_json::Value;

type Answer = (&'static str, Result<Value, Fault>);

/// Answers a request with the operation that it asks for.
pub(crate) fn answer(eks: &mut Eks, call: &Call<'_>, scene: &mut Scene<'_>) -> Answer {
    let path: Vec<_> = call.path.iter().map(String::as_str).collect();
    let verb = call.request.method.as_str();
    match path.as_slice() {
        ["clusters"] | ["clusters", _] => of_clusters(eks, call, scene),
        ["clusters", _, "node-groups", ..] => of_nodegroups(eks, call, scene),
        ["clusters", _, "addons", ..] => of_addons(eks, call, scene),
        ["clusters", _, "access-entries", ..] => of_access(eks, call, scene),
        ["clusters", _, "pod-identity-associations", ..] => of_associations(eks, call, scene),
        ["clusters", _, rest @ ..] => of_cluster(eks, call, scene, verb, rest),
        ["tags", _, ..] => match verb {
            "GET" => ("ListTagsForResource", tags::list(eks, call)),
            "POST" => ("TagResource", tags::add(eks, call)),
            "DELETE" => ("UntagResource", tags::remove(eks, call)),
            _ => unknown(),
        },
        ["addons", "supported-versions"] => ("DescribeAddonVersions", catalogue::list(call)),
        ["addons", "configuration-schemas"] => {
            ("DescribeAddonConfiguration", catalogue::configuration(call))
        }
        ["access-policies"] => ("ListAccessPolicies", policies::list(call)),
        ["cluster-versions"] => ("DescribeClusterVersions", versions::list(call)),
        _ => unknown(),
    }
}

fn of_clusters(eks: &mut Eks, call: &Call<'_>, scene: &mut Scene<'_>) -> Answer {
    match (call.request.method.as_str(), call.path.len()) {
        ("GET", 1) => ("ListClusters", cluster::list(eks, call)),
        ("POST", 1) => ("CreateCluster", cluster::create(eks, call, scene)),
        ("GET", 2) => ("DescribeCluster", cluster::describe(eks, call)),
        ("DELETE", 2) => ("DeleteCluster", cluster::delete(eks, call, scene)),
        _ => unknown(),
    }
}

fn of_cluster(
    eks: &mut Eks,
    call: &Call<'_>,
    scene: &mut Scene<'_>,
    verb: &str,
    rest: &[&str],
) -> Answer {
    match (verb, rest) {
        ("POST", ["update-config"]) => (
            "UpdateClusterConfig",
            cluster::update_config(eks, call, scene),
        ),
        ("POST", ["updates"]) => (
            "UpdateClusterVersion",
            cluster::update_version(eks, call, scene),
        ),
        ("GET", ["updates"]) => ("ListUpdates", updates::list(eks, call)),
        ("GET", ["updates", _]) => ("DescribeUpdate", updates::describe(eks, call, scene)),
        ("POST", ["encryption-config", "associate"]) => (
            "AssociateEncryptionConfig",
            cluster::encrypt(eks, call, scene),
        ),
        ("GET", ["fargate-profiles"]) => ("ListFargateProfiles", fargate::list(eks, call)),
        ("GET", ["fargate-profiles", _]) => {
            ("DescribeFargateProfile", fargate::describe(eks, call))
        }
        ("GET", ["identity-provider-configs"]) => (
            "ListIdentityProviderConfigs",
            fargate::identity_providers(eks, call),
        ),
        _ => unknown(),
    }
}

fn of_nodegroups(eks: &mut Eks, call: &Call<'_>, scene: &mut Scene<'_>) -> Answer {
    let action = call.path.get(4).map(String::as_str);
    match (call.request.method.as_str(), call.path.len(), action) {
        ("GET", 3, _) => ("ListNodegroups", nodegroup::list(eks, call)),
        ("POST", 3, _) => ("CreateNodegroup", nodegroup::create(eks, call, scene)),
        ("GET", 4, _) => ("DescribeNodegroup", nodegroup::describe(eks, call)),
        ("DELETE", 4, _) => ("DeleteNodegroup", nodegroup::delete(eks, call, scene)),
        ("POST", 5, Some("update-config")) => (
            "UpdateNodegroupConfig",
            nodegroup::update_config(eks, call, scene),
        ),
        ("POST", 5, Some("update-version")) => (
            "UpdateNodegroupVersion",
            nodegroup::update_version(eks, call, scene),
        ),
        _ => unknown(),
    }
}

fn of_addons(eks: &mut Eks, call: &Call<'_>, scene: &mut Scene<'_>) -> Answer {
    match (call.request.method.as_str(), call.path.len()) {
        ("GET", 3) => ("ListAddons", addon::list(eks, call)),
        ("POST", 3) => ("CreateAddon", addon::create(eks, call, scene)),
        ("GET", 4) => ("DescribeAddon", addon::describe(eks, call)),
        ("DELETE", 4) => ("DeleteAddon", addon::delete(eks, call, scene)),
        ("POST", 5) if call.part(4) == "update" => ("UpdateAddon", addon::update(eks, call, scene)),
        _ => unknown(),
    }
}

fn of_access(eks: &mut Eks, call: &Call<'_>, scene: &mut Scene<'_>) -> Answer {
    match (call.request.method.as_str(), call.path.len()) {
        ("GET", 3) => ("ListAccessEntries", access::list(eks, call)),
        ("POST", 3) => ("CreateAccessEntry", access::create(eks, call, scene)),
        ("GET", 4) => ("DescribeAccessEntry", access::describe(eks, call)),
        ("POST", 4) => ("UpdateAccessEntry", access::update(eks, call, scene)),
        ("DELETE", 4) => ("DeleteAccessEntry", access::delete(eks, call)),
        ("GET", 5) => (
            "ListAssociatedAccessPolicies",
            policies::associated(eks, call),
        ),
        ("POST", 5) => (
            "AssociateAccessPolicy",
            policies::associate(eks, call, scene),
        ),
        ("DELETE", 6) => (
            "DisassociateAccessPolicy",
            policies::disassociate(eks, call),
        ),
        _ => unknown(),
    }
}

fn of_associations(eks: &mut Eks, call: &Call<'_>, scene: &mut Scene<'_>) -> Answer {
    match (call.request.method.as_str(), call.path.len()) {
        ("GET", 3) => ("ListPodIdentityAssociations", associations::list(eks, call)),
        ("POST", 3) => (
            "CreatePodIdentityAssociation",
            associations::create(eks, call, scene),
        ),
        ("GET", 4) => (
            "DescribePodIdentityAssociation",
            associations::describe(eks, call),
        ),
        ("POST", 4) => (
            "UpdatePodIdentityAssociation",
            associations::update(eks, call, scene),
        ),
        ("DELETE", 4) => (
            "DeletePodIdentityAssociation",
            associations::delete(eks, call),
        ),
        _ => unknown(),
    }
}

fn unknown() -> Answer {
    let fault = Fault::new(
        "UnknownOperationException",
        "the sandbox has no such operation of EKS",
    );
    ("unknown", Err(fault.status(StatusCode::NOT_FOUND)))
}
