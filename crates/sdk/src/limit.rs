//! A rate limit that follows what the cloud allows.
//!
//! [`Limiter`] does nothing until the cloud throttles. Then requests go out one after the other, at a rate that falls
//! with every throttled request and rises with every other. When nothing was throttled for a while the limit is gone.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// The share of the rate that is left after a throttled request.
const FALL: f64 = 0.8;
/// What a request that is not throttled adds to the rate.
const RISE: f64 = 0.25;
/// Requests that were under way together and throttled together count as one.
const TOGETHER: Duration = Duration::from_millis(100);
/// The limit is gone when nothing was throttled for so long.
const FORGOTTEN: Duration = Duration::from_secs(30);

/// A limit for all requests to one service.
#[derive(Debug)]
pub struct Limiter {
    /// Requests per second below which the rate does not fall.
    lowest: f64,
    state: Mutex<State>,
    /// Whose turn it is; first come, first served.
    turn: tokio::sync::Mutex<()>,
}

#[derive(Debug, Default)]
struct State {
    limit: Option<Limit>,
    /// Requests in this second and in the one before, to know the rate when the first is throttled.
    second: Option<Instant>,
    now: u32,
    before: u32,
}

#[derive(Debug)]
struct Limit {
    /// Requests per second.
    rate: f64,
    /// When the next may go.
    next: Instant,
    /// When the last was throttled.
    throttled: Instant,
}

impl Default for Limiter {
    /// At least 5 requests per second.
    fn default() -> Self {
        Self::new(5.0)
    }
}

