//! Type constraints: `list(object({a = string, b = optional(number, 1)}))`.

#[cfg(test)]
mod tests;

use crate::decode::statics::literal_string;
use crate::decode_static;
use crate::{TypeConstraint, TypeDefaults};
use cty::{ConvertError, ObjectType, Step, Type, Value};
use diags::{Diagnostic, Diagnostics, SourceRange};
use hcl::{Expr, FunctionCall};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Reads a type constraint; mistakes are reported, and `any` stands in their place.
pub(crate) fn constraint(expr: &Expr, diags: &mut Diagnostics) -> TypeConstraint {
    let expr = expr.code();
    if let Some(text) = literal_string(expr) {
        let summary = match &**text {
            "string" | "list" | "map" => "Invalid quoted type constraints",
            _ => "Invalid legacy variable type hint",
        };
        diags.push(
            Diagnostic::error(
                summary,
                "Types are written without quotes: string, list(string), map(string).",
            )
            .at(expr.range.clone()),
        );
        return TypeConstraint::any();
    }
    let (ty, defaults) = match expr.as_keyword() {
        Some("list") => (Type::list(Type::Dynamic), None),
        Some("map") => (Type::map(Type::Dynamic), None),
        _ => read(expr, diags),
    };
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
        if let Some(word) = expr.as_keyword() {
            return (keyword(word, expr, diags), None);
        }
        match expr.as_static_call() {
            Some(call) => constructor(call, expr, diags),
            None => {
                diags.push(invalid(
                    &expr.range,
                    "A type is required here: bool, number, string, any, or one made of others, like list(string).",
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
        "list" | "map" | "set" | "object" | "tuple" => {
            diags.push(invalid(
                &expr.range,
                format!("{word} takes an argument: what is inside, as in {word}(…)."),
            ));
            Type::Dynamic
        }
        other => {
            const NAMES: [&str; 9] = [
                "bool", "number", "string", "any", "list", "set", "map", "object", "tuple",
            ];
            let meant = hcl::suggestion(other, NAMES).map_or_else(
                || {
                    "The types are bool, number, string, any, list, set, map, object and tuple."
                        .to_owned()
                },
                |name| format!("Did you mean {name:?}?"),
            );
            diags.push(invalid(
                &expr.range,
                format!("There is no type {other:?}. {meant}"),
            ));
            Type::Dynamic
        }
    }
}

fn constructor(call: &FunctionCall, expr: &Expr, diags: &mut Diagnostics) -> Read {
    let [argument] = call.args.as_slice() else {
        let detail = if &*call.name == "optional" {
            "optional() can only stand around the type of an object's attribute.".to_owned()
        } else {
            format!("{} takes one argument: what is inside.", call.name)
        };
        let range = call
            .args
            .get(1)
            .map_or_else(|| parens(call, expr), |a| a.range.clone());
        diags.push(match &*call.name {
            "bool" | "number" | "string" | "any" => invalid(
                &parens(call, expr),
                format!(
                    "{} has no arguments: write it without parentheses.",
                    call.name
                ),
            ),
            "list" | "set" | "map" | "object" | "tuple" | "optional" => invalid(&range, detail),
            _ => no_constructor(call, expr),
        });
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
                "optional() can only stand around the type of an object's attribute.",
            ));
            (Type::Dynamic, None)
        }
        "bool" | "number" | "string" | "any" => {
            diags.push(invalid(
                &parens(call, expr),
                format!(
                    "{} has no arguments: write it without parentheses.",
                    call.name
                ),
            ));
            (Type::Dynamic, None)
        }
        _ => {
            diags.push(no_constructor(call, expr));
            (Type::Dynamic, None)
        }
    }
}

fn no_constructor(call: &FunctionCall, expr: &Expr) -> Diagnostic {
    invalid(
        &expr.range,
        format!(
            "{:?} does not make types: list, set, map, object and tuple do.",
            &*call.name
        ),
    )
}

/// Where the arguments of a call stand, parentheses included.
fn parens(call: &FunctionCall, expr: &Expr) -> SourceRange {
    SourceRange {
        start: call.name_range.end,
        ..expr.range.clone()
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
            "tuple takes a list of types: tuple([string, number]).",
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
            "object takes attribute names with their types: object({ name = string }).",
        ));
        return (Type::Dynamic, None);
    };
    let mut attributes: Vec<(Arc<str>, Type, bool)> = Vec::with_capacity(items.len());
    let mut defaults = TypeDefaults::default();
    for item in items {
        let width = item.key.range.end.byte - item.key.range.start.byte;
        let bare = |name: &&Arc<str>| name.len() == width as usize;
        let Some(name) = literal_string(&item.key).filter(bare).cloned() else {
            diags.push(invalid(
                &item.key.range,
                "The name of an attribute is required here, without quotes.",
            ));
            continue;
        };
        if attributes.iter().any(|(known, ..)| *known == name) {
            diags.push(invalid(
                &item.key.range,
                "An attribute of this name is there already: remove one of them.",
            ));
            continue;
        }
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
                    &parens(call, &item.value),
                    "optional() takes the type of the attribute, and a default if there is one.",
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
                    format!(
                        "The default does not fit the attribute's type: {}.",
                        convert_error(&e)
                    ),
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
