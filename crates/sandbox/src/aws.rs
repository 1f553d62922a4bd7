//! AWS: one account. EC2, IAM and STS speak the query protocol (form in, XML out), EKS speaks REST (JSON).

mod caller;
pub mod ec2;
mod fault;
mod query;
mod xml;

use crate::{Clock, Ids, Options, Request, Response};
use ::http::StatusCode;
use caller::Caller;
use ec2::Ec2;
use query::Query;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// An account with all that is in it.
#[derive(Debug, Serialize, Deserialize)]
pub struct Account {
    id: String,
    ids: Ids,
    /// Request ids have a sequence of their own: what only reads does not change the ids of what is made.
    request_ids: Ids,
    /// By region.
    #[serde(default)]
    ec2: BTreeMap<String, Ec2>,
}

/// Under which circumstances a request is answered.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cx<'a> {
    /// The account.
    pub(crate) account: &'a str,
    /// The region that the request is signed for.
    pub(crate) region: &'a str,
    /// The time.
    pub(crate) clock: Clock,
}

impl Cx<'_> {
    /// The ARN of an object of this account in this region: `arn:aws:ec2:us-east-1:123456789012:vpc/vpc-1`.
    pub(crate) fn arn(&self, service: &str, resource: &str) -> String {
        let (partition, region) = (self.partition(), self.region);
        format!(
            "arn:{partition}:{service}:{region}:{}:{resource}",
            self.account
        )
    }

    /// The partition of the region.
    pub(crate) fn partition(&self) -> &'static str {
        match self.region.split_once('-') {
            Some(("cn", _)) => "aws-cn",
            Some(("us", rest)) if rest.starts_with("gov-") => "aws-us-gov",
            _ => "aws",
        }
    }
}

impl Account {
    /// An account as it is when it is new.
    pub fn new(options: &Options) -> Self {
        Self {
            id: options.account.clone(),
            ids: Ids::new(options.seed),
            request_ids: Ids::new(!options.seed),
            ec2: BTreeMap::new(),
        }
    }

    /// Answers a request: the name of the operation, and the response.
    pub fn answer(&mut self, request: &Request, clock: Clock) -> (String, Response) {
        let caller = Caller::of(request);
        let cx = Cx {
            account: &self.id,
            region: &caller.region,
            clock,
        };
        let query = Query::read(request);
        let Some(action) = query.text("Action") else {
            return unknown();
        };
        let request_id = self.request_ids.uuid();
        match caller.service(&query) {
            "ec2" => {
                if !self.ec2.contains_key(cx.region) {
                    self.ec2.insert(cx.region.to_owned(), Ec2::default());
                }
                let Some(ec2) = self.ec2.get_mut(cx.region) else {
                    return unknown();
                };
                let response = ec2::answer(ec2, cx, &mut self.ids, action, &query, &request_id);
                (format!("ec2:{action}"), response)
            }
            _ => unknown(),
        }
    }
}

fn unknown() -> (String, Response) {
    let body = String::from("<UnknownOperationException/>\n");
    (
        "unknown".to_owned(),
        Response::xml(StatusCode::NOT_FOUND, body),
    )
}
