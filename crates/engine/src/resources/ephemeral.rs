//! Ephemeral resources.

use super::ObjectCall;
use cty::{Marks, Value};
use diags::Diagnostics;
use plans::objchange;
use providers::{OpenEphemeralRequest, OpenEphemeralResponse};

impl ObjectCall {
    /// What an ephemeral resource will be whose configuration is not known yet.
    pub(crate) fn defer_ephemeral(&self, config: &Value) -> Value {
        let (bare, marks) = Self::strip(config);
        self.mark(
            objchange::planned_data_object(&self.schema.block, &bare),
            &marks,
        )
        .with_marks(Marks::EPHEMERAL)
    }

    /// Opens an ephemeral resource whose configuration is wholly known. Whatever comes back, if the answer
    /// has no errors it must be closed.
    pub(crate) async fn open_ephemeral(&self, config: &Value) -> OpenEphemeralResponse {
        let (bare, marks) = Self::strip(config);
        let mut response = self
            .provider
            .open_ephemeral(OpenEphemeralRequest {
                kind: self.kind.clone(),
                config: bare,
            })
            .await;
        response.diagnostics = self.about(response.diagnostics);
        response.result = self
            .mark(response.result, &marks)
            .with_marks(Marks::EPHEMERAL);
        response
    }

    /// Checks what an ephemeral resource opened to.
    pub(crate) fn check_opened(&self, result: &Value) -> Diagnostics {
        let bare = result.clone().unmark_all();
        let mut diags = self.conforms(&bare, "opened");
        if !diags.has_errors() && bare.is_null() {
            diags.push(self.broken(
                "Provider produced null object",
                &format!("produced a null value for {}", self.address),
            ));
        }
        diags.append(self.known(&bare, "opened"));
        diags
    }
}
