//! Instance profiles: how a role gets into a machine.

use super::page::page;
use super::tags::{self, Tags};
use super::{Answer, Call, Iam, Operation, conflict, exists, limit, no_such};
use crate::aws::fault::Fault;
use crate::aws::xml::Xml;
use crate::clock::Instant;
use serde::{Deserialize, Serialize};

/// An instance profile.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Profile {
    name: String,
    id: String,
    arn: String,
    path: String,
    created: Instant,
    tags: Tags,
    /// The name of its role.
    pub(super) role: Option<String>,
}

pub(super) const OPERATIONS: &[(&str, Operation)] = &[
    ("AddRoleToInstanceProfile", add_role),
    ("CreateInstanceProfile", create),
    ("DeleteInstanceProfile", delete),
    ("GetInstanceProfile", |iam, call, xml| {
        let profile = iam.profile(call)?;
        xml.node("InstanceProfile", |xml| profile.write(iam, xml));
        Ok(())
    }),
    ("ListInstanceProfileTags", |iam, call, xml| {
        tags::list(call, &iam.profile(call)?.tags, xml)
    }),
    ("ListInstanceProfiles", |iam, call, xml| {
        let all = iam.profiles.values().collect();
        page(
            call,
            xml,
            "InstanceProfiles",
            all,
            |xml, profile: &Profile| profile.write(iam, xml),
        )
    }),
    ("ListInstanceProfilesForRole", list_for_role),
    ("RemoveRoleFromInstanceProfile", remove_role),
    ("TagInstanceProfile", |iam, call, _| {
        tags::add(call, &mut iam.profile_mut(call)?.tags)
    }),
    ("UntagInstanceProfile", |iam, call, _| {
        tags::remove(call, &mut iam.profile_mut(call)?.tags);
        Ok(())
    }),
];

impl Profile {
    fn write(&self, iam: &Iam, xml: &mut Xml) {
        xml.leaf("InstanceProfileName", &self.name);
        xml.leaf("InstanceProfileId", &self.id);
        xml.leaf("Arn", &self.arn);
        xml.leaf("Path", &self.path);
        xml.leaf("CreateDate", self.created.iso());
        let role = self.role.as_ref().and_then(|name| iam.roles.get(name));
        xml.list("Roles", "member", role, |xml, role| role.write(false, xml));
        tags::write(&self.tags, xml);
    }
}

impl Iam {
    fn profile(&self, call: &Call<'_>) -> Result<&Profile, Fault> {
        let name = call.name("InstanceProfileName", 128)?;
        self.profiles.get(name).ok_or_else(|| unknown(name))
    }

    fn profile_mut(&mut self, call: &Call<'_>) -> Result<&mut Profile, Fault> {
        let name = call.name("InstanceProfileName", 128)?;
        self.profiles.get_mut(name).ok_or_else(|| unknown(name))
    }
}

fn unknown(name: &str) -> Fault {
    no_such(format!("Instance Profile {name} cannot be found."))
}

fn create(iam: &mut Iam, call: &mut Call<'_>, xml: &mut Xml) -> Answer {
    let name = call.name("InstanceProfileName", 128)?.to_owned();
    let path = call.path()?.to_owned();
    let tags = tags::asked(call)?;
    if iam.profiles.contains_key(&name) {
        return Err(exists(format!("Instance Profile {name} already exists.")));
    }
    let profile = Profile {
        id: call.unique_id("AIPA"),
        arn: call.arn(&format!("instance-profile{path}{name}")),
        path,
        created: call.now(),
        tags,
        role: None,
        name: name.clone(),
    };
    xml.node("InstanceProfile", |xml| profile.write(iam, xml));
    iam.profiles.insert(name, profile);
    Ok(())
}

fn delete(iam: &mut Iam, call: &mut Call<'_>, _: &mut Xml) -> Answer {
    let profile = iam.profile(call)?;
    if profile.role.is_some() {
        return Err(conflict(
            "Cannot delete entity, must remove roles from instance profile first.",
        ));
    }
    let name = profile.name.clone();
    iam.profiles.remove(&name);
    Ok(())
}

fn add_role(iam: &mut Iam, call: &mut Call<'_>, _: &mut Xml) -> Answer {
    let role = iam.role(call)?.name.clone();
    let profile = iam.profile_mut(call)?;
    if profile.role.is_some() {
        return Err(limit(
            "Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1",
        ));
    }
    profile.role = Some(role);
    Ok(())
}

fn remove_role(iam: &mut Iam, call: &mut Call<'_>, _: &mut Xml) -> Answer {
    let role = call.name("RoleName", 64)?;
    let profile = iam.profile_mut(call)?;
    if profile.role.as_deref() != Some(role) {
        return Err(super::role::unknown(role));
    }
    profile.role = None;
    Ok(())
}

fn list_for_role(iam: &mut Iam, call: &mut Call<'_>, xml: &mut Xml) -> Answer {
    let name = &iam.role(call)?.name;
    let of = iam
        .profiles
        .values()
        .filter(|profile| profile.role.as_ref() == Some(name));
    page(
        call,
        xml,
        "InstanceProfiles",
        of.collect(),
        |xml, profile| profile.write(iam, xml),
    )
}
