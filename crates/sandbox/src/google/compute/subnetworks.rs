//! Subnetworks and their secondary ranges.

use super::super::Project;
use super::super::call::Call;
use super::super::cidr;
use super::super::failure::Failure;
use super::writing::{Fields, is_name, merge};
use ipnet::Ipv4Net;
use serde_json::{Value, json};

/// What a patch may change.
const MUTABLE: [&str; 12] = [
    "secondaryIpRanges",
    "privateIpGoogleAccess",
    "privateIpv6GoogleAccess",
    "enableFlowLogs",
    "logConfig",
    "purpose",
    "role",
    "stackType",
    "ipv6AccessType",
    "allowSubnetCidrRoutesOverlap",
    "fingerprint",
    "description",
];

/// Where networks in automatic mode have their subnetworks.
const AUTOMATIC: &str = "10.128.0.0/9";

/// What cannot be the range of a subnetwork.
const FORBIDDEN: [&str; 6] = [
    "0.0.0.0/8",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "199.36.153.4/30",
    "199.36.153.8/30",
    "224.0.0.0/4",
];

impl Project {
    pub(super) fn new_subnetwork(
        &mut self,
        call: &Call,
        scope: &str,
        mut body: Fields,
    ) -> Result<Fields, Failure> {
        let network =
            text(&body, "network").ok_or_else(|| Failure::required("resource.network"))?;
        let (network, object) = self.referred("resource.network", network, "networks", call.now)?;
        let automatic = object["autoCreateSubnetworks"] == json!(true);
        let six_only = text(&body, "stackType") == Some("IPV6_ONLY");
        body.shift_remove("params");
        body.insert("network".into(), json!(self.link(&network)));
        if !six_only {
            self.check_ranges(&network, None, &body, automatic)?;
        }
        let name = text(&body, "name").unwrap_or_default().to_owned();
        let range = text(&body, "ipCidrRange").unwrap_or_default().to_owned();
        let link = self.link(&network);
        let mut subnetwork = self.subnetwork_defaults(&name, &link, &range);
        if six_only {
            subnetwork.shift_remove("ipCidrRange");
            subnetwork.shift_remove("gatewayAddress");
        }
        for (field, value) in body {
            let empty = value.is_null() || value.as_array().is_some_and(Vec::is_empty);
            let output = ["state", "gatewayAddress", "fingerprint"].contains(&field.as_str());
            if !empty && !output {
                subnetwork.insert(field, value);
            }
        }
        let proxy =
            text(&subnetwork, "purpose").is_some_and(|purpose| purpose.ends_with("_MANAGED_PROXY"));
        if proxy && !subnetwork.contains_key("role") {
            subnetwork.insert("role".into(), json!("ACTIVE"));
        }
        self.complete_subnetwork(scope, &network, &mut subnetwork)?;
        Ok(subnetwork)
    }

    /// A subnetwork of which nothing is said.
    pub(super) fn subnetwork_defaults(&mut self, name: &str, network: &str, range: &str) -> Fields {
        let gateway = cidr::range(range).map(|range| cidr::nth(range, 1).to_string());
        let fingerprint = self.next_fingerprint();
        let subnetwork = json!({
            "name": name,
            "network": network,
            "ipCidrRange": range,
            "gatewayAddress": gateway,
            "fingerprint": fingerprint,
            "privateIpGoogleAccess": false,
            "privateIpv6GoogleAccess": "DISABLE_GOOGLE_ACCESS",
            "purpose": "PRIVATE",
            "stackType": "IPV4_ONLY",
            "state": "READY",
        });
        match subnetwork {
            Value::Object(fields) => fields,
            _ => Fields::new(),
        }
    }

