//! Kubernetes Engine: clusters and node pools.

mod engine_versions;
mod turns;

pub(super) use engine_versions::EngineVersions;
pub(crate) use turns::Turns;
