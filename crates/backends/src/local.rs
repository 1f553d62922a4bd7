//! A state in a file.
//!
//! The lock is an advisory lock on the state file itself, the kind that Terraform takes: the two
//! programs keep each other out. Whoever waits for the lock holds the same file open. Therefore the
//! file must stay the same one and cannot be replaced by a new one of the same name: it is written in
//! place. So that a crash in the middle of that loses nothing, the new state is first written beside
//! it and brought to the disk; what is found there after a crash is moved over.
//!
//! Where the system drops such a lock when the process closes *any* handle to the file, only reading
//! and writing through the one handle that holds the lock keeps it: that is what happens here.

mod advisory;
mod durable;

#[cfg(test)]
mod tests;

use crate::store::LockHeld;
use crate::{LockInfo, StatePaths, StateStore};
use diags::{Diagnostic, Diagnostics};
use states::StateFile;
use std::fs::{self, File};
use std::io::{self, Read, Seek};
use std::path::{Path, PathBuf};

/// A state in a file.
#[derive(Debug)]
pub struct LocalStore {
    paths: StatePaths,
    journal: PathBuf,
    lock: Option<Lock>,
}

#[derive(Debug)]
struct Lock {
    file: File,
    /// Whether the file was made for the lock.
    created: bool,
}

impl LocalStore {
    /// The store for these places. Nothing is opened yet.
    pub fn new(paths: StatePaths) -> Self {
        let journal = paths.journal();
        Self {
            paths,
            journal,
            lock: None,
        }
    }

    /// Where the files are.
    pub const fn paths(&self) -> &StatePaths {
        &self.paths
    }

    /// Moves over what a crash has left beside the state.
    fn recover(&mut self) -> Result<(), Diagnostics> {
        let incoming = self.paths.incoming();
        let Some(bytes) = read_if_there(&incoming).map_err(|e| problem("read", &incoming, &e))?
        else {
            return Ok(());
        };
        // Cut off = the crash came before the state itself was touched.
        if let Ok(new) = states::file::read(&bytes) {
            let current = self
                .current()
                .map_err(|e| problem("read", &self.paths.write, &e))?;
            let newer = match states::file::read(&current) {
                Ok(old) => old.lineage == new.lineage && old.serial < new.serial,
                Err(_) => true,
            };
            if newer {
                tracing::warn!(
                    serial = new.serial,
                    "completing a state write that was cut short"
                );
                self.put(&bytes)
                    .map_err(|e| problem("write", &self.paths.write, &e))?;
            }
        }
        fs::remove_file(&incoming).map_err(|e| problem("remove", &incoming, &e))
    }

    /// The bytes where the state is written.
    fn current(&mut self) -> io::Result<Vec<u8>> {
        match &mut self.lock {
            Some(lock) => {
                let mut bytes = Vec::new();
                lock.file.rewind()?;
                lock.file.read_to_end(&mut bytes)?;
                Ok(bytes)
            }
            None => Ok(read_if_there(&self.paths.write)?.unwrap_or_default()),
        }
    }

    fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        match &mut self.lock {
            Some(lock) => durable::overwrite(&mut lock.file, bytes),
            None => {
                let (mut file, _) = durable::open(&self.paths.write)?;
                durable::overwrite(&mut file, bytes)?;
                durable::sync_directory(&self.paths.write)
            }
        }
    }

    fn holder(&self) -> Option<LockInfo> {
        serde_json::from_slice(&fs::read(self.paths.lock_info()).ok()?).ok()
    }
}

impl StateStore for LocalStore {
    fn try_lock(&mut self, info: &LockInfo) -> Result<Result<(), LockHeld>, Diagnostics> {
        if self.lock.is_some() {
            return Ok(Err(LockHeld {
                message: "this run has locked the state already".into(),
                holder: self.holder(),
            }));
        }
        let path = &self.paths.write;
        let (file, created) = loop {
            let (file, created) = durable::open(path).map_err(|e| problem("open", path, &e))?;
            match advisory::lock(&file) {
                // Else the former holder has just removed the file that it had made for its lock.
                Ok(true) if durable::is_at(&file, path) => break (file, created),
                Ok(true) => {}
                Ok(false) => {
                    return Ok(Err(LockHeld {
                        message: "resource temporarily unavailable".into(),
                        holder: self.holder(),
                    }));
                }
                Err(e) => return Err(problem("lock", path, &e)),
            }
        };
        self.lock = Some(Lock { file, created });
        let info = LockInfo {
            path: path.display().to_string(),
            ..info.clone()
        };
        let info_path = self.paths.lock_info();
        let json = serde_json::to_vec(&info).unwrap_or_default();
        durable::write_private(&info_path, &json).map_err(|e| problem("write", &info_path, &e))?;
        self.recover()?;
        Ok(Ok(()))
    }

