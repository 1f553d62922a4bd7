//! The journal file: records that are on the disk before anyone is told so.
//!
//! One thread writes. Whatever has come in while it was bringing earlier records to the disk is
//! written and brought there together: many operations that run at the same time share the cost of
//! one.

use diags::{Diagnostic, Diagnostics};
use states::journal::{Record, Start, Unresolved, encode};
use std::fmt;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Mutex, PoisonError};
use std::thread::JoinHandle;

#[cfg(test)]
mod tests;

/// Called, on the journal's thread, when a record is on the disk or cannot get there. Must not block.
pub type OnDurable = Box<dyn FnOnce(io::Result<()>) + Send>;

type Entry = (Vec<u8>, OnDurable);

/// A journal that is being written. Shared by everything that runs; dropping it leaves the file.
pub struct Journal {
    path: PathBuf,
    sender: Option<Sender<Entry>>,
    thread: Option<JoinHandle<()>>,
    /// Creates that have not ended: of earlier runs and of this one.
    creates: Mutex<Unresolved>,
}

impl fmt::Debug for Journal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Journal({})", self.path.display())
    }
}

impl Journal {
    /// Begins a journal in a new file that only its owner may read. A file that is there already is
    /// an error: nobody has looked at it yet. `creates` of earlier runs may end in this one.
    pub fn create(path: &Path, start: Start, creates: Unresolved) -> Result<Self, Diagnostics> {
        let mut options = OpenOptions::new();
        options.append(true).create_new(true).mode(0o600);
        let file = options.open(path).map_err(|e| match e.kind() {
            io::ErrorKind::AlreadyExists => in_use(path),
            _ => problem(path, &e),
        })?;
        let journal = Self::over(path, file, creates).map_err(|e| problem(path, &e))?;
        journal.append_and_wait(&Record::Start(start))?;
        let dir = path.parent().filter(|dir| !dir.as_os_str().is_empty());
        File::open(dir.unwrap_or_else(|| Path::new(".")))
            .and_then(|dir| dir.sync_all())
            .map_err(|e| problem(path, &e))?;
        Ok(journal)
    }

    fn over(path: &Path, sink: impl Sink, creates: Unresolved) -> io::Result<Self> {
        let (sender, receiver) = mpsc::channel();
        let thread = std::thread::Builder::new()
            .name("journal".into())
            .spawn(move || commit(&receiver, sink))?;
        Ok(Self {
            path: path.to_owned(),
            sender: Some(sender),
            thread: Some(thread),
            creates: Mutex::new(creates),
        })
    }

    /// Appends a record. Returns at once; `on_durable` is called when it is on the disk.
    ///
    /// After one failure every later record fails too: what follows a gap would be worth nothing.
    pub fn append(&self, record: &Record, on_durable: OnDurable) {
        let creates = self.creates.lock();
        creates
            .unwrap_or_else(PoisonError::into_inner)
            .follow([record]);
        let entry = (encode(record), on_durable);
        let failed = match &self.sender {
            Some(sender) => sender.send(entry).err().map(|e| e.0),
            None => Some(entry),
        };
        if let Some((_, on_durable)) = failed {
            on_durable(Err(io::Error::other("the journal is closed")));
        }
    }

    /// Appends a record and waits until it is on the disk.
    pub fn append_and_wait(&self, record: &Record) -> Result<(), Diagnostics> {
        let (sender, receiver) = mpsc::sync_channel(1);
        self.append(
            record,
            Box::new(move |result| {
                // Nobody waits any more: then nobody wants to know.
                let _ = sender.send(result);
            }),
        );
        receiver
            .recv()
            .unwrap_or_else(|_| Err(io::Error::other("the journal is closed")))
            .map_err(|e| problem(&self.path, &e))
    }

    /// Creates that have not ended: of earlier runs and of this one.
    pub fn unresolved(&self) -> Unresolved {
        let creates = self.creates.lock();
        creates.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Ends the journal after the state that holds all of it is safe: removes the file.
    pub fn remove(mut self) -> Result<(), Diagnostics> {
        self.stop();
        fs::remove_file(&self.path).map_err(|e| problem(&self.path, &e))
    }

    fn stop(&mut self) {
        drop(self.sender.take());
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the journal's thread has panicked");
        }
    }
}

impl Drop for Journal {
    /// What was appended still gets to the disk.
    fn drop(&mut self) {
        self.stop();
    }
}

/// What a journal is written to.
trait Sink: Send + 'static {
    fn write(&mut self, bytes: &[u8]) -> io::Result<()>;
    fn sync(&mut self) -> io::Result<()>;
}

impl Sink for File {
    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.write_all(bytes)
    }

    fn sync(&mut self) -> io::Result<()> {
        self.sync_data()
    }
}

/// The thread: takes all that has come in, writes it, brings it to the disk, tells everyone.
fn commit(receiver: &Receiver<Entry>, mut sink: impl Sink) {
    let mut failure: Option<(io::ErrorKind, String)> = None;
    while let Ok(first) = receiver.recv() {
        let mut bytes = Vec::new();
        let mut waiting = Vec::new();
        for (record, on_durable) in std::iter::once(first).chain(receiver.try_iter()) {
            bytes.extend_from_slice(&record);
            waiting.push(on_durable);
        }
        if failure.is_none()
            && let Err(error) = sink.write(&bytes).and_then(|()| sink.sync())
        {
            failure = Some((error.kind(), error.to_string()));
        }
        for on_durable in waiting {
            on_durable(match &failure {
                None => Ok(()),
                Some((kind, text)) => Err(io::Error::new(*kind, text.clone())),
            });
        }
    }
}

fn in_use(path: &Path) -> Diagnostics {
    Diagnostic::error(
        "Journal is in use",
        format!(
            "Another run is changing this state, or one was cut short: its journal is {}. Wait until it is over, or run with the state locked (without \"-lock=false\"): then what it left is brought in.",
            path.display()
        ),
    )
    .into()
}

fn problem(path: &Path, error: &io::Error) -> Diagnostics {
    Diagnostic::error(
        "Failed to write journal",
        format!(
            "What this run changes cannot be recorded in {}: {error}. Nothing may be changed without a record. Check that the disk is not full and that you may write there, then run again.",
            path.display()
        ),
    )
    .into()
}
