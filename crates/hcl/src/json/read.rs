//! JSON text to expressions.

use crate::{Attribute, Body, Expr, ExprKind, JsonString, NativeBody, ObjectItem, Syntax};
use cty::{Number, Type, Value};
use diags::{Diagnostic, Diagnostics, Pos, SourceRange};
use std::sync::Arc;
use unicode_segmentation::UnicodeSegmentation;

/// How deep arrays and objects may be nested.
const MAX_DEPTH: usize = 1000;

/// Parses a configuration file in JSON syntax. What can be read is returned, also when there are
/// errors.
pub fn parse_json(file_name: impl Into<Arc<str>>, source: &str) -> (Body, Diagnostics) {
    parse(file_name.into(), source, true)
}

/// Parses a file of values in JSON syntax: a string is what it is, no template.
pub fn parse_json_values(file_name: impl Into<Arc<str>>, source: &str) -> (Body, Diagnostics) {
    parse(file_name.into(), source, false)
}

fn parse(file: Arc<str>, source: &str, templates: bool) -> (Body, Diagnostics) {
    let start = Pos {
        line: 1,
        column: 1,
        byte: 0,
    };
    let mut reader = Reader {
        source,
        at: 0,
        pos: start,
        file,
        templates,
        depth: 0,
        diags: Diagnostics::new(),
    };
    let value = reader.document().ok();
    let attributes = match value.as_ref().map(|v| (&v.range, &*v.kind)) {
        Some((_, ExprKind::Object(items))) => properties(items),
        Some((range, ExprKind::Tuple(_))) if !templates => {
            let detail = "Values are given as the properties of one JSON object.";
            let problem = Diagnostic::error("Incorrect JSON value type", detail);
            reader.diags.push(problem.at(range.clone()));
            Vec::new()
        }
        // The properties of all objects together.
        Some((_, ExprKind::Tuple(values))) => values
            .iter()
            .filter_map(Expr::as_static_map)
            .flat_map(properties)
            .collect(),
        Some((range, _)) => {
            reader.diags.push(
                Diagnostic::error(
                    "Root value must be object",
                    "The root value in a JSON-based configuration must be either a JSON object or a JSON array of \
                     objects.",
                )
                .at(range.clone()),
            );
            Vec::new()
        }
        None => Vec::new(),
    };
    let end = reader.pos;
    let range = |start, end| SourceRange {
        file: reader.file.clone(),
        start,
        end,
    };
    let body = NativeBody {
        attributes,
        blocks: Vec::new(),
        range: range(start, end),
        missing_range: range(start, start),
        end_range: range(end, end),
        taken: Vec::new(),
        syntax: Syntax::Json,
    };
    (Body::Native(Arc::new(body)), reader.diags)
}

/// The properties of an object as arguments; `"//"` is a comment.
pub(super) fn properties(items: &[ObjectItem]) -> Vec<Attribute> {
    let attribute = |item: &ObjectItem| {
        let name = match &*item.key.kind {
            ExprKind::JsonString(key) => key.text.clone(),
            _ => return None,
        };
        (&*name != "//").then(|| Attribute {
            name,
            name_range: item.key.range.clone(),
            expr: item.value.clone(),
            range: item.key.range.to(&item.value.range),
        })
    };
    items.iter().filter_map(attribute).collect()
}

struct Failed;

struct Reader<'a> {
    source: &'a str,
    at: usize,
    pos: Pos,
    file: Arc<str>,
    /// Whether strings are templates.
    templates: bool,
    depth: usize,
    diags: Diagnostics,
}

