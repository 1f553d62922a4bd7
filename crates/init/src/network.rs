//! Hosts and the services they offer.

use crate::cli_config::Token;
use crate::credentials::Credentials;
use crate::http::{Http, status_text};
use addrs::Provider;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use url::Url;

/// How hosts are reached.
#[derive(Clone, Debug)]
pub struct NetworkOptions {
    /// Services of hosts that are not asked for them: `host` blocks of the CLI configuration.
    pub services: BTreeMap<String, BTreeMap<String, String>>,
    /// Tokens for hosts.
    pub credentials: Credentials,
    /// The host that is asked in place of `registry.terraform.io`.
    pub default_registry: Option<String>,
    /// How often what failed is tried again.
    pub retries: u32,
    /// How long to wait before that.
    pub pause: Duration,
    /// How long a server may take to begin its answer.
    pub timeout: Duration,
}

impl Default for NetworkOptions {
    fn default() -> Self {
        Self {
            services: BTreeMap::new(),
            credentials: Credentials::default(),
            default_registry: None,
            retries: 1,
            pause: Duration::from_millis(500),
            timeout: Duration::from_secs(10),
        }
    }
}

/// The network as one run sees it: what a host said once is remembered.
#[derive(Clone)]
pub struct Network(Arc<Inner>);

struct Inner {
    options: NetworkOptions,
    http: Http,
    hosts: Mutex<BTreeMap<String, Result<Arc<Host>, String>>>,
}

/// What is known of a host.
struct Host {
    /// The host that was really asked.
    name: String,
    /// Where its discovery document is; services are named relative to that.
    base: Url,
    services: serde_json::Map<String, Value>,
    token: Option<Token>,
}

/// A service of a host.
#[derive(Clone, Debug)]
pub(crate) struct Service {
    /// Ends with a slash.
    pub(crate) url: Url,
    pub(crate) token: Option<Token>,
}

impl fmt::Debug for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Network")
    }
}

impl Default for Network {
    fn default() -> Self {
        Self::new(NetworkOptions::default())
    }
}

impl Network {
    /// A network in which nothing has been asked yet.
    pub fn new(options: NetworkOptions) -> Self {
        let http = Http::new(options.retries, options.pause, options.timeout);
        Self(Arc::new(Inner {
            options,
            http,
            hosts: Mutex::default(),
        }))
    }

    pub(crate) fn http(&self) -> &Http {
        &self.0.http
    }

    /// Where a host has a service, such as `providers.v1`. `None` = it does not have it. The error says
    /// what went wrong, without a full stop.
    pub(crate) fn service(&self, host: &str, name: &str) -> Result<Option<Service>, String> {
        let host = self.host(host)?;
        let Some(text) = host.services.get(name).and_then(Value::as_str) else {
            return Ok(None);
        };
        let wrong = |e| format!("{} names {text:?} as its {name} service: {e}", host.name);
        let mut url = host.base.join(text).map_err(wrong)?;
        if !url.path().ends_with('/') {
            url.set_path(&format!("{}/", url.path()));
        }
        Ok(Some(Service {
            url,
            token: host.token.clone(),
        }))
    }

    /// The token for a URL of a service, if it is at the host that the token is for.
    pub(crate) fn token_for(&self, url: &Url) -> Option<Token> {
        let host = url.host_str()?;
        let host = match url.port() {
            Some(port) => format!("{host}:{port}"),
            None => host.to_owned(),
        };
        self.0.options.credentials.token(&host).ok().flatten()
    }

    fn host(&self, name: &str) -> Result<Arc<Host>, String> {
        let known = |hosts: &BTreeMap<String, Result<Arc<Host>, String>>| hosts.get(name).cloned();
        let hosts = || self.0.hosts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(host) = known(&hosts()) {
            return host;
        }
        let host = self.discover(name).map(Arc::new);
        hosts().entry(name.to_owned()).or_insert(host).clone()
    }

    /// Asks a host what it offers, unless the CLI configuration says it.
    fn discover(&self, name: &str) -> Result<Host, String> {
        let options = &self.0.options;
        let asked = match &options.default_registry {
            Some(other) if name == Provider::DEFAULT_HOST => other,
            _ => name,
        };
        let base = format!("https://{asked}/.well-known/terraform.json");
        let base = Url::parse(&base).map_err(|e| format!("{asked:?} is not a host name ({e})"))?;
        let token = options.credentials.token(asked)?;
        let mut host = Host {
            name: asked.to_owned(),
            base,
            services: serde_json::Map::new(),
            token,
        };
        if let Some(services) = options.services.get(asked) {
            let text = |(name, url): (&String, &String)| (name.clone(), Value::from(url.as_str()));
            host.services = services.iter().map(text).collect();
            return Ok(host);
        }
        let answer = self.http().get(&host.base, host.token.as_ref());
        let answer = answer.map_err(|e| format!("failed to request discovery document: {e}"))?;
        match answer.status {
            200 => {}
            // A host that has no such document offers nothing.
            404 => return Ok(host),
            status => {
                let why = status_text(&answer.url, status);
                return Err(format!("failed to request discovery document: {why}"));
            }
        }
        host.services = serde_json::from_slice(&answer.body)
            .map_err(|e| format!("{} is not a JSON object: {e}", answer.url))?;
        host.base = answer.url;
        Ok(host)
    }
}
