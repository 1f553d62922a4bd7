//! What goes wrong between us and a provider, in words.

use crate::connection::text;
use crate::convert::schema::SchemaError;
use crate::launch::{CallError, LaunchError, tail};
use addrs::{Mode, Provider};
use diags::Diagnostic;
use tonic::Code;

const BUG: &str =
    "This is a bug in the provider, which should be reported in the provider's own issue tracker.";

pub(super) fn not_started(source: &Provider, error: &LaunchError) -> Diagnostic {
    Diagnostic::error(
        "Failed to start provider",
        format!("Provider {source} cannot be used: {}", text(error)),
    )
}

pub(super) fn invalid_schema(source: &Provider, error: &SchemaError) -> Diagnostic {
    Diagnostic::error(
        "Invalid provider schema",
        format!("The schema of provider {source} breaks the rules for schemas: {error}.\n\n{BUG}"),
    )
}

pub(super) fn no_such_type(source: &Provider, mode: Mode, kind: &str) -> Diagnostic {
    let what = match mode {
        Mode::Managed => "resource type",
        Mode::Data => "data source",
        Mode::Ephemeral => "ephemeral resource type",
    };
    Diagnostic::error(
        format!("Invalid {what}"),
        format!("Provider {source} has no {what} {kind:?}."),
    )
}

/// A value that we have is not of the type that the provider wants: our fault or the state's.
pub(super) fn unsendable(source: &Provider, kind: &str, error: &cty::WireError) -> Diagnostic {
    Diagnostic::error(
        "Value does not fit the provider's schema",
        format!("A value for {kind} cannot be passed to provider {source}: {error}."),
    )
}

pub(super) fn unreadable(
    source: &Provider,
    call: &str,
    kind: &str,
    error: &cty::WireError,
) -> Diagnostic {
    Diagnostic::error(
        "Provider produced invalid object",
        format!(
            "The answer of provider {source} to {call} for {kind} cannot be read: {error}.\n\n{BUG}"
        ),
    )
}

pub(super) fn deferred(source: &Provider, call: &str, kind: &str) -> Diagnostic {
    Diagnostic::error(
        "Provider deferred an operation",
        format!(
            "Provider {source} answered {call} for {kind} that it cannot do this yet, although it was not told that it may \
             say so.\n\n{BUG}"
        ),
    )
}

pub(super) fn call_failed(source: &Provider, error: CallError) -> Diagnostic {
    let CallError {
        name,
        status,
        ended,
        stderr,
    } = error;
    if let Some(ended) = ended {
        return Diagnostic::error(
            "Plugin did not respond",
            format!(
                "Provider {source} ended ({ended}) while it was to answer {name}{}",
                tail(&stderr)
            ),
        );
    }
    let said = shortened(status.message());
    match status.code() {
        Code::Unavailable => Diagnostic::error(
            "Plugin did not respond",
            format!(
                "The connection to provider {source} broke while it was to answer {name}: {said}."
            ),
        ),
        Code::Cancelled => Diagnostic::error(
            "Request cancelled",
            format!("{name} of provider {source} was cancelled."),
        ),
        Code::Unimplemented => Diagnostic::error(
            "Unsupported plugin method",
            format!(
                "Provider {source} does not support {name}. Perhaps another version of the provider does."
            ),
        ),
        code => Diagnostic::error(
            "Plugin error",
            format!("Provider {source} failed to answer {name}: {code:?}: {said}."),
        ),
    }
}

/// The beginning and the end of a long text.
fn shortened(text: &str) -> String {
    const KEPT: usize = 150;
    let len = text.chars().count();
    if len <= 3 * KEPT {
        return text.to_owned();
    }
    let start: String = text.chars().take(KEPT).collect();
    let end: String = text.chars().skip(len - KEPT).collect();
    format!("{start} ... {end}")
}
