//! The calls: values out, values in.

use super::RemoteProvider;
use super::problems::{deferred, unreadable, unsendable};
use crate::convert::{self, from_wire, to_wire};
use crate::proto::tfplugin6::{self as wire, ClientCapabilities, DynamicValue, RawState};
use addrs::Mode;
use cty::{Type, Value};
use diags::{Diagnostic, Diagnostics};
use futures::FutureExt;
use providers::*;
use std::sync::Arc;

/// What we tell providers that we can do.
const CAPABILITIES: ClientCapabilities = ClientCapabilities {
    deferral_allowed: false,
    write_only_attributes_allowed: true,
};

/// The types of the values of a call.
struct Types {
    object: Type,
    provider_meta: Option<Type>,
}

impl RemoteProvider {
    async fn types(&self, mode: Mode, kind: &str) -> Result<Types, Diagnostics> {
        let object = self.schema_of(mode, kind).await?.block.implied_type();
        let meta = self.schemas().await?.provider_meta.as_ref();
        Ok(Types {
            object,
            provider_meta: meta.map(|m| m.block.implied_type()),
        })
    }

    fn send(
        &self,
        kind: &str,
        value: &Value,
        ty: &Type,
    ) -> Result<Option<DynamicValue>, Diagnostics> {
        to_wire(value, ty)
            .map(Some)
            .map_err(|e| unsendable(&self.source, kind, &e).into())
    }

    fn send_meta(
        &self,
        types: &Types,
        kind: &str,
        value: &Value,
    ) -> Result<Option<DynamicValue>, Diagnostics> {
        types
            .provider_meta
            .as_ref()
            .map_or(Ok(None), |ty| self.send(kind, value, ty))
    }

    /// Reads a value of an answer; if that fails, null and a diagnostic.
    fn receive(
        &self,
        call: &str,
        kind: &str,
        value: Option<DynamicValue>,
        ty: &Type,
        problems: &mut Diagnostics,
    ) -> Value {
        from_wire(value.as_ref(), ty).unwrap_or_else(|e| {
            problems.push(unreadable(&self.source, call, kind, &e));
            Value::null(ty.clone())
        })
    }

    async fn do_validate_provider(&self, config: &Value) -> Result<Diagnostics, Diagnostics> {
        let ty = self.schemas().await?.provider.block.implied_type();
        let config = self.send("the provider block", config, &ty)?;
        let answer = self
            .call(wire::validate_provider_config::Request { config })
            .await?;
        Ok(convert::diagnostics(answer.diagnostics))
    }

    async fn do_validate(
        &self,
        mode: Mode,
        request: &ValidateRequest,
    ) -> Result<Diagnostics, Diagnostics> {
        let ty = self.types(mode, &request.kind).await?.object;
        let config = self.send(&request.kind, &request.config, &ty)?;
        let type_name = request.kind.to_string();
        let diagnostics = match mode {
            Mode::Managed => {
                let client_capabilities = Some(CAPABILITIES);
                let request = wire::validate_resource_config::Request {
                    type_name,
                    config,
                    client_capabilities,
                };
                self.call(request).await?.diagnostics
            }
            Mode::Data => {
                let request = wire::validate_data_resource_config::Request { type_name, config };
                self.call(request).await?.diagnostics
            }
            Mode::Ephemeral => {
                let request =
                    wire::validate_ephemeral_resource_config::Request { type_name, config };
                self.call(request).await?.diagnostics
            }
        };
        Ok(convert::diagnostics(diagnostics))
    }

    async fn do_configure(&self, request: &ConfigureRequest) -> Result<Diagnostics, Diagnostics> {
        let ty = self.schemas().await?.provider.block.implied_type();
        let request = wire::configure_provider::Request {
            terraform_version: request.terraform_version.to_string(),
            config: self.send("the provider block", &request.config, &ty)?,
            client_capabilities: Some(CAPABILITIES),
        };
        Ok(convert::diagnostics(self.call(request).await?.diagnostics))
    }

