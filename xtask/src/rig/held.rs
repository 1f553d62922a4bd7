//! Whether a state and a sandbox agree: which object each resource instance is about.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;

use super::{Failure, Folder, Group, Sandbox};

/// Returns what is not as it should be after an apply: an object twice or in no state, a number of instances other than
/// `whole`, something left to do, a mark of a create that was not taken off. The plan goes to `log`.
pub(crate) fn problems(
    folder: &Folder,
    sandbox: &Sandbox,
    whole: usize,
    log: &Path,
) -> Result<Vec<String>, Failure> {
    let resources = folder.resources()?;
    let mut problems = disagreements(sandbox, &resources)?;
    if resources.len() != whole {
        let got = resources.len();
        problems.push(format!(
            "  the state has {got} instances instead of {whole}"
        ));
    }
    let words = ["plan", "-detailed-exitcode", "-input=false", "-no-color"];
    let status = Group::start(folder.command(&words), log)?.wait()?;
    if status.code() != Some(0) {
        problems.push(format!("  the plan after it ended with {status}"));
    }
    let marked = "Action=DescribeTags&Filter.1.Name=key&Filter.1.Value.1=groma:create";
    if sandbox.ec2(marked)?.contains("<item>") {
        problems.push("  an object still has the tag groma:create".to_owned());
    }
    Ok(problems)
}

/// By resource type: the kind of the object, and its name from attributes in braces.
const OBJECTS: [(&str, &str, &str); 33] = [
    ("aws_vpc", "ec2:vpc", "{id}"),
    ("aws_subnet", "ec2:subnet", "{id}"),
    ("aws_internet_gateway", "ec2:internet-gateway", "{id}"),
    ("aws_eip", "ec2:address", "{id}"),
    ("aws_nat_gateway", "ec2:nat-gateway", "{id}"),
    ("aws_route_table", "ec2:route-table", "{id}"),
    (
        "aws_route",
        "ec2:route",
        "{route_table_id}/{destination_cidr_block}",
    ),
    (
        "aws_route_table_association",
        "ec2:route-table-association",
        "{id}",
    ),
    ("aws_security_group", "ec2:security-group", "{id}"),
    (
        "aws_vpc_security_group_ingress_rule",
        "ec2:security-group-rule",
        "{id}",
    ),
    (
        "aws_vpc_security_group_egress_rule",
        "ec2:security-group-rule",
        "{id}",
    ),
    ("aws_ec2_transit_gateway", "ec2:transit-gateway", "{id}"),
    (
        "aws_ec2_transit_gateway_vpc_attachment",
        "ec2:transit-gateway-attachment",
        "{id}",
    ),
    ("aws_iam_role", "iam:role", "{name}"),
    ("aws_iam_policy", "iam:policy", "{arn}"),
    (
        "aws_iam_role_policy_attachment",
        "iam:attachment",
        "{role}/{policy_arn}",
    ),
    ("aws_eks_cluster", "eks:cluster", "{name}"),
    (
        "aws_eks_node_group",
        "eks:node-group",
        "{cluster_name}/{node_group_name}",
    ),
    ("aws_eks_addon", "eks:addon", "{cluster_name}/{addon_name}"),
    (
        "aws_eks_access_entry",
        "eks:access-entry",
        "{cluster_name}/{principal_arn}",
    ),
    (
        "aws_eks_access_policy_association",
        "eks:access-policy",
        "{cluster_name}/{principal_arn}/{policy_arn}",
    ),
    (
        "aws_eks_pod_identity_association",
        "eks:pod-identity",
        "{cluster_name}/{association_id}",
    ),
    (
        "google_compute_network",
        "compute:network",
        "global/networks/{name}",
    ),
    (
        "google_compute_subnetwork",
        "compute:subnetwork",
        "regions/{region}/subnetworks/{name}",
    ),
    (
        "google_compute_router",
        "compute:router",
        "regions/{region}/routers/{name}",
    ),
    (
        "google_compute_router_nat",
        "compute:router-nat",
        "regions/{region}/routers/{router}/{name}",
    ),
    (
        "google_compute_address",
        "compute:address",
        "regions/{region}/addresses/{name}",
    ),
    (
        "google_compute_firewall",
        "compute:firewall",
        "global/firewalls/{name}",
    ),
    (
        "google_container_cluster",
        "container:cluster",
        "{location}/{name}",
    ),
    (
        "google_container_node_pool",
        "container:node-pool",
        "{location}/{cluster}/{name}",
    ),
    ("google_service_account", "iam:service-account", "{email}"),
    (
        "google_project_iam_member",
        "cloudresourcemanager:member",
        "{role}/{member}",
    ),
    (
        "google_service_account_iam_member",
        "iam:member",
        "{service_account_id}/{role}/{member}",
    ),
];

