//! The nested blocks of a node group, and how they are read.

use super::NodeGroup;
use aws_sdk_eks::types;
use sdk::{Attr, Model};
use std::collections::BTreeSet;

/// The kinds of images.
pub(super) const AMI_TYPES: [&str; 19] = [
    "AL2_x86_64",
    "AL2_x86_64_GPU",
    "AL2_ARM_64",
    "CUSTOM",
    "BOTTLEROCKET_ARM_64",
    "BOTTLEROCKET_x86_64",
    "BOTTLEROCKET_ARM_64_FIPS",
    "BOTTLEROCKET_x86_64_FIPS",
    "BOTTLEROCKET_ARM_64_NVIDIA",
    "BOTTLEROCKET_x86_64_NVIDIA",
    "WINDOWS_CORE_2019_x86_64",
    "WINDOWS_FULL_2019_x86_64",
    "WINDOWS_CORE_2022_x86_64",
    "WINDOWS_FULL_2022_x86_64",
    "AL2023_x86_64_STANDARD",
    "AL2023_ARM_64_STANDARD",
    "AL2023_x86_64_NEURON",
    "AL2023_x86_64_NVIDIA",
    "AL2023_ARM_64_NVIDIA",
];

/// What EKS made for a node group.
#[derive(Model, Clone, Debug, PartialEq)]
pub(crate) struct Resources {
    /// The Auto Scaling groups.
    #[attr(computed)]
    pub(super) autoscaling_groups: Attr<Vec<AutoscalingGroup>>,
    /// The group that lets SSH in.
    #[attr(computed)]
    pub(super) remote_access_security_group_id: Attr<String>,
}

/// An Auto Scaling group.
#[derive(Model, Clone, Debug, PartialEq)]
pub(crate) struct AutoscalingGroup {
    /// Its name.
    #[attr(computed)]
    pub(super) name: Attr<String>,
}

/// The launch template of the machines.
#[derive(Model, Clone, Debug, PartialEq)]
pub(crate) struct LaunchTemplate {
    /// The id.
    #[attr(optional, computed, requires_replace, conflicts("name"))]
    pub(super) id: Attr<String>,
    /// The name.
    #[attr(optional, computed, requires_replace, conflicts("id"))]
    pub(super) name: Attr<String>,
    /// The version.
    #[attr(required)]
    pub(super) version: Attr<String>,
}

/// Whether broken nodes are replaced.
#[derive(Model, Clone, Debug, PartialEq)]
pub(crate) struct NodeRepairConfig {
    /// Whether they are.
    #[attr(optional, default = false)]
    pub(super) enabled: Attr<bool>,
}

/// Who gets in by SSH.
#[derive(Model, Clone, Debug, PartialEq)]
pub(crate) struct RemoteAccess {
    /// The name of the key pair.
    #[attr(optional, zero, requires_replace)]
    pub(super) ec2_ssh_key: Attr<String>,
    /// From which groups; from everywhere if none is given.
    #[attr(optional, zero_read, requires_replace)]
    pub(super) source_security_group_ids: Attr<BTreeSet<String>>,
}

/// How many nodes there are.
#[derive(Model, Clone, Debug, PartialEq)]
pub(crate) struct ScalingConfig {
    /// Now.
    #[attr(required, range(0, i64::MAX))]
    pub(super) desired_size: Attr<i64>,
    /// At most.
    #[attr(required, range(1, i64::MAX))]
    pub(super) max_size: Attr<i64>,
    /// At least.
    #[attr(required, range(0, i64::MAX))]
    pub(super) min_size: Attr<i64>,
}

/// What keeps Pods away from nodes.
#[derive(Model, Clone, Debug, PartialEq)]
pub(crate) struct Taint {
    /// What becomes of Pods that do not tolerate it.
    #[attr(required, one_of("NO_SCHEDULE", "NO_EXECUTE", "PREFER_NO_SCHEDULE"))]
    pub(super) effect: Attr<String>,
    /// The key.
    #[attr(required)]
    pub(super) key: Attr<String>,
    /// The value.
    #[attr(optional, zero)]
    pub(super) value: Attr<String>,
}

/// How many nodes are replaced at once.
#[derive(Model, Clone, Debug, PartialEq)]
#[model(exactly_one_of("max_unavailable", "max_unavailable_percentage"))]
pub(crate) struct UpdateConfig {
    /// So many.
    #[attr(optional, zero, range(1, 100))]
    pub(super) max_unavailable: Attr<i64>,
    /// So many of a hundred.
    #[attr(optional, zero, range(1, 100))]
    pub(super) max_unavailable_percentage: Attr<i64>,
}

impl NodeGroup {
    /// Takes over all nested blocks.
    pub(super) fn set_blocks(&mut self, found: &types::Nodegroup) {
        let text = |text: Option<&str>| Attr::from(text.unwrap_or_default());
        let number = |number: Option<i32>| Attr::from(i64::from(number.unwrap_or(0)));
        self.launch_template = found
            .launch_template()
            .map(|template| LaunchTemplate {
                id: text(template.id()),
                name: text(template.name()),
                version: text(template.version()),
            })
            .into();
        self.node_repair_config = found
            .node_repair_config()
            .map(|repair| NodeRepairConfig {
                enabled: repair.enabled().unwrap_or(false).into(),
            })
            .into();
        let known = self.remote_access.first();
        let known = known.map(|access| access.source_security_group_ids.clone());
        self.remote_access = found
            .remote_access()
            .map(|access| RemoteAccess {
                ec2_ssh_key: text(access.ec2_ssh_key()),
                source_security_group_ids: super::super::kept(
                    access.source_security_groups().iter().cloned().collect(),
                    &known.unwrap_or_default(),
                ),
            })
            .into();
        self.scaling_config = found
            .scaling_config()
            .map(|scaling| ScalingConfig {
                desired_size: number(scaling.desired_size()),
                max_size: number(scaling.max_size()),
                min_size: number(scaling.min_size()),
            })
            .into();
        let taint = |taint: &types::Taint| Taint {
            effect: text(taint.effect().map(|effect| effect.as_str())),
            key: text(taint.key()),
            value: text(taint.value()),
        };
        self.taint = found.taints().iter().map(taint).collect();
        self.update_config = found
            .update_config()
            .map(|update| UpdateConfig {
                max_unavailable: number(update.max_unavailable()),
                max_unavailable_percentage: number(update.max_unavailable_percentage()),
            })
            .into();
        let resources = found.resources().map(|resources| {
            let groups = resources.auto_scaling_groups().iter();
            let groups = groups.map(|group| AutoscalingGroup {
                name: text(group.name()),
            });
            Resources {
                autoscaling_groups: groups.collect::<Vec<_>>().into(),
                remote_access_security_group_id: text(resources.remote_access_security_group()),
            }
        });
        self.resources = resources.into_iter().collect::<Vec<_>>().into();
    }
}
