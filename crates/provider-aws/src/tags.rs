//! Tags: those of a resource, those of the provider, and those that are not ours.

use crate::Aws;
use crate::config::Config;
use crate::create::CREATE_TAG;
use cty::{Type, Value};
use sdk::{Attr, Error, Model, Shape};
use std::collections::{BTreeMap, BTreeSet};

/// Tags by key.
pub(crate) type Map = BTreeMap<String, String>;

/// `tags` and `tags_all` of a resource type that keeps the habits of the older SDK.
#[derive(Model, Clone, Debug, PartialEq, Eq)]
pub(crate) struct Tags {
    /// Tags of the resource, beside the provider's default tags.
    #[attr(optional, zero_read)]
    pub(crate) tags: Attr<Map>,
    /// All tags, with those of the provider.
    #[attr(optional, computed)]
    pub(crate) tags_all: Attr<Map>,
}

/// `tags` and `tags_all` of a resource type of the newer framework.
#[derive(Model, Clone, Debug, PartialEq, Eq)]
pub(crate) struct StrictTags {
    /// Tags of the resource, beside the provider's default tags.
    #[attr(optional)]
    pub(crate) tags: Attr<Map>,
    /// All tags, with those of the provider.
    #[attr(computed)]
    pub(crate) tags_all: Attr<Map>,
}

impl Tags {
    /// As a read stores them: none are an empty map.
    pub(crate) fn reading(mut self) -> Self {
        if self.tags.is_null() {
            self.tags = Map::new().into();
        }
        self
    }
}

/// The tags of a resource type, of either kind.
pub(crate) trait Tagged {
    /// The tags that an object of this plan has.
    fn wanted(&self, aws: &Aws) -> Map;

    /// What to store: the tags that the object has, where this is what was known before.
    fn stored(&self, found: impl IntoIterator<Item = (String, String)>, aws: &Aws) -> Self;
}

impl Tagged for Tags {
    fn wanted(&self, aws: &Aws) -> Map {
        wanted(&self.tags, &self.tags_all, aws)
    }

    fn stored(&self, found: impl IntoIterator<Item = (String, String)>, aws: &Aws) -> Self {
        let all = aws.policy.visible(found);
        let own = aws.policy.own(&all, &self.tags);
        let tags = match (&self.tags, own.is_empty()) {
            (Attr::Null, true) => Attr::Null,
            _ => own.into(),
        };
        Self {
            tags,
            tags_all: all.into(),
        }
    }
}

impl Tagged for StrictTags {
    fn wanted(&self, aws: &Aws) -> Map {
        wanted(&self.tags, &self.tags_all, aws)
    }

    fn stored(&self, found: impl IntoIterator<Item = (String, String)>, aws: &Aws) -> Self {
        let tags = Tags {
            tags: self.tags.clone(),
            tags_all: Attr::Null,
        };
        let Tags { tags, tags_all } = tags.stored(found, aws);
        Self { tags, tags_all }
    }
}

fn wanted(tags: &Attr<Map>, tags_all: &Attr<Map>, aws: &Aws) -> Map {
    match tags_all.known() {
        Some(all) => all.clone(),
        None => aws.policy.merged(&tags.or_default()),
    }
}

/// What the provider block says about tags.
#[derive(Clone, Debug, Default)]
pub(crate) struct Policy {
    defaults: Map,
    ignored: BTreeSet<String>,
    ignored_prefixes: BTreeSet<String>,
}

impl Policy {
    pub(crate) fn new(config: &Config) -> Self {
        let of = |set: &Attr<BTreeSet<String>>| set.or_default();
        let ignored = config.ignore_tags.first();
        Self {
            defaults: config
                .default_tags
                .first()
                .map(|block| block.tags.or_default())
                .unwrap_or_default(),
            ignored: ignored.map(|i| of(&i.keys)).unwrap_or_default(),
            ignored_prefixes: ignored.map(|i| of(&i.key_prefixes)).unwrap_or_default(),
        }
    }

    /// Whether a tag is another's: the cloud's, ours while an object is made, or one to be left alone.
    fn is_hidden(&self, key: &str) -> bool {
        key.starts_with("aws:")
            || key == CREATE_TAG
            || self.ignored.contains(key)
            || self
                .ignored_prefixes
                .iter()
                .any(|p| key.starts_with(p.as_str()))
    }

