//! `count` and `for_each`: from an expression's value to instance keys.

use addrs::InstanceKey;
use cty::{Marks, Type, Value};
use diags::{Diagnostic, Diagnostics};
use hcl::Expr;
use std::sync::Arc;

/// What `count.index`, `each.key` and `each.value` stand for in one instance.
#[derive(Clone, Debug, Default)]
pub enum RepetitionData {
    /// Neither is available.
    #[default]
    None,
    /// `count.index`
    Count(Value),
    /// `each.key` and `each.value`
    Each(Value, Value),
}

/// The instances that a repetition makes, in order.
#[derive(Clone, Debug)]
pub enum Keys {
    /// One, without a key.
    Single,
    /// `count`: how many.
    Count(usize),
    /// `for_each`: keys and values, sorted by key.
    Each(Vec<(Arc<str>, Value)>),
}

impl Keys {
    /// Keys and their data, in order.
    pub fn iter(&self) -> Box<dyn Iterator<Item = (InstanceKey, RepetitionData)> + '_> {
        match self {
            Self::Single => Box::new(std::iter::once((InstanceKey::None, RepetitionData::None))),
            Self::Count(n) => Box::new(
                (0..*n as i64)
                    .map(|i| (InstanceKey::Int(i), RepetitionData::Count(Value::number(i)))),
            ),
            Self::Each(entries) => Box::new(entries.iter().map(|(key, value)| {
                let data = RepetitionData::Each(Value::string(key.clone()), value.clone());
                (InstanceKey::Str(key.clone()), data)
            })),
        }
    }
}

/// The keys that the value of a `count` argument stands for.
pub(crate) fn count_keys(value: &Value, expr: &Expr) -> Result<Keys, Diagnostics> {
    let invalid = |detail: String| {
        Diagnostics::from(
            Diagnostic::error("Invalid count argument", detail).at(expr.range.clone()),
        )
    };
    if value.marks().is_ephemeral() {
        return Err(invalid(
            "The count must not come from an ephemeral value: it is stored in the state.".into(),
        ));
    }
    let value = value.clone().unmark().0;
    if value.is_null() {
        return Err(invalid(
            "The given \"count\" argument value is null. An integer is required: use a conditional to turn null into a number."
                .into(),
        ));
    }
    let number = cty::convert(&value, &Type::Number).map_err(|e| {
        let detail = format!("The given \"count\" argument value is unsuitable: {e}.");
        Diagnostic::error("Incorrect value type", detail).at(expr.range.clone())
    })?;
    if !number.is_known() {
        return Err(invalid(UNKNOWN_COUNT.into()));
    }
    let number = number.as_number().cloned();
    match number.as_ref().and_then(cty::Number::to_i64) {
        Some(n) if n < 0 => {
            Err(invalid("The given \"count\" argument value is unsuitable: must be greater than or equal to zero.".into()))
        }
        Some(n) if n > 10_000_000 => {
            Err(invalid(format!("The given \"count\" argument value is unsuitable: {n} instances are too many.")))
        }
        Some(n) => Ok(Keys::Count(n as usize)),
        None => Err(invalid("The given \"count\" argument value is unsuitable: value must be a whole number.".into())),
    }
}

const UNKNOWN_COUNT: &str = "The \"count\" value depends on resource attributes that cannot be determined until apply, so it \
    cannot be predicted how many instances will be created. To work around this, use the -target argument to first apply only \
    the resources that the count depends on.";

/// The keys that the value of a `for_each` argument stands for.
pub(crate) fn each_keys(value: &Value, expr: &Expr) -> Result<Keys, Diagnostics> {
    let invalid = |detail: String| {
        Diagnostics::from(
            Diagnostic::error("Invalid for_each argument", detail).at(expr.range.clone()),
        )
    };
    if value.all_marks().is_sensitive()
        && (value.marks().is_sensitive() || matches!(value.ty(), Type::Set(_)))
    {
        return Err(invalid(
            "Sensitive values, or values derived from sensitive values, cannot be used as for_each arguments. If used, the \
             sensitive value could be exposed as a resource instance key."
                .into(),
        ));
    }
    if value.marks().is_ephemeral() {
        return Err(invalid("The given \"for_each\" value is derived from an ephemeral value: its keys are stored in the state.".into()));
    }
    let value = value.clone().unmark().0;
    if value.is_null() {
        return Err(invalid(
            "The given \"for_each\" argument value is null. A map, or set of strings is allowed."
                .into(),
        ));
    }
    if !matches!(
        value.ty(),
        Type::Map(_) | Type::Object(_) | Type::Set(_) | Type::Dynamic
    ) {
        return Err(invalid(format!(
            "The given \"for_each\" argument value is unsuitable: the \"for_each\" argument must be a map, or set of strings, \
             and you have provided a value of type {}.",
            value.ty().friendly_name()
        )));
    }
    if !value.is_known() || (matches!(value.ty(), Type::Set(_)) && !value.is_wholly_known()) {
        return Err(invalid(unknown_each(value.ty())));
    }
    if let Type::Set(element) = value.ty() {
        let empty_any = value.is_empty();
        if **element != Type::String && !empty_any {
            return Err(Diagnostics::from(
                Diagnostic::error(
                    "Invalid for_each set argument",
                    format!(
                        "The given \"for_each\" argument value is unsuitable: \"for_each\" supports maps and sets of strings, \
                         but you have provided a set containing type {}.",
                        element.friendly_name()
                    ),
                )
                .at(expr.range.clone()),
            ));
        }
        if value
            .as_slice()
            .is_some_and(|vs| vs.iter().any(Value::is_null))
        {
            return Err(Diagnostics::from(
                Diagnostic::error(
                    "Invalid for_each set argument",
                    "The given \"for_each\" argument value is unsuitable: \"for_each\" sets must not contain null values.",
                )
                .at(expr.range.clone()),
            ));
        }
    }
    let mut entries = Vec::with_capacity(value.len().unwrap_or(0));
    for (key, element) in value.elements() {
        if let Some(key) = key.as_str() {
            entries.push((key.clone(), element.clone()));
        }
    }
    Ok(Keys::Each(entries))
}

fn unknown_each(ty: &Type) -> String {
    let what = if matches!(ty, Type::Set(_)) {
        "set includes values"
    } else {
        "map includes keys"
    };
    format!(
        "The \"for_each\" {what} derived from resource attributes that cannot be determined until apply, so the full set of keys \
         that will identify the instances of this resource cannot be determined.\n\nWhen working with unknown values in \
         for_each, it's better to define the map keys statically in your configuration and place apply-time results only in the \
         map values."
    )
}

/// Whether a value is a secret whatever it will be. What has no type yet may turn out to have no secret in it.
pub(crate) fn is_known_secret(value: &Value) -> bool {
    value.marks().is_sensitive() && *value.ty() != Type::Dynamic
}

/// Whether any part of a value came from something ephemeral.
pub(crate) fn is_ephemeral(value: &Value) -> bool {
    value.all_marks().contains(Marks::EPHEMERAL)
}
