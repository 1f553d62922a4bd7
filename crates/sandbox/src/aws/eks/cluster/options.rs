//! Options of clusters that create and update share.

use crate::aws::eks::refusal::invalid;
use crate::aws::fault::Fault;
use ipnet::{IpNet, Ipv4Net};
use serde::Deserialize;
use serde_json::{Value, json};

/// All types of logs of a control plane.
const LOGS: [&str; 5] = [
    "api",
    "audit",
    "authenticator",
    "controllerManager",
    "scheduler",
];

/// The network of a control plane as it is asked for.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct VpcRequest {
    pub(super) subnet_ids: Option<Vec<String>>,
    pub(super) security_group_ids: Option<Vec<String>>,
    pub(super) endpoint_public_access: Option<bool>,
    pub(super) endpoint_private_access: Option<bool>,
    pub(super) public_access_cidrs: Option<Vec<String>>,
}

/// Something that is on or off.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
pub(super) struct Switch {
    pub(super) enabled: Option<bool>,
}

/// The network of the Pods as it is asked for.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct NetworkRequest {
    pub(super) service_ipv4_cidr: Option<String>,
    pub(super) ip_family: Option<String>,
    pub(super) elastic_load_balancing: Option<Switch>,
}

/// Compute of Auto Mode.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct ComputeRequest {
    pub(super) enabled: Option<bool>,
    pub(super) node_pools: Option<Vec<String>>,
    pub(super) node_role_arn: Option<String>,
}

/// Storage of Auto Mode.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct StorageRequest {
    pub(super) block_storage: Switch,
}

/// Who gets into the cluster as it is asked for.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct AccessRequest {
    pub(super) authentication_mode: Option<String>,
    pub(super) bootstrap_cluster_creator_admin_permissions: Option<bool>,
}

/// The logs that are on after those asked for were switched: all that are on, then all that are off.
pub(super) fn logging(before: Option<&Value>, asked: Option<&Value>) -> Result<Value, Fault> {
    let mut on = [false; LOGS.len()];
    for (name, enabled) in switches(before).into_iter().chain(switches(asked)) {
        match LOGS.iter().position(|log| *log == name) {
            Some(at) => on[at] = enabled,
            None => return Err(invalid(format!("Unsupported log type: {name}"))),
        }
    }
    let those = |state: bool| {
        let logs = LOGS.iter().zip(on).filter(move |(_, on)| *on == state);
        let types: Vec<_> = logs.map(|(name, _)| *name).collect();
        (!types.is_empty()).then(|| json!({"types": types, "enabled": state}))
    };
    let all: Vec<_> = [those(true), those(false)].into_iter().flatten().collect();
    Ok(json!({"clusterLogging": all}))
}

fn switches(logging: Option<&Value>) -> Vec<(&str, bool)> {
    let setups = logging.and_then(|value| value["clusterLogging"].as_array());
    let mut switches = Vec::new();
    for setup in setups.into_iter().flatten() {
        let enabled = setup["enabled"].as_bool().unwrap_or_default();
        let types = setup["types"].as_array().into_iter().flatten();
        switches.extend(types.filter_map(|name| Some((name.as_str()?, enabled))));
    }
    switches
}

/// Refuses an endpoint that nobody or the wrong ones would reach.
pub(super) fn endpoint(public: bool, private: bool, cidrs: &[String]) -> Result<(), Fault> {
    if !public && !private {
        return Err(invalid(
            "Private and public endpoint access cannot be false",
        ));
    }
    let (mut bad, mut inner) = (Vec::new(), Vec::new());
    for cidr in cidrs {
        match cidr.parse::<IpNet>() {
            Err(_) => bad.push(cidr.as_str()),
            Ok(IpNet::V4(net)) if net.prefix_len() > 0 && net.network().is_private() => {
                inner.push(cidr.as_str());
            }
            Ok(_) => {}
        }
    }
    for (cidrs, are) in [(bad, "invalid"), (inner, "not allowed")] {
        if !cidrs.is_empty() {
            return Err(invalid(format!(
                "The following CIDRs are {are} in publicAccessCidrs: [{}]",
                cidrs.join(", ")
            )));
        }
    }
    Ok(())
}

/// The range of service addresses: that which is asked for, or one that does not overlap the VPC.
pub(super) fn service_range(asked: Option<&str>, vpc: &[Ipv4Net]) -> Result<String, Fault> {
    let Some(asked) = asked else {
        let in_ten = vpc.iter().any(|net| net.network().octets()[0] == 10);
        return Ok(if in_ten {
            "172.20.0.0/16"
        } else {
            "10.100.0.0/16"
        }
        .to_owned());
    };
    let fits = |net: &Ipv4Net| {
        (12..=24).contains(&net.prefix_len()) && net.network().is_private() && net.trunc() == *net
    };
    let net = asked.parse().ok().filter(fits).ok_or_else(|| {
        invalid(format!(
            "The specified serviceIpv4Cidr {asked} is not valid: it must lie within 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16 and be between /24 and /12"
        ))
    })?;
    let overlaps = |other: &&Ipv4Net| other.contains(&net) || net.contains(*other);
    match vpc.iter().find(overlaps) {
        None => Ok(asked.to_owned()),
        Some(other) => Err(invalid(format!(
            "The specified serviceIpv4Cidr {asked} overlaps with {other} of the VPC"
        ))),
    }
}

