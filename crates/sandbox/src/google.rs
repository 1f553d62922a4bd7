//! Google Cloud: one project. All services speak REST with JSON.

use crate::{Clock, Ids, Options, Request, Response};
use ::http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::json;

/// A project with all that is in it.
#[derive(Debug, Serialize, Deserialize)]
pub struct Project {
    id: String,
    ids: Ids,
}

impl Project {
    /// A project as it is when it is new.
    pub fn new(options: &Options) -> Self {
        Self {
            id: options.project.clone(),
            ids: Ids::new(options.seed),
        }
    }

    /// Answers a request: the name of the operation, and the response.
    pub fn answer(&mut self, request: &Request, _clock: Clock) -> (String, Response) {
        let message = format!("no such method: {} {}", request.method, request.path);
        let body = json!({"error": {"code": 404, "message": message, "status": "NOT_FOUND"}});
        (
            "unknown".to_owned(),
            Response::json(StatusCode::NOT_FOUND, &body),
        )
    }
}
