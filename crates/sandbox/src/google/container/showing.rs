//! Clusters and node pools as they are shown.

use super::super::Project;
use super::{Cluster, Pool, defaults};
use crate::clock::Instant;
use serde_json::{Value, json};

/// What version v1 does not have.
const BETA: [&str; 5] = [
    "clusterTelemetry",
    "master",
    "privateCluster",
    "protectConfig",
    "workloadAltsConfig",
];

impl Project {
    pub(super) fn shown_cluster(&self, cluster: &Cluster, version: &str, now: Instant) -> Value {
        let mut shown = cluster.value.clone();
        let pools: Vec<Value> = cluster
            .pools
            .values()
            .map(|pool| self.shown_pool(cluster, pool, version, now))
            .collect();
        shown["selfLink"] = json!(self.cluster_link(cluster, version));
        shown["status"] = json!(cluster.doing.status(now));
        let nodes: i64 = cluster.pools.values().map(nodes_of).sum();
        if nodes > 0 {
            shown["currentNodeCount"] = json!(nodes);
        }
        let urls: Vec<&Value> = pools
            .iter()
            .flat_map(|pool| pool["instanceGroupUrls"].as_array().into_iter().flatten())
            .collect();
        if !urls.is_empty() {
            shown["instanceGroupUrls"] = json!(urls);
        }
        match pools.first() {
            Some(first) => {
                shown["nodeConfig"] = first["config"].clone();
                shown["currentNodeVersion"] = node_version(&pools);
                shown["nodePools"] = json!(pools);
            }
            None => {
                shown["currentNodeVersion"] = shown["currentMasterVersion"].clone();
                if let Some(fields) = shown.as_object_mut() {
                    fields.shift_remove("nodeConfig");
                }
            }
        }
        if version == "v1" {
            if let Some(fields) = shown.as_object_mut() {
                fields.retain(|field, _| !BETA.contains(&field.as_str()));
            }
        } else {
            let mut beta = defaults::beta();
            defaults::overlay(&mut beta, &shown);
            shown = beta;
        }
        shown
    }

    pub(super) fn shown_pool(
        &self,
        cluster: &Cluster,
        pool: &Pool,
        version: &str,
        now: Instant,
    ) -> Value {
        let mut shown = pool.value.clone();
        let name = shown["name"].as_str().unwrap_or_default();
        shown["selfLink"] = json!(format!(
            "{}/nodePools/{name}",
            self.cluster_link(cluster, version)
        ));
        shown["status"] = json!(pool.doing.status(now));
        let urls = pool.zones().map(|zone| {
            let group = group_name(cluster, pool, zone);
            self.link(&format!("zones/{zone}/instanceGroupManagers/{group}"))
        });
        shown["instanceGroupUrls"] = json!(urls.collect::<Vec<_>>());
        shown
    }

    fn cluster_link(&self, cluster: &Cluster, version: &str) -> String {
        format!(
            "https://container.googleapis.com/{version}/projects/{}/{}",
            self.id,
            cluster.path()
        )
    }
}

/// The version of the nodes; `*` after it if they differ.
fn node_version(pools: &[Value]) -> Value {
    let first = &pools[0]["version"];
    match pools.iter().all(|pool| pool["version"] == *first) {
        true => first.clone(),
        false => json!(format!("{}*", first.as_str().unwrap_or_default())),
    }
}

fn nodes_of(pool: &Pool) -> i64 {
    pool.size * i64::try_from(pool.zones().count()).unwrap_or_default()
}

/// The name of the group of a pool's instances in a zone.
pub(super) fn group_name(cluster: &Cluster, pool: &Pool, zone: &str) -> String {
    let short = |text: &str| {
        let short: String = text.chars().take(15).collect();
        short.trim_end_matches('-').to_owned()
    };
    let name = pool.value["name"].as_str().unwrap_or_default();
    let hash: u64 = super::super::number_of(&format!("{}{}{zone}", cluster.hash, pool.hash))
        .parse()
        .unwrap_or_default();
    format!(
        "gke-{}-{}-{:08x}-grp",
        short(&cluster.name),
        short(name),
        hash & 0xffff_ffff
    )
}
