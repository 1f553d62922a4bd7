//! The clients, each made when it is first used.

use crate::config::{Config, Endpoints};
use crate::credentials::{self, Assumed, Profile, Role};
use crate::http::{Connections, Feedback, Limited};
use aws_config::profile::ProfileFileRegionProvider;
use aws_config::provider_config::ProviderConfig;
use aws_config::{AppName, BehaviorVersion, Region, SdkConfig};
use aws_runtime::env_config::file::{EnvConfigFileKind, EnvConfigFiles};
use aws_sdk_sts::config::retry::RetryConfig;
use aws_sdk_sts::config::timeout::TimeoutConfig;
use aws_sdk_sts::config::{SharedCredentialsProvider, SharedHttpClient};
use diags::{Diagnostic, Diagnostics};
use sdk::{Host, Limiter};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

/// Attempts of one request, unless the configuration says otherwise.
const ATTEMPTS: u32 = 10;

/// Clients of all services.
#[derive(Debug)]
pub(crate) struct Clients {
    common: SdkConfig,
    http: SharedHttpClient,
    endpoints: Endpoints,
    sts_region: Option<String>,
    ec2: OnceLock<Ec2>,
    eks: OnceLock<aws_sdk_eks::Client>,
    iam: OnceLock<aws_sdk_iam::Client>,
    sts: OnceLock<aws_sdk_sts::Client>,
}

#[derive(Debug)]
struct Ec2 {
    repeating: aws_sdk_ec2::Client,
    once: aws_sdk_ec2::Client,
}

/// A client from the common settings, the service's endpoint, and a limiter of its own.
macro_rules! client {
    ($sdk:ident, $clients:expr, $name:literal, $retry:expr, $limiter:expr, $region:expr) => {{
        let clients: &Clients = $clients;
        let limiter: Arc<Limiter> = $limiter;
        let mut builder = $sdk::config::Builder::from(&clients.common)
            .http_client(Limited {
                client: clients.http.clone(),
                limiter: limiter.clone(),
            })
            .interceptor(Feedback(limiter));
        if let Some(url) = clients.endpoints.of($name) {
            builder = builder.endpoint_url(url);
        }
        if let Some(retry) = $retry {
            builder = builder.retry_config(retry);
        }
        if let Some(region) = $region {
            builder = builder.region(Region::new(region));
        }
        $sdk::Client::from_conf(builder.build())
    }};
}

impl Clients {
    fn new(
        common: SdkConfig,
        http: SharedHttpClient,
        endpoints: Endpoints,
        sts_region: Option<String>,
    ) -> Self {
        Self {
            common,
            http,
            endpoints,
            sts_region,
            ec2: OnceLock::new(),
            eks: OnceLock::new(),
            iam: OnceLock::new(),
            sts: OnceLock::new(),
        }
    }

    fn ec2_clients(&self) -> &Ec2 {
        self.ec2.get_or_init(|| {
            let limiter = Arc::<Limiter>::default();
            let none = None::<String>;
            let once = Some(RetryConfig::disabled());
            Ec2 {
                repeating: client!(
                    aws_sdk_ec2,
                    self,
                    "ec2",
                    None::<RetryConfig>,
                    limiter.clone(),
                    none.clone()
                ),
                once: client!(aws_sdk_ec2, self, "ec2", once, limiter, none),
            }
        })
    }

    /// EC2; requests are repeated when they fail in passing.
    pub(crate) fn ec2(&self) -> &aws_sdk_ec2::Client {
        &self.ec2_clients().repeating
    }

    /// EC2; each request is sent once.
    pub(crate) fn ec2_once(&self) -> &aws_sdk_ec2::Client {
        &self.ec2_clients().once
    }

    /// EKS.
    pub(crate) fn eks(&self) -> &aws_sdk_eks::Client {
        self.eks.get_or_init(|| {
            client!(
                aws_sdk_eks,
                self,
                "eks",
                None::<RetryConfig>,
                Arc::default(),
                None::<String>
            )
        })
    }

