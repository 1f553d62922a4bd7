//! Reading one element.

use crate::define::{Answer, bad, describe, failed, function, param, text, whole};
use crate::values::convert;
use cty::{Type, Value};
use hcl::{ArgumentError, Function};

pub(super) fn functions() -> Vec<(&'static str, Function)> {
    vec![("element", element()), ("lookup", lookup())]
}

/// Where `index` falls in a list that is read round and round.
fn wrap(index: &Value, len: usize) -> Result<usize, ArgumentError> {
    if len == 0 {
        return Err(failed("an empty list has no elements"));
    }
    let index = whole(std::slice::from_ref(index), 0)?;
    let index = usize::try_from(index).map_err(|_| failed("the index must not be negative"))?;
    Ok(index % len)
}

fn element() -> Function {
    function([
        param("list", Type::Dynamic).marked(),
        param("index", Type::Number),
    ])
    .maybe_null()
    .returns_by(|args| match args[0].ty() {
        Type::Dynamic => Ok(Type::Dynamic),
        Type::List(element) => Ok((**element).clone()),
        Type::Tuple(types) if args[1].is_known() => Ok(types[wrap(&args[1], types.len())?].clone()),
        Type::Tuple(_) => Ok(Type::Dynamic),
        other => Err(failed(format!(
            "cannot read elements of a {}",
            describe(other)
        ))),
    })
    .call(|args| -> Answer {
        if !matches!(args[0].ty(), Type::List(_) | Type::Tuple(_)) {
            return Err(failed(format!(
                "cannot read elements of a {}",
                describe(args[0].ty())
            )));
        }
        let values = args[0].as_slice().ok_or_else(|| bad(0, "must be known"))?;
        Ok(values[wrap(&args[1], values.len())?]
            .clone()
            .with_marks(args[0].marks()))
    })
}

fn lookup() -> Function {
    function([
        param("inputMap", Type::Dynamic).marked(),
        param("key", Type::String).marked(),
    ])
    .variadic(
        param("default", Type::Dynamic)
            .nullable()
            .unknown()
            .marked()
            .dynamic(),
    )
    .maybe_null()
    .returns_by(lookup_type)
    .call(|args| -> Answer {
        lookup_type(args)?;
        let key = text(args, 1)?;
        let marks = args[0].marks() | args[1].marks();
        if let Some(found) = args[0].get(key) {
            return Ok(found.clone().with_marks(marks));
        }
        match (args.get(2), args[0].ty()) {
            (Some(default), Type::Map(element)) => Ok(convert(default, element)
                .map_err(|_| wrong_default())?
                .with_marks(marks)),
            (Some(default), _) => Ok(default.clone().with_marks(marks)),
            (None, _) if !marks.is_empty() => Err(failed("the given key is not in the map")),
            (None, _) => Err(failed(format!("the map has no element {key:?}"))),
        }
    })
}

fn wrong_default() -> ArgumentError {
    bad(2, "must be of the same type as the elements of the map")
}

fn lookup_type(args: &[Value]) -> Result<Type, ArgumentError> {
    if args.len() > 3 {
        return Err(failed(format!(
            "lookup takes two or three arguments, not {}",
            args.len()
        )));
    }
    match args[0].ty() {
        Type::Object(ty) => {
            let Some(key) = args[1].as_str() else {
                return Ok(Type::Dynamic);
            };
            match (ty.get(key), args.get(2)) {
                (Some(attribute), _) => Ok(attribute.clone()),
                (None, Some(default)) => Ok(default.ty().clone()),
                (None, None) if !args[1].marks().is_empty() => {
                    Err(bad(0, "has no attribute of that name"))
                }
                (None, None) => Err(bad(0, format!("has no attribute {key:?}"))),
            }
        }
        Type::Map(element) => {
            if let Some(default) = args.get(2) {
                convert(default, element).map_err(|_| wrong_default())?;
            }
            Ok((**element).clone())
        }
        Type::Dynamic => Ok(Type::Dynamic),
        _ => Err(bad(0, "must be a map or an object")),
    }
}
