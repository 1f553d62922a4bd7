//! IAM and STS by their forms.

use crate::aws::testing::Cloud;

const TRUST: &str = "%7B%22Version%22%3A%222012-10-17%22%2C%22Statement%22%3A%7B%22Effect%22%3A%22Allow%22%2C%22Principal%22%3A%7B%22Service%22%3A%22eks.amazonaws.com%22%7D%2C%22Action%22%3A%22sts%3AAssumeRole%22%7D%7D";
const ALLOW: &str = "%7B%22Statement%22%3A%7B%22Effect%22%3A%22Allow%22%2C%22Action%22%3A%22s3%3A*%22%2C%22Resource%22%3A%22*%22%7D%7D";
const EKS_POLICY: &str = "arn:aws:iam::aws:policy/AmazonEKSClusterPolicy";

fn with_role() -> Cloud {
    let mut cloud = Cloud::new();
    let made = cloud.query(
        "iam",
        &format!("Action=CreateRole&RoleName=plane&Path=/a/&AssumeRolePolicyDocument={TRUST}&Tags.member.1.Key=k&Tags.member.1.Value=v"),
    );
    assert!(
        made.contains("<Arn>arn:aws:iam::123456789012:role/a/plane</Arn>"),
        "{made}"
    );
    cloud
}

/// The code of a refusal, and its message.
fn refusal(cloud: &mut Cloud, form: &str) -> String {
    let code = cloud.element("iam", form, "Code");
    format!("{code}: {}", cloud.element("iam", form, "Message"))
}

#[test]
fn roles_keep_what_they_are_given() {
    let mut cloud = with_role();
    let got = cloud.query("iam", "Action=GetRole&RoleName=plane");
    for part in [
        "<GetRoleResponse xmlns=\"https://iam.amazonaws.com/doc/2010-05-08/\"><GetRoleResult><Role>",
        "<AssumeRolePolicyDocument>%7B%22Version%22%3A%222012-10-17%22%2C",
        "<MaxSessionDuration>3600</MaxSessionDuration>",
        "<Tags><member><Key>k</Key><Value>v</Value></member></Tags>",
        "<RoleId>AROA",
    ] {
        assert!(got.contains(part), "{part} in {got}");
    }
    let update = "Action=UpdateRole&RoleName=plane&Description=d&MaxSessionDuration=7200";
    assert!(cloud.query("iam", update).contains("<UpdateRoleResult>"));
    let got = cloud.query("iam", "Action=GetRole&RoleName=plane");
    assert!(
        got.contains("<Description>d</Description><MaxSessionDuration>7200<"),
        "{got}"
    );
}

#[test]
fn roles_go_when_nothing_hangs_on_them() {
    let mut cloud = with_role();
    let attach = format!("Action=AttachRolePolicy&RoleName=plane&PolicyArn={EKS_POLICY}");
    // Attaching twice is attaching once.
    for _ in 0..2 {
        assert!(
            cloud
                .query("iam", &attach)
                .contains("<AttachRolePolicyResponse")
        );
    }
    let listed = cloud.query("iam", "Action=ListAttachedRolePolicies&RoleName=plane");
    assert_eq!(listed.matches("<PolicyArn>").count(), 1);
    assert_eq!(
        refusal(&mut cloud, "Action=DeleteRole&RoleName=plane"),
        "DeleteConflict: Cannot delete entity, must detach all policies first."
    );
    let detach = format!("Action=DetachRolePolicy&RoleName=plane&PolicyArn={EKS_POLICY}");
    cloud.query("iam", &detach);
    assert_eq!(
        refusal(&mut cloud, &detach),
        format!("NoSuchEntity: Policy {EKS_POLICY} was not found.")
    );
    cloud.query(
        "iam",
        &format!("Action=PutRolePolicy&RoleName=plane&PolicyName=p&PolicyDocument={ALLOW}"),
    );
    assert_eq!(
        refusal(&mut cloud, "Action=DeleteRole&RoleName=plane"),
        "DeleteConflict: Cannot delete entity, must delete policies first."
    );
    cloud.query("iam", "Action=DeleteRolePolicy&RoleName=plane&PolicyName=p");
    cloud.query("iam", "Action=CreateInstanceProfile&InstanceProfileName=i");
    cloud.query(
        "iam",
        "Action=AddRoleToInstanceProfile&InstanceProfileName=i&RoleName=plane",
    );
    assert_eq!(
        refusal(&mut cloud, "Action=DeleteRole&RoleName=plane"),
        "DeleteConflict: Cannot delete entity, must remove roles from instance profile first."
    );
    cloud.query(
        "iam",
        "Action=RemoveRoleFromInstanceProfile&InstanceProfileName=i&RoleName=plane",
    );
    cloud.query("iam", "Action=DeleteRole&RoleName=plane");
    assert_eq!(
        refusal(&mut cloud, "Action=GetRole&RoleName=plane"),
        "NoSuchEntity: The role with name plane cannot be found."
    );
}

#[test]
fn names_are_taken_once() {
    let mut cloud = with_role();
    assert_eq!(
        refusal(
            &mut cloud,
            &format!("Action=CreateRole&RoleName=plane&AssumeRolePolicyDocument={TRUST}")
        ),
        "EntityAlreadyExists: Role with name plane already exists."
    );
    let create = format!("Action=CreatePolicy&PolicyName=p&PolicyDocument={ALLOW}");
    cloud.query("iam", &create);
    assert_eq!(
        refusal(&mut cloud, &create),
        "EntityAlreadyExists: A policy called p already exists. Duplicate names are not allowed."
    );
}

