//! Lists and tuples as a whole.

use crate::define::{
    Answer, bad, describe, failed, function, items, number, param, unknown, whole,
};
use crate::values::{Membership, membership, unify};
use cty::{Type, Value};
use hcl::{ArgumentError, Function};
use std::ops::Range;

pub(super) fn functions() -> Vec<(&'static str, Function)> {
    vec![
        ("chunklist", chunklist()),
        ("compact", compact()),
        ("distinct", distinct()),
        ("matchkeys", matchkeys()),
        ("reverse", reverse()),
        ("slice", slice()),
        ("sort", sort()),
    ]
}

fn chunklist() -> Function {
    function([
        param("list", Type::list(Type::Dynamic)).marked(),
        param("size", Type::Number),
    ])
    .returns_by(|args| Ok(Type::list(args[0].ty().clone())))
    .call(|args| {
        let values = items(args, 0)?;
        let size = usize::try_from(whole(args, 1)?)
            .map_err(|_| failed("the size must not be negative"))?;
        // Size 0 means: one chunk, whatever its size.
        let size = if size == 0 { values.len().max(1) } else { size };
        let ty = args[0].ty();
        let chunks = values
            .chunks(size)
            .map(|chunk| Value::list_of(ty.clone(), chunk.to_vec()))
            .collect();
        Ok(Value::list(ty.clone(), chunks).with_marks(args[0].marks()))
    })
}

fn compact() -> Function {
    function([param("list", Type::list(Type::String))])
        .returns(Type::list(Type::String))
        .call(|args| {
            if !args[0].is_wholly_known() {
                return Ok(unknown(Type::list(Type::String)));
            }
            let full = |v: &&Value| v.as_str().is_some_and(|s| !s.is_empty());
            Ok(Value::list(
                Type::String,
                items(args, 0)?.iter().filter(full).cloned().collect(),
            ))
        })
}

fn distinct() -> Function {
    function([param("list", Type::list(Type::Dynamic))])
        .returns_by(|args| Ok(args[0].ty().clone()))
        .call(|args| {
            if !args[0].is_wholly_known() {
                return Ok(unknown(args[0].ty().clone()));
            }
            let mut seen = Membership::default();
            let kept = items(args, 0)?
                .iter()
                .filter(|v| seen.insert(v))
                .cloned()
                .collect();
            Ok(Value::list_of(args[0].ty().clone(), kept))
        })
}

fn matchkeys() -> Function {
    let list = || Type::list(Type::Dynamic);
    function([
        param("values", list()),
        param("keys", list()),
        param("searchset", list()),
    ])
    .returns_by(|args| {
        unify(&[args[1].ty().clone(), args[2].ty().clone()])
            .map(|_| args[0].ty().clone())
            .ok_or_else(|| failed("keys and searchset must be of the same type"))
    })
    .call(|args| -> Answer {
        let ty = args[0].ty().clone();
        let (values, keys) = (items(args, 0)?, items(args, 1)?);
        if values.len() != keys.len() {
            return Err(failed("there must be as many keys as values"));
        }
        if !args.iter().all(Value::is_wholly_known) {
            return Ok(unknown(ty));
        }
        let common = unify(&[args[1].ty().clone(), args[2].ty().clone()])
            .ok_or_else(|| failed("keys and searchset must be of the same type"))?;
        let search = crate::values::convert(&args[2], &common).map_err(|e| bad(2, e))?;
        let wanted = crate::values::convert(&args[1], &common).map_err(|e| bad(1, e))?;
        let search = membership(search.as_slice().unwrap_or_default());
        let wanted = wanted.as_slice().unwrap_or_default();
        let hits = wanted
            .iter()
            .zip(values)
            .filter(|(key, _)| search.contains(key));
        let found = hits.map(|(_, v)| v.clone()).collect();
        Ok(Value::list_of(ty, found))
    })
}

