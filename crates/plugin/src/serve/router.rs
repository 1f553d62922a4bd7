//! Which request is answered by what.

use super::answers::Answers;
use crate::convert::schema::write;
use crate::handshake::Protocol;
use crate::proto::plugin::Empty;
use crate::proto::tfplugin5;
use crate::proto::tfplugin6::{self as wire, get_provider_schema, validate_provider_config};
use crate::rpc::MESSAGE_LIMIT;
use futures::FutureExt;
use futures::future::BoxFuture;
use providers::Provider;
use std::convert::Infallible;
use std::sync::Arc;
use std::task::{Context, Poll};
use tokio::sync::Notify;
use tonic::body::Body;
use tonic::{Request, Response, Status};
use tonic_prost::ProstCodec;

type HttpRequest = http::Request<Body>;
type HttpResponse = http::Response<Body>;

/// Answers the requests of one version of the protocol.
#[derive(Clone)]
pub(super) struct Router {
    answers: Arc<Answers>,
    protocol: Protocol,
    /// Told when the host is done.
    done: Arc<Notify>,
}

impl Router {
    pub(super) fn new(provider: Arc<dyn Provider>, protocol: Protocol, done: Arc<Notify>) -> Self {
        Self {
            answers: Arc::new(Answers::new(provider)),
            protocol,
            done,
        }
    }

    async fn route(self, request: HttpRequest) -> HttpResponse {
        let path = request.uri().path().to_owned();
        let service = match self.protocol {
            Protocol::V5 => "/tfplugin5.Provider/",
            Protocol::V6 => "/tfplugin6.Provider/",
        };
        match path.strip_prefix(service) {
            Some(method) => self.provider(method, request).await,
            None if path == "/plugin.GRPCController/Shutdown" => {
                let done = self.done.clone();
                unary(request, async move |_: Empty| {
                    done.notify_one();
                    Ok(Empty {})
                })
                .await
            }
            None => Status::unimplemented(format!("no method {path}")).into_http(),
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
            Ok(self.schema().await)
        })
        .await
    }

    async fn schema_v5(self, request: HttpRequest) -> HttpResponse {
        unary(
            request,
            async move |_: tfplugin5::get_provider_schema::Request| {
                let schema = self.schema().await;
                tfplugin5::get_provider_schema::Response::try_from(schema)
                    .map_err(|e| Status::failed_precondition(e.to_string()))
            },
        )
        .await
    }

    async fn schema(&self) -> get_provider_schema::Response {
        match self.answers.provider.schema().await {
            Ok(schema) => write::provider_schema(&schema),
            Err(problems) => get_provider_schema::Response {
                diagnostics: crate::convert::wire_diagnostics(problems),
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

/// Reads the message, answers it, and writes the answer.
async fn unary<Q, A, F>(request: HttpRequest, answer: impl FnOnce(Q) -> F) -> HttpResponse
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
                Some(answer) => Ok(Response::new(answer.await?)),
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
