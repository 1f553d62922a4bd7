//! Policies that are attached to roles.

use super::page::page;
use super::{Answer, Call, Iam, Operation, limit, no_such};
use crate::aws::xml::Xml;

/// The most policies that a role can have.
const MOST: usize = 10;

pub(super) const OPERATIONS: &[(&str, Operation)] = &[
    ("AttachRolePolicy", attach),
    ("DetachRolePolicy", detach),
    ("ListAttachedRolePolicies", list),
    ("ListEntitiesForPolicy", entities),
];

fn attach(iam: &mut Iam, call: &mut Call<'_>, _: &mut Xml) -> Answer {
    let arn = call.query.required("PolicyArn")?;
    iam.role(call)?;
    if !iam.has_policy(arn) {
        return Err(no_such(format!(
            "Policy {arn} does not exist or is not attachable."
        )));
    }
    let role = iam.role_mut(call)?;
    if role.attached.contains(arn) {
        return Ok(());
    }
    if role.attached.len() >= MOST {
        return Err(limit(format!(
            "Cannot exceed quota for PoliciesPerRole: {MOST}"
        )));
    }
    role.attached.insert(arn.to_owned());
    *iam.attached.entry(arn.to_owned()).or_default() += 1;
    Ok(())
}

fn detach(iam: &mut Iam, call: &mut Call<'_>, _: &mut Xml) -> Answer {
    let arn = call.query.required("PolicyArn")?;
    if !iam.role_mut(call)?.attached.remove(arn) {
        return Err(no_such(format!("Policy {arn} was not found.")));
    }
    if let Some(count) = iam.attached.get_mut(arn) {
        *count = count.saturating_sub(1);
        if *count == 0 {
            iam.attached.remove(arn);
        }
    }
    Ok(())
}

fn list(iam: &mut Iam, call: &mut Call<'_>, xml: &mut Xml) -> Answer {
    let prefix = call.query.text("PathPrefix").unwrap_or("/").to_owned();
    let arns = iam.role(call)?.attached.iter();
    let path = |arn: &str| {
        arn.split_once(":policy")
            .map_or("/", |(_, path)| path)
            .to_owned()
    };
    let arns = arns.filter(|arn| path(arn).starts_with(&prefix)).collect();
    page(call, xml, "AttachedPolicies", arns, |xml, arn: &String| {
        xml.leaf("PolicyName", arn.rsplit('/').next().unwrap_or(arn));
        xml.leaf("PolicyArn", arn);
    })
}

fn entities(iam: &mut Iam, call: &mut Call<'_>, xml: &mut Xml) -> Answer {
    let arn = call.query.required("PolicyArn")?;
    if !iam.has_policy(arn) {
        return Err(no_such(format!("Policy {arn} was not found.")));
    }
    let roles = iam
        .roles
        .values()
        .filter(|role| role.attached.contains(arn));
    xml.list("PolicyGroups", "member", [(); 0], |_, ()| {});
    xml.list("PolicyUsers", "member", [(); 0], |_, ()| {});
    page(call, xml, "PolicyRoles", roles.collect(), |xml, role| {
        xml.leaf("RoleName", &role.name);
        xml.leaf("RoleId", &role.id);
    })
}
