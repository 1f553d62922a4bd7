//! Node pools.

use super::super::call::Call;
use super::super::failure::Failure;
use super::super::{Answer, Project};
use super::creating::zones_of;
use super::showing::group_name;
use super::{Cluster, Doing, Pool, defaults, versions};
use crate::clock::Instant;
use serde_json::{Value, json};

/// The instances of a pool in a zone.
#[derive(Debug)]
pub(in super::super) struct Group {
    pub(in super::super) name: String,
    pub(in super::super) size: i64,
    pub(in super::super) hash: String,
    pub(in super::super) created: String,
}

impl Pool {
    pub(super) fn zones(&self) -> impl Iterator<Item = &str> {
        self.value["locations"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
    }
}

impl Project {
    /// The groups of instances in a zone.
    pub(in super::super) fn groups_in(&self, zone: &str) -> Vec<Group> {
        let mut groups = Vec::new();
        for cluster in self.container.clusters.values() {
            for pool in cluster.pools.values() {
                if pool.zones().any(|at| at == zone) {
                    groups.push(Group {
                        name: group_name(cluster, pool, zone),
                        size: pool.size,
                        hash: pool.hash.clone(),
                        created: cluster.value["createTime"]
                            .as_str()
                            .unwrap_or_default()
                            .to_owned(),
                    });
                }
            }
        }
        groups.sort_by(|one, other| one.name.cmp(&other.name));
        groups
    }

    /// Answers a request below a cluster's `nodePools`.
    pub(super) fn answer_pools(
        &mut self,
        call: &Call,
        version: &str,
        key: &str,
        rest: &[&str],
        verb: &str,
    ) -> (String, Answer) {
        let method = call.method().as_str();
        let verb = match (method, rest, verb) {
            ("GET", [], "") => "list",
            ("POST", [], "") => "create",
            ("GET", [_], "") => "get",
            ("PUT", [_], "") | ("POST", [_, "update"], "") => "update",
            ("DELETE", [_], "") => "delete",
            ("POST", [_, "autoscaling"], "") => "setAutoscaling",
            ("POST" | "PUT", [_], verb) => verb,
            ("POST", [_, verb], "") => verb,
            _ => "",
        };
        (
            verb.to_owned(),
            self.answer_pool(call, version, key, rest.first().copied(), verb),
        )
    }

    fn answer_pool(
        &mut self,
        call: &Call,
        version: &str,
        key: &str,
        name: Option<&str>,
        verb: &str,
    ) -> Answer {
        let Some(cluster) = self.container.clusters.get(key) else {
            let (location, name) = key.split_once('/').unwrap_or_default();
            return Err(self.missing_cluster(location, name));
        };
        let pool = name.and_then(|name| cluster.pools.get(name));
        match (verb, name, pool) {
            ("list", ..) => {
                let pools = cluster.pools.values();
                let shown = pools.map(|pool| self.shown_pool(cluster, pool, version, call.now));
                let shown: Vec<Value> = shown.collect();
                Ok(if shown.is_empty() {
                    json!({})
                } else {
                    json!({"nodePools": shown})
                })
            }
            ("create", ..) => self.create_pool(call, version, key),
            (_, Some(name), None) => Err(Failure::not_found(format!(
                "Not found: node pool \"{name}\" not found."
            ))),
            ("get", _, Some(pool)) => Ok(self.shown_pool(cluster, pool, version, call.now)),
            ("completeUpgrade", ..) => Ok(json!({})),
            ("delete", Some(name), _) => {
                let due = call.moment().due;
                let operation = self.begin_on(
                    call,
                    version,
                    key,
                    Some(name),
                    "DELETE_NODE_POOL",
                    "STOPPING",
                )?;
                self.container
                    .leaving
                    .insert((due, format!("{key}/{name}")));
                Ok(operation)
            }
            (_, Some(name), _) => self.change_pool(call, version, key, name, verb),
            _ => Err(call.no_such_method()),
        }
    }

