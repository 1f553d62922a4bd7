//! Lists: filters, order, pages.

use super::super::call::Call;
use super::super::failure::Failure;
use regex::Regex;
use serde_json::{Map, Value, json};

/// Which objects are asked for, in which order, how many.
#[derive(Debug)]
pub(super) struct Listing {
    terms: Vec<Term>,
    newest_first: bool,
    skip: usize,
    most: usize,
}

/// Objects, and where the next page begins if there is one.
#[derive(Debug)]
pub(super) struct Page {
    pub(super) items: Vec<Value>,
    next: Option<String>,
}

/// `field operator value`.
#[derive(Debug)]
struct Term {
    field: String,
    equal: bool,
    test: Test,
}

#[derive(Debug)]
enum Test {
    Exact(String),
    Contains(String),
    Matches(Regex),
}

impl Listing {
    /// What a request asks for.
    pub(super) fn new(call: &Call) -> Result<Self, Failure> {
        let most = match call.parameter("maxResults") {
            Some(text) => {
                let number = text.parse().ok().filter(|most| *most <= 500);
                number.ok_or_else(|| {
                    let why = "Must be between 0 and 500, inclusive.";
                    Failure::field("maxResults", &json!(text), why)
                })?
            }
            None => 500,
        };
        let skip = match call.parameter("pageToken") {
            Some(token) => decode(token)
                .ok_or_else(|| Failure::field("pageToken", &json!(token), "Invalid page token."))?,
            None => 0,
        };
        let newest_first = match call.parameter("orderBy") {
            None | Some("name" | "name asc") => false,
            Some("creationTimestamp desc") => true,
            Some(other) => {
                let why = "Invalid order by expression.";
                return Err(Failure::field("orderBy", &json!(other), why));
            }
        };
        Ok(Self {
            terms: call.parameter("filter").map_or(Ok(Vec::new()), parse)?,
            newest_first,
            skip,
            // 0 is what clients send that have no wish.
            most: if most == 0 { 500 } else { most },
        })
    }

    /// The page of those objects.
    pub(super) fn page(&self, objects: impl Iterator<Item = Value>) -> Result<Page, Failure> {
        let mut items: Vec<Value> = objects.filter(|object| self.wants(object)).collect();
        if self.newest_first {
            let time = |object: &Value| object["creationTimestamp"].as_str().map(str::to_owned);
            items.sort_by_key(|object| std::cmp::Reverse(time(object)));
        }
        let end = self.skip.saturating_add(self.most);
        let next = (end < items.len()).then(|| encode(end));
        let items = items.into_iter().skip(self.skip).take(self.most).collect();
        Ok(Page { items, next })
    }

    fn wants(&self, object: &Value) -> bool {
        self.terms.iter().all(|term| {
            let pointer = format!("/{}", term.field.replace('.', "/"));
            let text = match object.pointer(&pointer) {
                Some(Value::String(text)) => text.clone(),
                Some(Value::Null) | None => String::new(),
                Some(other) => other.to_string(),
            };
            let holds = match &term.test {
                Test::Exact(wanted) => text == *wanted || text.ends_with(&format!("/{wanted}")),
                Test::Contains(wanted) => {
                    wanted == "*" && !text.is_empty() || text.contains(wanted)
                }
                Test::Matches(wanted) => wanted.is_match(&text),
            };
            holds == term.equal
        })
    }
}

impl Page {
    /// The answer of a list method.
    pub(super) fn into_list(self, kind: &str, link: &str) -> Value {
        let mut list = Map::new();
        list.insert("kind".into(), json!(kind));
        let project = link.split("/projects/").nth(1).unwrap_or_default();
        list.insert("id".into(), json!(format!("projects/{project}")));
        if !self.items.is_empty() {
            list.insert("items".into(), Value::Array(self.items));
        }
        if let Some(next) = self.next {
            list.insert("nextPageToken".into(), json!(next));
        }
        list.insert("selfLink".into(), json!(link));
        Value::Object(list)
    }

    /// The objects, and the token of the next page.
    pub(super) fn into_parts(self) -> (Vec<Value>, Option<String>) {
        (self.items, self.next)
    }
}

/// Tokens look like nothing, so that nobody builds one.
fn encode(at: usize) -> String {
    format!("CgZw{:08x}", at ^ 0x5a5a_5a5a)
}

fn decode(token: &str) -> Option<usize> {
    let hex = token.strip_prefix("CgZw")?;
    let value = usize::from_str_radix(hex, 16).ok()?;
    Some(value ^ 0x5a5a_5a5a)
}

/// Terms joined by AND or put side by side in parentheses.
fn parse(filter: &str) -> Result<Vec<Term>, Failure> {
    let wrong = || Failure::field("filter", &json!(filter), "Invalid list filter expression.");
    let mut terms = Vec::new();
    let mut words = words(filter).into_iter().peekable();
    while let Some(field) = words.next() {
        if field == "AND" {
            continue;
        }
        let (operator, value) = (
            words.next().ok_or_else(wrong)?,
            words.next().ok_or_else(wrong)?,
        );
        let matches = || {
            let whole = Regex::new(&format!("^(?:{value})$"));
            whole.map(Test::Matches).map_err(|_| wrong())
        };
        let (equal, test) = match operator.as_str() {
            "=" => (true, Test::Exact(value.clone())),
            "!=" => (false, Test::Exact(value.clone())),
            ":" => (true, Test::Contains(value.clone())),
            "eq" => (true, matches()?),
            "ne" => (false, matches()?),
            _ => return Err(wrong()),
        };
        terms.push(Term { field, equal, test });
    }
    Ok(terms)
}

/// Words, operators and quoted strings; parentheses only group.
fn words(filter: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut letters = filter.chars().peekable();
    let flush = |word: &mut String, words: &mut Vec<String>| {
        if !word.is_empty() {
            words.push(std::mem::take(word));
        }
    };
    while let Some(letter) = letters.next() {
        match letter {
            '(' | ')' | ' ' => flush(&mut word, &mut words),
            '=' | ':' => {
                flush(&mut word, &mut words);
                words.push(letter.to_string());
            }
            '!' if letters.peek() == Some(&'=') => {
                letters.next();
                flush(&mut word, &mut words);
                words.push("!=".to_owned());
            }
            quote @ ('"' | '\'') => {
                let mut text = String::new();
                for letter in letters.by_ref() {
                    if letter == quote {
                        break;
                    }
                    text.push(letter);
                }
                words.push(text);
            }
            letter => word.push(letter),
        }
    }
    flush(&mut word, &mut words);
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_choose() {
        let object = json!({"name": "a-b", "network": "https://x/global/networks/net", "size": 3,
            "labels": {"env": "prod"}});
        let cases = [
            ("name=a-b", true),
            ("name = \"a-b\"", true),
            ("name != a-b", false),
            ("name eq a.*", true),
            ("name eq a", false),
            ("name ne a", true),
            ("network eq \".*\\bnet\\b.*\"", true),
            ("network=net", true),
            ("(name=a-b) (size=3)", true),
            ("name=a-b AND size=4", false),
            ("labels.env:prod", true),
            ("labels.other:*", false),
        ];
        for (filter, expected) in cases {
            let listing = Listing {
                terms: parse(filter).expect("a filter"),
                newest_first: false,
                skip: 0,
                most: 500,
            };
            assert_eq!(listing.wants(&object), expected, "{filter}");
        }
        assert!(parse("name").is_err());
        assert!(parse("name eq [").is_err());
    }
}
