//! Addresses, of regions and global.

use super::super::Project;
use super::super::call::Call;
use super::super::cidr;
use super::super::failure::Failure;
use super::Kind;
use super::subnetworks::ranges_of;
use super::writing::Fields;
use ipnet::Ipv4Net;
use serde_json::{Value, json};
use std::net::Ipv4Addr;

impl Project {
    pub(super) fn new_address(
        &mut self,
        call: &Call,
        scope: &str,
        mut body: Fields,
    ) -> Result<Fields, Failure> {
        for output in ["status", "users", "labelFingerprint"] {
            body.shift_remove(output);
        }
        let global = scope == "global";
        let kind = body
            .get("addressType")
            .and_then(Value::as_str)
            .unwrap_or("EXTERNAL")
            .to_owned();
        body.insert("addressType".into(), json!(kind));
        body.entry("description").or_insert(json!(""));
        body.insert("status".into(), json!("RESERVED"));
        body.insert("labelFingerprint".into(), json!(self.next_fingerprint()));
        if body
            .get("labels")
            .is_some_and(|labels| labels == &json!({}))
        {
            body.shift_remove("labels");
        }
        match (kind.as_str(), global) {
            ("INTERNAL", true) => self.complete_peering_range(call, &mut body)?,
            ("INTERNAL", false) => self.complete_internal(call, scope, &mut body)?,
            _ => self.complete_external(global, &mut body)?,
        }
        Ok(body)
    }

    fn complete_external(&mut self, global: bool, body: &mut Fields) -> Result<(), Failure> {
        for field in ["subnetwork", "network", "purpose"] {
            if let Some(value) = body
                .get(field)
                .filter(|value| !value.is_null() && **value != json!(""))
            {
                let why = "Cannot be set for an external address.";
                return Err(Failure::field(&format!("resource.{field}"), value, why));
            }
        }
        body.entry("networkTier").or_insert(json!("PREMIUM"));
        let six = body.get("ipVersion") == Some(&json!("IPV6"));
        if global {
            body.entry("ipVersion").or_insert(json!("IPV4"));
        }
        if body.contains_key("address") {
            let why = "The address is not one that is reserved for the project.";
            return Err(Failure::field("resource.address", &body["address"], why));
        }
        let bits = self.ids.next();
        let address = if six {
            body.insert("prefixLength".into(), json!(if global { 128 } else { 96 }));
            format!("2600:1901:0:{:x}::", bits & 0xffff)
        } else {
            let base = if global {
                34 << 24 | 96 << 16
            } else {
                34 << 24 | 64 << 16
            };
            loop {
                let bits = (self.ids.next() & 0x000f_ffff) as u32;
                let candidate = Ipv4Addr::from(base + bits).to_string();
                if !self.address_taken(&candidate, None) {
                    break candidate;
                }
            }
        };
        body.insert("address".into(), json!(address));
        Ok(())
    }

    fn complete_internal(
        &mut self,
        call: &Call,
        scope: &str,
        body: &mut Fields,
    ) -> Result<(), Failure> {
        let Some(reference) = body.get("subnetwork").and_then(Value::as_str) else {
            return Err(Failure::required("resource.subnetwork"));
        };
        let (path, subnetwork) =
            self.referred("resource.subnetwork", reference, "subnetworks", call.now)?;
        if !path.starts_with(&format!("{scope}/")) {
            let why = "The subnetwork is in another region.";
            return Err(Failure::field(
                "resource.subnetwork",
                &json!(reference),
                why,
            ));
        }
        let range = subnetwork["ipCidrRange"].as_str().and_then(cidr::range);
        let range = range.ok_or_else(|| Failure::required("resource.subnetwork"))?;
        let link = json!(self.link(&path));
        let address = match body.get("address") {
            Some(given) => {
                let address: Option<Ipv4Addr> = given.as_str().and_then(|text| text.parse().ok());
                let reserved = |address: Ipv4Addr| {
                    let at = u32::from(address) - u32::from(range.network());
                    let last = u32::from(range.broadcast()) - u32::from(range.network());
                    at < 2 || at + 1 >= last
                };
                let fits = address.filter(|address| range.contains(address) && !reserved(*address));
                let Some(address) = fits else {
                    let why = "The requested internal IP address is outside the subnetwork's usable range.";
                    return Err(Failure::field("resource.address", given, why));
                };
                if self.address_taken(&address.to_string(), Some(&path)) {
                    let message =
                        format!("IP '{address}' is already being used by another resource.");
                    return Err(Failure::in_use(message));
                }
                address.to_string()
            }
            None => self.free_internal(&path, range)?,
        };
        body.insert("address".into(), json!(address));
        body.insert("subnetwork".into(), link);
        body.entry("purpose").or_insert(json!("GCE_ENDPOINT"));
        body.entry("networkTier").or_insert(json!("PREMIUM"));
        Ok(())
    }

