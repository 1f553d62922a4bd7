//! Kubernetes versions, by release channel.

use super::super::failure::Failure;
use serde_json::{Value, json};

/// A channel: name, versions from the newest, the default one among them.
const CHANNELS: [(&str, &[&str], &str); 4] = [
    (
        "RAPID",
        &[
            "1.35.6-gke.1250000",
            "1.35.5-gke.1241004",
            "1.34.9-gke.1131000",
            "1.33.12-gke.1087000",
        ],
        "1.35.5-gke.1241004",
    ),
    (
        "REGULAR",
        &[
            "1.35.5-gke.1241004",
            "1.34.9-gke.1131000",
            "1.34.8-gke.1278000",
            "1.33.12-gke.1087000",
        ],
        "1.34.8-gke.1278000",
    ),
    (
        "STABLE",
        &[
            "1.34.8-gke.1278000",
            "1.33.12-gke.1087000",
            "1.33.11-gke.1104001",
            "1.32.13-gke.1059000",
        ],
        "1.33.11-gke.1104001",
    ),
    (
        "EXTENDED",
        &[
            "1.35.5-gke.1241004",
            "1.34.8-gke.1278000",
            "1.33.12-gke.1087000",
            "1.32.13-gke.1059000",
            "1.31.14-gke.1520000",
        ],
        "1.34.8-gke.1278000",
    ),
];

/// All versions, from the newest.
const VERSIONS: [&str; 8] = [
    "1.35.6-gke.1250000",
    "1.35.5-gke.1241004",
    "1.34.9-gke.1131000",
    "1.34.8-gke.1278000",
    "1.33.12-gke.1087000",
    "1.33.11-gke.1104001",
    "1.32.13-gke.1059000",
    "1.31.14-gke.1520000",
];

/// What `getServerConfig` answers.
pub(super) fn server_config() -> Value {
    let channels = CHANNELS.iter().map(|(channel, valid, default)| {
        json!({
            "channel": channel,
            "defaultVersion": default,
            "validVersions": valid,
            "upgradeTargetVersion": default,
        })
    });
    json!({
        "defaultClusterVersion": default_of("REGULAR"),
        "validMasterVersions": VERSIONS,
        "validNodeVersions": VERSIONS,
        "defaultImageType": "COS_CONTAINERD",
        "validImageTypes": ["COS_CONTAINERD", "UBUNTU_CONTAINERD", "WINDOWS_LTSC_CONTAINERD"],
        "channels": channels.collect::<Vec<_>>(),
    })
}

fn default_of(channel: &str) -> &'static str {
    let found = CHANNELS.iter().find(|(name, ..)| *name == channel);
    found.map_or("1.34.8-gke.1278000", |(_, _, default)| default)
}

/// The version that is meant: none, `-` and `latest` are what they say, a prefix is the newest that begins so.
pub(super) fn resolve(wanted: &str, channel: &str, what: &str) -> Result<&'static str, Failure> {
    if wanted.is_empty() || wanted == "-" {
        return Ok(default_of(channel));
    }
    if wanted == "latest" {
        return Ok(VERSIONS[0]);
    }
    let meant = |version: &str| {
        let rest = version.strip_prefix(wanted);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '-']))
    };
    let in_channel = CHANNELS.iter().filter(|(name, ..)| *name == channel);
    let mut candidates = in_channel.flat_map(|(_, valid, _)| *valid).chain(&VERSIONS);
    candidates
        .find(|version| meant(version))
        .copied()
        .ok_or_else(|| {
            Failure::invalid_argument(format!("{what} version \"{wanted}\" is unsupported."))
        })
}

/// How new a version is; smaller is newer.
pub(super) fn age(version: &str) -> usize {
    let found = VERSIONS.iter().position(|known| *known == version);
    found.unwrap_or(VERSIONS.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_resolved() {
        let cases = [
            ("", "REGULAR", Some("1.34.8-gke.1278000")),
            ("-", "STABLE", Some("1.33.11-gke.1104001")),
            ("latest", "REGULAR", Some("1.35.6-gke.1250000")),
            ("1.34", "REGULAR", Some("1.34.9-gke.1131000")),
            ("1.34.8", "RAPID", Some("1.34.8-gke.1278000")),
            ("1.3", "REGULAR", None),
            ("1.99", "REGULAR", None),
        ];
        for (wanted, channel, expected) in cases {
            assert_eq!(
                resolve(wanted, channel, "Master").ok(),
                expected,
                "{wanted}"
            );
        }
    }
}
