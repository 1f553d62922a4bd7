//! What is written down before and after each operation, so that nothing is lost whatever happens.

use futures::future::LocalBoxFuture;
use states::journal::Record;

/// Keeps records where a crash does not reach them. A future is done when its record is safe.
pub trait Journal {
    /// Keeps a record. The error says why it cannot be kept.
    fn record(&self, record: Record) -> LocalBoxFuture<'_, Result<(), String>>;
}

/// Keeps nothing: for plans and tests.
pub struct NoJournal;

impl Journal for NoJournal {
    fn record(&self, _: Record) -> LocalBoxFuture<'_, Result<(), String>> {
        Box::pin(std::future::ready(Ok(())))
    }
}
