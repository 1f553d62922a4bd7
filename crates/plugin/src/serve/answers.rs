//! The answers: values in, values out.

use crate::convert::{self, from_wire, to_wire, wire_diagnostics, wire_path};
use crate::proto::tfplugin6::{self as wire, DynamicValue, RawState};
use addrs::Mode;
use cty::{Type, Value};
use diags::{Diagnostic, Diagnostics};
use providers::*;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Answers by asking a provider.
pub(super) struct Answers {
    pub(super) provider: Arc<dyn Provider>,
    /// The types of what was asked about: made once, since a large schema has a large type.
    types: Mutex<BTreeMap<(Mode, String), Type>>,
}

/// The result of an inner function, with problems in place of an answer put into an answer of their own.
macro_rules! or_problems {
    ($result:expr) => {
        match $result {
            Ok(answer) => answer,
            Err(problems) => {
                let problems: Diagnostics = problems;
                wire_answer!(problems)
            }
        }
    };
}

macro_rules! wire_answer {
    ($problems:expr) => {{
        let mut answer = Default::default();
        problems_into(&mut answer, $problems);
        answer
    }};
}

/// An answer that has room for problems.
trait HasDiagnostics: Default {
    fn diagnostics(&mut self) -> &mut Vec<wire::Diagnostic>;
}

macro_rules! has_diagnostics {
    ($($module:ident)*) => {
        $(impl HasDiagnostics for wire::$module::Response {
            fn diagnostics(&mut self) -> &mut Vec<wire::Diagnostic> {
                &mut self.diagnostics
            }
        })*
    };
}

has_diagnostics! {
    validate_provider_config validate_resource_config validate_data_resource_config
    validate_ephemeral_resource_config configure_provider upgrade_resource_state read_resource
    plan_resource_change apply_resource_change import_resource_state move_resource_state read_data_source
    open_ephemeral_resource renew_ephemeral_resource close_ephemeral_resource
}

fn problems_into<A: HasDiagnostics>(answer: &mut A, problems: Diagnostics) {
    answer.diagnostics().extend(wire_diagnostics(problems));
}

impl Answers {
    pub(super) const fn new(provider: Arc<dyn Provider>) -> Self {
        Self {
            provider,
            types: Mutex::new(BTreeMap::new()),
        }
    }

    async fn ty(&self, mode: Mode, kind: &str) -> Result<Type, Diagnostics> {
        let key = (mode, kind.to_owned());
        let types = || self.types.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = types().get(&key) {
            return Ok(known.clone());
        }
        let schema = self.provider.schema().await?;
        let Some(schema) = schema.get(mode, kind) else {
            return Err(Diagnostic::error(
                "Unknown type",
                format!("This provider has nothing of type {kind:?}."),
            )
            .into());
        };
        let ty = schema.block.implied_type();
        types().insert(key, ty.clone());
        Ok(ty)
    }

    async fn provider_type(&self) -> Result<Type, Diagnostics> {
        Ok(self.provider.schema().await?.provider.block.implied_type())
    }

    async fn meta(&self, message: Option<&DynamicValue>) -> Result<Value, Diagnostics> {
        let schema = self.provider.schema().await?;
        let ty = schema
            .provider_meta
            .as_ref()
            .map_or(Type::Dynamic, |m| m.block.implied_type());
        receive(message, &ty)
    }

    pub(super) async fn validate_provider(
        &self,
        message: wire::validate_provider_config::Request,
    ) -> wire::validate_provider_config::Response {
        or_problems!(
            async {
                let config = receive(message.config.as_ref(), &self.provider_type().await?)?;
                Ok(wire_answer!(self.provider.validate_provider(&config).await))
            }
            .await
        )
    }

    async fn validate(
        &self,
        mode: Mode,
        kind: String,
        config: Option<DynamicValue>,
    ) -> Result<Diagnostics, Diagnostics> {
        let config = receive(config.as_ref(), &self.ty(mode, &kind).await?)?;
        Ok(self
            .provider
            .validate(
                mode,
                ValidateRequest {
                    kind: kind.into(),
                    config,
                },
            )
            .await)
    }

