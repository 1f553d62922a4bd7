//! Filters: names with values, of which one must match; all names must.

use super::tags::Tags;
use crate::aws::fault::Fault;
use crate::aws::query::Query;

/// The most values of all filters of a request.
const MOST: usize = 200;

/// The filters of a request.
#[derive(Debug)]
pub(super) struct Filters<'a> {
    filters: Vec<(&'a str, Vec<&'a str>)>,
}

impl<'a> Filters<'a> {
    /// Reads `Filter.1.Name=…&Filter.1.Value.1=…`.
    pub(super) fn read(query: &'a Query, parameter: &str) -> Result<Self, Fault> {
        let mut filters = Vec::new();
        for filter in query.list(parameter) {
            let name = filter.required("Name")?;
            let values = filter.texts("Value");
            if values.is_empty() {
                let message = format!("The filter '{name}' has no values");
                return Err(Fault::new("InvalidParameterValue", message));
            }
            filters.push((name, values));
            let count = filters.iter().map(|(_, values)| values.len());
            if count.sum::<usize>() > MOST {
                let message = format!(
                    "The maximum number of filter values specified on a single call is {MOST}"
                );
                return Err(Fault::new("FilterLimitExceeded", message));
            }
        }
        Ok(Self { filters })
    }

    /// Refuses filters that the kind of object does not know.
    pub(super) fn check(&self, known: impl Fn(&str) -> bool) -> Result<(), Fault> {
        for (name, _) in &self.filters {
            if !name.starts_with("tag:")
                && *name != "tag-key"
                && *name != "tag-value"
                && !known(name)
            {
                let message = format!("The filter '{name}' is invalid");
                return Err(Fault::new("InvalidParameterValue", message));
            }
        }
        Ok(())
    }

    /// Whether an object with these tags and values passes.
    pub(super) fn matches(
        &self,
        tags: Option<&Tags>,
        values: impl Fn(&str) -> Option<Vec<String>>,
    ) -> bool {
        self.filters.iter().all(|(name, patterns)| {
            let one = |value: &str| patterns.iter().any(|pattern| matches(pattern, value));
            let mut tags = tags.into_iter().flatten();
            if let Some(key) = name.strip_prefix("tag:") {
                tags.any(|(tag, value)| tag == key && one(value))
            } else {
                match *name {
                    "tag-key" => tags.any(|(tag, _)| one(tag)),
                    "tag-value" => tags.any(|(_, value)| one(value)),
                    name => {
                        values(name).is_some_and(|values| values.iter().any(|value| one(value)))
                    }
                }
            }
        })
    }
}

/// Compares with `*` (any text), `?` (any letter) and `\` (the next letter as it is).
pub(super) fn matches(pattern: &str, text: &str) -> bool {
    #[derive(PartialEq)]
    enum Token {
        Any,
        One,
        Letter(char),
    }
    let mut tokens = Vec::new();
    let mut letters = pattern.chars();
    while let Some(letter) = letters.next() {
        tokens.push(match letter {
            '*' => Token::Any,
            '?' => Token::One,
            '\\' => Token::Letter(letters.next().unwrap_or('\\')),
            letter => Token::Letter(letter),
        });
    }
    let text: Vec<char> = text.chars().collect();
    let (mut at, mut token, mut back) = (0, 0, None);
    while at < text.len() {
        match tokens.get(token) {
            Some(Token::Any) => {
                back = Some((token, at));
                token += 1;
            }
            Some(Token::One) => (at, token) = (at + 1, token + 1),
            Some(Token::Letter(letter)) if *letter == text[at] => (at, token) = (at + 1, token + 1),
            // The last star takes one letter more.
            _ => match back {
                Some((star, from)) => {
                    back = Some((star, from + 1));
                    (at, token) = (from + 1, star + 1);
                }
                None => return false,
            },
        }
    }
    tokens[token..].iter().all(|token| *token == Token::Any)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns() {
        for (pattern, text, expected) in [
            ("a", "a", true),
            ("a", "ab", false),
            ("", "", true),
            ("*", "", true),
            ("*", "anything", true),
            ("a*c", "abbc", true),
            ("a*c", "abcb", false),
            ("*a*b*", "xxaxxbxx", true),
            ("a?c", "abc", true),
            ("a?c", "ac", false),
            ("a\\*", "a*", true),
            ("a\\*", "ab", false),
            ("\\", "\\", true),
            ("é?", "éü", true),
        ] {
            assert_eq!(matches(pattern, text), expected, "{pattern} {text}");
        }
    }

    #[test]
    fn many_stars_are_no_trouble() {
        let pattern = "*a".repeat(60) + "b";
        assert!(!matches(&pattern, &"a".repeat(20_000)));
    }
}
