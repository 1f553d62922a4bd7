//! Function calls.

use super::{Problem, collect_errors};
use crate::suggest::did_you_mean;
use crate::{ArgumentError, Env, Expr, Function, FunctionCall, FunctionImpl, Parameter};
use cty::{Marks, Refinement, Type, Value, convert};
use diags::{Diagnostics, SourceRange};
use std::borrow::Cow;

impl Expr {
    pub(super) fn evaluate_call(
        &self,
        call: &FunctionCall,
        env: &Env<'_>,
    ) -> Result<Value, Diagnostics> {
        let Some(function) = env.scope.functions().get(&call.name) else {
            return Err(self.unknown_function(call, env));
        };
        if let FunctionImpl::Exprs(run) = &function.call {
            self.check_count(call, function, call.args.len(), env)?;
            return run(&call.args, env).map(|(value, marks)| value.with_marks(marks));
        }
        let mut marks = Marks::NONE;
        let Some(args) = self.arguments(call, env, &mut marks)? else {
            return Ok(Value::dynamic().with_marks(marks));
        };
        self.check_count(call, function, args.len(), env)?;
        let values = self.convert_arguments(call, function, args, env)?;
        function
            .apply(values)
            .map(|value| value.with_marks(marks))
            .map_err(|e| self.call_failed(call, function, &e, env))
    }

    /// Evaluates the arguments; `None` if an unknown one is to be spread.
    fn arguments(
        &self,
        call: &FunctionCall,
        env: &Env<'_>,
        marks: &mut Marks,
    ) -> Result<Option<Vec<Value>>, Diagnostics> {
        let mut diags = Diagnostics::new();
        let mut values = Vec::with_capacity(call.args.len());
        for arg in &call.args {
            values.extend(collect_errors(arg.evaluate(env), &mut diags));
        }
        if !diags.is_empty() {
            return Err(diags);
        }
        let (true, Some(last)) = (call.expand_last, call.args.last()) else {
            return Ok(Some(values));
        };
        let Some(spread) = values.pop() else {
            return Ok(Some(values));
        };
        let (spread, spread_marks) = spread.unmark();
        *marks |= spread_marks;
        let detail = if spread.is_null() {
            "The expanding argument (indicated by ...) must not be null."
        } else {
            match spread.ty() {
                Type::Dynamic => return Ok(None),
                Type::List(_) | Type::Set(_) | Type::Tuple(_) if !spread.is_known() => {
                    return Ok(None);
                }
                Type::List(_) | Type::Set(_) | Type::Tuple(_) => {
                    values.extend(spread.as_slice().unwrap_or_default().iter().cloned());
                    return Ok(Some(values));
                }
                _ => {
                    "The expanding argument (indicated by ...) must be of a tuple, list, or set type."
                }
            }
        };
        Err(last.fail_inside(
            env,
            Problem::new("Invalid expanding argument value", detail),
            self,
        ))
    }

    fn check_count(
        &self,
        call: &FunctionCall,
        function: &Function,
        given: usize,
        env: &Env<'_>,
    ) -> Result<(), Diagnostics> {
        let name = &call.name;
        let wanted = function.params.len();
        let plural = if wanted == 1 { "" } else { "s" };
        if let Some(missing) = function.params.get(given) {
            let at_least = if function.variadic.is_some() {
                " at least"
            } else {
                ""
            };
            let detail = format!(
                "Function \"{name}\" expects{at_least} {wanted} argument{plural}. Missing value for \"{}\".",
                missing.name
            );
            let mut close = self.range.clone();
            close.start = diags::Pos {
                line: close.end.line,
                column: close.end.column.saturating_sub(1),
                byte: close.end.byte.saturating_sub(1),
            };
            return Err(self.fail(
                env,
                Problem::new("Not enough function arguments", detail),
                &close,
            ));
        }
        if given > wanted && function.variadic.is_none() {
            let extra = match (call.args.get(wanted), call.args.last()) {
                (Some(first), Some(last)) => first.range.to(&last.range),
                (None, Some(last)) => last.range.clone(),
                (_, None) => call.name_range.clone(),
            };
            let detail = format!("Function \"{name}\" expects only {wanted} argument{plural}.");
            return Err(self.fail(
                env,
                Problem::new("Too many function arguments", detail),
                &extra,
            ));
        }
        Ok(())
    }

    fn convert_arguments(
        &self,
        call: &FunctionCall,
        function: &Function,
        args: Vec<Value>,
        env: &Env<'_>,
    ) -> Result<Vec<Value>, Diagnostics> {
        let mut diags = Diagnostics::new();
        let mut values = Vec::with_capacity(args.len());
        for (i, arg) in args.into_iter().enumerate() {
            let Some(param) = function.param(i) else {
                break;
            };
            match convert(&arg, &param.ty) {
                Ok(value) => values.push(value),
                Err(error) => {
                    let problem = invalid_argument(param, &error.to_string());
                    diags.append(self.fail(env, problem, arg_range(call, i)));
                }
            }
        }
        if diags.is_empty() {
            Ok(values)
        } else {
            Err(diags)
        }
    }

