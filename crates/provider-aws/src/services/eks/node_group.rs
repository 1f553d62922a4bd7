//! `aws_eks_node_group`: machines that EKS manages.

mod blocks;
mod change;

use crate::tags::{Tagged, Tags};
use crate::{Aws, error, names};
use aws_sdk_eks::types::{self, NodegroupStatus};
pub(crate) use blocks::*;
use sdk::{Applied, Attr, Blocks, Change, Cx, Error, Keep, Model, Probe, Resource, Waiter};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// Provides a managed node group of an EKS cluster.
#[derive(Model, Clone, Debug, PartialEq)]
#[model(
    type_name = "aws_eks_node_group",
    legacy,
    timeouts(create = "60m", delete = "60m", update = "60m")
)]
pub(crate) struct NodeGroup {
    /// The kind of image.
    #[attr(optional, computed, requires_replace, validate_each = ami_type)]
    ami_type: Attr<String>,
    /// The ARN.
    #[attr(computed)]
    arn: Attr<String>,
    /// How machines are paid for.
    #[attr(
        optional,
        computed,
        requires_replace,
        one_of("ON_DEMAND", "SPOT", "CAPACITY_BLOCK")
    )]
    capacity_type: Attr<String>,
    /// The cluster.
    #[attr(required, requires_replace, validate_each = super::cluster_name)]
    cluster_name: Attr<String>,
    /// The size of the disks, in GiB.
    #[attr(optional, computed, requires_replace)]
    disk_size: Attr<i64>,
    /// Whether nodes are replaced even if Pods cannot leave them.
    #[attr(optional)]
    force_update_version: Attr<bool>,
    /// The cluster and the name.
    #[attr(optional, computed)]
    id: Attr<String>,
    /// The types of machines.
    #[attr(optional, computed, requires_replace)]
    instance_types: Attr<Vec<String>>,
    /// The labels of the nodes in Kubernetes.
    #[attr(optional, zero_read)]
    labels: Attr<BTreeMap<String, String>>,
    /// The name.
    #[attr(optional, computed, requires_replace, validate_each = name, conflicts("node_group_name_prefix"))]
    node_group_name: Attr<String>,
    /// What a name that is made up begins with.
    #[attr(optional, computed, requires_replace, validate_each = name_prefix, conflicts("node_group_name"))]
    node_group_name_prefix: Attr<String>,
    /// The ARN of the role of the nodes.
    #[attr(required, requires_replace)]
    node_role_arn: Attr<String>,
    /// The version of the image.
    #[attr(optional, computed)]
    release_version: Attr<String>,
    /// What EKS made for it.
    #[attr(computed)]
    resources: Attr<Vec<Resources>>,
    /// The status.
    #[attr(computed)]
    status: Attr<String>,
    /// The subnets.
    #[attr(required, requires_replace, validate = super::cluster::not_empty)]
    subnet_ids: Attr<BTreeSet<String>>,
    #[model(flatten)]
    tags: Tags,
    /// The version of Kubernetes; that of the cluster if not given.
    #[attr(optional, computed)]
    version: Attr<String>,
    /// The launch template of the machines.
    #[block(list, max = 1)]
    launch_template: Blocks<LaunchTemplate>,
    /// Whether broken nodes are replaced.
    #[block(list, max = 1, computed)]
    node_repair_config: Blocks<NodeRepairConfig>,
    /// Who gets in by SSH.
    #[block(list, max = 1, requires_replace)]
    remote_access: Blocks<RemoteAccess>,
    /// How many nodes there are.
    #[block(list, min = 1, max = 1)]
    scaling_config: Blocks<ScalingConfig>,
    /// What keeps Pods away.
    #[block(set, max = 50)]
    taint: Blocks<Taint>,
    /// How many nodes are replaced at once.
    #[block(list, max = 1, computed)]
    update_config: Blocks<UpdateConfig>,
}

/// How long a node group usually takes.
const TYPICAL: Duration = Duration::from_secs(150);

fn name(text: &str) -> Result<(), String> {
    match text.len() {
        0..=63 => Ok(()),
        len => Err(format!("It may have 63 characters, not {len}.")),
    }
}

fn name_prefix(text: &str) -> Result<(), String> {
    match text.len() {
        0..=37 => Ok(()),
        len => Err(format!("It may have 37 characters, not {len}.")),
    }
}

fn ami_type(text: &str) -> Result<(), String> {
    match AMI_TYPES.contains(&text) {
        true => Ok(()),
        false => Err(format!("{text:?} is not one of {}.", AMI_TYPES.join(", "))),
    }
}

