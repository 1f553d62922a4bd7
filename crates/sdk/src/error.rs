//! What can go wrong in a resource.

use cty::{Path, Step};
use diags::{AttributeStep, Diagnostic};
use std::fmt;

/// Why a call to a cloud failed, or a resource cannot do what it is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// What kind of failure it is.
    pub kind: ErrorKind,
    /// The cloud's code: `InvalidVpcID.NotFound`; empty if there is none.
    pub code: String,
    /// What this provider was doing: `creating the VPC`. Empty until somebody says.
    pub doing: String,
    /// What the cloud says, or what was expected instead.
    pub message: String,
    /// The attribute to blame, from the block of the resource.
    pub attribute: Vec<AttributeStep>,
}

/// The kinds of failures that a resource tells apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ErrorKind {
    /// The object is not there.
    NotFound,
    /// An object with this name or id is there already.
    AlreadyExists,
    /// Something else uses the object, or changes it right now.
    Conflict,
    /// Too many calls.
    Throttled,
    /// No permission, or no valid credentials.
    Denied,
    /// The request is wrong.
    Invalid,
    /// The cloud cannot answer now; nothing was done.
    Unavailable,
    /// The connection broke after the request was sent: nobody knows whether it was carried out.
    Lost,
    /// It took too long.
    Timeout,
    /// Anything else.
    Other,
}

impl Error {
    /// An error.
    pub fn new(kind: ErrorKind, code: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            kind,
            code: code.into(),
            doing: String::new(),
            message: message.into(),
            attribute: Vec::new(),
        }
    }

    /// A request that is wrong before anybody is asked.
    pub fn invalid(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Invalid, "", message)
    }

    /// Says what was being done, unless somebody nearer to it has said so.
    #[must_use]
    pub fn doing(mut self, what: impl Into<String>) -> Self {
        if self.doing.is_empty() {
            self.doing = what.into();
        }
        self
    }

    /// Blames an attribute.
    #[must_use]
    pub fn at(mut self, attribute: impl Into<String>) -> Self {
        self.attribute = vec![AttributeStep::Name(attribute.into())];
        self
    }

    /// Whether the object is not there.
    pub const fn is_not_found(&self) -> bool {
        matches!(self.kind, ErrorKind::NotFound)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.doing.is_empty() {
            write!(f, "{}: ", self.doing)?;
        }
        if !self.code.is_empty() {
            write!(f, "{}: ", self.code)?;
        }
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}

impl From<Error> for Diagnostic {
    fn from(error: Error) -> Self {
        let summary = match (error.doing.is_empty(), error.code.is_empty()) {
            (false, false) => format!("Error {}: {}", error.doing, error.code),
            (false, true) => format!("Error {}", error.doing),
            (true, false) => error.code.clone(),
            (true, true) => "The provider failed".to_owned(),
        };
        Self::error(summary, error.message).at_attribute(error.attribute)
    }
}

/// What a change leaves: the object, or what is known of it when it failed midway.
pub type Applied<M> = Result<M, Incomplete<M>>;

/// A change that failed.
#[derive(Clone, Debug)]
pub struct Incomplete<M> {
    /// The object as far as it was made or changed; `None`: nothing was made, or it is as it was.
    pub state: Option<Box<M>>,
    /// Why it failed.
    pub error: Error,
}

impl<M> Incomplete<M> {
    /// Says what was being done, unless somebody nearer to it has said so.
    #[must_use]
    pub fn doing(mut self, what: impl Into<String>) -> Self {
        self.error = self.error.doing(what);
        self
    }
}

impl<M> From<Error> for Incomplete<M> {
    fn from(error: Error) -> Self {
        Self { state: None, error }
    }
}

/// From a result, one that keeps what exists.
pub trait Keep<T> {
    /// From here on, a failure still saves the object as it is now.
    fn keep<M: Clone>(self, state: &M) -> Result<T, Incomplete<M>>;

    /// Says what was being done if it failed.
    fn doing(self, what: impl Into<String>) -> Result<T, Error>;
}

impl<T> Keep<T> for Result<T, Error> {
    fn keep<M: Clone>(self, state: &M) -> Result<T, Incomplete<M>> {
        self.map_err(|error| Incomplete {
            state: Some(Box::new(state.clone())),
            error,
        })
    }

    fn doing(self, what: impl Into<String>) -> Self {
        self.map_err(|error| error.doing(what))
    }
}

/// The way to a part of a block, as diagnostics have it. Elements of sets end it.
pub(crate) fn steps(path: &Path) -> Vec<AttributeStep> {
    let step = |step: &Step| match step {
        Step::Attr(name) => Some(AttributeStep::Name(name.to_string())),
        Step::Index(key) => match (key.as_str(), key.as_number()) {
            (Some(key), _) => Some(AttributeStep::Key(key.to_string())),
            (_, Some(number)) => number.to_i64().map(AttributeStep::Index),
            _ => None,
        },
    };
    path.steps().iter().map_while(step).collect()
}
