//! Arguments that are written as expressions get their values.

use super::{Early, Statics};
use crate::decode::{checked_source, statics};
use crate::{Backend, Module, ModuleCall};
use cty::Value;
use diags::{Diagnostic, Diagnostics};
use hcl::{Attribute, Expr};
use indexmap::IndexMap;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

/// Where a module comes from, if that is no literal.
#[derive(Clone, Debug)]
pub struct EarlySource {
    /// `source`
    pub source: Attribute,
    /// `version`
    pub version: Option<Attribute>,
}

/// Whether an argument that was literal in older versions of the language must be evaluated: it refers to
/// something, or calls a function.
pub(crate) fn is_early(expr: &Expr) -> bool {
    let mut problems = Diagnostics::new();
    let literal = statics::value(expr, &mut problems);
    literal.is_none()
        && problems.iter().all(|p| {
            matches!(
                &*p.summary,
                "Variables not allowed" | "Function calls not allowed"
            )
        })
}

impl Statics<'_> {
    /// The calls of the module with the sources that they have. `None`: all are literal. Those that have no
    /// source, which is reported, are left out.
    pub fn settled_calls(&self, diags: &mut Diagnostics) -> Option<IndexMap<Arc<str>, ModuleCall>> {
        let calls = &self.module().calls;
        if calls.values().all(|call| call.early.is_none()) {
            return None;
        }
        let settled = calls.iter().filter_map(|(name, call)| {
            let mut call = call.clone();
            if let Some(early) = call.early.clone() {
                let range = early.source.expr.range.clone();
                let source = self.string(&early.source, &call.name, diags)?;
                let version = match &early.version {
                    Some(a) => {
                        let text = self.string(a, &call.name, diags)?;
                        statics::check_constraint(&text, &a.expr, diags)
                            .then(|| (text, a.expr.range.clone()))?
                            .into()
                    }
                    None => None,
                };
                (call.source, call.source_range, call.version) =
                    checked_source(source, range, version, diags)?;
            }
            Some((name.clone(), call))
        });
        Some(settled.collect())
    }

    fn string(
        &self,
        attribute: &Attribute,
        call: &str,
        diags: &mut Diagnostics,
    ) -> Option<Arc<str>> {
        match self.evaluate(
            &attribute.expr,
            &format!("module.{call}'s {:?}", &*attribute.name),
        ) {
            Ok(value) => statics::as_string(attribute, &value, diags),
            Err(problems) => {
                diags.append(problems);
                None
            }
        }
    }
}

/// Gives the backend of a root module the values of those of its arguments that are not literal.
pub(crate) fn settle_backend(module: &mut Module, early: &Rc<Early>) -> Diagnostics {
    let Some(backend) = &module.backend else {
        return Diagnostics::new();
    };
    let (attributes, _) = backend.body.just_attributes();
    let mut values: BTreeMap<Arc<str>, Value> = BTreeMap::new();
    let mut problems = Diagnostics::new();
    let statics = Statics::root(early.clone(), module);
    for attribute in attributes.iter().filter(|a| is_early(&a.expr)) {
        let needed_by = format!("the backend's {:?}", &*attribute.name);
        match statics.evaluate(&attribute.expr, &needed_by) {
            Ok(value) => drop(values.insert(attribute.name.clone(), value)),
            Err(found) => problems.append(found),
        }
    }
    if let Some(backend) = &mut module.backend {
        backend.values = values;
        backend.problems = problems.clone();
    }
    problems
}

impl Backend {
    /// The text of an argument, if it has one.
    pub fn text(&self, name: &str) -> Option<String> {
        if let Some(value) = self.values.get(name) {
            let text = cty::convert(value, &cty::Type::String).ok()?;
            return text.as_str().map(ToString::to_string);
        }
        let (attributes, _) = self.body.just_attributes();
        let attribute = attributes.iter().find(|a| &*a.name == name)?;
        let value = statics::value(&attribute.expr, &mut Diagnostics::new())?;
        value.as_str().map(ToString::to_string)
    }
}

/// A module that was called by another source than it is now must be installed first.
pub(crate) fn changed(installed: &str, call: &ModuleCall) -> Box<Diagnostic> {
    Box::new(
        Diagnostic::error(
            "Module source has changed",
            format!(
                "{installed} was installed, but {} is called now: \"groma init\" installs it.",
                call.source
            ),
        )
        .at(call.source_range.clone()),
    )
}
