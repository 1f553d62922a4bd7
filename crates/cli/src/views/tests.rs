//! What `groma test` prints, for people and as events.

use super::plan::PROGRAM;
use super::style::Paint;
use super::wrap::wrap;
use super::{diagnostic, events};
use crate::testing::{Counts, Shown, Status};
use crate::ui::Ui;
use addrs::{AbsResourceInstance, Mode};
use configs::TestFile;
use diags::Diagnostics;
use serde_json::{Map, Value, json};
use states::{DeposedKey, State};
use std::time::Duration;

/// What is being done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    Starting,
    Running,
    TearingDown,
}

/// Tells how it goes.
pub(crate) struct Reporter<'u> {
    ui: &'u Ui,
}

impl<'u> Reporter<'u> {
    pub(crate) const fn new(ui: &'u Ui) -> Self {
        Self { ui }
    }

    fn paint(&self) -> Paint {
        Paint::new(self.ui.color.get())
    }

    /// A status in its colour.
    fn status(&self, status: Status) -> String {
        let paint = self.paint();
        match status {
            Status::Pass => paint.green(status.said()),
            Status::Fail | Status::Error => paint.red(status.said()),
            Status::Skip | Status::Pending => paint.dim(status.said()),
        }
    }

    fn event(
        &self,
        message: &str,
        kind: &str,
        file: Option<&str>,
        run: Option<&str>,
        value: Value,
    ) {
        let mut members = Map::new();
        members.insert(kind.into(), value);
        members.extend(file.map(|f| ("@testfile".into(), f.into())));
        members.extend(run.map(|r| ("@testrun".into(), r.into())));
        self.ui.line(&events::event("info", message, kind, members));
    }

    /// These are the files.
    pub(crate) fn found(&self, files: &[&TestFile]) {
        if !self.ui.is_json() {
            return;
        }
        let mut all = Map::new();
        let mut runs = 0;
        for file in files {
            let names: Vec<Value> = file.runs.iter().map(|r| (&*r.name).into()).collect();
            runs += names.len();
            all.insert(file.name.to_string(), names.into());
        }
        let plural = |n: usize, what: &str| match n {
            1 => format!("1 {what}"),
            n => format!("{n} {what}s"),
        };
        let message = format!(
            "Found {} and {}",
            plural(files.len(), "file"),
            plural(runs, "run block")
        );
        self.event(&message, "test_abstract", None, None, all.into());
    }

    fn file(&self, file: &str, said: &str, colored: &str, mut value: Value) {
        if self.ui.is_json() {
            value["path"] = file.into();
            let message = format!("{file}... {said}");
            self.event(&message, "test_file", Some(file), None, value);
        } else {
            self.ui.line(&format!("{file}... {colored}"));
        }
    }

    pub(crate) fn file_starts(&self, file: &str) {
        let said = "in progress";
        let colored = self.paint().dim(said);
        self.file(file, said, &colored, json!({"progress": "starting"}));
    }

    pub(crate) fn file_tears_down(&self, file: &str) {
        let said = "tearing down";
        let colored = self.paint().dim(said);
        self.file(file, said, &colored, json!({"progress": "teardown"}));
    }

    pub(crate) fn file_ends(&self, file: &str, status: Status) {
        let value = json!({"progress": "complete", "status": status.word()});
        self.file(file, status.said(), &self.status(status), value);
    }

    pub(crate) fn run_starts(&self, file: &str, run: &str) {
        if self.ui.is_json() {
            self.run_goes_on(file, run, Stage::Starting, Duration::ZERO);
        }
    }

    /// A run, or destroying what it made, takes its time.
    pub(crate) fn run_goes_on(&self, file: &str, run: &str, stage: Stage, elapsed: Duration) {
        if !self.ui.is_json() {
            return;
        }
        let (progress, said) = match stage {
            Stage::Starting => ("starting", "in progress"),
            Stage::Running => ("running", "in progress"),
            Stage::TearingDown => ("teardown", "tearing down"),
        };
        let value = json!({
            "path": file,
            "run": run,
            "progress": progress,
            "elapsed": elapsed.as_millis() as u64,
        });
        let message = format!("  {run:?}... {said}");
        self.event(&message, "test_run", Some(file), Some(run), value);
    }

    pub(crate) fn run_ends(&self, file: &str, run: &str, status: Status) {
        if self.ui.is_json() {
            let value = json!({
                "path": file,
                "run": run,
                "progress": "complete",
                "status": status.word(),
            });
            let message = format!("  {run:?}... {}", status.said());
            self.event(&message, "test_run", Some(file), Some(run), value);
        } else {
            self.ui
                .line(&format!("  run {run:?}... {}", self.status(status)));
        }
    }

