//! Whatever a provider does, the host says what happened.

use crate::hostile::VARIABLE;
use cty::{Type, Value};
use expect_test::{Expect, expect};
use groma_plugin::{Host, HostOptions, LaunchOptions};
use providers::{Provider, ReadRequest};
use std::fmt::Write;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// What a provider does, and what the host makes of it.
pub(crate) struct Case {
    pub(crate) behaviour: &'static str,
    tls: bool,
    expected: fn() -> Expect,
}

const fn case(behaviour: &'static str, expected: fn() -> Expect) -> Case {
    Case {
        behaviour,
        tls: false,
        expected,
    }
}

pub(crate) const CASES: &[Case] = &[
    case("silent", || {
        expect![[r#"
            Failed to start provider
            Provider example.com/test/test cannot be used: it did not say where it listens within 0.7 seconds.
        "#]]
    }),
    case("mute", || {
        expect![[r#"
            Failed to start provider
            Provider example.com/test/test cannot be used: it did not say where it listens within 0.7 seconds.
        "#]]
    }),
    case("dies", || {
        expect![[r#"
        Failed to start provider
        Provider example.com/test/test cannot be used: it ended (exit status: 2) before it said where it listens.

        The end of what it wrote to its standard error:
            panic: out of luck
    
            goroutine 1 [running]:
    "#]]
    }),
    case("garbage", || {
        expect![[r#"
            Failed to start provider
            Provider example.com/test/test cannot be used: it did not introduce itself as a plugin does, but wrote "Hello, world!".
        "#]]
    }),
    case("old", || {
        expect![[r#"
            Failed to start provider
            Provider example.com/test/test cannot be used: it speaks version "4" of the provider protocol; versions 5 and 6 are supported.
        "#]]
    }),
    case("netrpc", || {
        expect![[r#"
            Failed to start provider
            Provider example.com/test/test cannot be used: it wants to talk "netrpc"; only grpc is supported.
        "#]]
    }),
    case("nobody", || {
        expect![[r#"
            Failed to start provider
            Provider example.com/test/test cannot be used: it cannot be connected to: transport error: No such file or directory (os error 2).
        "#]]
    }),
    case("huge", || {
        expect![[r#"
        Plugin error
        Provider example.com/test/test failed to answer GetProviderSchema: OutOfRange: Error, decoded message length too large: found 68157450 bytes, the limit is: 67108864 bytes.
    "#]]
    }),
    case("flagless", || {
        expect![[r#"
        Invalid provider schema
        The schema of provider example.com/test/test breaks the rules for schemas: resource type "test_vm": attribute "id": it is none of required, optional and computed.

        This is a bug in the provider, which should be reported in the provider's own issue tracker.
    "#]]
    }),
    case("typeless", || {
        expect![[r#"
        Invalid provider schema
        The schema of provider example.com/test/test breaks the rules for schemas: resource type "test_vm": attribute "id": the type is invalid: unexpected end of JSON input.

        This is a bug in the provider, which should be reported in the provider's own issue tracker.
    "#]]
    }),
    case("bottomless", || {
        expect![[r#"
            Plugin error
            Provider example.com/test/test failed to answer GetProviderSchema: Internal: failed to decode Protobuf message: NestedBlock.block: Block.block_types: NestedBlock.block: Block.block_types: NestedBlock.block: Block.block_types: N ... ck_types: NestedBlock.block: Block.block_types: NestedBlock.block: Block.block_types: Schema.block: Response.resource_schemas: recursion limit reached.
        "#]]
    }),
    case("truncated", || {
        expect![[r#"
        Plugin error
        Provider example.com/test/test failed to answer GetProviderSchema: Internal: failed to decode Protobuf message: Response.provider: buffer underflow.
    "#]]
    }),
    case("malformed", || {
        expect![[r#"
        Provider produced invalid object
        The answer of provider example.com/test/test to ReadResource for test_vm cannot be read: an object is required.

        This is a bug in the provider, which should be reported in the provider's own issue tracker.
    "#]]
    }),
    case("cut", || {
        expect![[r#"
        Provider produced invalid object
        The answer of provider example.com/test/test to ReadResource for test_vm cannot be read: all keys must be strings.

        This is a bug in the provider, which should be reported in the provider's own issue tracker.
    "#]]
    }),
    case("wrong-type", || {
        expect![[r#"
        Provider produced invalid object
        The answer of provider example.com/test/test to ReadResource for test_vm cannot be read: .id: string is required.

        This is a bug in the provider, which should be reported in the provider's own issue tracker.
    "#]]
    }),
    case("wrong-names", || {
        expect![[r#"
        Provider produced invalid object
        The answer of provider example.com/test/test to ReadResource for test_vm cannot be read: .no: unsupported attribute.

        This is a bug in the provider, which should be reported in the provider's own issue tracker.
    "#]]
    }),
    case("claims", || {
        expect![[r#"
        Provider produced invalid object
        The answer of provider example.com/test/test to ReadResource for test_vm cannot be read: an object with 1 attributes is required (4294967295 given).

        This is a bug in the provider, which should be reported in the provider's own issue tracker.
    "#]]
    }),
    case("deferred", || {
        expect![[r#"
        Provider deferred an operation
        Provider example.com/test/test answered ReadResource for test_vm that it cannot do this yet, although it was not told that it may say so.

        This is a bug in the provider, which should be reported in the provider's own issue tracker.
    "#]]
    }),
    case("exits", || {
        expect![[r#"
        Plugin did not respond
        Provider example.com/test/test ended (exit status: 3) while it was to answer ReadResource.

        The end of what it wrote to its standard error:
            panic: nil map
    
            goroutine 7 [running]:
            main.read()
    "#]]
    }),
    case("killed", || {
        expect![[r#"
            Plugin did not respond
            Provider example.com/test/test ended (killed) while it was to answer ReadResource.
        "#]]
    }),
    case("refuses", || {
        expect![[r#"
        Plugin error
        Provider example.com/test/test failed to answer ReadResource: Internal: out of paper.
    "#]]
    }),
    case("lacks", || {
        expect![[r#"
        Unsupported plugin method
        Provider example.com/test/test does not support ReadResource. Perhaps another version of the provider does.
    "#]]
    }),
    Case {
        behaviour: "without-certificate",
        tls: true,
        expected: || {
            expect![[r#"
                Failed to start provider
                Provider example.com/test/test cannot be used: it cannot be connected to: it has no certificate.
            "#]]
        },
    },
];

/// A provider that behaves like this.
pub(crate) fn provider(behaviour: &str, tls: bool) -> Arc<groma_plugin::RemoteProvider> {
    let slow = matches!(behaviour, "silent" | "mute");
    let launch = LaunchOptions {
        start_timeout: Duration::from_millis(if slow { 700 } else { 60_000 }),
        tls,
        env: vec![(VARIABLE.into(), behaviour.into())],
        ..LaunchOptions::default()
    };
    provider_of(&host(launch))
}

fn host(launch: LaunchOptions) -> Host {
    Host::new(HostOptions {
        launch,
        ..HostOptions::default()
    })
}

fn provider_of(host: &Host) -> Arc<groma_plugin::RemoteProvider> {
    let source = addrs::Provider::new("example.com", "test", "test");
    host.provider(&source, &std::env::current_exe().expect("program"))
}

fn read() -> ReadRequest {
    ReadRequest {
        kind: "test_vm".into(),
        state: Value::object([("id", Value::string("i-1"))]),
        private: [].into(),
        provider_meta: Value::null(Type::Dynamic),
    }
}

pub(crate) async fn check(case: &'static Case) {
    let provider = provider(case.behaviour, case.tls);
    let answer = provider.read(read()).await;
    assert!(answer.diagnostics.has_errors());
    let mut text = String::new();
    for diagnostic in &answer.diagnostics {
        writeln!(text, "{}\n{}", diagnostic.summary, diagnostic.detail).expect("text");
    }
    // The text must not depend on where and when.
    let text = text
        .replace("signal: 9 (SIGKILL)", "killed")
        .replace("signal: 9", "killed");
    (case.expected)().assert_eq(&text);
    provider.close().await;
}

/// A call that never ends does so when the provider is closed.
pub(crate) async fn hang() {
    let provider = provider("hang", false);
    let reading = provider.clone();
    let call = tokio::spawn(async move { reading.read(read()).await });
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert!(!call.is_finished());
    provider.stop().await;
    let begun = Instant::now();
    provider.close().await;
    let answer = call.await.expect("answer");
    assert!(
        begun.elapsed() < Duration::from_secs(20),
        "{:?}",
        begun.elapsed()
    );
    assert_eq!(
        answer.diagnostics.iter().next().expect("problem").summary,
        "Plugin did not respond"
    );
}

/// A program that is about to end itself leaves no providers behind.
pub(crate) async fn kill() {
    let env = vec![(VARIABLE.into(), "hang".into())];
    let host = host(LaunchOptions {
        tls: false,
        env,
        ..LaunchOptions::default()
    });
    let provider = provider_of(&host);
    provider.schema().await.expect("schema");
    let reading = provider.clone();
    let call = tokio::spawn(async move { reading.read(read()).await });
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert!(!call.is_finished());
    host.kill();
    let answer = call.await.expect("answer");
    let problem = answer.diagnostics.iter().next().expect("problem");
    assert!(problem.detail.contains("signal: 9"), "{}", problem.detail);
}

/// A program is told that creates are written down.
pub(crate) async fn environment() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().expect("directory");
    let program = dir.path().join("provider");
    let script = "#!/bin/sh\necho \"creates: $GROMA_JOURNALS_CREATES\" >&2\n";
    std::fs::write(&program, script).expect("file");
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o700)).expect("mode");
    let source = addrs::Provider::new("example.com", "test", "test");
    let provider = host(LaunchOptions::default()).provider(&source, &program);
    let problems = provider.schema().await.expect_err("it ends");
    let problem = problems.iter().next().expect("a problem");
    assert!(problem.detail.contains("creates: 1"), "{}", problem.detail);
}
