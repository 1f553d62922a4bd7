//! Changes of clusters.

use super::super::call::Call;
use super::super::failure::Failure;
use super::super::{Answer, Project};
use super::creating::zones_of;
use super::fields::{apply_field, put, set_service, upgrade};
use super::pools::node_version;
use super::{Cluster, defaults};
use serde_json::{Map, Value, json};

/// Fields that say of which nodes another field speaks, or what goes with it.
const BESIDE: [&str; 6] = [
    "desiredNodePoolId",
    "desiredImageType",
    "desiredImage",
    "desiredImageProject",
    "etag",
    "desiredLoggingService",
];

impl Project {
    /// A change of a cluster.
    pub(super) fn change_cluster(
        &mut self,
        call: &Call,
        version: &str,
        key: &str,
        verb: &str,
    ) -> Answer {
        let labels = format!("{:08x}", self.ids.next() >> 32);
        let Some(cluster) = self.container.clusters.get(key) else {
            return Err(Failure::not_found(format!("Not found: {key}.")));
        };
        let mut value = cluster.value.clone();
        let mut pools = Map::new();
        let kind = match verb {
            "update" => {
                let body = call.message("UpdateClusterRequest")?;
                let none = Map::new();
                let update = body
                    .get("update")
                    .and_then(Value::as_object)
                    .unwrap_or(&none);
                apply(cluster, &mut value, &mut pools, update)?
            }
            "updateMaster" => {
                let body = call.message("UpdateMasterRequest")?;
                let wanted = body
                    .get("masterVersion")
                    .and_then(Value::as_str)
                    .unwrap_or_default();
                upgrade(&mut value, wanted)?;
                "UPGRADE_MASTER"
            }
            "setResourceLabels" => {
                let body = call.message("SetLabelsRequest")?;
                if body.get("labelFingerprint") != Some(&value["labelFingerprint"]) {
                    let message = "Labels could not be set due to fingerprint mismatch.";
                    return Err(Failure::failed_precondition(message));
                }
                value["labelFingerprint"] = json!(labels);
                put(
                    &mut value,
                    "/resourceLabels",
                    body.get("resourceLabels").cloned().unwrap_or_default(),
                );
                "SET_LABELS"
            }
            "setMaintenancePolicy" => {
                let body = call.message("SetMaintenancePolicyRequest")?;
                let wanted = body.get("maintenancePolicy").cloned().unwrap_or(json!({}));
                let given = &wanted["resourceVersion"];
                if !given.is_null() && *given != value["maintenancePolicy"]["resourceVersion"] {
                    let message = "The maintenance policy has changed: its resource version is not the given one.";
                    return Err(Failure::failed_precondition(message));
                }
                value["maintenancePolicy"] = wanted;
                value["maintenancePolicy"]["resourceVersion"] = json!(labels);
                "SET_MAINTENANCE_POLICY"
            }
            verb => set(call, &mut value, verb)?,
        };
        self.check_change(&value)?;
        let operation = self.begin_on(call, version, key, None, kind, "RECONCILING")?;
        if !value["workloadIdentityConfig"]["workloadPool"].is_null() {
            self.container.workload_pool = true;
        }
        if let Some(cluster) = self.container.clusters.get_mut(key) {
            value["etag"] = cluster.value["etag"].clone();
            cluster.value = value;
            for (name, value) in pools {
                if let Some(pool) = cluster.pools.get_mut(&name) {
                    pool.value = value;
                }
            }
        }
        Ok(operation)
    }

    fn check_change(&self, value: &Value) -> Result<(), Failure> {
        let own = format!("{}.svc.id.goog", self.id);
        let pool = value["workloadIdentityConfig"]["workloadPool"].as_str();
        if let Some(pool) = pool.filter(|pool| *pool != own) {
            let message = format!("Invalid workload pool \"{pool}\": it must be \"{own}\".");
            return Err(Failure::invalid_argument(message));
        }
        Ok(())
    }
}

