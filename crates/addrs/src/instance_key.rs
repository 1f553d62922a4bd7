//! The key of one instance of a block.

use cty::Value;
use std::fmt;
use std::sync::Arc;

/// The key of one instance of a resource or module block. Ordered as in state files: no key, then
/// numbers, then strings.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum InstanceKey {
    /// The block has neither `count` nor `for_each`.
    None,
    /// `count`: an index.
    Int(i64),
    /// `for_each`: a key.
    Str(Arc<str>),
}

impl InstanceKey {
    /// The key as a value; `None` for no key.
    pub fn to_value(&self) -> Option<Value> {
        match self {
            Self::None => None,
            Self::Int(i) => Some(Value::number(*i)),
            Self::Str(s) => Some(Value::string(s.clone())),
        }
    }

    /// The key that a value stands for: a whole number or a string, known and not null.
    pub fn from_value(value: &Value) -> Option<Self> {
        match (value.as_number(), value.as_str()) {
            (Some(n), _) => n.to_i64().map(Self::Int),
            (_, Some(s)) => Some(Self::Str(s.clone())),
            _ => None,
        }
    }

    /// Whether there is no key.
    pub const fn is_none(&self) -> bool {
        matches!(self, Self::None)
    }
}

impl fmt::Display for InstanceKey {
    /// Nothing, `[0]` or `["a"]`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => Ok(()),
            Self::Int(i) => write!(f, "[{i}]"),
            Self::Str(s) => {
                f.write_str("[\"")?;
                let mut rest = s.chars().peekable();
                while let Some(c) = rest.next() {
                    match c {
                        '"' => f.write_str("\\\"")?,
                        '\\' => f.write_str("\\\\")?,
                        '\n' => f.write_str("\\n")?,
                        '\r' => f.write_str("\\r")?,
                        '\t' => f.write_str("\\t")?,
                        '$' | '%' if rest.peek() == Some(&'{') => write!(f, "{c}{c}")?,
                        c if is_printable(c) => write!(f, "{c}")?,
                        c if c <= '\u{ffff}' => write!(f, "\\u{:04x}", u32::from(c))?,
                        c => write!(f, "\\U{:08x}", u32::from(c))?,
                    }
                }
                f.write_str("\"]")
            }
        }
    }
}

/// Whether a character is shown as it is: letters, marks, numbers, punctuation, symbols and the space.
fn is_printable(c: char) -> bool {
    if c.is_ascii() {
        return c == ' ' || c.is_ascii_graphic();
    }
    // Behind a letter, marks are not escaped.
    ['a', c].iter().collect::<String>().escape_debug().count() == 2
}