    /// The lowest address of a subnetwork that nobody has; its first two and last two are the network's.
    fn free_internal(&self, path: &str, range: Ipv4Net) -> Result<String, Failure> {
        let mut taken: Vec<u32> = self
            .users(path)
            .filter_map(|user| self.object(user)?["address"].as_str()?.parse().ok())
            .map(|address: Ipv4Addr| u32::from(address))
            .collect();
        taken.sort_unstable();
        let mut at = u32::from(range.network()) + 2;
        for address in taken {
            if address == at {
                at += 1;
            }
        }
        if at + 1 >= u32::from(range.broadcast()) {
            let message = format!(
                "IP_SPACE_EXHAUSTED: the subnetwork '{}' has no free address",
                self.full(path)
            );
            return Err(Failure::invalid_usage(message));
        }
        Ok(Ipv4Addr::from(at).to_string())
    }

    /// A range for services that are peered with a network (or an address for Private Service Connect).
    fn complete_peering_range(&mut self, call: &Call, body: &mut Fields) -> Result<(), Failure> {
        let Some(reference) = body.get("network").and_then(Value::as_str) else {
            return Err(Failure::required("resource.network"));
        };
        let (network, _) = self.referred("resource.network", reference, "networks", call.now)?;
        let Some(purpose) = body.get("purpose").and_then(Value::as_str) else {
            return Err(Failure::required("resource.purpose"));
        };
        let length = body
            .get("prefixLength")
            .and_then(Value::as_u64)
            .filter(|length| *length > 0);
        let length = match (purpose, length) {
            ("VPC_PEERING", None) => return Err(Failure::required("resource.prefixLength")),
            ("VPC_PEERING", Some(length)) => u8::try_from(length).unwrap_or(32),
            _ => 32,
        };
        let users: Vec<&str> = self.users(&network).collect();
        let taken = users
            .iter()
            .filter_map(|user| self.object(user))
            .flat_map(ranges_taken);
        let taken: Vec<Ipv4Net> = taken.collect();
        let given = body.get("address").filter(|address| !address.is_null());
        let range = match given {
            Some(given) => {
                let text = format!("{}/{length}", given.as_str().unwrap_or_default());
                let range = cidr::range(&text).ok_or_else(|| {
                    Failure::field(
                        "resource.address",
                        given,
                        "Must be the first address of a range.",
                    )
                })?;
                if taken.iter().any(|other| cidr::overlap(range, *other)) {
                    let message =
                        format!("The range {range} overlaps with another of the network.");
                    return Err(Failure::invalid_usage(message));
                }
                range
            }
            None => ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"]
                .iter()
                .filter_map(|within| cidr::range(within))
                .find_map(|within| cidr::first_free(within, length, &taken))
                .ok_or_else(|| {
                    Failure::invalid_usage("The network has no free range of that size.")
                })?,
        };
        body.insert("address".into(), json!(range.network().to_string()));
        body.insert("network".into(), json!(self.link(&network)));
        body.entry("networkTier").or_insert(json!("PREMIUM"));
        Ok(())
    }

    /// Whether someone has an address: anywhere, or in a subnetwork.
    fn address_taken(&self, address: &str, subnetwork: Option<&str>) -> bool {
        let same = |object: &Value| object["address"] == json!(address);
        match subnetwork {
            Some(path) => self
                .users(path)
                .filter_map(|user| self.object(user))
                .any(same),
            None => super::places::regions()
                .map(|region| format!("regions/{region}/addresses/"))
                .chain(["global/addresses/".to_owned()])
                .any(|prefix| self.under(&prefix).any(|(_, object)| same(object))),
        }
    }

    /// `setLabels`.
    pub(super) fn labelled(
        &mut self,
        call: &Call,
        kind: Kind,
        mut address: Value,
    ) -> Result<Value, Failure> {
        let global = kind == Kind::GlobalAddress;
        let body = call.message(if global {
            "GlobalSetLabelsRequest"
        } else {
            "RegionSetLabelsRequest"
        })?;
        if body.get("labelFingerprint") != Some(&address["labelFingerprint"]) {
            let message = "Labels fingerprint either invalid or resource labels have changed";
            return Err(Failure::condition_not_met(message));
        }
        let labels = body.get("labels").cloned().unwrap_or(json!({}));
        match labels == json!({}) {
            true => {
                if let Some(address) = address.as_object_mut() {
                    address.shift_remove("labels");
                }
            }
            false => address["labels"] = labels,
        }
        address["labelFingerprint"] = json!(self.next_fingerprint());
        Ok(address)
    }
}

fn ranges_taken(object: &Value) -> Vec<Ipv4Net> {
    if object["kind"] != json!("compute#address") {
        return ranges_of(object);
    }
    let length = object["prefixLength"].as_u64().unwrap_or(32);
    let address = object["address"].as_str().unwrap_or_default();
    cidr::range(&format!("{address}/{length}"))
        .into_iter()
        .collect()
}
