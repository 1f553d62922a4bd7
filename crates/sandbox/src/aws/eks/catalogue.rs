//! Add-ons that EKS offers.

use super::call::Call;
use super::refusal::{invalid, not_found};
use super::versions::{MINORS, number};
use crate::aws::fault::Fault;
use serde_json::{Value, json};
use std::sync::LazyLock;

/// An add-on that is offered.
#[derive(Debug)]
pub(crate) struct Offer {
    name: &'static str,
    kind: &'static str,
    namespace: &'static str,
    /// The service account that needs a role, and the policy for it.
    identity: Option<(&'static str, &'static str)>,
    /// The versions, the newest first, with the minor versions of Kubernetes from and to which they run.
    versions: &'static [(&'static str, u32, u32)],
    /// The versions that clusters get which name none: from which minor version on, the newest first.
    defaults: &'static [(u32, &'static str)],
}

const CNI: &str = "arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy";
const EBS: &str = "arn:aws:iam::aws:policy/service-role/AmazonEBSCSIDriverPolicy";

#[rustfmt::skip]
static OFFERS: [Offer; 6] = [
    Offer {
        name: "vpc-cni", kind: "networking", namespace: "kube-system",
        identity: Some(("aws-node", CNI)),
        versions: &[
            ("v1.21.1-eksbuild.3", 30, 36), ("v1.21.1-eksbuild.1", 30, 36), ("v1.20.5-eksbuild.1", 30, 36),
            ("v1.20.4-eksbuild.2", 30, 36), ("v1.20.4-eksbuild.1", 30, 35), ("v1.20.3-eksbuild.1", 30, 35),
            ("v1.20.2-eksbuild.1", 30, 35), ("v1.20.1-eksbuild.3", 30, 34), ("v1.20.0-eksbuild.1", 30, 34),
            ("v1.19.6-eksbuild.7", 30, 34), ("v1.19.6-eksbuild.1", 30, 34), ("v1.19.5-eksbuild.1", 30, 33),
            ("v1.19.3-eksbuild.1", 30, 33), ("v1.19.2-eksbuild.1", 30, 33), ("v1.19.0-eksbuild.1", 30, 32),
            ("v1.18.6-eksbuild.1", 30, 32), ("v1.18.5-eksbuild.1", 30, 31), ("v1.18.3-eksbuild.1", 30, 31),
        ],
        defaults: &[(35, "v1.21.1-eksbuild.1"), (30, "v1.20.4-eksbuild.2")],
    },
    Offer {
        name: "coredns", kind: "networking", namespace: "kube-system", identity: None,
        versions: &[
            ("v1.13.1-eksbuild.1", 33, 36), ("v1.12.4-eksbuild.1", 33, 36), ("v1.12.3-eksbuild.1", 33, 35),
            ("v1.12.2-eksbuild.4", 33, 34), ("v1.12.1-eksbuild.2", 33, 34), ("v1.11.4-eksbuild.24", 30, 33),
            ("v1.11.4-eksbuild.14", 30, 33), ("v1.11.4-eksbuild.2", 30, 33), ("v1.11.3-eksbuild.2", 30, 32),
            ("v1.11.3-eksbuild.1", 30, 32), ("v1.11.1-eksbuild.9", 30, 31),
        ],
        defaults: &[
            (35, "v1.13.1-eksbuild.1"), (34, "v1.12.3-eksbuild.1"), (33, "v1.12.1-eksbuild.2"),
            (32, "v1.11.4-eksbuild.2"), (30, "v1.11.3-eksbuild.1"),
        ],
    },
    Offer {
        name: "kube-proxy", kind: "networking", namespace: "kube-system", identity: None,
        versions: &[
            ("v1.36.1-eksbuild.2", 36, 36), ("v1.36.0-eksbuild.1", 36, 36),
            ("v1.35.3-eksbuild.2", 35, 36), ("v1.35.0-eksbuild.2", 35, 36),
            ("v1.34.1-eksbuild.2", 34, 36), ("v1.34.0-eksbuild.2", 34, 36),
            ("v1.33.5-eksbuild.2", 33, 36), ("v1.33.3-eksbuild.10", 33, 36), ("v1.33.0-eksbuild.2", 33, 36),
            ("v1.32.9-eksbuild.2", 32, 35), ("v1.32.6-eksbuild.12", 32, 35), ("v1.32.0-eksbuild.2", 32, 35),
            ("v1.31.13-eksbuild.2", 31, 34), ("v1.31.10-eksbuild.12", 31, 34), ("v1.31.2-eksbuild.3", 31, 34),
            ("v1.30.14-eksbuild.8", 30, 33), ("v1.30.6-eksbuild.3", 30, 33), ("v1.30.0-eksbuild.3", 30, 33),
        ],
        defaults: &[
            (36, "v1.36.0-eksbuild.1"), (35, "v1.35.0-eksbuild.2"), (34, "v1.34.0-eksbuild.2"),
            (33, "v1.33.3-eksbuild.10"), (32, "v1.32.6-eksbuild.12"), (31, "v1.31.10-eksbuild.12"),
            (30, "v1.30.14-eksbuild.8"),
        ],
    },
    Offer {
        name: "eks-pod-identity-agent", kind: "security", namespace: "kube-system", identity: None,
        versions: &[
            ("v1.3.10-eksbuild.1", 30, 36), ("v1.3.9-eksbuild.5", 30, 36), ("v1.3.9-eksbuild.3", 30, 36),
            ("v1.3.8-eksbuild.2", 30, 35), ("v1.3.7-eksbuild.2", 30, 34), ("v1.3.5-eksbuild.2", 30, 33),
            ("v1.3.4-eksbuild.1", 30, 33), ("v1.3.2-eksbuild.2", 30, 31), ("v1.3.0-eksbuild.1", 30, 31),
        ],
        defaults: &[(35, "v1.3.10-eksbuild.1"), (30, "v1.3.9-eksbuild.3")],
    },
    Offer {
        name: "aws-ebs-csi-driver", kind: "storage", namespace: "kube-system",
        identity: Some(("ebs-csi-controller-sa", EBS)),
        versions: &[
            ("v1.54.0-eksbuild.1", 30, 36), ("v1.53.0-eksbuild.1", 30, 36), ("v1.52.1-eksbuild.1", 30, 36),
            ("v1.51.1-eksbuild.1", 30, 35), ("v1.50.1-eksbuild.1", 30, 35), ("v1.48.0-eksbuild.2", 30, 34),
            ("v1.47.0-eksbuild.1", 30, 34), ("v1.46.0-eksbuild.1", 30, 34), ("v1.44.0-eksbuild.1", 30, 33),
            ("v1.40.0-eksbuild.1", 30, 33), ("v1.38.1-eksbuild.2", 30, 32), ("v1.37.0-eksbuild.1", 30, 32),
        ],
        defaults: &[(35, "v1.54.0-eksbuild.1"), (30, "v1.53.0-eksbuild.1")],
    },
    Offer {
        name: "metrics-server", kind: "observability", namespace: "kube-system", identity: None,
        versions: &[
            ("v0.8.0-eksbuild.5", 30, 36), ("v0.8.0-eksbuild.2", 30, 36), ("v0.7.2-eksbuild.4", 30, 34),
            ("v0.7.2-eksbuild.3", 30, 33), ("v0.7.2-eksbuild.2", 30, 33),
        ],
        defaults: &[(30, "v0.8.0-eksbuild.2")],
    },
];

