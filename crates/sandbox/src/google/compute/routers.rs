//! Cloud Routers: BGP, interfaces, Cloud NAT.

use super::super::call::Call;
use super::super::failure::Failure;
use super::super::{Answer, Project};
use super::writing::{Fields, is_name, merge};
use serde_json::{Value, json};

impl Project {
    pub(super) fn new_router(
        &mut self,
        call: &Call,
        scope: &str,
        path: &str,
        mut body: Fields,
    ) -> Result<Fields, Failure> {
        let network = body.get("network").and_then(Value::as_str);
        let network = network.ok_or_else(|| Failure::required("resource.network"))?;
        let (network, _) = self.referred("resource.network", network, "networks", call.now)?;
        body.insert("network".into(), json!(self.link(&network)));
        body.shift_remove("params");
        body.entry("encryptedInterconnectRouter")
            .or_insert(json!(false));
        self.complete_router(call, scope, path, &network, &mut body)?;
        Ok(body)
    }

    pub(super) fn changed_router(
        &mut self,
        call: &Call,
        verb: &str,
        path: &str,
        mut router: Value,
    ) -> Result<Value, Failure> {
        let mut body = call.message("Router")?;
        for field in [
            "id",
            "kind",
            "creationTimestamp",
            "selfLink",
            "region",
            "name",
        ] {
            body.shift_remove(field);
        }
        let network = self.path_of(router["network"].as_str().unwrap_or_default());
        let network = network.unwrap_or_default();
        if let Some(given) = body.shift_remove("network")
            && given
                .as_str()
                .and_then(|given| self.path_of(given))
                .as_ref()
                != Some(&network)
        {
            let why = "This field cannot be modified.";
            return Err(Failure::field("resource.network", &given, why));
        }
        if verb == "update"
            && let Some(router) = router.as_object_mut()
        {
            for field in [
                "bgp",
                "bgpPeers",
                "description",
                "interfaces",
                "nats",
                "md5AuthenticationKeys",
            ] {
                router.shift_remove(field);
            }
        }
        merge(&mut router, &body);
        let Value::Object(mut fields) = router else {
            return Ok(router);
        };
        let scope = path.rsplitn(3, '/').last().unwrap_or_default();
        self.complete_router(call, scope, path, &network, &mut fields)?;
        Ok(Value::Object(fields))
    }

    fn complete_router(
        &self,
        call: &Call,
        scope: &str,
        path: &str,
        network: &str,
        router: &mut Fields,
    ) -> Result<(), Failure> {
        for list in ["nats", "interfaces", "bgpPeers"] {
            if router.get(list) == Some(&json!([])) {
                router.shift_remove(list);
            }
        }
        if let Some(bgp) = router.get_mut("bgp") {
            complete_bgp(bgp)?;
        }
        for interface in router
            .get_mut("interfaces")
            .and_then(Value::as_array_mut)
            .into_iter()
            .flatten()
        {
            if interface["ipVersion"].is_null() && !interface["ipRange"].is_null() {
                interface["ipVersion"] = json!("IPV4");
            }
        }
        let mut names: Vec<String> = Vec::new();
        let mut everywhere = self.others_nat_everywhere(network, scope, path);
        for (at, nat) in router
            .get_mut("nats")
            .and_then(Value::as_array_mut)
            .into_iter()
            .flatten()
            .enumerate()
        {
            let field = format!("resource.nats[{at}]");
            let name = nat["name"].as_str().unwrap_or_default().to_owned();
            if !is_name(&name) || names.contains(&name) {
                let why =
                    "Must be a unique name that matches '(?:[a-z](?:[-a-z0-9]{0,61}[a-z0-9])?)'.";
                return Err(Failure::field(&format!("{field}.name"), &nat["name"], why));
            }
            names.push(name);
            self.complete_nat(call, &field, nat)?;
            let all = nat["sourceSubnetworkIpRangesToNat"] != json!("LIST_OF_SUBNETWORKS")
                && nat["type"] != json!("PRIVATE");
            if all && std::mem::replace(&mut everywhere, true) {
                let why = "Only one NAT of a network and region can cover all subnetworks.";
                let field = format!("{field}.sourceSubnetworkIpRangesToNat");
                return Err(Failure::field(
                    &field,
                    &nat["sourceSubnetworkIpRangesToNat"],
                    why,
                ));
            }
        }
        Ok(())
    }

