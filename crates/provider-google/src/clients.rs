//! The clients of the services, each made when it is first used.

use crate::config::Config;
use crate::error::Patient;
use google_cloud_api_serviceusage_v1::client::ServiceUsage;
use google_cloud_auth::credentials::{CacheableResource, Credentials};
use google_cloud_compute_v1::client as compute;
use google_cloud_container_v1::client::ClusterManager;
use google_cloud_gax::exponential_backoff::ExponentialBackoffBuilder;
use google_cloud_iam_admin_v1::client::Iam;
use google_cloud_resourcemanager_v3::client::Projects;
use sdk::{Error, ErrorKind, Host};
use std::time::Duration;
use tokio::sync::OnceCell;

/// The longest that one request may take where nobody says.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(120);

/// Where the services are and how to talk to them.
#[derive(Debug)]
pub struct Clients {
    credentials: Credentials,
    timeout: Duration,
    compute_endpoint: Option<String>,
    container_endpoint: Option<String>,
    iam_endpoint: Option<String>,
    projects_endpoint: Option<String>,
    services_endpoint: Option<String>,
    networks: OnceCell<compute::Networks>,
    subnetworks: OnceCell<compute::Subnetworks>,
    routers: OnceCell<compute::Routers>,
    addresses: OnceCell<compute::Addresses>,
    firewalls: OnceCell<compute::Firewalls>,
    zones: OnceCell<compute::Zones>,
    instance_group_managers: OnceCell<compute::InstanceGroupManagers>,
    global_operations: OnceCell<compute::GlobalOperations>,
    region_operations: OnceCell<compute::RegionOperations>,
    clusters: OnceCell<ClusterManager>,
    iam: OnceCell<Iam>,
    projects: OnceCell<Projects>,
    services: OnceCell<ServiceUsage>,
}

