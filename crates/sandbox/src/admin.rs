//! `/_sandbox/…`: what is not a cloud's: reset, the request log, counts, faults.

use crate::faults::{Faults, Layer};
use crate::server::Inner;
use crate::{Request, RequestLog, Response};
use ::http::StatusCode;
use serde_json::{Value, json};

/// Answers a request to the sandbox itself; `None` if it is for a cloud.
pub(crate) fn answer(inner: &Inner, request: &Request) -> Option<Response> {
    match (request.method.as_str(), path(request)?) {
        ("POST", "reset") => {
            inner.reset();
            Some(ok(&json!({})))
        }
        ("GET", "objects") => Some(ok(&json!(inner.objects()))),
        ("GET", "inventory") => Some(ok(&json!(inner.inventory()))),
        _ => layers(&inner.requests, &inner.faults, request),
    }
}

/// Answers what concerns requests and faults, for a sandbox and for a proxy; `None` if it is for a cloud.
pub(crate) fn layers(log: &RequestLog, faults: &Layer, request: &Request) -> Option<Response> {
    let rest = path(request)?;
    Some(match (request.method.as_str(), rest) {
        ("GET", "requests") => ok(&json!(log.entries())),
        ("GET", "counts") => ok(&json!(log.counts())),
        ("POST", "requests/clear") => {
            log.clear();
            ok(&json!({}))
        }
        ("GET", "faults") => ok(&json!(faults.get())),
        ("PUT", "faults") => match Faults::parse(&request.body) {
            Ok(rules) => {
                faults.set(rules);
                ok(&json!({}))
            }
            Err(error) => refused(StatusCode::BAD_REQUEST, &error.to_string()),
        },
        ("DELETE", "faults") => {
            faults.set(Faults::default());
            ok(&json!({}))
        }
        _ => refused(
            StatusCode::NOT_FOUND,
            &format!("the sandbox has no {} {rest}", request.method),
        ),
    })
}

fn path(request: &Request) -> Option<&str> {
    request.path.strip_prefix("/_sandbox/")
}

fn ok(body: &Value) -> Response {
    Response::json(StatusCode::OK, body)
}

fn refused(status: StatusCode, why: &str) -> Response {
    Response::json(status, &json!({"error": why}))
}