    async fn do_upgrade(&self, request: UpgradeRequest) -> Result<UpgradeResponse, Diagnostics> {
        let ty = self.types(Mode::Managed, &request.kind).await?.object;
        let message = wire::upgrade_resource_state::Request {
            type_name: request.kind.to_string(),
            version: request.version,
            raw_state: Some(RawState {
                json: request.json.to_vec(),
                flatmap: request.flatmap.unwrap_or_default(),
            }),
        };
        let answer = self.call(message).await?;
        let mut diagnostics = convert::diagnostics(answer.diagnostics);
        let state = self.receive(
            "UpgradeResourceState",
            &request.kind,
            answer.upgraded_state,
            &ty,
            &mut diagnostics,
        );
        Ok(UpgradeResponse { state, diagnostics })
    }

    async fn do_read(&self, request: &ReadRequest) -> Result<ReadResponse, Diagnostics> {
        let types = self.types(Mode::Managed, &request.kind).await?;
        let message = wire::read_resource::Request {
            type_name: request.kind.to_string(),
            current_state: self.send(&request.kind, &request.state, &types.object)?,
            private: request.private.to_vec(),
            provider_meta: self.send_meta(&types, &request.kind, &request.provider_meta)?,
            client_capabilities: Some(CAPABILITIES),
        };
        let answer = self.call(message).await?;
        let mut diagnostics = convert::diagnostics(answer.diagnostics);
        if answer.deferred.is_some() {
            diagnostics.push(deferred(&self.source, "ReadResource", &request.kind));
        }
        let (call, kind) = ("ReadResource", &*request.kind);
        let state = self.receive(
            call,
            kind,
            answer.new_state,
            &types.object,
            &mut diagnostics,
        );
        Ok(ReadResponse {
            state,
            private: answer.private.into(),
            diagnostics,
        })
    }

    async fn do_plan(&self, request: &PlanRequest) -> Result<PlanResponse, Diagnostics> {
        let types = self.types(Mode::Managed, &request.kind).await?;
        let kind = &*request.kind;
        let message = wire::plan_resource_change::Request {
            type_name: kind.to_owned(),
            prior_state: self.send(kind, &request.prior, &types.object)?,
            proposed_new_state: self.send(kind, &request.proposed, &types.object)?,
            config: self.send(kind, &request.config, &types.object)?,
            prior_private: request.prior_private.to_vec(),
            provider_meta: self.send_meta(&types, kind, &request.provider_meta)?,
            client_capabilities: Some(CAPABILITIES),
        };
        let answer = self.call(message).await?;
        let mut diagnostics = convert::diagnostics(answer.diagnostics);
        if answer.deferred.is_some() {
            diagnostics.push(deferred(&self.source, "PlanResourceChange", kind));
        }
        let planned = self.receive(
            "PlanResourceChange",
            kind,
            answer.planned_state,
            &types.object,
            &mut diagnostics,
        );
        Ok(PlanResponse {
            planned,
            requires_replace: answer
                .requires_replace
                .into_iter()
                .map(convert::path)
                .collect(),
            planned_private: answer.planned_private.into(),
            legacy: answer.legacy_type_system,
            diagnostics,
        })
    }

    async fn do_apply(&self, request: &ApplyRequest) -> Result<ApplyResponse, Diagnostics> {
        let types = self.types(Mode::Managed, &request.kind).await?;
        let kind = &*request.kind;
        let message = wire::apply_resource_change::Request {
            type_name: kind.to_owned(),
            prior_state: self.send(kind, &request.prior, &types.object)?,
            planned_state: self.send(kind, &request.planned, &types.object)?,
            config: self.send(kind, &request.config, &types.object)?,
            planned_private: request.planned_private.to_vec(),
            provider_meta: self.send_meta(&types, kind, &request.provider_meta)?,
        };
        let answer = self.call(message).await?;
        let mut diagnostics = convert::diagnostics(answer.diagnostics);
        let state = from_wire(answer.new_state.as_ref(), &types.object).unwrap_or_else(|e| {
            diagnostics.push(unreadable(&self.source, "ApplyResourceChange", kind, &e));
            // What exists is not known now; what was there before is the best guess.
            request.prior.clone()
        });
        Ok(ApplyResponse {
            state,
            private: answer.private.into(),
            legacy: answer.legacy_type_system,
            diagnostics,
        })
    }

