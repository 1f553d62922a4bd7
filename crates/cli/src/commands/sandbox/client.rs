//! Talks to a running sandbox.

use crate::workdir::Workdir;
use diags::{Diagnostic, Diagnostics};
use serde_json::Value;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

/// Where a sandbox answers as AWS, if nobody says otherwise.
pub(super) const AWS_PORT: u16 = 14_580;
/// Where a sandbox answers as Google Cloud, if nobody says otherwise.
pub(super) const GOOGLE_PORT: u16 = 14_581;

/// Which sandbox.
#[derive(Debug, clap::Args)]
pub(super) struct At {
    /// The port of the sandbox; else the environment variable GROMA_SANDBOX names it
    #[arg(long, value_name = "PORT")]
    aws_port: Option<u16>,
}

impl At {
    /// Sends a request to `/_sandbox/…`; answers with the body.
    pub(super) fn send(
        &self,
        workdir: &Workdir,
        method: &str,
        path: &str,
    ) -> Result<Value, Diagnostics> {
        let address = match (self.aws_port, workdir.env.sandbox()) {
            (Some(port), _) => format!("127.0.0.1:{port}"),
            (None, Some(named)) => address(named),
            (None, None) => format!("127.0.0.1:{AWS_PORT}"),
        };
        let failed = |why: &str| {
            Diagnostic::error(
                "No sandbox answers",
                format!(
                    "{address}: {why}. Start one with \"groma sandbox start\", or say where it is with -aws-port or with the environment \
                     variable GROMA_SANDBOX."
                ),
            )
        };
        let answer =
            exchange(&address, method, path).map_err(|error| failed(&error.to_string()))?;
        let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
        let status = head.split(' ').nth(1).unwrap_or_default();
        let body: Option<Value> = serde_json::from_str(body).ok();
        match (status, body) {
            ("200", Some(body)) => Ok(body),
            (_, Some(body)) if body["error"].is_string() => {
                Err(failed(body["error"].as_str().unwrap_or_default()).into())
            }
            _ => Err(failed("what answers there is no sandbox").into()),
        }
    }
}

/// `http://HOST:PORT`, `HOST:PORT` or `PORT`.
fn address(named: &str) -> String {
    let rest = named
        .strip_prefix("http://")
        .unwrap_or(named)
        .trim_end_matches('/');
    if rest.contains(':') {
        rest.to_owned()
    } else {
        format!("127.0.0.1:{rest}")
    }
}

fn exchange(address: &str, method: &str, path: &str) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(Duration::from_secs(30)))?;
    write!(
        stream,
        "{method} /_sandbox/{path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
    )?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer)
}
