//! `google_container_node_pool`: machines of a cluster that are alike.

mod changes;
mod settings;

use super::node_config::NodeConfig;
use super::operations::{Place, change, finish, meaning, patience};
use super::values::number;
use crate::Google;
use crate::deletion::Deletion;
use crate::error::{absent, from_gax};
use crate::names;
use google_cloud_container_v1::model::{self, node_pool::Status};
use google_cloud_gax::options::RequestOptionsBuilder;
use sdk::{
    Applied, Attr, Blocks, Change, Cx, Error, ErrorKind, Incomplete, Keep, Model, Probe, Resource,
    Retry, Waiter,
};
use settings::{Autoscaling, Management, Network, Placement, Upgrade};
use std::collections::BTreeSet;
use std::time::Duration;

/// How long making and deleting usually take.
const TYPICAL: Duration = Duration::from_secs(180);

/// Machines of a cluster that are alike.
#[derive(Model, Clone, Debug, PartialEq)]
#[model(
    type_name = "google_container_node_pool",
    version = 1,
    legacy,
    timeouts(create = "120m", update = "120m", delete = "120m"),
    unbuilt = include_str!("node_pool.unbuilt")
)]
pub(crate) struct NodePool {
    /// `projects/{project}/locations/{location}/clusters/{cluster}/nodePools/{name}`.
    #[attr(optional, computed)]
    id: Attr<String>,
    /// The cluster: its id, or its name.
    #[attr(required, requires_replace, same = names_same)]
    cluster: Attr<String>,
    /// How many nodes there are at first, in each zone.
    #[attr(optional, computed, requires_replace)]
    initial_node_count: Attr<i64>,
    /// The groups of machines.
    #[attr(computed)]
    instance_group_urls: Attr<Vec<String>>,
    /// The region or zone of the cluster.
    #[attr(optional, computed, requires_replace)]
    location: Attr<String>,
    /// The groups of machines, as load balancers name them.
    #[attr(computed)]
    managed_instance_group_urls: Attr<Vec<String>>,
    /// How many Pods a node may have.
    #[attr(optional, computed, requires_replace)]
    max_pods_per_node: Attr<i64>,
    /// The name, unique in the cluster.
    #[attr(optional, computed, requires_replace, conflicts("name_prefix"))]
    name: Attr<String>,
    /// What the name begins with; the rest is made up.
    #[attr(optional, computed, requires_replace)]
    name_prefix: Attr<String>,
    /// How many nodes there are, in each zone.
    #[attr(optional, computed, range(0, 100_000))]
    node_count: Attr<i64>,
    /// The zones of the nodes; those of the cluster if none are given.
    #[attr(optional, computed)]
    node_locations: Attr<BTreeSet<String>>,
    /// Empty: operations are waited for.
    #[attr(computed)]
    operation: Attr<String>,
    /// The project.
    #[attr(optional, computed, requires_replace)]
    project: Attr<String>,
    /// The version of the nodes.
    #[attr(optional, computed)]
    version: Attr<String>,
    /// How many nodes there may be.
    #[block(list, max = 1)]
    autoscaling: Blocks<Autoscaling>,
    /// What the service does by itself.
    #[block(list, max = 1, computed)]
    management: Blocks<Management>,
    /// How the nodes are in the network.
    #[block(list, max = 1, computed)]
    network_config: Blocks<Network>,
    /// What the machines are like.
    #[block(list, max = 1, computed, requires_replace)]
    node_config: Blocks<NodeConfig>,
    /// How the machines are near to each other.
    #[block(list, max = 1, requires_replace)]
    placement_policy: Blocks<Placement>,
    /// How nodes are replaced.
    #[block(list, max = 1, computed)]
    upgrade_settings: Blocks<Upgrade>,
    #[model(flatten)]
    deletion: Deletion,
}

/// A cluster is named by its id and by its name.
#[expect(clippy::ptr_arg, reason = "the derive gives what the attribute holds")]
fn names_same(one: &String, other: &String) -> bool {
    names::same(one, other)
}

/// What an attempt to make a node pool came to.
enum Begun {
    /// The service makes it.
    Making(Box<model::Operation>),
    /// An attempt whose answer was lost made it.
    Found,
}

impl Resource for NodePool {
    type Cloud = Google;

