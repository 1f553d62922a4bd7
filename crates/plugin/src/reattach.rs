//! Providers that somebody else started, e.g. under a debugger.

use crate::handshake::{Address, Protocol};
use std::collections::BTreeMap;

/// A running provider.
#[derive(Clone, Debug, PartialEq)]
pub struct Reattach {
    /// What it speaks.
    pub protocol: Protocol,
    /// Where it listens.
    pub address: Address,
    /// Its process.
    pub pid: i32,
    /// It stays when we are done.
    pub test: bool,
}

/// What is wrong with `TF_REATTACH_PROVIDERS`.
#[derive(Debug, thiserror::Error)]
pub enum ReattachError {
    /// Not JSON, or of another form.
    #[error("it is not the JSON that a provider prints when it is started for debugging: {0}")]
    Form(#[from] serde_json::Error),
    /// A version that we do not speak.
    #[error(
        "{provider} speaks version {version} of the provider protocol; versions 5 and 6 are supported"
    )]
    Protocol {
        /// The address.
        provider: String,
        /// The version.
        version: u32,
    },
    /// Not an address.
    #[error("{provider}: {error}")]
    Address {
        /// The address.
        provider: String,
        /// What is wrong.
        error: crate::HandshakeError,
    },
    /// Not a provider's source address.
    #[error("{provider:?} is not the source address of a provider")]
    Provider {
        /// What stands there.
        provider: String,
    },
}

#[derive(serde::Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Json {
    #[serde(default)]
    protocol_version: u32,
    #[serde(default)]
    pid: i32,
    #[serde(default)]
    test: bool,
    addr: JsonAddress,
}

#[derive(serde::Deserialize)]
#[serde(rename_all = "PascalCase")]
struct JsonAddress {
    network: String,
    string: String,
}

/// Reads the value of `TF_REATTACH_PROVIDERS`.
///
/// # Errors
///
/// If it has another form.
pub fn parse_reattach(text: &str) -> Result<BTreeMap<addrs::Provider, Reattach>, ReattachError> {
    let all: BTreeMap<String, Json> = serde_json::from_str(text)?;
    all.into_iter()
        .map(|(provider, json)| {
            let protocol = match json.protocol_version {
                0 | 5 => Protocol::V5,
                6 => Protocol::V6,
                version => return Err(ReattachError::Protocol { provider, version }),
            };
            let address = match Address::parse(&json.addr.network, &json.addr.string) {
                Ok(address) => address,
                Err(error) => return Err(ReattachError::Address { provider, error }),
            };
            let Ok(source) = addrs::Provider::parse(&provider) else {
                return Err(ReattachError::Provider { provider });
            };
            Ok((
                source,
                Reattach {
                    protocol,
                    address,
                    pid: json.pid,
                    test: json.test,
                },
            ))
        })
        .collect()
}
