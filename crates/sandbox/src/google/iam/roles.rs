//! Roles that Google made: a few of them, without their permissions.

use super::super::call::Call;
use super::super::failure::Failure;
use super::super::{Answer, Project};
use serde_json::{Value, json};

const ROLES: [(&str, &str); 16] = [
    ("artifactregistry.reader", "Artifact Registry Reader"),
    ("compute.admin", "Compute Admin"),
    ("compute.networkAdmin", "Compute Network Admin"),
    ("compute.viewer", "Compute Viewer"),
    ("container.admin", "Kubernetes Engine Admin"),
    (
        "container.clusterViewer",
        "Kubernetes Engine Cluster Viewer",
    ),
    ("container.developer", "Kubernetes Engine Developer"),
    (
        "container.nodeServiceAccount",
        "Kubernetes Engine Node Service Account",
    ),
    ("dns.admin", "DNS Administrator"),
    ("editor", "Editor"),
    ("iam.serviceAccountUser", "Service Account User"),
    ("iam.workloadIdentityUser", "Workload Identity User"),
    ("logging.logWriter", "Logs Writer"),
    ("monitoring.metricWriter", "Monitoring Metric Writer"),
    ("owner", "Owner"),
    ("viewer", "Viewer"),
];

impl Project {
    /// Answers a request below `roles`.
    pub(in super::super) fn answer_roles(&self, call: &Call, rest: &[&str]) -> (String, Answer) {
        let shown = |(name, title): &(&str, &str)| json!({"name": format!("roles/{name}"), "title": title, "stage": "GA", "etag": "AA=="});
        match (call.method().as_str(), rest) {
            ("GET", []) => {
                let roles: Vec<Value> = ROLES.iter().map(shown).collect();
                (
                    "iam.roles.list".to_owned(),
                    call.page("roles", roles, 300, 1000),
                )
            }
            ("GET", [name]) => {
                let found = ROLES.iter().find(|(known, _)| known == name).map(shown);
                let missing =
                    || Failure::not_found(format!("The role named roles/{name} was not found."));
                ("iam.roles.get".to_owned(), found.ok_or_else(missing))
            }
            _ => (super::super::unknown(), Err(call.no_such_method())),
        }
    }
}