impl Resource for NodeGroup {
    type Cloud = Aws;

    async fn create(self, cx: &Cx<'_, Aws>) -> Applied<Self> {
        let mut group = self;
        group.choose_name(cx);
        let doing = format!("creating the EKS node group {}", group.id.as_str());
        let send = || async {
            let call = group.request(cx).send().await;
            call.map(|answer| answer.nodegroup).map_err(error::of)
        };
        let made = super::create(cx, send).await.doing(doing.clone())?;
        let partial = match made {
            Some(made) => group.clone().completed(&made, cx),
            None => group.clone(),
        };
        let found = group.wait_active(cx).await.doing(doing).keep(&partial)?;
        Ok(group.completed(&found, cx))
    }

    async fn read(mut self, cx: &Cx<'_, Aws>) -> Result<Option<Self>, Error> {
        self.tags = self.tags.reading();
        if self.labels.is_null() {
            self.labels = BTreeMap::new().into();
        }
        let found = self.describe(cx).await?;
        Ok(found.map(|found| self.completed(&found, cx)))
    }

    async fn update(self, prior: Self, cx: &Cx<'_, Aws>) -> Applied<Self> {
        let doing = format!("updating the EKS node group {}", self.id.as_str());
        if prior.status.as_str() == "CREATE_FAILED" {
            let found = self.wait_active(cx).await;
            found.doing(doing.clone()).keep(&prior)?;
        }
        self.change(&prior, cx).await.doing(doing).keep(&prior)?;
        let (was, is) = (prior.tags.wanted(cx), self.tags.wanted(cx));
        super::set_tags(cx, self.arn.as_str(), &was, &is)
            .await
            .keep(&prior)?;
        let found = self.wait_active(cx).await.keep(&prior)?;
        Ok(self.completed(&found, cx))
    }

    async fn delete(self, cx: &Cx<'_, Aws>) -> Result<(), Error> {
        let id = self.id.as_str();
        let send = || async {
            let call = cx
                .eks()
                .delete_nodegroup()
                .cluster_name(self.cluster_name.as_str())
                .nodegroup_name(self.node_group_name.as_str());
            error::done(call.send().await)
        };
        super::delete(cx, send)
            .await
            .doing(format!("deleting the EKS node group {id}"))?;
        let what = format!("the EKS node group {id} to be gone");
        let waiter = Waiter::new(what, cx.timeout()).typical(TYPICAL * 2);
        let probe = || async {
            let Some(found) = self.describe(cx).await? else {
                return Ok(Probe::Done(()));
            };
            match status(&found) {
                "DELETE_FAILED" => Err(failure(&found)),
                other => Ok(Probe::Pending(other.to_owned())),
            }
        };
        waiter.until(probe).await.map_err(Error::from)
    }

    async fn import(id: &str, _: &Cx<'_, Aws>) -> Result<Self, Error> {
        let parts = sdk::ids::split::<2>(id, "{cluster_name}:{node_group_name}");
        let [cluster, name] = parts.map_err(|e| Error::invalid(e.to_string()))?;
        Ok(Self {
            cluster_name: cluster.into(),
            id: id.into(),
            node_group_name: name.into(),
            ..Self::empty()
        })
    }

    async fn find_created(&self, cx: &Cx<'_, Aws>) -> Result<Option<Self>, Error> {
        let mut group = self.clone();
        group.choose_name(cx);
        let found = group.describe(cx).await?;
        let Some(found) = found.filter(|found| super::is_recent(cx, found.created_at())) else {
            return Ok(None);
        };
        let found = match status(&found) {
            "CREATE_FAILED" => found,
            _ => group.wait_active(cx).await?,
        };
        Ok(Some(group.completed(&found, cx)))
    }

    fn plan(change: &mut Change<'_, Self, Aws>) {
        // Elements of sets are planned as they are stored.
        for taint in change.planned.taint.iter_mut() {
            if taint.value.is_null() {
                taint.value = "".into();
            }
        }
    }
}

fn status(group: &types::Nodegroup) -> &str {
    group.status().map_or("", NodegroupStatus::as_str)
}

/// Why a node group does not work.
fn failure(found: &types::Nodegroup) -> Error {
    let issues = found.health().map(types::NodegroupHealth::issues);
    let issues = issues.unwrap_or_default().iter().map(|issue| {
        let code = issue.code().map_or("", |code| code.as_str());
        super::issue(
            code,
            issue.message().unwrap_or_default(),
            issue.resource_ids(),
        )
    });
    super::failed("The node group", status(found), &issues.collect::<Vec<_>>())
}

