//! Who we are to Google Cloud.

use crate::config::Config;
use diags::{AttributeStep, Diagnostic, Diagnostics};
use google_cloud_auth::credentials::{
    self, CacheableResource, Credentials, CredentialsProvider, EntityTag, impersonated,
    service_account, user_account,
};
use google_cloud_auth::errors::CredentialsError;
use sdk::Host;
use serde_json::Value as Json;
use std::fmt;

/// What is asked for where nobody says.
const SCOPES: [&str; 2] = [
    "https://www.googleapis.com/auth/cloud-platform",
    "https://www.googleapis.com/auth/userinfo.email",
];

/// A token that somebody else got and renews.
struct AccessToken(String);

impl fmt::Debug for AccessToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AccessToken(…)")
    }
}

impl CredentialsProvider for AccessToken {
    async fn headers(
        &self,
        _: http::Extensions,
    ) -> Result<CacheableResource<http::HeaderMap>, CredentialsError> {
        let mut value =
            http::HeaderValue::from_str(&format!("Bearer {}", self.0)).map_err(|_| {
                CredentialsError::from_msg(
                    false,
                    "the access token has characters that no token has",
                )
            })?;
        value.set_sensitive(true);
        Ok(CacheableResource::New {
            entity_tag: EntityTag::new(),
            data: http::HeaderMap::from_iter([(http::header::AUTHORIZATION, value)]),
        })
    }

    async fn universe_domain(&self) -> Option<String> {
        None
    }
}

/// The credentials of a configuration: a token, a key, else those of the environment.
pub(crate) fn find(config: &Config, host: &Host) -> Result<Credentials, Diagnostics> {
    let scopes = config
        .scopes
        .to_option()
        .filter(|scopes| !scopes.is_empty());
    let scopes = scopes.unwrap_or_else(|| SCOPES.map(str::to_owned).to_vec());
    let token = config.access_token.to_option();
    let token = token.or_else(|| host.variable("GOOGLE_OAUTH_ACCESS_TOKEN"));
    let key = config.credentials.to_option().or_else(|| {
        let names = [
            "GOOGLE_CREDENTIALS",
            "GOOGLE_CLOUD_KEYFILE_JSON",
            "GCLOUD_KEYFILE_JSON",
        ];
        names.iter().find_map(|name| host.variable(name))
    });
    let source = match (token, key) {
        (Some(token), _) => Credentials::from(AccessToken(token)),
        (None, Some(key)) => from_key(&key, &scopes)?,
        (None, None) => credentials::Builder::default()
            .with_scopes(scopes.clone())
            .build()
            .map_err(|error| {
                failed(
                    None,
                    &format!(
                        "There are no credentials: neither access_token nor credentials is set, and the application default \
                         credentials cannot be used ({error}). Run \"gcloud auth application-default login\", or set credentials."
                    ),
                )
            })?,
    };
    let target = config.impersonate_service_account.to_option();
    let Some(target) = target.or_else(|| host.variable("GOOGLE_IMPERSONATE_SERVICE_ACCOUNT"))
    else {
        return Ok(source);
    };
    impersonated::Builder::from_source_credentials(source)
        .with_target_principal(target)
        .with_delegates(config.impersonate_service_account_delegates.or_default())
        .with_scopes(scopes)
        .build()
        .map_err(|error| failed(Some("impersonate_service_account"), &error.to_string()))
}

fn from_key(key: &str, scopes: &[String]) -> Result<Credentials, Diagnostics> {
    let failed = |message: &str| failed(Some("credentials"), message);
    let text = if key.trim_start().starts_with('{') {
        key.to_owned()
    } else {
        // The one file that a provider reads: what it is told to.
        std::fs::read_to_string(key)
            .map_err(|error| failed(&format!("The file {key:?} cannot be read: {error}.")))?
    };
    let json: Json =
        serde_json::from_str(&text).map_err(|_| failed("The credentials are not valid JSON."))?;
    let kind = json
        .get("type")
        .and_then(Json::as_str)
        .unwrap_or_default()
        .to_owned();
    let built = match kind.as_str() {
        "service_account" => service_account::Builder::new(json)
            .with_access_specifier(service_account::AccessSpecifier::from_scopes(scopes))
            .build(),
        "authorized_user" => user_account::Builder::new(json).with_scopes(scopes).build(),
        "external_account" => credentials::external_account::Builder::new(json)
            .with_scopes(scopes)
            .build(),
        "impersonated_service_account" => {
            impersonated::Builder::new(json).with_scopes(scopes).build()
        }
        other => {
            return Err(failed(&format!(
                "Credentials of type {other:?} are not known. Expected service_account, authorized_user, external_account or \
                 impersonated_service_account."
            )));
        }
    };
    // What the library says of a key could quote it.
    built.map_err(|_| {
        failed(&format!(
            "The credentials of type {kind:?} are not complete or not valid."
        ))
    })
}

fn failed(attribute: Option<&str>, message: &str) -> Diagnostics {
    let steps = attribute.map(|name| AttributeStep::Name(name.to_owned()));
    Diagnostic::error("No credentials for Google Cloud", message)
        .at_attribute(steps)
        .into()
}
