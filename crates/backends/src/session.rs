//! One run's use of a state.

#[cfg(test)]
mod tests;

use crate::store::lock_with_timeout;
use crate::{Journal, LockInfo, StateStore, interrupted};
use diags::{Diagnostic, Diagnostics};
use states::journal::{Decoded, Interrupted, Record, Replay, Start, Unresolved, decode};
use states::{State, StateFile};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// How a state is opened.
#[derive(Clone, Debug)]
pub struct SessionOptions {
    /// Who locks it and what for; `None` = it is not locked (`-lock=false`, or it is only shown).
    pub lock: Option<LockInfo>,
    /// How long to wait for a lock that someone else has (`-lock-timeout`).
    pub lock_timeout: Duration,
}

/// A state that is open, what an earlier run left undone, and what to tell about that.
#[derive(Debug)]
pub struct Opened {
    /// The state.
    pub session: Session,
    /// Calls of the last run of which nobody knows how they ended.
    pub interrupted: Vec<Interrupted>,
    /// Warnings: about damaged journals, and interrupted calls other than creates.
    pub warnings: Diagnostics,
}

/// One run's use of a state. Dropping it gives the lock back and leaves the journal: that is what a
/// run that fails should do.
pub struct Session {
    store: Box<dyn StateStore>,
    locked: bool,
    /// The state as it was when the session began; `None` = there was none.
    base: Option<StateFile>,
    /// The state as it was written last.
    file: StateFile,
    written: bool,
    journal: Option<Arc<Journal>>,
    /// Creates of earlier runs of which nobody knows how they ended, as they are remembered on the disk.
    creates: Unresolved,
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "Session(serial {}, lineage {})",
            self.file.serial, self.file.lineage
        )
    }
}

impl Session {
    /// Locks and reads the state, and brings in what a run that was cut short has left.
    ///
    /// With a lock, the completed state is written at once and the journal is removed; creates of which
    /// nobody knows how they ended are remembered in another file. Without one, the state is completed
    /// only in memory.
    ///
    /// `waiting` is called once if someone else has the lock and there is time to wait.
    pub fn open(
        mut store: Box<dyn StateStore>,
        options: &SessionOptions,
        waiting: &mut dyn FnMut(),
    ) -> Result<Opened, Diagnostics> {
        if let Some(info) = &options.lock {
            lock_with_timeout(&mut *store, info, options.lock_timeout, waiting)?;
        }
        let mut warnings = Diagnostics::new();
        let base = store.read()?;
        let journal_path = store.journal_path().to_owned();
        let bytes = match fs::read(&journal_path) {
            // The journal of a run that is going on is that run's own business.
            Ok(_) if options.lock.is_none() && store.in_use() => None,
            Ok(bytes) => Some(bytes),
            Err(e) if e.kind() == io::ErrorKind::NotFound => None,
            Err(e) => return Err(crate::local::problem("read", &journal_path, &e)),
        };
        let decoded = decode(bytes.as_deref().unwrap_or_default());
        let replay = complete(base.clone(), &decoded, &journal_path, &mut warnings)?;
        let kept_in = interrupted::path(&journal_path);
        let kept = interrupted::read(&kept_in)?;
        let mut creates = kept.clone();
        creates.follow(&decoded.records);
        creates.settle(&replay.file.state);
        let mut session = Self {
            store,
            locked: options.lock.is_some(),
            file: base.clone().unwrap_or_else(|| StateFile {
                state: State::default(),
                ..replay.file.clone()
            }),
            base,
            written: false,
            journal: None,
            creates,
        };
        if session.locked && bytes.is_some() {
            if replay.changed {
                session.save(replay.file.state)?;
            }
        } else {
            session.file = replay.file;
        }
        if session.locked {
            // The journal goes last: until then a run that is killed here has changed nothing.
            if session.creates != kept {
                interrupted::write(&kept_in, &session.creates)?;
            }
            if bytes.is_some() {
                crate::local::remove_if_there(&journal_path)
                    .map_err(|e| crate::local::problem("remove", &journal_path, &e))?;
            }
        }
        Ok(Opened {
            session,
            interrupted: replay.interrupted,
            warnings,
        })
    }

    /// Creates of earlier runs of which nobody knows how they ended, and the file that remembers them.
    pub fn interrupted_creates(&self) -> (&Unresolved, PathBuf) {
        (&self.creates, interrupted::path(self.store.journal_path()))
    }

    /// Forgets an interrupted create that a person has seen to; whether there was one. The session must
    /// hold the lock.
    pub fn forget(&mut self, addr: &addrs::AbsResourceInstance) -> Result<bool, Diagnostics> {
        let found = self.creates.forget(addr);
        if found {
            interrupted::write(&interrupted::path(self.store.journal_path()), &self.creates)?;
        }
        Ok(found)
    }

    /// The state as it is stored (without a lock: completed from the journal).
    pub const fn file(&self) -> &StateFile {
        &self.file
    }

    /// Whether there was a state when the session began.
    pub const fn existed(&self) -> bool {
        self.base.is_some()
    }

