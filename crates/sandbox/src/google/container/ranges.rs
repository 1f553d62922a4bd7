//! The ranges of Pods and Services: those of the subnetwork that the cluster names, or its own.

use super::super::Project;
use super::super::cidr;
use super::super::compute::ranges_of;
use super::super::failure::Failure;
use super::Cluster;
use ipnet::Ipv4Net;
use serde_json::{Value, json};

/// Where services are if nothing is said: Google's own range, the same for all clusters.
const MANAGED_SERVICES: &str = "34.118.224.0/20";

/// What a cluster takes.
#[derive(Debug)]
pub(super) struct Ranges {
    pub(super) policy: Value,
    pub(super) pods: String,
    pub(super) services: String,
    /// Secondary ranges to make: name and range.
    pub(super) new: Vec<(String, String)>,
}

impl Project {
    /// The ranges that a cluster would take.
    pub(super) fn choose_ranges(
        &self,
        cluster: &str,
        hash: &str,
        subnetwork: &str,
        given: Option<&Value>,
    ) -> Result<Ranges, Failure> {
        let mut policy = given.cloned().unwrap_or_else(|| json!({}));
        let routes = policy["useRoutes"] == json!(true);
        let mut taken = self.ranges_in_network(subnetwork);
        let mut new = Vec::new();
        let pods = match name(&policy, "clusterSecondaryRangeName") {
            Some(name) => self.named_range(subnetwork, name, "Pod")?,
            None => {
                let wanted = either(&policy, "clusterIpv4CidrBlock", "clusterIpv4Cidr");
                let range = chosen(&wanted, 14, &taken, "pods", cluster)?;
                taken.push(range);
                if !routes {
                    let name = format!("gke-{cluster}-pods-{hash}");
                    policy["clusterSecondaryRangeName"] = json!(name);
                    new.push((name, range.to_string()));
                }
                range.to_string()
            }
        };
        let services = match name(&policy, "servicesSecondaryRangeName") {
            Some(name) => {
                self.check_services_unused(subnetwork, name)?;
                self.named_range(subnetwork, name, "Services")?
            }
            None => {
                let wanted = either(&policy, "servicesIpv4CidrBlock", "servicesIpv4Cidr");
                if wanted.is_empty() || wanted == MANAGED_SERVICES {
                    MANAGED_SERVICES.to_owned()
                } else {
                    let range = chosen(&wanted, 20, &taken, "services", cluster)?;
                    let name = format!("gke-{cluster}-services-{hash}");
                    policy["servicesSecondaryRangeName"] = json!(name);
                    new.push((name, range.to_string()));
                    range.to_string()
                }
            }
        };
        for (field, value) in [
            ("clusterIpv4Cidr", &pods),
            ("clusterIpv4CidrBlock", &pods),
            ("servicesIpv4Cidr", &services),
            ("servicesIpv4CidrBlock", &services),
        ] {
            policy[field] = json!(value);
        }
        policy[if routes { "useRoutes" } else { "useIpAliases" }] = json!(true);
        let defaults = [
            ("stackType", json!("IPV4")),
            ("podCidrOverprovisionConfig", json!({})),
            ("defaultPodIpv4RangeUtilization", json!(0.001)),
        ];
        for (field, value) in defaults {
            if policy[field].is_null() {
                policy[field] = value;
            }
        }
        Ok(Ranges {
            policy,
            pods,
            services,
            new,
        })
    }

    /// The range of that name in a subnetwork.
    pub(super) fn named_range(
        &self,
        subnetwork: &str,
        name: &str,
        what: &str,
    ) -> Result<String, Failure> {
        let object = self.object(subnetwork);
        let ranges = object.and_then(|object| object["secondaryIpRanges"].as_array());
        let mut ranges = ranges.into_iter().flatten();
        let found = ranges.find(|range| range["rangeName"] == json!(name));
        let found = found.and_then(|range| range["ipCidrRange"].as_str());
        found.map(str::to_owned).ok_or_else(|| {
            let subnetwork = subnetwork.rsplit('/').next().unwrap_or_default();
            let message = format!(
                "{what} secondary range \"{name}\" does not exist in subnetwork \"{subnetwork}\"."
            );
            Failure::invalid_argument(message)
        })
    }

    /// Pods of several clusters can share a range, their Services cannot.
    fn check_services_unused(&self, subnetwork: &str, name: &str) -> Result<(), Failure> {
        let mut clusters = self.container.clusters.values();
        let used = clusters.any(|cluster| {
            cluster.subnetwork == subnetwork
                && cluster.value["ipAllocationPolicy"]["servicesSecondaryRangeName"] == json!(name)
        });
        if used {
            let subnetwork = subnetwork.rsplit('/').next().unwrap_or_default();
            let message = format!(
                "Services range \"{name}\" in subnetwork \"{subnetwork}\" is already used by another cluster."
            );
            return Err(Failure::invalid_argument(message));
        }
        Ok(())
    }

