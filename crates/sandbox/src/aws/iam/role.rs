//! Roles.

use super::document::{self, Purpose, encoded};
use super::page::page;
use super::tags::{self, Tags};
use super::{Answer, Call, Iam, Operation, conflict, exists, no_such, validation};
use crate::aws::fault::Fault;
use crate::aws::xml::Xml;
use crate::clock::Instant;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A role.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Role {
    pub(super) name: String,
    pub(super) id: String,
    pub(super) arn: String,
    path: String,
    pub(super) trust: String,
    description: Option<String>,
    pub(super) longest_session: u32,
    boundary: Option<String>,
    created: Instant,
    tags: Tags,
    /// Documents by name.
    pub(super) inline: BTreeMap<String, String>,
    /// ARNs of policies.
    pub(super) attached: BTreeSet<String>,
}

pub(super) const OPERATIONS: &[(&str, Operation)] = &[
    ("CreateRole", create),
    ("DeleteRole", delete),
    ("DeleteRolePermissionsBoundary", |iam, call, _| {
        iam.role_mut(call)?.boundary = None;
        Ok(())
    }),
    ("GetRole", |iam, call, xml| {
        let role = iam.role(call)?;
        xml.node("Role", |xml| role.write(true, xml));
        Ok(())
    }),
    ("ListRoles", list),
    ("ListRoleTags", |iam, call, xml| {
        tags::list(call, &iam.role(call)?.tags, xml)
    }),
    ("PutRolePermissionsBoundary", |iam, call, _| {
        let boundary = boundary(iam, call)?;
        iam.role_mut(call)?.boundary = boundary;
        Ok(())
    }),
    ("TagRole", |iam, call, _| {
        tags::add(call, &mut iam.role_mut(call)?.tags)
    }),
    ("UntagRole", |iam, call, _| {
        tags::remove(call, &mut iam.role_mut(call)?.tags);
        Ok(())
    }),
    ("UpdateAssumeRolePolicy", update_trust),
    ("UpdateRole", update),
    ("UpdateRoleDescription", update_description),
];

impl Role {
    /// Whether it was there at that time.
    pub(crate) fn was_there(&self, at: Instant) -> bool {
        self.created <= at
    }

    /// Whether it lets a service assume it: `eks.amazonaws.com`.
    pub(crate) fn trusts(&self, service: &str) -> bool {
        document::trusts(&self.trust, "Service", "sts:AssumeRole", |name| {
            name == service
        })
    }

    pub(super) fn write(&self, whole: bool, xml: &mut Xml) {
        xml.leaf("Path", &self.path);
        xml.leaf("RoleName", &self.name);
        xml.leaf("RoleId", &self.id);
        xml.leaf("Arn", &self.arn);
        xml.leaf("CreateDate", self.created.iso());
        xml.leaf("AssumeRolePolicyDocument", encoded(&self.trust));
        xml.optional("Description", self.description.as_ref());
        xml.leaf("MaxSessionDuration", self.longest_session);
        if !whole {
            return;
        }
        if let Some(boundary) = &self.boundary {
            xml.node("PermissionsBoundary", |xml| {
                xml.leaf("PermissionsBoundaryType", "Policy");
                xml.leaf("PermissionsBoundaryArn", boundary);
            });
        }
        tags::write(&self.tags, xml);
        xml.node("RoleLastUsed", |_| {});
    }
}

impl Iam {
    /// The role with that ARN.
    pub(crate) fn role_of(&self, arn: &str) -> Option<&Role> {
        let role = self.roles.get(arn.rsplit('/').next()?)?;
        (role.arn == arn).then_some(role)
    }

    /// The role that a request names.
    pub(super) fn role(&self, call: &Call<'_>) -> Result<&Role, Fault> {
        let name = call.name("RoleName", 64)?;
        self.roles.get(name).ok_or_else(|| unknown(name))
    }

    /// The role that a request names, to change it.
    pub(super) fn role_mut(&mut self, call: &Call<'_>) -> Result<&mut Role, Fault> {
        let name = call.name("RoleName", 64)?;
        self.roles.get_mut(name).ok_or_else(|| unknown(name))
    }
}

/// There is no role of that name.
pub(super) fn unknown(name: &str) -> Fault {
    no_such(format!("The role with name {name} cannot be found."))
}

