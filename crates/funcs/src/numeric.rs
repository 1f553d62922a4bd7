//! Arithmetic.

use crate::define::{Answer, bad, failed, function, items, number, param, text, unknown, whole};
use crate::values::convert;
use cty::{Number, Type, Value};
use hcl::{ArgumentError, Function};
use num_bigint::BigInt;

/// More numbers than this from `range` are a mistake.
const RANGE_LIMIT: usize = 1024;

/// The functions of this family, by name.
pub(crate) fn functions() -> Vec<(&'static str, Function)> {
    vec![
        ("abs", unary(|n| Ok(n.abs()))),
        ("ceil", unary(|n| Ok(n.ceil()))),
        ("floor", unary(|n| Ok(n.floor()))),
        ("log", log()),
        ("max", extreme("max", |a, b| a > b)),
        ("min", extreme("min", |a, b| a < b)),
        ("parseint", parseint()),
        ("pow", pow()),
        ("range", range()),
        ("signum", signum()),
        ("sum", sum()),
    ]
}

fn unary(f: fn(&Number) -> Result<Number, ArgumentError>) -> Function {
    function([param("num", Type::Number)])
        .returns(Type::Number)
        .call(move |args| Ok(Value::number(f(number(args, 0)?)?)))
}

/// The functions that go through 64 bit floats.
fn float(f: f64) -> Answer {
    Number::from_f64(f)
        .map(Value::number)
        .ok_or_else(|| failed("the result is not a number"))
}

fn log() -> Function {
    function([param("num", Type::Number), param("base", Type::Number)])
        .returns(Type::Number)
        .call(|args| float(number(args, 0)?.to_f64().ln() / number(args, 1)?.to_f64().ln()))
}

fn pow() -> Function {
    function([param("num", Type::Number), param("power", Type::Number)])
        .returns(Type::Number)
        .call(|args| float(number(args, 0)?.to_f64().powf(number(args, 1)?.to_f64())))
}

fn signum() -> Function {
    function([param("num", Type::Number)])
        .returns(Type::Number)
        .call(|args| Ok(Value::number(whole(args, 0)?.signum())))
}

fn extreme(name: &'static str, better: fn(&Number, &Number) -> bool) -> Function {
    function([])
        .variadic(param("numbers", Type::Number).dynamic())
        .returns(Type::Number)
        .call(move |args| {
            if args.is_empty() {
                return Err(failed(format!("{name} needs at least one number")));
            }
            let mut best = number(args, 0)?;
            for i in 1..args.len() {
                let n = number(args, i)?;
                if better(n, best) {
                    best = n;
                }
            }
            Ok(Value::number(best.clone()))
        })
}

fn parseint() -> Function {
    function([param("number", Type::Dynamic), param("base", Type::Number)])
        .returns_by(|args| match args[0].ty() {
            Type::String => Ok(Type::Number),
            other => Err(bad(
                0,
                format!("must be a string, not {}", crate::define::describe(other)),
            )),
        })
        .call(|args| {
            if *args[0].ty() != Type::String {
                return Err(bad(
                    0,
                    format!(
                        "must be a string, not {}",
                        crate::define::describe(args[0].ty())
                    ),
                ));
            }
            let digits = text(args, 0)?;
            let base = number(args, 1)?
                .to_i64()
                .filter(|b| (2..=62).contains(b))
                .ok_or_else(|| bad(1, "must be a whole number from 2 to 62"))?;
            parse_integer(digits, base as u32)
                .map(|i| Value::number(Number::from_bigint(i)))
                .ok_or_else(|| {
                    bad(
                        0,
                        format!("{digits:?} is not a whole number in base {base}"),
                    )
                })
        })
}

/// Digits beyond 9 are `a`-`z`, then `A`-`Z`; up to base 36 case does not matter.
fn parse_integer(text: &str, base: u32) -> Option<BigInt> {
    let (negative, digits) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    if digits.is_empty() {
        return None;
    }
    let values: Option<Vec<u8>> = digits
        .bytes()
        .map(|c| {
            let digit = match c {
                b'0'..=b'9' => c - b'0',
                b'a'..=b'z' => c - b'a' + 10,
                b'A'..=b'Z' if base <= 36 => c - b'A' + 10,
                b'A'..=b'Z' => c - b'A' + 36,
                _ => return None,
            };
            (u32::from(digit) < base).then_some(digit)
        })
        .collect();
    let magnitude = BigInt::from_radix_be(num_bigint::Sign::Plus, &values?, base)?;
    Some(if negative { -magnitude } else { magnitude })
}

fn range() -> Function {
    function([]).variadic(param("params", Type::Number)).returns(Type::list(Type::Number)).call(|args| {
        let (start, end, step) = match args.len() {
            1 => (Number::ZERO, number(args, 0)?.clone(), None),
            2 => (number(args, 0)?.clone(), number(args, 1)?.clone(), None),
            3 => (number(args, 0)?.clone(), number(args, 1)?.clone(), Some(number(args, 2)?.clone())),
            _ => return Err(failed("range takes one, two or three numbers")),
        };
        let step = step.unwrap_or_else(|| Number::from(if end < start { -1i64 } else { 1 }));
        if !step.is_negative() && end < start {
            return Err(bad(1, "must not be less than the start, because the step is not negative"));
        }
        if step.is_negative() && end > start {
            return Err(bad(1, "must not be greater than the start, because the step is negative"));
        }
        let mut numbers = Vec::new();
        let mut at = start;
        while if step.is_negative() { at > end } else { at < end } {
            if numbers.len() >= RANGE_LIMIT {
                return Err(failed(format!(
                    "the range has more than {RANGE_LIMIT} numbers; bring start and end closer together or use a larger step"
                )));
            }
            numbers.push(Value::number(at.clone()));
            at = at.add(&step).ok_or_else(|| failed("the range has no end"))?;
        }
        Ok(Value::list(Type::Number, numbers))
    })
}

fn sum() -> Function {
    function([param("list", Type::Dynamic)])
        .returns(Type::Number)
        .call(|args| {
            if !matches!(args[0].ty(), Type::List(_) | Type::Set(_) | Type::Tuple(_)) {
                return Err(bad(0, "must be a list, set or tuple of numbers"));
            }
            let values = items(args, 0)?;
            if values.is_empty() {
                return Err(bad(0, "must have at least one element"));
            }
            if !args[0].is_wholly_known() {
                return Ok(unknown(Type::Number));
            }
            let mut total = Number::ZERO;
            for value in values {
                let not_a_number = || bad(0, "must have only numbers as elements");
                let value = convert(value, &Type::Number).map_err(|_| not_a_number())?;
                let n = value.as_number().ok_or_else(not_a_number)?;
                total = total
                    .add(n)
                    .ok_or_else(|| failed("the result is not a number"))?;
            }
            Ok(Value::number(total))
        })
}
