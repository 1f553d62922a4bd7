//! `local-exec`: a command, run here.

use super::process::{self, status_text};
use super::{Problem, Run};
use diags::Diagnostic;
use tokio::process::Command;

pub(super) async fn run(run: &Run<'_>) -> Result<(), Problem> {
    let failed =
        |detail: String| Box::new(Diagnostic::error("local-exec provisioner error", detail));
    let text = run.text("command").unwrap_or_default();
    if text.is_empty() {
        return Err(Box::new(Diagnostic::error(
            "Invalid local-exec provisioner command",
            "The local-exec provisioner command must be a non-empty string.",
        )));
    }
    let mut words = run
        .texts("interpreter")
        .filter(|words| !words.is_empty())
        .unwrap_or_else(|| vec!["/bin/sh".to_owned(), "-c".to_owned()]);
    words.push(text.clone());
    let base = &run.round.surroundings.base_dir;
    let mut command = Command::new(&words[0]);
    command.args(&words[1..]);
    command.current_dir(
        run.text("working_dir")
            .map_or_else(|| base.clone(), |dir| base.join(dir)),
    );
    if let Some(all) = run.config.get("environment") {
        for (name, value) in all.elements() {
            if let (Some(name), Some(value)) = (name.as_str(), value.as_str()) {
                command.env(&**name, &**value);
            }
        }
    }
    let quiet = run.config.get("quiet").and_then(cty::Value::as_bool);
    if quiet == Some(true) {
        (run.output)("local-exec: Executing: Suppressed by quiet=true");
    } else {
        let words: Vec<String> = words.iter().map(|word| cty::quoted(word)).collect();
        (run.output)(&format!("Executing: [{}]", words.join(" ")));
    }
    let ended = process::run(run.round, command, None, run.output).await;
    let ended = ended.map_err(|e| {
        failed(if run.hidden {
            "The command could not be started. It is not shown: it has sensitive or ephemeral values.".to_owned()
        } else {
            format!("Error running command '{text}': {e}.")
        })
    })?;
    if ended.status.success() {
        return Ok(());
    }
    let status = status_text(ended.status);
    Err(failed(if run.hidden {
        format!(
            "The command failed: {status}. It and its output are not shown: it has sensitive or ephemeral values."
        )
    } else {
        format!(
            "Error running command '{text}': {status}. Output: {}",
            ended.output
        )
    }))
}
