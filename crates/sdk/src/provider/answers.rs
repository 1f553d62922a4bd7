//! The trait that hosts know.

use super::erased::How;
use super::{Cloud, Host, Provider, lifecycle};
use crate::private::{CreateToken, Private};
use crate::{Error, Model, Problems};
use addrs::Mode;
use cty::{Type, Value};
use diags::{Diagnostic, Diagnostics};
use futures::FutureExt;
use futures::future::ready;
use providers::*;
use std::sync::{Arc, PoisonError};

fn unknown_type(what: &str, kind: &str) -> Diagnostics {
    Diagnostic::error(
        format!("Unknown {what}"),
        format!("This provider has no {what} {kind:?}."),
    )
    .into()
}

fn unsupported(what: &str) -> Diagnostics {
    Diagnostic::error(
        "Unsupported operation",
        format!("This provider has no {what}."),
    )
    .into()
}

/// Seconds since the Unix epoch.
#[expect(clippy::disallowed_methods, reason = "a token says when it was made")]
fn now() -> u64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    since.map_or(0, |since| since.as_secs())
}

/// The token of a create: that of an interrupted one, else a new one.
fn create_token(prior: Private) -> Private {
    let create = match prior.create {
        Some(create) => CreateToken {
            resumed: true,
            ..create
        },
        None => CreateToken {
            token: uuid::Uuid::new_v4().to_string(),
            time: now(),
            resumed: false,
        },
    };
    Private {
        create: Some(create),
        ..Private::default()
    }
}

