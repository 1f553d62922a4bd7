//! Networks and their peerings.

use super::super::call::{Call, Moment};
use super::super::failure::Failure;
use super::super::{Project, time};
use super::places;
use super::writing::{Fields, is_name, merge};
use super::{Kind, Object};
use crate::Clock;
use crate::clock::Instant;
use serde_json::{Value, json};
use std::time::Duration;

/// What a patch may change.
const MUTABLE: [&str; 6] = [
    "routingConfig",
    "mtu",
    "networkFirewallPolicyEnforcementOrder",
    "enableUlaInternalIpv6",
    "internalIpv6Range",
    "peerings",
];

impl Project {
    pub(super) fn new_network(&mut self, mut body: Fields) -> Result<Fields, Failure> {
        if !body.contains_key("autoCreateSubnetworks") {
            let why = "Legacy networks can no longer be created.";
            return Err(Failure::field(
                "resource.autoCreateSubnetworks",
                &Value::Null,
                why,
            ));
        }
        body.shift_remove("params");
        body.shift_remove("subnetworks");
        body.shift_remove("peerings");
        let order = "networkFirewallPolicyEnforcementOrder";
        body.entry(order).or_insert(json!("AFTER_CLASSIC_FIREWALL"));
        let routing = body.entry("routingConfig").or_insert(json!({}));
        for (name, default) in [
            ("routingMode", "REGIONAL"),
            ("bgpBestPathSelectionMode", "LEGACY"),
        ] {
            if routing[name].is_null() {
                routing[name] = json!(default);
            }
        }
        self.checked_network(body)
    }

    fn checked_network(&mut self, mut body: Fields) -> Result<Fields, Failure> {
        if let Some(mtu) = body.get("mtu") {
            let number = mtu.as_i64().unwrap_or_default();
            if number == 0 {
                body.shift_remove("mtu");
            } else if !(1300..=8896).contains(&number) {
                let why = "Must be between 1300 and 8896, inclusive.";
                return Err(Failure::field("resource.mtu", mtu, why));
            }
        }
        if body.get("enableUlaInternalIpv6") == Some(&json!(true))
            && !body.contains_key("internalIpv6Range")
        {
            let bits = self.ids.next();
            let range = format!(
                "fd20:{:x}:{:x}:0:0:0:0:0/48",
                bits & 0xfff,
                (bits >> 16) & 0xffff
            );
            body.insert("internalIpv6Range".into(), json!(range));
        }
        Ok(body)
    }

    pub(super) fn patched_network(
        &mut self,
        call: &Call,
        mut network: Value,
    ) -> Result<Value, Failure> {
        let mut patch = call.message("Network")?;
        for (field, value) in &patch {
            let known = MUTABLE.contains(&field.as_str());
            let same = network[field] == *value || value.is_null() && network[field].is_null();
            if !known && !same && field != "subnetworks" {
                let why = "This field cannot be modified.";
                return Err(Failure::field(&format!("resource.{field}"), value, why));
            }
        }
        patch.shift_remove("peerings");
        patch.shift_remove("subnetworks");
        merge(&mut network, &patch);
        match network {
            Value::Object(fields) => self.checked_network(fields).map(Value::Object),
            other => Ok(other),
        }
    }

    /// `addPeering`, `updatePeering`, `removePeering`, `switchToCustomMode`.
    pub(super) fn acted_network(
        &mut self,
        call: &Call,
        verb: &str,
        path: &str,
        mut network: Value,
    ) -> Result<Value, Failure> {
        match verb {
            "addPeering" => {
                let body = call.message("NetworksAddPeeringRequest")?;
                let peering = self.new_peering(call, path, &network, &body)?;
                let mut peerings = network["peerings"].as_array().cloned().unwrap_or_default();
                peerings.push(peering);
                network["peerings"] = json!(peerings);
            }
            "updatePeering" => {
                let body = call.message("NetworksUpdatePeeringRequest")?;
                let wanted = body.get("networkPeering").cloned().unwrap_or_default();
                let at = peering_at(&network, &wanted["name"])?;
                if let Value::Object(patch) = &wanted {
                    merge(&mut network["peerings"][at], patch);
                }
            }
            "removePeering" => {
                let body = call.message("NetworksRemovePeeringRequest")?;
                let name = body.get("name").cloned().unwrap_or_default();
                let at = peering_at(&network, &name)?;
                if let Some(peerings) = network.get_mut("peerings").and_then(Value::as_array_mut) {
                    let removed = peerings.remove(at);
                    if peerings.is_empty()
                        && let Some(network) = network.as_object_mut()
                    {
                        network.shift_remove("peerings");
                    }
                    self.connect_peer(path, &removed["network"], false, call.now);
                }
            }
            "switchToCustomMode" => network["autoCreateSubnetworks"] = json!(false),
            _ => return Err(call.no_such_method()),
        }
        Ok(network)
    }

