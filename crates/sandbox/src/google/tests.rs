//! The project by its requests and answers.

use super::Project;
use crate::{Clock, Options, Request};
use expect_test::{Expect, expect};
use http::{HeaderMap, Method};
use serde_json::Value;
use std::time::Duration;

/// A project, and how long things take in it.
struct Site {
    project: Project,
    clock: Clock,
}

impl Site {
    fn new() -> Self {
        Self {
            project: Project::new(&Options::default()),
            clock: Clock {
                pending: Duration::ZERO,
            },
        }
    }

    /// Sends `VERB PATH BODY`; `C`, `R` and `K` begin the paths of compute, its region and container.
    fn send(&mut self, line: &str) -> (String, u16, Value) {
        let (verb, rest) = line.split_once(' ').unwrap();
        let (path, body) = rest.split_once(' ').unwrap_or((rest, ""));
        let short = [
            ("C/", "/compute/v1/projects/demo-project/"),
            ("R/", "/compute/v1/projects/demo-project/regions/us-east1/"),
            ("K/", "/v1/projects/demo-project/locations/us-east1/"),
            ("P/", "/v1/projects/demo-project/"),
        ];
        let long = short
            .iter()
            .find_map(|(from, to)| Some(format!("{to}{}", path.strip_prefix(from)?)));
        let long = long.unwrap_or_else(|| path.to_owned());
        let (path, query) = long.split_once('?').unwrap_or((&long, ""));
        let request = Request {
            method: Method::from_bytes(verb.as_bytes()).unwrap(),
            path: path.to_owned(),
            query: crate::http::form(query),
            headers: HeaderMap::new(),
            body: body.to_owned().into(),
        };
        let (operation, response) = self.project.answer(&request, self.clock);
        let answer = serde_json::from_slice(&response.body).unwrap_or_default();
        (operation, response.status.as_u16(), answer)
    }

    /// The answer of a request that must succeed.
    fn get(&mut self, line: &str) -> Value {
        let (_, status, answer) = self.send(line);
        assert_eq!(status, 200, "{line}: {answer}");
        answer
    }
}

/// What comes of each line: its operation, its status, and its message or the state of what is answered.
fn play(site: &mut Site, script: &str) -> String {
    let mut out = String::new();
    for line in script
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
    {
        let (operation, status, answer) = site.send(line);
        let error = &answer["error"];
        let said = match error["errors"][0]["reason"].as_str() {
            Some(reason) => format!(
                "{reason}: {}",
                error["message"].as_str().unwrap_or_default()
            ),
            None if !error["message"].is_null() => {
                let status = error["status"].as_str().unwrap_or_default();
                format!(
                    "{status}: {}",
                    error["message"].as_str().unwrap_or_default()
                )
            }
            None => match answer["status"]
                .as_str()
                .or(answer["error"]["errors"][0]["code"].as_str())
            {
                Some(state) => state.to_owned(),
                None => answer["name"].as_str().unwrap_or_default().to_owned(),
            },
        };
        out.push_str(&format!("{operation} {status} {said}\n"));
    }
    out
}

fn check(script: &str, expected: Expect) {
    expected.assert_eq(&play(&mut Site::new(), script));
}

