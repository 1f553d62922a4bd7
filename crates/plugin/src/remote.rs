//! A provider in a process of its own.

mod calls;
mod checks;
mod problems;
mod provider;

use crate::cache::{Cache, Identity};
use crate::convert;
use crate::handshake::Protocol;
use crate::launch::{LaunchOptions, Plugin, launch_among};
use crate::process::Running;
use crate::proto::{tfplugin5, tfplugin6};
use crate::reattach::Reattach;
use crate::rpc::Rpc;
use diags::Diagnostics;
use problems::{call_failed, invalid_schema, not_started};
use providers::{ProviderSchema, ResourceSchema};
use std::path::PathBuf;
use std::sync::Arc;
use tokio::sync::OnceCell;

/// Where the process comes from.
#[derive(Clone, Debug)]
pub(crate) enum Origin {
    /// We start it.
    Program(PathBuf),
    /// It runs already.
    Running(Reattach),
}

/// A provider whose process is started when something is asked that needs it.
pub struct RemoteProvider {
    source: addrs::Provider,
    origin: Origin,
    options: Arc<LaunchOptions>,
    cache: Arc<Cache>,
    /// Which program it is; nothing is remembered of a process that somebody else started.
    identity: Option<Identity>,
    running: Running,
    process: OnceCell<Plugin>,
    schema: OnceCell<Arc<ProviderSchema>>,
    /// Set once this process was asked for its schema.
    asked: OnceCell<()>,
}

impl RemoteProvider {
    pub(crate) fn new(
        source: addrs::Provider,
        origin: Origin,
        options: Arc<LaunchOptions>,
        cache: Arc<Cache>,
        running: Running,
    ) -> Self {
        let identity = match &origin {
            Origin::Program(path) => Identity::of(path),
            Origin::Running(_) => None,
        };
        Self {
            source,
            origin,
            options,
            cache,
            identity,
            running,
            process: OnceCell::new(),
            schema: OnceCell::new(),
            asked: OnceCell::new(),
        }
    }

    /// Whether its process was started.
    pub fn is_started(&self) -> bool {
        self.process.initialized()
    }

    /// The process, started if need be.
    async fn process(&self) -> Result<&Plugin, Diagnostics> {
        let start = || async {
            match &self.origin {
                Origin::Program(path) => {
                    launch_among(path, &self.options, self.running.clone()).await
                }
                Origin::Running(reattach) => Plugin::attach(reattach, &self.options).await,
            }
        };
        self.process
            .get_or_try_init(start)
            .await
            .map_err(|e| not_started(&self.source, &e).into())
    }

    /// The schemas: from the cache if the provider can do without being asked, else from the process.
    async fn schemas(&self) -> Result<&Arc<ProviderSchema>, Diagnostics> {
        let load = || async {
            if let Some(known) = self.identity.as_ref().and_then(|i| self.cache.schema(i)) {
                return Ok(known);
            }
            let message = self.ask_schema().await?;
            self.cache
                .keep_schema(self.identity.as_ref(), message)
                .map_err(|e| invalid_schema(&self.source, &e).into())
        };
        self.schema.get_or_try_init(load).await
    }

    async fn ask_schema(&self) -> Result<tfplugin6::get_provider_schema::Response, Diagnostics> {
        let plugin = self.process().await?;
        let mut answer: tfplugin6::get_provider_schema::Response = match plugin.protocol() {
            Protocol::V5 => {
                let request = tfplugin5::get_provider_schema::Request {};
                plugin
                    .call(request)
                    .await
                    .map_err(|e| call_failed(&self.source, e))?
                    .into()
            }
            Protocol::V6 => {
                let request = tfplugin6::get_provider_schema::Request {};
                plugin
                    .call(request)
                    .await
                    .map_err(|e| call_failed(&self.source, e))?
            }
        };
        let _ = self.asked.set(());
        let problems = convert::diagnostics(std::mem::take(&mut answer.diagnostics));
        if problems.has_errors() {
            return Err(problems);
        }
        for warning in &problems {
            tracing::warn!(target: "provider", "{}: {}", warning.summary, warning.detail);
        }
        Ok(answer)
    }

    /// The process, ready for any call: one that needs to be asked for its schema first was asked.
    async fn plugin(&self) -> Result<&Plugin, Diagnostics> {
        if !self.schemas().await?.schema_optional {
            self.asked
                .get_or_try_init(|| async { self.ask_schema().await.map(drop) })
                .await?;
        }
        self.process().await
    }

    async fn call<R: Rpc>(&self, request: R) -> Result<R::Response, Diagnostics> {
        self.plugin()
            .await?
            .call(request)
            .await
            .map_err(|e| call_failed(&self.source, e).into())
    }

    /// The schema of a type.
    async fn schema_of(
        &self,
        mode: addrs::Mode,
        kind: &str,
    ) -> Result<Arc<ResourceSchema>, Diagnostics> {
        let schema = self.schemas().await?.get(mode, kind).cloned();
        schema.ok_or_else(|| problems::no_such_type(&self.source, mode, kind).into())
    }
}
