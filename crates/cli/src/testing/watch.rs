//! Hears the time pass while a run goes on.

use crate::listener::Watch;
use crate::views::tests::{Reporter, Stage};
use std::cell::Cell;
use std::time::{Duration, Instant};

/// After how long a run that still goes on is mentioned again.
const AGAIN: Duration = Duration::from_secs(2);

/// Mentions a run that goes on, in the `-json` stream.
pub(super) struct RunWatch<'r> {
    pub(super) reporter: &'r Reporter<'r>,
    pub(super) file: &'r str,
    pub(super) run: &'r str,
    since: Instant,
    mentioned: Cell<Instant>,
    /// What is being done.
    pub(super) stage: Cell<Stage>,
}

impl<'r> RunWatch<'r> {
    pub(super) fn new(reporter: &'r Reporter<'r>, file: &'r str, run: &'r str) -> Self {
        let now = Instant::now();
        Self {
            reporter,
            file,
            run,
            since: now,
            mentioned: Cell::new(now),
            stage: Cell::new(Stage::Running),
        }
    }
}

impl engine::Hooks for RunWatch<'_> {}

impl Watch for RunWatch<'_> {
    fn tick(&self) {
        if self.mentioned.get().elapsed() >= AGAIN {
            self.mentioned.set(Instant::now());
            let stage = self.stage.get();
            self.reporter
                .run_goes_on(self.file, self.run, stage, self.since.elapsed());
        }
    }
}
