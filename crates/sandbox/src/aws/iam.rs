//! IAM: roles, policies, what is attached to what. Query protocol with XML; the same in all regions.

mod attachment;
mod document;
mod inline;
mod managed;
mod page;
mod policy;
mod profile;
mod provider;
mod role;
mod session;
mod tags;
mod version;

use super::Cx;
use super::fault::Fault;
use super::query::Query;
use super::xml::{Xml, query_fault};
use crate::clock::Instant;
use crate::{Ids, Response};
use http::StatusCode;
use policy::Policy;
use profile::Profile;
use provider::Provider;
pub(crate) use role::Role;
use serde::{Deserialize, Serialize};
pub(crate) use session::{Asks, Session};
use std::collections::BTreeMap;

/// The identities of an account.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Iam {
    /// By name.
    roles: BTreeMap<String, Role>,
    /// Those of the account, by ARN.
    policies: BTreeMap<String, Policy>,
    /// How often a policy is attached, by its ARN.
    attached: BTreeMap<String, u32>,
    /// Identity providers, by ARN.
    providers: BTreeMap<String, Provider>,
    /// Instance profiles, by name.
    profiles: BTreeMap<String, Profile>,
    /// Who has temporary credentials, by access key.
    sessions: BTreeMap<String, Session>,
}

/// A request for one operation.
#[derive(Debug)]
pub(crate) struct Call<'a> {
    pub(crate) cx: Cx<'a>,
    pub(crate) query: &'a Query,
    pub(crate) ids: &'a mut Ids,
}

/// Whether an operation was refused.
type Answer = Result<(), Fault>;

/// What an operation does; it writes its answer.
type Operation = fn(&mut Iam, &mut Call<'_>, &mut Xml) -> Answer;

/// The operations of all kinds of objects.
const OPERATIONS: &[&[(&str, Operation)]] = &[
    attachment::OPERATIONS,
    inline::OPERATIONS,
    policy::OPERATIONS,
    profile::OPERATIONS,
    provider::OPERATIONS,
    role::OPERATIONS,
    version::OPERATIONS,
];

const NAMESPACE: &str = "https://iam.amazonaws.com/doc/2010-05-08/";

/// Answers a request.
pub(crate) fn answer(
    iam: &mut Iam,
    mut call: Call<'_>,
    action: &str,
    request_id: &str,
) -> Response {
    let mut all = OPERATIONS.iter().copied().flatten();
    let mut xml = Xml::default();
    let answer = match all.find(|(name, _)| *name == action) {
        Some((_, operation)) => operation(iam, &mut call, &mut xml),
        None => Err(Fault::new(
            "InvalidAction",
            format!("Could not find operation {action} for version 2010-05-08"),
        )),
    };
    match answer {
        Ok(()) => xml.query_response(NAMESPACE, action, request_id),
        Err(fault) => query_fault(NAMESPACE, &fault, request_id),
    }
}

impl Call<'_> {
    /// The ARN of an object of IAM: `role/path/name`.
    fn arn(&self, rest: &str) -> String {
        format!(
            "arn:{}:iam::{}:{rest}",
            self.cx.partition(),
            self.cx.account
        )
    }

    /// An id that starts with four letters that say what it is of.
    fn unique_id(&mut self, prefix: &str) -> String {
        let rest = self.ids.text(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 17);
        format!("{prefix}{rest}")
    }

    fn now(&self) -> Instant {
        self.cx.clock.now()
    }

    /// A name: that many characters of those that IAM takes.
    fn name(&self, parameter: &str, longest: usize) -> Result<&str, Fault> {
        let name = self.query.text(parameter).unwrap_or_default();
        let fits = |letter: char| letter.is_ascii_alphanumeric() || "+=,.@-_".contains(letter);
        if (1..=longest).contains(&name.len()) && name.chars().all(fits) {
            return Ok(name);
        }
        Err(validation(format!(
            "The specified value for {} is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_- and be between 1 and {longest} characters long",
            lower(parameter)
        )))
    }

    /// The path of a new object: `/` or `/some/where/`.
    fn path(&self) -> Result<&str, Fault> {
        let path = self.query.text("Path").unwrap_or("/");
        let fits = |letter: char| ('!'..='\x7f').contains(&letter);
        if path.starts_with('/')
            && path.ends_with('/')
            && path.len() <= 512
            && path.chars().all(fits)
        {
            return Ok(path);
        }
        Err(validation(
            "The specified value for path is invalid. It must begin and end with / and contain only alphanumeric characters and/or / characters.".to_owned(),
        ))
    }
}

fn lower(name: &str) -> String {
    let mut letters = name.chars();
    let first = letters.next().map(|letter| letter.to_ascii_lowercase());
    first.into_iter().chain(letters).collect()
}

fn validation(message: String) -> Fault {
    Fault::new("ValidationError", message)
}

/// There is no such object.
fn no_such(message: impl Into<String>) -> Fault {
    Fault::new("NoSuchEntity", message).status(StatusCode::NOT_FOUND)
}

/// There is an object of that name already.
fn exists(message: impl Into<String>) -> Fault {
    Fault::new("EntityAlreadyExists", message).status(StatusCode::CONFLICT)
}

/// Something still hangs on the object.
fn conflict(message: impl Into<String>) -> Fault {
    Fault::new("DeleteConflict", message).status(StatusCode::CONFLICT)
}

/// There may be no more of them.
fn limit(message: impl Into<String>) -> Fault {
    Fault::new("LimitExceeded", message).status(StatusCode::CONFLICT)
}

#[cfg(test)]
mod tests;
