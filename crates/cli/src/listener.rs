//! Tells people, or whoever reads the `-json` stream, what the engine does as it does it.

use crate::ui::Ui;
use crate::views::plan::Totals;
use crate::views::{events, progress};
use addrs::AbsResourceInstance;
use diags::Diagnostic;
use engine::ApplyEvent;
use plans::Action;
use states::DeposedKey;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// What is being done, by instance and former object, and since when.
type Running = BTreeMap<(AbsResourceInstance, Option<DeposedKey>), Instant>;

/// Prints a line for each step, and counts what was done.
pub(crate) struct Listener<'u> {
    ui: &'u Ui,
    running: RefCell<Running>,
    totals: Cell<Totals>,
}

impl<'u> Listener<'u> {
    pub(crate) fn new(ui: &'u Ui) -> Self {
        Self {
            ui,
            running: RefCell::default(),
            totals: Cell::default(),
        }
    }

    /// How much was done.
    pub(crate) fn totals(&self) -> Totals {
        self.totals.get()
    }

    fn start(&self, addr: &AbsResourceInstance, deposed: Option<&DeposedKey>) {
        let key = (addr.clone(), deposed.cloned());
        self.running.borrow_mut().insert(key, Instant::now());
    }

    fn stop(&self, addr: &AbsResourceInstance, deposed: Option<&DeposedKey>) -> Duration {
        let key = (addr.clone(), deposed.cloned());
        let started = self.running.borrow_mut().remove(&key);
        started.map_or(Duration::ZERO, |s| s.elapsed())
    }

    fn tell(&self, event: impl FnOnce() -> String, text: impl FnOnce(bool) -> String) {
        if self.ui.is_json() {
            self.ui.line(&event());
        } else {
            self.ui.line(&text(self.ui.color.get()));
        }
    }
}

fn hook(addr: &AbsResourceInstance, action: Action, id: Option<&str>) -> events::Hook {
    events::Hook {
        addr: addr.clone(),
        action,
        id: id.map(Into::into),
    }
}

impl engine::Hooks for Listener<'_> {
    fn refresh_start(&self, addr: &AbsResourceInstance, id: Option<&str>) {
        self.tell(
            || hook(addr, Action::NoOp, id).refresh_start(),
            |color| progress::refreshing(addr, id, color),
        );
    }

    fn refresh_done(&self, addr: &AbsResourceInstance, id: Option<&str>) {
        if self.ui.is_json() {
            let hook = hook(addr, Action::NoOp, id);
            self.ui.line(&hook.refresh_complete());
        }
    }

    fn read_start(&self, addr: &AbsResourceInstance) {
        self.start(addr, None);
        self.tell(
            || hook(addr, Action::Read, None).apply_start(),
            |color| progress::started(addr, Action::Read, None, color),
        );
    }

    fn read_done(&self, addr: &AbsResourceInstance, id: Option<&str>) {
        let elapsed = self.stop(addr, None);
        self.tell(
            || hook(addr, Action::Read, id).apply_complete(elapsed),
            |color| progress::completed(addr, Action::Read, id, elapsed, color),
        );
    }

    fn apply_start(&self, event: &ApplyEvent<'_>) {
        self.start(event.addr, event.deposed);
        let id = event.id.as_deref();
        self.tell(
            || hook(event.addr, event.action, id).apply_start(),
            |color| progress::started(event.addr, event.action, id, color),
        );
    }

    fn apply_done(&self, event: &ApplyEvent<'_>, error: Option<&Diagnostic>) {
        let elapsed = self.stop(event.addr, event.deposed);
        let id = event.id.as_deref();
        if error.is_some() {
            if self.ui.is_json() {
                let hook = hook(event.addr, event.action, id);
                self.ui.line(&hook.apply_errored(elapsed));
            }
            return;
        }
        let mut totals = self.totals.get();
        match event.action {
            Action::Create => totals.add += 1,
            Action::Update => totals.change += 1,
            Action::Delete => totals.remove += 1,
            _ => {}
        }
        self.totals.set(totals);
        self.tell(
            || hook(event.addr, event.action, id).apply_complete(elapsed),
            |color| progress::completed(event.addr, event.action, id, elapsed, color),
        );
    }
}