    #[cold]
    fn call_failed(
        &self,
        call: &FunctionCall,
        function: &Function,
        error: &ArgumentError,
        env: &Env<'_>,
    ) -> Diagnostics {
        match error.index.and_then(|i| Some((i, function.param(i)?))) {
            Some((i, param)) => self.fail(
                env,
                invalid_argument(param, &error.message),
                arg_range(call, i),
            ),
            None => {
                let detail = format!(
                    "Call to function \"{}\" failed: {}.",
                    call.name,
                    without_stop(&error.message)
                );
                self.fail(
                    env,
                    Problem::new("Error in function call", detail),
                    &self.range,
                )
            }
        }
    }

    #[cold]
    fn unknown_function(&self, call: &FunctionCall, env: &Env<'_>) -> Diagnostics {
        let names = env.scope.functions().names();
        let hint = did_you_mean(&call.name, names.iter().map(|n| &**n));
        let detail = match call.name.rsplit_once("::") {
            Some((namespace, name)) => {
                let prefix = format!("{namespace}::");
                if names.iter().any(|n| n.starts_with(&prefix)) {
                    format!("There is no function named \"{name}\" in namespace {prefix}.{hint}")
                } else {
                    format!("There are no functions in namespace \"{prefix}\".")
                }
            }
            None => format!("There is no function named \"{}\".{hint}", call.name),
        };
        let summary = match call.name.contains("::") {
            true => "Unknown provider function",
            false => "Call to unknown function",
        };
        self.fail(env, Problem::new(summary, detail), &call.name_range)
    }
}

fn arg_range(call: &FunctionCall, index: usize) -> &SourceRange {
    call.args
        .get(index)
        .or(call.args.last())
        .map_or(&call.name_range, |arg| &arg.range)
}

fn invalid_argument(param: &Parameter, message: &str) -> Problem {
    Problem::new(
        "Invalid function argument",
        format!(
            "Invalid value for \"{}\" parameter: {}.",
            param.name,
            without_stop(message)
        ),
    )
}

fn without_stop(message: &str) -> &str {
    message.strip_suffix('.').unwrap_or(message)
}

impl Function {
    /// The parameter for an argument, counted from 0.
    pub fn param(&self, index: usize) -> Option<&Parameter> {
        self.params.get(index).or(self.variadic.as_ref())
    }

    /// Calls the function with arguments of the right number and types: nulls are checked, unknown
    /// arguments answered, and marks put on the result, as the parameters say.
    ///
    /// # Errors
    ///
    /// What is wrong with an argument, or the call as a whole. A function over expressions cannot be
    /// called with values.
    pub fn apply(&self, mut args: Vec<Value>) -> Result<Value, ArgumentError> {
        let FunctionImpl::Values(run) = &self.call else {
            return Err(ArgumentError {
                index: None,
                message: "it cannot be called with values".into(),
            });
        };
        let mut marks = Marks::NONE;
        let (mut unknown, mut untyped) = (false, false);
        for (i, arg) in args.iter_mut().enumerate() {
            let Some(param) = self.param(i) else { break };
            if !param.allow_marked && !arg.all_marks().is_empty() {
                marks |= arg.all_marks();
                *arg = arg.clone().unmark_all();
            }
            if arg.is_null() && !param.allow_null {
                return Err(ArgumentError {
                    index: Some(i),
                    message: "argument must not be null".into(),
                });
            }
            if !arg.is_known() && !param.allow_unknown {
                unknown = true;
                untyped |= *arg.ty() == Type::Dynamic;
            }
        }
        if untyped {
            return Ok(Value::dynamic().with_marks(marks));
        }
        if unknown {
            let ty = (self.return_type)(&args).map_err(|e| e.withhold(marks))?;
            let refinement = if self.never_null {
                Refinement::not_null()
            } else {
                Refinement::default()
            };
            return Ok(Value::unknown_refined(ty, refinement).with_marks(marks));
        }
        let result = run(&args).map_err(|e| e.withhold(marks))?;
        Ok(result.with_marks(marks))
    }
}

impl ArgumentError {
    /// The error without what it may show of values with these marks.
    fn withhold(mut self, marks: Marks) -> Self {
        if marks.is_sensitive() && matches!(self.message, Cow::Owned(_)) {
            self.message = Cow::Borrowed(
                "it is not valid, and it is sensitive, so that no details can be shown",
            );
        }
        self
    }
}
