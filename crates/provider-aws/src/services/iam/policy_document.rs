//! `aws_iam_policy_document`: a policy document from blocks. No call to AWS.

mod hash;
mod merge;

use crate::Aws;
use merge::{Document, Statement};
use sdk::{Attr, Blocks, Cx, DataSource, Error, Model, Problems};
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// Writes an IAM policy document as JSON.
#[derive(Model, Clone, Debug, PartialEq)]
#[model(type_name = "aws_iam_policy_document")]
pub(crate) struct PolicyDocument {
    /// A number made from the document.
    #[attr(optional, computed)]
    id: Attr<String>,
    /// The document.
    #[attr(computed)]
    json: Attr<String>,
    /// The document without superfluous space.
    #[attr(computed)]
    minified_json: Attr<String>,
    /// Does nothing: use `override_policy_documents`.
    #[attr(optional, deprecated, validate_each = nothing)]
    override_json: Attr<String>,
    /// Documents whose statements replace those with the same `sid`, one document after the other.
    #[attr(optional, validate_each = json)]
    override_policy_documents: Attr<Vec<String>>,
    /// The id of the document.
    #[attr(optional)]
    policy_id: Attr<String>,
    /// Does nothing: use `source_policy_documents`.
    #[attr(optional, deprecated, validate_each = nothing)]
    source_json: Attr<String>,
    /// Documents whose statements come first. No `sid` may be in two of them.
    #[attr(optional, validate_each = json)]
    source_policy_documents: Attr<Vec<String>>,
    /// The version of the language: `2012-10-17` if not given.
    #[attr(optional, one_of("2008-10-17", "2012-10-17"))]
    version: Attr<String>,
    /// The statements.
    #[block(list)]
    statement: Blocks<StatementBlock>,
}

/// A statement.
#[derive(Model, Clone, Debug, PartialEq)]
pub(crate) struct StatementBlock {
    /// What it is about.
    #[attr(optional, zero)]
    actions: Attr<BTreeSet<String>>,
    /// Whether it allows or denies: `Allow` if not given.
    #[attr(optional, one_of("Allow", "Deny"))]
    effect: Attr<String>,
    /// All actions but these.
    #[attr(optional, zero)]
    not_actions: Attr<BTreeSet<String>>,
    /// All resources but these.
    #[attr(optional, zero)]
    not_resources: Attr<BTreeSet<String>>,
    /// The ARNs that it is about.
    #[attr(optional, zero)]
    resources: Attr<BTreeSet<String>>,
    /// Its name in the document.
    #[attr(optional, zero)]
    sid: Attr<String>,
    /// What must hold.
    #[block(set)]
    condition: Blocks<Condition>,
    /// All but these.
    #[block(set)]
    not_principals: Blocks<Principals>,
    /// Whom it is about.
    #[block(set)]
    principals: Blocks<Principals>,
}

/// What must hold for a statement to apply.
#[derive(Model, Clone, Debug, PartialEq)]
pub(crate) struct Condition {
    /// The operator: `StringLike`.
    #[attr(required)]
    test: Attr<String>,
    /// The values, one of which must fit.
    #[attr(required)]
    values: Attr<Vec<String>>,
    /// The key in the request: `aws:SourceIp`.
    #[attr(required)]
    variable: Attr<String>,
}

/// Principals of one type.
#[derive(Model, Clone, Debug, PartialEq)]
pub(crate) struct Principals {
    /// Who.
    #[attr(required)]
    identifiers: Attr<BTreeSet<String>>,
    /// The type: `AWS`, `Service`, `Federated`, `CanonicalUser` or `*`.
    #[attr(required)]
    r#type: Attr<String>,
}

fn nothing(text: &str) -> Result<(), String> {
    match text {
        "" => Ok(()),
        _ => Err("It is not carried out any more. Use the list of documents instead.".to_owned()),
    }
}

fn json(text: &str) -> Result<(), String> {
    match serde_json::from_str::<Value>(text) {
        _ if text.is_empty() => Ok(()),
        Ok(_) => Ok(()),
        Err(error) => Err(format!("This is not JSON: {error}.")),
    }
}

/// The version where none is given.
const CURRENT: &str = "2012-10-17";

impl DataSource for PolicyDocument {
    type Cloud = Aws;

    async fn read(mut self, _: &Cx<'_, Aws>) -> Result<Self, Error> {
        if self.version.as_str().is_empty() {
            self.version = CURRENT.into();
        }
        for statement in self.statement.iter_mut() {
            if statement.effect.as_str().is_empty() {
                statement.effect = "Allow".into();
            }
        }
        let value = self.document()?.into_value();
        let minified = super::document::escaped(&value.to_string());
        let pretty = serde_json::to_string_pretty(&value);
        let pretty = pretty.map_err(|e| Error::invalid(e.to_string()))?;
        let pretty = super::document::escaped(&pretty);
        self.id = hash::of(&pretty).to_string().into();
        self.json = pretty.into();
        self.minified_json = minified.into();
        Ok(self)
    }

    fn validate(&self, problems: &mut Problems) {
        let mut seen = BTreeSet::new();
        for statement in self.statement.iter() {
            let sid = statement.sid.as_str();
            if !sid.is_empty() && !seen.insert(sid) {
                let detail = format!(
                    "Two statements have the sid {sid:?}. Give each its own, or none at all."
                );
                problems.error("statement", "Duplicate sid", detail);
            }
        }
    }
}

