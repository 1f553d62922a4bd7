//! New clusters.

use super::super::call::Call;
use super::super::cidr;
use super::super::compute::places;
use super::super::failure::Failure;
use super::super::iam::base64;
use super::super::{Answer, Project, time};
use super::{Cluster, Doing, Pool, defaults, versions};
use indexmap::IndexMap;
use serde_json::{Value, json};

/// What only the service says.
const OUTPUT: [&str; 21] = [
    "selfLink",
    "zone",
    "endpoint",
    "createTime",
    "status",
    "statusMessage",
    "currentMasterVersion",
    "currentNodeCount",
    "currentNodeVersion",
    "instanceGroupUrls",
    "etag",
    "id",
    "location",
    "expireTime",
    "conditions",
    "labelFingerprint",
    "nodePools",
    "ipAllocationPolicy",
    "clusterIpv4Cidr",
    "masterIpv4CidrBlock",
    "privateCluster",
];

/// Where a cluster is to be.
#[derive(Debug)]
struct Place {
    network: String,
    subnetwork: String,
    zones: Vec<String>,
}

impl Project {
    pub(super) fn create_cluster(&mut self, call: &Call, version: &str, location: &str) -> Answer {
        let body = call.message("CreateClusterRequest")?;
        let given = body.get("cluster").cloned().unwrap_or_default();
        let name = given["name"].as_str().unwrap_or_default().to_owned();
        check_name(&name, location)?;
        let key = format!("{location}/{name}");
        if self.container.clusters.contains_key(&key) {
            let path = super::path(location, &name);
            let message = format!("Already exists: projects/{}/{path}.", self.id);
            return Err(Failure::already_exists(message));
        }
        let place = self.place_of(call, location, &given)?;
        let hash = format!("{:08x}", self.ids.next() >> 32);
        let policy = given.get("ipAllocationPolicy");
        let ranges = self.choose_ranges(&name, &hash, &place.subnetwork, policy)?;
        let mut value = self.described(call, location, &given, &place)?;
        value["ipAllocationPolicy"] = ranges.policy;
        value["clusterIpv4Cidr"] = json!(ranges.pods);
        value["servicesIpv4Cidr"] = json!(ranges.services);
        self.connect(&mut value, location, &given, &place, &hash)?;
        let pools = self.first_pools(call, &given, &value, &place.subnetwork)?;
        let cluster = Cluster {
            operation: String::new(),
            location: location.to_owned(),
            value,
            pools,
            // Set as the operation begins.
            doing: Doing::new("PROVISIONING", call.now),
            hash,
            subnetwork: place.subnetwork,
            own_ranges: ranges.new.iter().map(|(name, _)| name.clone()).collect(),
            name,
        };
        self.take_ranges(&cluster, ranges.new);
        if !cluster.value["workloadIdentityConfig"].is_null() {
            self.container.workload_pool = true;
        }
        self.container.clusters.insert(key.clone(), cluster);
        self.begin_on(call, version, &key, None, "CREATE_CLUSTER", "PROVISIONING")
    }

    fn place_of(&self, call: &Call, location: &str, given: &Value) -> Result<Place, Failure> {
        let region = places::region_of(location).unwrap_or(location);
        let network = given["network"].as_str().unwrap_or("default");
        let short = network.rsplit('/').next().unwrap_or_default();
        let path = format!("global/networks/{short}");
        let Some(object) = self.object(&path) else {
            let message = format!("Project \"{}\" has no network named \"{short}\".", self.id);
            return Err(Failure::invalid_argument(message));
        };
        let automatic = object["autoCreateSubnetworks"] == json!(true);
        let subnetwork = match given["subnetwork"].as_str() {
            Some(subnetwork) => subnetwork.rsplit('/').next().unwrap_or_default(),
            None if automatic => short,
            None => {
                let message = format!(
                    "Network \"{short}\" is in custom subnet mode: a subnetwork must be specified."
                );
                return Err(Failure::invalid_argument(message));
            }
        };
        let subnetwork = format!("regions/{region}/subnetworks/{subnetwork}");
        let (subnetwork, found) = self
            .referred("cluster.subnetwork", &subnetwork, "subnetworks", call.now)
            .map_err(|_| {
                let message = format!("Subnetwork \"{subnetwork}\" not found or not ready.");
                Failure::invalid_argument(message)
            })?;
        if found["network"]
            .as_str()
            .and_then(|network| self.path_of(network))
            .as_ref()
            != Some(&path)
        {
            let message =
                format!("Subnetwork \"{subnetwork}\" is not part of network \"{short}\".");
            return Err(Failure::invalid_argument(message));
        }
        let zones = zones_of(location, &given["locations"])?;
        Ok(Place {
            network: path,
            subnetwork,
            zones,
        })
    }

