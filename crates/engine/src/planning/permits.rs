//! How many objects may be planned at once.

use crate::pool::limit;
use crate::resources::ObjectCall;
use tokio::sync::Semaphore;

/// How many reads share one call, if a provider joins them.
const JOINED: usize = 100;

/// Permits to have an object read and planned.
///
/// `-parallelism` is about calls to the cloud. Where a provider joins the reads of many objects into one call, as many
/// times more objects may be under way.
pub(crate) struct Permits {
    /// For what is a call of its own: data sources.
    pub(crate) single: Semaphore,
    joined: Semaphore,
}

impl Permits {
    /// Permits for this `-parallelism`.
    pub(crate) fn new(parallelism: usize) -> Self {
        Self {
            single: limit(parallelism),
            joined: limit(
                parallelism
                    .saturating_mul(JOINED)
                    .min(Semaphore::MAX_PERMITS),
            ),
        }
    }

    /// Those for an object.
    pub(crate) const fn of(&self, call: &ObjectCall) -> &Semaphore {
        match call.joins_reads {
            true => &self.joined,
            false => &self.single,
        }
    }
}
