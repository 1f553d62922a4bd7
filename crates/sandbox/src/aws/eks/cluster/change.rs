//! UpdateClusterConfig, UpdateClusterVersion, AssociateEncryptionConfig.

use super::create::{compute, storage};
use super::options::{
    AccessRequest, ComputeRequest, NetworkRequest, StorageRequest, VpcRequest, auto_mode,
};
use super::{Cluster, Described, options};
use crate::aws::eks::call::{Call, Scene};
use crate::aws::eks::refusal::{in_use, invalid, refused};
use crate::aws::eks::updates::{Of, Update};
use crate::aws::eks::versions::{Minor, number};
use crate::aws::eks::{Eks, access, network};
use crate::aws::fault::Fault;
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Config {
    resources_vpc_config: Option<VpcRequest>,
    logging: Option<Value>,
    access_config: Option<AccessRequest>,
    upgrade_policy: Option<Value>,
    zonal_shift_config: Option<Value>,
    remote_network_config: Option<Value>,
    compute_config: Option<ComputeRequest>,
    kubernetes_network_config: Option<NetworkRequest>,
    storage_config: Option<StorageRequest>,
    deletion_protection: Option<bool>,
}

/// What an update does: its type, its parameters, what the cluster is then.
struct Change {
    kind: &'static str,
    params: Vec<(&'static str, String)>,
    to: Described,
}

/// UpdateClusterConfig
pub(crate) fn update_config(
    eks: &mut Eks,
    call: &Call<'_>,
    scene: &mut Scene<'_>,
) -> Result<Value, Fault> {
    let config: Config = call.input()?;
    let cluster = eks.cluster_mut(call.part(1))?;
    start(cluster, call, scene, |cluster, scene| {
        let from = &cluster.living.shown;
        let mut changes = asked(&config, from, scene)?;
        match (changes.pop(), changes.is_empty()) {
            (Some(change), true) => Ok(change),
            (Some(_), false) => Err(invalid("Only one type of update can be allowed.")),
            (None, _) => Err(invalid(
                "No changes needed for the cluster: the request names none",
            )),
        }
    })
}

/// UpdateClusterVersion
pub(crate) fn update_version(
    eks: &mut Eks,
    call: &Call<'_>,
    scene: &mut Scene<'_>,
) -> Result<Value, Fault> {
    #[derive(Deserialize)]
    struct Input {
        version: String,
    }
    let input: Input = call.input()?;
    let cluster = eks.cluster_mut(call.part(1))?;
    start(cluster, call, scene, |cluster, _| {
        let to = Minor::named(Some(&input.version))?;
        let from = &cluster.living.shown.version;
        if to.name == from {
            return Err(invalid(format!("Cluster is already at version {from}")));
        }
        if to.number() != number(from) + 1 {
            return Err(invalid(format!(
                "Unsupported Kubernetes minor version update from {from} to {}",
                to.name
            )));
        }
        let behind = cluster
            .nodegroups
            .values()
            .filter(|nodegroup| number(&nodegroup.living.shown.version) + 3 < to.number());
        let behind: Vec<_> = behind
            .map(|nodegroup| nodegroup.living.shown.nodegroup_name.as_str())
            .collect();
        if !behind.is_empty() {
            return Err(refused(format!(
                "Nodegroups [{}] must be updated to match cluster version {from} before updating cluster version",
                behind.join(", ")
            )));
        }
        let mut described = cluster.living.shown.clone();
        to.name.clone_into(&mut described.version);
        to.platform.clone_into(&mut described.platform_version);
        Ok(Change {
            kind: "VersionUpdate",
            params: vec![
                ("Version", to.name.to_owned()),
                ("PlatformVersion", to.platform.to_owned()),
            ],
            to: described,
        })
    })
}

/// AssociateEncryptionConfig
pub(crate) fn encrypt(
    eks: &mut Eks,
    call: &Call<'_>,
    scene: &mut Scene<'_>,
) -> Result<Value, Fault> {
    let cluster = eks.cluster_mut(call.part(1))?;
    start(cluster, call, scene, |cluster, _| {
        if cluster.living.shown.encryption_config.is_some() {
            return Err(invalid("Encryption is already enabled for the cluster"));
        }
        let config = options::encryption(&call.body["encryptionConfig"])?;
        let mut to = cluster.living.shown.clone();
        to.encryption_config = Some(config.clone());
        Ok(Change {
            kind: "AssociateEncryptionConfig",
            params: vec![("EncryptionConfig", config.to_string())],
            to,
        })
    })
}

/// Starts an update unless another is under way, or the request is the repetition of one that was answered.
fn start(
    cluster: &mut Cluster,
    call: &Call<'_>,
    scene: &mut Scene<'_>,
    change: impl FnOnce(&Cluster, &Scene<'_>) -> Result<Change, Fault>,
) -> Result<Value, Fault> {
    if let Some(update) = Update::repeated(&cluster.updates, call, scene.now)? {
        return Ok(update);
    }
    if !cluster.living.is_active() {
        let name = &cluster.living.shown.name;
        let progress = Update::in_progress(&cluster.updates, &Of::Cluster, scene.now);
        return Err(in_use(match progress {
            Some(id) => format!(
                "Cannot update because cluster {name} currently has update {id} in progress"
            ),
            None => format!(
                "Cannot update because cluster {name} is not in ACTIVE state: its status is {}",
                cluster.living.status()
            ),
        }));
    }
    let Change { kind, params, to } = change(cluster, scene)?;
    let shown = &cluster.living.shown;
    if to.resources_vpc_config != shown.resources_vpc_config {
        move_interfaces(shown, &to, scene)?;
    }
    let update = Update::new(Of::Cluster, kind, params, call, scene);
    let view = update.view(None);
    if let Some(compute) = to
        .compute_config
        .as_ref()
        .filter(|_| kind == "AutoModeUpdate")
    {
        access::admit_auto_nodes(cluster, compute, scene);
    }
    cluster.living.update(to, scene.due);
    cluster.updates.push(update);
    Ok(json!({"update": view}))
}

/// Attaches the control plane to other subnets, or where it was if that fails. Nothing holds the subnets that it left.
fn move_interfaces(from: &Described, to: &Described, scene: &mut Scene<'_>) -> Result<(), Fault> {
    network::detach(scene.ec2, &from.arn);
    network::attach(&to.name, &to.arn, &to.resources_vpc_config, scene).inspect_err(|_| {
        network::detach(scene.ec2, &from.arn);
        // It was attached there a moment ago.
        let _ = network::attach(&from.name, &from.arn, &from.resources_vpc_config, scene);
    })
}

/// All changes that a request names.
fn asked(config: &Config, from: &Described, scene: &Scene<'_>) -> Result<Vec<Change>, Fault> {
    let mut changes = Vec::new();
    if let Some(vpc) = &config.resources_vpc_config {
        changes.extend(endpoint(vpc, from)?);
        changes.extend(placement(vpc, from, scene)?);
    }
    if let Some(asked) = &config.logging {
        let logging = options::logging(Some(&from.logging), Some(asked))?;
        if logging == from.logging {
            return Err(invalid("No changes needed for the logging config provided"));
        }
        let mut to = from.clone();
        to.logging = logging;
        let params = vec![("ClusterLogging", asked.to_string())];
        changes.push(Change {
            kind: "LoggingUpdate",
            params,
            to,
        });
    }
    if let Some(mode) = config
        .access_config
        .as_ref()
        .and_then(|asked| asked.authentication_mode.as_ref())
    {
        options::authentication(Some(&from.access_config.authentication_mode), mode)?;
        let mut to = from.clone();
        mode.clone_into(&mut to.access_config.authentication_mode);
        let params = vec![("AuthenticationMode", mode.clone())];
        changes.push(Change {
            kind: "AccessConfigUpdate",
            params,
            to,
        });
    }
    if let Some(asked) = &config.upgrade_policy {
        let mut to = from.clone();
        to.upgrade_policy = options::upgrade_policy(Some(asked))?;
        let params = vec![("UpgradePolicy", to.upgrade_policy.to_string())];
        changes.push(Change {
            kind: "UpgradePolicyUpdate",
            params,
            to,
        });
    }
    if let Some(asked) = &config.zonal_shift_config {
        let mut to = from.clone();
        to.zonal_shift_config = Some(asked.clone());
        let params = vec![("ZonalShiftConfig", asked.to_string())];
        changes.push(Change {
            kind: "ZonalShiftConfigUpdate",
            params,
            to,
        });
    }
    if let Some(asked) = &config.remote_network_config {
        let mut to = from.clone();
        to.remote_network_config = Some(asked.clone());
        let params = vec![("RemoteNetworkConfig", asked.to_string())];
        changes.push(Change {
            kind: "RemoteNetworkConfigUpdate",
            params,
            to,
        });
    }
    if let Some(protection) = config.deletion_protection {
        let mut to = from.clone();
        to.deletion_protection = protection;
        let params = vec![("DeletionProtection", protection.to_string())];
        changes.push(Change {
            kind: "DeletionProtectionUpdate",
            params,
            to,
        });
    }
    changes.extend(auto(config, from)?);
    Ok(changes)
}

/// Who reaches the endpoint.
fn endpoint(asked: &VpcRequest, from: &Described) -> Result<Option<Change>, Fault> {
    let VpcRequest {
        endpoint_public_access: public,
        endpoint_private_access: private,
        ..
    } = *asked;
    if public.is_none() && private.is_none() && asked.public_access_cidrs.is_none() {
        return Ok(None);
    }
    let mut to = from.clone();
    let config = &mut to.resources_vpc_config;
    config.endpoint_public_access = public.unwrap_or(config.endpoint_public_access);
    config.endpoint_private_access = private.unwrap_or(config.endpoint_private_access);
    if let Some(cidrs) = &asked.public_access_cidrs {
        config.public_access_cidrs.clone_from(cidrs);
    }
    if config.endpoint_public_access && config.public_access_cidrs.is_empty() {
        config.public_access_cidrs = vec!["0.0.0.0/0".to_owned()];
    }
    let (public, private) = (
        config.endpoint_public_access,
        config.endpoint_private_access,
    );
    let cidrs = format!("[{}]", config.public_access_cidrs.join(", "));
    options::endpoint(public, private, &config.public_access_cidrs)?;
    if *config == from.resources_vpc_config {
        return Err(invalid(format!(
            "Cluster is already at the desired configuration with endpointPrivateAccess: {private} , endpointPublicAccess: {public}, and Public Endpoint Restrictions: {cidrs}"
        )));
    }
    Ok(Some(Change {
        kind: "EndpointAccessUpdate",
        params: vec![
            ("EndpointPublicAccess", public.to_string()),
            ("EndpointPrivateAccess", private.to_string()),
            ("PublicAccessCidrs", cidrs),
        ],
        to,
    }))
}

/// Where the control plane is attached.
fn placement(
    asked: &VpcRequest,
    from: &Described,
    scene: &Scene<'_>,
) -> Result<Option<Change>, Fault> {
    if asked.subnet_ids.is_none() && asked.security_group_ids.is_none() {
        return Ok(None);
    }
    let mut to = from.clone();
    let config = &mut to.resources_vpc_config;
    if let Some(subnets) = &asked.subnet_ids {
        let vpc = network::place(subnets, scene)?;
        if vpc != config.vpc_id {
            return Err(invalid(format!(
                "Subnets specified must belong to the VPC {} of the cluster",
                config.vpc_id
            )));
        }
        config.subnet_ids.clone_from(subnets);
    }
    if let Some(groups) = &asked.security_group_ids {
        network::check_groups(groups, &config.vpc_id, scene)?;
        config.security_group_ids.clone_from(groups);
    }
    if *config == from.resources_vpc_config {
        return Err(invalid(
            "Cluster is already at the desired configuration with the same subnets and security groups",
        ));
    }
    let params = vec![
        ("Subnets", json!(config.subnet_ids).to_string()),
        (
            "SecurityGroups",
            json!(config.security_group_ids).to_string(),
        ),
    ];
    Ok(Some(Change {
        kind: "VpcConfigUpdate",
        params,
        to,
    }))
}

/// Auto Mode: all three parts of it, or none.
fn auto(config: &Config, from: &Described) -> Result<Option<Change>, Fault> {
    let balancing = config.kubernetes_network_config.as_ref();
    let balancing = balancing.and_then(|network| network.elastic_load_balancing);
    if config.compute_config.is_none() && config.storage_config.is_none() && balancing.is_none() {
        return Ok(None);
    }
    let on = auto_mode(
        config
            .compute_config
            .as_ref()
            .and_then(|compute| compute.enabled),
        balancing.and_then(|switch| switch.enabled),
        config
            .storage_config
            .and_then(|storage| storage.block_storage.enabled),
    )?;
    let mut to = from.clone();
    to.compute_config = config.compute_config.as_ref().map(compute);
    to.storage_config = config.storage_config.map(storage);
    to.kubernetes_network_config.elastic_load_balancing = json!({"enabled": on});
    let params = vec![
        ("ComputeConfig", json!(to.compute_config).to_string()),
        ("StorageConfig", json!(to.storage_config).to_string()),
        (
            "KubernetesNetworkConfig",
            to.kubernetes_network_config
                .elastic_load_balancing
                .to_string(),
        ),
    ];
    Ok(Some(Change {
        kind: "AutoModeUpdate",
        params,
        to,
    }))
}
