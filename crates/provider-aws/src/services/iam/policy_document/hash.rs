//! The order in which hashicorp's provider goes through sets: by a checksum of each element.

use std::collections::BTreeSet;

/// The checksum of a text.
pub(super) fn of(text: &str) -> u32 {
    crc32fast::hash(text.as_bytes())
}

/// Where principals stand in their set: keys are compared as text.
pub(super) fn of_principals(kind: &str, identifiers: &BTreeSet<String>) -> String {
    let mut identifiers: Vec<(String, &String)> = identifiers
        .iter()
        .map(|text| (of(&format!("{text};")).to_string(), text))
        .collect();
    identifiers.sort();
    let identifiers: String = identifiers
        .iter()
        .map(|(_, text)| format!("{text};"))
        .collect();
    of(&format!("identifiers:{{{identifiers}}};type:{kind};")).to_string()
}

/// Where a condition stands in its set.
pub(super) fn of_condition(test: &str, variable: &str, values: &[String]) -> String {
    let values: String = values.iter().map(|text| format!("{text};")).collect();
    of(&format!(
        "test:{test};values:({values});variable:{variable};"
    ))
    .to_string()
}
