//! Our host against our providers: every call arrives and comes back.

use crate::failures::provider;
use crate::files::Files;
use crate::hostile::VARIABLE;
use addrs::Mode;
use cty::{Type, Value};
use diags::AttributeStep;
use groma_plugin::{
    Host, HostOptions, LaunchOptions, Protocol, ServeOptions, launch, parse_reattach, serve,
};
use providers::*;
use std::path::Path;
use std::sync::Arc;

fn text(name: Value, content: Value) -> Value {
    Value::object([
        ("name", name),
        ("content", content),
        ("size", Value::null(Type::Number)),
        ("id", Value::null(Type::String)),
    ])
}

fn configure(dir: &Path) -> ConfigureRequest {
    let dir = dir.to_str().expect("text");
    ConfigureRequest {
        config: Value::object([("dir", Value::string(dir))]),
        terraform_version: "1.11.4".into(),
    }
}

fn meta() -> Value {
    Value::null(Type::Dynamic)
}

pub(crate) async fn every_call() {
    let dir = tempfile::tempdir().expect("directory");
    calls(&*provider("files", true), dir.path()).await;
}

async fn calls(files: &dyn Provider, dir: &Path) {
    let kind: Arc<str> = "files_text".into();
    let schema = files.schema().await.expect("schema");
    let told = Files::new().schema().await.expect("schema");
    let ty = told
        .resources
        .get("files_text")
        .expect("type")
        .block
        .implied_type();
    assert_eq!(
        schema
            .resources
            .get("files_text")
            .expect("type")
            .block
            .implied_type(),
        ty
    );
    assert!(schema.schema_optional && schema.move_state && !schema.plan_destroy);

    let nowhere = Value::object([("dir", Value::string("nowhere"))]);
    let problems = files.validate_provider(&nowhere).await;
    let problem = problems.iter().next().expect("a problem");
    assert_eq!(problem.summary, "No such directory");
    assert_eq!(problem.attribute, [AttributeStep::Name("dir".to_owned())]);
    assert!(files.configure(configure(dir)).await.is_empty());

    let config = text(Value::string("a/b"), Value::unknown(Type::String));
    let problems = files
        .validate(
            Mode::Managed,
            ValidateRequest {
                kind: kind.clone(),
                config,
            },
        )
        .await;
    assert_eq!(
        problems.iter().next().expect("a problem").summary,
        "Invalid name"
    );
    let config = text(Value::string("a"), Value::null(Type::String));
    assert!(
        files
            .validate(
                Mode::Data,
                ValidateRequest {
                    kind: kind.clone(),
                    config
                }
            )
            .await
            .is_empty()
    );

    let config = text(Value::string("a"), Value::string("hello"));
    let null = Value::null(ty);
    let plan = files
        .plan(PlanRequest {
            kind: kind.clone(),
            prior: null.clone(),
            proposed: config.clone(),
            config: config.clone(),
            prior_private: [].into(),
            provider_meta: meta(),
        })
        .await;
    assert!(plan.diagnostics.is_empty() && !plan.planned.get("size").expect("size").is_known());
    assert_eq!(&*plan.planned_private, b"planned");
    let done = files
        .apply(ApplyRequest {
            kind: kind.clone(),
            prior: null.clone(),
            planned: plan.planned,
            config: config.clone(),
            planned_private: plan.planned_private,
            provider_meta: meta(),
        })
        .await;
    assert!(done.diagnostics.is_empty() && &*done.private == b"applied");
    assert_eq!(done.state.get("size"), Some(&Value::number(5)));

    let state = done.state.clone();
    let read = files
        .read(ReadRequest {
            kind: kind.clone(),
            state,
            private: done.private,
            provider_meta: meta(),
        })
        .await;
    assert!(read.state == done.state && &*read.private == b"applied");
    let json = br#"{"name":"a","content":"hello","size":5,"id":"a"}"#[..].into();
    let upgraded = files
        .upgrade(UpgradeRequest {
            kind: kind.clone(),
            version: 0,
            json,
            flatmap: None,
        })
        .await;
    assert_eq!(upgraded.state, done.state);
    let config = text(Value::string("a"), Value::null(Type::String));
    let found = files
        .read_data(ReadDataRequest {
            kind: kind.clone(),
            config,
            provider_meta: meta(),
        })
        .await;
    assert_eq!(found.state, done.state);
    let renamed = text(Value::string("b"), Value::string("hello"));
    let plan = files
        .plan(PlanRequest {
            kind: kind.clone(),
            prior: done.state.clone(),
            proposed: renamed.clone(),
            config: renamed,
            prior_private: [].into(),
            provider_meta: meta(),
        })
        .await;
    assert_eq!(plan.requires_replace, [cty::Path::root().attr("name")]);
    rare_calls(files, &kind).await;
    files.stop().await;
    files.close().await;
}

