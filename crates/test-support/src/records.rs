//! A journal in memory.

use engine::Journal;
use futures::future::{LocalBoxFuture, ready};
use states::journal::Record;
use std::cell::RefCell;

/// Keeps the records of a run, as many as it may.
#[derive(Default)]
pub struct Records {
    records: RefCell<Vec<Record>>,
    limit: Option<usize>,
}

impl Records {
    /// Keeps so many records; what comes later does not get to the disk.
    pub fn up_to(limit: usize) -> Self {
        Self {
            limit: Some(limit),
            ..Self::default()
        }
    }

    /// The records.
    pub fn all(&self) -> Vec<Record> {
        self.records.borrow().clone()
    }
}

impl Journal for Records {
    fn record(&self, record: Record) -> LocalBoxFuture<'_, Result<(), String>> {
        let mut records = self.records.borrow_mut();
        let full = self.limit.is_some_and(|limit| records.len() >= limit);
        let result = if full {
            Err("the disk is full".to_owned())
        } else {
            records.push(record);
            Ok(())
        };
        Box::pin(ready(result))
    }
}
