//! VPCs, and what comes with each: a main route table, a default security group, a default network ACL.

mod attribute;
mod range;

use super::acl::Acl;
use super::describe::{Described, View, describe, write_one};
use super::group::Group;
use super::route_table::RouteTable;
use super::{Answer, Call, Ec2, Operation, dependency, done, net, tags};
use crate::aws::fault::Fault;
use crate::aws::xml::Xml;
use crate::clock::Instant;
use ipnet::{Ipv4Net, Ipv6Net};
pub(super) use range::{Range, associations, states};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A VPC.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Vpc {
    /// The IPv4 ranges; the first is the one it was made with.
    pub(super) ranges: Vec<Range<Ipv4Net>>,
    /// The IPv6 ranges.
    pub(super) ipv6_ranges: Vec<Range<Ipv6Net>>,
    tenancy: String,
    dhcp_options: String,
    dns_support: bool,
    dns_hostnames: bool,
    usage_metrics: bool,
    /// When it is available.
    due: Instant,
}

pub(super) const OPERATIONS: &[(&str, Operation)] = &[
    ("AssociateDhcpOptions", associate_dhcp_options),
    ("AssociateVpcCidrBlock", range::associate),
    ("CreateVpc", create),
    ("DeleteVpc", delete),
    ("DescribeVpcAttribute", |ec2, call, xml| {
        attribute::describe(ec2, call, xml)
    }),
    ("DescribeVpcs", |ec2, call, xml| {
        describe::<Vpc>(ec2, call, xml)
    }),
    ("DisassociateVpcCidrBlock", range::disassociate),
    ("ModifyVpcAttribute", attribute::modify),
    ("ModifyVpcTenancy", modify_tenancy),
];

impl Described for Vpc {
    const IDS: &'static str = "VpcId";
    const SET: &'static str = "vpcSet";
    const NOUN: &'static str = "vpc";
    const PREFIX: &'static str = "vpc";
    const NOT_FOUND: &'static str = "InvalidVpcID.NotFound";

    fn all(ec2: &Ec2) -> &BTreeMap<String, Self> {
        &ec2.vpcs
    }

    fn values(&self, id: &str, view: View<'_>, filter: &str) -> Option<Vec<String>> {
        let nets = || self.ranges.iter().map(|range| range.net.to_string());
        Some(match filter {
            "cidr" | "cidrBlock" => nets().take(1).collect(),
            "cidr-block-association.cidr-block" => nets().collect(),
            "cidr-block-association.association-id" => associations(&self.ranges),
            "cidr-block-association.state" => states(&self.ranges, view),
            "ipv6-cidr-block-association.ipv6-cidr-block" => {
                let nets = self.ipv6_ranges.iter();
                nets.map(|range| range.net.to_string()).collect()
            }
            "ipv6-cidr-block-association.association-id" => associations(&self.ipv6_ranges),
            "ipv6-cidr-block-association.state" => states(&self.ipv6_ranges, view),
            "dhcp-options-id" => vec![self.dhcp_options.clone()],
            "is-default" | "isDefault" => vec!["false".to_owned()],
            "owner-id" => vec![view.cx.account.to_owned()],
            "state" => vec![self.state(view).to_owned()],
            "vpc-id" => vec![id.to_owned()],
            _ => return None,
        })
    }

    fn write(&self, id: &str, view: View<'_>, xml: &mut Xml) {
        xml.leaf("vpcId", id);
        xml.leaf("ownerId", view.cx.account);
        xml.leaf("state", self.state(view));
        xml.optional("cidrBlock", self.ranges.first().map(|range| range.net));
        xml.set("cidrBlockAssociationSet", &self.ranges, |xml, range| {
            range.write(view, xml);
        });
        if !self.ipv6_ranges.is_empty() {
            let ranges = &self.ipv6_ranges;
            xml.set("ipv6CidrBlockAssociationSet", ranges, |xml, range| {
                range.write_pool(view, xml);
            });
        }
        xml.leaf("dhcpOptionsId", &self.dhcp_options);
        xml.leaf("instanceTenancy", &self.tenancy);
        xml.leaf("isDefault", false);
    }
}

