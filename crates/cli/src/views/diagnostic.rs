//! Diagnostics, for people and as JSON.

use diags::{Diagnostic, Severity};
use std::collections::BTreeMap;
use std::sync::Arc;

type Sources = BTreeMap<Arc<str>, Arc<str>>;

/// A diagnostic for people.
pub(crate) fn human(diagnostic: &Diagnostic, sources: &Sources, _color: bool) -> String {
    let severity = if diagnostic.severity == Severity::Error {
        "Error"
    } else {
        "Warning"
    };
    let mut out = format!("\n{severity}: {}\n", diagnostic.summary);
    if let Some(range) = &diagnostic.subject {
        out.push_str(&format!(
            "\n  on {} line {}:\n",
            range.file, range.start.line
        ));
        if let Some(line) = sources
            .get(&range.file)
            .and_then(|s| s.lines().nth(range.start.line as usize - 1))
        {
            out.push_str(&format!("  {:>4}: {line}\n", range.start.line));
        }
    }
    for value in &diagnostic.values {
        out.push_str(&format!("    {} {}\n", value.reference, value.statement));
    }
    if !diagnostic.detail.is_empty() {
        out.push_str(&format!("\n{}\n", diagnostic.detail));
    }
    out
}

/// A diagnostic as an event of the `-json` stream.
pub(crate) fn event(diagnostic: &Diagnostic, _sources: &Sources) -> String {
    let severity = if diagnostic.severity == Severity::Error {
        "error"
    } else {
        "warning"
    };
    serde_json::json!({"@level": severity, "@message": diagnostic.summary, "type": "diagnostic"})
        .to_string()
}

/// The result of `validate -json`.
pub(crate) fn validation(diags: &diags::Diagnostics, sources: &Sources) -> String {
    let all: Vec<serde_json::Value> = diags
        .iter()
        .filter_map(|d| serde_json::from_str(&event(d, sources)).ok())
        .collect();
    let errors = diags.iter().filter(|d| d.is_error()).count();
    format!(
        "{:#}",
        serde_json::json!({
            "format_version": "1.0",
            "valid": errors == 0,
            "error_count": errors,
            "warning_count": diags.len() - errors,
            "diagnostics": all,
        })
    )
}
