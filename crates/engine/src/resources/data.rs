//! Data sources.

use super::ObjectCall;
use cty::Value;
use diags::{Diagnostic, Diagnostics};
use plans::objchange;
use providers::ReadDataRequest;

impl ObjectCall {
    /// What a data source will say, as far as its configuration tells.
    pub(crate) fn plan_data(&self, config: &Value) -> Value {
        let (bare, marks) = Self::strip(config);
        self.mark(
            objchange::planned_data_object(&self.schema.block, &bare),
            &marks,
        )
    }

    /// Reads a data source whose configuration is wholly known.
    pub(crate) async fn read_data(
        &self,
        config: &Value,
    ) -> Result<(Value, Diagnostics), Diagnostics> {
        let (bare, marks) = Self::strip(config);
        let response = self
            .provider
            .read_data(ReadDataRequest {
                kind: self.kind.clone(),
                config: bare,
                provider_meta: self.provider_meta.clone(),
            })
            .await;
        let mut diags = self.about(response.diagnostics);
        if diags.has_errors() {
            return Err(diags);
        }
        diags.append(self.conforms(&response.state, "read"));
        if !diags.has_errors() && response.state.is_null() {
            diags.push(self.broken(
                "Provider produced null object",
                &format!("produced a null value for {}", self.address),
            ));
        }
        diags.append(self.known(&response.state, "read"));
        if diags.has_errors() {
            return Err(diags);
        }
        Ok((self.mark(response.state, &marks), diags))
    }

    /// The provider has no such type.
    pub(crate) fn unsupported(
        source: &addrs::Provider,
        what: &str,
        kind: &str,
        near: Option<&str>,
    ) -> Diagnostic {
        let hint = near
            .map(|n| format!(" Did you mean {n:?}?"))
            .unwrap_or_default();
        Diagnostic::error(
            format!("Invalid {what} type"),
            format!(
                "The provider {} does not support {what} type {kind:?}.{hint}",
                source.for_display()
            ),
        )
    }
}
