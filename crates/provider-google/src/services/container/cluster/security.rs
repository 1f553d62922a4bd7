//! Who a cluster trusts.

use super::super::values::choice;
use google_cloud_container_v1::model;
use sdk::{Attr, Blocks, Model};

/// Workload Identity: Pods act as service accounts.
#[derive(Model, Clone, Debug, PartialEq)]
pub(super) struct WorkloadIdentity {
    /// `{project}.svc.id.goog`.
    #[attr(optional, zero)]
    pub(super) workload_pool: Attr<String>,
}

/// Google Groups in role bindings.
#[derive(Model, Clone, Debug, PartialEq)]
pub(super) struct Groups {
    /// `gke-security-groups@{domain}`.
    #[attr(required)]
    security_group: Attr<String>,
}

impl Groups {
    pub(super) fn to_api(&self) -> model::AuthenticatorGroupsConfig {
        model::AuthenticatorGroupsConfig::new()
            .set_enabled(!self.security_group.as_str().is_empty())
            .set_security_group(self.security_group.as_str())
    }

    pub(super) fn from_api(config: &model::AuthenticatorGroupsConfig) -> Option<Self> {
        config.enabled.then(|| Self {
            security_group: config.security_group.as_str().into(),
        })
    }
}

/// Whether Secrets are encrypted with a key of one's own.
#[derive(Model, Clone, Debug, PartialEq)]
pub(super) struct Encryption {
    /// The key.
    #[attr(optional, zero)]
    key_name: Attr<String>,
    /// `ENCRYPTED` or `DECRYPTED`.
    #[attr(
        required,
        one_of("ENCRYPTED", "DECRYPTED", "ALL_OBJECTS_ENCRYPTION_ENABLED")
    )]
    state: Attr<String>,
}

impl Encryption {
    pub(super) fn to_api(&self) -> model::DatabaseEncryption {
        model::DatabaseEncryption::new()
            .set_key_name(self.key_name.as_str())
            .set_state(self.state.as_str())
    }

    pub(super) fn from_api(encryption: &model::DatabaseEncryption) -> Self {
        Self {
            key_name: encryption.key_name.as_str().into(),
            state: choice(encryption.state.name()),
        }
    }
}

/// Which images may run.
#[derive(Model, Clone, Debug, PartialEq)]
pub(super) struct Binary {
    /// `DISABLED` or `PROJECT_SINGLETON_POLICY_ENFORCE`.
    #[attr(
        optional,
        computed,
        one_of("DISABLED", "PROJECT_SINGLETON_POLICY_ENFORCE")
    )]
    evaluation_mode: Attr<String>,
}

impl Binary {
    /// Without a block images are not checked.
    pub(super) fn to_api(blocks: &Blocks<Self>) -> model::BinaryAuthorization {
        let mode = blocks
            .first()
            .and_then(|binary| binary.evaluation_mode.to_option());
        let mode = mode.unwrap_or_else(|| "DISABLED".to_owned());
        model::BinaryAuthorization::new().set_evaluation_mode(mode.as_str())
    }

    pub(super) fn from_api(
        binary: Option<&model::BinaryAuthorization>,
        prior: &Blocks<Self>,
    ) -> Blocks<Self> {
        let mode = binary.and_then(|binary| binary.evaluation_mode.name());
        let mode = mode.filter(|mode| *mode != "EVALUATION_MODE_UNSPECIFIED");
        let mode = mode.unwrap_or("DISABLED");
        if mode == "DISABLED" && prior.is_empty() {
            return Blocks::default();
        }
        let evaluation_mode = mode.into();
        Some(Self { evaluation_mode }).into()
    }
}

/// What is looked for in workloads.
#[derive(Model, Clone, Debug, PartialEq)]
pub(super) struct Posture {
    /// `DISABLED`, `BASIC` or `ENTERPRISE`.
    #[attr(
        optional,
        computed,
        one_of("DISABLED", "BASIC", "ENTERPRISE", "MODE_UNSPECIFIED")
    )]
    mode: Attr<String>,
    /// `VULNERABILITY_DISABLED`, `VULNERABILITY_BASIC` or `VULNERABILITY_ENTERPRISE`.
    #[attr(
        optional,
        computed,
        one_of(
            "VULNERABILITY_DISABLED",
            "VULNERABILITY_BASIC",
            "VULNERABILITY_ENTERPRISE",
            "VULNERABILITY_MODE_UNSPECIFIED"
        )
    )]
    vulnerability_mode: Attr<String>,
}

impl Posture {
    pub(super) fn to_api(&self) -> model::SecurityPostureConfig {
        let mut config = model::SecurityPostureConfig::new();
        if let Some(mode) = self.mode.known() {
            config = config.set_mode(mode.as_str());
        }
        if let Some(mode) = self.vulnerability_mode.known() {
            config = config.set_vulnerability_mode(mode.as_str());
        }
        config
    }

    pub(super) fn from_api(config: &model::SecurityPostureConfig) -> Self {
        Self {
            mode: choice(config.mode.as_ref().and_then(|mode| mode.name())),
            vulnerability_mode: choice(config.vulnerability_mode.as_ref().and_then(|m| m.name())),
        }
    }
}

/// How people show who they are.
#[derive(Model, Clone, Debug, PartialEq)]
pub(super) struct MasterAuth {
    /// The certificate of a client, in base64.
    #[attr(computed)]
    client_certificate: Attr<String>,
    /// The key of a client, in base64.
    #[attr(computed, sensitive)]
    client_key: Attr<String>,
    /// The certificate of the cluster's authority, in base64.
    #[attr(computed)]
    cluster_ca_certificate: Attr<String>,
    /// Whether there is a client with a certificate.
    #[block(list, min = 1, max = 1, requires_replace)]
    client_certificate_config: Blocks<ClientCertificate>,
}

/// Whether there is a client with a certificate.
#[derive(Model, Clone, Debug, PartialEq)]
pub(super) struct ClientCertificate {
    /// Whether there is.
    #[attr(required, requires_replace)]
    issue_client_certificate: Attr<bool>,
}

impl MasterAuth {
    pub(super) fn to_api(&self) -> model::MasterAuth {
        let client = self.client_certificate_config.first().map(|client| {
            model::ClientCertificateConfig::new()
                .set_issue_client_certificate(client.issue_client_certificate.is_true())
        });
        model::MasterAuth::new().set_or_clear_client_certificate_config(client)
    }

    pub(super) fn from_api(auth: &model::MasterAuth) -> Self {
        let issue = auth.client_certificate_config.as_ref();
        Self {
            client_certificate: auth.client_certificate.as_str().into(),
            client_key: auth.client_key.as_str().into(),
            cluster_ca_certificate: auth.cluster_ca_certificate.as_str().into(),
            client_certificate_config: Some(ClientCertificate {
                issue_client_certificate: issue
                    .is_some_and(|client| client.issue_client_certificate)
                    .into(),
            })
            .into(),
        }
    }
}

/// Certificates for a mesh.
#[derive(Model, Clone, Debug, PartialEq)]
pub(super) struct Mesh {
    /// Whether workloads get them.
    #[attr(required)]
    pub(super) enable_certificates: Attr<bool>,
}

/// Identities of other providers.
#[derive(Model, Clone, Debug, PartialEq)]
pub(super) struct IdentityService {
    /// Whether they are let in.
    #[attr(optional, zero)]
    pub(super) enabled: Attr<bool>,
}
