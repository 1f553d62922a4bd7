//! Firewall rules.

use super::super::Project;
use super::super::call::Call;
use super::super::failure::Failure;
use super::writing::{Fields, merge};
use serde_json::{Value, json};

impl Project {
    pub(super) fn new_firewall(
        &mut self,
        call: &Call,
        mut body: Fields,
    ) -> Result<Fields, Failure> {
        body.shift_remove("params");
        let network = body.get("network").and_then(Value::as_str);
        let network = network.filter(|network| !network.is_empty());
        let network = network.unwrap_or("global/networks/default").to_owned();
        let (network, _) = self.referred("resource.network", &network, "networks", call.now)?;
        body.insert("network".into(), json!(self.link(&network)));
        complete(body)
    }

    pub(super) fn changed_firewall(
        &mut self,
        call: &Call,
        verb: &str,
        mut firewall: Value,
    ) -> Result<Value, Failure> {
        let mut body = call.message("Firewall")?;
        body.shift_remove("params");
        if let Some(given) = body.shift_remove("network") {
            let path = |value: &Value| value.as_str().and_then(|text| self.path_of(text));
            if path(&given) != path(&firewall["network"]) {
                let why = "This field cannot be modified.";
                return Err(Failure::field("resource.network", &given, why));
            }
        }
        let fixed = [
            "kind",
            "id",
            "creationTimestamp",
            "selfLink",
            "name",
            "network",
        ];
        if let Some(direction) = body
            .get("direction")
            .filter(|given| **given != firewall["direction"])
        {
            let why = "Firewall direction cannot be changed once created.";
            return Err(Failure::field("resource.direction", direction, why));
        }
        for field in fixed {
            body.shift_remove(field);
        }
        let keep_direction = firewall["direction"].clone();
        if verb == "update"
            && let Some(firewall) = firewall.as_object_mut()
        {
            firewall.retain(|field, _| fixed.contains(&field.as_str()));
        }
        merge(&mut firewall, &body);
        firewall["direction"] = keep_direction;
        match firewall {
            Value::Object(fields) => complete(fields).map(Value::Object),
            other => Ok(other),
        }
    }
}

fn complete(mut firewall: Fields) -> Result<Fields, Failure> {
    firewall.retain(|_, value| *value != json!([]));
    let (allowed, denied) = (
        firewall.contains_key("allowed"),
        firewall.contains_key("denied"),
    );
    if allowed == denied {
        let message = "Invalid value for field 'resource': ''. Exactly one of 'allowed' and 'denied' must be given.";
        return Err(Failure::invalid(message));
    }
    let rules = firewall.get(if allowed { "allowed" } else { "denied" });
    for rule in rules.and_then(Value::as_array).into_iter().flatten() {
        let protocol = rule["IPProtocol"].as_str().unwrap_or_default();
        let known = ["tcp", "udp", "icmp", "esp", "ah", "ipip", "sctp", "all"]
            .contains(&protocol.to_lowercase().as_str());
        if !known && protocol.parse::<u8>().is_err() {
            let why = "Must be a protocol's name or number.";
            return Err(Failure::field(
                "resource.allowed.IPProtocol",
                &rule["IPProtocol"],
                why,
            ));
        }
        for ports in rule["ports"].as_array().into_iter().flatten() {
            let text = ports.as_str().unwrap_or_default();
            let (first, last) = text.split_once('-').unwrap_or((text, text));
            let range = first.parse::<u16>().ok().zip(last.parse::<u16>().ok());
            if range.is_none_or(|(first, last)| first > last) {
                let why = "Must be a port or a range of ports.";
                return Err(Failure::field("resource.allowed.ports", ports, why));
            }
        }
    }
    let ingress = firewall.get("direction") != Some(&json!("EGRESS"));
    firewall.entry("direction").or_insert(json!("INGRESS"));
    firewall.entry("priority").or_insert(json!(1000));
    if !(0..=65_535).contains(&firewall["priority"].as_i64().unwrap_or_default()) {
        let why = "Must be between 0 and 65535, inclusive.";
        return Err(Failure::field(
            "resource.priority",
            &firewall["priority"],
            why,
        ));
    }
    firewall.entry("disabled").or_insert(json!(false));
    firewall
        .entry("logConfig")
        .or_insert(json!({"enable": false}));
    let (source, other) = match ingress {
        true => (
            ["sourceRanges", "sourceTags", "sourceServiceAccounts"].as_slice(),
            "destinationRanges",
        ),
        false => (["destinationRanges"].as_slice(), "sourceRanges"),
    };
    if !ingress && (firewall.contains_key("sourceTags") || firewall.contains_key(other)) {
        let why = "Sources can be given for INGRESS only.";
        return Err(Failure::field(
            &format!("resource.{other}"),
            &firewall[other],
            why,
        ));
    }
    if !source.iter().any(|field| firewall.contains_key(*field)) {
        firewall.insert(source[0].into(), json!(["0.0.0.0/0"]));
    }
    for field in ["sourceRanges", "destinationRanges"] {
        for range in firewall
            .get(field)
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
        {
            let text = range.as_str().unwrap_or_default();
            let net: Result<ipnet::IpNet, _> = text.parse();
            let address: Result<std::net::IpAddr, _> = text.parse();
            let right = net.is_ok_and(|net| net.trunc() == net) || address.is_ok();
            if !right {
                let why = "Must be a CIDR address range.";
                return Err(Failure::field(&format!("resource.{field}"), range, why));
            }
        }
    }
    Ok(firewall)
}
