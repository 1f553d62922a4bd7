//! The pattern of `formatdate`: `DD MMM YYYY hh:mm ZZZ`.

use super::civil::{Moment, zone};

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const WEEKDAYS: [&str; 7] = [
    "Sunday",
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
];

/// Writes a moment as the pattern says, or says what is wrong with the pattern.
pub(super) fn format(pattern: &str, moment: &Moment) -> Result<String, String> {
    let mut out = String::new();
    let mut rest = pattern;
    while let Some(c) = rest.chars().next() {
        if let Some(after) = rest.strip_prefix("''") {
            out.push('\'');
            rest = after;
        } else if c == '\'' {
            rest = quoted(&rest[1..], &mut out)?;
        } else if c.is_ascii_alphabetic() {
            let length = rest.chars().take_while(|next| *next == c).count();
            out.push_str(&verb(&rest[..length], moment)?);
            rest = &rest[length..];
        } else {
            out.push(c);
            rest = &rest[c.len_utf8()..];
        }
    }
    Ok(out)
}

/// Writes text up to the closing quote; a doubled quote is one of the text.
fn quoted<'a>(text: &'a str, out: &mut String) -> Result<&'a str, String> {
    let mut rest = text;
    loop {
        let end = rest.find('\'').ok_or("has a quote without an end")?;
        out.push_str(&rest[..end]);
        rest = &rest[end + 1..];
        match rest.strip_prefix('\'') {
            Some(after) => {
                out.push('\'');
                rest = after;
            }
            None => return Ok(rest),
        }
    }
}

fn verb(verb: &str, moment: &Moment) -> Result<String, String> {
    let month = MONTHS[(moment.month as usize).saturating_sub(1) % 12];
    let weekday = WEEKDAYS[moment.weekday()];
    let half_day = if moment.hour.is_multiple_of(12) {
        12
    } else {
        moment.hour % 12
    };
    Ok(match verb {
        "YY" => format!("{:02}", moment.year % 100),
        "YYYY" => format!("{:04}", moment.year),
        "M" => moment.month.to_string(),
        "MM" => format!("{:02}", moment.month),
        "MMM" => month[..3].to_owned(),
        "MMMM" => month.to_owned(),
        "D" => moment.day.to_string(),
        "DD" => format!("{:02}", moment.day),
        "EEE" => weekday[..3].to_owned(),
        "EEEE" => weekday.to_owned(),
        "h" => moment.hour.to_string(),
        "hh" => format!("{:02}", moment.hour),
        "H" => half_day.to_string(),
        "HH" => format!("{half_day:02}"),
        "AA" => if moment.hour < 12 { "AM" } else { "PM" }.to_owned(),
        "aa" => if moment.hour < 12 { "am" } else { "pm" }.to_owned(),
        "m" => moment.minute.to_string(),
        "mm" => format!("{:02}", moment.minute),
        "s" => moment.second.to_string(),
        "ss" => format!("{:02}", moment.second),
        "Z" if moment.offset == 0 => "Z".to_owned(),
        "ZZZ" if moment.offset == 0 => "UTC".to_owned(),
        "Z" | "ZZZZZ" => zone(moment.offset, ":"),
        "ZZZ" | "ZZZZ" => zone(moment.offset, ""),
        other => {
            let advice = match other.chars().next() {
                Some('Y') => "; a year is YY or YYYY",
                Some('M') => "; a month is M, MM, MMM or MMMM",
                Some('D') => "; a day is D or DD",
                Some('E') => "; a weekday is EEE or EEEE",
                Some('h' | 'H' | 'm' | 's') => {
                    "; hours, minutes and seconds are one or two letters"
                }
                Some('A' | 'a') => "; the half of the day is AA or aa",
                Some('Z') => "; a time zone is Z, ZZZ, ZZZZ or ZZZZZ",
                _ => "; text must stand between single quotes",
            };
            return Err(format!("has {other:?}, which means nothing{advice}"));
        }
    })
}
