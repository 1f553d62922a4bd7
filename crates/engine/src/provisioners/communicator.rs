//! Commands on another host, carried out by the `ssh` program.
//!
//! The program and not a library: whoever provisions over ssh has it, it knows agents and hardware keys, and
//! an implementation of our own would be the largest thing that the engine depends on. Keys and passwords are
//! in files that only the user may read, never in arguments or in the environment, and go with the run.

use super::connection::{Connection, End};
use super::process::{self, Ended, status_text};
use super::{Problem, Run};
use diags::Diagnostic;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use tokio::process::Command;

/// How `ssh` says that it, and not the command, has failed.
const UNREACHED: i32 = 255;

/// The longest wait between two attempts to connect.
const LONGEST_WAIT: Duration = Duration::from_secs(20);

/// A way to run commands on the other host.
pub(super) struct Communicator<'r> {
    run: &'r Run<'r>,
    pub(super) connection: Connection,
    program: PathBuf,
    /// Keys, passwords and host keys, for as long as they are needed.
    dir: tempfile::TempDir,
}

impl<'r> Communicator<'r> {
    /// Waits until the host answers.
    pub(super) async fn connect(run: &'r Run<'r>, connection: Connection) -> Result<Self, Problem> {
        Self::connect_with(run, connection, Path::new("ssh")).await
    }

    pub(super) async fn connect_with(
        run: &'r Run<'r>,
        connection: Connection,
        program: &Path,
    ) -> Result<Self, Problem> {
        let dir = tempfile::tempdir().map_err(|e| failed(e.to_string()))?;
        let communicator = Self {
            run,
            connection,
            program: program.to_owned(),
            dir,
        };
        communicator
            .write_secrets()
            .map_err(|e| failed(e.to_string()))?;
        communicator.announce();
        let started = Instant::now();
        let mut wait = Duration::from_secs(1);
        loop {
            let mut said = String::new();
            let command = communicator.command("true");
            let ended = process::run(run.round, command, None, &|_| ()).await;
            match ended {
                Ok(ended) if ended.status.code() != Some(UNREACHED) => break,
                Ok(ended) => said.push_str(ended.output.trim()),
                Err(e) => {
                    return Err(failed(format!(
                        "The program {} could not be started: {e}. Connections need it.",
                        communicator.program.display()
                    )));
                }
            }
            let over = started.elapsed() + wait > communicator.connection.timeout;
            if over || run.round.stopping.get() {
                return Err(failed(format!(
                    "timeout - last error: {said}. The host did not let us in within {} seconds.",
                    communicator.connection.timeout.as_secs()
                )));
            }
            tokio::time::sleep(wait).await;
            wait = (wait * 2).min(LONGEST_WAIT);
        }
        (run.output)("Connected!");
        Ok(communicator)
    }

    fn announce(&self) {
        let show = |what: &str, end: &End, agent: bool| {
            (self.run.output)(&format!(
                "{what}\n  Host: {}\n  User: {}\n  Password: {}\n  Private key: {}\n  Certificate: {}\n  SSH Agent: {agent}\n  Checking Host Key: {}",
                end.host,
                end.user,
                end.password.is_some(),
                end.private_key.is_some(),
                end.certificate.is_some(),
                end.host_key.is_some(),
            ));
        };
        let connection = &self.connection;
        show(
            "Connecting to remote host via SSH...",
            &connection.end,
            connection.agent,
        );
        (self.run.output)("  Target Platform: unix");
        if let Some(bastion) = &connection.bastion {
            show(
                "Using configured bastion host...",
                bastion,
                connection.agent,
            );
        }
    }

    /// Runs a command there, in the shell of the user.
    pub(super) async fn exec(
        &self,
        command: &str,
        input: Option<&[u8]>,
        show: &dyn Fn(&str),
    ) -> Result<Ended, Problem> {
        process::run(self.run.round, self.command(command), input, show)
            .await
            .map_err(|e| failed(e.to_string()))
    }

    /// Puts a file there.
    pub(super) async fn upload(&self, path: &str, content: &[u8]) -> Result<(), Problem> {
        let command = format!("cat > {}", shell_quoted(path));
        self.must(&command, Some(content), "Upload failed").await
    }

    /// Runs a command that has to succeed.
    pub(super) async fn must(
        &self,
        command: &str,
        input: Option<&[u8]>,
        what: &str,
    ) -> Result<(), Problem> {
        let ended = self.exec(command, input, &|_| ()).await?;
        if ended.status.success() {
            return Ok(());
        }
        let (status, said) = (status_text(ended.status), ended.output.trim().to_owned());
        Err(failed(format!("{what}: {status}: {said}")))
    }

