//! All test files, one after the other.

use super::inputs::Globals;
use super::runner::FileRunner;
use super::{Counts, Status};
use crate::variables::Given;
use crate::views::tests::Reporter;
use crate::workdir::Workdir;
use configs::{Config, TestFile};
use diags::Diagnostics;
use std::cell::Cell;
use std::path::{Path, PathBuf};

/// How tests are run.
#[derive(Debug)]
pub(crate) struct Options {
    /// Where tests are, besides the working directory.
    pub(crate) test_dir: PathBuf,
    /// Only these files; all if empty.
    pub(crate) filter: Vec<String>,
    /// `-var` and `-var-file`.
    pub(crate) given: Vec<Given>,
    /// Whether the plan or state of each run is shown.
    pub(crate) verbose: bool,
    /// How many operations may run at once.
    pub(crate) parallelism: usize,
}

/// The test files of a configuration.
pub(crate) struct Suite<'w> {
    pub(super) workdir: &'w Workdir,
    pub(super) config: &'w Config,
    pub(super) options: &'w Options,
    pub(super) reporter: Reporter<'w>,
    /// Set when somebody has interrupted a run.
    pub(super) stopped: Cell<bool>,
}

impl<'w> Suite<'w> {
    pub(crate) fn new(workdir: &'w Workdir, config: &'w Config, options: &'w Options) -> Self {
        Self {
            workdir,
            config,
            options,
            reporter: Reporter::new(&workdir.ui),
            stopped: Cell::new(false),
        }
    }

    /// Runs the files; how the worst of them ended.
    pub(crate) fn run(&self, files: &[TestFile]) -> Result<Status, Diagnostics> {
        let chosen = |file: &&TestFile| {
            let filter = &self.options.filter;
            filter.is_empty()
                || filter
                    .iter()
                    .any(|f| Path::new(f) == Path::new(&*file.name))
        };
        let files: Vec<&TestFile> = files.iter().filter(chosen).collect();
        let globals: Vec<Globals> = files.iter().map(|f| Globals::gather(self, f)).collect();
        for globals in &globals {
            globals.check_sources()?;
        }
        self.reporter.found(&files);
        let (mut status, mut counts) = (Status::Pass, Counts::default());
        for (file, globals) in files.into_iter().zip(globals) {
            if self.stopped.get() {
                break;
            }
            let (ended, runs) = FileRunner::new(self, file, globals).run();
            status = status.max(ended);
            for run in runs {
                counts.add(run);
            }
        }
        self.reporter.summary(status, counts);
        Ok(status)
    }
}
