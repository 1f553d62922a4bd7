//! Objects that exist already and are brought into the state: `import` blocks, and what the `import`
//! command asks for.

use super::planner::Planner;
use crate::hooks::object_id;
use crate::resources::{ObjectCall, ObjectValue};
use addrs::{AbsResourceInstance, InstanceKey, MoveEndpoint};
use cty::{Type, Value};
use diags::{Diagnostic, Diagnostics, SourceRange};
use hcl::{Expr, ExprKind, Traversal, TraversalStep};
use lang::{InstId, ModuleId, Program, RepetitionData};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What is to be imported, as far as it is known.
#[derive(Default)]
pub(crate) struct Imports {
    ids: RefCell<BTreeMap<AbsResourceInstance, Arc<str>>>,
    /// The `import` command asks, not a block.
    pub(crate) by_command: bool,
}

impl Imports {
    /// What the `import` command asks for.
    pub(crate) fn of_command(wanted: &[(AbsResourceInstance, String)]) -> Self {
        let ids = wanted
            .iter()
            .map(|(addr, id)| (addr.clone(), id.as_str().into()));
        Self {
            ids: RefCell::new(ids.collect()),
            by_command: true,
        }
    }
}

/// `import` blocks that do not fit the configuration. Whether a block whose resource is in the root module
/// and not declared is one depends on whether its configuration is written.
pub(crate) fn check(program: &Program<'_>, generate: bool) -> Diagnostics {
    let mut diags = Diagnostics::new();
    for import in &program.config.module.imports {
        let Some((module, index)) = program.find_resource(&import.resource) else {
            if !(generate && import.resource.module.is_root()) {
                diags.push(missing(&import.resource.to_string()).at(import.to.range.clone()));
            }
            continue;
        };
        if let ExprKind::Traversal(traversal) = &*import.to.kind {
            let key = match traversal.steps.last() {
                Some(TraversalStep::Index { key, .. }) => match key.as_literal() {
                    Some(key) => InstanceKey::from_value(key),
                    None => continue,
                },
                _ => Some(InstanceKey::None),
            };
            let repetition = &program.resource(module, index).repetition;
            diags.append(key.and_then(|key| unfit(&key, Some(repetition), &import.to.range)));
        }
    }
    diags
}

/// A key that instances of a resource cannot have.
fn unfit(
    key: &InstanceKey,
    repetition: Option<&configs::Repetition>,
    range: &SourceRange,
) -> Option<Diagnostic> {
    use configs::Repetition::{Count, ForEach};
    let what = match (key, repetition) {
        (InstanceKey::None, Some(Count(_))) => "The target resource is using count.",
        (InstanceKey::None, Some(ForEach(_))) => "The target resource is using for_each.",
        (InstanceKey::Int(_), Some(Count(_)))
        | (InstanceKey::Str(_), Some(ForEach(_)))
        | (InstanceKey::None, _) => return None,
        (InstanceKey::Int(_), _) => "The target resource does not use count.",
        (InstanceKey::Str(_), _) => "The target resource does not use for_each.",
    };
    Some(Diagnostic::error("Invalid import 'to' expression", what).at(range.clone()))
}

/// There is an object already.
pub(crate) fn managed_already(addr: &AbsResourceInstance) -> Diagnostic {
    Diagnostic::error(
        "Resource already managed by groma",
        format!(
            "The state has an object for {addr} already. To import another one to this address you must first remove the existing \
             object from the state."
        ),
    )
    .about(addr)
}

fn missing(what: &str) -> Diagnostic {
    Diagnostic::error(
        "Configuration for import target does not exist",
        format!(
            "The configuration for the given import {what} does not exist. All target instances must have an associated \
             configuration to be imported."
        ),
    )
}

