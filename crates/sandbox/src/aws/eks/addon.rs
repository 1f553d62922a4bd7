//! Add-ons.

use super::Eks;
use super::associations::{self, Association};
use super::call::{Call, Origin, Scene};
use super::catalogue::{self, Offer};
use super::cluster::Cluster;
use super::configuration;
use super::living::Living;
use super::refusal::{in_use, invalid, not_found};
use super::roles;
use super::tags::{self, Tags};
use super::updates::{Of, Update};
use crate::aws::fault::Fault;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// An add-on of a cluster.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Addon {
    pub(crate) living: Living<Described>,
    pub(crate) tags: Tags,
    pub(crate) origin: Option<Origin>,
}

/// An add-on as DescribeAddon shows it, without tags and status.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Described {
    addon_name: String,
    cluster_name: String,
    addon_version: String,
    pub(crate) addon_arn: String,
    created_at: f64,
    modified_at: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    service_account_role_arn: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    configuration_values: Option<String>,
    /// The ARNs of its associations.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pod_identity_associations: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Input {
    addon_name: String,
    addon_version: Option<String>,
    service_account_role_arn: Option<String>,
    resolve_conflicts: Option<String>,
    #[serde(default)]
    tags: Tags,
    configuration_values: Option<String>,
    pod_identity_associations: Option<Vec<Identity>>,
}

/// A service account of the add-on, and its role.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Identity {
    service_account: String,
    role_arn: String,
}

impl Addon {
    fn view(&self) -> Value {
        let mut view = json!(self.living.shown);
        view["status"] = json!(self.living.status());
        view["tags"] = json!(self.tags);
        view["health"] = json!({"issues": []});
        view
    }
}

/// An add-on that a cluster does not have.
pub(crate) fn unknown(name: &str, cluster: &str) -> Fault {
    not_found(format!("No addon: {name} found in cluster: {cluster}"))
}

/// ListAddons
pub(crate) fn list(eks: &Eks, call: &Call<'_>) -> Result<Value, Fault> {
    let cluster = eks.cluster(call.part(1))?;
    let names = cluster.addons.keys();
    call.page("addons", names.map(|name| json!(name)).collect())
}

/// DescribeAddon
pub(crate) fn describe(eks: &Eks, call: &Call<'_>) -> Result<Value, Fault> {
    let cluster = eks.cluster(call.part(1))?;
    Ok(json!({"addon": cluster.addon(call.part(3))?.view()}))
}

/// CreateAddon
pub(crate) fn create(
    eks: &mut Eks,
    call: &Call<'_>,
    scene: &mut Scene<'_>,
) -> Result<Value, Fault> {
    let input: Input = call.input()?;
    let cluster = eks.cluster_mut(call.part(1))?;
    let name = input.addon_name.as_str();
    if let Some(there) = cluster.addons.get(name) {
        if call.repeats(there.origin.as_ref())? {
            return Ok(json!({"addon": there.view()}));
        }
        return Err(in_use("Addon already exists."));
    }
    cluster.up()?;
    tags::check(&input.tags)?;
    conflicts(&input, &["NONE", "OVERWRITE"])?;
    let of = cluster.living.shown.name.clone();
    let offer = Offer::named(name, &cluster.living.shown.version)?;
    let version = offer.version(
        input.addon_version.as_deref(),
        &cluster.living.shown.version,
    )?;
    let role = role(&input, scene)?;
    let values = input.configuration_values.clone();
    configure(name, values.as_deref())?;
    let identities = input
        .pod_identity_associations
        .as_deref()
        .unwrap_or_default();
    check_identities(cluster, identities, "", scene)?;
    let id = scene.ids.uuid();
    let arn = scene.arn(&format!("addon/{of}/{name}/{id}"));
    let associations = associate(cluster, offer, identities, &arn, scene);
    let addon = Addon {
        living: Living::new(
            Described {
                addon_name: name.to_owned(),
                cluster_name: of,
                addon_version: version.to_owned(),
                addon_arn: arn,
                created_at: scene.seconds(),
                modified_at: scene.seconds(),
                service_account_role_arn: role,
                configuration_values: values.filter(|values| !values.is_empty()),
                pod_identity_associations: associations,
            },
            scene.due,
        ),
        tags: input.tags,
        origin: call.origin(),
    };
    let view = addon.view();
    cluster.addons.insert(input.addon_name, addon);
    Ok(json!({"addon": view}))
}

