//! Writing files so that they survive a crash.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Seek, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::Path;

/// Opens a file for reading and writing; makes it, for its owner only, if it is not there (`true`).
pub(super) fn open(path: &Path) -> io::Result<(File, bool)> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).mode(0o600);
    match options.open(path) {
        Ok(file) => Ok((file, false)),
        Err(e) if e.kind() == io::ErrorKind::NotFound => {
            if let Some(dir) = directory(path) {
                fs::create_dir_all(dir)?;
            }
            Ok((options.create(true).truncate(false).open(path)?, true))
        }
        Err(e) => Err(e),
    }
}

/// Replaces the content of an open file and brings it to the disk.
pub(super) fn overwrite(file: &mut File, bytes: &[u8]) -> io::Result<()> {
    file.rewind()?;
    file.write_all(bytes)?;
    file.set_len(bytes.len() as u64)?;
    file.sync_all()
}

/// Whether the path leads to the open file, and not to another that has taken its place.
pub(super) fn is_at(file: &File, path: &Path) -> bool {
    match (file.metadata(), fs::metadata(path)) {
        (Ok(a), Ok(b)) => (a.dev(), a.ino()) == (b.dev(), b.ino()),
        _ => false,
    }
}

/// Writes a file that only its owner may read and brings it and its name to the disk.
pub(super) fn write_private(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if let Some(dir) = directory(path) {
        fs::create_dir_all(dir)?;
    }
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true).mode(0o600);
    let mut file = options.open(path)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    sync_directory(path)
}

/// Replaces a file by a new one in one step. The new one keeps the mode of the old one; where there
/// was none, only its owner may read it.
pub(super) fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let dir = directory(path).unwrap_or_else(|| Path::new("."));
    fs::create_dir_all(dir)?;
    // A link stays one: what it leads to is replaced.
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    // A device or a pipe stays what it is: a file in the place of /dev/null would harm everybody.
    if fs::metadata(&target).is_ok_and(|it| !it.is_file() && !it.is_dir()) {
        return OpenOptions::new()
            .write(true)
            .open(&target)?
            .write_all(bytes);
    }
    let dir = directory(&target).unwrap_or(dir);
    let mut file = tempfile::NamedTempFile::new_in(dir)?;
    file.write_all(bytes)?;
    if let Ok(metadata) = fs::metadata(&target) {
        file.as_file().set_permissions(metadata.permissions())?;
    }
    file.as_file().sync_all()?;
    file.persist(&target)?;
    sync_directory(&target)
}

/// Brings the directory that a file is in to the disk.
pub(super) fn sync_directory(path: &Path) -> io::Result<()> {
    File::open(directory(path).unwrap_or_else(|| Path::new(".")))?.sync_all()
}

/// The directory a file is in; `None` = the current one.
fn directory(path: &Path) -> Option<&Path> {
    path.parent().filter(|dir| !dir.as_os_str().is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::FileTypeExt;

    #[test]
    fn a_pipe_stays_a_pipe() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("pipe");
        let made = std::process::Command::new("mkfifo").arg(&path).status();
        assert!(made.unwrap().success());
        let reader = std::thread::spawn({
            let path = path.clone();
            move || fs::read(path).unwrap()
        });
        replace(&path, b"state").unwrap();
        assert_eq!(reader.join().unwrap(), b"state");
        assert!(fs::metadata(&path).unwrap().file_type().is_fifo());
    }
}
