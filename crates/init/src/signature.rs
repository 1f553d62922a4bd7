//! Signatures of checksum files, and who made them.

use pgp::composed::{Deserializable, DetachedSignature, SignedPublicKey};
use pgp::types::KeyDetails;
use serde::Deserialize;
use std::fmt;

/// The key that HashiCorp signs its providers with.
const HASHICORP: &str = "c874011f0ab405110d02105534365d9472d7468f";

/// How much is known about where a package comes from. Prints as `init` tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trust {
    /// Nobody vouches for it.
    Unauthenticated,
    /// It has the checksum that its source announced.
    Checksum,
    /// HashiCorp signed its checksum.
    HashiCorp,
    /// A key that the registry names for its publisher signed its checksum.
    SelfSigned(String),
}

impl Trust {
    /// Whether a signature was checked.
    pub const fn is_signed(&self) -> bool {
        matches!(self, Self::HashiCorp | Self::SelfSigned(_))
    }
}

impl fmt::Display for Trust {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unauthenticated => f.write_str("unauthenticated"),
            Self::Checksum => f.write_str("verified checksum"),
            Self::HashiCorp => f.write_str("signed by HashiCorp"),
            Self::SelfSigned(key) => write!(f, "self-signed, key ID {key}"),
        }
    }
}

/// A public key as registries tell it.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct SigningKey {
    #[serde(default)]
    ascii_armor: String,
}

/// Checks that one of the keys made a signature of a document. The error says what is wrong, without
/// a full stop.
pub(crate) fn verify(
    document: &[u8],
    signature: &[u8],
    keys: &[SigningKey],
) -> Result<Trust, String> {
    let signature = DetachedSignature::from_bytes(signature)
        .or_else(|_| DetachedSignature::from_armor_single(signature).map(|(s, _)| s))
        .map_err(|e| format!("the signature of its checksums cannot be read ({e})"))?;
    if keys.is_empty() {
        return Err("the registry names no key that its checksums are signed with".into());
    }
    for key in keys {
        let (key, _) = SignedPublicKey::from_string(key.ascii_armor.trim())
            .map_err(|e| format!("a signing key that the registry names cannot be read ({e})"))?;
        let by_subkey = || {
            key.public_subkeys.iter().any(|subkey| {
                subkey.verify_bindings(&key.primary_key).is_ok()
                    && signature.verify(subkey, document).is_ok()
            })
        };
        if signature.verify(&key, document).is_err() && !by_subkey() {
            continue;
        }
        if key.fingerprint().to_string().to_lowercase() == HASHICORP {
            return Ok(Trust::HashiCorp);
        }
        let id = key.legacy_key_id().to_string().to_uppercase();
        return Ok(Trust::SelfSigned(id));
    }
    Err("its checksums are not signed with a key that the registry names: the package may have been tampered with".into())
}
