//! Type constraints: `list(object({a = string, b = optional(number, 1)}))`.

use crate::decode_static;
use crate::{TypeConstraint, TypeDefaults};
use cty::{ConvertError, ObjectType, Step, Type, Value};
use diags::{Diagnostic, Diagnostics, SourceRange};
use hcl::{Expr, FunctionCall};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Reads a type constraint; mistakes are reported, and `any` stands in their place.
pub(crate) fn constraint(expr: &Expr, diags: &mut Diagnostics) -> TypeConstraint {
    let (ty, defaults) = read(expr, diags);
    TypeConstraint {
        ty,
        defaults: defaults.map(Arc::new),
    }
}

type Read = (Type, Option<TypeDefaults>);

fn invalid(range: &SourceRange, detail: impl Into<String>) -> Diagnostic {
    Diagnostic::error("Invalid type specification", detail).at(range.clone())
}

fn read(expr: &Expr, diags: &mut Diagnostics) -> Read {
    stacker::maybe_grow(64 * 1024, 1024 * 1024, || {
        let quoted = expr.as_literal().and_then(|v| v.as_str()).map(|s| &**s);
        if let Some(word) = expr.as_keyword().or(quoted) {
            return (keyword(word, expr, diags), None);
        }
        match expr.as_static_call() {
            Some(call) => constructor(call, expr, diags),
            None => {
                diags.push(invalid(
                    &expr.range,
                    "A type specification is either a primitive type keyword (bool, number, string) or a complex type constructor \
                     call, like list(string).",
                ));
                (Type::Dynamic, None)
            }
        }
    })
}

fn keyword(word: &str, expr: &Expr, diags: &mut Diagnostics) -> Type {
    match word {
        "string" => Type::String,
        "number" => Type::Number,
        "bool" => Type::Bool,
        "any" => Type::Dynamic,
        "list" => Type::list(Type::Dynamic),
        "map" => Type::map(Type::Dynamic),
        "set" => Type::set(Type::Dynamic),
        "object" | "tuple" => {
            diags.push(invalid(
                &expr.range,
                format!(
                    "The {word} type constructor requires one argument that says what is inside."
                ),
            ));
            Type::Dynamic
        }
        other => {
            diags.push(invalid(
                &expr.range,
                format!("The keyword {other:?} is not a valid type specification."),
            ));
            Type::Dynamic
        }
    }
}

fn constructor(call: &FunctionCall, expr: &Expr, diags: &mut Diagnostics) -> Read {
    let [argument] = call.args.as_slice() else {
        let detail = if &*call.name == "optional" {
            "Keyword \"optional\" is valid only as a modifier for object type attributes."
                .to_owned()
        } else {
            format!(
                "The {} type constructor requires exactly one argument specifying what is inside.",
                call.name
            )
        };
        diags.push(invalid(&expr.range, detail));
        return (Type::Dynamic, None);
    };
    match &*call.name {
        "list" => collection(argument, Type::list, diags),
        "set" => collection(argument, Type::set, diags),
        "map" => collection(argument, Type::map, diags),
        "object" => object(argument, diags),
        "tuple" => tuple(argument, diags),
        "optional" => {
            diags.push(invalid(
                &call.name_range,
                "Keyword \"optional\" is valid only as a modifier for object type attributes.",
            ));
            (Type::Dynamic, None)
        }
        other => {
            diags.push(invalid(
                &call.name_range,
                format!("Keyword {other:?} is not a valid type constructor: there are list, set, map, object and tuple."),
            ));
            (Type::Dynamic, None)
        }
    }
}

fn collection(argument: &Expr, make: fn(Type) -> Type, diags: &mut Diagnostics) -> Read {
    let (element, defaults) = read(argument, diags);
    let defaults = defaults.map(|d| TypeDefaults {
        values: BTreeMap::new(),
        children: BTreeMap::from([("".into(), Arc::new(d))]),
    });
    (make(element), defaults)
}

fn tuple(argument: &Expr, diags: &mut Diagnostics) -> Read {
    let Some(elements) = argument.as_static_list() else {
        diags.push(invalid(
            &argument.range,
            "Tuple type constructor requires a list of element types.",
        ));
        return (Type::Dynamic, None);
    };
    let mut children = BTreeMap::new();
    let mut types = Vec::with_capacity(elements.len());
    for (i, element) in elements.iter().enumerate() {
        let (ty, defaults) = read(element, diags);
        types.push(ty);
        if let Some(defaults) = defaults {
            children.insert(i.to_string().into(), Arc::new(defaults));
        }
    }
    (
        Type::tuple(types),
        (!children.is_empty()).then(|| TypeDefaults {
            values: BTreeMap::new(),
            children,
        }),
    )
}

