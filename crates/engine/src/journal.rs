//! What is written down before and after each operation, so that nothing is lost whatever happens.

use addrs::{AbsResourceInstance, ProviderConfig};
use futures::future::LocalBoxFuture;
use plans::Action;
use states::{DeposedKey, Object};
use std::sync::Arc;

/// What is about to be done.
#[derive(Clone, Debug)]
pub struct Intent {
    /// The instance.
    pub addr: AbsResourceInstance,
    /// A former object.
    pub deposed: Option<DeposedKey>,
    /// The provider configuration.
    pub provider: ProviderConfig,
    /// Create, update or delete.
    pub action: Action,
}

/// What exists after an operation.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The instance.
    pub addr: AbsResourceInstance,
    /// A former object.
    pub deposed: Option<DeposedKey>,
    /// The provider configuration.
    pub provider: ProviderConfig,
    /// The object; `None` = there is none.
    pub object: Option<Arc<Object>>,
}

/// Keeps records where a crash does not reach them. A future is done when its record is safe.
pub trait Journal {
    /// An operation is about to begin.
    fn intent(&self, intent: Intent) -> LocalBoxFuture<'_, Result<(), String>>;

    /// An operation has ended.
    fn outcome(&self, outcome: Outcome) -> LocalBoxFuture<'_, Result<(), String>>;
}

/// Keeps nothing: for plans and tests.
pub struct NoJournal;

impl Journal for NoJournal {
    fn intent(&self, _: Intent) -> LocalBoxFuture<'_, Result<(), String>> {
        Box::pin(std::future::ready(Ok(())))
    }

    fn outcome(&self, _: Outcome) -> LocalBoxFuture<'_, Result<(), String>> {
        Box::pin(std::future::ready(Ok(())))
    }
}
