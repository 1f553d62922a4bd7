//! Operations on clusters and node pools. One at a time for each cluster.

use super::super::call::Call;
use super::super::failure::Failure;
use super::super::{Answer, Project, time};
use super::{Doing, place};
use crate::clock::Instant;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// An operation.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Operation {
    kind: String,
    /// The path of what it is about, below the project.
    target: String,
    start: Instant,
    due: Instant,
}

impl Project {
    /// Begins an operation on a cluster (and one of its node pools), unless another one is going on.
    pub(super) fn begin_on(
        &mut self,
        call: &Call,
        version: &str,
        key: &str,
        pool: Option<&str>,
        kind: &str,
        status: &str,
    ) -> Answer {
        let name = self.operation_name(call);
        let etag = self.next_fingerprint();
        let due = call.moment().due;
        let Some(cluster) = self.container.clusters.get_mut(key) else {
            return Err(Failure::not_found(format!("Not found: {key}.")));
        };
        if cluster.doing.until > call.now {
            let message = format!(
                "Cluster is running incompatible operation {}.",
                cluster.operation
            );
            return Err(Failure::failed_precondition(message));
        }
        cluster.operation.clone_from(&name);
        cluster.value["etag"] = json!(etag);
        let mut target = cluster.path();
        match pool {
            None => cluster.doing = Doing::new(status, due),
            Some(pool) => {
                target = format!("{target}/nodePools/{pool}");
                cluster.doing = Doing::new("RECONCILING", due);
                if let Some(pool) = cluster.pools.get_mut(pool) {
                    pool.doing = Doing::new(status, due);
                    pool.value["etag"] = json!(etag);
                }
            }
        }
        let location = cluster.location.clone();
        Ok(self.note_operation(call, version, &location, &name, kind, target))
    }

    pub(super) fn operation_name(&mut self, call: &Call) -> String {
        format!("operation-{}-{}", call.now.0, self.ids.uuid())
    }

    /// Keeps an operation; answers it as it is at first: running.
    pub(super) fn note_operation(
        &mut self,
        call: &Call,
        version: &str,
        location: &str,
        name: &str,
        kind: &str,
        target: String,
    ) -> Value {
        let operation = Operation {
            kind: kind.to_owned(),
            target,
            start: call.now,
            due: call.moment().due,
        };
        let shown = self.shown_operation(&operation, version, (location, name), None);
        let key = format!("{location}/{name}");
        self.container.operations.insert(key, operation);
        shown
    }

    fn shown_operation(
        &self,
        operation: &Operation,
        version: &str,
        (location, name): (&str, &str),
        now: Option<Instant>,
    ) -> Value {
        let base = format!(
            "https://container.googleapis.com/{version}/projects/{}",
            self.number
        );
        let mut shown = json!({
            "name": name,
            "zone": location,
            "operationType": operation.kind,
            "status": "RUNNING",
            "selfLink": format!("{base}/{}/operations/{name}", place(location)),
            "targetLink": format!("{base}/{}", operation.target),
            "startTime": time::utc(operation.start),
        });
        if now.is_some_and(|now| operation.due <= now) {
            shown["status"] = json!("DONE");
            shown["endTime"] = json!(time::utc(operation.due));
        }
        shown
    }

    /// `operations`, `operations/NAME`, `operations/NAME:cancel`.
    pub(super) fn answer_container_operations(
        &mut self,
        call: &Call,
        version: &str,
        location: &str,
        rest: &[&str],
        verb: &str,
    ) -> (&'static str, Answer) {
        let shown = |key: &str, operation: &Operation| {
            let (location, name) = key.split_once('/').unwrap_or_default();
            self.shown_operation(operation, version, (location, name), Some(call.now))
        };
        match (call.method().as_str(), rest, verb) {
            ("GET", [], "") => {
                let all = self.container.operations.iter();
                let here = all.filter(|(key, _)| {
                    location == "-" || key.split_once('/').is_some_and(|(at, _)| at == location)
                });
                let list: Vec<Value> = here.map(|(key, operation)| shown(key, operation)).collect();
                let body = if list.is_empty() {
                    json!({})
                } else {
                    json!({"operations": list})
                };
                ("list", Ok(body))
            }
            (method @ ("GET" | "POST"), [name], verb @ ("" | "cancel"))
                if (method == "GET") == verb.is_empty() =>
            {
                let key = format!("{location}/{name}");
                let Some(operation) = self.container.operations.get(&key) else {
                    let path =
                        format!("projects/{}/{}/operations/{name}", self.id, place(location));
                    return (
                        "get",
                        Err(Failure::not_found(format!("Not found: {path}."))),
                    );
                };
                match (verb, operation.due <= call.now) {
                    ("cancel", true) => {
                        let message = "Operation cannot be cancelled: it has ended.";
                        ("cancel", Err(Failure::failed_precondition(message)))
                    }
                    // What has begun ends: the request is taken, as the service says it may be without effect.
                    ("cancel", false) => ("cancel", Ok(json!({}))),
                    _ => ("get", Ok(shown(&key, operation))),
                }
            }
            _ => ("", Err(call.no_such_method())),
        }
    }
}
