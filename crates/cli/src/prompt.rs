//! Questions to the person at the terminal.

use crate::ui::Ui;
use std::io::BufRead;
use std::sync::mpsc::channel;

/// Asks, and answers with the line that was typed; `None` at the end of input or when interrupted.
pub(crate) fn ask(ui: &Ui, question: &str) -> Option<String> {
    ui.out(question);
    line().map(|line| line.trim().to_owned())
}

/// Reads a line; `None` at the end of input or when interrupted.
///
/// While a command runs, an interrupt does not end the program by itself: so the line is read aside,
/// and whichever comes first counts.
fn line() -> Option<String> {
    let (sender, receiver) = channel();
    let typed = sender.clone();
    std::thread::spawn(move || {
        let mut line = String::new();
        let read = std::io::stdin().lock().read_line(&mut line);
        // Nobody waits any more after an interrupt.
        let _ = typed.send(matches!(read, Ok(n) if n > 0).then_some(line));
    });
    let watch = tokio::runtime::Handle::try_current().ok().map(|runtime| {
        runtime.spawn(async move {
            if tokio::signal::ctrl_c().await.is_ok() {
                let _ = sender.send(None);
            }
        })
    });
    let line = receiver.recv().ok().flatten();
    if let Some(watch) = watch {
        watch.abort();
    }
    line
}
