//! The environment in which programs find the sandbox instead of the clouds.

use sandbox::{Options, Sandbox};

/// Variables that would lead elsewhere.
pub(super) const REMOVED: [&str; 6] = [
    "AWS_PROFILE",
    "AWS_SESSION_TOKEN",
    "AWS_CA_BUNDLE",
    "GOOGLE_APPLICATION_CREDENTIALS",
    "GOOGLE_CREDENTIALS",
    "GOOGLE_IMPERSONATE_SERVICE_ACCOUNT",
];

/// The variables: for the AWS SDKs and command line, for providers, for gcloud, for `groma sandbox`.
pub(super) fn variables(sandbox: &Sandbox) -> Vec<(&'static str, String)> {
    let (aws, google) = (sandbox.aws_url(), sandbox.google_url());
    let project = Options::default().project;
    let at = |path: &str| format!("{google}{path}");
    vec![
        ("AWS_ENDPOINT_URL", aws.clone()),
        ("AWS_ACCESS_KEY_ID", "sandbox".into()),
        ("AWS_SECRET_ACCESS_KEY", "sandbox".into()),
        ("AWS_REGION", "us-east-1".into()),
        ("AWS_DEFAULT_REGION", "us-east-1".into()),
        ("AWS_EC2_METADATA_DISABLED", "true".into()),
        ("GOOGLE_PROJECT", project.clone()),
        ("GOOGLE_OAUTH_ACCESS_TOKEN", "sandbox".into()),
        ("GOOGLE_COMPUTE_CUSTOM_ENDPOINT", at("/compute/v1/")),
        ("GOOGLE_CONTAINER_CUSTOM_ENDPOINT", at("/v1/")),
        ("GOOGLE_IAM_CUSTOM_ENDPOINT", at("/v1/")),
        ("GOOGLE_IAM_BETA_CUSTOM_ENDPOINT", at("/v1/")),
        ("GOOGLE_CLOUD_RESOURCE_MANAGER_CUSTOM_ENDPOINT", at("/v1/")),
        ("GOOGLE_RESOURCE_MANAGER_CUSTOM_ENDPOINT", at("/v1/")),
        ("GOOGLE_RESOURCE_MANAGER_V3_CUSTOM_ENDPOINT", at("/v3/")),
        ("GOOGLE_SERVICE_USAGE_CUSTOM_ENDPOINT", at("/v1/")),
        ("CLOUDSDK_CORE_PROJECT", project),
        ("CLOUDSDK_CORE_DISABLE_PROMPTS", "1".into()),
        ("CLOUDSDK_CORE_SHOULD_PROMPT_TO_ENABLE_API", "false".into()),
        ("CLOUDSDK_AUTH_DISABLE_CREDENTIALS", "true".into()),
        (
            "CLOUDSDK_API_ENDPOINT_OVERRIDES_COMPUTE",
            at("/compute/v1/"),
        ),
        ("CLOUDSDK_API_ENDPOINT_OVERRIDES_CONTAINER", at("/")),
        ("CLOUDSDK_API_ENDPOINT_OVERRIDES_IAM", at("/")),
        (
            "CLOUDSDK_API_ENDPOINT_OVERRIDES_CLOUDRESOURCEMANAGER",
            at("/"),
        ),
        ("CLOUDSDK_API_ENDPOINT_OVERRIDES_SERVICEUSAGE", at("/")),
        ("NO_PROXY", "127.0.0.1,localhost".into()),
        ("GROMA_SANDBOX", aws),
    ]
}
