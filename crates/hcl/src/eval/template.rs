//! Templates.

use super::repeat::{Collection, each};
use super::{Problem, collect_errors};
use crate::{Env, Expr, TemplatePart};
use cty::{Marks, Refinement, Type, Value, convert};
use diags::Diagnostics;
use std::fmt::Write;

/// How much of a text that is not known to its end is remembered.
const MAX_PREFIX: usize = 128;

impl Expr {
    pub(super) fn evaluate_template(
        &self,
        parts: &[TemplatePart],
        env: &Env<'_>,
    ) -> Result<Value, Diagnostics> {
        let mut out = Output::new(self);
        out.parts(parts, env);
        if !out.diags.is_empty() {
            return Err(out.diags);
        }
        let value = if out.known {
            Value::string(out.text)
        } else {
            let mut len = out.text.len().min(MAX_PREFIX);
            while !out.text.is_char_boundary(len) {
                len -= 1;
            }
            let mut refinement = Refinement::starts_with(&out.text[..len]);
            refinement.not_null = true;
            Value::unknown_refined(Type::String, refinement)
        };
        Ok(value.with_marks(out.marks))
    }
}

struct Output<'a> {
    template: &'a Expr,
    /// The text up to the first thing that is unknown.
    text: String,
    known: bool,
    marks: Marks,
    diags: Diagnostics,
}

impl<'a> Output<'a> {
    const fn new(template: &'a Expr) -> Self {
        Self {
            template,
            text: String::new(),
            known: true,
            marks: Marks::NONE,
            diags: Diagnostics::new(),
        }
    }

    fn parts(&mut self, parts: &[TemplatePart], env: &Env<'_>) {
        for part in parts {
            match part {
                TemplatePart::Literal(text, _) => self.push(text),
                TemplatePart::Interpolation(expr) => self.interpolation(expr, env),
                TemplatePart::If {
                    condition,
                    then,
                    otherwise,
                    ..
                } => {
                    let Some(value) = collect_errors(condition.evaluate(env), &mut self.diags)
                    else {
                        continue;
                    };
                    self.marks |= value.marks();
                    match collect_errors(
                        self.template.truth(condition, &value, env),
                        &mut self.diags,
                    ) {
                        Some(Some(true)) => self.branch(then, otherwise, env),
                        Some(Some(false)) => self.branch(otherwise, then, env),
                        Some(None) => {
                            self.known = false;
                            self.add_marks_of(then, env);
                            self.add_marks_of(otherwise, env);
                        }
                        None => {}
                    }
                }
                TemplatePart::For {
                    key,
                    value,
                    collection,
                    body,
                    ..
                } => {
                    let iterated = self.template.iterated(collection, env);
                    let Some((iterated, marks)) = collect_errors(iterated, &mut self.diags) else {
                        continue;
                    };
                    self.marks |= marks;
                    match iterated {
                        Collection::Known(items) => {
                            each(&items, key.as_deref(), value, env, |env| {
                                self.parts(body, env);
                            });
                        }
                        Collection::Unknown => self.known = false,
                    }
                }
            }
        }
    }

    /// Writes one branch of a condition. As with any conditional, the marks of the other count too.
    fn branch(&mut self, taken: &[TemplatePart], other: &[TemplatePart], env: &Env<'_>) {
        self.add_marks_of(other, env);
        self.parts(taken, env);
    }

    fn add_marks_of(&mut self, parts: &[TemplatePart], env: &Env<'_>) {
        let mut unused = Self::new(self.template);
        unused.parts(parts, env);
        if unused.diags.is_empty() {
            self.marks |= unused.marks;
        }
    }

    fn push(&mut self, text: &str) {
        if self.known {
            self.text.push_str(text);
        }
    }

    fn interpolation(&mut self, expr: &Expr, env: &Env<'_>) {
        let Some(value) = collect_errors(expr.evaluate(env), &mut self.diags) else {
            return;
        };
        self.marks |= value.marks();
        if let Some(text) = value.as_str() {
            return self.push(text);
        }
        let detail = if value.is_null() {
            "The expression result is null. Cannot include a null value in a string template."
                .to_owned()
        } else if !value.is_known() {
            self.known = false;
            return;
        } else if let Some(number) = value.as_number() {
            if self.known {
                let _ = write!(self.text, "{number}");
            }
            return;
        } else {
            match convert(&value, &Type::String) {
                Ok(text) => return self.push(text.as_str().map_or("", |t| t)),
                Err(error) => {
                    format!("Cannot include the given value in a string template: {error}.")
                }
            }
        };
        let problem = Problem::new("Invalid template interpolation value", detail);
        self.diags
            .append(expr.fail_inside(env, problem, self.template));
    }
}
