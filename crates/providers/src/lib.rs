//! What the engine knows of a provider: one trait, its requests and its responses. No transport.

mod provider;
mod schema_map;
mod schemas;
mod types;

pub use provider::{BoxFuture, Provider};
pub use schema_map::{SchemaLoader, SchemaMap};
pub use schemas::{FunctionParameter, FunctionSignature, ProviderSchema, ResourceSchema};
pub use types::{
    ApplyRequest, ApplyResponse, CallFunctionRequest, CloseEphemeralRequest, ConfigureRequest,
    ImportRequest, ImportResponse, ImportedObject, MoveRequest, MoveResponse, OpenEphemeralRequest,
    OpenEphemeralResponse, PlanRequest, PlanResponse, Private, ReadDataRequest, ReadDataResponse,
    ReadRequest, ReadResponse, RenewEphemeralRequest, RenewEphemeralResponse, UpgradeRequest,
    UpgradeResponse, ValidateRequest,
};
