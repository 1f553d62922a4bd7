//! Starts a plugin and connects to it.

use crate::connection::{Connection, text};
use crate::handshake::{Address, COOKIE, Handshake, HandshakeError, Protocol};
use crate::logs::{Tail, drain_stderr, drain_stdout, next_line};
use crate::process::{Process, Running};
use crate::reattach::Reattach;
use crate::rpc::Rpc;
use crate::tls::{Identity, TlsError};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;
use tokio::io::BufReader;
use tokio::process::{ChildStdout, Command};
use tonic::Status;

/// How long a plugin may think about being asked to stop what it does.
const STOP_ANSWER: Duration = Duration::from_secs(5);

/// How plugins are started.
#[derive(Clone, Debug)]
pub struct LaunchOptions {
    /// How long a plugin may take until it listens.
    pub start_timeout: Duration,
    /// How long a plugin may take to end before it is killed.
    pub stop_timeout: Duration,
    /// Whether the connection is encrypted and both sides show who they are.
    pub tls: bool,
    /// The ports that a plugin without unix sockets may listen on.
    pub ports: (u16, u16),
    /// Variables that the plugin gets besides ours.
    pub env: Vec<(OsString, OsString)>,
}

impl Default for LaunchOptions {
    /// As Terraform does it.
    fn default() -> Self {
        Self {
            start_timeout: Duration::from_secs(60),
            stop_timeout: Duration::from_secs(2),
            tls: true,
            ports: (10_000, 25_000),
            env: Vec::new(),
        }
    }
}

