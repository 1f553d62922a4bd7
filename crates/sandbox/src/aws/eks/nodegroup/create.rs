//! CreateNodegroup.

use super::{Described, Nodegroup, Scaling, Taint, check_taints, update_of};
use crate::aws::eks::call::{Call, Scene};
use crate::aws::eks::cluster::Cluster;
use crate::aws::eks::living::Living;
use crate::aws::eks::refusal::{in_use, invalid};
use crate::aws::eks::tags::{self, Tags};
use crate::aws::eks::versions::Minor;
use crate::aws::eks::{Eks, access, network, roles};
use crate::aws::fault::Fault;
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Input {
    nodegroup_name: String,
    #[serde(default)]
    scaling_config: Value,
    disk_size: Option<u32>,
    subnets: Vec<String>,
    instance_types: Option<Vec<String>>,
    ami_type: Option<String>,
    remote_access: Option<Value>,
    node_role: String,
    #[serde(default)]
    labels: BTreeMap<String, String>,
    #[serde(default)]
    taints: Vec<Taint>,
    #[serde(default)]
    tags: Tags,
    launch_template: Option<Value>,
    #[serde(default)]
    update_config: Value,
    node_repair_config: Option<Value>,
    capacity_type: Option<String>,
    version: Option<String>,
    release_version: Option<String>,
}

/// CreateNodegroup
pub(crate) fn create(
    eks: &mut Eks,
    call: &Call<'_>,
    scene: &mut Scene<'_>,
) -> Result<Value, Fault> {
    let input: Input = call.input()?;
    let cluster = eks.cluster_mut(call.part(1))?;
    let name = input.nodegroup_name.clone();
    if let Some(there) = cluster.nodegroups.get(&name) {
        if call.repeats(there.origin.as_ref())? {
            return Ok(json!({"nodegroup": there.view()}));
        }
        return Err(in_use(format!(
            "NodeGroup already exists with name {name} and cluster name {}",
            cluster.living.shown.name
        )));
    }
    cluster.up()?;
    check_name(&name)?;
    tags::check(&input.tags)?;
    let mut described = described(&input, cluster, scene)?;
    let config = &cluster.living.shown.resources_vpc_config;
    let remote = described.remote_access.as_ref();
    let remote = remote.is_some_and(|access| access["ec2SshKey"].is_string());
    let remote_access_group =
        remote.then(|| network::remote_access_group(&name, &config.vpc_id, scene));
    if let Some(group) = &remote_access_group {
        described.resources["remoteAccessSecurityGroup"] = json!(group);
    }
    network::run_nodes(
        described.scaling_config.desired_size,
        &described.nodegroup_arn,
        &described.subnets,
        &config.cluster_security_group_id,
        scene,
    );
    access::admit_nodes(cluster, &described.node_role, &described.ami_type, scene);
    let nodegroup = Nodegroup {
        living: Living::new(described, scene.due),
        tags: input.tags,
        origin: call.origin(),
        remote_access_group,
    };
    let view = nodegroup.view();
    cluster.nodegroups.insert(name, nodegroup);
    Ok(json!({"nodegroup": view}))
}

fn check_name(name: &str) -> Result<(), Fault> {
    let first = name.starts_with(|letter: char| letter.is_ascii_alphanumeric());
    let rest = |letter: char| letter.is_ascii_alphanumeric() || "-_".contains(letter);
    if first && name.len() <= 63 && name.chars().all(rest) {
        return Ok(());
    }
    Err(invalid(
        "The nodegroupName must begin with a letter or digit, have letters, digits, hyphens and underscores, and at most 63 of them",
    ))
}

