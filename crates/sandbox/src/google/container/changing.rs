//! Changes of node pools.

use super::super::call::Call;
use super::super::failure::Failure;
use super::super::{Answer, Project};
use super::creating::zones_of;
use super::pools::{context, node_version, settle_config, settle_pool};
use serde_json::{Map, Value, json};

/// Fields of an update that are about nodes, by what they are there.
const CONFIG: [&str; 24] = [
    "accelerators",
    "bootDisk",
    "confidentialNodes",
    "consolidationDelay",
    "containerdConfig",
    "diskType",
    "fastSocket",
    "flexStart",
    "gcfsConfig",
    "gvnic",
    "imageType",
    "kubeletConfig",
    "linuxNodeConfig",
    "loggingConfig",
    "machineType",
    "maxRunDuration",
    "resourceManagerTags",
    "storagePools",
    "taintConfig",
    "windowsNodeConfig",
    "workloadMetadataConfig",
    "diskSizeGb",
    "image",
    "imageProject",
];

/// Fields that are about the pool.
const POOL: [&str; 4] = [
    "maintenancePolicy",
    "nodeDrainConfig",
    "queuedProvisioning",
    "upgradeSettings",
];

/// Fields that say which pool is meant.
const NAMES: [&str; 7] = [
    "name",
    "nodePoolId",
    "clusterId",
    "projectId",
    "zone",
    "etag",
    "nodeConfigUpdateMode",
];

impl Project {
    /// A change of a node pool.
    pub(super) fn change_pool(
        &mut self,
        call: &Call,
        version: &str,
        key: &str,
        name: &str,
        verb: &str,
    ) -> Answer {
        let found = self
            .container
            .clusters
            .get(key)
            .and_then(|cluster| context(cluster, name));
        let Some((cluster, mut pool)) = found else {
            return Err(Failure::not_found(format!(
                "Not found: node pool \"{name}\" not found."
            )));
        };
        let mut size = None;
        let kind = match verb {
            "update" => {
                let body = call.message("UpdateNodePoolRequest")?;
                update(&mut pool, &cluster, &body)?
            }
            "setSize" => {
                let body = call.message("SetNodePoolSizeRequest")?;
                size = Some(
                    body.get("nodeCount")
                        .and_then(Value::as_i64)
                        .unwrap_or_default(),
                );
                "SET_NODE_POOL_SIZE"
            }
            "setAutoscaling" => {
                let body = call.message("SetNodePoolAutoscalingRequest")?;
                let autoscaling = body.get("autoscaling").cloned().unwrap_or(json!({}));
                set(&mut pool, "autoscaling", autoscaling);
                "UPDATE_CLUSTER"
            }
            "setManagement" => {
                let body = call.message("SetNodePoolManagementRequest")?;
                let management = body.get("management").cloned().unwrap_or(json!({}));
                pool["management"] = management;
                "SET_NODE_POOL_MANAGEMENT"
            }
            "rollback" => {
                let message = format!("Node pool \"{name}\" has no upgrade to roll back.");
                return Err(Failure::failed_precondition(message));
            }
            _ => return Err(call.no_such_method()),
        };
        settle_config(&mut pool["config"]);
        settle_pool(&mut pool);
        self.check_nodes(&pool, &cluster)?;
        let operation = self.begin_on(call, version, key, Some(name), kind, "RECONCILING")?;
        let clusters = &mut self.container.clusters;
        if let Some(kept) = clusters
            .get_mut(key)
            .and_then(|cluster| cluster.pools.get_mut(name))
        {
            pool["etag"] = kept.value["etag"].clone();
            kept.value = pool;
            if let Some(size) = size {
                kept.size = size;
            }
        }
        Ok(operation)
    }
}

fn update(
    pool: &mut Value,
    cluster: &Value,
    body: &Map<String, Value>,
) -> Result<&'static str, Failure> {
    if let Some(etag) = body.get("etag").filter(|etag| **etag != pool["etag"]) {
        let message = format!("The etag {etag} does not match the node pool's.");
        return Err(Failure::aborted(message));
    }
    let mut changed = 0;
    for (field, value) in body {
        let field = field.as_str();
        if NAMES.contains(&field) {
            // nodeVersion and imageType are required by the message's description; "-" means no change.
            continue;
        }
        changed += 1;
        match field {
            "nodeVersion" => {
                let master = cluster["currentMasterVersion"].as_str().unwrap_or_default();
                let wanted = value.as_str().unwrap_or_default();
                pool["version"] = json!(node_version(wanted, master)?);
            }
            "locations" => {
                let location = cluster["location"].as_str().unwrap_or_default();
                let region = super::places::region_of(location).unwrap_or(location);
                pool["locations"] = json!(zones_of(region, value)?);
            }
            "tags" => set(&mut pool["config"], "tags", value["tags"].clone()),
            "taints" => set(&mut pool["config"], "taints", value["taints"].clone()),
            "labels" => set(&mut pool["config"], "labels", value["labels"].clone()),
            "resourceLabels" => {
                pool["config"]["resourceLabels"] = match &value["labels"] {
                    Value::Null => json!({}),
                    labels => labels.clone(),
                };
            }
            "nodeNetworkConfig" => {
                for (name, value) in value.as_object().into_iter().flatten() {
                    pool["networkConfig"][name] = value.clone();
                }
            }
            "diskSizeGb" => {
                let size = value.as_str().and_then(|size| size.parse::<i64>().ok());
                pool["config"]["diskSizeGb"] = json!(size);
            }
            "bootDisk" => {
                let config = &mut pool["config"];
                config["bootDisk"] = value.clone();
                if let Some(size) = value["sizeGb"]
                    .as_str()
                    .and_then(|size| size.parse::<i64>().ok())
                {
                    config["diskSizeGb"] = json!(size);
                }
                if !value["diskType"].is_null() {
                    config["diskType"] = value["diskType"].clone();
                }
            }
            "kubeletConfig" => {
                super::defaults::overlay(&mut pool["config"]["kubeletConfig"], value);
            }
            "image" | "imageProject" => {}
            field if CONFIG.contains(&field) => pool["config"][field] = value.clone(),
            field if POOL.contains(&field) => pool[field] = value.clone(),
            field => {
                let message = format!("Field \"{field}\" of a node pool cannot be updated.");
                return Err(Failure::invalid_argument(message));
            }
        }
    }
    if changed == 0 {
        return Err(Failure::invalid_argument("Must specify a field to update."));
    }
    Ok("UPGRADE_NODES")
}

/// Sets a field; nothing, or what is empty, removes it.
fn set(value: &mut Value, field: &str, new: Value) {
    let empty = match &new {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(fields) => fields.is_empty(),
        _ => false,
    };
    match (empty, value.as_object_mut()) {
        (true, Some(fields)) => {
            fields.shift_remove(field);
        }
        _ => value[field] = new,
    }
}