    async fn do_import(&self, request: ImportRequest) -> Result<ImportResponse, Diagnostics> {
        let message = wire::import_resource_state::Request {
            type_name: request.kind.to_string(),
            id: request.id,
            client_capabilities: Some(CAPABILITIES),
        };
        let answer = self.call(message).await?;
        let mut diagnostics = convert::diagnostics(answer.diagnostics);
        if answer.deferred.is_some() {
            diagnostics.push(deferred(&self.source, "ImportResourceState", &request.kind));
        }
        let mut objects = Vec::new();
        for object in answer.imported_resources {
            let kind: Arc<str> = object.type_name.into();
            match self.types(Mode::Managed, &kind).await {
                Ok(types) => objects.push(ImportedObject {
                    state: self.receive(
                        "ImportResourceState",
                        &kind,
                        object.state,
                        &types.object,
                        &mut diagnostics,
                    ),
                    kind,
                    private: object.private.into(),
                }),
                Err(problems) => diagnostics.append(problems),
            }
        }
        Ok(ImportResponse {
            objects,
            diagnostics,
        })
    }

    async fn do_move(&self, request: MoveRequest) -> Result<MoveResponse, Diagnostics> {
        let ty = self
            .types(Mode::Managed, &request.target_kind)
            .await?
            .object;
        let message = wire::move_resource_state::Request {
            source_provider_address: request.source_provider,
            source_type_name: request.source_kind.to_string(),
            source_schema_version: request.source_version,
            source_state: Some(RawState {
                json: request.source_json.to_vec(),
                ..RawState::default()
            }),
            target_type_name: request.target_kind.to_string(),
            source_private: request.source_private.to_vec(),
        };
        let answer = self.call(message).await?;
        let mut diagnostics = convert::diagnostics(answer.diagnostics);
        let (call, kind) = ("MoveResourceState", &*request.target_kind);
        let state = self.receive(call, kind, answer.target_state, &ty, &mut diagnostics);
        Ok(MoveResponse {
            state,
            private: answer.target_private.into(),
            diagnostics,
        })
    }

    async fn do_read_data(
        &self,
        request: &ReadDataRequest,
    ) -> Result<ReadDataResponse, Diagnostics> {
        let types = self.types(Mode::Data, &request.kind).await?;
        let message = wire::read_data_source::Request {
            type_name: request.kind.to_string(),
            config: self.send(&request.kind, &request.config, &types.object)?,
            provider_meta: self.send_meta(&types, &request.kind, &request.provider_meta)?,
            client_capabilities: Some(CAPABILITIES),
        };
        let answer = self.call(message).await?;
        let mut diagnostics = convert::diagnostics(answer.diagnostics);
        if answer.deferred.is_some() {
            diagnostics.push(deferred(&self.source, "ReadDataSource", &request.kind));
        }
        let (call, kind) = ("ReadDataSource", &*request.kind);
        let state = self.receive(call, kind, answer.state, &types.object, &mut diagnostics);
        Ok(ReadDataResponse { state, diagnostics })
    }

    async fn do_open(
        &self,
        request: &OpenEphemeralRequest,
    ) -> Result<OpenEphemeralResponse, Diagnostics> {
        let ty = self.types(Mode::Ephemeral, &request.kind).await?.object;
        let message = wire::open_ephemeral_resource::Request {
            type_name: request.kind.to_string(),
            config: self.send(&request.kind, &request.config, &ty)?,
            client_capabilities: Some(ClientCapabilities::default()),
        };
        let answer = self.call(message).await?;
        let mut diagnostics = convert::diagnostics(answer.diagnostics);
        if answer.deferred.is_some() {
            diagnostics.push(deferred(
                &self.source,
                "OpenEphemeralResource",
                &request.kind,
            ));
        }
        let (call, kind) = ("OpenEphemeralResource", &*request.kind);
        let result = self.receive(call, kind, answer.result, &ty, &mut diagnostics);
        Ok(OpenEphemeralResponse {
            result,
            renew_at: answer.renew_at.map(|t| t.seconds),
            private: answer.private.unwrap_or_default().into(),
            diagnostics,
        })
    }