    fn ranges_in_network(&self, subnetwork: &str) -> Vec<Ipv4Net> {
        let network = self
            .object(subnetwork)
            .and_then(|object| object["network"].as_str());
        let network = network
            .and_then(|network| self.path_of(network))
            .unwrap_or_default();
        let users = self.users(&network).filter_map(|user| self.object(user));
        let mut taken: Vec<Ipv4Net> = users.flat_map(ranges_of).collect();
        let routed = self.container.clusters.values().filter(|cluster| {
            let same = cluster.value["networkConfig"]["network"]
                .as_str()
                .and_then(|path| self.path_of(path));
            same.as_deref() == Some(&network)
        });
        taken.extend(
            routed.filter_map(|cluster| cidr::range(cluster.value["clusterIpv4Cidr"].as_str()?)),
        );
        taken
    }

    /// Whether a range for a control plane is free.
    pub(super) fn check_control_plane(
        &self,
        subnetwork: &str,
        text: &str,
    ) -> Result<Ipv4Net, Failure> {
        let range = cidr::range(text).filter(|range| range.prefix_len() == 28);
        let range = range.ok_or_else(|| {
            Failure::invalid_argument(format!("Invalid value for field \"cluster.private_cluster_config.master_ipv4_cidr_block\": \"{text}\" is not a /28 range."))
        })?;
        if self
            .ranges_in_network(subnetwork)
            .iter()
            .any(|other| cidr::overlap(*other, range))
        {
            let message = format!(
                "Requested CIDR {text} for master is not available in the network: it overlaps with a range in use."
            );
            return Err(Failure::invalid_argument(message));
        }
        Ok(range)
    }

    /// Takes the ranges: makes those that are the cluster's own, and notes who uses what.
    pub(super) fn take_ranges(&mut self, cluster: &Cluster, new: Vec<(String, String)>) {
        let user = user_of(cluster);
        self.note_use(&cluster.subnetwork, &user);
        self.add_secondary_ranges(&cluster.subnetwork, new);
        for name in names_of(cluster) {
            self.note_use(&format!("{}#{name}", cluster.subnetwork), &user);
        }
    }

    /// Gives them back.
    pub(super) fn release_ranges(&mut self, cluster: &Cluster) {
        let user = user_of(cluster);
        self.forget_use(&cluster.subnetwork, &user);
        for name in names_of(cluster) {
            self.forget_use(&format!("{}#{name}", cluster.subnetwork), &user);
        }
        self.remove_secondary_ranges(&cluster.subnetwork, &cluster.own_ranges);
    }
}

/// What in the network stands for a cluster: one of its nodes.
fn user_of(cluster: &Cluster) -> String {
    let zone = cluster.value["locations"][0].as_str().unwrap_or_default();
    let name: String = cluster.name.chars().take(15).collect();
    format!(
        "zones/{zone}/instances/gke-{name}-default-pool-{}-{}",
        cluster.hash,
        &cluster.hash[..4]
    )
}

fn names_of(cluster: &Cluster) -> Vec<String> {
    let policy = &cluster.value["ipAllocationPolicy"];
    ["clusterSecondaryRangeName", "servicesSecondaryRangeName"]
        .iter()
        .filter_map(|field| policy[*field].as_str().map(str::to_owned))
        .collect()
}

fn name<'a>(policy: &'a Value, field: &str) -> Option<&'a str> {
    policy[field].as_str().filter(|name| !name.is_empty())
}

fn either(policy: &Value, one: &str, other: &str) -> String {
    let found = name(policy, one).or_else(|| name(policy, other));
    found.unwrap_or_default().to_owned()
}

/// The range that is meant by a range, by a size, or by nothing.
fn chosen(
    wanted: &str,
    usual: u8,
    taken: &[Ipv4Net],
    what: &str,
    cluster: &str,
) -> Result<Ipv4Net, Failure> {
    let unavailable = |range: &str| {
        let message = format!(
            "Requested CIDR {range} for {what} is not available in the network for cluster {cluster}."
        );
        Failure::invalid_argument(message)
    };
    let size = match wanted.strip_prefix('/') {
        Some(size) => size.parse().map_err(|_| unavailable(wanted))?,
        None if wanted.is_empty() => usual,
        None => {
            let range = cidr::range(wanted).ok_or_else(|| unavailable(wanted))?;
            let free = taken.iter().all(|other| !cidr::overlap(range, *other));
            return free.then_some(range).ok_or_else(|| unavailable(wanted));
        }
    };
    let within = cidr::range("10.0.0.0/8").ok_or_else(|| unavailable(wanted))?;
    cidr::first_free(within, size, taken).ok_or_else(|| unavailable(&format!("/{size}")))
}
