//! Time, for what is pending.

use serde::{Deserialize, Serialize};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Milliseconds since the Unix epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Instant(pub u64);

impl Instant {
    /// As APIs write it: `2026-11-25T02:40:00Z`.
    pub fn iso(self) -> String {
        format!("{}Z", self.to_the_second())
    }

    /// With milliseconds: `2026-11-25T02:40:00.000Z`.
    pub fn iso_millis(self) -> String {
        format!("{}.{:03}Z", self.to_the_second(), self.0 % 1000)
    }

    fn to_the_second(self) -> String {
        let seconds = self.0 / 1000;
        let (days, rest) = (seconds / 86_400, seconds % 86_400);
        let (year, month, day) = date(days);
        let (hour, minute, second) = (rest / 3600, rest / 60 % 60, rest % 60);
        format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}")
    }
}

/// The date of a day, counted from the Unix epoch. Years are taken to begin in March, so that leap days end them.
const fn date(days: u64) -> (u64, u64, u64) {
    let days = days + 719_468;
    let (era, day) = (days / 146_097, days % 146_097);
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = era * 400 + year;
    (if month <= 2 { year + 1 } else { year }, month, day)
}

/// The time of a sandbox, and how long what is pending stays so.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    /// How long what takes time takes.
    pub pending: Duration,
}

impl Clock {
    /// Now.
    #[expect(clippy::disallowed_methods, reason = "a cloud has a clock")]
    pub fn now(&self) -> Instant {
        let since = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        Instant(u64::try_from(since.as_millis()).unwrap_or(u64::MAX))
    }

    /// When what starts now is done.
    pub fn due(&self) -> Instant {
        let pending = u64::try_from(self.pending.as_millis()).unwrap_or(u64::MAX);
        Instant(self.now().0.saturating_add(pending))
    }

    /// Whether that time has come.
    pub fn reached(&self, due: Instant) -> bool {
        self.now() >= due
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_are_written_as_dates() {
        for (seconds, expected) in [
            (0, "1970-01-01T00:00:00Z"),
            (951_782_399, "2000-02-28T23:59:59Z"),
            (951_782_400, "2000-02-29T00:00:00Z"),
            (951_868_800, "2000-03-01T00:00:00Z"),
            (1_796_169_600, "2026-12-02T00:00:00Z"),
            (4_107_542_399, "2100-02-28T23:59:59Z"),
            (4_107_542_400, "2100-03-01T00:00:00Z"),
        ] {
            assert_eq!(Instant(seconds * 1000).iso(), expected);
        }
    }
}
