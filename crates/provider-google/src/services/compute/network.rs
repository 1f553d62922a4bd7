//! `google_compute_network`: a VPC network.

use crate::Google;
use crate::created;
use crate::deletion::Deletion;
use crate::error::absent;
use crate::names::{self, needed};
use crate::operations::{self, carried_out};
use google_cloud_compute_v1::model;
use google_cloud_gax::options::RequestOptionsBuilder;
use sdk::{Applied, Attr, Blocks, Cx, Error, Keep, Model, Problems, Resource};
use std::collections::BTreeMap;
use std::time::Duration;

/// How long operations on a network usually take.
const TYPICAL: Duration = Duration::from_secs(20);

/// A VPC network: a private, global network in which regional subnetworks lie.
#[derive(Model, Clone, Debug, PartialEq)]
#[model(type_name = "google_compute_network", legacy, timeouts(create = "20m", update = "20m", delete = "20m"), unbuilt = include_str!("network.unbuilt"))]
pub(crate) struct Network {
    /// `projects/{project}/global/networks/{name}`.
    #[attr(optional, computed)]
    id: Attr<String>,
    /// The name, unique in the project.
    #[attr(required, requires_replace, validate = names::check)]
    name: Attr<String>,
    /// The project.
    #[attr(optional, computed, requires_replace)]
    project: Attr<String>,
    /// What it is for.
    #[attr(optional, requires_replace)]
    description: Attr<String>,
    /// Whether every region gets a subnetwork by itself. Otherwise only those exist that are declared.
    #[attr(optional, requires_replace, default = true)]
    auto_create_subnetworks: Attr<bool>,
    /// Whether the routes to the internet that a new network has are deleted at once.
    #[attr(optional, default = false)]
    delete_default_routes_on_create: Attr<bool>,
    /// Whether routers learn routes of their region (`REGIONAL`) or of all regions (`GLOBAL`).
    #[attr(optional, computed, one_of("REGIONAL", "GLOBAL"))]
    routing_mode: Attr<String>,
    /// The largest packet in bytes, 1300 to 8896.
    #[attr(optional, computed)]
    mtu: Attr<i64>,
    /// Whether internal IPv6 addresses can be given.
    #[attr(optional)]
    enable_ula_internal_ipv6: Attr<bool>,
    /// The internal IPv6 range.
    #[attr(optional, computed, requires_replace)]
    internal_ipv6_range: Attr<String>,
    /// Whether network firewall policies come before or after VPC firewall rules.
    #[attr(
        optional,
        default = "AFTER_CLASSIC_FIREWALL",
        one_of("BEFORE_CLASSIC_FIREWALL", "AFTER_CLASSIC_FIREWALL")
    )]
    network_firewall_policy_enforcement_order: Attr<String>,
    /// The gateway address, of networks of an old kind.
    #[attr(computed)]
    gateway_ipv4: Attr<String>,
    /// The number of the network.
    #[attr(computed)]
    network_id: Attr<String>,
    /// The number of the network.
    #[attr(computed, deprecated)]
    numeric_id: Attr<String>,
    /// The full address.
    #[attr(computed)]
    self_link: Attr<String>,
    /// What is given once, at creation.
    #[block(list, max = 1, requires_replace)]
    params: Blocks<Params>,
    #[model(flatten)]
    deletion: Deletion,
}

/// What is given once, at creation.
#[derive(Model, Clone, Debug, PartialEq)]
struct Params {
    /// Resource manager tags: `tagKeys/…` to `tagValues/…`.
    #[attr(optional, requires_replace)]
    resource_manager_tags: Attr<BTreeMap<String, String>>,
}

impl Resource for Network {
    type Cloud = Google;

    async fn create(mut self, cx: &Cx<'_, Google>) -> Applied<Self> {
        let project = needed(&self.project, "project")?.to_owned();
        self.id = format!("projects/{project}/global/networks/{}", self.name.as_str()).into();
        let doing = format!("creating network {}", self.name.as_str());
        let networks = cx.clients.networks().await?;
        let insert = networks
            .insert()
            .set_project(&project)
            .set_request_id(cx.create_token());
        let insert = insert
            .set_body(model::Network::from(&self))
            .with_idempotency(true);
        let created = self.clone();
        operations::created(cx, &project, &doing, TYPICAL, insert.send().await, &created).await?;
        let found = self.read(cx).await.keep(&created)?;
        found
            .ok_or_else(|| Error::invalid("The network vanished while it was created."))
            .keep(&created)
    }

    async fn read(self, cx: &Cx<'_, Google>) -> Result<Option<Self>, Error> {
        let found = self.find(cx).await?;
        Ok(found.map(|network| self.filled(network)))
    }

    async fn update(self, prior: Self, cx: &Cx<'_, Google>) -> Applied<Self> {
        let project = needed(&self.project, "project")?;
        let mut change = model::Network::new();
        let mut changed = false;
        if self.routing_mode != prior.routing_mode {
            let mode = self.routing_mode.as_str();
            change = change
                .set_routing_config(model::NetworkRoutingConfig::new().set_routing_mode(mode));
            changed = true;
        }
        if self.mtu != prior.mtu {
            change =
                change.set_or_clear_mtu(self.mtu.to_option().and_then(|m| i32::try_from(m).ok()));
            changed = true;
        }
        if self.network_firewall_policy_enforcement_order
            != prior.network_firewall_policy_enforcement_order
        {
            change = change.set_network_firewall_policy_enforcement_order(
                self.network_firewall_policy_enforcement_order.as_str(),
            );
            changed = true;
        }
        if self.enable_ula_internal_ipv6 != prior.enable_ula_internal_ipv6 {
            change = change.set_enable_ula_internal_ipv_6(self.enable_ula_internal_ipv6.is_true());
            changed = true;
        }
        if changed {
            let doing = format!("changing network {}", self.name.as_str());
            let networks = cx.clients.networks().await?;
            let patch = networks
                .patch()
                .set_project(project)
                .set_network(self.name.as_str());
            let patch = patch.set_body(change).with_idempotency(true);
            carried_out(cx, project, &doing, TYPICAL, patch.send().await).await?;
        }
        let changed = self.clone();
        let found = self.read(cx).await.keep(&changed)?;
        Ok(found.unwrap_or(changed))
    }

