//! Questions about whole collections, and choices among values.

use crate::define::{Answer, bad, failed, function, items, param, unknown};
use crate::values::{convert, equals, grapheme_count, unify};
use cty::{Number, Refinement, Type, Value};
use hcl::Function;

pub(super) fn functions() -> Vec<(&'static str, Function)> {
    vec![
        ("alltrue", alltrue()),
        ("anytrue", anytrue()),
        ("coalesce", coalesce()),
        ("coalescelist", coalescelist()),
        ("contains", contains()),
        ("index", index()),
        ("length", length()),
        ("one", one()),
    ]
}

fn alltrue() -> Function {
    function([param("list", Type::list(Type::Bool))])
        .returns(Type::Bool)
        .call(|args| {
            for value in items(args, 0)? {
                if !value.is_known() {
                    return Ok(unknown(Type::Bool));
                }
                if value.as_bool() != Some(true) {
                    return Ok(Value::bool(false));
                }
            }
            Ok(Value::bool(true))
        })
}

fn anytrue() -> Function {
    function([param("list", Type::list(Type::Bool))])
        .returns(Type::Bool)
        .call(|args| {
            let values = items(args, 0)?;
            if values.iter().any(|v| v.as_bool() == Some(true)) {
                return Ok(Value::bool(true));
            }
            Ok(if values.iter().all(Value::is_known) {
                Value::bool(false)
            } else {
                unknown(Type::Bool)
            })
        })
}

fn coalesce() -> Function {
    fn result_type(args: &[Value]) -> Result<Type, hcl::ArgumentError> {
        let types: Vec<Type> = args.iter().map(|v| v.ty().clone()).collect();
        unify(&types)
            .ok_or_else(|| failed("all arguments must be of types that have one type in common"))
    }
    function([])
        .variadic(param("vals", Type::Dynamic).nullable().unknown().dynamic())
        .returns_by(result_type)
        .call(|args| {
            let ty = result_type(args)?;
            for (i, value) in args.iter().enumerate() {
                let value = convert(value, &ty).map_err(|e| bad(i, e))?;
                if !value.is_known() {
                    return Ok(unknown(value.ty().clone()));
                }
                if !value.is_null() && value.as_str().is_none_or(|s| !s.is_empty()) {
                    return Ok(value);
                }
            }
            Err(failed("every argument is null or an empty string"))
        })
}

fn coalescelist() -> Function {
    fn result_type(args: &[Value]) -> Result<Type, hcl::ArgumentError> {
        let Some(first) = args.first() else {
            return Err(failed("coalescelist needs at least one argument"));
        };
        for value in args {
            if !value.is_known() {
                return Ok(Type::Dynamic);
            }
            if !matches!(value.ty(), Type::List(_) | Type::Tuple(_)) {
                return Err(failed("all arguments must be lists or tuples"));
            }
        }
        let same = args.iter().all(|v| v.ty() == first.ty());
        Ok(if same {
            first.ty().clone()
        } else {
            Type::Dynamic
        })
    }
    function([])
        .variadic(param("vals", Type::Dynamic).nullable().unknown().dynamic())
        .returns_by(result_type)
        .call(|args| {
            let ty = result_type(args)?;
            for value in args {
                if !value.is_known() {
                    return Ok(unknown(ty));
                }
                if value.len().is_some_and(|n| n > 0) {
                    return Ok(value.clone());
                }
            }
            Err(failed("every argument is null or empty"))
        })
}

fn contains() -> Function {
    function([param("list", Type::Dynamic), param("value", Type::Dynamic)])
        .returns(Type::Bool)
        .call(|args| {
            if !matches!(args[0].ty(), Type::List(_) | Type::Set(_) | Type::Tuple(_)) {
                return Err(failed("the first argument must be a list, set or tuple"));
            }
            let mut certain = true;
            for value in items(args, 0)? {
                match equals(value, &args[1]).as_bool() {
                    Some(true) => return Ok(Value::bool(true)),
                    Some(false) => {}
                    None => certain = false,
                }
            }
            Ok(if certain {
                Value::bool(false)
            } else {
                unknown(Type::Bool)
            })
        })
}