    fn visible(&self, tags: impl IntoIterator<Item = (String, String)>) -> Map {
        let tags = tags.into_iter();
        tags.filter(|(key, _)| !self.is_hidden(key)).collect()
    }

    /// The tags of a resource with the provider's.
    fn merged(&self, own: &Map) -> Map {
        let mut all = self.defaults.clone();
        all.extend(own.clone());
        self.visible(all)
    }

    /// Of all tags those that are not the provider's, and those that the resource names itself.
    fn own(&self, all: &Map, before: &Attr<Map>) -> Map {
        let own = all.iter().filter(|(key, value)| {
            self.defaults.get(*key) != Some(*value)
                || before.is_known_and(|tags| tags.contains_key(*key))
        });
        own.map(|(k, v)| (k.clone(), v.clone())).collect()
    }

    /// The planned value of a resource with `tags_all` as the provider's tags make it. `strict`: a type of the newer framework.
    pub(crate) fn plan(
        &self,
        strict: bool,
        config: &Value,
        prior: &Value,
        planned: Value,
    ) -> Value {
        let has = |name: &str| {
            planned
                .ty()
                .as_object()
                .is_some_and(|o| o.iter().any(|(n, _)| &**n == name))
        };
        if !has("tags") || !has("tags_all") {
            return planned;
        }
        // Somebody who sets it himself has his will.
        if config.get("tags_all").is_some_and(|all| !all.is_null()) {
            return planned;
        }
        let get = |value: &Value, name: &str| {
            value.get(name).map(Attr::<Map>::decode).unwrap_or_default()
        };
        let tags = planned
            .get("tags")
            .cloned()
            .unwrap_or_else(|| Value::null(<Map as Shape>::ty()));
        let unknown = Value::unknown(<Map as Shape>::ty());
        let mut emptied = None;
        let all = if !tags.is_wholly_known() {
            unknown
        } else {
            let all = self.merged(&get(&planned, "tags").or_default());
            let before = get(prior, "tags_all");
            if !strict && tags.is_null() && get(prior, "tags").is_known() {
                // What was there and is not mentioned any more is planned as none.
                emptied = Some(Map::new().to_value());
            }
            if strict || !all.is_empty() {
                all.to_value()
            } else if prior.is_null() {
                unknown
            } else if before.is_known_and(|tags| !tags.is_empty()) {
                // No tags are said to be none, or nothing is said.
                if tags.is_null() {
                    unknown
                } else {
                    all.to_value()
                }
            } else {
                prior.get("tags_all").cloned().unwrap_or(unknown)
            }
        };
        with_tags(planned, emptied, all)
    }
}

fn with_tags(planned: Value, tags: Option<Value>, all: Value) -> Value {
    let Some(object) = planned.ty().as_object() else {
        return planned;
    };
    let values = object.iter().map(|(name, ty): (_, &Type)| {
        match &**name {
            "tags_all" => return all.clone(),
            "tags" if tags.is_some() => {
                return tags.clone().unwrap_or_else(|| Value::null(ty.clone()));
            }
            _ => {}
        }
        let kept = planned.get(name).cloned();
        kept.unwrap_or_else(|| Value::null(ty.clone()))
    });
    Value::object_of(planned.ty().clone(), values.collect())
}

/// What differs between two sets of tags: what is to be set, and the keys to be removed.
pub(crate) fn changes(was: &Map, is: &Map) -> (Map, Vec<String>) {
    let set = is
        .iter()
        .filter(|(key, value)| was.get(*key) != Some(*value));
    let gone = was.keys().filter(|key| !is.contains_key(*key));
    (
        set.map(|(k, v)| (k.clone(), v.clone())).collect(),
        gone.cloned().collect(),
    )
}

/// Brings the tags of an EC2 object from one set to another.
pub(crate) async fn update(
    aws: &Aws,
    id: &str,
    prior: &impl Tagged,
    planned: &impl Tagged,
) -> Result<(), Error> {
    let (set, gone) = changes(&prior.wanted(aws), &planned.wanted(aws));
    aws.ec2_tags.remove(id, gone).await?;
    aws.ec2_tags.set(id, set).await
}

#[cfg(test)]
mod tests;
