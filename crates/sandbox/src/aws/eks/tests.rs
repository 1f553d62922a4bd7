//! EKS by its paths and bodies.

mod platform;

use crate::Options;
use crate::aws::testing::Cloud;
use platform::{cluster, up};
use serde_json::{Value, json};

const NONE: &Value = &Value::Null;

/// The refusal of a request.
fn refusal(cloud: &mut Cloud, request: &str, body: &Value) -> String {
    match cloud.eks(request, body) {
        Err(refusal) => refusal,
        Ok(value) => panic!("not refused: {value}"),
    }
}

fn status(cloud: &mut Cloud, path: &str, of: &str) -> String {
    let value = cloud.eks(&format!("GET {path}"), NONE).unwrap();
    value[of]["status"].as_str().unwrap().to_owned()
}

#[test]
fn a_cluster_is_made_and_goes() {
    let mut cloud = platform::account();
    let made = cloud.eks("POST /clusters", &cluster(&cloud)).unwrap();
    let made = &made["cluster"];
    assert_eq!(made["status"], "CREATING");
    assert_eq!(made["certificateAuthority"], json!({}));
    assert!(made.get("endpoint").is_none() && made.get("identity").is_none());
    let shown = cloud.eks("GET /clusters/main", NONE).unwrap();
    let shown = &shown["cluster"];
    assert_eq!(shown["status"], "ACTIVE");
    assert_eq!(
        shown["arn"],
        "arn:aws:eks:us-east-1:123456789012:cluster/main"
    );
    assert_eq!(shown["version"], "1.33");
    assert_eq!(
        shown["kubernetesNetworkConfig"]["serviceIpv4Cidr"],
        "172.20.0.0/16"
    );
    assert_eq!(
        shown["accessConfig"],
        json!({"authenticationMode": "API_AND_CONFIG_MAP"})
    );
    assert_eq!(shown["upgradePolicy"], json!({"supportType": "EXTENDED"}));
    let issuer = shown["identity"]["oidc"]["issuer"].as_str().unwrap();
    let endpoint = shown["endpoint"].as_str().unwrap();
    let code = issuer
        .strip_prefix("https://oidc.eks.us-east-1.amazonaws.com/id/")
        .unwrap();
    assert_eq!(
        endpoint,
        format!("https://{code}.gr7.us-east-1.eks.amazonaws.com")
    );
    let gone = cloud.eks("DELETE /clusters/main", NONE).unwrap();
    assert_eq!(gone["cluster"]["status"], "DELETING");
    assert_eq!(
        refusal(&mut cloud, "GET /clusters/main", NONE),
        "ResourceNotFoundException: No cluster found for name: main."
    );
}

#[test]
fn the_same_request_makes_no_second_cluster() {
    let mut cloud = platform::account();
    let mut asked = cluster(&cloud);
    asked["clientRequestToken"] = json!("t");
    let first = cloud.eks("POST /clusters", &asked).unwrap();
    let again = cloud.eks("POST /clusters", &asked).unwrap();
    assert_eq!(first["cluster"]["arn"], again["cluster"]["arn"]);
    assert_eq!(again["cluster"]["status"], "ACTIVE");
    asked["version"] = json!("1.32");
    assert!(refusal(&mut cloud, "POST /clusters", &asked).starts_with("InvalidParameterException"));
    asked["clientRequestToken"] = json!("other");
    assert_eq!(
        refusal(&mut cloud, "POST /clusters", &asked),
        "ResourceInUseException: Cluster already exists with name: main"
    );
}

