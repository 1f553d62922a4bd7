//! JSON text in the form of Go's encoder, which state files have.

/// Appends a string literal. `<`, `>`, `&` and the two Unicode line ends are escaped too.
pub(crate) fn push_string(out: &mut Vec<u8>, text: &str) {
    out.push(b'"');
    let bytes = text.as_bytes();
    let mut done = 0;
    for (i, &byte) in bytes.iter().enumerate() {
        let short: &[u8] = match byte {
            b'"' => b"\\\"",
            b'\\' => b"\\\\",
            b'\n' => b"\\n",
            b'\r' => b"\\r",
            b'\t' => b"\\t",
            8 => b"\\b",
            12 => b"\\f",
            _ => b"",
        };
        if !short.is_empty() {
            out.extend_from_slice(&bytes[done..i]);
            out.extend_from_slice(short);
            done = i + 1;
        } else if let Some((code, len)) =
            html_escape(&bytes[i..]).or((byte < 0x20).then_some((u32::from(byte), 1)))
        {
            out.extend_from_slice(&bytes[done..i]);
            push_code(out, code);
            done = i + len;
        }
    }
    out.extend_from_slice(&bytes[done..]);
    out.push(b'"');
}

/// Appends valid JSON text in compact form or, given the depth it stands at, indented.
///
/// Strings and numbers stay as they are written, except that what [`push_string`] escapes beyond
/// need is escaped here too. One pass, no recursion.
pub(crate) fn push_json(out: &mut Vec<u8>, json: &[u8], depth: Option<usize>) {
    let mut level = depth.unwrap_or(0);
    let line = |out: &mut Vec<u8>, level| {
        if depth.is_some() {
            push_line(out, level);
        }
    };
    let mut opened = false;
    let mut rest = json;
    while let Some((&byte, tail)) = rest.split_first() {
        let mut next = tail;
        match byte {
            b' ' | b'\t' | b'\n' | b'\r' => {}
            b'}' | b']' => {
                level = level.saturating_sub(1);
                if !opened {
                    line(out, level);
                }
                opened = false;
                out.push(byte);
            }
            _ => {
                if opened {
                    line(out, level);
                    opened = false;
                }
                match byte {
                    b'{' | b'[' => {
                        out.push(byte);
                        level += 1;
                        opened = true;
                    }
                    b',' => {
                        out.push(byte);
                        line(out, level);
                    }
                    b':' => out.extend_from_slice(if depth.is_some() { b": " } else { b":" }),
                    b'"' => {
                        let len = string_len(rest);
                        push_literal(out, &rest[..len]);
                        next = &rest[len..];
                    }
                    _ => out.push(byte),
                }
            }
        }
        rest = next;
    }
}

/// Deeper than this no value can be; text that claims to be is not indented further, so that a
/// small hostile file does not become a huge one.
const MAX_INDENTED: usize = 500;

/// Appends a line end and the indentation of a depth.
pub(crate) fn push_line(out: &mut Vec<u8>, depth: usize) {
    out.push(b'\n');
    out.resize(out.len() + 2 * depth.min(MAX_INDENTED), b' ');
}

/// The length of the string literal at the start, quotes included.
fn string_len(json: &[u8]) -> usize {
    let mut i = 1;
    while let Some(&byte) = json.get(i) {
        match byte {
            b'"' => return i + 1,
            b'\\' => i += 2,
            _ => i += 1,
        }
    }
    json.len()
}

fn push_literal(out: &mut Vec<u8>, literal: &[u8]) {
    let mut done = 0;
    for i in 0..literal.len() {
        if let Some((code, len)) = html_escape(&literal[i..]) {
            out.extend_from_slice(&literal[done..i]);
            push_code(out, code);
            done = i + len;
        }
    }
    out.extend_from_slice(&literal[done..]);
}

/// What is escaped though JSON does not need it: the code and how many bytes it takes.
fn html_escape(bytes: &[u8]) -> Option<(u32, usize)> {
    match bytes {
        [c @ (b'<' | b'>' | b'&'), ..] => Some((u32::from(*c), 1)),
        [0xe2, 0x80, last @ (0xa8 | 0xa9), ..] => Some((0x2000 + u32::from(*last) - 0x80, 3)),
        _ => None,
    }
}

fn push_code(out: &mut Vec<u8>, code: u32) {
    out.extend_from_slice(b"\\u");
    for shift in [12, 8, 4, 0] {
        out.push(b"0123456789abcdef"[(code >> shift & 15) as usize]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::expect;

    #[test]
    fn strings_are_escaped_as_go_does() {
        let mut out = Vec::new();
        push_string(
            &mut out,
            "a\"\\\n\r\t\u{8}\u{c}\u{1}\u{7f}<>&\u{2028}\u{2029}é😀/",
        );
        expect![[r#""a\"\\\n\r\t\b\f\u0001<>\u003c\u003e\u0026\u2028\u2029é😀/""#]]
            .assert_eq(&String::from_utf8(out).unwrap().replace('\u{7f}', "<>"));
    }

    #[test]
    fn text_is_indented_and_compacted() {
        let json = b" { \"a\" : [ ] , \"b\":{ },\"c\" : [1, -2.50e3 ,\"x\\\"<\\u00e9 \xe2\x80\xa8\", {\"d\":null}]}\n";
        let mut out = Vec::new();
        push_json(&mut out, json, Some(1));
        let text = String::from_utf8(out).unwrap();
        expect![[r#"
            {
                "a": [],
                "b": {},
                "c": [
                  1,
                  -2.50e3,
                  "x\"\u003c\u00e9 \u2028",
                  {
                    "d": null
                  }
                ]
              }"#]]
        .assert_eq(&text);
        let mut out = Vec::new();
        push_json(&mut out, text.as_bytes(), None);
        assert_eq!(
            String::from_utf8(out).unwrap(),
            r#"{"a":[],"b":{},"c":[1,-2.50e3,"x\"\u003c\u00e9 \u2028",{"d":null}]}"#
        );
    }
}
