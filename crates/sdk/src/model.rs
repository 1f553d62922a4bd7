//! A struct that is a schema.

use crate::Spec;
use cty::{Type, Value};
use std::collections::BTreeMap;
use std::sync::Arc;

pub use sdk_macros::Model;

/// The parts of a block's value by name.
pub type Parts = BTreeMap<&'static str, Value>;

/// A struct that is the schema of a block and holds a value of it. Derived.
///
/// On the struct: `#[model(type_name = "aws_vpc", version = 1, legacy, unbuilt = include_str!("vpc.unbuilt"), timeouts(create =
/// "30m", delete = "15m"))]`, all optional, the first only for resource types and data sources. `legacy`: the type keeps the
/// habits of hashicorp's older SDK, so it breaks some laws of the protocol and says so.
///
/// On an `Attr<T>`: `#[attr(required | optional | computed, …)]` with `requires_replace`, `default = value`, `sensitive`,
/// `write_only`, `deprecated`, `zero`, `zero_read`, `unknown_on_update`, `same = fn(&T, &T) -> bool`, `validate = fn(&T) -> Result<(),
/// String>`, `validate_each = …` (of the elements of a list or set of strings), `one_of("a", "b")` (strings, or elements), `range(1, 10)`, `conflicts("other",
/// …)`, `required_with("other", …)`. See [`AttrSpec`](crate::AttrSpec).
///
/// On a [`Blocks<T>`](crate::Blocks): `#[block(list | set | single, min = 1, max = 1, requires_replace, computed, conflicts("other"))]`.
///
/// On a field whose attributes belong to this block: `#[model(flatten)]`. On the struct also: `exactly_one_of("a", "b")`,
/// `at_least_one_of("a", "b")`, can be repeated.
///
/// Doc comments become the descriptions. A field `r#type` is the attribute `type`; for `self`, which cannot be a field,
/// there is `#[attr(name = "self", …)]`.
pub trait Model: Sized + Clone + Send + Sync + 'static {
    /// The name of the resource type or data source; empty for a nested block.
    const TYPE_NAME: &'static str = "";
    /// The version of stored objects.
    const VERSION: i64 = 0;
    /// Keeps the habits of hashicorp's older SDK.
    const LEGACY: bool = false;
    /// How long each operation may take: `("create", "30m")`.
    const TIMEOUTS: &'static [(&'static str, &'static str)] = &[];
    /// Attributes whose effect is not built, in the format of [`unbuilt`](crate::unbuilt).
    const UNBUILT: &'static str = "";

    /// What it is made of.
    fn spec() -> Spec;

    /// The type of a value with the attributes of the model only. Made once, then shared.
    fn object_type() -> Type;

    /// From a value of the block's type. What is missing or of another type is null.
    fn decode(value: &Value) -> Self;

    /// Puts the parts of the value.
    fn encode_into(&self, parts: &mut Parts);

    /// The value, with the attributes of the model only.
    fn encode(&self) -> Value {
        let mut parts = Parts::new();
        self.encode_into(&mut parts);
        let ty = Self::object_type();
        let values = ty.as_object().map(|object| {
            let value = |(name, ty): (&Arc<str>, &Type)| {
                let part = parts.remove(&**name);
                part.unwrap_or_else(|| Value::null(ty.clone()))
            };
            object.iter().map(value).collect()
        });
        Value::object_of(ty, values.unwrap_or_default())
    }

    /// A value with nothing in it.
    fn empty() -> Self {
        Self::decode(&Value::null(Type::Dynamic))
    }
}

/// The blocks of a value; used by the derived code.
pub fn decode_blocks<M: Model>(value: Option<&Value>) -> crate::Blocks<M> {
    match value {
        Some(value) if !value.is_known() => crate::Blocks::unknown(),
        Some(value) if value.as_object_like() => vec![M::decode(value)].into(),
        Some(value) => {
            let elements = value.as_slice().unwrap_or_default();
            elements.iter().map(M::decode).collect()
        }
        None => crate::Blocks::default(),
    }
}

/// The value of blocks; used by the derived code.
pub fn encode_blocks<M: Model>(blocks: &crate::Blocks<M>, nesting: schema::Nesting) -> Value {
    let element = M::object_type();
    let ty = match nesting {
        schema::Nesting::Set => Type::set(element.clone()),
        schema::Nesting::Single => element.clone(),
        _ => Type::list(element.clone()),
    };
    if blocks.is_unknown() {
        return Value::unknown(ty);
    }
    let mut values: Vec<Value> = blocks.iter().map(Model::encode).collect();
    match nesting {
        schema::Nesting::Set => Value::set_of(ty, values),
        schema::Nesting::Single => values.pop().unwrap_or_else(|| Value::null(ty)),
        _ => Value::list_of(ty, values),
    }
}

trait ObjectLike {
    fn as_object_like(&self) -> bool;
}

impl ObjectLike for Value {
    fn as_object_like(&self) -> bool {
        matches!(self.ty(), Type::Object(_)) && !self.is_null()
    }
}
