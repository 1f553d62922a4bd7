//! The provider block: where requests go, with whose credentials, and what holds for all resources.

mod endpoints;

pub use endpoints::Endpoints;

use sdk::{Attr, Blocks, Model, Problems, durations};
use std::collections::{BTreeMap, BTreeSet};

/// The configuration of the provider.
#[derive(Model, Clone, Debug)]
pub struct Config {
    /// The id of an access key.
    #[attr(optional)]
    pub access_key: Attr<String>,
    /// The only accounts in which anything may be done.
    #[attr(optional, conflicts("forbidden_account_ids"))]
    pub allowed_account_ids: Attr<BTreeSet<String>>,
    /// A file with the certificates, in PEM, of the authorities to trust instead of the system's.
    #[attr(optional)]
    pub custom_ca_bundle: Attr<String>,
    /// The URL of the instance metadata service.
    #[attr(optional)]
    pub ec2_metadata_service_endpoint: Attr<String>,
    /// Whether the instance metadata service is asked over IPv4 or IPv6.
    #[attr(optional)]
    pub ec2_metadata_service_endpoint_mode: Attr<String>,
    /// Accounts in which nothing may be done.
    #[attr(optional)]
    pub forbidden_account_ids: Attr<BTreeSet<String>>,
    /// The proxy for HTTP, and for HTTPS if there is no other.
    #[attr(optional)]
    pub http_proxy: Attr<String>,
    /// The proxy for HTTPS.
    #[attr(optional)]
    pub https_proxy: Attr<String>,
    /// Whether invalid certificates are accepted.
    #[attr(optional)]
    pub insecure: Attr<bool>,
    /// How often a request is repeated.
    #[attr(optional, range(0, 100))]
    pub max_retries: Attr<i64>,
    /// Hosts, separated by commas, that are not reached through a proxy.
    #[attr(optional)]
    pub no_proxy: Attr<String>,
    /// The profile of the shared files.
    #[attr(optional)]
    pub profile: Attr<String>,
    /// The region.
    #[attr(optional)]
    pub region: Attr<String>,
    /// How requests are repeated.
    #[attr(optional, one_of("standard", "adaptive"))]
    pub retry_mode: Attr<String>,
    /// Which endpoint S3 has in us-east-1.
    #[attr(optional, one_of("legacy", "regional"))]
    pub s3_us_east_1_regional_endpoint: Attr<String>,
    /// Whether buckets stand in the path of a URL.
    #[attr(optional)]
    pub s3_use_path_style: Attr<bool>,
    /// The secret of the access key.
    #[attr(optional)]
    pub secret_key: Attr<String>,
    /// The shared configuration files.
    #[attr(optional)]
    pub shared_config_files: Attr<Vec<String>>,
    /// The shared credentials files.
    #[attr(optional)]
    pub shared_credentials_files: Attr<Vec<String>>,
    /// Whether STS is not asked if the credentials are valid. It is never asked before something needs it.
    #[attr(optional)]
    pub skip_credentials_validation: Attr<bool>,
    /// Whether the instance metadata service is not asked for credentials.
    #[attr(optional, one_of("true", "false", ""))]
    pub skip_metadata_api_check: Attr<String>,
    /// Whether a region need not look like one.
    #[attr(optional)]
    pub skip_region_validation: Attr<bool>,
    /// Whether the id of the account is never asked for.
    #[attr(optional)]
    pub skip_requesting_account_id: Attr<bool>,
    /// The region of STS.
    #[attr(optional)]
    pub sts_region: Attr<String>,
    /// A session token.
    #[attr(optional)]
    pub token: Attr<String>,
    /// How many retries may be under way together.
    #[attr(optional)]
    pub token_bucket_rate_limiter_capacity: Attr<i64>,
    /// Whether endpoints with IPv6 are used.
    #[attr(optional)]
    pub use_dualstack_endpoint: Attr<bool>,
    /// Whether endpoints with FIPS cryptography are used.
    #[attr(optional)]
    pub use_fips_endpoint: Attr<bool>,
    /// Roles to assume, one after the other.
    #[block(list)]
    pub assume_role: Blocks<AssumeRole>,
    /// The role to assume with a token of another identity provider.
    #[block(list)]
    pub assume_role_with_web_identity: Blocks<AssumeRoleWithWebIdentity>,
    /// Tags of all resources.
    #[block(list)]
    pub default_tags: Blocks<DefaultTags>,
    /// URLs of services.
    #[block(set)]
    pub endpoints: Blocks<Endpoints>,
    /// Tags to leave alone.
    #[block(list)]
    pub ignore_tags: Blocks<IgnoreTags>,
}