    async fn create(mut self, cx: &Cx<'_, Google>) -> Applied<Self> {
        let place = self.place(cx)?;
        self.name = self.name_for(cx)?.into();
        let doing = format!("creating node pool {}", self.name.as_str());
        self.project = place.project.clone().into();
        self.location = place.location.clone().into();
        self.id = place.pool(self.name.as_str()).into();
        let made = {
            let _turn = cx.turns.take(&place.path()).await;
            match self.begin(&place, cx).await.doing(&doing)? {
                Begun::Making(operation) => finish(cx, &place, *operation, TYPICAL).await,
                Begun::Found => Ok(()),
            }
        };
        if let Err(error) = made {
            let left = self.find(&place, cx).await;
            let exists = !matches!(left, Ok(None));
            return Err(Incomplete {
                state: exists.then(|| Box::new(self)),
                error: error.doing(doing),
            });
        }
        let made = self.clone();
        let settled = self.settled(&place, cx).await;
        settled.map_err(|error| error.doing(doing)).keep(&made)
    }

    async fn read(self, cx: &Cx<'_, Google>) -> Result<Option<Self>, Error> {
        let place = self.place(cx)?;
        match self.find(&place, cx).await? {
            Some(pool) => self.filled(&place, &pool, cx).await.map(Some),
            None => Ok(None),
        }
    }

    async fn update(self, prior: Self, cx: &Cx<'_, Google>) -> Applied<Self> {
        let place = self.place(cx)?;
        let changed = self.change(&prior, &place, cx).await;
        changed.doing(format!("changing node pool {}", self.name.as_str()))?;
        let changed = self.clone();
        let found = self.read(cx).await.keep(&changed)?;
        Ok(found.unwrap_or(changed))
    }

    async fn delete(self, cx: &Cx<'_, Google>) -> Result<(), Error> {
        if self.deletion.forgets()? {
            return Ok(());
        }
        let place = self.place(cx)?;
        let clusters = cx.clients.clusters().await?;
        let path = place.pool(self.name.as_str());
        let send = || {
            let delete = clusters.delete_node_pool().set_name(&path);
            delete.with_idempotency(true).send()
        };
        let deleted = change(cx, &place, TYPICAL, send).await;
        deleted.doing(format!("deleting node pool {}", self.name.as_str()))
    }

    async fn import(id: &str, cx: &Cx<'_, Google>) -> Result<Self, Error> {
        let id = id.replace("/zones/", "/locations/");
        let [project, location, cluster, name] = names::import(
            &id,
            "projects//locations//clusters//nodePools/",
            "node pool",
        )?;
        let Some(cluster) = cluster else {
            return Err(Error::invalid(format!(
                "{id:?} does not say which cluster the node pool is of."
            )));
        };
        let mut pool = Self::empty();
        pool.project = project.or_else(|| cx.project.clone()).into();
        pool.location = location.into();
        pool.cluster = cluster.into();
        pool.name = name.into();
        let place = pool.place(cx)?;
        pool.location = place.location.clone().into();
        pool.id = place.pool(pool.name.as_str()).into();
        pool.deletion.deletion_policy = "DELETE".into();
        Ok(pool)
    }

    /// Node pools do not say when they were made. One that has the name that this create was to give was made by it: if it had
    /// been there before, the create would have been refused, and somebody would know how it ended.
    async fn find_created(&self, cx: &Cx<'_, Google>) -> Result<Option<Self>, Error> {
        let place = self.place(cx)?;
        let mut this = self.clone();
        this.name = self.name_for(cx)?.into();
        this.id = place.pool(this.name.as_str()).into();
        this.project = place.project.clone().into();
        this.location = place.location.clone().into();
        match this.find(&place, cx).await? {
            Some(pool) if this.describes(&pool) => this.settled(&place, cx).await.map(Some),
            _ => Ok(None),
        }
    }

    fn plan(change: &mut Change<'_, Self, Google>) {
        if !change.is_create() {
            return;
        }
        let cluster = change.planned.cluster.clone();
        let Some(cluster) = cluster.known() else {
            return;
        };
        let nothing = Attr::Null;
        let Ok(place) = Place::of(&nothing, &change.config.location, cluster, change.cloud) else {
            return;
        };
        if change.config.location.is_null() {
            change.planned.location = place.location.into();
        }
        if change.config.project.is_null() {
            change.planned.project = place.project.into();
        }
    }
}