#[test]
fn clusters_that_cannot_be_are_refused() {
    let mut cloud = platform::account();
    for (path, value, expected) in [
        (
            "/version",
            json!("1.12"),
            "InvalidParameterException: unsupported Kubernetes version 1.12",
        ),
        (
            "/roleArn",
            json!("arn:aws:iam::123456789012:role/nobody"),
            "InvalidParameterException: Error in role params: roleArn, arn:aws:iam::123456789012:role/nobody, does not exist",
        ),
        (
            "/roleArn",
            json!("arn:aws:iam::123456789012:role/nodes"),
            "InvalidParameterException: Role could not be assumed because the trusted entity is not correct",
        ),
        (
            "/roleArn",
            json!("arn:aws:iam::999999999999:role/nodes"),
            "AccessDeniedException: Cross-account pass role is not allowed.",
        ),
        (
            "/resourcesVpcConfig/endpointPublicAccess",
            json!(false),
            "InvalidParameterException: Private and public endpoint access cannot be false",
        ),
    ] {
        let mut asked = cluster(&cloud);
        *asked.pointer_mut(path).unwrap() = value;
        assert_eq!(refusal(&mut cloud, "POST /clusters", &asked), expected);
    }
    assert_eq!(
        cloud.eks("GET /clusters", NONE).unwrap()["clusters"],
        json!([])
    );
}

#[test]
fn one_update_at_a_time() {
    let mut cloud = up();
    let version = |version: &str| json!({"version": version});
    assert_eq!(
        refusal(&mut cloud, "POST /clusters/main/updates", &version("1.35")),
        "InvalidParameterException: Unsupported Kubernetes minor version update from 1.33 to 1.35"
    );
    assert!(
        refusal(&mut cloud, "POST /clusters/main/updates", &version("1.32"))
            .contains("Unsupported")
    );
    cloud.slow();
    let started = cloud
        .eks("POST /clusters/main/updates", &version("1.34"))
        .unwrap();
    let id = started["update"]["id"].as_str().unwrap().to_owned();
    assert_eq!(started["update"]["status"], "InProgress");
    assert_eq!(started["update"]["type"], "VersionUpdate");
    let shown = cloud.eks("GET /clusters/main", NONE).unwrap();
    assert_eq!(
        (&shown["cluster"]["status"], &shown["cluster"]["version"]),
        (&json!("UPDATING"), &json!("1.33"))
    );
    let logging = json!({"logging": {"clusterLogging": [{"types": ["api"], "enabled": true}]}});
    assert_eq!(
        refusal(&mut cloud, "POST /clusters/main/update-config", &logging),
        format!(
            "ResourceInUseException: Cannot update because cluster main currently has update {id} in progress"
        )
    );
    assert!(
        refusal(&mut cloud, "DELETE /clusters/main", NONE).starts_with("ResourceInUseException")
    );
    assert_eq!(
        cloud.eks("GET /clusters/main/updates", NONE).unwrap()["updateIds"],
        json!([id])
    );
}

#[test]
fn updates_change_what_they_name() {
    let mut cloud = up();
    let logging = json!({"logging": {"clusterLogging": [{"types": ["api"], "enabled": true}]}, "clientRequestToken": "t"});
    let started = cloud
        .eks("POST /clusters/main/update-config", &logging)
        .unwrap();
    let id = started["update"]["id"].as_str().unwrap();
    let update = cloud
        .eks(&format!("GET /clusters/main/updates/{id}"), NONE)
        .unwrap();
    assert_eq!(update["update"]["status"], "Successful");
    let again = cloud
        .eks("POST /clusters/main/update-config", &logging)
        .unwrap();
    assert_eq!(again["update"]["id"], id);
    let shown = cloud.eks("GET /clusters/main", NONE).unwrap();
    assert_eq!(
        shown["cluster"]["logging"]["clusterLogging"][0],
        json!({"types": ["api"], "enabled": true})
    );
    let private = json!({"resourcesVpcConfig": {"endpointPrivateAccess": true}});
    cloud
        .eks("POST /clusters/main/update-config", &private)
        .unwrap();
    assert!(
        refusal(&mut cloud, "POST /clusters/main/update-config", &private).starts_with(
            "InvalidParameterException: Cluster is already at the desired configuration"
        )
    );
    let both = json!({"deletionProtection": true, "upgradePolicy": {"supportType": "STANDARD"}});
    assert_eq!(
        refusal(&mut cloud, "POST /clusters/main/update-config", &both),
        "InvalidParameterException: Only one type of update can be allowed."
    );
    let back = json!({"accessConfig": {"authenticationMode": "CONFIG_MAP"}});
    assert!(
        refusal(&mut cloud, "POST /clusters/main/update-config", &back)
            .contains("Unsupported authentication mode update")
    );
}

