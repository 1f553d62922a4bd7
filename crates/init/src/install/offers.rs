//! What the sources of packages offer, asked once for each provider.

use super::InstallOptions;
use crate::LockFile;
use crate::package::platform;
use crate::sources::{self, Available, MethodKind};
use addrs::Provider;
use diags::Diagnostics;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::thread;

/// How many servers are asked at the same time.
const AT_ONCE: usize = 8;

/// What is offered, by provider.
pub(super) struct Offers(BTreeMap<Provider, Result<Available, Diagnostics>>);

impl Offers {
    /// Asks for all providers whose version must be chosen from what servers have, several at a time.
    pub(super) fn ask(
        wanted: &[(&Provider, &Vec<Arc<str>>)],
        lock: &LockFile,
        options: &InstallOptions,
    ) -> Self {
        let remote = |provider: &Provider| {
            let mut methods = options.methods.iter().filter(|m| m.is_for(provider));
            methods.any(|m| matches!(m.kind, MethodKind::NetworkMirror(_) | MethodKind::Direct))
        };
        let unlocked = |p: &&Provider| options.upgrade || !lock.providers.contains_key(*p);
        let providers = wanted.iter().map(|(provider, _)| *provider);
        let asked: Vec<&Provider> = providers.filter(unlocked).filter(|p| remote(p)).collect();
        let mut all = BTreeMap::new();
        for some in asked.chunks(AT_ONCE) {
            thread::scope(|scope| {
                let ask = |provider: &'_ &Provider| {
                    let provider = (*provider).clone();
                    scope.spawn(move || (available(&provider, options), provider))
                };
                let threads: Vec<_> = some.iter().map(ask).collect();
                for thread in threads {
                    // A question that ended badly is asked again when its answer is needed.
                    if let Ok((answer, provider)) = thread.join() {
                        all.insert(provider, answer);
                    }
                }
            });
        }
        Self(all)
    }

    /// What is offered of a provider.
    pub(super) fn of(
        &mut self,
        provider: &Provider,
        options: &InstallOptions,
    ) -> Result<&mut Available, Diagnostics> {
        let offer = self.0.entry(provider.clone());
        let offer = offer.or_insert_with(|| available(provider, options));
        offer.as_mut().map_err(|problems| problems.clone())
    }
}

fn available(provider: &Provider, options: &InstallOptions) -> Result<Available, Diagnostics> {
    let native_dir = options.native_dir.as_deref();
    sources::available(
        &options.methods,
        native_dir,
        &options.network,
        provider,
        &platform(),
    )
}
