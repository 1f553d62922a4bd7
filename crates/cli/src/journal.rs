//! The engine's journal, kept by the backend's.

use backends::Journal;
use futures::FutureExt;
use futures::channel::oneshot;
use futures::future::LocalBoxFuture;
use states::journal::Record;
use std::sync::Arc;

/// Writes records to a file; operations under way share each write to the disk.
pub(crate) struct FileJournal(pub(crate) Arc<Journal>);

impl engine::Journal for FileJournal {
    fn record(&self, record: Record) -> LocalBoxFuture<'_, Result<(), String>> {
        let (sender, receiver) = oneshot::channel();
        self.0.append(
            &record,
            Box::new(move |result| {
                // Nobody waits any more: then nobody wants to know.
                let _ = sender.send(result);
            }),
        );
        async move {
            match receiver.await {
                Ok(result) => result.map_err(|e| e.to_string()),
                Err(_) => Err("the journal was closed".to_owned()),
            }
        }
        .boxed_local()
    }
}
