//! Regions, zones and machine types.

use super::super::call::Call;
use super::super::{Answer, Project};
use super::listing::Listing;
use serde_json::{Value, json};

/// The regions, with the range that a network in automatic mode has there.
pub(super) const AUTOMATIC: [(&str, &str); 41] = [
    ("africa-south1", "10.218.0.0/20"),
    ("asia-east1", "10.140.0.0/20"),
    ("asia-east2", "10.170.0.0/20"),
    ("asia-northeast1", "10.146.0.0/20"),
    ("asia-northeast2", "10.174.0.0/20"),
    ("asia-northeast3", "10.178.0.0/20"),
    ("asia-south1", "10.160.0.0/20"),
    ("asia-south2", "10.190.0.0/20"),
    ("asia-southeast1", "10.148.0.0/20"),
    ("asia-southeast2", "10.184.0.0/20"),
    ("australia-southeast1", "10.152.0.0/20"),
    ("australia-southeast2", "10.192.0.0/20"),
    ("europe-central2", "10.186.0.0/20"),
    ("europe-north1", "10.166.0.0/20"),
    ("europe-north2", "10.226.0.0/20"),
    ("europe-southwest1", "10.204.0.0/20"),
    ("europe-west1", "10.132.0.0/20"),
    ("europe-west10", "10.214.0.0/20"),
    ("europe-west12", "10.210.0.0/20"),
    ("europe-west2", "10.154.0.0/20"),
    ("europe-west3", "10.156.0.0/20"),
    ("europe-west4", "10.164.0.0/20"),
    ("europe-west6", "10.172.0.0/20"),
    ("europe-west8", "10.198.0.0/20"),
    ("europe-west9", "10.200.0.0/20"),
    ("me-central1", "10.212.0.0/20"),
    ("me-west1", "10.208.0.0/20"),
    ("northamerica-northeast1", "10.162.0.0/20"),
    ("northamerica-northeast2", "10.188.0.0/20"),
    ("northamerica-south1", "10.224.0.0/20"),
    ("southamerica-east1", "10.158.0.0/20"),
    ("southamerica-west1", "10.194.0.0/20"),
    ("us-central1", "10.128.0.0/20"),
    ("us-east1", "10.142.0.0/20"),
    ("us-east4", "10.150.0.0/20"),
    ("us-east5", "10.202.0.0/20"),
    ("us-south1", "10.206.0.0/20"),
    ("us-west1", "10.138.0.0/20"),
    ("us-west2", "10.168.0.0/20"),
    ("us-west3", "10.180.0.0/20"),
    ("us-west4", "10.182.0.0/20"),
];

/// Machine types: name, processors, memory in MB.
const MACHINES: [(&str, u32, u32); 16] = [
    ("e2-micro", 2, 1024),
    ("e2-small", 2, 2048),
    ("e2-medium", 2, 4096),
    ("e2-standard-2", 2, 8192),
    ("e2-standard-4", 4, 16384),
    ("e2-standard-8", 8, 32768),
    ("e2-standard-16", 16, 65536),
    ("n1-standard-1", 1, 3840),
    ("n1-standard-2", 2, 7680),
    ("n1-standard-4", 4, 15360),
    ("n2-standard-2", 2, 8192),
    ("n2-standard-4", 4, 16384),
    ("n2-standard-8", 8, 32768),
    ("n2d-standard-2", 2, 8192),
    ("c3-standard-4", 4, 16384),
    ("t2d-standard-4", 4, 16384),
];

/// All regions, by name.
pub(super) fn regions() -> impl Iterator<Item = &'static str> {
    AUTOMATIC.iter().map(|(region, _)| *region)
}

/// Whether there is such a region.
pub(in super::super) fn is_region(name: &str) -> bool {
    regions().any(|region| region == name)
}

/// The zones of a region; the oldest regions have other letters.
pub(in super::super) fn zones_of(region: &str) -> impl Iterator<Item = String> {
    let letters = match region {
        "us-central1" => "abcf",
        "us-east1" | "europe-west1" => "bcd",
        region if is_region(region) => "abc",
        _ => "",
    };
    letters
        .chars()
        .map(move |letter| format!("{region}-{letter}"))
}

/// All zones, by name.
pub(super) fn zones() -> impl Iterator<Item = String> {
    regions().flat_map(zones_of)
}

/// The region of a zone that exists.
pub(in super::super) fn region_of(zone: &str) -> Option<&str> {
    let (region, _) = zone.rsplit_once('-')?;
    zones_of(region)
        .any(|known| known == zone)
        .then_some(region)
}

