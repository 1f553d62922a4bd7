//! Where states are kept, and how they are locked.
//!
//! A [`StateStore`] keeps one state: it can be locked, read and written. [`LocalStore`] keeps it in a
//! file; other kinds of storage implement the same trait. A [`Session`] is what a run works with: it
//! locks the store, reads the state, brings in what an earlier run that was cut short left in its
//! journal, and writes the new state by the rules of serials and lineages.

mod interrupted;
mod journal;
mod local;
mod lock;
mod paths;
mod session;
mod store;
mod workspaces;

pub use journal::{Journal, OnDurable};
pub use local::LocalStore;
pub use lock::{LockInfo, who};
pub use paths::{LocalOptions, StatePaths};
pub use session::{Opened, Session, SessionOptions};
pub use store::{LockHeld, StateStore, lock_with_timeout};
pub use workspaces::Workspaces;
