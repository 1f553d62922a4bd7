//! What a plugin writes to its standard error: logged by level, and the end of it kept for the report
//! of a crash.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::io::{AsyncBufRead, AsyncBufReadExt, AsyncRead, BufReader};
use tracing::Level;

/// A longer line is passed on in pieces.
const LONGEST_LINE: usize = 64 * 1024;
/// How many lines and bytes are kept.
const KEPT_LINES: usize = 40;
const KEPT_BYTES: usize = 16 * 1024;

/// The last lines that a plugin wrote.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tail(Arc<Mutex<Kept>>);

#[derive(Debug, Default)]
struct Kept {
    lines: VecDeque<String>,
    bytes: usize,
    /// From the first line of a Go panic on, its beginning is worth more than its end.
    panicking: bool,
}

impl Tail {
    fn push(&self, line: &str, panicking: bool) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if panicking && !kept.panicking {
            *kept = Kept {
                panicking: true,
                ..Kept::default()
            };
        }
        let full = kept.lines.len() >= KEPT_LINES || kept.bytes + line.len() > KEPT_BYTES;
        if kept.panicking && full {
            return;
        }
        kept.bytes += line.len();
        kept.lines.push_back(line.to_owned());
        while kept.lines.len() > KEPT_LINES || (kept.bytes > KEPT_BYTES && kept.lines.len() > 1) {
            let gone = kept.lines.pop_front().map_or(0, |l| l.len());
            kept.bytes -= gone;
        }
    }

    /// The lines as text, empty if there were none.
    pub(crate) fn text(&self) -> String {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.lines
            .iter()
            .map(String::as_str)
            .collect::<Vec<_>>()
            .join("\n")
    }
}

/// Reads to the end, so that the plugin never blocks on a full pipe.
pub(crate) async fn drain_stderr(stream: impl AsyncRead + Unpin, plugin: String, tail: Tail) {
    let mut reader = BufReader::new(stream);
    let mut panicking = false;
    while let Some(line) = next_line(&mut reader).await {
        panicking |= line.starts_with("panic: ") || line.starts_with("fatal error: ");
        let entry = Entry::parse(&line, panicking);
        if entry.plain {
            tail.push(&line, panicking);
        } else if entry.level <= Level::WARN {
            tail.push(&format!("[{}] {}", entry.level, entry.message), panicking);
        }
        entry.log(&plugin);
    }
}

/// Reads to the end; nobody is interested, but the plugin must not block.
pub(crate) async fn drain_stdout(mut reader: impl AsyncBufRead + Unpin, plugin: String) {
    while let Some(line) = next_line(&mut reader).await {
        tracing::trace!(target: "provider", plugin, "unexpected output: {line}");
    }
}

/// The next line without its end, or a piece of a very long one.
pub(crate) async fn next_line(reader: &mut (impl AsyncBufRead + Unpin)) -> Option<String> {
    let mut line = Vec::new();
    loop {
        let available = match reader.fill_buf().await {
            Ok(bytes) if !bytes.is_empty() => bytes,
            _ if line.is_empty() => return None,
            _ => break,
        };
        let room = &available[..available.len().min(LONGEST_LINE - line.len())];
        let end = room.iter().position(|b| *b == b'\n');
        let taken = end.map_or(room.len(), |i| i + 1);
        line.extend_from_slice(&room[..taken]);
        reader.consume(taken);
        if end.is_some() || line.len() >= LONGEST_LINE {
            break;
        }
    }
    while matches!(line.last(), Some(b'\n' | b'\r')) {
        line.pop();
    }
    Some(String::from_utf8_lossy(&line).into_owned())
}

/// One line.
struct Entry {
    level: Level,
    message: String,
    module: String,
    /// All further keys, as JSON.
    more: String,
    /// Not JSON.
    plain: bool,
}

