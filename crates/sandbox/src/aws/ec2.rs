//! EC2: the networks of one region.

mod describe;
mod filter;
mod tags;
mod vpc;

use super::Cx;
use super::fault::Fault;
use super::query::Query;
use super::xml::{Xml, ec2_fault};
use crate::{Ids, Response};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use tags::Tags;

/// All objects of a region, by id.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Ec2 {
    vpcs: BTreeMap<String, vpc::Vpc>,
    /// The tags of all objects that have any.
    tags: BTreeMap<String, Tags>,
    /// What was made for a client token: by operation and token.
    remembered: BTreeMap<String, Remembered>,
}

/// What was made for a client token, and from which parameters.
#[derive(Debug, Serialize, Deserialize)]
struct Remembered {
    id: String,
    parameters: String,
}

/// A request for one operation.
#[derive(Debug)]
struct Call<'a> {
    cx: Cx<'a>,
    action: &'a str,
    query: &'a Query,
    ids: &'a mut Ids,
}

/// Whether an operation was refused.
type Answer = Result<(), Fault>;

/// What an operation does; it writes its answer.
type Operation = fn(&mut Ec2, &mut Call<'_>, &mut Xml) -> Answer;

/// The operations of all kinds of objects.
const OPERATIONS: &[&[(&str, Operation)]] = &[tags::OPERATIONS, vpc::OPERATIONS];

/// Answers a request.
pub(crate) fn answer(
    ec2: &mut Ec2,
    cx: Cx<'_>,
    ids: &mut Ids,
    action: &str,
    query: &Query,
    request_id: &str,
) -> Response {
    let mut call = Call {
        cx,
        action,
        query,
        ids,
    };
    let mut xml = Xml::default();
    match perform(ec2, &mut call, &mut xml) {
        Ok(()) => xml.ec2_response(action, request_id),
        Err(fault) => ec2_fault(&fault, request_id),
    }
}

fn perform(ec2: &mut Ec2, call: &mut Call<'_>, xml: &mut Xml) -> Answer {
    let mut all = OPERATIONS.iter().copied().flatten();
    let Some((_, operation)) = all.find(|(name, _)| *name == call.action) else {
        let message = format!(
            "The action {} is not valid for this web service.",
            call.action
        );
        return Err(Fault::new("InvalidAction", message));
    };
    if call.query.flag("DryRun")? == Some(true) {
        let message = "Request would have succeeded, but DryRun flag is set.";
        return Err(Fault::new("DryRunOperation", message).status(StatusCode::PRECONDITION_FAILED));
    }
    operation(ec2, call, xml)
}

impl Call<'_> {
    /// The token under which a create is remembered.
    fn token(&self) -> Option<String> {
        let token = self.query.text("ClientToken")?;
        Some(format!("{} {token}", self.action)).filter(|_| !token.is_empty())
    }
}

impl Ec2 {
    /// What an earlier request with the same client token made. Refused if its parameters were others.
    fn made_before(&self, call: &Call<'_>) -> Result<Option<String>, Fault> {
        let Some(before) = call.token().and_then(|token| self.remembered.get(&token)) else {
            return Ok(None);
        };
        if before.parameters == call.query.fingerprint(&["ClientToken"]) {
            return Ok(Some(before.id.clone()));
        }
        Err(Fault::new(
            "IdempotentParameterMismatch",
            "Arguments on this idempotent request are inconsistent with arguments used in previous request(s).",
        ))
    }

    /// Keeps what was made for the client token of the request.
    fn remember(&mut self, call: &Call<'_>, id: &str) {
        if let Some(token) = call.token() {
            let remembered = Remembered {
                id: id.to_owned(),
                parameters: call.query.fingerprint(&["ClientToken"]),
            };
            self.remembered.insert(token, remembered);
        }
    }

    /// Whether there is an object with this id.
    fn exists(&self, id: &str) -> bool {
        self.vpcs.contains_key(id)
    }

    /// The fault that there is no object with this id, as its kind has it.
    fn no_such(&self, id: &str) -> Fault {
        match id.rsplit_once('-').map_or(id, |(prefix, _)| prefix) {
            "vpc" => describe::not_found::<vpc::Vpc>(&[id]),
            _ => Fault::new("InvalidID", format!("The ID '{id}' is not valid")),
        }
    }

    /// Gives a new object the tags that its request specified.
    fn tag(&mut self, id: &str, tags: Tags) {
        if !tags.is_empty() {
            self.tags.insert(id.to_owned(), tags);
        }
    }
}

/// `<return>true</return>`, the answer of operations that only do something.
fn done(xml: &mut Xml) -> Answer {
    xml.leaf("return", true);
    Ok(())
}

/// Something still stands on the object that should go.
fn dependency(noun: &str, id: &str) -> Fault {
    Fault::new(
        "DependencyViolation",
        format!("The {noun} '{id}' has dependencies and cannot be deleted."),
    )
}

/// Reads a range of IPv4 addresses. EC2 clears host bits.
fn net(text: &str) -> Result<ipnet::Ipv4Net, Fault> {
    let net = text.parse::<ipnet::Ipv4Net>().map_err(|_| {
        let message = format!(
            "Value ({text}) for parameter cidrBlock is invalid. This is not a valid CIDR block."
        );
        Fault::new("InvalidParameterValue", message)
    })?;
    Ok(net.trunc())
}