/// A role to assume; several are assumed one after the other.
#[derive(Model, Clone, Debug)]
pub struct AssumeRole {
    /// How long the session lasts.
    #[attr(optional, validate = session_length)]
    pub duration: Attr<String>,
    /// The id that the role asks third parties for.
    #[attr(optional)]
    pub external_id: Attr<String>,
    /// A policy, in JSON, that narrows what the session may do.
    #[attr(optional)]
    pub policy: Attr<String>,
    /// Policies that narrow what the session may do.
    #[attr(optional)]
    pub policy_arns: Attr<BTreeSet<String>>,
    /// The role.
    #[attr(optional)]
    pub role_arn: Attr<String>,
    /// The name of the session.
    #[attr(optional)]
    pub session_name: Attr<String>,
    /// Who is behind the session.
    #[attr(optional)]
    pub source_identity: Attr<String>,
    /// The tags of the session.
    #[attr(optional)]
    pub tags: Attr<BTreeMap<String, String>>,
    /// The keys of the tags that further sessions inherit.
    #[attr(optional)]
    pub transitive_tag_keys: Attr<BTreeSet<String>>,
}

/// A role to assume with a token of another identity provider.
#[derive(Model, Clone, Debug)]
pub struct AssumeRoleWithWebIdentity {
    /// How long the session lasts.
    #[attr(optional, validate = session_length)]
    pub duration: Attr<String>,
    /// A policy, in JSON, that narrows what the session may do.
    #[attr(optional)]
    pub policy: Attr<String>,
    /// Policies that narrow what the session may do.
    #[attr(optional)]
    pub policy_arns: Attr<BTreeSet<String>>,
    /// The role.
    #[attr(optional)]
    pub role_arn: Attr<String>,
    /// The name of the session.
    #[attr(optional)]
    pub session_name: Attr<String>,
    /// The token.
    #[attr(optional, conflicts("web_identity_token_file"))]
    pub web_identity_token: Attr<String>,
    /// The file with the token.
    #[attr(optional)]
    pub web_identity_token_file: Attr<String>,
}

/// Tags of all resources.
#[derive(Model, Clone, Debug)]
pub struct DefaultTags {
    /// The tags.
    #[attr(optional)]
    pub tags: Attr<BTreeMap<String, String>>,
}

/// Tags that others set, and that are left alone.
#[derive(Model, Clone, Debug)]
pub struct IgnoreTags {
    /// The beginnings of their keys.
    #[attr(optional)]
    pub key_prefixes: Attr<BTreeSet<String>>,
    /// Their keys.
    #[attr(optional)]
    pub keys: Attr<BTreeSet<String>>,
}

fn session_length(text: &str) -> Result<(), String> {
    let length = durations::parse(text).map_err(|e| e.to_string())?;
    match length.as_secs() {
        900..=43_200 => Ok(()),
        _ => Err("A session lasts from 15 minutes to 12 hours.".to_owned()),
    }
}

/// Checks what the rules of single arguments cannot, and refuses what is not built.
pub(crate) fn check(config: &Config, problems: &mut Problems) {
    let mut unbuilt = |name: &str, given: bool| {
        if given {
            let detail = format!(
                "This provider does not carry out {name:?} yet, so it refuses it instead of ignoring it. Remove it."
            );
            problems.error(name, "Unsupported argument", detail);
        }
    };
    unbuilt("insecure", config.insecure.is_true());
    unbuilt(
        "ec2_metadata_service_endpoint",
        !config.ec2_metadata_service_endpoint.as_str().is_empty(),
    );
    unbuilt(
        "ec2_metadata_service_endpoint_mode",
        !config
            .ec2_metadata_service_endpoint_mode
            .as_str()
            .is_empty(),
    );
    unbuilt(
        "token_bucket_rate_limiter_capacity",
        config
            .token_bucket_rate_limiter_capacity
            .is_known_and(|n| *n != 0),
    );
    for (name, roles) in [
        (
            "assume_role",
            config
                .assume_role
                .iter()
                .map(|r| &r.role_arn)
                .collect::<Vec<_>>(),
        ),
        (
            "assume_role_with_web_identity",
            config
                .assume_role_with_web_identity
                .iter()
                .map(|r| &r.role_arn)
                .collect(),
        ),
    ] {
        if roles.iter().any(|role| role.is_null()) {
            let detail = "Each of these blocks names the role to assume in \"role_arn\".";
            problems.error(name, "Missing required argument", detail);
        }
    }
    if config.assume_role_with_web_identity.len() > 1 {
        let detail =
            "A session begins with one web identity: only one of these blocks may be given.";
        problems.error("assume_role_with_web_identity", "Too many blocks", detail);
    }
    if config.access_key.is_known() != config.secret_key.is_known()
        && !config.access_key.is_unknown()
        && !config.secret_key.is_unknown()
    {
        let detail = "\"access_key\" and \"secret_key\" belong together. Set both, or neither.";
        problems.error("access_key", "Missing required argument", detail);
    }
}
