//! A program that runs, and what it writes.

use crate::Round;
use std::io::{BufRead, BufReader, PipeReader};
use std::process::ExitStatus;
use std::time::Duration;
use tokio::process::Command;
use tokio::sync::mpsc;

/// How much of the output of a program is kept for the message about its failure.
const KEPT: usize = 8 * 1024;

/// How a program ended, and the last that it wrote.
pub(super) struct Ended {
    pub(super) status: ExitStatus,
    pub(super) output: String,
}

/// Runs a program to its end and shows what it writes, line by line. A run that should end soon ends it.
///
/// # Errors
/// It could not be started, or nobody knows how it ended.
pub(super) async fn run(
    round: &Round<'_>,
    mut command: Command,
    input: Option<&[u8]>,
    show: &dyn Fn(&str),
) -> Result<Ended, std::io::Error> {
    let (reader, writer) = std::io::pipe()?;
    command
        .stdout(writer.try_clone()?)
        .stderr(writer)
        .stdin(match input {
            Some(_) => std::process::Stdio::piped(),
            None => std::process::Stdio::null(),
        })
        .kill_on_drop(true);
    let mut child = command.spawn()?;
    // The command holds an end of the pipe, which would keep it open.
    drop(command);
    let mut lines = read(reader);
    if let (Some(input), Some(mut pipe)) = (input, child.stdin.take()) {
        let input = input.to_vec();
        tokio::spawn(async move {
            use tokio::io::AsyncWriteExt;
            // Whoever does not read its input says why when it ends.
            let _ = pipe.write_all(&input).await;
        });
    }
    let mut output = String::new();
    let mut ticks = tokio::time::interval(Duration::from_millis(100));
    loop {
        tokio::select! {
            line = lines.recv() => match line {
                Some(line) => {
                    show(&line);
                    keep(&mut output, &line);
                }
                None => break,
            },
            _ = ticks.tick() => {
                if round.stopping.get() {
                    child.start_kill()?;
                    break;
                }
            }
        }
    }
    let status = child.wait().await?;
    Ok(Ended { status, output })
}

/// Lines as they are written. Reading waits, so it is done aside.
fn read(reader: PipeReader) -> mpsc::UnboundedReceiver<String> {
    let (send, receive) = mpsc::unbounded_channel();
    std::thread::spawn(move || {
        let mut reader = BufReader::new(reader);
        let mut line = Vec::new();
        while reader.read_until(b'\n', &mut line).is_ok_and(|n| n > 0) {
            let text = String::from_utf8_lossy(&line).into_owned();
            if send.send(text).is_err() {
                break;
            }
            line.clear();
        }
    });
    receive
}

fn keep(output: &mut String, line: &str) {
    output.push_str(line);
    if output.len() > 2 * KEPT {
        let mut from = output.len() - KEPT;
        while !output.is_char_boundary(from) {
            from += 1;
        }
        output.drain(..from);
    }
}

/// `exit status 4`, as Terraform says it.
pub(super) fn status_text(status: ExitStatus) -> String {
    status.code().map_or_else(
        || "ended by a signal".to_owned(),
        |code| format!("exit status {code}"),
    )
}
