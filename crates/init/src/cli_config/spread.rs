//! Blocks in blocks on one line: older syntax, which CLI configuration files still have.

use super::dev_overrides::string_len;

/// The text with every brace at the end or on a line of its own.
pub(super) fn on_lines(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let len = if rest.starts_with('#') || rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |at| at + 2)
        } else if c == '"' {
            string_len(rest)
        } else {
            match c {
                '{' => out.push_str("{\n"),
                '}' => out.push_str("\n}\n"),
                c => out.push(c),
            }
            rest = &rest[c.len_utf8()..];
            continue;
        };
        out.push_str(&rest[..len]);
        rest = &rest[len..];
    }
    out
}

#[cfg(test)]
mod tests {
    use super::on_lines;

    #[test]
    fn braces_end_lines() {
        assert_eq!(
            on_lines("a { b { c = \"{}\" } } # {}\n"),
            "a {\n b {\n c = \"{}\" \n}\n \n}\n # {}\n"
        );
    }
}
