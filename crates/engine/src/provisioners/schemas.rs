//! The arguments of provisioners and connections.

use configs::Provisioner;
use cty::Value;
use diags::{Diagnostic, Diagnostics};
use schema::Block;
pub(crate) use schema::connection;

/// The arguments of a provisioner.
///
/// # Errors
/// There is no such provisioner.
pub(crate) fn check_kind(provisioner: &Provisioner) -> Result<&'static Block, Diagnostics> {
    let kind = &*provisioner.kind;
    schema::provisioner(kind).ok_or_else(|| {
        Diagnostic::error(
            "Missing required provisioner plugin",
            format!(
                "There is no provisioner {kind:?}. There are \"local-exec\", \"remote-exec\" and \"file\"."
            ),
        )
        .into()
    })
}

/// The connection of a resource, with what the provisioner's own says instead.
pub(crate) fn merged(of_resource: Option<Value>, own: Option<Value>) -> Value {
    let null = || Value::null(connection().implied_type());
    match (of_resource, own) {
        (Some(base), Some(own)) => {
            let names = connection().attributes.keys();
            Value::object(names.map(|name| {
                let of_own = own.get(name).filter(|v| !v.is_null());
                let value = of_own.or_else(|| base.get(name)).cloned();
                (name.clone(), value.unwrap_or_else(null))
            }))
        }
        (base, own) => own.or(base).unwrap_or_else(null),
    }
}