fn create(iam: &mut Iam, call: &mut Call<'_>, xml: &mut Xml) -> Answer {
    let name = call.name("RoleName", 64)?.to_owned();
    let path = call.path()?.to_owned();
    let trust = trust(iam, call, "AssumeRolePolicyDocument")?;
    let tags = tags::asked(call)?;
    let boundary = boundary(iam, call)?;
    let longest_session = longest_session(call)?.unwrap_or(3600);
    if iam.roles.contains_key(&name) {
        return Err(exists(format!("Role with name {name} already exists.")));
    }
    let role = Role {
        id: call.unique_id("AROA"),
        arn: call.arn(&format!("role{path}{name}")),
        path,
        trust,
        description: call.query.text("Description").map(str::to_owned),
        longest_session,
        boundary,
        created: call.now(),
        tags,
        inline: BTreeMap::new(),
        attached: BTreeSet::new(),
        name: name.clone(),
    };
    xml.node("Role", |xml| role.write(true, xml));
    iam.roles.insert(name, role);
    Ok(())
}

fn delete(iam: &mut Iam, call: &mut Call<'_>, _: &mut Xml) -> Answer {
    let role = iam.role(call)?;
    if !role.attached.is_empty() {
        return Err(conflict(
            "Cannot delete entity, must detach all policies first.",
        ));
    }
    if !role.inline.is_empty() {
        return Err(conflict(
            "Cannot delete entity, must delete policies first.",
        ));
    }
    if iam
        .profiles
        .values()
        .any(|profile| profile.role.as_ref() == Some(&role.name))
    {
        return Err(conflict(
            "Cannot delete entity, must remove roles from instance profile first.",
        ));
    }
    let name = role.name.clone();
    iam.roles.remove(&name);
    Ok(())
}

fn list(iam: &mut Iam, call: &mut Call<'_>, xml: &mut Xml) -> Answer {
    let prefix = call.query.text("PathPrefix").unwrap_or("/");
    let roles = iam
        .roles
        .values()
        .filter(|role| role.path.starts_with(prefix));
    page(call, xml, "Roles", roles.collect(), |xml, role| {
        role.write(false, xml);
    })
}

fn update(iam: &mut Iam, call: &mut Call<'_>, xml: &mut Xml) -> Answer {
    let longest = longest_session(call)?;
    let role = iam.role_mut(call)?;
    if let Some(text) = call.query.text("Description") {
        role.description = Some(text.to_owned());
    }
    if let Some(longest) = longest {
        role.longest_session = longest;
    }
    // The only answer that has a result with nothing in it; clients insist.
    xml.text(' ');
    Ok(())
}

fn update_description(iam: &mut Iam, call: &mut Call<'_>, xml: &mut Xml) -> Answer {
    let text = call
        .query
        .text("Description")
        .unwrap_or_default()
        .to_owned();
    let role = iam.role_mut(call)?;
    role.description = Some(text);
    xml.node("Role", |xml| role.write(true, xml));
    Ok(())
}

fn update_trust(iam: &mut Iam, call: &mut Call<'_>, _: &mut Xml) -> Answer {
    iam.role(call)?;
    let trust = trust(iam, call, "PolicyDocument")?;
    iam.role_mut(call)?.trust = trust;
    Ok(())
}

fn trust(iam: &Iam, call: &Call<'_>, parameter: &str) -> Result<String, Fault> {
    let text = call.query.required(parameter)?;
    document::check(text, Purpose::Trust, iam, call.cx.account)?;
    Ok(text.to_owned())
}

fn boundary(iam: &Iam, call: &Call<'_>) -> Result<Option<String>, Fault> {
    let Some(arn) = call
        .query
        .text("PermissionsBoundary")
        .filter(|arn| !arn.is_empty())
    else {
        return Ok(None);
    };
    if iam.has_policy(arn) {
        return Ok(Some(arn.to_owned()));
    }
    Err(no_such(format!(
        "Scope ARN: {arn} does not exist or is not attachable."
    )))
}

fn longest_session(call: &Call<'_>) -> Result<Option<u32>, Fault> {
    let Some(text) = call.query.text("MaxSessionDuration") else {
        return Ok(None);
    };
    match text.parse() {
        Ok(seconds @ 3600..=43_200) => Ok(Some(seconds)),
        _ => Err(validation(format!(
            "1 validation error detected: Value '{text}' at 'maxSessionDuration' failed to satisfy constraint: Member must have value between 3600 and 43200"
        ))),
    }
}
