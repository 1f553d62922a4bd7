//! How runs and files end.

/// How a run, a file or all of it ended; the worst of several is the greatest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Status {
    /// Nothing was tried yet.
    #[default]
    Pending,
    /// It was left out.
    Skip,
    /// All is as it should be.
    Pass,
    /// An assertion does not hold.
    Fail,
    /// Something went wrong before all assertions could be evaluated.
    Error,
}

impl Status {
    /// The word in the `-json` stream.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Skip => "skip",
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Error => "error",
        }
    }

    /// The word for people, who need not tell a failure from an error.
    pub(crate) const fn said(self) -> &'static str {
        match self {
            Self::Error => "fail",
            other => other.word(),
        }
    }
}

/// How many runs ended how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) passed: usize,
    pub(crate) failed: usize,
    pub(crate) errored: usize,
    pub(crate) skipped: usize,
}

impl Counts {
    pub(crate) const fn add(&mut self, status: Status) {
        match status {
            Status::Pass => self.passed += 1,
            Status::Fail => self.failed += 1,
            Status::Error => self.errored += 1,
            Status::Skip => self.skipped += 1,
            Status::Pending => {}
        }
    }
}
