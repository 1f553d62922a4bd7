//! Several sequences to one.

use crate::define::{Answer, bad, describe, failed, function, items, param, unknown};
use crate::values::{convert, unify};
use cty::{Marks, Type, Value};
use hcl::{ArgumentError, Function};

/// More combinations than this from `setproduct` are a mistake.
const PRODUCT_LIMIT: usize = 10_000_000;

pub(super) fn functions() -> Vec<(&'static str, Function)> {
    vec![
        ("concat", concat()),
        ("flatten", flatten()),
        ("setproduct", setproduct()),
    ]
}

fn concat() -> Function {
    function([])
        .variadic(param("seqs", Type::Dynamic).unknown().marked())
        .returns_by(concat_type)
        .call(|args| -> Answer {
            let ty = concat_type(args)?;
            let marks = args.iter().fold(Marks::NONE, |m, v| m | v.marks());
            if !args.iter().all(Value::is_known) {
                return Ok(unknown(ty).with_marks(marks));
            }
            let mut values = Vec::new();
            for i in 0..args.len() {
                if let Type::List(_) = ty {
                    let list = convert(&args[i], &ty).map_err(|e| bad(i, e))?;
                    values.extend_from_slice(list.as_slice().unwrap_or_default());
                } else {
                    values.extend_from_slice(items(args, i)?);
                }
            }
            let joined = if let Type::List(_) = ty {
                Value::list_of(ty, values)
            } else {
                Value::tuple(values)
            };
            Ok(joined.with_marks(marks))
        })
}

fn concat_type(args: &[Value]) -> Result<Type, ArgumentError> {
    if args.is_empty() {
        return Err(failed("concat needs at least one argument"));
    }
    if args.iter().all(|v| matches!(v.ty(), Type::List(_))) {
        let types: Vec<Type> = args.iter().map(|v| v.ty().clone()).collect();
        if let Some(ty) = unify(&types) {
            return Ok(ty);
        }
    }
    let mut types = Vec::new();
    let mut certain = true;
    for (i, value) in args.iter().enumerate() {
        match value.ty() {
            Type::Tuple(elements) => types.extend(elements.iter().cloned()),
            Type::List(element) => match value.len() {
                Some(n) => types.extend(std::iter::repeat_n((**element).clone(), n)),
                None => certain = false,
            },
            other => {
                return Err(bad(
                    i,
                    format!("must be a list or a tuple, not {}", describe(other)),
                ));
            }
        }
    }
    Ok(if certain {
        Type::tuple(types)
    } else {
        Type::Dynamic
    })
}

fn flatten() -> Function {
    function([param("list", Type::Dynamic).unknown().marked().dynamic()])
        .returns_by(|args| {
            Ok(flattened(&args[0])?.map_or(Type::Dynamic, |(values, _)| {
                Type::tuple(values.iter().map(|v| v.ty().clone()))
            }))
        })
        .call(|args| {
            Ok(match flattened(&args[0])? {
                Some((values, marks)) => Value::tuple(values).with_marks(marks),
                None => Value::dynamic().with_marks(args[0].marks()),
            })
        })
}

/// The elements with those of nested sequences in their place, and the marks of all sequences;
/// `None` when it is not known yet which those are.
fn flattened(list: &Value) -> Result<Option<(Vec<Value>, Marks)>, ArgumentError> {
    let nests = |v: &Value| matches!(v.ty(), Type::List(_) | Type::Set(_) | Type::Tuple(_));
    if *list.ty() == Type::Dynamic {
        return Ok(None);
    }
    if !nests(list) {
        return Err(failed("only lists, sets and tuples can be flattened"));
    }
    let mut marks = list.marks();
    let mut flat = Vec::new();
    let Some(values) = list.as_slice() else {
        return Ok(None);
    };
    let mut stack = vec![values.iter()];
    while let Some(top) = stack.last_mut() {
        let Some(value) = top.next() else {
            stack.pop();
            continue;
        };
        if !value.is_known() && (*value.ty() == Type::Dynamic || nests(value)) {
            return Ok(None);
        }
        match value.as_slice() {
            Some(inner) if nests(value) => {
                marks |= value.marks();
                stack.push(inner.iter());
            }
            _ => flat.push(value.clone()),
        }
    }
    Ok(Some((flat, marks)))
}

fn setproduct() -> Function {
    function([])
        .variadic(param("sets", Type::Dynamic).unknown().marked())
        .returns_by(|args| product_types(args).map(|(ty, _)| ty))
        .call(|args| -> Answer {
            let (ty, element_types) = product_types(args)?;
            let marks = args.iter().fold(Marks::NONE, |m, v| m | v.marks());
            if !args.iter().all(Value::is_known) {
                return Ok(unknown(ty).with_marks(marks));
            }
            let mut axes = Vec::with_capacity(args.len());
            for (i, element) in element_types.iter().enumerate() {
                let axis: Result<Vec<Value>, ArgumentError> = items(args, i)?
                    .iter()
                    .map(|v| convert(v, element).map_err(|e| bad(i, e)))
                    .collect();
                axes.push(axis?);
            }
            let total = axes
                .iter()
                .try_fold(1usize, |n, axis| n.checked_mul(axis.len()));
            let total = total
                .filter(|n| *n <= PRODUCT_LIMIT)
                .ok_or_else(|| failed("there are too many combinations"))?;
            let mut combinations = Vec::with_capacity(total);
            for i in 0..total {
                // The last axis turns fastest.
                let mut rest = i;
                let mut combination: Vec<Value> = axes
                    .iter()
                    .rev()
                    .map(|axis| {
                        let value = axis[rest % axis.len()].clone();
                        rest /= axis.len();
                        value
                    })
                    .collect();
                combination.reverse();
                combinations.push(Value::tuple(combination));
            }
            let product = match ty {
                ty @ Type::Set(_) => Value::set_of(ty, combinations),
                ty => Value::list_of(ty, combinations),
            };
            Ok(product.with_marks(marks))
        })
}

/// The type of the product and the element type of each factor.
fn product_types(args: &[Value]) -> Result<(Type, Vec<Type>), ArgumentError> {
    if args.len() < 2 {
        return Err(failed("setproduct needs at least two arguments"));
    }
    let mut ordered = true;
    let mut elements = Vec::with_capacity(args.len());
    for (i, value) in args.iter().enumerate() {
        elements.push(match value.ty() {
            Type::List(element) => (**element).clone(),
            Type::Set(element) => {
                ordered = false;
                (**element).clone()
            }
            Type::Tuple(types) if types.is_empty() => Type::Dynamic,
            Type::Tuple(types) => {
                unify(types).ok_or_else(|| bad(i, "must have elements that are all of one type"))?
            }
            _ => return Err(bad(i, "must be a set or a list")),
        });
    }
    let combination = Type::tuple(elements.iter().cloned());
    Ok((
        if ordered {
            Type::list(combination)
        } else {
            Type::set(combination)
        },
        elements,
    ))
}
