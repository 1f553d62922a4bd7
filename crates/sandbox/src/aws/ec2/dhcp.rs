//! DHCP options: the region's own, which every VPC has at first.

use super::describe::{Described, View, describe};
use super::{Ec2, Operation};
use crate::Ids;
use crate::aws::xml::Xml;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A set of DHCP options.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct DhcpOptions {}

pub(super) const OPERATIONS: &[(&str, Operation)] = &[("DescribeDhcpOptions", |ec2, call, xml| {
    describe::<DhcpOptions>(ec2, call, xml)
})];

impl Described for DhcpOptions {
    const IDS: &'static str = "DhcpOptionsId";
    const SET: &'static str = "dhcpOptionsSet";
    const NOUN: &'static str = "dhcpOption";
    const PREFIX: &'static str = "dopt";
    const NOT_FOUND: &'static str = "InvalidDhcpOptionID.NotFound";

    fn all(ec2: &Ec2) -> &BTreeMap<String, Self> {
        &ec2.dhcp_options
    }

    fn values(&self, id: &str, view: View<'_>, filter: &str) -> Option<Vec<String>> {
        Some(match filter {
            "dhcp-options-id" => vec![id.to_owned()],
            "key" => vec!["domain-name".to_owned(), "domain-name-servers".to_owned()],
            "value" => vec![domain(view.cx.region), "AmazonProvidedDNS".to_owned()],
            "owner-id" => vec![view.cx.account.to_owned()],
            _ => return None,
        })
    }

    fn write(&self, id: &str, view: View<'_>, xml: &mut Xml) {
        xml.leaf("dhcpOptionsId", id);
        xml.leaf("ownerId", view.cx.account);
        let options = [
            ("domain-name", domain(view.cx.region)),
            ("domain-name-servers", "AmazonProvidedDNS".to_owned()),
        ];
        xml.set("dhcpConfigurationSet", options, |xml, (key, value)| {
            xml.leaf("key", key);
            xml.set("valueSet", [value], |xml, value| xml.leaf("value", value));
        });
    }
}

fn domain(region: &str) -> String {
    match region {
        "us-east-1" => "ec2.internal".to_owned(),
        region => format!("{region}.compute.internal"),
    }
}

impl Ec2 {
    /// The id of the region's own options.
    pub(super) fn default_dhcp_options(&mut self, ids: &mut Ids) -> String {
        if let Some(id) = self.dhcp_options.keys().next() {
            return id.clone();
        }
        let id = ids.aws("dopt");
        self.dhcp_options.insert(id.clone(), DhcpOptions {});
        id
    }
}
