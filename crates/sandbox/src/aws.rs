//! AWS: one account. EC2, IAM and STS speak the query protocol (form in, XML out), EKS speaks REST (JSON).

mod caller;
pub mod ec2;
pub mod eks;
mod fault;
pub mod iam;
mod query;
mod sts;
#[cfg(test)]
mod testing;
mod xml;

use crate::clock::Instant;
use crate::{Clock, Ids, Options, Request, Response};
use ::http::StatusCode;
use caller::Caller;
use ec2::Ec2;
use eks::Eks;
use iam::Iam;
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
    /// By region.
    #[serde(default)]
    eks: BTreeMap<String, Eks>,
    #[serde(default)]
    iam: Iam,
    /// How long EKS does not yet see a new role, in milliseconds.
    #[serde(default)]
    propagation: u64,
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
            eks: BTreeMap::new(),
            iam: Iam::default(),
            propagation: u64::try_from(options.propagation.as_millis()).unwrap_or(u64::MAX),
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
        let request_id = self.request_ids.uuid();
        let ec2 = region_of(&mut self.ec2, cx.region);
        let eks = region_of(&mut self.eks, cx.region);
        let now = clock.now();
        eks.settle(now, ec2);
        let path = request.segments();
        if Eks::answers(&path) {
            let who = self.iam.who(&caller.access_key, cx.account, cx.partition());
            let mut scene = eks::Scene {
                account: cx.account,
                region: cx.region,
                caller: &who.principal,
                now,
                due: clock.due(),
                ids: &mut self.ids,
                iam: &self.iam,
                seen: Instant(now.0.saturating_sub(self.propagation)),
                ec2,
            };
            let (operation, response) = eks.answer(request, &path, &mut scene, request_id);
            return (format!("eks:{operation}"), response);
        }
        let query = Query::read(request);
        let Some(action) = query.text("Action") else {
            return unknown();
        };
        let service = caller.service(&query);
        let response = match service {
            "ec2" => ec2::answer(ec2, cx, &mut self.ids, action, &query, &request_id),
            "iam" | "sts" => {
                let call = iam::Call {
                    cx,
                    query: &query,
                    ids: &mut self.ids,
                };
                match service {
                    "iam" => iam::answer(&mut self.iam, call, action, &request_id),
                    _ => sts::answer(&mut self.iam, call, &caller.access_key, action, &request_id),
                }
            }
            _ => return unknown(),
        };
        (format!("{service}:{action}"), response)
    }
}

/// What there is in a region; nothing yet if nobody was there.
fn region_of<'a, T: Default>(all: &'a mut BTreeMap<String, T>, region: &str) -> &'a mut T {
    all.entry(region.to_owned()).or_default()
}

fn unknown() -> (String, Response) {
    let body = String::from("<UnknownOperationException/>\n");
    (
        "unknown".to_owned(),
        Response::xml(StatusCode::NOT_FOUND, body),
    )
}