    /// A plan or state.
    pub(crate) fn shown(&self, file: &str, run: &str, shown: &Shown) {
        match shown {
            Shown::Text(text) => self.ui.out(&format!("{text}\n")),
            Shown::Event(kind, what, value) => {
                let message = format!("-verbose flag enabled, printing {what}");
                self.event(&message, kind, Some(file), Some(run), value.clone());
            }
        }
    }

    /// Problems of a file or a run.
    pub(crate) fn diagnostics(&self, file: Option<&str>, run: Option<&str>, diags: &Diagnostics) {
        if !self.ui.is_json() {
            self.ui.diagnostics(diags);
            let warned = diags.iter().any(|d| !d.is_error());
            if warned {
                self.ui.line("");
            }
            return;
        }
        let sources = self.ui.sources.borrow();
        for diagnostic in diags {
            let mut more = Map::new();
            more.extend(file.map(|f| ("@testfile".into(), f.into())));
            more.extend(run.map(|r| ("@testrun".into(), r.into())));
            let line = diagnostic::event_with(diagnostic, &sources, more);
            self.ui.line(&line);
        }
    }

    /// Objects that a run has made could not be destroyed, or there is something to be told of that.
    pub(crate) fn cleaned_up(&self, file: &str, run: &str, state: &State, diags: &Diagnostics) {
        let left = left(state);
        let place = format!("{file}/{run}");
        if self.ui.is_json() {
            if !left.is_empty() {
                self.left_behind(file, run, &left);
            }
            self.diagnostics(Some(file), Some(run), diags);
            return;
        }
        if diags.has_errors() {
            self.ui.err(&wrap(&format!(
                "{PROGRAM} encountered an error destroying resources created while executing {place}.\n"
            )));
        }
        self.ui.diagnostics(diags);
        if left.is_empty() {
            return;
        }
        let mut text = wrap(&format!(
            "\n{PROGRAM} left the following resources in state after executing {place}, and they need to be cleaned up manually:\n"
        ));
        for (addr, deposed) in left {
            let deposed = deposed.map_or_else(String::new, |key| format!(" ({key})"));
            text.push_str(&format!("  - {addr}{deposed}\n"));
        }
        self.ui.err(&text);
    }

    fn left_behind(&self, file: &str, run: &str, left: &[Left]) {
        let instances: Vec<Value> = left
            .iter()
            .map(|(addr, deposed)| {
                let mut object = Map::new();
                object.insert("instance".into(), addr.to_string().into());
                let key = deposed.as_ref().map(|key| key.to_string());
                object.extend(key.map(|key| ("deposed_key".into(), key.into())));
                object.into()
            })
            .collect();
        let message = format!(
            "{PROGRAM} left some resources in state after executing {file}/{run}, they need to be cleaned up manually."
        );
        let mut members = Map::new();
        members.insert("@testfile".into(), file.into());
        members.insert("@testrun".into(), run.into());
        let value = json!({"failed_resources": instances});
        members.insert("test_cleanup".into(), value);
        self.ui
            .line(&events::event("error", &message, "test_cleanup", members));
    }

    /// How it all ended.
    pub(crate) fn summary(&self, status: Status, counts: Counts) {
        let Counts {
            passed,
            failed,
            errored,
            skipped,
        } = counts;
        let mut said = match status {
            Status::Pass => "Success!",
            Status::Fail | Status::Error => "Failure!",
            Status::Pending | Status::Skip => "Executed 0 tests.",
        }
        .to_owned();
        if matches!(status, Status::Pass | Status::Fail | Status::Error) {
            said.push_str(&format!(" {passed} passed, {} failed", failed + errored));
            if skipped > 0 {
                said.push_str(&format!(", {skipped} skipped"));
            }
            said.push('.');
        }
        if self.ui.is_json() {
            let value = json!({
                "status": status.word(),
                "passed": passed,
                "failed": failed,
                "errored": errored,
                "skipped": skipped,
            });
            self.event(&said, "test_summary", None, None, value);
            return;
        }
        let paint = self.paint();
        let painted = match status {
            Status::Pass => said.replacen("Success!", &paint.green("Success!"), 1),
            Status::Fail | Status::Error => said.replacen("Failure!", &paint.red("Failure!"), 1),
            _ => said,
        };
        self.ui.line(&format!("\n{painted}"));
    }
}

/// An object, current or former.
type Left = (AbsResourceInstance, Option<DeposedKey>);

/// The objects of a state that somebody has to destroy.
fn left(state: &State) -> Vec<Left> {
    let managed = state
        .instances()
        .filter(|(addr, ..)| addr.resource.mode == Mode::Managed);
    managed
        .flat_map(|(addr, _, instance)| {
            let current = instance.current.iter().map(|_| None);
            let deposed = instance.deposed.keys().cloned().map(Some);
            let keys: Vec<Option<DeposedKey>> = current.chain(deposed).collect();
            keys.into_iter().map(move |key| (addr.clone(), key))
        })
        .collect()
}
