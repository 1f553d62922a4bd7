//! Objects to values and back, once a schema is at hand.

use crate::{Object, ObjectStatus};
use cty::{Path, Type, Value, WireError};
use std::sync::Arc;

/// Why an object is no value of the type, or a value cannot be stored.
#[derive(Debug, thiserror::Error)]
pub enum ObjectError {
    /// The object has the form of states before version 4: its provider has to upgrade it first.
    #[error("the object has the form of an old state that its provider has to upgrade first")]
    Flatmap,
    /// A part of the value must never be stored.
    #[error("{}an ephemeral value cannot be stored", prefix(.0))]
    Ephemeral(Path),
    /// The text does not fit the type, or a part of the value is not known.
    #[error(transparent)]
    Wire(#[from] WireError),
}

fn prefix(path: &Path) -> String {
    if path.steps().is_empty() {
        String::new()
    } else {
        format!("{path}: ")
    }
}

impl Object {
    /// The object as a value of its schema's implied type, with marks where they were.
    ///
    /// The text must have been written with the same version of the schema.
    pub fn decode(&self, ty: &Type) -> Result<Value, ObjectError> {
        if self.flatmap.is_some() {
            return Err(ObjectError::Flatmap);
        }
        let value = cty::json::decode(&self.attributes, ty)?;
        Ok(if self.sensitive_paths.is_empty() {
            value
        } else {
            value.mark_with_paths(&self.sensitive_paths)
        })
    }

    /// A value of a schema's implied type as an object: in order, of schema version 0, without
    /// private bytes and dependencies, which the caller adds.
    pub fn encode(value: &Value, ty: &Type) -> Result<Self, ObjectError> {
        let (plain, marks) = value.unmark_deep_with_paths();
        if let Some((path, _)) = marks.iter().find(|(_, marks)| marks.is_ephemeral()) {
            return Err(ObjectError::Ephemeral(path.clone()));
        }
        let json = cty::json::encode(&plain, ty)?;
        Ok(Self {
            status: ObjectStatus::Ready,
            schema_version: 0,
            attributes: json.into_bytes().into(),
            flatmap: None,
            sensitive_paths: marks,
            private: Arc::default(),
            dependencies: Arc::default(),
            create_before_destroy: false,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cty::Marks;

    fn ty() -> Type {
        Type::object([
            ("id", Type::String),
            ("input", Type::Dynamic),
            ("tags", Type::map(Type::String)),
        ])
    }

    #[test]
    fn what_is_stored_comes_back_with_its_marks() {
        let secret = Value::string("p").with_marks(Marks::SENSITIVE);
        let value = Value::object([
            ("id", Value::string("x")),
            (
                "input",
                Value::tuple(vec![Value::number(1), secret.clone()]),
            ),
            ("tags", Value::map(Type::String, [("k<", secret)])),
        ]);
        let object = Object::encode(&value, &ty()).unwrap();
        assert_eq!(
            std::str::from_utf8(&object.attributes).unwrap(),
            r#"{"id":"x","input":{"value":[1,"p"],"type":["tuple",["number","string"]]},"tags":{"k\u003c":"p"}}"#
        );
        assert_eq!(object.sensitive_paths.len(), 2);
        assert!(object.decode(&ty()).unwrap().raw_equals(&value));
    }

    #[test]
    fn what_must_not_be_stored_is_refused() {
        let object = |input: Value| {
            Value::object([
                ("id", Value::string("x")),
                ("input", input),
                ("tags", Value::null(Type::map(Type::String))),
            ])
        };
        let error = |input| {
            Object::encode(&object(input), &ty())
                .unwrap_err()
                .to_string()
        };
        assert_eq!(
            error(Value::string("x").with_marks(Marks::EPHEMERAL)),
            ".input: an ephemeral value cannot be stored"
        );
        assert_eq!(
            error(Value::unknown(Type::String)),
            ".input: value is not known"
        );
    }

    #[test]
    fn text_of_another_type_is_refused() {
        let mut object = Object::encode(
            &Value::object([("id", Value::number(1))]),
            &Type::object([("id", Type::Number)]),
        )
        .unwrap();
        assert!(
            object
                .decode(&Type::object([("id", Type::list(Type::Bool))]))
                .is_err()
        );
        assert!(object.decode(&Type::empty_object()).is_err());
        object.flatmap = Some([("id".into(), "1".into())].into());
        assert!(matches!(object.decode(&ty()), Err(ObjectError::Flatmap)));
    }
}
