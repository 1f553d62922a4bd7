//! Positions in source files.

use std::fmt;
use std::sync::Arc;

/// A position in a source file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pos {
    /// Line, counted from 1.
    pub line: u32,
    /// Column in grapheme clusters, counted from 1.
    pub column: u32,
    /// Byte offset from the start of the file.
    pub byte: u32,
}

/// A half-open range of a source file.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceRange {
    /// The file's name as it is shown to people.
    pub file: Arc<str>,
    /// The first position inside the range.
    pub start: Pos,
    /// The first position after the range.
    pub end: Pos,
}

impl SourceRange {
    /// A range with no extent at the start of `file`.
    pub fn start_of(file: impl Into<Arc<str>>) -> Self {
        let start = Pos {
            line: 1,
            column: 1,
            byte: 0,
        };
        Self {
            file: file.into(),
            start,
            end: start,
        }
    }

    /// The smallest range that covers `self` and `other` (of the same file).
    #[must_use]
    pub fn to(&self, other: &Self) -> Self {
        Self {
            file: self.file.clone(),
            start: self.start.min(other.start),
            end: self.end.max(other.end),
        }
    }
}

impl fmt::Display for SourceRange {
    /// `main.tf:3,5-12` on one line, `main.tf:3,5-6,2` over several.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}:{},{}-",
            self.file, self.start.line, self.start.column
        )?;
        if self.start.line != self.end.line {
            write!(f, "{},", self.end.line)?;
        }
        write!(f, "{}", self.end.column)
    }
}

impl fmt::Debug for SourceRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
