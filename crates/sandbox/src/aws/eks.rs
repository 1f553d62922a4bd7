//! EKS: clusters with their node groups, add-ons, access entries and Pod identities. REST with JSON.

mod access;
mod addon;
mod associations;
mod call;
mod catalogue;
mod cluster;
mod configuration;
mod fargate;
mod living;
mod network;
mod nodegroup;
mod policies;
mod refusal;
mod roles;
mod route;
mod tags;
mod updates;
mod versions;

use crate::aws::ec2::Ec2;
use crate::aws::fault::Fault;
use crate::clock::Instant;
use crate::{Request, Response};
use call::Call;
pub(crate) use call::Scene;
use cluster::Cluster;
use http::{Method, StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// EKS in one region.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Eks {
    clusters: BTreeMap<String, Cluster>,
    /// When the next thing that is under way is done, at the earliest.
    next: Option<Instant>,
}

impl Eks {
    /// Whether a request is for EKS.
    pub(crate) fn answers(path: &[String]) -> bool {
        const ROOTS: [&str; 5] = [
            "clusters",
            "addons",
            "access-policies",
            "tags",
            "cluster-versions",
        ];
        let root = path.first().map(String::as_str);
        root.is_some_and(|root| ROOTS.contains(&root))
    }

    /// Answers a request: the name of the operation, and the response.
    pub(crate) fn answer(
        &mut self,
        request: &Request,
        path: &[String],
        scene: &mut Scene<'_>,
        request_id: String,
    ) -> (&'static str, Response) {
        let (operation, answer) = match body(request) {
            Ok(body) => {
                let call = Call {
                    request,
                    path,
                    body,
                };
                route::answer(self, &call, scene)
            }
            Err(fault) => ("unknown", Err(fault)),
        };
        if request.method != Method::GET {
            self.next = self.next.into_iter().chain([scene.due]).min();
        }
        let mut response = match answer {
            Ok(value) => Response::json(StatusCode::OK, &value),
            Err(fault) => refusal(&fault),
        };
        response.headers.push(("x-amzn-requestid", request_id));
        (operation, response)
    }

    /// Carries out what is due. What it takes from EC2 goes there too.
    pub(crate) fn settle(&mut self, now: Instant, ec2: &mut Ec2) {
        if self.next.is_none_or(|next| next > now) {
            return;
        }
        self.clusters.retain(|_, cluster| cluster.settle(now, ec2));
        self.next = self.clusters.values().filter_map(Cluster::due).min();
    }

    fn cluster(&self, name: &str) -> Result<&Cluster, Fault> {
        let found = self.clusters.get(name);
        found.ok_or_else(|| cluster::unknown(name))
    }

    fn cluster_mut(&mut self, name: &str) -> Result<&mut Cluster, Fault> {
        let found = self.clusters.get_mut(name);
        found.ok_or_else(|| cluster::unknown(name))
    }
}

fn body(request: &Request) -> Result<Value, Fault> {
    if request.body.is_empty() {
        return Ok(json!({}));
    }
    serde_json::from_slice(&request.body)
        .map_err(|error| Fault::new("SerializationException", error.to_string()))
}

fn refusal(fault: &Fault) -> Response {
    let body = json!({"__type": fault.code, "message": fault.message});
    let mut response = Response::json(fault.status, &body);
    let kind = ("x-amzn-errortype", fault.code.to_string());
    response.headers.push(kind);
    response
}

#[cfg(test)]
mod tests;
