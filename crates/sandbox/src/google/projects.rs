//! The project itself, as Resource Manager shows it: version 1 to gcloud, version 3 to others.

use super::call::Call;
use super::failure::Failure;
use super::{Answer, Project, time};
use crate::clock::Instant;
use serde_json::{Value, json};

/// When the project was made.
const CREATED: Instant = Instant(1_704_096_000_000);

impl Project {
    /// Answers a request for `projects` or `projects/P`.
    pub(super) fn answer_project(
        &mut self,
        call: &Call,
        version: &str,
        rest: &[&str],
    ) -> (String, Answer) {
        let third = version == "v3";
        let (verb, answer) = match (call.method().as_str(), rest, call.verb.as_str()) {
            ("GET", [], verb @ ("" | "search")) => {
                let found = if self.is_searched(call) {
                    vec![self.shown_project(third)]
                } else {
                    vec![]
                };
                let verb = if verb.is_empty() { "list" } else { verb };
                (verb, call.page("projects", found, 500, 1000))
            }
            ("POST", [], "") => {
                let message = "The sandbox has one project, and makes no others.";
                ("create", Err(Failure::permission_denied(message)))
            }
            (method, [name], verb) => {
                let known = match (method, verb) {
                    ("GET", "") => "get",
                    ("PUT", "") => "update",
                    ("PATCH", "") => "patch",
                    ("DELETE", "") => "delete",
                    (_, verb) => verb,
                };
                let answer = match self.is_this(name) && *name != "-" {
                    true => self.answer_this(call, third, known),
                    false => Err(Failure::permission_denied(
                        "The caller does not have permission",
                    )),
                };
                (known, answer)
            }
            _ => return (super::unknown(), Err(call.no_such_method())),
        };
        (format!("cloudresourcemanager.projects.{verb}"), answer)
    }

    fn answer_this(&mut self, call: &Call, third: bool, verb: &str) -> Answer {
        match verb {
            "get" => Ok(self.shown_project(third)),
            "getIamPolicy" => self.shown_policy(call, &self.policy),
            "setIamPolicy" => {
                let current = std::mem::take(&mut self.policy);
                let (policy, answer) = match self.new_policy(call, &current, true) {
                    Ok(policy) => {
                        let shown = policy.shown(3);
                        (policy, Ok(shown))
                    }
                    Err(failure) => (current, Err(failure)),
                };
                self.policy = policy;
                answer
            }
            "testIamPermissions" => Ok(json!({"permissions": call.body["permissions"]})),
            "getAncestry" => {
                let itself = json!({"resourceId": {"type": "project", "id": self.id}});
                Ok(json!({"ancestor": [itself]}))
            }
            "update" => {
                self.change_project(&call.body["name"], Some(&call.body["labels"]));
                Ok(self.shown_project(third))
            }
            "patch" => {
                let mask = call.parameter("updateMask").unwrap_or("displayName,labels");
                let has = |names: [&str; 2]| mask.split(',').any(|field| names.contains(&field));
                let name = if has(["displayName", "display_name"]) {
                    call.body["displayName"].clone()
                } else {
                    Value::Null
                };
                let labels = has(["labels", "labels"]).then(|| &call.body["labels"]);
                self.change_project(&name, labels);
                let mut project = self.shown_project(true);
                project["@type"] =
                    json!("type.googleapis.com/google.cloud.resourcemanager.v3.Project");
                let metadata = json!({"@type": "type.googleapis.com/google.cloud.resourcemanager.v3.UpdateProjectMetadata"});
                Ok(self.begin_long(call, "up", metadata, project))
            }
            "delete" => Err(Failure::failed_precondition(
                "The sandbox keeps its project.",
            )),
            _ => Err(call.no_such_method()),
        }
    }

    fn change_project(&mut self, name: &Value, labels: Option<&Value>) {
        if let Some(name) = name.as_str() {
            name.clone_into(&mut self.display_name);
        }
        match labels {
            Some(Value::Object(labels)) => self.labels = labels.clone(),
            Some(_) => self.labels.clear(),
            None => {}
        }
    }

    fn shown_project(&self, third: bool) -> Value {
        let created = time::utc(CREATED);
        let mut shown = match third {
            true => json!({
                "name": format!("projects/{}", self.number),
                "projectId": self.id,
                "state": "ACTIVE",
                "displayName": self.display_name,
                "createTime": created,
                "updateTime": created,
                "etag": "W/\"9f3a1d4c7b2e6058\"",
            }),
            false => json!({
                "projectNumber": self.number,
                "projectId": self.id,
                "lifecycleState": "ACTIVE",
                "name": self.display_name,
                "createTime": created,
            }),
        };
        if !self.labels.is_empty() {
            shown["labels"] = json!(self.labels);
        }
        shown
    }

    /// Whether a list's filter lets this project through; only ids, names and states are looked at.
    fn is_searched(&self, call: &Call) -> bool {
        let filter = call
            .parameter("filter")
            .or_else(|| call.parameter("query"))
            .unwrap_or_default();
        filter.split([' ', '(', ')']).all(|term| {
            let Some((field, value)) = term.split_once([':', '=']) else {
                return true;
            };
            let value = value.trim_matches(['"', '*']);
            match field {
                "id" | "projectId" => self.id.contains(value),
                "name" | "displayName" => self.display_name.contains(value),
                "projectNumber" => self.number == value,
                "lifecycleState" | "state" => value.eq_ignore_ascii_case("ACTIVE"),
                "labels" => false,
                _ => true,
            }
        })
    }
}
