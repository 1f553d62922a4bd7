use super::*;
use crate::http::form;
use ::http::{HeaderMap, HeaderValue, Method};
use bytes::Bytes;

fn request(line: &str, body: &str, service: Option<&str>) -> Request {
    let (method, target) = line.split_once(' ').unwrap();
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let mut headers = HeaderMap::new();
    if !body.is_empty() {
        let kind = "application/x-www-form-urlencoded; charset=utf-8";
        headers.insert("content-type", HeaderValue::from_static(kind));
    }
    if let Some(service) = service {
        let value = format!(
            "AWS4-HMAC-SHA256 Credential=AKID/20260101/us-east-1/{service}/aws4_request, SignedHeaders=host, Signature=0"
        );
        headers.insert("authorization", value.parse().unwrap());
    }
    Request {
        method: method.parse::<Method>().unwrap(),
        path: path.to_owned(),
        query: form(query),
        headers,
        body: Bytes::from(body.to_owned()),
    }
}

#[test]
fn queries_are_named_by_scope_and_action() {
    let named = |line, body, service| classify(Cloud::Aws, &request(line, body, service));
    assert_eq!(
        named("POST /", "Action=CreateVpc&Version=2016-11-15", Some("ec2")),
        "ec2:CreateVpc"
    );
    assert_eq!(
        named("POST /", "Version=2010-05-08&Action=GetRole", None),
        "iam:GetRole"
    );
    assert_eq!(
        named(
            "GET /?Action=GetCallerIdentity&Version=2011-06-15",
            "",
            None
        ),
        "sts:GetCallerIdentity"
    );
    assert_eq!(named("POST /", "Action=Odd&Version=1", None), "unknown");
}

#[test]
fn eks_is_named_by_verb_and_path() {
    let cases = [
        ("GET /clusters?maxResults=10", "ListClusters"),
        ("POST /clusters", "CreateCluster"),
        ("GET /clusters/one", "DescribeCluster"),
        ("DELETE /clusters/one", "DeleteCluster"),
        ("POST /clusters/one/update-config", "UpdateClusterConfig"),
        ("POST /clusters/one/updates", "UpdateClusterVersion"),
        ("GET /clusters/one/updates/u", "DescribeUpdate"),
        ("POST /clusters/one/node-groups", "CreateNodegroup"),
        (
            "POST /clusters/one/node-groups/n/update-version",
            "UpdateNodegroupVersion",
        ),
        ("POST /clusters/one/addons/a/update", "UpdateAddon"),
        ("DELETE /clusters/one/addons/a", "DeleteAddon"),
        (
            "GET /clusters/one/access-entries/arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fx",
            "DescribeAccessEntry",
        ),
        (
            "DELETE /clusters/one/access-entries/p/access-policies/q",
            "DisassociateAccessPolicy",
        ),
        (
            "POST /clusters/one/pod-identity-associations/a",
            "UpdatePodIdentityAssociation",
        ),
        (
            "DELETE /tags/arn%3Aaws%3Aeks%3Aus-east-1%3A1%3Acluster%2Fone?tagKeys=a",
            "UntagResource",
        ),
    ];
    for (line, name) in cases {
        let got = classify(Cloud::Aws, &request(line, "", Some("eks")));
        assert_eq!(got, format!("eks:{name}"), "{line}");
    }
    let got = classify(Cloud::Aws, &request("PUT /clusters/one", "", Some("eks")));
    assert_eq!(got, "unknown");
}

#[test]
fn google_is_named_by_verb_and_path() {
    let cases = [
        "GET /compute/v1/projects/p compute.projects.get",
        "POST /compute/v1/projects/p/global/networks compute.networks.insert",
        "PATCH /compute/v1/projects/p/global/networks/n compute.networks.patch",
        "GET /compute/v1/projects/p/regions compute.regions.list",
        "GET /compute/v1/projects/p/zones/z compute.zones.get",
        "GET /compute/v1/projects/p/regions/r/subnetworks/s compute.subnetworks.get",
        "POST /compute/v1/projects/p/regions/r/subnetworks/s/expandIpCidrRange compute.subnetworks.expandIpCidrRange",
        "DELETE /compute/v1/projects/p/global/addresses/a compute.globalAddresses.delete",
        "GET /compute/v1/projects/p/regions/r/operations/o compute.regionOperations.get",
        "POST /compute/v1/projects/p/global/operations/o/wait compute.globalOperations.wait",
        "GET /compute/v1/projects/p/aggregated/addresses compute.addresses.aggregatedList",
        "POST /v1/projects/p/locations/l/clusters container.clusters.create",
        "PUT /v1/projects/p/locations/l/clusters/c container.clusters.update",
        "POST /v1/projects/p/locations/l/clusters/c:setResourceLabels container.clusters.setResourceLabels",
        "GET /v1/projects/p/zones/z/clusters/c/nodePools/n container.nodePools.get",
        "GET /v1/projects/p/locations/l/operations/o container.operations.get",
        "GET /v1/projects/p/locations/l/serverConfig container.getServerConfig",
        "POST /v1/projects/p/serviceAccounts iam.serviceAccounts.create",
        "POST /v1/projects/p/serviceAccounts/a@p.iam.gserviceaccount.com:setIamPolicy iam.serviceAccounts.setIamPolicy",
        "GET /v1/projects/p/serviceAccounts/a@p.iam.gserviceaccount.com iam.serviceAccounts.get",
        "GET /v1/projects/p/serviceAccounts/a/keys iam.serviceAccounts.keys.list",
        "GET /v3/projects/p cloudresourcemanager.projects.get",
        "POST /v1/projects/p:getIamPolicy cloudresourcemanager.projects.getIamPolicy",
        "POST /v1/projects/p/services/compute.googleapis.com:enable serviceusage.services.enable",
        "GET /v1/projects/p/services/compute.googleapis.com serviceusage.services.get",
        "POST /v1/projects/p/services:batchEnable serviceusage.services.batchEnable",
        "GET /elsewhere unknown",
    ];
    for case in cases {
        let (line, name) = case.rsplit_once(' ').unwrap();
        assert_eq!(
            classify(Cloud::Google, &request(line, "", None)),
            name,
            "{line}"
        );
    }
}

#[test]
fn looking_changes_nothing() {
    for name in [
        "ec2:DescribeVpcs",
        "eks:ListClusters",
        "iam:GetRole",
        "compute.networks.get",
        "cloudresourcemanager.projects.getIamPolicy",
        "container.getServerConfig",
        "sts:AssumeRole",
    ] {
        assert!(is_read(name), "{name}");
    }
    for name in ["ec2:CreateVpc", "compute.networks.insert", "unknown"] {
        assert!(!is_read(name), "{name}");
    }
}
