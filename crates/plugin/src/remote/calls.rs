//! The calls: values out, values in.

use super::RemoteProvider;
use super::problems::{deferred, unreadable, unsendable};
use crate::convert::{self, from_wire, to_wire};
use crate::proto::tfplugin6::{self as wire, ClientCapabilities, DynamicValue, RawState};
use addrs::Mode;
use cty::{Type, Value};
use diags::{Diagnostic, Diagnostics};
use providers::*;
use std::sync::Arc;

/// What we tell providers that we can do.
pub(super) const CAPABILITIES: ClientCapabilities = ClientCapabilities {
    deferral_allowed: false,
    write_only_attributes_allowed: true,
};

/// The types of the values of a call.
pub(super) struct Types {
    pub(super) object: Type,
    provider_meta: Option<Type>,
}

impl RemoteProvider {
    pub(super) async fn types(&self, mode: Mode, kind: &str) -> Result<Types, Diagnostics> {
        let object = self.schema_of(mode, kind).await?.block.implied_type();
        let meta = self.schemas().await?.provider_meta.as_ref();
        Ok(Types {
            object,
            provider_meta: meta.map(|m| m.block.implied_type()),
        })
    }

    pub(super) fn send(
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

    pub(super) async fn do_configure(
        &self,
        request: &ConfigureRequest,
    ) -> Result<Diagnostics, Diagnostics> {
        let ty = self.schemas().await?.provider.block.implied_type();
        let request = wire::configure_provider::Request {
            terraform_version: request.terraform_version.to_string(),
            config: self.send("the provider block", &request.config, &ty)?,
            client_capabilities: Some(CAPABILITIES),
        };
        Ok(convert::diagnostics(self.call(request).await?.diagnostics))
    }

    pub(super) async fn do_upgrade(
        &self,
        request: UpgradeRequest,
    ) -> Result<UpgradeResponse, Diagnostics> {
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

    pub(super) async fn do_read(&self, request: &ReadRequest) -> Result<ReadResponse, Diagnostics> {
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

    pub(super) async fn do_plan(&self, request: &PlanRequest) -> Result<PlanResponse, Diagnostics> {
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

    pub(super) async fn do_apply(
        &self,
        request: &ApplyRequest,
    ) -> Result<ApplyResponse, Diagnostics> {
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

    pub(super) async fn do_import(
        &self,
        request: ImportRequest,
    ) -> Result<ImportResponse, Diagnostics> {
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

    pub(super) async fn do_move(&self, request: MoveRequest) -> Result<MoveResponse, Diagnostics> {
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

    pub(super) async fn do_read_data(
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

    pub(super) async fn do_open(
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

    pub(super) async fn do_renew(
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

    pub(super) async fn do_close_ephemeral(
        &self,
        request: &CloseEphemeralRequest,
    ) -> Result<Diagnostics, Diagnostics> {
        let message = wire::close_ephemeral_resource::Request {
            type_name: request.kind.to_string(),
            private: some_bytes(&request.private),
        };
        Ok(convert::diagnostics(self.call(message).await?.diagnostics))
    }

    pub(super) async fn do_call_function(
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
