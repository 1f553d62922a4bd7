//! Trying again, by what an error means.
//!
//! [`retry`] repeats what may be repeated. [`create_once`] is for creates that the cloud does not deduplicate: an
//! answer that got lost is looked for before anything is sent again.

use crate::{Error, ErrorKind, jitter};
use std::future::Future;
use std::time::Duration;
use tokio::time::Instant;

/// What an error means for another attempt. The caller says so, by the error's code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retry {
    /// Never: the request is wrong, or refused.
    No,
    /// At once: something changed meanwhile, as an etag.
    Now,
    /// After a pause that grows: throttled, overloaded.
    Later,
    /// After a pause that grows, as long as no more than this went by since the first attempt: what usually passes
    /// soon, but may be a real mistake (a role that EKS does not see yet, a dependency that is being deleted).
    Within(Duration),
    /// Not before this has gone by: the cloud asks for it.
    After(Duration),
    /// Nobody knows whether it was carried out: the connection broke, or a server failed midway.
    Ambiguous,
}

impl Retry {
    /// What an error means where nothing is special about its code.
    pub const fn of(error: &Error) -> Self {
        match error.kind {
            ErrorKind::Throttled | ErrorKind::Unavailable => Self::Later,
            ErrorKind::Lost => Self::Ambiguous,
            _ => Self::No,
        }
    }
}

/// How often, how long.
#[derive(Clone, Copy, Debug)]
pub struct Policy {
    /// Attempts end so long after the first.
    pub deadline: Duration,
    /// Attempts at most.
    pub attempts: u32,
    /// The first pause is at most so long; each further one twice as long.
    pub first: Duration,
    /// No pause is longer.
    pub longest: Duration,
    /// Carrying it out twice is the same as once: what is ambiguous is simply sent again.
    pub idempotent: bool,
}

impl Default for Policy {
    /// For what is idempotent: 10 minutes, 100 attempts, pauses from 100 ms to 10 s.
    fn default() -> Self {
        Self {
            deadline: Duration::from_secs(600),
            attempts: 100,
            first: Duration::from_millis(100),
            longest: Duration::from_secs(10),
            idempotent: true,
        }
    }
}

impl Policy {
    /// The same with another deadline.
    #[must_use]
    pub fn deadline(self, deadline: Duration) -> Self {
        Self { deadline, ..self }
    }

    /// The same for what must not be carried out twice: what is ambiguous is an error.
    #[must_use]
    pub fn once(self) -> Self {
        Self {
            idempotent: false,
            ..self
        }
    }
}

/// Repeats an operation until it succeeds, may not be repeated, or time is up. Answers with the last error then.
///
/// The operation is told how many attempts there were before. Pauses are random up to a bound that doubles.
pub async fn retry<T, E, F, Fut>(
    policy: Policy,
    classify: impl Fn(&E) -> Retry,
    mut operation: F,
) -> Result<T, E>
where
    F: FnMut(u32) -> Fut,
    Fut: Future<Output = Result<T, E>>,
{
    let mut attempts = Attempts::new(policy);
    loop {
        let error = match operation(attempts.made).await {
            Ok(value) => return Ok(value),
            Err(error) => error,
        };
        let meaning = match classify(&error) {
            Retry::Ambiguous if policy.idempotent => Retry::Later,
            meaning => meaning,
        };
        if !attempts.pause(meaning).await {
            return Err(error);
        }
    }
}

/// Creates something exactly once: after an ambiguous outcome `find` looks for what the attempt may have made.
///
/// Nothing is sent again before `find` said several times, over some seconds, that nothing was made. If it cannot say,
/// the error is that of the create. `classify` is asked for the errors of both; looking is repeated as any read.
pub async fn create_once<T, E, S, SFut, F, FFut>(
    policy: Policy,
    classify: impl Fn(&E) -> Retry,
    mut find: F,
    mut send: S,
) -> Result<T, E>
where
    F: FnMut() -> FFut,
    FFut: Future<Output = Result<Option<T>, E>>,
    S: FnMut(u32) -> SFut,
    SFut: Future<Output = Result<T, E>>,
{
    let mut attempts = Attempts::new(policy);
    loop {
        let error = match send(attempts.made).await {
            Ok(value) => return Ok(value),
            Err(error) => error,
        };
        let mut meaning = classify(&error);
        if meaning == Retry::Ambiguous {
            let reading = Policy {
                deadline: attempts.left(),
                idempotent: true,
                ..policy
            };
            match find_settled(reading, &classify, &mut find).await {
                Ok(Some(found)) => return Ok(found),
                Ok(None) => meaning = Retry::Now,
                Err(_) => return Err(error),
            }
        }
        if !attempts.pause(meaning).await {
            return Err(error);
        }
    }
}

/// The pauses between looks that find nothing. What was sent before the first is carried out by the last.
const DOUBT: [Duration; 4] = [
    Duration::from_millis(100),
    Duration::from_millis(300),
    Duration::from_millis(800),
    Duration::from_millis(1_800),
];

/// Looks until something is found, or nothing was found for a while.
async fn find_settled<T, E, F, FFut>(
    policy: Policy,
    classify: &impl Fn(&E) -> Retry,
    find: &mut F,
) -> Result<Option<T>, E>
where
    F: FnMut() -> FFut,
    FFut: Future<Output = Result<Option<T>, E>>,
{
    for pause in DOUBT {
        tokio::time::sleep(pause).await;
        let found = retry(policy, classify, |_| find()).await?;
        if found.is_some() {
            return Ok(found);
        }
    }
    Ok(None)
}

/// The attempts made so far.
struct Attempts {
    policy: Policy,
    start: Instant,
    made: u32,
    bound: Duration,
}

impl Attempts {
    fn new(policy: Policy) -> Self {
        Self {
            policy,
            start: Instant::now(),
            made: 0,
            bound: policy.first,
        }
    }

    fn left(&self) -> Duration {
        self.policy.deadline.saturating_sub(self.start.elapsed())
    }

    /// Waits as an error asks for; says no if there is to be no further attempt.
    async fn pause(&mut self, meaning: Retry) -> bool {
        self.made += 1;
        let left = self.left();
        let mut until = left;
        let pause = match meaning {
            Retry::No | Retry::Ambiguous => return false,
            Retry::Now => Duration::ZERO,
            Retry::Later => self.grow(),
            Retry::After(pause) => pause.max(self.grow()),
            Retry::Within(limit) => {
                until = until.min(limit.saturating_sub(self.start.elapsed()));
                self.grow()
            }
        };
        if self.made >= self.policy.attempts || until.is_zero() {
            return false;
        }
        // The last attempt is when time is up, not before: unless the cloud asked for more than there is.
        if pause > left && matches!(meaning, Retry::After(_)) {
            return false;
        }
        tokio::time::sleep(pause.min(until)).await;
        true
    }

    /// A pause that is random up to the bound, which doubles.
    fn grow(&mut self) -> Duration {
        let pause = jitter::part_of(self.bound);
        self.bound = (self.bound * 2).min(self.policy.longest);
        pause
    }
}

#[cfg(test)]
mod tests;
