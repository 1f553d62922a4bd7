//! Where inside a value something is.

use crate::Value;
use std::fmt;
use std::sync::Arc;

/// One step into a value.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// An attribute of an object.
    Attr(Arc<str>),
    /// An element: a number for lists and tuples, a string for maps, the element itself for sets.
    Index(Value),
}

/// A way from a value to a part of it; empty = the value itself.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Path(pub Vec<Step>);

impl Path {
    /// The value itself.
    pub const fn root() -> Self {
        Self(Vec::new())
    }

    /// One step further, to an attribute.
    #[must_use]
    pub fn attr(mut self, name: impl Into<Arc<str>>) -> Self {
        self.0.push(Step::Attr(name.into()));
        self
    }

    /// One step further, to an element.
    #[must_use]
    pub fn index(mut self, key: Value) -> Self {
        self.0.push(Step::Index(key));
        self
    }

    /// The steps in order.
    pub fn steps(&self) -> &[Step] {
        &self.0
    }
}

impl fmt::Display for Path {
    /// As the language writes it: `.name[0]["key"]`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for step in &self.0 {
            match step {
                Step::Attr(name) => write!(f, ".{name}")?,
                Step::Index(key) => match (key.as_str(), key.as_number()) {
                    (Some(text), _) => write!(f, "[{text:?}]")?,
                    (_, Some(number)) => write!(f, "[{number}]")?,
                    _ => f.write_str("[...]")?,
                },
            }
        }
        Ok(())
    }
}
