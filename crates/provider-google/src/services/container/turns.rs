//! Taking turns: a cluster does one thing at a time.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::OwnedMutexGuard;

/// Whose turn it is to change a cluster, by the cluster's path.
#[derive(Debug, Default)]
pub(crate) struct Turns(Mutex<BTreeMap<String, Arc<tokio::sync::Mutex<()>>>>);

impl Turns {
    /// Waits for a turn. It ends when the guard is dropped.
    pub(super) async fn take(&self, cluster: &str) -> OwnedMutexGuard<()> {
        let turn = {
            let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            all.entry(cluster.to_owned()).or_default().clone()
        };
        turn.lock_owned().await
    }
}
