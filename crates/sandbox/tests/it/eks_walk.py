"""The life of a cluster in commands of the AWS CLI, each run as its program runs them, in one process."""

import contextlib
import io
import json

import awscli.clidriver


def aws(line, **values):
    """Runs a command; its answer as JSON, or its error as text."""
    words = [values.get(word[1:], word) if word.startswith(":") else word for word in line.split()]
    out, err = io.StringIO(), io.StringIO()
    out.buffer = out
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = awscli.clidriver.create_clidriver().main(["--output", "json", *words])
    if code:
        return err.getvalue().strip()
    return json.loads(out.getvalue()) if out.getvalue().strip() else {}


def well(line, **values):
    answer = aws(line, **values)
    assert isinstance(answer, dict), f"{line}: {answer}"
    return answer


def refused(code, line, **values):
    answer = aws(line, **values)
    assert isinstance(answer, str) and f"({code})" in answer, f"{line}: {answer}"


def role(name, service):
    statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": ["sts:AssumeRole", "sts:TagSession"]}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    return well(f"iam create-role --role-name {name} --assume-role-policy-document :d", d=document)["Role"]["Arn"]


assert well("sts get-caller-identity")["Account"] == "123456789012"
plane, nodes, pods = role("plane", "eks.amazonaws.com"), role("nodes", "ec2.amazonaws.com"), role("pods", "pods.eks.amazonaws.com")
well("iam wait role-exists --role-name plane")
well("iam attach-role-policy --role-name plane --policy-arn arn:aws:iam::aws:policy/AmazonEKSClusterPolicy")
refused("DeleteConflict", "iam delete-role --role-name plane")
refused("NoSuchEntity", "iam get-role --role-name nobody")
refused("EntityAlreadyExists", "iam create-role --role-name plane --assume-role-policy-document :d", d=json.dumps(
    {"Statement": {"Effect": "Allow", "Principal": {"Service": "a"}, "Action": "sts:AssumeRole"}}))
refused("MalformedPolicyDocument", "iam create-role --role-name other --assume-role-policy-document {}")

vpc = well("ec2 create-vpc --cidr-block 10.0.0.0/16")["Vpc"]["VpcId"]
subnets = [
    well(f"ec2 create-subnet --vpc-id {vpc} --cidr-block 10.0.{n}.0/24 --availability-zone us-east-1{zone}")["Subnet"]["SubnetId"]
    for n, zone in enumerate("ab")
]
both = ",".join(subnets)
create = f"eks create-cluster --name c --kubernetes-version 1.31 --role-arn {plane} --access-config authenticationMode=API_AND_CONFIG_MAP"
refused("InvalidParameterException", f"{create} --resources-vpc-config subnetIds={subnets[0]}")
well(f"{create} --resources-vpc-config subnetIds={both} --client-request-token t")
well("eks wait cluster-active --name c")
again = well(f"{create} --resources-vpc-config subnetIds={both} --client-request-token t")
assert again["cluster"]["status"] == "ACTIVE"
refused("ResourceInUseException", f"{create} --resources-vpc-config subnetIds={both} --client-request-token u")
refused("DependencyViolation", f"ec2 delete-subnet --subnet-id {subnets[0]}")
refused("DependencyViolation", f"ec2 delete-vpc --vpc-id {vpc}")

assert well("eks describe-addon-versions --addon-name vpc-cni --kubernetes-version 1.31")["addons"]
well("eks describe-addon-configuration --addon-name vpc-cni --addon-version v1.20.5-eksbuild.1")
refused("InvalidParameterException", "eks create-addon --cluster-name c --addon-name nosuch-addon")
well(f"eks create-addon --cluster-name c --addon-name vpc-cni --pod-identity-associations serviceAccount=aws-node,roleArn={pods}")
well("eks wait addon-active --cluster-name c --addon-name vpc-cni")
well("eks describe-addon --cluster-name c --addon-name vpc-cni")
well("eks list-addons --cluster-name c")
well("eks update-addon --cluster-name c --addon-name vpc-cni --addon-version v1.20.5-eksbuild.1 --resolve-conflicts PRESERVE")
well("eks create-access-entry --cluster-name c --principal-arn :p", p=pods)
well("eks describe-access-entry --cluster-name c --principal-arn :p", p=pods)
well("eks update-access-entry --cluster-name c --kubernetes-groups viewers --principal-arn :p", p=pods)
assert pods in well("eks list-access-entries --cluster-name c")["accessEntries"]
well("eks list-access-policies")
view = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy"
well("eks associate-access-policy --cluster-name c --access-scope type=cluster --principal-arn :p --policy-arn :v", p=pods, v=view)
assert well("eks list-associated-access-policies --cluster-name c --principal-arn :p", p=pods)["associatedAccessPolicies"]
well("eks disassociate-access-policy --cluster-name c --principal-arn :p --policy-arn :v", p=pods, v=view)
well("eks delete-access-entry --cluster-name c --principal-arn :p", p=pods)
one = well(f"eks create-pod-identity-association --cluster-name c --namespace a --service-account s --role-arn {pods}")
one = one["association"]["associationId"]
well(f"eks describe-pod-identity-association --cluster-name c --association-id {one}")
assert len(well("eks list-pod-identity-associations --cluster-name c")["associations"]) == 2
well(f"eks delete-pod-identity-association --cluster-name c --association-id {one}")
well(f"eks create-nodegroup --cluster-name c --nodegroup-name n --node-role {nodes} --subnets :a :b", a=subnets[0], b=subnets[1])
well("eks wait nodegroup-active --cluster-name c --nodegroup-name n")
refused("ResourceInUseException", "eks delete-cluster --name c")
refused("InvalidParameterException", "eks update-cluster-version --name c --kubernetes-version 1.33")
well("eks update-cluster-version --name c --kubernetes-version 1.32")
well("eks wait cluster-active --name c")
assert well("eks describe-cluster --name c")["cluster"]["version"] == "1.32"
assert len(well("eks list-updates --name c")["updateIds"]) == 1
well("eks update-nodegroup-version --cluster-name c --nodegroup-name n")
well("eks update-nodegroup-config --cluster-name c --nodegroup-name n --scaling-config minSize=0,maxSize=3,desiredSize=1")
assert well("eks list-nodegroups --cluster-name c")["nodegroups"] == ["n"]
well("eks delete-nodegroup --cluster-name c --nodegroup-name n")
well("eks wait nodegroup-deleted --cluster-name c --nodegroup-name n")
well("eks delete-addon --cluster-name c --addon-name vpc-cni")
well("eks wait addon-deleted --cluster-name c --addon-name vpc-cni")
well("eks delete-cluster --name c")
well("eks wait cluster-deleted --name c")
for subnet in subnets:
    well(f"ec2 delete-subnet --subnet-id {subnet}")
well(f"ec2 delete-vpc --vpc-id {vpc}")
print("walked")
