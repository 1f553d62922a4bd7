//! The HTTP client below all clients: one pool of connections, a proxy and certificates if the configuration says so, and a rate
//! that falls when a service throttles.

use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore};
use aws_smithy_http_client::{Builder, Connector};
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient,
    SharedHttpConnector,
};
use aws_smithy_runtime_api::client::interceptors::context::AfterDeserializationInterceptorContextRef;
use aws_smithy_runtime_api::client::interceptors::{Intercept, dyn_dispatch_hint};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::ConfigBag;
use sdk::Limiter;
use std::sync::Arc;

/// How connections are made.
#[derive(Clone, Debug, Default)]
pub(crate) struct Connections {
    /// The proxy for HTTP, and for HTTPS if there is no other.
    pub(crate) http_proxy: Option<String>,
    /// The proxy for HTTPS.
    pub(crate) https_proxy: Option<String>,
    /// Hosts that are not reached through it.
    pub(crate) no_proxy: Option<String>,
    /// Certificates of the authorities to trust, in PEM.
    pub(crate) authorities: Option<Vec<u8>>,
    /// No request goes over TLS.
    pub(crate) plain: bool,
}

impl Connections {
    /// The client. The error says what is wrong with the settings.
    pub(crate) fn client(&self) -> Result<SharedHttpClient, String> {
        let proxy = self.proxy()?;
        let tls = self.tls()?;
        let plain = self.plain;
        let connector = move |settings: Option<&HttpConnectorSettings>,
                              components: Option<&RuntimeComponents>| {
            let mut builder = Connector::builder().proxy_config(proxy.clone());
            builder.set_connector_settings(settings.cloned());
            if let Some(components) = components {
                builder.set_sleep_impl(components.sleep_impl());
            }
            if plain {
                // Reading the system's certificates would be most of the start of a plan.
                return builder.build_http();
            }
            builder
                .tls_provider(Provider::Rustls(CryptoMode::AwsLc))
                .tls_context(tls.clone())
                .build()
        };
        Ok(Builder::new().build_with_connector_fn(connector))
    }

    fn proxy(&self) -> Result<ProxyConfig, String> {
        let wrong = |url: &str| format!("{url:?} is not the URL of a proxy");
        let config = match (&self.http_proxy, &self.https_proxy) {
            (None, None) => return Ok(ProxyConfig::from_env()),
            (Some(url), None) => ProxyConfig::all(url.as_str()).map_err(|_| wrong(url))?,
            (None, Some(url)) => ProxyConfig::https(url.as_str()).map_err(|_| wrong(url))?,
            (Some(one), Some(two)) if one == two => {
                ProxyConfig::all(one.as_str()).map_err(|_| wrong(one))?
            }
            (Some(_), Some(_)) => {
                return Err("different proxies for HTTP and HTTPS are not supported".to_owned());
            }
        };
        Ok(match &self.no_proxy {
            Some(hosts) => config.no_proxy(hosts),
            None => config,
        })
    }

    fn tls(&self) -> Result<TlsContext, String> {
        let Some(authorities) = &self.authorities else {
            return Ok(TlsContext::default());
        };
        let store = TrustStore::empty().with_pem_certificate(authorities.clone());
        let context = TlsContext::builder().with_trust_store(store).build();
        context.map_err(|e| e.to_string())
    }
}

/// A client whose requests wait for their turn.
#[derive(Clone, Debug)]
pub(crate) struct Limited {
    pub(crate) client: SharedHttpClient,
    pub(crate) limiter: Arc<Limiter>,
}

impl HttpClient for Limited {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        SharedHttpConnector::new(LimitedConnector {
            connector: self.client.http_connector(settings, components),
            limiter: self.limiter.clone(),
        })
    }
}

#[derive(Debug)]
struct LimitedConnector {
    connector: SharedHttpConnector,
    limiter: Arc<Limiter>,
}

impl HttpConnector for LimitedConnector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let (connector, limiter) = (self.connector.clone(), self.limiter.clone());
        HttpConnectorFuture::new(async move {
            limiter.acquire().await;
            connector.call(request).await
        })
    }
}

/// Tells the limiter what became of each request.
#[derive(Debug)]
pub(crate) struct Feedback(pub(crate) Arc<Limiter>);

#[dyn_dispatch_hint]
impl Intercept for Feedback {
    fn name(&self) -> &'static str {
        "Feedback"
    }

    fn read_after_deserialization(
        &self,
        context: &AfterDeserializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let response = context.response();
        let status = response.status().as_u16();
        let body = response.body().bytes().unwrap_or_default();
        if status == 429 || (status >= 400 && says_throttled(body)) {
            self.0.on_throttled();
        } else {
            self.0.on_success();
        }
        Ok(())
    }
}

/// Whether an error, in XML or JSON, is about too many requests.
fn says_throttled(body: &[u8]) -> bool {
    let text = String::from_utf8_lossy(&body[..body.len().min(4096)]);
    ["Throttl", "RequestLimitExceeded", "TooManyRequests"]
        .iter()
        .any(|word| text.contains(word))
}
