//! What an untagged plain scalar is.

use cty::{Number, Type, Value};

/// The value of a plain scalar. `Err` says what the language has no value for.
pub(super) fn resolve(text: &str) -> Result<Value, &'static str> {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Ok(Value::null(Type::Dynamic)),
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => {
            return Ok(Value::bool(true));
        }
        "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => {
            return Ok(Value::bool(false));
        }
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => {
            return Ok(Value::number(Number::INFINITY));
        }
        "-.inf" | "-.Inf" | "-.INF" => return Ok(Value::number(Number::NEG_INFINITY)),
        ".nan" | ".NaN" | ".NAN" => return Err("not-a-number is not supported"),
        _ => {}
    }
    if let Some(number) = number(text) {
        return Ok(Value::number(number));
    }
    Ok(Value::string(
        timestamp(text).unwrap_or_else(|| text.to_owned()),
    ))
}

/// A number as YAML 1.2 writes it.
pub(super) fn number(text: &str) -> Option<Number> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    if let Some(digits) = text.strip_prefix("0x") {
        return radix(digits, 16);
    }
    if let Some(digits) = text.strip_prefix("0o") {
        return radix(digits, 8);
    }
    let (mantissa, exponent) = match unsigned.find(['e', 'E']) {
        Some(at) => (&unsigned[..at], Some(&unsigned[at + 1..])),
        None => (unsigned, None),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    if !digits(whole) || !digits(fraction) || (whole.is_empty() && fraction.is_empty()) {
        return None;
    }
    if let Some(exponent) = exponent {
        let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        if exponent.is_empty() || !digits(exponent) {
            return None;
        }
    }
    Number::parse(text.strip_prefix('+').unwrap_or(text).trim_end_matches('.'))
}

fn radix(digits: &str, base: u32) -> Option<Number> {
    if digits.is_empty() || !digits.chars().all(|c| c.is_digit(base)) {
        return None;
    }
    num_bigint::BigInt::parse_bytes(digits.as_bytes(), base).map(Number::from_bigint)
}

/// A date or a moment, brought into the form of RFC 3339.
pub(super) fn timestamp(text: &str) -> Option<String> {
    let field = |text: &mut &str, min: usize, max: usize| {
        let length = text
            .bytes()
            .take(max)
            .take_while(u8::is_ascii_digit)
            .count();
        let value: Option<u32> = text[..length].parse().ok().filter(|_| length >= min);
        *text = &text[length..];
        value
    };
    let literal = |text: &mut &str, c: char| {
        let found = text.strip_prefix(c);
        *text = found.unwrap_or(text);
        found.map(|_| ())
    };
    let mut rest = text;
    let year = field(&mut rest, 4, 4)?;
    literal(&mut rest, '-')?;
    let month = field(&mut rest, 1, 2)?;
    literal(&mut rest, '-')?;
    let day = field(&mut rest, 1, 2)?;
    let mut out = format!("{year:04}-{month:02}-{day:02}T");
    if !crate::datetime::is_date(i64::from(year), month, day) {
        return None;
    }
    if rest.is_empty() {
        return Some(out + "00:00:00Z");
    }
    rest = rest.strip_prefix(['T', 't', ' '])?.trim_start_matches(' ');
    let hour = field(&mut rest, 1, 2)?;
    literal(&mut rest, ':')?;
    let minute = field(&mut rest, 1, 2)?;
    literal(&mut rest, ':')?;
    let second = field(&mut rest, 1, 2)?;
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    out.push_str(&format!("{hour:02}:{minute:02}:{second:02}"));
    if let Some(after) = rest.strip_prefix('.') {
        rest = after.trim_start_matches(|c: char| c.is_ascii_digit());
    }
    match rest {
        "" | "Z" => Some(out + "Z"),
        zone => {
            let sign = zone.chars().next().filter(|c| "+-".contains(*c))?;
            let (hours, minutes) = zone[1..].split_once(':')?;
            let valid = hours.len() == 2
                && minutes.len() == 2
                && zone[1..].bytes().all(|b| b.is_ascii_digit() || b == b':');
            valid.then(|| format!("{out}{sign}{hours}:{minutes}"))
        }
    }
}
