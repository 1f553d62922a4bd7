//! From RE2's syntax, which the language promises, to that of the `regex` crate.
//!
//! The two are close relatives. RE2's `\d`, `\w`, `\s` and `\b` know ASCII only, it has `\Q…\E` and
//! octal escapes, takes a brace that begins no repetition as itself, and knows no set operations and
//! no word boundary `\<`.

use std::iter::Peekable;
use std::str::Chars;

const DIGIT: &str = "[0-9]";
const SPACE: &str = r"[\t\n\f\r ]";
const WORD: &str = "[0-9A-Za-z_]";

/// Writes the expression in the other syntax. Mistakes stay mistakes, except for a repetition of a
/// repetition, which the other syntax allows: that is an error here.
pub(super) fn translate(pattern: &str) -> Result<String, String> {
    let mut out = String::with_capacity(pattern.len() + 8);
    let mut rest = pattern;
    let mut repeated = false;
    while let Some(c) = rest.chars().next() {
        let after = &rest[c.len_utf8()..];
        let repeats = quantifier(rest);
        if repeats > 0 {
            if repeated {
                return Err(format!("a repetition is repeated at {rest:?}"));
            }
            out.push_str(&rest[..repeats]);
            rest = &rest[repeats..];
            repeated = true;
            continue;
        }
        repeated = false;
        rest = match c {
            '\\' if after.starts_with('Q') => {
                let (literal, after) = after[1..].split_once("\\E").unwrap_or((&after[1..], ""));
                out.push_str(&regex::escape(literal));
                after
            }
            '\\' => escape(after, &mut out, false),
            '[' => class(after, &mut out),
            '{' => {
                out.push_str("\\{");
                after
            }
            '(' => {
                // What follows the question mark belongs to the group.
                let length = if after.starts_with('?') { 2 } else { 1 };
                out.push_str(&rest[..length]);
                &rest[length..]
            }
            c => {
                out.push(c);
                after
            }
        };
    }
    Ok(out)
}

/// How long the repetition at the start of the text is, with a question mark that makes it lazy; 0 if
/// there is none.
fn quantifier(text: &str) -> usize {
    let length = match text.as_bytes().first() {
        Some(b'*' | b'+' | b'?') => 1,
        Some(b'{') if repetition(&text[1..]) => text.find('}').map_or(0, |end| end + 1),
        _ => return 0,
    };
    length + usize::from(text[length..].starts_with('?'))
}

/// Whether `n}`, `n,}` or `n,m}` follows.
fn repetition(text: &str) -> bool {
    let mut chars = text.chars().peekable();
    let digits = |chars: &mut Peekable<Chars<'_>>| {
        let mut any = false;
        while chars.next_if(char::is_ascii_digit).is_some() {
            any = true;
        }
        any
    };
    if !digits(&mut chars) {
        return false;
    }
    if chars.next_if_eq(&',').is_some() {
        digits(&mut chars);
    }
    chars.next() == Some('}')
}

/// Writes what a backslash and the beginning of `text` mean, and returns what follows.
fn escape<'a>(text: &'a str, out: &mut String, in_class: bool) -> &'a str {
    let Some(c) = text.chars().next() else {
        out.push('\\');
        return text;
    };
    let negated = |class: &str| format!("[^{}", &class[1..]);
    match c {
        'd' => out.push_str(DIGIT),
        'D' => out.push_str(&negated(DIGIT)),
        's' => out.push_str(SPACE),
        'S' => out.push_str(&negated(SPACE)),
        'w' => out.push_str(WORD),
        'W' => out.push_str(&negated(WORD)),
        'b' if !in_class => out.push_str(r"(?-u:\b)"),
        'B' if !in_class => out.push_str(r"(?-u:\B)"),
        '0'..='7' if c == '0' || text[1..].starts_with(|d: char| d.is_digit(8)) => {
            let length = text
                .bytes()
                .take(3)
                .take_while(|b| (b'0'..=b'7').contains(b))
                .count();
            let code = u32::from_str_radix(&text[..length], 8).unwrap_or(0);
            out.push_str(&format!("\\x{{{code:X}}}"));
            return &text[length..];
        }
        '<' | '>' => out.push(c),
        c if c.is_ascii_punctuation() => {
            out.push('\\');
            out.push(c);
        }
        c => {
            out.push('\\');
            out.push(c);
        }
    }
    &text[c.len_utf8()..]
}

/// Writes a character class whose opening bracket was read, and returns what follows.
fn class<'a>(text: &'a str, out: &mut String) -> &'a str {
    out.push('[');
    let mut rest = text;
    if let Some(after) = rest.strip_prefix('^') {
        out.push('^');
        rest = after;
    }
    let mut first = true;
    while let Some(c) = rest.chars().next() {
        let after = &rest[c.len_utf8()..];
        let at_start = std::mem::take(&mut first);
        rest = match c {
            ']' if !at_start => {
                out.push(']');
                return after;
            }
            ']' => {
                out.push_str("\\]");
                after
            }
            '\\' => escape(after, out, true),
            '[' => match after.strip_prefix(':').and_then(|name| name.find(":]")) {
                Some(end) => {
                    out.push_str(&rest[..end + 4]);
                    &rest[end + 4..]
                }
                None => {
                    out.push_str("\\[");
                    after
                }
            },
            // These would be set operations when doubled.
            '&' | '~' => {
                out.push('\\');
                out.push(c);
                after
            }
            '-' if after.starts_with('-') => {
                out.push_str("\\-");
                after
            }
            c => {
                out.push(c);
                after
            }
        };
    }
    rest
}

#[cfg(test)]
mod tests {
    use super::translate;

    #[test]
    fn repetitions_are_not_repeated() {
        for (pattern, valid) in [
            ("a**", false),
            ("a+?+", false),
            ("a{2}{3}", false),
            ("a*?", true),
            ("(?:a*)*", true),
            ("a{,2}*", true),
        ] {
            assert_eq!(translate(pattern).is_ok(), valid, "{pattern}");
        }
    }

    #[test]
    fn keeps_the_meaning() {
        for (pattern, text, expected) in [
            (r"\d+", "٣ 4", Some("4")),
            (r"[\d-]+", "a4-5", Some("4-5")),
            (r"[^\D]+", "a45", Some("45")),
            (r"\Qa.b\E+", "a.bb", Some("a.bb")),
            (r"${a}", "x", None),
            (r"\$\{[^}]+}", "a ${b} c", Some("${b}")),
            (r"a{,2}", "a{,2}", Some("a{,2}")),
            (r"a{2}", "aaa", Some("aa")),
            (r"[[]+", "a[[", Some("[[")),
            (r"[]a]+", "b]a", Some("]a")),
            (r"[^]a]+", "]ab", Some("b")),
            (r"[a&&b]+", "&b", Some("&b")),
            (r"[a--]+", "-a", Some("-a")),
            (r"[[:digit:]_]+", "a1_", Some("1_")),
            (r"\<a\>", "<a>", Some("<a>")),
            (r"\101\x42", "AB", Some("AB")),
            (r"\bé", "aé é", Some("é")),
            (r"(?i)É", "é", Some("é")),
        ] {
            let regex = regex::Regex::new(&translate(pattern).unwrap())
                .unwrap_or_else(|e| panic!("{pattern}: {e}"));
            assert_eq!(regex.find(text).map(|m| m.as_str()), expected, "{pattern}");
        }
    }
}