impl NodePool {
    fn place(&self, cx: &Google) -> Result<Place, Error> {
        Place::of(&self.project, &self.location, self.cluster.as_str(), cx)
    }

    /// The name: the given one, or one with a prefix that this create always makes up alike.
    fn name_for(&self, cx: &Cx<'_, Google>) -> Result<String, Error> {
        if let Some(name) = self.name.known() {
            return Ok(name.clone());
        }
        let prefix = self.name_prefix.known().map_or("groma-", String::as_str);
        let token: String = cx.create_token().chars().filter(|c| *c != '-').collect();
        let room = 40_usize
            .saturating_sub(prefix.len())
            .min(26)
            .min(token.len());
        if room < 8 {
            return Err(Error::invalid(
                "A longer name cannot be made up: names have at most 40 characters.",
            )
            .at("name_prefix"));
        }
        Ok(format!("{prefix}{}", &token[..room]))
    }

    async fn find(
        &self,
        place: &Place,
        cx: &Cx<'_, Google>,
    ) -> Result<Option<model::NodePool>, Error> {
        let clusters = cx.clients.clusters().await?;
        let get = clusters
            .get_node_pool()
            .set_name(place.pool(self.name.as_str()));
        match get.send().await {
            Ok(pool) => Ok(Some(pool)),
            Err(error) => absent(&error, || {
                format!("reading node pool {}", self.name.as_str())
            }),
        }
    }

    /// Whether a node pool is like what this create described.
    fn describes(&self, pool: &model::NodePool) -> bool {
        let config = pool.config.clone().unwrap_or_default();
        let machine = self
            .node_config
            .first()
            .and_then(|c| c.machine_type.to_option());
        pool.initial_node_count == self.first_count()
            && machine.is_none_or(|machine| machine == config.machine_type)
    }

    /// Asks for the node pool, once.
    async fn begin(&self, place: &Place, cx: &Cx<'_, Google>) -> Result<Begun, Error> {
        let clusters = cx.clients.clusters().await?;
        let described = model::NodePool::from(self);
        let send = |_| {
            let create = clusters
                .create_node_pool()
                .set_parent(place.path())
                .set_node_pool(described.clone());
            async {
                let operation = create.send().await.map_err(|error| from_gax(&error))?;
                Ok(Begun::Making(Box::new(operation)))
            }
        };
        let find = || async {
            let found = self.find(place, cx).await?;
            Ok(found
                .filter(|pool| self.describes(pool))
                .map(|_| Begun::Found))
        };
        let classify = |error: &Error| match error.kind {
            // A server that failed midway may have begun it.
            ErrorKind::Unavailable => Retry::Ambiguous,
            _ => meaning(error),
        };
        sdk::create_once(patience(cx).once(), classify, find, send).await
    }

    /// A new node pool once it runs.
    async fn settled(self, place: &Place, cx: &Cx<'_, Google>) -> Result<Self, Error> {
        let waiter = Waiter::new(
            format!("node pool {} to run", self.name.as_str()),
            cx.timeout(),
        );
        let waiter = waiter.typical(TYPICAL);
        let this = &self;
        let running = waiter.until(|| async move {
            let Some(pool) = this.find(place, cx).await? else {
                return Ok(Probe::Missing);
            };
            Ok::<_, Error>(match pool.status {
                Status::Running | Status::Reconciling | Status::RunningWithError => {
                    Probe::Done(pool)
                }
                Status::Error => {
                    let said = pool.conditions.iter().map(|c| c.message.clone());
                    let said: Vec<String> = said.filter(|m| !m.is_empty()).collect();
                    return Err(Error::new(ErrorKind::Other, "ERROR", said.join("\n")));
                }
                status => Probe::Pending(status.name().unwrap_or_default().to_owned()),
            })
        });
        let pool = running.await.map_err(Error::from)?;
        self.filled(place, &pool, cx).await
    }

    /// How many nodes there are at first.
    fn first_count(&self) -> i32 {
        let least = self
            .autoscaling
            .first()
            .map(|scaling| scaling.min_node_count.clone());
        let count = self.initial_node_count.clone().or(self.node_count.clone());
        number(&count.or(least.unwrap_or_default()))
    }

