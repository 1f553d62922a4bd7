//! Moments and durations.

mod civil;
mod pattern;

use crate::define::{Answer, bad, failed, function, param, text};
use crate::table::Options;
use civil::Moment;
pub(crate) use civil::is_date;
use cty::{Type, Value};
use hcl::Function;

/// The functions of this family, by name.
pub(crate) fn functions(options: &Options) -> Vec<(&'static str, Function)> {
    let plan_time = options.plan_time;
    let now = options.impure.as_ref().map(|i| i.now.clone());
    vec![
        ("formatdate", formatdate()),
        ("plantimestamp", moment(move || plan_time)),
        ("timeadd", timeadd()),
        ("timecmp", timecmp()),
        ("timestamp", moment(move || now.as_ref().map(|now| now()))),
    ]
}

/// A function of no arguments that answers a moment in seconds since 1970, if it is known.
fn moment(f: impl Fn() -> Option<i64> + Send + Sync + 'static) -> Function {
    function([]).returns(Type::String).call(move |_| {
        Ok(match f() {
            Some(seconds) => Value::string(Moment::utc(seconds).to_string()),
            None => crate::define::unknown(Type::String),
        })
    })
}

fn formatdate() -> Function {
    function([param("format", Type::String), param("time", Type::String)])
        .returns(Type::String)
        .call(|args| {
            let moment = Moment::parse(text(args, 1)?).map_err(|e| bad(1, e))?;
            pattern::format(text(args, 0)?, &moment)
                .map(Value::string)
                .map_err(|e| bad(0, e))
        })
}

fn timeadd() -> Function {
    function([param("timestamp", Type::String), param("duration", Type::String)]).returns(Type::String).call(
        |args| -> Answer {
            let moment = Moment::parse(text(args, 0)?).map_err(|e| failed(format!("the timestamp {e}")))?;
            let duration = civil::parse_duration(text(args, 1)?).ok_or_else(|| {
                failed(format!(
                    "{:?} is not a duration; write numbers with units, such as \"1h30m\" (ns, us, ms, s, m, h)",
                    text(args, 1).unwrap_or_default()
                ))
            })?;
            let later = moment.plus(duration).ok_or_else(|| failed("the result is out of range"))?;
            Ok(Value::string(later.to_string()))
        },
    )
}

fn timecmp() -> Function {
    function([
        param("timestamp_a", Type::String),
        param("timestamp_b", Type::String),
    ])
    .returns(Type::Number)
    .call(|args| {
        let a = Moment::parse(text(args, 0)?).map_err(|e| bad(0, e))?;
        let b = Moment::parse(text(args, 1)?).map_err(|e| bad(1, e))?;
        Ok(Value::number(a.instant().cmp(&b.instant()) as i64))
    })
}