impl<C: Cloud> providers::Provider for Provider<C> {
    fn schema(&self) -> BoxFuture<'_, Result<Arc<ProviderSchema>, Diagnostics>> {
        ready(Ok(self.schemas())).boxed()
    }

    fn validate_provider<'a>(&'a self, config: &'a Value) -> BoxFuture<'a, Diagnostics> {
        let mut problems = Problems::default();
        crate::checks::check(&C::Config::spec(), config, &mut problems);
        C::validate(&C::Config::decode(config), &mut problems);
        ready(problems.into_diagnostics()).boxed()
    }

    fn validate(&self, mode: Mode, request: ValidateRequest) -> BoxFuture<'_, Diagnostics> {
        let kind = &*request.kind;
        let diags = match mode {
            Mode::Managed => match self.resources.get(kind) {
                Some(resource) => resource.validate(&request.config),
                None => unknown_type("resource type", kind),
            },
            Mode::Data => match self.data_sources.get(kind) {
                Some(source) => source.validate(&request.config),
                None => unknown_type("data source", kind),
            },
            Mode::Ephemeral => unknown_type("ephemeral resource type", kind),
        };
        ready(diags).boxed()
    }

    fn configure(&self, request: ConfigureRequest) -> BoxFuture<'_, Diagnostics> {
        async move {
            let host = Host {
                terraform_version: request.terraform_version,
                ..self.host.clone()
            };
            match C::configure(C::Config::decode(&request.config), &host).await {
                Ok(cloud) => {
                    let mut place = self.cloud.write().unwrap_or_else(PoisonError::into_inner);
                    *place = Some(Arc::new(cloud));
                    Diagnostics::new()
                }
                Err(diags) => diags,
            }
        }
        .boxed()
    }

    fn upgrade(&self, request: UpgradeRequest) -> BoxFuture<'_, UpgradeResponse> {
        let response = match self.upgraded(&request) {
            Ok(state) => UpgradeResponse {
                state,
                diagnostics: Diagnostics::new(),
            },
            Err(diagnostics) => UpgradeResponse {
                state: Value::null(self.object_type(&request.kind)),
                diagnostics,
            },
        };
        ready(response).boxed()
    }

    fn read(&self, request: ReadRequest) -> BoxFuture<'_, ReadResponse> {
        async move {
            let mut response = ReadResponse {
                state: request.state.clone(),
                private: request.private.clone(),
                diagnostics: Diagnostics::new(),
            };
            let (Some(resource), cloud) = (self.resources.get(&*request.kind), self.configured())
            else {
                response.diagnostics = unknown_type("resource type", &request.kind);
                return response;
            };
            let cloud = match cloud {
                Ok(cloud) => cloud,
                Err(diags) => {
                    response.diagnostics = diags;
                    return response;
                }
            };
            match resource.read(request.state, &cloud).await {
                Ok((state, settle)) => {
                    let private = Private::decode(&request.private);
                    response.state =
                        state.unwrap_or_else(|| Value::null(resource.shape().ty.clone()));
                    if private.settle || settle {
                        response.private = Private {
                            settle,
                            create: None,
                            ..private
                        }
                        .encode();
                    }
                }
                Err(error) => response.diagnostics = Diagnostic::from(error).into(),
            }
            response
        }
        .boxed()
    }

    fn plan(&self, request: PlanRequest) -> BoxFuture<'_, PlanResponse> {
        async move {
            let mut response = PlanResponse {
                planned: request.proposed.clone(),
                requires_replace: Vec::new(),
                planned_private: request.prior_private.clone(),
                legacy: false,
                diagnostics: Diagnostics::new(),
            };
            if request.config.is_null() {
                return response;
            }
            let Some(resource) = self.resources.get(&*request.kind) else {
                response.diagnostics = unknown_type("resource type", &request.kind);
                return response;
            };
            let cloud = match self.configured() {
                Ok(cloud) => cloud,
                Err(diags) => {
                    response.diagnostics = diags;
                    return response;
                }
            };
            let planned = lifecycle::plan(&**resource, &request.config, &request.prior, &cloud);
            response.planned = planned.value;
            response.requires_replace = planned.replace;
            response.diagnostics = planned.diagnostics;
            response.legacy = resource.is_legacy();
            if request.prior.is_null() {
                let private = create_token(Private::decode(&request.prior_private));
                response.planned_private = private.encode();
            }
            response
        }
        .boxed()
    }

    fn apply(&self, request: ApplyRequest) -> BoxFuture<'_, ApplyResponse> {
        async move {
            let mut response = ApplyResponse {
                state: request.prior.clone(),
                private: request.planned_private.clone(),
                legacy: false,
                diagnostics: Diagnostics::new(),
            };
            let Some(resource) = self.resources.get(&*request.kind) else {
                response.diagnostics = unknown_type("resource type", &request.kind);
                return response;
            };
            response.legacy = resource.is_legacy();
            let cloud = match self.configured() {
                Ok(cloud) => cloud,
                Err(diags) => {
                    response.diagnostics = diags;
                    return response;
                }
            };
            if request.planned.is_null() {
                match resource.delete(request.prior, &cloud).await {
                    Ok(()) => response.state = Value::null(resource.shape().ty.clone()),
                    Err(error) => response.diagnostics = Diagnostic::from(error).into(),
                }
                return response;
            }
            let private = Private::decode(&request.planned_private);
            // What is write-only stands in the configuration alone.
            let planned = with_write_only(resource.shape(), &request.planned, &request.config);
            let changed = if request.prior.is_null() {
                let how = How {
                    token: private.create.clone(),
                    host_journals: self.host.journals_creates,
                };
                resource.create(planned, how, &cloud).await
            } else {
                resource.update(request.prior, planned, &cloud).await
            };
            if let Some(state) = changed.state {
                response.state = state;
            }
            // The token ends only when it is sure that nothing was made, or what was made is known.
            let unclear = |error: &Error| {
                use crate::ErrorKind::{Lost, Timeout, Unavailable};
                let resumed = private.create.as_ref().is_some_and(|token| token.resumed);
                resumed || matches!(error.kind, Lost | Timeout | Unavailable)
            };
            let keeps = response.state.is_null() && changed.error.as_ref().is_some_and(unclear);
            let kept = Private {
                create: private.create.clone().filter(|_| keeps),
                settle: changed.settle,
                ..private
            };
            response.private = kept.encode();
            if let Some(error) = changed.error {
                response.diagnostics = Diagnostic::from(error).into();
            }
            response
        }
        .boxed()
    }

    fn import(&self, request: ImportRequest) -> BoxFuture<'_, ImportResponse> {
        async move {
            let failed = |diagnostics| ImportResponse {
                objects: Vec::new(),
                diagnostics,
            };
            let Some(resource) = self.resources.get(&*request.kind) else {
                return failed(unknown_type("resource type", &request.kind));
            };
            let cloud = match self.configured() {
                Ok(cloud) => cloud,
                Err(diags) => return failed(diags),
            };
            match resource.import(&request.id, &cloud).await {
                Ok(state) => ImportResponse {
                    objects: vec![ImportedObject {
                        kind: request.kind,
                        state,
                        private: [].into(),
                    }],
                    diagnostics: Diagnostics::new(),
                },
                Err(error) => failed(Diagnostic::from(error).into()),
            }
        }
        .boxed()
    }

    fn move_state(&self, request: MoveRequest) -> BoxFuture<'_, MoveResponse> {
        let response = MoveResponse {
            state: Value::null(self.object_type(&request.target_kind)),
            private: [].into(),
            diagnostics: unsupported("way to take over objects of other types"),
        };
        ready(response).boxed()
    }

    fn read_data(&self, request: ReadDataRequest) -> BoxFuture<'_, ReadDataResponse> {
        async move {
            let failed = |diagnostics| ReadDataResponse {
                state: request.config.clone(),
                diagnostics,
            };
            let Some(source) = self.data_sources.get(&*request.kind) else {
                return failed(unknown_type("data source", &request.kind));
            };
            let cloud = match self.configured() {
                Ok(cloud) => cloud,
                Err(diags) => return failed(diags),
            };
            match source.read(request.config.clone(), &cloud).await {
                Ok(state) => ReadDataResponse {
                    state: cloud.data(state),
                    diagnostics: Diagnostics::new(),
                },
                Err(error) => failed(Diagnostic::from(error).into()),
            }
        }
        .boxed()
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
        let message = format!("This provider has no function {:?}.", request.name);
        ready(Err((None, message))).boxed()
    }

    fn stop(&self) -> BoxFuture<'_, ()> {
        ready(()).boxed()
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        ready(()).boxed()
    }
}

