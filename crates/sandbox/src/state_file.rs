//! The file in which a sandbox keeps its objects between two starts.

use crate::{aws, google};
use serde::{Deserialize, Serialize};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::sync::Notify;

/// What the first field of every such file says.
const FORMAT: &str = "groma sandbox";
/// The version that is written, and the only one that is read.
const VERSION: u32 = 1;
/// How long changes are gathered before they are written.
const GATHER: Duration = Duration::from_millis(200);

/// Why objects could not be read or kept.
#[derive(Debug, thiserror::Error)]
pub enum StateFileError {
    /// Not readable.
    #[error("cannot read {}: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// Not writable.
    #[error("cannot write {}: {source}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A file of something else.
    #[error("{} is not a state file of a sandbox: it stays as it is. Name another file, or one that does not exist yet", .0.display())]
    Foreign(PathBuf),
    /// A file of another version.
    #[error("{} has version {version} of the format; this sandbox reads version {VERSION}", path.display())]
    Version {
        /// The file.
        path: PathBuf,
        /// Its version.
        version: u64,
    },
    /// A file of a sandbox that was changed by hand, most likely.
    #[error("{} is damaged: {source}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// Where.
        source: serde_json::Error,
    },
}

#[derive(Serialize)]
struct Written<'a> {
    format: &'static str,
    version: u32,
    aws: &'a aws::Account,
    google: &'a google::Project,
}

#[derive(Deserialize)]
struct Head {
    format: Option<String>,
    version: Option<u64>,
}

#[derive(Deserialize)]
struct Read {
    aws: aws::Account,
    google: google::Project,
}

/// Reads the objects; `None` if there is no such file, or an empty one.
pub(crate) fn load(path: &Path) -> Result<Option<(aws::Account, google::Project)>, StateFileError> {
    let text = match std::fs::read(path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(source) => {
            let path = path.to_owned();
            return Err(StateFileError::Read { path, source });
        }
    };
    if text.is_empty() {
        return Ok(None);
    }
    let path = path.to_owned();
    let head: Option<Head> = serde_json::from_slice(&text).ok();
    let Some(Head {
        format: Some(format),
        version: Some(version),
    }) = head
    else {
        return Err(StateFileError::Foreign(path));
    };
    if format != FORMAT {
        return Err(StateFileError::Foreign(path));
    }
    if version != u64::from(VERSION) {
        return Err(StateFileError::Version { path, version });
    }
    match serde_json::from_slice::<Read>(&text) {
        Ok(read) => Ok(Some((read.aws, read.google))),
        Err(source) => Err(StateFileError::Damaged { path, source }),
    }
}

/// The text of a file with these objects.
pub(crate) fn encode(
    aws: &aws::Account,
    google: &google::Project,
) -> Result<Vec<u8>, serde_json::Error> {
    serde_json::to_vec(&Written {
        format: FORMAT,
        version: VERSION,
        aws,
        google,
    })
}

/// Where objects are kept, and whether they changed since.
#[derive(Debug)]
pub(crate) struct StateFile {
    path: PathBuf,
    changed: AtomicBool,
    wake: Notify,
}

impl StateFile {
    pub(crate) fn new(path: PathBuf) -> Self {
        Self {
            path,
            changed: AtomicBool::new(false),
            wake: Notify::new(),
        }
    }

    /// Notes a change.
    pub(crate) fn mark(&self) {
        self.changed.store(true, Ordering::Release);
        self.wake.notify_one();
    }

    /// Waits for a change, and a little longer for those that come with it.
    pub(crate) async fn settled(&self) {
        self.wake.notified().await;
        tokio::time::sleep(GATHER).await;
    }

    /// Writes a new file in the place of the old one, if anything changed.
    pub(crate) fn save(
        &self,
        encode: impl FnOnce() -> Result<Vec<u8>, serde_json::Error>,
    ) -> Result<(), StateFileError> {
        if !self.changed.swap(false, Ordering::AcqRel) {
            return Ok(());
        }
        let written = encode()
            .map_err(std::io::Error::from)
            .and_then(|text| replace(&self.path, &text));
        written.map_err(|source| {
            self.changed.store(true, Ordering::Release);
            let path = self.path.clone();
            StateFileError::Write { path, source }
        })
    }
}

/// Whoever reads the file sees the old text or the new one, and only its owner does.
fn replace(path: &Path, text: &[u8]) -> std::io::Result<()> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.new", std::process::id()));
    let new = path.with_file_name(name);
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options
        .open(&new)
        .and_then(|mut file| file.write_all(text).and_then(|()| file.sync_all()))
        .and_then(|()| std::fs::rename(&new, path));
    if written.is_err() {
        let _ = std::fs::remove_file(&new);
    }
    written
}

#[cfg(test)]
mod tests;
