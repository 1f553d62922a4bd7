//! Google Cloud: one project. All services speak REST with JSON.
//!
//! A request's path says which service it is for, its body is checked against the message it should hold ([`shapes`]),
//! then the service answers: a JSON object, or a [`Failure`] in the form that service has.

mod call;
mod cidr;
mod compute;
mod failure;
mod shapes;
mod time;

use crate::{Clock, Ids, Options, Request, Response};
use ::http::StatusCode;
use call::Call;
use failure::{Failure, Style};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What a method gives.
type Answer = Result<Value, Failure>;

/// A project with all that is in it.
#[derive(Debug, Serialize, Deserialize)]
pub struct Project {
    id: String,
    number: String,
    ids: Ids,
    compute: compute::Compute,
}

impl Project {
    /// A project as it is when it is new: with the network `default`.
    pub fn new(options: &Options) -> Self {
        let mut project = Self {
            id: options.project.clone(),
            number: number_of(&options.project),
            ids: Ids::new(options.seed),
            compute: compute::Compute::default(),
        };
        project.create_default_network();
        project
    }

    /// Answers a request: the name of the operation, and the response.
    pub fn answer(&mut self, request: &Request, clock: Clock) -> (String, Response) {
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
        let parts: Vec<&str> = call.parts.iter().map(String::as_str).collect();
        match parts.as_slice() {
            ["compute", _, "projects", project, rest @ ..] => {
                let (operation, answer) = match self.is_this(project) {
                    true => self.answer_compute(call, rest),
                    false => (unknown(), Err(Failure::unknown_project(project))),
                };
                (operation, Style::Listed, answer)
            }
            _ => (unknown(), Style::Canonical, Err(call.no_such_method())),
        }
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