    pub(super) async fn validate_resource(
        &self,
        message: wire::validate_resource_config::Request,
    ) -> wire::validate_resource_config::Response {
        let result = self
            .validate(Mode::Managed, message.type_name, message.config)
            .await;
        wire_answer!(result.unwrap_or_else(|d| d))
    }

    pub(super) async fn validate_data(
        &self,
        message: wire::validate_data_resource_config::Request,
    ) -> wire::validate_data_resource_config::Response {
        let result = self
            .validate(Mode::Data, message.type_name, message.config)
            .await;
        wire_answer!(result.unwrap_or_else(|d| d))
    }

    pub(super) async fn validate_ephemeral(
        &self,
        message: wire::validate_ephemeral_resource_config::Request,
    ) -> wire::validate_ephemeral_resource_config::Response {
        let result = self
            .validate(Mode::Ephemeral, message.type_name, message.config)
            .await;
        wire_answer!(result.unwrap_or_else(|d| d))
    }

    pub(super) async fn configure(
        &self,
        message: wire::configure_provider::Request,
    ) -> wire::configure_provider::Response {
        or_problems!(
            async {
                let config = receive(message.config.as_ref(), &self.provider_type().await?)?;
                let terraform_version = message.terraform_version.into();
                let request = ConfigureRequest {
                    config,
                    terraform_version,
                };
                Ok(wire_answer!(self.provider.configure(request).await))
            }
            .await
        )
    }

    pub(super) async fn stop(
        &self,
        _: wire::stop_provider::Request,
    ) -> wire::stop_provider::Response {
        self.provider.stop().await;
        wire::stop_provider::Response::default()
    }

    pub(super) async fn upgrade(
        &self,
        message: wire::upgrade_resource_state::Request,
    ) -> wire::upgrade_resource_state::Response {
        or_problems!(
            async {
                let ty = self.ty(Mode::Managed, &message.type_name).await?;
                let RawState { json, flatmap } = message.raw_state.unwrap_or_default();
                let request = UpgradeRequest {
                    kind: message.type_name.into(),
                    version: message.version,
                    flatmap: (json.is_empty() && !flatmap.is_empty()).then_some(flatmap),
                    json: json.into(),
                };
                let UpgradeResponse {
                    state,
                    mut diagnostics,
                } = self.provider.upgrade(request).await;
                Ok(wire::upgrade_resource_state::Response {
                    upgraded_state: send(&state, &ty, &mut diagnostics),
                    diagnostics: wire_diagnostics(diagnostics),
                })
            }
            .await
        )
    }

    pub(super) async fn read(
        &self,
        message: wire::read_resource::Request,
    ) -> wire::read_resource::Response {
        or_problems!(
            async {
                let ty = self.ty(Mode::Managed, &message.type_name).await?;
                let request = ReadRequest {
                    state: receive(message.current_state.as_ref(), &ty)?,
                    kind: message.type_name.into(),
                    private: message.private.into(),
                    provider_meta: self.meta(message.provider_meta.as_ref()).await?,
                };
                let ReadResponse {
                    state,
                    private,
                    mut diagnostics,
                } = self.provider.read(request).await;
                Ok(wire::read_resource::Response {
                    new_state: send(&state, &ty, &mut diagnostics),
                    diagnostics: wire_diagnostics(diagnostics),
                    private: private.to_vec(),
                    deferred: None,
                })
            }
            .await
        )
    }

    pub(super) async fn plan(
        &self,
        message: wire::plan_resource_change::Request,
    ) -> wire::plan_resource_change::Response {
        or_problems!(
            async {
                let ty = self.ty(Mode::Managed, &message.type_name).await?;
                let request = PlanRequest {
                    kind: message.type_name.into(),
                    prior: receive(message.prior_state.as_ref(), &ty)?,
                    proposed: receive(message.proposed_new_state.as_ref(), &ty)?,
                    config: receive(message.config.as_ref(), &ty)?,
                    prior_private: message.prior_private.into(),
                    provider_meta: self.meta(message.provider_meta.as_ref()).await?,
                };
                let mut plan = self.provider.plan(request).await;
                Ok(wire::plan_resource_change::Response {
                    planned_state: send(&plan.planned, &ty, &mut plan.diagnostics),
                    requires_replace: plan.requires_replace.iter().map(wire_path).collect(),
                    planned_private: plan.planned_private.to_vec(),
                    diagnostics: wire_diagnostics(plan.diagnostics),
                    legacy_type_system: plan.legacy,
                    deferred: None,
                })
            }
            .await
        )
    }

