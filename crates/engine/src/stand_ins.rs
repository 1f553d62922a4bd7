//! Who answers in the place of providers, in tests.

use addrs::{AbsResourceInstance, ProviderConfig};
use providers::{Provider, ProviderSchema};
use std::sync::Arc;

/// Finds who answers in the place of a provider. The schemas are always the provider's own.
pub trait StandIns {
    /// Whether nothing at all is asked of the provider with a configuration: it is not configured.
    fn replaces(&self, config: &ProviderConfig) -> bool;

    /// Who answers about an object in the place of the provider with a configuration; `None`: the
    /// provider itself.
    fn provider(
        &self,
        addr: &AbsResourceInstance,
        config: &ProviderConfig,
        schema: &Arc<ProviderSchema>,
    ) -> Option<Arc<dyn Provider>>;
}
