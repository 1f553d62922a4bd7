//! `google_container_cluster`: a Kubernetes cluster.

mod addons;
mod changes;
mod describing;
mod filling;
mod maintenance;
mod network;
mod observing;
mod scaling;
mod security;

use super::node_config::NodeConfig;
use super::operations::{Place, change, finish, meaning, patience};
use super::values::{Disabled, Enabled};
use crate::Google;
use crate::created;
use crate::deletion::Deletion;
use crate::error::{absent, from_gax};
use crate::labels::Labels;
use crate::names;
use addons::Addons;
use futures::future::BoxFuture;
use google_cloud_container_v1::model::{self, cluster::Status};
use google_cloud_gax::options::RequestOptionsBuilder;
use maintenance::{Channel, Maintenance};
use network::{
    AuthorizedNetworks, Dns, Endpoints, Gateway, IpAllocation, Policies, PrivateCluster,
};
use observing::{Logging, Monitoring, Notification, PoolDefaults};
use scaling::Autoscaling;
use sdk::{
    Applied, Attr, Blocks, Change, Cx, Error, ErrorKind, Incomplete, Keep, Model, Probe, Resource,
    Retry, Waiter,
};
use security::{
    Binary, Encryption, Groups, IdentityService, MasterAuth, Mesh, Posture, WorkloadIdentity,
};
use std::collections::BTreeSet;
use std::time::Duration;

/// How long making and deleting usually take.
const TYPICAL: Duration = Duration::from_secs(480);

/// The node pool that comes with a cluster.
const DEFAULT_POOL: &str = "default-pool";

