//! The lock that Terraform takes: a POSIX lock on the whole file, for writing.
//!
//! Linux has a kind that belongs to the handle instead of the process, and works together with the
//! other kind: it is not lost when the process reads the file through another handle, and two handles
//! in one process keep each other out. Where there is no such kind, the other one is taken.

use rustix::fs::{FlockOperation, fcntl_lock};
use rustix::io::Errno;
use std::fs::File;
use std::io;

/// Tries to take the lock; `false` = someone else has it.
pub(super) fn lock(file: &File) -> io::Result<bool> {
    let result = handle::lock(file).unwrap_or_else(|| {
        fcntl_lock(file, FlockOperation::NonBlockingLockExclusive).map_err(io::Error::from)
    });
    match result {
        Ok(()) => Ok(true),
        Err(e) => match Errno::from_io_error(&e) {
            Some(Errno::AGAIN | Errno::ACCESS) => Ok(false),
            _ => Err(e),
        },
    }
}

/// Gives the lock back. Closing the file is not enough at once: a process that is just being started
/// has the same handle until it runs its own program.
pub(super) fn unlock(file: &File) -> io::Result<()> {
    handle::unlock(file)
        .unwrap_or_else(|| fcntl_lock(file, FlockOperation::Unlock).map_err(io::Error::from))
}

/// Whether someone else has the lock. Where that cannot be told without taking it, the answer is no.
pub(super) fn is_held(file: &File) -> bool {
    handle::is_held(file)
}

/// Locks that belong to a handle; `None` = there is no such kind here.
#[cfg(target_os = "linux")]
mod handle {
    use nix::errno::Errno;
    use nix::fcntl::{FcntlArg, fcntl};
    use nix::libc;
    use std::fs::File;
    use std::io;

    pub(super) fn lock(file: &File) -> Option<io::Result<()>> {
        set(file, libc::F_WRLCK)
    }

    pub(super) fn unlock(file: &File) -> Option<io::Result<()>> {
        set(file, libc::F_UNLCK)
    }

    pub(super) fn is_held(file: &File) -> bool {
        let mut lock = whole_file(libc::F_WRLCK);
        fcntl(file, FcntlArg::F_GETLK(&mut lock)).is_ok()
            && lock.l_type != libc::F_UNLCK as libc::c_short
    }

    fn set(file: &File, kind: libc::c_int) -> Option<io::Result<()>> {
        match fcntl(file, FcntlArg::F_OFD_SETLK(&whole_file(kind))) {
            Err(Errno::EINVAL | Errno::ENOSYS) => None,
            result => Some(result.map(|_| ()).map_err(io::Error::from)),
        }
    }

    fn whole_file(kind: libc::c_int) -> libc::flock {
        libc::flock {
            l_type: kind as libc::c_short,
            l_whence: libc::SEEK_SET as libc::c_short,
            l_start: 0,
            l_len: 0,
            l_pid: 0,
        }
    }
}

/// Locks that belong to a handle: not here.
#[cfg(not(target_os = "linux"))]
mod handle {
    use std::fs::File;
    use std::io;

    pub(super) fn lock(_: &File) -> Option<io::Result<()>> {
        None
    }

    pub(super) fn unlock(_: &File) -> Option<io::Result<()>> {
        None
    }

    pub(super) fn is_held(_: &File) -> bool {
        false
    }
}
