//! State: what exists, as the last run knew it.
//!
//! [`State`] is the state as data. [`file`] is its text form, the one that Terraform reads and
//! writes; [`journal`] is what a run writes down while it changes things; [`json`] is what `show
//! -json` prints. Attributes stay the text they were stored as until someone has a schema at hand:
//! then [`Object::decode`] makes a value of them.

pub mod file;
pub mod journal;
pub mod json;
mod json_text;
mod object;
pub mod private;
mod state;

pub use file::{StateFile, TERRAFORM_VERSION};
pub use object::ObjectError;
pub use state::{
    CheckObjectResult, CheckResult, CheckStatus, DeposedKey, Instance, Object, ObjectStatus,
    OutputValue, ResourceState, State,
};