#[test]
fn node_groups_hold_their_cluster() {
    let mut cloud = up();
    let made = cloud
        .eks("POST /clusters/main/node-groups", &platform::nodes(&cloud))
        .unwrap();
    assert_eq!(made["nodegroup"]["status"], "CREATING");
    let shown = cloud.eks("GET /clusters/main/node-groups/a", NONE).unwrap();
    let shown = &shown["nodegroup"];
    assert_eq!(shown["status"], "ACTIVE");
    assert_eq!(shown["instanceTypes"], json!(["t3.medium"]));
    assert_eq!(
        shown["scalingConfig"],
        json!({"minSize": 1, "maxSize": 3, "desiredSize": 2})
    );
    assert_eq!(
        (&shown["diskSize"], &shown["version"]),
        (&json!(20), &json!("1.33"))
    );
    assert_eq!(
        refusal(&mut cloud, "DELETE /clusters/main", NONE),
        "ResourceInUseException: Cluster has nodegroups attached"
    );
    // Its nodes are let in, and no longer when it is gone.
    let entry =
        "GET /clusters/main/access-entries/arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2Fnodes";
    assert_eq!(
        cloud.eks(entry, NONE).unwrap()["accessEntry"]["type"],
        "EC2_LINUX"
    );
    cloud
        .eks("DELETE /clusters/main/node-groups/a", NONE)
        .unwrap();
    assert_eq!(
        refusal(&mut cloud, "GET /clusters/main/node-groups/a", NONE),
        "ResourceNotFoundException: No node group found for name: a."
    );
    assert!(refusal(&mut cloud, entry, NONE).starts_with("ResourceNotFoundException"));
    cloud.eks("DELETE /clusters/main", NONE).unwrap();
}

#[test]
fn node_groups_change() {
    let mut cloud = up();
    cloud
        .eks("POST /clusters/main/node-groups", &platform::nodes(&cloud))
        .unwrap();
    let change = json!({
        "labels": {"addOrUpdateLabels": {"a": "b"}},
        "taints": {"addOrUpdateTaints": [{"key": "k", "value": "v", "effect": "NO_SCHEDULE"}]},
        "scalingConfig": {"maxSize": 5},
        "updateConfig": {"maxUnavailablePercentage": 50},
    });
    let path = "/clusters/main/node-groups/a";
    let started = cloud
        .eks(&format!("POST {path}/update-config"), &change)
        .unwrap();
    assert_eq!(started["update"]["type"], "ConfigUpdate");
    let id = started["update"]["id"].as_str().unwrap();
    let update = cloud
        .eks(
            &format!("GET /clusters/main/updates/{id}?nodegroupName=a"),
            NONE,
        )
        .unwrap();
    assert_eq!(update["update"]["status"], "Successful");
    assert!(
        refusal(
            &mut cloud,
            &format!("GET /clusters/main/updates/{id}"),
            NONE
        )
        .starts_with("ResourceNotFound")
    );
    let shown = cloud.eks(&format!("GET {path}"), NONE).unwrap();
    let shown = &shown["nodegroup"];
    assert_eq!(
        (&shown["labels"], &shown["scalingConfig"]["maxSize"]),
        (&json!({"a": "b"}), &json!(5))
    );
    assert_eq!(
        shown["updateConfig"],
        json!({"maxUnavailablePercentage": 50})
    );
    assert_eq!(shown["taints"][0]["key"], "k");
    // Nodes follow the control plane.
    cloud
        .eks("POST /clusters/main/updates", &json!({"version": "1.34"}))
        .unwrap();
    cloud
        .eks(&format!("POST {path}/update-version"), &json!({}))
        .unwrap();
    let shown = cloud.eks(&format!("GET {path}"), NONE).unwrap();
    assert_eq!(shown["nodegroup"]["version"], "1.34");
    let older = json!({"version": "1.33"});
    assert!(
        refusal(&mut cloud, &format!("POST {path}/update-version"), &older).contains("is older")
    );
    cloud.slow();
    cloud
        .eks(&format!("POST {path}/update-config"), &change)
        .unwrap();
    assert_eq!(
        refusal(&mut cloud, &format!("POST {path}/update-config"), &change),
        "ResourceInUseException: Nodegroup cannot be updated as it is currently not in Active State"
    );
    assert_eq!(status(&mut cloud, path, "nodegroup"), "UPDATING");
}