    pub(super) async fn apply(
        &self,
        message: wire::apply_resource_change::Request,
    ) -> wire::apply_resource_change::Response {
        or_problems!(
            async {
                let ty = self.ty(Mode::Managed, &message.type_name).await?;
                let request = ApplyRequest {
                    kind: message.type_name.into(),
                    prior: receive(message.prior_state.as_ref(), &ty)?,
                    planned: receive(message.planned_state.as_ref(), &ty)?,
                    config: receive(message.config.as_ref(), &ty)?,
                    planned_private: message.planned_private.into(),
                    provider_meta: self.meta(message.provider_meta.as_ref()).await?,
                };
                let mut done = self.provider.apply(request).await;
                Ok(wire::apply_resource_change::Response {
                    new_state: send(&done.state, &ty, &mut done.diagnostics),
                    private: done.private.to_vec(),
                    diagnostics: wire_diagnostics(done.diagnostics),
                    legacy_type_system: done.legacy,
                })
            }
            .await
        )
    }

    pub(super) async fn import(
        &self,
        message: wire::import_resource_state::Request,
    ) -> wire::import_resource_state::Response {
        let request = ImportRequest {
            kind: message.type_name.into(),
            id: message.id,
        };
        let ImportResponse {
            objects,
            mut diagnostics,
        } = self.provider.import(request).await;
        let mut imported_resources = Vec::new();
        for object in objects {
            match self.ty(Mode::Managed, &object.kind).await {
                Ok(ty) => imported_resources.push(wire::import_resource_state::ImportedResource {
                    type_name: object.kind.to_string(),
                    state: send(&object.state, &ty, &mut diagnostics),
                    private: object.private.to_vec(),
                }),
                Err(problems) => diagnostics.append(problems),
            }
        }
        wire::import_resource_state::Response {
            imported_resources,
            diagnostics: wire_diagnostics(diagnostics),
            deferred: None,
        }
    }

    pub(super) async fn move_state(
        &self,
        message: wire::move_resource_state::Request,
    ) -> wire::move_resource_state::Response {
        or_problems!(
            async {
                let ty = self.ty(Mode::Managed, &message.target_type_name).await?;
                let request = MoveRequest {
                    source_provider: message.source_provider_address,
                    source_kind: message.source_type_name.into(),
                    source_version: message.source_schema_version,
                    source_json: message.source_state.unwrap_or_default().json.into(),
                    source_private: message.source_private.into(),
                    target_kind: message.target_type_name.into(),
                };
                let mut moved = self.provider.move_state(request).await;
                Ok(wire::move_resource_state::Response {
                    target_state: send(&moved.state, &ty, &mut moved.diagnostics),
                    diagnostics: wire_diagnostics(moved.diagnostics),
                    target_private: moved.private.to_vec(),
                })
            }
            .await
        )
    }

    pub(super) async fn read_data(
        &self,
        message: wire::read_data_source::Request,
    ) -> wire::read_data_source::Response {
        or_problems!(
            async {
                let ty = self.ty(Mode::Data, &message.type_name).await?;
                let request = ReadDataRequest {
                    config: receive(message.config.as_ref(), &ty)?,
                    kind: message.type_name.into(),
                    provider_meta: self.meta(message.provider_meta.as_ref()).await?,
                };
                let ReadDataResponse {
                    state,
                    mut diagnostics,
                } = self.provider.read_data(request).await;
                Ok(wire::read_data_source::Response {
                    state: send(&state, &ty, &mut diagnostics),
                    diagnostics: wire_diagnostics(diagnostics),
                    deferred: None,
                })
            }
            .await
        )
    }

