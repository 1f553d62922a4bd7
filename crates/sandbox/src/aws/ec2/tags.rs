//! Tags, which every object can have.

use super::describe::Page;
use super::filter::Filters;
use super::{Answer, Call, Ec2, Operation, done};
use crate::aws::fault::Fault;
use crate::aws::query::Query;
use crate::aws::xml::Xml;
use std::collections::BTreeMap;

/// Tags of one object.
pub(crate) type Tags = BTreeMap<String, String>;

/// The most that an object can have.
const MOST: usize = 50;

pub(super) const OPERATIONS: &[(&str, Operation)] = &[
    ("CreateTags", create_tags),
    ("DeleteTags", delete_tags),
    ("DescribeTags", |ec2, call, xml| {
        describe_tags(ec2, call, xml)
    }),
];

/// What ids start with, and what tags call such an object.
const KINDS: &[(&str, &str)] = &[
    ("acl", "network-acl"),
    ("dopt", "dhcp-options"),
    ("eigw", "egress-only-internet-gateway"),
    ("eipalloc", "elastic-ip"),
    ("eni", "network-interface"),
    ("igw", "internet-gateway"),
    ("nat", "natgateway"),
    ("rtb", "route-table"),
    ("sg", "security-group"),
    ("sgr", "security-group-rule"),
    ("subnet", "subnet"),
    ("tgw", "transit-gateway"),
    ("tgw-attach", "transit-gateway-attachment"),
    ("tgw-rtb", "transit-gateway-route-table"),
    ("vpc", "vpc"),
];

/// The tags that a create specifies for an object of that kind.
pub(super) fn specified(query: &Query, kind: &str) -> Result<Tags, Fault> {
    let mut tags = Tags::new();
    let given = query.list("TagSpecification");
    // Some operations have the plural.
    for specification in given.chain(query.list("TagSpecifications")) {
        let of = specification.text("ResourceType").unwrap_or_default();
        if of != kind {
            let message =
                format!("'{of}' is not a valid taggable resource type for this operation.");
            return Err(Fault::new("InvalidParameterValue", message));
        }
        read(specification, &mut tags)?;
    }
    Ok(tags)
}

fn read(query: &Query, tags: &mut Tags) -> Result<(), Fault> {
    for tag in query.list("Tag") {
        let invalid = |message: String| Err(Fault::new("InvalidParameterValue", message));
        let key = tag.text("Key").unwrap_or_default();
        let value = tag.text("Value").unwrap_or_default();
        if key.is_empty() {
            return invalid("Tag key cannot be empty".to_owned());
        }
        if key.to_ascii_lowercase().starts_with("aws:") {
            return invalid(format!(
                "Value ( {key} ) for parameter key is invalid. Tag keys starting with 'aws:' are reserved for internal use"
            ));
        }
        if key.chars().count() > 128 {
            return invalid("Tag key exceeds the maximum length of 128 characters".to_owned());
        }
        if value.chars().count() > 256 {
            return invalid("Tag value exceeds the maximum length of 256 characters".to_owned());
        }
        if tags.insert(key.to_owned(), value.to_owned()).is_some() {
            return invalid(format!("Duplicate tag key '{key}' specified."));
        }
    }
    if tags.len() > MOST {
        return Err(Fault::new(
            "TagLimitExceeded",
            "More than 50 tags specified",
        ));
    }
    Ok(())
}

/// Writes the tags of an object; the element is there without tags too.
pub(super) fn write(tags: Option<&Tags>, xml: &mut Xml) {
    xml.set("tagSet", tags.into_iter().flatten(), |xml, (key, value)| {
        xml.leaf("key", key);
        xml.leaf("value", value);
    });
}

/// What a tag calls the object; nothing if there is no such object.
fn kind(ec2: &Ec2, id: &str) -> Option<&'static str> {
    let (_, kind) = KINDS.iter().find(|(of, _)| *of == super::kind(id))?;
    ec2.exists(id).then_some(*kind)
}

fn resources<'a>(ec2: &Ec2, call: &Call<'a>) -> Result<Vec<&'a str>, Fault> {
    let ids = call.query.texts("ResourceId");
    if ids.is_empty() {
        return Err(super::super::query::missing("ResourceIdSet"));
    }
    for id in &ids {
        if kind(ec2, id).is_none() {
            return Err(Ec2::no_such(id));
        }
    }
    Ok(ids)
}

fn create_tags(ec2: &mut Ec2, call: &mut Call<'_>, xml: &mut Xml) -> Answer {
    let ids = resources(ec2, call)?;
    let mut tags = Tags::new();
    read(call.query, &mut tags)?;
    if tags.is_empty() {
        return Err(super::super::query::missing("TagSet"));
    }
    for id in &ids {
        let mut all = ec2.tags.get(*id).cloned().unwrap_or_default();
        all.extend(tags.clone());
        if all.len() > MOST {
            let message = format!("You have exceeded the limit of {MOST} tags for {id}");
            return Err(Fault::new("TagLimitExceeded", message));
        }
    }
    for id in ids {
        let of = ec2.tags.entry(id.to_owned()).or_default();
        of.extend(tags.clone());
    }
    done(xml)
}

fn delete_tags(ec2: &mut Ec2, call: &mut Call<'_>, xml: &mut Xml) -> Answer {
    for id in resources(ec2, call)? {
        let Some(tags) = ec2.tags.get_mut(id) else {
            continue;
        };
        if !call.query.has("Tag") {
            tags.clear();
        }
        for tag in call.query.list("Tag") {
            // With a value, only a tag with that value goes.
            let key = tag.required("Key")?;
            if tag
                .text("Value")
                .is_none_or(|value| tags.get(key).is_some_and(|is| is == value))
            {
                tags.remove(key);
            }
        }
        if tags.is_empty() {
            ec2.tags.remove(id);
        }
    }
    done(xml)
}

fn describe_tags(ec2: &Ec2, call: &Call<'_>, xml: &mut Xml) -> Answer {
    let filters = Filters::read(call.query, "Filter")?;
    let page = Page::read(call)?;
    const NAMES: [&str; 5] = ["key", "resource-id", "resource-type", "value", "tag"];
    filters.check(|name| NAMES.contains(&name))?;
    let mut all = Vec::new();
    for (id, tags) in &ec2.tags {
        let Some(kind) = kind(ec2, id) else { continue };
        for (key, value) in tags {
            let matches = filters.matches(None, |name| {
                let value = match name {
                    "key" => key,
                    "resource-id" => id,
                    "resource-type" => kind,
                    "value" => value,
                    _ => return None,
                };
                Some(vec![value.to_owned()])
            });
            if matches {
                all.push((format!("{id} {key}"), (id, kind, key, value)));
            }
        }
    }
    let (tags, next) = page.cut(all);
    xml.set("tagSet", tags, |xml, (id, kind, key, value)| {
        xml.leaf("resourceId", id);
        xml.leaf("resourceType", kind);
        xml.leaf("key", key);
        xml.leaf("value", value);
    });
    xml.optional("nextToken", next);
    Ok(())
}
