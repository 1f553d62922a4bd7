//! The lock that Terraform takes: a POSIX lock on the whole file, for writing.

use std::fs::File;
use std::io;

/// Tries to take the lock; `false` = someone else has it. It ends when the file is closed.
///
/// Linux has a kind that belongs to the handle instead of the process, and works together with the
/// other kind: it is not lost when the process reads the file through another handle, and two handles
/// in one process keep each other out.
#[cfg(target_os = "linux")]
pub(super) fn lock(file: &File) -> io::Result<bool> {
    use nix::errno::Errno;
    use nix::fcntl::{FcntlArg, fcntl};
    use nix::libc;

    match fcntl(file, FcntlArg::F_OFD_SETLK(&whole_file(libc::F_WRLCK))) {
        Ok(_) => Ok(true),
        Err(Errno::EAGAIN | Errno::EACCES) => Ok(false),
        Err(e) => Err(e.into()),
    }
}

/// Gives the lock back. Closing the file is not enough at once: a process that is just being started
/// has the same handle until it runs its own program.
#[cfg(target_os = "linux")]
pub(super) fn unlock(file: &File) -> io::Result<()> {
    use nix::fcntl::{FcntlArg, fcntl};

    let lock = whole_file(nix::libc::F_UNLCK);
    fcntl(file, FcntlArg::F_OFD_SETLK(&lock))?;
    Ok(())
}

/// Tries to take the lock; `false` = someone else has it. It ends when the process closes the file,
/// by whatever handle.
#[cfg(not(target_os = "linux"))]
pub(super) fn lock(file: &File) -> io::Result<bool> {
    use rustix::fs::{FlockOperation, fcntl_lock};
    use rustix::io::Errno;

    match fcntl_lock(file, FlockOperation::NonBlockingLockExclusive) {
        Ok(()) => Ok(true),
        Err(Errno::AGAIN | Errno::ACCESS) => Ok(false),
        Err(e) => Err(e.into()),
    }
}

/// Whether someone else has the lock.
#[cfg(target_os = "linux")]
pub(super) fn is_held(file: &File) -> bool {
    use nix::fcntl::{FcntlArg, fcntl};

    let mut lock = whole_file(nix::libc::F_WRLCK);
    fcntl(file, FcntlArg::F_GETLK(&mut lock)).is_ok()
        && lock.l_type != nix::libc::F_UNLCK as nix::libc::c_short
}

#[cfg(target_os = "linux")]
fn whole_file(kind: nix::libc::c_int) -> nix::libc::flock {
    use nix::libc;

    libc::flock {
        l_type: kind as libc::c_short,
        l_whence: libc::SEEK_SET as libc::c_short,
        l_start: 0,
        l_len: 0,
        l_pid: 0,
    }
}

/// Gives the lock back.
#[cfg(not(target_os = "linux"))]
pub(super) fn unlock(file: &File) -> io::Result<()> {
    Ok(rustix::fs::fcntl_lock(
        file,
        rustix::fs::FlockOperation::Unlock,
    )?)
}

/// Whether someone else has the lock: it cannot be told without taking it, so the answer is no.
#[cfg(not(target_os = "linux"))]
pub(super) fn is_held(_: &File) -> bool {
    false
}
