//! Service Usage: which APIs the project has enabled.

use super::call::Call;
use super::failure::Failure;
use super::{Answer, Project};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// The services there are.
const SERVICES: [(&str, &str); 46] = [
    ("aiplatform", "Vertex AI API"),
    ("anthos", "Anthos API"),
    ("artifactregistry", "Artifact Registry API"),
    ("autoscaling", "Cloud Autoscaling API"),
    ("bigquery", "BigQuery API"),
    ("bigtable", "Cloud Bigtable API"),
    ("binaryauthorization", "Binary Authorization API"),
    ("certificatemanager", "Certificate Manager API"),
    ("cloudapis", "Google Cloud APIs"),
    ("cloudasset", "Cloud Asset API"),
    ("cloudbilling", "Cloud Billing API"),
    ("cloudbuild", "Cloud Build API"),
    ("cloudfunctions", "Cloud Functions API"),
    ("cloudidentity", "Cloud Identity API"),
    ("cloudkms", "Cloud Key Management Service (KMS) API"),
    ("cloudresourcemanager", "Cloud Resource Manager API"),
    ("cloudscheduler", "Cloud Scheduler API"),
    ("cloudtrace", "Cloud Trace API"),
    ("compute", "Compute Engine API"),
    ("container", "Kubernetes Engine API"),
    ("containeranalysis", "Container Analysis API"),
    ("containerfilesystem", "Container File System API"),
    ("containerregistry", "Container Registry API"),
    ("containersecurity", "Container Security API"),
    ("dns", "Cloud DNS API"),
    ("file", "Cloud Filestore API"),
    ("firestore", "Cloud Firestore API"),
    ("gkebackup", "Backup for GKE API"),
    ("gkehub", "GKE Hub API"),
    ("iam", "Identity and Access Management (IAM) API"),
    ("iamcredentials", "IAM Service Account Credentials API"),
    ("iap", "Cloud Identity-Aware Proxy API"),
    ("logging", "Cloud Logging API"),
    ("monitoring", "Cloud Monitoring API"),
    ("networkconnectivity", "Network Connectivity API"),
    ("networkservices", "Network Services API"),
    ("oslogin", "Cloud OS Login API"),
    ("pubsub", "Cloud Pub/Sub API"),
    ("redis", "Google Cloud Memorystore for Redis API"),
    ("run", "Cloud Run Admin API"),
    ("secretmanager", "Secret Manager API"),
    ("servicenetworking", "Service Networking API"),
    ("serviceusage", "Service Usage API"),
    ("sqladmin", "Cloud SQL Admin API"),
    ("storage", "Cloud Storage API"),
    ("sts", "Security Token Service API"),
];

/// What a project that is in use has enabled.
const ENABLED: [&str; 9] = [
    "cloudapis",
    "cloudresourcemanager",
    "compute",
    "container",
    "iam",
    "iamcredentials",
    "logging",
    "monitoring",
    "serviceusage",
];

/// What a service needs: it is enabled with it, and cannot be without it.
const NEEDS: [(&str, &[&str]); 3] = [
    (
        "container",
        &[
            "artifactregistry",
            "compute",
            "containerfilesystem",
            "containerregistry",
            "dns",
            "iam",
            "monitoring",
            "networkconnectivity",
            "oslogin",
            "pubsub",
            "storage",
        ],
    ),
    ("gkehub", &["cloudresourcemanager"]),
    ("compute", &["oslogin"]),
];

/// The services that are enabled at first.
pub(super) fn enabled_at_first() -> BTreeSet<String> {
    ENABLED.iter().map(|name| (*name).to_owned()).collect()
}

impl Project {
    /// Answers a request below `projects/P/services`.
    pub(super) fn answer_services(&mut self, call: &Call, rest: &[&str]) -> (String, Answer) {
        let (verb, answer) = match (call.method().as_str(), rest, call.verb.as_str()) {
            ("GET", [], "") => ("list", self.list_services(call)),
            ("GET", [], "batchGet") => {
                let names = call.parameters("names").into_iter();
                let services: Result<Vec<Value>, Failure> = names
                    .map(|name| self.service(name.rsplit('/').next().unwrap_or_default()))
                    .collect();
                (
                    "batchGet",
                    services.map(|services| json!({"services": services})),
                )
            }
            ("POST", [], "batchEnable") => ("batchEnable", self.batch_enable(call)),
            ("GET", [name], "") => ("get", self.service(name)),
            ("POST", [name], "enable") => ("enable", self.enable(call, name)),
            ("POST", [name], "disable") => ("disable", self.disable(call, name)),
            _ => ("", Err(call.no_such_method())),
        };
        (format!("serviceusage.services.{verb}"), answer)
    }

    /// Whether a service's API answers.
    pub(super) fn check_enabled(&self, service: &str) -> Result<(), Failure> {
        if self.services.contains(service) {
            return Ok(());
        }
        let title = SERVICES
            .iter()
            .find(|(name, _)| *name == service)
            .map_or(service, |(_, title)| title);
        let number = &self.number;
        let message = format!(
            "{title} has not been used in project {number} before or it is disabled. Enable it by visiting \
             https://console.developers.google.com/apis/api/{service}.googleapis.com/overview?project={number} then retry. \
             If you enabled this API recently, wait a few minutes for the action to propagate to our systems and retry."
        );
        Err(Failure::access_not_configured(message, service, number))
    }

    fn service(&self, name: &str) -> Answer {
        let short = known(name)?;
        Ok(self.shown_service(short))
    }

