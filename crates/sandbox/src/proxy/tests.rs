use super::*;
use crate::server::tests::send;
use crate::{Options, Sandbox};

#[tokio::test]
async fn passes_on_what_is_not_to_fail() {
    let sandbox = Sandbox::start(Options::default()).await.unwrap();
    let rules = r#"{"rules":[{"operations":"container.*","fail":{"nth":2,"with":"drop_after"}}]}"#;
    let proxy = Proxy::start(ProxyOptions {
        cloud: Cloud::Google,
        upstream: sandbox.google_url(),
        port: 0,
        faults: Faults::parse(rules.as_bytes()).unwrap(),
    })
    .await
    .unwrap();
    let line = "GET /v1/projects/demo-project/locations/-/clusters";
    let direct = send(&sandbox.google_url(), line, "").await;
    let passed = send(&proxy.url(), line, "").await;
    let body = |answer: &str| {
        answer
            .split_once("\r\n\r\n")
            .map(|(_, body)| body.to_owned())
    };
    assert_eq!(body(&direct), body(&passed));
    assert_eq!(send(&proxy.url(), line, "").await, "");
    // It had its effect: direct, passed, dropped.
    assert_eq!(sandbox.requests().entries().len(), 3);
    let counts = proxy.requests().counts();
    assert_eq!(counts.get("container.clusters.list"), Some(&2));
    let shown = send(&proxy.url(), "GET /_sandbox/counts", "").await;
    assert!(shown.contains("container.clusters.list"), "{shown}");
}

#[tokio::test]
async fn tells_when_there_is_nothing_behind_it() {
    let refused = |upstream: &str| {
        Proxy::start(ProxyOptions {
            cloud: Cloud::Aws,
            upstream: upstream.to_owned(),
            port: 0,
            faults: Faults::default(),
        })
    };
    let error = refused("https://aws.example").await.unwrap_err();
    assert!(error.to_string().contains("https://aws.example"), "{error}");
    let proxy = refused("http://127.0.0.1:1").await.unwrap();
    let answer = send(&proxy.url(), "GET /clusters", "").await;
    assert!(answer.starts_with("HTTP/1.1 502"), "{answer}");
}