    pub(super) async fn open_ephemeral(
        &self,
        message: wire::open_ephemeral_resource::Request,
    ) -> wire::open_ephemeral_resource::Response {
        or_problems!(
            async {
                let ty = self.ty(Mode::Ephemeral, &message.type_name).await?;
                let request = OpenEphemeralRequest {
                    config: receive(message.config.as_ref(), &ty)?,
                    kind: message.type_name.into(),
                };
                let mut opened = self.provider.open_ephemeral(request).await;
                Ok(wire::open_ephemeral_resource::Response {
                    result: send(&opened.result, &ty, &mut opened.diagnostics),
                    renew_at: opened.renew_at.map(time),
                    private: Some(opened.private.to_vec()),
                    diagnostics: wire_diagnostics(opened.diagnostics),
                    deferred: None,
                })
            }
            .await
        )
    }

    pub(super) async fn renew_ephemeral(
        &self,
        message: wire::renew_ephemeral_resource::Request,
    ) -> wire::renew_ephemeral_resource::Response {
        let private = message.private.unwrap_or_default().into();
        let request = RenewEphemeralRequest {
            kind: message.type_name.into(),
            private,
        };
        let renewed = self.provider.renew_ephemeral(request).await;
        wire::renew_ephemeral_resource::Response {
            diagnostics: wire_diagnostics(renewed.diagnostics),
            renew_at: renewed.renew_at.map(time),
            private: Some(renewed.private.to_vec()),
        }
    }

    pub(super) async fn close_ephemeral(
        &self,
        message: wire::close_ephemeral_resource::Request,
    ) -> wire::close_ephemeral_resource::Response {
        let private = message.private.unwrap_or_default().into();
        let request = CloseEphemeralRequest {
            kind: message.type_name.into(),
            private,
        };
        wire_answer!(self.provider.close_ephemeral(request).await)
    }

    pub(super) async fn call_function(
        &self,
        message: wire::call_function::Request,
    ) -> wire::call_function::Response {
        let (result, error) = match self.function_result(message).await {
            Ok(result) => (Some(result), None),
            Err((argument, text)) => {
                let function_argument = argument.and_then(|i| i64::try_from(i).ok());
                (
                    None,
                    Some(wire::FunctionError {
                        text,
                        function_argument,
                    }),
                )
            }
        };
        wire::call_function::Response { result, error }
    }

    async fn function_result(
        &self,
        message: wire::call_function::Request,
    ) -> Result<DynamicValue, (Option<usize>, String)> {
        let schema = self
            .provider
            .schema()
            .await
            .map_err(|_| (None, "there is no schema".to_owned()))?;
        let name: Arc<str> = message.name.into();
        let signature = schema
            .functions
            .get(&name)
            .ok_or_else(|| (None, format!("there is no function {name:?}")))?;
        let mut args = Vec::with_capacity(message.arguments.len());
        for (i, argument) in message.arguments.iter().enumerate() {
            let parameter = signature.params.get(i).or(signature.variadic.as_ref());
            let parameter = parameter.ok_or_else(|| (Some(i), "too many arguments".to_owned()))?;
            args.push(
                from_wire(Some(argument), &parameter.ty).map_err(|e| (Some(i), e.to_string()))?,
            );
        }
        let result = self
            .provider
            .call_function(CallFunctionRequest { name, args })
            .await?;
        to_wire(&result, &signature.returns).map_err(|e| (None, e.to_string()))
    }
}

fn receive(message: Option<&DynamicValue>, ty: &Type) -> Result<Value, Diagnostics> {
    from_wire(message, ty).map_err(|e| {
        Diagnostic::error(
            "Invalid value from the host",
            format!("The host sent a value that cannot be read: {e}."),
        )
        .into()
    })
}

/// A value as it is sent; one that does not fit its type is our own fault.
fn send(value: &Value, ty: &Type, problems: &mut Diagnostics) -> Option<DynamicValue> {
    match convert::to_wire(value, ty) {
        Ok(message) => Some(message),
        // The value that stands for a failed operation may be anything.
        Err(_) if problems.has_errors() => None,
        Err(e) => {
            problems.push(Diagnostic::error(
                "Invalid value in the provider",
                format!("The provider made a value that does not fit its own schema: {e}. This is a bug in the provider."),
            ));
            None
        }
    }
}

fn time(seconds: i64) -> prost_types::Timestamp {
    prost_types::Timestamp { seconds, nanos: 0 }
}