/// Attributes that hold a name or the whole path to it.
const PATHS: [&str; 4] = ["cluster", "region", "router", "service_account_id"];

/// Returns the object that a resource instance is about; `None` for what is none by itself.
fn held(resource: &Value) -> Option<String> {
    let kind = resource["type"].as_str()?;
    let (_, kind, name) = OBJECTS.iter().find(|(known, ..)| *known == kind)?;
    let mut parts = name.split(['{', '}']);
    let mut text = format!("{kind} {}", parts.next().unwrap_or_default());
    // Attributes and what stands between them, by turns.
    while let (Some(attribute), Some(between)) = (parts.next(), parts.next()) {
        let value = resource["values"][attribute].as_str().unwrap_or_default();
        let last = value
            .rsplit('/')
            .next()
            .filter(|_| PATHS.contains(&attribute));
        text.push_str(last.unwrap_or(value));
        text.push_str(between);
    }
    Some(text)
}

/// Returns what the state and the sandbox do not agree on.
fn disagreements(sandbox: &Sandbox, resources: &[Value]) -> Result<Vec<String>, Failure> {
    let objects = sandbox.admin("GET objects")?;
    let objects: Vec<String> = objects
        .as_array()
        .into_iter()
        .flatten()
        .map(|object| {
            let text = |name: &str| object[name].as_str().unwrap_or_default();
            format!("{} {}", text("kind"), text("id"))
        })
        .collect();
    Ok(compare(&objects, resources))
}

fn compare(objects: &[String], resources: &[Value]) -> Vec<String> {
    let mut owners: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for resource in resources {
        if let Some(object) = held(resource) {
            let address = resource["address"].as_str().unwrap_or_default();
            owners.entry(object).or_default().push(address);
        }
    }
    let mut problems = Vec::new();
    for object in objects {
        match owners.remove(object).as_deref() {
            Some([_]) => {}
            Some(addresses) => {
                let addresses = addresses.join(" and ");
                problems.push(format!("  {object} is in the state as {addresses}"));
            }
            None => problems.push(format!("  {object} exists and is not in the state")),
        }
    }
    for (object, addresses) in owners {
        let addresses = addresses.join(" and ");
        problems.push(format!(
            "  {object} does not exist and is in the state as {addresses}"
        ));
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn objects_are_named_from_attributes() {
        let pool = json!({
            "type": "google_container_node_pool",
            "values": {"name": "general", "location": "r", "cluster": "projects/p/locations/r/clusters/one"},
        });
        assert_eq!(
            held(&pool).as_deref(),
            Some("container:node-pool r/one/general")
        );
        let route = json!({
            "type": "aws_route",
            "values": {"route_table_id": "rtb-1", "destination_cidr_block": "0.0.0.0/0"},
        });
        assert_eq!(held(&route).as_deref(), Some("ec2:route rtb-1/0.0.0.0/0"));
        assert_eq!(held(&json!({"type": "terraform_data"})), None);
    }

    #[test]
    fn each_object_belongs_to_one_instance() {
        let vpc = |address: &str, id: &str| json!({"type": "aws_vpc", "address": address, "values": {"id": id}});
        let objects = ["vpc-1", "vpc-2", "vpc-3"].map(|id| format!("ec2:vpc {id}"));
        let state = [
            vpc("aws_vpc.a", "vpc-1"),
            vpc("aws_vpc.b", "vpc-2"),
            vpc("aws_vpc.c", "vpc-2"),
            vpc("aws_vpc.d", "vpc-4"),
        ];
        assert_eq!(
            compare(&objects, &state),
            [
                "  ec2:vpc vpc-2 is in the state as aws_vpc.b and aws_vpc.c",
                "  ec2:vpc vpc-3 exists and is not in the state",
                "  ec2:vpc vpc-4 does not exist and is in the state as aws_vpc.d",
            ]
        );
    }
}
