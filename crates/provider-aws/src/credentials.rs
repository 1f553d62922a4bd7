//! Whose credentials requests are signed with: keys, the usual places, and roles assumed with them.

use crate::config::{AssumeRole, AssumeRoleWithWebIdentity, Config};
use aws_config::default_provider::credentials::DefaultCredentialsChain;
use aws_config::environment::EnvironmentVariableCredentialsProvider;
use aws_config::meta::credentials::CredentialsProviderChain;
use aws_config::profile::ProfileFileCredentialsProvider;
use aws_config::provider_config::ProviderConfig;
use aws_config::web_identity_token::WebIdentityTokenCredentialsProvider;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::future::ProvideCredentials as ToCome;
use aws_runtime::env_config::file::EnvConfigFiles;
use aws_sdk_sts::config::{Credentials, ProvideCredentials, SharedCredentialsProvider};
use aws_sdk_sts::types::{Credentials as Session, PolicyDescriptorType, Tag};
use sdk::{Attr, durations};
use std::collections::BTreeSet;

/// The profile and the files of a person.
#[derive(Clone, Debug, Default)]
pub(crate) struct Profile {
    pub(crate) name: Option<String>,
    pub(crate) files: Option<EnvConfigFiles>,
}

/// The credentials before any role is assumed.
pub(crate) async fn base(
    config: &Config,
    profile: &Profile,
    provider: &ProviderConfig,
    metadata: bool,
) -> SharedCredentialsProvider {
    if let (Some(key), Some(secret)) = (config.access_key.known(), config.secret_key.known()) {
        let token = config.token.to_option().filter(|token| !token.is_empty());
        let keys = Credentials::new(key, secret, token, None, "provider block");
        return SharedCredentialsProvider::new(keys);
    }
    let mut from_profile = ProfileFileCredentialsProvider::builder().configure(provider);
    if let Some(files) = profile.files.clone() {
        from_profile = from_profile.profile_files(files);
    }
    if let Some(name) = profile.name.clone() {
        // A profile named in the provider block goes before the environment.
        return SharedCredentialsProvider::new(from_profile.profile_name(name).build());
    }
    if metadata && profile.files.is_none() {
        let chain = DefaultCredentialsChain::builder()
            .configure(provider.clone())
            .build();
        return SharedCredentialsProvider::new(chain.await);
    }
    let environment = EnvironmentVariableCredentialsProvider::new();
    let identity = WebIdentityTokenCredentialsProvider::builder().configure(provider);
    SharedCredentialsProvider::new(
        CredentialsProviderChain::first_try("Environment", environment)
            .or_else("Profile", from_profile.build())
            .or_else("WebIdentityToken", identity.build()),
    )
}

/// A role that is assumed with STS.
#[derive(Debug)]
pub(crate) struct Assumed {
    pub(crate) sts: aws_sdk_sts::Client,
    pub(crate) role: Role,
}

#[derive(Clone, Debug)]
pub(crate) enum Role {
    Keys(AssumeRole),
    Identity(AssumeRoleWithWebIdentity),
}

impl ProvideCredentials for Assumed {
    fn provide_credentials<'a>(&'a self) -> ToCome<'a>
    where
        Self: 'a,
    {
        ToCome::new(self.assume())
    }
}

impl Assumed {
    async fn assume(&self) -> Result<Credentials, CredentialsError> {
        let session = match &self.role {
            Role::Keys(role) => self.with_keys(role).await,
            Role::Identity(role) => self.with_identity(role).await,
        };
        let session = session.map_err(CredentialsError::provider_error)?;
        let session = session.ok_or_else(|| {
            CredentialsError::provider_error("STS answered without credentials".to_owned())
        })?;
        let expires = std::time::SystemTime::try_from(session.expiration).ok();
        Ok(Credentials::new(
            session.access_key_id,
            session.secret_access_key,
            Some(session.session_token),
            expires,
            "assumed role",
        ))
    }

    async fn with_keys(&self, role: &AssumeRole) -> Result<Option<Session>, String> {
        let tags = role.tags.or_default().into_iter();
        let tags = tags
            .map(|(key, value)| Tag::builder().key(key).value(value).build())
            .collect::<Result<Vec<_>, _>>()
            .map_err(|e| e.to_string())?;
        let keys = role.transitive_tag_keys.to_option();
        let request = self
            .sts
            .assume_role()
            .set_duration_seconds(seconds(&role.duration))
            .set_external_id(given(&role.external_id))
            .set_policy(given(&role.policy))
            .set_policy_arns(policies(&role.policy_arns))
            .set_role_arn(role.role_arn.to_option())
            .role_session_name(session_name(&role.session_name))
            .set_source_identity(given(&role.source_identity))
            .set_tags((!tags.is_empty()).then_some(tags))
            .set_transitive_tag_keys(keys.map(|keys| keys.into_iter().collect()));
        let answer = request.send().await.map_err(|e| self.failed(e))?;
        Ok(answer.credentials)
    }

    async fn with_identity(
        &self,
        role: &AssumeRoleWithWebIdentity,
    ) -> Result<Option<Session>, String> {
        let token = match role.web_identity_token_file.known() {
            Some(file) => tokio::fs::read_to_string(file)
                .await
                .map_err(|e| format!("cannot read the web identity token file {file:?}: {e}"))?,
            None => role.web_identity_token.or_default(),
        };
        let request = self
            .sts
            .assume_role_with_web_identity()
            .set_duration_seconds(seconds(&role.duration))
            .set_policy(given(&role.policy))
            .set_policy_arns(policies(&role.policy_arns))
            .set_role_arn(role.role_arn.to_option())
            .role_session_name(session_name(&role.session_name))
            .web_identity_token(token.trim());
        let answer = request.send().await.map_err(|e| self.failed(e))?;
        Ok(answer.credentials)
    }

    fn failed<E, R>(&self, error: aws_smithy_runtime_api::client::result::SdkError<E, R>) -> String
    where
        E: aws_smithy_types::error::metadata::ProvideErrorMetadata + std::error::Error + 'static,
        R: std::fmt::Debug,
    {
        let role = match &self.role {
            Role::Keys(role) => role.role_arn.as_str(),
            Role::Identity(role) => role.role_arn.as_str(),
        };
        format!("assuming the role {role}: {}", crate::error::of(error))
    }
}

fn given(attribute: &Attr<String>) -> Option<String> {
    attribute.to_option().filter(|text| !text.is_empty())
}

fn session_name(name: &Attr<String>) -> String {
    given(name).unwrap_or_else(|| "groma".to_owned())
}

fn seconds(duration: &Attr<String>) -> Option<i32> {
    let duration = durations::parse(duration.known()?).ok()?;
    i32::try_from(duration.as_secs()).ok()
}

fn policies(arns: &Attr<BTreeSet<String>>) -> Option<Vec<PolicyDescriptorType>> {
    let arns = arns.known()?.iter();
    Some(
        arns.map(|arn| PolicyDescriptorType::builder().arn(arn).build())
            .collect(),
    )
}
