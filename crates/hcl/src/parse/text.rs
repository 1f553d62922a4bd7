//! The text of literals: escapes, strip markers, indentation.

use super::{Parsed, Parser};
use crate::lex::Token;
use diags::{Diagnostic, Pos};
use unicode_segmentation::UnicodeSegmentation;

impl Parser<'_> {
    /// The text of a token inside quotes.
    pub(super) fn unescape_quoted(&mut self, token: Token) -> Parsed<String> {
        let text = self.text(token);
        if !text.contains(['\\', '$', '%']) {
            return Ok(text.to_owned());
        }
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(at) = rest.find('\\') {
            unescape_signs(&rest[..at], &mut out);
            rest = &rest[at..];
            let len = match escape(rest) {
                Ok((c, len)) => {
                    out.push(c);
                    len
                }
                Err((detail, len)) => {
                    let start = self.position_inside(token, text.len() - rest.len());
                    let end = self.position_inside(token, text.len() - rest.len() + len);
                    let range = self.range(start, end);
                    self.diags.push(
                        Diagnostic::error("Invalid escape sequence", detail)
                            .at(range)
                            .within(self.token_range(token)),
                    );
                    len
                }
            };
            rest = &rest[len..];
        }
        unescape_signs(rest, &mut out);
        Ok(out)
    }

    /// The text of a token inside a heredoc or a bare template.
    pub(super) fn unescape_plain(&self, token: Token) -> String {
        let text = self.text(token);
        let mut out = String::with_capacity(text.len());
        unescape_signs(text, &mut out);
        out
    }

    /// The position `offset` bytes into a token of one line.
    fn position_inside(&self, token: Token, offset: usize) -> Pos {
        let columns = self.text(token)[..offset].graphemes(true).count();
        Pos {
            line: token.start.line,
            column: token.start.column + columns as u32,
            byte: token.start.byte + offset as u32,
        }
    }
}

/// Appends text, with `$${` and `%%{` resolved.
fn unescape_signs(text: &str, out: &mut String) {
    let mut rest = text;
    while let Some(at) = rest.find("${").into_iter().chain(rest.find("%{")).min() {
        // The lexer leaves these only behind another sign of the same kind, which goes.
        let escaped = at > 0 && rest.as_bytes()[at - 1] == rest.as_bytes()[at];
        out.push_str(&rest[..if escaped { at - 1 } else { at }]);
        out.push_str(&rest[at..at + 2]);
        rest = &rest[at + 2..];
    }
    out.push_str(rest);
}

/// Reads the escape sequence at the start of `text`: the character and the sequence's length, or what
/// is wrong.
fn escape(text: &str) -> Result<(char, usize), (String, usize)> {
    let Some(selector) = text[1..].chars().next() else {
        return Err((
            "A backslash must be followed by an escape sequence selector.".to_owned(),
            1,
        ));
    };
    let digits = match selector {
        'n' => return Ok(('\n', 2)),
        'r' => return Ok(('\r', 2)),
        't' => return Ok(('\t', 2)),
        '"' => return Ok(('"', 2)),
        '\\' => return Ok(('\\', 2)),
        'u' => 4,
        'U' => 8,
        other => {
            return Err((
                format!("The symbol \"{other}\" is not a valid escape sequence selector."),
                1 + other.len_utf8(),
            ));
        }
    };
    let hex = text
        .get(2..2 + digits)
        .filter(|hex| hex.bytes().all(|b| b.is_ascii_hexdigit()));
    match hex.and_then(|hex| u32::from_str_radix(hex, 16).ok()) {
        Some(code) => Ok((
            char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER),
            2 + digits,
        )),
        None => Err((
            format!(
                "The \\{selector} escape sequence must be followed by {digits} hexadecimal digits."
            ),
            2,
        )),
    }
}
