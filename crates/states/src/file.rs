//! State files, version 4: the text form that Terraform and this program share.

mod object_text;
mod output_text;
mod problem;
mod read;
mod version3;
mod write;

#[cfg(test)]
pub(crate) mod tests;

pub use read::read;
pub use write::write;

pub(crate) use object_text::{Interned, ObjectText, push_members};
pub(crate) use output_text::{OutputText, push_output};

use crate::State;

/// The version of Terraform that state files name as their writer: the one this program is
/// compatible with.
pub const TERRAFORM_VERSION: &str = "1.11.4";

/// The version of the format.
pub(crate) const VERSION: u64 = 4;

/// A state and what its file says about it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StateFile {
    /// The version of Terraform that wrote it.
    pub terraform_version: String,
    /// Rises with each changed write.
    pub serial: u64,
    /// Names the line of states that follow from one another: a UUID, mostly.
    pub lineage: String,
    /// The state.
    pub state: State,
}

impl StateFile {
    /// The first of a new line of states, still empty.
    pub fn create() -> Self {
        Self {
            terraform_version: TERRAFORM_VERSION.into(),
            serial: 0,
            lineage: uuid::Uuid::new_v4().to_string(),
            state: State::default(),
        }
    }
}
