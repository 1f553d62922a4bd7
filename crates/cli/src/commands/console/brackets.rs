//! Input over several lines: it goes on for as long as a bracket, a string's interpolation or a
//! heredoc is open.

/// Collects lines.
#[derive(Debug, Default)]
pub(super) struct Brackets {
    text: String,
    /// What is open, innermost last.
    open: Vec<Open>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Open {
    Bracket,
    Quote,
    Heredoc(String),
}

impl Brackets {
    /// Adds a line; answers the whole input once nothing is open.
    pub(super) fn push(&mut self, line: &str) -> Option<String> {
        self.text.push_str(line);
        self.text.push('\n');
        self.scan(line);
        if self.is_open() {
            None
        } else {
            self.take_rest()
        }
    }

    /// What there is, complete or not.
    pub(super) fn take_rest(&mut self) -> Option<String> {
        self.open.clear();
        let text = std::mem::take(&mut self.text);
        (!text.is_empty()).then_some(text)
    }

    /// Whether more lines are needed.
    pub(super) fn is_open(&self) -> bool {
        !self.open.is_empty()
    }

    fn scan(&mut self, line: &str) {
        if let Some(Open::Heredoc(end)) = self.open.last() {
            if line.trim() == end {
                self.open.pop();
            }
            return;
        }
        let mut rest = line;
        while let Some(c) = rest.chars().next() {
            let mut len = c.len_utf8();
            if self.open.last() == Some(&Open::Quote) {
                if c == '\\' || rest.starts_with("$${") || rest.starts_with("%%{") {
                    len = rest.chars().take(2).map(char::len_utf8).sum();
                } else if rest.starts_with("${") || rest.starts_with("%{") {
                    self.open.push(Open::Bracket);
                    len = 2;
                } else if c == '"' {
                    self.open.pop();
                }
            } else if c == '#' || rest.starts_with("//") {
                break;
            } else if let Some((end, after)) = heredoc(rest) {
                self.open.push(Open::Heredoc(end));
                rest = after;
                continue;
            } else {
                match c {
                    '(' | '[' | '{' => self.open.push(Open::Bracket),
                    ')' | ']' | '}' => drop(self.open.pop()),
                    '"' => self.open.push(Open::Quote),
                    _ => {}
                }
            }
            rest = rest.get(len..).unwrap_or_default();
        }
        // A string cannot go on behind the end of a line: let the parser say so.
        if self.open.last() == Some(&Open::Quote) {
            self.open.clear();
        }
    }
}

/// `<<EOT` or `<<-EOT`: what ends it, and what follows on the line.
fn heredoc(text: &str) -> Option<(String, &str)> {
    let rest = text.strip_prefix("<<")?;
    let rest = rest.strip_prefix('-').unwrap_or(rest);
    let len = rest
        .find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '-'))
        .unwrap_or(rest.len());
    let (end, after) = rest.split_at(len);
    (!end.is_empty()).then(|| (end.to_owned(), after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn input_ends_when_nothing_is_open() {
        for (lines, pieces) in [
            (&["1", "2"][..], &["1\n", "2\n"][..]),
            (&["[", "1", "]"], &["[\n1\n]\n"]),
            (&["{ a = \"}\"", "}"], &["{ a = \"}\"\n}\n"]),
            (&["\"${[", "]}\"", "2"], &["\"${[\n]}\"\n", "2\n"]),
            (&["<<E", "(", "E", "2"], &["<<E\n(\nE\n", "2\n"]),
            (&["1 # (", "\"$${\"", ")"], &["1 # (\n", "\"$${\"\n", ")\n"]),
            (&["\"a", "\""], &["\"a\n", "\"\n"]),
        ] {
            let mut brackets = Brackets::default();
            let got: Vec<String> = lines.iter().filter_map(|l| brackets.push(l)).collect();
            assert_eq!(got, pieces, "{lines:?}");
        }
    }
}
