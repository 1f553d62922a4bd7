//! Values to YAML text in block style, with all strings quoted.

use cty::{Type, Value};

/// Where long quoted strings are folded.
const WIDTH: usize = 80;
/// Spaces per level.
const STEP: usize = 2;
/// Longer keys need a question mark.
const KEY_LIMIT: usize = 128;

/// The document of a wholly known value.
pub(super) fn emit(value: &Value) -> String {
    let mut emitter = Emitter::default();
    emitter.node(value, None, Place::Root);
    if !emitter.fresh_line() {
        emitter.newline();
    }
    if emitter.open_end {
        emitter.out.push_str("...\n");
    }
    emitter.out
}

/// Where a node stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Root,
    Item,
    /// After a key and its colon.
    Value,
    /// Before a colon on the same line.
    Key,
    /// After a question mark or the colon that answers it.
    LongKey,
}

#[derive(Default)]
struct Emitter {
    out: String,
    column: usize,
    /// Only indentation and indicators stand on this line so far.
    indented: bool,
    /// The last thing written was a space or an indicator that needs none after it.
    spaced: bool,
    /// The document must be closed visibly.
    open_end: bool,
}

impl Emitter {
    fn fresh_line(&self) -> bool {
        self.column == 0
    }

    fn put(&mut self, c: char) {
        self.out.push(c);
        self.column += 1;
    }

    fn newline(&mut self) {
        self.out.push('\n');
        self.column = 0;
    }

    /// Goes to the column on a new line, unless it is there already.
    fn indent_to(&mut self, indent: usize) {
        let started = !self.out.is_empty();
        if started
            && (!self.indented || self.column > indent || (self.column == indent && !self.spaced))
        {
            self.newline();
        }
        while self.column < indent {
            self.put(' ');
        }
        self.spaced = true;
        self.indented = true;
    }

    fn indicator(&mut self, text: &str, space_before: bool, spaced: bool, indents: bool) {
        if space_before && !self.spaced && !self.out.is_empty() {
            self.put(' ');
        }
        for c in text.chars() {
            self.put(c);
        }
        self.spaced = spaced;
        self.indented &= indents;
        self.open_end = false;
    }

    /// `indent` is that of the enclosing collection.
    fn node(&mut self, value: &Value, indent: Option<usize>, place: Place) {
        let inner = indent.map_or(0, |i| i + STEP);
        if let Some(s) = value.as_str() {
            self.string(s, indent.map_or(STEP, |i| i + STEP), place);
        } else if value.len().is_none() {
            self.plain(value, place);
        } else if matches!(value.ty(), Type::Map(_) | Type::Object(_)) {
            if value.is_empty() {
                self.indicator("{}", true, false, false);
            } else {
                self.mapping(value, inner);
            }
        } else if value.is_empty() {
            self.indicator("[]", true, false, false);
        } else {
            // A sequence in a mapping stands as far left as the keys.
            let inner = if place == Place::Value && !self.indented {
                indent.unwrap_or(0)
            } else {
                inner
            };
            for (_, element) in value.elements() {
                self.indent_to(inner);
                self.indicator("-", true, false, true);
                self.node(element, Some(inner), Place::Item);
            }
        }
    }

    fn mapping(&mut self, value: &Value, indent: usize) {
        for (key, element) in value.elements() {
            let key = key.as_str().map_or("", |k| &**k);
            self.indent_to(indent);
            if key.len() <= KEY_LIMIT && !key.contains('\n') {
                self.string(key, indent + STEP, Place::Key);
                self.indicator(":", false, false, false);
                self.node(element, Some(indent), Place::Value);
            } else {
                self.indicator("?", true, false, true);
                self.string(key, indent + STEP, Place::LongKey);
                self.indent_to(indent);
                self.indicator(":", true, false, true);
                self.node(element, Some(indent), Place::LongKey);
            }
        }
    }

