//! The one line by which a plugin tells where it listens.

use base64::Engine;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use rustls_pki_types::CertificateDer;
use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;

/// The version of the line itself.
const CORE_PROTOCOL: &str = "1";
/// A field that is shorter than this is not a certificate.
const SHORTEST_CERTIFICATE: usize = 50;

/// The variable that tells a plugin from a program that was started by hand, and its value.
pub(crate) const COOKIE: (&str, &str) = (
    "TF_PLUGIN_MAGIC_COOKIE",
    "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2",
);

/// The major version of the provider protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Protocol {
    /// `tfplugin5`.
    V5,
    /// `tfplugin6`.
    V6,
}

impl fmt::Display for Protocol {
    /// The number.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::V5 => "5",
            Self::V6 => "6",
        })
    }
}

/// Where a plugin listens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Address {
    /// A unix socket.
    Unix(PathBuf),
    /// A port.
    Tcp(SocketAddr),
}

/// What the line says.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Handshake {
    pub(crate) protocol: Protocol,
    pub(crate) address: Address,
    pub(crate) certificate: Option<CertificateDer<'static>>,
}

/// What is wrong with the line.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HandshakeError {
    /// Not such a line at all.
    #[error("it did not introduce itself as a plugin does, but wrote {0:?}")]
    NotAHandshake(String),
    /// The form of the line is another one.
    #[error(
        "it introduced itself in version {0:?} of the plugin handshake; only version 1 is known"
    )]
    Core(String),
    /// A provider protocol that we do not speak.
    #[error("it speaks version {0:?} of the provider protocol; versions 5 and 6 are supported")]
    Protocol(String),
    /// Not a socket.
    #[error("it listens on a {0:?} network; unix and tcp are supported")]
    Network(String),
    /// Not an address.
    #[error("it listens on {0:?}, which is not an address")]
    Address(String),
    /// Not gRPC.
    #[error("it wants to talk {0:?}; only grpc is supported")]
    Transport(String),
    /// Not a certificate.
    #[error("the certificate that it sent is not base64")]
    Certificate,
}

/// Reads the line with which a plugin says how it is spoken with.
///
/// # Errors
///
/// If it says something else.
pub fn read_handshake(line: &str) -> Result<(Protocol, Address), HandshakeError> {
    Handshake::parse(line).map(|it| (it.protocol, it.address))
}

impl Handshake {
    pub(crate) fn parse(line: &str) -> Result<Self, HandshakeError> {
        let line = line.trim();
        let fields: Vec<&str> = line.split('|').collect();
        let [core, protocol, network, address, rest @ ..] = fields.as_slice() else {
            return Err(HandshakeError::NotAHandshake(
                line.chars().take(200).collect(),
            ));
        };
        if core.trim() != CORE_PROTOCOL {
            return Err(HandshakeError::Core((*core).to_owned()));
        }
        let protocol = match *protocol {
            "5" => Protocol::V5,
            "6" => Protocol::V6,
            other => return Err(HandshakeError::Protocol(other.to_owned())),
        };
        let address = Address::parse(network, address)?;
        match rest.first() {
            Some(&"grpc") => {}
            other => {
                return Err(HandshakeError::Transport(
                    (*other.unwrap_or(&"netrpc")).to_owned(),
                ));
            }
        }
        let certificate = match rest.get(1) {
            Some(text) if text.len() > SHORTEST_CERTIFICATE => {
                let der = base64()
                    .decode(text)
                    .map_err(|_| HandshakeError::Certificate)?;
                Some(CertificateDer::from(der))
            }
            _ => None,
        };
        Ok(Self {
            protocol,
            address,
            certificate,
        })
    }

    /// The line, with its end.
    pub(crate) fn render(&self) -> String {
        let (network, address) = match &self.address {
            Address::Unix(path) => ("unix", path.display().to_string()),
            Address::Tcp(address) => ("tcp", address.to_string()),
        };
        let certificate = self
            .certificate
            .as_ref()
            .map(|der| base64().encode(der))
            .unwrap_or_default();
        format!(
            "{CORE_PROTOCOL}|{}|{network}|{address}|grpc|{certificate}\n",
            self.protocol
        )
    }
}

impl Address {
    pub(crate) fn parse(network: &str, address: &str) -> Result<Self, HandshakeError> {
        match network {
            "unix" if !address.is_empty() => Ok(Self::Unix(PathBuf::from(address))),
            "tcp" => address
                .parse()
                .map(Self::Tcp)
                .map_err(|_| HandshakeError::Address(address.to_owned())),
            "unix" => Err(HandshakeError::Address(address.to_owned())),
            other => Err(HandshakeError::Network(other.to_owned())),
        }
    }
}

/// Standard alphabet; written without padding, read with or without.
fn base64() -> GeneralPurpose {
    let config = GeneralPurposeConfig::new()
        .with_encode_padding(false)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent);
    GeneralPurpose::new(&base64::alphabet::STANDARD, config)
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::expect;

    #[test]
    fn lines() {
        let certificate = "A".repeat(60);
        let cases = [
            "1|5|unix|/tmp/plugin1|grpc|",
            "1|6|tcp|127.0.0.1:1234|grpc",
            &format!("1|6|unix|/tmp/p|grpc|{certificate}|true\n"),
            "1|6|unix|/tmp/p|grpc|short",
            "1|6|unix|/tmp/p",
            "1|6|unix|/tmp/p|netrpc",
            "2|6|unix|/tmp/p|grpc",
            "1|4|unix|/tmp/p|grpc",
            "1|6|pipe|/tmp/p|grpc",
            "1|6|unix||grpc",
            "1|6|tcp|nowhere|grpc",
            &format!("1|6|unix|/tmp/p|grpc|{}", "?".repeat(60)),
            "Hello!",
            "",
        ];
        let text: String = cases
            .iter()
            .map(|line| match Handshake::parse(line) {
                Ok(h) => {
                    let certificate = h.certificate.map_or(0, |c| c.len());
                    format!(
                        "{:?} {:?} certificate of {certificate}\n",
                        h.protocol, h.address
                    )
                }
                Err(e) => format!("{e}\n"),
            })
            .collect();
        expect![[r#"
            V5 Unix("/tmp/plugin1") certificate of 0
            V6 Tcp(127.0.0.1:1234) certificate of 0
            V6 Unix("/tmp/p") certificate of 45
            V6 Unix("/tmp/p") certificate of 0
            it wants to talk "netrpc"; only grpc is supported
            it wants to talk "netrpc"; only grpc is supported
            it introduced itself in version "2" of the plugin handshake; only version 1 is known
            it speaks version "4" of the provider protocol; versions 5 and 6 are supported
            it listens on a "pipe" network; unix and tcp are supported
            it listens on "", which is not an address
            it listens on "nowhere", which is not an address
            the certificate that it sent is not base64
            it did not introduce itself as a plugin does, but wrote "Hello!"
            it did not introduce itself as a plugin does, but wrote ""
        "#]]
        .assert_eq(&text);
    }

    #[test]
    fn what_is_written_is_read() {
        let handshake = Handshake {
            protocol: Protocol::V5,
            address: Address::Unix("/tmp/x".into()),
            certificate: Some(CertificateDer::from(vec![7; 100])),
        };
        assert_eq!(Handshake::parse(&handshake.render()), Ok(handshake));
    }
}
