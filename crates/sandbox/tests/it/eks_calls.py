"""Calls every operation of EKS, IAM and STS that a platform needs, and compares every answer with botocore's model."""

import json
import xml.etree.ElementTree as ElementTree

import botocore.session

session = botocore.session.get_session()
ec2, eks, iam, sts = (session.create_client(name) for name in ("ec2", "eks", "iam", "sts"))
called, problems = set(), []


def check_json(value, shape, path):
    """Each member must be one that the model has there."""
    if value is None:
        return
    if shape.type_name == "structure":
        for name, below in value.items():
            if name not in shape.members:
                problems.append(f"{path}: the model has no {name}")
            else:
                check_json(below, shape.members[name], f"{path}.{name}")
    elif shape.type_name == "list":
        for below in value:
            check_json(below, shape.member, path)
    elif shape.type_name == "map":
        for below in value.values():
            check_json(below, shape.value, path)
    else:
        kinds = {"string": str, "boolean": bool, "integer": int, "timestamp": (int, float)}
        if not isinstance(value, kinds[shape.type_name]):
            problems.append(f"{path} is {value!r}, no {shape.type_name}")
        elif getattr(shape, "enum", None) and value not in shape.enum:
            problems.append(f"{path} is {value}, not one of {shape.enum}")


def name_of(element):
    return element.tag.rsplit("}", 1)[-1]


def check_xml(element, shape, path):
    """Each element must be one that the model has there."""
    if shape.type_name == "structure":
        for child in element:
            if name_of(child) not in shape.members:
                problems.append(f"{path}: the model has no {name_of(child)}")
            else:
                check_xml(child, shape.members[name_of(child)], f"{path}.{name_of(child)}")
    elif shape.type_name == "list":
        for child in element:
            if name_of(child) != "member":
                problems.append(f"{path}: an element of the list is called {name_of(child)}")
            check_xml(child, shape.member, path)
    elif len(element):
        problems.append(f"{path} has elements")
    elif shape.type_name == "integer":
        int(element.text)
    elif shape.type_name == "boolean" and element.text not in ("true", "false"):
        problems.append(f"{path} is {element.text}")


def answered_json(http_response, model, **_):
    if http_response.status_code >= 300:
        return
    called.add(model.name)
    check_json(json.loads(http_response.content), model.output_shape, model.name)


def answered_xml(http_response, model, **_):
    called.add(model.name)
    root = ElementTree.fromstring(http_response.content)
    if name_of(root) != f"{model.name}Response":
        problems.append(f"{model.name} is answered with {name_of(root)}")
    for child in root:
        if name_of(child) == f"{model.name}Result":
            check_xml(child, model.output_shape, model.name)
        elif name_of(child) != "ResponseMetadata":
            problems.append(f"{model.name} is answered with {name_of(child)}")


eks.meta.events.register("after-call.eks.*", answered_json)
iam.meta.events.register("after-call.iam.*", answered_xml)
sts.meta.events.register("after-call.sts.*", answered_xml)
TAGS = [{"Key": "k", "Value": "v<&>"}]


def trust(kind, who, *actions):
    statement = {"Effect": "Allow", "Principal": {kind: who}, "Action": list(actions)}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def role(name, service):
    document = trust("Service", service, "sts:AssumeRole", "sts:TagSession")
    made = iam.create_role(RoleName=name, AssumeRolePolicyDocument=document, Tags=TAGS, Description="d")["Role"]
    assert made["AssumeRolePolicyDocument"] == json.loads(document), made
    return made["Arn"]