impl Vpc {
    fn state(&self, view: View<'_>) -> &'static str {
        view.state(self.due, "pending", "available")
    }

    /// Whether all of a range of addresses belongs to the VPC.
    pub(super) fn contains(&self, net: Ipv4Net) -> bool {
        self.ranges.iter().any(|range| range.net.contains(&net))
    }

    /// Whether all of a range of IPv6 addresses belongs to the VPC.
    pub(super) fn contains_ipv6(&self, net: Ipv6Net) -> bool {
        self.ipv6_ranges
            .iter()
            .any(|range| range.net.contains(&net))
    }
}

fn create(ec2: &mut Ec2, call: &mut Call<'_>, xml: &mut Xml) -> Answer {
    let tags = tags::specified(call.query, "vpc")?;
    let net = range::read(call.query.required("CidrBlock")?)?;
    let tenancy = tenancy(call.query.text("InstanceTenancy").unwrap_or("default"))?;
    if call.query.has("Ipv4IpamPoolId") || call.query.has("Ipv6IpamPoolId") {
        let message = "The IPAM pool does not exist";
        return Err(Fault::new("InvalidIpamPoolId.NotFound", message));
    }
    let id = call.ids.aws("vpc");
    let vpc = Vpc {
        ranges: vec![Range::new("vpc", net, call.cx.clock.now(), call.ids)],
        ipv6_ranges: if call.query.flag("AmazonProvidedIpv6CidrBlock")? == Some(true) {
            vec![range::provided(call)]
        } else {
            Vec::new()
        },
        tenancy: tenancy.to_owned(),
        dhcp_options: ec2.default_dhcp_options(call.ids),
        dns_support: true,
        dns_hostnames: false,
        usage_metrics: false,
        due: call.cx.clock.due(),
    };
    ec2.vpcs.insert(id.clone(), vpc);
    ec2.tag(&id, tags);
    let table = RouteTable::main(&id, call.ids);
    ec2.route_tables.insert(call.ids.aws("rtb"), table);
    let acl = Acl::default_of(&id);
    ec2.acls.insert(call.ids.aws("acl"), acl);
    Group::default_of(ec2, &id, call);
    let view = View::begun(ec2, call.cx);
    xml.node("vpc", |xml| write_one::<Vpc>(&id, view, xml));
    Ok(())
}

fn delete(ec2: &mut Ec2, call: &mut Call<'_>, xml: &mut Xml) -> Answer {
    let id = call.query.required("VpcId")?;
    Vpc::find(ec2, id)?;
    let attached = |of: &Option<String>| of.as_deref() == Some(id);
    if ec2.subnets.values().any(|subnet| subnet.vpc == id)
        || ec2
            .internet_gateways
            .values()
            .any(|gateway| attached(&gateway.vpc))
        || ec2
            .egress_gateways
            .values()
            .any(|gateway| gateway.vpc == id)
        || ec2
            .route_tables
            .values()
            .any(|table| table.vpc == id && !table.is_main())
        || ec2
            .groups
            .values()
            .any(|group| group.vpc == id && !group.is_default())
        || ec2.interfaces.values().any(|interface| interface.vpc == id)
    {
        return Err(dependency("vpc", id));
    }
    let mut gone = Vec::new();
    ec2.route_tables
        .retain(|table_id, table| keep(&table.vpc, id, table_id, &mut gone));
    ec2.acls
        .retain(|acl_id, acl| keep(&acl.vpc, id, acl_id, &mut gone));
    ec2.groups.retain(|group_id, group| {
        let kept = keep(&group.vpc, id, group_id, &mut gone);
        if !kept {
            gone.extend(group.rules.iter().cloned());
        }
        kept
    });
    for of in &gone {
        ec2.rules.remove(of);
        ec2.tags.remove(of);
    }
    ec2.vpcs.remove(id);
    ec2.tags.remove(id);
    done(xml)
}

/// Whether an object stays when a VPC goes; if not, its id is noted.
fn keep(of: &str, vpc: &str, id: &str, gone: &mut Vec<String>) -> bool {
    let stays = of != vpc;
    if !stays {
        gone.push(id.to_owned());
    }
    stays
}

fn associate_dhcp_options(ec2: &mut Ec2, call: &mut Call<'_>, xml: &mut Xml) -> Answer {
    let id = call.query.required("VpcId")?;
    let options = call.query.required("DhcpOptionsId")?;
    if options != "default" {
        super::dhcp::DhcpOptions::find(ec2, options)?;
    }
    ec2.vpc_mut(id)?.dhcp_options = options.to_owned();
    done(xml)
}

fn modify_tenancy(ec2: &mut Ec2, call: &mut Call<'_>, xml: &mut Xml) -> Answer {
    let id = call.query.required("VpcId")?;
    let wanted = tenancy(call.query.required("InstanceTenancy")?)?;
    let vpc = ec2.vpc_mut(id)?;
    if wanted != "default" {
        let message = format!(
            "Value ({wanted}) for parameter instanceTenancy is invalid. A VPC's tenancy can only become default"
        );
        return Err(Fault::new("InvalidParameterValue", message));
    }
    vpc.tenancy = wanted.to_owned();
    done(xml)
}

fn tenancy(text: &str) -> Result<&str, Fault> {
    if matches!(text, "default" | "dedicated" | "host") {
        return Ok(text);
    }
    let message = format!("Value ({text}) for parameter instanceTenancy is invalid.");
    Err(Fault::new("InvalidParameterValue", message))
}

impl Ec2 {
    /// The VPC, to change it.
    fn vpc_mut(&mut self, id: &str) -> Result<&mut Vpc, Fault> {
        let vpc = self.vpcs.get_mut(id);
        vpc.ok_or_else(|| super::describe::not_found::<Vpc>(&[id]))
    }
}