#[test]
fn what_is_wrong_is_refused() {
    check(
        r#"
        POST C/global/networks {"autoCreateSubnetworks": false}
        POST C/global/networks {"name": "Net", "autoCreateSubnetworks": false}
        POST C/global/networks {"name": "net", "autoCreateSubnetworks": false, "mtu": 12}
        POST C/global/networks {"name": "net", "autoCreateSubnetworks": false, "colour": "red"}
        POST C/global/networks {"name": "default", "autoCreateSubnetworks": false}
        POST C/global/networks [
        GET C/global/networks/none
        POST C/regions/nowhere/subnetworks {"name": "s"}
        POST R/subnetworks {"name": "s", "network": "global/networks/none", "ipCidrRange": "10.0.0.0/24"}
        POST R/subnetworks {"name": "s", "network": "global/networks/default", "ipCidrRange": "10.0.0.0/30"}
        POST R/subnetworks {"name": "s", "network": "global/networks/default", "ipCidrRange": "10.200.0.0/24"}
        PATCH R/subnetworks/default {"fingerprint": "AAAAAAAAAAA=", "privateIpGoogleAccess": true}
        POST R/addresses {"name": "a", "addressType": "INTERNAL"}
        POST R/routers {"name": "r", "network": "global/networks/default", "nats": [{"name": "n", "natIpAllocateOption": "MANUAL_ONLY", "sourceSubnetworkIpRangesToNat": "ALL_SUBNETWORKS_ALL_IP_RANGES"}]}
        POST C/global/firewalls {"name": "f"}
        GET C/global/networks?filter=name
        GET /compute/v1/projects/elsewhere/global/networks
        GET /nothing
        "#,
        expect![[r#"
            compute.networks.insert 400 required: Required field 'resource.name' not specified
            compute.networks.insert 400 invalid: Invalid value for field 'resource.name': 'Net'. Must be a match of regex '(?:[a-z](?:[-a-z0-9]{0,61}[a-z0-9])?)'
            compute.networks.insert 400 invalid: Invalid value for field 'resource.mtu': '12'. Must be between 1300 and 8896, inclusive.
            compute.networks.insert 400 badRequest: Invalid JSON payload received. Unknown name "colour": Cannot find field.
            compute.networks.insert 409 alreadyExists: The resource 'projects/demo-project/global/networks/default' already exists
            unknown 400 INVALID_ARGUMENT: Invalid JSON payload received. Parsing terminated before end of input.
            compute.networks.get 404 notFound: The resource 'projects/demo-project/global/networks/none' was not found
            compute.subnetworks.insert 400 invalid: Invalid value for field 'region': 'nowhere'. Unknown region.
            compute.subnetworks.insert 400 invalid: Invalid value for field 'resource.network': 'global/networks/none'. The referenced network resource cannot be found.
            compute.subnetworks.insert 400 invalidResourceUsage: Invalid IPCidrRange: 10.0.0.0/30.
            compute.subnetworks.insert 400 invalidResourceUsage: Invalid IPCidrRange: 10.200.0.0/24 conflicts with reserved IP range 10.128.0.0/9.
            compute.subnetworks.patch 412 conditionNotMet: Invalid fingerprint.
            compute.addresses.insert 400 required: Required field 'resource.subnetwork' not specified
            compute.routers.insert 400 invalid: Invalid value for field 'resource.nats[0].natIps': 'null'. At least one address is needed with MANUAL_ONLY.
            compute.firewalls.insert 400 invalid: Invalid value for field 'resource': ''. Exactly one of 'allowed' and 'denied' must be given.
            compute.networks.list 400 invalid: Invalid value for field 'filter': 'name'. Invalid list filter expression.
            unknown 404 notFound: The resource 'projects/elsewhere' was not found
            unknown 404 NOT_FOUND: The requested URL /nothing was not found on this server.
        "#]],
    );
}

#[test]
fn what_takes_time_is_pending() {
    let mut site = Site::new();
    site.clock.pending = Duration::from_secs(3600);
    let pending = play(
        &mut site,
        r#"
        POST C/global/networks {"name": "net", "autoCreateSubnetworks": false}
        POST C/global/networks {"name": "net", "autoCreateSubnetworks": false}
        POST R/subnetworks {"name": "s", "network": "global/networks/net", "ipCidrRange": "10.0.0.0/24"}
        DELETE C/global/networks/net
        POST K/clusters {"cluster": {"name": "c", "initialNodeCount": 1}}
        GET K/clusters/c
        GET K/clusters/c/nodePools/default-pool
        POST K/clusters/c/nodePools {"nodePool": {"name": "n", "initialNodeCount": 1}}
        DELETE K/clusters/c
        "#,
    );
    let pending = without_names(&pending);
    expect![[r#"
        compute.networks.insert 200 RUNNING
        compute.networks.insert 409 alreadyExists: The resource 'projects/demo-project/global/networks/net' already exists
        compute.subnetworks.insert 400 resourceNotReady: The resource 'projects/demo-project/global/networks/net' is not ready
        compute.networks.delete 400 resourceNotReady: The resource 'projects/demo-project/global/networks/net' is not ready
        container.clusters.create 200 RUNNING
        container.clusters.get 200 PROVISIONING
        container.nodePools.get 200 PROVISIONING
        container.nodePools.create 400 failedPrecondition: Cluster is running incompatible operation operation-….
        container.clusters.delete 400 failedPrecondition: Cluster is running incompatible operation operation-….
    "#]].assert_eq(&pending);
}

/// Names of operations hold the time.
fn without_names(text: &str) -> String {
    let words = text.split_inclusive([' ', '\n']);
    let shown = words.map(|word| match word.strip_prefix("operation-") {
        Some(rest) => format!(
            "operation-…{}",
            &rest[rest.trim_end_matches(['.', ' ', '\n']).len()..]
        ),
        None => word.to_owned(),
    });
    shown.collect()
}

#[test]
fn a_repeated_request_is_the_same_operation() {
    let mut site = Site::new();
    let line = r#"POST R/addresses?requestId=5d1ef62c-3d15-4c8a-9e5a-0a3ffb3a6e11 {"name": "a"}"#;
    let first = site.get(line);
    let second = site.get(line);
    assert_eq!(first["name"], second["name"]);
    assert_eq!(second["status"], "DONE");
    let list = site.get("GET R/addresses");
    assert_eq!(list["items"].as_array().map(Vec::len), Some(1));
    let (_, status, _) = site.send(r#"POST R/addresses?requestId=no {"name": "b"}"#);
    assert_eq!(status, 400);
}

#[test]
fn what_is_used_cannot_be_deleted() {
    let mut site = Site::new();
    site.get(r#"POST R/addresses {"name": "a"}"#);
    site.get(
        r#"POST R/routers {"name": "r", "network": "global/networks/default", "nats": [{"name": "n", "natIpAllocateOption": "MANUAL_ONLY", "natIps": ["projects/demo-project/regions/us-east1/addresses/a"], "sourceSubnetworkIpRangesToNat": "ALL_SUBNETWORKS_ALL_IP_RANGES"}]}"#,
    );
    let fails = |site: &mut Site, line: &str| {
        let operation = site.get(line);
        let name = operation["name"].as_str().unwrap();
        let scope = if operation["region"].is_null() {
            "C/global"
        } else {
            "R"
        };
        let done = site.get(&format!("GET {scope}/operations/{name}"));
        done["error"]["errors"][0]["message"]
            .as_str()
            .unwrap_or("done")
            .to_owned()
    };
    expect!["The address resource 'projects/demo-project/regions/us-east1/addresses/a' is already being used by 'projects/demo-project/regions/us-east1/routers/r'"]
        .assert_eq(&fails(&mut site, "DELETE R/addresses/a"));
    site.get(r#"PATCH R/routers/r {"nats": []}"#);
    assert_eq!(fails(&mut site, "DELETE R/addresses/a"), "done");
    site.get(r#"POST K/clusters {"cluster": {"name": "c", "initialNodeCount": 1}}"#);
    assert!(
        fails(&mut site, "DELETE R/subnetworks/default").contains("instances/gke-c-default-pool-")
    );
    site.get("DELETE K/clusters/c");
    assert_eq!(fails(&mut site, "DELETE R/subnetworks/default"), "done");
}

#[test]
fn lists_come_in_pages() {
    let mut site = Site::new();
    for name in ["a", "b", "c"] {
        site.get(&format!(r#"POST R/addresses {{"name": "{name}"}}"#));
    }
    let names = |list: &Value| -> Vec<String> {
        let items = list["items"].as_array().into_iter().flatten();
        items
            .filter_map(|item| item["name"].as_str().map(str::to_owned))
            .collect()
    };
    let first = site.get("GET R/addresses?maxResults=2");
    assert_eq!(names(&first), ["a", "b"]);
    let token = first["nextPageToken"].as_str().unwrap();
    let second = site.get(&format!("GET R/addresses?maxResults=2&pageToken={token}"));
    assert_eq!(names(&second), ["c"]);
    assert!(second["nextPageToken"].is_null());
}

#[test]
fn policies_are_changed_by_their_etag_only() {
    let mut site = Site::new();
    let policy = site.get(
        "POST P:getIamPolicy"
            .replace("P:", "/v1/projects/demo-project:")
            .as_str(),
    );
    let etag = policy["etag"].as_str().unwrap();
    let set = |etag: &str, member: &str| {
        format!(
            r#"POST /v3/projects/demo-project:setIamPolicy {{"policy": {{"etag": "{etag}", "bindings": [{{"role": "roles/viewer", "members": ["{member}"]}}]}}}}"#
        )
    };
    let (_, status, answer) = site.send(&set(
        etag,
        "serviceAccount:none-at-all@demo-project.iam.gserviceaccount.com",
    ));
    assert_eq!(
        (status, answer["error"]["status"].as_str()),
        (400, Some("INVALID_ARGUMENT"))
    );
    assert_eq!(site.send(&set(etag, "somebody")).1, 400);
    site.get(&set(etag, "user:one@example.com"));
    let (_, status, answer) = site.send(&set(etag, "user:two@example.com"));
    assert_eq!(
        (status, answer["error"]["status"].as_str()),
        (409, Some("ABORTED"))
    );
}

#[test]
fn identity_pools_come_with_clusters() {
    let mut site = Site::new();
    let email = "walker@demo-project.iam.gserviceaccount.com";
    site.get(r#"POST P/serviceAccounts {"accountId": "walker"}"#);
    let bind = format!(
        r#"POST P/serviceAccounts/{email}:setIamPolicy {{"policy": {{"bindings": [{{"role": "roles/iam.workloadIdentityUser", "members": ["serviceAccount:demo-project.svc.id.goog[space/name]"]}}]}}}}"#
    );
    assert_eq!(site.send(&bind).1, 400);
    site.get(r#"POST K/clusters {"cluster": {"name": "c", "initialNodeCount": 1, "workloadIdentityConfig": {"workloadPool": "demo-project.svc.id.goog"}}}"#);
    site.get(&bind);
}

#[test]
fn what_is_disabled_does_not_answer() {
    let mut site = Site::new();
    site.get(
        r#"POST P/services/compute.googleapis.com:disable {"disableDependentServices": true}"#,
    );
    let (_, status, answer) = site.send("GET C/global/networks");
    assert_eq!(
        (status, answer["error"]["errors"][0]["reason"].as_str()),
        (403, Some("accessNotConfigured"))
    );
    assert_eq!(site.send("GET K/clusters").1, 403);
    site.get("POST P/services/container.googleapis.com:enable {}");
    site.get("GET C/global/networks");
}

#[test]
fn clusters_take_free_ranges_only() {
    check(
        r#"
        POST C/global/networks {"name": "n", "autoCreateSubnetworks": false}
        POST R/subnetworks {"name": "s", "network": "global/networks/n", "ipCidrRange": "10.0.0.0/24", "secondaryIpRanges": [{"rangeName": "p", "ipCidrRange": "10.4.0.0/14"}, {"rangeName": "v", "ipCidrRange": "10.8.0.0/20"}]}
        POST K/clusters {"cluster": {"name": "c", "initialNodeCount": 1, "network": "n"}}
        POST K/clusters {"cluster": {"name": "c", "initialNodeCount": 1, "network": "none", "subnetwork": "s"}}
        POST K/clusters {"cluster": {"name": "c", "network": "n", "subnetwork": "s"}}
        POST K/clusters {"cluster": {"name": "c", "initialNodeCount": 1, "network": "n", "subnetwork": "s", "initialClusterVersion": "1.2"}}
        POST K/clusters {"cluster": {"name": "c", "initialNodeCount": 1, "network": "n", "subnetwork": "s", "ipAllocationPolicy": {"useIpAliases": true, "clusterSecondaryRangeName": "x"}}}
        POST K/clusters {"cluster": {"name": "c", "initialNodeCount": 1, "network": "n", "subnetwork": "s", "ipAllocationPolicy": {"useIpAliases": true, "clusterIpv4CidrBlock": "10.4.0.0/16"}}}
        POST K/clusters {"cluster": {"name": "c", "initialNodeCount": 1, "network": "n", "subnetwork": "s", "privateClusterConfig": {"enablePrivateNodes": true, "masterIpv4CidrBlock": "10.0.0.0/28"}}}
        POST K/clusters {"cluster": {"name": "c", "initialNodeCount": 1, "network": "n", "subnetwork": "s", "nodeConfig": {"serviceAccount": "none-at-all@demo-project.iam.gserviceaccount.com"}}}
        POST K/clusters {"cluster": {"name": "c", "initialNodeCount": 1, "network": "n", "subnetwork": "s", "ipAllocationPolicy": {"useIpAliases": true, "clusterSecondaryRangeName": "p", "servicesSecondaryRangeName": "v"}}}
        POST K/clusters {"cluster": {"name": "d", "initialNodeCount": 1, "network": "n", "subnetwork": "s", "ipAllocationPolicy": {"useIpAliases": true, "clusterSecondaryRangeName": "p", "servicesSecondaryRangeName": "v"}}}
        PUT K/clusters/c {"update": {"desiredMasterVersion": "1.31"}}
        PUT K/clusters/c {"update": {"desiredShieldedNodes": {"enabled": true}, "desiredFleet": {}}}
        POST K/clusters/c/nodePools {"nodePool": {"name": "x", "initialNodeCount": 1, "management": {"autoRepair": true}}}
        GET K/clusters/e
        "#,
        expect![[r#"
            compute.networks.insert 200 RUNNING
            compute.subnetworks.insert 200 RUNNING
            container.clusters.create 400 badRequest: Network "n" is in custom subnet mode: a subnetwork must be specified.
            container.clusters.create 400 badRequest: Project "demo-project" has no network named "none".
            container.clusters.create 400 badRequest: Cluster.initial_node_count must be greater than zero.
            container.clusters.create 400 badRequest: Master version "1.2" is unsupported.
            container.clusters.create 400 badRequest: Pod secondary range "x" does not exist in subnetwork "s".
            container.clusters.create 400 badRequest: Requested CIDR 10.4.0.0/16 for pods is not available in the network for cluster c.
            container.clusters.create 400 badRequest: Requested CIDR 10.0.0.0/28 for master is not available in the network: it overlaps with a range in use.
            container.clusters.create 400 badRequest: Service account "none-at-all@demo-project.iam.gserviceaccount.com" does not exist.
            container.clusters.create 200 RUNNING
            container.clusters.create 400 badRequest: Services range "v" in subnetwork "s" is already used by another cluster.
            container.clusters.update 400 badRequest: Master cannot be downgraded from "1.34.8-gke.1278000" to "1.31.14-gke.1520000".
            container.clusters.update 400 badRequest: Only one field of a cluster can be updated with each request.
            container.nodePools.create 400 badRequest: Auto_upgrade must be true when release_channel REGULAR is set.
            container.clusters.get 404 notFound: Not found: projects/demo-project/locations/us-east1/clusters/e.
        "#]],
    );
}
