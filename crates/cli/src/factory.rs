//! Which provider answers for which address.

use crate::cli_config;
use crate::workdir::Workdir;
use configs::Config;
use diags::{Diagnostic, Diagnostics};
use engine::{BuiltinProvider, ProviderFactory};
use futures::FutureExt;
use futures::future::ready;
use init::{LOCK_FILE, LockFile, find_providers};
use plugin::{Host, HostOptions, LaunchOptions, Reattach, parse_reattach};
use providers::{BoxFuture, Provider};
use states::State;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

/// Makes the providers of a run.
pub(crate) struct Factory {
    /// What relative paths in the built-in provider's arguments start from.
    base_dir: PathBuf,
    host: Host,
    programs: BTreeMap<addrs::Provider, PathBuf>,
}

impl Factory {
    /// The providers of a configuration and of a state, each the one that was installed and locked
    /// unless it runs already or comes from a `dev_overrides` directory.
    pub(crate) fn new(
        workdir: &Workdir,
        config: &Config,
        state: Option<&State>,
    ) -> Result<Self, Diagnostics> {
        let reattach = reattached(workdir)?;
        let ours = |p: &addrs::Provider| !p.is_builtin() && !reattach.contains_key(p);
        let mut required = config.required_providers();
        required.retain(|p, _| ours(p));
        let stored: Vec<addrs::Provider> = state
            .into_iter()
            .flat_map(|s| s.resources.values())
            .map(|r| r.provider.provider.clone())
            .filter(ours)
            .collect();
        let mut programs = BTreeMap::new();
        if !required.is_empty() || !stored.is_empty() {
            let cli = cli_config::load(workdir)?;
            let lock = lock_file(workdir)?;
            // A provider that only the state knows is reported when it is asked for something.
            for provider in stored {
                if lock.providers.contains_key(&provider)
                    || cli.dev_overrides.contains_key(&provider)
                {
                    required.entry(provider).or_default();
                }
            }
            let (found, diags) =
                find_providers(&required, &lock, &workdir.data_dir(), &cli.dev_overrides);
            if diags.has_errors() {
                return Err(diags);
            }
            if let Some(warning) = cli_config::overrides_warning(&cli)
                && !workdir.argv.iter().any(|a| a == "--json")
                && !workdir.told_of_overrides.replace(true)
            {
                workdir.ui.diagnostics(&warning.into());
            }
            programs.extend(found.into_iter().map(|(p, i)| (p, i.executable)));
        }
        let host = Host::new(HostOptions {
            launch: LaunchOptions {
                tls: !workdir.env.disable_plugin_tls(),
                ..LaunchOptions::default()
            },
            reattach,
            cache_dir: Some(workdir.data_dir().join("provider-cache")),
        });
        Ok(Self {
            base_dir: workdir.cwd(),
            host,
            programs,
        })
    }
}

/// The providers that run already.
pub(crate) fn reattached(
    workdir: &Workdir,
) -> Result<BTreeMap<addrs::Provider, Reattach>, Diagnostics> {
    let Some(text) = workdir.env.reattach_providers() else {
        return Ok(BTreeMap::new());
    };
    parse_reattach(text).map_err(|e| {
        Diagnostic::error(
            "Invalid TF_REATTACH_PROVIDERS",
            format!("The environment variable TF_REATTACH_PROVIDERS cannot be used: {e}."),
        )
        .into()
    })
}

/// The dependency lock file of the working directory; an empty one if there is none.
pub(crate) fn lock_file(workdir: &Workdir) -> Result<LockFile, Diagnostics> {
    let text = match std::fs::read_to_string(LOCK_FILE) {
        Ok(text) => text,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(LockFile::default()),
        Err(e) => {
            return Err(Diagnostic::error(
                "Failed to read dependency lock file",
                format!("{LOCK_FILE} cannot be read: {e}."),
            )
            .into());
        }
    };
    let (lock, diags) = LockFile::parse(LOCK_FILE, &text);
    let mut sources = workdir.ui.sources.borrow_mut();
    sources.insert(LOCK_FILE.into(), text.into());
    if diags.has_errors() {
        Err(diags)
    } else {
        Ok(lock)
    }
}

impl ProviderFactory for Factory {
    fn provider(
        &self,
        source: &addrs::Provider,
    ) -> BoxFuture<'_, Result<Arc<dyn Provider>, Diagnostics>> {
        if source.is_builtin() {
            let provider: Arc<dyn Provider> = Arc::new(BuiltinProvider::new(&self.base_dir));
            return ready(Ok(provider)).boxed();
        }
        if let Some(running) = self.host.running(source) {
            return ready(Ok(running as Arc<dyn Provider>)).boxed();
        }
        if let Some(program) = self.programs.get(source) {
            let provider: Arc<dyn Provider> = self.host.provider(source, program);
            return ready(Ok(provider)).boxed();
        }
        let problem = Diagnostic::error(
            "Missing required provider",
            format!(
                "This configuration requires provider {source}, but that provider isn't available. You may be able to install it automatically by running:\n  groma init"
            ),
        );
        ready(Err(problem.into())).boxed()
    }

    fn kill(&self) {
        self.host.kill();
    }
}