fn reverse() -> Function {
    fn result_type(args: &[Value]) -> Result<Type, ArgumentError> {
        match args[0].ty() {
            Type::Dynamic => Ok(Type::Dynamic),
            Type::List(element) | Type::Set(element) => Ok(Type::List(element.clone())),
            Type::Tuple(types) => Ok(Type::tuple(types.iter().rev().cloned())),
            other => Err(bad(
                0,
                format!("must be a list, set or tuple, not {}", describe(other)),
            )),
        }
    }
    function([param("list", Type::Dynamic).marked()])
        .returns_by(result_type)
        .call(|args| -> Answer {
            let ty = result_type(args)?;
            let values: Vec<Value> = items(args, 0)?.iter().rev().cloned().collect();
            let reversed = match ty {
                ty @ Type::List(_) => Value::list_of(ty, values),
                _ => Value::tuple(values),
            };
            Ok(reversed.with_marks(args[0].marks()))
        })
}

fn slice() -> Function {
    function([
        param("list", Type::Dynamic).marked(),
        param("start_index", Type::Number),
        param("end_index", Type::Number),
    ])
    .returns_by(|args| match args[0].ty() {
        Type::Tuple(types) => Ok(bounds(args, Some(types.len()))?
            .map_or(Type::Dynamic, |r| Type::tuple(types[r].iter().cloned()))),
        ty => {
            bounds(args, args[0].len())?;
            Ok(ty.clone())
        }
    })
    .call(|args| -> Answer {
        let values = items(args, 0)?;
        let Some(range) = bounds(args, Some(values.len()))? else {
            return Ok(unknown(args[0].ty().clone()));
        };
        let values = values[range].to_vec();
        let sliced = match args[0].ty() {
            ty @ Type::List(_) => Value::list_of(ty.clone(), values),
            _ => Value::tuple(values),
        };
        Ok(sliced.with_marks(args[0].marks()))
    })
}

/// The range that a call of `slice` asks for, when it is known and the length is.
fn bounds(args: &[Value], len: Option<usize>) -> Result<Option<Range<usize>>, ArgumentError> {
    match args[0].ty() {
        Type::List(_) | Type::Tuple(_) => {}
        Type::Set(_) => {
            return Err(bad(
                0,
                "must not be a set, whose elements have no indices; convert it with tolist if their order does not matter",
            ));
        }
        _ => return Err(bad(0, "must be a list or a tuple")),
    }
    let index = |i: usize| -> Result<Option<usize>, ArgumentError> {
        if !args[i].is_known() {
            return Ok(None);
        }
        let n = number(args, i)?;
        if n.is_negative() {
            return Err(bad(i, "must not be less than zero"));
        }
        let n = n
            .to_usize()
            .ok_or_else(|| bad(i, "must be a whole number"))?;
        match len {
            Some(len) if n > len => Err(bad(
                i,
                format!("must not be greater than the list's length, {len}"),
            )),
            _ => Ok(Some(n)),
        }
    };
    let (start, end) = (index(1)?, index(2)?);
    match (start, end) {
        (Some(start), Some(end)) if start > end => {
            Err(bad(1, "must not be greater than the end index"))
        }
        (Some(start), Some(end)) => Ok(len.map(|_| start..end)),
        _ => Ok(None),
    }
}

fn sort() -> Function {
    function([param("list", Type::list(Type::String))])
        .returns(Type::list(Type::String))
        .call(|args| {
            let values = items(args, 0)?;
            if !args[0].is_wholly_known() {
                // How many there are is known, which one comes first is not.
                return Ok(Value::list(
                    Type::String,
                    vec![Value::unknown(Type::String); values.len()],
                ));
            }
            if let Some(i) = values.iter().position(Value::is_null) {
                return Err(failed(format!(
                    "element {i} of the list is null; only strings can be sorted"
                )));
            }
            let mut values = values.to_vec();
            values.sort_by(|a, b| a.as_str().cmp(&b.as_str()));
            Ok(Value::list(Type::String, values))
        })
}
