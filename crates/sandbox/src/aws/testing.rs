//! An account for tests: text in, text out.

use super::Account;
use crate::{Clock, Options, Request, Response};
use bytes::Bytes;
use http::{HeaderMap, Method};
use serde_json::Value;
use std::time::Duration;

/// An account, and how long what takes time takes in it.
pub(crate) struct Cloud {
    pub(crate) account: Account,
    pub(crate) clock: Clock,
    /// Subnets that a test has made.
    pub(crate) subnets: Vec<String>,
}

impl Cloud {
    /// One in which everything is done at once.
    pub(crate) fn new() -> Self {
        Self::with(&Options::default())
    }

    /// One in which everything is done at once, with other options.
    pub(crate) fn with(options: &Options) -> Self {
        Self {
            account: Account::new(options),
            clock: Clock {
                pending: Duration::ZERO,
            },
            subnets: Vec::new(),
        }
    }

    /// From now on nothing that takes time is ever done.
    pub(crate) fn slow(&mut self) {
        self.clock.pending = Duration::from_secs(1_000_000);
    }

    /// A request to a query service: `iam`, `Action=…`.
    pub(crate) fn query(&mut self, service: &str, form: &str) -> String {
        let body = Bytes::from(form.to_owned());
        let response = self.answer(Method::POST, service, "/", Vec::new(), body);
        String::from_utf8(response.body.to_vec()).unwrap()
    }

    /// The text of the first element of that name in an answer of a query service.
    pub(crate) fn element(&mut self, service: &str, form: &str, name: &str) -> String {
        let text = self.query(service, form);
        let rest = text.split_once(&format!("<{name}>"));
        let rest = rest.unwrap_or_else(|| panic!("no {name} in {text}"));
        rest.1.split_once("</").unwrap().0.to_owned()
    }

    /// A request to EKS: `POST /clusters`, a body. The answer, or `CODE: message`.
    pub(crate) fn eks(&mut self, request: &str, body: &Value) -> Result<Value, String> {
        let (verb, path) = request.split_once(' ').unwrap();
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let verb = verb.parse().unwrap();
        let body = if body.is_null() {
            Bytes::new()
        } else {
            Bytes::from(body.to_string())
        };
        let response = self.answer(verb, "eks", path, crate::http::form(query), body);
        let value: Value = serde_json::from_slice(&response.body).unwrap();
        if response.status.is_success() {
            return Ok(value);
        }
        let text = |name: &str| value[name].as_str().unwrap_or_default().to_owned();
        Err(format!("{}: {}", text("__type"), text("message")))
    }

    fn answer(
        &mut self,
        method: Method,
        service: &str,
        path: &str,
        query: Vec<(String, String)>,
        body: Bytes,
    ) -> Response {
        let mut headers = HeaderMap::new();
        let scope = format!(
            "AWS4-HMAC-SHA256 Credential=AKIA/20260101/us-east-1/{service}/aws4_request, SignedHeaders=host, Signature=0"
        );
        headers.insert("authorization", scope.parse().unwrap());
        let request = Request {
            method,
            path: path.to_owned(),
            query,
            headers,
            body,
        };
        self.account.answer(&request, self.clock).1
    }
}
