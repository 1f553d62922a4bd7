//! The provider network mirror protocol: a server with the packages of many registries.

use crate::http::status_text;
use crate::network::Network;
use addrs::Provider;
use semver::Version;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;
use url::Url;

#[derive(Debug, Deserialize)]
struct Index {
    #[serde(default)]
    versions: BTreeMap<String, serde::de::IgnoredAny>,
}

#[derive(Debug, Deserialize)]
struct Archives {
    #[serde(default)]
    archives: BTreeMap<String, Archive>,
}

/// A package on the mirror.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Archive {
    url: String,
    /// One of these the package must have, if there are any.
    #[serde(default)]
    pub(crate) hashes: Vec<String>,
}

/// The versions of a provider that a mirror has. Errors are sentences without a full stop.
pub(crate) fn versions(
    network: &Network,
    base: &str,
    provider: &Provider,
) -> Result<Vec<Version>, String> {
    let index: Option<Index> = ask(network, &url(base, provider, "index.json")?)?;
    let names = index.map(|index| index.versions).unwrap_or_default();
    Ok(names
        .keys()
        .filter_map(|v| Version::parse(v).ok())
        .collect())
}

/// The package of a version for a platform, and where it is.
pub(crate) fn archive(
    network: &Network,
    base: &str,
    provider: &Provider,
    version: &Version,
    platform: &str,
) -> Result<Option<(Url, Archive)>, String> {
    let url = url(base, provider, &format!("{version}.json"))?;
    let found: Option<Archives> = ask(network, &url)?;
    let Some(archive) = found.and_then(|mut found| found.archives.remove(platform)) else {
        return Ok(None);
    };
    let at = url.join(&archive.url).map_err(|e| {
        format!(
            "the mirror names the URL {:?}, which is not one ({e})",
            archive.url
        )
    })?;
    Ok(Some((at, archive)))
}

fn url(base: &str, provider: &Provider, file: &str) -> Result<Url, String> {
    let slash = if base.ends_with('/') { "" } else { "/" };
    let (host, namespace, kind) = (&provider.host, &provider.namespace, &provider.kind);
    let text = format!("{base}{slash}{host}/{namespace}/{kind}/{file}");
    Url::parse(&text).map_err(|e| format!("the mirror {base:?} is not a URL ({e})"))
}

fn ask<T: DeserializeOwned>(network: &Network, url: &Url) -> Result<Option<T>, String> {
    let token = network.token_for(url);
    let answer = network.http().get(url, token.as_ref())?;
    match answer.status {
        200..=299 => serde_json::from_slice(&answer.body)
            .map(Some)
            .map_err(|e| format!("{url} did not answer as the network mirror protocol says: {e}")),
        404 => Ok(None),
        status => Err(status_text(url, status)),
    }
}