    async fn delete(self, cx: &Cx<'_, Google>) -> Result<(), Error> {
        if self.deletion.forgets()? {
            return Ok(());
        }
        let doing = format!("deleting network {}", self.name.as_str());
        let project = needed(&self.project, "project")?;
        let networks = cx.clients.networks().await?;
        let delete = networks
            .delete()
            .set_project(project)
            .set_network(self.name.as_str());
        carried_out(cx, project, &doing, TYPICAL, delete.send().await).await
    }

    async fn import(id: &str, cx: &Cx<'_, Google>) -> Result<Self, Error> {
        let [project, name] = names::import(id, "projects//global/networks/", "network")?;
        let project: Attr<String> = project.or_else(|| cx.project.clone()).into();
        let path = format!(
            "projects/{}/global/networks/{}",
            project.as_str(),
            name.as_deref().unwrap_or_default()
        );
        let mut network = Self::empty();
        network.id = path.into();
        network.project = project;
        network.name = name.into();
        network.delete_default_routes_on_create = false.into();
        network.deletion.deletion_policy = "DELETE".into();
        Ok(network)
    }

    async fn find_created(&self, cx: &Cx<'_, Google>) -> Result<Option<Self>, Error> {
        let Some(network) = self.find(cx).await? else {
            return Ok(None);
        };
        let ours = created::since(cx, network.creation_timestamp.as_deref());
        Ok(ours.then(|| self.clone().filled(network)))
    }

    fn validate(&self, problems: &mut Problems) {
        let wrong = |mtu: &i64| !(1300..=8896).contains(mtu);
        if self.mtu.is_known_and(wrong) {
            problems.error("mtu", "Invalid value for mtu", "It is 1300 to 8896 bytes.");
        }
    }
}

impl Network {
    async fn find(&self, cx: &Cx<'_, Google>) -> Result<Option<model::Network>, Error> {
        let networks = cx.clients.networks().await?;
        let get = networks
            .get()
            .set_project(needed(&self.project, "project")?);
        match get.set_network(self.name.as_str()).send().await {
            Ok(network) => Ok(Some(network)),
            Err(error) => absent(&error, || format!("reading network {}", self.name.as_str())),
        }
    }

    fn filled(self, network: model::Network) -> Self {
        let number = Attr::from(network.id.map(|id| id.to_string()));
        let mode = network
            .routing_config
            .and_then(|routing| routing.routing_mode);
        let order = network.network_firewall_policy_enforcement_order;
        let project = self.project.as_str();
        Self {
            id: format!("projects/{project}/global/networks/{}", self.name.as_str()).into(),
            description: network.description.into(),
            auto_create_subnetworks: network.auto_create_subnetworks.unwrap_or(false).into(),
            routing_mode: mode.and_then(|mode| mode.name().map(str::to_owned)).into(),
            mtu: network.mtu.map(i64::from).into(),
            enable_ula_internal_ipv6: network.enable_ula_internal_ipv_6.into(),
            internal_ipv6_range: network.internal_ipv_6_range.into(),
            network_firewall_policy_enforcement_order: order
                .and_then(|order| order.name().map(str::to_owned))
                .map_or(
                    self.network_firewall_policy_enforcement_order.clone(),
                    Attr::from,
                ),
            gateway_ipv4: network.gateway_i_pv_4.unwrap_or_default().into(),
            network_id: number.clone(),
            numeric_id: number,
            self_link: network.self_link.into(),
            ..self
        }
    }
}

impl From<&Network> for model::Network {
    fn from(network: &Network) -> Self {
        let mode = network.routing_mode.to_option();
        let params = network.params.first().map(|params| {
            model::NetworkParams::new()
                .set_resource_manager_tags(params.resource_manager_tags.or_default())
        });
        Self::new()
            .set_name(network.name.as_str())
            .set_or_clear_description(network.description.to_option())
            .set_auto_create_subnetworks(network.auto_create_subnetworks.is_true())
            .set_or_clear_routing_config(
                mode.map(|mode| model::NetworkRoutingConfig::new().set_routing_mode(mode.as_str())),
            )
            .set_or_clear_mtu(
                network
                    .mtu
                    .to_option()
                    .and_then(|mtu| i32::try_from(mtu).ok()),
            )
            .set_or_clear_enable_ula_internal_ipv_6(network.enable_ula_internal_ipv6.to_option())
            .set_or_clear_internal_ipv_6_range(network.internal_ipv6_range.to_option())
            .set_network_firewall_policy_enforcement_order(
                network.network_firewall_policy_enforcement_order.as_str(),
            )
            .set_or_clear_params(params)
    }
}

#[cfg(test)]
mod tests {
    contract::contract! { crate::testing::WORLD, "google_compute_network",
        create: r#"
            name                    = "a"
            auto_create_subnetworks = false"#,
        update: &[r#"
            name                    = "a"
            auto_create_subnetworks = false
            routing_mode            = "GLOBAL""#],
        replace: &[r#"
            name                    = "b"
            auto_create_subnetworks = false"#],
        import: "{id}",
    }
}