impl PolicyDocument {
    fn document(&self) -> Result<Document, Error> {
        let mut merged = Document::default();
        let mut seen = BTreeSet::new();
        for (at, text) in self.source_policy_documents.or_default().iter().enumerate() {
            if text.is_empty() {
                continue;
            }
            let source =
                Document::parse(text).map_err(|why| wrong("source_policy_documents", at, &why))?;
            for sid in source.sids() {
                if !seen.insert(sid.to_owned()) {
                    let why = format!(
                        "the sid {sid:?} is in another of the documents; remove it or make it unique"
                    );
                    return Err(wrong("source_policy_documents", at, &why));
                }
            }
            merged.merge(source);
        }
        merged.merge(self.own()?);
        for (at, text) in self
            .override_policy_documents
            .or_default()
            .iter()
            .enumerate()
        {
            if text.is_empty() {
                continue;
            }
            let over = Document::parse(text)
                .map_err(|why| wrong("override_policy_documents", at, &why))?;
            merged.merge(over);
        }
        Ok(merged)
    }

    /// The document of the blocks.
    fn own(&self) -> Result<Document, Error> {
        let version = self.version.as_str();
        let statements = self.statement.iter().map(|s| s.value(version));
        Ok(Document {
            version: version.to_owned(),
            id: self.policy_id.or_default(),
            statements: statements.collect::<Result<_, _>>()?,
        })
    }
}

fn wrong(attribute: &str, at: usize, why: &str) -> Error {
    Error::invalid(format!("Document {} of {attribute}: {why}.", at + 1)).at(attribute)
}

impl StatementBlock {
    fn value(&self, version: &str) -> Result<Statement, Error> {
        let resources = |set: &Attr<BTreeSet<String>>| match strings(set.or_default()) {
            Some(value) => variables(value, version).map(Some),
            None => Ok(None),
        };
        Ok(Statement {
            sid: self.sid.or_default(),
            effect: self.effect.or_default(),
            parts: [
                strings(self.actions.or_default()),
                strings(self.not_actions.or_default()),
                resources(&self.resources)?,
                resources(&self.not_resources)?,
                principals(&self.principals, version)?,
                principals(&self.not_principals, version)?,
                conditions(&self.condition, version)?,
            ],
        })
    }
}

/// One string by itself, more as a list, the last first.
fn strings(set: BTreeSet<String>) -> Option<Value> {
    let mut values: Vec<String> = set.into_iter().rev().collect();
    match values.len() {
        0 => None,
        1 => values.pop().map(Value::String),
        _ => Some(values.into()),
    }
}

/// `&{aws:username}` is a variable of the policy; `${…}` would be one of the language of the configuration.
fn variables(value: Value, version: &str) -> Result<Value, Error> {
    let replace = |text: String| match (text.contains("&{"), version) {
        (true, "2008-10-17") => Err(Error::invalid(format!(
            "{text:?} contains &{{, which documents of the version 2008-10-17 do not know."
        ))),
        (true, _) => Ok(text.replace("&{", "${")),
        (false, _) => Ok(text),
    };
    Ok(match value {
        Value::String(text) => Value::String(replace(text)?),
        Value::Array(values) => {
            let each = values.into_iter().map(|value| variables(value, version));
            Value::Array(each.collect::<Result<_, _>>()?)
        }
        other => other,
    })
}

fn principals(blocks: &[Principals], version: &str) -> Result<Option<Value>, Error> {
    let mut blocks: Vec<_> = blocks
        .iter()
        .map(|block| (block.r#type.or_default(), block.identifiers.or_default()))
        .collect();
    blocks.sort_by_cached_key(|(kind, set)| hash::of_principals(kind, set));
    let mut all = Vec::new();
    for (kind, set) in blocks {
        if let Some(value) = strings(set) {
            all.push((kind, variables(value, version)?));
        }
    }
    Ok(merge::principals(all))
}

fn conditions(blocks: &[Condition], version: &str) -> Result<Option<Value>, Error> {
    let mut blocks: Vec<_> = blocks
        .iter()
        .map(|block| {
            let (test, variable) = (block.test.or_default(), block.variable.or_default());
            (test, variable, block.values.or_default())
        })
        .collect();
    blocks
        .sort_by_cached_key(|(test, variable, values)| hash::of_condition(test, variable, values));
    let mut tests: Map<String, Value> = Map::new();
    for (test, variable, values) in blocks {
        let new = match values.len() {
            1 => values.into_iter().next().map(Value::String),
            _ => Some(Value::from(values)),
        };
        let new = variables(new.unwrap_or_default(), version)?;
        let of_test = tests.entry(test).or_insert_with(|| Map::new().into());
        if let Some(of_test) = of_test.as_object_mut() {
            let value = of_test.remove(&variable);
            of_test.insert(variable, merge::joined(value, new));
        }
    }
    let mut value = Value::Object(tests);
    value.sort_all_objects();
    let is_empty = value.as_object().is_none_or(Map::is_empty);
    Ok((!is_empty).then_some(value))
}

#[cfg(test)]
mod tests;