impl<'r> Planner<'r> {
    /// Finds out what is imported into the instances of a block.
    pub(crate) fn resolve_imports(&self, module: ModuleId, index: u32) -> Result<(), Diagnostics> {
        let blocks = &self.round.program.config.module.imports;
        if blocks.is_empty() || self.round.options.mode != plans::Mode::Normal {
            return Ok(());
        }
        let resource = self.round.program.config_resource(module, index);
        let repetition = &self.round.program.resource(module, index).repetition;
        let mut diags = Diagnostics::new();
        for import in blocks.iter().filter(|i| i.resource == resource) {
            match self.targets_of(import, Some(repetition)) {
                Ok(targets) => self.imports.ids.borrow_mut().extend(targets),
                Err(problems) => diags.append(problems),
            }
        }
        if diags.has_errors() {
            Err(diags)
        } else {
            Ok(())
        }
    }

    /// The instances that a block speaks of, and their ids.
    pub(crate) fn targets_of(
        &self,
        import: &configs::Import,
        repetition: Option<&configs::Repetition>,
    ) -> Result<Vec<(AbsResourceInstance, Arc<str>)>, Diagnostics> {
        let mut targets = Vec::new();
        for data in self.repetitions(import)? {
            let addr = self.address(&import.to, &data)?;
            if let Some(problem) = unfit(&addr.key, repetition, &import.to.range) {
                return Err(problem.into());
            }
            targets.push((addr, self.import_id(&import.id, &data)?));
        }
        Ok(targets)
    }

    fn repetitions(&self, import: &configs::Import) -> Result<Vec<RepetitionData>, Diagnostics> {
        let Some(expr) = &import.for_each else {
            return Ok(vec![RepetitionData::None]);
        };
        let invalid = |detail: &str| -> Diagnostics {
            Diagnostic::error("Invalid for_each argument", detail)
                .at(expr.range.clone())
                .into()
        };
        let value = self.in_root(expr, &RepetitionData::None)?.unmark_all();
        if value.is_null() {
            return Ok(Vec::new());
        }
        if !value.is_known() || (matches!(value.ty(), Type::Set(_)) && !value.is_wholly_known()) {
            return Err(invalid(
                "The \"for_each\" expression includes values derived from other resource attributes that cannot be determined until \
                 apply, so it cannot be told what all is to be imported.",
            ));
        }
        let is_collection = matches!(
            value.ty(),
            Type::Map(_) | Type::Object(_) | Type::Set(_) | Type::List(_) | Type::Tuple(_)
        );
        if !is_collection {
            return Err(invalid("The \"for_each\" expression must be a collection."));
        }
        let each = |(key, value): (Value, &Value)| RepetitionData::Each(key, value.clone());
        Ok(value
            .elements()
            .map(|(key, value)| each((key.clone(), value)))
            .collect())
    }

    /// Evaluates an expression in the root module: that is where `import` blocks are.
    fn in_root(&self, expr: &Expr, data: &RepetitionData) -> Result<Value, Diagnostics> {
        let root = self.evaluator.inst(InstId(0));
        self.evaluator.expr(&root, data, expr).0
    }

    fn address(
        &self,
        to: &Expr,
        data: &RepetitionData,
    ) -> Result<AbsResourceInstance, Diagnostics> {
        let invalid = |detail: String| -> Diagnostics {
            Diagnostic::error("Invalid import 'to' expression", detail)
                .at(to.range.clone())
                .into()
        };
        let ExprKind::Traversal(traversal) = &*to.kind else {
            return Err(invalid("An address is required here.".into()));
        };
        let mut steps = Vec::with_capacity(traversal.steps.len());
        for step in &traversal.steps {
            steps.push(match step {
                TraversalStep::Index { key, range } if key.as_literal().is_none() => {
                    let value = self.in_root(key, data)?.unmark_all();
                    if InstanceKey::from_value(&value).is_none() {
                        return Err(invalid(
                            "The key of an instance must be a string or a whole number that is known while planning.".into(),
                        ));
                    }
                    TraversalStep::Index {
                        key: Expr {
                            kind: Arc::new(ExprKind::Literal(value)),
                            range: key.range.clone(),
                        },
                        range: range.clone(),
                    }
                }
                other => other.clone(),
            });
        }
        let written = Traversal {
            root: traversal.root.clone(),
            root_range: traversal.root_range.clone(),
            steps,
            resolved: Default::default(),
        };
        match MoveEndpoint::from_traversal(&written) {
            Ok(MoveEndpoint::Resource {
                module,
                resource,
                key,
            }) => Ok(AbsResourceInstance {
                module,
                resource,
                key,
            }),
            Ok(MoveEndpoint::Module(_)) => Err(invalid("Only objects can be imported.".into())),
            Err(problem) => Err((*problem).into()),
        }
    }

