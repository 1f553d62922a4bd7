//! The two listeners.

use crate::http::{Request, Response, form};
use crate::{Clock, Options, RequestLog, Requested, admin, aws, google};
use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use std::convert::Infallible;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// The largest request that is read.
const LARGEST: usize = 8 << 20;

/// Why a sandbox did not start.
#[derive(Debug, thiserror::Error)]
pub enum SandboxError {
    /// The port is taken, or not ours to take.
    #[error("cannot listen on 127.0.0.1:{port}")]
    Listen {
        /// The port.
        port: u16,
        /// Why.
        #[source]
        source: std::io::Error,
    },
}

/// A running sandbox. Ends when it is dropped.
#[derive(Debug)]
pub struct Sandbox {
    inner: Arc<Inner>,
    aws: SocketAddr,
    google: SocketAddr,
    tasks: Vec<JoinHandle<()>>,
}

/// What the listeners share.
#[derive(Debug)]
pub(crate) struct Inner {
    pub(crate) options: Options,
    pub(crate) clock: Clock,
    pub(crate) requests: RequestLog,
    pub(crate) aws: Mutex<aws::Account>,
    pub(crate) google: Mutex<google::Project>,
}

/// Which cloud a listener answers as.
#[derive(Clone, Copy, Debug)]
enum Side {
    Aws,
    Google,
}

impl Sandbox {
    /// Starts both listeners on the current runtime.
    pub async fn start(options: Options) -> Result<Self, SandboxError> {
        let (aws, aws_address) = listen(options.aws_port).await?;
        let (google, google_address) = listen(options.google_port).await?;
        let inner = Arc::new(Inner {
            clock: Clock {
                pending: options.pending,
            },
            requests: RequestLog::default(),
            aws: Mutex::new(aws::Account::new(&options)),
            google: Mutex::new(google::Project::new(&options)),
            options,
        });
        let tasks = vec![
            tokio::spawn(serve(aws, Side::Aws, inner.clone())),
            tokio::spawn(serve(google, Side::Google, inner.clone())),
        ];
        Ok(Self {
            inner,
            aws: aws_address,
            google: google_address,
            tasks,
        })
    }

    /// Where AWS is: `http://127.0.0.1:PORT`.
    pub fn aws_url(&self) -> String {
        format!("http://{}", self.aws)
    }

    /// Where Google Cloud is: `http://127.0.0.1:PORT`.
    pub fn google_url(&self) -> String {
        format!("http://{}", self.google)
    }

    /// What was asked.
    pub fn requests(&self) -> &RequestLog {
        &self.inner.requests
    }

    /// Forgets all objects and requests.
    pub fn reset(&self) {
        self.inner.reset();
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        for task in &self.tasks {
            task.abort();
        }
    }
}

impl Inner {
    pub(crate) fn reset(&self) {
        *lock(&self.aws) = aws::Account::new(&self.options);
        *lock(&self.google) = google::Project::new(&self.options);
        self.requests.clear();
    }

    fn answer(&self, side: Side, request: &Request) -> Response {
        if let Some(response) = admin::answer(self, request) {
            return response;
        }
        let (cloud, (operation, response)) = match side {
            Side::Aws => ("aws", lock(&self.aws).answer(request, self.clock)),
            Side::Google => ("google", lock(&self.google).answer(request, self.clock)),
        };
        tracing::debug!(cloud, operation, status = response.status.as_u16());
        self.requests.push(Requested {
            cloud,
            operation,
            status: response.status.as_u16(),
        });
        response
    }
}

/// A panic while answering one request does not take the others with it.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn listen(port: u16) -> Result<(TcpListener, SocketAddr), SandboxError> {
    let failed = |source| SandboxError::Listen { port, source };
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))
        .await
        .map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    Ok((listener, address))
}

async fn serve(listener: TcpListener, side: Side, inner: Arc<Inner>) {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                tokio::spawn(connection(stream, side, inner.clone()));
            }
            // Too many open files, most likely: others end, then there is room again.
            Err(error) => {
                tracing::warn!(%error, "cannot accept a connection");
                tokio::time::sleep(std::time::Duration::from_millis(50)).await;
            }
        }
    }
}

async fn connection(stream: TcpStream, side: Side, inner: Arc<Inner>) {
    let _ = stream.set_nodelay(true);
    let service = service_fn(|request: hyper::Request<hyper::body::Incoming>| {
        let inner = inner.clone();
        async move { Ok::<_, Infallible>(respond(request, side, &inner).await) }
    });
    let served = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .serve_connection(TokioIo::new(stream), service)
        .await;
    if let Err(error) = served {
        tracing::debug!(%error, "a connection broke");
    }
}

async fn respond(
    request: hyper::Request<hyper::body::Incoming>,
    side: Side,
    inner: &Inner,
) -> hyper::Response<Full<Bytes>> {
    let (parts, body) = request.into_parts();
    let Ok(body) = Limited::new(body, LARGEST).collect().await else {
        let mut refused = hyper::Response::new(Full::new(Bytes::new()));
        *refused.status_mut() = ::http::StatusCode::PAYLOAD_TOO_LARGE;
        return refused;
    };
    let request = Request {
        method: parts.method,
        path: parts.uri.path().to_owned(),
        query: form(parts.uri.query().unwrap_or_default()),
        headers: parts.headers,
        body: body.to_bytes(),
    };
    let answer = inner.answer(side, &request);
    let mut response = hyper::Response::builder()
        .status(answer.status)
        .header("content-type", answer.content_type);
    for (name, value) in &answer.headers {
        response = response.header(*name, value);
    }
    response
        .body(Full::new(answer.body))
        .unwrap_or_else(|_| hyper::Response::new(Full::new(Bytes::new())))
}
