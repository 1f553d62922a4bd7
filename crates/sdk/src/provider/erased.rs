//! Resource types and data sources without their Rust types.

use super::lifecycle;
use crate::private::CreateToken;
use crate::resource::{Change, Cx, DataSource, Resource};
use crate::{AttrSpec, BlockSpec, Error, Model, Problems, Shape, Spec, durations, unbuilt};
use cty::{Path, Type, Value};
use diags::Diagnostics;
use futures::FutureExt;
use providers::BoxFuture;
use schema::{Block, Nesting};
use std::marker::PhantomData;
use std::sync::OnceLock;
use std::time::Duration;

/// How long an operation may take where nobody says.
const TIMEOUT: Duration = Duration::from_secs(20 * 60);

/// The shape of a type, made once.
pub struct TypeShape {
    /// What it is made of, with what is not built and the timeouts.
    pub spec: Spec,
    /// The schema.
    pub block: Block,
    /// The type of its values.
    pub ty: Type,
}

/// What came of a change: the value of what exists, and why it failed.
pub struct Changed {
    /// The object; `None`: as it was before.
    pub state: Option<Value>,
    /// Why it failed.
    pub error: Option<Error>,
    /// The host is to read the object once it is stored.
    pub settle: bool,
}

/// What a plan hook made of a planned object.
pub struct Hooked {
    /// The object as it will be.
    pub planned: Value,
    /// Why a new object is needed.
    pub replace: Vec<Path>,
    /// What is wrong.
    pub diagnostics: Diagnostics,
}

/// How a call is to be made.
#[derive(Clone, Debug, Default)]
pub struct How {
    /// The token of a create.
    pub token: Option<CreateToken>,
    /// The host writes creates down and settles them.
    pub host_journals: bool,
}

/// A resource type.
pub trait AnyResource<C>: Send + Sync {
    /// Its name.
    fn type_name(&self) -> &'static str;
    /// The version of stored objects.
    fn version(&self) -> i64;
    /// It keeps the habits of hashicorp's older SDK.
    fn is_legacy(&self) -> bool;
    /// Its shape.
    fn shape(&self) -> &TypeShape;
    /// Checks a configuration.
    fn validate(&self, config: &Value) -> Diagnostics;
    /// Runs the plan hook. `prior` is null for a create.
    fn plan(&self, config: &Value, prior: &Value, planned: Value, cloud: &C) -> Hooked;
    /// Makes the object.
    fn create<'a>(&'a self, planned: Value, how: How, cloud: &'a C) -> BoxFuture<'a, Changed>;
    /// Changes the object.
    fn update<'a>(&'a self, prior: Value, planned: Value, cloud: &'a C) -> BoxFuture<'a, Changed>;
    /// Destroys the object.
    fn delete<'a>(&'a self, prior: Value, cloud: &'a C) -> BoxFuture<'a, Result<(), Error>>;
    /// Reads the object; the flag asks for another settling read.
    fn read<'a>(
        &'a self,
        state: Value,
        cloud: &'a C,
    ) -> BoxFuture<'a, Result<(Option<Value>, bool), Error>>;
    /// What an id stands for.
    fn import<'a>(&'a self, id: &'a str, cloud: &'a C) -> BoxFuture<'a, Result<Value, Error>>;
    /// Upgrades the JSON of a stored object.
    fn upgrade(&self, version: i64, state: serde_json::Value) -> Result<serde_json::Value, Error>;
}

/// A data source.
pub trait AnyDataSource<C>: Send + Sync {
    /// Its name.
    fn type_name(&self) -> &'static str;
    /// Its shape.
    fn shape(&self) -> &TypeShape;
    /// Checks a configuration.
    fn validate(&self, config: &Value) -> Diagnostics;
    /// Reads it.
    fn read<'a>(&'a self, config: Value, cloud: &'a C) -> BoxFuture<'a, Result<Value, Error>>;
}

struct Typed<M> {
    shape: OnceLock<TypeShape>,
    model: PhantomData<fn() -> M>,
}

/// An entry of a provider's table.
pub fn resource<R: Resource>() -> Box<dyn AnyResource<R::Cloud>> {
    Box::new(Typed::<R> {
        shape: OnceLock::new(),
        model: PhantomData,
    })
}