/// The planned object with the write-only arguments of the configuration in it.
fn with_write_only(shape: &super::erased::TypeShape, planned: &Value, config: &Value) -> Value {
    let mut planned = planned.clone();
    for (name, spec) in &shape.spec.attributes {
        if let Some(given) = config
            .get(name)
            .filter(|given| spec.write_only && !given.is_null())
        {
            planned = crate::planning::with(&planned, name, given.clone());
        }
    }
    planned
}

impl<C: Cloud> Provider<C> {
    fn object_type(&self, kind: &str) -> Type {
        let resource = self.resources.get(kind);
        resource.map_or(Type::Dynamic, |resource| resource.shape().ty.clone())
    }

    fn upgraded(&self, request: &UpgradeRequest) -> Result<Value, Diagnostics> {
        let Some(resource) = self.resources.get(&*request.kind) else {
            return Err(unknown_type("resource type", &request.kind));
        };
        let unreadable = |why: String| -> Diagnostics {
            let detail = format!(
                "The stored object of type {} cannot be read: {why}.",
                request.kind
            );
            Diagnostic::error("Stored object cannot be read", detail).into()
        };
        if request.flatmap.is_some() {
            return Err(unreadable(
                "it was stored by a version of Terraform before 0.12".to_owned(),
            ));
        }
        if request.version > resource.version() {
            let why = format!(
                "it has schema version {}, and this provider knows versions up to {}",
                request.version,
                resource.version()
            );
            return Err(unreadable(why));
        }
        let ty = &resource.shape().ty;
        // As a rule it is as we wrote it.
        if request.version == resource.version()
            && let Ok(state) = cty::json::decode(&request.json, ty)
        {
            return Ok(state);
        }
        let json = serde_json::from_slice(&request.json).map_err(|e| unreadable(e.to_string()))?;
        let json = if request.version < resource.version() {
            resource
                .upgrade(request.version, json)
                .map_err(|e| unreadable(e.to_string()))?
        } else {
            json
        };
        let json = crate::planning::conform(json, ty).to_string();
        cty::json::decode(json, ty).map_err(|e| unreadable(e.to_string()))
    }
}
