//! A reader of JSON text, token by token.

use crate::wire::{WireError, deeper};
use std::borrow::Cow;

/// The text and the place in it.
pub(super) struct Reader<'a> {
    text: &'a str,
    at: usize,
}

/// The start of a value.
pub(super) enum Token<'a> {
    Null,
    Bool(bool),
    /// As it is written.
    Number(&'a str),
    String(Cow<'a, str>),
    Array,
    Object,
}

impl<'a> Reader<'a> {
    pub(super) const fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    /// The place of what comes next, to read it again later.
    pub(super) const fn place(&self) -> usize {
        self.at
    }

    /// The same text from another place.
    pub(super) const fn from(&self, place: usize) -> Self {
        Self {
            text: self.text,
            at: place,
        }
    }

    /// The start of the value that is next.
    pub(super) fn token(&mut self) -> Result<Token<'a>, WireError> {
        match self.next_byte() {
            Some(b'{') => self.step(Token::Object),
            Some(b'[') => self.step(Token::Array),
            Some(b'"') => self.string().map(Token::String),
            Some(b'-' | b'0'..=b'9') => self.number().map(Token::Number),
            Some(b'n') => self.word("null", Token::Null),
            Some(b't') => self.word("true", Token::Bool(true)),
            Some(b'f') => self.word("false", Token::Bool(false)),
            _ => Err(self.unexpected("looking for beginning of value")),
        }
    }

    /// Whether another element follows in an array; `first` before any was read.
    pub(super) fn element(&mut self, first: bool) -> Result<bool, WireError> {
        self.separator(first, b']', "after array element")
    }

    /// The key of the next entry in an object, if another follows; `first` before any was read.
    pub(super) fn key(&mut self, first: bool) -> Result<Option<Cow<'a, str>>, WireError> {
        if !self.separator(first, b'}', "after object key:value pair")? {
            return Ok(None);
        }
        if self.next_byte() != Some(b'"') {
            return Err(self.unexpected("looking for beginning of object key string"));
        }
        let key = self.string()?;
        if self.next_byte() != Some(b':') {
            return Err(self.unexpected("after object key"));
        }
        self.at += 1;
        Ok(Some(key))
    }

    /// Passes over the value that is next.
    pub(super) fn skip(&mut self, depth: usize) -> Result<(), WireError> {
        let depth = deeper(depth)?;
        let mut first = true;
        match self.token()? {
            Token::Array => {
                while self.element(first)? {
                    self.skip(depth)?;
                    first = false;
                }
            }
            Token::Object => {
                while self.key(first)?.is_some() {
                    self.skip(depth)?;
                    first = false;
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// Fails unless nothing but space is left.
    pub(super) fn end(&mut self) -> Result<(), WireError> {
        match self.next_byte() {
            None => Ok(()),
            Some(_) => Err(WireError::new("extraneous data after JSON value")),
        }
    }

    fn separator(&mut self, first: bool, close: u8, context: &str) -> Result<bool, WireError> {
        match self.next_byte() {
            Some(b) if b == close => {
                self.at += 1;
                Ok(false)
            }
            Some(_) if first => Ok(true),
            Some(b',') => {
                self.at += 1;
                Ok(true)
            }
            _ => Err(self.unexpected(context)),
        }
    }

    fn next_byte(&mut self) -> Option<u8> {
        let rest = &self.text.as_bytes()[self.at..];
        let space = rest
            .iter()
            .take_while(|b| matches!(b, b' ' | b'\t' | b'\r' | b'\n'))
            .count();
        self.at += space;
        rest.get(space).copied()
    }

    fn step(&mut self, token: Token<'a>) -> Result<Token<'a>, WireError> {
        self.at += 1;
        Ok(token)
    }

    fn word(&mut self, word: &str, token: Token<'a>) -> Result<Token<'a>, WireError> {
        let rest = &self.text[self.at..];
        if rest.starts_with(word) {
            self.at += word.len();
            return Ok(token);
        }
        self.at += rest
            .bytes()
            .zip(word.bytes())
            .take_while(|(a, b)| a == b)
            .count();
        Err(self.unexpected(&format!("in literal {word}")))
    }

    fn number(&mut self) -> Result<&'a str, WireError> {
        let start = self.at;
        let bytes = self.text.as_bytes();
        let mut at = start + usize::from(bytes[start] == b'-');
        let digits = |mut at: usize| {
            let from = at;
            while bytes.get(at).is_some_and(u8::is_ascii_digit) {
                at += 1;
            }
            (at, at > from)
        };
        // A leading zero stands alone.
        let (end, some) = if bytes.get(at) == Some(&b'0') {
            (at + 1, true)
        } else {
            digits(at)
        };
        let mut complete = some;
        at = end;
        if complete && bytes.get(at) == Some(&b'.') {
            (at, complete) = digits(at + 1);
        }
        if complete && matches!(bytes.get(at), Some(b'e' | b'E')) {
            at += 1;
            at += usize::from(matches!(bytes.get(at), Some(b'+' | b'-')));
            (at, complete) = digits(at);
        }
        self.at = at;
        if complete {
            Ok(&self.text[start..at])
        } else {
            Err(self.unexpected("in numeric literal"))
        }
    }

    fn string(&mut self) -> Result<Cow<'a, str>, WireError> {
        self.at += 1;
        let start = self.at;
        let mut owned: Option<String> = None;
        let mut plain = start;
        loop {
            let rest = &self.text.as_bytes()[self.at..];
            self.at += rest
                .iter()
                .take_while(|b| !matches!(b, b'"' | b'\\' | 0..=0x1f))
                .count();
            let run = &self.text[plain..self.at];
            match self.text.as_bytes().get(self.at) {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(match owned {
                        None => Cow::Borrowed(run),
                        Some(text) => Cow::Owned(text + run),
                    });
                }
                Some(b'\\') => {
                    let text = owned.get_or_insert_default();
                    text.push_str(run);
                    self.at += 1;
                    let c = self.escape()?;
                    owned.get_or_insert_default().push(c);
                    plain = self.at;
                }
                _ => return Err(self.unexpected("in string literal")),
            }
        }
    }

    /// What follows a backslash. Halves of surrogate pairs on their own become the replacement
    /// character.
    fn escape(&mut self) -> Result<char, WireError> {
        let escaped = match self.text.as_bytes().get(self.at) {
            Some(c @ (b'"' | b'\\' | b'/')) => char::from(*c),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => {
                self.at += 1;
                let unit = self.unit()?;
                if !(0xd800..0xdc00).contains(&unit) || !self.text[self.at..].starts_with("\\u") {
                    return Ok(char::from_u32(unit).unwrap_or(char::REPLACEMENT_CHARACTER));
                }
                let alone = self.at;
                self.at += 2;
                let low = self.unit()?;
                if (0xdc00..0xe000).contains(&low) {
                    let c = 0x1_0000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
                    return Ok(char::from_u32(c).unwrap_or(char::REPLACEMENT_CHARACTER));
                }
                self.at = alone;
                return Ok(char::REPLACEMENT_CHARACTER);
            }
            _ => return Err(self.unexpected("in string escape code")),
        };
        self.at += 1;
        Ok(escaped)
    }

    /// Four hexadecimal digits.
    fn unit(&mut self) -> Result<u32, WireError> {
        let digits = self
            .text
            .get(self.at..self.at + 4)
            .filter(|d| d.bytes().all(|b| b.is_ascii_hexdigit()));
        let Some(unit) = digits.and_then(|d| u32::from_str_radix(d, 16).ok()) else {
            return Err(self.unexpected("in \\u hexadecimal character escape"));
        };
        self.at += 4;
        Ok(unit)
    }

    fn unexpected(&self, context: &str) -> WireError {
        match self.text[self.at..].chars().next() {
            Some(c) => WireError::new(format!(
                "invalid character {c:?} {context}, at offset {}",
                self.at
            )),
            None => WireError::new("unexpected end of JSON input"),
        }
    }
}