    /// IAM.
    pub(crate) fn iam(&self) -> &aws_sdk_iam::Client {
        self.iam.get_or_init(|| {
            client!(
                aws_sdk_iam,
                self,
                "iam",
                None::<RetryConfig>,
                Arc::default(),
                None::<String>
            )
        })
    }

    /// STS.
    pub(crate) fn sts(&self) -> &aws_sdk_sts::Client {
        self.sts.get_or_init(|| {
            let region = self.sts_region.clone();
            client!(
                aws_sdk_sts,
                self,
                "sts",
                None::<RetryConfig>,
                Arc::default(),
                region
            )
        })
    }
}

fn refused(summary: &str, detail: impl Into<String>) -> Diagnostics {
    Diagnostic::error(summary, detail.into()).into()
}

/// A path with the home directory for `~`.
fn path(text: &str, host: &Host) -> String {
    match (text.strip_prefix("~/"), host.variable("HOME")) {
        (Some(rest), Some(home)) => format!("{home}/{rest}"),
        _ => text.to_owned(),
    }
}

fn profile(config: &Config, host: &Host) -> Profile {
    let config_files = config.shared_config_files.or_default();
    let credentials_files = config.shared_credentials_files.or_default();
    let files = (!config_files.is_empty() || !credentials_files.is_empty()).then(|| {
        let mut files = EnvConfigFiles::builder();
        for file in &config_files {
            files = files.with_file(EnvConfigFileKind::Config, path(file, host));
        }
        for file in &credentials_files {
            files = files.with_file(EnvConfigFileKind::Credentials, path(file, host));
        }
        files
            .include_default_config_file(config_files.is_empty())
            .include_default_credentials_file(credentials_files.is_empty())
            .build()
    });
    Profile {
        name: config.profile.to_option().filter(|name| !name.is_empty()),
        files,
    }
}

/// The region of the configuration, the environment or the profile.
async fn region(
    config: &Config,
    host: &Host,
    profile: &Profile,
    provider: &ProviderConfig,
) -> Result<String, Diagnostics> {
    let given = config
        .region
        .to_option()
        .filter(|region| !region.is_empty());
    let given = given
        .or_else(|| host.variable("AWS_REGION"))
        .or_else(|| host.variable("AWS_DEFAULT_REGION"));
    let region = match given {
        Some(region) => Some(region),
        None => {
            let mut files = ProfileFileRegionProvider::builder().configure(provider);
            if let Some(name) = &profile.name {
                files = files.profile_name(name);
            }
            if let Some(these) = profile.files.clone() {
                files = files.profile_files(these);
            }
            let files = files.build();
            let found = aws_config::meta::region::ProvideRegion::region(&files).await;
            found.map(|region| region.to_string())
        }
    };
    let region = region.ok_or_else(|| {
        refused(
            "Missing region",
            "Set \"region\" in the provider block, the environment variable AWS_REGION, or a region in the profile.",
        )
    })?;
    let looks_like_one = |text: &str| {
        text.split('-').count() >= 3
            && text
                .bytes()
                .all(|b| b == b'-' || b.is_ascii_lowercase() || b.is_ascii_digit())
    };
    if !config.skip_region_validation.is_true() && !looks_like_one(&region) {
        let detail = format!(
            "{region:?} does not look like a region such as \"eu-central-1\". If it is one, set skip_region_validation."
        );
        return Err(refused("Invalid AWS region", detail));
    }
    Ok(region)
}

