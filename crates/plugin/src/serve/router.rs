//! Which request is answered by what.

use super::answers::Answers;
use super::companions::{self, Ending};
use crate::convert::schema::write;
use crate::convert::wire_diagnostics;
use crate::handshake::Protocol;
use crate::proto::tfplugin5;
use crate::proto::tfplugin6::{
    self as wire, get_functions, get_metadata, get_provider_schema, validate_provider_config,
};
use crate::rpc::MESSAGE_LIMIT;
use diags::{Diagnostic, Diagnostics};
use futures::FutureExt;
use futures::future::BoxFuture;
use providers::{Provider, ProviderSchema};
use std::any::Any;
use std::convert::Infallible;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::task::{Context, Poll};
use tonic::body::Body;
use tonic::{Request, Response, Status};
use tonic_prost::ProstCodec;
use tracing::Instrument;

pub(super) type HttpRequest = http::Request<Body>;
pub(super) type HttpResponse = http::Response<Body>;

/// Answers the requests of one version of the protocol.
#[derive(Clone)]
pub(super) struct Router {
    answers: Arc<Answers>,
    protocol: Protocol,
    ending: Ending,
}

impl Router {
    pub(super) fn new(provider: Arc<dyn Provider>, protocol: Protocol, ending: Ending) -> Self {
        Self {
            answers: Arc::new(Answers::new(provider)),
            protocol,
            ending,
        }
    }

    async fn route(self, request: HttpRequest) -> HttpResponse {
        let path = request.uri().path().to_owned();
        let service = match self.protocol {
            Protocol::V5 => "/tfplugin5.Provider/",
            Protocol::V6 => "/tfplugin6.Provider/",
        };
        if let Some(method) = path.strip_prefix(service) {
            let span = tracing::debug_span!("call", tf_rpc = method);
            return self.provider(method, request).instrument(span).await;
        }
        match companions::answer(&path, request, &self.ending).await {
            Ok(response) => response,
            Err(_) => Status::unimplemented(format!("no method {path}")).into_http(),
        }
    }

    /// Answers a call of the provider service, by its name in either version.
    async fn provider(self, method: &str, request: HttpRequest) -> HttpResponse {
        macro_rules! answer {
            ($handler:ident) => {{
                let answers = self.answers.clone();
                unary(request, async move |message| {
                    Ok(answers.$handler(message).await)
                })
                .await
            }};
        }
        match (self.protocol, method) {
            (Protocol::V5, "GetSchema") => self.schema_v5(request).await,
            (Protocol::V6, "GetProviderSchema") => self.schema_v6(request).await,
            (Protocol::V5, "PrepareProviderConfig") => self.prepare(request).await,
            (Protocol::V6, "ValidateProviderConfig") => answer!(validate_provider),
            (Protocol::V5, "ValidateResourceTypeConfig")
            | (Protocol::V6, "ValidateResourceConfig") => {
                answer!(validate_resource)
            }
            (Protocol::V5, "ValidateDataSourceConfig")
            | (Protocol::V6, "ValidateDataResourceConfig") => {
                answer!(validate_data)
            }
            (Protocol::V5, "Configure") | (Protocol::V6, "ConfigureProvider") => answer!(configure),
            (Protocol::V5, "Stop") | (Protocol::V6, "StopProvider") => answer!(stop),
            (_, "GetMetadata") => self.metadata(request).await,
            (_, "GetFunctions") => self.functions(request).await,
            (_, "ValidateEphemeralResourceConfig") => answer!(validate_ephemeral),
            (_, "UpgradeResourceState") => answer!(upgrade),
            (_, "ReadResource") => answer!(read),
            (_, "PlanResourceChange") => answer!(plan),
            (_, "ApplyResourceChange") => answer!(apply),
            (_, "ImportResourceState") => answer!(import),
            (_, "MoveResourceState") => answer!(move_state),
            (_, "ReadDataSource") => answer!(read_data),
            (_, "OpenEphemeralResource") => answer!(open_ephemeral),
            (_, "RenewEphemeralResource") => answer!(renew_ephemeral),
            (_, "CloseEphemeralResource") => answer!(close_ephemeral),
            (_, "CallFunction") => answer!(call_function),
            (_, other) => Status::unimplemented(format!("no method {other}")).into_http(),
        }
    }

