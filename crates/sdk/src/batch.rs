//! Calls that join: many callers ask for one thing each, the cloud is asked once for all of them.
//!
//! [`Batch`] is for reads (one `DescribeSubnets` for 200 subnets), [`Writes`] for writes that take many ids
//! (one `DeleteTags`). A batch collects for a moment after the first call, longer as long as others keep joining, and
//! for as long as too many requests are under way. Nothing runs while nobody asks.

use futures::FutureExt;
use futures::future::BoxFuture;
use std::collections::{BTreeMap, VecDeque};
use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::{Notify, Semaphore, oneshot};

/// How calls are joined.
#[derive(Clone, Copy, Debug)]
pub struct Joining {
    /// The most keys of one request.
    pub most: usize,
    /// The most requests under way at once; while there are so many, the next batch collects.
    pub in_flight: usize,
    /// A batch is sent when nobody joined for so long, for each that joined before: a crowd comes in gusts. From the fiftieth on it
    /// gets no longer.
    pub quiet: Duration,
    /// A batch is sent at the latest so long after its first call.
    pub window: Duration,
}

/// So many callers are a crowd, of which more are to come.
const CROWD: u32 = 50;

impl Default for Joining {
    /// 200 keys (the most values of an EC2 filter), 4 requests, 1 to 5 ms.
    fn default() -> Self {
        Self {
            most: 200,
            in_flight: 4,
            quiet: Duration::from_millis(1),
            window: Duration::from_millis(5),
        }
    }
}

/// Reads that join.
///
/// A request asks for keys that callers wait for, each key once. A key asked for again after its request was sent is
/// in a new request: an answer is never older than the question.
pub struct Batch<K, V, E>(Arc<Shared<K, V, E>>);

type Fetched<K, V, E> = Result<BTreeMap<K, V>, E>;
type Fetch<K, V, E> = dyn Fn(Vec<K>) -> BoxFuture<'static, Fetched<K, V, E>> + Send + Sync;
type Asked<K, V, E> = BTreeMap<K, Vec<oneshot::Sender<Result<Option<V>, E>>>>;

struct Shared<K, V, E> {
    fetch: Box<Fetch<K, V, E>>,
    joining: Joining,
    waiting: Mutex<Waiting<K, V, E>>,
    /// Told when a batch is full.
    full: Notify,
    permits: Arc<Semaphore>,
}

/// What is asked for and not sent yet.
struct Waiting<K, V, E> {
    full: VecDeque<Asked<K, V, E>>,
    open: Asked<K, V, E>,
    /// Whether a task collects.
    collecting: bool,
}

impl<K, V, E> Batch<K, V, E>
where
    K: Ord + Clone + Send + Sync + 'static,
    V: Clone + Send + 'static,
    E: Clone + Send + 'static,
{
    /// Joins calls into `fetch`, which answers for the keys that exist.
    ///
    /// A request that fails because one of its keys does not exist would fail for all: ask by filter, not by id.
    pub fn new<F, Fut>(joining: Joining, fetch: F) -> Self
    where
        F: Fn(Vec<K>) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<BTreeMap<K, V>, E>> + Send + 'static,
    {
        Self(Arc::new(Shared {
            fetch: Box::new(move |keys| fetch(keys).boxed()),
            joining,
            waiting: Mutex::new(Waiting {
                full: VecDeque::new(),
                open: BTreeMap::new(),
                collecting: false,
            }),
            full: Notify::new(),
            permits: Arc::new(Semaphore::new(joining.in_flight.max(1))),
        }))
    }

    /// Asks for a key. `None`: there is no such thing. An error of the request goes to all its callers.
    ///
    /// A caller that gives up does not disturb the others. Needs a tokio runtime.
    pub async fn get(&self, key: K) -> Result<Option<V>, E> {
        let (answer, answered) = oneshot::channel();
        if self.0.join(key.clone(), answer) {
            tokio::spawn(self.0.clone().collect());
        }
        match answered.await {
            Ok(answer) => answer,
            // The request panicked over somebody's key. Over ours, if we do as well.
            Err(_) => (self.0.fetch)(vec![key.clone()])
                .await
                .map(|mut values| values.remove(&key)),
        }
    }
}

