//! A request as the operations see it, and the circumstances.

use super::refusal::invalid;
use crate::aws::ec2::Ec2;
use crate::aws::fault::Fault;
use crate::aws::iam::{Iam, Role};
use crate::clock::Instant;
use crate::{Ids, Request};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// A request: its path in decoded parts, its query, its body.
#[derive(Debug)]
pub(crate) struct Call<'a> {
    pub(crate) request: &'a Request,
    pub(crate) path: &'a [String],
    pub(crate) body: Value,
}

/// Under which circumstances a request is answered.
#[derive(Debug)]
pub(crate) struct Scene<'a> {
    /// The account.
    pub(crate) account: &'a str,
    /// The region.
    pub(crate) region: &'a str,
    /// The ARN of who asks.
    pub(crate) caller: &'a str,
    /// The time.
    pub(crate) now: Instant,
    /// When what starts now is done.
    pub(crate) due: Instant,
    /// Where identifiers come from.
    pub(crate) ids: &'a mut Ids,
    /// The roles.
    pub(crate) iam: &'a Iam,
    /// Roles that were made later are not seen yet.
    pub(crate) seen: Instant,
    /// The networks of the region.
    pub(crate) ec2: &'a mut Ec2,
}

/// What an object was made from, so that the same request once more makes no second one.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Origin {
    token: String,
    request: Value,
}

impl Call<'_> {
    /// Part `at` of the path.
    pub(crate) fn part(&self, at: usize) -> &str {
        self.path.get(at).map_or("", String::as_str)
    }

    /// The body as a type.
    pub(crate) fn input<T: DeserializeOwned>(&self) -> Result<T, Fault> {
        T::deserialize(&self.body)
            .map_err(|error| Fault::new("SerializationException", error.to_string()))
    }

    /// The token of the request, with the request.
    pub(crate) fn origin(&self) -> Option<Origin> {
        let token = self.body.get("clientRequestToken")?.as_str()?;
        Some(Origin {
            token: token.to_owned(),
            request: self.body.clone(),
        })
    }

    /// Whether the request is that which made an object. It is an error if only the token is the same.
    pub(crate) fn repeats(&self, made: Option<&Origin>) -> Result<bool, Fault> {
        let Some((made, asked)) = made.zip(self.origin()) else {
            return Ok(false);
        };
        if made.token != asked.token {
            return Ok(false);
        }
        if made.request != asked.request {
            return Err(invalid(
                "The client request token was already used with other parameters",
            ));
        }
        Ok(true)
    }

    /// One page of a list: `{name: […], "nextToken": …}`.
    pub(crate) fn page(&self, name: &str, all: Vec<Value>) -> Result<Value, Fault> {
        let size = match self.request.parameter("maxResults") {
            None => 100,
            Some(text) => match text.parse() {
                Ok(size @ 1..=100) => size,
                _ => return Err(invalid("maxResults must be between 1 and 100")),
            },
        };
        let start = match self
            .request
            .parameter("nextToken")
            .filter(|token| !token.is_empty())
        {
            None => 0,
            Some(token) => token
                .strip_prefix("page-")
                .and_then(|at| at.parse().ok())
                .filter(|at| *at <= all.len())
                .ok_or_else(|| invalid("The nextToken is not valid"))?,
        };
        let end = all.len().min(start + size);
        let next = (end < all.len()).then(|| format!("page-{end}"));
        let page: Vec<_> = all.into_iter().skip(start).take(end - start).collect();
        Ok(json!({name: page, "nextToken": next}))
    }
}

impl Scene<'_> {
    /// The ARN of an object of EKS.
    pub(crate) fn arn(&self, rest: &str) -> String {
        format!("arn:aws:eks:{}:{}:{rest}", self.region, self.account)
    }

    /// The role with that ARN, if EKS sees it.
    pub(crate) fn role(&self, arn: &str) -> Option<&Role> {
        let role = self.iam.role_of(arn)?;
        role.was_there(self.seen).then_some(role)
    }

    /// Now, as EKS has times.
    pub(crate) fn seconds(&self) -> f64 {
        self.now.0 as f64 / 1000.0
    }
}
