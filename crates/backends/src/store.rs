//! What every kind of state storage can do.

use crate::LockInfo;
use diags::Diagnostics;
use states::StateFile;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

/// Storage of one state: one workspace of one configuration.
///
/// Calls block. The order is: lock, read, write as often as wanted, unlock; reading needs no lock.
pub trait StateStore: Send {
    /// Tries once to take the lock; `Err(info)` says who has it.
    fn try_lock(&mut self, info: &LockInfo) -> Result<Result<(), LockHeld>, Diagnostics>;

    /// Gives the lock back. Nothing happens when it is not held.
    fn unlock(&mut self) -> Result<(), Diagnostics>;

    /// Breaks the lock with that ID, whoever has it.
    fn force_unlock(&mut self, id: &str) -> Result<(), Diagnostics>;

    /// Whether someone else has the lock now. Storage that cannot tell says no.
    fn in_use(&mut self) -> bool {
        false
    }

    /// The state; `None` = there is none yet.
    fn read(&mut self) -> Result<Option<StateFile>, Diagnostics>;

    /// Writes the state. When this returns, the state is safe; when it fails or the machine dies, the
    /// former state or the new one is there, whole.
    fn write(&mut self, file: &StateFile) -> Result<(), Diagnostics>;

    /// Keeps a copy of the state as it was before this run changed it, if the storage does not keep
    /// earlier versions anyway.
    fn back_up(&mut self, file: &StateFile) -> Result<(), Diagnostics>;

    /// The local file in which a run keeps its journal.
    fn journal_path(&self) -> &Path;
}

/// Why the lock was not to be had.
#[derive(Clone, Debug, Default)]
pub struct LockHeld {
    /// What the storage says.
    pub message: String,
    /// What the holder left about itself.
    pub holder: Option<LockInfo>,
}

/// Takes the lock, and tries again for as long as `timeout` says.
///
/// `waiting` is called once, before the first wait.
pub fn lock_with_timeout(
    store: &mut dyn StateStore,
    info: &LockInfo,
    timeout: Duration,
    waiting: &mut dyn FnMut(),
) -> Result<(), Diagnostics> {
    let start = Instant::now();
    let mut delay = Duration::from_secs(1);
    let mut first = true;
    loop {
        let Err(held) = store.try_lock(info)? else {
            return Ok(());
        };
        let left = timeout.saturating_sub(start.elapsed());
        if left.is_zero() {
            return Err(crate::lock::lock_error(&held));
        }
        if std::mem::take(&mut first) {
            waiting();
        }
        thread::sleep(delay.min(left));
        delay = (delay * 2).min(Duration::from_secs(16));
    }
}
