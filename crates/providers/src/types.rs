//! Requests and responses. Field by field those of the plugin protocol, with decoded values.

use cty::{Path, Value};
use diags::Diagnostics;
use std::sync::Arc;

/// Opaque bytes that a provider keeps beside an object.
pub type Private = Arc<[u8]>;

/// Check a block.
#[derive(Clone, Debug)]
pub struct ValidateRequest {
    /// The type.
    pub kind: Arc<str>,
    /// The configuration.
    pub config: Value,
}

/// Configure the provider.
#[derive(Clone, Debug)]
pub struct ConfigureRequest {
    /// The configuration.
    pub config: Value,
    /// The version that we claim to be.
    pub terraform_version: Arc<str>,
}

/// Upgrade a stored object.
#[derive(Clone, Debug)]
pub struct UpgradeRequest {
    /// The type.
    pub kind: Arc<str>,
    /// The schema version it was stored with.
    pub version: i64,
    /// The attributes as JSON text; empty when `flatmap` is used.
    pub json: Arc<[u8]>,
    /// The attributes of states before version 4.
    pub flatmap: Option<std::collections::BTreeMap<String, String>>,
}

/// The upgraded object.
#[derive(Clone, Debug)]
pub struct UpgradeResponse {
    /// The object; null on error.
    pub state: Value,
    /// Problems.
    pub diagnostics: Diagnostics,
}

/// Read an object.
#[derive(Clone, Debug)]
pub struct ReadRequest {
    /// The type.
    pub kind: Arc<str>,
    /// The object as last known.
    pub state: Value,
    /// The provider's bytes.
    pub private: Private,
    /// `provider_meta`; null = none.
    pub provider_meta: Value,
}

/// The object as it is now.
#[derive(Clone, Debug)]
pub struct ReadResponse {
    /// The object; null = it is gone.
    pub state: Value,
    /// The provider's bytes.
    pub private: Private,
    /// Problems.
    pub diagnostics: Diagnostics,
}

/// Plan a change.
#[derive(Clone, Debug)]
pub struct PlanRequest {
    /// The type.
    pub kind: Arc<str>,
    /// The object now; null = there is none.
    pub prior: Value,
    /// What the configuration and the object together ask for; null = destroy.
    pub proposed: Value,
    /// The configuration; null = destroy.
    pub config: Value,
    /// The provider's bytes.
    pub prior_private: Private,
    /// `provider_meta`; null = none.
    pub provider_meta: Value,
}

/// A planned change.
#[derive(Clone, Debug)]
pub struct PlanResponse {
    /// The object after the change, as far as it is known.
    pub planned: Value,
    /// Attributes whose change needs a new object.
    pub requires_replace: Vec<Path>,
    /// The provider's bytes for the apply.
    pub planned_private: Private,
    /// The provider cannot keep all laws.
    pub legacy: bool,
    /// Problems.
    pub diagnostics: Diagnostics,
}

/// Carry out a change.
#[derive(Clone, Debug)]
pub struct ApplyRequest {
    /// The type.
    pub kind: Arc<str>,
    /// The object now; null = create.
    pub prior: Value,
    /// The object as planned; null = destroy.
    pub planned: Value,
    /// The configuration; null = destroy.
    pub config: Value,
    /// The provider's bytes from the plan.
    pub planned_private: Private,
    /// `provider_meta`; null = none.
    pub provider_meta: Value,
}

/// The outcome of a change. With errors, `state` is the best knowledge of what exists.
#[derive(Clone, Debug)]
pub struct ApplyResponse {
    /// The object; null = there is none.
    pub state: Value,
    /// The provider's bytes.
    pub private: Private,
    /// The provider cannot keep all laws.
    pub legacy: bool,
    /// Problems.
    pub diagnostics: Diagnostics,
}

/// Find objects by id.
#[derive(Clone, Debug)]
pub struct ImportRequest {
    /// The type.
    pub kind: Arc<str>,
    /// The id.
    pub id: String,
}

/// An object found.
#[derive(Clone, Debug)]
pub struct ImportedObject {
    /// The type.
    pub kind: Arc<str>,
    /// The object, often only its id.
    pub state: Value,
    /// The provider's bytes.
    pub private: Private,
}

/// Objects found.
#[derive(Clone, Debug)]
pub struct ImportResponse {
    /// The objects.
    pub objects: Vec<ImportedObject>,
    /// Problems.
    pub diagnostics: Diagnostics,
}

/// Take over an object of another type.
#[derive(Clone, Debug)]
pub struct MoveRequest {
    /// The full address of the provider it comes from.
    pub source_provider: String,
    /// The type it had.
    pub source_kind: Arc<str>,
    /// The schema version it was stored with.
    pub source_version: i64,
    /// Its attributes as JSON text.
    pub source_json: Arc<[u8]>,
    /// The provider's bytes.
    pub source_private: Private,
    /// The type it gets.
    pub target_kind: Arc<str>,
}

/// The object taken over.
#[derive(Clone, Debug)]
pub struct MoveResponse {
    /// The object.
    pub state: Value,
    /// The provider's bytes.
    pub private: Private,
    /// Problems.
    pub diagnostics: Diagnostics,
}

/// Read a data source.
#[derive(Clone, Debug)]
pub struct ReadDataRequest {
    /// The type.
    pub kind: Arc<str>,
    /// The configuration, wholly known.
    pub config: Value,
    /// `provider_meta`; null = none.
    pub provider_meta: Value,
}

/// What a data source says.
#[derive(Clone, Debug)]
pub struct ReadDataResponse {
    /// The object.
    pub state: Value,
    /// Problems.
    pub diagnostics: Diagnostics,
}

/// Open an ephemeral resource.
#[derive(Clone, Debug)]
pub struct OpenEphemeralRequest {
    /// The type.
    pub kind: Arc<str>,
    /// The configuration, wholly known.
    pub config: Value,
}

/// An open ephemeral resource.
#[derive(Clone, Debug)]
pub struct OpenEphemeralResponse {
    /// The object.
    pub result: Value,
    /// When to renew it, in seconds since the Unix epoch.
    pub renew_at: Option<i64>,
    /// The provider's bytes.
    pub private: Private,
    /// Problems.
    pub diagnostics: Diagnostics,
}

/// Renew an ephemeral resource.
#[derive(Clone, Debug)]
pub struct RenewEphemeralRequest {
    /// The type.
    pub kind: Arc<str>,
    /// The provider's bytes.
    pub private: Private,
}

/// A renewed ephemeral resource.
#[derive(Clone, Debug)]
pub struct RenewEphemeralResponse {
    /// When to renew it again, in seconds since the Unix epoch.
    pub renew_at: Option<i64>,
    /// The provider's bytes.
    pub private: Private,
    /// Problems.
    pub diagnostics: Diagnostics,
}

/// Close an ephemeral resource.
#[derive(Clone, Debug)]
pub struct CloseEphemeralRequest {
    /// The type.
    pub kind: Arc<str>,
    /// The provider's bytes.
    pub private: Private,
}

/// Call a function.
#[derive(Clone, Debug)]
pub struct CallFunctionRequest {
    /// The function's name, without namespace.
    pub name: Arc<str>,
    /// The arguments, converted.
    pub args: Vec<Value>,
}
