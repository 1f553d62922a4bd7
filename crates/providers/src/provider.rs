//! The trait.

use crate::*;
use addrs::Mode;
use diags::Diagnostics;
use std::sync::Arc;

/// A boxed future, so that the trait is object-safe.
pub type BoxFuture<'a, T> = futures::future::BoxFuture<'a, T>;

/// A provider: the built-in one, a plugin process, or a fake in a test.
///
/// Diagnostics of a provider point into the block that the request is about by
/// [`diags::Diagnostic::attribute`]; the engine adds the source range. A transport failure is an error
/// diagnostic like any other. No value that goes in or comes out is marked.
pub trait Provider: Send + Sync {
    /// The schemas. Loaded once, then shared; a cached copy needs no running process.
    fn schema<'a>(&'a self) -> BoxFuture<'a, Result<Arc<ProviderSchema>, Diagnostics>>;

    /// Checks the provider block.
    fn validate_provider<'a>(&'a self, config: &'a cty::Value) -> BoxFuture<'a, Diagnostics>;

    /// Checks a resource, data or ephemeral block; unknown where values are not known yet.
    fn validate<'a>(&'a self, mode: Mode, request: ValidateRequest) -> BoxFuture<'a, Diagnostics>;

    /// Gives the provider its configuration. Called before anything below.
    fn configure<'a>(&'a self, request: ConfigureRequest) -> BoxFuture<'a, Diagnostics>;

    /// Brings a stored object to the current schema version.
    fn upgrade<'a>(&'a self, request: UpgradeRequest) -> BoxFuture<'a, UpgradeResponse>;

    /// Reads an object as it is now.
    fn read<'a>(&'a self, request: ReadRequest) -> BoxFuture<'a, ReadResponse>;

    /// Plans a change of an object.
    fn plan<'a>(&'a self, request: PlanRequest) -> BoxFuture<'a, PlanResponse>;

    /// Carries out a planned change.
    fn apply<'a>(&'a self, request: ApplyRequest) -> BoxFuture<'a, ApplyResponse>;

    /// Finds objects by an id.
    fn import<'a>(&'a self, request: ImportRequest) -> BoxFuture<'a, ImportResponse>;

    /// Takes over an object of another type or provider.
    fn move_state<'a>(&'a self, request: MoveRequest) -> BoxFuture<'a, MoveResponse>;

    /// Reads a data source.
    fn read_data<'a>(&'a self, request: ReadDataRequest) -> BoxFuture<'a, ReadDataResponse>;

    /// Opens an ephemeral resource.
    fn open_ephemeral<'a>(
        &'a self,
        request: OpenEphemeralRequest,
    ) -> BoxFuture<'a, OpenEphemeralResponse>;

    /// Renews an ephemeral resource.
    fn renew_ephemeral<'a>(
        &'a self,
        request: RenewEphemeralRequest,
    ) -> BoxFuture<'a, RenewEphemeralResponse>;

    /// Closes an ephemeral resource.
    fn close_ephemeral<'a>(&'a self, request: CloseEphemeralRequest) -> BoxFuture<'a, Diagnostics>;

    /// Calls a function. The error names the argument, counted from 0, if one is to blame.
    fn call_function<'a>(
        &'a self,
        request: CallFunctionRequest,
    ) -> BoxFuture<'a, Result<cty::Value, (Option<usize>, String)>>;

    /// Asks running operations to end soon.
    fn stop<'a>(&'a self) -> BoxFuture<'a, ()>;

    /// Ends the process, if there is one. Nothing is called afterwards.
    fn close<'a>(&'a self) -> BoxFuture<'a, ()>;
}