    async fn schema_v6(self, request: HttpRequest) -> HttpResponse {
        unary(request, async move |_: get_provider_schema::Request| {
            Ok(self.schemas().await)
        })
        .await
    }

    async fn schema_v5(self, request: HttpRequest) -> HttpResponse {
        unary(
            request,
            async move |_: tfplugin5::get_provider_schema::Request| {
                let told = tfplugin5::get_provider_schema::Response::try_from(self.schemas().await);
                Ok(told.unwrap_or_else(|inexpressible| {
                    let problem = Diagnostic::error(
                        "Unsupported provider protocol",
                        format!("This provider needs version 6 of the provider protocol: {inexpressible}."),
                    );
                    tfplugin5::get_provider_schema::Response {
                        diagnostics: wire_diagnostics(problem.into()),
                        ..tfplugin5::get_provider_schema::Response::default()
                    }
                }))
            },
        )
        .await
    }

    async fn metadata(self, request: HttpRequest) -> HttpResponse {
        unary(request, async move |_: get_metadata::Request| {
            Ok(match self.schema().await {
                Ok(schema) => write::metadata(&schema),
                Err(problems) => get_metadata::Response {
                    diagnostics: wire_diagnostics(problems),
                    ..get_metadata::Response::default()
                },
            })
        })
        .await
    }

    async fn functions(self, request: HttpRequest) -> HttpResponse {
        unary(request, async move |_: get_functions::Request| {
            Ok(match self.schema().await {
                Ok(schema) => write::functions(&schema),
                Err(problems) => get_functions::Response {
                    diagnostics: wire_diagnostics(problems),
                    ..get_functions::Response::default()
                },
            })
        })
        .await
    }

    async fn schema(&self) -> Result<Arc<ProviderSchema>, Diagnostics> {
        self.answers.provider.schema().await
    }

    async fn schemas(&self) -> get_provider_schema::Response {
        match self.schema().await {
            Ok(schema) => write::provider_schema(&schema),
            Err(problems) => get_provider_schema::Response {
                diagnostics: wire_diagnostics(problems),
                ..get_provider_schema::Response::default()
            },
        }
    }

    /// Version 5 wants the configuration back.
    async fn prepare(self, request: HttpRequest) -> HttpResponse {
        unary(
            request,
            async move |message: wire::validate_provider_config::Request| {
                let prepared_config = message.config.clone();
                let validate_provider_config::Response { diagnostics } =
                    self.answers.validate_provider(message).await;
                Ok(tfplugin5::prepare_provider_config::Response {
                    prepared_config,
                    diagnostics,
                })
            },
        )
        .await
    }
}

impl tower::Service<HttpRequest> for Router {
    type Response = HttpResponse;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<HttpResponse, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: HttpRequest) -> Self::Future {
        self.clone().route(request).map(Ok).boxed()
    }
}

/// Reads the message, answers it, and writes the answer. A panic ends the call, not the program: what
/// others are doing at that time goes on.
pub(super) async fn unary<Q, A, F>(
    request: HttpRequest,
    answer: impl FnOnce(Q) -> F,
) -> HttpResponse
where
    Q: prost::Message + Default + Send + 'static,
    A: prost::Message + Send + 'static,
    F: Future<Output = Result<A, Status>>,
{
    let mut answer = Some(answer);
    let service = tower::service_fn(move |request: Request<Q>| {
        let answer = answer.take().map(|answer| answer(request.into_inner()));
        async move {
            match answer {
                Some(answer) => match AssertUnwindSafe(answer).catch_unwind().await {
                    Ok(answer) => Ok(Response::new(answer?)),
                    Err(panic) => Err(Status::internal(format!(
                        "the provider failed: {}. This is a bug in the provider",
                        said(&*panic)
                    ))),
                },
                None => Err(Status::internal("answered already")),
            }
        }
    });
    tonic::server::Grpc::new(ProstCodec::<A, Q>::default())
        .max_decoding_message_size(MESSAGE_LIMIT)
        .max_encoding_message_size(MESSAGE_LIMIT)
        .unary(service, request)
        .await
}

/// What a panic said.
fn said(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("it panicked")
}
