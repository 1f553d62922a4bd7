//! CreateCluster.

use super::options::{
    AccessRequest, ComputeRequest, NetworkRequest, StorageRequest, VpcRequest, auto_mode,
};
use super::{AccessConfig, Cluster, Described, KubernetesNetwork, VpcConfig, options};
use crate::aws::eks::call::{Call, Scene};
use crate::aws::eks::living::Living;
use crate::aws::eks::refusal::{in_use, invalid};
use crate::aws::eks::tags::{self, Tags};
use crate::aws::eks::versions::Minor;
use crate::aws::eks::{Eks, access, network, roles};
use crate::aws::fault::Fault;
use base64::Engine;
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Input {
    name: String,
    version: Option<String>,
    role_arn: String,
    resources_vpc_config: VpcRequest,
    #[serde(default)]
    kubernetes_network_config: NetworkRequest,
    logging: Option<Value>,
    #[serde(default)]
    tags: Tags,
    encryption_config: Option<Value>,
    #[serde(default)]
    access_config: AccessRequest,
    upgrade_policy: Option<Value>,
    zonal_shift_config: Option<Value>,
    remote_network_config: Option<Value>,
    compute_config: Option<ComputeRequest>,
    storage_config: Option<StorageRequest>,
    outpost_config: Option<Value>,
    #[serde(default)]
    deletion_protection: bool,
}

/// CreateCluster
pub(crate) fn create(
    eks: &mut Eks,
    call: &Call<'_>,
    scene: &mut Scene<'_>,
) -> Result<Value, Fault> {
    let input: Input = call.input()?;
    check_name(&input.name)?;
    if let Some(there) = eks.clusters.get(&input.name) {
        if call.repeats(there.origin.as_ref())? {
            return Ok(json!({"cluster": there.view()}));
        }
        return Err(in_use(format!(
            "Cluster already exists with name: {}",
            input.name
        )));
    }
    if input.outpost_config.is_some() {
        return Err(invalid("The sandbox has no Outposts"));
    }
    tags::check(&input.tags)?;
    let creator = input
        .access_config
        .bootstrap_cluster_creator_admin_permissions;
    let described = described(&input, scene)?;
    let by_api = described.access_config.authentication_mode != "CONFIG_MAP";
    let mut cluster = Cluster {
        living: Living::new(described, scene.due),
        tags: input.tags,
        origin: call.origin(),
        updates: Vec::new(),
        nodegroups: BTreeMap::new(),
        addons: BTreeMap::new(),
        entries: BTreeMap::new(),
        associations: BTreeMap::new(),
    };
    if by_api && creator.unwrap_or(true) {
        access::admit_creator(&mut cluster, scene);
    }
    if let Some(compute) = cluster.living.shown.compute_config.clone() {
        access::admit_auto_nodes(&mut cluster, &compute, scene);
    }
    let mut view = cluster.view();
    view["accessConfig"]["bootstrapClusterCreatorAdminPermissions"] =
        json!(creator.unwrap_or(true));
    eks.clusters.insert(input.name, cluster);
    Ok(json!({"cluster": view}))
}

fn check_name(name: &str) -> Result<(), Fault> {
    let first = name.starts_with(|letter: char| letter.is_ascii_alphanumeric());
    let rest = |letter: char| letter.is_ascii_alphanumeric() || "-_".contains(letter);
    if first && name.len() <= 100 && name.chars().all(rest) {
        return Ok(());
    }
    Err(invalid(
        "The name parameter contains invalid characters or is too long: it must begin with a letter or digit, have letters, digits, hyphens and underscores, and at most 100 of them.",
    ))
}

fn described(input: &Input, scene: &mut Scene<'_>) -> Result<Described, Fault> {
    let minor = Minor::named(input.version.as_deref())?;
    roles::of_cluster(&input.role_arn, scene)?;
    let mode = input.access_config.authentication_mode.as_deref();
    let mode = mode.unwrap_or("CONFIG_MAP");
    options::authentication(None, mode)?;
    let balancing = input.kubernetes_network_config.elastic_load_balancing;
    let balancing = balancing.and_then(|switch| switch.enabled);
    let auto = auto_mode(
        input
            .compute_config
            .as_ref()
            .and_then(|compute| compute.enabled),
        balancing,
        input
            .storage_config
            .and_then(|storage| storage.block_storage.enabled),
    )?;
    if auto && mode == "CONFIG_MAP" {
        return Err(invalid(
            "EKS Auto Mode requires the authentication mode API or API_AND_CONFIG_MAP",
        ));
    }
    let logging = options::logging(None, input.logging.as_ref())?;
    let upgrade_policy = options::upgrade_policy(input.upgrade_policy.as_ref())?;
    let encryption = input.encryption_config.as_ref().map(options::encryption);
    let encryption_config = encryption.transpose()?;
    let vpc = vpc(&input.resources_vpc_config, scene)?;
    let network = network_of(input, &vpc, scene)?;
    let resources_vpc_config = VpcConfig {
        cluster_security_group_id: network::cluster_group(&input.name, &vpc.vpc_id, scene),
        ..vpc
    };
    let arn = scene.arn(&format!("cluster/{}", input.name));
    let attached = network::attach(&input.name, &arn, &resources_vpc_config, scene);
    if let Err(fault) = attached {
        network::detach(scene.ec2, &arn);
        network::drop_group(scene.ec2, &resources_vpc_config.cluster_security_group_id);
        return Err(fault);
    }
    let code = scene.ids.text(b"0123456789ABCDEF", 32);
    let region = scene.region;
    Ok(Described {
        name: input.name.clone(),
        arn,
        created_at: scene.seconds(),
        version: minor.name.to_owned(),
        endpoint: format!("https://{code}.gr7.{region}.eks.amazonaws.com"),
        role_arn: input.role_arn.clone(),
        resources_vpc_config,
        kubernetes_network_config: network,
        logging,
        identity: json!({"oidc": {"issuer": format!("https://oidc.eks.{region}.amazonaws.com/id/{code}")}}),
        certificate_authority: json!({"data": certificate(scene)}),
        platform_version: minor.platform.to_owned(),
        encryption_config,
        access_config: AccessConfig {
            authentication_mode: mode.to_owned(),
        },
        upgrade_policy,
        zonal_shift_config: input.zonal_shift_config.clone(),
        remote_network_config: input.remote_network_config.clone(),
        compute_config: input.compute_config.as_ref().map(compute),
        storage_config: input.storage_config.map(storage),
        deletion_protection: input.deletion_protection,
    })
}

