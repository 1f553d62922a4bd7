//! Attributes, elements and lengths.

use super::OpError;
use crate::{Data, Marks, Number, Path, Refinement, Step, Type, Value, ops};

impl Value {
    /// The attribute of an object. The marks of the object go to the result; what an unknown object
    /// has is unknown.
    pub fn get_attr(&self, name: &str) -> Result<Self, OpError> {
        if self.is_null() {
            return Err(OpError::Access(
                "cannot access attributes on a null value".to_owned(),
            ));
        }
        let ty = match self.ty() {
            Type::Dynamic => return Ok(Self::dynamic().with_marks(self.marks())),
            Type::Object(ty) => ty,
            _ => return Err(OpError::Access("not an object type".to_owned())),
        };
        let position = ty
            .position(name)
            .ok_or_else(|| OpError::Access(format!("object has no attribute {name:?}")))?;
        let value = match self.as_slice() {
            Some(values) => values[position].clone(),
            None => Self::unknown(ty.at(position).map_or(Type::Dynamic, |(_, t)| t.clone())),
        };
        Ok(value.with_marks(self.marks()))
    }

    /// The element of a list, tuple or map, or the attribute of an object, that the key stands for.
    /// The marks of both go to the result.
    pub fn index(&self, key: &Self) -> Result<Self, OpError> {
        let marks = self.marks() | key.marks();
        if self.is_null() {
            return Err(OpError::Access("cannot index a null value".to_owned()));
        }
        if key.is_null() {
            return Err(OpError::Access(
                "cannot use a null value as an index".to_owned(),
            ));
        }
        let element = match self.ty() {
            Type::Dynamic => Self::dynamic(),
            Type::List(element) => match self.place(key, &Type::Number)? {
                Some(Found::Place(i)) => self
                    .as_slice()
                    .and_then(|v| v.get(i))
                    .cloned()
                    .ok_or_else(missing)?,
                Some(Found::Nothing) => return Err(missing()),
                None => Self::unknown((**element).clone()),
            },
            Type::Map(element) => match self.place(key, &Type::String)? {
                Some(Found::Place(i)) => self
                    .as_map()
                    .and_then(|m| m.get(i))
                    .map(|e| e.1.clone())
                    .ok_or_else(missing)?,
                Some(Found::Nothing) => return Err(missing()),
                None => Self::unknown((**element).clone()),
            },
            Type::Tuple(elements) => match tuple_place(key)? {
                Some(Found::Place(i)) => {
                    let ty = elements.get(i).ok_or_else(missing)?;
                    self.as_slice()
                        .map_or_else(|| Self::unknown(ty.clone()), |v| v[i].clone())
                }
                Some(Found::Nothing) => return Err(missing()),
                None => Self::dynamic(),
            },
            Type::Object(_) => match (&key.data, key.ty()) {
                (Data::String(name), _) => self.get_attr(name)?,
                (_, Type::String | Type::Dynamic) => Self::dynamic(),
                _ => return Err(OpError::Access("key value not number or string".to_owned())),
            },
            _ => {
                return Err(OpError::Access(
                    "not a list, map, tuple or object".to_owned(),
                ));
            }
        };
        Ok(element.with_marks(marks))
    }

    /// Whether [`Value::index`] finds an element. A key of another type finds none.
    pub fn has_index(&self, key: &Self) -> Result<Self, OpError> {
        if self.is_null() {
            return Err(OpError::Access("cannot index a null value".to_owned()));
        }
        let open = *key.ty() == Type::Dynamic && !key.is_known();
        let answer = match self.ty() {
            Type::Dynamic => None,
            Type::List(_) | Type::Map(_) | Type::Tuple(_) | Type::Object(_) if open => None,
            Type::List(_) => self
                .place(key, &Type::Number)
                .unwrap_or(Some(Found::Nothing)),
            Type::Map(_) => self
                .place(key, &Type::String)
                .unwrap_or(Some(Found::Nothing)),
            Type::Tuple(elements) => match tuple_place(key).unwrap_or(Some(Found::Nothing)) {
                Some(Found::Place(i)) if i >= elements.len() => Some(Found::Nothing),
                found => found,
            },
            Type::Object(ty) => match (&key.data, key.ty()) {
                (Data::String(name), _) => {
                    Some(ty.position(name).map_or(Found::Nothing, Found::Place))
                }
                (Data::Unknown(_), Type::String) => None,
                _ => Some(Found::Nothing),
            },
            _ => {
                return Err(OpError::Access(
                    "not a list, map, tuple or object".to_owned(),
                ));
            }
        };
        let answer = answer.map(|found| matches!(found, Found::Place(_)));
        Ok(ops::bool_or_unknown(answer, self.marks() | key.marks()))
    }

