//! `aws_eks_cluster`: the control plane of Kubernetes.

mod blocks;
mod change;
mod request;

use crate::tags::{Tagged, Tags};
use crate::{Aws, error};
use aws_sdk_eks::types::{self, ClusterStatus};
pub(crate) use blocks::*;
use sdk::{
    Applied, Attr, Blocks, Change, Cx, Error, Keep, Model, Probe, Problems, Resource, Waiter,
};
use std::collections::BTreeSet;
use std::time::Duration;

/// Provides an EKS cluster.
#[derive(Model, Clone, Debug, PartialEq)]
#[model(
    type_name = "aws_eks_cluster",
    version = 1,
    legacy,
    timeouts(create = "30m", delete = "15m", update = "60m")
)]
pub(crate) struct Cluster {
    /// The ARN.
    #[attr(computed)]
    arn: Attr<String>,
    /// Whether EKS installs the add-ons that every cluster used to have.
    #[attr(optional, default = true, requires_replace)]
    bootstrap_self_managed_addons: Attr<bool>,
    /// The certificate of the API, for kubeconfig.
    #[attr(computed)]
    certificate_authority: Attr<Vec<Authority>>,
    /// The id of a cluster on an outpost.
    #[attr(computed)]
    cluster_id: Attr<String>,
    /// When it was made.
    #[attr(computed)]
    created_at: Attr<String>,
    /// What the control plane logs.
    #[attr(
        optional,
        zero_read,
        one_of("api", "audit", "authenticator", "controllerManager", "scheduler")
    )]
    enabled_cluster_log_types: Attr<BTreeSet<String>>,
    /// The URL of the API.
    #[attr(computed)]
    endpoint: Attr<String>,
    /// Whether the version is changed even if insights speak against it.
    #[attr(optional)]
    force_update_version: Attr<bool>,
    /// The name.
    #[attr(optional, computed)]
    id: Attr<String>,
    /// Who vouches for service accounts.
    #[attr(computed)]
    identity: Attr<Vec<Identity>>,
    /// The name.
    #[attr(required, requires_replace, validate_each = super::cluster_name)]
    name: Attr<String>,
    /// The version of what EKS adds.
    #[attr(computed)]
    platform_version: Attr<String>,
    /// The ARN of the role of the control plane.
    #[attr(required, requires_replace, validate_each = crate::services::iam::arn)]
    role_arn: Attr<String>,
    /// The status.
    #[attr(computed)]
    status: Attr<String>,
    #[model(flatten)]
    tags: Tags,
    /// The version of Kubernetes: `1.32`. The newest if not given.
    #[attr(optional, computed)]
    version: Attr<String>,
    /// How people and roles get in.
    #[block(list, max = 1, computed)]
    access_config: Blocks<AccessConfig>,
    /// Nodes that EKS provides by itself.
    #[block(list, max = 1)]
    compute_config: Blocks<ComputeConfig>,
    /// How secrets are encrypted.
    #[block(list, max = 1, conflicts("outpost_config"))]
    encryption_config: Blocks<EncryptionConfig>,
    /// The addresses of services.
    #[block(list, max = 1, computed, conflicts("outpost_config"))]
    kubernetes_network_config: Blocks<KubernetesNetworkConfig>,
    /// Where a cluster on an outpost runs.
    #[block(
        list,
        max = 1,
        requires_replace,
        conflicts(
            "encryption_config",
            "kubernetes_network_config",
            "remote_network_config"
        )
    )]
    outpost_config: Blocks<OutpostConfig>,
    /// Networks of nodes outside of AWS.
    #[block(list, max = 1, requires_replace, conflicts("outpost_config"))]
    remote_network_config: Blocks<RemoteNetworkConfig>,
    /// Volumes that EKS provides by itself.
    #[block(list, max = 1)]
    storage_config: Blocks<StorageConfig>,
    /// What happens at the end of a version's support.
    #[block(list, max = 1, computed)]
    upgrade_policy: Blocks<UpgradePolicy>,
    /// The network of the control plane.
    #[block(list, min = 1, max = 1)]
    vpc_config: Blocks<VpcConfig>,
    /// Whether traffic leaves a zone in trouble.
    #[block(list, max = 1)]
    zonal_shift_config: Blocks<ZonalShiftConfig>,
}

/// How long a cluster usually takes to come or go.
const TYPICAL: Duration = Duration::from_secs(9 * 60);

impl Resource for Cluster {
    type Cloud = Aws;

    async fn create(self, cx: &Cx<'_, Aws>) -> Applied<Self> {
        let name = self.name.as_str().to_owned();
        let doing = format!("creating the EKS cluster {name}");
        let send = || async {
            let call = self.request(cx).send().await;
            call.map(|answer| answer.cluster).map_err(error::of)
        };
        let made = super::create(cx, send).await.doing(doing.clone())?;
        let mut cluster = self.clone();
        cluster.id = name.into();
        let partial = match made {
            Some(made) => cluster.clone().completed(&made, cx),
            None => cluster.clone(),
        };
        let found = cluster.wait_active(cx).await.doing(doing).keep(&partial)?;
        Ok(cluster.completed(&found, cx))
    }