/// A method that gives a client, made the first time.
macro_rules! client {
    ($(#[$doc:meta])* $name:ident, $client:ty, $endpoint:ident) => {
        $(#[$doc])*
        pub async fn $name(&self) -> Result<&$client, Error> {
            self.$name
                .get_or_try_init(|| async {
                    let backoff = ExponentialBackoffBuilder::new()
                        .with_initial_delay(Duration::from_millis(100))
                        .with_maximum_delay(Duration::from_secs(10))
                        .clamp();
                    let mut builder = <$client>::builder()
                        .with_credentials(self.credentials.clone())
                        .with_retry_policy(Patient)
                        .with_backoff_policy(backoff)
                        .with_attempt_timeout(self.timeout);
                    if let Some(endpoint) = &self.$endpoint {
                        builder = builder.with_endpoint(endpoint.clone());
                    }
                    builder.build().await.map_err(|error| {
                        Error::new(ErrorKind::Other, "", error.to_string())
                            .doing(concat!("making the client for ", stringify!($name)))
                    })
                })
                .await
        }
    };
}

impl Clients {
    pub(crate) fn new(config: &Config, credentials: Credentials, host: &Host) -> Self {
        let endpoint = |given: &sdk::Attr<String>, variable: &str| {
            let given = given.to_option().or_else(|| host.variable(variable));
            given.map(|url| root(&url))
        };
        let timeout = config.request_timeout.known();
        let timeout = timeout.and_then(|text| sdk::durations::parse(text).ok());
        Self {
            credentials,
            timeout: timeout.unwrap_or(REQUEST_TIMEOUT),
            compute_endpoint: endpoint(
                &config.compute_custom_endpoint,
                "GOOGLE_COMPUTE_CUSTOM_ENDPOINT",
            ),
            container_endpoint: endpoint(
                &config.container_custom_endpoint,
                "GOOGLE_CONTAINER_CUSTOM_ENDPOINT",
            ),
            iam_endpoint: endpoint(
                &config.iam_beta_custom_endpoint,
                "GOOGLE_IAM_BETA_CUSTOM_ENDPOINT",
            )
            .or_else(|| endpoint(&config.iam_custom_endpoint, "GOOGLE_IAM_CUSTOM_ENDPOINT")),
            projects_endpoint: endpoint(
                &config.resource_manager_v3_custom_endpoint,
                "GOOGLE_RESOURCE_MANAGER_V3_CUSTOM_ENDPOINT",
            )
            .or_else(|| {
                endpoint(
                    &config.cloud_resource_manager_custom_endpoint,
                    "GOOGLE_CLOUD_RESOURCE_MANAGER_CUSTOM_ENDPOINT",
                )
            })
            .or_else(|| {
                endpoint(
                    &config.resource_manager_custom_endpoint,
                    "GOOGLE_RESOURCE_MANAGER_CUSTOM_ENDPOINT",
                )
            }),
            services_endpoint: endpoint(
                &config.service_usage_custom_endpoint,
                "GOOGLE_SERVICE_USAGE_CUSTOM_ENDPOINT",
            ),
            networks: OnceCell::new(),
            subnetworks: OnceCell::new(),
            routers: OnceCell::new(),
            addresses: OnceCell::new(),
            firewalls: OnceCell::new(),
            zones: OnceCell::new(),
            instance_group_managers: OnceCell::new(),
            global_operations: OnceCell::new(),
            region_operations: OnceCell::new(),
            clusters: OnceCell::new(),
            iam: OnceCell::new(),
            projects: OnceCell::new(),
            services: OnceCell::new(),
        }
    }

    /// A token that opens what the credentials may open.
    pub(crate) async fn token(&self) -> Result<String, Error> {
        let doing = |message: String| {
            Error::new(ErrorKind::Denied, "", message).doing("getting an access token")
        };
        let headers = self.credentials.headers(http::Extensions::new()).await;
        let headers = match headers.map_err(|error| doing(error.to_string()))? {
            CacheableResource::New { data, .. } => data,
            CacheableResource::NotModified => http::HeaderMap::new(),
        };
        let header = headers.get(http::header::AUTHORIZATION);
        let token = header.and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
        let token = token.ok_or_else(|| doing("The credentials give no token.".to_owned()))?;
        Ok(token.to_owned())
    }

    client!(
        /// VPC networks.
        networks, compute::Networks, compute_endpoint
    );
    client!(
        /// Subnetworks.
        subnetworks, compute::Subnetworks, compute_endpoint
    );
    client!(
        /// Cloud Routers, and Cloud NAT in them.
        routers, compute::Routers, compute_endpoint
    );
    client!(
        /// Regional addresses.
        addresses, compute::Addresses, compute_endpoint
    );
    client!(
        /// Firewall rules.
        firewalls, compute::Firewalls, compute_endpoint
    );
    client!(
        /// Zones.
        zones, compute::Zones, compute_endpoint
    );
    client!(
        /// Managed instance groups: the machines of node pools.
        instance_group_managers, compute::InstanceGroupManagers, compute_endpoint
    );
    client!(
        /// Operations on what is global.
        global_operations, compute::GlobalOperations, compute_endpoint
    );
    client!(
        /// Operations on what is in a region.
        region_operations, compute::RegionOperations, compute_endpoint
    );
    client!(
        /// Clusters and node pools.
        clusters, ClusterManager, container_endpoint
    );
    client!(
        /// Service accounts.
        iam, Iam, iam_endpoint
    );
    client!(
        /// Projects and their IAM policies.
        projects, Projects, projects_endpoint
    );
    client!(
        /// Services of projects.
        services, ServiceUsage, services_endpoint
    );
}

/// The root that the clients want, of an endpoint as configurations have it: `https://host/compute/v1/` is `https://host`.
fn root(endpoint: &str) -> String {
    let mut root = endpoint.trim_end_matches('/');
    for version in ["v1", "v3", "v1beta1", "beta"] {
        root = root
            .strip_suffix(version)
            .unwrap_or(root)
            .trim_end_matches('/');
    }
    let root = root.strip_suffix("/compute").unwrap_or(root);
    root.to_owned()
}

#[cfg(test)]
mod tests {
    use super::root;

    #[test]
    fn endpoints_lose_their_version() {
        for url in [
            "http://127.0.0.1:1/compute/v1/",
            "http://127.0.0.1:1/v1/",
            "http://127.0.0.1:1/v3",
            "http://127.0.0.1:1/",
            "http://127.0.0.1:1",
        ] {
            assert_eq!(root(url), "http://127.0.0.1:1");
        }
        assert_eq!(
            root("https://compute.googleapis.com/compute/v1/"),
            "https://compute.googleapis.com"
        );
    }
}
