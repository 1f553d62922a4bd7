//! `google_compute_address`: an IP address of a region.

use crate::Google;
use crate::created;
use crate::deletion::Deletion;
use crate::error::absent;
use crate::labels::{Labels, configured};
use crate::names::{self, needed};
use crate::operations::{self, carried_out};
use google_cloud_compute_v1::model;
use google_cloud_gax::options::RequestOptionsBuilder;
use sdk::{Applied, Attr, Cx, Error, ErrorKind, Keep, Model, Policy, Resource, Retry};
use std::time::Duration;

/// How long operations on an address usually take.
const TYPICAL: Duration = Duration::from_secs(10);

/// An IP address of a region, external for Cloud NAT or load balancers, or internal in a subnetwork.
#[derive(Model, Clone, Debug, PartialEq)]
#[model(
    type_name = "google_compute_address",
    legacy,
    timeouts(create = "20m", update = "20m", delete = "20m")
)]
pub(crate) struct Address {
    /// `projects/{project}/regions/{region}/addresses/{name}`.
    #[attr(optional, computed)]
    id: Attr<String>,
    /// The name, unique in the region.
    #[attr(required, requires_replace, validate = names::check)]
    name: Attr<String>,
    /// The project.
    #[attr(optional, computed, requires_replace)]
    project: Attr<String>,
    /// The region.
    #[attr(optional, computed, requires_replace, same = names::same)]
    region: Attr<String>,
    /// The address itself; chosen by the cloud if it is not given.
    #[attr(optional, computed, requires_replace)]
    address: Attr<String>,
    /// `EXTERNAL` or `INTERNAL`.
    #[attr(
        optional,
        requires_replace,
        default = "EXTERNAL",
        one_of("EXTERNAL", "INTERNAL")
    )]
    address_type: Attr<String>,
    /// What it is for.
    #[attr(optional, requires_replace)]
    description: Attr<String>,
    /// The number of the address.
    #[attr(computed)]
    address_id: Attr<String>,
    /// When it was made (RFC 3339).
    #[attr(computed)]
    creation_timestamp: Attr<String>,
    /// The range of public addresses that it is taken from.
    #[attr(optional, requires_replace, same = names::same)]
    ip_collection: Attr<String>,
    /// `IPV4` or `IPV6`.
    #[attr(optional, requires_replace, one_of("IPV4", "IPV6"))]
    ip_version: Attr<String>,
    /// What an IPv6 address is for: `VM` or `NETLB`.
    #[attr(optional, requires_replace, one_of("VM", "NETLB"))]
    ipv6_endpoint_type: Attr<String>,
    /// Changes with the labels.
    #[attr(computed)]
    label_fingerprint: Attr<String>,
    /// Labels of this address.
    #[attr(optional)]
    labels: Attr<Labels>,
    /// These labels over the provider's defaults.
    #[attr(computed)]
    terraform_labels: Attr<Labels>,
    /// All labels on the address.
    #[attr(computed)]
    effective_labels: Attr<Labels>,
    /// The network of an internal address for peering or IPsec.
    #[attr(optional, requires_replace, same = names::same)]
    network: Attr<String>,
    /// The tier of an external address: `PREMIUM`, `STANDARD` or `FIXED_STANDARD`.
    #[attr(
        optional,
        computed,
        requires_replace,
        one_of("PREMIUM", "STANDARD", "FIXED_STANDARD")
    )]
    network_tier: Attr<String>,
    /// How long the prefix of an internal range is.
    #[attr(optional, computed, requires_replace)]
    prefix_length: Attr<i64>,
    /// What an internal address is for: `GCE_ENDPOINT`, `SHARED_LOADBALANCER_VIP`, `VPC_PEERING` …
    #[attr(optional, computed, requires_replace)]
    purpose: Attr<String>,
    /// The subnetwork of an internal address.
    #[attr(optional, computed, requires_replace, same = names::same)]
    subnetwork: Attr<String>,
    /// The full address of the resource.
    #[attr(computed)]
    self_link: Attr<String>,
    /// What uses it.
    #[attr(computed)]
    users: Attr<Vec<String>>,
    #[model(flatten)]
    deletion: Deletion,
}

impl Resource for Address {
    type Cloud = Google;

