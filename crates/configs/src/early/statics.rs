//! Early evaluation in one module.

use super::Early;
use crate::{Module, ModuleCall, Variable, convert_error};
use cty::Value;
use diags::{Diagnostic, Diagnostics, SourceRange};
use hcl::{Env, Expr, Functions, Resolved, Scope, Traversal, TraversalStep};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

const DYNAMIC: &str = "Dynamic value in static context";

/// Early evaluation in one module of the tree.
pub struct Statics<'a> {
    early: Rc<Early>,
    module: &'a Module,
    path: addrs::Module,
    caller: Option<(&'a Self, &'a ModuleCall)>,
    /// Variables and locals that were asked for, by the text of the reference.
    known: RefCell<BTreeMap<String, Known>>,
}

/// What is known of a variable or a local.
#[derive(Clone)]
enum Known {
    /// It is being evaluated.
    Evaluating,
    Value(Value),
    /// The first of its problems: whoever needs it too has that one.
    Failed(Box<Diagnostic>),
}

impl<'a> Statics<'a> {
    /// Evaluation in the root module.
    pub fn root(early: Rc<Early>, module: &'a Module) -> Self {
        Self {
            early,
            module,
            path: addrs::Module::root(),
            caller: None,
            known: RefCell::default(),
        }
    }

    /// Evaluation in a module that this one calls.
    pub fn called<'b>(&'b self, call: &'b ModuleCall, module: &'b Module) -> Statics<'b>
    where
        'a: 'b,
    {
        Statics {
            early: self.early.clone(),
            module,
            path: self.path.child(call.name.clone()),
            caller: Some((self, call)),
            known: RefCell::default(),
        }
    }

    /// Evaluation in a module that is called so, or in the root module.
    pub(crate) fn in_tree<'b>(
        early: &Rc<Early>,
        caller: Option<(&'b Statics<'b>, &'b ModuleCall)>,
        module: &'b Module,
    ) -> Statics<'b> {
        match caller {
            Some((caller, call)) => caller.called(call, module),
            None => Statics::root(early.clone(), module),
        }
    }

    /// The module that is evaluated in.
    pub(super) const fn module(&self) -> &'a Module {
        self.module
    }

    /// Something in this module, for people.
    pub(super) fn named(&self, what: &str) -> String {
        if self.path.is_root() {
            what.to_owned()
        } else {
            format!("{what} in {}", self.path)
        }
    }

    /// The value of an argument that must be known now. `needed_by` says which it is.
    pub fn evaluate(&self, expr: &Expr, needed_by: &str) -> Result<Value, Diagnostics> {
        let value = expr
            .evaluate(&Env::new(self))
            .map_err(|problems| self.reached(problems, needed_by))?;
        let marks = value.all_marks();
        let problem = if marks.is_sensitive() || marks.is_ephemeral() {
            let (kind, summary) = if marks.is_sensitive() {
                ("sensitive", "Sensitive value in static context")
            } else {
                ("ephemeral", "Ephemeral value in static context")
            };
            let detail = format!(
                "The value of {needed_by} is written to files in the data directory, so it cannot be made from a value that is {kind}."
            );
            (summary, detail)
        } else if !value.is_wholly_known() {
            let detail = format!(
                "The value of {needed_by} must be known before anything is planned, and what a function answers here is not."
            );
            (DYNAMIC, detail)
        } else {
            return Ok(value);
        };
        Err(Diagnostic::error(problem.0, problem.1)
            .at(expr.range.clone())
            .into())
    }

    /// Adds to problems that something needs what has them.
    fn reached(&self, problems: Diagnostics, by: &str) -> Diagnostics {
        let mut seen: Vec<(String, Option<SourceRange>)> = Vec::new();
        let mut out = Diagnostics::new();
        for mut problem in problems {
            if problem.summary == DYNAMIC {
                problem.detail = format!("{}\n  - {}", problem.detail, self.named(by));
            }
            let key = (problem.detail.clone(), problem.subject.clone());
            if !seen.contains(&key) {
                seen.push(key);
                out.push(problem);
            }
        }
        out
    }

    /// A variable or a local, evaluated once.
    fn once(
        &self,
        name: String,
        range: &SourceRange,
        evaluate: impl FnOnce() -> Result<Value, Diagnostics>,
    ) -> Result<Value, Diagnostics> {
        let known = self.known.borrow().get(&name).cloned();
        match known {
            Some(Known::Value(value)) => return Ok(value),
            Some(Known::Failed(problem)) => return Err((*problem).into()),
            Some(Known::Evaluating) => {
                let detail = format!("{name} needs its own value to be computed.");
                return Err(Diagnostic::error("Circular reference", detail)
                    .at(range.clone())
                    .into());
            }
            None => {}
        }
        self.known
            .borrow_mut()
            .insert(name.clone(), Known::Evaluating);
        let result = stacker::maybe_grow(128 * 1024, 2 * 1024 * 1024, evaluate)
            .map_err(|problems| self.reached(problems, &name));
        let known = match &result {
            Ok(value) => Known::Value(value.clone()),
            Err(problems) => match problems.iter().find(|p| p.is_error()) {
                Some(first) => Known::Failed(Box::new(first.clone())),
                None => return result,
            },
        };
        self.known.borrow_mut().insert(name, known);
        result
    }

    fn variable(&self, variable: &Variable, range: &SourceRange) -> Result<Value, Diagnostics> {
        let given = match self.caller {
            None => self.early.given(self.module, &variable.name)?,
            Some((caller, call)) => match call.arguments.get(&variable.name) {
                Some(argument) => Some(argument.expr.evaluate(&Env::new(caller)).map_err(|p| {
                    caller.reached(p, &format!("module.{}'s {:?}", call.name, &*variable.name))
                })?),
                None => None,
            },
        };
        let given = given.filter(|v| !v.is_null() || variable.nullable);
        let Some(value) = given.or_else(|| variable.default.clone()) else {
            let detail = format!(
                "The variable {:?} has neither a value nor a default, but its value is needed before anything is planned. Set it by \
                 -var or -var-file, in a file that is read by itself (terraform.tfvars), or by TF_VAR_{}.",
                &*variable.name, variable.name
            );
            return Err(Diagnostic::error("No value for required variable", detail)
                .at(range.clone())
                .into());
        };
        let value = variable.constraint.apply(&value).map_err(|e| {
            let detail = format!(
                "The given value is not suitable for var.{}: {}.",
                variable.name,
                convert_error(&e)
            );
            Diagnostic::error("Invalid value for input variable", detail).at(variable.range.clone())
        })?;
        let mut marks = cty::Marks::NONE;
        if variable.sensitive {
            marks |= cty::Marks::SENSITIVE;
        }
        if variable.ephemeral {
            marks |= cty::Marks::EPHEMERAL;
        }
        Ok(value.with_marks(marks))
    }
}