# IAM
plane, nodes, pods = role("plane", "eks.amazonaws.com"), role("nodes", "ec2.amazonaws.com"), role("pods", "pods.eks.amazonaws.com")
iam.get_waiter("role_exists").wait(RoleName="plane", WaiterConfig={"Delay": 1})
assert iam.get_role(RoleName="plane")["Role"]["Tags"] == TAGS
iam.list_roles(PathPrefix="/")
iam.update_role(RoleName="plane", MaxSessionDuration=7200)
iam.update_role_description(RoleName="plane", Description="e")
iam.tag_role(RoleName="plane", Tags=[{"Key": "l", "Value": "w"}])
iam.untag_role(RoleName="plane", TagKeys=["k"])
assert iam.list_role_tags(RoleName="plane")["Tags"] == [{"Key": "l", "Value": "w"}]
boundary = "arn:aws:iam::aws:policy/PowerUserAccess"
iam.put_role_permissions_boundary(RoleName="plane", PermissionsBoundary=boundary)
assert iam.get_role(RoleName="plane")["Role"]["PermissionsBoundary"]["PermissionsBoundaryArn"] == boundary
iam.delete_role_permissions_boundary(RoleName="plane")
allow = json.dumps({"Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}})
iam.put_role_policy(RoleName="plane", PolicyName="i", PolicyDocument=allow)
assert iam.get_role_policy(RoleName="plane", PolicyName="i")["PolicyDocument"] == json.loads(allow)
assert iam.list_role_policies(RoleName="plane")["PolicyNames"] == ["i"]
iam.delete_role_policy(RoleName="plane", PolicyName="i")
policy = iam.create_policy(PolicyName="p", PolicyDocument=allow, Description="d", Tags=TAGS)["Policy"]["Arn"]
iam.get_waiter("policy_exists").wait(PolicyArn=policy, WaiterConfig={"Delay": 1})
iam.list_policies(Scope="Local")
iam.tag_policy(PolicyArn=policy, Tags=TAGS)
iam.untag_policy(PolicyArn=policy, TagKeys=["k"])
iam.list_policy_tags(PolicyArn=policy)
iam.create_policy_version(PolicyArn=policy, PolicyDocument=allow, SetAsDefault=True)
iam.set_default_policy_version(PolicyArn=policy, VersionId="v1")
assert iam.get_policy_version(PolicyArn=policy, VersionId="v2")["PolicyVersion"]["Document"] == json.loads(allow)
assert [v["VersionId"] for v in iam.list_policy_versions(PolicyArn=policy)["Versions"]] == ["v2", "v1"]
iam.delete_policy_version(PolicyArn=policy, VersionId="v2")
managed = "arn:aws:iam::aws:policy/AmazonEKSClusterPolicy"
iam.get_policy(PolicyArn=managed)
for arn in (policy, managed):
    iam.attach_role_policy(RoleName="plane", PolicyArn=arn)
assert len(iam.list_attached_role_policies(RoleName="plane")["AttachedPolicies"]) == 2
assert iam.list_entities_for_policy(PolicyArn=policy)["PolicyRoles"][0]["RoleName"] == "plane"
iam.detach_role_policy(RoleName="plane", PolicyArn=policy)
iam.delete_policy(PolicyArn=policy)
iam.create_instance_profile(InstanceProfileName="n", Tags=TAGS)
iam.add_role_to_instance_profile(InstanceProfileName="n", RoleName="nodes")
iam.get_waiter("instance_profile_exists").wait(InstanceProfileName="n", WaiterConfig={"Delay": 1})
iam.list_instance_profiles()
assert iam.list_instance_profiles_for_role(RoleName="nodes")["InstanceProfiles"][0]["InstanceProfileName"] == "n"
iam.tag_instance_profile(InstanceProfileName="n", Tags=TAGS)
iam.untag_instance_profile(InstanceProfileName="n", TagKeys=["k"])
iam.list_instance_profile_tags(InstanceProfileName="n")
iam.remove_role_from_instance_profile(InstanceProfileName="n", RoleName="nodes")
iam.delete_instance_profile(InstanceProfileName="n")

# STS
account = sts.get_caller_identity()["Account"]
iam.update_assume_role_policy(RoleName="pods", PolicyDocument=trust("AWS", account, "sts:AssumeRole"))
given = sts.assume_role(RoleArn=pods, RoleSessionName="me")["Credentials"]
other = session.create_client(
    "sts", aws_access_key_id=given["AccessKeyId"], aws_secret_access_key=given["SecretAccessKey"],
    aws_session_token=given["SessionToken"],
)
assert other.get_caller_identity()["Arn"] == f"arn:aws:sts::{account}:assumed-role/pods/me"
sts.get_session_token()

# EKS
vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
subnets = [
    ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{n}.0/24", AvailabilityZone=f"us-east-1{zone}")["Subnet"]["SubnetId"]
    for n, zone in enumerate("ab")
]
quick = {"Delay": 1}
made = eks.create_cluster(
    name="main", version="1.33", roleArn=plane, resourcesVpcConfig={"subnetIds": subnets},
    accessConfig={"authenticationMode": "API"}, tags={"a": "b"}, upgradePolicy={"supportType": "STANDARD"},
)["cluster"]
assert made["status"] == "CREATING", made
eks.get_waiter("cluster_active").wait(name="main", WaiterConfig=quick)
cluster = eks.describe_cluster(name="main")["cluster"]
assert eks.list_clusters()["clusters"] == ["main"]
logs = {"clusterLogging": [{"types": ["api"], "enabled": True}]}
update = eks.update_cluster_config(name="main", logging=logs)["update"]["id"]
assert eks.describe_update(name="main", updateId=update)["update"]["status"] == "Successful"
eks.update_cluster_version(name="main", version="1.34")
key = {"resources": ["secrets"], "provider": {"keyArn": f"arn:aws:kms:us-east-1:{account}:key/1"}}
eks.associate_encryption_config(clusterName="main", encryptionConfig=[key])
assert len(eks.list_updates(name="main")["updateIds"]) == 3
eks.describe_cluster_versions()
eks.list_fargate_profiles(clusterName="main")
eks.list_identity_provider_configs(clusterName="main")
arn = cluster["arn"]
eks.tag_resource(resourceArn=arn, tags={"c": "d"})
eks.untag_resource(resourceArn=arn, tagKeys=["a"])
assert eks.list_tags_for_resource(resourceArn=arn)["tags"] == {"c": "d"}

eks.create_nodegroup(
    clusterName="main", nodegroupName="n", nodeRole=nodes, subnets=subnets, labels={"a": "b"}, version="1.33",
    taints=[{"key": "k", "value": "v", "effect": "NO_SCHEDULE"}], remoteAccess={"ec2SshKey": "key"},
)
eks.get_waiter("nodegroup_active").wait(clusterName="main", nodegroupName="n", WaiterConfig=quick)
eks.describe_nodegroup(clusterName="main", nodegroupName="n")
assert eks.list_nodegroups(clusterName="main")["nodegroups"] == ["n"]
eks.update_nodegroup_config(clusterName="main", nodegroupName="n", scalingConfig={"maxSize": 4})
eks.update_nodegroup_version(clusterName="main", nodegroupName="n")
assert eks.describe_nodegroup(clusterName="main", nodegroupName="n")["nodegroup"]["version"] == "1.34"

offers = eks.describe_addon_versions(kubernetesVersion="1.34", addonName="vpc-cni")["addons"]
version = offers[0]["addonVersions"][0]["addonVersion"]
eks.describe_addon_configuration(addonName="vpc-cni", addonVersion=version)
iam.update_assume_role_policy(RoleName="pods", PolicyDocument=trust("Service", "pods.eks.amazonaws.com", "sts:AssumeRole"))
identity = [{"serviceAccount": "aws-node", "roleArn": pods}]
eks.create_addon(clusterName="main", addonName="vpc-cni", podIdentityAssociations=identity, configurationValues="{}")
eks.get_waiter("addon_active").wait(clusterName="main", addonName="vpc-cni", WaiterConfig=quick)
eks.update_addon(clusterName="main", addonName="vpc-cni", addonVersion=version, resolveConflicts="OVERWRITE")
assert eks.describe_addon(clusterName="main", addonName="vpc-cni")["addon"]["addonVersion"] == version
assert eks.list_addons(clusterName="main")["addons"] == ["vpc-cni"]

eks.create_access_entry(clusterName="main", principalArn=pods, kubernetesGroups=["g"], tags={"a": "b"})
eks.update_access_entry(clusterName="main", principalArn=pods, kubernetesGroups=["h"], username="u")
assert eks.describe_access_entry(clusterName="main", principalArn=pods)["accessEntry"]["kubernetesGroups"] == ["h"]
assert len(eks.list_access_entries(clusterName="main")["accessEntries"]) == 3
view = eks.list_access_policies()["accessPolicies"][-2]["arn"]
scope = {"type": "namespace", "namespaces": ["a"]}
eks.associate_access_policy(clusterName="main", principalArn=pods, policyArn=view, accessScope=scope)
listed = eks.list_associated_access_policies(clusterName="main", principalArn=pods)["associatedAccessPolicies"]
assert listed[0]["accessScope"] == scope, listed
eks.disassociate_access_policy(clusterName="main", principalArn=pods, policyArn=view)
eks.delete_access_entry(clusterName="main", principalArn=pods)

one = eks.create_pod_identity_association(
    clusterName="main", namespace="a", serviceAccount="s", roleArn=pods, targetRoleArn=nodes
)["association"]["associationId"]
eks.update_pod_identity_association(clusterName="main", associationId=one, roleArn=pods, disableSessionTags=True)
eks.describe_pod_identity_association(clusterName="main", associationId=one)
pages = eks.get_paginator("list_pod_identity_associations").paginate(clusterName="main", PaginationConfig={"PageSize": 1})
assert len([a for page in pages for a in page["associations"]]) == 2
eks.delete_pod_identity_association(clusterName="main", associationId=one)

issuer = cluster["identity"]["oidc"]["issuer"]
provider = iam.create_open_id_connect_provider(Url=issuer, ClientIDList=["sts.amazonaws.com"], Tags=TAGS)
provider = provider["OpenIDConnectProviderArn"]
iam.get_open_id_connect_provider(OpenIDConnectProviderArn=provider)
iam.list_open_id_connect_providers()
iam.add_client_id_to_open_id_connect_provider(OpenIDConnectProviderArn=provider, ClientID="b")
iam.remove_client_id_from_open_id_connect_provider(OpenIDConnectProviderArn=provider, ClientID="b")
iam.update_open_id_connect_provider_thumbprint(OpenIDConnectProviderArn=provider, ThumbprintList=["a" * 40])
iam.tag_open_id_connect_provider(OpenIDConnectProviderArn=provider, Tags=TAGS)
iam.untag_open_id_connect_provider(OpenIDConnectProviderArn=provider, TagKeys=["k"])
iam.list_open_id_connect_provider_tags(OpenIDConnectProviderArn=provider)
web = trust("Federated", provider, "sts:AssumeRoleWithWebIdentity")
iam.update_assume_role_policy(RoleName="pods", PolicyDocument=web)
sts.assume_role_with_web_identity(RoleArn=pods, RoleSessionName="me", WebIdentityToken="token")
iam.delete_open_id_connect_provider(OpenIDConnectProviderArn=provider)

eks.delete_addon(clusterName="main", addonName="vpc-cni")
eks.get_waiter("addon_deleted").wait(clusterName="main", addonName="vpc-cni", WaiterConfig=quick)
try:
    eks.delete_cluster(name="main")
    problems.append("a cluster goes before its nodes")
except eks.exceptions.ResourceInUseException as refused:
    assert "nodegroups attached" in str(refused), refused
eks.delete_nodegroup(clusterName="main", nodegroupName="n")
eks.get_waiter("nodegroup_deleted").wait(clusterName="main", nodegroupName="n", WaiterConfig=quick)
eks.delete_cluster(name="main")
eks.get_waiter("cluster_deleted").wait(name="main", WaiterConfig=quick)
iam.detach_role_policy(RoleName="plane", PolicyArn=managed)
for name in ("plane", "nodes", "pods"):
    iam.delete_role(RoleName=name)
for subnet in subnets:
    ec2.delete_subnet(SubnetId=subnet)
ec2.delete_vpc(VpcId=vpc)
assert len(called) >= 98, f"only {len(called)}: {sorted(called)}"
print("\n".join(problems) or "all as modelled")