    async fn create(mut self, cx: &Cx<'_, Google>) -> Applied<Self> {
        let project = needed(&self.project, "project")?.to_owned();
        let region = names::last(needed(&self.region, "region")?).to_owned();
        let doing = format!("creating address {}", self.name.as_str());
        self.id = self.path(&project, &region).into();
        let client = cx.clients.addresses().await?;
        let insert = client.insert().set_project(&project).set_region(&region);
        let insert = insert
            .set_request_id(cx.create_token())
            .set_body(model::Address::from(&self));
        let sent = insert.with_idempotency(true).send().await;
        let made = self.clone();
        operations::created(cx, &project, &doing, TYPICAL, sent, &made).await?;
        if !self.effective_labels.or_default().is_empty() {
            self.set_labels(cx).await.keep(&made)?;
        }
        let found = self.read(cx).await.keep(&made)?;
        Ok(found.unwrap_or(made))
    }

    async fn read(self, cx: &Cx<'_, Google>) -> Result<Option<Self>, Error> {
        let found = self.find(cx).await?;
        Ok(found.map(|address| self.filled(address)))
    }

    async fn update(self, prior: Self, cx: &Cx<'_, Google>) -> Applied<Self> {
        if self.effective_labels != prior.effective_labels {
            self.set_labels(cx).await?;
        }
        let changed = self.clone();
        let found = self.read(cx).await.keep(&changed)?;
        Ok(found.unwrap_or(changed))
    }

    async fn delete(self, cx: &Cx<'_, Google>) -> Result<(), Error> {
        if self.deletion.forgets()? {
            return Ok(());
        }
        let (project, region) = (
            needed(&self.project, "project")?,
            needed(&self.region, "region")?,
        );
        let doing = format!("deleting address {}", self.name.as_str());
        let client = cx.clients.addresses().await?;
        let delete = client
            .delete()
            .set_project(project)
            .set_region(names::last(region));
        let sent = delete.set_address(self.name.as_str()).send().await;
        carried_out(cx, project, &doing, TYPICAL, sent).await
    }

    async fn import(id: &str, cx: &Cx<'_, Google>) -> Result<Self, Error> {
        let [project, region, name] =
            names::import(id, "projects//regions//addresses/", "address")?;
        let mut address = Self::empty();
        address.project = project.or_else(|| cx.project.clone()).into();
        address.region = region.or_else(|| cx.region.clone()).into();
        address.name = name.into();
        address.id = address
            .path(address.project.as_str(), address.region.as_str())
            .into();
        address.deletion.deletion_policy = "DELETE".into();
        Ok(address)
    }

    async fn find_created(&self, cx: &Cx<'_, Google>) -> Result<Option<Self>, Error> {
        let found = self.find(cx).await?;
        let ours =
            found.filter(|address| created::since(cx, address.creation_timestamp.as_deref()));
        Ok(ours.map(|address| self.clone().filled(address)))
    }
}

impl Address {
    fn path(&self, project: &str, region: &str) -> String {
        format!(
            "projects/{project}/regions/{region}/addresses/{}",
            self.name.as_str()
        )
    }

    async fn find(&self, cx: &Cx<'_, Google>) -> Result<Option<model::Address>, Error> {
        let (project, region) = (
            needed(&self.project, "project")?,
            needed(&self.region, "region")?,
        );
        let client = cx.clients.addresses().await?;
        let get = client
            .get()
            .set_project(project)
            .set_region(names::last(region));
        match get.set_address(self.name.as_str()).send().await {
            Ok(address) => Ok(Some(address)),
            Err(error) => absent(&error, || format!("reading address {}", self.name.as_str())),
        }
    }

    /// Puts the labels on the address, unless they are there: an answer that got lost is no reason to fail.
    async fn set_labels(&self, cx: &Cx<'_, Google>) -> Result<(), Error> {
        let (project, region) = (
            needed(&self.project, "project")?,
            needed(&self.region, "region")?,
        );
        let doing = format!("labelling address {}", self.name.as_str());
        let wanted = self.effective_labels.or_default();
        let client = cx.clients.addresses().await?;
        let policy = Policy::default().deadline(cx.timeout());
        let changed_meanwhile = |error: &Error| match error.kind {
            ErrorKind::Conflict | ErrorKind::Lost => Retry::Now,
            _ => Retry::of(error),
        };
        let set = |_| async {
            let now = self.find(cx).await?;
            let there: Option<Labels> =
                now.as_ref().map(|a| a.labels.clone().into_iter().collect());
            if there.as_ref() == Some(&wanted) {
                return Ok(());
            }
            let body = model::RegionSetLabelsRequest::new()
                .set_labels(wanted.clone())
                .set_or_clear_label_fingerprint(now.and_then(|address| address.label_fingerprint));
            let set = client
                .set_labels()
                .set_project(project)
                .set_region(names::last(region));
            let sent = set
                .set_resource(self.name.as_str())
                .set_body(body)
                .send()
                .await;
            carried_out(cx, project, &doing, TYPICAL, sent).await
        };
        sdk::retry(policy, changed_meanwhile, set).await
    }