    async fn filled(
        self,
        place: &Place,
        pool: &model::NodePool,
        cx: &Cx<'_, Google>,
    ) -> Result<Self, Error> {
        let size = settings::size(&pool.instance_group_urls, cx).await?;
        let managed = pool.instance_group_urls.iter();
        let managed = managed.map(|url| url.replace("/instanceGroupManagers/", "/instanceGroups/"));
        let pods = pool.max_pods_constraint.as_ref();
        Ok(Self {
            id: place.pool(&pool.name).into(),
            project: place.project.as_str().into(),
            location: place.location.as_str().into(),
            name: pool.name.as_str().into(),
            name_prefix: self.name_prefix.or("".into()),
            initial_node_count: i64::from(pool.initial_node_count).into(),
            node_count: size.into(),
            instance_group_urls: pool.instance_group_urls.clone().into(),
            managed_instance_group_urls: managed.collect::<Vec<_>>().into(),
            max_pods_per_node: pods.map_or(0, |pods| pods.max_pods_per_node).into(),
            node_locations: pool
                .locations
                .iter()
                .cloned()
                .collect::<BTreeSet<_>>()
                .into(),
            operation: "".into(),
            version: pool.version.as_str().into(),
            autoscaling: pool
                .autoscaling
                .as_ref()
                .and_then(Autoscaling::from_api)
                .into(),
            management: Some(Management::from_api(
                &pool.management.clone().unwrap_or_default(),
            ))
            .into(),
            network_config: pool.network_config.as_ref().map(Network::from_api).into(),
            node_config: pool.config.as_ref().map(NodeConfig::from_api).into(),
            placement_policy: pool
                .placement_policy
                .as_ref()
                .and_then(Placement::from_api)
                .into(),
            upgrade_settings: pool.upgrade_settings.as_ref().map(Upgrade::from_api).into(),
            ..self
        })
    }
}

impl From<&NodePool> for model::NodePool {
    fn from(this: &NodePool) -> Self {
        let pods = this.max_pods_per_node.to_option();
        Self::new()
            .set_name(this.name.as_str())
            .set_initial_node_count(this.first_count())
            .set_locations(this.node_locations.or_default())
            .set_version(this.version.as_str())
            .set_or_clear_config(this.node_config.first().map(NodeConfig::to_api))
            .set_or_clear_autoscaling(this.autoscaling.first().map(Autoscaling::to_api))
            .set_or_clear_management(this.management.first().map(Management::to_api))
            .set_or_clear_network_config(this.network_config.first().map(Network::to_api))
            .set_or_clear_placement_policy(this.placement_policy.first().map(Placement::to_api))
            .set_or_clear_upgrade_settings(this.upgrade_settings.first().map(Upgrade::to_api))
            .set_or_clear_max_pods_constraint(
                pods.map(|pods| model::MaxPodsConstraint::new().set_max_pods_per_node(pods)),
            )
    }
}

#[cfg(test)]
mod tests {
    contract::contract! { crate::testing::WORLD, "google_container_node_pool",
        needs: r#"
        resource "google_compute_network" "a" {
              name                    = "a"
              auto_create_subnetworks = false
            }
            resource "google_compute_subnetwork" "a" {
              name          = "a"
              network       = google_compute_network.a.id
              ip_cidr_range = "10.10.0.0/20"
              region        = "europe-west3"
            }
        resource "google_container_cluster" "a" {
          name                     = "a"
          network                  = google_compute_network.a.id
          subnetwork               = google_compute_subnetwork.a.id
          remove_default_node_pool = true
          initial_node_count       = 1
          deletion_protection      = false
        }"#,
        create: r#"
            name       = "a"
            cluster    = google_container_cluster.a.id
            node_count = 1
            node_config {
              machine_type = "e2-standard-4"
            }"#,
        update: &[r#"
            name       = "a"
            cluster    = google_container_cluster.a.id
            node_count = 2
            node_config {
              machine_type = "e2-standard-8"
              labels       = { a = "b" }
              taint {
                key    = "a"
                value  = "b"
                effect = "NO_SCHEDULE"
              }
            }"#],
        replace: &[r#"
            name       = "b"
            cluster    = google_container_cluster.a.id
            node_count = 1
            node_config {
              machine_type = "e2-standard-4"
              spot         = true
            }"#],
        import: "{id}",
        not_imported: &["cluster"],
    }
}
