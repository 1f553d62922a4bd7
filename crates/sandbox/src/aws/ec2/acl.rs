//! Network ACLs: each VPC has one, which lets everything through, and its subnets have that one.

use super::describe::{Described, View, describe};
use super::{Ec2, Operation};
use crate::Ids;
use crate::aws::xml::Xml;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A network ACL.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Acl {
    pub(super) vpc: String,
    /// The association with each subnet.
    subnets: BTreeMap<String, String>,
}

pub(super) const OPERATIONS: &[(&str, Operation)] = &[("DescribeNetworkAcls", |ec2, call, xml| {
    describe::<Acl>(ec2, call, xml)
})];

impl Described for Acl {
    const IDS: &'static str = "NetworkAclId";
    const SET: &'static str = "networkAclSet";
    const NOUN: &'static str = "networkAcl";
    const PREFIX: &'static str = "acl";
    const NOT_FOUND: &'static str = "InvalidNetworkAclID.NotFound";

    fn all(ec2: &Ec2) -> &BTreeMap<String, Self> {
        &ec2.acls
    }

    fn values(&self, id: &str, view: View<'_>, filter: &str) -> Option<Vec<String>> {
        Some(match filter {
            "association.association-id" => self.subnets.values().cloned().collect(),
            "association.network-acl-id" | "network-acl-id" => vec![id.to_owned()],
            "association.subnet-id" => self.subnets.keys().cloned().collect(),
            "default" => vec!["true".to_owned()],
            "owner-id" => vec![view.cx.account.to_owned()],
            "vpc-id" => vec![self.vpc.clone()],
            _ => return None,
        })
    }

    fn write(&self, id: &str, view: View<'_>, xml: &mut Xml) {
        xml.leaf("networkAclId", id);
        xml.leaf("vpcId", &self.vpc);
        xml.leaf("ownerId", view.cx.account);
        xml.leaf("default", true);
        let entries = [
            (true, 100, "allow"),
            (true, 32767, "deny"),
            (false, 100, "allow"),
            (false, 32767, "deny"),
        ];
        xml.set("entrySet", entries, |xml, (egress, number, action)| {
            xml.leaf("ruleNumber", number);
            xml.leaf("protocol", -1);
            xml.leaf("ruleAction", action);
            xml.leaf("egress", egress);
            xml.leaf("cidrBlock", "0.0.0.0/0");
        });
        xml.set(
            "associationSet",
            &self.subnets,
            |xml, (subnet, association)| {
                xml.leaf("networkAclAssociationId", association);
                xml.leaf("networkAclId", id);
                xml.leaf("subnetId", subnet);
            },
        );
    }
}

impl Acl {
    /// The one that comes with a VPC.
    pub(super) fn default_of(vpc: &str) -> Self {
        Self {
            vpc: vpc.to_owned(),
            subnets: BTreeMap::new(),
        }
    }
}

impl Ec2 {
    /// Gives a new subnet the network ACL of its VPC.
    pub(super) fn associate_acl(&mut self, vpc: &str, subnet: &str, ids: &mut Ids) {
        if let Some(acl) = self.acls.values_mut().find(|acl| acl.vpc == vpc) {
            acl.subnets.insert(subnet.to_owned(), ids.aws("aclassoc"));
        }
    }

    /// Takes a subnet that is gone out of its network ACL.
    pub(super) fn disassociate_acl(&mut self, subnet: &str) {
        for acl in self.acls.values_mut() {
            acl.subnets.remove(subnet);
        }
    }
}
