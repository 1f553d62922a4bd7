//! The data source `google_compute_zones`.

use crate::Google;
use crate::error::from_gax;
use crate::names;
use google_cloud_compute_v1::model;
use google_cloud_gax::paginator::ItemPaginator;
use sdk::{Attr, Cx, DataSource, Error, Model};

/// The zones of a region.
#[derive(Model, Clone, Debug, PartialEq)]
#[model(type_name = "google_compute_zones")]
pub(crate) struct Zones {
    /// `projects/{project}/regions/{region}`.
    #[attr(optional, computed)]
    id: Attr<String>,
    /// The project; that of the provider if there is none.
    #[attr(optional, computed)]
    project: Attr<String>,
    /// The region; that of the provider if there is none.
    #[attr(optional)]
    region: Attr<String>,
    /// Only those that are up or down.
    #[attr(optional, one_of("UP", "DOWN"))]
    status: Attr<String>,
    /// The names, sorted.
    #[attr(computed)]
    names: Attr<Vec<String>>,
}

impl DataSource for Zones {
    type Cloud = Google;

    async fn read(self, cx: &Cx<'_, Google>) -> Result<Self, Error> {
        let project = self.project.clone().or(cx.project.clone().into());
        let region = self.region.clone().or(cx.region.clone().into());
        let (project, region) = (
            names::needed(&project, "project")?.to_owned(),
            names::needed(&region, "region")?.to_owned(),
        );
        let region = names::last(&region).to_owned();
        let zones = cx.clients.zones().await?;
        let mut items = zones.list().set_project(&project).by_item();
        let mut names = Vec::new();
        while let Some(zone) = items.next().await {
            let zone: model::Zone = zone.map_err(|error| {
                from_gax(&error).doing(format!("listing the zones of {region}"))
            })?;
            let here = zone.region.as_deref().map(names::last) == Some(region.as_str());
            let status = zone.status.as_ref().and_then(|status| status.name());
            let wanted = self.status.as_str();
            if here && (wanted.is_empty() || status == Some(wanted)) {
                names.extend(zone.name);
            }
        }
        names.sort_unstable();
        Ok(Self {
            id: format!("projects/{project}/regions/{region}").into(),
            project: project.into(),
            names: names.into(),
            ..self
        })
    }
}
