//! Google Cloud: one project. All services speak REST with JSON.
//!
//! A request's path says which service it is for, its body is checked against the message it should hold ([`shapes`]),
//! then the service answers: a JSON object, or a [`Failure`] in the form that service has.

mod batch;
mod call;
mod cidr;
mod compute;
mod container;
mod failure;
mod iam;
mod long;
mod policy;
mod projects;
mod services;
mod shapes;
mod sign_in;
mod time;

use crate::{Clock, Ids, Options, Request, Response};
use ::http::StatusCode;
use call::Call;
use failure::{Failure, Style};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// What a method gives.
type Answer = Result<Value, Failure>;

/// A project with all that is in it.
#[derive(Debug, Serialize, Deserialize)]
pub struct Project {
    id: String,
    number: String,
    ids: Ids,
    display_name: String,
    labels: Map<String, Value>,
    policy: policy::Policy,
    services: BTreeSet<String>,
    #[serde(rename = "operations")]
    long: BTreeMap<String, long::Long>,
    iam: iam::Iam,
    compute: compute::Compute,
    container: container::Container,
}

impl Project {
    /// A project as it is when it is new: with the network `default`.
    pub fn new(options: &Options) -> Self {
        let mut project = Self {
            id: options.project.clone(),
            number: number_of(&options.project),
            ids: Ids::new(options.seed),
            display_name: options.project.clone(),
            labels: Map::new(),
            policy: policy::Policy::default(),
            services: services::enabled_at_first(),
            long: BTreeMap::new(),
            iam: iam::Iam::default(),
            compute: compute::Compute::default(),
            container: container::Container::default(),
        };
        project.policy = policy::Policy::owned(project.next_fingerprint());
        project.create_default_network();
        project
    }

    /// Answers a request: the name of the operation, and the response.
    pub fn answer(&mut self, request: &Request, clock: Clock) -> (String, Response) {
        let special = self.answer_sign_in(request);
        if let Some(answer) = special.or_else(|| self.answer_batch(request, clock)) {
            return answer;
        }
        let (operation, style, answer) = match Call::read(request, clock) {
            Ok(call) => self.dispatch(&call),
            Err(failure) => (unknown(), Style::Canonical, Err(failure)),
        };
        let response = match answer {
            Ok(body) => Response::json(StatusCode::OK, &body),
            Err(failure) => failure.response(style),
        };
        (operation, response)
    }

    fn dispatch(&mut self, call: &Call) -> (String, Style, Answer) {
        self.remove_what_left_clusters(call.now);
        self.remove_what_left(call.now);
        let parts: Vec<&str> = call.parts.iter().map(String::as_str).collect();
        match parts.as_slice() {
            ["compute", _, "projects", project, rest @ ..] => {
                let (operation, answer) = match self.check_enabled("compute") {
                    Ok(()) if self.is_this(project) => self.answer_compute(call, rest),
                    Ok(()) => (unknown(), Err(Failure::unknown_project(project))),
                    Err(failure) => (unknown(), Err(failure)),
                };
                (operation, Style::Listed, answer)
            }
            [version, rest @ ..] if version.starts_with('v') => {
                self.dispatch_versioned(call, version, rest)
            }
            _ => (unknown(), Style::Canonical, Err(call.no_such_method())),
        }
    }

    fn dispatch_versioned(
        &mut self,
        call: &Call,
        version: &str,
        parts: &[&str],
    ) -> (String, Style, Answer) {
        let styled = |style, (operation, answer): (String, Answer)| (operation, style, answer);
        match *parts {
            ["projects", project, _, ..] if !self.is_this(project) => {
                let message = format!("Permission denied on resource project {project}.");
                (
                    unknown(),
                    Style::Canonical,
                    Err(Failure::permission_denied(message)),
                )
            }
            ["projects", _, "serviceAccounts", ref rest @ ..] => {
                styled(Style::Both, self.answer_accounts(call, rest))
            }
            ["projects", _, "services", ref rest @ ..] => {
                styled(Style::Canonical, self.answer_services(call, rest))
            }
            ["projects", _, "billingInfo"] => {
                let info = serde_json::json!({"name": format!("projects/{}/billingInfo", self.id), "projectId": self.id,
                    "billingAccountName": "", "billingEnabled": false});
                (
                    "cloudbilling.projects.getBillingInfo".to_owned(),
                    Style::Canonical,
                    Ok(info),
                )
            }
            [
                "projects",
                _,
                "locations" | "zones",
                location,
                ref rest @ ..,
            ] => {
                let answer = match self.check_enabled("container") {
                    Ok(()) => self.answer_container(call, version, location, rest),
                    Err(failure) => (unknown(), Err(failure)),
                };
                styled(Style::Both, answer)
            }
            ["projects", _, "roles"] => (
                "iam.projects.roles.list".to_owned(),
                Style::Both,
                Ok(Value::Object(Map::new())),
            ),
            ["roles", ref rest @ ..] => styled(Style::Both, self.answer_roles(call, rest)),
            ["operations", name] => styled(Style::Canonical, self.answer_long(call, version, name)),
            ["projects", ref rest @ ..] => {
                styled(Style::Canonical, self.answer_project(call, version, rest))
            }
            _ => (unknown(), Style::Canonical, Err(call.no_such_method())),
        }
    }

    /// Whether a cluster has brought the project's pool of workload identities.
    fn has_workload_pool(&self) -> bool {
        self.container.workload_pool
    }

    /// Whether that is what this project is called: its id, its number, or `-` for any.
    fn is_this(&self, name: &str) -> bool {
        name == self.id || name == self.number || name == "-"
    }

    /// A number as ids of objects are: 19 digits.
    fn next_id(&mut self) -> String {
        (1_000_000_000_000_000_000 + self.ids.next() % 8_000_000_000_000_000_000).to_string()
    }

    /// What stands for a version of an object: 8 bytes in base64. Its letters mean the same in every base64.
    fn next_fingerprint(&mut self) -> String {
        let letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
        let head = self.ids.text(letters, 10);
        let last = self.ids.text(b"AEIMQUYcgkosw048", 1);
        format!("{head}{last}=")
    }
}

/// The name of what is none of the operations.
fn unknown() -> String {
    "unknown".to_owned()
}

/// The number of a project: always the same for its id.
fn number_of(id: &str) -> String {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for byte in id.bytes() {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    (100_000_000_000 + hash % 900_000_000_000).to_string()
}

#[cfg(test)]
mod tests;