fn object(argument: &Expr, diags: &mut Diagnostics) -> Read {
    let Some(items) = argument.as_static_map() else {
        diags.push(invalid(
            &argument.range,
            "Object type constructor requires a map whose keys are attribute names and whose values are the corresponding attribute types.",
        ));
        return (Type::Dynamic, None);
    };
    let mut attributes = Vec::with_capacity(items.len());
    let mut defaults = TypeDefaults::default();
    for item in items {
        let Some(name) = item.key.as_literal().and_then(|k| k.as_str()).cloned() else {
            diags.push(invalid(
                &item.key.range,
                "Object constructor map keys must be attribute names.",
            ));
            continue;
        };
        let optional = item
            .value
            .as_static_call()
            .filter(|c| &*c.name == "optional");
        let Some(call) = optional else {
            let (ty, inner) = read(&item.value, diags);
            if let Some(inner) = inner {
                defaults.children.insert(name.clone(), Arc::new(inner));
            }
            attributes.push((name, ty, false));
            continue;
        };
        let (ty, default) = match call.args.as_slice() {
            [ty] => (ty, None),
            [ty, default] => (ty, Some(default)),
            _ => {
                diags.push(invalid(
                    &item.value.range,
                    "Optional attribute modifier expects at most two arguments: the attribute type, and a default value.",
                ));
                continue;
            }
        };
        let (ty, inner) = read(ty, diags);
        if let Some(value) = default.and_then(|d| default_value(d, &ty, diags)) {
            defaults.values.insert(name.clone(), value);
        }
        if let Some(inner) = inner {
            defaults.children.insert(name.clone(), Arc::new(inner));
        }
        attributes.push((name, ty, true));
    }
    let ty = Type::Object(Arc::new(ObjectType::with_optional(attributes)));
    let any = !defaults.values.is_empty() || !defaults.children.is_empty();
    (ty, any.then_some(defaults))
}

fn default_value(expr: &Expr, ty: &Type, diags: &mut Diagnostics) -> Option<Value> {
    let value = decode_static(expr, diags)?;
    match cty::convert(&value, ty) {
        Ok(value) => Some(value),
        Err(e) => {
            diags.push(
                Diagnostic::error(
                    "Invalid default value for optional attribute",
                    format!("This default value is not compatible with the attribute's type constraint: {}.", convert_error(&e)),
                )
                .at(expr.range.clone()),
            );
            None
        }
    }
}

/// What is wrong with a value, with the place where it is.
pub fn convert_error(error: &ConvertError) -> String {
    let mut out = String::new();
    for step in error.path.steps() {
        match step {
            Step::Attr(name) => out.push_str(&format!(".{name}")),
            Step::Index(key) => match (key.as_number(), key.as_str()) {
                (Some(n), _) => out.push_str(&format!("[{n}]")),
                (_, Some(s)) => out.push_str(&format!("[{:?}]", &**s)),
                _ => out.push_str("[...]"),
            },
        }
    }
    if out.is_empty() {
        return error.message.clone();
    }
    let place = out.strip_prefix('.').unwrap_or(&out);
    let what = if out.starts_with('.') {
        "attribute"
    } else {
        "element"
    };
    format!("{what} {place:?}: {}", error.message)
}

impl TypeConstraint {
    /// `any`
    pub const fn any() -> Self {
        Self {
            ty: Type::Dynamic,
            defaults: None,
        }
    }

    /// A value with defaults filled in, converted to the type.
    pub fn apply(&self, value: &Value) -> Result<Value, ConvertError> {
        match &self.defaults {
            Some(defaults) => cty::convert(&defaults.fill(value), &self.ty),
            None => cty::convert(value, &self.ty),
        }
    }
}

impl TypeDefaults {
    /// The value with defaults in place of attributes that are absent or null.
    fn fill(&self, value: &Value) -> Value {
        if value.is_null() || !value.is_known() {
            return value.clone();
        }
        let (value, marks) = value.clone().unmark();
        let filled = match value.ty() {
            Type::Object(_) | Type::Map(_) if !self.children.contains_key("") => {
                self.fill_attributes(&value)
            }
            Type::Object(_) => {
                Value::object(entries(&value).map(|(k, v)| (k, self.fill_child("", v))))
            }
            Type::Map(_) => {
                Value::object(entries(&value).map(|(k, v)| (k, self.fill_child("", v))))
            }
            Type::List(_) | Type::Set(_) | Type::Tuple(_) => {
                let elements = value.as_slice().unwrap_or_default();
                if elements.is_empty() {
                    value
                } else {
                    let fill = |(i, v): (usize, &Value)| {
                        let key = i.to_string();
                        if self.children.contains_key(&*key) {
                            self.fill_child(&key, v)
                        } else {
                            self.fill_child("", v)
                        }
                    };
                    Value::tuple(elements.iter().enumerate().map(fill).collect())
                }
            }
            _ => value,
        };
        filled.with_marks(marks)
    }

    fn fill_child(&self, key: &str, value: &Value) -> Value {
        self.children
            .get(key)
            .map_or_else(|| value.clone(), |child| child.fill(value))
    }

    fn fill_attributes(&self, value: &Value) -> Value {
        let mut attributes: BTreeMap<Arc<str>, Value> =
            entries(value).map(|(k, v)| (k, v.clone())).collect();
        for (name, default) in &self.values {
            let absent = attributes.get(name).is_none_or(Value::is_null);
            if absent {
                attributes.insert(name.clone(), default.clone());
            }
        }
        for (name, child) in &self.children {
            if let Some(inner) = attributes.get_mut(name) {
                *inner = child.fill(inner);
            }
        }
        Value::object(attributes)
    }
}

fn entries(value: &Value) -> impl Iterator<Item = (Arc<str>, &Value)> {
    value
        .elements()
        .filter_map(|(key, v)| key.as_str().cloned().map(|k| (k, v)))
}
