//! Durations as they are written in `timeouts` blocks: `1h30m`, `15m0s`, `1.5s`.

use std::fmt;
use std::time::Duration;

/// Text that is no duration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DurationError {
    text: String,
    problem: &'static str,
}

impl fmt::Display for DurationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:?} is not a duration: {}. Write numbers with units, such as \"30m\", \"1h30m\" or \"90s\".",
            self.text, self.problem
        )
    }
}

impl std::error::Error for DurationError {}

/// The units, in nanoseconds, longest name first where one starts like another.
const UNITS: [(&str, u128); 8] = [
    ("ns", 1),
    ("us", 1_000),
    ("\u{b5}s", 1_000),
    ("\u{3bc}s", 1_000),
    ("ms", 1_000_000),
    ("s", 1_000_000_000),
    ("m", 60_000_000_000),
    ("h", 3_600_000_000_000),
];

/// The longest duration that can be written: 2^63 - 1 ns, about 292 years.
const LONGEST: u128 = i64::MAX as u128;

/// Reads a duration: one or more numbers with units, or `0`. None is negative.
pub fn parse(text: &str) -> Result<Duration, DurationError> {
    let failed = |problem| DurationError {
        text: text.to_owned(),
        problem,
    };
    let unsigned = text.strip_prefix('+').unwrap_or(text);
    if unsigned == "0" {
        return Ok(Duration::ZERO);
    }
    if unsigned.starts_with('-') {
        return Err(failed("it is negative"));
    }
    if unsigned.is_empty() {
        return Err(failed("it is empty"));
    }
    let mut rest = unsigned;
    let mut total: u128 = 0;
    while !rest.is_empty() {
        let is_unit = |c: char| !c.is_ascii_digit() && c != '.';
        let end = rest.find(is_unit).ok_or(failed("a unit is missing"))?;
        let (number, tail) = rest.split_at(end);
        let end = tail.find(|c| !is_unit(c)).unwrap_or(tail.len());
        let (name, tail) = tail.split_at(end);
        let unit = UNITS.iter().find(|u| u.0 == name);
        let (_, unit) = unit.ok_or(failed("units are h, m, s, ms, us and ns"))?;
        let part = amount(number, *unit).ok_or(failed("a number is missing or malformed"))?;
        total = total.saturating_add(part);
        rest = tail;
    }
    if total > LONGEST {
        return Err(failed("it is too long"));
    }
    let nanos = u64::try_from(total).unwrap_or(u64::MAX);
    Ok(Duration::from_nanos(nanos))
}

/// `1.5` of a unit in nanoseconds; digits below a nanosecond are dropped.
fn amount(number: &str, unit: u128) -> Option<u128> {
    let (whole, part) = number.split_once('.').unwrap_or((number, ""));
    if (whole.is_empty() && part.is_empty()) || part.contains('.') {
        return None;
    }
    let mut total = whole
        .bytes()
        .fold(0_u128, |n, d| n.saturating_mul(10).saturating_add(digit(d)))
        .saturating_mul(unit);
    let mut scale = unit;
    let mut remainder = 0;
    // Long division: exact however many digits there are.
    for d in part.bytes() {
        let value = digit(d) * scale + remainder;
        total = total.saturating_add(value / 10);
        (scale, remainder) = (scale / 10, value % 10);
        if scale == 0 {
            break;
        }
    }
    Some(total)
}

fn digit(byte: u8) -> u128 {
    u128::from(byte.saturating_sub(b'0'))
}

/// Writes a duration as Go does: `1h30m0s`, `15m0s`, `1.5s`, `20ms`, `0s`.
pub fn display(duration: Duration) -> String {
    let nanos = duration.as_nanos();
    if nanos == 0 {
        return "0s".to_owned();
    }
    if nanos < 1_000_000_000 {
        let (name, unit) = match nanos {
            0..1_000 => ("ns", 1),
            1_000..1_000_000 => ("\u{b5}s", 1_000),
            _ => ("ms", 1_000_000),
        };
        return format!("{}{name}", decimal(nanos, unit));
    }
    let (minutes, seconds) = (nanos / 60_000_000_000, nanos % 60_000_000_000);
    let seconds = decimal(seconds, 1_000_000_000);
    match (minutes / 60, minutes % 60) {
        (0, 0) => format!("{seconds}s"),
        (0, minutes) => format!("{minutes}m{seconds}s"),
        (hours, minutes) => format!("{hours}h{minutes}m{seconds}s"),
    }
}

/// A number of units with what is needed after the point.
fn decimal(nanos: u128, unit: u128) -> String {
    let (whole, part) = (nanos / unit, nanos % unit);
    if part == 0 {
        return whole.to_string();
    }
    let width = unit.ilog10() as usize;
    let text = format!("{whole}.{part:0width$}");
    text.trim_end_matches('0').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn durations_are_read_and_written() {
        for (text, written) in [
            ("0", "0s"),
            ("1h30m", "1h30m0s"),
            ("15m0s", "15m0s"),
            ("90s", "1m30s"),
            ("1.5h", "1h30m0s"),
            (".5s", "500ms"),
            ("1.s", "1s"),
            ("1500ms", "1.5s"),
            ("20us", "20\u{b5}s"),
            ("20\u{3bc}s", "20\u{b5}s"),
            ("1ns", "1ns"),
            ("1.5us", "1.5\u{b5}s"),
            ("+2m", "2m0s"),
            ("0.000000001s", "1ns"),
            ("0.0000000019s", "1ns"),
            ("100h", "100h0m0s"),
            ("1h0.25s", "1h0m0.25s"),
            ("2562047h47m16.854775807s", "2562047h47m16.854775807s"),
        ] {
            assert_eq!(parse(text).map(display), Ok(written.to_owned()), "{text}");
        }
    }

    #[test]
    fn what_is_wrong_is_said() {
        for (text, problem) in [
            ("", "it is empty"),
            ("10", "a unit is missing"),
            ("1h5", "a unit is missing"),
            ("-5m", "it is negative"),
            ("5 m", "units are"),
            ("5x", "units are"),
            ("5M", "units are"),
            ("h", "a number"),
            ("1.2.3s", "a number"),
            (".s", "a number"),
            ("2562047h47m16.854775808s", "too long"),
            ("99999999999999999999999999999999999999999h", "too long"),
        ] {
            let error = parse(text).unwrap_err().to_string();
            assert!(error.contains(problem), "{text}: {error}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(nanos in 0..=i64::MAX as u64) {
            let duration = Duration::from_nanos(nanos);
            prop_assert_eq!(parse(&display(duration)), Ok(duration));
        }

        #[test]
        fn any_text_is_read_or_refused(text in "[0-9.hmsnu\u{b5} +-]{0,24}") {
            let _ = parse(&text);
        }
    }
}