    /// Begins the journal of this run. `time` is written as people read it.
    pub fn begin(&mut self, operation: &str, time: &str) -> Result<Arc<Journal>, Diagnostics> {
        let start = Start {
            lineage: self.file.lineage.as_str().into(),
            serial: self.file.serial,
            operation: operation.into(),
            time: time.into(),
        };
        let journal = Journal::create(self.store.journal_path(), start, self.creates.clone());
        let journal = Arc::new(journal?);
        self.journal = Some(journal.clone());
        Ok(journal)
    }

    /// Writes the state if it differs from what was written last; `true` = it did.
    ///
    /// The serial rises by one. Before the first write the former state is backed up.
    pub fn save(&mut self, state: State) -> Result<bool, Diagnostics> {
        let exists = self.written || self.base.is_some();
        if exists && state == self.file.state {
            return Ok(false);
        }
        let file = StateFile {
            terraform_version: states::TERRAFORM_VERSION.into(),
            serial: self.file.serial + 1,
            lineage: self.file.lineage.clone(),
            state,
        };
        if let Some(journal) = &self.journal {
            journal.append_and_wait(&Record::Checkpoint(file.serial))?;
        }
        self.write(&file).map_err(|mut diags| {
            if self.journal.is_some() {
                let path = self.store.journal_path().display().to_string();
                diags.push(Diagnostic::warning(
                    "Changes are kept in the journal",
                    format!("The state could not be written, but nothing is lost: what this run has done is recorded in {path}. The next run that locks the state brings it in. Do not delete that file."),
                ));
            }
            diags
        })?;
        self.written = true;
        self.file = file;
        Ok(true)
    }

    fn write(&mut self, file: &StateFile) -> Result<(), Diagnostics> {
        if !self.written
            && let Some(base) = &self.base
        {
            self.store.back_up(base)?;
        }
        self.store.write(file)
    }

    /// Writes a whole file as it is: lineage and serial too (`state push`). Unless `force` is set,
    /// another lineage or a lower serial than what is stored is an error.
    pub fn push(&mut self, file: StateFile, force: bool) -> Result<(), Diagnostics> {
        let refuse = |why: String| -> Result<(), Diagnostics> {
            Err(Diagnostic::error(
                "Failed to write state",
                format!("{why} Pass \"-force\" to write it all the same; what is stored is replaced by that."),
            )
            .into())
        };
        if let (Some(base), false) = (&self.base, force) {
            if !base.lineage.is_empty() && base.lineage != file.lineage {
                return refuse(format!(
                    "The lineage {:?} of the given state is not {:?}, the one of the stored state: they have nothing to do with each other.",
                    file.lineage, base.lineage
                ));
            }
            if file.serial < self.file.serial {
                return refuse(format!(
                    "The given state has serial {}, the stored one has {}: it is older.",
                    file.serial, self.file.serial
                ));
            }
        }
        self.write(&file)?;
        self.written = true;
        self.file = file;
        Ok(())
    }

    /// Ends the run after the last [`Session::save`]: removes the journal, gives the lock back.
    pub fn finish(mut self) -> Result<(), Diagnostics> {
        let path = self.store.journal_path().to_owned();
        if let Some(journal) = &self.journal {
            let mut creates = journal.unresolved();
            creates.settle(&self.file.state);
            if creates != self.creates {
                interrupted::write(&interrupted::path(&path), &creates)?;
            }
        }
        match self.journal.take().map(Arc::try_unwrap) {
            None => {}
            Some(Ok(journal)) => journal.remove()?,
            // Someone still holds it: the file goes, what they append afterwards has no meaning.
            Some(Err(_)) => crate::local::remove_if_there(&path)
                .map_err(|e| crate::local::problem("remove", &path, &e))?,
        }
        self.store.unlock()
    }
}

fn complete(
    base: Option<StateFile>,
    decoded: &Decoded,
    path: &Path,
    warnings: &mut Diagnostics,
) -> Result<Replay, Diagnostics> {
    for damage in decoded.damage.iter().filter(|damage| !damage.at_end) {
        warnings.push(Diagnostic::warning(
            "Damaged journal",
            format!(
                "Line {} of the journal {} of an earlier run is passed over: {}. What it recorded may be missing from the state.",
                damage.line,
                path.display(),
                damage.what
            ),
        ));
    }
    // A run that died while it wrote the first line has done nothing.
    let replay = states::journal::replay(base, &decoded.records).map_err(|mut diags| {
        for diagnostic in diags.iter_mut() {
            diagnostic.detail = format!("{} The journal is {}.", diagnostic.detail, path.display());
        }
        diags
    })?;
    if replay.changed {
        warnings.push(Diagnostic::warning(
            "State completed from journal",
            format!(
                "An earlier run was cut short. What it had done by then was recorded in {} and is now in the state.",
                path.display()
            ),
        ));
    }
    warnings.append(
        replay
            .interrupted
            .iter()
            .filter_map(Interrupted::diagnostic),
    );
    Ok(replay)
}