/// A Kubernetes cluster.
#[derive(Model, Clone, Debug, PartialEq)]
#[model(
    type_name = "google_container_cluster",
    version = 2,
    legacy,
    timeouts(create = "90m", read = "90m", update = "90m", delete = "90m"),
    unbuilt = include_str!("cluster.unbuilt")
)]
pub(crate) struct Cluster {
    /// `projects/{project}/locations/{location}/clusters/{name}`.
    #[attr(optional, computed)]
    id: Attr<String>,
    /// The name, unique in the location.
    #[attr(required, requires_replace, validate = check_name)]
    name: Attr<String>,
    /// The region or zone of the control plane.
    #[attr(optional, computed, requires_replace)]
    location: Attr<String>,
    /// The zones of the nodes.
    #[attr(optional, computed)]
    node_locations: Attr<BTreeSet<String>>,
    /// The project.
    #[attr(optional, computed, requires_replace)]
    project: Attr<String>,
    /// What it is for.
    #[attr(optional, requires_replace, zero)]
    description: Attr<String>,
    /// The range of Pods, where they have addresses by routes.
    #[attr(
        optional,
        computed,
        requires_replace,
        conflicts("ip_allocation_policy")
    )]
    cluster_ipv4_cidr: Attr<String>,
    /// What moves packets: `LEGACY_DATAPATH` or `ADVANCED_DATAPATH` (Dataplane V2).
    #[attr(
        optional,
        computed,
        requires_replace,
        one_of(
            "DATAPATH_PROVIDER_UNSPECIFIED",
            "LEGACY_DATAPATH",
            "ADVANCED_DATAPATH"
        )
    )]
    datapath_provider: Attr<String>,
    /// How many Pods a node may have, where its pool does not say.
    #[attr(optional, computed, requires_replace, conflicts("enable_autopilot"))]
    default_max_pods_per_node: Attr<i64>,
    /// Whether destroying is refused.
    #[attr(optional, default = true)]
    deletion_protection: Attr<bool>,
    /// Whether the service leaves the firewall rules of load balancers alone.
    #[attr(optional, default = false)]
    disable_l4_lb_firewall_reconciliation: Attr<bool>,
    /// Whether the service manages the nodes.
    #[attr(optional, requires_replace, zero)]
    enable_autopilot: Attr<bool>,
    /// Whether there are network policies of the whole cluster.
    #[attr(optional, default = false)]
    enable_cilium_clusterwide_network_policy: Attr<bool>,
    /// Whether network policies may name domains.
    #[attr(optional, default = false)]
    enable_fqdn_network_policy: Attr<bool>,
    /// Whether the network sees traffic between Pods of a node.
    #[attr(optional, computed, conflicts("enable_autopilot"))]
    enable_intranode_visibility: Attr<bool>,
    /// Whether alpha features are on.
    #[attr(optional, requires_replace, default = false)]
    enable_kubernetes_alpha: Attr<bool>,
    /// Whether internal load balancers reach a subset of the nodes.
    #[attr(optional, computed)]
    enable_l4_ilb_subsetting: Attr<bool>,
    /// Whether the old access rules are in force.
    #[attr(optional, default = false)]
    enable_legacy_abac: Attr<bool>,
    /// Whether Pods can have several networks.
    #[attr(optional, default = false)]
    enable_multi_networking: Attr<bool>,
    /// Whether nodes prove what they are.
    #[attr(optional, default = true, conflicts("enable_autopilot"))]
    enable_shielded_nodes: Attr<bool>,
    /// How many nodes the first node pool has, in each zone.
    #[attr(optional, requires_replace)]
    initial_node_count: Attr<i64>,
    /// Where logs go; `logging_config` says more.
    #[attr(
        optional,
        computed,
        one_of("logging.googleapis.com", "logging.googleapis.com/kubernetes", "none")
    )]
    logging_service: Attr<String>,
    /// The version of the control plane, or what it begins with; a newer one is left alone.
    #[attr(optional)]
    min_master_version: Attr<String>,
    /// Where metrics go; `monitoring_config` says more.
    #[attr(
        optional,
        computed,
        one_of(
            "monitoring.googleapis.com",
            "monitoring.googleapis.com/kubernetes",
            "none"
        )
    )]
    monitoring_service: Attr<String>,
    /// The network.
    #[attr(optional, requires_replace, default = "default", same = network::same)]
    network: Attr<String>,
    /// `VPC_NATIVE` or `ROUTES`: how Pods are reached.
    #[attr(optional, computed, requires_replace, one_of("VPC_NATIVE", "ROUTES"))]
    networking_mode: Attr<String>,
    /// The version of the nodes of the first node pool.
    #[attr(optional, computed)]
    node_version: Attr<String>,
    /// How nodes reach Google by IPv6.
    #[attr(optional, computed)]
    private_ipv6_google_access: Attr<String>,
    /// Whether the node pool that comes with the cluster is deleted at once.
    #[attr(optional, conflicts("enable_autopilot"))]
    remove_default_node_pool: Attr<bool>,
    /// Labels.
    #[attr(optional)]
    resource_labels: Attr<Labels>,
    /// Labels of this and of the provider.
    #[attr(computed)]
    terraform_labels: Attr<Labels>,
    /// All labels.
    #[attr(computed)]
    effective_labels: Attr<Labels>,
    /// The subnetwork.
    #[attr(optional, computed, requires_replace, same = network::same)]
    subnetwork: Attr<String>,
    /// The version that the control plane behaves like.
    #[attr(computed)]
    emulated_version: Attr<String>,
    /// The address of the control plane.
    #[attr(computed)]
    endpoint: Attr<String>,
    /// What the labels are recognised by.
    #[attr(computed)]
    label_fingerprint: Attr<String>,
    /// The version of the control plane.
    #[attr(computed)]
    master_version: Attr<String>,
    /// Empty: operations are waited for.
    #[attr(computed)]
    operation: Attr<String>,
    /// The full address.
    #[attr(computed)]
    self_link: Attr<String>,
    /// The range of Services.
    #[attr(computed)]
    services_ipv4_cidr: Attr<String>,
    /// The range of TPUs.
    #[attr(computed)]
    tpu_ipv4_cidr_block: Attr<String>,
    /// What runs in the cluster besides the workloads.
    #[block(list, max = 1, computed)]
    addons_config: Blocks<Addons>,
    /// Google Groups in role bindings.
    #[block(list, max = 1, computed)]
    authenticator_groups_config: Blocks<Groups>,
    /// Which images may run.
    #[block(list, max = 1)]
    binary_authorization: Blocks<Binary>,
    /// Node pools that come and go by themselves.
    #[block(list, max = 1, computed)]
    cluster_autoscaling: Blocks<Autoscaling>,
    /// How the control plane is reached.
    #[block(list, max = 1, computed)]
    control_plane_endpoints_config: Blocks<Endpoints>,
    /// Whether costs are told by namespace and label.
    #[block(list, max = 1, computed)]
    cost_management_config: Blocks<Enabled>,
    /// Whether Secrets are encrypted with a key of one's own.
    #[block(list, max = 1, computed)]
    database_encryption: Blocks<Encryption>,
    /// Whether addresses of Pods are left as they are on the way out.
    #[block(list, max = 1, computed)]
    default_snat_status: Blocks<Disabled>,
    /// What answers names.
    #[block(list, max = 1)]
    dns_config: Blocks<Dns>,
    /// What lets in traffic by the Gateway API.
    #[block(list, max = 1, computed)]
    gateway_api_config: Blocks<Gateway>,
    /// Identities of other providers.
    #[block(list, max = 1, computed)]
    identity_service_config: Blocks<IdentityService>,
    /// Where Pods and Services have their addresses from.
    #[block(list, max = 1, computed, requires_replace)]
    ip_allocation_policy: Blocks<IpAllocation>,
    /// What is logged.
    #[block(list, max = 1, computed)]
    logging_config: Blocks<Logging>,
    /// When the cluster may be worked on.
    #[block(list, max = 1)]
    maintenance_policy: Blocks<Maintenance>,
    /// How people show who they are.
    #[block(list, max = 1, computed)]
    master_auth: Blocks<MasterAuth>,
    /// From where the control plane can be reached.
    #[block(list, max = 1)]
    master_authorized_networks_config: Blocks<AuthorizedNetworks>,
    /// Certificates for a mesh.
    #[block(list, max = 1, computed)]
    mesh_certificates: Blocks<Mesh>,
    /// What is measured.
    #[block(list, max = 1, computed)]
    monitoring_config: Blocks<Monitoring>,
    /// Who says which Pods may talk to each other.
    #[block(list, max = 1, computed)]
    network_policy: Blocks<Policies>,
    /// What the machines of the first node pool are like.
    #[block(list, max = 1, computed, requires_replace)]
    node_config: Blocks<NodeConfig>,
    /// What new node pools are like.
    #[block(list, max = 1, computed)]
    node_pool_defaults: Blocks<PoolDefaults>,
    /// Who is told what happens to the cluster.
    #[block(list, max = 1, computed)]
    notification_config: Blocks<Notification>,
    /// Whether nodes and control plane have public addresses.
    #[block(list, max = 1, computed)]
    private_cluster_config: Blocks<PrivateCluster>,
    /// Which versions the cluster gets, and when.
    #[block(list, max = 1, computed)]
    release_channel: Blocks<Channel>,
    /// What is looked for in workloads.
    #[block(list, max = 1, computed)]
    security_posture_config: Blocks<Posture>,
    /// Whether Services may have addresses of one's choice.
    #[block(list, max = 1, computed)]
    service_external_ips_config: Blocks<Enabled>,
    /// Whether Pods get what they need of CPU and memory.
    #[block(list, max = 1, computed)]
    vertical_pod_autoscaling: Blocks<Enabled>,
    /// Workload Identity.
    #[block(list, max = 1, computed)]
    workload_identity_config: Blocks<WorkloadIdentity>,
    #[model(flatten)]
    deletion: Deletion,
}