/// The network as it is shown, but for the group that is still to be made.
fn vpc(asked: &VpcRequest, scene: &Scene<'_>) -> Result<VpcConfig, Fault> {
    let subnets = asked.subnet_ids.clone().unwrap_or_default();
    let groups = asked.security_group_ids.clone().unwrap_or_default();
    let vpc_id = network::place(&subnets, scene)?;
    network::check_groups(&groups, &vpc_id, scene)?;
    let public = asked.endpoint_public_access.unwrap_or(true);
    let private = asked.endpoint_private_access.unwrap_or(false);
    let cidrs = asked
        .public_access_cidrs
        .clone()
        .filter(|cidrs| !cidrs.is_empty());
    let cidrs = cidrs.unwrap_or_else(|| {
        if public {
            vec!["0.0.0.0/0".to_owned()]
        } else {
            Vec::new()
        }
    });
    options::endpoint(public, private, &cidrs)?;
    Ok(VpcConfig {
        subnet_ids: subnets,
        security_group_ids: groups,
        cluster_security_group_id: String::new(),
        vpc_id,
        endpoint_public_access: public,
        endpoint_private_access: private,
        public_access_cidrs: cidrs,
    })
}

fn network_of(
    input: &Input,
    vpc: &VpcConfig,
    scene: &mut Scene<'_>,
) -> Result<KubernetesNetwork, Fault> {
    let asked = &input.kubernetes_network_config;
    let family = asked.ip_family.as_deref().unwrap_or("ipv4");
    let (four, six) = match family {
        "ipv4" => {
            let ranges = network::ranges(&vpc.vpc_id, scene);
            let range = asked.service_ipv4_cidr.as_deref();
            (Some(options::service_range(range, &ranges)?), None)
        }
        "ipv6" if asked.service_ipv4_cidr.is_some() => {
            return Err(invalid(
                "serviceIpv4Cidr cannot be given with the ipFamily ipv6",
            ));
        }
        "ipv6" => (
            None,
            Some(format!(
                "fd{}::/108",
                scene.ids.text(b"0123456789abcdef", 2)
            )),
        ),
        _ => return Err(invalid(format!("Unsupported ipFamily: {family}"))),
    };
    let balancing = asked
        .elastic_load_balancing
        .and_then(|switch| switch.enabled);
    Ok(KubernetesNetwork {
        service_ipv4_cidr: four,
        service_ipv6_cidr: six,
        ip_family: family.to_owned(),
        elastic_load_balancing: json!({"enabled": balancing.unwrap_or_default()}),
    })
}

/// Compute of Auto Mode as it is shown.
pub(super) fn compute(asked: &ComputeRequest) -> Value {
    let mut shown = json!({"enabled": asked.enabled.unwrap_or_default()});
    if let Some(pools) = &asked.node_pools {
        shown["nodePools"] = json!(pools);
    }
    if let Some(role) = &asked.node_role_arn {
        shown["nodeRoleArn"] = json!(role);
    }
    shown
}

/// Storage of Auto Mode as it is shown.
pub(super) fn storage(asked: StorageRequest) -> Value {
    json!({"blockStorage": {"enabled": asked.block_storage.enabled.unwrap_or_default()}})
}

/// Something that looks like a certificate and is none.
fn certificate(scene: &mut Scene<'_>) -> String {
    const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let lines: Vec<_> = (0..12).map(|_| scene.ids.text(ALPHABET, 64)).collect();
    let text = format!(
        "-----BEGIN CERTIFICATE-----\nMIIC{}\n-----END CERTIFICATE-----\n",
        lines.join("\n")
    );
    base64::engine::general_purpose::STANDARD.encode(text)
}
