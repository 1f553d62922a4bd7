//! The calendar.

use std::fmt;

const NANOS: i128 = 1_000_000_000;
const DAY: i64 = 86_400;

/// A moment as a place on earth sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Moment {
    pub(super) year: i64,
    pub(super) month: u32,
    pub(super) day: u32,
    pub(super) hour: u32,
    pub(super) minute: u32,
    pub(super) second: u32,
    nanos: u32,
    /// Minutes east of Greenwich.
    pub(super) offset: i32,
}

const fn is_leap(year: i64) -> bool {
    (year % 4 == 0 && year % 100 != 0) || year % 400 == 0
}

fn days_in(year: i64, month: u32) -> u32 {
    match month {
        2 => 28 + u32::from(is_leap(year)),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Whether there is such a day.
pub(crate) fn is_date(year: i64, month: u32, day: u32) -> bool {
    (1..=12).contains(&month) && day >= 1 && day <= days_in(year, month)
}

/// Days since 1970-01-01. Years are counted from March on, so that the leap day comes last.
fn days_from_civil(year: i64, month: u32, day: u32) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let shifted = i64::from((month + 9) % 12);
    let day_of_year = (153 * shifted + 2) / 5 + i64::from(day) - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

fn civil_from_days(days: i64) -> (i64, u32, u32) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = (day_of_year - (153 * shifted + 2) / 5 + 1) as u32;
    let month = ((shifted + 2) % 12 + 1) as u32;
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

impl Moment {
    /// So many seconds after 1970 began, in UTC.
    pub(super) fn utc(seconds: i64) -> Self {
        Self::at(i128::from(seconds) * NANOS, 0)
    }

    fn at(instant: i128, offset: i32) -> Self {
        let local = instant + i128::from(offset) * 60 * NANOS;
        let seconds = local.div_euclid(NANOS) as i64;
        let (year, month, day) = civil_from_days(seconds.div_euclid(DAY));
        let in_day = seconds.rem_euclid(DAY) as u32;
        Self {
            year,
            month,
            day,
            hour: in_day / 3600,
            minute: in_day / 60 % 60,
            second: in_day % 60,
            nanos: local.rem_euclid(NANOS) as u32,
            offset,
        }
    }

    /// Nanoseconds since 1970 began.
    pub(super) fn instant(&self) -> i128 {
        let days = days_from_civil(self.year, self.month, self.day);
        let clock =
            i64::from(self.hour) * 3600 + i64::from(self.minute) * 60 + i64::from(self.second);
        let seconds = days * DAY + clock - i64::from(self.offset) * 60;
        i128::from(seconds) * NANOS + i128::from(self.nanos)
    }

    /// The moment so many nanoseconds later, at the same place.
    pub(super) fn plus(&self, nanos: i128) -> Option<Self> {
        let moment = Self::at(self.instant().checked_add(nanos)?, self.offset);
        (0..=9999).contains(&moment.year).then_some(moment)
    }

    /// 0 is Sunday.
    pub(super) fn weekday(&self) -> usize {
        (days_from_civil(self.year, self.month, self.day) + 4).rem_euclid(7) as usize
    }

    /// Reads the form of RFC 3339.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let shape = "must be in the form of RFC 3339, such as \"2006-01-02T15:04:05Z\"";
        let mut rest = text;
        let mut field = |digits: usize, after: &str, what: &str| -> Result<u32, String> {
            let part = rest
                .get(..digits)
                .filter(|p| p.bytes().all(|b| b.is_ascii_digit()));
            let part = part
                .ok_or_else(|| format!("{shape}, but {rest:?} does not begin with the {what}"))?;
            let value = part.parse().map_err(|_| shape.to_owned())?;
            rest = rest[digits..]
                .strip_prefix(after)
                .ok_or_else(|| format!("{shape}, but {after:?} is missing after the {what}"))?;
            Ok(value)
        };
        let year = i64::from(field(4, "-", "year")?);
        let month = field(2, "-", "month")?;
        let day = field(2, "T", "day")?;
        let hour = field(2, ":", "hour")?;
        let minute = field(2, ":", "minute")?;
        let second = field(2, "", "second")?;
        if !(1..=12).contains(&month) {
            return Err("has a month that is not between 1 and 12".to_owned());
        }
        if !is_date(year, month, day) {
            return Err("has a day that the month does not have".to_owned());
        }
        if hour > 23 || minute > 59 || second > 59 {
            return Err("has a time of day that does not exist".to_owned());
        }
        let mut nanos = 0;
        if let Some(fraction) = rest.strip_prefix(['.', ',']) {
            let digits: Vec<u32> = fraction.chars().map_while(|c| c.to_digit(10)).collect();
            if digits.is_empty() {
                return Err(format!("{shape}, but has no digits after the point"));
            }
            nanos = (0..9).fold(0, |n, i| n * 10 + digits.get(i).copied().unwrap_or(0));
            rest = &fraction[digits.len()..];
        }
        let offset = parse_offset(rest)
            .ok_or_else(|| format!("{shape}, but has no valid time zone at the end"))?;
        Ok(Self {
            year,
            month,
            day,
            hour,
            minute,
            second,
            nanos,
            offset,
        })
    }
}

fn parse_offset(text: &str) -> Option<i32> {
    if text == "Z" {
        return Some(0);
    }
    let (sign, rest) = match text.as_bytes().first()? {
        b'+' => (1, &text[1..]),
        b'-' => (-1, &text[1..]),
        _ => return None,
    };
    let (hours, minutes) = rest.split_once(':')?;
    let two = |s: &str| {
        (s.len() == 2 && s.bytes().all(|b| b.is_ascii_digit())).then(|| s.parse::<i32>().ok())?
    };
    let (hours, minutes) = (two(hours)?, two(minutes)?);
    (hours < 24 && minutes < 60).then_some(sign * (hours * 60 + minutes))
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            year,
            month,
            day,
            hour,
            minute,
            second,
            ..
        } = self;
        write!(
            f,
            "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}"
        )?;
        if self.offset == 0 {
            f.write_str("Z")
        } else {
            f.write_str(&zone(self.offset, ":"))
        }
    }
}

