//! The calls: what goes in, what comes out, and what they are named in each version.

use crate::handshake::Protocol;
use crate::proto::{tfplugin5, tfplugin6};
use http::uri::PathAndQuery;

/// Largest schema that is read: as much as Terraform reads.
pub(crate) const SCHEMA_LIMIT: usize = 64 << 20;
/// Largest other message that is read or written.
pub(crate) const MESSAGE_LIMIT: usize = (1 << 31) - 1;

/// A request of the provider service.
pub(crate) trait Rpc: prost::Message + Default + 'static {
    /// What is answered.
    type Response: prost::Message + Default + 'static;
    /// The name in version 5.
    const V5: &'static str;
    /// The name in version 6.
    const V6: &'static str;
    /// The largest answer that is read.
    const LIMIT: usize = MESSAGE_LIMIT;

    /// The name in a version.
    fn name(protocol: Protocol) -> &'static str {
        match protocol {
            Protocol::V5 => Self::V5,
            Protocol::V6 => Self::V6,
        }
    }

    /// The path of the HTTP request.
    fn path(protocol: Protocol) -> PathAndQuery {
        let package = match protocol {
            Protocol::V5 => "tfplugin5",
            Protocol::V6 => "tfplugin6",
        };
        let path = format!("/{package}.Provider/{}", Self::name(protocol));
        PathAndQuery::try_from(path).unwrap_or_else(|_| PathAndQuery::from_static("/"))
    }
}

macro_rules! rpcs {
    ($($module:ident: $v5:literal, $v6:literal;)*) => {
        $(impl Rpc for tfplugin6::$module::Request {
            type Response = tfplugin6::$module::Response;
            const V5: &'static str = $v5;
            const V6: &'static str = $v6;
        })*
    };
}

rpcs! {
    validate_provider_config: "PrepareProviderConfig", "ValidateProviderConfig";
    validate_resource_config: "ValidateResourceTypeConfig", "ValidateResourceConfig";
    validate_data_resource_config: "ValidateDataSourceConfig", "ValidateDataResourceConfig";
    validate_ephemeral_resource_config: "ValidateEphemeralResourceConfig", "ValidateEphemeralResourceConfig";
    configure_provider: "Configure", "ConfigureProvider";
    upgrade_resource_state: "UpgradeResourceState", "UpgradeResourceState";
    read_resource: "ReadResource", "ReadResource";
    plan_resource_change: "PlanResourceChange", "PlanResourceChange";
    apply_resource_change: "ApplyResourceChange", "ApplyResourceChange";
    import_resource_state: "ImportResourceState", "ImportResourceState";
    move_resource_state: "MoveResourceState", "MoveResourceState";
    read_data_source: "ReadDataSource", "ReadDataSource";
    open_ephemeral_resource: "OpenEphemeralResource", "OpenEphemeralResource";
    renew_ephemeral_resource: "RenewEphemeralResource", "RenewEphemeralResource";
    close_ephemeral_resource: "CloseEphemeralResource", "CloseEphemeralResource";
    call_function: "CallFunction", "CallFunction";
    stop_provider: "Stop", "StopProvider";
}

impl Rpc for tfplugin5::get_provider_schema::Request {
    type Response = tfplugin5::get_provider_schema::Response;
    const V5: &'static str = "GetSchema";
    const V6: &'static str = "GetSchema";
    const LIMIT: usize = SCHEMA_LIMIT;
}

impl Rpc for tfplugin6::get_provider_schema::Request {
    type Response = tfplugin6::get_provider_schema::Response;
    const V5: &'static str = "GetProviderSchema";
    const V6: &'static str = "GetProviderSchema";
    const LIMIT: usize = SCHEMA_LIMIT;
}
