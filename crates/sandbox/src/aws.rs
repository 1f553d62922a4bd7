//! AWS: one account. EC2, IAM and STS speak the query protocol (form in, XML out), EKS speaks REST (JSON).

use crate::{Clock, Ids, Options, Request, Response};
use ::http::StatusCode;
use serde::{Deserialize, Serialize};

/// An account with all that is in it.
#[derive(Debug, Serialize, Deserialize)]
pub struct Account {
    id: String,
    ids: Ids,
}

impl Account {
    /// An account as it is when it is new.
    pub fn new(options: &Options) -> Self {
        Self {
            id: options.account.clone(),
            ids: Ids::new(options.seed),
        }
    }

    /// Answers a request: the name of the operation, and the response.
    pub fn answer(&mut self, _request: &Request, _clock: Clock) -> (String, Response) {
        let body = String::from(
            "<Response><Errors><Error><Code>InvalidAction</Code></Error></Errors></Response>",
        );
        (
            "unknown".to_owned(),
            Response::xml(StatusCode::BAD_REQUEST, body),
        )
    }
}
