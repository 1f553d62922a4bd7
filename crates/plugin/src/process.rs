//! The process behind a plugin, from its start to its end.

use crate::connection::Connection;
use crate::logs::Tail;
use rustix::process::{Pid, Signal, kill_process, test_kill_process};
use std::os::unix::fs::FileTypeExt;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::process::Child;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;
use tonic::Status;

/// How long we look out for the end of a process whose connection broke, and for an answer from a
/// process that ended.
const GRACE: Duration = Duration::from_millis(500);

/// The children that run.
#[derive(Clone, Debug, Default)]
pub(crate) struct Running(Arc<Mutex<Vec<Pid>>>);

impl Running {
    /// Ends all of them at once, without waiting for anything.
    pub(crate) fn kill(&self) {
        for pid in self.pids().iter() {
            let _ = kill_process(*pid, Signal::KILL);
        }
    }

    fn pids(&self) -> MutexGuard<'_, Vec<Pid>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A process that we may end.
pub(crate) struct Process {
    kind: Kind,
    stderr: Tail,
    /// To be removed if the process has no chance to do it.
    socket: Arc<Mutex<Option<PathBuf>>>,
    stop_timeout: Duration,
}

enum Kind {
    /// Our child. A task waits for it; `None` until it ended.
    Child {
        status: watch::Receiver<Option<String>>,
        kill: mpsc::Sender<()>,
    },
    /// Started by somebody else, who lets us end it.
    Foreign(i32),
}

impl Process {
    /// Watches over a child, whose standard error is read by the task `drained`.
    pub(crate) fn watch(
        mut child: Child,
        stderr: Tail,
        drained: Option<JoinHandle<()>>,
        stop_timeout: Duration,
        running: Running,
    ) -> Self {
        let pid = child
            .id()
            .and_then(|id| Pid::from_raw(i32::try_from(id).ok()?));
        running.pids().extend(pid);
        let (kill, mut killed) = mpsc::channel::<()>(1);
        let (tell, status) = watch::channel(None);
        let socket = Arc::new(Mutex::new(None));
        let leftover = socket.clone();
        tokio::spawn(async move {
            // The channel closes when nobody has the process any more.
            let ended = tokio::select! {
                ended = child.wait() => ended,
                _ = killed.recv() => {
                    let _ = child.start_kill();
                    child.wait().await
                }
            };
            running.pids().retain(|p| Some(*p) != pid);
            if let Some(drained) = drained {
                // A grandchild may hold the other end open.
                let _ = tokio::time::timeout(GRACE, drained).await;
            }
            remove_socket(&leftover);
            tell.send_replace(Some(
                ended.map_or_else(|e| e.to_string(), |s| s.to_string()),
            ));
        });
        Self {
            kind: Kind::Child { status, kill },
            stderr,
            socket,
            stop_timeout,
        }
    }

    /// A process that somebody else started.
    pub(crate) fn foreign(pid: i32, stop_timeout: Duration) -> Self {
        Self {
            kind: Kind::Foreign(pid),
            stderr: Tail::default(),
            socket: Arc::default(),
            stop_timeout,
        }
    }

    /// The socket on which the process listens.
    pub(crate) fn owns_socket(&self, path: PathBuf) {
        *self.socket.lock().unwrap_or_else(PoisonError::into_inner) = Some(path);
    }

    /// The end of what it wrote to its standard error.
    pub(crate) fn stderr(&self) -> String {
        self.stderr.text()
    }

    /// The same, after its end if that comes soon.
    pub(crate) async fn stderr_at_end(&self) -> String {
        self.ended_soon().await;
        self.stderr()
    }

    /// Waits for its end, and says how it ended.
    pub(crate) async fn ended(&self) -> String {
        match &self.kind {
            Kind::Child { status, .. } => {
                let mut status = status.clone();
                match status.wait_for(Option::is_some).await {
                    Ok(status) => status.clone().unwrap_or_default(),
                    Err(_) => "with an unknown status".to_owned(),
                }
            }
            Kind::Foreign(pid) => {
                while alive(*pid) {
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
                "with an unknown status".to_owned()
            }
        }
    }

    /// How it ended, if it does so within moments.
    pub(crate) async fn ended_soon(&self) -> Option<String> {
        tokio::time::timeout(GRACE, self.ended()).await.ok()
    }

    /// Waits for a call, but not much longer than the process lives.
    pub(crate) async fn unless_ended<T>(
        &self,
        call: impl Future<Output = Result<T, Status>>,
    ) -> Result<T, Status> {
        let mut call = std::pin::pin!(call);
        tokio::select! {
            result = &mut call => result,
            _ = self.ended() => {
                let late = tokio::time::timeout(GRACE, call).await;
                late.unwrap_or_else(|_| Err(Status::unavailable("the process ended")))
            }
        }
    }

    /// Ends it at once.
    pub(crate) async fn kill(&self) {
        match &self.kind {
            Kind::Child { kill, .. } => {
                let _ = kill.try_send(());
            }
            Kind::Foreign(pid) => {
                if let Some(pid) = Pid::from_raw(*pid) {
                    let _ = kill_process(pid, Signal::KILL);
                }
            }
        }
        let _ = tokio::time::timeout(self.stop_timeout, self.ended()).await;
        remove_socket(&self.socket);
    }

    /// Asks it to end, gives it some time, then kills it.
    pub(crate) async fn close(&self, connection: &Connection) {
        let asked = async {
            // A plugin as a rule ends without an answer.
            let _ = self.unless_ended(connection.shutdown()).await;
            self.ended().await
        };
        match tokio::time::timeout(self.stop_timeout, asked).await {
            Ok(status) => tracing::debug!(target: "provider", "plugin ended: {status}"),
            Err(_) => {
                tracing::warn!(target: "provider", "plugin does not end; killed");
                self.kill().await;
            }
        }
    }
}

/// Removes the file that the plugin called its socket, if it is one.
fn remove_socket(socket: &Mutex<Option<PathBuf>>) {
    let path = socket.lock().unwrap_or_else(PoisonError::into_inner).take();
    if let Some(path) = path
        && path
            .symlink_metadata()
            .is_ok_and(|meta| meta.file_type().is_socket())
    {
        let _ = std::fs::remove_file(path);
    }
}

fn alive(pid: i32) -> bool {
    Pid::from_raw(pid).is_some_and(|pid| test_kill_process(pid).is_ok())
}