    /// What follows from what is set: flow logs, IPv6 ranges.
    fn complete_subnetwork(
        &mut self,
        scope: &str,
        network: &str,
        subnetwork: &mut Fields,
    ) -> Result<(), Failure> {
        let logs = match (
            subnetwork.get("logConfig"),
            subnetwork.get("enableFlowLogs"),
        ) {
            (Some(config), flag) => {
                let enabled = config["enable"]
                    .as_bool()
                    .or_else(|| flag.and_then(Value::as_bool));
                Some(enabled.unwrap_or(true))
            }
            (None, Some(flag)) => flag.as_bool(),
            (None, None) => None,
        };
        if let Some(enabled) = logs {
            let config = subnetwork.entry("logConfig").or_insert(json!({}));
            config["enable"] = json!(enabled);
            if enabled {
                let defaults = [
                    ("aggregationInterval", json!("INTERVAL_5_SEC")),
                    ("flowSampling", json!(0.5)),
                    ("metadata", json!("INCLUDE_ALL_METADATA")),
                ];
                for (field, value) in defaults {
                    if config[field].is_null() {
                        config[field] = value;
                    }
                }
            }
            subnetwork.insert("enableFlowLogs".into(), json!(enabled));
        }
        let six = text(subnetwork, "stackType").is_some_and(|stack| stack != "IPV4_ONLY");
        if !six || subnetwork.contains_key("ipv6CidrRange") {
            return Ok(());
        }
        let bits = self.ids.next() & 0xffff;
        match text(subnetwork, "ipv6AccessType") {
            Some("INTERNAL") => {
                let range = self
                    .object(network)
                    .and_then(|network| network["internalIpv6Range"].as_str());
                let Some(range) = range.and_then(|range| range.split(":0:").next()) else {
                    let why = "The network has no internal IPv6 range.";
                    let value = json!("INTERNAL");
                    return Err(Failure::field("resource.ipv6AccessType", &value, why));
                };
                let prefix = json!(format!("{range}:{bits:x}:0:0:0:0/64"));
                subnetwork.insert("internalIpv6Prefix".into(), prefix.clone());
                subnetwork.insert("ipv6CidrRange".into(), prefix);
            }
            Some(_) => {
                let place = scope.len();
                let prefix = json!(format!("2600:1900:40{place:02x}:{bits:x}:0:0:0:0/64"));
                subnetwork.insert("externalIpv6Prefix".into(), prefix.clone());
                subnetwork.insert("ipv6CidrRange".into(), prefix);
            }
            None => return Err(Failure::required("resource.ipv6AccessType")),
        }
        Ok(())
    }

    /// Whether the ranges are ranges, and free: in the subnetwork itself and among the others of its network.
    fn check_ranges(
        &self,
        network: &str,
        path: Option<&str>,
        body: &Fields,
        automatic: bool,
    ) -> Result<(), Failure> {
        let primary = body.get("ipCidrRange").cloned().unwrap_or_default();
        if primary.is_null() && !body.contains_key("reservedInternalRange") {
            return Err(Failure::required("resource.ipCidrRange"));
        }
        let mut own: Vec<Ipv4Net> = Vec::new();
        let mut check = |field: &str, value: &Value| -> Result<(), Failure> {
            let text = value.as_str().unwrap_or_default();
            let Some(range) = cidr::range(text) else {
                return Err(Failure::field(
                    field,
                    value,
                    "Must be a CIDR address range.",
                ));
            };
            let forbidden = FORBIDDEN.iter().filter_map(|range| cidr::range(range));
            let size = (4..=29).contains(&range.prefix_len());
            if !size
                || forbidden
                    .into_iter()
                    .any(|other| cidr::overlap(range, other))
            {
                return Err(Failure::invalid_usage(format!(
                    "Invalid IPCidrRange: {text}."
                )));
            }
            if own.iter().any(|other| cidr::overlap(range, *other)) {
                let message = format!(
                    "Invalid IPCidrRange: {text} conflicts with another range of the subnetwork."
                );
                return Err(Failure::invalid_usage(message));
            }
            own.push(range);
            Ok(())
        };
        if !primary.is_null() {
            check("resource.ipCidrRange", &primary)?;
        }
        let mut names: Vec<&str> = Vec::new();
        let secondary = body.get("secondaryIpRanges").and_then(Value::as_array);
        for (at, range) in secondary.into_iter().flatten().enumerate() {
            let field = format!("resource.secondaryIpRanges[{at}]");
            let name = range["rangeName"].as_str().unwrap_or_default();
            if !is_name(name) || names.contains(&name) {
                let field = format!("{field}.rangeName");
                let why =
                    "Must be a unique name that matches '(?:[a-z](?:[-a-z0-9]{0,61}[a-z0-9])?)'.";
                return Err(Failure::field(&field, &range["rangeName"], why));
            }
            names.push(name);
            if range["reservedInternalRange"].is_null() || !range["ipCidrRange"].is_null() {
                check(&format!("{field}.ipCidrRange"), &range["ipCidrRange"])?;
            }
        }
        self.check_free(network, path, &own, automatic)
    }

