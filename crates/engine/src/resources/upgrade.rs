//! A stored object, brought to the provider's schema version.

use super::{ObjectCall, ObjectValue};
use diags::{Diagnostic, Diagnostics};
use providers::UpgradeRequest;
use states::Object;

impl ObjectCall {
    /// Decodes a stored object by way of the provider, which may change it to fit its present schema.
    pub(crate) async fn upgrade(&self, object: &Object) -> Result<ObjectValue, Diagnostics> {
        if object.schema_version > self.schema.version {
            return Err(Diagnostic::error(
                "Resource instance managed by newer provider version",
                format!(
                    "The current state of {} was created by a newer provider version than is currently selected. Upgrade the \
                     {} provider to work with this state.",
                    self.address, self.source.kind
                ),
            )
            .about(&self.address)
            .into());
        }
        let response = self
            .provider
            .upgrade(UpgradeRequest {
                kind: self.kind.clone(),
                version: object.schema_version,
                json: object.attributes.clone(),
                flatmap: object.flatmap.clone(),
            })
            .await;
        let mut diags = self.about(response.diagnostics);
        if diags.has_errors() {
            return Err(diags);
        }
        let value = response.state;
        diags.append(self.conforms(&value, "upgraded the stored state to"));
        diags.append(self.known(&value, "upgraded the stored state to"));
        diags.append(self.write_only(&value, "returned from an upgrade"));
        if diags.has_errors() {
            return Err(diags);
        }
        let value = self.mark(value, &object.sensitive_paths);
        Ok(ObjectValue {
            value,
            private: object.private.clone(),
        })
    }
}