    fn create_pool(&mut self, call: &Call, version: &str, key: &str) -> Answer {
        let body = call.message("CreateNodePoolRequest")?;
        let given = body.get("nodePool").cloned().unwrap_or_default();
        let name = given["name"].as_str().unwrap_or_default().to_owned();
        if !super::super::compute::is_name(&name) || name.len() > 40 {
            let message = format!(
                "Invalid value for field \"node_pool.name\": \"{name}\". Must be at most 40 lower case letters, digits and hyphens."
            );
            return Err(Failure::invalid_argument(message));
        }
        let Some(cluster) = self.container.clusters.get(key) else {
            return Err(Failure::not_found(format!("Not found: {key}.")));
        };
        if cluster.value["autopilot"]["enabled"] == json!(true) {
            let message = "Autopilot clusters do not support mutating node pools.";
            return Err(Failure::invalid_argument(message));
        }
        if cluster.pools.contains_key(&name) {
            let message = format!(
                "Already exists: projects/{}/{}/nodePools/{name}.",
                self.id,
                cluster.path()
            );
            return Err(Failure::already_exists(message));
        }
        let (value, subnetwork) = (cluster.value.clone(), cluster.subnetwork.clone());
        let pool = self.new_pool(&given, &value, &subnetwork)?;
        let operation = self.begin_on(
            call,
            version,
            key,
            Some(&name),
            "CREATE_NODE_POOL",
            "PROVISIONING",
        )?;
        if let Some(cluster) = self.container.clusters.get_mut(key) {
            let doing = Doing::new("PROVISIONING", call.moment().due);
            cluster.pools.insert(name, Pool { doing, ..pool });
        }
        Ok(operation)
    }

    /// A node pool as it is described, over the defaults.
    pub(super) fn new_pool(
        &mut self,
        given: &Value,
        cluster: &Value,
        subnetwork: &str,
    ) -> Result<Pool, Failure> {
        let identity = !cluster["workloadIdentityConfig"]["workloadPool"].is_null();
        let mut config = defaults::node_config(identity);
        let mut given = given.clone();
        let mut wanted = given["config"].take();
        if wanted["bootDisk"].is_object() {
            let disk = wanted["bootDisk"].clone();
            let size = disk["sizeGb"]
                .as_str()
                .and_then(|size| size.parse::<i64>().ok());
            if let Some(size) = size {
                wanted["diskSizeGb"] = json!(size);
            }
            if !disk["diskType"].is_null() {
                wanted["diskType"] = disk["diskType"].clone();
            }
        }
        if wanted.is_object() {
            defaults::overlay(&mut config, &wanted);
        }
        settle_config(&mut config);
        let mut value = defaults::pool();
        if let Some(fields) = given.as_object_mut() {
            for field in [
                "config",
                "selfLink",
                "instanceGroupUrls",
                "status",
                "statusMessage",
                "conditions",
                "etag",
            ] {
                fields.shift_remove(field);
            }
        }
        defaults::overlay(&mut value, &given);
        value["config"] = config;
        let location = cluster["location"].as_str().unwrap_or_default();
        value["locations"] = match given["locations"].is_array() {
            true => json!(zones_of(
                super::super::compute::places::region_of(location).unwrap_or(location),
                &given["locations"]
            )?),
            false => cluster["locations"].clone(),
        };
        let master = cluster["currentMasterVersion"].as_str().unwrap_or_default();
        value["version"] = json!(node_version(
            given["version"].as_str().unwrap_or_default(),
            master
        )?);
        let pods = value["maxPodsConstraint"]["maxPodsPerNode"]
            .as_str()
            .and_then(|pods| pods.parse::<u32>().ok());
        let pods = pods.filter(|pods| (8..=256).contains(pods));
        let pods = pods.ok_or_else(|| {
            Failure::invalid_argument("Max pods constraint per node must be between 8 and 256.")
        })?;
        value["podIpv4CidrSize"] = json!(32 - (2 * pods).next_power_of_two().trailing_zeros());
        self.settle_network(&mut value, cluster, subnetwork)?;
        settle_pool(&mut value);
        value["etag"] = json!(self.next_fingerprint());
        self.check_nodes(&value, cluster)?;
        let zones = value["locations"].as_array().map_or(1, Vec::len).max(1);
        let autoscaling = &value["autoscaling"];
        let total = autoscaling["totalMinNodeCount"]
            .as_i64()
            .unwrap_or_default();
        let least = total
            .div_euclid(i64::try_from(zones).unwrap_or(1))
            .max(autoscaling["minNodeCount"].as_i64().unwrap_or_default());
        let size = value["initialNodeCount"].as_i64().unwrap_or(least);
        let doing = Doing::new("PROVISIONING", Instant(0));
        let hash = format!("{:08x}", self.ids.next() >> 32);
        Ok(Pool {
            value,
            doing,
            hash,
            size,
        })
    }

