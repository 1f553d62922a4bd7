//! What EKS asks of the roles that it is given.

use super::call::Scene;
use super::refusal::invalid;
use crate::aws::fault::Fault;
use crate::aws::iam::Role;

/// The role of a control plane: EKS must be able to assume it.
pub(crate) fn of_cluster(arn: &str, scene: &Scene<'_>) -> Result<(), Fault> {
    let Some(role) = find(arn, scene)? else {
        return Err(invalid(format!(
            "Error in role params: roleArn, {arn}, does not exist"
        )));
    };
    if role.trusts("eks.amazonaws.com") {
        return Ok(());
    }
    Err(invalid(
        "Role could not be assumed because the trusted entity is not correct",
    ))
}

/// The role of nodes: machines must be able to assume it.
pub(crate) fn of_nodes(arn: &str, scene: &Scene<'_>) -> Result<(), Fault> {
    let Some(role) = find(arn, scene)? else {
        return Err(invalid(format!(
            "The role with name {} cannot be found. (Service: AmazonIdentityManagement; Status Code: 404; Error Code: NoSuchEntity)",
            arn.rsplit('/').next().unwrap_or(arn)
        )));
    };
    if role.trusts("ec2.amazonaws.com") {
        return Ok(());
    }
    Err(invalid(format!(
        "Following required service principals [ec2.amazonaws.com] were not found in the trust relationships of nodeRole {arn}"
    )))
}

/// The role of Pods: the agent on the node must be able to assume it.
pub(crate) fn of_pods(arn: &str, scene: &Scene<'_>) -> Result<(), Fault> {
    let Some(role) = find(arn, scene)? else {
        return Err(invalid("Role provided in the request does not exist."));
    };
    if role.trusts("pods.eks.amazonaws.com") {
        return Ok(());
    }
    Err(invalid(
        "Trust policy of the role provided in the request does not allow pods.eks.amazonaws.com to assume it.",
    ))
}

/// The role of a service account, which it assumes by web identity.
pub(crate) fn of_service_account(arn: &str, scene: &Scene<'_>) -> Result<(), Fault> {
    match find(arn, scene)? {
        Some(_) => Ok(()),
        None => Err(invalid(format!(
            "The service account role {arn} does not exist"
        ))),
    }
}

fn find<'a>(arn: &str, scene: &'a Scene<'_>) -> Result<Option<&'a Role>, Fault> {
    let mut parts = arn.splitn(6, ':');
    let shape = [parts.next(), parts.next(), parts.next(), parts.next()];
    let (account, rest) = (parts.next().unwrap_or_default(), parts.next());
    if shape != [Some("arn"), Some("aws"), Some("iam"), Some("")]
        || rest.is_none_or(|rest| !rest.starts_with("role/"))
    {
        return Err(invalid(format!("Invalid role ARN: {arn}")));
    }
    if account != scene.account {
        return Err(Fault::new(
            "AccessDeniedException",
            "Cross-account pass role is not allowed.",
        ));
    }
    Ok(scene.role(arn))
}
