//! `remote-exec`: scripts, run on the object.

use super::communicator::{Communicator, shell_quoted};
use super::connection::Connection;
use super::process::status_text;
use super::{Problem, Run};
use diags::Diagnostic;

fn failed(detail: String) -> Problem {
    Box::new(Diagnostic::error("remote-exec provisioner error", detail))
}

pub(super) async fn run(run: &Run<'_>, connection: Connection) -> Result<(), Problem> {
    let scripts = scripts(run)?;
    let there = Communicator::connect(run, connection).await?;
    run_scripts(run, &there, &scripts).await
}

/// What is to run: one script, or several.
fn scripts(run: &Run<'_>) -> Result<Vec<Vec<u8>>, Problem> {
    let inline = run.texts("inline");
    let mut files = run.texts("scripts").unwrap_or_default();
    files.extend(run.text("script"));
    if let Some(lines) = inline {
        if let Some(empty) = lines.iter().position(|line| line.trim().is_empty()) {
            return Err(Box::new(Diagnostic::error(
                "Invalid remote-exec inline script",
                format!("The command at position {empty} of \"inline\" is empty."),
            )));
        }
        return Ok(vec![(lines.join("\n") + "\n").into_bytes()]);
    }
    if files.is_empty() {
        return Err(Box::new(Diagnostic::error(
            "Invalid remote-exec provisioner configuration",
            "One of \"inline\", \"script\" and \"scripts\" must be set.",
        )));
    }
    let base = &run.round.surroundings.base_dir;
    let read = |path: &String| {
        std::fs::read(base.join(path))
            .map_err(|e| failed(format!("Failed to open script '{path}': {e}.")))
    };
    files.iter().map(read).collect()
}

pub(super) async fn run_scripts(
    run: &Run<'_>,
    there: &Communicator<'_>,
    scripts: &[Vec<u8>],
) -> Result<(), Problem> {
    for script in scripts {
        let path = path(there);
        let quoted = shell_quoted(&path);
        there.upload(&path, &with_interpreter(script)).await?;
        there
            .must(&format!("chmod 0777 {quoted}"), None, "chmod failed")
            .await?;
        let ended = there.exec(&quoted, None, run.output).await?;
        // That it is left there is no reason to fail.
        let _ = there.exec(&format!("rm -f {quoted}"), None, &|_| ()).await;
        if !ended.status.success() {
            return Err(failed(format!(
                "error executing {path:?}: {}",
                status_text(ended.status)
            )));
        }
    }
    Ok(())
}

/// Where the script is put.
fn path(there: &Communicator<'_>) -> String {
    let given = there.connection.script_path.as_deref();
    let random = uuid::Uuid::new_v4().as_u128() % 10_000_000_000;
    given
        .unwrap_or("/tmp/terraform_%RAND%.sh")
        .replace("%RAND%", &random.to_string())
}

/// Without a line that says what interprets it, `sh` does.
fn with_interpreter(script: &[u8]) -> Vec<u8> {
    if script.starts_with(b"#!") {
        return script.to_vec();
    }
    [b"#!/bin/sh\n", script].concat()
}