    fn filled(self, address: model::Address) -> Self {
        let labels: Labels = address.labels.into_iter().collect();
        let region = address.region.map(|region| names::last(&region).to_owned());
        let path = self.path(self.project.as_str(), region.as_deref().unwrap_or_default());
        let name = |name: Option<&str>| Attr::from(name.map(str::to_owned));
        let kept = |own: &Attr<String>, now: Option<String>| match now {
            Some(now) if own.is_known_and(|own| names::same(own, &now)) => own.clone(),
            now => now.into(),
        };
        Self {
            id: path.into(),
            region: kept(&self.region, region),
            address: address.address.into(),
            address_type: name(address.address_type.as_ref().and_then(|v| v.name()))
                .or("EXTERNAL".into()),
            description: address.description.filter(|text| !text.is_empty()).into(),
            address_id: address.id.map(|id| id.to_string()).into(),
            creation_timestamp: address.creation_timestamp.into(),
            ip_collection: kept(&self.ip_collection, address.ip_collection),
            // Reported as IPV4 where nothing was asked for.
            ip_version: match self.ip_version.is_null() {
                true => Attr::Null,
                false => name(address.ip_version.as_ref().and_then(|v| v.name())),
            },
            ipv6_endpoint_type: name(address.ipv_6_endpoint_type.as_ref().and_then(|v| v.name())),
            label_fingerprint: address
                .label_fingerprint
                .map(|bytes| crate::names::fingerprint(&bytes))
                .into(),
            terraform_labels: configured(&self.terraform_labels, &labels),
            labels: configured(&self.labels, &labels),
            effective_labels: labels.into(),
            network: address.network.into(),
            network_tier: name(address.network_tier.as_ref().and_then(|v| v.name())),
            prefix_length: i64::from(address.prefix_length.unwrap_or(0)).into(),
            purpose: address
                .purpose
                .as_ref()
                .and_then(|v| v.name())
                .unwrap_or_default()
                .into(),
            subnetwork: address.subnetwork.unwrap_or_default().into(),
            self_link: address.self_link.into(),
            users: address.users.into(),
            ..self
        }
    }
}

impl From<&Address> for model::Address {
    fn from(address: &Address) -> Self {
        let text = |value: &Attr<String>| value.to_option().filter(|text| !text.is_empty());
        let mut body = Self::new()
            .set_name(address.name.as_str())
            .set_or_clear_address(text(&address.address))
            .set_address_type(address.address_type.as_str())
            .set_or_clear_description(text(&address.description))
            .set_or_clear_ip_collection(text(&address.ip_collection))
            .set_or_clear_network(text(&address.network))
            .set_or_clear_subnetwork(text(&address.subnetwork))
            .set_or_clear_prefix_length(
                address
                    .prefix_length
                    .to_option()
                    .and_then(|n| i32::try_from(n).ok()),
            );
        if let Some(version) = address.ip_version.known() {
            body = body.set_ip_version(version.as_str());
        }
        if let Some(kind) = address.ipv6_endpoint_type.known() {
            body = body.set_ipv_6_endpoint_type(kind.as_str());
        }
        if let Some(tier) = address.network_tier.known() {
            body = body.set_network_tier(tier.as_str());
        }
        if let Some(purpose) = address.purpose.known() {
            body = body.set_purpose(purpose.as_str());
        }
        body
    }
}

#[cfg(test)]
mod tests {
    contract::contract! { crate::testing::WORLD, "google_compute_address",
        create: r#"name = "a""#,
        update: &[r#"
            name   = "a"
            labels = { team = "red" }"#],
        replace: &[r#"
            name        = "a"
            description = "for NAT""#],
        import: "{id}",
        // The labels of an object could be anybody's: only those of a configuration are stored.
        not_imported: &["labels", "terraform_labels"],
    }
}
