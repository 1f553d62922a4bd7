//! Questions to the person at the terminal.

use crate::ui::Ui;
use std::io::BufRead;

/// Asks, and answers with the line that was typed; `None` at the end of input.
pub(crate) fn ask(ui: &Ui, question: &str) -> Option<String> {
    ui.out(question);
    let mut line = String::new();
    match std::io::stdin().lock().read_line(&mut line) {
        Ok(n) if n > 0 => Some(line.trim().to_owned()),
        _ => None,
    }
}
