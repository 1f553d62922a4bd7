//! A request, read: its path in parts, its custom verb, its body as JSON.

use super::failure::Failure;
use super::{Answer, shapes};
use crate::clock::Instant;
use crate::{Clock, Request};
use http::Method;
use serde_json::{Map, Value};

/// A request, read.
#[derive(Debug)]
pub(super) struct Call<'a> {
    request: &'a Request,
    /// The path, decoded, without the custom verb.
    pub(super) parts: Vec<String>,
    /// `getIamPolicy` in `projects/p:getIamPolicy`; empty if there is none.
    pub(super) verb: String,
    /// The body; an empty object if there is none.
    pub(super) body: Value,
    pub(super) clock: Clock,
    pub(super) now: Instant,
}

/// When something begins, and when it ends.
#[derive(Clone, Copy, Debug)]
pub(super) struct Moment {
    pub(super) now: Instant,
    pub(super) due: Instant,
}

impl<'a> Call<'a> {
    /// Reads a request.
    pub(super) fn read(request: &'a Request, clock: Clock) -> Result<Self, Failure> {
        let mut parts = request.segments();
        let mut verb = String::new();
        if let Some(last) = parts.last_mut()
            && let Some(at) = last.rfind(':')
        {
            verb = last.split_off(at + 1);
            last.pop();
        }
        let body = if request.body.iter().all(u8::is_ascii_whitespace) {
            Value::Object(Map::new())
        } else {
            match serde_json::from_slice(&request.body) {
                Ok(body @ Value::Object(_)) => body,
                Ok(Value::Null) => Value::Object(Map::new()),
                _ => {
                    let message =
                        "Invalid JSON payload received. Parsing terminated before end of input.";
                    return Err(Failure::invalid_argument(message));
                }
            }
        };
        Ok(Self {
            request,
            parts,
            verb,
            body,
            clock,
            now: clock.now(),
        })
    }

    /// When what this request begins begins and ends.
    pub(super) fn moment(&self) -> Moment {
        let pending = u64::try_from(self.clock.pending.as_millis()).unwrap_or(u64::MAX);
        let due = Instant(self.now.0.saturating_add(pending));
        Moment { now: self.now, due }
    }

    /// `GET`, `POST` …
    pub(super) const fn method(&self) -> &Method {
        &self.request.method
    }

    /// A query parameter that is not empty, by its name in camel case; some clients write it in snake case.
    pub(super) fn parameter(&self, name: &str) -> Option<&'a str> {
        let found = self.request.parameter(name);
        let found = found.or_else(|| self.request.parameter(&shapes::snake(name)));
        found.filter(|value| !value.is_empty())
    }

    /// All values of a query parameter.
    pub(super) fn parameters(&self, name: &str) -> Vec<&'a str> {
        let query = self.request.query.iter();
        let matching = query.filter(|(key, value)| key == name && !value.is_empty());
        matching.map(|(_, value)| value.as_str()).collect()
    }

    /// The body as a message: names known (camel or snake case come out as camel), types right, enumerations by name.
    pub(super) fn message(&self, shape: &str) -> Result<Map<String, Value>, Failure> {
        shapes::check(shape, &self.body)
    }

    /// A page of a list as most services have it: `pageSize`, `pageToken`, `nextPageToken`.
    pub(super) fn page(&self, field: &str, items: Vec<Value>, usual: usize, most: usize) -> Answer {
        let size = self
            .parameter("pageSize")
            .map_or(Ok(0), str::parse::<usize>);
        let size = size.map_err(|_| Failure::invalid_argument("Page size is not a number."))?;
        let size = if size == 0 { usual } else { size.min(most) };
        let skip = match self.parameter("pageToken") {
            Some(token) => {
                let hex = token.strip_prefix("ClQK").unwrap_or_default();
                let skip = usize::from_str_radix(hex, 16);
                skip.map_err(|_| Failure::invalid_argument("Page token is not valid."))?
            }
            None => 0,
        };
        let end = skip.saturating_add(size);
        let mut page = Map::new();
        if end < items.len() {
            page.insert(
                "nextPageToken".into(),
                Value::from(format!("ClQK{end:08x}")),
            );
        }
        let items: Vec<Value> = items.into_iter().skip(skip).take(size).collect();
        if !items.is_empty() {
            page.insert(field.to_owned(), Value::Array(items));
        }
        Ok(Value::Object(page))
    }

    /// What is said where nothing is.
    pub(super) fn no_such_method(&self) -> Failure {
        let message = format!(
            "The requested URL {} was not found on this server.",
            self.request.path
        );
        Failure::not_found(message)
    }
}
