//! Making and changing a node group: its version first, then all else at once; each is waited for.

use super::{NodeGroup, TYPICAL, Taint};
use crate::services::eks::{self, Changed};
use crate::tags::Tagged;
use crate::{Aws, error};
use aws_sdk_eks::operation::create_nodegroup::builders::CreateNodegroupFluentBuilder;
use aws_sdk_eks::types;
use sdk::{Cx, Error};

impl NodeGroup {
    /// The request that makes it.
    pub(super) fn request(&self, cx: &Cx<'_, Aws>) -> CreateNodegroupFluentBuilder {
        let text = eks::text;
        let remote = self.remote_access.first().map(|access| {
            let groups = access.source_security_group_ids.known();
            types::RemoteAccessConfig::builder()
                .set_ec2_ssh_key(text(&access.ec2_ssh_key))
                .set_source_security_groups(groups.map(|set| set.iter().cloned().collect()))
                .build()
        });
        let taints: Vec<_> = self.taint.iter().map(taint).collect();
        let labels = self.labels.or_default();
        let subnets = self.subnet_ids.or_default().into_iter().collect();
        let (ami, capacity) = (text(&self.ami_type), text(&self.capacity_type));
        cx.eks()
            .create_nodegroup()
            .cluster_name(self.cluster_name.as_str())
            .nodegroup_name(self.node_group_name.as_str())
            .node_role(self.node_role_arn.as_str())
            .set_client_request_token(eks::token(cx))
            .set_subnets(Some(subnets))
            .set_tags(eks::tags(self.tags.wanted(cx)))
            .set_ami_type(ami.map(|kind| types::AmiTypes::from(kind.as_str())))
            .set_capacity_type(capacity.map(|kind| types::CapacityTypes::from(kind.as_str())))
            .set_disk_size(eks::number(&self.disk_size).filter(|size| *size != 0))
            .set_instance_types(self.instance_types.to_option().filter(|t| !t.is_empty()))
            .set_labels((!labels.is_empty()).then(|| labels.into_iter().collect()))
            .set_launch_template(self.template())
            .set_node_repair_config(self.repair())
            .set_release_version(text(&self.release_version))
            .set_remote_access(remote)
            .set_scaling_config(self.scaling())
            .set_taints((!taints.is_empty()).then_some(taints))
            .set_update_config(self.updating())
            .set_version(text(&self.version))
    }

    /// Brings the node group from `prior` to this.
    pub(super) async fn change(&self, prior: &Self, cx: &Cx<'_, Aws>) -> Result<(), Error> {
        self.change_version(prior, cx).await?;
        self.change_config(prior, cx).await
    }

    async fn change_version(&self, prior: &Self, cx: &Cx<'_, Aws>) -> Result<(), Error> {
        let version = self.version.is_known() && self.version != prior.version;
        let release =
            self.release_version.is_known() && self.release_version != prior.release_version;
        let template = self.template() != prior.template();
        if !version && !release && !template {
            return Ok(());
        }
        let (cluster, name) = (self.cluster_name.as_str(), self.node_group_name.as_str());
        let call = cx
            .eks()
            .update_nodegroup_version()
            .cluster_name(cluster)
            .nodegroup_name(name)
            .set_force(self.force_update_version.is_true().then_some(true))
            .set_launch_template(self.template())
            .set_release_version(eks::text(&self.release_version).filter(|_| release))
            .set_version(eks::text(&self.version).filter(|_| version));
        let send = || async {
            let answer = call.clone().send().await;
            answer.map(|answer| answer.update).map_err(error::of)
        };
        let update = eks::change(cx, send).await?;
        eks::wait_update(cx, cluster, Changed::Nodegroup(name), update, TYPICAL * 4).await
    }

