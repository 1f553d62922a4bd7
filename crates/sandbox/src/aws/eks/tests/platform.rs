//! What the tests of EKS stand on.

use crate::Options;
use crate::aws::testing::Cloud;
use serde_json::{Value, json};

/// An account with roles, and a VPC with subnets.
pub(super) fn account() -> Cloud {
    account_with(&Options::default())
}

/// The same with other options.
pub(super) fn account_with(options: &Options) -> Cloud {
    let mut cloud = Cloud::with(options);
    for (role, service) in [
        ("plane", "eks.amazonaws.com"),
        ("nodes", "ec2.amazonaws.com"),
        ("pods", "pods.eks.amazonaws.com"),
        ("people", "ec2.amazonaws.com"),
    ] {
        let trust = json!({"Statement": [{
            "Effect": "Allow",
            "Principal": {"Service": service},
            "Action": ["sts:AssumeRole", "sts:TagSession"],
        }]});
        let made = cloud.query(
            "iam",
            &format!("Action=CreateRole&RoleName={role}&AssumeRolePolicyDocument={trust}"),
        );
        assert!(made.contains("<Role>"), "{made}");
    }
    cloud.subnets = subnets(&mut cloud).into();
    cloud
}

/// The subnets of a new VPC in two zones.
fn subnets(cloud: &mut Cloud) -> [String; 2] {
    let vpc = cloud.element("ec2", "Action=CreateVpc&CidrBlock=10.0.0.0/16", "vpcId");
    [("a", 0), ("b", 1)].map(|(zone, net)| {
        let form = format!(
            "Action=CreateSubnet&VpcId={vpc}&CidrBlock=10.0.{net}.0/24&AvailabilityZone=us-east-1{zone}"
        );
        cloud.element("ec2", &form, "subnetId")
    })
}

/// What a cluster is made from.
pub(super) fn cluster(cloud: &Cloud) -> Value {
    json!({
        "name": "main",
        "version": "1.33",
        "roleArn": "arn:aws:iam::123456789012:role/plane",
        "resourcesVpcConfig": {
            "subnetIds": cloud.subnets,
            "endpointPublicAccess": true,
        },
        "accessConfig": {"authenticationMode": "API_AND_CONFIG_MAP"},
        "tags": {"team": "a"},
    })
}

/// What a node group is made from.
pub(super) fn nodes(cloud: &Cloud) -> Value {
    json!({
        "nodegroupName": "a",
        "nodeRole": "arn:aws:iam::123456789012:role/nodes",
        "subnets": cloud.subnets,
        "scalingConfig": {"minSize": 1, "maxSize": 3, "desiredSize": 2},
    })
}

/// An account with a cluster that is up.
pub(super) fn up() -> Cloud {
    let mut cloud = account();
    cloud.eks("POST /clusters", &cluster(&cloud)).unwrap();
    cloud
}
