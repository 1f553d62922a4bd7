//! Texts as people are shown them.

use std::fmt::Write;

/// A text in quotes, on one line, as Terraform shows strings: what does not print is escaped in Go's manner, and template
/// sequences are left as they are.
pub fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        // Writing to a text does not fail.
        let _ = match c {
            '"' => out.write_str("\\\""),
            '\\' => out.write_str("\\\\"),
            '\n' => out.write_str("\\n"),
            '\r' => out.write_str("\\r"),
            '\t' => out.write_str("\\t"),
            c if c.is_ascii_control() => write!(out, "\\x{:02x}", u32::from(c)),
            c if is_printable(c) => out.write_char(c),
            c if u32::from(c) < 0x1_0000 => write!(out, "\\u{:04x}", u32::from(c)),
            c => write!(out, "\\U{:08x}", u32::from(c)),
        };
    }
    out.push('"');
    out
}

/// Whether a character shows as itself: no joiner, no direction mark, no space but the ordinary one.
fn is_printable(c: char) -> bool {
    // Behind a letter the standard library lets marks that combine stand; alone they would be escaped.
    let mut text = [b'a', 0, 0, 0, 0];
    let length = 1 + c.encode_utf8(&mut text[1..]).len();
    let text = std::str::from_utf8(&text[..length]).unwrap_or_default();
    c == '\'' || text.escape_debug().nth(1) != Some('\\')
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn what_does_not_print_is_escaped() {
        let text = "a \"b\"\n\t\\\u{1} e\u{301} o'x ${y}\u{200d}\u{85}\u{e0001}";
        let shown = r#""a \"b\"\n\t\\\x01 e"#.to_owned()
            + "\u{301} o'x ${y}"
            + r#"\u200d\u0085\U000e0001""#;
        assert_eq!(quoted(text), shown);
    }
}
