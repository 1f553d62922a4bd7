//! The data source `google_project`.

use crate::Google;
use crate::error::from_gax;
use crate::labels::Labels;
use crate::names;
use sdk::{Attr, Cx, DataSource, Error, Model};
use std::collections::BTreeMap;

/// A project.
#[derive(Model, Clone, Debug, PartialEq)]
#[model(type_name = "google_project")]
pub(crate) struct Project {
    /// `projects/{project_id}`.
    #[attr(optional, computed)]
    id: Attr<String>,
    /// The id; that of the provider if there is none.
    #[attr(optional)]
    project_id: Attr<String>,
    /// Only of projects that are made here: always null.
    #[attr(computed)]
    auto_create_network: Attr<bool>,
    /// Not asked for: always null.
    #[attr(computed)]
    billing_account: Attr<String>,
    /// Only of projects that are made here: always null.
    #[attr(computed)]
    deletion_policy: Attr<String>,
    /// The labels.
    #[attr(computed)]
    effective_labels: Attr<Labels>,
    /// The number of the folder it is in.
    #[attr(computed)]
    folder_id: Attr<String>,
    /// The labels.
    #[attr(computed)]
    labels: Attr<Labels>,
    /// The name that people see.
    #[attr(computed)]
    name: Attr<String>,
    /// The number.
    #[attr(computed)]
    number: Attr<String>,
    /// The number of the organization it is in.
    #[attr(computed)]
    org_id: Attr<String>,
    /// Only of projects that are made here: always null.
    #[attr(computed)]
    tags: Attr<BTreeMap<String, String>>,
    /// The labels.
    #[attr(computed)]
    terraform_labels: Attr<Labels>,
}

impl DataSource for Project {
    type Cloud = Google;

    async fn read(self, cx: &Cx<'_, Google>) -> Result<Self, Error> {
        let id = self.project_id.to_option().or_else(|| cx.project.clone());
        let id = id.ok_or_else(|| {
            Error::invalid("No project_id is given, and the provider has no project.")
                .at("project_id")
        })?;
        let projects = cx.clients.projects().await?;
        let get = projects.get_project().set_name(format!("projects/{id}"));
        let project = get
            .send()
            .await
            .map_err(|error| from_gax(&error).doing(format!("reading project {id}")))?;
        let labels: Labels = project.labels.into_iter().collect();
        let of = |kind: &str| {
            project
                .parent
                .strip_prefix(kind)
                .unwrap_or_default()
                .to_owned()
        };
        Ok(Self {
            id: format!("projects/{id}").into(),
            project_id: id.into(),
            name: project.display_name.into(),
            number: names::last(&project.name).into(),
            folder_id: of("folders/").into(),
            org_id: of("organizations/").into(),
            effective_labels: labels.clone().into(),
            terraform_labels: labels.clone().into(),
            labels: labels.into(),
            ..Self::empty()
        })
    }
}
