//! What goes wrong, and how each service says so.

use crate::Response;
use http::StatusCode;
use serde_json::{Value, json};

/// A request that failed.
#[derive(Debug)]
pub(super) struct Failure {
    code: StatusCode,
    /// The canonical name of the code: `NOT_FOUND`.
    status: &'static str,
    /// Compute's name of what is wrong: `notFound`.
    reason: &'static str,
    message: String,
    details: Vec<Value>,
}

/// How a service writes errors.
#[derive(Clone, Copy, Debug)]
pub(super) enum Style {
    /// A list of reasons, no canonical name: compute.
    Listed,
    /// Both: container, iam.
    Both,
    /// A canonical name only.
    Canonical,
}

impl Failure {
    fn new(
        code: u16,
        status: &'static str,
        reason: &'static str,
        message: impl Into<String>,
    ) -> Self {
        Self {
            code: StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
            status,
            reason,
            message: message.into(),
            details: Vec::new(),
        }
    }

    pub(super) fn not_found(message: impl Into<String>) -> Self {
        Self::new(404, "NOT_FOUND", "notFound", message)
    }

    pub(super) fn already_exists(message: impl Into<String>) -> Self {
        Self::new(409, "ALREADY_EXISTS", "alreadyExists", message)
    }

    pub(super) fn invalid_argument(message: impl Into<String>) -> Self {
        Self::new(400, "INVALID_ARGUMENT", "badRequest", message)
    }

    pub(super) fn failed_precondition(message: impl Into<String>) -> Self {
        Self::new(400, "FAILED_PRECONDITION", "failedPrecondition", message)
    }

    pub(super) fn aborted(message: impl Into<String>) -> Self {
        Self::new(409, "ABORTED", "aborted", message)
    }

    pub(super) fn permission_denied(message: impl Into<String>) -> Self {
        Self::new(403, "PERMISSION_DENIED", "forbidden", message)
    }

    /// The service is not enabled.
    pub(super) fn access_not_configured(message: String, service: &str, project: &str) -> Self {
        let detail = json!({
            "@type": "type.googleapis.com/google.rpc.ErrorInfo",
            "reason": "SERVICE_DISABLED",
            "domain": "googleapis.com",
            "metadata": {"service": format!("{service}.googleapis.com"), "consumer": format!("projects/{project}")},
        });
        Self {
            reason: "accessNotConfigured",
            details: vec![detail],
            ..Self::permission_denied(message)
        }
    }

    /// Compute: what is in the body cannot be so.
    pub(super) fn invalid(message: impl Into<String>) -> Self {
        Self::new(400, "INVALID_ARGUMENT", "invalid", message)
    }

    /// Compute: a field's value is wrong.
    pub(super) fn field(field: &str, value: &Value, why: &str) -> Self {
        let value = match value {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        Self::invalid(format!(
            "Invalid value for field '{field}': '{value}'. {why}"
        ))
    }

    /// Compute: a field is missing.
    pub(super) fn required(field: &str) -> Self {
        let message = format!("Required field '{field}' not specified");
        Self::new(400, "INVALID_ARGUMENT", "required", message)
    }

    /// Compute: what is asked for conflicts with what is there.
    pub(super) fn invalid_usage(message: impl Into<String>) -> Self {
        Self::new(400, "INVALID_ARGUMENT", "invalidResourceUsage", message)
    }

    /// Compute: the fingerprint is not the current one.
    pub(super) fn condition_not_met(message: impl Into<String>) -> Self {
        Self::new(412, "FAILED_PRECONDITION", "conditionNotMet", message)
    }

    /// Compute: an object's creation has not ended yet.
    pub(super) fn not_ready(path: &str) -> Self {
        let message = format!("The resource '{path}' is not ready");
        Self::new(400, "FAILED_PRECONDITION", "resourceNotReady", message)
    }

    /// Compute: other objects need this one.
    pub(super) fn in_use(message: impl Into<String>) -> Self {
        let reason = "resourceInUseByAnotherResource";
        Self::new(400, "FAILED_PRECONDITION", reason, message)
    }

    /// The project in the path is not here.
    pub(super) fn unknown_project(project: &str) -> Self {
        Self::not_found(format!("The resource 'projects/{project}' was not found"))
    }

    /// The answer, as a service writes it.
    pub(super) fn response(&self, style: Style) -> Response {
        let mut error = json!({"code": self.code.as_u16(), "message": self.message});
        if !matches!(style, Style::Canonical) {
            let reason =
                json!({"message": self.message, "domain": "global", "reason": self.reason});
            error["errors"] = json!([reason]);
        }
        if !matches!(style, Style::Listed) {
            error["status"] = json!(self.status);
        }
        if !self.details.is_empty() {
            error["details"] = json!(self.details);
        }
        Response::json(self.code, &json!({"error": error}))
    }
}