fn check_name(name: &str) -> Result<(), String> {
    if name.len() > 40 {
        return Err(format!(
            "{name:?} is too long: at most 40 characters are possible."
        ));
    }
    names::check(name)
}

/// What an attempt to make a cluster came to.
enum Begun {
    /// The service makes it.
    Making(Box<model::Operation>),
    /// An attempt whose answer was lost made it.
    Found,
}

impl Resource for Cluster {
    type Cloud = Google;

    async fn create(mut self, cx: &Cx<'_, Google>) -> Applied<Self> {
        let doing = format!("creating cluster {}", self.name.as_str());
        let place = self.place(cx)?;
        self.project = place.project.clone().into();
        self.location = place.location.clone().into();
        self.id = place.path().into();
        let made = {
            let _turn = cx.turns.take(&place.path()).await;
            let begun = boxed(self.begin(&place, cx)).await.doing(&doing)?;
            match begun {
                Begun::Making(operation) => finish(cx, &place, *operation, TYPICAL).await,
                Begun::Found => Ok(()),
            }
        };
        if let Err(error) = made {
            // What is there after a failure is half a cluster: to be replaced, but not to be forgotten.
            let left = self.find(&place, cx).await;
            let exists = !matches!(left, Ok(None));
            return Err(Incomplete {
                state: exists.then(|| Box::new(self)),
                error: error.doing(doing),
            });
        }
        let made = self.clone();
        boxed(self.settled(&place, cx))
            .await
            .map_err(|error| error.doing(doing))
            .keep(&made)
    }