    fn command(&self, command: &str) -> Command {
        let end = &self.connection.end;
        let mut ssh = Command::new(&self.program);
        ssh.args(self.options(end, "end"));
        if let Some(bastion) = &self.connection.bastion {
            let options = self.options(bastion, "bastion");
            let words = options.iter().map(|word| shell_quoted(word));
            let words: Vec<String> = words.collect();
            let program = shell_quoted(&self.program.to_string_lossy());
            let ask = shell_quoted(&self.path("bastion.ask").to_string_lossy());
            // What ssh hands on to the shell must not be taken for one of its own placeholders.
            let proxy = format!(
                "env SSH_ASKPASS={ask} SSH_ASKPASS_REQUIRE=force {program} {} -W [{}]:{} {}",
                words.join(" "),
                end.host,
                end.port,
                shell_quoted(&bastion.host)
            )
            .replace('%', "%%");
            ssh.arg("-o").arg(format!("ProxyCommand={proxy}"));
        }
        ssh.env("SSH_ASKPASS", self.path("end.ask"))
            .env("SSH_ASKPASS_REQUIRE", "force");
        // Behind `--` no host is taken for an option.
        ssh.arg("--").arg(&end.host).arg(command);
        ssh
    }

    fn options(&self, end: &End, name: &str) -> Vec<String> {
        let mut words: Vec<String> = ["-F", "/dev/null", "-T"].map(str::to_owned).into();
        words.extend(["-p".to_owned(), end.port.to_string()]);
        words.extend(["-l".to_owned(), end.user.clone()]);
        let mut set = |option: String| words.extend(["-o".to_owned(), option]);
        set("LogLevel=ERROR".to_owned());
        set("ConnectTimeout=30".to_owned());
        set("ServerAliveInterval=15".to_owned());
        if end.host_key.is_some() {
            let known = self.path(&format!("{name}.known"));
            set("StrictHostKeyChecking=yes".to_owned());
            set(format!("UserKnownHostsFile={}", known.display()));
        } else {
            set("StrictHostKeyChecking=no".to_owned());
            set("UserKnownHostsFile=/dev/null".to_owned());
        }
        if end.password.is_some() {
            set("NumberOfPasswordPrompts=1".to_owned());
        } else {
            set("BatchMode=yes".to_owned());
        }
        if !self.connection.agent {
            set("IdentityAgent=none".to_owned());
            set("IdentitiesOnly=yes".to_owned());
        } else if let Some(identity) = &self.connection.agent_identity {
            set(format!("IdentityFile={identity}"));
        }
        if end.private_key.is_some() {
            let key = self.path(&format!("{name}.key"));
            set(format!("IdentityFile={}", key.display()));
        }
        if end.certificate.is_some() {
            let certificate = self.path(&format!("{name}.cert"));
            set(format!("CertificateFile={}", certificate.display()));
        }
        words
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn write_secrets(&self) -> io::Result<()> {
        let bastion = self.connection.bastion.as_ref().map(|end| ("bastion", end));
        for (name, end) in std::iter::once(("end", &self.connection.end)).chain(bastion) {
            let file = |kind: &str| self.path(&format!("{name}.{kind}"));
            if let Some(key) = &end.private_key {
                write_private(&file("key"), &format!("{}\n", key.trim_end()), 0o600)?;
            }
            if let Some(certificate) = &end.certificate {
                write_private(&file("cert"), certificate, 0o600)?;
            }
            if let Some(key) = &end.host_key {
                let known = match end.port {
                    22 => format!("{} {key}\n", end.host),
                    port => format!("[{}]:{port} {key}\n", end.host),
                };
                write_private(&file("known"), &known, 0o600)?;
            }
            if let Some(password) = &end.password {
                write_private(&file("password"), &format!("{password}\n"), 0o600)?;
                let password = file("password");
                let path = shell_quoted(&password.to_string_lossy());
                let script = format!("#!/bin/sh\nexec cat {path}\n");
                write_private(&file("ask"), &script, 0o700)?;
            }
        }
        Ok(())
    }
}

fn write_private(path: &Path, text: &str, mode: u32) -> io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, mode);
    #[cfg(not(unix))]
    let _ = mode;
    io::Write::write_all(&mut options.open(path)?, text.as_bytes())
}

fn failed(detail: String) -> Problem {
    Box::new(Diagnostic::error("Connection failed", detail))
}

/// A word for a shell.
pub(super) fn shell_quoted(word: &str) -> String {
    format!("'{}'", word.replace('\'', r"'\''"))
}
