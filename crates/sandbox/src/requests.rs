//! What was asked, and how often.

use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// One request as it was answered.
#[derive(Clone, Debug, Serialize)]
pub struct Requested {
    /// `aws` or `google`.
    pub cloud: &'static str,
    /// `ec2:CreateVpc`, `eks:DescribeCluster`, `compute.networks.insert` …
    pub operation: String,
    /// The status of the answer; 0 if the connection broke before there was one.
    pub status: u16,
    /// What went wrong on purpose: `throttled`, `failed`, `refused`, `dropped before`, `dropped after`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fault: Option<&'static str>,
}

/// All requests since the start or the last reset, in order.
#[derive(Debug, Default)]
pub struct RequestLog {
    entries: Mutex<Vec<Requested>>,
}

impl RequestLog {
    /// Notes a request.
    pub fn push(&self, requested: Requested) {
        self.lock().push(requested);
    }

    /// How many requests there were.
    pub fn len(&self) -> usize {
        self.lock().len()
    }

    /// Whether there were none.
    pub fn is_empty(&self) -> bool {
        self.lock().is_empty()
    }

    /// All requests.
    pub fn entries(&self) -> Vec<Requested> {
        self.lock().clone()
    }

    /// How often each operation was asked for.
    pub fn counts(&self) -> BTreeMap<String, usize> {
        let mut counts = BTreeMap::new();
        for requested in self.lock().iter() {
            *counts.entry(requested.operation.clone()).or_default() += 1;
        }
        counts
    }

    /// Forgets all.
    pub fn clear(&self) {
        self.lock().clear();
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Requested>> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