impl Scope for Statics<'_> {
    fn resolve(&self, traversal: &Traversal, _env: &Env<'_>) -> Result<Resolved, Diagnostics> {
        let name = match traversal.steps.first() {
            Some(TraversalStep::Attr { name, .. }) => Some(name),
            _ => None,
        };
        let range = &traversal.root_range;
        let text = |text: &Arc<str>| Ok(Value::string(text.clone()));
        let value = match (&*traversal.root, name.map(|n| &**n)) {
            ("var", Some(name)) => match self.module.variables.get(name) {
                Some(variable) => self.once(format!("var.{name}"), range, || {
                    self.variable(variable, range)
                }),
                None => Err(undeclared("input variable", name, range)),
            },
            ("local", Some(name)) => match self.module.locals.get(name) {
                Some(local) => self.once(format!("local.{name}"), range, || {
                    local.expr.evaluate(&Env::new(self))
                }),
                None => Err(undeclared("local value", name, range)),
            },
            ("path", Some("module")) => text(&self.module.source_dir),
            ("path", Some("root")) => {
                let mut at = self;
                while let Some((caller, _)) = at.caller {
                    at = caller;
                }
                text(&at.module.source_dir)
            }
            ("path", Some("cwd")) => text(&self.early.cwd),
            ("terraform", Some("workspace")) => text(&self.early.workspace),
            _ => Err(dynamic(traversal)),
        }?;
        Ok(Resolved { value, consumed: 1 })
    }

    fn functions(&self) -> &dyn Functions {
        &*self.early.functions
    }
}

fn undeclared(what: &str, name: &str, range: &SourceRange) -> Diagnostics {
    Diagnostic::error(
        format!("Reference to undeclared {what}"),
        format!("No {what} named {name:?} has been declared in this module."),
    )
    .at(range.clone())
    .into()
}

/// A reference to something that is known only when everything is planned, or later.
fn dynamic(traversal: &Traversal) -> Diagnostics {
    let mut name = traversal.root.to_string();
    for step in &traversal.steps {
        let TraversalStep::Attr { name: next, .. } = step else {
            break;
        };
        name.push('.');
        name.push_str(next);
    }
    Diagnostic::error(
        DYNAMIC,
        format!(
            "{name} is not known before anything is planned. Only variables, local values, functions, path and terraform.workspace \
             can be used where a value must be known that early. What needs it:"
        ),
    )
    .at(traversal.root_range.clone())
    .into()
}
