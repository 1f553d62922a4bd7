//! Diagnostics, for people and as JSON.

mod snippet;
#[cfg(test)]
mod tests;

use super::events::event as line;
use super::style::Paint;
use super::wrap::wrap_to;
use anstyle::AnsiColor;
use diags::{Diagnostic, Diagnostics, Severity};
use serde_json::{Map, Value, json};
use snippet::{Snippet, snippet};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The text of every file that diagnostics may point into.
pub(crate) type Sources = BTreeMap<Arc<str>, Arc<str>>;

/// Columns that details may take.
const WIDTH: usize = 78;

/// A diagnostic for people: with colours in a box, without them plain.
pub(crate) fn human(diagnostic: &Diagnostic, sources: &Sources, color: bool) -> String {
    let paint = Paint::new(color);
    let (hue, severity) = match diagnostic.severity {
        Severity::Error => (AnsiColor::Red, "Error: "),
        Severity::Warning => (AnsiColor::Yellow, "Warning: "),
    };
    let width = if color { WIDTH - 2 } else { WIDTH };
    let mut text = format!(
        "{}{}\n\n",
        paint.strong(hue, severity),
        paint.bold(&diagnostic.summary)
    );
    push_source(diagnostic, sources, paint, &mut text);
    if !diagnostic.detail.is_empty() {
        text.push_str(&wrap_to(&diagnostic.detail, width));
        text.push('\n');
    }
    let text = text.trim_end();
    if !color {
        return format!("\n{text}\n");
    }
    let bar = |c: &str| match hue {
        AnsiColor::Red => paint.red(c),
        _ => paint.yellow(c),
    };
    let lines: String = text
        .lines()
        .map(|line| format!("{} {line}\n", bar("│")))
        .collect();
    format!("{}\n{lines}{}\n", bar("╷"), bar("╵"))
}

/// Appends where the problem is and what the code there says.
fn push_source(diagnostic: &Diagnostic, sources: &Sources, paint: Paint, out: &mut String) {
    if let Some(address) = &diagnostic.address {
        out.push_str(&format!("  with {address},\n"));
    }
    let Some(range) = &diagnostic.subject else {
        if diagnostic.address.is_some() {
            out.push('\n');
        }
        return;
    };
    let (file, line) = (&range.file, range.start.line);
    match snippet(diagnostic, sources) {
        None => out.push_str(&format!(
            "  on {file} line {line}:\n  (source code not available)\n"
        )),
        Some(snippet) => {
            let context = snippet.context.as_ref();
            let context = context.map_or_else(String::new, |c| format!(", in {c}"));
            out.push_str(&format!("  on {file} line {line}{context}:\n"));
            push_code(&snippet, paint, out);
            push_values(diagnostic, paint, out);
        }
    }
    out.push('\n');
}

fn push_code(snippet: &Snippet<'_>, paint: Paint, out: &mut String) {
    let (before, rest) = snippet.code.split_at(snippet.start);
    let (marked, after) = rest.split_at(snippet.end - snippet.start);
    // Colours end with the line.
    let marked: Vec<String> = marked
        .split('\n')
        .map(|line| paint.underline(line))
        .collect();
    let code = format!("{before}{}{after}", marked.join("\n"));
    for (i, line) in code.split('\n').enumerate() {
        out.push_str(&format!("{:>4}: {line}\n", snippet.line + i));
    }
}

fn push_values(diagnostic: &Diagnostic, paint: Paint, out: &mut String) {
    if diagnostic.values.is_empty() {
        return;
    }
    out.push_str(&format!("    {}\n", paint.dim("├────────────────")));
    let mut values: Vec<_> = diagnostic.values.iter().collect();
    values.sort_by(|a, b| a.reference.cmp(&b.reference));
    for value in values {
        out.push_str(&format!(
            "    {} {} {}\n",
            paint.dim("│"),
            paint.bold(&value.reference),
            value.statement
        ));
    }
}

/// Warnings in one line each, as `-compact-warnings` shows them.
pub(crate) fn compact_warnings(warnings: &[&Diagnostic], color: bool) -> String {
    let mut out = format!(
        "\n{}\n\n",
        Paint::new(color).strong(AnsiColor::Yellow, "Warnings:")
    );
    for warning in warnings {
        out.push_str(&format!("- {}\n", warning.summary));
        if let Some(range) = &warning.subject {
            out.push_str(&format!("  on {} line {}\n", range.file, range.start.line));
        }
    }
    out.push_str("\nTo see the full warning notes, run the command without -compact-warnings.\n");
    out
}

/// A diagnostic as an event of the `-json` stream.
pub(crate) fn event(diagnostic: &Diagnostic, sources: &Sources) -> String {
    event_with(diagnostic, sources, Map::new())
}

/// The same with further members.
pub(crate) fn event_with(
    diagnostic: &Diagnostic,
    sources: &Sources,
    mut members: Map<String, Value>,
) -> String {
    let (level, title) = match diagnostic.severity {
        Severity::Error => ("error", "Error"),
        Severity::Warning => ("warn", "Warning"),
    };
    let message = format!("{title}: {}", diagnostic.summary);
    members.insert("diagnostic".into(), to_json(diagnostic, sources));
    line(level, &message, "diagnostic", members)
}

/// A diagnostic as an object.
pub(crate) fn to_json(diagnostic: &Diagnostic, sources: &Sources) -> Value {
    let severity = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    let mut members = Map::new();
    members.insert("severity".into(), severity.into());
    members.insert("summary".into(), diagnostic.summary.as_str().into());
    members.insert("detail".into(), diagnostic.detail.as_str().into());
    if let Some(address) = &diagnostic.address {
        members.insert("address".into(), address.as_str().into());
    }
    if let Some(range) = &diagnostic.subject {
        let pos = |p: &diags::Pos| json!({"line": p.line, "column": p.column, "byte": p.byte});
        members.insert(
            "range".into(),
            json!({"filename": &*range.file, "start": pos(&range.start), "end": pos(&range.end)}),
        );
    }
    if let Some(snippet) = snippet(diagnostic, sources) {
        let mut values: Vec<_> = diagnostic.values.iter().collect();
        values.sort_by(|a, b| a.reference.cmp(&b.reference));
        let values: Vec<Value> = values
            .into_iter()
            .map(|v| json!({"traversal": v.reference, "statement": v.statement}))
            .collect();
        members.insert(
            "snippet".into(),
            json!({
                "context": snippet.context,
                "code": snippet.code,
                "start_line": snippet.line,
                "highlight_start_offset": snippet.start,
                "highlight_end_offset": snippet.end,
                "values": values,
            }),
        );
    }
    Value::Object(members)
}

/// The result of `validate -json`.
pub(crate) fn validation(diags: &Diagnostics, sources: &Sources) -> String {
    let all: Vec<Value> = diags.iter().map(|d| to_json(d, sources)).collect();
    let errors = diags.iter().filter(|d| d.is_error()).count();
    let document = json!({
        "format_version": "1.0",
        "valid": errors == 0,
        "error_count": errors,
        "warning_count": diags.len() - errors,
        "diagnostics": all,
    });
    format!("{document:#}")
}
