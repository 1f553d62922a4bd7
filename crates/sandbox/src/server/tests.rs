use super::*;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// What comes back on a new connection; empty if it breaks.
pub(crate) async fn send(url: &str, line: &str, body: &str) -> String {
    exchange(url, line, "", body).await
}

async fn exchange(url: &str, line: &str, headers: &str, body: &str) -> String {
    let address = url.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(address).await.unwrap();
    let text = format!(
        "{line} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n{headers}Content-Length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(text.as_bytes()).await.unwrap();
    let mut answer = String::new();
    let _ = stream.read_to_string(&mut answer).await;
    answer
}

/// What comes back for a form.
pub(crate) async fn send_form(url: &str, form: &str) -> String {
    let line = "POST /";
    exchange(
        url,
        line,
        "Content-Type: application/x-www-form-urlencoded\r\n",
        form,
    )
    .await
}

#[tokio::test]
async fn faults_are_put_in_force_while_it_runs() {
    let sandbox = Sandbox::start(Options::default()).await.unwrap();
    let aws = sandbox.aws_url();
    let rules = r#"{"rules":[
        {"operations":"eks:ListClusters","fail":{"nth":1,"with":"throttle"}},
        {"operations":"eks:ListClusters","fail":{"nth":2,"with":"drop_before"}},
        {"operations":"eks:ListClusters","fail":{"nth":3,"with":"drop_after"}}]}"#;
    let put = send(&aws, "PUT /_sandbox/faults", rules).await;
    assert!(put.starts_with("HTTP/1.1 200"), "{put}");
    let first = send(&aws, "GET /clusters", "").await;
    assert!(
        first.starts_with("HTTP/1.1 429")
            && first.contains("x-amzn-errortype: ThrottlingException"),
        "{first}"
    );
    assert_eq!(send(&aws, "GET /clusters", "").await, "");
    assert_eq!(send(&aws, "GET /clusters", "").await, "");
    let faults: Vec<_> = sandbox
        .requests()
        .entries()
        .iter()
        .map(|entry| entry.fault)
        .collect();
    assert_eq!(
        faults,
        [
            Some("throttled"),
            Some("dropped before"),
            Some("dropped after")
        ]
    );

    let got = send(&sandbox.google_url(), "GET /_sandbox/faults", "").await;
    assert!(got.contains("\"fail\":{\"nth\":3"), "{got}");
    let wrong = send(&aws, "PUT /_sandbox/faults", "{\"rulez\":[]}").await;
    assert!(
        wrong.starts_with("HTTP/1.1 400") && wrong.contains("rulez"),
        "{wrong}"
    );
    let deleted = send(&aws, "DELETE /_sandbox/faults", "").await;
    assert!(deleted.starts_with("HTTP/1.1 200"), "{deleted}");
    assert!(!send(&aws, "GET /clusters", "").await.is_empty());
}

#[tokio::test]
async fn objects_outlive_the_process() {
    let dir = std::env::temp_dir().join(format!("groma-sandbox-{}", uuid::Uuid::new_v4()));
    std::fs::create_dir(&dir).unwrap();
    let path = dir.join("state.json");
    let options = Options {
        account: "210987654321".into(),
        state: Some(path.clone()),
        ..Options::default()
    };
    let sandbox = Sandbox::start(options).await.unwrap();
    send(&sandbox.aws_url(), "POST /_sandbox/reset", "").await;
    sandbox.shutdown().unwrap();
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(text.contains("210987654321"), "{text}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    let (account, _) = state_file::load(&path).unwrap().unwrap();
    let again = serde_json::to_string(&account).unwrap();
    assert!(again.contains("210987654321"), "{again}");
    std::fs::remove_dir_all(dir).unwrap();
}