impl Limiter {
    /// A limiter whose rate, in requests per second, does not fall below `lowest`.
    pub fn new(lowest: f64) -> Self {
        Self {
            lowest: lowest.max(0.01),
            state: Mutex::default(),
            turn: tokio::sync::Mutex::default(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until a request may be sent. Returns at once as long as nothing was throttled.
    pub async fn acquire(&self) {
        if self.lock().pass(Instant::now()) {
            return;
        }
        let _turn = self.turn.lock().await;
        loop {
            let next = {
                let mut state = self.lock();
                let now = Instant::now();
                match state.limit.as_mut() {
                    None => break,
                    Some(limit) if limit.next <= now => {
                        limit.next = now + Duration::from_secs_f64(1.0 / limit.rate);
                        break;
                    }
                    Some(limit) => limit.next,
                }
            };
            tokio::time::sleep_until(next).await;
        }
    }

    /// Takes note of a request that was throttled.
    pub fn on_throttled(&self) {
        let now = Instant::now();
        let mut state = self.lock();
        let lowest = self.lowest;
        match &mut state.limit {
            Some(limit) if now < limit.throttled + TOGETHER => {}
            Some(limit) => {
                limit.rate = (limit.rate * FALL).max(lowest);
                limit.throttled = now;
            }
            None => {
                let rate = f64::from(state.now.max(state.before)) * FALL;
                state.limit = Some(Limit {
                    rate: rate.max(lowest),
                    next: now,
                    throttled: now,
                });
            }
        }
    }

    /// Takes note of a request that was not throttled.
    pub fn on_success(&self) {
        let mut state = self.lock();
        if let Some(limit) = &mut state.limit {
            limit.rate += RISE;
            if Instant::now() >= limit.throttled + FORGOTTEN {
                state.limit = None;
            }
        }
    }

    /// The requests per second that may be sent; `None` = there is no limit.
    pub fn rate(&self) -> Option<f64> {
        self.lock().limit.as_ref().map(|l| l.rate)
    }
}

impl State {
    /// Counts a request; says whether it may go at once.
    fn pass(&mut self, now: Instant) -> bool {
        let second = *self.second.get_or_insert(now);
        let since = now.saturating_duration_since(second);
        if since >= Duration::from_secs(1) {
            let next = since < Duration::from_secs(2);
            self.before = if next { self.now } else { 0 };
            (self.now, self.second) = (0, Some(now));
        }
        self.now = self.now.saturating_add(1);
        self.limit.is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::future::join_all;
    use std::cell::{Cell, RefCell};

    /// A cloud that allows so many requests per second, and so many at once.
    struct Bucket {
        rate: f64,
        most: f64,
        left: Cell<f64>,
        at: Cell<Instant>,
        asked: Cell<u32>,
    }

    impl Bucket {
        fn new(rate: f64, most: f64) -> Self {
            Self {
                rate,
                most,
                left: Cell::new(most),
                at: Cell::new(Instant::now()),
                asked: Cell::new(0),
            }
        }

        fn allows(&self) -> bool {
            let since = self.at.replace(Instant::now()).elapsed().as_secs_f64();
            let left = since.mul_add(self.rate, self.left.get()).min(self.most);
            self.asked.set(self.asked.get() + 1);
            let allowed = left >= 1.0;
            self.left.set(if allowed { left - 1.0 } else { left });
            allowed
        }
    }

    /// 50 workers make 10 calls each, with a pause after a throttled request. Says how long it took.
    async fn work(limiter: &Limiter, allows: impl Fn() -> bool) -> Duration {
        let start = Instant::now();
        let allows = &allows;
        let workers = (0..50).map(|_| async move {
            for _ in 0..10 {
                loop {
                    limiter.acquire().await;
                    let allowed = allows();
                    tokio::time::sleep(Duration::from_millis(20)).await;
                    if allowed {
                        limiter.on_success();
                        break;
                    }
                    limiter.on_throttled();
                    tokio::time::sleep(Duration::from_millis(200)).await;
                }
            }
        });
        join_all(workers).await;
        start.elapsed()
    }

    #[tokio::test(start_paused = true)]
    async fn there_is_no_limit_before_the_first_is_throttled() {
        let limiter = Limiter::default();
        let took = work(&limiter, || true).await;
        assert!(took < Duration::from_millis(250), "{took:?}");
        assert_eq!(limiter.rate(), None);
    }

    #[tokio::test(start_paused = true)]
    async fn the_rate_comes_near_what_is_allowed() {
        let (limiter, cloud) = (Limiter::default(), Bucket::new(20.0, 20.0));
        let took = work(&limiter, || cloud.allows()).await;
        // 480 of 500 at 20 per second are 24 s.
        assert!((20..40).contains(&took.as_secs()), "{took:?}");
        let asked = cloud.asked.get();
        assert!(asked < 650, "{asked} requests for 500 calls");
    }

    #[tokio::test(start_paused = true)]
    async fn three_in_ten_throttled_whatever_the_rate_still_ends() {
        let limiter = Limiter::default();
        let asked = Cell::new(0_u32);
        let took = work(&limiter, || {
            asked.set(asked.get() + 1);
            asked.get() % 10 >= 3
        })
        .await;
        assert!(asked.get() < 730, "{} requests", asked.get());
        assert!(took.as_secs() < 150, "{took:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn who_waits_first_goes_first_and_who_gives_up_does_not_block() {
        let limiter = Limiter::default();
        limiter.acquire().await;
        limiter.on_throttled();
        let order = RefCell::new(Vec::new());
        let callers = (0..6).map(|n| {
            let (limiter, order) = (&limiter, &order);
            async move {
                let brief = Duration::from_millis(if n == 2 { 100 } else { 60_000 });
                let got = tokio::time::timeout(brief, limiter.acquire()).await;
                order.borrow_mut().push((n, got.is_ok()));
            }
        });
        join_all(callers).await;
        let order = order.into_inner();
        let went: Vec<i32> = order.iter().filter(|o| o.1).map(|o| o.0).collect();
        assert_eq!(went, [0, 1, 3, 4, 5]);
    }

    #[tokio::test(start_paused = true)]
    async fn the_limit_is_forgotten() {
        let limiter = Limiter::default();
        limiter.acquire().await;
        limiter.on_throttled();
        assert_eq!(limiter.rate(), Some(5.0));
        tokio::time::sleep(FORGOTTEN).await;
        limiter.acquire().await;
        limiter.on_success();
        assert_eq!(limiter.rate(), None);
    }
}
