//! JSON text to values: arrays become tuples, objects objects, numbers keep all their digits.

use cty::{Number, Type, Value};
use std::sync::Arc;

/// Deeper nesting is a mistake.
const DEPTH: usize = 1000;

/// Reads one JSON value.
pub(super) fn parse(text: &str) -> Result<Value, String> {
    let mut parser = Parser { text, at: 0 };
    let value = parser.value(0)?;
    parser.skip_space();
    if parser.at < text.len() {
        return Err(parser.fail("there is more text after the value"));
    }
    Ok(value)
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Parser<'a> {
    fn fail(&self, message: &str) -> String {
        let before = &self.text[..self.at.min(self.text.len())];
        let line = before.matches('\n').count() + 1;
        let column = before.chars().rev().take_while(|c| *c != '\n').count() + 1;
        format!("{message} (line {line}, column {column})")
    }

    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn skip_space(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start_matches([' ', '\t', '\n', '\r']).len();
    }

    fn peek(&mut self) -> Option<u8> {
        self.skip_space();
        self.text.as_bytes().get(self.at).copied()
    }

    fn take(&mut self, wanted: u8) -> bool {
        let found = self.peek() == Some(wanted);
        self.at += usize::from(found);
        found
    }

    fn value(&mut self, depth: usize) -> Result<Value, String> {
        if depth > DEPTH {
            return Err(self.fail("the nesting is too deep"));
        }
        match self.peek() {
            None => Err(self.fail("a value is missing at the end")),
            Some(b'{') => self.object(depth),
            Some(b'[') => self.array(depth),
            Some(b'"') => Ok(Value::string(self.string()?)),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(_) => {
                for (word, value) in [
                    ("true", Value::bool(true)),
                    ("false", Value::bool(false)),
                    ("null", Value::null(Type::Dynamic)),
                ] {
                    if self.rest().starts_with(word) {
                        self.at += word.len();
                        return Ok(value);
                    }
                }
                Err(self.fail("a value is expected here"))
            }
        }
    }

    fn array(&mut self, depth: usize) -> Result<Value, String> {
        self.at += 1;
        let mut values = Vec::new();
        if self.take(b']') {
            return Ok(Value::tuple(values));
        }
        loop {
            values.push(self.value(depth + 1)?);
            if self.take(b']') {
                return Ok(Value::tuple(values));
            }
            if !self.take(b',') {
                return Err(self.fail("a comma or a closing bracket is expected here"));
            }
        }
    }

    fn object(&mut self, depth: usize) -> Result<Value, String> {
        self.at += 1;
        let mut attributes: Vec<(Arc<str>, Value)> = Vec::new();
        if self.take(b'}') {
            return Ok(Value::object(attributes));
        }
        loop {
            if self.peek() != Some(b'"') {
                return Err(self.fail("a name in double quotes is expected here"));
            }
            let name = Value::string(self.string()?);
            if !self.take(b':') {
                return Err(self.fail("a colon is expected here"));
            }
            let value = self.value(depth + 1)?;
            attributes.extend(name.as_str().map(|n| (n.clone(), value)));
            if self.take(b'}') {
                return Ok(Value::object(attributes));
            }
            if !self.take(b',') {
                return Err(self.fail("a comma or a closing brace is expected here"));
            }
        }
    }

    fn number(&mut self) -> Result<Value, String> {
        let start = self.at;
        let digits = |at: &mut usize| {
            let rest = &self.text[*at..];
            let length = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
            *at += length;
            length
        };
        let bytes = self.text.as_bytes();
        let mut at = start + usize::from(bytes[start] == b'-');
        let first = bytes.get(at).copied();
        let whole = digits(&mut at);
        let mut valid = whole > 0 && (first != Some(b'0') || whole == 1);
        if bytes.get(at) == Some(&b'.') {
            at += 1;
            valid &= digits(&mut at) > 0;
        }
        if let Some(b'e' | b'E') = bytes.get(at) {
            at += 1;
            at += usize::from(matches!(bytes.get(at), Some(b'+' | b'-')));
            valid &= digits(&mut at) > 0;
        }
        self.at = at;
        let number = Number::parse(&self.text[start..at]).filter(|_| valid);
        number
            .map(Value::number)
            .ok_or_else(|| self.fail("this is not a number"))
    }

    fn string(&mut self) -> Result<String, String> {
        self.at += 1;
        let mut out = String::new();
        loop {
            let rest = self.rest();
            let stop = rest
                .find(|c: char| c == '"' || c == '\\' || c < ' ')
                .unwrap_or(rest.len());
            out.push_str(&rest[..stop]);
            self.at += stop;
            match rest.as_bytes().get(stop) {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(out);
                }
                Some(b'\\') => out.push(self.escape()?),
                Some(_) => return Err(self.fail("a control character must be escaped in a string")),
                None => return Err(self.fail("the string does not end")),
            }
        }
    }

    fn escape(&mut self) -> Result<char, String> {
        let letter = self.text.as_bytes().get(self.at + 1).copied();
        let plain = match letter {
            Some(c @ (b'"' | b'\\' | b'/')) => char::from(c),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode(),
            _ => return Err(self.fail("there is no such escape")),
        };
        self.at += 2;
        Ok(plain)
    }

    /// Reads `\uXXXX`, and a second one that completes a surrogate pair. Half a pair becomes the
    /// replacement character.
    fn unicode(&mut self) -> Result<char, String> {
        let high = self
            .code_unit()
            .ok_or_else(|| self.fail("four hexadecimal digits are expected after \\u"))?;
        self.at += 6;
        if (0xd800..0xdc00).contains(&high)
            && let Some(low) = self
                .code_unit()
                .filter(|low| (0xdc00..0xe000).contains(low))
        {
            self.at += 6;
            let code = 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
            return Ok(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
        }
        Ok(char::from_u32(high).unwrap_or(char::REPLACEMENT_CHARACTER))
    }

    fn code_unit(&self) -> Option<u32> {
        let digits = self.rest().strip_prefix("\\u")?.get(..4)?;
        digits
            .bytes()
            .all(|b| b.is_ascii_hexdigit())
            .then(|| u32::from_str_radix(digits, 16).ok())?
    }
}
