//! What providers are written with.

mod batch;
pub mod durations;
pub mod ids;
mod jitter;
mod limit;
mod retry;
mod wait;

pub use batch::{Batch, Joining, Writes};
pub use limit::Limiter;
pub use retry::{Policy, Retry, create_once, retry};
pub use wait::{Probe, Transient, WaitError, Waiter};
