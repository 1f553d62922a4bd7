//! What every plugin of the go-plugin family serves beside its own service: the end, what its code
//! prints, further connections, and whether it is well.

use super::router::{HttpRequest, HttpResponse, unary};
use crate::proto::plugin::{ConnInfo, Empty, StdioData};
use futures::stream::{self, Stream};
use std::sync::Arc;
use tokio::sync::watch;
use tonic::{Request, Response, Status, Streaming};
use tonic_prost::ProstCodec;

/// Tells everyone that the host is done.
#[derive(Clone, Default)]
pub(super) struct Ending(Arc<watch::Sender<bool>>);

impl Ending {
    fn end(&self) {
        self.0.send_replace(true);
    }

    /// Waits until the host is done.
    pub(super) async fn ended(&self) {
        // The sender is here: it cannot be gone.
        let _ = self.0.subscribe().wait_for(|ended| *ended).await;
    }

    /// A stream that has nothing and ends with the host's interest.
    fn nothing<T: Send + 'static>(self) -> impl Stream<Item = Result<T, Status>> + Send {
        stream::unfold(self, async |ending| {
            ending.ended().await;
            None
        })
    }
}

/// Whether the program is well, as asked by `grpc.health.v1.Health/Check`.
#[derive(Clone, PartialEq, prost::Message)]
struct HealthCheckRequest {
    #[prost(string, tag = "1")]
    service: String,
}

/// It is: 1.
#[derive(Clone, PartialEq, prost::Message)]
struct HealthCheckResponse {
    #[prost(int32, tag = "1")]
    status: i32,
}

/// Answers a request for one of the services; gives it back if it is for none of them.
pub(super) async fn answer(
    path: &str,
    request: HttpRequest,
    ending: &Ending,
) -> Result<HttpResponse, HttpRequest> {
    Ok(match path {
        "/plugin.GRPCController/Shutdown" => {
            unary(request, async move |_: Empty| {
                ending.end();
                Ok(Empty {})
            })
            .await
        }
        "/plugin.GRPCStdio/StreamStdio" => stdio(request, ending.clone()).await,
        "/plugin.GRPCBroker/StartStream" => broker(request, ending.clone()).await,
        "/grpc.health.v1.Health/Check" => {
            unary(request, async move |_: HealthCheckRequest| {
                Ok(HealthCheckResponse { status: 1 })
            })
            .await
        }
        _ => return Err(request),
    })
}

/// Our code prints nothing: what it has to say it logs.
async fn stdio(request: HttpRequest, ending: Ending) -> HttpResponse {
    let service = tower::service_fn(move |_: Request<()>| {
        let silence = ending.clone().nothing::<StdioData>();
        async move { Ok::<_, Status>(Response::new(Box::pin(silence))) }
    });
    tonic::server::Grpc::new(ProstCodec::<StdioData, ()>::default())
        .server_streaming(service, request)
        .await
}

/// Providers have no use for further connections, but hosts open the stream.
async fn broker(request: HttpRequest, ending: Ending) -> HttpResponse {
    let service = tower::service_fn(move |request: Request<Streaming<ConnInfo>>| {
        let silence = ending.clone().nothing::<ConnInfo>();
        // The host's half stays open as long as ours.
        let both = stream::unfold(
            (Box::pin(silence), request.into_inner()),
            async |(mut silence, theirs)| {
                let item = futures::StreamExt::next(&mut silence).await?;
                Some((item, (silence, theirs)))
            },
        );
        async move { Ok::<_, Status>(Response::new(Box::pin(both))) }
    });
    tonic::server::Grpc::new(ProstCodec::<ConnInfo, ConnInfo>::default())
        .streaming(service, request)
        .await
}
