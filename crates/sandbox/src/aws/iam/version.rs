//! Versions of policies.

use super::document::{self, Purpose, encoded};
use super::managed;
use super::page::page;
use super::policy::{Policy, Version, unknown};
use super::{Answer, Call, Iam, Operation, conflict, limit, no_such};
use crate::aws::fault::Fault;
use crate::aws::xml::Xml;

/// The most versions that a policy can have.
const MOST: usize = 5;

pub(super) const OPERATIONS: &[(&str, Operation)] = &[
    ("CreatePolicyVersion", create),
    ("DeletePolicyVersion", delete),
    ("GetPolicyVersion", get),
    ("ListPolicyVersions", list),
    ("SetDefaultPolicyVersion", set_default),
];

fn write(policy: &Policy, number: u32, version: &Version, whole: bool, xml: &mut Xml) {
    if whole {
        xml.leaf("Document", encoded(&version.document));
    }
    xml.leaf("VersionId", format!("v{number}"));
    xml.leaf("IsDefaultVersion", policy.default == number);
    xml.leaf("CreateDate", version.created.iso());
}

fn create(iam: &mut Iam, call: &mut Call<'_>, xml: &mut Xml) -> Answer {
    iam.policy_mut(call)?;
    let text = call.query.required("PolicyDocument")?;
    document::check(text, Purpose::Permissions, iam, call.cx.account)?;
    let default = call.query.flag("SetAsDefault")?.unwrap_or_default();
    let now = call.now();
    let policy = iam.policy_mut(call)?;
    if policy.versions.len() >= MOST {
        return Err(limit(format!(
            "A managed policy can have up to {MOST} versions. Before you create a new version, you must delete an existing version."
        )));
    }
    let number = policy.next;
    policy.next += 1;
    let version = Version {
        document: text.to_owned(),
        created: now,
    };
    policy.versions.insert(number, version);
    policy.updated = now;
    if default {
        policy.default = number;
    }
    if let Some(version) = policy.versions.get(&number) {
        xml.node("PolicyVersion", |xml| {
            write(policy, number, version, false, xml);
        });
    }
    Ok(())
}

fn get(iam: &mut Iam, call: &mut Call<'_>, xml: &mut Xml) -> Answer {
    let arn = call.query.required("PolicyArn")?;
    let of_aws = managed::find(arn).map(Policy::of_aws);
    let policy = of_aws.as_ref().or_else(|| iam.policies.get(arn));
    let policy = policy.ok_or_else(|| unknown(arn))?;
    let number = number(call)?;
    let version = policy
        .versions
        .get(&number)
        .ok_or_else(|| no_version(arn, number))?;
    xml.node("PolicyVersion", |xml| {
        write(policy, number, version, true, xml);
    });
    Ok(())
}

fn list(iam: &mut Iam, call: &mut Call<'_>, xml: &mut Xml) -> Answer {
    let arn = call.query.required("PolicyArn")?;
    let of_aws = managed::find(arn).map(Policy::of_aws);
    let policy = of_aws.as_ref().or_else(|| iam.policies.get(arn));
    let policy = policy.ok_or_else(|| unknown(arn))?;
    let versions = policy.versions.iter().rev().collect();
    page(call, xml, "Versions", versions, |xml, (number, version)| {
        write(policy, *number, version, false, xml);
    })
}

fn set_default(iam: &mut Iam, call: &mut Call<'_>, _: &mut Xml) -> Answer {
    let (number, now) = (number(call)?, call.now());
    let policy = iam.policy_mut(call)?;
    if !policy.versions.contains_key(&number) {
        return Err(no_version(call.query.required("PolicyArn")?, number));
    }
    policy.default = number;
    policy.updated = now;
    Ok(())
}

fn delete(iam: &mut Iam, call: &mut Call<'_>, _: &mut Xml) -> Answer {
    let number = number(call)?;
    let policy = iam.policy_mut(call)?;
    if policy.default == number {
        return Err(conflict("Cannot delete the default version of a policy."));
    }
    match policy.versions.remove(&number) {
        Some(_) => Ok(()),
        None => Err(no_version(call.query.required("PolicyArn")?, number)),
    }
}

fn number(call: &Call<'_>) -> Result<u32, Fault> {
    let text = call.query.required("VersionId")?;
    let number = text
        .strip_prefix('v')
        .and_then(|number| number.parse().ok());
    number.ok_or_else(|| super::validation(format!("Value '{text}' at 'versionId' failed to satisfy constraint: Member must satisfy regular expression pattern: v[1-9][0-9]*")))
}

fn no_version(arn: &str, number: u32) -> Fault {
    no_such(format!(
        "Policy {arn} version v{number} does not exist or is not attachable."
    ))
}
