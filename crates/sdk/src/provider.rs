//! The provider: a configured cloud, and a table of types, behind the trait that hosts know.

mod answers;
mod erased;
mod lifecycle;

pub use erased::{AnyDataSource, AnyResource, data_source, resource};

use crate::{Model, Problems};
use cty::Value;
use diags::{Diagnostic, Diagnostics};
use providers::{ProviderSchema, ResourceSchema, SchemaMap};
use std::collections::BTreeMap;
use std::future::Future;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

/// What the author of a provider writes: its configuration, and its types.
pub trait Cloud: Sized + Send + Sync + 'static {
    /// The provider block.
    type Config: Model;

    /// Checks what the rules of single attributes cannot.
    fn validate(_config: &Self::Config, _problems: &mut Problems) {}

    /// The clients.
    fn configure(
        config: Self::Config,
        host: &Host,
    ) -> impl Future<Output = Result<Self, Diagnostics>> + Send;

    /// The resource types, in the order of their names.
    fn resources() -> Vec<Box<dyn AnyResource<Self>>>;

    /// The data sources, in the order of their names.
    fn data_sources() -> Vec<Box<dyn AnyDataSource<Self>>>;

    /// Changes the planned value of any resource by rules that hold for all: tags with the provider's defaults. `prior` is null
    /// when the object is to be made.
    fn plan(&self, _kind: &str, _config: &Value, _prior: &Value, planned: Value) -> Value {
        planned
    }

    /// Changes what any data source answers by rules that hold for all.
    fn data(&self, answer: Value) -> Value {
        answer
    }
}

/// Gives the value of an environment variable.
pub type Environment = Arc<dyn Fn(&str) -> Option<String> + Send + Sync>;

/// What a provider is told about where it runs.
#[derive(Clone)]
pub struct Host {
    /// The version of Terraform that the host claims to be.
    pub terraform_version: Arc<str>,
    /// The value of an environment variable.
    pub environment: Environment,
    /// The host writes down each create before it asks for it, and asks once more afterwards.
    pub journals_creates: bool,
}

impl Host {
    /// A host; `environment` gives the value of an environment variable.
    pub fn new(environment: impl Fn(&str) -> Option<String> + Send + Sync + 'static) -> Self {
        let given = environment("GROMA_JOURNALS_CREATES");
        Self {
            terraform_version: "".into(),
            journals_creates: given.as_deref() == Some("1"),
            environment: Arc::new(environment),
        }
    }

    /// The value of an environment variable that is not empty.
    pub fn variable(&self, name: &str) -> Option<String> {
        (self.environment)(name).filter(|value| !value.is_empty())
    }
}

/// A provider made from a cloud.
pub struct Provider<C: Cloud> {
    host: Host,
    cloud: RwLock<Option<Arc<C>>>,
    schema: OnceLock<Arc<ProviderSchema>>,
    resources: Arc<BTreeMap<&'static str, Box<dyn AnyResource<C>>>>,
    data_sources: Arc<BTreeMap<&'static str, Box<dyn AnyDataSource<C>>>>,
}

impl<C: Cloud> Provider<C> {
    /// A provider that is not configured yet.
    pub fn new(host: Host) -> Self {
        let resources = C::resources().into_iter();
        let data_sources = C::data_sources().into_iter();
        Self {
            host,
            cloud: RwLock::new(None),
            schema: OnceLock::new(),
            resources: Arc::new(resources.map(|r| (r.type_name(), r)).collect()),
            data_sources: Arc::new(data_sources.map(|d| (d.type_name(), d)).collect()),
        }
    }

    /// The cloud, once the provider is configured.
    pub fn cloud(&self) -> Option<Arc<C>> {
        let cloud = self.cloud.read().unwrap_or_else(PoisonError::into_inner);
        cloud.clone()
    }

    fn configured(&self) -> Result<Arc<C>, Diagnostics> {
        self.cloud().ok_or_else(|| {
            Diagnostic::error(
                "The provider is not configured",
                "The host asked for something in the cloud before it gave the provider's configuration.",
            )
            .into()
        })
    }

    fn schemas(&self) -> Arc<ProviderSchema> {
        let made = self.schema.get_or_init(|| {
            let (resources, data_sources) = (self.resources.clone(), self.data_sources.clone());
            let names = |names: Vec<&'static str>| names.into_iter().map(Arc::from);
            Arc::new(ProviderSchema {
                provider: Arc::new(ResourceSchema {
                    version: 0,
                    block: C::Config::spec().schema(),
                }),
                resources: SchemaMap::lazy(
                    names(self.resources.keys().copied().collect()),
                    Arc::new(move |kind| {
                        let resource = resources.get(kind)?;
                        Some(ResourceSchema {
                            version: resource.version(),
                            block: resource.shape().block.clone(),
                        })
                    }),
                ),
                data_sources: SchemaMap::lazy(
                    names(self.data_sources.keys().copied().collect()),
                    Arc::new(move |kind| {
                        let source = data_sources.get(kind)?;
                        Some(ResourceSchema {
                            version: 0,
                            block: source.shape().block.clone(),
                        })
                    }),
                ),
                schema_optional: true,
                joins_reads: true,
                ..ProviderSchema::default()
            })
        });
        made.clone()
    }
}
