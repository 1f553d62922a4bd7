//! Objects as they are shown.

use super::super::call::Call;
use super::super::{Answer, Project};
use super::Kind;
use super::listing::Listing;
use super::places;
use serde_json::{Map, Value, json};

impl Project {
    /// One object.
    pub(super) fn get(&self, path: &str) -> Answer {
        let object = self.object(path).ok_or_else(|| self.missing(path))?;
        Ok(self.shown(path, object))
    }

    /// An object with what others make of it: a network's subnetworks, an address's users.
    fn shown(&self, path: &str, object: &Value) -> Value {
        let mut shown = object.clone();
        let users = |part: &str| -> Vec<String> {
            let users = self.users(path).filter(|user| user.contains(part));
            users.map(|user| self.link(user)).collect()
        };
        match object["kind"].as_str() {
            Some("compute#network") => {
                let subnetworks = users("/subnetworks/");
                if !subnetworks.is_empty() {
                    shown["subnetworks"] = json!(subnetworks);
                }
            }
            Some("compute#address") => {
                let users = users("/");
                if !users.is_empty() {
                    shown["status"] = json!("IN_USE");
                    shown["users"] = json!(users);
                }
            }
            _ => {}
        }
        shown
    }

    /// The objects of a kind in a scope.
    pub(super) fn list(&self, call: &Call, kind: Kind, scope: &str) -> Answer {
        let collection = format!("{scope}/{}", kind.collection());
        let prefix = format!("{collection}/");
        let objects = self
            .under(&prefix)
            .map(|(path, object)| self.shown(path, object));
        let page = Listing::new(call)?.page(objects)?;
        Ok(page.into_list(
            &format!("compute#{}List", kind.noun()),
            &self.link(&collection),
        ))
    }

    /// The objects of a kind in all scopes, by scope; a warning for each that has none.
    pub(super) fn aggregated_list(&self, call: &Call, kind: Kind) -> Answer {
        let collection = kind.collection();
        let global = ["global".to_owned()];
        let regions = places::regions().map(|region| format!("regions/{region}"));
        let scopes: Vec<String> = global.into_iter().chain(regions).collect();
        let prefixes: Vec<String> = scopes
            .iter()
            .map(|scope| format!("{scope}/{collection}/"))
            .collect();
        let objects = prefixes
            .iter()
            .flat_map(|prefix| self.under(prefix))
            .map(|(path, object)| self.shown(path, object));
        let (found, next) = Listing::new(call)?.page(objects)?.into_parts();
        let mut items: Map<String, Value> = Map::new();
        for object in found {
            let link = object["selfLink"].as_str().unwrap_or_default();
            let path = self.path_of(link).unwrap_or_default();
            let scope = path.rsplitn(3, '/').last().unwrap_or_default().to_owned();
            let entry = items
                .entry(scope)
                .or_insert_with(|| json!({collection: []}));
            if let Some(Value::Array(list)) = entry.get_mut(collection) {
                list.push(object);
            }
        }
        let everywhere = call
            .parameter("includeAllScopes")
            .is_some_and(|all| all.eq_ignore_ascii_case("true"));
        let zones = places::zones().map(|zone| format!("zones/{zone}"));
        let others = zones.filter(|_| everywhere);
        for scope in scopes.into_iter().chain(others) {
            let warning = json!({"warning": {
                "code": "NO_RESULTS_ON_PAGE",
                "message": format!("No results for the scope '{scope}'."),
                "data": [{"key": "scope", "value": scope}],
            }});
            items.entry(scope).or_insert(warning);
        }
        items.sort_keys();
        let link = self.link(&format!("aggregated/{collection}"));
        let mut list = json!({
            "kind": format!("compute#{}AggregatedList", kind.noun()),
            "id": self.full(&format!("aggregated/{collection}")),
            "items": items,
            "selfLink": link,
        });
        if let Some(next) = next {
            list["nextPageToken"] = json!(next);
        }
        Ok(list)
    }
}
