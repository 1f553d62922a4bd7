//! Which provider answers for which address.

use diags::{Diagnostic, Diagnostics};
use engine::{BuiltinProvider, ProviderFactory};
use futures::FutureExt;
use futures::future::ready;
use providers::{BoxFuture, Provider};
use std::path::PathBuf;
use std::sync::Arc;

/// Makes the providers of a run.
pub(crate) struct Factory {
    /// What relative paths in the built-in provider's arguments start from.
    pub(crate) base_dir: PathBuf,
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
        let problem = Diagnostic::error(
            "Provider not installed",
            format!(
                "The provider {} is required, but it is not installed. Run \"groma init\".",
                source.for_display()
            ),
        );
        ready(Err(problem.into())).boxed()
    }
}
