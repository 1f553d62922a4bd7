//! What clusters and nodes are like of which nothing is said.

use serde_json::{Value, json};

/// What nodes may do if nothing is said.
fn scopes() -> Value {
    json!([
        "https://www.googleapis.com/auth/devstorage.read_only",
        "https://www.googleapis.com/auth/logging.write",
        "https://www.googleapis.com/auth/monitoring",
        "https://www.googleapis.com/auth/service.management.readonly",
        "https://www.googleapis.com/auth/servicecontrol",
        "https://www.googleapis.com/auth/trace.append"
    ])
}

/// A cluster of which nothing is said.
pub(super) fn cluster() -> Value {
    json!({
        "addonsConfig": {
            "gcePersistentDiskCsiDriverConfig": {"enabled": true},
            "kubernetesDashboard": {"disabled": true},
            "networkPolicyConfig": {"disabled": true}
        },
        "anonymousAuthenticationConfig": {"mode": "ENABLED"},
        "autopilot": {},
        "autoscaling": {
            "autoprovisioningNodePoolDefaults": {
                "imageType": "COS_CONTAINERD",
                "management": {"autoRepair": true, "autoUpgrade": true},
                "oauthScopes": scopes(),
                "serviceAccount": "default"
            },
            "autoscalingProfile": "BALANCED"
        },
        "binaryAuthorization": {},
        "controlPlaneEndpointsConfig": {
            "dnsEndpointConfig": {"allowExternalTraffic": false, "enableK8sTokensViaDns": false},
            "ipEndpointsConfig": {
                "authorizedNetworksConfig": {"gcpPublicCidrsAccessEnabled": true},
                "enablePublicEndpoint": true,
                "enabled": true
            }
        },
        "databaseEncryption": {"currentState": "CURRENT_STATE_DECRYPTED", "state": "DECRYPTED"},
        "enterpriseConfig": {"clusterTier": "STANDARD"},
        "legacyAbac": {},
        "loggingConfig": {"componentConfig": {"enableComponents": ["SYSTEM_COMPONENTS", "WORKLOADS"]}},
        "loggingService": "logging.googleapis.com/kubernetes",
        "maintenancePolicy": {},
        "masterAuth": {"clientCertificateConfig": {}},
        "masterAuthorizedNetworksConfig": {"gcpPublicCidrsAccessEnabled": true},
        "monitoringConfig": {
            "advancedDatapathObservabilityConfig": {},
            "componentConfig": {"enableComponents": [
                "SYSTEM_COMPONENTS", "DAEMONSET", "DEPLOYMENT", "STATEFULSET", "JOBSET", "STORAGE", "HPA", "POD",
                "CADVISOR", "KUBELET", "DCGM"
            ]},
            "managedPrometheusConfig": {"enabled": true}
        },
        "monitoringService": "monitoring.googleapis.com/kubernetes",
        "networkConfig": {"serviceExternalIpsConfig": {}},
        "nodePoolAutoConfig": {"nodeKubeletConfig": {"insecureKubeletReadonlyPortEnabled": false}},
        "nodePoolDefaults": {"nodeConfigDefaults": {
            "loggingConfig": {"variantConfig": {"variant": "DEFAULT"}},
            "nodeKubeletConfig": {"insecureKubeletReadonlyPortEnabled": false}
        }},
        "notificationConfig": {"pubsub": {}},
        "podAutoscaling": {"hpaProfile": "PERFORMANCE"},
        "privateClusterConfig": {},
        "rbacBindingConfig": {
            "enableInsecureBindingSystemAuthenticated": true,
            "enableInsecureBindingSystemUnauthenticated": true
        },
        "releaseChannel": {"channel": "REGULAR"},
        "securityPostureConfig": {"mode": "BASIC", "vulnerabilityMode": "VULNERABILITY_MODE_UNSPECIFIED"},
        "shieldedNodes": {"enabled": true},
        "userManagedKeysConfig": {}
    })
}

/// What version v1beta1 shows besides.
pub(super) fn beta() -> Value {
    json!({
        "clusterTelemetry": {"type": "ENABLED"},
        "protectConfig": {
            "workloadConfig": {"auditMode": "BASIC"},
            "workloadVulnerabilityMode": "WORKLOAD_VULNERABILITY_MODE_UNSPECIFIED"
        }
    })
}

/// The nodes of a pool of which nothing is said.
pub(super) fn node_config(workload_identity: bool) -> Value {
    let mut config = json!({
        "diskSizeGb": 100,
        "diskType": "pd-balanced",
        "effectiveCgroupMode": "EFFECTIVE_CGROUP_MODE_V2",
        "imageType": "COS_CONTAINERD",
        "kubeletConfig": {"insecureKubeletReadonlyPortEnabled": false, "maxParallelImagePulls": 2},
        "machineType": "e2-medium",
        "metadata": {"disable-legacy-endpoints": "true"},
        "oauthScopes": scopes(),
        "resourceLabels": {"goog-gke-node-pool-provisioning-model": "on-demand"},
        "serviceAccount": "default",
        "shieldedInstanceConfig": {"enableIntegrityMonitoring": true},
        "windowsNodeConfig": {}
    });
    if workload_identity {
        config["workloadMetadataConfig"] = json!({"mode": "GKE_METADATA"});
    }
    config
}

/// A node pool of which nothing is said.
pub(super) fn pool() -> Value {
    json!({
        "management": {"autoRepair": true, "autoUpgrade": true},
        "maxPodsConstraint": {"maxPodsPerNode": "110"},
        "podIpv4CidrSize": 24,
        "upgradeSettings": {"maxSurge": 1, "strategy": "SURGE"}
    })
}

/// Messages whose fields have defaults of their own. All others are replaced as a whole, since a field that is not there
/// may be one that was said to be false.
const MERGED: [&str; 15] = [
    "addonsConfig",
    "autoprovisioningNodePoolDefaults",
    "autoscaling",
    "controlPlaneEndpointsConfig",
    "dnsEndpointConfig",
    "ipEndpointsConfig",
    "kubeletConfig",
    "masterAuth",
    "metadata",
    "monitoringConfig",
    "networkConfig",
    "nodeConfigDefaults",
    "nodePoolAutoConfig",
    "nodePoolDefaults",
    "resourceLabels",
];

/// Puts what is given over what is the default.
pub(super) fn overlay(into: &mut Value, given: &Value) {
    match (into.as_object_mut(), given) {
        (Some(fields), Value::Object(given)) => {
            for (name, value) in given {
                match fields.get_mut(name) {
                    Some(field) if MERGED.contains(&name.as_str()) => overlay(field, value),
                    _ => {
                        fields.insert(name.clone(), value.clone());
                    }
                }
            }
        }
        _ => *into = given.clone(),
    }
}
