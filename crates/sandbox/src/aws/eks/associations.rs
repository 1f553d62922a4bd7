//! Pod identity associations: which role the Pods of a service account have.

use super::Eks;
use super::call::{Call, Origin, Scene};
use super::refusal::{in_use, invalid, not_found};
use super::roles;
use super::tags::{self, Tags};
use crate::aws::fault::Fault;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// An association.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Association {
    cluster_name: String,
    namespace: String,
    service_account: String,
    role_arn: String,
    pub(crate) association_arn: String,
    pub(crate) association_id: String,
    pub(crate) tags: Tags,
    created_at: f64,
    modified_at: f64,
    /// The ARN of the add-on that it belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) owner_arn: Option<String>,
    disable_session_tags: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    target_role_arn: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    external_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    origin: Option<Origin>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Input {
    namespace: String,
    service_account: String,
    role_arn: String,
    #[serde(default)]
    tags: Tags,
    disable_session_tags: Option<bool>,
    target_role_arn: Option<String>,
}

impl Association {
    /// A new one of a service account in a namespace.
    pub(crate) fn new(
        cluster: &str,
        (namespace, service_account): (&str, &str),
        role: &str,
        scene: &mut Scene<'_>,
    ) -> Self {
        const ALPHABET: &[u8] = b"abcdefghijklmnopqrstuvwxyz0123456789";
        let id = format!("a-{}", scene.ids.text(ALPHABET, 17));
        Self {
            cluster_name: cluster.to_owned(),
            namespace: namespace.to_owned(),
            service_account: service_account.to_owned(),
            role_arn: role.to_owned(),
            association_arn: scene.arn(&format!("podidentityassociation/{cluster}/{id}")),
            association_id: id,
            tags: Tags::new(),
            created_at: scene.seconds(),
            modified_at: scene.seconds(),
            owner_arn: None,
            disable_session_tags: false,
            target_role_arn: None,
            external_id: None,
            origin: None,
        }
    }

    /// The ARN of the add-on that it belongs to.
    pub(crate) const fn owner(&self) -> Option<&String> {
        self.owner_arn.as_ref()
    }

    /// Whether it is for that service account.
    pub(crate) fn is_of(&self, namespace: &str, service_account: &str) -> bool {
        self.namespace == namespace && self.service_account == service_account
    }

    fn view(&self) -> Value {
        let mut view = json!(self);
        if let Some(view) = view.as_object_mut() {
            view.remove("origin");
        }
        view
    }
}

/// The service account has an association already.
pub(crate) fn taken(by: &Association) -> Fault {
    in_use(format!("Association already exists: {}", by.association_id))
}

fn unknown(id: &str) -> Fault {
    not_found(format!("The association ID '{id}' could not be found"))
}

/// ListPodIdentityAssociations
pub(crate) fn list(eks: &Eks, call: &Call<'_>) -> Result<Value, Fault> {
    let cluster = eks.cluster(call.part(1))?;
    let of = |name, value: &str| {
        call.request
            .parameter(name)
            .is_none_or(|asked| asked == value)
    };
    let found = cluster.associations.values().filter(|association| {
        of("namespace", &association.namespace)
            && of("serviceAccount", &association.service_account)
    });
    let summary = |association: &Association| {
        json!({
            "clusterName": association.cluster_name,
            "namespace": association.namespace,
            "serviceAccount": association.service_account,
            "associationArn": association.association_arn,
            "associationId": association.association_id,
            "ownerArn": association.owner_arn,
        })
    };
    call.page("associations", found.map(summary).collect())
}

/// DescribePodIdentityAssociation
pub(crate) fn describe(eks: &Eks, call: &Call<'_>) -> Result<Value, Fault> {
    let cluster = eks.cluster(call.part(1))?;
    let found = cluster.associations.get(call.part(3));
    let association = found.ok_or_else(|| unknown(call.part(3)))?;
    Ok(json!({"association": association.view()}))
}

/// CreatePodIdentityAssociation
pub(crate) fn create(
    eks: &mut Eks,
    call: &Call<'_>,
    scene: &mut Scene<'_>,
) -> Result<Value, Fault> {
    let input: Input = call.input()?;
    let cluster = eks.cluster_mut(call.part(1))?;
    let of = (input.namespace.as_str(), input.service_account.as_str());
    let mut there = cluster.associations.values();
    if let Some(there) = there.find(|association| association.is_of(of.0, of.1)) {
        if call.repeats(there.origin.as_ref())? {
            return Ok(json!({"association": there.view()}));
        }
        return Err(taken(there));
    }
    cluster.up()?;
    for (name, value, longest) in [("namespace", of.0, 63), ("serviceAccount", of.1, 253)] {
        let fits = |letter: char| letter.is_ascii_alphanumeric() || "-.".contains(letter);
        if value.is_empty() || value.len() > longest || !value.chars().all(fits) {
            return Err(invalid(format!(
                "The {name} '{value}' is not a name of Kubernetes"
            )));
        }
    }
    tags::check(&input.tags)?;
    roles::of_pods(&input.role_arn, scene)?;
    let mut association = Association::new(&cluster.living.shown.name, of, &input.role_arn, scene);
    association.tags = input.tags;
    association.disable_session_tags = input.disable_session_tags.unwrap_or_default();
    association.target(input.target_role_arn, scene);
    association.origin = call.origin();
    let view = association.view();
    cluster
        .associations
        .insert(association.association_id.clone(), association);
    Ok(json!({"association": view}))
}

impl Association {
    /// A target role is assumed with an id that its trust policy can ask for.
    fn target(&mut self, role: Option<String>, scene: &mut Scene<'_>) {
        self.target_role_arn = role.filter(|role| !role.is_empty());
        self.external_id = self.target_role_arn.as_ref().map(|_| scene.ids.uuid());
    }
}

/// UpdatePodIdentityAssociation
pub(crate) fn update(
    eks: &mut Eks,
    call: &Call<'_>,
    scene: &mut Scene<'_>,
) -> Result<Value, Fault> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Change {
        role_arn: Option<String>,
        disable_session_tags: Option<bool>,
        target_role_arn: Option<String>,
    }
    let change: Change = call.input()?;
    let cluster = eks.cluster_mut(call.part(1))?;
    let found = cluster.associations.get_mut(call.part(3));
    let association = found.ok_or_else(|| unknown(call.part(3)))?;
    if let Some(role) = change.role_arn {
        roles::of_pods(&role, scene)?;
        association.role_arn = role;
    }
    if let Some(disable) = change.disable_session_tags {
        association.disable_session_tags = disable;
    }
    if change.target_role_arn.is_some() {
        association.target(change.target_role_arn, scene);
    }
    association.modified_at = scene.seconds();
    Ok(json!({"association": association.view()}))
}

/// DeletePodIdentityAssociation
pub(crate) fn delete(eks: &mut Eks, call: &Call<'_>) -> Result<Value, Fault> {
    let cluster = eks.cluster_mut(call.part(1))?;
    let found = cluster.associations.remove(call.part(3));
    let association = found.ok_or_else(|| unknown(call.part(3)))?;
    Ok(json!({"association": association.view()}))
}