    async fn change_config(&self, prior: &Self, cx: &Cx<'_, Aws>) -> Result<(), Error> {
        let (labels, taints) = (self.label_changes(prior), self.taint_changes(prior));
        let repair = self.repair().filter(|_| self.repair() != prior.repair());
        let scaling = self.scaling().filter(|_| self.scaling() != prior.scaling());
        let updating = self
            .updating()
            .filter(|_| self.updating() != prior.updating());
        if labels.is_none()
            && taints.is_none()
            && repair.is_none()
            && scaling.is_none()
            && updating.is_none()
        {
            return Ok(());
        }
        let (cluster, name) = (self.cluster_name.as_str(), self.node_group_name.as_str());
        let call = cx
            .eks()
            .update_nodegroup_config()
            .cluster_name(cluster)
            .nodegroup_name(name)
            .set_labels(labels)
            .set_taints(taints)
            .set_node_repair_config(repair)
            .set_scaling_config(scaling)
            .set_update_config(updating);
        let send = || async {
            let answer = call.clone().send().await;
            answer.map(|answer| answer.update).map_err(error::of)
        };
        let update = eks::change(cx, send).await?;
        eks::wait_update(cx, cluster, Changed::Nodegroup(name), update, TYPICAL).await
    }

    fn label_changes(&self, prior: &Self) -> Option<types::UpdateLabelsPayload> {
        let (was, is) = (prior.labels.or_default(), self.labels.or_default());
        let (set, gone) = crate::tags::changes(&was, &is);
        (!set.is_empty() || !gone.is_empty()).then(|| {
            types::UpdateLabelsPayload::builder()
                .set_add_or_update_labels((!set.is_empty()).then(|| set.into_iter().collect()))
                .set_remove_labels((!gone.is_empty()).then_some(gone))
                .build()
        })
    }

    fn taint_changes(&self, prior: &Self) -> Option<types::UpdateTaintsPayload> {
        let key = |taint: &Taint| (taint.key.or_default(), taint.effect.or_default());
        let set: Vec<_> = self
            .taint
            .iter()
            .filter(|new| !prior.taint.contains(new))
            .map(taint)
            .collect();
        let gone: Vec<_> = prior
            .taint
            .iter()
            .filter(|old| !self.taint.iter().any(|new| key(new) == key(old)))
            .map(taint)
            .collect();
        (!set.is_empty() || !gone.is_empty()).then(|| {
            types::UpdateTaintsPayload::builder()
                .set_add_or_update_taints((!set.is_empty()).then_some(set))
                .set_remove_taints((!gone.is_empty()).then_some(gone))
                .build()
        })
    }

    /// By id if it is known: id and name exclude each other in requests.
    fn template(&self) -> Option<types::LaunchTemplateSpecification> {
        self.launch_template.first().map(|template| {
            let id = eks::text(&template.id);
            let name = eks::text(&template.name).filter(|_| id.is_none());
            types::LaunchTemplateSpecification::builder()
                .set_id(id)
                .set_name(name)
                .set_version(eks::text(&template.version))
                .build()
        })
    }

    fn repair(&self) -> Option<types::NodeRepairConfig> {
        self.node_repair_config.first().map(|repair| {
            types::NodeRepairConfig::builder()
                .enabled(repair.enabled.is_true())
                .build()
        })
    }

    fn scaling(&self) -> Option<types::NodegroupScalingConfig> {
        self.scaling_config.first().map(|scaling| {
            types::NodegroupScalingConfig::builder()
                .set_desired_size(eks::number(&scaling.desired_size))
                .set_max_size(eks::number(&scaling.max_size))
                .set_min_size(eks::number(&scaling.min_size))
                .build()
        })
    }

    fn updating(&self) -> Option<types::NodegroupUpdateConfig> {
        self.update_config.first().map(|update| {
            let given = |n| eks::number(n).filter(|n| *n != 0);
            types::NodegroupUpdateConfig::builder()
                .set_max_unavailable(given(&update.max_unavailable))
                .set_max_unavailable_percentage(given(&update.max_unavailable_percentage))
                .build()
        })
    }
}

fn taint(taint: &Taint) -> types::Taint {
    types::Taint::builder()
        .key(taint.key.as_str())
        .effect(types::TaintEffect::from(taint.effect.as_str()))
        .set_value(eks::text(&taint.value))
        .build()
}
