//! A provider that makes things up.

use super::computed::{Computed, When};
use addrs::Mode;
use configs::StandIn;
use cty::{Type, Value};
use diags::{Diagnostic, Diagnostics};
use futures::FutureExt;
use futures::future::ready;
use providers::*;
use std::sync::Arc;

/// Answers in the place of a provider: objects are what the configuration says, and computed attributes
/// are what was given, or made up.
pub(super) struct MadeUp {
    /// The schemas of the real one.
    pub(super) schema: Arc<ProviderSchema>,
    /// Values of computed attributes.
    pub(super) given: Option<StandIn>,
    /// Whether objects can be imported, whose values are given then.
    pub(super) imports: bool,
}

impl MadeUp {
    fn complete(&self, mode: Mode, kind: &str, value: &Value, when: When) -> (Value, Diagnostics) {
        match self.schema.get(mode, kind) {
            Some(schema) => Computed::new(self.given.as_ref(), when).object(&schema.block, value),
            None => (value.clone(), Diagnostics::new()),
        }
    }

    fn planned(&self, request: &PlanRequest) -> (Value, Diagnostics) {
        if request.proposed.is_null() || !request.prior.is_null() {
            return (request.proposed.clone(), Diagnostics::new());
        }
        let when = match self.given.as_ref().is_some_and(|g| g.while_planning) {
            true => When::Null,
            false => When::Later,
        };
        // What the configuration does not know yet stays unknown, unlike what it leaves out.
        let filled = self.complete(Mode::Managed, &request.kind, &request.config, when);
        match filled.0.is_null() {
            true => (request.proposed.clone(), filled.1),
            false => filled,
        }
    }

    fn ty(&self, mode: Mode, kind: &str) -> Type {
        let schema = self.schema.get(mode, kind);
        schema.map_or(Type::Dynamic, |s| s.block.implied_type())
    }
}

fn unsupported(what: &str) -> Diagnostics {
    let detail = format!("Nothing that stands in for a provider can {what}.");
    Diagnostic::error("Unsupported operation", detail).into()
}

impl Provider for MadeUp {
    fn schema(&self) -> BoxFuture<'_, Result<Arc<ProviderSchema>, Diagnostics>> {
        ready(Ok(self.schema.clone())).boxed()
    }

    fn validate_provider<'a>(&'a self, _: &'a Value) -> BoxFuture<'a, Diagnostics> {
        ready(Diagnostics::new()).boxed()
    }

    fn validate(&self, _: Mode, _: ValidateRequest) -> BoxFuture<'_, Diagnostics> {
        ready(Diagnostics::new()).boxed()
    }

    fn configure(&self, _: ConfigureRequest) -> BoxFuture<'_, Diagnostics> {
        ready(Diagnostics::new()).boxed()
    }

    fn upgrade(&self, request: UpgradeRequest) -> BoxFuture<'_, UpgradeResponse> {
        let ty = self.ty(Mode::Managed, &request.kind);
        let response = match cty::json::decode(&request.json, &ty) {
            Ok(state) => UpgradeResponse {
                state,
                diagnostics: Diagnostics::new(),
            },
            Err(e) => UpgradeResponse {
                state: Value::null(ty),
                diagnostics: Diagnostic::error("Invalid object in state", format!("{e}.")).into(),
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
        let (planned, diagnostics) = self.planned(&request);
        let response = PlanResponse {
            planned,
            requires_replace: Vec::new(),
            planned_private: request.prior_private,
            legacy: false,
            diagnostics,
        };
        ready(response).boxed()
    }

    fn apply(&self, request: ApplyRequest) -> BoxFuture<'_, ApplyResponse> {
        let (state, diagnostics) = self.complete(
            Mode::Managed,
            &request.kind,
            &request.planned,
            When::Unknown,
        );
        let response = ApplyResponse {
            state,
            private: request.planned_private,
            legacy: false,
            diagnostics,
        };
        ready(response).boxed()
    }

    fn import(&self, request: ImportRequest) -> BoxFuture<'_, ImportResponse> {
        let mut response = ImportResponse {
            objects: Vec::new(),
            diagnostics: Diagnostics::new(),
        };
        if self.imports {
            let ty = self.ty(Mode::Managed, &request.kind);
            let nulls = ty
                .as_object()
                .map(|o| o.iter().map(|(_, ty)| Value::null(ty.clone())));
            let nothing = nulls.map(|nulls| Value::object_of(ty.clone(), nulls.collect()));
            let nothing = nothing.unwrap_or_else(|| Value::null(ty));
            let (state, problems) =
                self.complete(Mode::Managed, &request.kind, &nothing, When::Null);
            response.diagnostics = problems;
            response.objects.push(ImportedObject {
                kind: request.kind,
                state,
                private: [].into(),
            });
        } else {
            response.diagnostics = Diagnostic::error(
                "Invalid import request",
                "A mocked provider has no objects that could be imported. Override the resource instead, with override_resource.",
            )
            .into();
        }
        ready(response).boxed()
    }

    fn move_state(&self, request: MoveRequest) -> BoxFuture<'_, MoveResponse> {
        let response = MoveResponse {
            state: Value::null(self.ty(Mode::Managed, &request.target_kind)),
            private: [].into(),
            diagnostics: unsupported("take over objects of other types"),
        };
        ready(response).boxed()
    }

    fn read_data(&self, request: ReadDataRequest) -> BoxFuture<'_, ReadDataResponse> {
        let (state, diagnostics) =
            self.complete(Mode::Data, &request.kind, &request.config, When::Null);
        ready(ReadDataResponse { state, diagnostics }).boxed()
    }

    fn open_ephemeral(
        &self,
        request: OpenEphemeralRequest,
    ) -> BoxFuture<'_, OpenEphemeralResponse> {
        let (result, diagnostics) =
            self.complete(Mode::Ephemeral, &request.kind, &request.config, When::Null);
        let response = OpenEphemeralResponse {
            result,
            renew_at: None,
            private: [].into(),
            diagnostics,
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
            diagnostics: Diagnostics::new(),
        };
        ready(response).boxed()
    }

    fn close_ephemeral(&self, _: CloseEphemeralRequest) -> BoxFuture<'_, Diagnostics> {
        ready(Diagnostics::new()).boxed()
    }

    fn call_function(
        &self,
        _: CallFunctionRequest,
    ) -> BoxFuture<'_, Result<Value, (Option<usize>, String)>> {
        // Functions are called of the provider itself.
        ready(Err((None, "there is no such function".to_owned()))).boxed()
    }

    fn stop(&self) -> BoxFuture<'_, ()> {
        ready(()).boxed()
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        ready(()).boxed()
    }
}
