//! Operations: what a change answers with, and what is asked until it is done.

use super::super::call::Call;
use super::super::failure::Failure;
use super::super::{Answer, Project, time};
use super::listing::Listing;
use crate::clock::Instant;
use http::Method;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// All operations.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Operations {
    /// By scope and name: `global/operations/operation-…`.
    all: BTreeMap<String, Operation>,
    /// Which operation a request id stands for.
    requests: BTreeMap<String, String>,
}

/// One operation.
#[derive(Debug, Serialize, Deserialize)]
struct Operation {
    value: Value,
    due: Instant,
    /// How it fails: a code and a message.
    error: Option<(String, String)>,
}

impl Operation {
    fn render(&self, now: Instant) -> Value {
        let mut value = self.value.clone();
        if self.due > now {
            return value;
        }
        value["status"] = json!("DONE");
        value["progress"] = json!(100);
        value["endTime"] = json!(time::pacific(self.due));
        if let Some((code, message)) = &self.error {
            value["error"] = json!({"errors": [{"code": code, "message": message}]});
            value["httpErrorMessage"] = json!("BAD REQUEST");
            value["httpErrorStatusCode"] = json!(400);
        }
        value
    }
}

impl Project {
    /// The operation that an earlier request with the same id began.
    pub(super) fn repeated(&self, call: &Call) -> Result<Option<Value>, Failure> {
        let Some(id) = call.parameter("requestId") else {
            return Ok(None);
        };
        if uuid::Uuid::parse_str(id).is_err() {
            let why = "Must be a valid UUID.";
            return Err(Failure::field("requestId", &json!(id), why));
        }
        let operations = &self.compute.operations;
        let path = operations.requests.get(id);
        let operation = path.and_then(|path| operations.all.get(path));
        Ok(operation.map(|operation| operation.render(call.now)))
    }

    /// Begins an operation on an object; answers it as it is at first: running.
    pub(super) fn begin(
        &mut self,
        call: &Call,
        verb: &str,
        path: &str,
        error: Option<(String, String)>,
    ) -> Value {
        let scope = path.rsplitn(3, '/').last().unwrap_or("global").to_owned();
        let name = format!(
            "operation-{}-{:013x}-{:08x}-{:08x}",
            call.now.0,
            self.ids.next() >> 12,
            self.ids.next() >> 32,
            self.ids.next() >> 32
        );
        let operation = format!("{scope}/operations/{name}");
        let now = time::pacific(call.now);
        let target = self.object(path).map(|object| object["id"].clone());
        let mut value = json!({
            "kind": "compute#operation",
            "id": self.next_id(),
            "name": name,
            "operationType": verb,
            "targetLink": self.link(path),
            "targetId": target.unwrap_or_else(|| json!(self.number)),
            "status": "RUNNING",
            "user": "sandbox@example.com",
            "progress": 0,
            "insertTime": now,
            "startTime": now,
            "selfLink": self.link(&operation),
        });
        if let Some((places, _)) = scope.split_once('/') {
            let field = if places == "zones" { "zone" } else { "region" };
            value[field] = json!(self.link(&scope));
        }
        if let Some(id) = call.parameter("requestId") {
            value["clientOperationId"] = json!(id);
            let requests = &mut self.compute.operations.requests;
            requests.insert(id.to_owned(), operation.clone());
        }
        let begun = Operation {
            value: value.clone(),
            due: call.moment().due,
            error,
        };
        self.compute.operations.all.insert(operation, begun);
        value
    }

    /// `…/operations`, `…/operations/NAME`, `…/operations/NAME/wait`. Waiting answers at once: a wait may end early.
    pub(super) fn answer_operations(
        &mut self,
        call: &Call,
        service: &str,
        scope: &str,
        rest: &[&str],
    ) -> (String, Answer) {
        let operations = &mut self.compute.operations.all;
        let (verb, answer) = match (call.method(), rest) {
            (&Method::GET, []) => {
                let prefix = format!("{scope}/operations/");
                let found = operations
                    .range(prefix.clone()..)
                    .take_while(|(path, _)| path.starts_with(&prefix))
                    .map(|(_, operation)| operation.render(call.now));
                let listing = Listing::new(call).and_then(|listing| listing.page(found));
                let link = self.link(&format!("{scope}/operations"));
                let list = listing.map(|page| page.into_list("compute#operationList", &link));
                ("list", list)
            }
            (&Method::GET, [name]) => ("get", self.operation(call, scope, name)),
            (&Method::POST, [name, "wait"]) => ("wait", self.operation(call, scope, name)),
            (&Method::DELETE, [name]) => {
                let path = format!("{scope}/operations/{name}");
                let known = operations.remove(&path).is_some();
                let missing = || self.missing(&path);
                ("delete", known.then(|| json!({})).ok_or_else(missing))
            }
            _ => ("", Err(call.no_such_method())),
        };
        (format!("compute.{service}Operations.{verb}"), answer)
    }

    fn operation(&self, call: &Call, scope: &str, name: &str) -> Answer {
        let path = format!("{scope}/operations/{name}");
        let operation = self.compute.operations.all.get(&path);
        operation
            .map(|operation| operation.render(call.now))
            .ok_or_else(|| self.missing(&path))
    }

    /// What is said where an object is not.
    pub(super) fn missing(&self, path: &str) -> Failure {
        let path = self.full(path);
        Failure::not_found(format!("The resource '{path}' was not found"))
    }
}
