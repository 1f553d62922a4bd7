//! Tells people, or whoever reads the `-json` stream, what the engine does as it does it.

use crate::ui::Ui;
use crate::views::events::{EphemeralStage, ProvisionStage};
use crate::views::plan::Totals;
use crate::views::{events, progress};
use addrs::AbsResourceInstance;
use diags::Diagnostic;
use engine::{ApplyEvent, EphemeralOp};
use indicatif::{ProgressBar, ProgressStyle};
use plans::Action;
use states::DeposedKey;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// After how long an operation that still runs is mentioned again.
const AGAIN: Duration = Duration::from_secs(10);

/// What is being done, by instance and former object.
type Running = BTreeMap<(AbsResourceInstance, Option<DeposedKey>), Step>;

/// Something that is being done.
struct Step {
    since: Instant,
    action: Action,
    id: Option<String>,
    /// How often it was mentioned again.
    mentions: u32,
}

/// Hears what happens, and the time pass.
pub(crate) trait Watch: engine::Hooks {
    /// About a second has passed.
    fn tick(&self) {}
}

impl Watch for engine::Silent {}

/// Prints a line for each step, and counts what was done.
pub(crate) struct Listener<'u> {
    ui: &'u Ui,
    running: RefCell<Running>,
    /// What is being done with ephemeral resources: since when, and how often it was mentioned again.
    ephemeral: RefCell<BTreeMap<(AbsResourceInstance, EphemeralOp), (Instant, u32)>>,
    totals: Cell<Totals>,
    /// How many operations there will be, and how many have ended.
    progress: Cell<(usize, usize)>,
    /// Where a person sees how far it is.
    bar: Option<ProgressBar>,
}

impl<'u> Listener<'u> {
    pub(crate) fn new(ui: &'u Ui) -> Self {
        Self {
            ui,
            running: RefCell::default(),
            ephemeral: RefCell::default(),
            totals: Cell::default(),
            progress: Cell::default(),
            bar: ui
                .is_terminal()
                .then(|| ProgressBar::new_spinner().with_style(ProgressStyle::default_spinner())),
        }
    }

    /// How much was done.
    pub(crate) fn totals(&self) -> Totals {
        self.totals.get()
    }

    fn start(&self, event: &ApplyEvent<'_>) {
        let key = (event.addr.clone(), event.deposed.cloned());
        let step = Step {
            since: Instant::now(),
            action: event.action,
            id: event.id.clone(),
            mentions: 0,
        };
        self.running.borrow_mut().insert(key, step);
        self.show_progress();
    }

    /// On a terminal: how many operations have ended, of how many.
    fn show_progress(&self) {
        let Some(bar) = &self.bar else { return };
        let (planned, done) = self.progress.get();
        if planned == 0 || done == planned {
            bar.finish_and_clear();
        } else {
            bar.set_message(format!(
                "{done} of {planned} done, {} running",
                self.running.borrow().len()
            ));
        }
    }

    fn stop(&self, addr: &AbsResourceInstance, deposed: Option<&DeposedKey>) -> Duration {
        let key = (addr.clone(), deposed.cloned());
        let started = self.running.borrow_mut().remove(&key);
        started.map_or(Duration::ZERO, |s| s.since.elapsed())
    }

    fn mention_ephemeral(&self) {
        let mut due = Vec::new();
        for ((addr, op), (since, mentions)) in self.ephemeral.borrow_mut().iter_mut() {
            let elapsed = since.elapsed();
            if elapsed >= AGAIN * (*mentions + 1) {
                *mentions += 1;
                due.push((addr.clone(), *op, elapsed));
            }
        }
        for (addr, op, elapsed) in due {
            self.tell(
                || events::ephemeral(&addr, op, EphemeralStage::Progress(elapsed)),
                |color| progress::ephemeral_going_on(&addr, op, elapsed, color),
            );
        }
    }

    fn tell(&self, event: impl FnOnce() -> String, text: impl FnOnce(bool) -> String) {
        if self.ui.is_json() {
            self.ui.line(&event());
        } else {
            self.say(&text(self.ui.color.get()));
        }
    }