fn described(input: &Input, cluster: &Cluster, scene: &mut Scene<'_>) -> Result<Described, Fault> {
    let of = &cluster.living.shown;
    roles::of_nodes(&input.node_role, scene)?;
    network::nodes(&input.subnets, &of.resources_vpc_config.vpc_id, scene)?;
    let before = Scaling {
        min_size: 1,
        max_size: 2,
        desired_size: 2,
    };
    let scaling_config = Scaling::of(&input.scaling_config, before)?;
    check_taints(&input.taints)?;
    let capacity = input.capacity_type.as_deref().unwrap_or("ON_DEMAND");
    if !["ON_DEMAND", "SPOT", "CAPACITY_BLOCK"].contains(&capacity) {
        return Err(invalid(format!("Unsupported capacity type: {capacity}")));
    }
    let template = input.launch_template.as_ref();
    if template.is_some() && (input.disk_size.is_some() || input.remote_access.is_some()) {
        return Err(invalid(
            "Disk size and remote access must be specified within the launch template.",
        ));
    }
    let version = input.version.as_deref().unwrap_or(&of.version);
    let minor = version_of(version, &of.version)?;
    let release = release(input.release_version.as_deref(), minor)?;
    let name = &input.nodegroup_name;
    let id = scene.ids.uuid();
    let types = input
        .instance_types
        .clone()
        .filter(|types| !types.is_empty());
    Ok(Described {
        nodegroup_name: name.clone(),
        nodegroup_arn: scene.arn(&format!("nodegroup/{}/{name}/{id}", of.name)),
        cluster_name: of.name.clone(),
        version: minor.name.to_owned(),
        release_version: release,
        created_at: scene.seconds(),
        modified_at: scene.seconds(),
        capacity_type: capacity.to_owned(),
        scaling_config,
        instance_types: types.or_else(|| template.is_none().then(|| vec!["t3.medium".to_owned()])),
        subnets: input.subnets.clone(),
        remote_access: input.remote_access.clone(),
        ami_type: input
            .ami_type
            .clone()
            .unwrap_or_else(|| "AL2023_x86_64_STANDARD".to_owned()),
        node_role: input.node_role.clone(),
        labels: input.labels.clone(),
        taints: input.taints.clone(),
        resources: json!({"autoScalingGroups": [{"name": format!("eks-{name}-{id}")}]}),
        disk_size: input.disk_size.or_else(|| template.is_none().then_some(20)),
        update_config: update_of(&input.update_config)?,
        node_repair_config: input.node_repair_config.clone(),
        launch_template: template.map(launch_template).transpose()?,
    })
}

/// The version of nodes: that of the control plane, or up to three before.
pub(super) fn version_of(version: &str, cluster: &str) -> Result<&'static Minor, Fault> {
    let minor = Minor::named(Some(version))?;
    let plane = Minor::named(Some(cluster))?;
    if (plane.number().saturating_sub(3)..=plane.number()).contains(&minor.number()) {
        return Ok(minor);
    }
    Err(invalid(format!(
        "Requested Nodegroup version {version} is not supported by the cluster version {cluster}"
    )))
}

/// The release of the image: that which is asked for, or the newest.
pub(super) fn release(asked: Option<&str>, minor: &Minor) -> Result<String, Fault> {
    let Some(asked) = asked.filter(|asked| !asked.is_empty()) else {
        return Ok(minor.release.to_owned());
    };
    let of_minor = asked
        .strip_prefix(minor.name)
        .is_some_and(|rest| rest.starts_with('.') && rest.contains('-'));
    // Bottlerocket counts its releases on its own: 1.42.0-...
    let of_other = asked.contains('-') && !asked.contains("-20");
    if of_minor || of_other {
        return Ok(asked.to_owned());
    }
    Err(invalid(format!(
        "Requested Nodegroup release version {asked} is invalid. Allowed release version is {}",
        minor.release
    )))
}

/// The launch template, with its id and its name.
pub(super) fn launch_template(asked: &Value) -> Result<Value, Fault> {
    let (id, name) = (asked["id"].as_str(), asked["name"].as_str());
    if id.is_some() == name.is_some() {
        return Err(invalid(
            "Either provide launch template ID or launch template name in the request.",
        ));
    }
    let (id, name) = network::launch_template(id, name);
    let version = asked["version"].as_str().unwrap_or("1");
    Ok(json!({"id": id, "name": name, "version": version}))
}