#[test]
fn add_ons_have_versions_and_values() {
    let mut cloud = up();
    let path = "/clusters/main/addons";
    let create = |more: Value| {
        let mut asked = json!({"addonName": "vpc-cni"});
        asked
            .as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        asked
    };
    let bad = create(json!({"addonVersion": "v1.0.0-eksbuild.1"}));
    assert_eq!(
        refusal(&mut cloud, &format!("POST {path}"), &bad),
        "InvalidParameterException: Addon version specified is not supported"
    );
    assert!(
        refusal(
            &mut cloud,
            &format!("POST {path}"),
            &json!({"addonName": "nosuch-addon"})
        )
        .contains("not supported in 1.33")
    );
    let bad = create(json!({"configurationValues": "{\"env\":{\"WARM_ENI_TARGET\":1}}"}));
    assert!(
        refusal(&mut cloud, &format!("POST {path}"), &bad)
            .contains("Json schema validation failed")
    );
    let identities =
        json!([{"serviceAccount": "aws-node", "roleArn": "arn:aws:iam::123456789012:role/pods"}]);
    let asked = create(json!({"podIdentityAssociations": identities, "tags": {"a": "b"}}));
    let made = cloud.eks(&format!("POST {path}"), &asked).unwrap();
    assert_eq!(made["addon"]["addonVersion"], "v1.20.4-eksbuild.2");
    let arn = made["addon"]["addonArn"].as_str().unwrap();
    let listed = cloud
        .eks("GET /clusters/main/pod-identity-associations", NONE)
        .unwrap();
    assert_eq!(listed["associations"][0]["ownerArn"], arn);
    assert_eq!(
        refusal(&mut cloud, &format!("POST {path}"), &asked),
        "ResourceInUseException: Addon already exists."
    );
    let update = json!({"addonVersion": "v1.20.5-eksbuild.1", "resolveConflicts": "PRESERVE", "podIdentityAssociations": []});
    let started = cloud
        .eks(&format!("POST {path}/vpc-cni/update"), &update)
        .unwrap();
    assert_eq!(started["update"]["type"], "AddonUpdate");
    let shown = cloud.eks(&format!("GET {path}/vpc-cni"), NONE).unwrap();
    assert_eq!(shown["addon"]["addonVersion"], "v1.20.5-eksbuild.1");
    assert!(shown["addon"].get("podIdentityAssociations").is_none());
    cloud.eks(&format!("DELETE {path}/vpc-cni"), NONE).unwrap();
    assert_eq!(
        refusal(&mut cloud, &format!("GET {path}/vpc-cni"), NONE),
        "ResourceNotFoundException: No addon: vpc-cni found in cluster: main"
    );
}

#[test]
fn the_creator_is_let_in_and_others_too() {
    let mut cloud = up();
    let path = "/clusters/main/access-entries";
    let creator = "arn:aws:iam::123456789012:user/sandbox";
    assert_eq!(
        cloud.eks(&format!("GET {path}"), NONE).unwrap()["accessEntries"],
        json!([creator])
    );
    let role = "arn:aws:iam::123456789012:role/people";
    assert_eq!(
        refusal(
            &mut cloud,
            &format!("POST {path}"),
            &json!({"principalArn": "arn:aws:iam::123456789012:role/nobody"})
        ),
        "InvalidParameterException: The specified principalArn is invalid: invalid principal."
    );
    let asked = json!({"principalArn": role, "kubernetesGroups": ["viewers"]});
    let made = cloud.eks(&format!("POST {path}"), &asked).unwrap();
    assert_eq!(
        made["accessEntry"]["username"],
        "arn:aws:sts::123456789012:assumed-role/people/{{SessionName}}"
    );
    assert_eq!(
        refusal(&mut cloud, &format!("POST {path}"), &asked),
        "ResourceInUseException: The specified access entry resource is already in use on this cluster."
    );
    let entry = format!("{path}/{}", role.replace(':', "%3A").replace('/', "%2F"));
    let policy = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy";
    let scope =
        json!({"policyArn": policy, "accessScope": {"type": "namespace", "namespaces": ["a"]}});
    cloud
        .eks(&format!("POST {entry}/access-policies"), &scope)
        .unwrap();
    let listed = cloud
        .eks(&format!("GET {entry}/access-policies"), NONE)
        .unwrap();
    assert_eq!(
        listed["associatedAccessPolicies"][0]["accessScope"],
        json!({"type": "namespace", "namespaces": ["a"]})
    );
    let encoded = policy.replace(':', "%3A").replace('/', "%2F");
    cloud
        .eks(&format!("DELETE {entry}/access-policies/{encoded}"), NONE)
        .unwrap();
    assert!(
        refusal(
            &mut cloud,
            &format!("DELETE {entry}/access-policies/{encoded}"),
            NONE
        )
        .starts_with("ResourceNotFound")
    );
    cloud.eks(&format!("DELETE {entry}"), NONE).unwrap();
    assert!(refusal(&mut cloud, &format!("GET {entry}"), NONE).starts_with("ResourceNotFound"));
}

