//! What clusters have in EC2: a security group, and network interfaces of the control plane and of nodes.

use super::call::Scene;
use super::cluster::VpcConfig;
use super::refusal::{invalid, refused};
use crate::aws::ec2::{Ec2, ServiceGroup, ServiceInterface};
use crate::aws::fault::Fault;
use ipnet::Ipv4Net;
use std::collections::BTreeSet;

/// More nodes than these have no network interfaces.
const MOST_NODES: u32 = 20;

/// What EC2 has refused, as EKS passes it on.
fn passed_on(fault: &Fault) -> Fault {
    invalid(format!(
        "{} (Service: AmazonEC2; Status Code: {}; Error Code: {})",
        fault.message,
        fault.status.as_u16(),
        fault.code
    ))
}

/// The VPC of the subnets of a cluster, which lie in two zones or more.
pub(crate) fn place(subnets: &[String], scene: &Scene<'_>) -> Result<String, Fault> {
    let (vpc, zones) = located(subnets, scene)?;
    if zones < 2 {
        return Err(invalid(
            "Subnets specified must be in at least two different AZs",
        ));
    }
    Ok(vpc)
}

/// Refuses subnets of nodes that are not in the VPC of the cluster.
pub(crate) fn nodes(subnets: &[String], vpc: &str, scene: &Scene<'_>) -> Result<(), Fault> {
    let (of, _) = located(subnets, scene)?;
    if of == vpc {
        return Ok(());
    }
    Err(invalid(format!(
        "Subnets specified must belong to the VPC {vpc} of the cluster"
    )))
}

/// The VPC of subnets, and in how many zones they lie.
fn located(subnets: &[String], scene: &Scene<'_>) -> Result<(String, usize), Fault> {
    let (mut vpcs, mut zones) = (BTreeSet::new(), BTreeSet::new());
    for id in subnets {
        let place = scene.ec2.place_of_subnet(id);
        let (vpc, zone) = place.map_err(|fault| passed_on(&fault))?;
        vpcs.insert(vpc);
        zones.insert(zone);
    }
    match (vpcs.first(), vpcs.len()) {
        (Some(vpc), 1) => Ok(((*vpc).to_owned(), zones.len())),
        (None, _) => Err(invalid("Subnets must be specified")),
        _ => Err(invalid("Subnets specified must belong to the same VPC")),
    }
}

/// Refuses security groups that are not in the VPC.
pub(crate) fn check_groups(groups: &[String], vpc: &str, scene: &Scene<'_>) -> Result<(), Fault> {
    for id in groups {
        let of = scene.ec2.vpc_of_group(id);
        if of.map_err(|fault| passed_on(&fault))? != vpc {
            return Err(invalid(format!(
                "Security group(s) [{id}] are not in the same VPC as the subnets. Please specify all security groups in the VPC {vpc}"
            )));
        }
    }
    Ok(())
}

/// The ranges of the VPC.
pub(crate) fn ranges(vpc: &str, scene: &Scene<'_>) -> Vec<Ipv4Net> {
    scene.ec2.ranges_of_vpc(vpc).unwrap_or_default()
}

/// Makes the security group of a cluster.
pub(crate) fn cluster_group(cluster: &str, vpc: &str, scene: &mut Scene<'_>) -> String {
    let number = scene.ids.text(b"0123456789", 9);
    let name = format!("eks-cluster-sg-{cluster}-{number}");
    let tags = [
        ("Name".to_owned(), name.clone()),
        ("aws:eks:cluster-name".to_owned(), cluster.to_owned()),
        (
            format!("kubernetes.io/cluster/{cluster}"),
            "owned".to_owned(),
        ),
    ];
    let group = ServiceGroup {
        vpc,
        name: &name,
        description: "EKS created security group applied to ENI that is attached to EKS Control Plane master nodes, as well as any managed workloads.",
        tags: tags.into(),
    };
    scene.ec2.make_service_group(group, scene.ids)
}

/// Attaches the control plane to its subnets.
pub(crate) fn attach(
    cluster: &str,
    arn: &str,
    config: &VpcConfig,
    scene: &mut Scene<'_>,
) -> Result<(), Fault> {
    let own = std::iter::once(&config.cluster_security_group_id);
    let groups: Vec<_> = own.chain(&config.security_group_ids).cloned().collect();
    // Two are enough, in two zones.
    let mut zones = BTreeSet::new();
    for subnet in &config.subnet_ids {
        let place = scene.ec2.place_of_subnet(subnet);
        let (_, zone) = place.map_err(|fault| passed_on(&fault))?;
        if zones.len() == 2 || !zones.insert(zone.to_owned()) {
            continue;
        }
        let interface = ServiceInterface {
            subnet,
            groups: &groups,
            description: &format!("Amazon EKS {cluster}"),
            owner: arn,
        };
        let made = scene.ec2.make_service_interface(&interface, scene.ids);
        made.map_err(|fault| refused(fault.message))?;
    }
    Ok(())
}

/// Gives nodes network interfaces, in one subnet after the other. Where there is no address left, a node has none.
pub(crate) fn run_nodes(
    count: u32,
    arn: &str,
    subnets: &[String],
    group: &str,
    scene: &mut Scene<'_>,
) {
    let groups = [group.to_owned()];
    for (_, subnet) in (0..count.min(MOST_NODES)).zip(subnets.iter().cycle()) {
        let interface = ServiceInterface {
            subnet,
            groups: &groups,
            description: "aws-K8S node",
            owner: arn,
        };
        // An error is a node that does not come up, which nobody waits for here.
        let _ = scene.ec2.make_service_interface(&interface, scene.ids);
    }
}

/// Takes the network interfaces of nodes, or of a control plane, away.
pub(crate) fn detach(ec2: &mut Ec2, arn: &str) {
    ec2.remove_service_interfaces(arn);
}

/// Makes the security group that lets people into nodes.
pub(crate) fn remote_access_group(nodegroup: &str, vpc: &str, scene: &mut Scene<'_>) -> String {
    let name = format!("eks-remoteAccess-{}", scene.ids.uuid());
    let group = ServiceGroup {
        vpc,
        name: &name,
        description: "Security group for all nodes in the nodeGroup to allow SSH access",
        tags: [("eks:nodegroup-name".to_owned(), nodegroup.to_owned())].into(),
    };
    scene.ec2.make_service_group(group, scene.ids)
}

/// The id and the name of a launch template, one of which is given. The sandbox has no launch templates: any one will do.
pub(crate) fn launch_template(id: Option<&str>, name: Option<&str>) -> (String, String) {
    let other = |given: Option<&str>, prefix: &str| {
        let hash = given
            .unwrap_or_default()
            .bytes()
            .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
                (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3)
            });
        format!("{prefix}-0{hash:016x}")
    };
    (
        id.map_or_else(|| other(name, "lt"), str::to_owned),
        name.map_or_else(|| other(id, "template"), str::to_owned),
    )
}

/// Takes a security group away.
pub(crate) fn drop_group(ec2: &mut Ec2, group: &str) {
    ec2.remove_service_group(group);
}