    async fn do_renew(
        &self,
        request: &RenewEphemeralRequest,
    ) -> Result<RenewEphemeralResponse, Diagnostics> {
        let message = wire::renew_ephemeral_resource::Request {
            type_name: request.kind.to_string(),
            private: some_bytes(&request.private),
        };
        let answer = self.call(message).await?;
        Ok(RenewEphemeralResponse {
            renew_at: answer.renew_at.map(|t| t.seconds),
            private: answer
                .private
                .map_or_else(|| request.private.clone(), Into::into),
            diagnostics: convert::diagnostics(answer.diagnostics),
        })
    }

    async fn do_close_ephemeral(
        &self,
        request: &CloseEphemeralRequest,
    ) -> Result<Diagnostics, Diagnostics> {
        let message = wire::close_ephemeral_resource::Request {
            type_name: request.kind.to_string(),
            private: some_bytes(&request.private),
        };
        Ok(convert::diagnostics(self.call(message).await?.diagnostics))
    }

    async fn do_call_function(
        &self,
        request: &CallFunctionRequest,
    ) -> Result<Value, (Option<usize>, String)> {
        let whole = |problems: Diagnostics| (None, sentence(problems));
        let name = &*request.name;
        let schemas = self.schemas().await.map_err(whole)?;
        let signature = schemas
            .functions
            .get(name)
            .ok_or_else(|| (None, format!("there is no function {name:?}")))?;
        let mut arguments = Vec::with_capacity(request.args.len());
        for (i, value) in request.args.iter().enumerate() {
            let parameter = signature.params.get(i).or(signature.variadic.as_ref());
            let parameter = parameter.ok_or_else(|| (Some(i), "too many arguments".to_owned()))?;
            let sent = to_wire(value, &parameter.ty).map_err(|e| (Some(i), e.to_string()))?;
            arguments.push(sent);
        }
        let message = wire::call_function::Request {
            name: name.to_owned(),
            arguments,
        };
        let answer = self.call(message).await.map_err(whole)?;
        if let Some(error) = answer.error {
            let argument = error
                .function_argument
                .and_then(|i| usize::try_from(i).ok());
            return Err((argument.filter(|i| *i < request.args.len()), error.text));
        }
        from_wire(answer.result.as_ref(), &signature.returns).map_err(|e| {
            (
                None,
                format!(
                    "the answer of provider {} to CallFunction cannot be read: {e}",
                    self.source
                ),
            )
        })
    }
}

fn some_bytes(private: &Private) -> Option<Vec<u8>> {
    (!private.is_empty()).then(|| private.to_vec())
}

fn sentence(problems: Diagnostics) -> String {
    let texts = problems
        .into_iter()
        .map(|d: Diagnostic| format!("{}: {}", d.summary, d.detail));
    texts.collect::<Vec<_>>().join("\n")
}

fn null() -> Value {
    Value::null(Type::Dynamic)
}