/// `setLegacyAbac` and the like.
fn set(call: &Call, value: &mut Value, verb: &str) -> Result<&'static str, Failure> {
    let taken = |shape: &str, field: &str| -> Result<Value, Failure> {
        Ok(call.message(shape)?.get(field).cloned().unwrap_or_default())
    };
    match verb {
        "setLegacyAbac" => {
            let enabled = taken("SetLegacyAbacRequest", "enabled")?;
            value["legacyAbac"] = if enabled == json!(true) {
                json!({"enabled": true})
            } else {
                json!({})
            };
            Ok("UPDATE_CLUSTER")
        }
        "setNetworkPolicy" => {
            let policy = taken("SetNetworkPolicyRequest", "networkPolicy")?;
            value["networkPolicy"] = if policy.is_null() { json!({}) } else { policy };
            Ok("SET_NETWORK_POLICY")
        }
        "setMasterAuth" => {
            let update = taken("SetMasterAuthRequest", "update")?;
            for field in ["username", "clientCertificateConfig"] {
                if !update[field].is_null() {
                    value["masterAuth"][field] = update[field].clone();
                }
            }
            Ok("SET_MASTER_AUTH")
        }
        "setLogging" => {
            let service = taken("SetLoggingServiceRequest", "loggingService")?;
            set_service(value, "logging", &service);
            Ok("UPDATE_CLUSTER")
        }
        "setMonitoring" => {
            let service = taken("SetMonitoringServiceRequest", "monitoringService")?;
            set_service(value, "monitoring", &service);
            Ok("UPDATE_CLUSTER")
        }
        "setAddons" => {
            let addons = taken("SetAddonsConfigRequest", "addonsConfig")?;
            defaults::overlay(&mut value["addonsConfig"], &addons);
            Ok("UPDATE_CLUSTER")
        }
        "setLocations" => {
            let locations = taken("SetLocationsRequest", "locations")?;
            let location = value["location"].as_str().unwrap_or_default();
            value["locations"] = json!(zones_of(location, &locations)?);
            Ok("UPDATE_CLUSTER")
        }
        "startIpRotation" | "completeIpRotation" => Ok("UPGRADE_MASTER"),
        _ => Err(call.no_such_method()),
    }
}

/// Applies an update: one field, and what goes with it.
fn apply(
    cluster: &Cluster,
    value: &mut Value,
    pools: &mut Map<String, Value>,
    update: &Map<String, Value>,
) -> Result<&'static str, Failure> {
    if let Some(etag) = update.get("etag").filter(|etag| **etag != value["etag"]) {
        let message = format!("The etag {etag} does not match the cluster's.");
        return Err(Failure::aborted(message));
    }
    let main = update
        .keys()
        .filter(|field| !BESIDE.contains(&field.as_str()))
        .count();
    if main > 1 {
        let message = "Only one field of a cluster can be updated with each request.";
        return Err(Failure::invalid_argument(message));
    }
    if update
        .keys()
        .all(|field| field == "etag" || field == "desiredNodePoolId")
    {
        return Err(Failure::invalid_argument("Must specify a field to update."));
    }
    let of_nodes = [
        "desiredNodeVersion",
        "desiredImageType",
        "desiredNodePoolAutoscaling",
    ];
    if update
        .keys()
        .any(|field| of_nodes.contains(&field.as_str()))
    {
        return apply_to_nodes(cluster, value, pools, update);
    }
    let mut kind = "UPDATE_CLUSTER";
    for (field, new) in update {
        match field.as_str() {
            "etag" | "desiredNodePoolId" => {}
            "desiredMasterVersion" => {
                upgrade(value, new.as_str().unwrap_or_default())?;
                kind = "UPGRADE_MASTER";
            }
            "desiredLocations" => apply_locations(cluster, value, pools, new)?,
            field => apply_field(value, field, new)?,
        }
    }
    Ok(kind)
}

fn apply_locations(
    cluster: &Cluster,
    value: &mut Value,
    pools: &mut Map<String, Value>,
    new: &Value,
) -> Result<(), Failure> {
    value["locations"] = json!(zones_of(&cluster.location, new)?);
    for (name, pool) in &cluster.pools {
        let mut pool = pool.value.clone();
        pool["locations"] = value["locations"].clone();
        pools.insert(name.clone(), pool);
    }
    Ok(())
}

fn apply_to_nodes(
    cluster: &Cluster,
    value: &Value,
    pools: &mut Map<String, Value>,
    update: &Map<String, Value>,
) -> Result<&'static str, Failure> {
    let wanted = update.get("desiredNodePoolId").and_then(Value::as_str);
    let names: Vec<&String> = match wanted {
        Some(wanted) => cluster
            .pools
            .keys()
            .filter(|name| *name == wanted)
            .collect(),
        None => cluster.pools.keys().collect(),
    };
    if names.is_empty() {
        let name = wanted.unwrap_or("default-pool");
        return Err(Failure::not_found(format!(
            "Not found: node pool \"{name}\" not found."
        )));
    }
    let master = value["currentMasterVersion"].as_str().unwrap_or_default();
    for name in names {
        let mut pool = cluster.pools[name].value.clone();
        if let Some(wanted) = update.get("desiredNodeVersion").and_then(Value::as_str) {
            pool["version"] = json!(node_version(wanted, master)?);
        }
        if let Some(image) = update.get("desiredImageType") {
            pool["config"]["imageType"] = image.clone();
        }
        if let Some(autoscaling) = update.get("desiredNodePoolAutoscaling") {
            put(&mut pool, "/autoscaling", autoscaling.clone());
        }
        pools.insert(name.clone(), pool);
    }
    let scaled = update.contains_key("desiredNodePoolAutoscaling");
    Ok(if scaled {
        "UPDATE_CLUSTER"
    } else {
        "UPGRADE_NODES"
    })
}
