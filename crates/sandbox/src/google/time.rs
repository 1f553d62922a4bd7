//! Times as the services write them.

use crate::clock::Instant;

/// `2026-11-25T00:53:06.123Z`.
pub(super) fn utc(at: Instant) -> String {
    format!("{}Z", civil(at.0))
}

/// Compute writes the time of its headquarters: `2026-11-24T16:53:06.123-08:00`.
pub(super) fn pacific(at: Instant) -> String {
    format!("{}-08:00", civil(at.0.saturating_sub(8 * 3_600_000)))
}

fn civil(milliseconds: u64) -> String {
    let (days, rest) = (milliseconds / 86_400_000, milliseconds % 86_400_000);
    // Years that begin in March, in eras of 400 years: leap days come last.
    let shifted = days + 719_468;
    let (era, day) = (shifted / 146_097, shifted % 146_097);
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let date = day - (153 * month + 2) / 5 + 1;
    let (month, next) = if month < 10 {
        (month + 3, 0)
    } else {
        (month - 9, 1)
    };
    let year = era * 400 + year + next;
    let (hour, minute) = (rest / 3_600_000, rest / 60_000 % 60);
    let (second, milli) = (rest / 1000 % 60, rest % 1000);
    format!("{year:04}-{month:02}-{date:02}T{hour:02}:{minute:02}:{second:02}.{milli:03}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written() {
        let cases = [
            (0, "1970-01-01T00:00:00.000Z"),
            (951_782_400_000, "2000-02-29T00:00:00.000Z"),
            (1_735_689_599_999, "2024-12-31T23:59:59.999Z"),
            (1_795_568_000_123, "2026-11-25T00:53:20.123Z"),
        ];
        for (at, expected) in cases {
            assert_eq!(utc(Instant(at)), expected);
        }
        assert_eq!(
            pacific(Instant(1_795_568_000_123)),
            "2026-11-24T16:53:20.123-08:00"
        );
    }
}
