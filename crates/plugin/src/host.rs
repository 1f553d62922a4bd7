//! Where providers come from.

use crate::cache::Cache;
use crate::launch::LaunchOptions;
use crate::process::Running;
use crate::reattach::Reattach;
use crate::remote::{Origin, RemoteProvider};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Set to 1 in a provider's environment: whoever started it writes creates down before they are begun, and
/// reads an object again when it is safe and the provider asks for that.
pub const JOURNALS_CREATES: &str = "GROMA_JOURNALS_CREATES";

/// How a host treats its providers.
#[derive(Clone, Debug, Default)]
pub struct HostOptions {
    /// How they are started.
    pub launch: LaunchOptions,
    /// Those that run already.
    pub reattach: BTreeMap<addrs::Provider, Reattach>,
    /// Where schemas and passed validations are kept from one run to the next; `None` = nowhere.
    pub cache_dir: Option<PathBuf>,
}

/// Makes providers. One for a whole run: what it learns about a program it does not ask again.
pub struct Host {
    launch: Arc<LaunchOptions>,
    reattach: BTreeMap<addrs::Provider, Reattach>,
    cache: Arc<Cache>,
    running: Running,
}

impl Host {
    /// A host without any processes.
    pub fn new(options: HostOptions) -> Self {
        let mut launch = options.launch;
        launch.env.push((JOURNALS_CREATES.into(), "1".into()));
        Self {
            launch: Arc::new(launch),
            reattach: options.reattach,
            cache: Arc::new(Cache::new(options.cache_dir)),
            running: Running::default(),
        }
    }

    /// A provider that runs already, if there is one for that address.
    pub fn running(&self, source: &addrs::Provider) -> Option<Arc<RemoteProvider>> {
        let origin = Origin::Running(self.reattach.get(source)?.clone());
        Some(self.make(source, origin))
    }

    /// A provider whose program is that file; its process is started when it is needed. Each call makes
    /// a new one: one process for each.
    pub fn provider(&self, source: &addrs::Provider, program: &Path) -> Arc<RemoteProvider> {
        self.running(source)
            .unwrap_or_else(|| self.make(source, Origin::Program(program.to_owned())))
    }

    /// Ends all processes that it started, at once and without waiting: for a program that is about to end
    /// itself. Sockets stay behind.
    pub fn kill(&self) {
        self.running.kill();
    }

    fn make(&self, source: &addrs::Provider, origin: Origin) -> Arc<RemoteProvider> {
        Arc::new(RemoteProvider::new(
            source.clone(),
            origin,
            self.launch.clone(),
            self.cache.clone(),
            self.running.clone(),
        ))
    }
}
