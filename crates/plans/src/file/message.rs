//! The messages of a plan file. Field numbers below 1000 are Terraform's.

use prost::{Enumeration, Message, Oneof};
use std::collections::BTreeMap;

#[derive(Clone, PartialEq, Message)]
pub(super) struct Plan {
    #[prost(uint64, tag = "1")]
    pub(super) version: u64,
    #[prost(btree_map = "string, message", tag = "2")]
    pub(super) variables: BTreeMap<String, DynamicValue>,
    #[prost(message, repeated, tag = "3")]
    pub(super) resource_changes: Vec<ResourceChange>,
    #[prost(message, repeated, tag = "4")]
    pub(super) output_changes: Vec<OutputChange>,
    #[prost(string, repeated, tag = "5")]
    pub(super) target_addrs: Vec<String>,
    #[prost(message, optional, tag = "13")]
    pub(super) backend: Option<Backend>,
    #[prost(string, tag = "14")]
    pub(super) terraform_version: String,
    #[prost(message, repeated, tag = "15")]
    pub(super) relevant_attributes: Vec<ResourceAttribute>,
    #[prost(string, repeated, tag = "16")]
    pub(super) force_replace_addrs: Vec<String>,
    #[prost(enumeration = "Mode", tag = "17")]
    pub(super) ui_mode: i32,
    #[prost(message, repeated, tag = "18")]
    pub(super) resource_drift: Vec<ResourceChange>,
    #[prost(message, repeated, tag = "19")]
    pub(super) check_results: Vec<CheckResults>,
    #[prost(bool, tag = "20")]
    pub(super) errored: bool,
    #[prost(string, tag = "21")]
    pub(super) timestamp: String,
    #[prost(bool, tag = "25")]
    pub(super) applyable: bool,
    #[prost(bool, tag = "26")]
    pub(super) complete: bool,
    #[prost(string, repeated, tag = "28")]
    pub(super) apply_time_variables: Vec<String>,
    /// The version of our fields: 1. Not there in files of other programs.
    #[prost(uint64, tag = "1000")]
    pub(super) own_version: u64,
    /// Types as JSON.
    #[prost(string, repeated, tag = "1001")]
    pub(super) types: Vec<String>,
    #[prost(message, repeated, tag = "1002")]
    pub(super) groups: Vec<Group>,
    #[prost(string, repeated, tag = "1003")]
    pub(super) exclude_addrs: Vec<String>,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct ResourceAttribute {
    #[prost(string, tag = "1")]
    pub(super) resource: String,
    #[prost(message, optional, tag = "2")]
    pub(super) attr: Option<Path>,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct Backend {
    #[prost(string, tag = "1")]
    pub(super) kind: String,
    #[prost(message, optional, tag = "2")]
    pub(super) config: Option<DynamicValue>,
    #[prost(string, tag = "3")]
    pub(super) workspace: String,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct Change {
    #[prost(enumeration = "Action", tag = "1")]
    pub(super) action: i32,
    #[prost(message, repeated, tag = "2")]
    pub(super) values: Vec<DynamicValue>,
    #[prost(message, repeated, tag = "3")]
    pub(super) before_sensitive_paths: Vec<Path>,
    #[prost(message, repeated, tag = "4")]
    pub(super) after_sensitive_paths: Vec<Path>,
    #[prost(message, optional, tag = "5")]
    pub(super) importing: Option<Importing>,
    #[prost(string, tag = "6")]
    pub(super) generated_config: String,
    /// Indices into the plan's types.
    #[prost(uint32, tag = "1000")]
    pub(super) before_type: u32,
    #[prost(uint32, tag = "1001")]
    pub(super) after_type: u32,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct ResourceChange {
    #[prost(string, tag = "7")]
    pub(super) deposed_key: String,
    #[prost(string, tag = "8")]
    pub(super) provider: String,
    #[prost(message, optional, tag = "9")]
    pub(super) change: Option<Change>,
    #[prost(bytes = "vec", tag = "10")]
    pub(super) private: Vec<u8>,
    #[prost(message, repeated, tag = "11")]
    pub(super) required_replace: Vec<Path>,
    #[prost(enumeration = "Reason", tag = "12")]
    pub(super) action_reason: i32,
    #[prost(string, tag = "13")]
    pub(super) addr: String,
    #[prost(string, tag = "14")]
    pub(super) prev_run_addr: String,
    /// An index of a change × 2, or of a group × 2 + 1.
    #[prost(uint64, repeated, tag = "1000")]
    pub(super) depends_on: Vec<u64>,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct Group {
    #[prost(uint64, repeated, tag = "1")]
    pub(super) members: Vec<u64>,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct OutputChange {
    #[prost(string, tag = "1")]
    pub(super) name: String,
    #[prost(message, optional, tag = "2")]
    pub(super) change: Option<Change>,
    #[prost(bool, tag = "3")]
    pub(super) sensitive: bool,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct CheckResults {
    #[prost(enumeration = "ObjectKind", tag = "1")]
    pub(super) kind: i32,
    #[prost(string, tag = "2")]
    pub(super) config_addr: String,
    #[prost(enumeration = "Status", tag = "3")]
    pub(super) status: i32,
    #[prost(message, repeated, tag = "4")]
    pub(super) objects: Vec<ObjectResult>,
    /// Which objects there are is not known.
    #[prost(bool, tag = "1000")]
    pub(super) objects_unknown: bool,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct ObjectResult {
    #[prost(string, tag = "1")]
    pub(super) object_addr: String,
    #[prost(enumeration = "Status", tag = "2")]
    pub(super) status: i32,
    #[prost(string, repeated, tag = "3")]
    pub(super) failure_messages: Vec<String>,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct DynamicValue {
    #[prost(bytes = "vec", tag = "1")]
    pub(super) msgpack: Vec<u8>,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct Path {
    #[prost(message, repeated, tag = "1")]
    pub(super) steps: Vec<Step>,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct Step {
    #[prost(oneof = "Selector", tags = "1, 2")]
    pub(super) selector: Option<Selector>,
}

#[derive(Clone, PartialEq, Oneof)]
pub(super) enum Selector {
    #[prost(string, tag = "1")]
    AttributeName(String),
    #[prost(message, tag = "2")]
    ElementKey(DynamicValue),
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct Importing {
    #[prost(string, tag = "1")]
    pub(super) id: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Enumeration)]
#[repr(i32)]
pub(super) enum Mode {
    Normal = 0,
    Destroy = 1,
    RefreshOnly = 2,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Enumeration)]
#[repr(i32)]
pub(super) enum Action {
    Noop = 0,
    Create = 1,
    Read = 2,
    Update = 3,
    Delete = 5,
    DeleteThenCreate = 6,
    CreateThenDelete = 7,
    Forget = 8,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Enumeration)]
#[repr(i32)]
pub(super) enum Reason {
    None = 0,
    ReplaceBecauseTainted = 1,
    ReplaceByRequest = 2,
    ReplaceBecauseCannotUpdate = 3,
    DeleteBecauseNoResourceConfig = 4,
    DeleteBecauseWrongRepetition = 5,
    DeleteBecauseCountIndex = 6,
    DeleteBecauseEachKey = 7,
    DeleteBecauseNoModule = 8,
    ReplaceByTriggers = 9,
    ReadBecauseConfigUnknown = 10,
    ReadBecauseDependencyPending = 11,
    DeleteBecauseNoMoveTarget = 12,
    ReadBecauseCheckNested = 13,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Enumeration)]
#[repr(i32)]
pub(super) enum Status {
    Unknown = 0,
    Pass = 1,
    Fail = 2,
    Error = 3,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Enumeration)]
#[repr(i32)]
pub(super) enum ObjectKind {
    Unspecified = 0,
    Resource = 1,
    Output = 2,
    Check = 3,
    Variable = 4,
}