fn index() -> Function {
    function([param("list", Type::Dynamic), param("value", Type::Dynamic)])
        .returns(Type::Number)
        .call(|args| {
            if !matches!(args[0].ty(), Type::List(_) | Type::Tuple(_)) {
                return Err(failed("the first argument must be a list or tuple"));
            }
            let values = items(args, 0)?;
            if values.is_empty() {
                return Err(failed("the list is empty"));
            }
            for (i, value) in values.iter().enumerate() {
                match equals(value, &args[1]).as_bool() {
                    Some(true) => return Ok(Value::number(i as i64)),
                    Some(false) => {}
                    None => return Ok(unknown(Type::Number)),
                }
            }
            Err(failed("the value is not in the list"))
        })
}

fn length() -> Function {
    fn between(min: u64, max: Option<u64>) -> Value {
        let number = |n: u64| (Number::from(n as i64), true);
        let refinement = Refinement {
            not_null: true,
            lower: Some(number(min)),
            upper: max.map(number),
            ..Refinement::default()
        };
        Value::unknown_refined(Type::Number, refinement)
    }
    function([param("value", Type::Dynamic).unknown().marked().dynamic()])
        .returns(Type::Number)
        .call(|args| {
            let value = &args[0];
            let length = match value.ty() {
                Type::Tuple(types) => Value::number(types.len() as i64),
                Type::Object(ty) => Value::number(ty.len() as i64),
                Type::String => match value.as_str() {
                    Some(s) => Value::number(grapheme_count(s) as i64),
                    None => between(
                        u64::from(value.refinement().is_some_and(|r| !r.prefix.is_empty())),
                        None,
                    ),
                },
                Type::List(_) | Type::Set(_) | Type::Map(_) => {
                    match (value.len(), value.refinement()) {
                        // Unknown elements of a set may turn out to be equal.
                        (Some(n), _)
                            if n > 1
                                && matches!(value.ty(), Type::Set(_))
                                && !value.is_wholly_known() =>
                        {
                            between(1, Some(n as u64))
                        }
                        (Some(n), _) => Value::number(n as i64),
                        (None, Some(r)) => between(r.min_len, r.max_len),
                        (None, None) => between(0, None),
                    }
                }
                Type::Dynamic => unknown(Type::Number),
                _ => {
                    return Err(failed(
                        "the argument must be a string, list, set, map, tuple or object",
                    ));
                }
            };
            Ok(length.with_marks(value.marks()))
        })
}

fn one() -> Function {
    fn wrong() -> hcl::ArgumentError {
        bad(0, "must be a list, set or tuple with no or one element")
    }
    function([param("list", Type::Dynamic)])
        .maybe_null()
        .returns_by(|args| match args[0].ty() {
            Type::Dynamic => Ok(Type::Dynamic),
            Type::List(element) | Type::Set(element) => Ok((**element).clone()),
            Type::Tuple(types) => match &types[..] {
                [] => Ok(Type::Dynamic),
                [only] => Ok(only.clone()),
                _ => Err(wrong()),
            },
            _ => Err(wrong()),
        })
        .call(|args| -> Answer {
            let element = match args[0].ty() {
                Type::List(element) | Type::Set(element) => (**element).clone(),
                Type::Tuple(_) => Type::Dynamic,
                _ => return Err(wrong()),
            };
            let values = items(args, 0)?;
            match values {
                [] => Ok(Value::null(element)),
                [only] => Ok(only.clone()),
                // Unknown elements of a set may turn out to be equal.
                _ if matches!(args[0].ty(), Type::Set(_)) && !args[0].is_wholly_known() => {
                    Ok(Value::unknown(element))
                }
                _ => Err(wrong()),
            }
        })
}