    fn new_peering(
        &mut self,
        call: &Call,
        path: &str,
        network: &Value,
        body: &Fields,
    ) -> Result<Value, Failure> {
        let mut peering = json!({
            "autoCreateRoutes": true,
            "exchangeSubnetRoutes": true,
            "exportCustomRoutes": false,
            "exportSubnetRoutesWithPublicIp": true,
            "importCustomRoutes": false,
            "importSubnetRoutesWithPublicIp": false,
            "stackType": "IPV4_ONLY",
        });
        // The older form: name and peer beside each other.
        if let Some(name) = body.get("name") {
            peering["name"] = name.clone();
        }
        if let Some(peer) = body.get("peerNetwork") {
            peering["network"] = peer.clone();
        }
        if let Some(Value::Object(given)) = body.get("networkPeering") {
            merge(&mut peering, given);
        }
        let name = peering["name"].as_str().unwrap_or_default();
        if !is_name(name) {
            let why = "Must be a match of regex '(?:[a-z](?:[-a-z0-9]{0,61}[a-z0-9])?)'";
            return Err(Failure::field("networkPeering.name", &peering["name"], why));
        }
        if peering_at(network, &peering["name"]).is_ok() {
            let message = format!("There is already a peering '{name}' on the network.");
            return Err(Failure::already_exists(message));
        }
        let peer = peering["network"].as_str().unwrap_or_default();
        // A network of another project cannot be looked at; it never answers.
        let other = peer.contains("projects/") && self.path_of(peer).is_none();
        let connected = if other {
            false
        } else {
            let (peer, _) = self.referred("networkPeering.network", peer, "networks", call.now)?;
            if peer == path {
                let why = "A network cannot be peered with itself.";
                return Err(Failure::field("networkPeering.network", &json!(peer), why));
            }
            peering["network"] = json!(self.link(&peer));
            self.connect_peer(path, &peering["network"].clone(), true, call.now)
        };
        set_state(&mut peering, connected, call.now);
        Ok(peering)
    }

    /// Tells the other side of a peering; answers whether it has a peering back.
    fn connect_peer(&mut self, path: &str, peer: &Value, connected: bool, now: Instant) -> bool {
        let link = self.link(path);
        let peer = self.path_of(peer.as_str().unwrap_or_default());
        let object = peer.and_then(|peer| self.compute.objects.get_mut(&peer));
        let Some(Object { value, .. }) = object else {
            return false;
        };
        let mut found = false;
        for peering in value
            .get_mut("peerings")
            .and_then(Value::as_array_mut)
            .into_iter()
            .flatten()
        {
            if peering["network"] == json!(link) {
                set_state(peering, connected, now);
                found = true;
            }
        }
        found
    }

    /// The subnetworks that a network in automatic mode has: one in each region.
    pub(super) fn create_automatic_subnetworks(&mut self, moment: Moment, network: &str) {
        let automatic = |object: &Value| object["autoCreateSubnetworks"] == json!(true);
        if !self.object(network).is_some_and(automatic) {
            return;
        }
        let name = network.rsplit('/').next().unwrap_or_default().to_owned();
        for (region, range) in places::AUTOMATIC {
            let scope = format!("regions/{region}");
            let path = format!("{scope}/subnetworks/{name}");
            let link = self.link(network);
            let subnetwork = self.subnetwork_defaults(&name, &link, range);
            self.add(moment, Kind::Subnetwork, &scope, &path, subnetwork);
        }
    }

    /// Where the subnetworks are that a network got by being in automatic mode.
    pub(super) fn automatic_subnetworks(&self, network: &str) -> Vec<String> {
        let automatic = |object: &Value| object["autoCreateSubnetworks"] == json!(true);
        if !self.object(network).is_some_and(automatic) {
            return Vec::new();
        }
        let name = network.rsplit('/').next().unwrap_or_default();
        let paths = places::AUTOMATIC
            .iter()
            .map(|(region, _)| format!("regions/{region}/subnetworks/{name}"));
        let own = self.link(network);
        paths
            .filter(|path| {
                let subnetwork = self.object(path);
                subnetwork.is_some_and(|subnetwork| subnetwork["network"] == json!(own))
            })
            .collect()
    }

    /// The network that every project has at first, with its firewall rules.
    pub(in super::super) fn create_default_network(&mut self) {
        let now = Clock {
            pending: Duration::ZERO,
        }
        .now();
        let moment = Moment { now, due: now };
        let path = "global/networks/default";
        let fields = json!({"name": "default", "autoCreateSubnetworks": true,
            "description": "Default network for the project"});
        if let Value::Object(fields) = fields
            && let Ok(network) = self.new_network(fields)
        {
            self.add(moment, Kind::Network, "global", path, network);
            self.create_automatic_subnetworks(moment, path);
        }
    }
}

fn set_state(peering: &mut Value, connected: bool, now: Instant) {
    let at = time::pacific(now);
    let (state, details) = match connected {
        true => ("ACTIVE", "Connected."),
        false => ("INACTIVE", "Waiting for peer network to connect."),
    };
    peering["state"] = json!(state);
    peering["stateDetails"] = json!(format!("[{at}]: {details}"));
}

fn peering_at(network: &Value, name: &Value) -> Result<usize, Failure> {
    let mut peerings = network["peerings"].as_array().into_iter().flatten();
    peerings
        .position(|peering| peering["name"] == *name)
        .ok_or_else(|| {
            let why = "There is no peering with that name on the network.";
            Failure::field("name", name, why)
        })
}