    /// A cluster as it is described, over the defaults.
    fn described(
        &mut self,
        call: &Call,
        location: &str,
        given: &Value,
        place: &Place,
    ) -> Result<Value, Failure> {
        let channel = match &given["releaseChannel"] {
            Value::Null => "REGULAR",
            channel => channel["channel"].as_str().unwrap_or_default(),
        };
        let wanted = given["initialClusterVersion"].as_str().unwrap_or_default();
        let resolved = versions::resolve(wanted, channel, "Master")?;
        let mut input = given.clone();
        if let Some(fields) = input.as_object_mut() {
            fields.retain(|field, _| !OUTPUT.contains(&field.as_str()));
        }
        let mut value = defaults::cluster();
        defaults::overlay(&mut value, &input);
        if given["autopilot"]["enabled"] == json!(true) {
            let pool = format!("{}.svc.id.goog", self.id);
            value["workloadIdentityConfig"] = json!({"workloadPool": pool});
            value["verticalPodAutoscaling"] = json!({"enabled": true});
            value["networkConfig"]["datapathProvider"] = json!("ADVANCED_DATAPATH");
        }
        if let Some(pool) = value["workloadIdentityConfig"]["workloadPool"].as_str()
            && pool != format!("{}.svc.id.goog", self.id)
        {
            let message = format!(
                "Invalid workload pool \"{pool}\": it must be \"{}.svc.id.goog\".",
                self.id
            );
            return Err(Failure::invalid_argument(message));
        }
        let short = |path: &str| path.rsplit('/').next().unwrap_or_default().to_owned();
        value["network"] = json!(short(&place.network));
        value["subnetwork"] = json!(short(&place.subnetwork));
        value["networkConfig"]["network"] =
            json!(format!("projects/{}/{}", self.id, place.network));
        value["networkConfig"]["subnetwork"] =
            json!(format!("projects/{}/{}", self.id, place.subnetwork));
        value["location"] = json!(location);
        value["zone"] = json!(location);
        value["locations"] = json!(place.zones);
        value["initialClusterVersion"] = json!(resolved);
        value["currentMasterVersion"] = json!(resolved);
        value["createTime"] = json!(time::utc(call.now));
        value["id"] = json!(format!(
            "{:016x}{:016x}{:016x}{:016x}",
            self.ids.next(),
            self.ids.next(),
            self.ids.next(),
            self.ids.next()
        ));
        value["labelFingerprint"] = json!(format!("{:08x}", self.ids.next() >> 32));
        value["maintenancePolicy"]["resourceVersion"] =
            json!(format!("{:08x}", self.ids.next() >> 32));
        if value["databaseEncryption"]["state"] == json!("ENCRYPTED") {
            value["databaseEncryption"]["currentState"] = json!("CURRENT_STATE_ENCRYPTED");
        }
        if value["defaultMaxPodsConstraint"].is_null() {
            value["defaultMaxPodsConstraint"] = json!({"maxPodsPerNode": "110"});
        }
        if value["loggingConfig"]["componentConfig"]["enableComponents"].is_null() {
            value["loggingService"] = json!("none");
        }
        if value["monitoringConfig"]["componentConfig"]["enableComponents"].is_null() {
            value["monitoringService"] = json!("none");
        }
        value["masterAuth"]["clusterCaCertificate"] = json!(self.certificate("CERTIFICATE"));
        if value["masterAuth"]["clientCertificateConfig"]["issueClientCertificate"] == json!(true) {
            value["masterAuth"]["clientCertificate"] = json!(self.certificate("CERTIFICATE"));
            value["masterAuth"]["clientKey"] = json!(self.certificate("RSA PRIVATE KEY"));
        }
        Ok(value)
    }

    /// Something that looks like a certificate, as the service gives it: PEM, in base64.
    fn certificate(&mut self, what: &str) -> String {
        let letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        let lines: Vec<String> = (0..8).map(|_| self.ids.text(letters, 64)).collect();
        let pem = format!(
            "-----BEGIN {what}-----\n{}\n-----END {what}-----\n",
            lines.join("\n")
        );
        base64(pem.as_bytes())
    }

