//! `/_sandbox/…`: what is not a cloud's: reset, the request log, counts.

use crate::server::Inner;
use crate::{Request, Response};
use ::http::StatusCode;
use serde_json::json;

/// Answers a request to the sandbox itself; `None` if it is for a cloud.
pub(crate) fn answer(inner: &Inner, request: &Request) -> Option<Response> {
    let rest = request.path.strip_prefix("/_sandbox/")?;
    let ok = |body| Some(Response::json(StatusCode::OK, &body));
    match (request.method.as_str(), rest) {
        ("POST", "reset") => {
            inner.reset();
            ok(json!({}))
        }
        ("GET", "requests") => ok(json!(inner.requests.entries())),
        ("GET", "counts") => ok(json!(inner.requests.counts())),
        ("POST", "requests/clear") => {
            inner.requests.clear();
            ok(json!({}))
        }
        _ => Some(Response::json(
            StatusCode::NOT_FOUND,
            &json!({"error": format!("the sandbox has no {rest}")}),
        )),
    }
}