/// An entry of a provider's table.
pub fn data_source<D: DataSource>() -> Box<dyn AnyDataSource<D::Cloud>> {
    Box::new(Typed::<D> {
        shape: OnceLock::new(),
        model: PhantomData,
    })
}

/// The shape of a model with all that the kit adds.
pub(super) fn shape_of<M: Model>() -> TypeShape {
    let mut spec = M::spec();
    if let Err(problem) = unbuilt::add_unbuilt(&mut spec, M::UNBUILT) {
        // A text in the program, read in a test of every type; nothing that a user wrote.
        tracing::error!(
            kind = M::TYPE_NAME,
            problem,
            "the list of what is not built is wrong"
        );
    }
    if !M::TIMEOUTS.is_empty() {
        spec.block("timeouts", timeouts::<M>());
    }
    let block = spec.schema();
    let ty = block.implied_type();
    TypeShape { spec, block, ty }
}

fn timeouts<M: Model>() -> BlockSpec {
    let mut spec = Spec::default();
    for (operation, _) in M::TIMEOUTS {
        let check = |value: &Value| match value.as_str() {
            Some(text) => durations::parse(text)
                .map(|_| ())
                .map_err(|e| e.to_string()),
            None => Ok(()),
        };
        let attribute = AttrSpec {
            optional: true,
            description: "How long this operation may take, such as \"30m\".",
            checks: vec![std::sync::Arc::new(check)],
            ..AttrSpec::of::<String>()
        };
        spec.attr(operation, attribute);
    }
    BlockSpec {
        nesting: Nesting::Single,
        min: 0,
        max: 0,
        requires_replace: false,
        computed: false,
        unbuilt: false,
        spec,
    }
}

/// How long an operation on this object may take.
fn timeout<M: Model>(value: &Value, operation: &str) -> Duration {
    let asked = value.get("timeouts").and_then(|t| t.get(operation));
    let asked = asked.and_then(<String as Shape>::from_value);
    let default = M::TIMEOUTS.iter().find(|(name, _)| *name == operation);
    let text = asked.as_deref().or(default.map(|(_, text)| *text));
    text.and_then(|text| durations::parse(text).ok())
        .unwrap_or(TIMEOUT)
}

impl<M: Model> Typed<M> {
    fn shape(&self) -> &TypeShape {
        self.shape.get_or_init(shape_of::<M>)
    }

    fn check(&self, config: &Value, own: impl FnOnce(&M, &mut Problems)) -> Diagnostics {
        let mut problems = Problems::default();
        crate::checks::check(&self.shape().spec, config, &mut problems);
        own(&M::decode(config), &mut problems);
        problems.into_diagnostics()
    }

    fn stored(&self, model: &M, base: &Value) -> Value {
        lifecycle::stored(self.shape(), &model.encode(), base)
    }
}