impl Offer {
    /// The offer of a name, if there is anything for that version of Kubernetes.
    pub(crate) fn named(name: &str, kubernetes: &str) -> Result<&'static Self, Fault> {
        let mut found = OFFERS.iter().filter(|offer| offer.name == name);
        found
            .next()
            .filter(|offer| offer.default(number(kubernetes)).is_some())
            .ok_or_else(|| {
                invalid(format!(
                    "Addon {name} specified is not supported in {kubernetes} kubernetes version"
                ))
            })
    }

    /// The version that is asked for, or the default.
    pub(crate) fn version(
        &self,
        asked: Option<&str>,
        kubernetes: &str,
    ) -> Result<&'static str, Fault> {
        let minor = number(kubernetes);
        let Some(asked) = asked.filter(|asked| !asked.is_empty()) else {
            return Ok(self.default(minor).unwrap_or_default());
        };
        let mut runs = self
            .versions
            .iter()
            .filter(|(_, from, to)| (*from..=*to).contains(&minor));
        runs.find(|(version, _, _)| *version == asked)
            .map(|(version, _, _)| *version)
            .ok_or_else(|| invalid("Addon version specified is not supported"))
    }

    /// The namespace of its Pods.
    pub(crate) const fn namespace(&self) -> &'static str {
        self.namespace
    }

    fn default(&self, minor: u32) -> Option<&'static str> {
        let mut defaults = self.defaults.iter();
        defaults
            .find(|(from, _)| minor >= *from)
            .map(|(_, version)| *version)
    }

    fn view(&self, kubernetes: Option<&str>) -> Value {
        let minors: Vec<_> = MINORS
            .iter()
            .filter(|minor| kubernetes.is_none_or(|asked| asked == minor.name))
            .collect();
        let version = |(version, from, to): &(&str, u32, u32)| {
            let runs = minors
                .iter()
                .filter(|minor| (*from..=*to).contains(&minor.number()));
            let runs: Vec<_> = runs
                .map(|minor| {
                    json!({
                        "clusterVersion": minor.name,
                        "platformVersions": ["*"],
                        "defaultVersion": self.default(minor.number()) == Some(*version),
                    })
                })
                .collect();
            (!runs.is_empty()).then(|| {
                json!({
                    "addonVersion": version,
                    "architecture": ["amd64", "arm64"],
                    "computeTypes": ["ec2", "auto", "hybrid"],
                    "compatibilities": runs,
                    "requiresConfiguration": false,
                    "requiresIamPermissions": self.identity.is_some(),
                })
            })
        };
        json!({
            "addonName": self.name,
            "type": self.kind,
            "addonVersions": self.versions.iter().filter_map(version).collect::<Vec<_>>(),
            "publisher": "eks",
            "owner": "aws",
            "defaultNamespace": self.namespace,
        })
    }
}

