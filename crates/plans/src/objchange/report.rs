//! Broken laws.

use cty::{Path, Step, Value};
use std::fmt;
use std::sync::Arc;

/// Longest rendering of a value in a message, in characters.
const MAX_SHOWN: usize = 200;

/// A law that an answer breaks, and where.
#[derive(Clone, Debug, PartialEq)]
pub struct Violation {
    /// Where in the object.
    pub path: Path,
    /// What was expected instead.
    pub message: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.path.steps().is_empty() {
            f.write_str(&self.message)
        } else {
            write!(f, "{}: {}", self.path, self.message)
        }
    }
}

/// The violations found so far, and where the search is.
#[derive(Default)]
pub(super) struct Report {
    path: Path,
    pub(super) found: Vec<Violation>,
}

impl Report {
    pub(super) fn add(&mut self, message: impl Into<String>) {
        self.found.push(Violation {
            path: self.path.clone(),
            message: message.into(),
        });
    }

    /// Goes one step in, and comes back.
    pub(super) fn within<R>(&mut self, step: Step, inside: impl FnOnce(&mut Self) -> R) -> R {
        self.path.0.push(step);
        let result = inside(self);
        self.path.0.pop();
        result
    }

    pub(super) fn attr<R>(&mut self, name: &Arc<str>, inside: impl FnOnce(&mut Self) -> R) -> R {
        self.within(Step::Attr(name.clone()), inside)
    }

    pub(super) fn index<R>(&mut self, key: Value, inside: impl FnOnce(&mut Self) -> R) -> R {
        self.within(Step::Index(key), inside)
    }
}

/// A value in a message.
pub(super) fn show(value: &Value) -> String {
    let text = format!("{value:?}");
    match text.char_indices().nth(MAX_SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}
