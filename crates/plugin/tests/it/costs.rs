//! What a served provider of a hundred resource types costs, on both sides.

use crate::hostile::VARIABLE;
use cty::{Type, Value};
use diags::Diagnostics;
use futures::FutureExt;
use futures::future::{join_all, ready};
use groma_plugin::{About, Host, HostOptions, LaunchOptions};
use providers::*;
use schema::{Attribute, AttributeType, Block, NestedBlock, Nesting};
use std::path::Path;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

pub(crate) const ABOUT: About = About {
    program: "groma-provider-hundred",
    program_version: "1.0.0",
    address: "example.com/test/hundred",
    version: "1.0.0",
};

/// Reads what it is given.
#[derive(Default)]
pub(crate) struct Hundred {
    schema: OnceLock<Arc<ProviderSchema>>,
}

/// Forty attributes, and five blocks of eight.
fn resource() -> ResourceSchema {
    let attributes = |count: usize| {
        (0..count).map(|n| {
            let ty = match n % 4 {
                0 => Type::Map(Arc::new(Type::String)),
                1 => Type::Number,
                _ => Type::String,
            };
            let attribute = Attribute {
                ty: AttributeType::Plain(ty),
                optional: true,
                computed: true,
                description: "Says what it is, in about as many words as there are elsewhere."
                    .into(),
                ..Attribute::default()
            };
            (format!("attribute_{n}").into(), attribute)
        })
    };
    let blocks = (0..5).map(|n| {
        let nested = NestedBlock {
            nesting: Nesting::List,
            block: Block::new(attributes(8), []),
            min_items: 0,
            max_items: 0,
        };
        (format!("block_{n}").into(), nested)
    });
    ResourceSchema {
        version: 0,
        block: Block::new(attributes(40), blocks),
    }
}

impl Hundred {
    fn make() -> Arc<ProviderSchema> {
        let names = (0..100).map(|n| format!("hundred_{n}").into());
        Arc::new(ProviderSchema {
            resources: SchemaMap::lazy(names, Arc::new(|_| Some(resource()))),
            schema_optional: true,
            ..ProviderSchema::default()
        })
    }
}

/// Everything else is never asked.
impl Provider for Hundred {
    fn schema(&self) -> BoxFuture<'_, Result<Arc<ProviderSchema>, Diagnostics>> {
        ready(Ok(self.schema.get_or_init(Self::make).clone())).boxed()
    }
    fn validate_provider<'a>(&'a self, _: &'a Value) -> BoxFuture<'a, Diagnostics> {
        ready(Diagnostics::new()).boxed()
    }
    fn validate(&self, _: addrs::Mode, _: ValidateRequest) -> BoxFuture<'_, Diagnostics> {
        ready(Diagnostics::new()).boxed()
    }
    fn configure(&self, _: ConfigureRequest) -> BoxFuture<'_, Diagnostics> {
        ready(Diagnostics::new()).boxed()
    }
    fn read(&self, request: ReadRequest) -> BoxFuture<'_, ReadResponse> {
        ready(ReadResponse {
            state: request.state,
            private: request.private,
            diagnostics: Diagnostics::new(),
        })
        .boxed()
    }
    fn upgrade(&self, _: UpgradeRequest) -> BoxFuture<'_, UpgradeResponse> {
        futures::future::pending().boxed()
    }
    fn plan(&self, _: PlanRequest) -> BoxFuture<'_, PlanResponse> {
        futures::future::pending().boxed()
    }
    fn apply(&self, _: ApplyRequest) -> BoxFuture<'_, ApplyResponse> {
        futures::future::pending().boxed()
    }
    fn import(&self, _: ImportRequest) -> BoxFuture<'_, ImportResponse> {
        futures::future::pending().boxed()
    }
    fn move_state(&self, _: MoveRequest) -> BoxFuture<'_, MoveResponse> {
        futures::future::pending().boxed()
    }
    fn read_data(&self, _: ReadDataRequest) -> BoxFuture<'_, ReadDataResponse> {
        futures::future::pending().boxed()
    }
    fn open_ephemeral(&self, _: OpenEphemeralRequest) -> BoxFuture<'_, OpenEphemeralResponse> {
        futures::future::pending().boxed()
    }
    fn renew_ephemeral(&self, _: RenewEphemeralRequest) -> BoxFuture<'_, RenewEphemeralResponse> {
        futures::future::pending().boxed()
    }
    fn close_ephemeral(&self, _: CloseEphemeralRequest) -> BoxFuture<'_, Diagnostics> {
        ready(Diagnostics::new()).boxed()
    }
    fn call_function(
        &self,
        _: CallFunctionRequest,
    ) -> BoxFuture<'_, Result<Value, (Option<usize>, String)>> {
        futures::future::pending().boxed()
    }
    fn stop(&self) -> BoxFuture<'_, ()> {
        ready(()).boxed()
    }
    fn close(&self) -> BoxFuture<'_, ()> {
        ready(()).boxed()
    }
}