    /// Whether another router of the region already has a NAT for all subnetworks of the network.
    fn others_nat_everywhere(&self, network: &str, scope: &str, path: &str) -> bool {
        let prefix = format!("{scope}/routers/");
        let others = self
            .users(network)
            .filter(|user| user.starts_with(&prefix) && *user != path);
        others.filter_map(|other| self.object(other)).any(|router| {
            let mut nats = router["nats"].as_array().into_iter().flatten();
            nats.any(|nat| {
                nat["sourceSubnetworkIpRangesToNat"] != json!("LIST_OF_SUBNETWORKS")
                    && nat["type"] != json!("PRIVATE")
            })
        })
    }

    fn complete_nat(&self, call: &Call, field: &str, nat: &mut Value) -> Result<(), Failure> {
        let private = nat["type"] == json!("PRIVATE");
        let required = match private {
            true => vec!["sourceSubnetworkIpRangesToNat"],
            false => vec!["sourceSubnetworkIpRangesToNat", "natIpAllocateOption"],
        };
        let missing = required.iter().find(|name| nat[**name].is_null());
        if let Some(name) = missing {
            return Err(Failure::required(&format!("{field}.{name}")));
        }
        let manual = nat["natIpAllocateOption"] == json!("MANUAL_ONLY");
        let ips = nat["natIps"].as_array().map_or(0, Vec::len);
        if manual != (ips > 0) {
            let why = match manual {
                true => "At least one address is needed with MANUAL_ONLY.",
                false => "Addresses can be given with MANUAL_ONLY only.",
            };
            return Err(Failure::field(
                &format!("{field}.natIps"),
                &nat["natIps"],
                why,
            ));
        }
        let listed = nat["sourceSubnetworkIpRangesToNat"] == json!("LIST_OF_SUBNETWORKS");
        let subnetworks = nat["subnetworks"].as_array().map_or(0, Vec::len);
        if listed != (subnetworks > 0) {
            let why = match listed {
                true => "At least one subnetwork is needed with LIST_OF_SUBNETWORKS.",
                false => "Subnetworks can be given with LIST_OF_SUBNETWORKS only.",
            };
            return Err(Failure::field(
                &format!("{field}.subnetworks"),
                &nat["subnetworks"],
                why,
            ));
        }
        self.resolve(call, field, nat)?;
        let dynamic = nat["enableDynamicPortAllocation"] == json!(true);
        if dynamic && nat["enableEndpointIndependentMapping"] == json!(true) {
            let why = "Cannot be combined with endpoint-independent mapping.";
            let field = format!("{field}.enableDynamicPortAllocation");
            return Err(Failure::field(&field, &json!(true), why));
        }
        let mut defaults = vec![
            ("type", json!("PUBLIC")),
            ("endpointTypes", json!(["ENDPOINT_TYPE_VM"])),
            ("enableEndpointIndependentMapping", json!(false)),
        ];
        if !private {
            defaults.push(("autoNetworkTier", json!("PREMIUM")));
        }
        for (name, value) in defaults {
            if nat[name].is_null() {
                nat[name] = value;
            }
        }
        Ok(())
    }

