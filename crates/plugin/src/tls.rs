//! Mutual TLS between two processes that were just introduced to each other: each side makes a
//! certificate for this one run and accepts exactly the certificate that the other side showed when it
//! was started. There are no authorities.

use rcgen::{CertificateParams, KeyPair};
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, aws_lc_rs, verify_tls12_signature, verify_tls13_signature};
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::{
    ClientConfig, DigitallySignedStruct, DistinguishedName, ServerConfig, SignatureScheme,
};
use rustls_pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer, ServerName, UnixTime};
use std::sync::Arc;

/// Why TLS cannot be set up.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// No certificate could be made.
    #[error("cannot make a certificate")]
    Certificate(#[from] rcgen::Error),
    /// The library does not accept the settings.
    #[error("cannot set up TLS")]
    Settings(#[from] rustls::Error),
}

/// A certificate for one run and its key.
pub(crate) struct Identity {
    pub(crate) certificate: CertificateDer<'static>,
    pub(crate) pem: String,
    key: PrivatePkcs8KeyDer<'static>,
}

impl Identity {
    pub(crate) fn generate() -> Result<Self, TlsError> {
        let key = KeyPair::generate()?;
        let certificate =
            CertificateParams::new(vec!["localhost".to_owned()])?.self_signed(&key)?;
        Ok(Self {
            certificate: certificate.der().clone(),
            pem: certificate.pem(),
            key: PrivatePkcs8KeyDer::from(key.serialize_der()),
        })
    }

    /// The settings of a host whose plugin has that certificate.
    pub(crate) fn client_config(
        &self,
        server: CertificateDer<'static>,
    ) -> Result<ClientConfig, TlsError> {
        let pinned = Arc::new(Pinned::new(server));
        let mut config = ClientConfig::builder_with_provider(pinned.provider.clone())
            .with_safe_default_protocol_versions()?
            .dangerous()
            .with_custom_certificate_verifier(pinned)
            .with_client_auth_cert(vec![self.certificate.clone()], self.private_key())?;
        config.alpn_protocols = vec![b"h2".to_vec()];
        Ok(config)
    }

    /// The settings of a plugin whose host has that certificate.
    pub(crate) fn server_config(
        &self,
        client: CertificateDer<'static>,
    ) -> Result<ServerConfig, TlsError> {
        let pinned = Arc::new(Pinned::new(client));
        let mut config = ServerConfig::builder_with_provider(pinned.provider.clone())
            .with_safe_default_protocol_versions()?
            .with_client_cert_verifier(pinned)
            .with_single_cert(vec![self.certificate.clone()], self.private_key())?;
        config.alpn_protocols = vec![b"h2".to_vec()];
        Ok(config)
    }

    fn private_key(&self) -> PrivateKeyDer<'static> {
        PrivateKeyDer::Pkcs8(self.key.clone_key())
    }
}

/// Accepts one certificate and no other.
///
/// The usual verifiers refuse what plugins written in Go send: a certificate that calls itself an
/// authority. Comparing the bytes is no weaker, since nothing else would be in the pool. That the peer
/// has the key is checked as always.
#[derive(Debug)]
struct Pinned {
    expected: CertificateDer<'static>,
    provider: Arc<CryptoProvider>,
}

impl Pinned {
    /// With aws-lc-rs, since Go plugins sign with P-521.
    fn new(expected: CertificateDer<'static>) -> Self {
        Self {
            expected,
            provider: Arc::new(aws_lc_rs::default_provider()),
        }
    }

    fn check(&self, shown: &CertificateDer<'_>) -> Result<(), rustls::Error> {
        if *shown == self.expected {
            Ok(())
        } else {
            Err(rustls::Error::General(
                "the other side has another certificate than announced".to_owned(),
            ))
        }
    }

    fn tls12(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls12_signature(message, certificate, signature, algorithms)
    }

    fn tls13(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signature, algorithms)
    }

    fn schemes(&self) -> Vec<SignatureScheme> {
        self.provider
            .signature_verification_algorithms
            .supported_schemes()
    }
}

impl ServerCertVerifier for Pinned {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        self.check(end_entity)
            .map(|()| ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.tls12(message, certificate, signature)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.tls13(message, certificate, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.schemes()
    }
}

impl ClientCertVerifier for Pinned {
    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        &[]
    }

    fn verify_client_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: UnixTime,
    ) -> Result<ClientCertVerified, rustls::Error> {
        self.check(end_entity)
            .map(|()| ClientCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.tls12(message, certificate, signature)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.tls13(message, certificate, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.schemes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio_rustls::{TlsAcceptor, TlsConnector};

    /// Whether two sides can talk, each of which expects a certificate.
    async fn connects(client: (&Identity, &Identity), server: (&Identity, &Identity)) -> bool {
        use tokio::io::{AsyncReadExt, AsyncWriteExt};
        let (a, b) = tokio::io::duplex(1 << 16);
        let connector = client
            .0
            .client_config(client.1.certificate.clone())
            .unwrap();
        let acceptor = server
            .0
            .server_config(server.1.certificate.clone())
            .unwrap();
        let name = ServerName::try_from("localhost").unwrap();
        let calling = async {
            let mut stream = TlsConnector::from(Arc::new(connector))
                .connect(name, a)
                .await
                .ok()?;
            stream.write_all(b"x").await.ok()?;
            stream.read_u8().await.ok()
        };
        let answering = async {
            let mut stream = TlsAcceptor::from(Arc::new(acceptor)).accept(b).await.ok()?;
            let byte = stream.read_u8().await.ok()?;
            stream.write_u8(byte).await.ok()
        };
        let (called, answered) = tokio::join!(calling, answering);
        called.is_some() && answered.is_some()
    }

    #[tokio::test]
    async fn only_the_announced_certificates_are_accepted() {
        let [host, plugin, stranger] = [(); 3].map(|()| Identity::generate().unwrap());
        assert!(connects((&host, &plugin), (&plugin, &host)).await);
        assert!(!connects((&host, &stranger), (&plugin, &host)).await);
        assert!(!connects((&host, &plugin), (&plugin, &stranger)).await);
        assert!(!connects((&stranger, &plugin), (&plugin, &host)).await);
        assert!(!connects((&host, &plugin), (&stranger, &host)).await);
    }
}