fn connections(config: &Config, host: &Host) -> Result<Connections, Diagnostics> {
    let given = |text: Option<String>| text.filter(|text| !text.is_empty());
    let bundle = given(config.custom_ca_bundle.to_option())
        .or_else(|| host.variable("AWS_CA_BUNDLE"))
        .map(|file| path(&file, host));
    let authorities = match bundle {
        None => None,
        Some(file) => Some(std::fs::read(&file).map_err(|e| {
            refused(
                "Invalid certificates",
                format!("The file {file:?} of custom_ca_bundle cannot be read: {e}."),
            )
        })?),
    };
    let endpoints = config.endpoints.first();
    let is_plain = |service: &str| {
        let url = endpoints.and_then(|urls| urls.of(service));
        let url = url.map(str::to_owned);
        let url = url.or_else(|| host.variable("AWS_ENDPOINT_URL"));
        url.is_some_and(|url| url.starts_with("http://"))
    };
    Ok(Connections {
        http_proxy: given(config.http_proxy.to_option()),
        https_proxy: given(config.https_proxy.to_option()),
        no_proxy: given(config.no_proxy.to_option()),
        authorities,
        plain: ["ec2", "eks", "iam", "sts"].into_iter().all(is_plain),
    })
}

fn retries(config: &Config) -> RetryConfig {
    let retries = match config.retry_mode.as_str() {
        "adaptive" => RetryConfig::adaptive(),
        _ => RetryConfig::standard(),
    };
    let attempts = config.max_retries.known();
    let attempts = attempts.map_or(ATTEMPTS, |n| u32::try_from(*n).unwrap_or(0) + 1);
    retries
        .with_max_attempts(attempts)
        .with_initial_backoff(Duration::from_millis(200))
        .with_max_backoff(Duration::from_secs(20))
}

/// The clients, and the region.
pub(crate) async fn connect(
    config: &Config,
    host: &Host,
) -> Result<(Clients, String), Diagnostics> {
    let connections = connections(config, host)?;
    let http = connections
        .client()
        .map_err(|why| refused("Invalid connection settings", format!("{why}.")))?;
    let provider = ProviderConfig::empty().with_http_client(http.clone());
    let profile = profile(config, host);
    let region = region(config, host, &profile, &provider).await?;
    let provider = ProviderConfig::without_region()
        .with_http_client(http.clone())
        .with_region(Some(Region::new(region.clone())));
    let metadata = config.skip_metadata_api_check.as_str() != "true";
    let base = credentials::base(config, &profile, &provider, metadata).await;

    let timeouts = TimeoutConfig::builder()
        .connect_timeout(Duration::from_secs(5))
        .read_timeout(Duration::from_secs(60))
        .operation_attempt_timeout(Duration::from_secs(90));
    let mut loader = aws_config::defaults(BehaviorVersion::latest())
        .region(Region::new(region.clone()))
        .credentials_provider(base)
        .http_client(http.clone())
        .retry_config(retries(config))
        .timeout_config(timeouts.build());
    if let Ok(name) = AppName::new("groma") {
        loader = loader.app_name(name);
    }
    if let Some(files) = profile.files.clone() {
        loader = loader.profile_files(files);
    }
    if let Some(name) = profile.name.clone() {
        loader = loader.profile_name(name);
    }
    if let Some(fips) = config.use_fips_endpoint.known() {
        loader = loader.use_fips(*fips);
    }
    if let Some(dualstack) = config.use_dualstack_endpoint.known() {
        loader = loader.use_dual_stack(*dualstack);
    }
    let common = loader.load().await;

    let endpoints = config.endpoints.first().cloned().unwrap_or_default();
    let sts_region = config.sts_region.to_option().filter(|r| !r.is_empty());
    let mut clients = Clients::new(common, http, endpoints, sts_region);
    let identity = config.assume_role_with_web_identity.iter();
    let identity = identity.map(|role| Role::Identity(role.clone()));
    let roles = config
        .assume_role
        .iter()
        .map(|role| Role::Keys(role.clone()));
    for role in identity.chain(roles) {
        clients = clients.assume(role);
    }
    Ok((clients, region))
}

impl Clients {
    /// The same with the credentials of a role.
    fn assume(self, role: Role) -> Self {
        let sts = self.sts().clone();
        let assumed = SharedCredentialsProvider::new(Assumed { sts, role });
        let common = self
            .common
            .to_builder()
            .credentials_provider(assumed)
            .build();
        Self::new(common, self.http, self.endpoints, self.sts_region)
    }
}