    fn check_free(
        &self,
        network: &str,
        path: Option<&str>,
        own: &[Ipv4Net],
        automatic: bool,
    ) -> Result<(), Failure> {
        let reserved = cidr::range(AUTOMATIC).filter(|_| automatic && path.is_none());
        for range in own {
            if reserved.is_some_and(|reserved| cidr::overlap(*range, reserved)) {
                let message = format!(
                    "Invalid IPCidrRange: {range} conflicts with reserved IP range {AUTOMATIC}."
                );
                return Err(Failure::invalid_usage(message));
            }
        }
        for other in self
            .users(network)
            .filter(|user| user.contains("/subnetworks/"))
        {
            if Some(other) == path {
                continue;
            }
            let Some(object) = self.object(other) else {
                continue;
            };
            for taken in ranges_of(object) {
                if let Some(range) = own.iter().find(|range| cidr::overlap(**range, taken)) {
                    let mut parts = other.split('/');
                    let (region, name) = (parts.nth(1), parts.nth(1));
                    let message = format!(
                        "Invalid IPCidrRange: {range} conflicts with existing subnetwork '{}' in region '{}'.",
                        name.unwrap_or_default(),
                        region.unwrap_or_default()
                    );
                    return Err(Failure::invalid_usage(message));
                }
            }
        }
        Ok(())
    }

    pub(super) fn patched_subnetwork(
        &mut self,
        call: &Call,
        path: &str,
        mut subnetwork: Value,
    ) -> Result<Value, Failure> {
        let mut patch = call.message("Subnetwork")?;
        if patch.get("fingerprint") != Some(&subnetwork["fingerprint"]) {
            return Err(Failure::condition_not_met("Invalid fingerprint."));
        }
        for (field, value) in &patch {
            let link = |value: &Value| value.as_str().and_then(|text| self.path_of(text));
            let same = subnetwork[field] == *value
                || link(value).is_some() && link(value) == link(&subnetwork[field]);
            if !MUTABLE.contains(&field.as_str()) && !same {
                let why = "This field cannot be modified.";
                return Err(Failure::field(&format!("resource.{field}"), value, why));
            }
        }
        patch.shift_remove("network");
        if patch.contains_key("enableFlowLogs") && !patch.contains_key("logConfig") {
            patch.insert(
                "logConfig".into(),
                json!({"enable": patch["enableFlowLogs"]}),
            );
        }
        if let Some(ranges) = patch.get("secondaryIpRanges") {
            self.check_unused_ranges(path, &subnetwork, ranges)?;
        }
        merge(&mut subnetwork, &patch);
        let network = self.path_of(subnetwork["network"].as_str().unwrap_or_default());
        let network = network.unwrap_or_default();
        let Value::Object(mut fields) = subnetwork else {
            return Ok(subnetwork);
        };
        if fields.get("secondaryIpRanges") == Some(&json!([])) {
            fields.shift_remove("secondaryIpRanges");
        }
        self.check_ranges(&network, Some(path), &fields, false)?;
        let scope = path.rsplitn(3, '/').last().unwrap_or_default();
        self.complete_subnetwork(scope, &network, &mut fields)?;
        fields.insert("fingerprint".into(), json!(self.next_fingerprint()));
        Ok(Value::Object(fields))
    }

    /// A range that a cluster uses can be neither removed nor changed.
    fn check_unused_ranges(
        &self,
        path: &str,
        subnetwork: &Value,
        wanted: &Value,
    ) -> Result<(), Failure> {
        for range in subnetwork["secondaryIpRanges"]
            .as_array()
            .into_iter()
            .flatten()
        {
            let name = range["rangeName"].as_str().unwrap_or_default();
            let kept = wanted.as_array().into_iter().flatten().any(|other| {
                other["rangeName"] == range["rangeName"]
                    && other["ipCidrRange"] == range["ipCidrRange"]
            });
            let user = self.users(&format!("{path}#{name}")).next();
            if let Some(user) = user.filter(|_| !kept) {
                let message = format!(
                    "The secondary range '{name}' of the subnetwork resource '{}' is already being used by '{}'",
                    self.full(path),
                    self.full(user)
                );
                return Err(Failure::in_use(message));
            }
        }
        Ok(())
    }

