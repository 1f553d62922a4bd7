//! Access entries: who gets into a cluster.

use super::Eks;
use super::call::{Call, Origin, Scene};
use super::cluster::Cluster;
use super::policies::{AUTO_NODE, Associated, CLUSTER_ADMIN};
use super::refusal::{in_use, invalid, not_found, refused};
use super::tags::{self, Tags};
use crate::aws::fault::Fault;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// An entry of a principal.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Entry {
    cluster_name: String,
    pub(crate) principal_arn: String,
    kubernetes_groups: Vec<String>,
    pub(crate) access_entry_arn: String,
    created_at: f64,
    pub(crate) modified_at: f64,
    pub(crate) tags: Tags,
    username: String,
    #[serde(rename = "type")]
    pub(crate) kind: String,
    /// What it may, by the ARN of the policy.
    pub(crate) policies: BTreeMap<String, Associated>,
    /// Whether EKS made it for a node group. It goes with the last one of that role.
    pub(crate) of_nodes: bool,
    origin: Option<Origin>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Input {
    principal_arn: String,
    kubernetes_groups: Option<Vec<String>>,
    tags: Tags,
    username: Option<String>,
    #[serde(rename = "type")]
    kind: Option<String>,
}

/// Types of entries that are for machines.
const MACHINES: [&str; 5] = [
    "EC2",
    "EC2_LINUX",
    "EC2_WINDOWS",
    "FARGATE_LINUX",
    "HYBRID_LINUX",
];

/// A principal: a user or a role of the account, by its name.
struct Principal<'a> {
    kind: &'a str,
    name: &'a str,
    account: &'a str,
}

impl<'a> Principal<'a> {
    fn read(arn: &'a str, scene: &Scene<'_>) -> Result<Self, Fault> {
        let wrong = || invalid("The specified principalArn is invalid: invalid principal.");
        let rest = arn.strip_prefix("arn:aws:iam::").ok_or_else(wrong)?;
        let (account, rest) = rest.split_once(':').ok_or_else(wrong)?;
        if rest == "root" {
            return Ok(Self {
                kind: "root",
                name: "root",
                account,
            });
        }
        let (kind, name) = rest.split_once('/').ok_or_else(wrong)?;
        let there = match kind {
            "user" => true,
            "role" => account != scene.account || scene.role(arn).is_some(),
            _ => false,
        };
        if !there || name.is_empty() {
            return Err(wrong());
        }
        let name = name.rsplit('/').next().unwrap_or(name);
        Ok(Self {
            kind,
            name,
            account,
        })
    }
}

impl Entry {
    fn new(
        cluster: &str,
        arn: &str,
        of: &Principal<'_>,
        kind: &str,
        scene: &mut Scene<'_>,
    ) -> Self {
        let Principal {
            kind: whose,
            name,
            account,
        } = of;
        let path = format!(
            "access-entry/{cluster}/{whose}/{account}/{name}/{}",
            scene.ids.uuid()
        );
        let (username, groups) = match (kind, *whose) {
            ("STANDARD", "role") => (
                format!("arn:aws:sts::{account}:assumed-role/{name}/{{{{SessionName}}}}"),
                Vec::new(),
            ),
            ("STANDARD", _) => (arn.to_owned(), Vec::new()),
            ("FARGATE_LINUX", _) => (
                "system:node:{{SessionName}}".to_owned(),
                vec!["system:node-proxier".to_owned()],
            ),
            ("HYBRID_LINUX", _) => ("system:node:{{SessionName}}".to_owned(), Vec::new()),
            _ => (
                "system:node:{{EC2PrivateDNSName}}".to_owned(),
                vec!["system:nodes".to_owned()],
            ),
        };
        Self {
            cluster_name: cluster.to_owned(),
            principal_arn: arn.to_owned(),
            kubernetes_groups: groups,
            access_entry_arn: scene.arn(&path),
            created_at: scene.seconds(),
            modified_at: scene.seconds(),
            tags: Tags::new(),
            username,
            kind: kind.to_owned(),
            policies: BTreeMap::new(),
            of_nodes: false,
            origin: None,
        }
    }