/// `+05:30`, with what stands between hours and minutes.
pub(super) fn zone(offset: i32, between: &str) -> String {
    let sign = if offset < 0 { '-' } else { '+' };
    format!(
        "{sign}{:02}{between}{:02}",
        offset.abs() / 60,
        offset.abs() % 60
    )
}

/// Nanoseconds of a text like `-1h30.5m`.
pub(super) fn parse_duration(text: &str) -> Option<i128> {
    let (sign, mut rest) = match text.as_bytes().first()? {
        b'-' => (-1, &text[1..]),
        b'+' => (1, &text[1..]),
        _ => (1, text),
    };
    if rest == "0" {
        return Some(0);
    }
    if rest.is_empty() {
        return None;
    }
    let mut total: i128 = 0;
    while !rest.is_empty() {
        let digits = |s: &str| s.bytes().take_while(u8::is_ascii_digit).count();
        let whole = digits(rest);
        let (number, mut after) = rest.split_at(whole);
        let mut fraction = "";
        if let Some(point) = after.strip_prefix('.') {
            let length = digits(point);
            (fraction, after) = point.split_at(length);
        }
        if number.is_empty() && fraction.is_empty() {
            return None;
        }
        let unit_end = after
            .find(|c: char| c.is_ascii_digit() || c == '.')
            .unwrap_or(after.len());
        let unit: i128 = match &after[..unit_end] {
            "ns" => 1,
            "us" | "µs" | "μs" => 1000,
            "ms" => 1_000_000,
            "s" => NANOS,
            "m" => 60 * NANOS,
            "h" => 3600 * NANOS,
            _ => return None,
        };
        let whole: i128 = if number.is_empty() {
            0
        } else {
            number.parse().ok()?
        };
        total = total.checked_add(whole.checked_mul(unit)?)?;
        let mut weight = unit;
        for digit in fraction.bytes().take(18) {
            weight /= 10;
            total += weight * i128::from(digit - b'0');
        }
        rest = &after[unit_end..];
    }
    // More than that is no duration of 64 bits.
    (total <= i128::from(i64::MAX)).then_some(sign * total)
}
