//! What is in an account.

use super::{Object, add, elements, parts, text};
use serde_json::Value;

pub(super) fn collect(account: &Value, objects: &mut Vec<Object>) {
    for (_, region) in parts(account, "ec2") {
        network(region, objects);
    }
    for (_, region) in parts(account, "eks") {
        for (name, cluster) in parts(region, "clusters") {
            add(objects, "eks:cluster", name);
            of_cluster(name, cluster, objects);
        }
    }
    let iam = &account["iam"];
    for (name, role) in parts(iam, "roles") {
        add(objects, "iam:role", name);
        for policy in elements(role, "attached").filter_map(Value::as_str) {
            add(objects, "iam:attachment", format!("{name}/{policy}"));
        }
    }
    for (arn, _) in parts(iam, "policies") {
        add(objects, "iam:policy", arn);
    }
}

fn network(region: &Value, objects: &mut Vec<Object>) {
    let plain = [
        ("vpcs", "ec2:vpc"),
        ("subnets", "ec2:subnet"),
        ("internet_gateways", "ec2:internet-gateway"),
        ("addresses", "ec2:address"),
        ("nat_gateways", "ec2:nat-gateway"),
        ("transit_gateways", "ec2:transit-gateway"),
        ("attachments", "ec2:transit-gateway-attachment"),
    ];
    for (collection, kind) in plain {
        for (id, object) in parts(region, collection) {
            // For a while what is deleted is shown.
            if object["deleted"].is_null() && object["life"]["deleted"].is_null() {
                add(objects, kind, id);
            }
        }
    }
    for (id, table) in parts(region, "route_tables") {
        if elements(table, "associations").all(|it| it["with"] != "Main") {
            add(objects, "ec2:route-table", id);
        }
        for route in elements(table, "routes") {
            add(
                objects,
                "ec2:route",
                format!("{id}/{}", text(route, "destination")),
            );
        }
        for association in elements(table, "associations").filter(|it| it["with"].is_object()) {
            add(
                objects,
                "ec2:route-table-association",
                text(association, "id"),
            );
        }
    }
    let by_user = |group: &Value| {
        text(group, "name") != "default" && !text(group, "description").starts_with("EKS created")
    };
    for (id, _) in parts(region, "groups").filter(|(_, group)| by_user(group)) {
        add(objects, "ec2:security-group", id);
    }
    for (id, rule) in parts(region, "rules") {
        if by_user(&region["groups"][text(rule, "group")]) {
            add(objects, "ec2:security-group-rule", id);
        }
    }
}

fn of_cluster(name: &str, cluster: &Value, objects: &mut Vec<Object>) {
    for (group, _) in parts(cluster, "nodegroups") {
        add(objects, "eks:node-group", format!("{name}/{group}"));
    }
    for (addon, _) in parts(cluster, "addons") {
        add(objects, "eks:addon", format!("{name}/{addon}"));
    }
    for (principal, entry) in
        parts(cluster, "entries").filter(|(_, entry)| entry["ofNodes"] != true)
    {
        add(objects, "eks:access-entry", format!("{name}/{principal}"));
        for (policy, _) in parts(entry, "policies") {
            add(
                objects,
                "eks:access-policy",
                format!("{name}/{principal}/{policy}"),
            );
        }
    }
    for (id, _) in parts(cluster, "associations") {
        add(objects, "eks:pod-identity", format!("{name}/{id}"));
    }
}
