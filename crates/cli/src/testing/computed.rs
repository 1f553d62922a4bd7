//! Values of computed attributes that no provider computes.

use configs::StandIn;
use cty::{Type, Value};
use diags::{Diagnostic, Diagnostics};
use schema::{Attribute, AttributeType, Block, Nesting};
use std::collections::BTreeMap;
use std::sync::Arc;

/// How computed attributes get their values.
pub(super) struct Computed<'a> {
    /// Values that were given.
    given: Option<&'a StandIn>,
    /// Which values are filled in.
    when: When,
    diags: Diagnostics,
}

/// Which computed attributes are filled in, with what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum When {
    /// Those that are null become unknown.
    Later,
    /// Those that are null get a value.
    Null,
    /// Those that are unknown get a value.
    Unknown,
}

impl<'a> Computed<'a> {
    pub(super) const fn new(given: Option<&'a StandIn>, when: When) -> Self {
        Self {
            given,
            when,
            diags: Diagnostics::new(),
        }
    }

    /// The object with its computed attributes filled in.
    pub(super) fn object(mut self, block: &Block, object: &Value) -> (Value, Diagnostics) {
        let given = self.given.and_then(|g| g.values.clone());
        let value = self.block(block, object, given.as_ref(), "");
        (value, self.diags)
    }

    fn block(&mut self, block: &Block, object: &Value, given: Option<&Value>, path: &str) -> Value {
        if object.is_null() || !object.is_known() {
            return object.clone();
        }
        let mut parts = self.attributes(&block.attributes, object, given, path);
        for (name, nested) in &block.block_types {
            let Some(value) = object.get(name) else {
                continue;
            };
            let given = given.and_then(|g| g.get(name));
            let path = step(path, name);
            let value = self.each(nested.nesting, value, given, |this, value, given| {
                this.block(&nested.block, value, given, &path)
            });
            parts.insert(name.clone(), value);
        }
        rebuilt(object, parts)
    }

    /// What becomes of one object, or of each in a collection.
    fn each(
        &mut self,
        nesting: Nesting,
        value: &Value,
        given: Option<&Value>,
        mut one: impl FnMut(&mut Self, &Value, Option<&Value>) -> Value,
    ) -> Value {
        if value.is_null() || !value.is_known() {
            return value.clone();
        }
        match (nesting, value.as_map(), value.as_slice()) {
            (Nesting::Single | Nesting::Group, ..) => one(self, value, given),
            (Nesting::Map, Some(entries), _) => {
                let entries = entries.iter();
                let entries: Vec<(Arc<str>, Value)> = entries
                    .map(|(k, v)| (k.clone(), one(self, v, given)))
                    .collect();
                match value.ty() {
                    Type::Object(_) => Value::object(entries),
                    ty => Value::map_of(ty.clone(), entries),
                }
            }
            (_, _, Some(items)) => {
                let items = items.iter().map(|v| one(self, v, given)).collect();
                match value.ty() {
                    Type::Tuple(_) => Value::tuple(items),
                    ty @ Type::Set(_) => Value::set_of(ty.clone(), items),
                    ty => Value::list_of(ty.clone(), items),
                }
            }
            _ => value.clone(),
        }
    }

    fn attributes(
        &mut self,
        attributes: &BTreeMap<Arc<str>, Attribute>,
        object: &Value,
        given: Option<&Value>,
        path: &str,
    ) -> BTreeMap<Arc<str>, Value> {
        let mut parts = BTreeMap::new();
        for (name, attribute) in attributes {
            let Some(value) = object.get(name) else {
                continue;
            };
            let given = given.and_then(|g| g.get(name));
            let path = step(path, name);
            let missing = match self.when {
                When::Later | When::Null => value.is_null(),
                When::Unknown => !value.is_known(),
            };
            let value = if attribute.computed && missing {
                self.missing(attribute, given, &path)
            } else if let AttributeType::Nested(nested) = &attribute.ty {
                self.each(nested.nesting, value, given, |this, value, given| {
                    if value.is_null() || !value.is_known() {
                        return value.clone();
                    }
                    let parts = this.attributes(&nested.attributes, value, given, &path);
                    rebuilt(value, parts)
                })
            } else {
                value.clone()
            };
            parts.insert(name.clone(), value);
        }
        parts
    }

