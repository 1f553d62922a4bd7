//! An object as it is now.

use super::{ObjectCall, ObjectValue};
use diags::Diagnostics;
use providers::ReadRequest;

/// What a read came to.
#[derive(Clone, Debug)]
pub(crate) struct Refreshed {
    /// The object; `None` = it is gone.
    pub(crate) object: Option<ObjectValue>,
    /// Warnings.
    pub(crate) diagnostics: Diagnostics,
}

impl ObjectCall {
    /// Reads an object.
    pub(crate) async fn refresh(&self, object: &ObjectValue) -> Result<Refreshed, Diagnostics> {
        let (state, marks) = Self::strip(&object.value);
        let response = self
            .provider
            .read(ReadRequest {
                kind: self.kind.clone(),
                state,
                private: object.private.clone(),
                provider_meta: self.provider_meta.clone(),
            })
            .await;
        let mut diags = self.about(response.diagnostics);
        if diags.has_errors() {
            return Err(diags);
        }
        diags.append(self.conforms(&response.state, "read"));
        if diags.has_errors() {
            return Err(diags);
        }
        if response.state.is_null() {
            return Ok(Refreshed {
                object: None,
                diagnostics: diags,
            });
        }
        let state = plans::objchange::normalize_legacy(&self.schema.block, &response.state);
        diags.append(self.known(&state, "read"));
        diags.append(self.write_only(&state, "returned from a read"));
        if diags.has_errors() {
            return Err(diags);
        }
        let value = self.mark(state, &marks);
        Ok(Refreshed {
            object: Some(ObjectValue {
                value,
                private: response.private,
            }),
            diagnostics: diags,
        })
    }
}
