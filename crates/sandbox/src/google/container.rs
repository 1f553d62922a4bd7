//! Kubernetes Engine: clusters, their node pools, and the operations on them.
//!
//! Clusters are kept by location and name. What a cluster is doing (being made, changed, deleted) has an end; until then
//! nothing else can be done with it. Statuses are told from the clock when they are asked for.

mod changing;
mod creating;
mod defaults;
mod fields;
mod operations;
mod pools;
mod ranges;
mod showing;
mod updating;
mod versions;

use super::call::Call;
use super::compute::places;
use super::failure::Failure;
use super::{Answer, Project};
use crate::clock::Instant;
use indexmap::IndexMap;
use operations::Operation;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// What exists.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Container {
    /// By `LOCATION/NAME`.
    clusters: BTreeMap<String, Cluster>,
    /// By `LOCATION/NAME`.
    operations: BTreeMap<String, Operation>,
    /// Clusters and node pools (`LOCATION/CLUSTER[/POOL]`) that are being deleted, by when they are gone.
    leaving: BTreeSet<(Instant, String)>,
    /// Whether a cluster has ever brought the project's pool of workload identities.
    pub(super) workload_pool: bool,
}

/// A cluster.
#[derive(Debug, Serialize, Deserialize)]
struct Cluster {
    name: String,
    location: String,
    /// All that is shown, but for what follows from the rest.
    value: Value,
    pools: IndexMap<String, Pool>,
    doing: Doing,
    /// The operation that `doing` is about.
    operation: String,
    /// What distinguishes it from others of that name: 8 hexadecimal digits.
    hash: String,
    /// The path of its subnetwork.
    subnetwork: String,
    /// The names of the secondary ranges it made.
    own_ranges: Vec<String>,
}

/// A node pool.
#[derive(Debug, Serialize, Deserialize)]
struct Pool {
    value: Value,
    doing: Doing,
    hash: String,
    /// Nodes per zone.
    size: i64,
}

/// What is going on until then.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Doing {
    status: String,
    until: Instant,
}

impl Doing {
    fn new(status: &str, until: Instant) -> Self {
        let status = status.to_owned();
        Self { status, until }
    }

    fn status(&self, now: Instant) -> &str {
        if self.until > now {
            &self.status
        } else {
            "RUNNING"
        }
    }
}

impl Cluster {
    /// `locations/R/clusters/C` or `zones/Z/clusters/C`.
    fn path(&self) -> String {
        path(&self.location, &self.name)
    }
}

/// Where a location is in addresses.
fn place(location: &str) -> String {
    let places = if places::region_of(location).is_some() {
        "zones"
    } else {
        "locations"
    };
    format!("{places}/{location}")
}

fn path(location: &str, name: &str) -> String {
    format!("{}/clusters/{name}", place(location))
}

impl Project {
    /// Answers a request below `projects/P/locations/L` or `projects/P/zones/Z`.
    pub(super) fn answer_container(
        &mut self,
        call: &Call,
        version: &str,
        location: &str,
        rest: &[&str],
    ) -> (String, Answer) {
        let known = places::is_region(location) || places::region_of(location).is_some();
        if !known && location != "-" {
            let message = format!("Location \"{location}\" does not exist.");
            return (super::unknown(), Err(Failure::invalid_argument(message)));
        }
        let method = call.method().as_str();
        let mut name = String::new();
        let answer = match (method, rest, call.verb.as_str()) {
            ("GET", ["serverConfig" | "serverconfig"], "") => {
                name.push_str("getServerConfig");
                Ok(versions::server_config())
            }
            ("GET", ["clusters"], "") => {
                name.push_str("clusters.list");
                Ok(self.list_clusters(call, version, location))
            }
            ("POST", ["clusters"], "") => {
                name.push_str("clusters.create");
                self.create_cluster(call, version, location)
            }
            (_, ["clusters", cluster, rest @ ..], verb) => {
                let (verb, answer) =
                    self.answer_cluster(call, version, (location, cluster), rest, verb);
                name = verb;
                answer
            }
            (_, ["operations", rest @ ..], verb) => {
                let (verb, answer) =
                    self.answer_container_operations(call, version, location, rest, verb);
                name = format!("operations.{verb}");
                answer
            }
            _ => return (super::unknown(), Err(call.no_such_method())),
        };
        (format!("container.{name}"), answer)
    }

    fn answer_cluster(
        &mut self,
        call: &Call,
        version: &str,
        (location, name): (&str, &str),
        rest: &[&str],
        verb: &str,
    ) -> (String, Answer) {
        let key = format!("{location}/{name}");
        let method = call.method().as_str();
        if let ["nodePools", rest @ ..] = rest {
            let (verb, answer) = self.answer_pools(call, version, &key, rest, verb);
            return (format!("nodePools.{verb}"), answer);
        }
        let verb = match (method, rest, verb) {
            ("GET", [], "") => "get",
            ("PUT", [], "") => "update",
            ("DELETE", [], "") => "delete",
            ("POST", [], verb) => verb,
            // The older forms.
            ("POST", ["resourceLabels"], "") => "setResourceLabels",
            ("POST", ["legacyAbac"], "") => "setLegacyAbac",
            ("POST", ["logging"], "") => "setLogging",
            ("POST", ["monitoring"], "") => "setMonitoring",
            ("POST", ["addons"], "") => "setAddons",
            ("POST", ["locations"], "") => "setLocations",
            ("POST", ["master"], "") => "updateMaster",
            _ => "",
        };
        let answer = match self.container.clusters.get(&key) {
            None => Err(self.missing_cluster(location, name)),
            Some(cluster) if verb == "get" => Ok(self.shown_cluster(cluster, version, call.now)),
            Some(_) if verb == "delete" => self.delete_cluster(call, version, &key),
            Some(_) => self.change_cluster(call, version, &key, verb),
        };
        (format!("clusters.{verb}"), answer)
    }

    fn missing_cluster(&self, location: &str, name: &str) -> Failure {
        let path = format!("projects/{}/{}", self.id, path(location, name));
        Failure::not_found(format!("Not found: {path}."))
    }

    fn list_clusters(&self, call: &Call, version: &str, location: &str) -> Value {
        let clusters = self.container.clusters.values();
        let here = clusters.filter(|cluster| location == "-" || cluster.location == location);
        let shown: Vec<Value> = here
            .map(|cluster| self.shown_cluster(cluster, version, call.now))
            .collect();
        match shown.is_empty() {
            true => json!({}),
            false => json!({"clusters": shown}),
        }
    }

    fn delete_cluster(&mut self, call: &Call, version: &str, key: &str) -> Answer {
        let due = call.moment().due;
        let operation = self.begin_on(call, version, key, None, "DELETE_CLUSTER", "STOPPING")?;
        self.container.leaving.insert((due, key.to_owned()));
        Ok(operation)
    }

    /// Removes what has been deleted, once that has ended.
    pub(super) fn remove_what_left_clusters(&mut self, now: Instant) {
        while let Some((at, _)) = self.container.leaving.first()
            && *at <= now
            && let Some((_, key)) = self.container.leaving.pop_first()
        {
            match key.splitn(3, '/').collect::<Vec<_>>().as_slice() {
                [location, cluster, pool] => {
                    let key = format!("{location}/{cluster}");
                    if let Some(cluster) = self.container.clusters.get_mut(&key) {
                        cluster.pools.shift_remove(*pool);
                    }
                }
                _ => {
                    if let Some(cluster) = self.container.clusters.remove(&key) {
                        self.release_ranges(&cluster);
                    }
                }
            }
        }
    }
}
