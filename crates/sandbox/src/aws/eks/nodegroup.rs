//! Node groups.

mod change;
mod create;

use super::Eks;
use super::call::{Call, Origin, Scene};
use super::living::Living;
use super::network;
use super::refusal::{in_use, invalid, not_found};
use super::tags::Tags;
use crate::aws::ec2::Ec2;
use crate::aws::fault::Fault;
pub(crate) use change::{update_config, update_version};
pub(crate) use create::create;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// A node group.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Nodegroup {
    pub(crate) living: Living<Described>,
    pub(crate) tags: Tags,
    pub(crate) origin: Option<Origin>,
    /// The group that lets people in, if EKS made one.
    pub(crate) remote_access_group: Option<String>,
}

/// A node group as DescribeNodegroup shows it, without tags and status.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Described {
    pub(crate) nodegroup_name: String,
    pub(crate) nodegroup_arn: String,
    cluster_name: String,
    pub(crate) version: String,
    release_version: String,
    created_at: f64,
    modified_at: f64,
    capacity_type: String,
    scaling_config: Scaling,
    #[serde(skip_serializing_if = "Option::is_none")]
    instance_types: Option<Vec<String>>,
    subnets: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    remote_access: Option<Value>,
    ami_type: String,
    node_role: String,
    labels: BTreeMap<String, String>,
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    taints: Vec<Taint>,
    resources: Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    disk_size: Option<u32>,
    update_config: Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    node_repair_config: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    launch_template: Option<Value>,
}

/// How many nodes there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Scaling {
    min_size: u32,
    max_size: u32,
    desired_size: u32,
}

/// What keeps Pods away from nodes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Taint {
    key: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<String>,
    effect: String,
}

impl Nodegroup {
    /// The role of its nodes.
    pub(crate) fn role(&self) -> &str {
        &self.living.shown.node_role
    }

    /// Takes from EC2 what it had there.
    pub(crate) fn release(&self, ec2: &mut Ec2) {
        network::detach(ec2, &self.living.shown.nodegroup_arn);
        if let Some(group) = &self.remote_access_group {
            network::drop_group(ec2, group);
        }
    }

    fn view(&self) -> Value {
        let mut view = json!(self.living.shown);
        view["status"] = json!(self.living.status());
        view["tags"] = json!(self.tags);
        view["health"] = json!({"issues": []});
        if self.living.status() == "CREATING" {
            // There is no Auto Scaling group yet.
            view["resources"] = json!({});
        }
        view
    }
}

impl Scaling {
    /// The scaling that is asked for, upon what was before.
    fn of(asked: &Value, before: Self) -> Result<Self, Fault> {
        let size = |name: &str, before: u32| match &asked[name] {
            Value::Null => Ok(before),
            value => value
                .as_u64()
                .and_then(|size| u32::try_from(size).ok())
                .ok_or_else(|| invalid(format!("{name} must be a number that is not negative"))),
        };
        let Self {
            min_size: min,
            max_size: max,
            desired_size: desired,
        } = Self {
            min_size: size("minSize", before.min_size)?,
            max_size: size("maxSize", before.max_size)?,
            desired_size: size("desiredSize", before.desired_size)?,
        };
        if max == 0 {
            return Err(invalid("Maximum size must be at least 1"));
        }
        if min > desired {
            return Err(invalid(format!(
                "Minimum capacity {min} can't be greater than desired size {desired}"
            )));
        }
        if desired > max {
            return Err(invalid(format!(
                "desired capacity {desired} can't be greater than max size {max}"
            )));
        }
        Ok(Self {
            min_size: min,
            max_size: max,
            desired_size: desired,
        })
    }
}

