//! What is in a project.

use super::{Object, add, elements, parts, text};
use serde_json::Value;

pub(super) fn collect(project: &Value, objects: &mut Vec<Object>) {
    for (path, object) in parts(&project["compute"], "objects") {
        compute(path, &object["value"], objects);
    }
    for (path, cluster) in parts(&project["container"], "clusters") {
        add(objects, "container:cluster", path);
        for (pool, _) in parts(cluster, "pools") {
            add(objects, "container:node-pool", format!("{path}/{pool}"));
        }
    }
    policy(
        "",
        "cloudresourcemanager:member",
        &project["policy"],
        objects,
    );
    for (email, account) in parts(&project["iam"], "accounts") {
        add(objects, "iam:service-account", email);
        policy(
            &format!("{email}/"),
            "iam:member",
            &account["policy"],
            objects,
        );
    }
}

/// What stands at a path below the project: `global/networks/one`.
fn compute(path: &str, value: &Value, objects: &mut Vec<Object>) {
    let mut names = path.rsplit('/');
    let (name, collection) = (names.next().unwrap_or_default(), names.next());
    // The network `default` with all that belongs to it comes with a project, rules for nodes with a cluster.
    if name.starts_with("default") || name.starts_with("gke-") {
        return;
    }
    let kind = match collection {
        Some("networks") => "compute:network",
        Some("subnetworks") => "compute:subnetwork",
        Some("addresses") => "compute:address",
        Some("firewalls") => "compute:firewall",
        Some("routers") => "compute:router",
        _ => return,
    };
    add(objects, kind, path);
    for nat in elements(value, "nats") {
        add(
            objects,
            "compute:router-nat",
            format!("{path}/{}", text(nat, "name")),
        );
    }
}

/// The members of a policy, but for the owner that a project has from the start.
fn policy(prefix: &str, kind: &'static str, policy: &Value, objects: &mut Vec<Object>) {
    for (role, by_condition) in parts(policy, "bindings") {
        if role == "roles/owner" {
            continue;
        }
        let lists = by_condition.as_object().into_iter().flatten();
        for member in lists.flat_map(|(_, members)| members.as_array().into_iter().flatten()) {
            let member = member.as_str().unwrap_or_default();
            add(objects, kind, format!("{prefix}{role}/{member}"));
        }
    }
}