    fn settle_network(
        &mut self,
        pool: &mut Value,
        cluster: &Value,
        subnetwork: &str,
    ) -> Result<(), Failure> {
        if pool["networkConfig"].is_null() {
            pool["networkConfig"] = json!({});
        }
        let network = &mut pool["networkConfig"];
        let policy = &cluster["ipAllocationPolicy"];
        if let Some(fields) = network.as_object_mut() {
            fields.shift_remove("createPodRange");
        }
        match network["podRange"].as_str() {
            Some(name) => {
                let range = self.named_range(subnetwork, name, "Pod")?;
                network["podIpv4CidrBlock"] = json!(range);
            }
            None => {
                network["podIpv4CidrBlock"] = policy["clusterIpv4CidrBlock"].clone();
                if !policy["clusterSecondaryRangeName"].is_null() {
                    network["podRange"] = policy["clusterSecondaryRangeName"].clone();
                }
            }
        }
        network["podIpv4RangeUtilization"] = json!(0.001);
        network["subnetwork"] = json!(format!("projects/{}/{subnetwork}", self.id));
        let private = &cluster["networkConfig"]["defaultEnablePrivateNodes"];
        if network["enablePrivateNodes"].is_null() && !private.is_null() {
            network["enablePrivateNodes"] = private.clone();
        }
        Ok(())
    }

    pub(super) fn check_nodes(&self, pool: &Value, cluster: &Value) -> Result<(), Failure> {
        let wrong = |message: String| Err(Failure::invalid_argument(message));
        let config = &pool["config"];
        let account = config["serviceAccount"].as_str().unwrap_or_default();
        if self.iam.lacks(account, &self.id) {
            return wrong(format!("Service account \"{account}\" does not exist."));
        }
        let size = config["diskSizeGb"].as_i64().unwrap_or_default();
        if !(10..=65_536).contains(&size) {
            return wrong(format!(
                "Invalid value for disk size: {size} GB. Must be between 10 and 65536."
            ));
        }
        let channel = cluster["releaseChannel"]["channel"].as_str();
        if let Some(channel) = channel {
            for (field, name) in [
                ("autoUpgrade", "Auto_upgrade"),
                ("autoRepair", "Auto_repair"),
            ] {
                if pool["management"][field] != json!(true) {
                    return wrong(format!(
                        "{name} must be true when release_channel {channel} is set."
                    ));
                }
            }
        }
        let autoscaling = &pool["autoscaling"];
        let number = |field: &str| autoscaling[field].as_i64().unwrap_or_default();
        if autoscaling["enabled"] == json!(true) {
            if number("maxNodeCount") == 0 && number("totalMaxNodeCount") == 0 {
                return wrong("Autoscaling requires a maximum number of nodes.".to_owned());
            }
            if number("minNodeCount") > number("maxNodeCount")
                || number("totalMinNodeCount") > number("totalMaxNodeCount")
            {
                return wrong(
                    "The minimum number of nodes must not exceed the maximum.".to_owned(),
                );
            }
        }
        let upgrade = &pool["upgradeSettings"];
        let surge = upgrade["maxSurge"].as_i64().unwrap_or_default()
            + upgrade["maxUnavailable"].as_i64().unwrap_or_default();
        if upgrade["strategy"] == json!("SURGE") && !(1..=20).contains(&surge) {
            return wrong(
                "The sum of max_surge and max_unavailable must be between 1 and 20.".to_owned(),
            );
        }
        Ok(())
    }
}

/// The version of nodes that is meant; none = the control plane's. Never newer than it.
pub(super) fn node_version(wanted: &str, master: &str) -> Result<String, Failure> {
    if wanted.is_empty() || wanted == "-" {
        return Ok(master.to_owned());
    }
    let resolved = if master.starts_with(wanted) {
        master
    } else {
        versions::resolve(wanted, "", "Node")?
    };
    if versions::age(resolved) < versions::age(master) {
        let message = format!(
            "Node version \"{resolved}\" must not be greater than master version \"{master}\"."
        );
        return Err(Failure::invalid_argument(message));
    }
    Ok(resolved.to_owned())
}

/// What follows from what is set.
pub(super) fn settle_config(config: &mut Value) {
    let disk = json!({"diskType": config["diskType"], "sizeGb": config["diskSizeGb"].to_string()});
    match config.get_mut("bootDisk").and_then(Value::as_object_mut) {
        Some(boot) => boot.extend(disk.as_object().cloned().unwrap_or_default()),
        None => config["bootDisk"] = disk,
    }
    let model = match (
        config["spot"] == json!(true),
        config["preemptible"] == json!(true),
    ) {
        (true, _) => "spot",
        (_, true) => "preemptible",
        _ => "on-demand",
    };
    config["resourceLabels"]["goog-gke-node-pool-provisioning-model"] = json!(model);
}

pub(super) fn settle_pool(pool: &mut Value) {
    if pool["upgradeSettings"]["strategy"].is_null() {
        pool["upgradeSettings"]["strategy"] = json!("SURGE");
    }
}

/// The parts of a cluster that a change of its pools needs.
pub(super) fn context(cluster: &Cluster, name: &str) -> Option<(Value, Value)> {
    let pool = cluster.pools.get(name)?;
    Some((cluster.value.clone(), pool.value.clone()))
}
