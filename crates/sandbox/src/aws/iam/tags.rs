//! Tags of roles, policies, providers and profiles.

use super::Call;
use super::page::page;
use crate::aws::fault::Fault;
use crate::aws::xml::Xml;
use std::collections::BTreeMap;

/// The tags of an object.
pub(super) type Tags = BTreeMap<String, String>;

/// The most that an object can have.
const MOST: usize = 50;

/// The tags that a request names.
pub(super) fn asked(call: &Call<'_>) -> Result<Tags, Fault> {
    let mut tags = Tags::new();
    for tag in call.query.list("Tags") {
        let key = tag.text("Key").unwrap_or_default();
        if key.is_empty() || key.to_ascii_lowercase().starts_with("aws:") {
            return Err(Fault::new(
                "InvalidInput",
                format!(
                    "The tag key '{key}' is not valid: it is empty or has the reserved prefix aws:"
                ),
            ));
        }
        let value = tag.text("Value").unwrap_or_default();
        let twin = tags
            .keys()
            .any(|other: &String| other.eq_ignore_ascii_case(key));
        if twin {
            return Err(Fault::new(
                "InvalidInput",
                "Duplicate tag keys found. Please note that Tag keys are case insensitive.",
            ));
        }
        tags.insert(key.to_owned(), value.to_owned());
    }
    limit(&tags)?;
    Ok(tags)
}

/// Adds the tags that a request names.
pub(super) fn add(call: &Call<'_>, tags: &mut Tags) -> Result<(), Fault> {
    let mut all = tags.clone();
    all.extend(asked(call)?);
    limit(&all)?;
    *tags = all;
    Ok(())
}

/// Takes the tags away whose keys a request names.
pub(super) fn remove(call: &Call<'_>, tags: &mut Tags) {
    for key in call.query.texts("TagKeys") {
        tags.remove(key);
    }
}

/// Writes one page of tags.
pub(super) fn list(call: &Call<'_>, tags: &Tags, xml: &mut Xml) -> Result<(), Fault> {
    page(call, xml, "Tags", tags.iter().collect(), one)
}

/// Writes all tags of an object, if it has any.
pub(super) fn write(tags: &Tags, xml: &mut Xml) {
    if !tags.is_empty() {
        xml.list("Tags", "member", tags, one);
    }
}

fn one(xml: &mut Xml, (key, value): (&String, &String)) {
    xml.leaf("Key", key);
    xml.leaf("Value", value);
}

fn limit(tags: &Tags) -> Result<(), Fault> {
    if tags.len() <= MOST {
        return Ok(());
    }
    Err(super::limit(format!(
        "The number of tags has reached the maximum limit of {MOST}."
    )))
}
