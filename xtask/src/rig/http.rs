//! One request over HTTP to this machine.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use super::Failure;

/// Sends a request to `http://HOST:PORT` and returns the body of the answer, which must be a success.
pub(crate) fn exchange(
    url: &str,
    line: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> Result<String, Failure> {
    let address = url.strip_prefix("http://").unwrap_or(url);
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(Duration::from_secs(30)))?;
    let mut text = format!("{line} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n");
    for (name, value) in headers {
        text.push_str(&format!("{name}: {value}\r\n"));
    }
    text.push_str(&format!("Content-Length: {}\r\n\r\n{body}", body.len()));
    stream.write_all(text.as_bytes())?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
    if head.split(' ').nth(1) == Some("200") {
        Ok(body.to_owned())
    } else {
        Err(format!("{line}: {answer}").into())
    }
}