#[test]
fn pods_have_one_identity() {
    let mut cloud = up();
    let path = "/clusters/main/pod-identity-associations";
    let asked = json!({"namespace": "a", "serviceAccount": "s", "roleArn": "arn:aws:iam::123456789012:role/pods", "tags": {"x": "y"}});
    let made = cloud.eks(&format!("POST {path}"), &asked).unwrap();
    let id = made["association"]["associationId"].as_str().unwrap();
    assert_eq!(
        refusal(&mut cloud, &format!("POST {path}"), &asked),
        format!("ResourceInUseException: Association already exists: {id}")
    );
    let update = json!({"roleArn": "arn:aws:iam::123456789012:role/nodes"});
    assert!(
        refusal(&mut cloud, &format!("POST {path}/{id}"), &update)
            .starts_with("InvalidParameterException: Trust policy")
    );
    let listed = cloud.eks(&format!("GET {path}?namespace=b"), NONE).unwrap();
    assert_eq!(listed["associations"], json!([]));
    let arn = made["association"]["associationArn"].as_str().unwrap();
    let tags = format!("/tags/{}", arn.replace(':', "%3A").replace('/', "%2F"));
    cloud
        .eks(&format!("POST {tags}"), &json!({"tags": {"z": "1"}}))
        .unwrap();
    cloud
        .eks(&format!("DELETE {tags}?tagKeys=x"), NONE)
        .unwrap();
    assert_eq!(
        cloud.eks(&format!("GET {tags}"), NONE).unwrap()["tags"],
        json!({"z": "1"})
    );
    cloud.eks(&format!("DELETE {path}/{id}"), NONE).unwrap();
    assert!(refusal(&mut cloud, &format!("GET {tags}"), NONE).starts_with("NotFoundException"));
}

#[test]
fn lists_come_in_pages() {
    let mut cloud = Cloud::new();
    let first = cloud
        .eks("GET /access-policies?maxResults=15", NONE)
        .unwrap();
    assert_eq!(first["accessPolicies"].as_array().unwrap().len(), 15);
    let token = first["nextToken"].as_str().unwrap();
    let second = cloud
        .eks(
            &format!("GET /access-policies?maxResults=15&nextToken={token}"),
            NONE,
        )
        .unwrap();
    assert_eq!(second["accessPolicies"].as_array().unwrap().len(), 5);
    assert!(second["nextToken"].is_null());
    assert!(
        refusal(&mut cloud, "GET /access-policies?maxResults=0", NONE)
            .starts_with("InvalidParameter")
    );
}