impl Reader<'_> {
    fn document(&mut self) -> Result<Expr, Failed> {
        if self.source.starts_with('\u{feff}') {
            self.at = 3;
            self.pos.byte = 3;
        }
        let value = self.value()?;
        self.space();
        if self.at < self.source.len() {
            let start = self.pos;
            return Err(self.fail(
                "Extraneous data after value",
                "Nothing may follow the JSON value.",
                start,
            ));
        }
        Ok(value)
    }

    fn peek(&self) -> Option<u8> {
        self.source.as_bytes().get(self.at).copied()
    }

    /// Moves over `len` bytes.
    fn advance(&mut self, len: usize) {
        for cluster in self.source[self.at..self.at + len].graphemes(true) {
            if cluster.ends_with('\n') {
                self.pos.line += 1;
                self.pos.column = 1;
            } else {
                self.pos.column += 1;
            }
        }
        self.at += len;
        self.pos.byte += len as u32;
    }

    fn space(&mut self) {
        let rest = &self.source[self.at..];
        self.advance(rest.len() - rest.trim_start_matches([' ', '\t', '\r', '\n']).len());
    }

    fn range(&self, start: Pos) -> SourceRange {
        SourceRange {
            file: self.file.clone(),
            start,
            end: self.pos,
        }
    }

    /// Reports an error from `start` to the end of the character here.
    fn fail(&mut self, summary: &str, detail: &str, start: Pos) -> Failed {
        let len = self.source[self.at..]
            .graphemes(true)
            .next()
            .map_or(0, str::len);
        self.advance(len);
        self.diags
            .push(Diagnostic::error(summary, detail).at(self.range(start)));
        Failed
    }

    fn value(&mut self) -> Result<Expr, Failed> {
        self.space();
        let start = self.pos;
        if self.depth >= MAX_DEPTH {
            return Err(self.fail(
                "Too deep nesting",
                "Arrays and objects can be nested at most 1000 levels deep.",
                start,
            ));
        }
        self.depth += 1;
        let value = stacker::maybe_grow(64 * 1024, 1024 * 1024, || match self.peek() {
            Some(b'{') => self.object(),
            Some(b'[') => self.array(),
            Some(b'"') => self.string(),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b'a'..=b'z' | b'A'..=b'Z') => self.keyword(),
            Some(_) => Err(self.fail(
                "Invalid start of value",
                "A JSON value cannot begin with this character.",
                start,
            )),
            None => Err(self.fail(
                "Missing JSON value",
                "The JSON data ends where a value is required.",
                start,
            )),
        });
        self.depth -= 1;
        value
    }

    fn object(&mut self) -> Result<Expr, Failed> {
        let start = self.pos;
        let mut items = Vec::new();
        self.advance(1);
        loop {
            self.space();
            let here = self.pos;
            match self.peek() {
                Some(b'}') => {
                    self.advance(1);
                    return Ok(Expr::new(ExprKind::Object(items), self.range(start)));
                }
                Some(b'"') => {}
                Some(_) => {
                    return Err(self.fail(
                        "Invalid object property name",
                        "A JSON object property name must be a string.",
                        here,
                    ));
                }
                None => return Err(self.unclosed("object", start)),
            }
            let key = self.string()?;
            self.space();
            if self.peek() != Some(b':') {
                let here = self.pos;
                return Err(self.fail(
                    "Missing property value colon",
                    "A colon must separate the property's name from its value.",
                    here,
                ));
            }
            self.advance(1);
            items.push(ObjectItem {
                key,
                value: self.value()?,
            });
            self.separator(b'}', "object", start)?;
        }
    }

    fn array(&mut self) -> Result<Expr, Failed> {
        let start = self.pos;
        let mut items = Vec::new();
        self.advance(1);
        loop {
            self.space();
            match self.peek() {
                Some(b']') => {
                    self.advance(1);
                    return Ok(Expr::new(ExprKind::Tuple(items), self.range(start)));
                }
                Some(_) => items.push(self.value()?),
                None => return Err(self.unclosed("array", start)),
            }
            self.separator(b']', "array", start)?;
        }
    }

    /// Takes the comma between items; the closing bracket stays.
    fn separator(&mut self, close: u8, what: &str, open: Pos) -> Result<(), Failed> {
        self.space();
        let here = self.pos;
        match self.peek() {
            Some(b',') => {
                self.advance(1);
                self.space();
                if self.peek() == Some(close) {
                    return Err(self.fail(
                        &format!("Trailing comma in {what}"),
                        &format!("JSON does not allow a comma after the last item of an {what}."),
                        here,
                    ));
                }
                Ok(())
            }
            Some(b) if b == close => Ok(()),
            Some(_) => Err(self.fail(
                if close == b'}' {
                    "Missing attribute separator"
                } else {
                    "Missing item separator"
                },
                &format!("A comma must separate the items of an {what}."),
                here,
            )),
            None => Err(self.unclosed(what, open)),
        }
    }

    #[cold]
    fn unclosed(&mut self, what: &str, open: Pos) -> Failed {
        self.fail(
            &format!("Unclosed {what}"),
            &format!("No closing bracket was found for this {what}."),
            open,
        )
    }

    fn number(&mut self) -> Result<Expr, Failed> {
        let start = self.pos;
        let rest = &self.source[self.at..];
        let len = rest.len()
            - rest
                .trim_start_matches(|c: char| c.is_ascii_digit() || "+-.eE".contains(c))
                .len();
        let text = &rest[..len];
        let digits = text.trim_start_matches('-');
        let leading_zero =
            digits.starts_with('0') && digits[1..].starts_with(|c: char| c.is_ascii_digit());
        let ends_well = text.ends_with(|c: char| c.is_ascii_digit());
        match Number::parse(text).filter(|_| ends_well && !leading_zero) {
            Some(number) => {
                self.advance(len);
                Ok(Expr::new(
                    ExprKind::Literal(Value::number(number)),
                    self.range(start),
                ))
            }
            None => Err(self.fail(
                "Invalid JSON number",
                "This is not a valid JSON number.",
                start,
            )),
        }
    }

    fn keyword(&mut self) -> Result<Expr, Failed> {
        let start = self.pos;
        let rest = &self.source[self.at..];
        let len = rest.len()
            - rest
                .trim_start_matches(|c: char| c.is_ascii_alphanumeric())
                .len();
        let value = match &rest[..len] {
            "true" => Value::bool(true),
            "false" => Value::bool(false),
            "null" => Value::null(Type::Dynamic),
            _ => {
                return Err(self.fail(
                    "Invalid JSON keyword",
                    "The words of JSON are true, false and null. Strings must be in double quotes.",
                    start,
                ));
            }
        };
        self.advance(len);
        Ok(Expr::new(ExprKind::Literal(value), self.range(start)))
    }

    fn string(&mut self) -> Result<Expr, Failed> {
        let start = self.pos;
        let rest = &self.source[self.at..];
        let mut escaped = false;
        let end = rest[1..].bytes().position(|b| {
            let end = b == b'"' && !escaped;
            escaped = b == b'\\' && !escaped;
            end
        });
        let Some(end) = end else {
            return Err(self.fail(
                "Invalid JSON string",
                "There is no closing quote for this string.",
                start,
            ));
        };
        let literal = &rest[..end + 2];
        let Some(text) = unescape(&literal[1..end + 1]) else {
            return Err(self.fail(
                "Invalid JSON string",
                "The string has an invalid escape sequence.",
                start,
            ));
        };
        let inside = Pos {
            line: start.line,
            column: start.column + 1,
            byte: start.byte + 1,
        };
        let (template, problems) = if self.templates {
            crate::parse_template(self.file.clone(), &text, inside)
        } else {
            (None, Diagnostics::new())
        };
        self.advance(literal.len());
        let range = self.range(start);
        self.diags.append(problems);
        // Its text stands for a string that is no template, or a broken one, which has been reported.
        let template = template.unwrap_or_else(|| {
            Expr::new(
                ExprKind::Literal(Value::string(text.clone())),
                range.clone(),
            )
        });
        let string = JsonString {
            text: text.into(),
            template,
            start: inside,
            code: Default::default(),
        };
        Ok(Expr::new(ExprKind::JsonString(string), range))
    }
}

/// The text of what stands between the quotes.
fn unescape(text: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        out.push(match chars.next()? {
            c @ ('"' | '\\' | '/') => c,
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => {
                let unit = hex4(&mut chars)?;
                let low = chars
                    .as_str()
                    .strip_prefix("\\u")
                    .filter(|_| (0xd800..0xdc00).contains(&unit));
                match low.map(|rest| hex4(&mut rest.chars())) {
                    Some(Some(low)) if (0xdc00..0xe000).contains(&low) => {
                        chars = chars.as_str()[6..].chars();
                        char::from_u32(0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00))?
                    }
                    _ => char::from_u32(unit).unwrap_or(char::REPLACEMENT_CHARACTER),
                }
            }
            _ => return None,
        });
    }
    Some(out)
}

fn hex4(chars: &mut std::str::Chars<'_>) -> Option<u32> {
    (0..4).try_fold(0, |code, _| Some(code * 16 + chars.next()?.to_digit(16)?))
}
