//! Policies of the account, and those of AWS as far as they are looked at.

use super::document::{self, Purpose};
use super::managed;
use super::page::page;
use super::tags::{self, Tags};
use super::{Answer, Call, Iam, Operation, conflict, exists, no_such};
use crate::aws::fault::Fault;
use crate::aws::xml::Xml;
use crate::clock::Instant;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A policy.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Policy {
    name: String,
    id: String,
    arn: String,
    path: String,
    description: Option<String>,
    created: Instant,
    pub(super) updated: Instant,
    tags: Tags,
    /// By number.
    pub(super) versions: BTreeMap<u32, Version>,
    pub(super) default: u32,
    /// The number of the next version.
    pub(super) next: u32,
}

/// A version of a policy.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Version {
    pub(super) document: String,
    pub(super) created: Instant,
}

pub(super) const OPERATIONS: &[(&str, Operation)] = &[
    ("CreatePolicy", create),
    ("DeletePolicy", delete),
    ("GetPolicy", get),
    ("ListPolicies", list),
    ("ListPolicyTags", |iam, call, xml| {
        tags::list(call, &iam.policy(call)?.tags, xml)
    }),
    ("TagPolicy", |iam, call, _| {
        tags::add(call, &mut iam.policy_mut(call)?.tags)
    }),
    ("UntagPolicy", |iam, call, _| {
        tags::remove(call, &mut iam.policy_mut(call)?.tags);
        Ok(())
    }),
];

impl Policy {
    /// Makes the policies of AWS look like those of the account.
    pub(super) fn of_aws(of: &managed::Managed) -> Self {
        let number = of.version.trim_start_matches('v').parse().unwrap_or(1);
        let version = Version {
            document: of.document.to_string(),
            created: Instant(of.updated * 1000),
        };
        Self {
            name: of.name.clone(),
            id: of.id.clone(),
            arn: of.arn(),
            path: of.path.clone(),
            description: None,
            created: Instant(of.created * 1000),
            updated: Instant(of.updated * 1000),
            tags: Tags::new(),
            versions: BTreeMap::from([(number, version)]),
            default: number,
            next: number + 1,
        }
    }

    fn write(&self, attached: u32, whole: bool, xml: &mut Xml) {
        xml.leaf("PolicyName", &self.name);
        xml.leaf("PolicyId", &self.id);
        xml.leaf("Arn", &self.arn);
        xml.leaf("Path", &self.path);
        xml.leaf("DefaultVersionId", format!("v{}", self.default));
        xml.leaf("AttachmentCount", attached);
        xml.leaf("PermissionsBoundaryUsageCount", 0);
        xml.leaf("IsAttachable", true);
        xml.leaf("CreateDate", self.created.iso());
        xml.leaf("UpdateDate", self.updated.iso());
        if whole {
            xml.optional("Description", self.description.as_ref());
            tags::write(&self.tags, xml);
        }
    }
}

impl Iam {
    /// Whether there is a policy with that ARN.
    pub(super) fn has_policy(&self, arn: &str) -> bool {
        self.policies.contains_key(arn) || managed::find(arn).is_some()
    }

    /// The policy that a request names, if it is one of the account.
    pub(super) fn policy(&self, call: &Call<'_>) -> Result<&Policy, Fault> {
        let arn = call.query.required("PolicyArn")?;
        self.policies.get(arn).ok_or_else(|| unknown(arn))
    }

    /// The policy that a request names, to change it: one of the account.
    pub(super) fn policy_mut(&mut self, call: &Call<'_>) -> Result<&mut Policy, Fault> {
        let arn = call.query.required("PolicyArn")?;
        if managed::find(arn).is_some() {
            let fault = Fault::new(
                "AccessDenied",
                format!("Policy {arn} is owned by AWS and cannot be changed."),
            );
            return Err(fault.status(http::StatusCode::FORBIDDEN));
        }
        self.policies.get_mut(arn).ok_or_else(|| unknown(arn))
    }

    fn times_attached(&self, arn: &str) -> u32 {
        self.attached.get(arn).copied().unwrap_or_default()
    }
}

/// There is no policy with that ARN.
pub(super) fn unknown(arn: &str) -> Fault {
    no_such(format!("Policy {arn} was not found."))
}

fn create(iam: &mut Iam, call: &mut Call<'_>, xml: &mut Xml) -> Answer {
    let name = call.name("PolicyName", 128)?.to_owned();
    let path = call.path()?.to_owned();
    let text = call.query.required("PolicyDocument")?.to_owned();
    document::check(&text, Purpose::Permissions, iam, call.cx.account)?;
    let tags = tags::asked(call)?;
    let arn = call.arn(&format!("policy{path}{name}"));
    // Names are unique whatever the path.
    if iam.policies.values().any(|policy| policy.name == name) {
        return Err(exists(format!(
            "A policy called {name} already exists. Duplicate names are not allowed."
        )));
    }
    let now = call.now();
    let first = Version {
        document: text,
        created: now,
    };
    let policy = Policy {
        id: call.unique_id("ANPA"),
        arn: arn.clone(),
        path,
        description: call.query.text("Description").map(str::to_owned),
        created: now,
        updated: now,
        tags,
        versions: BTreeMap::from([(1, first)]),
        default: 1,
        next: 2,
        name,
    };
    xml.node("Policy", |xml| policy.write(0, true, xml));
    iam.policies.insert(arn, policy);
    Ok(())
}

fn get(iam: &mut Iam, call: &mut Call<'_>, xml: &mut Xml) -> Answer {
    let arn = call.query.required("PolicyArn")?;
    let attached = iam.times_attached(arn);
    if let Some(of) = managed::find(arn) {
        let policy = Policy::of_aws(of);
        xml.node("Policy", |xml| policy.write(attached, true, xml));
        return Ok(());
    }
    let policy = iam.policy(call)?;
    xml.node("Policy", |xml| policy.write(attached, true, xml));
    Ok(())
}

fn delete(iam: &mut Iam, call: &mut Call<'_>, _: &mut Xml) -> Answer {
    let policy = iam.policy_mut(call)?;
    let (arn, versions) = (policy.arn.clone(), policy.versions.len());
    if iam.times_attached(&arn) > 0 {
        return Err(conflict("Cannot delete a policy attached to entities."));
    }
    if versions > 1 {
        return Err(conflict(
            "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. The default version is deleted with the policy.",
        ));
    }
    iam.policies.remove(&arn);
    Ok(())
}

fn list(iam: &mut Iam, call: &mut Call<'_>, xml: &mut Xml) -> Answer {
    let scope = call.query.text("Scope").unwrap_or("All");
    let prefix = call.query.text("PathPrefix").unwrap_or("/");
    let attached = call.query.flag("OnlyAttached")?.unwrap_or_default();
    let of_aws: Vec<_> = match scope {
        "Local" => Vec::new(),
        _ => managed::all().iter().map(Policy::of_aws).collect(),
    };
    let own = iam.policies.values().filter(|_| scope != "AWS");
    let all = own
        .chain(&of_aws)
        .filter(|policy| policy.path.starts_with(prefix));
    let all = all
        .map(|policy| (policy, iam.times_attached(&policy.arn)))
        .filter(|(_, count)| !attached || *count > 0);
    page(
        call,
        xml,
        "Policies",
        all.collect(),
        |xml, (policy, count)| {
            policy.write(count, false, xml);
        },
    )
}
