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

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::expect;

    #[test]
    fn texts() {
        let entry = |provider: &str, version: u32, network: &str, address: &str| {
            format!(
                r#"{{"{provider}":{{"Protocol":"grpc","ProtocolVersion":{version},"Pid":7,"Test":true,"Addr":{{"Network":"{network}","String":"{address}"}}}}}}"#
            )
        };
        let cases = [
            entry("hashicorp/x", 0, "unix", "/tmp/s"),
            entry("example.com/a/x", 6, "tcp", "127.0.0.1:80"),
            entry("hashicorp/x", 4, "unix", "/tmp/s"),
            entry("hashicorp/x", 6, "pipe", "/tmp/s"),
            entry("a/b/c/d", 6, "unix", "/tmp/s"),
            "[]".to_owned(),
        ];
        let text: String = cases
            .iter()
            .map(|case| match parse_reattach(case) {
                Ok(all) => all.iter().map(|(p, r)| format!("{p} {r:?}\n")).collect(),
                Err(error) => format!("{error}\n"),
            })
            .collect();
        expect![[r#"
            registry.terraform.io/hashicorp/x Reattach { protocol: V5, address: Unix("/tmp/s"), pid: 7, test: true }
            example.com/a/x Reattach { protocol: V6, address: Tcp(127.0.0.1:80), pid: 7, test: true }
            hashicorp/x speaks version 4 of the provider protocol; versions 5 and 6 are supported
            hashicorp/x: it listens on a "pipe" network; unix and tcp are supported
            "a/b/c/d" is not the source address of a provider
            it is not the JSON that a provider prints when it is started for debugging: invalid type: sequence, expected a map at line 1 column 0
        "#]].assert_eq(&text);
    }
}
