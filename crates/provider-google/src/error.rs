//! From the clients' errors to those of the kit.

use google_cloud_compute_v1::model::Operation;
use google_cloud_gax::error::Error as Gax;
use google_cloud_gax::retry_policy::RetryPolicy;
use google_cloud_gax::retry_result::RetryResult;
use google_cloud_gax::retry_state::RetryState;
use sdk::{Error, ErrorKind};
use serde_json::Value as Json;

/// How often a request is sent before its failure is believed.
const ATTEMPTS: u32 = 10;

/// The reason of a refusal because the object, or one it needs, is being made or deleted just now.
const NOT_READY: &str = "resourceNotReady";

/// What a request's failure means.
pub(crate) fn from_gax(error: &Gax) -> Error {
    let status = error.http_status_code();
    let (reason, message) = details(error);
    if status.is_none() {
        let kind = if error.is_authentication() {
            ErrorKind::Denied
        } else if error.is_connect() {
            ErrorKind::Unavailable
        } else if error.is_timeout() || error.is_io() || error.is_transport() {
            ErrorKind::Lost
        } else {
            ErrorKind::Other
        };
        return Error::new(kind, reason, chain(error));
    }
    // The client keeps nothing of an answer of Compute Engine but its message.
    let reason = match message.ends_with(" is not ready") {
        true => NOT_READY.to_owned(),
        false => reason,
    };
    let kind = match kind_of(status.unwrap_or(0), &reason) {
        ErrorKind::Denied if is_about_a_rate(&message) => ErrorKind::Throttled,
        kind => kind,
    };
    let code = match status {
        Some(status) if reason.is_empty() => status.to_string(),
        _ => reason,
    };
    Error::new(kind, code, message)
}

/// Whether a refusal is one for being too fast.
fn is_about_a_rate(message: &str) -> bool {
    let message = message.to_ascii_lowercase();
    [
        "rate exceeded",
        "rate limit exceeded",
        "quota exceeded for quota metric",
    ]
    .iter()
    .any(|text| message.contains(text))
}

/// For reads: nothing there is no error.
pub(crate) fn absent<T>(error: &Gax, doing: impl FnOnce() -> String) -> Result<Option<T>, Error> {
    match from_gax(error) {
        error if error.is_not_found() => Ok(None),
        error => Err(error.doing(doing())),
    }
}

/// The kind of failure by HTTP status and the cloud's reason.
fn kind_of(status: u16, reason: &str) -> ErrorKind {
    match (status, reason) {
        (429, _) | (403, "rateLimitExceeded" | "RATE_LIMIT_EXCEEDED" | "userRateLimitExceeded") => {
            ErrorKind::Throttled
        }
        (404, _) => ErrorKind::NotFound,
        (409, "alreadyExists" | "ALREADY_EXISTS") => ErrorKind::AlreadyExists,
        (
            400,
            "resourceInUseByAnotherResource"
            | "RESOURCE_IN_USE_BY_ANOTHER_RESOURCE"
            | NOT_READY
            | "FAILED_PRECONDITION",
        )
        | (409 | 412, _) => ErrorKind::Conflict,
        (401 | 403, _) => ErrorKind::Denied,
        (400, _) => ErrorKind::Invalid,
        (500..=599, _) => ErrorKind::Unavailable,
        _ => ErrorKind::Other,
    }
}

/// The reason and the message of an answer. Compute has no `status`, the others have no `errors`.
fn details(error: &Gax) -> (String, String) {
    let payload = error.http_payload();
    let json = payload.and_then(|bytes| serde_json::from_slice::<Json>(bytes).ok());
    let json = json.as_ref().and_then(|json| json.get("error"));
    let text = |value: Option<&Json>| value.and_then(Json::as_str).map(str::to_owned);
    let reason = json
        .and_then(|e| text(e.get("status")))
        .or_else(|| json.and_then(|e| text(e.get("errors")?.get(0)?.get("reason"))));
    let status = error.status();
    let message = json
        .and_then(|e| text(e.get("message")))
        .or_else(|| {
            status
                .map(|status| status.message.clone())
                .filter(|m| !m.is_empty())
        })
        .unwrap_or_else(|| chain(error));
    let reason = reason.or_else(|| status.map(|status| status.code.name().to_owned()));
    (reason.unwrap_or_default(), message)
}

fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        let more = error.to_string();
        if !text.contains(&more) {
            text = format!("{text}: {more}");
        }
        source = error.source();
    }
    text
}

/// Why an operation of Compute Engine failed, if it did.
pub(crate) fn of_operation(operation: &Operation) -> Option<Error> {
    let failed =
        operation.error.is_some() || operation.http_error_status_code.is_some_and(|s| s >= 400);
    if !failed {
        return None;
    }
    let errors = operation.error.as_ref().map(|error| &error.errors[..]);
    let first = errors.and_then(<[_]>::first);
    let code = first.and_then(|e| e.code.clone()).unwrap_or_default();
    let said: Vec<String> = errors
        .unwrap_or_default()
        .iter()
        .filter_map(|e| e.message.clone())
        .collect();
    let message = match said.is_empty() {
        true => operation.http_error_message.clone().unwrap_or_default(),
        false => said.join("\n"),
    };
    let status = operation.http_error_status_code.unwrap_or(400);
    let status = u16::try_from(status).unwrap_or(400);
    Some(Error::new(kind_of(status, &code), code, message))
}

/// Repeats what was throttled, came too early, or what the cloud could not answer; what may have been carried out only if that does no harm.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Patient;

impl RetryPolicy for Patient {
    fn on_error(&self, state: &RetryState, error: Gax) -> RetryResult {
        let failure = from_gax(&error);
        let harmless = match failure.kind {
            ErrorKind::Throttled => true,
            ErrorKind::Conflict => failure.code == NOT_READY,
            ErrorKind::Unavailable => error.is_connect() || state.idempotent,
            ErrorKind::Lost => state.idempotent,
            _ => false,
        };
        if !harmless {
            RetryResult::Permanent(error)
        } else if state.attempt_count >= ATTEMPTS {
            RetryResult::Exhausted(error)
        } else {
            RetryResult::Continue(error)
        }
    }
}