/// Refuses an authentication mode that there is no way to. None leads back from the API.
pub(super) fn authentication(before: Option<&str>, to: &str) -> Result<(), Fault> {
    const MODES: [&str; 3] = ["CONFIG_MAP", "API_AND_CONFIG_MAP", "API"];
    let rank = |mode: &str| MODES.iter().position(|known| *known == mode);
    let Some(wanted) = rank(to) else {
        return Err(invalid(format!("Unsupported authentication mode: {to}")));
    };
    match before {
        Some(from) if Some(wanted) < rank(from) => Err(invalid(format!(
            "Unsupported authentication mode update from {from} to {to}"
        ))),
        _ => Ok(()),
    }
}

/// Whether Auto Mode is on. Refuses one that is neither on nor off.
pub(super) fn auto_mode(
    compute: Option<bool>,
    balancing: Option<bool>,
    storage: Option<bool>,
) -> Result<bool, Fault> {
    let [compute, balancing, storage] =
        [compute, balancing, storage].map(Option::unwrap_or_default);
    if compute == balancing && balancing == storage {
        return Ok(compute);
    }
    Err(invalid(
        "For EKS Auto Mode, please ensure that all required configs, including computeConfig, kubernetesNetworkConfig, and blockStorage are all either fully enabled or fully disabled.",
    ))
}

/// The policy of upgrades as it is shown.
pub(super) fn upgrade_policy(asked: Option<&Value>) -> Result<Value, Fault> {
    let asked = asked.and_then(|policy| policy["supportType"].as_str());
    match asked.unwrap_or("EXTENDED") {
        kind @ ("STANDARD" | "EXTENDED") => Ok(json!({"supportType": kind})),
        kind => Err(invalid(format!("Unsupported support type: {kind}"))),
    }
}

/// The encryption as it is shown. Only secrets can be encrypted.
pub(super) fn encryption(asked: &Value) -> Result<Value, Fault> {
    let list = asked.as_array().map(Vec::as_slice).unwrap_or_default();
    let fits = |config: &Value| {
        let key = config["provider"]["keyArn"].as_str().unwrap_or_default();
        config["resources"] == json!(["secrets"]) && key.starts_with("arn:aws:kms:")
    };
    if let [config] = list
        && fits(config)
    {
        return Ok(asked.clone());
    }
    Err(invalid(
        "The encryptionConfig must have one element with the resource secrets and the ARN of a key of KMS",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logs_are_in_two_groups() {
        let some = json!({"clusterLogging": [{"types": ["audit", "api"], "enabled": true}]});
        let shown = logging(None, Some(&some)).unwrap();
        assert_eq!(
            shown.to_string(),
            r#"{"clusterLogging":[{"types":["api","audit"],"enabled":true},{"types":["authenticator","controllerManager","scheduler"],"enabled":false}]}"#
        );
        let off = json!({"clusterLogging": [{"types": ["audit"], "enabled": false}]});
        let shown = logging(Some(&shown), Some(&off)).unwrap();
        assert_eq!(shown["clusterLogging"][0]["types"], json!(["api"]));
        let odd = json!({"clusterLogging": [{"types": ["x"], "enabled": true}]});
        assert!(logging(None, Some(&odd)).is_err());
    }

    #[test]
    fn the_range_of_services_keeps_clear_of_the_vpc() {
        let net = |text: &str| vec![text.parse::<Ipv4Net>().unwrap()];
        assert_eq!(
            service_range(None, &net("10.0.0.0/16")).unwrap(),
            "172.20.0.0/16"
        );
        assert_eq!(
            service_range(None, &net("192.168.0.0/16")).unwrap(),
            "10.100.0.0/16"
        );
        for bad in [
            "11.0.0.0/16",
            "10.0.0.0/8",
            "10.0.0.0/25",
            "10.0.0.1/16",
            "x",
        ] {
            assert!(service_range(Some(bad), &[]).is_err(), "{bad}");
        }
        assert!(service_range(Some("10.0.0.0/16"), &net("10.0.128.0/20")).is_err());
        assert!(service_range(Some("10.1.0.0/16"), &net("10.0.128.0/20")).is_ok());
    }

    #[test]
    fn modes_go_one_way() {
        assert!(authentication(None, "CONFIG_MAP").is_ok());
        assert!(authentication(Some("CONFIG_MAP"), "API").is_ok());
        assert!(authentication(Some("API"), "API_AND_CONFIG_MAP").is_err());
        assert!(authentication(None, "x").is_err());
    }

    #[test]
    fn endpoints_are_reachable() {
        let cidrs = |text: &str| vec![text.to_owned()];
        assert!(endpoint(false, false, &[]).is_err());
        assert!(endpoint(true, false, &cidrs("0.0.0.0/0")).is_ok());
        assert!(endpoint(true, false, &cidrs("10.0.0.0/8")).is_err());
        assert!(endpoint(true, false, &cidrs("x")).is_err());
    }
}