#[test]
fn versions_and_offers_are_listed() {
    let mut cloud = Cloud::new();
    let versions = cloud
        .eks("GET /cluster-versions?defaultOnly=true", NONE)
        .unwrap();
    assert_eq!(versions["clusterVersions"].as_array().unwrap().len(), 1);
    let offers = cloud
        .eks(
            "GET /addons/supported-versions?addonName=coredns&kubernetesVersion=1.34",
            NONE,
        )
        .unwrap();
    let versions = offers["addons"][0]["addonVersions"].as_array().unwrap();
    let default = versions
        .iter()
        .find(|version| version["compatibilities"][0]["defaultVersion"] == true);
    assert_eq!(default.unwrap()["addonVersion"], "v1.12.3-eksbuild.1");
    let schema = cloud
        .eks(
            "GET /addons/configuration-schemas?addonName=vpc-cni&addonVersion=v1.20.5-eksbuild.1",
            NONE,
        )
        .unwrap();
    let schema: Value =
        serde_json::from_str(schema["configurationSchema"].as_str().unwrap()).unwrap();
    assert_eq!(schema["additionalProperties"], false);
}

#[test]
fn nonsense_is_refused() {
    let mut cloud = Cloud::new();
    assert!(refusal(&mut cloud, "PATCH /clusters", NONE).starts_with("UnknownOperationException"));
    assert!(
        refusal(&mut cloud, "POST /clusters", &json!({"name": 1}))
            .starts_with("SerializationException")
    );
    assert!(
        refusal(&mut cloud, "GET /tags/arn%3Aaws%3Aeks", NONE).starts_with("NotFoundException")
    );
}

#[test]
fn a_cluster_holds_its_network() {
    let mut cloud = up();
    let shown = cloud.eks("GET /clusters/main", NONE).unwrap();
    let config = &shown["cluster"]["resourcesVpcConfig"];
    let vpc = config["vpcId"].as_str().unwrap();
    let group = config["clusterSecurityGroupId"].as_str().unwrap();
    let groups = format!("Action=DescribeSecurityGroups&GroupId.1={group}");
    assert_eq!(cloud.element("ec2", &groups, "vpcId"), vpc);
    assert!(
        cloud
            .query("ec2", &groups)
            .contains("<key>aws:eks:cluster-name</key><value>main</value>")
    );
    let subnet = cloud.subnets[0].clone();
    let delete = format!("Action=DeleteSubnet&SubnetId={subnet}");
    assert_eq!(cloud.element("ec2", &delete, "Code"), "DependencyViolation");
    let nodes = platform::nodes(&cloud);
    cloud
        .eks("POST /clusters/main/node-groups", &nodes)
        .unwrap();
    let interfaces = format!(
        "Action=DescribeNetworkInterfaces&Filter.1.Name=subnet-id&Filter.1.Value.1={subnet}"
    );
    assert_eq!(
        cloud
            .query("ec2", &interfaces)
            .matches("<networkInterfaceId>")
            .count(),
        2
    );
    cloud
        .eks("DELETE /clusters/main/node-groups/a", NONE)
        .unwrap();
    cloud.eks("GET /clusters/main", NONE).unwrap();
    cloud.eks("DELETE /clusters/main", NONE).unwrap();
    // EKS is not asked again: what it has in EC2 goes all the same.
    assert_eq!(
        cloud.element("ec2", &groups, "Code"),
        "InvalidGroup.NotFound"
    );
    for subnet in cloud.subnets.clone() {
        let delete = format!("Action=DeleteSubnet&SubnetId={subnet}");
        assert!(
            cloud
                .query("ec2", &delete)
                .contains("<return>true</return>")
        );
    }
    let gone = cloud.query("ec2", &format!("Action=DeleteVpc&VpcId={vpc}"));
    assert!(gone.contains("<return>true</return>"), "{gone}");
}

#[test]
fn clusters_need_subnets_in_two_zones_of_one_vpc() {
    let mut cloud = platform::account();
    let mut asked = cluster(&cloud);
    let one = cloud.subnets[0].clone();
    for (subnets, expected) in [
        (
            json!([one]),
            "InvalidParameterException: Subnets specified must be in at least two different AZs",
        ),
        (
            json!([]),
            "InvalidParameterException: Subnets must be specified",
        ),
        (
            json!([one, "subnet-0123456789abcdef0"]),
            "InvalidParameterException: The subnet ID 'subnet-0123456789abcdef0' does not exist (Service: AmazonEC2; Status Code: 400; Error Code: InvalidSubnetID.NotFound)",
        ),
    ] {
        asked["resourcesVpcConfig"]["subnetIds"] = subnets;
        assert_eq!(refusal(&mut cloud, "POST /clusters", &asked), expected);
    }
    let interfaces = cloud.query("ec2", "Action=DescribeNetworkInterfaces");
    assert!(!interfaces.contains("networkInterfaceId"));
}

