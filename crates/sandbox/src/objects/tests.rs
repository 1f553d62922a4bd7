use super::*;
use serde_json::json;

fn lines(objects: &[Object]) -> Vec<String> {
    let line = |object: &Object| format!("{} {}", object.kind, object.id);
    objects.iter().map(line).collect()
}

#[test]
fn only_what_users_made_and_what_is_still_there() {
    let aws = json!({
        "ec2": {"us-east-1": {
            "vpcs": {"vpc-1": {}},
            "nat_gateways": {"nat-1": {"deleted": {"at": 1}}, "nat-2": {"deleted": null}},
            "transit_gateways": {"tgw-1": {"life": {"deleted": 1}}, "tgw-2": {"life": {"deleted": null}}},
            "route_tables": {
                "rtb-1": {"routes": [], "associations": [{"id": "a-1", "with": "Main"}]},
                "rtb-2": {
                    "routes": [{"destination": "0.0.0.0/0"}],
                    "associations": [{"id": "a-2", "with": {"Subnet": "subnet-1"}}],
                },
            },
            "groups": {"sg-1": {"name": "default"}, "sg-2": {"name": "api"}},
            "rules": {"sgr-1": {"group": "sg-1"}, "sgr-2": {"group": "sg-2"}},
        }},
        "eks": {"us-east-1": {"clusters": {"one": {
            "addons": {"coredns": {}},
            "entries": {
                "admin": {"ofNodes": false, "policies": {"all": {}}},
                "node": {"ofNodes": true, "policies": {}},
            },
        }}}},
        "iam": {"roles": {"node": {"attached": ["arn"]}}},
    });
    let google = json!({
        "compute": {"objects": {
            "global/networks/default": {},
            "global/networks/one": {},
            "regions/r/routers/one": {"value": {"nats": [{"name": "out"}]}},
            "zones/z/instanceGroupManagers/gke-one": {},
        }},
        "policy": {"bindings": {"roles/owner": {"": ["me"]}, "roles/viewer": {"": ["you"]}}},
        "iam": {"accounts": {"a@p": {"policy": {"bindings": {"roles/user": {"": ["it"]}}}}}},
    });
    assert_eq!(
        lines(&list(&aws, &google)),
        [
            "cloudresourcemanager:member roles/viewer/you",
            "compute:network global/networks/one",
            "compute:router regions/r/routers/one",
            "compute:router-nat regions/r/routers/one/out",
            "ec2:nat-gateway nat-2",
            "ec2:route rtb-2/0.0.0.0/0",
            "ec2:route-table rtb-2",
            "ec2:route-table-association a-2",
            "ec2:security-group sg-2",
            "ec2:security-group-rule sgr-2",
            "ec2:transit-gateway tgw-2",
            "ec2:vpc vpc-1",
            "eks:access-entry one/admin",
            "eks:access-policy one/admin/all",
            "eks:addon one/coredns",
            "eks:cluster one",
            "iam:attachment node/arn",
            "iam:member a@p/roles/user/it",
            "iam:role node",
            "iam:service-account a@p",
        ]
    );
}

/// The names in the objects' own structures have not moved away from those that are looked for.
#[tokio::test]
async fn what_is_made_is_listed() {
    use crate::server::tests::send_form;
    let sandbox = crate::Sandbox::start(crate::Options::default())
        .await
        .unwrap();
    assert_eq!(lines(&sandbox.objects()), [""; 0]);
    send_form(
        &sandbox.aws_url(),
        "Action=CreateVpc&Version=2016-11-15&CidrBlock=10.0.0.0/16",
    )
    .await;
    send_form(
        &sandbox.aws_url(),
        "Action=AllocateAddress&Version=2016-11-15&Domain=vpc",
    )
    .await;
    let role = "Action=CreateRole&Version=2010-05-08&RoleName=one&AssumeRolePolicyDocument=%7B%22Statement%22%3A%5B%7B%22Effect%22%3A%22Allow%22%2C%22Principal%22%3A%7B%22Service%22%3A%22ec2.amazonaws.com%22%7D%2C%22Action%22%3A%22sts%3AAssumeRole%22%7D%5D%7D";
    send_form(&sandbox.aws_url(), role).await;
    let network = r#"{"name":"one","autoCreateSubnetworks":false}"#;
    crate::server::tests::send(
        &sandbox.google_url(),
        "POST /compute/v1/projects/demo-project/global/networks",
        network,
    )
    .await;
    let kinds: Vec<&str> = sandbox.objects().iter().map(|object| object.kind).collect();
    assert_eq!(
        kinds,
        ["compute:network", "ec2:address", "ec2:vpc", "iam:role"]
    );
}
