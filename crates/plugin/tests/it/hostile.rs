//! Providers that do not behave.

use bytes::BufMut;
use futures::FutureExt;
use futures::future::BoxFuture;
use std::convert::Infallible;
use std::io::Write;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};
use tokio::net::UnixListener;
use tokio_stream::wrappers::UnixListenerStream;
use tonic::body::Body;
use tonic::codec::{BufferSettings, Codec, DecodeBuf, Decoder, EncodeBuf, Encoder};
use tonic::{Request, Response, Status};

/// Says how the provider behaves.
pub(crate) const VARIABLE: &str = "GROMA_TEST_PROVIDER";

pub(crate) async fn behave(behaviour: &str) -> ExitCode {
    match behaviour {
        "silent" => futures::future::pending().await,
        "mute" => {
            // It closes its output and lives on.
            use std::os::unix::process::CommandExt;
            let script = "exec 1>&-; exec sleep 600";
            complain(
                &std::process::Command::new("sh")
                    .args(["-c", script])
                    .exec()
                    .to_string(),
            );
        }
        "dies" => {
            complain("[INFO] about to start\npanic: out of luck\n\ngoroutine 1 [running]:");
            return ExitCode::from(2);
        }
        "garbage" => say("Hello, world!\n"),
        "old" => say("1|4|unix|/tmp/x|grpc|\n"),
        "netrpc" => say("1|5|unix|/tmp/x\n"),
        "nobody" => say("1|6|unix|/nonexistent/socket|grpc|\n"),
        _ => raw(behaviour.to_owned()).await,
    }
    futures::future::pending().await
}

fn say(text: &str) {
    let mut stdout = std::io::stdout();
    let _ = stdout
        .write_all(text.as_bytes())
        .and_then(|()| stdout.flush());
}

fn complain(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}

/// Serves messages that are put together by hand.
async fn raw(behaviour: String) {
    let dir = tempfile::tempdir().expect("directory");
    let path = dir.path().join("socket");
    let listener = UnixListener::bind(&path).expect("socket");
    say(&format!("1|6|unix|{}|grpc|\n", path.display()));
    let router = Router {
        behaviour,
        schemas: Arc::default(),
    };
    let incoming = UnixListenerStream::new(listener);
    let _ = tonic::transport::Server::builder()
        .serve_with_incoming(router, incoming)
        .await;
}

#[derive(Clone)]
struct Router {
    behaviour: String,
    /// How often it was asked for its schema.
    schemas: Arc<AtomicUsize>,
}

impl tower::Service<http::Request<Body>> for Router {
    type Response = http::Response<Body>;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Self::Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<Body>) -> Self::Future {
        let router = self.clone();
        async move {
            let method = request
                .uri()
                .path()
                .rsplit('/')
                .next()
                .unwrap_or_default()
                .to_owned();
            let service = tower::service_fn(move |_: Request<Vec<u8>>| {
                let (router, method) = (router.clone(), method.clone());
                async move { router.answer(&method).await.map(Response::new) }
            });
            let mut grpc = tonic::server::Grpc::new(Raw).max_encoding_message_size(usize::MAX);
            Ok(grpc.unary(service, request).await)
        }
        .boxed()
    }
}

