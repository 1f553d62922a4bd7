//! The read after a create: what a provider still has to do to an object when it is safely in the state.

use super::applier::Applier;
use crate::resources::{Applied, ObjectCall};
use cty::Value;
use plans::ResourceChange;

impl Applier<'_> {
    /// Reads an object once more if its provider has asked for it, and stores what comes back. The
    /// object's value if it did.
    ///
    /// A read that fails is no error of the run: what asks for it is still in the object's private bytes,
    /// so that the next refresh does it.
    pub(super) async fn settle(
        &self,
        change: &ResourceChange,
        call: &ObjectCall,
        applied: &Applied,
    ) -> Option<Value> {
        let object = applied.object.as_ref()?;
        if !states::private::asks_to_settle(&object.private) {
            return None;
        }
        let status = self.in_state(change, None)?.status;
        let read = match call.refresh(object).await {
            Ok(refreshed) => refreshed.object?,
            Err(problems) => {
                tracing::debug!(address = %change.addr, ?problems, "the object is settled later");
                return None;
            }
        };
        let encoded = self.encode(change, call, &read, status).ok()?;
        self.save(change, None, vec![(None, Some(encoded))], None)
            .await;
        Some(read.value)
    }
}
