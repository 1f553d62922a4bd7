//! Input variables: defaults, conversion, validation.

use crate::evaluator::{Evaluated, Evaluator, Want};
use crate::instances::ModuleInst;
use crate::settings::Mode;
use crate::{Dep, RepetitionData, checks};
use configs::Variable;
use cty::{Marks, Value};
use diags::{Diagnostic, Diagnostics, SourceRange};
use std::rc::Rc;

/// The value of a root variable, from what was given.
pub(crate) fn root_variable(
    evaluator: &Evaluator<'_>,
    inst: &ModuleInst,
    index: u32,
    variable: &Variable,
) -> Result<Evaluated, Vec<Want>> {
    let none: Rc<[Dep]> = Rc::new([]);
    let given = evaluator.settings.inputs.get(&variable.name).cloned();
    let given_at = evaluator.settings.given_at.get(&variable.name);
    let value = match (evaluator.settings.mode, given) {
        (Mode::Validate, _) => Ok(Value::unknown(variable.constraint.ty.without_optional())),
        (_, given) => prepare(variable, given, given_at.unwrap_or(&variable.range), true),
    };
    let range = given_at.unwrap_or(&variable.range);
    finish(evaluator, inst, index, range, (value, none))
}

/// The value of a called module's variable, from the call's argument.
pub(crate) fn child_variable(
    evaluator: &Evaluator<'_>,
    inst: &ModuleInst,
    parent: &ModuleInst,
    index: u32,
    variable: &Variable,
) -> Result<Evaluated, Vec<Want>> {
    let (_, call) = evaluator
        .program
        .module(inst.def)
        .parent
        .expect("a called module has a caller");
    let call = &evaluator.program.module(parent.def).module.calls[call as usize];
    let argument = call.arguments.get(&variable.name);
    let (given, deps): (Result<Option<Value>, Diagnostics>, Rc<[Dep]>) = match argument {
        Some(argument) => {
            let data: &RepetitionData = &inst.data;
            let (value, deps) =
                evaluator.attempt(parent, data, |env| argument.expr.evaluate(env))?;
            (value.map(Some), deps)
        }
        None => (Ok(None), Rc::new([])),
    };
    // The argument may be made from each.value.
    let deps = crate::evaluator::with(deps, &inst.expanded_by);
    let range = argument.map_or(&call.range, |a| &a.expr.range);
    let value = given.and_then(|given| prepare(variable, given, range, false));
    finish(evaluator, inst, index, range, (value, deps))
}

/// Default, null and type.
fn prepare(
    variable: &Variable,
    given: Option<Value>,
    range: &SourceRange,
    root: bool,
) -> Result<Value, Diagnostics> {
    let given = match (given, &variable.default) {
        (Some(value), Some(default)) if value.is_null() && !variable.nullable => default.clone(),
        (Some(value), _) => value,
        (None, Some(default)) => default.clone(),
        (None, None) => {
            let detail = format!(
                "The variable {:?} is required, but is not set.",
                &*variable.name
            );
            return Err(Diagnostic::error("No value for required variable", detail)
                .at(range.clone())
                .into());
        }
    };
    let converted = variable.constraint.apply(&given).map_err(|e| {
        let detail = if root {
            format!(
                "The given value is not suitable for var.{} declared at {}: {}.",
                variable.name,
                place(&variable.range),
                configs::convert_error(&e)
            )
        } else {
            format!(
                "The given value is not suitable for child module variable {:?} defined at {}: {}.",
                &*variable.name,
                place(&variable.range),
                configs::convert_error(&e)
            )
        };
        Diagnostics::from(
            Diagnostic::error("Invalid value for input variable", detail).at(range.clone()),
        )
    })?;
    if converted.is_null() && !variable.nullable {
        let detail = format!(
            "The given value is not suitable for var.{}: required variable may not be set to null.",
            variable.name
        );
        return Err(Diagnostic::error("Required variable not set", detail)
            .at(range.clone())
            .into());
    }
    Ok(converted)
}

fn place(range: &SourceRange) -> String {
    format!(
        "{}:{},{}-{}",
        range.file, range.start.line, range.start.column, range.end.column
    )
}

/// Marks and validation rules.
fn finish(
    evaluator: &Evaluator<'_>,
    inst: &ModuleInst,
    index: u32,
    given: &SourceRange,
    (value, deps): (Result<Value, Diagnostics>, Rc<[Dep]>),
) -> Result<Evaluated, Vec<Want>> {
    let variable = &evaluator.program.module(inst.def).module.variables[index as usize];
    let mut marks = Marks::NONE;
    if variable.sensitive {
        marks |= Marks::SENSITIVE;
    }
    if variable.ephemeral {
        marks |= Marks::EPHEMERAL;
    }
    let value = value.map(|v| v.with_marks(marks)).and_then(|value| {
        if inst.parent.is_some() && !variable.ephemeral && crate::repetition::is_ephemeral(&value) {
            let detail = format!(
                "The variable {:?} is not ephemeral, so an ephemeral value cannot be given to it.",
                &*variable.name
            );
            return Err(Diagnostic::error("Ephemeral value not allowed", detail)
                .at(given.clone())
                .into());
        }
        Ok(value)
    });
    if let Ok(value) = &value
        && !variable.validations.is_empty()
        && !checks::validate(evaluator, inst, index, variable, value, given)?
    {
        return Ok(Evaluated::failed());
    }
    // A module makes sense or not whatever it is called with: `count = var.on ? 1 : 0` guards what would
    // be wrong with the one value that is there by chance.
    let value = match evaluator.settings.mode {
        Mode::Validate => value
            .map(|_| Value::unknown(variable.constraint.ty.without_optional()).with_marks(marks)),
        _ => value,
    };
    Ok(evaluator.evaluated((value, deps)))
}
