//! Where each field of an update goes.

use super::super::failure::Failure;
use super::super::shapes;
use super::creating::{agree, set_private_nodes};
use super::{defaults, versions};
use serde_json::{Value, json};

/// Where a field of an update goes: the path in a cluster. Those not here go to the field that has their name without
/// `desired`.
const PLACES: [(&str, &str); 30] = [
    (
        "desiredAdditionalIpRangesConfig",
        "/ipAllocationPolicy/additionalIpRangesConfigs",
    ),
    (
        "desiredAutoIpamConfig",
        "/ipAllocationPolicy/autoIpamConfig",
    ),
    (
        "desiredAutopilotWorkloadPolicyConfig",
        "/autopilot/workloadPolicyConfig",
    ),
    (
        "desiredAutopilotClusterPolicyConfig",
        "/autopilot/clusterPolicyConfig",
    ),
    ("desiredClusterAutoscaling", "/autoscaling"),
    (
        "desiredContainerdConfig",
        "/nodePoolDefaults/nodeConfigDefaults/containerdConfig",
    ),
    ("desiredDatapathProvider", "/networkConfig/datapathProvider"),
    (
        "desiredDefaultSnatStatus",
        "/networkConfig/defaultSnatStatus",
    ),
    (
        "desiredDisableL4LbFirewallReconciliation",
        "/networkConfig/disableL4LbFirewallReconciliation",
    ),
    ("desiredDnsConfig", "/networkConfig/dnsConfig"),
    (
        "desiredEnableCiliumClusterwideNetworkPolicy",
        "/networkConfig/enableCiliumClusterwideNetworkPolicy",
    ),
    (
        "desiredEnableFqdnNetworkPolicy",
        "/networkConfig/enableFqdnNetworkPolicy",
    ),
    (
        "desiredEnableMultiNetworking",
        "/networkConfig/enableMultiNetworking",
    ),
    ("desiredGatewayApiConfig", "/networkConfig/gatewayApiConfig"),
    (
        "desiredGcfsConfig",
        "/nodePoolDefaults/nodeConfigDefaults/gcfsConfig",
    ),
    (
        "desiredInTransitEncryptionConfig",
        "/networkConfig/inTransitEncryptionConfig",
    ),
    ("desiredK8sBetaApis", "/enableK8sBetaApis"),
    (
        "desiredNetworkPerformanceConfig",
        "/networkConfig/networkPerformanceConfig",
    ),
    (
        "desiredNetworkTierConfig",
        "/ipAllocationPolicy/networkTierConfig",
    ),
    (
        "desiredNodeKubeletConfig",
        "/nodePoolDefaults/nodeConfigDefaults/nodeKubeletConfig",
    ),
    (
        "desiredNodePoolAutoConfigKubeletConfig",
        "/nodePoolAutoConfig/nodeKubeletConfig",
    ),
    (
        "desiredNodePoolAutoConfigLinuxNodeConfig",
        "/nodePoolAutoConfig/linuxNodeConfig",
    ),
    (
        "desiredNodePoolAutoConfigNetworkTags",
        "/nodePoolAutoConfig/networkTags",
    ),
    (
        "desiredNodePoolAutoConfigResourceManagerTags",
        "/nodePoolAutoConfig/resourceManagerTags",
    ),
    (
        "desiredNodePoolLoggingConfig",
        "/nodePoolDefaults/nodeConfigDefaults/loggingConfig",
    ),
    (
        "desiredPrivateIpv6GoogleAccess",
        "/networkConfig/privateIpv6GoogleAccess",
    ),
    (
        "desiredServiceExternalIpsConfig",
        "/networkConfig/serviceExternalIpsConfig",
    ),
    ("desiredStackType", "/ipAllocationPolicy/stackType"),
    (
        "additionalPodRangesConfig",
        "/ipAllocationPolicy/additionalPodRangesConfig",
    ),
    (
        "desiredAmbientNetworkingConfig",
        "/networkConfig/ambientNetworkingConfig",
    ),
];

