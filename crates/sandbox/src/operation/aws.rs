//! AWS: the `Action` of query protocols, verb and path of EKS.

use crate::Request;
use crate::http::{form, header};
use ::http::Method;

pub(super) fn classify(request: &Request) -> Option<String> {
    if let Some(action) = parameter(request, "Action") {
        return Some(format!("{}:{action}", service(request)?));
    }
    eks(request).map(|name| format!("eks:{name}"))
}

/// A parameter of a query protocol: in the form that is the body, or in the query.
fn parameter(request: &Request, name: &str) -> Option<String> {
    let named = |(key, value): (String, String)| (key == name).then_some(value);
    let is_form = header(request, "content-type").starts_with("application/x-www-form-urlencoded");
    let body = std::str::from_utf8(&request.body).ok().filter(|_| is_form);
    body.and_then(|body| form(body).into_iter().find_map(named))
        .or_else(|| request.parameter(name).map(str::to_owned))
}

/// The service: from the scope that the request is signed for, else from the version of the API.
pub(super) fn service(request: &Request) -> Option<String> {
    let scope = header(request, "authorization")
        .split_once("Credential=")
        .and_then(|(_, rest)| rest.split([',', ' ']).next());
    if let Some(service) = scope.and_then(|scope| scope.split('/').nth(3)) {
        return Some(service.to_owned());
    }
    let service = match parameter(request, "Version")?.as_str() {
        "2016-11-15" => "ec2",
        "2010-05-08" => "iam",
        "2011-06-15" => "sts",
        _ => return None,
    };
    Some(service.to_owned())
}

fn eks(request: &Request) -> Option<&'static str> {
    let segments = request.segments();
    let path: Vec<&str> = segments.iter().map(String::as_str).collect();
    let verb = &request.method;
    match path.as_slice() {
        ["access-policies"] => Some("ListAccessPolicies"),
        ["addons", "configuration-schemas"] => Some("DescribeAddonConfiguration"),
        ["addons", "supported-versions"] => Some("DescribeAddonVersions"),
        ["cluster-versions"] => Some("DescribeClusterVersions"),
        ["tags", ..] => pick(
            verb,
            "ListTagsForResource",
            "TagResource",
            Some("UntagResource"),
        ),
        ["clusters"] => pick(verb, "ListClusters", "CreateCluster", None),
        ["clusters", _] => pick(verb, "DescribeCluster", "", Some("DeleteCluster")),
        ["clusters", _, "update-config"] => Some("UpdateClusterConfig"),
        ["clusters", _, "updates"] => pick(verb, "ListUpdates", "UpdateClusterVersion", None),
        ["clusters", _, "updates", _] => Some("DescribeUpdate"),
        ["clusters", _, "encryption-config", "associate"] => Some("AssociateEncryptionConfig"),
        ["clusters", _, "access-entries", _, "access-policies"] => pick(
            verb,
            "ListAssociatedAccessPolicies",
            "AssociateAccessPolicy",
            None,
        ),
        ["clusters", _, "access-entries", _, "access-policies", _] => {
            Some("DisassociateAccessPolicy")
        }
        ["clusters", _, "identity-provider-configs"] => {
            pick(verb, "ListIdentityProviderConfigs", "", None)
        }
        ["clusters", _, "addons", _, "update"] => Some("UpdateAddon"),
        ["clusters", _, "node-groups", _, "update-config"] => Some("UpdateNodegroupConfig"),
        ["clusters", _, "node-groups", _, "update-version"] => Some("UpdateNodegroupVersion"),
        ["clusters", _, collection] => {
            let [list, create, ..] = of_cluster(collection)?;
            pick(verb, list, create, None)
        }
        ["clusters", _, collection, _] => {
            let [_, _, describe, update, delete] = of_cluster(collection)?;
            pick(verb, describe, update, Some(delete))
        }
        _ => None,
    }
}

/// List, create, describe, update and delete of what a cluster has.
fn of_cluster(collection: &str) -> Option<[&'static str; 5]> {
    Some(match collection {
        "access-entries" => [
            "ListAccessEntries",
            "CreateAccessEntry",
            "DescribeAccessEntry",
            "UpdateAccessEntry",
            "DeleteAccessEntry",
        ],
        "addons" => [
            "ListAddons",
            "CreateAddon",
            "DescribeAddon",
            "",
            "DeleteAddon",
        ],
        "fargate-profiles" => [
            "ListFargateProfiles",
            "CreateFargateProfile",
            "DescribeFargateProfile",
            "",
            "DeleteFargateProfile",
        ],
        "node-groups" => [
            "ListNodegroups",
            "CreateNodegroup",
            "DescribeNodegroup",
            "",
            "DeleteNodegroup",
        ],
        "pod-identity-associations" => [
            "ListPodIdentityAssociations",
            "CreatePodIdentityAssociation",
            "DescribePodIdentityAssociation",
            "UpdatePodIdentityAssociation",
            "DeletePodIdentityAssociation",
        ],
        _ => return None,
    })
}

fn pick(
    verb: &Method,
    get: &'static str,
    post: &'static str,
    delete: Option<&'static str>,
) -> Option<&'static str> {
    let name = match verb.as_str() {
        "GET" => Some(get),
        "POST" => Some(post),
        "DELETE" => delete,
        _ => None,
    };
    name.filter(|name| !name.is_empty())
}
