//! Operations of Resource Manager and Service Usage: `operations/NAME`, done or not.

use super::call::Call;
use super::failure::Failure;
use super::{Answer, Project};
use crate::clock::Instant;
use http::Method;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// An operation.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Long {
    due: Instant,
    metadata: Value,
    response: Value,
}

impl Project {
    /// Begins an operation that ends with that response; answers it as it is at first.
    pub(super) fn begin_long(
        &mut self,
        call: &Call,
        prefix: &str,
        metadata: Value,
        response: Value,
    ) -> Value {
        let name = format!("operations/{prefix}.{}", self.ids.uuid());
        let answer = json!({"name": name, "metadata": metadata});
        let due = call.moment().due;
        self.long.insert(
            name,
            Long {
                due,
                metadata,
                response,
            },
        );
        answer
    }

    /// `operations/NAME`.
    pub(super) fn answer_long(
        &mut self,
        call: &Call,
        version: &str,
        name: &str,
    ) -> (String, Answer) {
        let name = format!("operations/{name}");
        let missing = || Failure::not_found("Requested entity was not found.");
        let (verb, answer) = match (call.method(), call.verb.as_str()) {
            (&Method::GET, "") => {
                let found = self.long.get(&name).map(|operation| {
                    let mut shown = json!({"name": name, "metadata": operation.metadata});
                    if operation.due <= call.now {
                        shown["done"] = json!(true);
                        shown["response"] = operation.response.clone();
                    }
                    shown
                });
                ("get", found.ok_or_else(missing))
            }
            (&Method::DELETE, "") => {
                let found = self.long.remove(&name).map(|_| json!({}));
                ("delete", found.ok_or_else(missing))
            }
            (&Method::POST, "cancel") => {
                let found = self.long.get(&name).map(|_| json!({}));
                ("cancel", found.ok_or_else(missing))
            }
            _ => ("", Err(call.no_such_method())),
        };
        let service = if version == "v3" {
            "cloudresourcemanager"
        } else {
            "serviceusage"
        };
        (format!("{service}.operations.{verb}"), answer)
    }
}
