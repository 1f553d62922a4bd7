//! Functions of providers, for expressions: `provider::aws::arn_parse(…)`.
//!
//! Evaluation does not wait for anything, so that a call holds it up until the provider has answered. The
//! providers that are asked are used for nothing else: nobody who waits for one of them is held up by
//! evaluation in turn.

use crate::Round;
use cty::{Type, Value};
use hcl::{ArgumentError, Function, FunctionImpl, Functions, Parameter};
use providers::{CallFunctionRequest, FunctionParameter, FunctionSignature, Provider};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;
use tokio::runtime::Handle;

/// The functions of the language and those of a module's providers.
struct WithProviders {
    language: Rc<dyn Functions>,
    /// By their whole names.
    of_providers: BTreeMap<Arc<str>, Function>,
}

impl Functions for WithProviders {
    fn get(&self, name: &str) -> Option<&Function> {
        self.of_providers
            .get(name)
            .or_else(|| self.language.get(name))
    }

    fn names(&self) -> Vec<Arc<str>> {
        let mut names = self.language.names();
        names.extend(self.of_providers.keys().cloned());
        names
    }
}

/// A module's names for providers.
type Names = Vec<(Arc<str>, addrs::Provider)>;

/// The functions that each module can call, by its number; nothing if no provider has any.
pub fn module_functions(round: &Round<'_>, language: &Rc<dyn Functions>) -> Vec<Rc<dyn Functions>> {
    if round
        .schemas
        .iter()
        .all(|(_, schema)| schema.functions.is_empty())
    {
        return Vec::new();
    }
    // Most modules call the same providers by the same names.
    let mut made: BTreeMap<Names, Rc<dyn Functions>> = BTreeMap::new();
    let modules = round.program.modules.iter().map(|def| {
        let mut named: Names = def
            .module
            .required_providers
            .iter()
            .map(|(name, requirement)| (name.clone(), requirement.provider.clone()))
            .collect();
        named.sort();
        let functions = made.entry(named).or_insert_with_key(|named| {
            Rc::new(WithProviders {
                language: language.clone(),
                of_providers: named
                    .iter()
                    .flat_map(|(name, source)| functions_of(round, name, source))
                    .collect(),
            })
        });
        functions.clone()
    });
    modules.collect()
}

fn functions_of(
    round: &Round<'_>,
    local: &str,
    source: &addrs::Provider,
) -> Vec<(Arc<str>, Function)> {
    let Some(schema) = round.schemas.provider(source) else {
        return Vec::new();
    };
    let Some(provider) = round.providers.for_functions(source) else {
        return Vec::new();
    };
    let all = schema.functions.iter().map(|(name, signature)| {
        let whole = format!("provider::{local}::{name}").into();
        (whole, function(name, signature, provider.clone()))
    });
    all.collect()
}

fn function(
    name: &Arc<str>,
    signature: &FunctionSignature,
    provider: Arc<dyn Provider>,
) -> Function {
    let (name, returns) = (name.clone(), signature.returns.clone());
    let call = move |args: &[Value]| call(&provider, &name, args);
    Function {
        params: signature.params.iter().map(parameter).collect(),
        variadic: signature.variadic.as_ref().map(parameter),
        return_type: Box::new(move |_: &[Value]| Ok::<Type, ArgumentError>(returns.clone())),
        never_null: false,
        call: FunctionImpl::Values(Box::new(call)),
    }
}

fn parameter(parameter: &FunctionParameter) -> Parameter {
    Parameter {
        name: parameter.name.to_string().into(),
        ty: parameter.ty.clone(),
        allow_null: parameter.allow_null,
        allow_unknown: parameter.allow_unknown,
        allow_marked: false,
    }
}

/// Asks the provider and waits. That is done on a thread of its own, because this one belongs to the runtime
/// and must not wait.
fn call(
    provider: &Arc<dyn Provider>,
    name: &Arc<str>,
    args: &[Value],
) -> Result<Value, ArgumentError> {
    let request = CallFunctionRequest {
        name: name.clone(),
        args: args.to_vec(),
    };
    let problem = |index, message: String| ArgumentError {
        index,
        message: message.into(),
    };
    let runtime = Handle::try_current().map_err(|e| problem(None, e.to_string()))?;
    let answer = std::thread::scope(|scope| {
        let asked = scope.spawn(|| runtime.block_on(provider.call_function(request)));
        asked.join()
    });
    match answer {
        Ok(Ok(value)) => Ok(value),
        Ok(Err((index, message))) => Err(problem(index, message)),
        Err(_) => Err(problem(None, "the provider could not be asked".into())),
    }
}
