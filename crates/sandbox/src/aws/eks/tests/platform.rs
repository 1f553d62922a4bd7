//! What the tests of EKS stand on.

use crate::aws::testing::Cloud;
use serde_json::{Value, json};

/// An account with roles.
pub(super) fn account() -> Cloud {
    let mut cloud = Cloud::new();
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
    cloud
}

/// What a cluster is made from.
pub(super) fn cluster() -> Value {
    json!({
        "name": "main",
        "version": "1.33",
        "roleArn": "arn:aws:iam::123456789012:role/plane",
        "resourcesVpcConfig": {
            "subnetIds": ["subnet-1", "subnet-2"],
            "endpointPublicAccess": true,
        },
        "accessConfig": {"authenticationMode": "API_AND_CONFIG_MAP"},
        "tags": {"team": "a"},
    })
}

/// What a node group is made from.
pub(super) fn nodes() -> Value {
    json!({
        "nodegroupName": "a",
        "nodeRole": "arn:aws:iam::123456789012:role/nodes",
        "subnets": ["subnet-1", "subnet-2"],
        "scalingConfig": {"minSize": 1, "maxSize": 3, "desiredSize": 2},
    })
}

/// An account with a cluster that is up.
pub(super) fn up() -> Cloud {
    let mut cloud = account();
    cloud.eks("POST /clusters", &cluster()).unwrap();
    cloud
}
