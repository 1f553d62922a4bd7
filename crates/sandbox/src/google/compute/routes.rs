//! Routes, read-only: those that a network has by itself.

use super::super::call::Call;
use super::super::{Answer, Project};
use super::listing::Listing;
use serde_json::{Value, json};

impl Project {
    pub(super) fn answer_routes(&self, call: &Call, rest: &[&str]) -> (String, Answer) {
        match rest {
            [] => {
                let page =
                    Listing::new(call).and_then(|listing| listing.page(self.routes().into_iter()));
                let link = self.link("global/routes");
                let list = page.map(|page| page.into_list("compute#routeList", &link));
                ("compute.routes.list".to_owned(), list)
            }
            [name] => {
                let found = self
                    .routes()
                    .into_iter()
                    .find(|route| route["name"] == json!(name));
                let missing = || self.missing(&format!("global/routes/{name}"));
                ("compute.routes.get".to_owned(), found.ok_or_else(missing))
            }
            _ => ("unknown".to_owned(), Err(call.no_such_method())),
        }
    }

    fn routes(&self) -> Vec<Value> {
        let mut routes = Vec::new();
        for (path, network) in self.under("global/networks/") {
            let route = |of: &Value, kind: &str| {
                let id = of["id"].as_str().unwrap_or_default();
                let tail = id.get(3..).unwrap_or_default();
                let name = format!("default-route-{kind}-{tail}");
                json!({
                    "kind": "compute#route",
                    "id": format!("{}{tail}", if kind == "r" { "7" } else { "6" }),
                    "name": name,
                    "creationTimestamp": of["creationTimestamp"],
                    "network": network["selfLink"],
                    "selfLink": self.link(&format!("global/routes/{name}")),
                })
            };
            let mut out = route(network, "r");
            out["description"] = json!("Default route to the Internet.");
            out["destRange"] = json!("0.0.0.0/0");
            out["priority"] = json!(1000);
            out["nextHopGateway"] = json!(self.link("global/gateways/default-internet-gateway"));
            routes.push(out);
            for user in self
                .users(path)
                .filter(|user| user.contains("/subnetworks/"))
            {
                let Some(subnetwork) = self.object(user) else {
                    continue;
                };
                let range = subnetwork["ipCidrRange"].as_str().unwrap_or_default();
                let mut local = route(subnetwork, "s");
                let text = format!("Default local route to the subnetwork {range}.");
                local["description"] = json!(text);
                local["destRange"] = json!(range);
                local["priority"] = json!(0);
                local["nextHopNetwork"] = network["selfLink"].clone();
                routes.push(local);
            }
        }
        routes
    }
}
