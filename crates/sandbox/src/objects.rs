//! What users made, each thing once, by kind and name: to be compared with what a state says there is.
//!
//! Unlike the inventory it leaves out what a cloud adds by itself (main route tables, default groups, interfaces) and
//! what is only still shown after it was deleted.

mod aws;
mod google;

use serde::Serialize;
use serde_json::{Map, Value};

/// One thing that a user made.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Object {
    /// `ec2:vpc`, `eks:addon`, `compute:network` …
    pub kind: &'static str,
    /// Its id or name; with those of what it belongs to if it is nothing without: `atlas/coredns`.
    pub id: String,
}

/// Everything that users made, sorted, from what a state file would hold.
pub(crate) fn list(aws: &Value, google: &Value) -> Vec<Object> {
    let mut objects = Vec::new();
    aws::collect(aws, &mut objects);
    google::collect(google, &mut objects);
    objects.sort_unstable();
    objects
}

fn add(objects: &mut Vec<Object>, kind: &'static str, id: impl Into<String>) {
    let id = id.into();
    objects.push(Object { kind, id });
}

/// The parts of an object by name; none if it is no object.
fn parts<'v>(value: &'v Value, name: &str) -> impl Iterator<Item = (&'v String, &'v Value)> {
    value[name].as_object().into_iter().flat_map(Map::iter)
}

/// The elements of a list; none if it is no list.
fn elements<'v>(value: &'v Value, name: &str) -> impl Iterator<Item = &'v Value> {
    value[name].as_array().into_iter().flatten()
}

fn text<'v>(value: &'v Value, name: &str) -> &'v str {
    value[name].as_str().unwrap_or_default()
}

#[cfg(test)]
mod tests;
