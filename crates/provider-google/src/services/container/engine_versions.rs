//! The data source `google_container_engine_versions`.

use crate::Google;
use crate::error::from_gax;
use crate::names::{self, needed};
use sdk::{Attr, Cx, DataSource, Error, Model};
use std::collections::BTreeMap;

/// Versions by the name of the release channel.
type ByChannel = BTreeMap<String, String>;

/// The versions of Kubernetes Engine that there are in a place.
#[derive(Model, Clone, Debug, PartialEq)]
#[model(type_name = "google_container_engine_versions")]
pub(crate) struct EngineVersions {
    /// `projects/{project}/locations/{location}`.
    #[attr(optional, computed)]
    id: Attr<String>,
    /// The region or zone; the provider's if there is none.
    #[attr(optional)]
    location: Attr<String>,
    /// The project; that of the provider if there is none.
    #[attr(optional)]
    project: Attr<String>,
    /// What the versions listed begin with.
    #[attr(optional)]
    version_prefix: Attr<String>,
    /// The version of clusters that name none.
    #[attr(computed)]
    default_cluster_version: Attr<String>,
    /// The newest version of control planes.
    #[attr(computed)]
    latest_master_version: Attr<String>,
    /// The newest version of nodes.
    #[attr(computed)]
    latest_node_version: Attr<String>,
    /// The version of new clusters in each release channel.
    #[attr(computed)]
    release_channel_default_version: Attr<ByChannel>,
    /// The newest version in each release channel.
    #[attr(computed)]
    release_channel_latest_version: Attr<ByChannel>,
    /// The version that clusters in each release channel are brought to.
    #[attr(computed)]
    release_channel_upgrade_target_version: Attr<ByChannel>,
    /// The versions of control planes, newest first.
    #[attr(computed)]
    valid_master_versions: Attr<Vec<String>>,
    /// The versions of nodes, newest first.
    #[attr(computed)]
    valid_node_versions: Attr<Vec<String>>,
}

impl DataSource for EngineVersions {
    type Cloud = Google;

    async fn read(self, cx: &Cx<'_, Google>) -> Result<Self, Error> {
        let project = self.project.clone().or(cx.project.clone().into());
        let project = needed(&project, "project")?;
        let location = self.location.clone();
        let location = location
            .or(cx.zone.clone().into())
            .or(cx.region.clone().into());
        let location = names::last(needed(&location, "location")?);
        let id = format!("projects/{project}/locations/{location}");
        let clusters = cx.clients.clusters().await?;
        let config = clusters.get_server_config().set_name(&id).send().await;
        let config = config.map_err(|error| {
            from_gax(&error).doing(format!("reading the versions in {location}"))
        })?;
        let prefix = self.version_prefix.as_str();
        let filtered = |versions: Vec<String>| -> Vec<String> {
            let mut versions = versions;
            versions.retain(|version| version.starts_with(prefix));
            versions
        };
        let masters = filtered(config.valid_master_versions);
        let nodes = filtered(config.valid_node_versions);
        let (mut default, mut latest, mut target) =
            (ByChannel::new(), ByChannel::new(), ByChannel::new());
        for channel in config.channels {
            let name = channel.channel.name().unwrap_or_default().to_owned();
            let mut valid = channel.valid_versions.iter();
            if let Some(newest) = valid.find(|version| version.starts_with(prefix)) {
                latest.insert(name.clone(), newest.clone());
            }
            if !channel.upgrade_target_version.is_empty() {
                target.insert(name.clone(), channel.upgrade_target_version);
            }
            default.insert(name, channel.default_version);
        }
        Ok(Self {
            id: id.clone().into(),
            default_cluster_version: config.default_cluster_version.into(),
            latest_master_version: masters.first().cloned().unwrap_or_default().into(),
            latest_node_version: nodes.first().cloned().unwrap_or_default().into(),
            release_channel_default_version: default.into(),
            release_channel_latest_version: latest.into(),
            release_channel_upgrade_target_version: target.into(),
            valid_master_versions: masters.into(),
            valid_node_versions: nodes.into(),
            ..self
        })
    }
}
