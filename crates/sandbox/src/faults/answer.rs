//! Errors in the form of each service.

use crate::{Cloud, Response};
use ::http::StatusCode;
use serde_json::json;

/// Too many calls.
pub(super) fn throttled(cloud: Cloud, operation: &str) -> Response {
    let (status, code) = match service(cloud, operation) {
        Service::Ec2 => (503, "RequestLimitExceeded"),
        Service::Query => (400, "Throttling"),
        Service::Eks => (429, "ThrottlingException"),
        Service::Compute => (403, "rateLimitExceeded"),
        Service::Google => (429, "RESOURCE_EXHAUSTED"),
    };
    refused(cloud, operation, status, code, "Rate exceeded")
}

/// An error of the server.
pub(super) fn broken(cloud: Cloud, operation: &str) -> Response {
    let (status, code) = match service(cloud, operation) {
        Service::Ec2 => (500, "InternalError"),
        Service::Query => (500, "ServiceFailure"),
        Service::Eks => (500, "ServerException"),
        Service::Compute => (503, "backendError"),
        Service::Google => (503, "UNAVAILABLE"),
    };
    refused(cloud, operation, status, code, "An internal error occurred")
}

/// Any error.
pub(super) fn refused(
    cloud: Cloud,
    operation: &str,
    status: u16,
    code: &str,
    message: &str,
) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST);
    match service(cloud, operation) {
        Service::Ec2 => Response::xml(
            status,
            format!(
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Response><Errors><Error><Code>{}</Code><Message>{}</Message></Error></Errors>\
                 <RequestID>{REQUEST}</RequestID></Response>",
                escape(code),
                escape(message)
            ),
        ),
        Service::Query => Response::xml(
            status,
            format!(
                "<ErrorResponse><Error><Type>{}</Type><Code>{}</Code><Message>{}</Message></Error><RequestId>{REQUEST}</RequestId></ErrorResponse>",
                if status.is_server_error() {
                    "Receiver"
                } else {
                    "Sender"
                },
                escape(code),
                escape(message)
            ),
        ),
        Service::Eks => {
            let mut response = Response::json(status, &json!({"message": message}));
            let headers = [("x-amzn-errortype", code), ("x-amzn-requestid", REQUEST)];
            response.headers = headers
                .map(|(name, value)| (name, value.to_owned()))
                .to_vec();
            response
        }
        // The error has a reason, and no status.
        Service::Compute => Response::json(
            status,
            &json!({"error": {
                "code": status.as_u16(),
                "message": message,
                "errors": [{"message": message, "domain": domain(code), "reason": code}],
            }}),
        ),
        Service::Google => Response::json(
            status,
            &json!({"error": {
                "code": status.as_u16(),
                "message": message,
                "errors": [{"message": message, "domain": "global", "reason": reason(code)}],
                "status": code,
            }}),
        ),
    }
}

const REQUEST: &str = "5a4d6f78-0000-4000-8000-00000fa01700";

/// Those that tell errors alike.
enum Service {
    Ec2,
    /// IAM and STS.
    Query,
    Eks,
    Compute,
    /// All others of Google's.
    Google,
}

fn service(cloud: Cloud, operation: &str) -> Service {
    match (cloud, operation.split([':', '.']).next()) {
        (Cloud::Aws, Some("ec2")) => Service::Ec2,
        (Cloud::Aws, Some("eks")) => Service::Eks,
        (Cloud::Aws, _) => Service::Query,
        (Cloud::Google, Some("compute")) => Service::Compute,
        (Cloud::Google, _) => Service::Google,
    }
}

fn domain(reason: &str) -> &'static str {
    if reason == "rateLimitExceeded" {
        "usageLimits"
    } else {
        "global"
    }
}

/// The reason that older clients look at, beside the status.
fn reason(status: &str) -> &'static str {
    match status {
        "RESOURCE_EXHAUSTED" => "rateLimitExceeded",
        "UNAVAILABLE" | "INTERNAL" => "backendError",
        "NOT_FOUND" => "notFound",
        "ALREADY_EXISTS" => "alreadyExists",
        "PERMISSION_DENIED" => "forbidden",
        "ABORTED" => "conflict",
        "FAILED_PRECONDITION" => "failedPrecondition",
        _ => "badRequest",
    }
}

fn escape(text: &str) -> std::borrow::Cow<'_, str> {
    quick_xml::escape::escape(text)
}