    /// Whether a set has this element.
    pub fn has_element(&self, element: &Self) -> Result<Self, OpError> {
        let marks = self.marks() | element.all_marks();
        let Type::Set(ty) = self.ty() else {
            return Err(OpError::Type("a set"));
        };
        if self.is_null() {
            return Err(OpError::Null);
        }
        let dynamic = *element.ty() == Type::Dynamic || **ty == Type::Dynamic;
        let answer = match self.as_slice() {
            None => None,
            Some(_) if !dynamic && element.ty() != &**ty => Some(false),
            Some(_) if !element.is_known() => None,
            Some(values) => match crate::set::find(values, element) {
                Some(_) => Some(true),
                None if self.is_wholly_known() => Some(false),
                None => None,
            },
        };
        Ok(ops::bool_or_unknown(answer, marks))
    }

    /// The length of a collection, tuple or object as a number. The length of an unknown collection,
    /// and of a set in which unknown elements may turn out to be equal, is unknown with bounds.
    pub fn length(&self) -> Result<Self, OpError> {
        let bounded = |min: u64, max: Option<u64>| {
            Self::unknown_refined(
                Type::Number,
                Refinement {
                    not_null: true,
                    lower: Some((Number::from(min), true)),
                    upper: max.map(|max| (Number::from(max), true)),
                    ..Refinement::default()
                },
            )
        };
        let length = match (self.ty(), self.len()) {
            (Type::Tuple(elements), _) => Self::number(elements.len()),
            (Type::Object(ty), _) => Self::number(ty.len()),
            (Type::Dynamic | Type::List(_) | Type::Set(_) | Type::Map(_), _) if self.is_null() => {
                return Err(OpError::Null);
            }
            (Type::Dynamic, _) => bounded(0, None),
            (Type::Set(_), Some(len)) if len > 1 && !self.is_wholly_known() => {
                bounded(1, Some(len as u64))
            }
            (Type::List(_) | Type::Set(_) | Type::Map(_), Some(len)) => Self::number(len),
            (Type::List(_) | Type::Set(_) | Type::Map(_), None) => {
                let refinement = self.refinement();
                bounded(
                    refinement.map_or(0, |r| r.min_len),
                    refinement.and_then(|r| r.max_len),
                )
            }
            _ => return Err(OpError::Type("a collection")),
        };
        Ok(length.with_marks(self.marks()))
    }

    /// The part of the value that a path leads to, with the marks of everything on the way.
    pub fn at_path(&self, path: &Path) -> Result<Self, OpError> {
        path.apply(self)
    }

    /// Where the key's element is in a list or map; nothing if either is unknown.
    fn place(&self, key: &Self, key_type: &Type) -> Result<Option<Found>, OpError> {
        if *key.ty() != *key_type && *key.ty() != Type::Dynamic {
            let message = match key_type {
                Type::Number => "not a map type",
                _ => "not a list type",
            };
            return Err(OpError::Access(message.to_owned()));
        }
        Ok(match (&key.data, &self.data) {
            (Data::Unknown(_), _) | (_, Data::Unknown(_)) => None,
            (Data::Number(n), Data::Seq(values)) => Some(
                n.to_usize()
                    .filter(|i| *i < values.len())
                    .map_or(Found::Nothing, Found::Place),
            ),
            (Data::String(s), Data::Map(entries)) => {
                let place = entries.binary_search_by(|(k, _)| (**k).cmp(s));
                Some(place.map_or(Found::Nothing, Found::Place))
            }
            _ => Some(Found::Nothing),
        })
    }
}

enum Found {
    Place(usize),
    Nothing,
}

fn missing() -> OpError {
    OpError::Access("value does not have given index key".to_owned())
}

fn tuple_place(key: &Value) -> Result<Option<Found>, OpError> {
    match (&key.data, key.ty()) {
        (Data::Number(n), _) => Ok(Some(n.to_usize().map_or(Found::Nothing, Found::Place))),
        (Data::Unknown(_), Type::Number | Type::Dynamic) => Ok(None),
        _ => Err(OpError::Access("not a map type".to_owned())),
    }
}

impl Path {
    /// The part of a value that the path leads to, with the marks of everything on the way.
    pub fn apply(&self, value: &Value) -> Result<Value, OpError> {
        let mut value = value.clone();
        for step in self.steps() {
            value = step.apply(&value)?;
        }
        Ok(value)
    }
}

impl Step {
    fn apply(&self, value: &Value) -> Result<Value, OpError> {
        match (self, value.ty()) {
            (Self::Attr(name), _) => value.get_attr(name),
            (Self::Index(key), Type::Set(element)) => {
                let marks: Marks = value.marks() | key.all_marks();
                let found = match value.as_slice() {
                    Some(values) => crate::set::find(values, key)
                        .map(|i| values[i].clone())
                        .ok_or_else(missing)?,
                    None if value.is_null() => {
                        return Err(OpError::Access("cannot index a null value".to_owned()));
                    }
                    None => Value::unknown((**element).clone()),
                };
                Ok(found.with_marks(marks))
            }
            (Self::Index(key), _) => value.index(key),
        }
    }
}
