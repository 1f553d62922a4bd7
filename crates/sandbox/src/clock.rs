//! Time, for what is pending.

use serde::{Deserialize, Serialize};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Milliseconds since the Unix epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Instant(pub u64);

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