    /// The value of a computed attribute that has none.
    fn missing(&mut self, attribute: &Attribute, given: Option<&Value>, path: &str) -> Value {
        let ty = attribute.implied_type();
        if self.when == When::Later {
            return Value::unknown(ty);
        }
        let Some(given) = given else {
            return made(&ty);
        };
        match complete(given, &attribute.config_type()) {
            Ok(value) => value,
            Err(why) => {
                let range = self.given.map(|g| g.range.to_string()).unwrap_or_default();
                self.diags.push(Diagnostic::error(
                    "Failed to compute attribute",
                    format!("The value at {range} for the attribute {path} is not what the attribute takes: {why}."),
                ));
                Value::unknown(ty)
            }
        }
    }
}

/// A given value in the type of the attribute; attributes of objects that are left out are made.
fn complete(given: &Value, ty: &Type) -> Result<Value, String> {
    if let (Type::Object(object), Some(_)) = (ty, given.ty().as_object())
        && !given.is_null()
    {
        let parts = object.iter().map(|(name, ty)| {
            let value = match given.get(name) {
                Some(value) => complete(value, ty)?,
                None => made(&ty.without_optional()),
            };
            Ok((name.clone(), value))
        });
        return Ok(Value::object(parts.collect::<Result<Vec<_>, String>>()?));
    }
    cty::convert(given, &ty.without_optional()).map_err(|e| e.to_string())
}

fn step(path: &str, name: &str) -> String {
    match path {
        "" => name.to_owned(),
        path => format!("{path}.{name}"),
    }
}

/// An object of the same type with other parts.
fn rebuilt(object: &Value, mut parts: BTreeMap<Arc<str>, Value>) -> Value {
    let Some(ty) = object.ty().as_object() else {
        return object.clone();
    };
    let values = ty.iter().map(|(name, _)| {
        let value = parts.remove(name).or_else(|| object.get(name).cloned());
        value.unwrap_or_else(Value::dynamic)
    });
    Value::object_of(object.ty().clone(), values.collect())
}

/// Some value of a type.
fn made(ty: &Type) -> Value {
    match ty {
        Type::String => Value::string(random_text()),
        Type::Number => Value::number(0),
        Type::Bool => Value::bool(false),
        Type::List(_) => Value::list_of(ty.clone(), Vec::new()),
        Type::Set(_) => Value::set_of(ty.clone(), Vec::new()),
        Type::Map(_) => Value::map_of::<Arc<str>>(ty.clone(), Vec::new()),
        Type::Object(object) => {
            Value::object(object.iter().map(|(name, ty)| (name.clone(), made(ty))))
        }
        Type::Tuple(elements) => Value::tuple(elements.iter().map(made).collect()),
        _ => Value::null(ty.clone()),
    }
}