    fn shown_service(&self, short: &str) -> Value {
        let title = SERVICES
            .iter()
            .find(|(name, _)| *name == short)
            .map_or("", |(_, title)| title);
        let state = if self.services.contains(short) {
            "ENABLED"
        } else {
            "DISABLED"
        };
        json!({
            "name": format!("projects/{}/services/{short}.googleapis.com", self.number),
            "config": {"name": format!("{short}.googleapis.com"), "title": title},
            "state": state,
            "parent": format!("projects/{}", self.number),
        })
    }

    fn list_services(&self, call: &Call) -> Answer {
        let wanted = match call.parameter("filter") {
            None => None,
            Some("state:ENABLED") => Some("ENABLED"),
            Some("state:DISABLED") => Some("DISABLED"),
            Some(other) => {
                let message = format!(
                    "Invalid filter: '{other}'. Allowed are state:ENABLED and state:DISABLED."
                );
                return Err(Failure::invalid_argument(message));
            }
        };
        let services = SERVICES.iter().map(|(name, _)| self.shown_service(name));
        let services =
            services.filter(|service| wanted.is_none_or(|state| service["state"] == json!(state)));
        call.page("services", services.collect(), 50, 200)
    }

    fn enable(&mut self, call: &Call, name: &str) -> Answer {
        let short = known(name)?;
        call.message("EnableServiceRequest")?;
        let response = |project: &Self| {
            json!({
                "@type": "type.googleapis.com/google.api.serviceusage.v1.EnableServiceResponse",
                "service": project.shown_service(short),
            })
        };
        if self.services.contains(short) {
            return Ok(
                json!({"name": "operations/noop.DONE_OPERATION", "done": true, "response": response(self)}),
            );
        }
        self.turn_on(short);
        let response = response(self);
        Ok(self.begin_service(call, &[short], response))
    }

    fn batch_enable(&mut self, call: &Call) -> Answer {
        let body = call.message("BatchEnableServicesRequest")?;
        let ids = body.get("serviceIds").and_then(Value::as_array);
        let ids: Vec<&str> = ids
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        if ids.is_empty() || ids.len() > 20 {
            let message = "Between 1 and 20 services can be enabled at once.";
            return Err(Failure::invalid_argument(message));
        }
        let shorts: Vec<&str> = ids.into_iter().map(known).collect::<Result<_, _>>()?;
        for short in &shorts {
            self.turn_on(short);
        }
        let services: Vec<Value> = shorts
            .iter()
            .map(|short| self.shown_service(short))
            .collect();
        let response = json!({
            "@type": "type.googleapis.com/google.api.serviceusage.v1.BatchEnableServicesResponse",
            "services": services,
        });
        Ok(self.begin_service(call, &shorts, response))
    }

    fn turn_on(&mut self, short: &str) {
        let needed = NEEDS.iter().find(|(name, _)| *name == short);
        let needed = needed
            .into_iter()
            .flat_map(|(_, needed)| needed.iter().copied());
        for name in std::iter::once(short).chain(needed) {
            self.services.insert(name.to_owned());
        }
    }

    fn disable(&mut self, call: &Call, name: &str) -> Answer {
        let short = known(name)?;
        let body = call.message("DisableServiceRequest")?;
        if !self.services.contains(short) {
            let message = format!(
                "The service {name} is not enabled for project {}",
                self.number
            );
            return Err(Failure::failed_precondition(message));
        }
        let dependent = |(other, needed): &&(&str, &[&str])| {
            needed.contains(&short) && self.services.contains(*other)
        };
        let dependents: Vec<&str> = NEEDS
            .iter()
            .filter(dependent)
            .map(|(other, _)| *other)
            .collect();
        if !dependents.is_empty() && body.get("disableDependentServices") != Some(&json!(true)) {
            let list: Vec<String> = dependents
                .iter()
                .map(|name| format!("{name}.googleapis.com"))
                .collect();
            let message = format!(
                "The service {name} is depended on by the following active service(s): {}; Please specify \
                 disable_dependent_services=true if you want to proceed with disabling all services.",
                list.join(",")
            );
            return Err(Failure::failed_precondition(message));
        }
        for name in dependents.into_iter().chain([short]) {
            self.services.remove(name);
        }
        let response = json!({
            "@type": "type.googleapis.com/google.api.serviceusage.v1.DisableServiceResponse",
            "service": self.shown_service(short),
        });
        Ok(self.begin_service(call, &[short], response))
    }

    fn begin_service(&mut self, call: &Call, shorts: &[&str], response: Value) -> Value {
        let number = &self.number;
        let names = shorts
            .iter()
            .map(|short| format!("projects/{number}/services/{short}.googleapis.com"));
        let metadata = json!({
            "@type": "type.googleapis.com/google.api.serviceusage.v1.OperationMetadata",
            "resourceNames": names.collect::<Vec<_>>(),
        });
        let prefix = format!("acat.p2-{number}");
        self.begin_long(call, &prefix, metadata, response)
    }
}

/// The short name of a service there is.
fn known(name: &str) -> Result<&'static str, Failure> {
    let short = name.strip_suffix(".googleapis.com").unwrap_or_default();
    let found = SERVICES.iter().find(|(known, _)| *known == short);
    found.map(|(known, _)| *known).ok_or_else(|| {
        let message = format!("Not found or permission denied for service(s): {name}.");
        Failure::permission_denied(message)
    })
}