impl<K, V, E> Shared<K, V, E>
where
    K: Ord + Clone + Send + Sync + 'static,
    V: Clone + Send + 'static,
    E: Clone + Send + 'static,
{
    fn lock(&self) -> MutexGuard<'_, Waiting<K, V, E>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a caller; says whether somebody has to collect.
    fn join(&self, key: K, answer: oneshot::Sender<Result<Option<V>, E>>) -> bool {
        let mut waiting = self.lock();
        let unsent = waiting.full.iter_mut().find_map(|b| b.get_mut(&key));
        if let Some(callers) = unsent {
            callers.push(answer);
        } else {
            waiting.open.entry(key).or_default().push(answer);
            if waiting.open.len() >= self.joining.most.max(1) {
                let full = std::mem::take(&mut waiting.open);
                waiting.full.push_back(full);
                self.full.notify_one();
            }
        }
        !std::mem::replace(&mut waiting.collecting, true)
    }

    /// Sends batches until nobody waits.
    async fn collect(self: Arc<Self>) {
        loop {
            self.let_others_join().await;
            let permit = self.permits.clone().acquire_owned().await;
            let asked = {
                let mut waiting = self.lock();
                let next = waiting.full.pop_front();
                next.unwrap_or_else(|| std::mem::take(&mut waiting.open))
            };
            let shared = self.clone();
            tokio::spawn(async move {
                shared.send(asked).await;
                drop(permit);
            });
            let mut waiting = self.lock();
            if waiting.full.is_empty() && waiting.open.is_empty() {
                waiting.collecting = false;
                return;
            }
        }
    }

    /// Waits until a batch is full, nobody joined for a moment, or the window is over.
    async fn let_others_join(&self) {
        let latest = tokio::time::Instant::now() + self.joining.window;
        let mut seen = 0;
        loop {
            {
                let waiting = self.lock();
                let callers = waiting.open.values().map(Vec::len).sum();
                if !waiting.full.is_empty() || callers == seen {
                    return;
                }
                seen = callers;
            }
            let patience = self.joining.quiet * u32::try_from(seen).unwrap_or(CROWD).min(CROWD);
            let quiet = (tokio::time::Instant::now() + patience).min(latest);
            tokio::select! {
                () = self.full.notified() => {}
                () = tokio::time::sleep_until(quiet) => {}
            }
            if quiet == latest {
                return;
            }
        }
    }

    async fn send(&self, mut asked: Asked<K, V, E>) {
        asked.retain(|_, callers| callers.iter().any(|c| !c.is_closed()));
        if asked.is_empty() {
            return;
        }
        let mut fetched = (self.fetch)(asked.keys().cloned().collect()).await;
        for (key, mut callers) in asked {
            let answer = match &mut fetched {
                Ok(values) => Ok(values.remove(&key)),
                Err(error) => Err(error.clone()),
            };
            let last = callers.pop();
            for caller in callers {
                let _ = caller.send(answer.clone());
            }
            if let Some(last) = last {
                let _ = last.send(answer);
            }
        }
    }
}

/// Writes that join: each has a key, and one request does many.
pub struct Writes<K, E>(Batch<K, (), E>);

impl<K, E> Writes<K, E>
where
    K: Ord + Clone + Send + Sync + 'static,
    E: Clone + Send + 'static,
{
    /// Joins writes into `write`, which does all or fails.
    pub fn new<F, Fut>(joining: Joining, write: F) -> Self
    where
        F: Fn(Vec<K>) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<(), E>> + Send + 'static,
    {
        Self(Batch::new(joining, move |keys| {
            let written = write(keys);
            async move { written.await.map(|()| BTreeMap::new()) }
        }))
    }

    /// Does the write of this key, with others. An error of the request goes to all its callers.
    pub async fn put(&self, key: K) -> Result<(), E> {
        self.0.get(key).await.map(|_| ())
    }
}

impl<K, V, E> Clone for Batch<K, V, E> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<K, E> Clone for Writes<K, E> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<K, V, E> std::fmt::Debug for Batch<K, V, E> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Batch({:?})", self.0.joining)
    }
}

impl<K, E> std::fmt::Debug for Writes<K, E> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Writes({:?})", self.0.0.joining)
    }
}

#[cfg(test)]
mod tests;
