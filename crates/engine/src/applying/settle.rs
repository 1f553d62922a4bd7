//! The read after a create: what a provider still has to do to an object when it is safely in the state.

use super::applier::Applier;
use crate::resources::{Applied, ObjectCall, ObjectValue};
use plans::ResourceChange;

impl Applier<'_> {
    /// Reads an object once more if its provider has asked for it, and stores the private bytes that come back. The value
    /// stays what the provider answered to the create: what the cloud makes of it is for the next refresh to find.
    ///
    /// A read that fails is no error of the run: what asks for it is still in the object's private bytes,
    /// so that the next refresh does it.
    pub(super) async fn settle(
        &self,
        change: &ResourceChange,
        call: &ObjectCall,
        applied: &Applied,
    ) {
        let asks = |object: &&ObjectValue| states::private::asks_to_settle(&object.private);
        let Some(object) = applied.object.as_ref().filter(asks) else {
            return;
        };
        let Some(status) = self.in_state(change, None).map(|stored| stored.status) else {
            return;
        };
        let read = match call.refresh(object).await {
            Ok(refreshed) => refreshed.object,
            Err(problems) => {
                tracing::debug!(address = %change.addr, ?problems, "the object is settled later");
                return;
            }
        };
        let Some(read) = read else { return };
        let settled = ObjectValue {
            private: read.private,
            ..object.clone()
        };
        if let Ok(encoded) = self.encode(change, call, &settled, status) {
            self.save(change, None, vec![(None, Some(encoded))], None)
                .await;
        }
    }
}
