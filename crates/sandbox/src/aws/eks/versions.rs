//! Versions of Kubernetes that EKS runs.

use super::call::Call;
use super::refusal::invalid;
use crate::aws::fault::Fault;
use serde_json::{Value, json};

/// A minor version of Kubernetes. Times in seconds since the Unix epoch.
#[derive(Debug)]
pub(crate) struct Minor {
    /// `1.33`
    pub(crate) name: &'static str,
    /// The patch that new clusters run.
    patch: &'static str,
    /// The platform version that new clusters run.
    pub(crate) platform: &'static str,
    /// The release of the machine image for nodes.
    pub(crate) release: &'static str,
    released: u64,
    standard_until: u64,
    extended_until: u64,
    support: Support,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Support {
    Standard,
    Extended,
}

/// The version of a cluster that names none.
const DEFAULT: &str = "1.34";

const fn minor(
    name: &'static str,
    patch: &'static str,
    platform: &'static str,
    release: &'static str,
    support: Support,
    [released, standard_until, extended_until]: [u64; 3],
) -> Minor {
    Minor {
        name,
        patch,
        platform,
        release,
        released,
        standard_until,
        extended_until,
        support,
    }
}

/// All, the newest first.
#[rustfmt::skip]
pub(crate) static MINORS: [Minor; 7] = [
    minor("1.36", "1.36.1", "eks.3", "1.36.1-20260710", Support::Standard, [1_780_358_400, 1_817_164_800, 1_848_787_200]),
    minor("1.35", "1.35.4", "eks.9", "1.35.4-20260710", Support::Standard, [1_769_558_400, 1_806_105_600, 1_837_728_000]),
    minor("1.34", "1.34.8", "eks.17", "1.34.8-20260710", Support::Standard, [1_759_708_800, 1_796_169_600, 1_827_705_600]),
    minor("1.33", "1.33.12", "eks.31", "1.33.12-20260710", Support::Extended, [1_748_390_400, 1_785_283_200, 1_816_819_200]),
    minor("1.32", "1.32.13", "eks.38", "1.32.13-20260710", Support::Extended, [1_737_763_200, 1_774_224_000, 1_805_760_000]),
    minor("1.31", "1.31.14", "eks.54", "1.31.14-20260710", Support::Extended, [1_727_308_800, 1_764_115_200, 1_795_651_200]),
    minor("1.30", "1.30.14", "eks.62", "1.30.14-20260710", Support::Extended, [1_716_422_400, 1_753_228_800, 1_784_764_800]),
];

impl Minor {
    /// The minor version that a name stands for, or the default for none.
    pub(crate) fn named(name: Option<&str>) -> Result<&'static Self, Fault> {
        let name = name.filter(|name| !name.is_empty()).unwrap_or(DEFAULT);
        let mut found = MINORS.iter().filter(|minor| minor.name == name);
        found
            .next()
            .ok_or_else(|| invalid(format!("unsupported Kubernetes version {name}")))
    }

    /// The number after the dot.
    pub(crate) fn number(&self) -> u32 {
        number(self.name)
    }

    fn view(&self) -> Value {
        let (status, word) = match self.support {
            Support::Standard => ("standard-support", "STANDARD_SUPPORT"),
            Support::Extended => ("extended-support", "EXTENDED_SUPPORT"),
        };
        json!({
            "clusterVersion": self.name,
            "clusterType": "eks",
            "defaultPlatformVersion": self.platform,
            "defaultVersion": self.name == DEFAULT,
            "releaseDate": self.released,
            "endOfStandardSupportDate": self.standard_until,
            "endOfExtendedSupportDate": self.extended_until,
            "status": status,
            "versionStatus": word,
            "kubernetesPatchVersion": self.patch,
        })
    }
}

/// The number after the dot of a version; 0 for what is no version.
pub(crate) fn number(version: &str) -> u32 {
    let rest = version.strip_prefix("1.");
    rest.and_then(|rest| rest.parse().ok()).unwrap_or_default()
}

/// DescribeClusterVersions
pub(crate) fn list(call: &Call<'_>) -> Result<Value, Fault> {
    let is = |name| call.request.parameter(name) == Some("true");
    let named = call.request.query.iter();
    let named: Vec<_> = named
        .filter(|(name, _)| name == "clusterVersions")
        .map(|(_, value)| value.as_str())
        .collect();
    let status = call.request.parameter("status");
    let word = call.request.parameter("versionStatus");
    let views = MINORS
        .iter()
        .filter(|minor| named.is_empty() || named.contains(&minor.name))
        .filter(|minor| !is("defaultOnly") || minor.name == DEFAULT)
        .map(Minor::view)
        .filter(|view| status.is_none_or(|status| view["status"] == status))
        .filter(|view| word.is_none_or(|word| view["versionStatus"] == word));
    call.page("clusterVersions", views.collect())
}