#[test]
fn policies_have_up_to_five_versions() {
    let mut cloud = with_role();
    let arn = "arn:aws:iam::123456789012:policy/p";
    cloud.query(
        "iam",
        &format!("Action=CreatePolicy&PolicyName=p&PolicyDocument={ALLOW}"),
    );
    let another = format!(
        "Action=CreatePolicyVersion&PolicyArn={arn}&PolicyDocument={ALLOW}&SetAsDefault=true"
    );
    for number in 2..=5 {
        assert_eq!(
            cloud.element("iam", &another, "VersionId"),
            format!("v{number}")
        );
    }
    assert!(refusal(&mut cloud, &another).starts_with("LimitExceeded: "));
    assert_eq!(
        refusal(
            &mut cloud,
            &format!("Action=DeletePolicyVersion&PolicyArn={arn}&VersionId=v5")
        ),
        "DeleteConflict: Cannot delete the default version of a policy."
    );
    assert!(
        refusal(&mut cloud, &format!("Action=DeletePolicy&PolicyArn={arn}"))
            .contains("more than one version")
    );
    for number in 1..=4 {
        cloud.query(
            "iam",
            &format!("Action=DeletePolicyVersion&PolicyArn={arn}&VersionId=v{number}"),
        );
    }
    cloud.query(
        "iam",
        &format!("Action=AttachRolePolicy&RoleName=plane&PolicyArn={arn}"),
    );
    assert_eq!(
        cloud.element(
            "iam",
            &format!("Action=GetPolicy&PolicyArn={arn}"),
            "AttachmentCount"
        ),
        "1"
    );
    assert_eq!(
        refusal(&mut cloud, &format!("Action=DeletePolicy&PolicyArn={arn}")),
        "DeleteConflict: Cannot delete a policy attached to entities."
    );
    cloud.query(
        "iam",
        &format!("Action=DetachRolePolicy&RoleName=plane&PolicyArn={arn}"),
    );
    cloud.query("iam", &format!("Action=DeletePolicy&PolicyArn={arn}"));
    assert!(
        refusal(&mut cloud, &format!("Action=GetPolicy&PolicyArn={arn}"))
            .starts_with("NoSuchEntity")
    );
}

#[test]
fn policies_of_aws_can_be_read() {
    let mut cloud = Cloud::new();
    let version = cloud.element(
        "iam",
        &format!("Action=GetPolicy&PolicyArn={EKS_POLICY}"),
        "DefaultVersionId",
    );
    let get = format!("Action=GetPolicyVersion&PolicyArn={EKS_POLICY}&VersionId={version}");
    assert!(
        cloud
            .element("iam", &get, "Document")
            .contains("ec2%3ADescribeSubnets")
    );
    assert!(
        refusal(
            &mut cloud,
            &format!("Action=DeletePolicy&PolicyArn={EKS_POLICY}")
        )
        .starts_with("AccessDenied")
    );
}

#[test]
fn lists_come_in_pages() {
    let mut cloud = Cloud::new();
    for number in 0..3 {
        cloud.query(
            "iam",
            &format!("Action=CreateRole&RoleName=r{number}&AssumeRolePolicyDocument={TRUST}"),
        );
    }
    let list = "Action=ListRoles&MaxItems=2";
    let first = cloud.query("iam", list);
    assert!(first.contains("<IsTruncated>true</IsTruncated>") && first.contains("<RoleName>r1<"));
    let marker = cloud.element("iam", list, "Marker");
    let second = cloud.query("iam", &format!("{list}&Marker={marker}"));
    assert!(
        second.contains("<IsTruncated>false</IsTruncated>") && second.contains("<RoleName>r2<")
    );
    assert!(
        cloud
            .query("iam", &format!("{list}&Marker=x"))
            .contains("ValidationError")
    );
}

#[test]
fn providers_are_found_by_their_url() {
    let mut cloud = Cloud::new();
    let create = "Action=CreateOpenIDConnectProvider&Url=https://oidc.example/id/A&ClientIDList.member.1=sts.amazonaws.com";
    let arn = cloud.element("iam", create, "OpenIDConnectProviderArn");
    assert_eq!(
        arn,
        "arn:aws:iam::123456789012:oidc-provider/oidc.example/id/A"
    );
    assert!(refusal(&mut cloud, create).starts_with("EntityAlreadyExists"));
    let get = format!("Action=GetOpenIDConnectProvider&OpenIDConnectProviderArn={arn}");
    assert_eq!(cloud.element("iam", &get, "Url"), "oidc.example/id/A");
    cloud.query(
        "iam",
        &format!("Action=DeleteOpenIDConnectProvider&OpenIDConnectProviderArn={arn}"),
    );
    assert!(refusal(&mut cloud, &get).starts_with("NoSuchEntity"));
}

#[test]
fn roles_are_assumed_by_those_they_trust() {
    let mut cloud = with_role();
    assert_eq!(
        cloud.element("sts", "Action=GetCallerIdentity", "Arn"),
        "arn:aws:iam::123456789012:user/sandbox"
    );
    let assume =
        "Action=AssumeRole&RoleSessionName=me&RoleArn=arn:aws:iam::123456789012:role/a/plane";
    let refused = cloud.query("sts", assume);
    assert!(refused.contains("<Code>AccessDenied</Code>"), "{refused}");
    let trust = TRUST
        .replace("Service", "AWS")
        .replace("eks.amazonaws.com", "123456789012");
    cloud.query(
        "iam",
        &format!("Action=UpdateAssumeRolePolicy&RoleName=plane&PolicyDocument={trust}"),
    );
    let assumed = cloud.query("sts", assume);
    assert!(
        assumed.contains("<Arn>arn:aws:sts::123456789012:assumed-role/plane/me</Arn>"),
        "{assumed}"
    );
}
