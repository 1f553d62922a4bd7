//! Why a request is refused.

use http::StatusCode;
use std::borrow::Cow;

/// An error as the query services have it: a code that programs tell apart, and a message for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    /// The HTTP status.
    pub(crate) status: StatusCode,
    /// The code: `InvalidVpcID.NotFound`.
    pub(crate) code: Cow<'static, str>,
    /// The message.
    pub(crate) message: String,
}

impl Fault {
    /// An error with status 400.
    pub(crate) fn new(code: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Self {
        Self {
            status: StatusCode::BAD_REQUEST,
            code: code.into(),
            message: message.into(),
        }
    }

    /// The same with another status.
    pub(crate) fn status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }
}