    /// Whether it is for machines.
    pub(crate) fn is_of_machines(&self) -> bool {
        MACHINES.contains(&self.kind.as_str())
    }

    fn view(&self) -> Value {
        let mut view = json!(self);
        if let Some(view) = view.as_object_mut() {
            for inner in ["policies", "ofNodes", "origin"] {
                view.remove(inner);
            }
        }
        view
    }
}

/// Lets who made the cluster in as its administrator.
pub(crate) fn admit_creator(cluster: &mut Cluster, scene: &mut Scene<'_>) {
    let arn = scene.caller.to_owned();
    let Ok(principal) = Principal::read(&arn, scene) else {
        return;
    };
    let name = cluster.living.shown.name.clone();
    let mut entry = Entry::new(&name, &arn, &principal, "STANDARD", scene);
    let admin = Associated::new(
        CLUSTER_ADMIN,
        json!({"type": "cluster", "namespaces": []}),
        scene,
    );
    entry.policies.insert(CLUSTER_ADMIN.to_owned(), admin);
    cluster.entries.insert(arn, entry);
}

/// Lets the nodes of a role in, where access is by the API.
pub(crate) fn admit_nodes(cluster: &mut Cluster, role: &str, image: &str, scene: &mut Scene<'_>) {
    let by_map = cluster.living.shown.access_config.authentication_mode == "CONFIG_MAP";
    if by_map || cluster.entries.contains_key(role) {
        return;
    }
    let kind = if image.starts_with("WINDOWS") {
        "EC2_WINDOWS"
    } else {
        "EC2_LINUX"
    };
    if let Ok(principal) = Principal::read(role, scene) {
        let name = cluster.living.shown.name.clone();
        let mut entry = Entry::new(&name, role, &principal, kind, scene);
        entry.of_nodes = true;
        cluster.entries.insert(role.to_owned(), entry);
    }
}

/// Lets the nodes of Auto Mode in, where it has node pools of its own.
pub(crate) fn admit_auto_nodes(cluster: &mut Cluster, compute: &Value, scene: &mut Scene<'_>) {
    let pools = compute["nodePools"]
        .as_array()
        .is_some_and(|pools| !pools.is_empty());
    let Some(role) = compute["nodeRoleArn"].as_str().filter(|_| pools) else {
        return;
    };
    if cluster.entries.contains_key(role) {
        return;
    }
    if let Ok(principal) = Principal::read(role, scene) {
        let name = cluster.living.shown.name.clone();
        let mut entry = Entry::new(&name, role, &principal, "EC2", scene);
        let policy = Associated::new(
            AUTO_NODE,
            json!({"type": "cluster", "namespaces": []}),
            scene,
        );
        entry.policies.insert(AUTO_NODE.to_owned(), policy);
        cluster.entries.insert(role.to_owned(), entry);
    }
}

/// An entry that a cluster does not have.
pub(crate) fn unknown() -> Fault {
    not_found(
        "The specified principalArn could not be found. You can view your available access entries with 'list-access-entries'.",
    )
}

/// The cluster, if it lets people in by the API.
pub(crate) fn by_api<'a>(eks: &'a mut Eks, call: &Call<'_>) -> Result<&'a mut Cluster, Fault> {
    let cluster = eks.cluster_mut(call.part(1))?;
    if cluster.living.shown.access_config.authentication_mode == "CONFIG_MAP" {
        return Err(refused(
            "The cluster's authentication mode must be set to one of [API, API_AND_CONFIG_MAP] to perform this operation.",
        ));
    }
    Ok(cluster)
}

fn check_groups(groups: &[String]) -> Result<(), Fault> {
    match groups.iter().find(|group| group.starts_with("system:")) {
        Some(group) => Err(invalid(format!(
            "The kubernetes group name {group} is invalid, it cannot start with system:"
        ))),
        None => Ok(()),
    }
}

fn check_username(username: &str) -> Result<(), Fault> {
    const RESERVED: [&str; 5] = ["system:", "eks:", "aws:", "amazon:", "iam:"];
    if RESERVED.iter().any(|prefix| username.starts_with(prefix)) {
        return Err(invalid(format!(
            "The username {username} is invalid, it cannot start with one of {}",
            RESERVED.join(", ")
        )));
    }
    Ok(())
}

