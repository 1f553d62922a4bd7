//! What is said about a state file that cannot be read.

use diags::{Diagnostic, Diagnostics};

/// Why one place in the file is not as it should be.
#[derive(Debug)]
pub(super) struct Problem {
    /// The byte it stands at, where known.
    pub(super) offset: Option<usize>,
    /// What is wrong: a sentence without its full stop.
    pub(super) what: String,
}

const ADVICE: &str = "The file may have been cut off or edited by hand. Restore it from its backup (the same name with .backup) or from the earlier versions that your state storage keeps.";

/// An error about text that is not a state in JSON at all.
pub(super) fn unreadable(error: &serde_json::Error) -> Diagnostics {
    // The library's message ends in "at line 1 column 2".
    let text = error.to_string();
    let what = text.split(" at line ").next().unwrap_or_default();
    Diagnostic::error(
        "Unreadable state file",
        format!(
            "The state is not valid at line {}, column {}: {what}. {ADVICE}",
            error.line(),
            error.column()
        ),
    )
    .into()
}

/// An error for each problem of a state that is JSON.
pub(super) fn invalid(source: &[u8], problems: Vec<Problem>) -> Diagnostics {
    problems
        .into_iter()
        .map(|problem| {
            let place = problem.offset.map_or_else(String::new, |offset| {
                let before = &source[..offset.min(source.len())];
                let line = before.iter().filter(|b| **b == b'\n').count() + 1;
                let column = before.iter().rev().take_while(|b| **b != b'\n').count() + 1;
                format!(" at line {line}, column {column}")
            });
            Diagnostic::error(
                "Invalid state file",
                format!("The state is not valid{place}: {}. {ADVICE}", problem.what),
            )
        })
        .collect()
}

/// An error about a version of the format that is not read.
pub(super) fn unsupported(version: u64) -> Diagnostics {
    let detail = if version > super::VERSION {
        format!(
            "The state has format version {version}; version {} is the newest that is understood. It was written by a newer program: use that one, or a newer version of this one.",
            super::VERSION
        )
    } else {
        format!(
            "The state has format version {version}, which Terraform wrote before version 0.7; versions 3 and {} are understood. Bring it up to date first, by running \"terraform apply\" of Terraform 0.11 on it once.",
            super::VERSION
        )
    };
    Diagnostic::error("Unsupported state file format", detail).into()
}
