//! Expressions that a person types: each is answered at once, and can be called back and edited.

use super::brackets::Brackets;
use super::{Answer, Outcome, answer};
use crate::workdir::Workdir;
use diags::{Diagnostic, Diagnostics};
use lang::Evaluator;
use rustyline::config::Configurer;
use rustyline::error::ReadlineError;
use rustyline::history::MemHistory;

/// Talks with a person until "exit", the end of input or an interrupt.
///
/// What was typed is kept for as long as the console runs and not in a file: expressions may hold secrets. An interrupt
/// in the middle of an expression gives that expression up.
pub(super) fn interact(workdir: &Workdir, evaluator: &Evaluator<'_>) -> Outcome {
    let config = rustyline::Config::builder().auto_add_history(false).build();
    let mut editor = rustyline::Editor::<(), MemHistory>::with_history(config, MemHistory::new())
        .map_err(|error| unusable(&error))?;
    editor.set_color_mode(rustyline::ColorMode::Disabled);
    let mut brackets = Brackets::default();
    loop {
        let line = match editor.readline(if brackets.is_open() { ": " } else { "> " }) {
            Ok(line) => line,
            Err(ReadlineError::Interrupted) if brackets.is_open() => {
                brackets = Brackets::default();
                continue;
            }
            Err(ReadlineError::Interrupted | ReadlineError::Eof) => return Ok(0),
            Err(error) => return Err(unusable(&error)),
        };
        // Without a place in the history the line is only not called back.
        let _ = editor.add_history_entry(line.as_str());
        let Some(input) = brackets.push(&line) else {
            continue;
        };
        match answer(workdir, evaluator, input.trim()) {
            Ok(Answer::Text(text)) => workdir.ui.line(&text),
            Ok(Answer::Exit) => return Ok(0),
            Err(problems) => workdir.ui.diagnostics(&problems),
        }
    }
}

fn unusable(error: &ReadlineError) -> Diagnostics {
    Diagnostic::error(
        "Terminal cannot be read",
        format!("The console reads from the terminal, which failed: {error}. It also takes expressions from a pipe: echo 'var.x' | groma console."),
    )
    .into()
}
