//! What the two wire forms have in common.

use crate::{Path, Step, Value, convert, ops};

/// How deep values and types may be nested on the wire.
pub(crate) const MAX_DEPTH: usize = 400;

/// Elements that room is made for before they are there, whatever length the wire claims.
pub(crate) const MAX_PREALLOCATED: usize = 1024;

/// Why a value cannot be written or read.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{}{}{message}", .path, if .path.0.is_empty() { "" } else { ": " })]
pub struct WireError {
    /// Where inside the value the problem is.
    pub path: Path,
    /// What is wrong there.
    pub message: String,
}

impl WireError {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self {
            path: Path::root(),
            message: message.into(),
        }
    }

    /// The same problem seen from one step further out. Until the path is complete its steps are in
    /// reverse.
    pub(crate) fn within(mut self, step: Step) -> Self {
        self.path.0.push(step);
        self
    }

    /// Puts the steps in order.
    pub(crate) fn complete(mut self) -> Self {
        self.path.0.reverse();
        self
    }
}

/// One level deeper, if that is allowed.
pub(crate) fn deeper(depth: usize) -> Result<usize, WireError> {
    if depth < MAX_DEPTH {
        Ok(depth + 1)
    } else {
        Err(WireError::new(format!(
            "nested more than {MAX_DEPTH} levels deep"
        )))
    }
}

/// The value as one that conforms to the constraint, and without marks.
pub(crate) fn prepared(value: &Value, constraint: &crate::Type) -> Result<Value, WireError> {
    if !value.all_marks().is_empty() {
        return Err(WireError::new(
            "value has marks, so it cannot be serialized",
        ));
    }
    if ops::conforms(value.ty(), constraint) {
        return Ok(value.clone());
    }
    convert::convert(value, constraint).map_err(|e| WireError {
        path: e.path,
        message: e.message,
    })
}