    fn say(&self, text: &str) {
        match &self.bar {
            Some(bar) => bar.suspend(|| self.ui.line(text)),
            None => self.ui.line(text),
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

impl Watch for Listener<'_> {
    /// Mentions operations that have run for a while.
    fn tick(&self) {
        let mut due = Vec::new();
        for ((addr, _), step) in self.running.borrow_mut().iter_mut() {
            let elapsed = step.since.elapsed();
            if elapsed >= AGAIN * (step.mentions + 1) {
                step.mentions += 1;
                due.push((addr.clone(), step.action, step.id.clone(), elapsed));
            }
        }
        for (addr, action, id, elapsed) in due {
            let id = id.as_deref();
            self.tell(
                || hook(&addr, action, id).apply_progress(elapsed),
                |color| progress::going_on(&addr, action, id, elapsed, color),
            );
        }
        self.mention_ephemeral();
        if let Some(bar) = &self.bar {
            bar.tick();
        }
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

    fn import_start(&self, addr: &AbsResourceInstance, id: &str, by_command: bool) {
        if !self.ui.is_json() {
            self.say(&progress::importing(
                addr,
                id,
                by_command,
                self.ui.color.get(),
            ));
        }
    }

    fn import_found(&self, addr: &AbsResourceInstance, by_command: bool) {
        if by_command && !self.ui.is_json() {
            self.say(&progress::import_prepared(addr, self.ui.color.get()));
        }
    }

    fn import_applied(&self, addr: &AbsResourceInstance, id: &str) {
        let mut totals = self.totals.get();
        totals.import += 1;
        self.totals.set(totals);
        if !self.ui.is_json() {
            self.say(&progress::imported(addr, id, self.ui.color.get()));
        }
    }

    fn read_start(&self, addr: &AbsResourceInstance) {
        self.start(&ApplyEvent {
            addr,
            deposed: None,
            action: Action::Read,
            id: None,
        });
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

    fn ephemeral_start(&self, addr: &AbsResourceInstance, op: EphemeralOp) {
        let started = (Instant::now(), 0);
        self.ephemeral
            .borrow_mut()
            .insert((addr.clone(), op), started);
        self.tell(
            || events::ephemeral(addr, op, EphemeralStage::Start),
            |color| progress::ephemeral_started(addr, op, color),
        );
    }

    fn ephemeral_done(
        &self,
        addr: &AbsResourceInstance,
        op: EphemeralOp,
        error: Option<&Diagnostic>,
    ) {
        let started = self.ephemeral.borrow_mut().remove(&(addr.clone(), op));
        let elapsed = started.map_or(Duration::ZERO, |(since, _)| since.elapsed());
        if error.is_some() {
            if self.ui.is_json() {
                let stage = EphemeralStage::Errored(elapsed);
                self.ui.line(&events::ephemeral(addr, op, stage));
            }
            return;
        }
        self.tell(
            || events::ephemeral(addr, op, EphemeralStage::Complete(elapsed)),
            |color| progress::ephemeral_completed(addr, op, elapsed, color),
        );
    }

    fn ephemeral_deferred(&self, addr: &AbsResourceInstance) {
        if !self.ui.is_json() {
            self.say(&progress::ephemeral_deferred(addr, self.ui.color.get()));
        }
    }

    fn provision_start(&self, addr: &AbsResourceInstance, kind: &str) {
        self.tell(
            || events::provision(addr, kind, ProvisionStage::Start),
            |color| progress::provisioning(addr, kind, color),
        );
    }

    fn provision_output(&self, addr: &AbsResourceInstance, kind: &str, line: &str) {
        self.tell(
            || events::provision(addr, kind, ProvisionStage::Output(line)),
            |color| progress::provisioner_output(addr, kind, line, color),
        );
    }

    fn provision_done(&self, addr: &AbsResourceInstance, kind: &str, well: bool) {
        if self.ui.is_json() {
            let stage = if well {
                ProvisionStage::Complete
            } else {
                ProvisionStage::Errored
            };
            self.ui.line(&events::provision(addr, kind, stage));
        }
    }

    fn apply_planned(&self, operations: usize) {
        self.progress.set((operations, 0));
        self.show_progress();
    }

    fn apply_start(&self, event: &ApplyEvent<'_>) {
        self.start(event);
        let id = event.id.as_deref();
        self.tell(
            || hook(event.addr, event.action, id).apply_start(),
            |color| progress::started(event.addr, event.action, id, color),
        );
    }

    fn apply_done(&self, event: &ApplyEvent<'_>, error: Option<&Diagnostic>) {
        let elapsed = self.stop(event.addr, event.deposed);
        let (planned, done) = self.progress.get();
        self.progress.set((planned, done + 1));
        self.show_progress();
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