/// DescribeAddonVersions
pub(crate) fn list(call: &Call<'_>) -> Result<Value, Fault> {
    let name = call.request.parameter("addonName");
    let kubernetes = call.request.parameter("kubernetesVersion");
    if let Some(kubernetes) = kubernetes
        && !MINORS.iter().any(|minor| minor.name == kubernetes)
    {
        return Err(invalid(format!(
            "unsupported Kubernetes version {kubernetes}"
        )));
    }
    let listed = |parameter: &str, value: &str| {
        let mut asked = call
            .request
            .query
            .iter()
            .filter(|(name, _)| name == parameter)
            .peekable();
        asked.peek().is_none() || asked.any(|(_, asked)| asked == value)
    };
    let offers = OFFERS
        .iter()
        .filter(|offer| name.is_none_or(|name| offer.name == name))
        .filter(|offer| {
            listed("types", offer.kind) && listed("owners", "aws") && listed("publishers", "eks")
        });
    let views: Vec<_> = offers.map(|offer| offer.view(kubernetes)).collect();
    if let Some(name) = name
        && !OFFERS.iter().any(|offer| offer.name == name)
    {
        return Err(not_found(format!("Addon {name} not found")));
    }
    call.page("addons", views)
}

/// DescribeAddonConfiguration
pub(crate) fn configuration(call: &Call<'_>) -> Result<Value, Fault> {
    let name = call.request.parameter("addonName").unwrap_or_default();
    let version = call.request.parameter("addonVersion").unwrap_or_default();
    let mut found = OFFERS.iter().filter(|offer| offer.name == name);
    let offer = found
        .next()
        .ok_or_else(|| not_found(format!("Addon {name} not found")))?;
    if !offer.versions.iter().any(|(known, _, _)| *known == version) {
        return Err(not_found(format!(
            "Addon version {version} of {name} not found"
        )));
    }
    let identity = offer.identity.map(|(account, policy)| {
        json!({"serviceAccount": account, "recommendedManagedPolicies": [policy]})
    });
    Ok(json!({
        "addonName": name,
        "addonVersion": version,
        "configurationSchema": schema(name).to_string(),
        "podIdentityConfiguration": identity.into_iter().collect::<Vec<_>>(),
    }))
}

/// The JSON schema of the configuration values of an add-on.
pub(crate) fn schema(name: &str) -> &'static Value {
    static SCHEMAS: LazyLock<Vec<(&str, Value)>> = LazyLock::new(|| {
        let texts = [
            ("vpc-cni", include_str!("schemas/vpc-cni.json")),
            ("coredns", include_str!("schemas/coredns.json")),
            ("kube-proxy", include_str!("schemas/kube-proxy.json")),
            (
                "eks-pod-identity-agent",
                include_str!("schemas/eks-pod-identity-agent.json"),
            ),
            (
                "aws-ebs-csi-driver",
                include_str!("schemas/aws-ebs-csi-driver.json"),
            ),
            (
                "metrics-server",
                include_str!("schemas/metrics-server.json"),
            ),
        ];
        let parsed =
            texts.map(|(name, text)| (name, serde_json::from_str(text).unwrap_or_default()));
        parsed.into()
    });
    let mut found = SCHEMAS.iter().filter(|(known, _)| *known == name);
    found.next().map_or(&Value::Null, |(_, schema)| schema)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_offer_has_a_default_that_it_lists_and_a_schema() {
        for offer in &OFFERS {
            assert!(schema(offer.name).is_object(), "{}", offer.name);
            for minor in &MINORS {
                let default = offer.default(minor.number()).unwrap();
                let found = offer.version(Some(default), minor.name);
                assert!(found.is_ok(), "{} {default} in {}", offer.name, minor.name);
            }
        }
    }

    #[test]
    fn versions_that_do_not_run_are_refused() {
        let offer = Offer::named("coredns", "1.34").unwrap();
        assert_eq!(offer.version(None, "1.34").unwrap(), "v1.12.3-eksbuild.1");
        assert!(offer.version(Some("v1.11.3-eksbuild.1"), "1.34").is_err());
        assert_eq!(
            Offer::named("nosuch-addon", "1.31").unwrap_err().message,
            "Addon nosuch-addon specified is not supported in 1.31 kubernetes version"
        );
    }
}
