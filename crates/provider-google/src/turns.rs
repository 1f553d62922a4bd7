//! One after the other: changes of a thing of which the cloud cannot tell that two crossed.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::OwnedMutexGuard;

/// A queue per thing.
#[derive(Debug, Default)]
pub struct Turns(Mutex<BTreeMap<String, Arc<tokio::sync::Mutex<()>>>>);

impl Turns {
    /// Waits until it is our turn to change a thing; the turn ends when the guard is dropped.
    pub async fn take(&self, thing: &str) -> OwnedMutexGuard<()> {
        let queue = {
            let mut queues = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            queues.entry(thing.to_owned()).or_default().clone()
        };
        queue.lock_owned().await
    }
}