    fn import_id(&self, expr: &Expr, data: &RepetitionData) -> Result<Arc<str>, Diagnostics> {
        let invalid = |detail: &str| -> Diagnostics {
            Diagnostic::error("Invalid import id argument", detail)
                .at(expr.range.clone())
                .into()
        };
        let value = self.in_root(expr, data)?.unmark_all();
        let value = cty::convert(&value, &Type::String).map_err(|e| {
            let detail = format!("Invalid expression value: {e}.");
            Diagnostics::from(
                Diagnostic::error("Incorrect value type", detail).at(expr.range.clone()),
            )
        })?;
        if value.is_null() {
            return Err(invalid("The import ID cannot be null."));
        }
        match value.as_str() {
            None => Err(invalid(
                "The import block \"id\" argument depends on resource attributes that cannot be determined until apply, so it \
                 cannot be planned to import this resource.",
            )),
            Some(id) if id.is_empty() => Err(invalid(
                "The import ID value evaluates to an empty string. Give the ID that the provider finds the object by.",
            )),
            Some(id) => Ok(id.as_ref().into()),
        }
    }

    /// By which id an object is brought into an instance that has none.
    pub(crate) fn import_for(&self, addr: &AbsResourceInstance) -> Option<Arc<str>> {
        self.imports.ids.borrow().get(addr).cloned()
    }

    /// Finds an object and reads it.
    pub(crate) async fn import(
        &self,
        call: &ObjectCall,
        addr: &AbsResourceInstance,
        id: &str,
    ) -> Result<ObjectValue, Diagnostics> {
        let hooks = self.round.hooks;
        hooks.import_start(addr, id, self.imports.by_command);
        let (object, warnings) = call.import(id).await?;
        self.report(warnings);
        hooks.import_found(addr, self.imports.by_command);
        let shown = object_id(&object.value);
        hooks.refresh_start(addr, shown.as_deref());
        let refreshed = call.refresh(&object).await?;
        hooks.refresh_done(addr, shown.as_deref());
        self.report(refreshed.diagnostics);
        refreshed.object.ok_or_else(|| {
            Diagnostic::error(
                "Cannot import non-existent remote object",
                format!(
                    "While attempting to import an existing object to {addr}, the provider detected that no object exists with the \
                     given id. Only objects that exist can be imported: check that the id is correct and that it belongs to the \
                     region or endpoint that the provider is configured for, or use \"groma apply\" to create a new object."
                ),
            )
            .about(addr)
            .into()
        })
    }

    /// Instances that something is to be imported into, and that there are not.
    pub(crate) fn check_imports(&self) {
        let claimed = self.claimed.borrow();
        let failed = self.failed.borrow();
        let ids = self.imports.ids.borrow();
        let left = ids.keys().filter(|addr| {
            !claimed.contains(addr)
                && !failed.contains(&addr.config())
                && self
                    .included
                    .as_ref()
                    .is_none_or(|set| set.contains_unclaimed(addr))
        });
        let problems: Vec<Diagnostic> = left.map(|addr| missing(&addr.to_string())).collect();
        drop((claimed, failed));
        self.report(problems);
    }
}
