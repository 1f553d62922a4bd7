//! Several requests in one: `multipart/mixed`, each part a request. What the command line tool sends for several names.

use super::Project;
use crate::http::form;
use crate::{Clock, Request, Response};
use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode};

/// What separates the answers.
const BOUNDARY: &str = "batch_of_the_sandbox";

impl Project {
    /// Answers a request to `/batch/…`: all its parts, in order.
    pub(super) fn answer_batch(
        &mut self,
        request: &Request,
        clock: Clock,
    ) -> Option<(String, Response)> {
        request.path.strip_prefix("/batch")?;
        let kind = request.headers.get("content-type")?.to_str().ok()?;
        let (_, boundary) = kind.split_once("boundary=")?;
        let boundary = format!("--{}", boundary.trim_matches('"'));
        let text = String::from_utf8_lossy(&request.body);
        let mut body = String::new();
        for part in text.split(boundary.as_str()) {
            let Some((id, inner)) = read(part) else {
                continue;
            };
            let (_, response) = self.answer(&inner, clock);
            let reason = response.status.canonical_reason().unwrap_or_default();
            body.push_str(&format!(
                "--{BOUNDARY}\r\nContent-Type: application/http\r\nContent-ID: {id}\r\n\r\nHTTP/1.1 {} {reason}\r\n\
                 Content-Type: {}\r\n\r\n{}\r\n",
                response.status.as_u16(),
                response.content_type,
                String::from_utf8_lossy(&response.body)
            ));
        }
        body.push_str(&format!("--{BOUNDARY}--\r\n"));
        let response = Response {
            status: StatusCode::OK,
            content_type: "multipart/mixed; boundary=batch_of_the_sandbox",
            headers: Vec::new(),
            body: body.into(),
        };
        Some(("batch".to_owned(), response))
    }
}

/// A part: the id of its answer, and the request that it holds. A part is never a batch itself.
fn read(part: &str) -> Option<(String, Request)> {
    let part = part.replace("\r\n", "\n");
    let (headers, request) = part.trim_start().split_once("\n\n")?;
    let id = headers.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-id")
            .then(|| value.trim())
    })?;
    let id = format!("<response-{}", id.trim_start_matches('<'));
    let (head, body) = request.split_once("\n\n").unwrap_or((request, ""));
    let mut words = head.lines().next()?.split(' ');
    let method = Method::from_bytes(words.next()?.as_bytes()).ok()?;
    let target = words.next()?;
    let target = target.split_once("://").map_or(target, |(_, rest)| {
        rest.find('/').map_or("/", |at| &rest[at..])
    });
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    if path.starts_with("/batch") {
        return None;
    }
    let request = Request {
        method,
        path: path.to_owned(),
        query: form(query),
        headers: HeaderMap::new(),
        body: Bytes::from(body.trim().to_owned()),
    };
    Some((id, request))
}