    async fn read(mut self, cx: &Cx<'_, Aws>) -> Result<Option<Self>, Error> {
        self.tags = self.tags.reading();
        if self.enabled_cluster_log_types.is_null() {
            self.enabled_cluster_log_types = BTreeSet::new().into();
        }
        for vpc in self.vpc_config.iter_mut() {
            if vpc.security_group_ids.is_null() {
                vpc.security_group_ids = BTreeSet::new().into();
            }
        }
        if self.vpc_config.is_empty() {
            self.vpc_config = vec![VpcConfig {
                security_group_ids: BTreeSet::new().into(),
                ..VpcConfig::empty()
            }]
            .into();
        }
        let found = describe(cx, self.id.as_str()).await?;
        Ok(found.map(|found| self.completed(&found, cx)))
    }

    async fn update(self, prior: Self, cx: &Cx<'_, Aws>) -> Applied<Self> {
        let name = self.id.as_str().to_owned();
        if prior.status.as_str() == "FAILED" {
            let found = self.wait_active(cx).await;
            let doing = format!("creating the EKS cluster {name}");
            found.doing(doing).keep(&prior)?;
        }
        self.change(&prior, cx).await.keep(&prior)?;
        let (was, is) = (prior.tags.wanted(cx), self.tags.wanted(cx));
        super::set_tags(cx, self.arn.as_str(), &was, &is)
            .await
            .keep(&prior)?;
        let found = self.wait_active(cx).await.keep(&prior)?;
        Ok(self.completed(&found, cx))
    }

    async fn delete(self, cx: &Cx<'_, Aws>) -> Result<(), Error> {
        let name = self.id.as_str();
        let send = || async {
            let call = cx.eks().delete_cluster().name(name);
            error::done(call.send().await)
        };
        super::delete(cx, send)
            .await
            .doing(format!("deleting the EKS cluster {name}"))?;
        let what = format!("the EKS cluster {name} to be gone");
        let waiter = Waiter::new(what, cx.timeout()).typical(TYPICAL / 2);
        let probe = || async {
            Ok::<_, Error>(match describe(cx, name).await? {
                None => Probe::Done(()),
                Some(found) => Probe::Pending(status(&found).to_owned()),
            })
        };
        waiter.until(probe).await.map_err(Error::from)
    }

    async fn import(id: &str, _: &Cx<'_, Aws>) -> Result<Self, Error> {
        Ok(Self {
            id: id.into(),
            bootstrap_self_managed_addons: true.into(),
            ..Self::empty()
        })
    }

    async fn find_created(&self, cx: &Cx<'_, Aws>) -> Result<Option<Self>, Error> {
        let mut cluster = self.clone();
        cluster.id = self.name.clone();
        let Some(found) = describe(cx, cluster.id.as_str()).await? else {
            return Ok(None);
        };
        if !super::is_recent(cx, found.created_at())
            || found.role_arn() != self.role_arn.known().map(String::as_str)
        {
            return Ok(None);
        }
        let found = match status(&found) {
            "FAILED" => found,
            _ => cluster.wait_active(cx).await?,
        };
        Ok(Some(cluster.completed(&found, cx)))
    }

    fn validate(&self, problems: &mut Problems) {
        let Some(auto) = self.auto_mode() else {
            return;
        };
        if auto.iter().any(|on| *on != auto[0]) {
            problems.error(
                "compute_config",
                "Auto Mode is all or nothing",
                "compute_config.enabled, kubernetes_network_config.elastic_load_balancing.enabled and \
                 storage_config.block_storage.enabled must all be true, or all be false.",
            );
        }
    }

    fn plan(change: &mut Change<'_, Self, Aws>) {
        let Some(prior) = change.prior.clone() else {
            return;
        };
        // Encryption cannot be given up.
        if !prior.encryption_config.is_empty()
            && change.planned.encryption_config.is_empty()
            && !change.planned.encryption_config.is_unknown()
        {
            change.requires_replace("encryption_config");
        }
        let role = |cluster: &Self| {
            let compute = cluster.compute_config.first();
            compute.map(|c| c.node_role_arn.clone()).unwrap_or_default()
        };
        let (was, is) = (role(&prior), role(&change.planned));
        if !was.as_str().is_empty() && was != is {
            change.requires_replace("compute_config");
        }
    }

    fn upgrade(_: i64, mut state: serde_json::Value) -> Result<serde_json::Value, Error> {
        // Before version 1 all clusters had them.
        if let Some(object) = state.as_object_mut() {
            object.insert("bootstrap_self_managed_addons".to_owned(), true.into());
        }
        Ok(state)
    }
}

