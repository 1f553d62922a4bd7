//! State: what exists, as the last run knew it.

mod state;

pub use state::{
    CheckObjectResult, CheckResult, CheckStatus, DeposedKey, Instance, Object, ObjectStatus,
    OutputValue, ResourceState, State,
};

// To come (owner: states): file.rs = state file v4 read/write (exact), upgrade of v3; journal.rs = records; json.rs = `show -json` state 1.0
