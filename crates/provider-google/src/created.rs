//! Whether an object was made by a create of ours whose end nobody saw.

use crate::Google;
use chrono::DateTime;
use sdk::Cx;

/// Clocks differ: what is this much older than our plan may still be ours.
const SKEW_SECONDS: i64 = 60;

/// Whether an object with the name that a create was to give came into being only after that create was planned. `timestamp` is as Google writes it
/// (RFC 3339).
pub(crate) fn since(cx: &Cx<'_, Google>, timestamp: Option<&str>) -> bool {
    let created = timestamp.and_then(|text| DateTime::parse_from_rfc3339(text).ok());
    let planned = i64::try_from(cx.create_planned_at()).unwrap_or(i64::MAX);
    created.is_some_and(|created| created.timestamp() >= planned.saturating_sub(SKEW_SECONDS))
}
