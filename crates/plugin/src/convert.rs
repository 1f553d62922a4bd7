//! Between the messages and what the rest of the program knows: values, paths, diagnostics, schemas.
//!
//! There is one such layer for both versions of the protocol and both directions. The few messages of
//! version 5 that differ are turned into those of version 6 first (see [`v5`]).

pub(crate) mod schema;
pub(crate) mod v5;

use crate::proto::tfplugin6::attribute_path::{Step as WireStep, step::Selector};
use crate::proto::tfplugin6::{
    AttributePath, Diagnostic as WireDiagnostic, DynamicValue, diagnostic,
};
use cty::{Path, Step, Type, Value, WireError};
use diags::{AttributeStep, Diagnostic, Diagnostics, Severity};

/// A value as it is sent.
pub(crate) fn to_wire(value: &Value, ty: &Type) -> Result<DynamicValue, WireError> {
    Ok(DynamicValue {
        msgpack: cty::msgpack::encode(value, ty)?,
        json: Vec::new(),
    })
}

/// A value as it was received; an empty message stands for null.
pub(crate) fn from_wire(message: Option<&DynamicValue>, ty: &Type) -> Result<Value, WireError> {
    match message {
        Some(value) if !value.msgpack.is_empty() => cty::msgpack::decode(&value.msgpack, ty),
        Some(value) if !value.json.is_empty() => cty::json::decode(&value.json, ty),
        _ => Ok(Value::null(ty.clone())),
    }
}

/// Diagnostics as they were received.
pub(crate) fn diagnostics(messages: Vec<WireDiagnostic>) -> Diagnostics {
    messages
        .into_iter()
        .map(|message| {
            let mut diagnostic = match message.severity() {
                diagnostic::Severity::Warning => {
                    Diagnostic::warning(message.summary, message.detail)
                }
                // The third, INVALID, says nothing; a problem of unknown weight had better stop us.
                _ => Diagnostic::error(message.summary, message.detail),
            };
            let steps = message.attribute.map(|path| path.steps).unwrap_or_default();
            diagnostic.attribute = steps.into_iter().map_while(attribute_step).collect();
            diagnostic
        })
        .collect()
}

fn attribute_step(step: WireStep) -> Option<AttributeStep> {
    Some(match step.selector? {
        Selector::AttributeName(name) => AttributeStep::Name(name),
        Selector::ElementKeyString(key) => AttributeStep::Key(key),
        Selector::ElementKeyInt(index) => AttributeStep::Index(index),
    })
}

/// Diagnostics as they are sent.
pub(crate) fn wire_diagnostics(diagnostics: Diagnostics) -> Vec<WireDiagnostic> {
    diagnostics
        .into_iter()
        .map(|d| {
            let steps: Vec<WireStep> = d
                .attribute
                .into_iter()
                .map(|step| match step {
                    AttributeStep::Name(name) => Selector::AttributeName(name),
                    AttributeStep::Key(key) => Selector::ElementKeyString(key),
                    AttributeStep::Index(index) => Selector::ElementKeyInt(index),
                })
                .map(|selector| WireStep {
                    selector: Some(selector),
                })
                .collect();
            let severity = match d.severity {
                Severity::Error => diagnostic::Severity::Error,
                Severity::Warning => diagnostic::Severity::Warning,
            };
            WireDiagnostic {
                severity: severity.into(),
                summary: d.summary,
                detail: d.detail,
                attribute: (!steps.is_empty()).then_some(AttributePath { steps }),
            }
        })
        .collect()
}

/// A path as it was received. A step that says nothing ends it.
pub(crate) fn path(message: AttributePath) -> Path {
    let steps = message.steps.into_iter().map_while(|step| {
        Some(match step.selector? {
            Selector::AttributeName(name) => Step::Attr(name.into()),
            Selector::ElementKeyString(key) => Step::Index(Value::string(key)),
            Selector::ElementKeyInt(index) => Step::Index(Value::number(index)),
        })
    });
    Path(steps.collect())
}

/// A path as it is sent: there is no step for an element of a set, so that it ends before one.
pub(crate) fn wire_path(path: &Path) -> AttributePath {
    let steps = path.steps().iter().map_while(|step| {
        let selector = match step {
            Step::Attr(name) => Selector::AttributeName(name.to_string()),
            Step::Index(key) => match (key.as_str(), key.as_number()) {
                (Some(text), _) => Selector::ElementKeyString(text.to_string()),
                (_, Some(number)) => Selector::ElementKeyInt(number.to_i64()?),
                _ => return None,
            },
        };
        Some(WireStep {
            selector: Some(selector),
        })
    });
    AttributePath {
        steps: steps.collect(),
    }
}