/// A cluster by name.
pub(crate) async fn describe(
    cx: &Cx<'_, Aws>,
    name: &str,
) -> Result<Option<types::Cluster>, Error> {
    let call = cx.eks().describe_cluster().name(name);
    match call.send().await.map_err(error::of) {
        Ok(answer) => Ok(answer.cluster),
        Err(error) if error.is_not_found() => Ok(None),
        Err(error) => Err(error.doing(format!("reading the EKS cluster {name}"))),
    }
}

fn status(cluster: &types::Cluster) -> &str {
    cluster.status().map_or("", ClusterStatus::as_str)
}

impl Cluster {
    /// Which parts of Auto Mode are on; `None` while that is unknown.
    fn auto_mode(&self) -> Option<[bool; 3]> {
        let blocks = self.kubernetes_network_config.first();
        let balancing = blocks.map(|b| &b.elastic_load_balancing);
        let storage = self.storage_config.first().map(|b| &b.block_storage);
        let unknown = self.compute_config.is_unknown()
            || self.kubernetes_network_config.is_unknown()
            || self.storage_config.is_unknown()
            || balancing.is_some_and(Blocks::is_unknown)
            || storage.is_some_and(Blocks::is_unknown);
        let parts = [
            self.compute_config.first().map(|b| b.enabled.clone()),
            balancing.and_then(|b| Some(b.first()?.enabled.clone())),
            storage.and_then(|b| Some(b.first()?.enabled.clone())),
        ];
        let unknown = unknown || parts.iter().flatten().any(Attr::is_unknown);
        (!unknown).then(|| parts.map(|on| on.is_some_and(|on| on.is_true())))
    }

    async fn wait_active(&self, cx: &Cx<'_, Aws>) -> Result<types::Cluster, Error> {
        let name = self.id.as_str();
        let what = format!("the EKS cluster {name} to become active");
        let waiter = Waiter::new(what, cx.timeout()).typical(TYPICAL);
        let probe = || async {
            let Some(found) = describe(cx, name).await? else {
                return Ok(Probe::Missing);
            };
            match status(&found) {
                "ACTIVE" => Ok(Probe::Done(found)),
                "FAILED" => {
                    let issues = found.health().map(types::ClusterHealth::issues);
                    let issues = issues.unwrap_or_default().iter().map(|issue| {
                        let code = issue.code().map_or("", |code| code.as_str());
                        let message = issue.message().unwrap_or_default();
                        super::issue(code, message, issue.resource_ids())
                    });
                    let issues: Vec<String> = issues.collect();
                    Err(super::failed("The cluster", "FAILED", &issues))
                }
                other => Ok(Probe::Pending(other.to_owned())),
            }
        };
        waiter.until(probe).await.map_err(Error::from)
    }

    /// This with all that the cloud says about it.
    fn completed(mut self, found: &types::Cluster, cx: &Aws) -> Self {
        let text = |text: Option<&str>| Attr::from(text.unwrap_or_default());
        self.arn = text(found.arn());
        self.id = text(found.name());
        self.name = text(found.name());
        self.created_at = super::time(found.created_at());
        self.endpoint = text(found.endpoint());
        self.platform_version = text(found.platform_version());
        self.role_arn = text(found.role_arn());
        self.status = status(found).into();
        self.version = text(found.version());
        self.cluster_id = match found.outpost_config() {
            Some(_) => text(found.id()),
            None => Attr::Null,
        };
        self.certificate_authority = authorities(found).into();
        self.identity = identities(found).into();
        let logs = log_types(found);
        self.enabled_cluster_log_types = super::kept(logs, &self.enabled_cluster_log_types);
        self.tags = self.tags.stored(super::pairs(found.tags()), cx);
        self.set_blocks(found);
        self
    }
}

#[cfg(test)]
mod tests {
    contract::contract! { crate::testing::WORLD, "aws_eks_cluster",
        needs: crate::testing::CLUSTER_NEEDS,
        create: r#"
            name     = "a"
            role_arn = aws_iam_role.cluster.arn
            version  = "1.32"
            access_config {
              authentication_mode = "API"
            }
            vpc_config {
              subnet_ids = aws_subnet.s[*].id
            }"#,
        update: &[r#"
            name     = "a"
            role_arn = aws_iam_role.cluster.arn
            version  = "1.33"
            enabled_cluster_log_types = ["api", "audit"]
            access_config {
              authentication_mode = "API"
            }
            upgrade_policy {
              support_type = "STANDARD"
            }
            vpc_config {
              subnet_ids              = aws_subnet.s[*].id
              endpoint_private_access = true
            }
            tags = { a = "b" }"#],
        replace: &[r#"
            name     = "b"
            role_arn = aws_iam_role.cluster.arn
            vpc_config {
              subnet_ids = aws_subnet.s[*].id
            }"#],
        import: "{name}",
        not_imported: &["access_config", "enabled_cluster_log_types"],
    }
}
