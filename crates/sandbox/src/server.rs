//! The sandbox: both clouds behind two listeners.

use crate::Response;
use crate::faults::{Effect, Layer};
use crate::listener::{Answer, Dropped, listen, serve};
use crate::operation::{classify, is_read};
use crate::state_file::{self, StateFile, StateFileError};
use crate::{
    Clock, Cloud, Faults, Object, Options, Request, RequestLog, Requested, admin, aws, google,
    inventory, objects,
};
use bytes::Bytes;
use http_body_util::Full;
use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::task::JoinHandle;

/// Why a sandbox did not start, or did not end well.
#[derive(Debug, thiserror::Error)]
pub enum SandboxError {
    /// The port is taken, or not ours to take.
    #[error("cannot listen on 127.0.0.1:{port}")]
    Listen {
        /// The port.
        port: u16,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The file of the objects.
    #[error(transparent)]
    State(#[from] StateFileError),
}

/// A running sandbox. Ends when it is dropped.
#[derive(Debug)]
pub struct Sandbox {
    inner: Arc<Inner>,
    aws: SocketAddr,
    google: SocketAddr,
    tasks: Vec<JoinHandle<()>>,
}

/// What the listeners share.
#[derive(Debug)]
pub(crate) struct Inner {
    pub(crate) options: Options,
    pub(crate) clock: Clock,
    pub(crate) requests: RequestLog,
    pub(crate) faults: Layer,
    pub(crate) aws: Mutex<aws::Account>,
    pub(crate) google: Mutex<google::Project>,
    pub(crate) file: Option<StateFile>,
}

/// One of the listeners.
struct Side {
    cloud: Cloud,
    inner: Arc<Inner>,
}

impl Sandbox {
    /// Starts both listeners on the current runtime, with the objects of the state file if there is one.
    pub async fn start(options: Options) -> Result<Self, SandboxError> {
        let failed = |port| move |source| SandboxError::Listen { port, source };
        let loaded = match &options.state {
            Some(path) => state_file::load(path)?,
            None => None,
        };
        let (aws, google) = loaded.unwrap_or_else(|| fresh(&options));
        let port = options.aws_port;
        let (aws_listener, aws_address) = listen(port).await.map_err(failed(port))?;
        let port = options.google_port;
        let (google_listener, google_address) = listen(port).await.map_err(failed(port))?;
        let inner = Arc::new(Inner {
            clock: Clock {
                pending: options.pending,
            },
            requests: RequestLog::default(),
            faults: Layer::new(options.faults.clone()),
            aws: Mutex::new(aws),
            google: Mutex::new(google),
            file: options.state.clone().map(StateFile::new),
            options,
        });
        let mut tasks = Vec::new();
        for (listener, cloud) in [(aws_listener, Cloud::Aws), (google_listener, Cloud::Google)] {
            let inner = inner.clone();
            tasks.push(tokio::spawn(serve(
                listener,
                Arc::new(Side { cloud, inner }),
            )));
        }
        if inner.file.is_some() {
            tasks.push(tokio::spawn(save_changes(inner.clone())));
        }
        Ok(Self {
            inner,
            aws: aws_address,
            google: google_address,
            tasks,
        })
    }

    /// Where AWS is: `http://127.0.0.1:PORT`.
    pub fn aws_url(&self) -> String {
        format!("http://{}", self.aws)
    }

    /// Where Google Cloud is: `http://127.0.0.1:PORT`.
    pub fn google_url(&self) -> String {
        format!("http://{}", self.google)
    }

    /// What was asked.
    pub fn requests(&self) -> &RequestLog {
        &self.inner.requests
    }

    /// Puts other faults in force; the calls are counted anew.
    pub fn set_faults(&self, faults: Faults) {
        self.inner.faults.set(faults);
    }

    /// The faults in force.
    pub fn faults(&self) -> Faults {
        self.inner.faults.get()
    }

    /// Everything that exists, as paths: `aws/ec2/us-east-1/vpcs/vpc-1`.
    pub fn inventory(&self) -> BTreeSet<String> {
        self.inner.inventory()
    }

    /// Everything that users made.
    pub fn objects(&self) -> Vec<Object> {
        self.inner.objects()
    }

    /// Forgets all objects and requests; faults stay, and their calls are counted anew.
    pub fn reset(&self) {
        self.inner.reset();
    }

    /// Ends, and says so if the last objects could not be kept.
    pub fn shutdown(self) -> Result<(), SandboxError> {
        for task in &self.tasks {
            task.abort();
        }
        Ok(self.inner.save()?)
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        for task in &self.tasks {
            task.abort();
        }
        if let Err(error) = self.inner.save() {
            tracing::error!(error = &error as &dyn std::error::Error);
        }
    }
}

impl Inner {
    pub(crate) fn reset(&self) {
        (*lock(&self.aws), *lock(&self.google)) = fresh(&self.options);
        self.requests.clear();
        self.faults.restart();
        self.changed();
    }

    pub(crate) fn objects(&self) -> Vec<Object> {
        let aws = serde_json::to_value(&*lock(&self.aws)).unwrap_or_default();
        let google = serde_json::to_value(&*lock(&self.google)).unwrap_or_default();
        objects::list(&aws, &google)
    }

    pub(crate) fn inventory(&self) -> BTreeSet<String> {
        let mut paths = BTreeSet::new();
        // What a state file can hold can be a value.
        let aws = serde_json::to_value(&*lock(&self.aws)).unwrap_or_default();
        inventory::collect("aws", aws, &mut paths);
        let google = serde_json::to_value(&*lock(&self.google)).unwrap_or_default();
        inventory::collect("google", google, &mut paths);
        paths
    }

    fn changed(&self) {
        if let Some(file) = &self.file {
            file.mark();
        }
    }

    /// Writes the state file, if anything changed.
    fn save(&self) -> Result<(), StateFileError> {
        let Some(file) = &self.file else {
            return Ok(());
        };
        file.save(|| state_file::encode(&lock(&self.aws), &lock(&self.google)))
    }

    async fn answer(&self, cloud: Cloud, request: &Request) -> Result<Response, Dropped> {
        if let Some(response) = admin::answer(self, request) {
            return Ok(response);
        }
        let operation = classify(cloud, request);
        let verdict = self.faults.next(cloud, &operation);
        if !verdict.delay.is_zero() {
            tokio::time::sleep(verdict.delay).await;
        }
        let log = |operation, status, fault| {
            self.requests.push(Requested {
                cloud: cloud.as_str(),
                operation,
                status,
                fault,
            });
        };
        match &verdict.effect {
            Some(Effect::DropBefore) => {
                log(operation, 0, Some("dropped before"));
                return Err(Dropped);
            }
            Some(Effect::Answer(fault, response)) => {
                log(operation, response.status.as_u16(), Some(*fault));
                return Ok(response.clone());
            }
            Some(Effect::DropAfter) | None => {}
        }
        let (name, response) = match cloud {
            Cloud::Aws => lock(&self.aws).answer(request, self.clock),
            Cloud::Google => lock(&self.google).answer(request, self.clock),
        };
        if !is_read(&operation) {
            self.changed();
        }
        let status = response.status.as_u16();
        tracing::debug!(cloud = cloud.as_str(), operation = name, status);
        if verdict.effect.is_some() {
            log(name, status, Some("dropped after"));
            return Err(Dropped);
        }
        log(name, status, None);
        Ok(response)
    }
}

impl Answer for Side {
    async fn answer(
        &self,
        parts: ::http::request::Parts,
        body: Bytes,
    ) -> Result<::http::Response<Full<Bytes>>, Dropped> {
        let request = Request::new(&parts, body);
        let response = self.inner.answer(self.cloud, &request).await?;
        Ok(response.into_http())
    }
}

fn fresh(options: &Options) -> (aws::Account, google::Project) {
    (aws::Account::new(options), google::Project::new(options))
}

/// Writes the state file a little after each change.
async fn save_changes(inner: Arc<Inner>) {
    let Some(file) = &inner.file else { return };
    loop {
        file.settled().await;
        if let Err(error) = inner.save() {
            tracing::error!(error = &error as &dyn std::error::Error);
        }
    }
}

/// A panic while answering one request does not take the others with it.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
pub(crate) mod tests;
