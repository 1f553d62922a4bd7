//! How a function is written down: parameters, result type, implementation.

use cty::{Number, Refinement, Type, Value};
use hcl::{ArgumentError, Function, FunctionImpl, Parameter};
use std::borrow::Cow;

/// What an implementation answers.
pub(crate) type Answer = Result<Value, ArgumentError>;

type ReturnType = Box<dyn Fn(&[Value]) -> Result<Type, ArgumentError> + Send + Sync>;

/// A parameter that takes neither null nor unknown nor marks; see [`Param`] for more.
pub(crate) fn param(name: &'static str, ty: Type) -> Param {
    let inner = Parameter {
        name: name.into(),
        ty,
        allow_null: false,
        allow_unknown: false,
        allow_marked: false,
    };
    Param {
        inner,
        allow_dynamic: false,
    }
}

/// A parameter under construction.
#[derive(Clone)]
pub(crate) struct Param {
    inner: Parameter,
    /// Whether an argument may have no type (null or unknown); else the result has none either.
    allow_dynamic: bool,
}

impl Param {
    pub(crate) fn nullable(mut self) -> Self {
        self.inner.allow_null = true;
        self
    }

    pub(crate) fn unknown(mut self) -> Self {
        self.inner.allow_unknown = true;
        self
    }

    pub(crate) fn marked(mut self) -> Self {
        self.inner.allow_marked = true;
        self
    }

    pub(crate) fn dynamic(mut self) -> Self {
        self.allow_dynamic = true;
        self
    }
}

/// A function under construction.
pub(crate) struct Definition {
    params: Vec<Param>,
    variadic: Option<Param>,
    return_type: ReturnType,
    never_null: bool,
}

/// Begins a function with these parameters.
pub(crate) fn function<const N: usize>(params: [Param; N]) -> Definition {
    Definition {
        params: params.into(),
        variadic: None,
        return_type: Box::new(|_| Ok(Type::Dynamic)),
        never_null: true,
    }
}

impl Definition {
    /// One more parameter.
    pub(crate) fn and(mut self, param: Param) -> Self {
        self.params.push(param);
        self
    }

    /// The parameter for further arguments.
    pub(crate) fn variadic(mut self, param: Param) -> Self {
        self.variadic = Some(param);
        self
    }

    /// The result always has this type.
    pub(crate) fn returns(self, ty: Type) -> Self {
        self.returns_by(move |_| Ok(ty.clone()))
    }

    /// The result's type depends on the arguments.
    pub(crate) fn returns_by(
        mut self,
        f: impl Fn(&[Value]) -> Result<Type, ArgumentError> + Send + Sync + 'static,
    ) -> Self {
        self.return_type = Box::new(f);
        self
    }

    /// The result can be null.
    pub(crate) fn maybe_null(mut self) -> Self {
        self.never_null = false;
        self
    }

    /// Ends the function with its implementation.
    pub(crate) fn call(self, f: impl Fn(&[Value]) -> Answer + Send + Sync + 'static) -> Function {
        let Self {
            params,
            variadic,
            return_type,
            never_null,
        } = self;
        let dynamic: Vec<bool> = params.iter().map(|p| p.allow_dynamic).collect();
        let rest = variadic.as_ref().is_none_or(|p| p.allow_dynamic);
        let untyped = move |args: &[Value]| {
            (0..)
                .zip(args)
                .any(|(i, v)| *v.ty() == Type::Dynamic && !dynamic.get(i).copied().unwrap_or(rest))
        };
        let untyped_too = untyped.clone();
        Function {
            params: params.into_iter().map(|p| p.inner).collect(),
            variadic: variadic.map(|p| p.inner),
            return_type: Box::new(move |args| {
                if untyped(args) {
                    Ok(Type::Dynamic)
                } else {
                    return_type(args)
                }
            }),
            never_null,
            call: FunctionImpl::Values(Box::new(move |args| {
                if untyped_too(args) {
                    Ok(Value::dynamic())
                } else {
                    f(args)
                }
            })),
        }
    }
}

/// Something is wrong with the argument at `index`.
pub(crate) fn bad(index: usize, message: impl Into<Cow<'static, str>>) -> ArgumentError {
    ArgumentError {
        index: Some(index),
        message: message.into(),
    }
}

/// Something is wrong with the call.
pub(crate) fn failed(message: impl Into<Cow<'static, str>>) -> ArgumentError {
    ArgumentError {
        index: None,
        message: message.into(),
    }
}

/// The text of a known string argument.
pub(crate) fn text(args: &[Value], index: usize) -> Result<&str, ArgumentError> {
    args.get(index)
        .and_then(Value::as_str)
        .map(|s| &**s)
        .ok_or_else(|| bad(index, "must be a string"))
}

/// The number of a known number argument.
pub(crate) fn number(args: &[Value], index: usize) -> Result<&Number, ArgumentError> {
    args.get(index)
        .and_then(Value::as_number)
        .ok_or_else(|| bad(index, "must be a number"))
}

/// The whole number of a known number argument.
pub(crate) fn whole(args: &[Value], index: usize) -> Result<i64, ArgumentError> {
    number(args, index)?
        .to_i64()
        .ok_or_else(|| failed("a whole number of at most 64 bits is needed here"))
}

/// The elements of a known list, set or tuple argument.
pub(crate) fn items(args: &[Value], index: usize) -> Result<&[Value], ArgumentError> {
    args.get(index)
        .and_then(Value::as_slice)
        .ok_or_else(|| bad(index, "must be a list, set or tuple"))
}

/// An unknown value that is certainly not null.
pub(crate) fn unknown(ty: Type) -> Value {
    Value::unknown_refined(
        ty,
        Refinement {
            not_null: true,
            ..Refinement::default()
        },
    )
}

/// How a type is called in a message.
pub(crate) fn describe(ty: &Type) -> String {
    match ty {
        Type::Dynamic => "any type".to_owned(),
        Type::Bool => "bool".to_owned(),
        Type::Number => "number".to_owned(),
        Type::String => "string".to_owned(),
        Type::List(e) => format!("list of {}", describe(e)),
        Type::Set(e) => format!("set of {}", describe(e)),
        Type::Map(e) => format!("map of {}", describe(e)),
        Type::Tuple(_) => "tuple".to_owned(),
        Type::Object(_) => "object".to_owned(),
    }
}
