//! What Terraform says about configurations, compared with what is said here.
//!
//! `oracle.txt` holds files and what `terraform validate` reports for them; `differences.txt` what
//! is not the same here: `-` is only said there, `+` only here.

use crate::{Loader, MemoryFiles};
use expect_test::expect_file;
use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::{Path, PathBuf};

/// The parts of a text that begin with a line `<mark> title`.
pub(crate) fn sections<'t>(text: &'t str, mark: &str) -> Vec<(&'t str, &'t str)> {
    let mut sections = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(mark) {
        let (title, body) = rest[at + mark.len()..].split_once('\n').unwrap_or_default();
        let end = body
            .find(&format!("\n{mark}"))
            .map_or(body.len(), |end| end + 1);
        let end = if body.starts_with(mark) { 0 } else { end };
        sections.push((title, &body[..end]));
        rest = &body[end..];
    }
    sections
}

/// What is said here about files, a line each.
fn says(files: &MemoryFiles) -> BTreeSet<String> {
    let (_, diags) = Loader::new(files, Path::new(".terraform")).load(Path::new("."));
    let line = |d: &diags::Diagnostic| {
        let severity = if d.is_error() { "error" } else { "warning" };
        let subject = d.subject.as_ref().map_or("-".into(), ToString::to_string);
        format!("{severity} {subject} {}", d.summary)
    };
    diags.iter().map(line).collect()
}

#[test]
fn says_what_terraform_says() {
    let mut differences = String::new();
    for (title, case) in sections(include_str!("oracle.txt"), "=== ") {
        let mut files = MemoryFiles::default();
        let mut theirs = BTreeSet::new();
        for (name, text) in sections(case, "--- ") {
            if name == "says" {
                theirs = text.lines().map(str::to_owned).collect();
            } else {
                files.0.insert(PathBuf::from(name), text.into());
            }
        }
        let ours = says(&files);
        if ours != theirs {
            let _ = writeln!(differences, "=== {title}");
            for line in theirs.difference(&ours) {
                let _ = writeln!(differences, "- {line}");
            }
            for line in ours.difference(&theirs) {
                let _ = writeln!(differences, "+ {line}");
            }
        }
    }
    expect_file!["differences.txt"].assert_eq(&differences);
}