    /// Adds ranges that a cluster makes for itself.
    pub(in super::super) fn add_secondary_ranges(
        &mut self,
        path: &str,
        new: Vec<(String, String)>,
    ) {
        let fingerprint = self.next_fingerprint();
        let Some(object) = self
            .compute
            .objects
            .get_mut(path)
            .filter(|_| !new.is_empty())
        else {
            return;
        };
        let ranges = object.value["secondaryIpRanges"].as_array();
        let mut ranges = ranges.cloned().unwrap_or_default();
        let new = new.into_iter();
        ranges.extend(new.map(|(name, range)| json!({"rangeName": name, "ipCidrRange": range})));
        object.value["secondaryIpRanges"] = json!(ranges);
        object.value["fingerprint"] = json!(fingerprint);
    }

    /// Removes them.
    pub(in super::super) fn remove_secondary_ranges(&mut self, path: &str, names: &[String]) {
        let fingerprint = self.next_fingerprint();
        let Some(object) = self
            .compute
            .objects
            .get_mut(path)
            .filter(|_| !names.is_empty())
        else {
            return;
        };
        if let Some(ranges) = object
            .value
            .get_mut("secondaryIpRanges")
            .and_then(Value::as_array_mut)
        {
            let own = |range: &Value| names.iter().any(|name| range["rangeName"] == json!(name));
            ranges.retain(|range| !own(range));
        }
        if object.value["secondaryIpRanges"] == json!([])
            && let Some(fields) = object.value.as_object_mut()
        {
            fields.shift_remove("secondaryIpRanges");
        }
        object.value["fingerprint"] = json!(fingerprint);
    }

    /// `expandIpCidrRange`, `setPrivateIpGoogleAccess`.
    pub(super) fn acted_subnetwork(
        &mut self,
        call: &Call,
        verb: &str,
        path: &str,
        mut subnetwork: Value,
    ) -> Result<Value, Failure> {
        match verb {
            "setPrivateIpGoogleAccess" => {
                let body = call.message("SubnetworksSetPrivateIpGoogleAccessRequest")?;
                let access = body.get("privateIpGoogleAccess").cloned();
                subnetwork["privateIpGoogleAccess"] = access.unwrap_or(json!(false));
            }
            "expandIpCidrRange" => {
                let body = call.message("SubnetworksExpandIpCidrRangeRequest")?;
                let wanted = body.get("ipCidrRange").cloned().unwrap_or_default();
                let current = subnetwork["ipCidrRange"].as_str().and_then(cidr::range);
                let range = wanted.as_str().and_then(cidr::range);
                let (Some(current), Some(range)) = (current, range) else {
                    let why = "Must be a CIDR address range.";
                    return Err(Failure::field("ipCidrRange", &wanted, why));
                };
                if !range.contains(&current) || range == current {
                    let why = "The new range must contain the current one and be larger.";
                    return Err(Failure::field("ipCidrRange", &wanted, why));
                }
                subnetwork["ipCidrRange"] = wanted;
                subnetwork["gatewayAddress"] = json!(cidr::nth(range, 1).to_string());
                let network = self.path_of(subnetwork["network"].as_str().unwrap_or_default());
                if let Value::Object(fields) = &subnetwork {
                    self.check_ranges(&network.unwrap_or_default(), Some(path), fields, false)?;
                }
            }
            _ => return Err(call.no_such_method()),
        }
        subnetwork["fingerprint"] = json!(self.next_fingerprint());
        Ok(subnetwork)
    }
}

/// All ranges of a subnetwork.
pub(in super::super) fn ranges_of(subnetwork: &Value) -> Vec<Ipv4Net> {
    let secondary = subnetwork["secondaryIpRanges"].as_array();
    let secondary = secondary
        .into_iter()
        .flatten()
        .map(|range| &range["ipCidrRange"]);
    let all = std::iter::once(&subnetwork["ipCidrRange"]).chain(secondary);
    all.filter_map(Value::as_str)
        .filter_map(cidr::range)
        .collect()
}

fn text<'a>(fields: &'a Fields, name: &str) -> Option<&'a str> {
    fields
        .get(name)
        .and_then(Value::as_str)
        .filter(|text| !text.is_empty())
}
