//! The parameters of the query protocol: `Filter.1.Value.2=…` as a tree.

use super::fault::Fault;
use crate::Request;
use crate::http::form;
use std::collections::BTreeMap;

/// Names deeper than this stay one name: no request of a real client is.
const DEEPEST: usize = 12;

/// The parameters of a request, or those below a name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Query {
    text: Option<String>,
    below: BTreeMap<Part, Self>,
}

/// One part of a name. Numbers are ordered as numbers.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Index(u32),
    Name(String),
}

impl Part {
    fn read(text: &str) -> Self {
        text.parse()
            .map_or_else(|_| Self::Name(text.to_owned()), Self::Index)
    }
}

impl Query {
    /// Reads the form in the body, or the query of the URL if there is none.
    pub(crate) fn read(request: &Request) -> Self {
        let body = std::str::from_utf8(&request.body).unwrap_or_default();
        if request.method == http::Method::POST {
            Self::of(form(body))
        } else {
            Self::of(request.query.iter().cloned())
        }
    }

    /// The tree of these parameters.
    pub(crate) fn of(pairs: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut root = Self::default();
        for (name, value) in pairs {
            let mut at = &mut root;
            for part in name.splitn(DEEPEST, '.') {
                at = at.below.entry(Part::read(part)).or_default();
            }
            at.text = Some(value);
        }
        root
    }

    /// What stands below a name.
    pub(crate) fn below(&self, name: &str) -> Option<&Self> {
        self.below.get(&Part::Name(name.to_owned()))
    }

    /// The value of a parameter; `Name.Below` is looked up too.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        let mut at = self;
        for part in name.split('.') {
            at = at.below(part)?;
        }
        at.text.as_deref()
    }

    /// The value of a parameter that must be there and not empty.
    pub(crate) fn required(&self, name: &str) -> Result<&str, Fault> {
        let value = self.text(name).filter(|value| !value.is_empty());
        value.ok_or_else(|| missing(name))
    }

    /// Whether a parameter is `true`; `None` if it is not given.
    pub(crate) fn flag(&self, name: &str) -> Result<Option<bool>, Fault> {
        match self.text(name) {
            None => Ok(None),
            Some(text) if text.eq_ignore_ascii_case("true") => Ok(Some(true)),
            Some(text) if text.eq_ignore_ascii_case("false") => Ok(Some(false)),
            Some(text) => Err(Fault::new(
                "InvalidParameterValue",
                format!("Value ({text}) for parameter {name} is invalid. Expected a boolean"),
            )),
        }
    }

    /// A parameter that is a number; `None` if it is not given.
    pub(crate) fn number<T: std::str::FromStr>(&self, name: &str) -> Result<Option<T>, Fault> {
        self.text(name).map_or(Ok(None), |text| {
            text.parse().map(Some).map_err(|_| {
                Fault::new(
                    "InvalidParameterValue",
                    format!("Value ({text}) for parameter {name} is invalid. Expected a number"),
                )
            })
        })
    }

    /// The elements of a list, in order: `Name.1`, `Name.2` … or `Name.member.1` …
    pub(crate) fn list(&self, name: &str) -> impl Iterator<Item = &Self> {
        let list = self
            .below(name)
            .map(|list| list.below("member").unwrap_or(list));
        list.into_iter()
            .flat_map(|list| &list.below)
            .filter(|(part, _)| matches!(part, Part::Index(_)))
            .map(|(_, element)| element)
    }

    /// The elements of a list of texts, in order.
    pub(crate) fn texts(&self, name: &str) -> Vec<&str> {
        self.list(name)
            .filter_map(|element| element.text.as_deref())
            .collect()
    }

    /// Whether anything is given under the name.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.below(name).is_some()
    }

    /// Everything that is given, as one text: equal for equal parameters. The named ones are left out.
    pub(crate) fn fingerprint(&self, without: &[&str]) -> String {
        let mut out = String::new();
        for (part, query) in &self.below {
            match part {
                Part::Name(name) if without.contains(&name.as_str()) => {}
                _ => query.print(&format!("{part:?}"), &mut out),
            }
        }
        out
    }

    fn print(&self, path: &str, out: &mut String) {
        if let Some(text) = &self.text {
            out.push_str(&format!("{path}={text:?};"));
        }
        for (part, query) in &self.below {
            query.print(&format!("{path}.{part:?}"), out);
        }
    }
}

/// A required parameter is missing.
pub(crate) fn missing(name: &str) -> Fault {
    let mut letters = name.chars();
    let first = letters.next().map(|letter| letter.to_ascii_lowercase());
    let name: String = first.into_iter().chain(letters).collect();
    Fault::new(
        "MissingParameter",
        format!("The request must contain the parameter {name}"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(text: &str) -> Query {
        Query::of(form(text))
    }

    #[test]
    fn lists_are_in_the_order_of_their_numbers() {
        let query = query("A.10=ten&A.9=nine&A.1=one&A.x=no&B.member.2=two&B.member.1=one");
        assert_eq!(query.texts("A"), ["one", "nine", "ten"]);
        assert_eq!(query.texts("B"), ["one", "two"]);
        assert!(query.texts("C").is_empty());
    }

    #[test]
    fn lists_nest() {
        let query = query("T.1.Tag.1.Key=a&T.1.Tag.1.Value=1&T.1.Tag.2.Key=b&T.1.Type=vpc");
        let element = query.list("T").next().unwrap();
        let keys: Vec<_> = element
            .list("Tag")
            .filter_map(|tag| tag.text("Key"))
            .collect();
        assert_eq!(keys, ["a", "b"]);
        assert_eq!(element.text("Type"), Some("vpc"));
    }

    #[test]
    fn values_are_checked() {
        let query = query("Yes=True&No=false&Odd=maybe&Number=12&Empty=");
        assert_eq!(query.flag("Yes"), Ok(Some(true)));
        assert_eq!(query.flag("No"), Ok(Some(false)));
        assert_eq!(query.flag("None"), Ok(None));
        assert!(query.flag("Odd").is_err());
        assert_eq!(query.number::<u16>("Number"), Ok(Some(12)));
        assert!(query.number::<u16>("Odd").is_err());
        assert_eq!(
            query.required("Empty").unwrap_err().message,
            "The request must contain the parameter empty"
        );
    }

    #[test]
    fn a_deep_name_is_no_deep_tree() {
        let name = "a.".repeat(100_000);
        let query = Query::of([(name, "x".to_owned())]);
        assert!(query.has("a"));
    }

    #[test]
    fn fingerprints_tell_requests_apart() {
        let one = query("A=1&ClientToken=x&B.1=2");
        assert_eq!(
            one.fingerprint(&["ClientToken"]),
            query("B.1=2&A=1&ClientToken=y").fingerprint(&["ClientToken"])
        );
        assert_ne!(
            one.fingerprint(&["ClientToken"]),
            query("A=1&B.1=3").fingerprint(&[])
        );
    }
}
