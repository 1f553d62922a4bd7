//! The provider that is part of the program: `terraform_data`, `terraform_remote_state` and functions.

mod data;
mod functions;
mod remote_state;

use addrs::Mode;
use cty::Value;
use diags::{Diagnostic, Diagnostics};
use futures::FutureExt;
use futures::future::ready;
use providers::*;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

/// `terraform.io/builtin/terraform`.
pub struct BuiltinProvider {
    schema: Arc<ProviderSchema>,
    base_dir: PathBuf,
}

impl BuiltinProvider {
    /// The provider; relative paths in its arguments start from `base_dir`.
    pub fn new(base_dir: impl Into<PathBuf>) -> Self {
        let schema = ProviderSchema {
            resources: BTreeMap::from([("terraform_data".into(), Arc::new(data::schema()))]).into(),
            data_sources: BTreeMap::from([(
                "terraform_remote_state".into(),
                Arc::new(remote_state::schema()),
            )])
            .into(),
            functions: functions::signatures(),
            schema_optional: true,
            move_state: true,
            ..ProviderSchema::default()
        };
        Self {
            schema: Arc::new(schema),
            base_dir: base_dir.into(),
        }
    }

    fn object_type(&self, kind: &str) -> cty::Type {
        let resource = self.schema.resources.get(kind);
        resource
            .or_else(|| self.schema.data_sources.get(kind))
            .map_or(cty::Type::Dynamic, |s| s.block.implied_type())
    }
}

fn unsupported(what: &str) -> Diagnostics {
    Diagnostic::error(
        "Unsupported operation",
        format!("The built-in provider has no {what}."),
    )
    .into()
}

impl Provider for BuiltinProvider {
    fn schema(&self) -> BoxFuture<'_, Result<Arc<ProviderSchema>, Diagnostics>> {
        ready(Ok(self.schema.clone())).boxed()
    }

    fn validate_provider<'a>(&'a self, _: &'a Value) -> BoxFuture<'a, Diagnostics> {
        ready(Diagnostics::new()).boxed()
    }

    fn validate(&self, mode: Mode, request: ValidateRequest) -> BoxFuture<'_, Diagnostics> {
        let diags = if mode == Mode::Data {
            remote_state::validate(&request.config)
        } else {
            data::validate(&request.config)
        };
        ready(diags).boxed()
    }

    fn configure(&self, _: ConfigureRequest) -> BoxFuture<'_, Diagnostics> {
        ready(Diagnostics::new()).boxed()
    }

    fn upgrade(&self, request: UpgradeRequest) -> BoxFuture<'_, UpgradeResponse> {
        let ty = self.object_type(&request.kind);
        let response = match cty::json::decode(&request.json, &ty) {
            Ok(state) => UpgradeResponse {
                state,
                diagnostics: Diagnostics::new(),
            },
            Err(e) => UpgradeResponse {
                state: Value::null(ty),
                diagnostics: Diagnostic::error("Stored object cannot be read", e.to_string())
                    .into(),
            },
        };
        ready(response).boxed()
    }

    fn read(&self, request: ReadRequest) -> BoxFuture<'_, ReadResponse> {
        let response = ReadResponse {
            state: request.state,
            private: request.private,
            diagnostics: Diagnostics::new(),
        };
        ready(response).boxed()
    }

    fn plan(&self, request: PlanRequest) -> BoxFuture<'_, PlanResponse> {
        ready(data::plan(request)).boxed()
    }

    fn apply(&self, request: ApplyRequest) -> BoxFuture<'_, ApplyResponse> {
        ready(data::apply(request)).boxed()
    }

    fn import(&self, request: ImportRequest) -> BoxFuture<'_, ImportResponse> {
        ready(data::import(request, &self.object_type("terraform_data"))).boxed()
    }

    fn move_state(&self, request: MoveRequest) -> BoxFuture<'_, MoveResponse> {
        ready(data::move_state(
            &request,
            &self.object_type("terraform_data"),
        ))
        .boxed()
    }

    fn read_data(&self, request: ReadDataRequest) -> BoxFuture<'_, ReadDataResponse> {
        ready(remote_state::read(&request.config, &self.base_dir)).boxed()
    }

    fn open_ephemeral(
        &self,
        request: OpenEphemeralRequest,
    ) -> BoxFuture<'_, OpenEphemeralResponse> {
        let response = OpenEphemeralResponse {
            result: request.config,
            renew_at: None,
            private: [].into(),
            diagnostics: unsupported("ephemeral resources"),
        };
        ready(response).boxed()
    }

    fn renew_ephemeral(
        &self,
        request: RenewEphemeralRequest,
    ) -> BoxFuture<'_, RenewEphemeralResponse> {
        let response = RenewEphemeralResponse {
            renew_at: None,
            private: request.private,
            diagnostics: unsupported("ephemeral resources"),
        };
        ready(response).boxed()
    }

    fn close_ephemeral(&self, _: CloseEphemeralRequest) -> BoxFuture<'_, Diagnostics> {
        ready(unsupported("ephemeral resources")).boxed()
    }

    fn call_function(
        &self,
        request: CallFunctionRequest,
    ) -> BoxFuture<'_, Result<Value, (Option<usize>, String)>> {
        ready(functions::call(&request.name, &request.args)).boxed()
    }

    fn stop(&self) -> BoxFuture<'_, ()> {
        ready(()).boxed()
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        ready(()).boxed()
    }
}

/// An attribute of the provider's schemas.
fn attribute(ty: cty::Type, required: bool, optional: bool, computed: bool) -> schema::Attribute {
    schema::Attribute {
        ty: schema::AttributeType::Plain(ty),
        required,
        optional,
        computed,
        ..schema::Attribute::default()
    }
}
