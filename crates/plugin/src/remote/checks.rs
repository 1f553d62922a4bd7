//! Checks of configurations, which are not asked for again once they passed.

use super::RemoteProvider;
use super::calls::CAPABILITIES;
use crate::cache::Check;
use crate::convert;
use crate::proto::tfplugin6::{self as wire, DynamicValue};
use addrs::Mode;
use cty::Value;
use diags::Diagnostics;
use providers::ValidateRequest;

impl RemoteProvider {
    pub(super) async fn do_validate_provider(
        &self,
        config: &Value,
    ) -> Result<Diagnostics, Diagnostics> {
        let ty = self.schemas().await?.provider.block.implied_type();
        let config = self.send("the provider block", config, &ty)?;
        let check = self.check("provider", "", config.as_ref());
        if self.passed(check.as_ref()) {
            return Ok(Diagnostics::new());
        }
        let answer = self
            .call(wire::validate_provider_config::Request { config })
            .await?;
        Ok(self.remember(check, convert::diagnostics(answer.diagnostics)))
    }

    pub(super) async fn do_validate(
        &self,
        mode: Mode,
        request: &ValidateRequest,
    ) -> Result<Diagnostics, Diagnostics> {
        let ty = self.types(mode, &request.kind).await?.object;
        let config = self.send(&request.kind, &request.config, &ty)?;
        let call = match mode {
            Mode::Managed => "resource",
            Mode::Data => "data",
            Mode::Ephemeral => "ephemeral",
        };
        let check = self.check(call, &request.kind, config.as_ref());
        if self.passed(check.as_ref()) {
            return Ok(Diagnostics::new());
        }
        let type_name = request.kind.to_string();
        let diagnostics = match mode {
            Mode::Managed => {
                let client_capabilities = Some(CAPABILITIES);
                let request = wire::validate_resource_config::Request {
                    type_name,
                    config,
                    client_capabilities,
                };
                self.call(request).await?.diagnostics
            }
            Mode::Data => {
                let request = wire::validate_data_resource_config::Request { type_name, config };
                self.call(request).await?.diagnostics
            }
            Mode::Ephemeral => {
                let request =
                    wire::validate_ephemeral_resource_config::Request { type_name, config };
                self.call(request).await?.diagnostics
            }
        };
        Ok(self.remember(check, convert::diagnostics(diagnostics)))
    }

    fn check(&self, call: &str, kind: &str, config: Option<&DynamicValue>) -> Option<Check> {
        Some(Check::new(
            self.identity.as_ref()?,
            call,
            kind,
            &config?.msgpack,
        ))
    }

    fn passed(&self, check: Option<&Check>) -> bool {
        check.is_some_and(|check| self.cache.validations.passed(check))
    }

    fn remember(&self, check: Option<Check>, problems: Diagnostics) -> Diagnostics {
        if let Some(check) = check.filter(|_| problems.is_empty()) {
            self.cache.validations.remember(check);
        }
        problems
    }
}