impl<R: Resource> AnyResource<R::Cloud> for Typed<R> {
    fn type_name(&self) -> &'static str {
        R::TYPE_NAME
    }

    fn version(&self) -> i64 {
        R::VERSION
    }

    fn is_legacy(&self) -> bool {
        R::LEGACY
    }

    fn shape(&self) -> &TypeShape {
        self.shape()
    }

    fn validate(&self, config: &Value) -> Diagnostics {
        self.check(config, R::validate)
    }

    fn plan(&self, config: &Value, prior: &Value, planned: Value, cloud: &R::Cloud) -> Hooked {
        let before = R::decode(&planned);
        let was = before.encode();
        let mut change = Change {
            prior: (!prior.is_null()).then(|| R::decode(prior)),
            config: R::decode(config),
            planned: before,
            cloud,
            problems: Problems::default(),
            replace: Vec::new(),
        };
        R::plan(&mut change);
        let is = change.planned.encode();
        Hooked {
            planned: crate::planning::changed(&self.shape().ty, &planned, &was, &is),
            replace: change.replace,
            diagnostics: change.problems.into_diagnostics(),
        }
    }

    fn create<'a>(
        &'a self,
        planned: Value,
        how: How,
        cloud: &'a R::Cloud,
    ) -> BoxFuture<'a, Changed> {
        async move {
            let timeout = timeout::<R>(&planned, "create");
            let resumed = how.token.as_ref().is_some_and(|token| token.resumed);
            let cx = Cx::new(cloud, timeout).of_create(how.token, how.host_journals);
            let model = R::decode(&planned);
            let applied = match resumed {
                true => lifecycle::resume(self.shape(), &planned, model, &cx).await,
                false => model.create(&cx).await,
            };
            let applied = match applied {
                Err(incomplete) => Err(lifecycle::as_it_is(incomplete, None, &cx).await),
                made => made,
            };
            let mut changed = self.changed(applied, &planned);
            changed.settle = cx.settles();
            changed
        }
        .boxed()
    }

    fn update<'a>(
        &'a self,
        prior: Value,
        planned: Value,
        cloud: &'a R::Cloud,
    ) -> BoxFuture<'a, Changed> {
        async move {
            let cx = Cx::new(cloud, timeout::<R>(&planned, "update"));
            let was = R::decode(&prior);
            let applied = match R::decode(&planned).update(was.clone(), &cx).await {
                Err(incomplete) => Err(lifecycle::as_it_is(incomplete, Some(was), &cx).await),
                changed => changed,
            };
            self.changed(applied, &planned)
        }
        .boxed()
    }

    fn delete<'a>(&'a self, prior: Value, cloud: &'a R::Cloud) -> BoxFuture<'a, Result<(), Error>> {
        async move {
            let cx = Cx::new(cloud, timeout::<R>(&prior, "delete"));
            match R::decode(&prior).delete(&cx).await {
                Err(error) if error.is_not_found() => Ok(()),
                other => other,
            }
        }
        .boxed()
    }

    fn read<'a>(
        &'a self,
        state: Value,
        cloud: &'a R::Cloud,
    ) -> BoxFuture<'a, Result<(Option<Value>, bool), Error>> {
        async move {
            let cx = Cx::new(cloud, timeout::<R>(&state, "read"));
            let found = match R::decode(&state).read(&cx).await {
                Err(error) if error.is_not_found() => None,
                other => other?,
            };
            Ok((found.map(|model| self.stored(&model, &state)), cx.settles()))
        }
        .boxed()
    }

    fn import<'a>(
        &'a self,
        id: &'a str,
        cloud: &'a R::Cloud,
    ) -> BoxFuture<'a, Result<Value, Error>> {
        async move {
            let cx = Cx::new(cloud, TIMEOUT);
            let model = R::import(id, &cx).await?;
            let base = self.shape().block.empty_value();
            // Imported, not read yet: only what the id says.
            Ok(crate::planning::overlay(
                &self.shape().ty,
                &model.encode(),
                Some(&base),
            ))
        }
        .boxed()
    }

    fn upgrade(&self, version: i64, state: serde_json::Value) -> Result<serde_json::Value, Error> {
        R::upgrade(version, state)
    }
}

impl<R: Resource> Typed<R> {
    fn changed(&self, applied: crate::Applied<R>, planned: &Value) -> Changed {
        let (state, error) = match applied {
            Ok(model) => (Some(model), None),
            Err(incomplete) => (incomplete.state.map(|m| *m), Some(incomplete.error)),
        };
        Changed {
            state: state.map(|model| self.stored(&model, planned)),
            error,
            settle: false,
        }
    }
}

impl<D: DataSource> AnyDataSource<D::Cloud> for Typed<D> {
    fn type_name(&self) -> &'static str {
        D::TYPE_NAME
    }

    fn shape(&self) -> &TypeShape {
        self.shape()
    }

    fn validate(&self, config: &Value) -> Diagnostics {
        self.check(config, D::validate)
    }

    fn read<'a>(
        &'a self,
        config: Value,
        cloud: &'a D::Cloud,
    ) -> BoxFuture<'a, Result<Value, Error>> {
        async move {
            let cx = Cx::new(cloud, timeout::<D>(&config, "read"));
            let model = D::decode(&config).read(&cx).await?;
            Ok(self.stored(&model, &config))
        }
        .boxed()
    }
}
