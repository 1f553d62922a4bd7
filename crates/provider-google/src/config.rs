//! The provider block.

use sdk::{Attr, Blocks, Model, Problems};
use std::collections::BTreeMap;

/// How to reach Google Cloud, and what holds for all resources.
#[derive(Model, Clone, Debug)]
#[model(unbuilt = include_str!("config.unbuilt"))]
pub struct Config {
    /// An OAuth 2.0 access token to use instead of credentials. It is not renewed.
    #[attr(optional)]
    pub(crate) access_token: Attr<String>,
    /// The key of a service account, or other credentials: the JSON itself, or the path of a file with it.
    #[attr(optional)]
    pub(crate) credentials: Attr<String>,
    /// The service account to act as.
    #[attr(optional)]
    pub(crate) impersonate_service_account: Attr<String>,
    /// The service accounts on the way to the one to act as.
    #[attr(optional, required_with("impersonate_service_account"))]
    pub(crate) impersonate_service_account_delegates: Attr<Vec<String>>,
    /// The OAuth 2.0 scopes to ask for.
    #[attr(optional)]
    pub(crate) scopes: Attr<Vec<String>>,
    /// The project of resources that name none.
    #[attr(optional)]
    pub(crate) project: Attr<String>,
    /// The region of resources that name none.
    #[attr(optional)]
    pub(crate) region: Attr<String>,
    /// The zone of resources that name none.
    #[attr(optional)]
    pub(crate) zone: Attr<String>,
    /// The project that pays for the requests.
    #[attr(optional)]
    pub(crate) billing_project: Attr<String>,
    /// Whether the project of a resource pays for the requests about it.
    #[attr(optional)]
    pub(crate) user_project_override: Attr<bool>,
    /// Why the requests are made, for the audit log.
    #[attr(optional)]
    pub(crate) request_reason: Attr<String>,
    /// How long one request may take.
    #[attr(optional, validate = is_duration)]
    pub(crate) request_timeout: Attr<String>,
    /// The domain of the cloud's addresses.
    #[attr(optional)]
    pub(crate) universe_domain: Attr<String>,
    /// Labels of every resource that has labels.
    #[attr(optional)]
    pub(crate) default_labels: Attr<BTreeMap<String, String>>,
    /// What deleting means for resources that do not say: `DELETE`, `ABANDON` or `PREVENT`.
    #[attr(optional, one_of("DELETE", "ABANDON", "PREVENT"))]
    pub(crate) deletion_policy: Attr<String>,
    /// Whether resources get the label `goog-terraform-provisioned`.
    #[attr(optional)]
    pub(crate) add_terraform_attribution_label: Attr<bool>,
    /// When they get it: `CREATION_ONLY` or `PROACTIVE`.
    #[attr(optional, one_of("CREATION_ONLY", "PROACTIVE"))]
    pub(crate) terraform_attribution_label_addition_strategy: Attr<String>,
    /// How long to wait between two looks at an operation. Looks are adaptive here; this is the longest wait.
    #[attr(optional, validate = is_duration)]
    pub(crate) poll_interval: Attr<String>,
    /// Accepted for compatibility: requests are always joined where that is possible.
    #[block(list)]
    pub(crate) batching: Blocks<Batching>,
    /// Where Compute Engine is.
    #[attr(optional)]
    pub(crate) compute_custom_endpoint: Attr<String>,
    /// Where Kubernetes Engine is.
    #[attr(optional)]
    pub(crate) container_custom_endpoint: Attr<String>,
    /// Where Identity and Access Management is.
    #[attr(optional)]
    pub(crate) iam_custom_endpoint: Attr<String>,
    /// Another name for where Identity and Access Management is; service accounts go there if both are given.
    #[attr(optional)]
    pub(crate) iam_beta_custom_endpoint: Attr<String>,
    /// Where the credentials service of IAM is.
    #[attr(optional)]
    pub(crate) iam_credentials_custom_endpoint: Attr<String>,
    /// Where Resource Manager is.
    #[attr(optional)]
    pub(crate) cloud_resource_manager_custom_endpoint: Attr<String>,
    /// Where Resource Manager is.
    #[attr(optional)]
    pub(crate) resource_manager_custom_endpoint: Attr<String>,
    /// Where version 3 of Resource Manager is.
    #[attr(optional)]
    pub(crate) resource_manager_v3_custom_endpoint: Attr<String>,
    /// Where Service Usage is.
    #[attr(optional)]
    pub(crate) service_usage_custom_endpoint: Attr<String>,
}

/// How requests are joined.
#[derive(Model, Clone, Debug)]
pub(crate) struct Batching {
    /// Whether they are joined.
    #[attr(optional)]
    enable_batching: Attr<bool>,
    /// How long to wait for others.
    #[attr(optional, validate = is_duration)]
    send_after: Attr<String>,
}

fn is_duration(text: &str) -> Result<(), String> {
    let parsed = sdk::durations::parse(text);
    parsed.map(|_| ()).map_err(|error| error.to_string())
}

impl Config {
    pub(crate) fn check(&self, problems: &mut Problems) {
        if self.access_token.is_known_and(String::is_empty) {
            problems.error(
                "access_token",
                "Invalid value for access_token",
                "An empty token opens nothing. Remove it.",
            );
        }
        if let Some(text) = self
            .credentials
            .known()
            .filter(|text| text.trim_start().starts_with('{'))
            && serde_json::from_str::<serde_json::Value>(text).is_err()
        {
            problems.error(
                "credentials",
                "Invalid value for credentials",
                "It begins like JSON but is not valid JSON. Give the whole content of the key file, or its path.",
            );
        }
    }
}