/// UpdateAddon
pub(crate) fn update(
    eks: &mut Eks,
    call: &Call<'_>,
    scene: &mut Scene<'_>,
) -> Result<Value, Fault> {
    let input: Input = call.input()?;
    let cluster = eks.cluster_mut(call.part(1))?;
    if let Some(update) = Update::repeated(&cluster.updates, call, scene.now)? {
        return Ok(update);
    }
    cluster.up()?;
    let name = call.part(3);
    let addon = cluster.addon(name)?;
    if !addon.living.is_active() {
        return Err(in_use(format!(
            "Addon {name} cannot be updated as it is currently in {} state",
            addon.living.status()
        )));
    }
    conflicts(&input, &["NONE", "OVERWRITE", "PRESERVE"])?;
    let mut to = addon.living.shown.clone();
    let mut params = Vec::new();
    let offer = Offer::named(name, &cluster.living.shown.version)?;
    if let Some(version) = &input.addon_version {
        let version = offer.version(Some(version), &cluster.living.shown.version)?;
        version.clone_into(&mut to.addon_version);
        params.push(("AddonVersion", version.to_owned()));
    }
    if let Some(resolve) = &input.resolve_conflicts {
        params.push(("ResolveConflicts", resolve.clone()));
    }
    // An update that names no role takes the one that was there away.
    to.service_account_role_arn = role(&input, scene)?;
    if let Some(role) = &to.service_account_role_arn {
        params.push(("ServiceAccountRoleArn", role.clone()));
    }
    if let Some(values) = &input.configuration_values {
        configure(name, Some(values))?;
        to.configuration_values = Some(values.clone()).filter(|values| !values.is_empty());
        params.push(("ConfigurationValues", values.clone()));
    }
    if let Some(identities) = &input.pod_identity_associations {
        check_identities(cluster, identities, &to.addon_arn, scene)?;
        let owner = Some(&to.addon_arn);
        cluster
            .associations
            .retain(|_, association| association.owner() != owner);
        let arn = to.addon_arn.clone();
        to.pod_identity_associations = associate(cluster, offer, identities, &arn, scene);
        params.push((
            "PodIdentityAssociations",
            json!(to.pod_identity_associations).to_string(),
        ));
    }
    to.modified_at = scene.seconds();
    let update = Update::new(
        Of::Addon(name.to_owned()),
        "AddonUpdate",
        params,
        call,
        scene,
    );
    let view = update.view(None);
    cluster.updates.push(update);
    if let Some(addon) = cluster.addons.get_mut(name) {
        addon.living.update(to, scene.due);
    }
    Ok(json!({"update": view}))
}

/// DeleteAddon
pub(crate) fn delete(eks: &mut Eks, call: &Call<'_>, scene: &Scene<'_>) -> Result<Value, Fault> {
    let cluster = eks.cluster_mut(call.part(1))?;
    cluster.addon(call.part(3))?;
    let Some(addon) = cluster.addons.get_mut(call.part(3)) else {
        return Err(unknown(call.part(3), call.part(1)));
    };
    if addon.living.status() == "UPDATING" {
        return Err(in_use(format!(
            "Addon {} cannot be deleted as it is currently in UPDATING state",
            call.part(3)
        )));
    }
    addon.living.delete(scene.due);
    Ok(json!({"addon": addon.view()}))
}

fn conflicts(input: &Input, allowed: &[&str]) -> Result<(), Fault> {
    match input.resolve_conflicts.as_deref() {
        Some(asked) if !allowed.contains(&asked) => Err(invalid(format!(
            "ResolveConflicts value {asked} is not supported for this operation: allowed are {}",
            allowed.join(", ")
        ))),
        _ => Ok(()),
    }
}

fn role(input: &Input, scene: &Scene<'_>) -> Result<Option<String>, Fault> {
    let role = input.service_account_role_arn.clone();
    let role = role.filter(|role| !role.is_empty());
    if let Some(role) = &role {
        roles::of_service_account(role, scene)?;
    }
    Ok(role)
}

fn configure(name: &str, values: Option<&str>) -> Result<(), Fault> {
    let Some(values) = values.filter(|values| !values.trim().is_empty()) else {
        return Ok(());
    };
    configuration::check(values, catalogue::schema(name)).map_err(|problem| {
        invalid(format!(
            "ConfigurationValue provided in request is not supported: {problem}"
        ))
    })
}

/// Refuses associations that cannot be made. Those of the add-on itself make room.
fn check_identities(
    cluster: &Cluster,
    identities: &[Identity],
    owner: &str,
    scene: &Scene<'_>,
) -> Result<(), Fault> {
    for identity in identities {
        roles::of_pods(&identity.role_arn, scene)?;
        let mut there = cluster.associations.values();
        let taken = there.find(|association| {
            association.is_of("kube-system", &identity.service_account)
                && association.owner().is_none_or(|other| other != owner)
        });
        if let Some(taken) = taken {
            return Err(associations::taken(taken));
        }
    }
    Ok(())
}

/// Makes the associations; their ARNs.
fn associate(
    cluster: &mut Cluster,
    offer: &Offer,
    identities: &[Identity],
    owner: &str,
    scene: &mut Scene<'_>,
) -> Vec<String> {
    let mut arns = Vec::new();
    for Identity {
        service_account,
        role_arn,
    } in identities
    {
        let name = cluster.living.shown.name.clone();
        let of = (offer.namespace(), service_account.as_str());
        let mut made = Association::new(&name, of, role_arn, scene);
        made.owner_arn = Some(owner.to_owned());
        arns.push(made.association_arn.clone());
        cluster
            .associations
            .insert(made.association_id.clone(), made);
    }
    arns
}
