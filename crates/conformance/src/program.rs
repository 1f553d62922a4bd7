//! The program under test and one run of it.

use std::ffi::OsStr;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// How long one command may take; the cases are small, so only a hang gets near it.
const PATIENCE: Duration = Duration::from_secs(60);

/// Is a program with Terraform's command line.
#[derive(Debug, Clone)]
pub struct Program {
    path: PathBuf,
}

/// Is what one command left behind.
#[derive(Debug)]
pub struct Output {
    /// The exit status; -1 when a signal ended it.
    pub exit: i32,
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
}

impl Program {
    /// Takes a path, or a bare name that is looked up on `PATH`.
    ///
    /// Returns nothing when no such program exists.
    #[must_use]
    pub fn find(name: &OsStr) -> Option<Self> {
        let given = Path::new(name);
        if given.components().count() > 1 {
            // Commands run in other folders, so a relative path would lose its meaning.
            return std::path::absolute(given)
                .ok()
                .filter(|path| path.is_file())
                .map(|path| Self { path });
        }
        std::env::split_paths(&std::env::var_os("PATH")?)
            .map(|dir| dir.join(given))
            .find(|path| path.is_file())
            .map(|path| Self { path })
    }

    /// Finds the `groma` under test: the one that `GROMA_BIN` names, or the workspace's own,
    /// built first so that it is never a stale one.
    ///
    /// # Errors
    /// Says why there is none: `GROMA_BIN` names nothing, or the build failed.
    pub fn groma() -> Result<Self, String> {
        if let Some(name) = std::env::var_os("GROMA_BIN") {
            return Self::find(&name)
                .ok_or_else(|| format!("GROMA_BIN: there is no program {}", name.display()));
        }
        Self::build_groma(&[])
    }

    /// Builds the workspace's `groma` with further cargo flags and returns it.
    ///
    /// # Errors
    /// Carries cargo's own words when the build fails.
    pub fn build_groma(flags: &[&str]) -> Result<Self, String> {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let output = Command::new(cargo)
            .args([
                "build",
                "--quiet",
                "--package",
                "groma-cli",
                "--bin",
                "groma",
            ])
            .args(["--message-format", "json-render-diagnostics"])
            .args(flags)
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .stderr(Stdio::inherit())
            .output()
            .map_err(|error| format!("cargo does not start: {error}"))?;
        if !output.status.success() {
            return Err("the build of groma failed".to_owned());
        }
        String::from_utf8_lossy(&output.stdout)
            .lines()
            .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
            .filter(|message| message["target"]["name"] == "groma")
            .find_map(|message| message["executable"].as_str().map(PathBuf::from))
            .map(|path| Self { path })
            .ok_or_else(|| "cargo built groma and did not say where".to_owned())
    }

    /// Returns where the program lies.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Returns a command in `dir` whose environment holds nothing of the caller's settings.
    ///
    /// Only the search path, a home in `scratch` and switches that keep the program quiet and off
    /// the network are set.
    #[must_use]
    pub fn command(&self, dir: &Path, scratch: &Path) -> Command {
        let mut command = Command::new(&self.path);
        command.current_dir(dir).env_clear().stdin(Stdio::null());
        if let Some(path) = std::env::var_os("PATH") {
            command.env("PATH", path);
        }
        command
            .env("HOME", scratch)
            .env("TMPDIR", scratch)
            .env("TF_CLI_CONFIG_FILE", "/dev/null")
            .env("TF_IN_AUTOMATION", "1")
            .env("CHECKPOINT_DISABLE", "1");
        command
    }
}

/// Runs a command to its end, or kills it when it takes longer than any case needs.
pub(crate) fn run_command(mut command: Command, scratch: &Path) -> io::Result<Output> {
    let (out, err) = (scratch.join("stdout"), scratch.join("stderr"));
    let mut child = command
        .stdout(File::create(&out)?)
        .stderr(File::create(&err)?)
        .spawn()?;
    let start = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break status;
        }
        if start.elapsed() > PATIENCE {
            child.kill()?;
            child.wait()?;
            return Err(io::Error::other(format!(
                "no end after {} s: {command:?}",
                PATIENCE.as_secs()
            )));
        }
        std::thread::sleep(Duration::from_millis(2));
    };
    Ok(Output {
        exit: status.code().unwrap_or(-1),
        stdout: String::from_utf8_lossy(&std::fs::read(out)?).into_owned(),
        stderr: String::from_utf8_lossy(&std::fs::read(err)?).into_owned(),
    })
}