impl Project {
    pub(super) fn compute_project(&self) -> Value {
        json!({
            "kind": "compute#project",
            "id": self.number,
            "name": self.id,
            "creationTimestamp": "2024-01-01T00:00:00.000-08:00",
            "cloudArmorTier": "CA_STANDARD",
            "commonInstanceMetadata": {"kind": "compute#metadata", "fingerprint": "AAAAAAAAAAA="},
            "defaultNetworkTier": "PREMIUM",
            "defaultServiceAccount": format!("{}-compute@developer.gserviceaccount.com", self.number),
            "selfLink": format!("https://www.googleapis.com/compute/v1/projects/{}", self.id),
            "vmDnsSetting": "ZONAL_ONLY",
            "xpnProjectStatus": "UNSPECIFIED_XPN_PROJECT_STATUS",
        })
    }

    pub(super) fn list_regions(&self, call: &Call) -> Answer {
        let page = Listing::new(call)?.page(regions().map(|region| self.shown_region(region)))?;
        Ok(page.into_list("compute#regionList", &self.link("regions")))
    }

    pub(super) fn region(&self, name: &str) -> Answer {
        let known = is_region(name).then(|| self.shown_region(name));
        known.ok_or_else(|| self.missing(&format!("regions/{name}")))
    }

    pub(super) fn list_zones(&self, call: &Call) -> Answer {
        let page = Listing::new(call)?.page(zones().map(|zone| self.shown_zone(&zone)))?;
        Ok(page.into_list("compute#zoneList", &self.link("zones")))
    }

    pub(super) fn zone(&self, name: &str) -> Answer {
        let known = region_of(name).map(|_| self.shown_zone(name));
        known.ok_or_else(|| self.missing(&format!("zones/{name}")))
    }

    fn shown_region(&self, region: &str) -> Value {
        let zones = zones_of(region).map(|zone| self.link(&format!("zones/{zone}")));
        let at = regions()
            .position(|known| known == region)
            .unwrap_or_default();
        json!({
            "kind": "compute#region",
            "id": (1000 + at * 10).to_string(),
            "creationTimestamp": "1969-12-31T16:00:00.000-08:00",
            "name": region,
            "description": region,
            "status": "UP",
            "zones": zones.collect::<Vec<_>>(),
            "quotas": [
                {"metric": "CPUS", "limit": 72.0, "usage": 0.0},
                {"metric": "STATIC_ADDRESSES", "limit": 21.0, "usage": 0.0},
                {"metric": "IN_USE_ADDRESSES", "limit": 69.0, "usage": 0.0},
            ],
            "selfLink": self.link(&format!("regions/{region}")),
            "supportsPzs": true,
        })
    }

    fn shown_zone(&self, zone: &str) -> Value {
        let region = region_of(zone).unwrap_or_default();
        let at = zones().position(|known| known == zone).unwrap_or_default();
        json!({
            "kind": "compute#zone",
            "id": (2000 + at).to_string(),
            "creationTimestamp": "1969-12-31T16:00:00.000-08:00",
            "name": zone,
            "description": zone,
            "status": "UP",
            "region": self.link(&format!("regions/{region}")),
            "selfLink": self.link(&format!("zones/{zone}")),
            "availableCpuPlatforms": ["Intel Broadwell", "Intel Cascade Lake", "Intel Ice Lake"],
            "supportsPzs": true,
        })
    }

    pub(super) fn answer_machine_types(
        &self,
        call: &Call,
        zone: &str,
        rest: &[&str],
    ) -> (String, Answer) {
        let collection = format!("zones/{zone}/machineTypes");
        let shown = |(name, processors, memory): &(&str, u32, u32)| {
            json!({
                "kind": "compute#machineType",
                "id": (3000 + processors * 1000 + memory / 1024).to_string(),
                "creationTimestamp": "1969-12-31T16:00:00.000-08:00",
                "name": name,
                "description": format!("{processors} vCPUs, {} GB RAM", memory / 1024),
                "guestCpus": processors,
                "memoryMb": memory,
                "imageSpaceGb": 0,
                "isSharedCpu": name.starts_with("e2-m") || *name == "e2-small",
                "maximumPersistentDisks": 128,
                "maximumPersistentDisksSizeGb": "263168",
                "zone": zone,
                "selfLink": self.link(&format!("{collection}/{name}")),
            })
        };
        if region_of(zone).is_none() {
            let answer = Err(self.missing(&format!("zones/{zone}")));
            return ("compute.machineTypes.list".to_owned(), answer);
        }
        match rest {
            [] => {
                let page =
                    Listing::new(call).and_then(|listing| listing.page(MACHINES.iter().map(shown)));
                let link = self.link(&collection);
                let list = page.map(|page| page.into_list("compute#machineTypeList", &link));
                ("compute.machineTypes.list".to_owned(), list)
            }
            [name] => {
                let found = MACHINES.iter().find(|(known, ..)| known == name).map(shown);
                let answer = found.ok_or_else(|| self.missing(&format!("{collection}/{name}")));
                ("compute.machineTypes.get".to_owned(), answer)
            }
            _ => ("unknown".to_owned(), Err(call.no_such_method())),
        }
    }
}