/// Without an answer, the old object is the best that is known.
impl Provider for RemoteProvider {
    fn schema(&self) -> BoxFuture<'_, Result<Arc<ProviderSchema>, Diagnostics>> {
        async { self.schemas().await.cloned() }.boxed()
    }

    fn validate_provider<'a>(&'a self, config: &'a Value) -> BoxFuture<'a, Diagnostics> {
        async {
            self.do_validate_provider(config)
                .await
                .unwrap_or_else(|d| d)
        }
        .boxed()
    }

    fn validate(&self, mode: Mode, request: ValidateRequest) -> BoxFuture<'_, Diagnostics> {
        async move { self.do_validate(mode, &request).await.unwrap_or_else(|d| d) }.boxed()
    }

    fn configure(&self, request: ConfigureRequest) -> BoxFuture<'_, Diagnostics> {
        async move { self.do_configure(&request).await.unwrap_or_else(|d| d) }.boxed()
    }

    fn upgrade(&self, request: UpgradeRequest) -> BoxFuture<'_, UpgradeResponse> {
        async move {
            let failed = |diagnostics| UpgradeResponse {
                state: null(),
                diagnostics,
            };
            self.do_upgrade(request).await.unwrap_or_else(failed)
        }
        .boxed()
    }

    fn read(&self, request: ReadRequest) -> BoxFuture<'_, ReadResponse> {
        async move {
            match self.do_read(&request).await {
                Ok(response) => response,
                Err(diagnostics) => ReadResponse {
                    state: request.state,
                    private: request.private,
                    diagnostics,
                },
            }
        }
        .boxed()
    }

    fn plan(&self, request: PlanRequest) -> BoxFuture<'_, PlanResponse> {
        async move {
            self.do_plan(&request)
                .await
                .unwrap_or_else(|diagnostics| PlanResponse {
                    planned: null(),
                    requires_replace: Vec::new(),
                    planned_private: [].into(),
                    legacy: false,
                    diagnostics,
                })
        }
        .boxed()
    }

    fn apply(&self, request: ApplyRequest) -> BoxFuture<'_, ApplyResponse> {
        async move {
            match self.do_apply(&request).await {
                Ok(response) => response,
                Err(diagnostics) => ApplyResponse {
                    state: request.prior,
                    private: request.planned_private,
                    legacy: false,
                    diagnostics,
                },
            }
        }
        .boxed()
    }

    fn import(&self, request: ImportRequest) -> BoxFuture<'_, ImportResponse> {
        async move {
            let failed = |diagnostics| ImportResponse {
                objects: Vec::new(),
                diagnostics,
            };
            self.do_import(request).await.unwrap_or_else(failed)
        }
        .boxed()
    }

    fn move_state(&self, request: MoveRequest) -> BoxFuture<'_, MoveResponse> {
        async move {
            let failed = |diagnostics| MoveResponse {
                state: null(),
                private: [].into(),
                diagnostics,
            };
            self.do_move(request).await.unwrap_or_else(failed)
        }
        .boxed()
    }

    fn read_data(&self, request: ReadDataRequest) -> BoxFuture<'_, ReadDataResponse> {
        async move {
            let failed = |diagnostics| ReadDataResponse {
                state: null(),
                diagnostics,
            };
            self.do_read_data(&request).await.unwrap_or_else(failed)
        }
        .boxed()
    }

    fn open_ephemeral(
        &self,
        request: OpenEphemeralRequest,
    ) -> BoxFuture<'_, OpenEphemeralResponse> {
        async move {
            self.do_open(&request)
                .await
                .unwrap_or_else(|diagnostics| OpenEphemeralResponse {
                    result: null(),
                    renew_at: None,
                    private: [].into(),
                    diagnostics,
                })
        }
        .boxed()
    }

    fn renew_ephemeral(
        &self,
        request: RenewEphemeralRequest,
    ) -> BoxFuture<'_, RenewEphemeralResponse> {
        async move {
            match self.do_renew(&request).await {
                Ok(response) => response,
                Err(diagnostics) => RenewEphemeralResponse {
                    renew_at: None,
                    private: request.private,
                    diagnostics,
                },
            }
        }
        .boxed()
    }

    fn close_ephemeral(&self, request: CloseEphemeralRequest) -> BoxFuture<'_, Diagnostics> {
        async move {
            self.do_close_ephemeral(&request)
                .await
                .unwrap_or_else(|d| d)
        }
        .boxed()
    }

    fn call_function(
        &self,
        request: CallFunctionRequest,
    ) -> BoxFuture<'_, Result<Value, (Option<usize>, String)>> {
        async move { self.do_call_function(&request).await }.boxed()
    }

    fn stop(&self) -> BoxFuture<'_, ()> {
        async {
            if let Some(plugin) = self.process.get() {
                plugin.stop().await;
            }
        }
        .boxed()
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        async {
            if let Some(plugin) = self.process.get() {
                plugin.close().await;
            }
        }
        .boxed()
    }
}
