//! The data source `google_client_config`.

use crate::Google;
use crate::labels::Labels;
use sdk::{Attr, Cx, DataSource, Error, Model};

/// What the provider is configured with.
#[derive(Model, Clone, Debug, PartialEq)]
#[model(type_name = "google_client_config")]
pub(crate) struct ClientConfig {
    /// `projects/{project}/regions/{region}/zones/{zone}`.
    #[attr(computed)]
    id: Attr<String>,
    /// The project of resources that name none.
    #[attr(computed)]
    project: Attr<String>,
    /// The region of resources that name none.
    #[attr(computed)]
    region: Attr<String>,
    /// The zone of resources that name none.
    #[attr(computed)]
    zone: Attr<String>,
    /// The labels of every resource that has labels.
    #[attr(computed)]
    default_labels: Attr<Labels>,
    /// A token that opens what this provider may open, for a while.
    #[attr(computed, sensitive)]
    access_token: Attr<String>,
}

impl DataSource for ClientConfig {
    type Cloud = Google;

    async fn read(self, cx: &Cx<'_, Google>) -> Result<Self, Error> {
        let part = |value: &Option<String>| value.clone().unwrap_or_default();
        let (project, region, zone) = (part(&cx.project), part(&cx.region), part(&cx.zone));
        Ok(Self {
            id: format!("projects/{project}/regions/{region}/zones/{zone}").into(),
            project: project.into(),
            region: region.into(),
            zone: zone.into(),
            default_labels: cx.default_labels.clone().into(),
            access_token: cx.clients.token().await?.into(),
        })
    }
}
