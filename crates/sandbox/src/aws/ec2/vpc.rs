//! VPCs.

use super::describe::{Described, View, describe, write_one};
use super::{Answer, Call, Ec2, Operation, done, tags};
use crate::aws::fault::Fault;
use crate::aws::xml::Xml;
use crate::clock::Instant;
use ipnet::Ipv4Net;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A VPC.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Vpc {
    /// The IPv4 ranges; the first is the one it was made with.
    pub(super) ranges: Vec<Range<Ipv4Net>>,
    tenancy: String,
    dns_support: bool,
    dns_hostnames: bool,
    usage_metrics: bool,
    /// When it is available.
    due: Instant,
}

/// A range of addresses that belongs to a VPC.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Range<N> {
    pub(super) association: String,
    pub(super) net: N,
    /// When it is associated.
    pub(super) due: Instant,
}

pub(super) const OPERATIONS: &[(&str, Operation)] = &[
    ("CreateVpc", create),
    ("DeleteVpc", delete),
    ("DescribeVpcs", |ec2, call, xml| {
        describe::<Vpc>(ec2, call, xml)
    }),
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
            "cidr-block-association.association-id" => {
                let ids = self.ranges.iter().map(|range| range.association.clone());
                ids.collect()
            }
            "cidr-block-association.state" => vec!["associated".to_owned()],
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
            xml.leaf("cidrBlock", range.net);
            xml.leaf("associationId", &range.association);
            xml.node("cidrBlockState", |xml| xml.leaf("state", "associated"));
        });
        xml.leaf("instanceTenancy", &self.tenancy);
        xml.leaf("isDefault", false);
    }
}

impl Vpc {
    fn state(&self, view: View<'_>) -> &'static str {
        view.state(self.due, "pending", "available")
    }
}

fn create(ec2: &mut Ec2, call: &mut Call<'_>, xml: &mut Xml) -> Answer {
    let tags = tags::specified(call.query, "vpc")?;
    let net = range(call.query.required("CidrBlock")?)?;
    let tenancy = call.query.text("InstanceTenancy").unwrap_or("default");
    let id = call.ids.aws("vpc");
    let vpc = Vpc {
        ranges: vec![Range {
            association: call.ids.aws("vpc-cidr-assoc"),
            net,
            due: call.cx.clock.now(),
        }],
        tenancy: tenancy.to_owned(),
        dns_support: true,
        dns_hostnames: false,
        usage_metrics: false,
        due: call.cx.clock.due(),
    };
    ec2.vpcs.insert(id.clone(), vpc);
    ec2.tag(&id, tags);
    let view = View::begun(ec2, call.cx);
    xml.node("vpc", |xml| write_one::<Vpc>(&id, view, xml));
    Ok(())
}

fn delete(ec2: &mut Ec2, call: &mut Call<'_>, xml: &mut Xml) -> Answer {
    let id = call.query.required("VpcId")?;
    Vpc::find(ec2, id)?;
    ec2.vpcs.remove(id);
    ec2.tags.remove(id);
    done(xml)
}

/// Reads the range of a VPC: between /16 and /28, host bits zero.
fn range(text: &str) -> Result<Ipv4Net, Fault> {
    let net: Ipv4Net = super::net(text)?;
    if (16..=28).contains(&net.prefix_len()) {
        return Ok(net);
    }
    Err(Fault::new(
        "InvalidVpc.Range",
        format!("The CIDR '{text}' is invalid."),
    ))
}
