//! A provider that answers as the built-in one does, except where a test says otherwise.

use addrs::Mode;
use cty::Value;
use diags::Diagnostics;
use engine::{BuiltinProvider, ProviderFactory};
use futures::FutureExt;
use providers::*;
use std::sync::Arc;

/// Changes the answers of the built-in provider, whose provider block may have a `host` here.
#[derive(Clone)]
pub struct Tampered {
    inner: Arc<BuiltinProvider>,
    plan: fn(PlanResponse) -> PlanResponse,
    apply: fn(ApplyResponse) -> ApplyResponse,
    read: fn(ReadResponse) -> ReadResponse,
}

impl Default for Tampered {
    fn default() -> Self {
        Self {
            inner: Arc::new(BuiltinProvider::new(".")),
            plan: |r| r,
            apply: |r| r,
            read: |r| r,
        }
    }
}

impl Tampered {
    /// Changes answers to plan requests.
    pub fn planning(plan: fn(PlanResponse) -> PlanResponse) -> Self {
        Self {
            plan,
            ..Self::default()
        }
    }

    /// Changes answers to apply requests.
    pub fn applying(apply: fn(ApplyResponse) -> ApplyResponse) -> Self {
        Self {
            apply,
            ..Self::default()
        }
    }

    /// Changes answers to read requests.
    pub fn reading(read: fn(ReadResponse) -> ReadResponse) -> Self {
        Self {
            read,
            ..Self::default()
        }
    }
}

impl ProviderFactory for Tampered {
    fn provider(
        &self,
        _: &addrs::Provider,
    ) -> BoxFuture<'_, Result<Arc<dyn Provider>, Diagnostics>> {
        let provider: Arc<dyn Provider> = Arc::new(self.clone());
        std::future::ready(Ok(provider)).boxed()
    }
}

impl Provider for Tampered {
    fn schema(&self) -> BoxFuture<'_, Result<Arc<ProviderSchema>, Diagnostics>> {
        async {
            let mut schema = (*self.inner.schema().await?).clone();
            let host = schema::Attribute {
                ty: schema::AttributeType::Plain(cty::Type::String),
                optional: true,
                ..schema::Attribute::default()
            };
            let block = schema::Block::new([("host".into(), host)], []);
            schema.provider = Arc::new(ResourceSchema { version: 0, block });
            Ok(Arc::new(schema))
        }
        .boxed()
    }

    fn validate_provider<'a>(&'a self, config: &'a Value) -> BoxFuture<'a, Diagnostics> {
        self.inner.validate_provider(config)
    }

    fn validate(&self, mode: Mode, request: ValidateRequest) -> BoxFuture<'_, Diagnostics> {
        self.inner.validate(mode, request)
    }

    fn configure(&self, request: ConfigureRequest) -> BoxFuture<'_, Diagnostics> {
        self.inner.configure(request)
    }

    fn upgrade(&self, request: UpgradeRequest) -> BoxFuture<'_, UpgradeResponse> {
        self.inner.upgrade(request)
    }

    fn read(&self, request: ReadRequest) -> BoxFuture<'_, ReadResponse> {
        self.inner.read(request).map(self.read).boxed()
    }

    fn plan(&self, request: PlanRequest) -> BoxFuture<'_, PlanResponse> {
        self.inner.plan(request).map(self.plan).boxed()
    }

    fn apply(&self, request: ApplyRequest) -> BoxFuture<'_, ApplyResponse> {
        self.inner.apply(request).map(self.apply).boxed()
    }

    fn import(&self, request: ImportRequest) -> BoxFuture<'_, ImportResponse> {
        self.inner.import(request)
    }

    fn move_state(&self, request: MoveRequest) -> BoxFuture<'_, MoveResponse> {
        self.inner.move_state(request)
    }

    fn read_data(&self, request: ReadDataRequest) -> BoxFuture<'_, ReadDataResponse> {
        self.inner.read_data(request)
    }

    fn open_ephemeral(
        &self,
        request: OpenEphemeralRequest,
    ) -> BoxFuture<'_, OpenEphemeralResponse> {
        self.inner.open_ephemeral(request)
    }

    fn renew_ephemeral(
        &self,
        request: RenewEphemeralRequest,
    ) -> BoxFuture<'_, RenewEphemeralResponse> {
        self.inner.renew_ephemeral(request)
    }

    fn close_ephemeral(&self, request: CloseEphemeralRequest) -> BoxFuture<'_, Diagnostics> {
        self.inner.close_ephemeral(request)
    }

    fn call_function(
        &self,
        request: CallFunctionRequest,
    ) -> BoxFuture<'_, Result<Value, (Option<usize>, String)>> {
        self.inner.call_function(request)
    }

    fn stop(&self) -> BoxFuture<'_, ()> {
        self.inner.stop()
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        self.inner.close()
    }
}