async fn rare_calls(files: &dyn Provider, kind: &Arc<str>) {
    let imported = files
        .import(ImportRequest {
            kind: kind.clone(),
            id: "a".to_owned(),
        })
        .await;
    let object = imported.objects.first().expect("an object");
    assert!(object.kind == *kind && &*object.private == b"imported");
    assert_eq!(object.state.get("id"), Some(&Value::string("a")));
    let moved = files
        .move_state(MoveRequest {
            source_provider: "example.com/a/b".to_owned(),
            source_kind: "b_text".into(),
            source_version: 3,
            source_json: b"{}"[..].into(),
            source_private: b"old"[..].into(),
            target_kind: kind.clone(),
        })
        .await;
    assert!(moved.diagnostics.is_empty() && &*moved.private == b"old");
    assert_eq!(
        moved.state.get("name"),
        Some(&Value::string("example.com/a/b"))
    );

    let token: Arc<str> = "files_token".into();
    let config = Value::object([
        ("name", Value::string("n")),
        ("secret", Value::null(Type::String)),
    ]);
    let opened = files
        .open_ephemeral(OpenEphemeralRequest {
            kind: token.clone(),
            config,
        })
        .await;
    assert_eq!(opened.result.get("secret"), Some(&Value::string("hush")));
    assert_eq!(opened.renew_at, Some(1_700_000_000));
    let private = opened.private;
    let request = RenewEphemeralRequest {
        kind: token.clone(),
        private,
    };
    let renewed = files.renew_ephemeral(request).await;
    assert!(renewed.renew_at.is_none() && &*renewed.private == b"opened n");
    let request = CloseEphemeralRequest {
        kind: token,
        private: renewed.private,
    };
    assert!(files.close_ephemeral(request).await.is_empty());

    let call = |text: &str| CallFunctionRequest {
        name: "shout".into(),
        args: vec![Value::string(text)],
    };
    assert_eq!(
        files.call_function(call("hey")).await,
        Ok(Value::string("HEY"))
    );
    let expected = Err((Some(0), "there is nothing to shout".to_owned()));
    assert_eq!(files.call_function(call("")).await, expected);
}

/// A host that speaks only version 5 is answered in it.
pub(crate) async fn version_5() {
    let options = LaunchOptions {
        env: vec![
            (VARIABLE.into(), "files".into()),
            ("PLUGIN_PROTOCOL_VERSIONS".into(), "4,5".into()),
        ],
        ..LaunchOptions::default()
    };
    let program = std::env::current_exe().expect("program");
    let plugin = launch(&program, &options).await.expect("plugin");
    assert_eq!(plugin.protocol(), Protocol::V5);
    plugin.close().await;

    let host = Host::new(HostOptions {
        launch: options,
        ..HostOptions::default()
    });
    let source = addrs::Provider::new("example.com", "test", "files");
    let dir = tempfile::tempdir().expect("directory");
    calls(&*host.provider(&source, &program), dir.path()).await;
}

