//! What AWS answers, as the errors that resources tell apart.

use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use sdk::{Error, ErrorKind, Retry};
use std::time::Duration;

/// Whether a call went well, whatever it answered.
pub(crate) fn done<T, E, R>(sent: Result<T, SdkError<E, R>>) -> Result<(), Error>
where
    E: ProvideErrorMetadata + std::error::Error + 'static,
    R: std::fmt::Debug,
{
    sent.map(|_| ()).map_err(of)
}

/// The error of a call.
pub(crate) fn of<E, R>(error: SdkError<E, R>) -> Error
where
    E: ProvideErrorMetadata + std::error::Error + 'static,
    R: std::fmt::Debug,
{
    let error = match error {
        SdkError::ServiceError(refused) => {
            let refused = refused.err();
            let code = refused.code().unwrap_or("Unknown");
            let message = refused.message().unwrap_or("the service gave no reason");
            return Error::new(kind_of(code), code, message);
        }
        other => other,
    };
    let kind = match &error {
        SdkError::TimeoutError(_) | SdkError::ResponseError(_) => ErrorKind::Lost,
        SdkError::DispatchFailure(failure) if failure.is_user() => ErrorKind::Invalid,
        SdkError::DispatchFailure(_) => ErrorKind::Lost,
        _ => ErrorKind::Other,
    };
    let why = chain(&error);
    if why.contains("credentials") {
        return Error::new(
            ErrorKind::Denied,
            "",
            format!("there are no valid credentials: {why}"),
        );
    }
    Error::new(kind, "", why)
}

/// The error and all that led to it, each once.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(error) = next {
        let one = error.to_string();
        if !text.contains(&one) {
            text.push_str(": ");
            text.push_str(&one);
        }
        next = error.source();
    }
    text
}

/// What a code means. Services agree on their forms, if not on the words.
fn kind_of(code: &str) -> ErrorKind {
    const THROTTLED: &[&str] = &[
        "RequestLimitExceeded",
        "RequestThrottled",
        "SlowDown",
        "TooManyRequestsException",
        "PriorRequestNotComplete",
        "TransactionInProgressException",
    ];
    const UNAVAILABLE: &[&str] = &[
        "InternalError",
        "InternalFailure",
        "InternalServerError",
        "InternalServiceError",
        "ServerException",
        "ServiceFailure",
        "ServiceUnavailable",
        "ServiceUnavailableException",
        "Unavailable",
    ];
    const GONE: &[&str] = &[
        "NoSuchEntity",
        "NotFoundException",
        "ResourceNotFoundException",
    ];
    const EXISTS: &[&str] = &[
        "EntityAlreadyExists",
        "RouteAlreadyExists",
        "InvalidGroup.Duplicate",
        "InvalidPermission.Duplicate",
    ];
    const CONFLICT: &[&str] = &[
        "DependencyViolation",
        "DeleteConflict",
        "ResourceInUseException",
        "ResourceInUse",
        "ConcurrentModification",
        "IncorrectState",
        "IncorrectInstanceState",
        "Resource.AlreadyAssociated",
        "InvalidIPAddress.InUse",
    ];
    const DENIED: &[&str] = &[
        "AccessDenied",
        "AccessDeniedException",
        "AuthFailure",
        "ExpiredToken",
        "ExpiredTokenException",
        "InvalidClientTokenId",
        "OptInRequired",
        "SignatureDoesNotMatch",
        "UnauthorizedOperation",
        "UnrecognizedClientException",
    ];
    if code.starts_with("Throttl") || THROTTLED.contains(&code) {
        ErrorKind::Throttled
    } else if UNAVAILABLE.contains(&code) {
        ErrorKind::Unavailable
    } else if code.ends_with(".NotFound") || code.ends_with("NotFound") || GONE.contains(&code) {
        ErrorKind::NotFound
    } else if code.ends_with("AlreadyExists") || EXISTS.contains(&code) {
        ErrorKind::AlreadyExists
    } else if CONFLICT.contains(&code) || code.ends_with(".InUse") {
        ErrorKind::Conflict
    } else if DENIED.contains(&code) {
        ErrorKind::Denied
    } else if code.starts_with("Invalid") || code.starts_with("Validation") {
        ErrorKind::Invalid
    } else {
        ErrorKind::Other
    }
}

/// What an error means for a request that changes something and has no client token.
pub(crate) fn of_write(error: &Error) -> Retry {
    match error.kind {
        ErrorKind::Throttled => Retry::Later,
        ErrorKind::Unavailable | ErrorKind::Lost => Retry::Ambiguous,
        _ => Retry::No,
    }
}

/// The same for a request that can be repeated at will, and whose object may be in use for a while.
pub(crate) fn while_in_use(error: &Error) -> Retry {
    match error.kind {
        ErrorKind::Conflict | ErrorKind::Throttled | ErrorKind::Unavailable | ErrorKind::Lost => {
            Retry::Later
        }
        _ => Retry::No,
    }
}

/// How long something may be invisible after it was made.
pub(crate) const PROPAGATION: Duration = Duration::from_secs(20);

/// The same for a request that refers to what was made just now.
pub(crate) fn while_unseen(error: &Error) -> Retry {
    match error.kind {
        ErrorKind::NotFound => Retry::Within(PROPAGATION),
        ErrorKind::Throttled | ErrorKind::Unavailable | ErrorKind::Lost => Retry::Later,
        _ => Retry::No,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_have_kinds() {
        for (code, kind) in [
            ("InvalidVpcID.NotFound", ErrorKind::NotFound),
            ("InvalidAssociationID.NotFound", ErrorKind::NotFound),
            ("NatGatewayNotFound", ErrorKind::NotFound),
            ("NoSuchEntity", ErrorKind::NotFound),
            ("RequestLimitExceeded", ErrorKind::Throttled),
            ("ThrottlingException", ErrorKind::Throttled),
            ("DependencyViolation", ErrorKind::Conflict),
            ("InvalidGroup.InUse", ErrorKind::Conflict),
            ("InvalidGroup.Duplicate", ErrorKind::AlreadyExists),
            ("InvalidParameterValue", ErrorKind::Invalid),
            ("UnauthorizedOperation", ErrorKind::Denied),
            ("InternalError", ErrorKind::Unavailable),
            ("VpcLimitExceeded", ErrorKind::Other),
        ] {
            assert_eq!(kind_of(code), kind, "{code}");
        }
    }
}