#[test]
fn auto_mode_is_on_or_off() {
    let mut cloud = platform::account();
    let mut asked = cluster(&cloud);
    let role = "arn:aws:iam::123456789012:role/nodes";
    asked["computeConfig"] = json!({"enabled": true, "nodePools": ["system"], "nodeRoleArn": role});
    assert!(
        refusal(&mut cloud, "POST /clusters", &asked)
            .contains("either fully enabled or fully disabled")
    );
    asked["storageConfig"] = json!({"blockStorage": {"enabled": true}});
    asked["kubernetesNetworkConfig"] = json!({"elasticLoadBalancing": {"enabled": true}});
    cloud.eks("POST /clusters", &asked).unwrap();
    let entries = cloud
        .eks("GET /clusters/main/access-entries", NONE)
        .unwrap();
    assert!(
        entries["accessEntries"]
            .as_array()
            .unwrap()
            .contains(&json!(role))
    );
    let off = json!({
        "computeConfig": {"enabled": false},
        "storageConfig": {"blockStorage": {"enabled": false}},
        "kubernetesNetworkConfig": {"elasticLoadBalancing": {"enabled": false}},
    });
    let update = cloud
        .eks("POST /clusters/main/update-config", &off)
        .unwrap();
    assert_eq!(update["update"]["type"], "AutoModeUpdate");
}

#[test]
fn new_roles_are_not_seen_yet_if_they_take_time() {
    let mut cloud = platform::account_with(&Options {
        propagation: std::time::Duration::from_secs(1_000_000),
        ..Options::default()
    });
    let asked = cluster(&cloud);
    assert_eq!(
        refusal(&mut cloud, "POST /clusters", &asked),
        "InvalidParameterException: Error in role params: roleArn, arn:aws:iam::123456789012:role/plane, does not exist"
    );
    assert!(
        cloud
            .query("iam", "Action=GetRole&RoleName=plane")
            .contains("<Role>")
    );
}

#[test]
fn subnets_that_a_cluster_has_left_can_go() {
    let mut cloud = up();
    let shown = cloud.eks("GET /clusters/main", NONE).unwrap();
    let vpc = shown["cluster"]["resourcesVpcConfig"]["vpcId"]
        .as_str()
        .unwrap();
    let form = format!(
        "Action=CreateSubnet&VpcId={vpc}&CidrBlock=10.0.9.0/24&AvailabilityZone=us-east-1c"
    );
    let third = cloud.element("ec2", &form, "subnetId");
    let [first, second] = [cloud.subnets[0].clone(), cloud.subnets[1].clone()];
    let asked = json!({"resourcesVpcConfig": {"subnetIds": [second, third]}});
    cloud
        .eks("POST /clusters/main/update-config", &asked)
        .unwrap();
    let delete = |subnet: &str| format!("Action=DeleteSubnet&SubnetId={subnet}");
    assert_eq!(
        cloud.element("ec2", &delete(&third), "Code"),
        "DependencyViolation"
    );
    assert!(
        cloud
            .query("ec2", &delete(&first))
            .contains("<return>true</return>")
    );
}

#[test]
fn what_is_under_way_outlives_the_process() {
    let mut cloud = up();
    let nodes = platform::nodes(&cloud);
    cloud
        .eks("POST /clusters/main/node-groups", &nodes)
        .unwrap();
    cloud.slow();
    cloud
        .eks("POST /clusters/main/updates", &json!({"version": "1.34"}))
        .unwrap();
    let before = cloud.eks("GET /clusters/main", NONE).unwrap();
    let text = serde_json::to_string(&cloud.account).unwrap();
    cloud.account = serde_json::from_str(&text).unwrap();
    assert_eq!(cloud.eks("GET /clusters/main", NONE).unwrap(), before);
    assert_eq!(before["cluster"]["status"], "UPDATING");
    assert_eq!(
        status(&mut cloud, "/clusters/main/node-groups/a", "nodegroup"),
        "ACTIVE"
    );
}
