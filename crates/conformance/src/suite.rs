//! Test files, and what `terraform test` says to them.
//!
//! A suite is a folder of `tests/conformance/suites/`: a configuration with test files, `args` with one flag of `test` a line, and
//! `expected`, which says in a line each what the `-json` stream told: how files and runs ended, what was diagnosed (in any order
//! within a run, since values come from maps; the wording of details is each program's own, unless the configuration has worded
//! them), what was left, and the summary. After that stands what people see, without diagnostics; with `-verbose` it is left out.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::program::run_command;
use crate::{Normaliser, Program, cases_dir};

/// Is one configuration with test files.
#[derive(Debug, Clone)]
pub struct Suite {
    /// The folder's name.
    pub name: String,
    /// The folder.
    pub dir: PathBuf,
    /// Flags of `test`.
    pub args: Vec<String>,
}

impl Suite {
    /// Reads what was recorded.
    ///
    /// # Errors
    /// Fails when nothing was recorded.
    pub fn expected(&self) -> io::Result<String> {
        fs::read_to_string(self.dir.join("expected"))
    }

    /// Keeps an answer as the recorded one.
    ///
    /// # Errors
    /// Fails when the file cannot be written.
    pub fn write_expected(&self, answer: &str) -> io::Result<()> {
        fs::write(self.dir.join("expected"), answer)
    }
}

/// Reads all suites, sorted by name.
///
/// # Errors
/// Fails when a folder or file cannot be read.
pub fn find_suites() -> io::Result<Vec<Suite>> {
    let mut suites = Vec::new();
    for entry in fs::read_dir(cases_dir().with_file_name("suites"))? {
        let dir = entry?.path();
        let args = fs::read_to_string(dir.join("args")).unwrap_or_default();
        let name = dir.file_name().unwrap_or_default();
        suites.push(Suite {
            name: name.to_string_lossy().into_owned(),
            args: args.lines().map(str::to_owned).collect(),
            dir,
        });
    }
    suites.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(suites)
}

/// Runs the tests of a suite in a fresh folder, once as events and once for people.
///
/// # Errors
/// Fails only for reasons outside the program under test.
pub fn run_suite(suite: &Suite, program: &Program) -> io::Result<String> {
    let root = tempfile::tempdir()?;
    let root = root.path().canonicalize()?;
    let (dir, scratch) = (root.join("work"), root.join("scratch"));
    fs::create_dir_all(&scratch)?;
    copy(&suite.dir, &dir)?;
    let command = |words: &[&str]| {
        let mut command = program.command(&dir, &scratch);
        command.args(words).args(match words {
            ["init", ..] => &[],
            _ => suite.args.as_slice(),
        });
        run_command(command, &scratch)
    };
    let init = command(&["init", "-input=false", "-no-color"])?;
    let events = command(&["test", "-json"])?;
    let mut normaliser = Normaliser::new(&dir.to_string_lossy());
    let mut answer = format!("init {}\ntest {}\n", init.exit, events.exit);
    answer.push_str(&told(&events.stdout, &mut normaliser));
    if !suite.args.iter().any(|arg| arg == "-verbose") {
        let seen = command(&["test", "-no-color"])?;
        answer.push_str(&format!("\nfor people: {}\n", seen.exit));
        let lines = seen.stdout.lines();
        for line in lines.filter(|line| is_progress(line)) {
            answer.push_str(&format!("{line}\n"));
        }
    }
    Ok(answer)
}

/// Whether a line is no part of a diagnostic.
fn is_progress(line: &str) -> bool {
    let ends = ["pass", "fail", "skip", "in progress", "tearing down"];
    let ended = ends.iter().any(|end| line.ends_with(&format!("... {end}")));
    ended
        || line.starts_with("Success!")
        || line.starts_with("Failure!")
        || line.starts_with("Executed")
}

/// What the events say, a line each.
fn told(stdout: &str, normaliser: &mut Normaliser) -> String {
    let mut lines: Vec<String> = Vec::new();
    let mut problems: Vec<String> = Vec::new();
    for line in stdout.lines() {
        let Ok(event) = serde_json::from_str::<Value>(line) else {
            lines.push(format!("no event: {line}"));
            continue;
        };
        let event = normaliser.document(event);
        if event["type"] == "diagnostic" {
            problems.push(problem(&event));
            continue;
        }
        problems.sort();
        problems.dedup();
        lines.append(&mut problems);
        lines.extend(line_of(&event));
    }
    problems.sort();
    problems.dedup();
    lines.append(&mut problems);
    lines.iter().map(|line| format!("{line}\n")).collect()
}

fn line_of(event: &Value) -> Option<String> {
    let kind = event["type"].as_str().unwrap_or_default();
    let value = &event[kind];
    let word = |name: &str| value[name].as_str().unwrap_or_default().to_owned();
    // How long a run takes is nobody's promise.
    if kind == "version"
        || (kind == "test_run" && ["running", "teardown"].contains(&&*word("progress")))
    {
        return None;
    }
    let message = event["@message"].as_str().unwrap_or_default();
    let message = message.replace("Terraform", "groma");
    let place = [&event["@testfile"], &event["@testrun"]].map(|v| v.as_str().unwrap_or("-"));
    Some(match kind {
        "test_file" | "test_run" => {
            let status = [word("progress"), word("status")].join(" ");
            format!("{kind} {} | {} | {message}", place.join(" "), status.trim())
        }
        _ => format!("{kind} {} | {value} | {message}", place.join(" ")),
    })
}

fn problem(event: &Value) -> String {
    let diagnostic = &event["diagnostic"];
    let text = |value: &Value| value.as_str().unwrap_or("-").replace("groma", "Terraform");
    let summary = text(&diagnostic["summary"]);
    let range = &diagnostic["range"];
    let mut line = format!(
        "  {} {} {} | {summary} | {} {}",
        text(&diagnostic["severity"]),
        text(&event["@testfile"]),
        text(&event["@testrun"]),
        text(&range["filename"]),
        range["start"]["line"]
    );
    if summary == "Test assertion failed" {
        let values = diagnostic["snippet"]["values"].as_array();
        let values = values.into_iter().flatten().map(|value| {
            let statement = text(&value["statement"]);
            format!(" | {} {statement}", text(&value["traversal"]))
        });
        line.push_str(&format!(" | {}", text(&diagnostic["detail"])));
        line.extend(values);
    }
    line
}

fn copy(from: &Path, to: &Path) -> io::Result<()> {
    for entry in walkdir::WalkDir::new(from) {
        let entry = entry?;
        let inside = entry.path().strip_prefix(from).unwrap_or(entry.path());
        match entry.file_type().is_dir() {
            true => fs::create_dir_all(to.join(inside))?,
            false => fs::copy(entry.path(), to.join(inside)).map(drop)?,
        }
    }
    Ok(())
}
