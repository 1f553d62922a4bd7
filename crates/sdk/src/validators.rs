//! What values must fulfil: used by derived code, and by resources as `validate = sdk::validators::…`.

use std::collections::{BTreeMap, BTreeSet};

/// Something that is, or consists of, strings.
pub trait Strings {
    /// The strings.
    fn strings(&self) -> Vec<&str>;
}

impl Strings for String {
    fn strings(&self) -> Vec<&str> {
        vec![self]
    }
}

impl Strings for Vec<String> {
    fn strings(&self) -> Vec<&str> {
        self.iter().map(String::as_str).collect()
    }
}

impl Strings for BTreeSet<String> {
    fn strings(&self) -> Vec<&str> {
        self.iter().map(String::as_str).collect()
    }
}

impl Strings for BTreeMap<String, String> {
    fn strings(&self) -> Vec<&str> {
        self.values().map(String::as_str).collect()
    }
}

/// Checks each of the strings.
pub fn each(
    value: &impl Strings,
    check: impl Fn(&str) -> Result<(), String>,
) -> Result<(), String> {
    value.strings().into_iter().try_for_each(check)
}

/// Each of the strings is one of these.
pub fn one_of(value: &impl Strings, allowed: &[&str]) -> Result<(), String> {
    each(value, |text| match allowed.contains(&text) {
        true => Ok(()),
        false => Err(format!(
            "{text:?} is not one of {}.",
            allowed
                .iter()
                .map(|a| format!("{a:?}"))
                .collect::<Vec<_>>()
                .join(", ")
        )),
    })
}

/// The number is not outside of the range.
pub fn in_range<N: PartialOrd + std::fmt::Display>(
    value: N,
    low: N,
    high: N,
) -> Result<(), String> {
    if value < low || value > high {
        return Err(format!("{value} is not within {low} to {high}."));
    }
    Ok(())
}