/// Eight letters and digits.
fn random_text() -> String {
    const LETTERS: &[u8; 36] = b"abcdefghijklmnopqrstuvwxyz0123456789";
    let random = uuid::Uuid::new_v4();
    let letter = |byte: &u8| char::from(LETTERS[usize::from(*byte) % LETTERS.len()]);
    random.as_bytes().iter().take(8).map(letter).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use diags::SourceRange;
    use expect_test::expect;
    use schema::{NestedAttribute, NestedBlock};

    fn attribute(ty: AttributeType, computed: bool) -> Attribute {
        Attribute {
            ty,
            optional: true,
            computed,
            ..Attribute::default()
        }
    }

    fn block(attributes: &[(&str, AttributeType, bool)]) -> Block {
        let mut block = Block::default();
        for (name, ty, computed) in attributes.iter().cloned() {
            block
                .attributes
                .insert(name.into(), attribute(ty, computed));
        }
        block
    }

    /// A schema with everything that can be computed, and an object in which nothing is set but `name`
    /// and one nested block.
    fn everything() -> (Block, Value) {
        let plain = AttributeType::Plain;
        let nested = NestedAttribute {
            nesting: Nesting::Single,
            attributes: block(&[("port", plain(Type::Number), true)]).attributes,
        };
        let mut all = block(&[
            ("name", plain(Type::String), false),
            ("size", plain(Type::Number), true),
            ("on", plain(Type::Bool), true),
            ("tags", plain(Type::map(Type::String)), true),
            ("any", plain(Type::Dynamic), true),
            ("endpoint", AttributeType::Nested(Arc::new(nested)), true),
        ]);
        let disk = NestedBlock {
            nesting: Nesting::List,
            block: block(&[
                ("id", plain(Type::String), true),
                ("label", plain(Type::String), false),
            ]),
            min_items: 0,
            max_items: 0,
        };
        all.block_types.insert("disk".into(), disk);
        let ty = all.implied_type();
        let parts = ty.as_object().expect("an object").iter();
        let values = parts.map(|(name, ty)| match &**name {
            "name" => Value::string("n"),
            "disk" => {
                let element = ty.element_type().expect("a list").clone();
                let disk = Value::object([
                    ("id", Value::null(Type::String)),
                    ("label", Value::string("l")),
                ]);
                Value::list(element, vec![disk])
            }
            _ => Value::null(ty.clone()),
        });
        let object = Value::object_of(ty.clone(), values.collect());
        (all, object)
    }

    fn filled(given: Option<Value>, when: When) -> String {
        let (block, object) = everything();
        let given = given.map(|values| StandIn {
            values: Some(values),
            while_planning: false,
            range: SourceRange::start_of("t.tftest.hcl"),
        });
        let (value, diags) = Computed::new(given.as_ref(), when).object(&block, &object);
        let problems = diags
            .iter()
            .map(|d| format!("\n{}: {}", d.summary, d.detail));
        format!("{value:?}{}", problems.collect::<String>())
    }

    #[test]
    fn what_is_computed_is_unknown_or_given_or_made_up() {
        let given = |size| {
            Value::object([
                ("size", size),
                ("name", Value::string("ignored")),
                ("disk", Value::object([("id", Value::string("of all"))])),
                ("endpoint", Value::object([("port", Value::string("80"))])),
            ])
        };
        let all = [
            filled(None, When::Later),
            filled(Some(given(Value::string("7"))), When::Null),
            filled(Some(given(Value::string("big"))), When::Null),
        ];
        expect![[r#"
            {"any": unknown(any), "disk": [{"id": unknown(string), "label": "l"}], "endpoint": unknown(object({port = number})), "name": "n", "on": unknown(bool), "size": unknown(number), "tags": unknown(map(string))}

            {"any": null(any), "disk": [{"id": "of all", "label": "l"}], "endpoint": {"port": 80}, "name": "n", "on": false, "size": 7, "tags": {}}

            {"any": null(any), "disk": [{"id": "of all", "label": "l"}], "endpoint": {"port": 80}, "name": "n", "on": false, "size": unknown(number), "tags": {}}
            Failed to compute attribute: The value at t.tftest.hcl:1,1-1 for the attribute size is not what the attribute takes: a number is required.
        "#]].assert_eq(&(all.join("\n\n") + "\n"));
    }

    #[test]
    fn texts_are_eight_letters_and_digits() {
        let texts: Vec<String> = (0..64).map(|_| random_text()).collect();
        let fits = |t: &String| {
            let letters = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
            t.len() == 8 && t.chars().all(letters)
        };
        assert!(texts.iter().all(fits), "{texts:?}");
        assert!(texts.iter().any(|t| *t != texts[0]));
        assert_eq!(
            made(&Type::tuple([Type::Bool])),
            Value::tuple(vec![Value::bool(false)])
        );
    }
}