/// Refuses taints that Kubernetes has not, and two with the same key and effect.
fn check_taints(taints: &[Taint]) -> Result<(), Fault> {
    const EFFECTS: [&str; 3] = ["NO_SCHEDULE", "NO_EXECUTE", "PREFER_NO_SCHEDULE"];
    for (at, taint) in taints.iter().enumerate() {
        if !EFFECTS.contains(&taint.effect.as_str()) {
            return Err(invalid(format!(
                "Unsupported taint effect: {}",
                taint.effect
            )));
        }
        let same = |other: &Taint| other.key == taint.key && other.effect == taint.effect;
        if taints.iter().take(at).any(same) {
            return Err(invalid(format!(
                "Duplicate taints with the key {} and the effect {}",
                taint.key, taint.effect
            )));
        }
    }
    Ok(())
}

/// How many nodes change at once: the number or the share that is asked for.
fn update_of(asked: &Value) -> Result<Value, Fault> {
    match (&asked["maxUnavailable"], &asked["maxUnavailablePercentage"]) {
        (Value::Null, Value::Null) => Ok(json!({"maxUnavailable": 1})),
        (count, Value::Null)
            if count
                .as_u64()
                .is_some_and(|count| (1..=100).contains(&count)) =>
        {
            Ok(json!({"maxUnavailable": count}))
        }
        (Value::Null, share)
            if share
                .as_u64()
                .is_some_and(|share| (1..=100).contains(&share)) =>
        {
            Ok(json!({"maxUnavailablePercentage": share}))
        }
        _ => Err(invalid(
            "The updateConfig must have either maxUnavailable or maxUnavailablePercentage, between 1 and 100",
        )),
    }
}

/// A node group that does not exist.
pub(crate) fn unknown(name: &str) -> Fault {
    not_found(format!("No node group found for name: {name}."))
}

/// ListNodegroups
pub(crate) fn list(eks: &Eks, call: &Call<'_>) -> Result<Value, Fault> {
    let cluster = eks.cluster(call.part(1))?;
    let names = cluster.nodegroups.keys();
    call.page("nodegroups", names.map(|name| json!(name)).collect())
}

/// DescribeNodegroup
pub(crate) fn describe(eks: &Eks, call: &Call<'_>) -> Result<Value, Fault> {
    let cluster = eks.cluster(call.part(1))?;
    Ok(json!({"nodegroup": cluster.nodegroup(call.part(3))?.view()}))
}

/// DeleteNodegroup
pub(crate) fn delete(eks: &mut Eks, call: &Call<'_>, scene: &Scene<'_>) -> Result<Value, Fault> {
    let cluster = eks.cluster_mut(call.part(1))?;
    let name = call.part(3);
    let found = cluster.nodegroups.get_mut(name);
    let nodegroup = found.ok_or_else(|| unknown(name))?;
    match nodegroup.living.status() {
        "DELETING" => {}
        "UPDATING" => {
            return Err(in_use(
                "Nodegroup cannot be deleted as it is currently not in Active State",
            ));
        }
        _ => nodegroup.living.delete(scene.due),
    }
    Ok(json!({"nodegroup": nodegroup.view()}))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_in_order() {
        let before = Scaling {
            min_size: 1,
            max_size: 2,
            desired_size: 2,
        };
        let to = Scaling::of(&json!({"maxSize": 5, "desiredSize": 3}), before).unwrap();
        assert_eq!((to.min_size, to.desired_size, to.max_size), (1, 3, 5));
        let message = |asked| Scaling::of(&asked, before).unwrap_err().message;
        assert_eq!(
            message(json!({"minSize": 3})),
            "Minimum capacity 3 can't be greater than desired size 2"
        );
        assert_eq!(
            message(json!({"desiredSize": 3})),
            "desired capacity 3 can't be greater than max size 2"
        );
        assert!(Scaling::of(&json!({"maxSize": -1}), before).is_err());
    }

    #[test]
    fn taints_are_checked() {
        let taint = |key: &str, effect: &str| Taint {
            key: key.to_owned(),
            value: None,
            effect: effect.to_owned(),
        };
        assert!(check_taints(&[taint("a", "NO_SCHEDULE"), taint("a", "NO_EXECUTE")]).is_ok());
        assert!(check_taints(&[taint("a", "NO_SCHEDULE"), taint("a", "NO_SCHEDULE")]).is_err());
        assert!(check_taints(&[taint("a", "NoSchedule")]).is_err());
    }
}
