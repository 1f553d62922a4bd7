//! `dev_overrides { "a/b" = "dir" }`: a block by its looks, but with quoted names, which only an
//! object may have.

/// The text with `dev_overrides` blocks written as arguments. Nothing else changes, and all other
/// text keeps its line.
pub(super) fn as_argument(text: &str) -> String {
    const NAME: &str = "dev_overrides";
    let mut out = String::with_capacity(text.len() + 2);
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let len = if let Some(after) = rest.strip_prefix(NAME) {
            let space = after.len() - after.trim_start_matches([' ', '\t']).len();
            let word = out.ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == '-');
            if !word && after[space..].starts_with('{') {
                out.push_str(NAME);
                out.push_str(" = ");
                rest = &after[space..];
                continue;
            }
            NAME.len()
        } else if rest.starts_with('#') || rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |at| at + 2)
        } else if c == '"' {
            string_len(rest)
        } else {
            c.len_utf8()
        };
        out.push_str(&rest[..len]);
        rest = &rest[len..];
    }
    out
}

/// The length of the quoted string at the start.
pub(super) fn string_len(text: &str) -> usize {
    let mut escaped = true;
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            '\n' => return at,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::as_argument;

    #[test]
    fn only_the_block_is_changed() {
        for (text, expected) in [
            (
                "a {\n dev_overrides {\n }\n}",
                "a {\n dev_overrides = {\n }\n}",
            ),
            ("dev_overrides{}", "dev_overrides = {}"),
            ("dev_overrides = {}", "dev_overrides = {}"),
            (
                "# dev_overrides {\n\"dev_overrides {\" x",
                "# dev_overrides {\n\"dev_overrides {\" x",
            ),
            (
                "/* dev_overrides { */ my_dev_overrides {",
                "/* dev_overrides { */ my_dev_overrides {",
            ),
            (
                "\"\\\" dev_overrides {\" // dev_overrides {",
                "\"\\\" dev_overrides {\" // dev_overrides {",
            ),
            ("\"ü", "\"ü"),
        ] {
            assert_eq!(as_argument(text), expected);
        }
    }
}
