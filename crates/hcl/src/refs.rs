//! What an expression refers to, and the static forms that some arguments need.

use crate::{Expr, ExprKind, FunctionCall, ObjectItem, TemplatePart, Traversal, TraversalStep};
use cty::Value;
use std::sync::Arc;

impl Expr {
    /// Every traversal in the expression, in source order, those in index keys included. Names that a
    /// `for` in the expression makes are left out.
    pub fn traversals(&self) -> Vec<&Traversal> {
        let mut walk = Walk::default();
        walk.expr(self);
        walk.found
    }

    /// Every call of a function in the expression, outer ones first.
    pub fn calls(&self) -> Vec<&FunctionCall> {
        let mut walk = Walk::default();
        walk.expr(self);
        walk.calls
    }

    /// The traversal, if the expression is nothing but names and literal keys (`depends_on`,
    /// `provider`, `ignore_changes` …).
    pub fn as_traversal(&self) -> Option<&Traversal> {
        match &*self.code().kind {
            ExprKind::Traversal(traversal) => traversal
                .steps
                .iter()
                .all(TraversalStep::is_static)
                .then_some(traversal),
            _ => None,
        }
    }

    /// The word, if the expression is a single name.
    pub fn as_keyword(&self) -> Option<&str> {
        match &*self.code().kind {
            ExprKind::Traversal(traversal) if traversal.steps.is_empty() => Some(&traversal.root),
            _ => None,
        }
    }

    /// The items, if the expression is a tuple constructor.
    pub fn as_static_list(&self) -> Option<&[Self]> {
        match &*self.code().kind {
            ExprKind::Tuple(items) => Some(items),
            _ => None,
        }
    }

    /// The items, if the expression is an object constructor. A bare name as a key is a literal string.
    pub fn as_static_map(&self) -> Option<&[ObjectItem]> {
        match &*self.code().kind {
            ExprKind::Object(items) => Some(items),
            _ => None,
        }
    }

    /// The call, if the expression is a function call.
    pub fn as_static_call(&self) -> Option<&FunctionCall> {
        match &*self.code().kind {
            ExprKind::Call(call) => Some(call),
            _ => None,
        }
    }

    /// The expression itself; of a JSON string the expression that it is the text of, if it is one.
    pub fn code(&self) -> &Self {
        match &*self.kind {
            ExprKind::JsonString(string) => string.code().unwrap_or(self),
            _ => self,
        }
    }

    /// The value, if the expression is a literal.
    pub fn as_literal(&self) -> Option<&Value> {
        match &*self.kind {
            ExprKind::Literal(value) => Some(value),
            ExprKind::JsonString(string) => string.template.as_literal(),
            _ => None,
        }
    }
}

impl TraversalStep {
    /// Whether it is a name or has a literal key.
    pub fn is_static(&self) -> bool {
        match self {
            Self::Attr { .. } => true,
            Self::Index { key, .. } => key.as_literal().is_some(),
        }
    }
}

#[derive(Default)]
struct Walk<'a> {
    bound: Vec<&'a str>,
    found: Vec<&'a Traversal>,
    calls: Vec<&'a FunctionCall>,
}

impl<'a> Walk<'a> {
    fn expr(&mut self, expr: &'a Expr) {
        stacker::maybe_grow(32 * 1024, 1024 * 1024, || self.kind(&expr.kind));
    }

    fn exprs(&mut self, exprs: impl IntoIterator<Item = &'a Expr>) {
        for expr in exprs {
            self.expr(expr);
        }
    }

    fn kind(&mut self, kind: &'a ExprKind) {
        match kind {
            ExprKind::Literal(_) | ExprKind::Item => {}
            ExprKind::JsonString(string) => self.expr(&string.template),
            ExprKind::Template(parts) => self.parts(parts),
            ExprKind::Wrap(inner) | ExprKind::Unary(_, inner) | ExprKind::Parens(inner) => {
                self.expr(inner);
            }
            ExprKind::Traversal(traversal) => {
                if !self.bound.contains(&&*traversal.root) {
                    self.found.push(traversal);
                }
                self.steps(&traversal.steps);
            }
            ExprKind::Relative { source, steps } => {
                self.expr(source);
                self.steps(steps);
            }
            ExprKind::Splat(splat) => {
                self.expr(&splat.source);
                self.steps(&splat.each);
                self.exprs(&splat.inner);
            }
            ExprKind::Call(call) => {
                self.calls.push(call);
                self.exprs(&call.args);
            }
            ExprKind::Binary(_, left, right) => self.exprs([left, right]),
            ExprKind::Conditional(c) => self.exprs([&c.condition, &c.then, &c.otherwise]),
            ExprKind::Tuple(items) => self.exprs(items),
            ExprKind::Object(items) => {
                self.exprs(items.iter().flat_map(|item| [&item.key, &item.value]));
            }
            ExprKind::For(f) => {
                self.expr(&f.collection);
                self.bound(&f.key, &f.value, |walk| {
                    walk.exprs(&f.result_key);
                    walk.expr(&f.result);
                    walk.exprs(&f.condition);
                });
            }
        }
    }

    /// Runs `inner` with the names of a `for` bound.
    fn bound(&mut self, key: &'a Option<Arc<str>>, value: &'a str, inner: impl FnOnce(&mut Self)) {
        let len = self.bound.len();
        self.bound.extend(key.as_deref());
        self.bound.push(value);
        inner(self);
        self.bound.truncate(len);
    }

    fn steps(&mut self, steps: &'a [TraversalStep]) {
        for step in steps {
            if let TraversalStep::Index { key, .. } = step {
                self.expr(key);
            }
        }
    }

    fn parts(&mut self, parts: &'a [TemplatePart]) {
        for part in parts {
            match part {
                TemplatePart::Literal(..) => {}
                TemplatePart::Interpolation(expr) => self.expr(expr),
                TemplatePart::If {
                    condition,
                    then,
                    otherwise,
                    ..
                } => {
                    self.expr(condition);
                    self.parts(then);
                    self.parts(otherwise);
                }
                TemplatePart::For {
                    key,
                    value,
                    collection,
                    body,
                    ..
                } => {
                    self.expr(collection);
                    self.bound(key, value, |walk| walk.parts(body));
                }
            }
        }
    }
}
