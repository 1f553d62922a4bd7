//! The file beside a journal in which creates that were cut short are remembered.
//!
//! It has the form of a journal: one line for each create. Taking a line out makes groma forget it.

use crate::local::{problem, remove_if_there, replace};
use diags::Diagnostics;
use states::journal::{Record, Unresolved, decode, encode};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Where the creates are remembered whose runs kept that journal.
pub(crate) fn path(journal: &Path) -> PathBuf {
    crate::paths::with_suffix(journal, ".interrupted")
}

/// What is remembered. Whole journals count too: earlier versions kept those.
pub(crate) fn read(path: &Path) -> Result<Unresolved, Diagnostics> {
    let mut creates = Unresolved::default();
    match fs::read(path) {
        Ok(bytes) => creates.follow(&decode(&bytes).records),
        Err(e) if e.kind() == io::ErrorKind::NotFound => {}
        Err(e) => return Err(problem("read", path, &e)),
    }
    Ok(creates)
}

/// Remembers exactly these; on the disk when it returns.
pub(crate) fn write(path: &Path, creates: &Unresolved) -> Result<(), Diagnostics> {
    let result = if creates.is_empty() {
        remove_if_there(path)
    } else {
        let records = creates.iter().map(|i| encode(&Record::Intent(i.clone())));
        replace(path, &records.collect::<Vec<_>>().concat())
    };
    result.map_err(|e| problem("write", path, &e))
}