/// Why a plugin could not be started.
#[derive(Debug, thiserror::Error)]
pub enum LaunchError {
    /// The file cannot be executed.
    #[error("{} cannot be executed: {error}.", .path.display())]
    Execute {
        /// The file.
        path: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// It ended first.
    #[error("it ended ({status}) before it said where it listens{}", tail(.stderr))]
    Ended {
        /// How it ended.
        status: String,
        /// Its last words.
        stderr: String,
    },
    /// It said nothing.
    #[error("it did not say where it listens within {} seconds{}", .seconds.as_secs_f32(), tail(.stderr))]
    Silent {
        /// How long it had.
        seconds: Duration,
        /// Its last words.
        stderr: String,
    },
    /// It said something else.
    #[error("{error}{}", tail(.stderr))]
    Handshake {
        /// What is wrong.
        error: HandshakeError,
        /// Its last words.
        stderr: String,
    },
    /// Nobody listens there.
    #[error("it cannot be connected to: {error}{}", tail(.stderr))]
    Connect {
        /// Why.
        error: String,
        /// Its last words.
        stderr: String,
    },
    /// No certificate.
    #[error(transparent)]
    Tls(#[from] TlsError),
}

/// The end of a sentence, and its last words if there are any.
pub(crate) fn tail(stderr: &str) -> String {
    if stderr.trim().is_empty() {
        return ".".to_owned();
    }
    let indented = |line: &str| {
        if line.trim().is_empty() {
            "\n".to_owned()
        } else {
            format!("\n    {line}")
        }
    };
    let lines = stderr.lines().map(indented);
    format!(
        ".\n\nThe end of what it wrote to its standard error:{}",
        lines.collect::<String>()
    )
}

/// A plugin that runs and is connected.
pub struct Plugin {
    connection: Connection,
    /// `None`: somebody else's process.
    process: Option<Process>,
}

/// Starts the program, without arguments, and connects to it.
///
/// # Errors
///
/// If it is not a plugin of a version that we speak. It has ended by then.
pub async fn launch(path: &Path, options: &LaunchOptions) -> Result<Plugin, LaunchError> {
    launch_among(path, options, Running::default()).await
}

/// The same; the process is among `running` as long as it lives.
pub(crate) async fn launch_among(
    path: &Path,
    options: &LaunchOptions,
    running: Running,
) -> Result<Plugin, LaunchError> {
    let identity = if options.tls {
        Some(Identity::generate()?)
    } else {
        None
    };
    let mut child = command(path, options, identity.as_ref())
        .spawn()
        .map_err(|error| LaunchError::Execute {
            path: path.to_owned(),
            error,
        })?;
    let name = path
        .file_name()
        .unwrap_or(path.as_os_str())
        .to_string_lossy()
        .into_owned();
    let stderr = Tail::default();
    let drained = child
        .stderr
        .take()
        .map(|stream| tokio::spawn(drain_stderr(stream, name.clone(), stderr.clone())));
    let stdout = child.stdout.take();
    let process = Process::watch(child, stderr, drained, options.stop_timeout, running);

    match connect(&process, stdout, name, options, identity).await {
        Ok(connection) => Ok(Plugin {
            connection,
            process: Some(process),
        }),
        Err(error) => {
            process.kill().await;
            Err(error)
        }
    }
}

fn command(path: &Path, options: &LaunchOptions, identity: Option<&Identity>) -> Command {
    let mut command = Command::new(path);
    command
        .env(COOKIE.0, COOKIE.1)
        .env("PLUGIN_PROTOCOL_VERSIONS", "5,6")
        .env("PLUGIN_MIN_PORT", options.ports.0.to_string())
        .env("PLUGIN_MAX_PORT", options.ports.1.to_string())
        .env_remove("PLUGIN_MULTIPLEX_GRPC")
        .env_remove("PLUGIN_CLIENT_CERT");
    if let Some(identity) = identity {
        command.env("PLUGIN_CLIENT_CERT", &identity.pem);
    }
    command.envs(options.env.iter().map(|(name, value)| (name, value)));
    command
        .stdin(Stdio::inherit())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    command
}

/// Waits for the line and does as it says.
async fn connect(
    process: &Process,
    stdout: Option<ChildStdout>,
    name: String,
    options: &LaunchOptions,
    identity: Option<Identity>,
) -> Result<Connection, LaunchError> {
    let started = tokio::time::Instant::now();
    let silent = || LaunchError::Silent {
        seconds: options.start_timeout,
        stderr: process.stderr(),
    };
    let ended = async || {
        let status = process.ended().await;
        LaunchError::Ended {
            status,
            stderr: process.stderr(),
        }
    };
    let Some(stdout) = stdout else {
        return Err(ended().await);
    };
    let mut stdout = BufReader::new(stdout);
    let line = match tokio::time::timeout(options.start_timeout, next_line(&mut stdout)).await {
        Err(_) => return Err(silent()),
        Ok(None) => {
            // It closed its output: as a rule because it ended.
            let rest = options.start_timeout.saturating_sub(started.elapsed());
            return Err(tokio::time::timeout(rest, ended())
                .await
                .unwrap_or_else(|_| silent()));
        }
        Ok(Some(line)) => line,
    };
    let handshake = match Handshake::parse(&line) {
        Ok(handshake) => handshake,
        Err(error) => {
            return Err(LaunchError::Handshake {
                error,
                stderr: process.stderr_at_end().await,
            });
        }
    };
    tokio::spawn(drain_stdout(stdout, name.clone()));
    if let Address::Unix(path) = &handshake.address {
        process.owns_socket(path.clone());
    }
    let failed = |error: String| LaunchError::Connect {
        error,
        stderr: process.stderr(),
    };
    let tls = match (identity, handshake.certificate) {
        (None, _) => None,
        (Some(identity), Some(certificate)) => Some(identity.client_config(certificate)?),
        (Some(_), None) => return Err(failed("it has no certificate".to_owned())),
    };
    let opening = Connection::open(handshake.address, handshake.protocol, tls);
    let rest = options.start_timeout.saturating_sub(started.elapsed());
    let connection = match tokio::time::timeout(rest, opening).await {
        Err(_) => return Err(failed("nothing answers there".to_owned())),
        Ok(Err(error)) => return Err(failed(text(&error))),
        Ok(Ok(connection)) => connection,
    };
    tokio::spawn(drain_stdio(connection.clone(), name));
    Ok(connection)
}

/// Logs what the plugin's code prints, if the plugin passes it on.
async fn drain_stdio(connection: Connection, plugin: String) {
    let Ok(mut stream) = connection.stdio().await else {
        return;
    };
    // The stream alone must not keep the connection.
    drop(connection);
    while let Ok(Some(data)) = stream.message().await {
        let piece = &data.data[..data.data.len().min(1024)];
        let unexpected = String::from_utf8_lossy(piece);
        tracing::debug!(target: "provider", plugin, "unexpected data: {unexpected}");
    }
}

/// What came of a call that failed.
#[derive(Debug)]
pub(crate) struct CallError {
    /// The name of the call.
    pub(crate) name: &'static str,
    /// What the transport says.
    pub(crate) status: Status,
    /// How the process ended, if it did.
    pub(crate) ended: Option<String>,
    /// Its last words, if it ended.
    pub(crate) stderr: String,
}

impl Plugin {
    /// Connects to a process that somebody else started.
    ///
    /// # Errors
    ///
    /// If nobody listens there.
    pub async fn attach(reattach: &Reattach, options: &LaunchOptions) -> Result<Self, LaunchError> {
        let opening = Connection::open(reattach.address.clone(), reattach.protocol, None);
        let failed = |error| LaunchError::Connect {
            error,
            stderr: String::new(),
        };
        let connection = tokio::time::timeout(options.start_timeout, opening)
            .await
            .map_err(|_| failed("nothing answers there".to_owned()))?
            .map_err(|e| failed(text(&e)))?;
        let process =
            (!reattach.test).then(|| Process::foreign(reattach.pid, options.stop_timeout));
        Ok(Self {
            connection,
            process,
        })
    }

    /// The version of the protocol that it speaks.
    pub fn protocol(&self) -> Protocol {
        self.connection.protocol()
    }

    /// Makes a call. If the process ends meanwhile, the call ends too.
    pub(crate) async fn call<R: Rpc>(&self, request: R) -> Result<R::Response, CallError> {
        let call = self.connection.call(request);
        let result = match &self.process {
            Some(process) => process.unless_ended(call).await,
            None => call.await,
        };
        match result {
            Ok(answer) => Ok(answer),
            Err(status) => {
                let ended = match &self.process {
                    Some(process) if status.code() != tonic::Code::Unimplemented => {
                        process.ended_soon().await
                    }
                    _ => None,
                };
                let stderr = match (&ended, &self.process) {
                    (Some(_), Some(process)) => process.stderr(),
                    _ => String::new(),
                };
                Err(CallError {
                    name: R::name(self.protocol()),
                    status,
                    ended,
                    stderr,
                })
            }
        }
    }

    /// Asks running operations to end soon.
    pub async fn stop(&self) {
        let request = crate::proto::tfplugin6::stop_provider::Request {};
        match tokio::time::timeout(STOP_ANSWER, self.call(request)).await {
            Ok(Ok(_)) => {}
            Ok(Err(error)) => {
                tracing::debug!(target: "provider", "stop failed: {}", error.status.message());
            }
            Err(_) => tracing::debug!(target: "provider", "stop is not answered"),
        }
    }

    /// Ends the process: asks, waits, kills. Somebody else's test process stays.
    pub async fn close(&self) {
        if let Some(process) = &self.process {
            process.close(&self.connection).await;
        }
    }
}