impl Entry {
    fn parse(line: &str, panicking: bool) -> Self {
        let object = line
            .trim_start()
            .starts_with('{')
            .then(|| serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(line).ok());
        if let Some(mut object) = object.flatten() {
            let mut take = |key: &str| match object.remove(key) {
                Some(serde_json::Value::String(text)) => text,
                Some(other) => other.to_string(),
                None => String::new(),
            };
            let (message, level, module) = (take("@message"), take("@level"), take("@module"));
            take("@timestamp");
            let more = if object.is_empty() {
                String::new()
            } else {
                serde_json::Value::Object(object).to_string()
            };
            return Self {
                level: level_of(&level).unwrap_or(Level::DEBUG),
                message,
                module,
                more,
                plain: false,
            };
        }
        let prefix = line.strip_prefix('[').and_then(|rest| rest.split_once(']'));
        let (level, message) =
            match prefix.and_then(|(word, rest)| Some((level_of(word)?, rest.trim_start()))) {
                Some((level, message)) => (level, message),
                None => (Level::DEBUG, line),
            };
        Self {
            level: if panicking { Level::ERROR } else { level },
            message: message.to_owned(),
            module: String::new(),
            more: String::new(),
            plain: true,
        }
    }

    fn log(&self, plugin: &str) {
        let Self {
            message,
            module,
            more,
            ..
        } = self;
        match self.level {
            Level::ERROR => tracing::error!(target: "provider", plugin, module, more, "{message}"),
            Level::WARN => tracing::warn!(target: "provider", plugin, module, more, "{message}"),
            Level::INFO => tracing::info!(target: "provider", plugin, module, more, "{message}"),
            Level::DEBUG => tracing::debug!(target: "provider", plugin, module, more, "{message}"),
            Level::TRACE => tracing::trace!(target: "provider", plugin, module, more, "{message}"),
        }
    }
}

fn level_of(word: &str) -> Option<Level> {
    match word.to_ascii_lowercase().as_str() {
        "trace" => Some(Level::TRACE),
        "debug" => Some(Level::DEBUG),
        "info" => Some(Level::INFO),
        "warn" => Some(Level::WARN),
        "error" => Some(Level::ERROR),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::expect;
    use std::fmt::Write;

    #[test]
    fn entries() {
        let lines = [
            r#"{"@level":"warn","@message":"slow","@module":"sdk","@timestamp":"now","tries":3}"#,
            r#"{"@level":"loud","@message":7}"#,
            "{not json",
            "[ERROR] no such thing",
            "[trace]  details",
            "[else] plain",
            "",
        ];
        let mut text = String::new();
        for line in lines {
            let Entry {
                level,
                message,
                module,
                more,
                plain,
            } = Entry::parse(line, false);
            writeln!(text, "{level} {message:?} {module:?} {more} {plain}").unwrap();
        }
        expect![[r#"
            WARN "slow" "sdk" {"tries":3} false
            DEBUG "7" ""  false
            DEBUG "{not json" ""  true
            ERROR "no such thing" ""  true
            TRACE "details" ""  true
            DEBUG "[else] plain" ""  true
            DEBUG "" ""  true
        "#]]
        .assert_eq(&text);
        assert_eq!(Entry::parse("goroutine 1", true).level, Level::ERROR);
    }

    #[tokio::test]
    async fn the_end_is_kept_but_of_a_panic_the_beginning() {
        let mut input: String = (0..100).map(|n| format!("line {n}\n")).collect();
        let tail = Tail::default();
        drain_stderr(input.as_bytes(), "p".to_owned(), tail.clone()).await;
        assert!(tail.text().starts_with("line 60\n") && tail.text().ends_with("line 99"));

        input.push_str("panic: here\n");
        input.extend((0..100).map(|n| format!("frame {n}\n")));
        let tail = Tail::default();
        drain_stderr(input.as_bytes(), "p".to_owned(), tail.clone()).await;
        assert!(
            tail.text().starts_with("panic: here\nframe 0\n") && tail.text().ends_with("frame 38")
        );
    }

    #[tokio::test]
    async fn long_lines_come_in_pieces() {
        let input = format!("{}\r\nrest", "x".repeat(LONGEST_LINE + 5));
        let mut reader = BufReader::new(input.as_bytes());
        let mut lengths = Vec::new();
        while let Some(line) = next_line(&mut reader).await {
            lengths.push(line.len());
        }
        assert_eq!(lengths, [LONGEST_LINE, 5, 4]);
    }
}
