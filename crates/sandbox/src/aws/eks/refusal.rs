//! Why EKS refuses.

use crate::aws::fault::Fault;
use http::StatusCode;

/// A value that is not allowed.
pub(crate) fn invalid(message: impl Into<String>) -> Fault {
    Fault::new("InvalidParameterException", message)
}

/// A request that the state of the object does not allow.
pub(crate) fn refused(message: impl Into<String>) -> Fault {
    Fault::new("InvalidRequestException", message)
}

/// An object that exists already, is changing, or is needed by others.
pub(crate) fn in_use(message: impl Into<String>) -> Fault {
    Fault::new("ResourceInUseException", message).status(StatusCode::CONFLICT)
}

/// An object that does not exist.
pub(crate) fn not_found(message: impl Into<String>) -> Fault {
    Fault::new("ResourceNotFoundException", message).status(StatusCode::NOT_FOUND)
}
