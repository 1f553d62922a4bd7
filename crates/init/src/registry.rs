//! The provider registry protocol: which versions there are, and where their packages are.

use crate::http::status_text;
use crate::network::{Network, Service};
use crate::signature::SigningKey;
use addrs::Provider;
use semver::Version;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use url::Url;

/// A registry that serves a provider.
pub(crate) struct Registry<'a> {
    network: &'a Network,
    service: Service,
    provider: &'a Provider,
}

/// The versions that a registry has.
#[derive(Debug, Deserialize)]
pub(crate) struct Versions {
    #[serde(default)]
    versions: Vec<Offer>,
    /// What the registry wants its users to know.
    #[serde(default)]
    warnings: Option<Vec<String>>,
}

#[derive(Debug, Deserialize)]
struct Offer {
    version: String,
}

/// What a registry tells about one package.
#[derive(Debug, Deserialize)]
pub(crate) struct Package {
    #[serde(default)]
    pub(crate) protocols: Vec<String>,
    pub(crate) filename: String,
    download_url: String,
    shasums_url: String,
    shasums_signature_url: String,
    pub(crate) shasum: String,
    #[serde(default)]
    signing_keys: SigningKeys,
}

#[derive(Debug, Default, Deserialize)]
struct SigningKeys {
    #[serde(default)]
    gpg_public_keys: Vec<SigningKey>,
}

/// The checksums of a version's packages, as its publisher signed them.
pub(crate) struct Sums {
    pub(crate) document: Vec<u8>,
    pub(crate) signature: Vec<u8>,
    pub(crate) keys: Vec<SigningKey>,
}

impl<'a> Registry<'a> {
    /// Finds the registry of the host that the provider's address names. Errors of this and the other
    /// methods are sentences without a full stop.
    pub(crate) fn of(network: &'a Network, provider: &'a Provider) -> Result<Self, String> {
        let host = &provider.host;
        match network.service(host, "providers.v1")? {
            Some(service) => Ok(Self {
                network,
                service,
                provider,
            }),
            None => Err(format!(
                "the host {host} given in provider source address \"{provider}\" does not offer a provider registry"
            )),
        }
    }

    /// The versions, and the registry's warnings.
    pub(crate) fn versions(&self) -> Result<(Vec<Version>, Vec<String>), String> {
        let found: Option<Versions> = self.ask("versions")?;
        let provider = self.provider;
        let found = found.ok_or_else(|| {
            format!(
                "provider registry {} does not have a provider named {provider}. All modules should specify their required_providers so that \
                 external consumers will get the correct providers when using a module",
                provider.host
            )
        })?;
        let parsed = |offer: &Offer| Version::parse(offer.version.trim_start_matches('v')).ok();
        let versions = found.versions.iter().filter_map(parsed).collect();
        Ok((versions, found.warnings.unwrap_or_default()))
    }

    /// What the registry tells about the package of a version for a platform; `None` = there is none.
    pub(crate) fn package(
        &self,
        version: &Version,
        platform: &str,
    ) -> Result<Option<Package>, String> {
        let (os, arch) = platform.split_once('_').unwrap_or((platform, ""));
        self.ask(&format!("{version}/download/{os}/{arch}"))
    }

    /// Where a package is, and with which token. The URL is relative to the answer that has it.
    pub(crate) fn url_of(
        &self,
        version: &Version,
        platform: &str,
        package: &Package,
    ) -> Result<Url, String> {
        let (os, arch) = platform.split_once('_').unwrap_or((platform, ""));
        self.relative(version, os, arch, &package.download_url)
    }

    /// The checksums of a version's packages.
    pub(crate) fn sums(
        &self,
        version: &Version,
        platform: &str,
        package: &Package,
    ) -> Result<Sums, String> {
        let (os, arch) = platform.split_once('_').unwrap_or((platform, ""));
        let get = |text: &str| {
            let url = self.relative(version, os, arch, text)?;
            let token = self.network.token_for(&url);
            let answer = self.network.http().get_ok(&url, token.as_ref())?;
            Ok::<_, String>(answer.body)
        };
        Ok(Sums {
            document: get(&package.shasums_url)?,
            signature: get(&package.shasums_signature_url)?,
            keys: package.signing_keys.gpg_public_keys.clone(),
        })
    }

    fn relative(&self, version: &Version, os: &str, arch: &str, text: &str) -> Result<Url, String> {
        let base = self.url(&format!("{version}/download/{os}/{arch}"))?;
        base.join(text)
            .map_err(|e| format!("the registry names the URL {text:?}, which is not one ({e})"))
    }

    fn url(&self, what: &str) -> Result<Url, String> {
        let (namespace, kind) = (&self.provider.namespace, &self.provider.kind);
        let relative = format!("{namespace}/{kind}/{what}");
        self.service
            .url
            .join(&relative)
            .map_err(|e| format!("{}{relative} is not a URL ({e})", self.service.url))
    }

    fn ask<T: DeserializeOwned>(&self, what: &str) -> Result<Option<T>, String> {
        let url = self.url(what)?;
        let answer = self.network.http().get(&url, self.service.token.as_ref())?;
        match answer.status {
            200..=299 => serde_json::from_slice(&answer.body).map(Some).map_err(|e| {
                format!("{url} did not answer as the provider registry protocol says: {e}")
            }),
            404 => Ok(None),
            401 | 403 if self.service.token.is_none() => Err(format!(
                "{} needs credentials. Log in with \"groma login {}\", or put a token into a \"credentials\" block of the CLI configuration",
                self.provider.host, self.provider.host
            )),
            401 | 403 => Err(format!(
                "the host {} rejected the given authentication token",
                self.provider.host
            )),
            status => Err(status_text(&url, status)),
        }
    }
}
