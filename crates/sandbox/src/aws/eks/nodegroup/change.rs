//! UpdateNodegroupConfig, UpdateNodegroupVersion.

use super::create::{launch_template, release, version_of};
use super::{Described, Scaling, Taint, check_taints, unknown, update_of};
use crate::aws::eks::call::{Call, Scene};
use crate::aws::eks::refusal::{in_use, invalid};
use crate::aws::eks::updates::{Of, Update};
use crate::aws::eks::versions::number;
use crate::aws::eks::{Eks, network};
use crate::aws::fault::Fault;
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;

type Params = Vec<(&'static str, String)>;

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Config {
    labels: Labels,
    taints: Taints,
    scaling_config: Value,
    update_config: Value,
    node_repair_config: Option<Value>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Labels {
    add_or_update_labels: BTreeMap<String, String>,
    remove_labels: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Taints {
    add_or_update_taints: Vec<Taint>,
    remove_taints: Vec<Taint>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Version {
    version: Option<String>,
    release_version: Option<String>,
    launch_template: Option<Value>,
}

/// UpdateNodegroupConfig
pub(crate) fn update_config(
    eks: &mut Eks,
    call: &Call<'_>,
    scene: &mut Scene<'_>,
) -> Result<Value, Fault> {
    let config: Config = call.input()?;
    start(eks, call, scene, "ConfigUpdate", |to, _| {
        configure(config, to)
    })
}

/// UpdateNodegroupVersion
pub(crate) fn update_version(
    eks: &mut Eks,
    call: &Call<'_>,
    scene: &mut Scene<'_>,
) -> Result<Value, Fault> {
    let asked: Version = call.input()?;
    start(eks, call, scene, "VersionUpdate", |to, cluster| {
        move_to(&asked, to, cluster)
    })
}

/// Starts an update unless another is under way, or the request is the repetition of one that was answered.
fn start(
    eks: &mut Eks,
    call: &Call<'_>,
    scene: &mut Scene<'_>,
    kind: &str,
    change: impl FnOnce(&mut Described, &str) -> Result<Params, Fault>,
) -> Result<Value, Fault> {
    let cluster = eks.cluster_mut(call.part(1))?;
    if let Some(update) = Update::repeated(&cluster.updates, call, scene.now)? {
        return Ok(update);
    }
    cluster.up()?;
    let name = call.part(3);
    let found = cluster.nodegroups.get_mut(name);
    let nodegroup = found.ok_or_else(|| unknown(name))?;
    if !nodegroup.living.is_active() {
        return Err(in_use(
            "Nodegroup cannot be updated as it is currently not in Active State",
        ));
    }
    let mut to = nodegroup.living.shown.clone();
    let params = change(&mut to, &cluster.living.shown.version)?;
    to.modified_at = scene.seconds();
    let count = to.scaling_config.desired_size;
    if count != nodegroup.living.shown.scaling_config.desired_size {
        let group = &cluster
            .living
            .shown
            .resources_vpc_config
            .cluster_security_group_id;
        network::detach(scene.ec2, &to.nodegroup_arn);
        network::run_nodes(count, &to.nodegroup_arn, &to.subnets, group, scene);
    }
    let update = Update::new(Of::Nodegroup(name.to_owned()), kind, params, call, scene);
    let view = update.view(None);
    nodegroup.living.update(to, scene.due);
    cluster.updates.push(update);
    Ok(json!({"update": view}))
}

fn configure(config: Config, to: &mut Described) -> Result<Params, Fault> {
    let mut params = Params::new();
    let Labels {
        add_or_update_labels: add,
        remove_labels: remove,
    } = config.labels;
    if !add.is_empty() {
        params.push(("LabelsToAdd", json!(add).to_string()));
    }
    if !remove.is_empty() {
        params.push(("LabelsToRemove", json!(remove).to_string()));
    }
    to.labels.retain(|name, _| !remove.contains(name));
    to.labels.extend(add);
    let Taints {
        add_or_update_taints: add,
        remove_taints: remove,
    } = config.taints;
    if !add.is_empty() {
        params.push(("TaintsToAdd", json!(add).to_string()));
    }
    if !remove.is_empty() {
        params.push(("TaintsToRemove", json!(remove).to_string()));
    }
    let same = |one: &Taint, other: &Taint| one.key == other.key && one.effect == other.effect;
    let goes = |taint: &Taint| remove.iter().chain(&add).any(|other| same(taint, other));
    to.taints.retain(|taint| !goes(taint));
    to.taints.extend(add);
    check_taints(&to.taints)?;
    if !config.scaling_config.is_null() {
        to.scaling_config = Scaling::of(&config.scaling_config, to.scaling_config)?;
        let Scaling {
            min_size,
            max_size,
            desired_size,
        } = to.scaling_config;
        params.push(("MinSize", min_size.to_string()));
        params.push(("MaxSize", max_size.to_string()));
        params.push(("DesiredSize", desired_size.to_string()));
    }
    if !config.update_config.is_null() {
        to.update_config = update_of(&config.update_config)?;
        for (name, of) in [
            ("MaxUnavailable", "maxUnavailable"),
            ("MaxUnavailablePercentage", "maxUnavailablePercentage"),
        ] {
            if let Some(value) = to.update_config.get(of) {
                params.push((name, value.to_string()));
            }
        }
    }
    if let Some(repair) = config.node_repair_config {
        params.push(("NodeRepairEnabled", repair["enabled"].to_string()));
        to.node_repair_config = Some(repair);
    }
    if params.is_empty() {
        return Err(invalid("No changes are requested for the node group"));
    }
    Ok(params)
}

fn move_to(asked: &Version, to: &mut Described, cluster: &str) -> Result<Params, Fault> {
    let mut params = Params::new();
    let version = asked
        .version
        .as_deref()
        .or(asked.launch_template.is_none().then_some(cluster));
    let version = version.unwrap_or(&to.version);
    let minor = version_of(version, cluster)?;
    if minor.number() < number(&to.version) {
        return Err(invalid(format!(
            "Nodegroup Kubernetes version {version} is older than its version {}",
            to.version
        )));
    }
    let stays = minor.name == to.version && asked.launch_template.is_some();
    let release = match asked.release_version.as_deref() {
        None if stays => to.release_version.clone(),
        given => release(given, minor)?,
    };
    params.push(("Version", minor.name.to_owned()));
    params.push(("ReleaseVersion", release.clone()));
    minor.name.clone_into(&mut to.version);
    to.release_version = release;
    if let Some(template) = &asked.launch_template {
        if to.launch_template.is_none() {
            return Err(invalid(
                "You cannot specify launch template while updating a nodegroup that was created without one",
            ));
        }
        let template = launch_template(template)?;
        params.push((
            "LaunchTemplateName",
            template["name"].as_str().unwrap_or_default().to_owned(),
        ));
        params.push((
            "LaunchTemplateVersion",
            template["version"].as_str().unwrap_or_default().to_owned(),
        ));
        to.launch_template = Some(template);
    }
    Ok(params)
}