    fn unlock(&mut self) -> Result<(), Diagnostics> {
        let Some(Lock { file, created }) = self.lock.take() else {
            return Ok(());
        };
        let info = self.paths.lock_info();
        remove_if_there(&info).map_err(|e| problem("remove", &info, &e))?;
        // A file that was made only to be locked goes again.
        if created && file.metadata().is_ok_and(|m| m.len() == 0) {
            let path = &self.paths.write;
            remove_if_there(path).map_err(|e| problem("remove", path, &e))?;
        }
        advisory::unlock(&file).map_err(|e| problem("unlock", &self.paths.write, &e))
    }

    fn force_unlock(&mut self, id: &str) -> Result<(), Diagnostics> {
        let path = self.paths.write.display().to_string();
        let Some(holder) = self.holder() else {
            return Err(unlock_error(format!("The state {path} is not locked.")));
        };
        if holder.id != id {
            return Err(unlock_error(format!(
                "The lock has another ID than {id:?}. Give the ID of the lock that is there:\n\n{holder}"
            )));
        }
        if self.try_lock(&holder)?.is_err() {
            return Err(unlock_error(format!(
                "Local state cannot be unlocked by another process: the system itself keeps the lock for as long as the process that took it lives. End that process.\n\n{holder}"
            )));
        }
        self.unlock()
    }

    fn in_use(&mut self) -> bool {
        self.lock.is_none()
            && File::open(&self.paths.write).is_ok_and(|file| advisory::is_held(&file))
    }

    fn read(&mut self) -> Result<Option<StateFile>, Diagnostics> {
        let path = self.paths.read.clone();
        let bytes = if path == self.paths.write {
            let bytes = self.current();
            // Without a lock nobody moves over what a crash has left: look there first.
            match (&self.lock, read_if_there(&self.paths.incoming())) {
                (None, Ok(Some(new)))
                    if bytes.as_ref().is_ok_and(|b| states::file::read(b).is_err())
                        && states::file::read(&new).is_ok() =>
                {
                    Ok(new)
                }
                _ => bytes,
            }
        } else {
            read_if_there(&path).map(Option::unwrap_or_default)
        };
        let bytes = bytes.map_err(|e| problem("read", &path, &e))?;
        if bytes.is_empty() {
            return Ok(None);
        }
        states::file::read(&bytes).map(Some).map_err(|mut diags| {
            for diagnostic in diags.iter_mut() {
                diagnostic.detail = format!("In {}: {}", path.display(), diagnostic.detail);
            }
            diags
        })
    }

    fn write(&mut self, file: &StateFile) -> Result<(), Diagnostics> {
        let bytes = states::file::write(file);
        let incoming = self.paths.incoming();
        durable::write_private(&incoming, &bytes).map_err(|e| problem("write", &incoming, &e))?;
        self.put(&bytes)
            .map_err(|e| problem("write", &self.paths.write, &e))?;
        // Reading from one file and writing to another ends with the first write.
        self.paths.read.clone_from(&self.paths.write);
        remove_if_there(&incoming).map_err(|e| problem("remove", &incoming, &e))
    }

    fn back_up(&mut self, file: &StateFile) -> Result<(), Diagnostics> {
        let Some(path) = self.paths.backup.clone() else {
            return Ok(());
        };
        durable::replace(&path, &states::file::write(file)).map_err(|e| problem("write", &path, &e))
    }

    fn journal_path(&self) -> &Path {
        &self.journal
    }
}

impl Drop for LocalStore {
    fn drop(&mut self) {
        if self.unlock().is_err() {
            tracing::warn!("the lock information could not be removed");
        }
    }
}

fn read_if_there(path: &Path) -> io::Result<Option<Vec<u8>>> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(e) => Err(e),
    }
}

/// Replaces a file, or makes it, in one step, and brings it to the disk.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    durable::replace(path, bytes)
}

pub(crate) fn remove_if_there(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(e) if e.kind() != io::ErrorKind::NotFound => Err(e),
        _ => Ok(()),
    }
}

fn unlock_error(detail: String) -> Diagnostics {
    Diagnostic::error("Failed to unlock state", detail).into()
}

/// An error about a file.
pub(crate) fn problem(what: &str, path: &Path, error: &io::Error) -> Diagnostics {
    Diagnostic::error(
        format!("Failed to {what} state"),
        format!(
            "Cannot {what} {}: {error}. Check that the directory exists, that its disk is not full and that you may write there, then run again.",
            path.display()
        ),
    )
    .into()
}
