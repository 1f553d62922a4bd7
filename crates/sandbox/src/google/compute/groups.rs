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
        let groups: Vec<Value> = self
            .groups_in(zone)
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
            .collect();
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
}