/// A process that somebody else started is used and left alone.
pub(crate) async fn reattach() {
    let dir = tempfile::tempdir().expect("directory");
    let path = dir.path().to_str().expect("text").to_owned();
    let options = ServeOptions::from_environment(|name| match name {
        "TF_PLUGIN_MAGIC_COOKIE" => crate::variable("NONE").or_else(|| Some(COOKIE.to_owned())),
        "PLUGIN_PROTOCOL_VERSIONS" => Some("6".to_owned()),
        "PLUGIN_UNIX_SOCKET_DIR" => Some(path.clone()),
        _ => None,
    });
    let serving = tokio::spawn(serve(Arc::new(Files::new()), options));
    let socket = loop {
        let found = std::fs::read_dir(dir.path())
            .expect("directory")
            .filter_map(Result::ok)
            .next();
        if let Some(file) = found {
            break file.path();
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    };
    let json = format!(
        r#"{{"test/files":{{"Protocol":"grpc","ProtocolVersion":6,"Pid":0,"Test":true,"Addr":{{"Network":"unix","String":{socket:?}}}}}}}"#
    );
    let source = addrs::Provider::new("registry.terraform.io", "test", "files");
    let reattach = parse_reattach(&json).expect("addresses");
    let host = Host::new(HostOptions {
        reattach,
        ..HostOptions::default()
    });
    let files = host.running(&source).expect("running");
    calls(&*files, dir.path()).await;
    assert!(!serving.is_finished());
    serving.abort();
}

/// A process that somebody else started, and that is no test, is ended.
pub(crate) async fn reattach_and_end() {
    use std::io::BufRead;
    let mut child = std::process::Command::new(std::env::current_exe().expect("program"))
        .envs([
            (VARIABLE, "files"),
            ("TF_PLUGIN_MAGIC_COOKIE", COOKIE),
            ("PLUGIN_PROTOCOL_VERSIONS", "5"),
        ])
        .stdout(std::process::Stdio::piped())
        .spawn()
        .expect("process");
    let pid = child.id();
    let mut line = String::new();
    let stdout = child.stdout.take().expect("output");
    std::io::BufReader::new(stdout)
        .read_line(&mut line)
        .expect("line");
    let socket = line.split('|').nth(3).expect("socket").to_owned();
    let ended = std::thread::spawn(move || child.wait());
    let json = format!(
        r#"{{"test/files":{{"ProtocolVersion":0,"Pid":{pid},"Addr":{{"Network":"unix","String":{socket:?}}}}}}}"#
    );
    let source = addrs::Provider::new("registry.terraform.io", "test", "files");
    let reattach = parse_reattach(&json).expect("addresses");
    let host = Host::new(HostOptions {
        reattach,
        ..HostOptions::default()
    });
    let files = host.running(&source).expect("running");
    assert!(files.schema().await.is_ok());
    files.close().await;
    assert!(ended.join().expect("thread").expect("status").success());
    assert!(!Path::new(&socket).exists());
}

const COOKIE: &str = "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2";

/// A provider that does not say otherwise is asked for its schema before anything else, in each process.
pub(crate) async fn asked_for_its_schema() {
    let options = LaunchOptions {
        tls: false,
        env: vec![(VARIABLE.into(), "asked".into())],
        ..LaunchOptions::default()
    };
    let cache = tempfile::tempdir().expect("directory");
    let cache_dir = Some(cache.path().to_owned());
    let host = Host::new(HostOptions {
        launch: options,
        cache_dir,
        ..HostOptions::default()
    });
    let source = addrs::Provider::new("example.com", "test", "test");
    for _ in 0..2 {
        let provider = host.provider(&source, &std::env::current_exe().expect("program"));
        let config = Value::object::<&str>([]);
        let request = ConfigureRequest {
            config,
            terraform_version: "1.11.4".into(),
        };
        let warnings = provider.configure(request).await;
        let text: Vec<&str> = warnings.iter().map(|d| &*d.summary).collect();
        assert_eq!(text, ["asked 1 times"]);
        provider.close().await;
    }
    assert!(
        !cache
            .path()
            .read_dir()
            .expect("directory")
            .any(|f| f.is_ok_and(|f| f.file_name() != "validations"))
    );
}
