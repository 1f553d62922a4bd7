//! The providers of a run: one per configuration, started when first needed.

use addrs::ProviderConfig;
use cty::Value;
use diags::Diagnostics;
use providers::{BoxFuture, ConfigureRequest, Provider, ProviderSchema};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;
use tokio::sync::{OnceCell, Semaphore};

/// Makes providers. Implemented above the engine, which knows no transport.
pub trait ProviderFactory {
    /// A provider that is not configured yet: a new one for each call. It must not start a process
    /// before it is asked for something that needs one.
    fn provider(
        &self,
        source: &addrs::Provider,
    ) -> BoxFuture<'_, Result<Arc<dyn Provider>, Diagnostics>>;

    /// Ends all processes at once and without waiting, because the program is about to end.
    fn kill(&self) {}
}

/// The schemas of every provider that a configuration and a state need.
#[derive(Clone, Default)]
pub struct Schemas {
    providers: BTreeMap<addrs::Provider, Arc<ProviderSchema>>,
}

impl Schemas {
    /// Loads the schemas of these providers.
    pub async fn load(
        pool: &ProviderPool<'_>,
        sources: impl IntoIterator<Item = addrs::Provider>,
    ) -> (Self, Diagnostics) {
        let mut schemas = Self::default();
        let mut diags = Diagnostics::new();
        for source in sources {
            if schemas.providers.contains_key(&source) {
                continue;
            }
            match pool.schema(&source).await {
                Ok(schema) => {
                    if !schema.functions.is_empty() {
                        diags.append(
                            pool.prepare_functions(&source)
                                .await
                                .err()
                                .into_iter()
                                .flatten(),
                        );
                    }
                    schemas.providers.insert(source, schema);
                }
                Err(problems) => diags.append(problems),
            }
        }
        (schemas, diags)
    }

    /// A provider's schemas.
    pub fn provider(&self, source: &addrs::Provider) -> Option<&Arc<ProviderSchema>> {
        self.providers.get(source)
    }

    /// The schema of a resource, data or ephemeral type.
    pub fn resource(
        &self,
        source: &addrs::Provider,
        addr: &addrs::Resource,
    ) -> Option<Arc<providers::ResourceSchema>> {
        self.providers
            .get(source)?
            .get(addr.mode, &addr.kind)
            .cloned()
    }

    /// All providers with their schemas.
    pub fn iter(&self) -> impl Iterator<Item = (&addrs::Provider, &Arc<ProviderSchema>)> {
        self.providers.iter()
    }
}

impl lang::Schemas for Schemas {
    fn object_type(&self, resource: &configs::Resource) -> Option<cty::Type> {
        self.resource(&resource.provider_source, &resource.addr)
            .map(|s| s.block.implied_type())
    }
}

/// A provider, once it was asked for.
type Started = OnceCell<Arc<dyn Provider>>;

/// The providers of a run.
pub struct ProviderPool<'f> {
    factory: &'f dyn ProviderFactory,
    unconfigured: RefCell<BTreeMap<addrs::Provider, Rc<Started>>>,
    configured: RefCell<BTreeMap<ProviderConfig, Rc<Entry>>>,
    /// Those that are only asked to call functions.
    functions: RefCell<BTreeMap<addrs::Provider, Arc<dyn Provider>>>,
    terraform_version: Arc<str>,
}

#[derive(Default)]
struct Entry {
    provider: OnceCell<Arc<dyn Provider>>,
    /// The configuration it was last given.
    config: RefCell<Option<Value>>,
    configuring: tokio::sync::Mutex<()>,
}

impl<'f> ProviderPool<'f> {
    /// A pool in which nothing runs yet. `terraform_version` is the version that providers are told.
    pub fn new(factory: &'f dyn ProviderFactory, terraform_version: impl Into<Arc<str>>) -> Self {
        Self {
            factory,
            unconfigured: RefCell::default(),
            configured: RefCell::default(),
            functions: RefCell::default(),
            terraform_version: terraform_version.into(),
        }
    }

