//! Expressions as a tree with source ranges.

use cty::Value;
use diags::{Pos, SourceRange};
use std::fmt;
use std::sync::{Arc, LazyLock, OnceLock};

/// An expression. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Expr {
    /// What it is.
    pub kind: Arc<ExprKind>,
    /// Where it stands.
    pub range: SourceRange,
}

impl Expr {
    pub(crate) fn new(kind: ExprKind, range: SourceRange) -> Self {
        Self {
            kind: Arc::new(kind),
            range,
        }
    }
}

impl Drop for Expr {
    /// Frees deep trees without running out of stack.
    fn drop(&mut self) {
        static LEAF: LazyLock<Arc<ExprKind>> = LazyLock::new(|| Arc::new(ExprKind::Item));
        let leaf = matches!(*self.kind, ExprKind::Literal(_) | ExprKind::Item);
        if !leaf && Arc::strong_count(&self.kind) == 1 {
            let kind = std::mem::replace(&mut self.kind, LEAF.clone());
            stacker::maybe_grow(32 * 1024, 1024 * 1024, || drop(kind));
        }
    }
}

/// The forms of an expression.
#[derive(Debug)]
pub enum ExprKind {
    /// A number, bool, null or a string without interpolation.
    Literal(Value),
    /// A quoted template or heredoc with at least one interpolation or directive.
    Template(Vec<TemplatePart>),
    /// A template that is only one interpolation, `"${x}"`: the value keeps its type.
    Wrap(Expr),
    /// `name`, `.attr` and `[key]` in a row, from a root name.
    Traversal(Traversal),
    /// `.attr` and `[key]` on any other expression.
    Relative {
        /// What is stepped into.
        source: Expr,
        /// The steps; never empty.
        steps: Vec<TraversalStep>,
    },
    /// `source.*.a` or `source[*].a`.
    Splat(Splat),
    /// `name(args)`.
    Call(FunctionCall),
    /// `!x`, `-x`.
    Unary(UnaryOp, Expr),
    /// `a + b`.
    Binary(BinaryOp, Expr, Expr),
    /// `c ? a : b`.
    Conditional(ConditionalExpr),
    /// `[a, b]`.
    Tuple(Vec<Expr>),
    /// `{a = b}`.
    Object(Vec<ObjectItem>),
    /// `[for …]`, `{for …}`.
    For(ForExpr),
    /// `(x)`.
    Parens(Expr),
    /// The element that the splat around is at; only inside [`Splat::inner`].
    Item,
    /// A string in JSON syntax.
    JsonString(JsonString),
}

/// A string in JSON syntax: a template, but where a reference, keyword or type is needed rather than
/// a value, an expression as text.
#[derive(Debug)]
pub struct JsonString {
    /// The text, without template escapes resolved.
    pub text: Arc<str>,
    /// The text as a template.
    pub template: Expr,
    /// Where the text begins.
    pub start: Pos,
    /// The text as an expression, if it is one.
    pub(crate) code: OnceLock<Option<Expr>>,
}

impl JsonString {
    /// The text as an expression, if it is one.
    pub fn code(&self) -> Option<&Expr> {
        let file = &self.template.range.file;
        self.code
            .get_or_init(|| crate::parse_expression(file.clone(), &self.text, self.start).0)
            .as_ref()
    }
}

/// A root name and the steps from it. Its text form is as it is written.
#[derive(Clone, Debug)]
pub struct Traversal {
    /// The root name.
    pub root: Arc<str>,
    /// Where the root name stands.
    pub root_range: SourceRange,
    /// The steps after it.
    pub steps: Vec<TraversalStep>,
    /// A place for whoever compiles the configuration to remember what the traversal means; the
    /// syntax crate never reads it.
    pub resolved: OnceLock<u32>,
}

/// One step into a value.
#[derive(Clone, Debug)]
pub enum TraversalStep {
    /// `.name`
    Attr {
        /// The attribute name.
        name: Arc<str>,
        /// Where the step stands, dot included.
        range: SourceRange,
    },
    /// `[key]`, and the old form `.0`.
    Index {
        /// The key.
        key: Expr,
        /// Where the step stands, brackets included.
        range: SourceRange,
    },
}