    fn plain(&mut self, value: &Value, place: Place) {
        let text = match (value.as_bool(), value.as_number()) {
            (Some(true), _) => "true".to_owned(),
            (Some(false), _) => "false".to_owned(),
            (_, Some(n)) if n.is_infinite() => {
                if n.is_negative() { "-.inf" } else { ".inf" }.to_owned()
            }
            (_, Some(n)) => n.to_string(),
            _ => "null".to_owned(),
        };
        self.indicator(&text, true, false, false);
        self.open_end = place == Place::Root;
    }

    fn string(&mut self, s: &str, indent: usize, place: Place) {
        if s.contains('\n') && place != Place::Key && literal_fits(s) {
            self.literal(s, indent);
        } else {
            self.quoted(s, indent, place != Place::Key);
        }
    }

    fn literal(&mut self, s: &str, indent: usize) {
        let mut header = String::from("|");
        if s.starts_with([' ', '\n']) {
            header.push_str(&STEP.to_string());
        }
        if !s.ends_with('\n') {
            header.push('-');
        } else if s == "\n" || s.ends_with("\n\n") {
            header.push('+');
        }
        self.indicator(&header, true, false, false);
        self.newline();
        for line in s.split_inclusive('\n') {
            let text = line.strip_suffix('\n').unwrap_or(line);
            if !text.is_empty() {
                while self.column < indent {
                    self.put(' ');
                }
                text.chars().for_each(|c| self.put(c));
            }
            if text.len() < line.len() {
                self.newline();
            }
        }
        self.spaced = self.column == 0;
        self.indented = self.column == 0;
    }

    fn quoted(&mut self, s: &str, indent: usize, may_fold: bool) {
        self.indicator("\"", true, false, false);
        let mut after_space = false;
        let mut chars = s.chars().enumerate().peekable();
        let last = s.chars().count().saturating_sub(1);
        while let Some((i, c)) = chars.next() {
            if c == ' ' {
                if may_fold && !after_space && self.column > WIDTH && i > 0 && i < last {
                    self.indented = false;
                    self.indent_to(indent);
                    if chars.peek().is_some_and(|(_, next)| *next == ' ') {
                        self.put('\\');
                    }
                } else {
                    self.put(' ');
                }
                after_space = true;
                continue;
            }
            after_space = false;
            match escaped(c) {
                Some(escape) => escape.chars().for_each(|e| self.put(e)),
                None => self.put(c),
            }
        }
        self.indicator("\"", false, false, false);
    }
}

/// Whether the string can stand as it is below a `|`.
fn literal_fits(s: &str) -> bool {
    !s.contains(" \n") && !s.ends_with(' ') && s.chars().all(|c| c == '\n' || printable(c))
}

fn printable(c: char) -> bool {
    matches!(c, '\n' | ' '..='~' | '\u{a0}'..='\u{d7ff}' | '\u{e000}'..='\u{fefe}' | '\u{ff00}'..='\u{fffd}')
}

fn escaped(c: char) -> Option<String> {
    Some(match c {
        '\0' => "\\0".to_owned(),
        '\u{7}' => "\\a".to_owned(),
        '\u{8}' => "\\b".to_owned(),
        '\t' => "\\t".to_owned(),
        '\n' => "\\n".to_owned(),
        '\u{b}' => "\\v".to_owned(),
        '\u{c}' => "\\f".to_owned(),
        '\r' => "\\r".to_owned(),
        '\u{1b}' => "\\e".to_owned(),
        '"' => "\\\"".to_owned(),
        '\\' => "\\\\".to_owned(),
        '\u{85}' => "\\N".to_owned(),
        '\u{2028}' => "\\L".to_owned(),
        '\u{2029}' => "\\P".to_owned(),
        c if printable(c) => return None,
        c if (c as u32) <= 0xff => format!("\\x{:02X}", c as u32),
        c if (c as u32) <= 0xffff => format!("\\u{:04X}", c as u32),
        c => format!("\\U{:08X}", c as u32),
    })
}
