//! What deleting means.

use sdk::{Attr, Error, Model};

/// `deletion_policy`, as every resource has it.
#[derive(Model, Clone, Debug, PartialEq)]
pub(crate) struct Deletion {
    /// What deleting means: `DELETE` deletes, `ABANDON` forgets the object without touching it, `PREVENT` refuses.
    #[attr(optional, computed, one_of("DELETE", "ABANDON", "PREVENT"))]
    pub(crate) deletion_policy: Attr<String>,
}

impl Deletion {
    /// Whether the object is only to be forgotten. Refuses where deletion is prevented.
    pub(crate) fn forgets(&self) -> Result<bool, Error> {
        match self.deletion_policy.as_str() {
            "PREVENT" => Err(Error::invalid(
                "The object must not be deleted: its deletion_policy is PREVENT. Set it to DELETE and apply that first.",
            )
            .at("deletion_policy")),
            policy => Ok(policy == "ABANDON"),
        }
    }
}
