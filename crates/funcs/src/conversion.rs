//! Conversion between types.

use crate::define::{Answer, bad, function, param};
use cty::{Type, Value};
use hcl::Function;

/// The functions of this family, by name.
pub(crate) fn functions() -> Vec<(&'static str, Function)> {
    vec![
        ("tobool", to(Type::Bool)),
        ("tolist", to(Type::list(Type::Dynamic))),
        ("tomap", to(Type::map(Type::Dynamic))),
        ("tonumber", to(Type::Number)),
        ("toset", to(Type::set(Type::Dynamic))),
        ("tostring", to(Type::String)),
    ]
}

fn to(want: Type) -> Function {
    let name = match &want {
        Type::List(_) => "list of any single type".to_owned(),
        Type::Set(_) => "set of any single type".to_owned(),
        Type::Map(_) => "map of any single type".to_owned(),
        other => other.to_string(),
    };
    function([param("v", Type::Dynamic).nullable().unknown().marked().dynamic()])
        .maybe_null()
        .returns(want.clone())
        .call(move |args| -> Answer {
            let possible = cty::conversion_exists(args[0].ty(), &want).is_some();
            if !args[0].is_known() && possible && args[0].ty() != &want {
                return Ok(Value::unknown(want.clone()).with_marks(args[0].marks()));
            }
            cty::convert(&args[0], &want).map_err(|_| {
                let from = args[0].ty().friendly_name();
                bad(0, match args[0].as_str() {
                    _ if !args[0].all_marks().is_empty() => {
                        format!("cannot be converted: this sensitive {from} to {name}")
                    }
                    Some(s) if want == Type::Bool => {
                        format!("cannot be converted: {s:?} to bool; only \"true\" and \"false\" can")
                    }
                    Some(s) if want == Type::Number => {
                        format!("cannot be converted: {s:?} to number; it must be a number in decimal notation")
                    }
                    _ => format!("cannot be converted: {from} to {name}"),
                })
            })
        })
}
