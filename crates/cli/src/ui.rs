//! Where a command's output goes. The only place that prints.

use crate::views;
use diags::Diagnostics;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::io::{IsTerminal, Write};
use std::rc::Rc;
use std::sync::Arc;

/// How output looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// For people.
    Human,
    /// One JSON object per line, or one document.
    Json,
}

/// The text of files by their names.
pub(crate) type Sources = Rc<RefCell<BTreeMap<Arc<str>, Arc<str>>>>;

/// Where output goes.
pub(crate) struct Ui {
    pub(crate) form: Cell<Form>,
    pub(crate) color: Cell<bool>,
    pub(crate) compact_warnings: Cell<bool>,
    /// The text of every file that diagnostics may point into.
    pub(crate) sources: Sources,
}

impl Ui {
    pub(crate) fn new(no_color: bool) -> Self {
        Self {
            form: Cell::new(Form::Human),
            color: Cell::new(!no_color && std::io::stdout().is_terminal()),
            compact_warnings: Cell::new(false),
            sources: Sources::default(),
        }
    }

    /// Whether a person watches.
    pub(crate) fn is_terminal(&self) -> bool {
        std::io::stdout().is_terminal() && !self.is_json()
    }

    pub(crate) fn is_json(&self) -> bool {
        self.form.get() == Form::Json
    }

    /// Prints to standard output. Nobody reading is no mistake.
    pub(crate) fn out(&self, text: &str) {
        let _ = std::io::stdout().lock().write_all(text.as_bytes());
    }

    /// Prints a line to standard output.
    pub(crate) fn line(&self, text: &str) {
        let mut out = std::io::stdout().lock();
        let _ = out
            .write_all(text.as_bytes())
            .and_then(|()| out.write_all(b"\n"));
    }

    /// Prints to standard error.
    pub(crate) fn err(&self, text: &str) {
        let _ = std::io::stderr().lock().write_all(text.as_bytes());
    }

    /// Shows a plan, as text or as events.
    pub(crate) fn plan(&self, plan: &plans::Plan, schemas: &engine::Schemas) {
        if self.is_json() {
            for line in views::events::plan(plan) {
                self.line(&line);
            }
        } else {
            let schemas = views::schemas::of(schemas);
            self.out(&views::plan::render(plan, &schemas, self.color.get()));
        }
    }

    /// Reports problems on standard error, whatever they are.
    pub(crate) fn problems(&self, diags: &Diagnostics) {
        let sources = self.sources.borrow();
        for diagnostic in diags {
            self.err(&views::diagnostic::human(
                diagnostic,
                &sources,
                self.color.get(),
            ));
        }
    }

    /// Reports problems: errors on standard error, warnings on standard output, as Terraform does.
    pub(crate) fn diagnostics(&self, diags: &Diagnostics) {
        let sources = self.sources.borrow();
        let compact = self.compact_warnings.get() && !self.is_json() && !diags.has_errors();
        let warnings: Vec<_> = diags.iter().filter(|d| !d.is_error()).collect();
        if compact && !warnings.is_empty() {
            self.out(&views::diagnostic::compact_warnings(
                &warnings,
                self.color.get(),
            ));
            return;
        }
        for diagnostic in diags {
            if self.is_json() {
                self.line(&views::diagnostic::event(diagnostic, &sources));
                continue;
            }
            let text = views::diagnostic::human(diagnostic, &sources, self.color.get());
            if diagnostic.is_error() {
                self.err(&text);
            } else {
                self.out(&text);
            }
        }
    }
}
