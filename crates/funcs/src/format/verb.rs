//! One verb of a format: `%-5.2f`.

use super::decimal::{Decimal, Style};
use crate::json::encode as json;
use crate::values::convert;
use cty::{Type, Value};
use num_bigint::BigInt;
use unicode_segmentation::UnicodeSegmentation as _;

/// Widths and precisions beyond this are a mistake.
const LIMIT: usize = 1 << 20;

/// A verb with what stands between it and its percent sign.
#[derive(Default)]
pub(super) struct Verb<'a> {
    /// All of it, from the percent sign on.
    pub(super) text: &'a str,
    /// Which argument it asks for, counted from 1.
    pub(super) index: Option<usize>,
    letter: char,
    sharp: bool,
    zero: bool,
    space: bool,
    plus: bool,
    minus: bool,
    width: usize,
    precision: Option<usize>,
}

/// Reads the verb at the start of a text.
pub(super) fn parse(text: &str) -> Option<Verb<'_>> {
    let mut verb = Verb::default();
    let mut chars = text.char_indices().skip(1).peekable();
    while let Some((_, c)) = chars.next_if(|(_, c)| "#0 +-".contains(*c)) {
        match c {
            '#' => verb.sharp = true,
            '0' => verb.zero = true,
            ' ' => verb.space = true,
            '+' => verb.plus = true,
            _ => verb.minus = true,
        }
    }
    let digits = |chars: &mut std::iter::Peekable<std::iter::Skip<std::str::CharIndices<'_>>>| {
        let mut n: Option<usize> = None;
        while let Some((_, c)) = chars.next_if(|(_, c)| c.is_ascii_digit()) {
            let digit = c.to_digit(10).unwrap_or(0) as usize;
            n = Some((n.unwrap_or(0) * 10 + digit).min(LIMIT));
        }
        n
    };
    verb.width = digits(&mut chars).unwrap_or(0);
    if chars.next_if(|(_, c)| *c == '.').is_some() {
        verb.precision = Some(digits(&mut chars)?);
    }
    if chars.next_if(|(_, c)| *c == '[').is_some() {
        verb.index = Some(digits(&mut chars).filter(|n| *n > 0)?);
        chars.next_if(|(_, c)| *c == ']')?;
    }
    let (at, letter) = chars
        .next()
        .filter(|(_, c)| "vtbdoxXeEfgGsq".contains(*c))?;
    verb.letter = letter;
    verb.text = &text[..at + letter.len_utf8()];
    Some(verb)
}

impl Verb<'_> {
    /// Appends a wholly known value, or says what would be expected.
    pub(super) fn append(&self, value: &Value, out: &mut String) -> Result<(), &'static str> {
        if value.is_null() && self.letter != 'v' {
            return Err("a value that is not null");
        }
        match self.letter {
            'v' => {
                self.append_any(value, out);
                Ok(())
            }
            't' => {
                let value = convert(value, &Type::Bool).map_err(|_| "a bool")?;
                out.push_str(if value.as_bool() == Some(true) {
                    "true"
                } else {
                    "false"
                });
                Ok(())
            }
            's' | 'q' => {
                let value = convert(value, &Type::String).map_err(|_| "a string")?;
                let s = value.as_str().ok_or("a string")?;
                let s = self.cut(s);
                if self.letter == 'q' {
                    self.pad(&json(&Value::string(s)), out);
                } else {
                    self.pad(s, out);
                }
                Ok(())
            }
            _ => {
                let value = convert(value, &Type::Number).map_err(|_| "a number")?;
                let number = value.as_number().ok_or("a number")?;
                if "bdoxX".contains(self.letter) {
                    self.append_integer(&number.to_bigint().ok_or("a whole number")?, out);
                } else {
                    self.append_float(&number.to_string(), out);
                }
                Ok(())
            }
        }
    }

    /// Whatever the value is; of what stands before the letter, only the width matters.
    fn append_any(&self, value: &Value, out: &mut String) {
        match (value.as_str(), value.as_number()) {
            (Some(s), _) if !self.sharp => self.pad(s, out),
            (_, Some(number)) if !self.sharp => {
                let mut digits = String::new();
                Verb::default().append_float(&number.to_string(), &mut digits);
                self.pad(&digits, out);
            }
            _ => self.pad(&json(value), out),
        }
    }

    /// The precision of a string counts what is kept of it.
    fn cut<'s>(&self, s: &'s str) -> &'s str {
        match self.precision {
            Some(precision) if precision > 0 => s
                .grapheme_indices(true)
                .nth(precision)
                .map_or(s, |(at, _)| &s[..at]),
            _ => s,
        }
    }

    fn append_integer(&self, number: &BigInt, out: &mut String) {
        let radix = match self.letter {
            'b' => 2,
            'o' => 8,
            'd' => 10,
            _ => 16,
        };
        let mut digits = number.magnitude().to_str_radix(radix);
        if self.letter == 'X' {
            digits.make_ascii_uppercase();
        }
        let prefix = match (self.sharp, self.letter) {
            (true, 'b') => "0b",
            (true, 'o') => "0",
            (true, 'x') => "0x",
            (true, 'X') => "0X",
            _ => "",
        };
        if self.precision == Some(0) && digits == "0" {
            return;
        }
        if let Some(precision) = self.precision {
            digits = format!("{digits:0>precision$}");
        }
        let sign = self.sign(number.sign() == num_bigint::Sign::Minus);
        self.pad_number(
            &format!("{sign}{prefix}"),
            &digits,
            self.precision.is_none() && !self.minus,
            out,
        );
    }

    fn append_float(&self, decimal: &str, out: &mut String) {
        let (negative, magnitude) = decimal
            .strip_prefix('-')
            .map_or((false, decimal), |d| (true, d));
        let style = match self.letter {
            'e' | 'E' => Style::Exponent,
            'f' => Style::Fixed,
            _ => Style::General,
        };
        let finite = magnitude.starts_with(|c: char| c.is_ascii_digit());
        let mut digits = if finite {
            Decimal::parse(magnitude).render(style, self.precision)
        } else {
            magnitude.trim_start_matches('+').to_owned()
        };
        if self.letter.is_ascii_uppercase() {
            digits.make_ascii_uppercase();
        }
        self.pad_number(self.sign(negative), &digits, finite, out);
    }

    const fn sign(&self, negative: bool) -> &'static str {
        match (negative, self.plus, self.space) {
            (true, ..) => "-",
            (_, true, _) => "+",
            (_, _, true) => " ",
            _ => "",
        }
    }

    /// Zeros go between sign and digits.
    fn pad_number(&self, sign: &str, digits: &str, zeros: bool, out: &mut String) {
        let missing = self.width.saturating_sub(sign.len() + digits.len());
        if self.zero && zeros {
            out.push_str(sign);
            out.extend(std::iter::repeat_n('0', missing));
            out.push_str(digits);
        } else {
            let blank = Self {
                zero: false,
                ..*self
            };
            blank.pad(&format!("{sign}{digits}"), out);
        }
    }

    fn pad(&self, s: &str, out: &mut String) {
        let missing = if self.width == 0 {
            0
        } else {
            self.width.saturating_sub(crate::values::grapheme_count(s))
        };
        let padding = std::iter::repeat_n(if self.zero { '0' } else { ' ' }, missing);
        if self.minus {
            out.push_str(s);
            out.extend(padding);
        } else {
            out.extend(padding);
            out.push_str(s);
        }
    }
}