impl NodeGroup {
    fn choose_name(&mut self, cx: &Cx<'_, Aws>) {
        if self.node_group_name.as_str().is_empty() {
            let prefix = match self.node_group_name_prefix.as_str() {
                "" => "terraform-",
                prefix => prefix,
            };
            self.node_group_name = names::unique(prefix, cx).into();
        }
        let (cluster, name) = (self.cluster_name.as_str(), self.node_group_name.as_str());
        self.id = format!("{cluster}:{name}").into();
    }

    async fn describe(&self, cx: &Cx<'_, Aws>) -> Result<Option<types::Nodegroup>, Error> {
        let call = cx
            .eks()
            .describe_nodegroup()
            .cluster_name(self.cluster_name.as_str())
            .nodegroup_name(self.node_group_name.as_str());
        match call.send().await.map_err(error::of) {
            Ok(answer) => Ok(answer.nodegroup),
            Err(error) if error.is_not_found() => Ok(None),
            Err(error) => {
                Err(error.doing(format!("reading the EKS node group {}", self.id.as_str())))
            }
        }
    }

    async fn wait_active(&self, cx: &Cx<'_, Aws>) -> Result<types::Nodegroup, Error> {
        let what = format!("the EKS node group {} to become active", self.id.as_str());
        let waiter = Waiter::new(what, cx.timeout()).typical(TYPICAL);
        let probe = || async {
            let Some(found) = self.describe(cx).await? else {
                return Ok(Probe::Missing);
            };
            match status(&found) {
                "ACTIVE" | "DEGRADED" => Ok(Probe::Done(found)),
                "CREATE_FAILED" => Err(failure(&found)),
                other => Ok(Probe::Pending(other.to_owned())),
            }
        };
        waiter.until(probe).await.map_err(Error::from)
    }

    /// This with all that the cloud says about it.
    fn completed(mut self, found: &types::Nodegroup, cx: &Aws) -> Self {
        let text = |text: Option<&str>| Attr::from(text.unwrap_or_default());
        let name = found.nodegroup_name().unwrap_or_default();
        let labels = found.labels().into_iter().flatten();
        let labels = labels.map(|(key, value)| (key.clone(), value.clone()));
        self.ami_type = text(found.ami_type().map(|kind| kind.as_str()));
        self.arn = text(found.nodegroup_arn());
        self.capacity_type = text(found.capacity_type().map(|kind| kind.as_str()));
        self.cluster_name = text(found.cluster_name());
        self.disk_size = i64::from(found.disk_size().unwrap_or(0)).into();
        self.instance_types = found.instance_types().to_vec().into();
        self.labels = super::kept(labels.collect(), &self.labels);
        self.node_group_name = name.into();
        self.node_group_name_prefix = names::prefix_of(name).unwrap_or_default().into();
        self.node_role_arn = text(found.node_role());
        self.release_version = text(found.release_version());
        self.status = status(found).into();
        let subnets = found.subnets().iter().cloned();
        self.subnet_ids = subnets.collect::<BTreeSet<_>>().into();
        self.version = text(found.version());
        self.tags = self.tags.stored(super::pairs(found.tags()), cx);
        self.set_blocks(found);
        self
    }
}

#[cfg(test)]
mod tests {
    contract::contract! { crate::testing::WORLD, "aws_eks_node_group",
        needs: crate::testing::CLUSTER,
        create: r#"
            cluster_name    = aws_eks_cluster.c.name
            node_group_name = "a"
            node_role_arn   = aws_iam_role.node.arn
            subnet_ids      = aws_subnet.s[*].id
            scaling_config {
              desired_size = 1
              max_size     = 2
              min_size     = 1
            }"#,
        update: &[r#"
            cluster_name    = aws_eks_cluster.c.name
            node_group_name = "a"
            node_role_arn   = aws_iam_role.node.arn
            subnet_ids      = aws_subnet.s[*].id
            labels          = { a = "b" }
            scaling_config {
              desired_size = 2
              max_size     = 3
              min_size     = 1
            }
            taint {
              key    = "a"
              effect = "NO_SCHEDULE"
            }
            tags = { a = "b" }"#],
        replace: &[r#"
            cluster_name           = aws_eks_cluster.c.name
            node_group_name_prefix = "b-"
            node_role_arn          = aws_iam_role.node.arn
            subnet_ids             = aws_subnet.s[*].id
            capacity_type          = "SPOT"
            scaling_config {
              desired_size = 1
              max_size     = 2
              min_size     = 1
            }"#],
        import: "{id}",
    }
}
