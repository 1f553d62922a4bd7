//! A command with all that it starts, ended at once.

use std::fs::File;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};

use super::Failure;

/// Is a running command in a process group of its own: groma and its providers.
pub(crate) struct Group {
    child: Child,
}

impl Group {
    /// Starts it; what it says goes to a file.
    pub(crate) fn start(mut command: Command, log: &Path) -> Result<Self, Failure> {
        let file = File::create(log)?;
        let child = command
            .stdin(Stdio::null())
            .stdout(file.try_clone()?)
            .stderr(file)
            .process_group(0)
            .spawn()?;
        Ok(Self { child })
    }

    /// Waits for its end.
    pub(crate) fn wait(&mut self) -> Result<ExitStatus, Failure> {
        Ok(self.child.wait()?)
    }

    /// Returns whether it has ended by itself.
    pub(crate) fn has_ended(&mut self) -> Result<bool, Failure> {
        Ok(self.child.try_wait()?.is_some())
    }

    /// Ends the command itself at once; what it started stays.
    pub(crate) fn kill_first(&mut self) -> Result<(), Failure> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// Ends all its processes as a power cut would.
    pub(crate) fn kill(mut self) -> Result<(), Failure> {
        let group = format!("-{}", self.child.id());
        Command::new("kill")
            .args(["-KILL", "--", &group])
            .stderr(Stdio::null())
            .status()?;
        self.child.wait()?;
        Ok(())
    }
}
