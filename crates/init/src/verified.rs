//! Hashes of installed packages, remembered.
//!
//! Every run checks that the installed packages are the locked ones, and a package can have hundreds
//! of megabytes. So the hash is kept together with what the system says about each file: size, times,
//! and which file it is (device and inode). As long as none of that changes, the files are not read
//! again. The time of the last change to a file's data or attributes cannot be set by programs, so a
//! file that was replaced or written to is noticed even if its date was set back.

use crate::hash::{hash_directory, package_files};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// The hashes that earlier runs found, by package directory.
#[derive(Debug)]
pub(crate) struct VerifiedHashes {
    path: PathBuf,
    entries: BTreeMap<String, Entry>,
    changed: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Entry {
    /// A digest of what the system says about the files.
    files: String,
    h1: String,
}

impl VerifiedHashes {
    /// What is remembered in a data directory (`.terraform`). A file that cannot be read is as good
    /// as none.
    pub(crate) fn load(data_dir: &Path) -> Self {
        let path = data_dir.join("verified-providers.json");
        let entries = fs::read(&path)
            .ok()
            .and_then(|bytes| serde_json::from_slice(&bytes).ok())
            .unwrap_or_default();
        Self {
            path,
            entries,
            changed: false,
        }
    }

    /// The `h1:` hash of an unpacked package, and whether the files had to be read for it.
    pub(crate) fn hash(&mut self, dir: &Path) -> io::Result<(String, bool)> {
        let name = dir.canonicalize()?.to_string_lossy().into_owned();
        let before = fingerprint(dir)?;
        if let Some(entry) = self.entries.get(&name).filter(|e| e.files == before) {
            return Ok((entry.h1.clone(), false));
        }
        let h1 = hash_directory(dir)?;
        // A package that changes while it is read has no hash that could be kept.
        if fingerprint(dir)? == before {
            let entry = Entry {
                files: before,
                h1: h1.clone(),
            };
            self.entries.insert(name, entry);
            self.changed = true;
        }
        Ok((h1, true))
    }

    /// Keeps what was found for later runs. What cannot be kept is found again.
    pub(crate) fn save(&self) {
        if !self.changed {
            return;
        }
        let write = || -> io::Result<()> {
            let dir = self.path.parent().unwrap_or_else(|| Path::new("."));
            fs::create_dir_all(dir)?;
            let mut file = tempfile::NamedTempFile::new_in(dir)?;
            file.write_all(&serde_json::to_vec(&self.entries)?)?;
            file.persist(&self.path)?;
            Ok(())
        };
        if let Err(error) = write() {
            tracing::debug!(%error, "hashes of providers are not remembered");
        }
    }
}

fn fingerprint(dir: &Path) -> io::Result<String> {
    let mut digest = Sha256::new();
    for (name, path) in package_files(dir)? {
        let m = fs::metadata(path)?;
        digest.update(format!(
            "{name:?} {} {} {} {} {} {} {}\n",
            m.size(),
            m.mtime(),
            m.mtime_nsec(),
            m.ctime(),
            m.ctime_nsec(),
            m.dev(),
            m.ino()
        ));
    }
    Ok(hex::encode(digest.finalize()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_read_again_only_after_a_change() {
        let dir = tempfile::tempdir().unwrap();
        let package = dir.path().join("p");
        fs::create_dir(&package).unwrap();
        fs::write(package.join("a"), "1").unwrap();
        let hash = |expected_read: bool| {
            let mut verified = VerifiedHashes::load(&dir.path().join(".terraform"));
            let (hash, read) = verified.hash(&package).unwrap();
            assert_eq!(read, expected_read);
            verified.save();
            hash
        };
        let first = hash(true);
        assert_eq!(hash(false), first);
        let date = fs::metadata(package.join("a")).unwrap().modified().unwrap();
        fs::write(package.join("a"), "2").unwrap();
        fs::File::options()
            .write(true)
            .open(package.join("a"))
            .unwrap()
            .set_modified(date)
            .unwrap();
        assert_ne!(hash(true), first);
        fs::write(package.join("b"), "").unwrap();
        hash(true);
        hash(false);
    }
}
