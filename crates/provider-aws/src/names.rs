//! Names that are made up.
//!
//! They have the form that hashicorp's provider gives them, so that a prefix can be told from a name. They are made of the token of
//! the create: a create that is repeated after a crash takes the same name.

use crate::Aws;
use sdk::Cx;

/// How long the part after the prefix is.
pub(crate) const SUFFIX: usize = 26;

/// A name with a prefix that no other object has.
pub(crate) fn unique(prefix: &str, cx: &Cx<'_, Aws>) -> String {
    format!(
        "{prefix}{}",
        suffix(cx.create_planned_at(), cx.create_token())
    )
}

/// Date, time and a part of a second, then what tells apart the names of one moment.
fn suffix(time: u64, token: &str) -> String {
    let hash = crc32fast::hash(token.as_bytes());
    let fraction = crc32fast::hash(format!("{token} fraction").as_bytes()) % 10_000;
    let (year, month, day) = date(time / 86_400);
    let (hour, minute, second) = (time / 3_600 % 24, time / 60 % 60, time % 60);
    format!("{year:04}{month:02}{day:02}{hour:02}{minute:02}{second:02}{fraction:04}{hash:08x}")
}

/// The date of a day since 1970-01-01, by the calendar that repeats every 400 years.
fn date(days: u64) -> (u64, u64, u64) {
    let shifted = days + 719_468;
    let (era, of_era) = (shifted / 146_097, shifted % 146_097);
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (era * 400 + year + u64::from(month <= 2), month, day)
}

/// The prefix of a name that was made up.
pub(crate) fn prefix_of(name: &str) -> Option<&str> {
    let at = name.len().checked_sub(SUFFIX)?;
    let (prefix, suffix) = (name.get(..at)?, name.get(at..)?);
    let (time, rest) = suffix.split_at_checked(18)?;
    let is_hex = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
    (time.bytes().all(|b| b.is_ascii_digit()) && rest.bytes().all(is_hex)).then_some(prefix)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_have_dates() {
        for (days, expected) in [
            (0, (1970, 1, 1)),
            (59, (1970, 3, 1)),
            (11_016, (2000, 2, 29)),
            (20_782, (2026, 11, 25)),
        ] {
            assert_eq!(date(days), expected);
        }
    }

    #[test]
    fn a_prefix_is_told_from_a_name() {
        let name = format!("web-{}", suffix(1_795_568_000, "a token"));
        assert_eq!(name.len(), 4 + SUFFIX);
        assert_eq!(prefix_of(&name), Some("web-"));
        assert_eq!(
            prefix_of("terraform-20261125011005053400000002"),
            Some("terraform-")
        );
        assert_eq!(prefix_of("web"), None);
        assert_eq!(prefix_of("a-name-of-more-than-twenty-six-letters"), None);
    }
}
