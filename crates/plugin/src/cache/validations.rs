//! Which configurations a provider had nothing to say about.
//!
//! A provider's checks see nothing but the configuration, so what passed once passes again, and an
//! unchanged configuration needs no provider to be validated. Only what passed without any diagnostic is
//! remembered, as a hash of the program's identity, the call, the type and the configuration.

use super::Identity;
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::fs::OpenOptions;
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// How many are remembered on disk; beyond that, the older half is forgotten.
const MOST: usize = 16 * 1024;
/// How much of a hash is kept.
const LEN: usize = 16;

/// A configuration that was or is to be checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Check([u8; LEN]);

impl Check {
    pub(crate) fn new(program: &Identity, call: &str, kind: &str, config: &[u8]) -> Self {
        let mut hasher = Sha256::new();
        for part in [&program.bytes[..], call.as_bytes(), kind.as_bytes(), config] {
            hasher.update((part.len() as u64).to_le_bytes());
            hasher.update(part);
        }
        let mut hash = [0; LEN];
        hash.copy_from_slice(&hasher.finalize()[..LEN]);
        Self(hash)
    }
}

/// The configurations that passed.
pub(crate) struct Validations {
    file: Option<PathBuf>,
    known: Mutex<Option<BTreeSet<Check>>>,
}

impl Validations {
    /// Those in a file: hashes one after the other, the newest last.
    pub(super) const fn new(file: Option<PathBuf>) -> Self {
        Self {
            file,
            known: Mutex::new(None),
        }
    }

    /// Whether a configuration passed before.
    pub(crate) fn passed(&self, check: &Check) -> bool {
        self.with(|known| known.contains(check))
    }

    /// Remembers that a configuration passed.
    pub(crate) fn remember(&self, check: Check) {
        if self.with(|known| known.insert(check))
            && let Some(file) = &self.file
            && let Err(error) = append(file, check)
        {
            tracing::debug!(target: "provider", "{} cannot be written: {error}", file.display());
        }
    }

    fn with<T>(&self, f: impl FnOnce(&mut BTreeSet<Check>) -> T) -> T {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        f(known.get_or_insert_with(|| self.file.as_deref().map(load).unwrap_or_default()))
    }
}

fn load(file: &Path) -> BTreeSet<Check> {
    let mut content = std::fs::read(file).unwrap_or_default();
    if content.len() > MOST * LEN {
        content.drain(..content.len() - MOST / 2 * LEN);
        if let Err(error) = replace(file, &content) {
            tracing::debug!(target: "provider", "{} cannot be written: {error}", file.display());
        }
    }
    content
        .as_chunks::<LEN>()
        .0
        .iter()
        .copied()
        .map(Check)
        .collect()
}

fn replace(file: &Path, content: &[u8]) -> io::Result<()> {
    let dir = file.parent().unwrap_or(Path::new("."));
    let mut new = tempfile::NamedTempFile::new_in(dir)?;
    new.write_all(content)?;
    new.persist(file)?;
    Ok(())
}

/// One small write at the end of the file, which others may do at the same time.
fn append(file: &Path, check: Check) -> io::Result<()> {
    if let Some(dir) = file.parent() {
        std::fs::create_dir_all(dir)?;
    }
    let mut file = OpenOptions::new()
        .append(true)
        .create(true)
        .mode(0o600)
        .open(file)?;
    file.write_all(&check.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(n: usize) -> Check {
        let program = Identity {
            path: PathBuf::new(),
            bytes: Vec::new(),
        };
        Check::new(&program, "call", "kind", &n.to_le_bytes())
    }

    #[test]
    fn remembers_from_one_run_to_the_next_but_not_for_ever() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("validations");
        let first = Validations::new(Some(file.clone()));
        assert!(!first.passed(&check(0)));
        first.remember(check(0));
        assert!(first.passed(&check(0)));
        assert!(Validations::new(Some(file.clone())).passed(&check(0)));

        let all: Vec<u8> = (0..=MOST).flat_map(|n| check(n).0).collect();
        std::fs::write(&file, all).unwrap();
        let second = Validations::new(Some(file.clone()));
        assert!(!second.passed(&check(0)) && second.passed(&check(MOST)));
        assert_eq!(
            std::fs::metadata(&file).unwrap().len(),
            (MOST / 2 * LEN) as u64
        );
    }
}
