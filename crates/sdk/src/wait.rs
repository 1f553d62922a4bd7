//! Waiting until the cloud is done.
//!
//! A [`Waiter`] asks, waits, and asks again: soon at first, then more and more seldom, in proportion to how long the
//! thing usually takes. What is done at once is noticed at once; a cluster that takes ten minutes is asked for about
//! thirty times, and noticed to be ready within half a minute.

use crate::{Error, ErrorKind, jitter};
use std::fmt;
use std::future::Future;
use std::time::Duration;
use tokio::time::Instant;

/// What one look at the thing says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Probe<T> {
    /// Done.
    Done(T),
    /// Not yet; the status in the cloud's words.
    Pending(String),
    /// There is no such thing. Just after its creation that means: not visible yet.
    Missing,
}

/// An error that says whether it passes by itself: a request lost, a server overloaded.
pub trait Transient {
    /// Whether the same request may well succeed a moment later.
    fn is_transient(&self) -> bool;
}

/// Why waiting ended without what was waited for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WaitError<E> {
    /// Time is up.
    Timeout {
        /// What was waited for: `NAT gateway nat-1 to become available`.
        what: String,
        /// How long.
        waited: Duration,
        /// The last status, in the cloud's words.
        status: String,
    },
    /// The thing is not there, or not there any more.
    Missing {
        /// What was waited for.
        what: String,
    },
    /// A look failed for good.
    Failed(E),
}

impl<E: fmt::Display> fmt::Display for WaitError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Timeout {
                what,
                waited,
                status,
            } => write!(
                f,
                "waited {} for {what}; the last status was {status}",
                crate::durations::display(Duration::from_secs(waited.as_secs()))
            ),
            Self::Missing { what } => write!(f, "waited for {what}, but it does not exist"),
            Self::Failed(error) => error.fmt(f),
        }
    }
}

impl<E: std::error::Error> std::error::Error for WaitError<E> {}

impl Transient for Error {
    fn is_transient(&self) -> bool {
        use ErrorKind::{Lost, Throttled, Unavailable};
        matches!(self.kind, Throttled | Unavailable | Lost)
    }
}

impl From<WaitError<Self>> for Error {
    fn from(error: WaitError<Self>) -> Self {
        let kind = match error {
            WaitError::Failed(error) => return error,
            WaitError::Timeout { .. } => ErrorKind::Timeout,
            WaitError::Missing { .. } => ErrorKind::NotFound,
        };
        Self::new(kind, "", error.to_string())
    }
}

/// How to wait.
#[derive(Clone, Debug)]
pub struct Waiter {
    what: String,
    timeout: Duration,
    first: Duration,
    longest: Duration,
    settled: u32,
    errors: u32,
    grace: Duration,
}

impl Waiter {
    /// Waits at most so long for something: `NAT gateway nat-1 to become available`.
    pub fn new(what: impl Into<String>, timeout: Duration) -> Self {
        Self {
            what: what.into(),
            timeout,
            first: Duration::from_millis(30),
            longest: Duration::from_secs(5),
            settled: 1,
            errors: 5,
            grace: Duration::from_secs(30),
        }
    }

    /// Says how long it usually takes. The longest pause becomes a twentieth of that, from 1 s to 30 s.
    #[must_use]
    pub fn typical(mut self, duration: Duration) -> Self {
        let (shortest, longest) = (Duration::from_secs(1), Duration::from_secs(30));
        self.longest = (duration / 20).clamp(shortest, longest);
        self
    }

    /// Sets the first pause; 30 ms if not set.
    #[must_use]
    pub fn first(mut self, pause: Duration) -> Self {
        self.first = pause.max(Duration::from_millis(1));
        self
    }

    /// Sets the longest pause; 5 s if neither this nor the typical duration is set.
    #[must_use]
    pub fn longest(mut self, pause: Duration) -> Self {
        self.longest = pause;
        self
    }

    /// Is done only when so many looks in a row say so, for reads of which a later one may show less than an earlier.
    #[must_use]
    pub fn settled(mut self, looks: u32) -> Self {
        self.settled = looks.max(1);
        self
    }

    /// Sets how many transient errors in a row are overlooked; 5 if not set.
    #[must_use]
    pub fn tolerate(mut self, errors: u32) -> Self {
        self.errors = errors;
        self
    }

    /// Sets how long a missing thing counts as not visible yet; 30 s if not set. Never after it was seen once.
    #[must_use]
    pub fn grace(mut self, duration: Duration) -> Self {
        self.grace = duration;
        self
    }

    /// Looks until it is done. There is always at least one look, and one after the time is up.
    pub async fn until<T, E, F, Fut>(&self, mut probe: F) -> Result<T, WaitError<E>>
    where
        E: Transient + fmt::Display,
        F: FnMut() -> Fut,
        Fut: Future<Output = Result<Probe<T>, E>>,
    {
        let start = Instant::now();
        let mut pause = self.first;
        let (mut done, mut errors, mut seen) = (0, 0, false);
        loop {
            let late = start.elapsed() >= self.timeout;
            let status = match probe().await {
                Ok(Probe::Done(value)) => {
                    (done, errors, seen) = (done + 1, 0, true);
                    if done >= self.settled {
                        return Ok(value);
                    }
                    // It is a matter of moments now.
                    pause = self.first;
                    "not the same in all answers yet".to_owned()
                }
                Ok(Probe::Pending(status)) => {
                    (done, errors, seen) = (0, 0, true);
                    status
                }
                Ok(Probe::Missing) => {
                    (done, errors) = (0, 0);
                    if seen || start.elapsed() >= self.grace {
                        let what = self.what.clone();
                        return Err(WaitError::Missing { what });
                    }
                    "not found".to_owned()
                }
                Err(error) if error.is_transient() && errors < self.errors => {
                    (done, errors) = (0, errors + 1);
                    error.to_string()
                }
                Err(error) => return Err(WaitError::Failed(error)),
            };
            if late {
                return Err(WaitError::Timeout {
                    what: self.what.clone(),
                    waited: start.elapsed(),
                    status,
                });
            }
            let left = self.timeout.saturating_sub(start.elapsed());
            tokio::time::sleep(jitter::about(pause).min(left)).await;
            pause = pause.mul_f64(1.5).min(self.longest.max(self.first));
        }
    }
}

#[cfg(test)]
mod tests;