/// Applies one field of an update.
pub(super) fn apply_field(value: &mut Value, field: &str, new: &Value) -> Result<(), Failure> {
    if apply_endpoint(value, field, new) {
        return Ok(());
    }
    match field {
        "desiredAddonsConfig" => defaults::overlay(&mut value["addonsConfig"], new),
        "desiredLoggingService" => set_service(value, "logging", new),
        "desiredMonitoringService" => set_service(value, "monitoring", new),
        "desiredLoggingConfig" => set_components(value, "logging", new),
        "desiredMonitoringConfig" => set_components(value, "monitoring", new),
        "desiredIntraNodeVisibilityConfig" => put(
            value,
            "/networkConfig/enableIntraNodeVisibility",
            new["enabled"].clone(),
        ),
        "desiredL4ilbSubsettingConfig" => put(
            value,
            "/networkConfig/enableL4ilbSubsetting",
            new["enabled"].clone(),
        ),
        "desiredDatabaseEncryption" => {
            let encrypted = new["state"] == json!("ENCRYPTED");
            let current = if encrypted {
                "CURRENT_STATE_ENCRYPTED"
            } else {
                "CURRENT_STATE_DECRYPTED"
            };
            value["databaseEncryption"] = new.clone();
            value["databaseEncryption"]["currentState"] = json!(current);
        }
        "desiredEnterpriseConfig" => {
            let tier = new["desiredTier"].as_str().unwrap_or("STANDARD");
            value["enterpriseConfig"] = json!({"clusterTier": tier, "desiredTier": tier});
        }
        "removedAdditionalPodRangesConfig" => {
            let gone: Vec<Value> = new["podRangeNames"].as_array().cloned().unwrap_or_default();
            let ranges =
                value.pointer_mut("/ipAllocationPolicy/additionalPodRangesConfig/podRangeNames");
            if let Some(Value::Array(names)) = ranges {
                names.retain(|name| !gone.contains(name));
            }
        }
        "desiredClusterAutoscaling" => {
            let profile = value["autoscaling"]["autoscalingProfile"].clone();
            let usual = value["autoscaling"]["autoprovisioningNodePoolDefaults"].clone();
            value["autoscaling"] = new.clone();
            for (name, kept) in [
                ("autoscalingProfile", profile),
                ("autoprovisioningNodePoolDefaults", usual),
            ] {
                if value["autoscaling"][name].is_null() {
                    value["autoscaling"][name] = kept;
                }
            }
        }
        field => {
            let place = PLACES
                .iter()
                .find(|(name, _)| *name == field)
                .map(|(_, place)| (*place).to_owned());
            let own = field.strip_prefix("desired").map(|name| {
                let (first, rest) = name.split_at(1.min(name.len()));
                format!("{}{rest}", first.to_lowercase())
            });
            let own = own.unwrap_or_else(|| field.to_owned());
            let place = place.or_else(|| shapes::has("Cluster", &own).then(|| format!("/{own}")));
            let Some(place) = place else {
                let message = format!("Field \"{field}\" of a cluster cannot be updated.");
                return Err(Failure::invalid_argument(message));
            };
            put(value, &place, new.clone());
        }
    }
    Ok(())
}

/// Applies a field that is about how the cluster is reached, if it is one.
fn apply_endpoint(value: &mut Value, field: &str, new: &Value) -> bool {
    match field {
        "desiredMasterAuthorizedNetworksConfig" => {
            value["masterAuthorizedNetworksConfig"] = new.clone();
            agree(value, false);
        }
        "desiredControlPlaneEndpointsConfig" => {
            defaults::overlay(&mut value["controlPlaneEndpointsConfig"], new);
            agree(value, true);
        }
        "desiredPrivateClusterConfig" | "privateClusterConfig" => {
            for name in [
                "enablePrivateEndpoint",
                "masterGlobalAccessConfig",
                "privateEndpointSubnetwork",
            ] {
                put(
                    value,
                    &format!("/privateClusterConfig/{name}"),
                    new[name].clone(),
                );
            }
            agree(value, false);
        }
        "desiredEnablePrivateEndpoint" => {
            let hidden = *new == json!(true);
            put(
                value,
                "/privateClusterConfig/enablePrivateEndpoint",
                if hidden { json!(true) } else { Value::Null },
            );
            agree(value, false);
        }
        "desiredDefaultEnablePrivateNodes" => set_private_nodes(value, *new == json!(true)),
        _ => return false,
    }
    true
}

/// Sets the version of the control plane; never an older one.
pub(super) fn upgrade(value: &mut Value, wanted: &str) -> Result<(), Failure> {
    let channel = value["releaseChannel"]["channel"]
        .as_str()
        .unwrap_or_default();
    let current = value["currentMasterVersion"].as_str().unwrap_or_default();
    let resolved = if current.starts_with(wanted) && !wanted.is_empty() {
        current
    } else {
        versions::resolve(wanted, channel, "Master")?
    };
    if versions::age(resolved) > versions::age(current) {
        let message = format!("Master cannot be downgraded from \"{current}\" to \"{resolved}\".");
        return Err(Failure::invalid_argument(message));
    }
    value["currentMasterVersion"] = json!(resolved);
    Ok(())
}

/// A service of logging or monitoring, by its name; the newer form follows.
pub(super) fn set_service(value: &mut Value, what: &str, service: &Value) {
    value[format!("{what}Service")] = service.clone();
    let config = format!("{what}Config");
    if *service == json!("none") {
        value[&config]["componentConfig"] = json!({});
    } else if value[&config]["componentConfig"]["enableComponents"].is_null() {
        value[&config]["componentConfig"] = defaults::cluster()[&config]["componentConfig"].clone();
    }
}

/// What is logged or monitored; the older form follows.
fn set_components(value: &mut Value, what: &str, config: &Value) {
    defaults::overlay(&mut value[format!("{what}Config")], config);
    let none = value[format!("{what}Config")]["componentConfig"]["enableComponents"].is_null();
    let service = if none {
        "none".to_owned()
    } else {
        format!("{what}.googleapis.com/kubernetes")
    };
    value[format!("{what}Service")] = json!(service);
}

/// Sets what is at a path; nothing, or an empty map of labels, removes it.
pub(super) fn put(value: &mut Value, place: &str, new: Value) {
    let (parent, field) = place.rsplit_once('/').unwrap_or_default();
    let mut at = value;
    for name in parent.split('/').filter(|name| !name.is_empty()) {
        if !at[name].is_object() {
            at[name] = json!({});
        }
        at = &mut at[name];
    }
    let remove =
        new.is_null() || (new == json!({}) && ["resourceLabels", "autoscaling"].contains(&field));
    match (remove, at.as_object_mut()) {
        (true, Some(fields)) => {
            fields.shift_remove(field);
        }
        _ => at[field] = new,
    }
}
