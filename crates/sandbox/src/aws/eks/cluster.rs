//! Clusters.

mod change;
mod create;
mod options;

use super::Eks;
use super::access::Entry;
use super::addon::Addon;
use super::associations::Association;
use super::call::{Call, Origin, Scene};
use super::living::Living;
use super::network;
use super::nodegroup::Nodegroup;
use super::refusal::{in_use, not_found, refused};
use super::tags::Tags;
use super::updates::Update;
use crate::aws::ec2::Ec2;
use crate::aws::fault::Fault;
use crate::clock::Instant;
pub(crate) use change::{encrypt, update_config, update_version};
pub(crate) use create::create;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// A cluster with all that is in it.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Cluster {
    pub(crate) living: Living<Described>,
    pub(crate) tags: Tags,
    pub(crate) origin: Option<Origin>,
    pub(crate) updates: Vec<Update>,
    pub(crate) nodegroups: BTreeMap<String, Nodegroup>,
    pub(crate) addons: BTreeMap<String, Addon>,
    /// By the ARN of the principal.
    pub(crate) entries: BTreeMap<String, Entry>,
    /// By id.
    pub(crate) associations: BTreeMap<String, Association>,
}

/// A cluster as DescribeCluster shows it, without tags and status.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Described {
    pub(crate) name: String,
    pub(crate) arn: String,
    created_at: f64,
    pub(crate) version: String,
    endpoint: String,
    role_arn: String,
    pub(crate) resources_vpc_config: VpcConfig,
    pub(crate) kubernetes_network_config: KubernetesNetwork,
    logging: Value,
    identity: Value,
    certificate_authority: Value,
    platform_version: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    encryption_config: Option<Value>,
    pub(crate) access_config: AccessConfig,
    upgrade_policy: Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    zonal_shift_config: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    remote_network_config: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    compute_config: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    storage_config: Option<Value>,
    deletion_protection: bool,
}

/// The network of a control plane.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct VpcConfig {
    pub(crate) subnet_ids: Vec<String>,
    pub(crate) security_group_ids: Vec<String>,
    pub(crate) cluster_security_group_id: String,
    pub(crate) vpc_id: String,
    endpoint_public_access: bool,
    endpoint_private_access: bool,
    public_access_cidrs: Vec<String>,
}

/// The network of the Pods.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct KubernetesNetwork {
    #[serde(skip_serializing_if = "Option::is_none")]
    service_ipv4_cidr: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    service_ipv6_cidr: Option<String>,
    pub(crate) ip_family: String,
    elastic_load_balancing: Value,
}

/// Who gets into the cluster, and how.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AccessConfig {
    pub(crate) authentication_mode: String,
}

impl Cluster {
    /// A node group of it.
    pub(crate) fn nodegroup(&self, name: &str) -> Result<&Nodegroup, Fault> {
        let found = self.nodegroups.get(name);
        found.ok_or_else(|| super::nodegroup::unknown(name))
    }

    /// An add-on of it.
    pub(crate) fn addon(&self, name: &str) -> Result<&Addon, Fault> {
        let found = self.addons.get(name);
        found.ok_or_else(|| super::addon::unknown(name, &self.living.shown.name))
    }

    /// Refuses what a cluster that is not up cannot have.
    pub(crate) fn up(&self) -> Result<(), Fault> {
        if matches!(self.living.status(), "ACTIVE" | "UPDATING") {
            return Ok(());
        }
        let (name, status) = (&self.living.shown.name, self.living.status());
        Err(refused(format!(
            "Cluster '{name}' is not in ACTIVE state: its status is {status}"
        )))
    }

    /// Carries out what is due; false if the cluster is gone.
    pub(crate) fn settle(&mut self, now: Instant, ec2: &mut Ec2) -> bool {
        let Self {
            nodegroups,
            entries,
            ..
        } = self;
        nodegroups.retain(|_, nodegroup| {
            let stays = nodegroup.living.settle(now);
            if !stays {
                nodegroup.release(ec2);
            }
            stays
        });
        entries
            .retain(|arn, entry| !entry.of_nodes || nodegroups.values().any(|of| of.role() == arn));
        let mut gone = Vec::new();
        self.addons.retain(|_, addon| {
            let stays = addon.living.settle(now);
            if !stays {
                gone.push(addon.living.shown.addon_arn.clone());
            }
            stays
        });
        self.associations.retain(|_, association| {
            association
                .owner()
                .is_none_or(|owner| !gone.contains(owner))
        });
        let stays = self.living.settle(now);
        if !stays {
            let shown = &self.living.shown;
            network::detach(ec2, &shown.arn);
            network::drop_group(ec2, &shown.resources_vpc_config.cluster_security_group_id);
        }
        stays
    }

    /// When the next thing is due.
    pub(crate) fn due(&self) -> Option<Instant> {
        let nodegroups = self.nodegroups.values().map(|of| of.living.due());
        let addons = self.addons.values().map(|of| of.living.due());
        let all = nodegroups.chain(addons).chain([self.living.due()]);
        all.flatten().min()
    }

    /// What is shown.
    fn view(&self) -> Value {
        let shown = &self.living.shown;
        let mut view = json!(shown);
        view["status"] = json!(self.living.status());
        view["tags"] = json!(self.tags);
        view["health"] = json!({"issues": []});
        if self.living.status() == "CREATING" {
            // There is no control plane yet.
            view["certificateAuthority"] = json!({});
            if let Some(view) = view.as_object_mut() {
                view.remove("endpoint");
                view.remove("identity");
            }
            if let Some(network) = view["resourcesVpcConfig"].as_object_mut() {
                network.remove("clusterSecurityGroupId");
            }
        }
        view
    }
}

/// A cluster that does not exist.
pub(crate) fn unknown(name: &str) -> Fault {
    not_found(format!("No cluster found for name: {name}."))
}

/// ListClusters
pub(crate) fn list(eks: &Eks, call: &Call<'_>) -> Result<Value, Fault> {
    call.page(
        "clusters",
        eks.clusters.keys().map(|name| json!(name)).collect(),
    )
}

/// DescribeCluster
pub(crate) fn describe(eks: &Eks, call: &Call<'_>) -> Result<Value, Fault> {
    Ok(json!({"cluster": eks.cluster(call.part(1))?.view()}))
}

/// DeleteCluster
pub(crate) fn delete(eks: &mut Eks, call: &Call<'_>, scene: &Scene<'_>) -> Result<Value, Fault> {
    let cluster = eks.cluster_mut(call.part(1))?;
    let name = &cluster.living.shown.name;
    if cluster.living.shown.deletion_protection {
        return Err(refused(format!(
            "Cluster {name} has deletion protection enabled. Disable it before you delete the cluster"
        )));
    }
    if !cluster.nodegroups.is_empty() {
        return Err(in_use("Cluster has nodegroups attached"));
    }
    match cluster.living.status() {
        "ACTIVE" => {}
        "DELETING" => return Ok(json!({"cluster": cluster.view()})),
        status => {
            return Err(in_use(format!(
                "Cannot DeleteCluster because cluster {name} currently has an update or creation in progress: its status is {status}"
            )));
        }
    }
    cluster.living.delete(scene.due);
    Ok(json!({"cluster": cluster.view()}))
}
