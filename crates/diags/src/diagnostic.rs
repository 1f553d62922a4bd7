//! One problem, and lists of them.

use crate::SourceRange;

/// How bad a problem is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The operation cannot succeed.
    Error,
    /// The operation goes on.
    Warning,
}

/// What a reference in the offending expression stood for: shown below the source snippet as
/// `var.size is "large"`. Sensitive values never get here in the clear.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReferenceValue {
    /// The reference as written, e.g. `var.size`.
    pub reference: String,
    /// The rest of the sentence, e.g. `is "large"` or `is a list of string, known only after apply`.
    pub statement: String,
}

/// One step from a block to the argument or nested block that a problem is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AttributeStep {
    /// An attribute, or the blocks of a type.
    Name(String),
    /// An element of a map.
    Key(String),
    /// An element of a list, or the n-th block of a type, counted from 0.
    Index(i64),
}

/// One problem.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// How bad it is.
    pub severity: Severity,
    /// One line: what is wrong.
    pub summary: String,
    /// What was expected and how to fix it; may be empty, may have several paragraphs.
    pub detail: String,
    /// The offending piece of source.
    pub subject: Option<SourceRange>,
    /// A larger piece of source around `subject` that helps to understand it.
    pub context: Option<SourceRange>,
    /// The way from the block concerned to the offending part of it, as a provider names it: whoever
    /// has the block turns it into `subject`. Empty = the whole block.
    pub attribute: Vec<AttributeStep>,
    /// The object concerned, e.g. `aws_vpc.main["a"]`.
    pub address: Option<String>,
    /// What the references in the offending expression stood for.
    pub values: Vec<ReferenceValue>,
    /// The condition that does not hold, where the problem is that: not shown, it tells who expects it.
    pub rule: Option<SourceRange>,
}

impl Diagnostic {
    /// An error.
    pub fn error(summary: impl Into<String>, detail: impl Into<String>) -> Self {
        Self::new(Severity::Error, summary, detail)
    }

    /// A warning.
    pub fn warning(summary: impl Into<String>, detail: impl Into<String>) -> Self {
        Self::new(Severity::Warning, summary, detail)
    }

    fn new(severity: Severity, summary: impl Into<String>, detail: impl Into<String>) -> Self {
        Self {
            severity,
            summary: summary.into(),
            detail: detail.into(),
            subject: None,
            context: None,
            attribute: Vec::new(),
            address: None,
            values: Vec::new(),
            rule: None,
        }
    }

    /// Points at the offending source.
    #[must_use]
    pub fn at(mut self, range: impl Into<Option<SourceRange>>) -> Self {
        self.subject = range.into();
        self
    }

    /// Shows more source around the subject.
    #[must_use]
    pub fn within(mut self, range: impl Into<Option<SourceRange>>) -> Self {
        self.context = range.into();
        self
    }

    /// Points at a part of the block concerned.
    #[must_use]
    pub fn at_attribute(mut self, steps: impl IntoIterator<Item = AttributeStep>) -> Self {
        self.attribute = steps.into_iter().collect();
        self
    }

    /// Names the object concerned.
    #[must_use]
    pub fn about(mut self, address: impl ToString) -> Self {
        self.address = Some(address.to_string());
        self
    }

    /// Adds what the references of the offending expression stood for.
    #[must_use]
    pub fn with_values(mut self, values: Vec<ReferenceValue>) -> Self {
        self.values = values;
        self
    }

    /// Names the condition that does not hold.
    #[must_use]
    pub fn of_rule(mut self, condition: SourceRange) -> Self {
        self.rule = Some(condition);
        self
    }

    /// Whether this is an error.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

/// The problems found so far, in the order they were found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[must_use = "diagnostics must be reported or passed on"]
pub struct Diagnostics(Vec<Diagnostic>);

impl Diagnostics {
    /// No problems.
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// Adds one problem.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.0.push(diagnostic);
    }

    /// Adds all problems of `other`.
    pub fn append(&mut self, other: impl IntoIterator<Item = Diagnostic>) {
        self.0.extend(other);
    }

    /// Whether any problem is an error.
    pub fn has_errors(&self) -> bool {
        self.0.iter().any(Diagnostic::is_error)
    }

    /// Whether there is no problem at all.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many problems there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// The problems in order.
    pub fn iter(&self) -> std::slice::Iter<'_, Diagnostic> {
        self.0.iter()
    }

    /// The problems in order, to be changed (e.g. to fill in a missing subject).
    pub fn iter_mut(&mut self) -> std::slice::IterMut<'_, Diagnostic> {
        self.0.iter_mut()
    }

    /// Gives every problem that points nowhere the subject `range`.
    pub fn at_if_none(mut self, range: &SourceRange) -> Self {
        for diagnostic in &mut self.0 {
            diagnostic.subject.get_or_insert_with(|| range.clone());
        }
        self
    }
}

impl IntoIterator for Diagnostics {
    type Item = Diagnostic;
    type IntoIter = std::vec::IntoIter<Diagnostic>;
    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a> IntoIterator for &'a Diagnostics {
    type Item = &'a Diagnostic;
    type IntoIter = std::slice::Iter<'a, Diagnostic>;
    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

impl From<Diagnostic> for Diagnostics {
    fn from(diagnostic: Diagnostic) -> Self {
        Self(vec![diagnostic])
    }
}

impl FromIterator<Diagnostic> for Diagnostics {
    fn from_iter<I: IntoIterator<Item = Diagnostic>>(iter: I) -> Self {
        Self(iter.into_iter().collect())
    }
}

impl Extend<Diagnostic> for Diagnostics {
    fn extend<I: IntoIterator<Item = Diagnostic>>(&mut self, iter: I) {
        self.0.extend(iter);
    }
}