    /// How the control plane is reached.
    fn connect(
        &mut self,
        value: &mut Value,
        location: &str,
        given: &Value,
        place: &Place,
        hash: &str,
    ) -> Result<(), Failure> {
        let private = &given["privateClusterConfig"];
        let block = private["masterIpv4CidrBlock"]
            .as_str()
            .or_else(|| given["masterIpv4CidrBlock"].as_str());
        let bits = self.ids.next();
        let public = format!(
            "34.{}.{}.{}",
            100 + bits % 60,
            (bits >> 8) & 255,
            1 + (bits >> 16) % 254
        );
        let inside = match block {
            Some(block) => cidr::nth(self.check_control_plane(&place.subnetwork, block)?, 2),
            None => {
                let object = self.object(&place.subnetwork);
                let range = object.and_then(|object| cidr::range(object["ipCidrRange"].as_str()?));
                range.map_or(std::net::Ipv4Addr::LOCALHOST, |range| cidr::nth(range, 2))
            }
        };
        if private["enablePrivateEndpoint"] == json!(true)
            && private["enablePrivateNodes"] != json!(true)
        {
            let message = "Private endpoint requires private nodes.";
            return Err(Failure::invalid_argument(message));
        }
        value["privateClusterConfig"]["privateEndpoint"] = json!(inside.to_string());
        value["privateClusterConfig"]["publicEndpoint"] = json!(public);
        if let Some(block) = block {
            value["privateClusterConfig"]["masterIpv4CidrBlock"] = json!(block);
        }
        let endpoints = &mut value["controlPlaneEndpointsConfig"];
        let unique = format!("{hash}{:016x}", self.ids.next());
        endpoints["dnsEndpointConfig"]["endpoint"] =
            json!(format!("gke-{unique}-{}.{location}.gke.goog", self.number));
        endpoints["ipEndpointsConfig"]["privateEndpoint"] = json!(inside.to_string());
        endpoints["ipEndpointsConfig"]["publicEndpoint"] = json!(public);
        let newer = given["controlPlaneEndpointsConfig"]["ipEndpointsConfig"].is_object();
        agree(value, newer && private.is_null());
        let nodes = &given["networkConfig"]["defaultEnablePrivateNodes"];
        if let Some(private) = nodes
            .as_bool()
            .or_else(|| private["enablePrivateNodes"].as_bool())
        {
            set_private_nodes(value, private);
        }
        Ok(())
    }

    fn first_pools(
        &mut self,
        call: &Call,
        given: &Value,
        value: &Value,
        subnetwork: &str,
    ) -> Result<IndexMap<String, Pool>, Failure> {
        let listed = given["nodePools"].as_array().cloned().unwrap_or_default();
        let autopilot = given["autopilot"]["enabled"] == json!(true);
        let count = given["initialNodeCount"].as_i64().unwrap_or_default();
        let wanted = match (listed.is_empty(), autopilot) {
            (false, false) if count == 0 && given["nodeConfig"].is_null() => listed,
            (false, false) => {
                let message = "Cluster.initial_node_count, Cluster.node_config and Cluster.node_pools cannot be used together.";
                return Err(Failure::invalid_argument(message));
            }
            (_, true) => vec![json!({"name": "default-pool", "initialNodeCount": 1})],
            (true, false) if count <= 0 => {
                let message = "Cluster.initial_node_count must be greater than zero.";
                return Err(Failure::invalid_argument(message));
            }
            (true, false) => {
                let mut pool = json!({"name": "default-pool", "initialNodeCount": count});
                if !given["nodeConfig"].is_null() {
                    pool["config"] = given["nodeConfig"].clone();
                }
                vec![pool]
            }
        };
        let mut pools = IndexMap::new();
        for pool in wanted {
            let mut made = self.new_pool(&pool, value, subnetwork)?;
            made.doing = Doing::new("PROVISIONING", call.moment().due);
            let name = pool["name"].as_str().unwrap_or_default().to_owned();
            if pools.insert(name.clone(), made).is_some() {
                let message = format!("Node pool name \"{name}\" is not unique.");
                return Err(Failure::invalid_argument(message));
            }
        }
        Ok(pools)
    }
}

