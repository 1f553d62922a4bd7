//! What a function is, to an expression that calls it.

use crate::{Env, Expr};
use cty::{Marks, Type, Value};
use diags::Diagnostics;
use std::borrow::Cow;

/// A parameter of a function.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// The name, for messages.
    pub name: Cow<'static, str>,
    /// Arguments are converted to this.
    pub ty: Type,
    /// Whether null may be given; else a null argument is an error.
    pub allow_null: bool,
    /// Whether unknown may be given; else the result is unknown without a call.
    pub allow_unknown: bool,
    /// Whether the implementation wants to see marks; else they are taken off and put on the result.
    pub allow_marked: bool,
}

/// What is wrong with an argument or a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArgumentError {
    /// Which argument, counted from 0; `None` = the call as a whole.
    pub index: Option<usize>,
    /// What is wrong with it, as the end of a sentence: "must not be empty". A text that is made at
    /// run time may show values: it is withheld when an argument is sensitive.
    pub message: Cow<'static, str>,
}

/// Makes something of arguments.
pub type OnValues<T> = Box<dyn Fn(&[Value]) -> Result<T, ArgumentError> + Send + Sync>;

/// Makes a value of unevaluated arguments.
pub type OnExprs = fn(&[Expr], &Env<'_>) -> Result<(Value, Marks), Diagnostics>;

/// How a function works.
pub enum FunctionImpl {
    /// From values. Arguments were converted, and checked against the parameters.
    Values(OnValues<Value>),
    /// From unevaluated expressions: `try`, `can`.
    Exprs(OnExprs),
}

/// A function.
pub struct Function {
    /// The parameters.
    pub params: Vec<Parameter>,
    /// The parameter for any further arguments.
    pub variadic: Option<Parameter>,
    /// The result's type from the arguments' types (used when an argument is unknown);
    /// [`Type::Dynamic`] when only the values tell.
    pub return_type: OnValues<Type>,
    /// Whether an unknown result is certainly not null.
    pub never_null: bool,
    /// How it works.
    pub call: FunctionImpl,
}
