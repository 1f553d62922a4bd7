//! Documents that are read, put together and written.

use serde_json::{Map, Value};

/// A policy document.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Document {
    pub(super) version: String,
    pub(super) id: String,
    pub(super) statements: Vec<Statement>,
}

/// A statement.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Statement {
    pub(super) sid: String,
    pub(super) effect: String,
    /// What else it has, in the order of [`PARTS`].
    pub(super) parts: [Option<Value>; 7],
}

/// What a statement has beside its id and effect, in the order in which it is written.
const PARTS: [&str; 7] = [
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Principal",
    "NotPrincipal",
    "Condition",
];

impl Document {
    /// Reads a document. The error says what is wrong with it.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let value: Value = serde_json::from_str(text).map_err(|e| format!("it is no JSON: {e}"))?;
        let Value::Object(mut object) = value else {
            return Err("it is no JSON object".to_owned());
        };
        let statements = match take(&mut object, "Statement") {
            None => Vec::new(),
            Some(Value::Array(statements)) => statements,
            Some(_) => return Err("its Statement is no list".to_owned()),
        };
        Ok(Self {
            version: text_of(&mut object, "Version")?,
            id: text_of(&mut object, "Id")?,
            statements: statements
                .into_iter()
                .map(Statement::of)
                .collect::<Result<_, _>>()?,
        })
    }

    /// The ids of its statements.
    pub(super) fn sids(&self) -> impl Iterator<Item = &str> {
        let sids = self.statements.iter().map(|s| s.sid.as_str());
        sids.filter(|sid| !sid.is_empty())
    }

    /// Adds another document: statements with the same id are replaced, the newer version and the last id hold.
    pub(super) fn merge(&mut self, other: Self) {
        if !other.id.is_empty() {
            self.id = other.id;
        }
        if other.version > self.version {
            self.version = other.version;
        }
        for statement in other.statements {
            let sid = &statement.sid;
            let mut all = self.statements.iter_mut();
            match all.find(|s| !sid.is_empty() && s.sid == *sid) {
                Some(same) => *same = statement,
                None => self.statements.push(statement),
            }
        }
    }

    pub(super) fn into_value(self) -> Value {
        let mut object = Map::new();
        put(&mut object, "Version", self.version);
        put(&mut object, "Id", self.id);
        if !self.statements.is_empty() {
            let statements = self.statements.into_iter().map(Statement::into_value);
            object.insert("Statement".to_owned(), statements.collect());
        }
        Value::Object(object)
    }
}

impl Statement {
    fn of(value: Value) -> Result<Self, String> {
        let Value::Object(mut object) = value else {
            return Err("one of its statements is no JSON object".to_owned());
        };
        let mut parts: [Option<Value>; 7] = PARTS.map(|name| take(&mut object, name));
        for part in &mut parts[4..6] {
            *part = match part.take() {
                Some(Value::Object(types)) => {
                    let types = types.into_iter().map(|(kind, value)| match value {
                        Value::String(_) | Value::Array(_) => Ok((kind, value)),
                        _ => Err(format!("the principals {kind} are neither text nor a list")),
                    });
                    principals(types.collect::<Result<_, _>>()?)
                }
                Some(Value::String(_)) => Some("*".into()),
                None => None,
                Some(_) => return Err("the principals are neither text nor an object".to_owned()),
            };
        }
        parts[6] = parts[6].take().map(condition);
        Ok(Self {
            sid: text_of(&mut object, "Sid")?,
            effect: text_of(&mut object, "Effect")?,
            parts,
        })
    }

    fn into_value(self) -> Value {
        let mut object = Map::new();
        put(&mut object, "Sid", self.sid);
        put(&mut object, "Effect", self.effect);
        for (name, part) in PARTS.into_iter().zip(self.parts) {
            if let Some(part) = part {
                object.insert(name.to_owned(), part);
            }
        }
        Value::Object(object)
    }
}

/// Takes a part, whatever the case of its name. Null is nothing.
fn take(object: &mut Map<String, Value>, name: &str) -> Option<Value> {
    let mut keys = object.keys();
    let key = keys.find(|key| key.eq_ignore_ascii_case(name))?.clone();
    object.shift_remove(&key).filter(|value| !value.is_null())
}

fn text_of(object: &mut Map<String, Value>, name: &str) -> Result<String, String> {
    match take(object, name) {
        None => Ok(String::new()),
        Some(Value::String(text)) => Ok(text),
        Some(_) => Err(format!("its {name} is no text")),
    }
}

fn put(object: &mut Map<String, Value>, name: &str, text: String) {
    if !text.is_empty() {
        object.insert(name.to_owned(), text.into());
    }
}

/// Values joined to those that are there: lists, unless there is one text alone.
pub(super) fn joined(there: Option<Value>, new: Value) -> Value {
    let list = |value: Value| match value {
        Value::Array(values) => values,
        value => vec![value],
    };
    match there {
        None => new,
        Some(there) => {
            let mut all = list(there);
            all.extend(list(new));
            Value::Array(all)
        }
    }
}

/// The principals of a statement, by type.
pub(super) fn principals(all: Vec<(String, Value)>) -> Option<Value> {
    if let [(kind, value)] = &all[..] {
        let is_all = value.as_str() == Some("*")
            || matches!(value.as_array().map(Vec::as_slice), Some([one]) if one == "*");
        if kind == "*" && is_all {
            return Some("*".into());
        }
    }
    if all.is_empty() {
        return None;
    }
    let mut types: Map<String, Value> = Map::new();
    for (kind, value) in all {
        let value = match value {
            Value::Array(mut values) => {
                values.sort_by(|a, b| b.as_str().cmp(&a.as_str()));
                Value::Array(values)
            }
            value => value,
        };
        let there = types.remove(&kind);
        types.insert(kind, joined(there, value));
    }
    let mut value = Value::Object(types);
    value.sort_all_objects();
    Some(value)
}

/// The condition of a document that was read: sorted, truth as text.
fn condition(mut value: Value) -> Value {
    let text = |value: &mut Value| {
        if let Value::Bool(truth) = value {
            *value = truth.to_string().into();
        }
    };
    for test in value.as_object_mut().into_iter().flat_map(Map::values_mut) {
        for values in test.as_object_mut().into_iter().flat_map(Map::values_mut) {
            text(values);
            values.as_array_mut().into_iter().flatten().for_each(text);
        }
    }
    value.sort_all_objects();
    value
}