    async fn read(self, cx: &Cx<'_, Google>) -> Result<Option<Self>, Error> {
        let place = self.place(cx)?;
        let found = self.find(&place, cx).await?;
        Ok(found.map(|cluster| self.filled(&place, &cluster)))
    }

    async fn update(self, prior: Self, cx: &Cx<'_, Google>) -> Applied<Self> {
        let doing = || format!("changing cluster {}", self.name.as_str());
        let place = self.place(cx)?;
        boxed(self.change(&prior, &place, cx))
            .await
            .map_err(|error| error.doing(doing()))?;
        let changed = self.clone();
        let found = self.read(cx).await.keep(&changed)?;
        Ok(found.unwrap_or(changed))
    }

    async fn delete(self, cx: &Cx<'_, Google>) -> Result<(), Error> {
        if self.deletion.forgets()? {
            return Ok(());
        }
        if self.deletion_protection.is_true() {
            return Err(Error::invalid(
                "The cluster is protected: set deletion_protection = false and apply that before it is destroyed.",
            )
            .at("deletion_protection"));
        }
        let place = self.place(cx)?;
        let clusters = cx.clients.clusters().await?;
        let path = place.path();
        let send = || {
            let delete = clusters.delete_cluster().set_name(&path);
            delete.with_idempotency(true).send()
        };
        let deleted = boxed(change(cx, &place, TYPICAL, send)).await;
        deleted.doing(format!("deleting cluster {}", self.name.as_str()))
    }

    async fn import(id: &str, cx: &Cx<'_, Google>) -> Result<Self, Error> {
        let id = id.replace("/zones/", "/locations/");
        let [project, location, name] =
            names::import(&id, "projects//locations//clusters/", "cluster")?;
        let mut cluster = Self::empty();
        cluster.project = project.or_else(|| cx.project.clone()).into();
        cluster.location = location.into();
        cluster.name = name.into();
        let place = cluster.place(cx)?;
        cluster.location = place.location.clone().into();
        cluster.id = place.path().into();
        cluster.deletion_protection = true.into();
        cluster.deletion.deletion_policy = "DELETE".into();
        Ok(cluster)
    }

    async fn find_created(&self, cx: &Cx<'_, Google>) -> Result<Option<Self>, Error> {
        let place = self.place(cx)?;
        let Some(cluster) = self.find(&place, cx).await? else {
            return Ok(None);
        };
        if !created::since(cx, Some(&cluster.create_time)) {
            return Ok(None);
        }
        boxed(self.clone().settled(&place, cx)).await.map(Some)
    }

    fn plan(change: &mut Change<'_, Self, Google>) {
        if change.is_create()
            && change.planned.location.is_unknown()
            && change.config.location.is_null()
        {
            let default = change
                .cloud
                .zone
                .clone()
                .or_else(|| change.cloud.region.clone());
            if let Some(location) = default {
                change.planned.location = location.into();
            }
        }
    }
}

impl Cluster {
    fn place(&self, cx: &Google) -> Result<Place, Error> {
        Place::of(&self.project, &self.location, self.name.as_str(), cx)
    }

