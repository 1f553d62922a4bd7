//! Google Cloud: networks, Cloud NAT, service accounts, IAM, Kubernetes Engine.
//!
//! Types carry the names, attributes and flags of hashicorp/google 7.45.0, so that configurations and stored objects can go back
//! and forth. One resource is one file under `services`.

mod clients;
mod config;
mod created;
mod credentials;
mod deletion;
mod error;
mod labels;
mod names;
mod operations;
mod policies;
#[cfg(test)]
mod schemas;
mod services;
#[cfg(test)]
mod testing;
mod turns;

pub use clients::Clients;
pub use config::Config;
pub use turns::Turns;

use cty::Value;
use diags::Diagnostics;
use labels::Labels;
use sdk::{AnyDataSource, AnyResource, Cloud, Host, Problems};
use std::sync::Arc;

/// The version of hashicorp/google whose schemas this provider has.
pub const VERSION: &str = "7.45.0";

/// The configured provider.
#[derive(Debug)]
pub struct Google {
    /// The clients.
    pub clients: Arc<Clients>,
    /// The project of resources that name none.
    pub project: Option<String>,
    /// The region of resources that name none.
    pub region: Option<String>,
    /// The zone of resources that name none.
    pub zone: Option<String>,
    /// Whose turn it is to change what must be changed one after the other.
    pub turns: turns::Turns,
    default_labels: Labels,
    deletion_policy: String,
    policies: policies::Policies,
    enabled: services::Enabled,
}

/// The provider, not configured yet.
pub fn provider(host: Host) -> sdk::Provider<Google> {
    sdk::Provider::new(host)
}

impl Cloud for Google {
    type Config = Config;

    fn validate(config: &Config, problems: &mut Problems) {
        config.check(problems);
    }

    async fn configure(config: Config, host: &Host) -> Result<Self, Diagnostics> {
        let credentials = credentials::find(&config, host)?;
        let variable = |names: &[&str]| names.iter().find_map(|name| host.variable(name));
        let given = |value: &sdk::Attr<String>| value.to_option().filter(|v| !v.is_empty());
        let clients = Arc::new(Clients::new(&config, credentials, host));
        Ok(Self {
            policies: policies::Policies::new(clients.clone()),
            enabled: services::Enabled::new(clients.clone()),
            clients,
            project: given(&config.project).or_else(|| {
                variable(&[
                    "GOOGLE_PROJECT",
                    "GOOGLE_CLOUD_PROJECT",
                    "GCLOUD_PROJECT",
                    "CLOUDSDK_CORE_PROJECT",
                ])
            }),
            region: given(&config.region)
                .or_else(|| {
                    variable(&["GOOGLE_REGION", "GCLOUD_REGION", "CLOUDSDK_COMPUTE_REGION"])
                })
                .map(|region| names::last(&region).to_owned()),
            zone: given(&config.zone)
                .or_else(|| variable(&["GOOGLE_ZONE", "GCLOUD_ZONE", "CLOUDSDK_COMPUTE_ZONE"]))
                .map(|zone| names::last(&zone).to_owned()),
            turns: turns::Turns::default(),
            default_labels: config.default_labels.or_default(),
            deletion_policy: given(&config.deletion_policy).unwrap_or_else(|| "DELETE".to_owned()),
        })
    }

    fn resources() -> Vec<Box<dyn AnyResource<Self>>> {
        services::resources()
    }

    fn data_sources() -> Vec<Box<dyn AnyDataSource<Self>>> {
        services::data_sources()
    }

    fn plan(&self, _kind: &str, config: &Value, prior: &Value, planned: Value) -> Value {
        let mut planned = planned;
        let defaults = [
            ("project", self.project.as_deref()),
            ("region", self.region.as_deref()),
            ("deletion_policy", Some(self.deletion_policy.as_str())),
        ];
        for (name, default) in defaults {
            if let (Some(default), Some(value)) = (default, planned.get(name))
                && !value.is_known()
                && config.get(name).is_none_or(Value::is_null)
            {
                planned = sdk::with(&planned, name, Value::string(default));
            }
        }
        labels::plan(config, prior, planned, &self.default_labels)
    }
}