impl TraversalStep {
    /// Where the step stands.
    pub const fn range(&self) -> &SourceRange {
        match self {
            Self::Attr { range, .. } | Self::Index { range, .. } => range,
        }
    }
}

impl fmt::Display for TraversalStep {
    /// As it is written; `[...]` for a key that is no literal.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Attr { name, .. } => write!(f, ".{name}"),
            Self::Index { key, .. } => match key.as_literal() {
                Some(value) => match (value.as_str(), value.as_number()) {
                    (Some(text), _) => write!(f, "[{text:?}]"),
                    (_, Some(number)) => write!(f, "[{number}]"),
                    _ => f.write_str("[...]"),
                },
                None => f.write_str("[...]"),
            },
        }
    }
}

impl fmt::Display for Traversal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.root)?;
        self.steps.iter().try_for_each(|step| step.fmt(f))
    }
}

/// Which splat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SplatKind {
    /// `.*`: takes only attribute steps with it.
    Attr,
    /// `[*]`: takes all following steps with it.
    Full,
}

/// A splat.
#[derive(Debug)]
pub struct Splat {
    /// What is spread.
    pub source: Expr,
    /// Which form.
    pub kind: SplatKind,
    /// The steps done on each element.
    pub each: Vec<TraversalStep>,
    /// What is done with each element after `each`, when there is a splat in it: an expression over
    /// [`ExprKind::Item`].
    pub inner: Option<Expr>,
    /// Where the marker (`.*` or `[*]`) stands.
    pub marker_range: SourceRange,
}

/// A piece of a template.
#[derive(Clone, Debug)]
pub enum TemplatePart {
    /// Text, with escapes resolved and strip markers applied.
    Literal(Arc<str>, SourceRange),
    /// `${expr}`.
    Interpolation(Expr),
    /// `%{if c}…%{else}…%{endif}`.
    If {
        /// The condition.
        condition: Expr,
        /// What stands before `else`.
        then: Vec<Self>,
        /// What stands after `else`.
        otherwise: Vec<Self>,
        /// Where the directive stands.
        range: SourceRange,
    },
    /// `%{for k, v in c}…%{endfor}`.
    For {
        /// The name of the key, if one is asked for.
        key: Option<Arc<str>>,
        /// The name of the value.
        value: Arc<str>,
        /// What is iterated.
        collection: Expr,
        /// What is repeated.
        body: Vec<Self>,
        /// Where the directive stands.
        range: SourceRange,
    },
}

/// A function call.
#[derive(Debug)]
pub struct FunctionCall {
    /// The name, with namespaces: `core::max`, `provider::aws::arn_parse`.
    pub name: Arc<str>,
    /// Where the name stands.
    pub name_range: SourceRange,
    /// The arguments.
    pub args: Vec<Expr>,
    /// Whether the last argument is spread (`...`).
    pub expand_last: bool,
}

/// An operator before its operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnaryOp {
    /// `!`
    Not,
    /// `-`
    Neg,
}

/// An operator between its operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum BinaryOp {
    Or,
    And,
    Eq,
    NotEq,
    Less,
    LessEq,
    Greater,
    GreaterEq,
    Add,
    Sub,
    Mul,
    Div,
    Rem,
}

/// A conditional.
#[derive(Debug)]
pub struct ConditionalExpr {
    /// The condition.
    pub condition: Expr,
    /// The value when it holds.
    pub then: Expr,
    /// The value when it does not.
    pub otherwise: Expr,
}

/// An item of an object constructor.
#[derive(Clone, Debug)]
pub struct ObjectItem {
    /// The key. A bare name is a [`ExprKind::Literal`] string.
    pub key: Expr,
    /// The value.
    pub value: Expr,
}

/// A `for` expression.
#[derive(Debug)]
pub struct ForExpr {
    /// The name of the key, if one is asked for.
    pub key: Option<Arc<str>>,
    /// The name of the value.
    pub value: Arc<str>,
    /// What is iterated.
    pub collection: Expr,
    /// The result's key: an object is made; else a tuple.
    pub result_key: Option<Expr>,
    /// The result's value.
    pub result: Expr,
    /// `if`.
    pub condition: Option<Expr>,
    /// `...`: values of equal keys are grouped.
    pub group: bool,
}