    async fn find(
        &self,
        place: &Place,
        cx: &Cx<'_, Google>,
    ) -> Result<Option<Box<model::Cluster>>, Error> {
        let clusters = cx.clients.clusters().await?;
        let get = clusters.get_cluster().set_name(place.path());
        // Reading a message this large takes so much of the stack that it gets one of its own.
        let asked = tokio::spawn(async { get.send().await.map(Box::new) });
        let answer = asked.await.map_err(|error| {
            Error::new(ErrorKind::Other, "", error.to_string()).doing("reading a cluster")
        })?;
        match answer {
            Ok(cluster) => Ok(Some(cluster)),
            Err(error) => absent(&error, || format!("reading cluster {}", self.name.as_str())),
        }
    }

    /// Asks for the cluster, once: if the answer is lost, what has the name and is new is ours.
    async fn begin(&self, place: &Place, cx: &Cx<'_, Google>) -> Result<Begun, Error> {
        let clusters = cx.clients.clusters().await?;
        let described = Box::new(model::Cluster::from(self));
        let send = |_| {
            let create = clusters
                .create_cluster()
                .set_parent(place.parent())
                .set_cluster((*described).clone());
            boxed(async {
                let operation = create.send().await.map_err(|error| from_gax(&error))?;
                Ok(Begun::Making(Box::new(operation)))
            })
        };
        let find = || async {
            let found = self.find(place, cx).await?;
            let ours = found.filter(|c| created::since(cx, Some(&c.create_time)));
            Ok(ours.map(|_| Begun::Found))
        };
        let classify = |error: &Error| match error.kind {
            // A server that failed midway may have begun it.
            ErrorKind::Unavailable => Retry::Ambiguous,
            _ => meaning(error),
        };
        sdk::create_once(patience(cx).once(), classify, find, send).await
    }

    /// A new cluster once it runs, without its first node pool if that is not wanted.
    async fn settled(self, place: &Place, cx: &Cx<'_, Google>) -> Result<Self, Error> {
        let waiter = Waiter::new(
            format!("cluster {} to run", self.name.as_str()),
            cx.timeout(),
        );
        let waiter = waiter.typical(TYPICAL);
        let this = &self;
        let running = waiter.until(|| async move {
            let Some(cluster) = this.find(place, cx).await? else {
                return Ok(Probe::Missing);
            };
            Ok::<_, Error>(match cluster.status {
                Status::Running | Status::Reconciling | Status::Degraded => Probe::Done(cluster),
                Status::Error => {
                    return Err(Error::new(ErrorKind::Other, "ERROR", said(&cluster)));
                }
                status => Probe::Pending(status.name().unwrap_or_default().to_owned()),
            })
        });
        let mut cluster = running.await.map_err(Error::from)?;
        let has_first = |c: &model::Cluster| c.node_pools.iter().any(|p| p.name == DEFAULT_POOL);
        if self.remove_default_node_pool.is_true() && has_first(&cluster) {
            remove_first_pool(place, cx).await?;
            let found = self.find(place, cx).await?;
            cluster = found.ok_or_else(|| Error::invalid("The cluster vanished."))?;
        }
        Ok(self.filled(place, &cluster))
    }
}

/// Messages about clusters are large, and so is what waits for them: it is kept off the stack.
fn boxed<'a, T>(future: impl Future<Output = T> + Send + 'a) -> BoxFuture<'a, T> {
    Box::pin(future)
}

/// Why a cluster is in a bad state.
fn said(cluster: &model::Cluster) -> String {
    let messages = cluster.conditions.iter().map(|c| c.message.as_str());
    let messages: Vec<&str> = messages.filter(|m| !m.is_empty()).collect();
    match messages.is_empty() {
        true => "The cluster could not be made.".to_owned(),
        false => messages.join("\n"),
    }
}

/// Deletes the node pool that came with the cluster. That it is gone already is no error.
async fn remove_first_pool(place: &Place, cx: &Cx<'_, Google>) -> Result<(), Error> {
    let clusters = cx.clients.clusters().await?;
    let pool = place.pool(DEFAULT_POOL);
    let send = || {
        let delete = clusters.delete_node_pool().set_name(&pool);
        delete.with_idempotency(true).send()
    };
    match boxed(change(cx, place, Duration::from_secs(180), send)).await {
        Err(error) if error.is_not_found() => Ok(()),
        other => other.doing("removing the default node pool"),
    }
}

#[cfg(test)]
mod tests;
