//! What providers think of the blocks that configure them, found out while the plan is made.
//!
//! Such a check can take a provider seconds, and nothing in the plan depends on it. So it runs beside
//! the plan, in a process of its own, and only its problems are waited for. A provider that remembers
//! that the block passed answers at once and starts nothing.

use super::planner::Planner;
use super::provider::provider_block;
use addrs::ProviderConfig;
use cty::Value;
use diags::Diagnostics;
use std::cell::RefCell;
use tokio::task::JoinHandle;

/// Checks that are under way.
#[derive(Default)]
pub(crate) struct SideChecks(RefCell<Vec<(ProviderConfig, JoinHandle<Diagnostics>)>>);

impl Planner<'_> {
    /// Begins to check a provider's arguments, if there are any.
    pub(crate) async fn check_aside(&self, config: &ProviderConfig, value: &Value) {
        let written = provider_block(self.round.program, config);
        if written.is_none_or(|(_, block)| block.body.is_empty()) {
            return;
        }
        let Ok(provider) = self.round.providers.separate(&config.provider).await else {
            // Whoever needs the provider reports it.
            return;
        };
        let value = value.clone();
        let check = tokio::spawn(async move {
            let problems = provider.validate_provider(&value).await;
            provider.close().await;
            problems
        });
        self.side_checks
            .0
            .borrow_mut()
            .push((config.clone(), check));
    }

    /// Waits for the checks and notes their problems. A run that should end soon does without.
    pub(crate) async fn settle_checks(&self) {
        let checks = self.side_checks.0.take();
        for (config, check) in checks {
            if self.round.stopping.get() {
                check.abort();
                continue;
            }
            let Ok(problems) = check.await else { continue };
            if let Some((_, block)) = provider_block(self.round.program, &config) {
                self.report(schema::locate(problems, &block.body, &block.range));
            }
        }
    }
}
