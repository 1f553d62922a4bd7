//! Kubernetes Engine: clusters and node pools.

mod cluster;
mod engine_versions;
mod node_config;
mod node_pool;
mod operations;
mod values;

pub(super) use cluster::Cluster;
pub(super) use engine_versions::EngineVersions;
pub(super) use node_pool::NodePool;