    /// A provider that has no configuration: for schemas, validation, functions, moves.
    pub async fn unconfigured(
        &self,
        source: &addrs::Provider,
    ) -> Result<Arc<dyn Provider>, Diagnostics> {
        let cell = self
            .unconfigured
            .borrow_mut()
            .entry(source.clone())
            .or_default()
            .clone();
        cell.get_or_try_init(|| self.factory.provider(source))
            .await
            .cloned()
    }

    /// A provider of its own, which the pool does not know: whoever asks for it closes it.
    pub(crate) async fn separate(
        &self,
        source: &addrs::Provider,
    ) -> Result<Arc<dyn Provider>, Diagnostics> {
        self.factory.provider(source).await
    }

    /// Makes a provider whose functions can be called.
    async fn prepare_functions(&self, source: &addrs::Provider) -> Result<(), Diagnostics> {
        let provider = self.factory.provider(source).await?;
        self.functions.borrow_mut().insert(source.clone(), provider);
        Ok(())
    }

    /// A provider whose functions can be called, if it has any.
    pub(crate) fn for_functions(&self, source: &addrs::Provider) -> Option<Arc<dyn Provider>> {
        self.functions.borrow().get(source).cloned()
    }

    /// A provider's schemas.
    pub async fn schema(
        &self,
        source: &addrs::Provider,
    ) -> Result<Arc<ProviderSchema>, Diagnostics> {
        self.unconfigured(source).await?.schema().await
    }

    /// A provider with a configuration. It is configured once, and again only if the configuration is
    /// another one than before (values that were unknown while planning).
    pub async fn configured(
        &self,
        config: &ProviderConfig,
        value: &Value,
    ) -> Result<Arc<dyn Provider>, Diagnostics> {
        let entry = self
            .configured
            .borrow_mut()
            .entry(config.clone())
            .or_default()
            .clone();
        let provider = entry
            .provider
            .get_or_try_init(|| self.take_provider(&config.provider))
            .await?
            .clone();
        let _turn = entry.configuring.lock().await;
        if entry.config.borrow().as_ref() == Some(value) {
            return Ok(provider);
        }
        let request = ConfigureRequest {
            config: value.clone(),
            terraform_version: self.terraform_version.clone(),
        };
        let diags = provider.configure(request).await;
        if diags.has_errors() {
            return Err(diags);
        }
        *entry.config.borrow_mut() = Some(value.clone());
        Ok(provider)
    }

    /// The first configuration takes the process that was started for schema or validation, if any:
    /// one process per configuration, and none beside them.
    async fn take_provider(
        &self,
        source: &addrs::Provider,
    ) -> Result<Arc<dyn Provider>, Diagnostics> {
        let taken = self
            .configured
            .borrow()
            .iter()
            .filter(|(config, _)| config.provider == *source)
            .any(|(_, entry)| entry.provider.initialized());
        if taken {
            self.factory.provider(source).await
        } else {
            self.unconfigured(source).await
        }
    }

    /// Asks all running operations to end soon.
    pub async fn stop(&self) {
        for provider in self.all() {
            provider.stop().await;
        }
    }

    /// Ends all processes at once and without waiting, because the program is about to end.
    pub fn kill(&self) {
        self.factory.kill();
    }

    /// Ends all processes.
    pub async fn close(&self) {
        let all = self.all();
        futures::future::join_all(all.iter().map(|p| p.close())).await;
    }

    fn all(&self) -> Vec<Arc<dyn Provider>> {
        let mut all: Vec<Arc<dyn Provider>> = Vec::new();
        let unconfigured = self.unconfigured.borrow();
        let configured = self.configured.borrow();
        let functions = self.functions.borrow();
        let providers = unconfigured
            .values()
            .filter_map(|c| c.get())
            .chain(configured.values().filter_map(|e| e.provider.get()))
            .chain(functions.values());
        for provider in providers {
            if !all.iter().any(|p| Arc::ptr_eq(p, provider)) {
                all.push(provider.clone());
            }
        }
        all
    }
}

/// How many operations may run at once.
pub(crate) fn limit(parallelism: usize) -> Semaphore {
    Semaphore::new(parallelism.max(1))
}