/// The endpoint is described twice, in an older and a newer form: makes one follow the other.
pub(super) fn agree(value: &mut Value, newer_leads: bool) {
    let endpoints = value["controlPlaneEndpointsConfig"]["ipEndpointsConfig"].clone();
    let set =
        |value: &mut Value, field: &str, new: Value| match (new.is_null(), value.as_object_mut()) {
            (true, Some(fields)) => {
                fields.shift_remove(field);
            }
            _ => value[field] = new,
        };
    if newer_leads {
        let networks = &endpoints["authorizedNetworksConfig"];
        if !networks.is_null() {
            value["masterAuthorizedNetworksConfig"] = networks.clone();
        }
        let private = &mut value["privateClusterConfig"];
        let hidden = endpoints["enablePublicEndpoint"] == json!(false);
        set(
            private,
            "enablePrivateEndpoint",
            if hidden { json!(true) } else { Value::Null },
        );
        set(
            private,
            "privateEndpointSubnetwork",
            endpoints["privateEndpointSubnetwork"].clone(),
        );
        if let Some(global) = endpoints["globalAccess"].as_bool() {
            let access = if global {
                json!({"enabled": true})
            } else {
                Value::Null
            };
            set(private, "masterGlobalAccessConfig", access);
        }
    }
    let networks = &mut value["masterAuthorizedNetworksConfig"];
    if networks["gcpPublicCidrsAccessEnabled"].is_null() {
        networks["gcpPublicCidrsAccessEnabled"] = json!(true);
    }
    let networks = networks.clone();
    let private = value["privateClusterConfig"].clone();
    let endpoints = &mut value["controlPlaneEndpointsConfig"]["ipEndpointsConfig"];
    endpoints["authorizedNetworksConfig"] = networks;
    let hidden = private["enablePrivateEndpoint"] == json!(true);
    endpoints["enablePublicEndpoint"] = json!(!hidden);
    let global = &private["masterGlobalAccessConfig"];
    if !global.is_null() {
        endpoints["globalAccess"] = json!(global["enabled"] == json!(true));
    }
    set(
        endpoints,
        "privateEndpointSubnetwork",
        private["privateEndpointSubnetwork"].clone(),
    );
    let reached = if hidden {
        &private["privateEndpoint"]
    } else {
        &private["publicEndpoint"]
    };
    value["endpoint"] = reached.clone();
}

/// Whether nodes have no addresses of their own is said twice as well.
pub(super) fn set_private_nodes(value: &mut Value, private: bool) {
    value["networkConfig"]["defaultEnablePrivateNodes"] = json!(private);
    let config = &mut value["privateClusterConfig"];
    match (private, config.as_object_mut()) {
        (false, Some(fields)) => {
            fields.shift_remove("enablePrivateNodes");
        }
        _ => config["enablePrivateNodes"] = json!(private),
    }
}

/// The zones that nodes are in: those given, or three of a region.
pub(super) fn zones_of(location: &str, given: &Value) -> Result<Vec<String>, Failure> {
    let region = places::region_of(location).unwrap_or(location);
    let given: Vec<&str> = given
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    if let Some(other) = given
        .iter()
        .find(|zone| places::region_of(zone) != Some(region))
    {
        let message = format!("Location \"{other}\" is not a zone of region \"{region}\".");
        return Err(Failure::invalid_argument(message));
    }
    if region != location && !given.is_empty() && !given.contains(&location) {
        let message =
            format!("Cluster locations must contain the zone \"{location}\" of the cluster.");
        return Err(Failure::invalid_argument(message));
    }
    let mut zones: Vec<String> = match (given.is_empty(), region == location) {
        (false, _) => given.into_iter().map(str::to_owned).collect(),
        (true, true) => places::zones_of(region).take(3).collect(),
        (true, false) => vec![location.to_owned()],
    };
    zones.sort_unstable();
    zones.dedup();
    Ok(zones)
}

fn check_name(name: &str, location: &str) -> Result<(), Failure> {
    if location == "-" {
        return Err(Failure::invalid_argument("A location must be specified."));
    }
    let letter = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit();
    let right = name.len() <= 40
        && name.starts_with(|first: char| first.is_ascii_lowercase())
        && name.ends_with(letter)
        && name.chars().all(|each| letter(each) || each == '-');
    right.then_some(()).ok_or_else(|| {
        let message = format!(
            "Invalid value for field \"cluster.name\": \"{name}\". Must be at most 40 lower case letters, digits and \
             hyphens, begin with a letter and end with a letter or digit."
        );
        Failure::invalid_argument(message)
    })
}