    /// What a NAT refers to exists, and is written as whole addresses.
    fn resolve(&self, call: &Call, field: &str, nat: &mut Value) -> Result<(), Failure> {
        for list in ["natIps", "drainNatIps"] {
            for ip in nat
                .get_mut(list)
                .and_then(Value::as_array_mut)
                .into_iter()
                .flatten()
            {
                let text = ip.as_str().unwrap_or_default();
                let (path, _) =
                    self.referred(&format!("{field}.{list}"), text, "addresses", call.now)?;
                *ip = json!(self.link(&path));
            }
        }
        for entry in nat
            .get_mut("subnetworks")
            .and_then(Value::as_array_mut)
            .into_iter()
            .flatten()
        {
            let text = entry["name"].as_str().unwrap_or_default();
            let at = format!("{field}.subnetworks.name");
            let (path, subnetwork) = self.referred(&at, text, "subnetworks", call.now)?;
            for name in entry["secondaryIpRangeNames"]
                .as_array()
                .into_iter()
                .flatten()
            {
                let mut ranges = subnetwork["secondaryIpRanges"]
                    .as_array()
                    .into_iter()
                    .flatten();
                if !ranges.any(|range| range["rangeName"] == *name) {
                    let why = "The subnetwork has no such secondary range.";
                    let at = format!("{field}.subnetworks.secondaryIpRangeNames");
                    return Err(Failure::field(&at, name, why));
                }
            }
            entry["name"] = json!(self.link(&path));
            if entry["sourceIpRangesToNat"].is_null() {
                entry["sourceIpRangesToNat"] = json!(["ALL_IP_RANGES"]);
            }
        }
        Ok(())
    }

    /// `getRouterStatus`, `getNatMappingInfo`, `getNatIpInfo`.
    pub(super) fn asked_router(&self, call: &Call, verb: &str, router: &Value) -> Answer {
        let nats = router["nats"].as_array().cloned().unwrap_or_default();
        match verb {
            "getRouterStatus" => {
                let nats: Vec<Value> = nats
                    .iter()
                    .map(|nat| {
                        let mut status = json!({"name": nat["name"], "numVmEndpointsWithNatMappings": 0,
                            "minExtraNatIpsNeeded": 0});
                        let ips = nat["natIps"].as_array().into_iter().flatten();
                        let addresses = ips.filter_map(|ip| {
                            let path = self.path_of(ip.as_str()?)?;
                            Some(self.object(&path)?["address"].clone())
                        });
                        let addresses: Vec<Value> = addresses.collect();
                        let manual = !addresses.is_empty();
                        let field = if manual { "userAllocatedNatIps" } else { "autoAllocatedNatIps" };
                        status[field] = if manual { json!(addresses) } else { json!([]) };
                        status
                    })
                    .collect();
                let mut result = json!({"network": router["network"]});
                if !nats.is_empty() {
                    result["natStatus"] = json!(nats);
                }
                Ok(json!({"kind": "compute#routerStatusResponse", "result": result}))
            }
            "getNatMappingInfo" => Ok(json!({
                "kind": "compute#vmEndpointNatMappingsList",
                "id": router["name"],
                "selfLink": format!("{}/getNatMappingInfo", router["selfLink"].as_str().unwrap_or_default()),
            })),
            "getNatIpInfo" => {
                let infos = nats
                    .iter()
                    .map(|nat| json!({"natName": nat["name"], "natIpInfoMappings": []}));
                Ok(json!({"result": infos.collect::<Vec<_>>()}))
            }
            _ => Err(call.no_such_method()),
        }
    }
}

fn complete_bgp(bgp: &mut Value) -> Result<(), Failure> {
    let asn = bgp["asn"].as_i64();
    let allowed = |asn: i64| {
        (64_512..=65_534).contains(&asn)
            || (4_200_000_000..=4_294_967_294).contains(&asn)
            || asn == 16_550
    };
    if let Some(asn) = asn.filter(|asn| !allowed(*asn)) {
        let why = "Must be an RFC6996 private ASN, or 16550.";
        return Err(Failure::field("resource.bgp.asn", &json!(asn), why));
    }
    for (name, value) in [
        ("advertiseMode", json!("DEFAULT")),
        ("keepaliveInterval", json!(20)),
    ] {
        if bgp[name].is_null() {
            bgp[name] = value;
        }
    }
    for list in ["advertisedGroups", "advertisedIpRanges"] {
        if bgp[list] == json!([])
            && let Some(bgp) = bgp.as_object_mut()
        {
            bgp.shift_remove(list);
        }
    }
    Ok(())
}