impl Router {
    async fn answer(&self, method: &str) -> Result<Vec<u8>, Status> {
        match (&*self.behaviour, method) {
            ("huge", "GetProviderSchema") => {
                Ok(message(&[(4, &message(&[(3, &vec![b'x'; 65 << 20])]))]))
            }
            ("flagless", "GetProviderSchema") => {
                Ok(schema(&attribute("id", b"\"string\"", &[]), 1))
            }
            ("typeless", "GetProviderSchema") => {
                Ok(schema(&attribute("id", b"[\"list\"", &[6]), 1))
            }
            ("bottomless", "GetProviderSchema") => Ok(bottomless()),
            ("truncated", "GetProviderSchema") => Ok(vec![0x0a, 0x7f, 0x01]),
            (_, "GetProviderSchema") => {
                self.schemas.fetch_add(1, Ordering::Relaxed);
                // "asked" does not say that it may be left out.
                let optional = u8::from(self.behaviour != "asked");
                Ok(schema(&attribute("id", b"\"string\"", &[6]), optional))
            }
            ("asked", "ConfigureProvider") => {
                let asked = self.schemas.load(Ordering::Relaxed);
                let text = format!("asked {asked} times");
                Ok(message(&[(
                    1,
                    &[&[0x08, 2][..], &message(&[(2, text.as_bytes())])].concat(),
                )]))
            }
            ("malformed", "ReadResource") => Ok(state(1, &[0xc1, 0xc1])),
            ("cut", "ReadResource") => Ok(state(1, &[0x81, 0xa2, b'i'])),
            ("wrong-type", "ReadResource") => Ok(state(1, &[0x81, 0xa2, b'i', b'd', 0x91, 0x01])),
            ("wrong-names", "ReadResource") => Ok(state(1, &[0x81, 0xa2, b'n', b'o', 0xc0])),
            ("claims", "ReadResource") => Ok(state(1, &[0xdf, 0xff, 0xff, 0xff, 0xff])),
            ("deferred", "ReadResource") => {
                Ok(message(&[(1, &message(&[(1, &[0xc0])])), (4, &[])]))
            }
            ("exits", "ReadResource") => {
                complain(
                    "[WARN] something is wrong\npanic: nil map\n\ngoroutine 7 [running]:\nmain.read()",
                );
                std::process::exit(3)
            }
            ("killed", "ReadResource") => {
                let me = rustix::process::getpid();
                let _ = rustix::process::kill_process(me, rustix::process::Signal::KILL);
                futures::future::pending().await
            }
            ("hang", "ReadResource") => futures::future::pending().await,
            ("refuses", "ReadResource") => Err(Status::internal("out of paper")),
            _ => Err(Status::unimplemented("nothing of that kind")),
        }
    }
}

/// Fields that are strings, bytes or messages.
fn message(fields: &[(u8, &[u8])]) -> Vec<u8> {
    let mut out = Vec::new();
    for (number, content) in fields {
        out.push(number << 3 | 2);
        let mut len = content.len();
        while len >= 0x80 {
            out.push(len as u8 | 0x80);
            len >>= 7;
        }
        out.push(len as u8);
        out.extend_from_slice(content);
    }
    out
}

/// An attribute with the flags of these numbers.
fn attribute(name: &str, ty: &[u8], flags: &[u8]) -> Vec<u8> {
    let mut out = message(&[(1, name.as_bytes()), (2, ty)]);
    for flag in flags {
        out.extend([flag << 3, 1]);
    }
    out
}

/// The answer to GetProviderSchema with one resource type that has one attribute.
fn schema(attribute: &[u8], optional: u8) -> Vec<u8> {
    let schema = message(&[(2, &message(&[(2, attribute)]))]);
    message(&[
        (2, &message(&[(1, b"test_vm"), (2, &schema)])),
        (6, &[0x10, optional]),
    ])
}

/// A block in a block in a block.
fn bottomless() -> Vec<u8> {
    let mut block = Vec::new();
    for _ in 0..500 {
        block = message(&[(3, &message(&[(1, b"b"), (2, &block)]))]);
    }
    message(&[(
        2,
        &message(&[(1, b"test_vm"), (2, &message(&[(2, &block)]))]),
    )])
}

fn state(number: u8, msgpack: &[u8]) -> Vec<u8> {
    message(&[(number, &message(&[(1, msgpack)]))])
}

/// Messages as the bytes that they are.
#[derive(Clone, Copy, Default)]
struct Raw;

impl Codec for Raw {
    type Encode = Vec<u8>;
    type Decode = Vec<u8>;
    type Encoder = Self;
    type Decoder = Self;

    fn encoder(&mut self) -> Self {
        Self
    }

    fn decoder(&mut self) -> Self {
        Self
    }
}

impl Encoder for Raw {
    type Item = Vec<u8>;
    type Error = Status;

    fn encode(&mut self, item: Vec<u8>, out: &mut EncodeBuf<'_>) -> Result<(), Status> {
        out.put_slice(&item);
        Ok(())
    }

    fn buffer_settings(&self) -> BufferSettings {
        BufferSettings::default()
    }
}

impl Decoder for Raw {
    type Item = Vec<u8>;
    type Error = Status;

    fn decode(&mut self, buffer: &mut DecodeBuf<'_>) -> Result<Option<Vec<u8>>, Status> {
        use bytes::Buf;
        let bytes = buffer.copy_to_bytes(buffer.remaining());
        Ok(Some(bytes.to_vec()))
    }

    fn buffer_settings(&self) -> BufferSettings {
        BufferSettings::default()
    }
}
