//! The resource types and data sources by service.

mod ec2;
pub(crate) mod eks;
pub(crate) mod iam;

use crate::Aws;
use cty::{Type, Value};
use sdk::{AnyDataSource, AnyResource};

/// All resource types.
pub(crate) fn resources() -> Vec<Box<dyn AnyResource<Aws>>> {
    let mut all = ec2::resources();
    all.extend(eks::resources());
    all.extend(iam::resources());
    all
}

/// All data sources.
pub(crate) fn data_sources() -> Vec<Box<dyn AnyDataSource<Aws>>> {
    let mut all = ec2::data_sources();
    all.extend(iam::data_sources());
    all
}

/// Types made with hashicorp's newer framework. There `tags_all` is empty where there are no tags, and never unknown then.
const STRICT: &[&str] = &[
    "aws_eks_pod_identity_association",
    "aws_vpc_security_group_egress_rule",
    "aws_vpc_security_group_ingress_rule",
];

/// Whether a type is one of those.
pub(crate) fn is_strict(kind: &str) -> bool {
    STRICT.contains(&kind)
}

/// Puts what is stored for nothing into the elements of arguments that are written as blocks.
///
/// With the older SDK, a set of plain values is known wholly or not at all.
pub(crate) fn fill(kind: &str, planned: Value) -> Value {
    let arguments: &[&str] = match kind {
        "aws_route_table" => &["route"],
        "aws_security_group" => &["egress", "ingress"],
        kind if is_strict(kind) => return planned,
        _ => &[],
    };
    fill_arguments(arguments, planned)
}

fn fill_arguments(arguments: &[&str], planned: Value) -> Value {
    let Some(object) = planned.ty().as_object() else {
        return planned;
    };
    let values = object.iter().map(|(name, ty)| {
        let value = planned.get(name).cloned();
        let value = value.unwrap_or_else(|| Value::null(ty.clone()));
        match (ty, value.as_slice()) {
            (_, Some(elements)) if arguments.contains(&&**name) => {
                Value::set_of(ty.clone(), elements.iter().map(filled).collect())
            }
            _ => whole_sets(ty, value),
        }
    });
    Value::object_of(planned.ty().clone(), values.collect())
}

/// Makes sets of plain values that hold an unknown one wholly unknown, also those in blocks.
fn whole_sets(ty: &Type, value: Value) -> Value {
    if value.is_null() || !value.is_known() || value.is_wholly_known() {
        return value;
    }
    match (ty, value.as_slice()) {
        (Type::Set(element), _) if element.is_primitive() => Value::unknown(ty.clone()),
        (Type::List(element), Some(blocks)) if element.as_object().is_some() => {
            let blocks = blocks.iter().cloned();
            let blocks = blocks.map(|block| whole_sets(element, block)).collect();
            Value::list_of(ty.clone(), blocks)
        }
        (Type::Object(object), _) => {
            let values = object.iter().map(|(name, ty)| match value.get(name) {
                Some(inner) => whole_sets(ty, inner.clone()),
                None => Value::null(ty.clone()),
            });
            Value::object_of(ty.clone(), values.collect())
        }
        _ => value,
    }
}

/// Makes blocks null that were not given: so the data sources of the older SDK are stored.
pub(crate) fn without_empty_blocks(answer: Value) -> Value {
    let Some(object) = answer.ty().as_object() else {
        return answer;
    };
    let values = object.iter().map(|(name, ty)| {
        let value = answer.get(name).cloned();
        let blocks =
            matches!(ty, Type::List(element) | Type::Set(element) if element.as_object().is_some());
        let given =
            |value: &Value| !blocks || value.as_slice().is_none_or(|blocks| !blocks.is_empty());
        let value = value.filter(given);
        value.unwrap_or_else(|| Value::null(ty.clone()))
    });
    Value::object_of(answer.ty().clone(), values.collect())
}

/// An object with the zero value of its type for each attribute that is null.
fn filled(element: &Value) -> Value {
    let Some(object) = element
        .ty()
        .as_object()
        .filter(|_| element.is_known() && !element.is_null())
    else {
        return element.clone();
    };
    let values = object
        .iter()
        .map(|(name, ty)| match (element.get(name), ty) {
            (Some(value), Type::Set(_)) if !value.is_null() && !value.is_wholly_known() => {
                Value::unknown(ty.clone())
            }
            (Some(value), _) if !value.is_null() => match (&**name, value.as_str()) {
                ("protocol", Some(text)) => Value::string(ec2::protocol(text)),
                _ => value.clone(),
            },
            (_, Type::String) => Value::string(""),
            (_, Type::Bool) => Value::bool(false),
            (_, Type::Number) => Value::number(0_i64),
            (_, Type::List(_)) => Value::list_of(ty.clone(), Vec::new()),
            (_, Type::Set(_)) => Value::set_of(ty.clone(), Vec::new()),
            _ => Value::null(ty.clone()),
        });
    Value::object_of(element.ty().clone(), values.collect())
}