/// ListAccessEntries
pub(crate) fn list(eks: &mut Eks, call: &Call<'_>) -> Result<Value, Fault> {
    let cluster = by_api(eks, call)?;
    let policy = call.request.parameter("associatedPolicyArn");
    let entries = cluster.entries.values();
    let entries =
        entries.filter(|entry| policy.is_none_or(|policy| entry.policies.contains_key(policy)));
    let names = entries.map(|entry| json!(entry.principal_arn));
    call.page("accessEntries", names.collect())
}

/// DescribeAccessEntry
pub(crate) fn describe(eks: &mut Eks, call: &Call<'_>) -> Result<Value, Fault> {
    let cluster = by_api(eks, call)?;
    let entry = cluster.entries.get(call.part(3)).ok_or_else(unknown)?;
    Ok(json!({"accessEntry": entry.view()}))
}

/// CreateAccessEntry
pub(crate) fn create(
    eks: &mut Eks,
    call: &Call<'_>,
    scene: &mut Scene<'_>,
) -> Result<Value, Fault> {
    let input: Input = call.input()?;
    let cluster = by_api(eks, call)?;
    cluster.up()?;
    if let Some(there) = cluster.entries.get(&input.principal_arn) {
        if call.repeats(there.origin.as_ref())? {
            return Ok(json!({"accessEntry": there.view()}));
        }
        return Err(in_use(
            "The specified access entry resource is already in use on this cluster.",
        ));
    }
    let kind = input.kind.as_deref().unwrap_or("STANDARD");
    if kind != "STANDARD" && !MACHINES.contains(&kind) {
        return Err(invalid(format!(
            "The type {kind} of the access entry is not supported"
        )));
    }
    let groups = input.kubernetes_groups.unwrap_or_default();
    if kind != "STANDARD" && (!groups.is_empty() || input.username.is_some()) {
        return Err(invalid(format!(
            "The username and kubernetesGroups of an access entry of the type {kind} cannot be set"
        )));
    }
    tags::check(&input.tags)?;
    check_groups(&groups)?;
    let principal = Principal::read(&input.principal_arn, scene)?;
    if kind != "STANDARD" && principal.kind != "role" {
        return Err(invalid(
            "The specified principalArn is invalid: invalid principal.",
        ));
    }
    let name = cluster.living.shown.name.clone();
    let mut entry = Entry::new(&name, &input.principal_arn, &principal, kind, scene);
    entry.tags = input.tags;
    entry.origin = call.origin();
    if kind == "STANDARD" {
        entry.kubernetes_groups = groups;
    }
    if let Some(username) = input.username.filter(|username| !username.is_empty()) {
        check_username(&username)?;
        entry.username = username;
    }
    let view = entry.view();
    cluster.entries.insert(input.principal_arn, entry);
    Ok(json!({"accessEntry": view}))
}

/// UpdateAccessEntry
pub(crate) fn update(
    eks: &mut Eks,
    call: &Call<'_>,
    scene: &mut Scene<'_>,
) -> Result<Value, Fault> {
    let input: Input = call.input()?;
    let cluster = by_api(eks, call)?;
    let entry = cluster.entries.get_mut(call.part(3)).ok_or_else(unknown)?;
    if entry.is_of_machines() {
        return Err(refused(format!(
            "Access entries of the type {} cannot be updated",
            entry.kind
        )));
    }
    if let Some(groups) = input.kubernetes_groups {
        check_groups(&groups)?;
        entry.kubernetes_groups = groups;
    }
    if let Some(username) = input.username.filter(|username| !username.is_empty()) {
        check_username(&username)?;
        entry.username = username;
    }
    entry.modified_at = scene.seconds();
    Ok(json!({"accessEntry": entry.view()}))
}

/// DeleteAccessEntry
pub(crate) fn delete(eks: &mut Eks, call: &Call<'_>) -> Result<Value, Fault> {
    let cluster = by_api(eks, call)?;
    cluster.entries.remove(call.part(3)).ok_or_else(unknown)?;
    Ok(json!({}))
}
