//! Groups of instances: those of node pools, read-only.

use super::super::call::Call;
use super::super::{Answer, Project};
use super::listing::Listing;
use serde_json::{Value, json};

impl Project {
    /// `instanceGroupManagers` or `instanceGroups` of a zone.
    pub(super) fn answer_groups(
        &self,
        call: &Call,
        zone: &str,
        collection: &str,
        rest: &[&str],
    ) -> (String, Answer) {
        let path = format!("zones/{zone}/{collection}");
        let groups = self.shown_groups(zone, collection);
        let kind = collection.trim_end_matches('s');
        match rest {
            [] => {
                let page = Listing::new(call).and_then(|listing| listing.page(groups.into_iter()));
                let list = page
                    .map(|page| page.into_list(&format!("compute#{kind}List"), &self.link(&path)));
                (format!("compute.{collection}.list"), list)
            }
            [name] => {
                let found = groups
                    .into_iter()
                    .find(|group| group["name"] == json!(name));
                let missing = || self.missing(&format!("{path}/{name}"));
                (
                    format!("compute.{collection}.get"),
                    found.ok_or_else(missing),
                )
            }
            _ => (super::super::unknown(), Err(call.no_such_method())),
        }
    }

    fn shown_groups(&self, zone: &str, collection: &str) -> Vec<Value> {
        let path = format!("zones/{zone}/{collection}");
        self.groups_in(zone)
            .into_iter()
            .map(|group| {
                let managed = collection == "instanceGroupManagers";
                let base = group.name.trim_end_matches("-grp").to_owned();
                let id = super::super::number_of(&group.name);
                let zone_link = self.link(&format!("zones/{zone}"));
                let link = self.link(&format!("{path}/{}", group.name));
                if !managed {
                    return json!({
                        "kind": "compute#instanceGroup",
                        "id": id,
                        "name": group.name,
                        "zone": zone_link,
                        "size": group.size,
                        "creationTimestamp": group.created,
                        "selfLink": link,
                    });
                }
                let template = self.link(&format!("global/instanceTemplates/{base}"));
                json!({
                    "kind": "compute#instanceGroupManager",
                    "id": id,
                    "name": group.name,
                    "zone": zone_link,
                    "baseInstanceName": base,
                    "instanceTemplate": template,
                    "versions": [{"instanceTemplate": template, "targetSize": {"calculated": group.size}}],
                    "instanceGroup": self.link(&format!("zones/{zone}/instanceGroups/{}", group.name)),
                    "targetSize": group.size,
                    "currentActions": {"abandoning": 0, "creating": 0, "creatingWithoutRetries": 0, "deleting": 0,
                        "none": group.size, "recreating": 0, "refreshing": 0, "restarting": 0, "verifying": 0},
                    "fingerprint": format!("{}AAA=", group.hash),
                    "creationTimestamp": group.created,
                    "status": {"isStable": true, "versionTarget": {"isReached": true}},
                    "updatePolicy": {"type": "OPPORTUNISTIC", "minimalAction": "REPLACE",
                        "maxSurge": {"fixed": 1, "calculated": 1}, "maxUnavailable": {"fixed": 1, "calculated": 1},
                        "replacementMethod": "SUBSTITUTE"},
                    "selfLink": link,
                })
            })
            .collect()
    }

    /// The groups of all zones that have any.
    pub(super) fn aggregated_groups(&self, call: &Call, collection: &str) -> Answer {
        let zones = super::places::zones();
        let all = zones.flat_map(|zone| self.shown_groups(&zone, collection));
        let (found, next) = Listing::new(call)?.page(all)?.into_parts();
        let mut items = serde_json::Map::new();
        for group in found {
            let zone = group["zone"].as_str().and_then(|zone| self.path_of(zone));
            let entry = items.entry(zone.unwrap_or_default());
            if let Some(Value::Array(list)) = entry
                .or_insert_with(|| json!({collection: []}))
                .get_mut(collection)
            {
                list.push(group);
            }
        }
        let kind = collection.trim_end_matches('s');
        let mut list = json!({
            "kind": format!("compute#{kind}AggregatedList"),
            "items": items,
            "selfLink": self.link(&format!("aggregated/{collection}")),
        });
        if let Some(next) = next {
            list["nextPageToken"] = json!(next);
        }
        Ok(list)
    }
}