/// Processor time of all threads of a process.
fn cpu(process: &str) -> Duration {
    let tasks = std::fs::read_dir(Path::new("/proc").join(process).join("task"));
    let nanoseconds = tasks.into_iter().flatten().flatten().filter_map(|task| {
        let text = std::fs::read_to_string(task.path().join("schedstat")).ok()?;
        text.split_whitespace().next()?.parse::<u64>().ok()
    });
    Duration::from_nanos(nanoseconds.sum())
}

/// The children of this process that run our provider.
fn children() -> Vec<String> {
    let me = std::process::id();
    let all = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    let pids = all.filter_map(|entry| entry.file_name().into_string().ok());
    pids.filter(|pid| {
        let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
        let parent = stat
            .rsplit(')')
            .next()
            .and_then(|rest| rest.split_whitespace().nth(1));
        parent == Some(&me.to_string())
    })
    .collect()
}

/// One after the other: as each run of the program, first without and then with what it remembers.
#[allow(clippy::print_stderr, reason = "the figures are the point")]
pub(crate) async fn a_hundred_types() {
    let cache = tempfile::tempdir().expect("directory");
    let source = addrs::Provider::new("example.com", "test", "hundred");
    let program = std::env::current_exe().expect("program");
    let mut best = Duration::MAX;
    for round in 0..10 {
        let tls = round % 2 == 0;
        let host = Host::new(HostOptions {
            launch: LaunchOptions {
                env: vec![(VARIABLE.into(), "hundred".into())],
                tls,
                ..LaunchOptions::default()
            },
            cache_dir: Some(cache.path().to_owned()),
            ..HostOptions::default()
        });
        let (start, ours) = (Instant::now(), cpu("self"));
        let provider = host.provider(&source, &program);
        let schema = provider.schema().await.expect("schema");
        let request = ConfigureRequest {
            config: Value::object::<&str>([]),
            terraform_version: "1.11.4".into(),
        };
        assert!(provider.configure(request).await.is_empty());
        let answered = start.elapsed();
        let launched = cpu("self").saturating_sub(ours);
        let reads = (0..100).map(|n| {
            let kind: Arc<str> = format!("hundred_{n}").into();
            let ty = schema
                .resources
                .get(&kind)
                .expect("type")
                .block
                .implied_type();
            let state = object(&ty);
            provider.read(ReadRequest {
                kind,
                state,
                private: [].into(),
                provider_meta: Value::null(Type::Dynamic),
            })
        });
        let reads: Vec<_> = reads.collect();
        let (middle, ours) = (Instant::now(), cpu("self"));
        for answer in join_all(reads).await {
            assert!(answer.diagnostics.is_empty() && !answer.state.is_null());
        }
        let read = middle.elapsed();
        let reading = cpu("self").saturating_sub(ours);
        let pid = children().pop().expect("process");
        let status = std::fs::read_to_string(format!("/proc/{pid}/status")).expect("status");
        let rss = |name: &str| {
            status
                .lines()
                .find(|l| l.starts_with(name))
                .unwrap_or("")
                .to_owned()
        };
        let memory = rss("VmHWM") + " " + &rss("RssAnon");
        let theirs: Duration = children().iter().map(|pid| cpu(pid)).sum();
        provider.close().await;
        eprintln!(
            "round {round}, TLS {tls}: answered after {answered:?} (host {launched:?}), 100 reads {read:?} (host {reading:?}), provider in all {theirs:?}, {memory}"
        );
        best = best.min(answered);
    }
    let limit = Duration::from_millis(if cfg!(debug_assertions) { 1000 } else { 30 });
    assert!(best <= limit, "{best:?}");
}

/// Something of a type, with text in it.
fn object(ty: &Type) -> Value {
    let Type::Object(attributes) = ty else {
        return Value::null(ty.clone());
    };
    let values = attributes.iter().map(|(name, attribute)| {
        let value = match &attribute {
            Type::String => Value::string("some text of usual length"),
            Type::List(element) => Value::list((**element).clone(), vec![object(element)]),
            other => Value::null((*other).clone()),
        };
        (name.clone(), value)
    });
    Value::object(values)
}
