//! An object of another type or provider, taken over.

use super::{ObjectCall, ObjectValue};
use diags::{Diagnostic, Diagnostics};
use providers::MoveRequest;
use states::Object;

impl ObjectCall {
    /// Lets the provider make an object of its own from a stored one of another type or provider.
    pub(crate) async fn take_over(
        &self,
        provider: &addrs::Provider,
        kind: &str,
        object: &Object,
    ) -> Result<ObjectValue, Diagnostics> {
        if !self.move_state {
            return Err(Diagnostic::error(
                "Unsupported `moved` across resource types",
                format!(
                    "The provider {:?} does not support moved operations across resource types and providers, so that {} cannot \
                     become what a {kind} of {provider} was.",
                    self.source.to_string(),
                    self.address
                ),
            )
            .about(&self.address)
            .into());
        }
        let response = self
            .provider
            .move_state(MoveRequest {
                source_provider: provider.to_string(),
                source_kind: kind.into(),
                source_version: object.schema_version,
                source_json: object.attributes.clone(),
                source_private: object.private.clone(),
                target_kind: self.kind.clone(),
            })
            .await;
        let mut diags = self.about(response.diagnostics);
        if diags.has_errors() {
            return Err(diags);
        }
        let value = response.state;
        diags.append(self.conforms(&value, "moved the stored state to"));
        if !diags.has_errors() && value.is_null() {
            diags.push(self.broken(
                "Provider returned invalid value",
                &format!(
                    "returned no object for {} when it was to take one over",
                    self.address
                ),
            ));
        }
        if diags.has_errors() {
            return Err(diags);
        }
        diags.append(self.known(&value, "moved the stored state to"));
        diags.append(self.write_only(&value, "returned from a move"));
        if diags.has_errors() {
            return Err(diags);
        }
        Ok(ObjectValue {
            value: self.mark(value, &[]),
            private: response.private,
        })
    }
}
