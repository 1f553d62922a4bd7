//! Options of transit gateways.

use crate::aws::ec2::Call;
use crate::aws::fault::Fault;
use crate::aws::xml::Xml;
use serde::{Deserialize, Serialize};

/// Options of a transit gateway.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Options {
    asn: u64,
    cidr_blocks: Vec<String>,
    auto_accept: bool,
    default_association: bool,
    association_table: Option<String>,
    default_propagation: bool,
    propagation_table: Option<String>,
    vpn_ecmp: bool,
    dns: bool,
    group_references: bool,
    multicast: bool,
}

/// Reads `enable` or `disable`.
pub(super) fn switch(call: &Call<'_>, name: &str) -> Result<Option<bool>, Fault> {
    match call.query.text(&format!("Options.{name}")) {
        None => Ok(None),
        Some("enable") => Ok(Some(true)),
        Some("disable") => Ok(Some(false)),
        Some(text) => {
            let message = format!(
                "Value ({text}) for parameter {name} is invalid. Valid values are enable, disable"
            );
            Err(Fault::new("InvalidParameterValue", message))
        }
    }
}

/// `enable` or `disable`.
pub(super) fn word(on: bool) -> &'static str {
    if on { "enable" } else { "disable" }
}

fn asn(call: &Call<'_>) -> Result<Option<u64>, Fault> {
    let asn: Option<u64> = call.query.number("Options.AmazonSideAsn")?;
    match asn.filter(|asn| !matches!(asn, 64_512..=65_534 | 4_200_000_000..=4_294_967_294)) {
        None => Ok(asn),
        Some(odd) => {
            let message = format!(
                "Invalid ASN {odd}. Valid ranges are 64512 to 65534 and 4200000000 to 4294967294"
            );
            Err(Fault::new("InvalidParameterValue", message))
        }
    }
}

fn blocks(call: &Call<'_>, name: &str) -> Result<Vec<String>, Fault> {
    let options = call.query.below("Options");
    let texts = options
        .map(|options| options.texts(name))
        .unwrap_or_default();
    let read = |text: &&str| match text.parse::<ipnet::IpNet>() {
        Ok(net) => Ok(net.trunc().to_string()),
        Err(_) => {
            let message = format!(
                "Value ({text}) for parameter transitGatewayCidrBlocks is invalid. This is not a valid CIDR block."
            );
            Err(Fault::new("InvalidParameterValue", message))
        }
    };
    texts.iter().map(read).collect()
}

impl Options {
    pub(super) fn read(call: &Call<'_>) -> Result<Self, Fault> {
        Ok(Self {
            asn: asn(call)?.unwrap_or(64_512),
            cidr_blocks: blocks(call, "TransitGatewayCidrBlocks")?,
            auto_accept: switch(call, "AutoAcceptSharedAttachments")?.unwrap_or(false),
            default_association: switch(call, "DefaultRouteTableAssociation")?.unwrap_or(true),
            association_table: None,
            default_propagation: switch(call, "DefaultRouteTablePropagation")?.unwrap_or(true),
            propagation_table: None,
            vpn_ecmp: switch(call, "VpnEcmpSupport")?.unwrap_or(true),
            dns: switch(call, "DnsSupport")?.unwrap_or(true),
            group_references: switch(call, "SecurityGroupReferencingSupport")?.unwrap_or(false),
            multicast: switch(call, "MulticastSupport")?.unwrap_or(false),
        })
    }

    pub(super) fn modify(&mut self, call: &Call<'_>) -> Result<(), Fault> {
        let (add, remove) = (
            blocks(call, "AddTransitGatewayCidrBlocks")?,
            blocks(call, "RemoveTransitGatewayCidrBlocks")?,
        );
        let asn = asn(call)?;
        let mut changed = Vec::new();
        for (name, option) in [
            ("AutoAcceptSharedAttachments", &mut self.auto_accept),
            (
                "DefaultRouteTableAssociation",
                &mut self.default_association,
            ),
            (
                "DefaultRouteTablePropagation",
                &mut self.default_propagation,
            ),
            ("VpnEcmpSupport", &mut self.vpn_ecmp),
            ("DnsSupport", &mut self.dns),
            (
                "SecurityGroupReferencingSupport",
                &mut self.group_references,
            ),
        ] {
            if let Some(on) = switch(call, name)? {
                changed.push((option, on));
            }
        }
        for (option, on) in changed {
            *option = on;
        }
        self.asn = asn.unwrap_or(self.asn);
        self.cidr_blocks.retain(|block| !remove.contains(block));
        for block in add {
            if !self.cidr_blocks.contains(&block) {
                self.cidr_blocks.push(block);
            }
        }
        let table = |name: &str| {
            call.query
                .text(&format!("Options.{name}"))
                .map(str::to_owned)
        };
        if !self.default_association {
            self.association_table = None;
        } else if let Some(id) = table("AssociationDefaultRouteTableId") {
            self.association_table = Some(id);
        }
        if !self.default_propagation {
            self.propagation_table = None;
        } else if let Some(id) = table("PropagationDefaultRouteTableId") {
            self.propagation_table = Some(id);
        }
        Ok(())
    }

    /// Whether a new gateway gets a table.
    pub(super) fn wants_table(&self) -> bool {
        self.default_association || self.default_propagation
    }

    /// Whether a default table is wanted and not there.
    pub(super) fn lacks_table(&self) -> bool {
        (self.default_association && self.association_table.is_none())
            || (self.default_propagation && self.propagation_table.is_none())
    }

    /// Makes a table the default one where one is wanted and not there.
    pub(super) fn set_table(&mut self, id: &str) {
        if self.default_association && self.association_table.is_none() {
            self.association_table = Some(id.to_owned());
        }
        if self.default_propagation && self.propagation_table.is_none() {
            self.propagation_table = Some(id.to_owned());
        }
    }

    /// The default tables.
    pub(super) fn tables(&self) -> Vec<String> {
        let tables = self.association_table.iter().chain(&self.propagation_table);
        tables.cloned().collect()
    }

    /// The table that new attachments are associated with.
    pub(super) fn association_table(&self) -> Option<&String> {
        self.association_table.as_ref()
    }

    /// The table that new attachments propagate to.
    pub(super) fn propagation_table(&self) -> Option<&String> {
        self.propagation_table.as_ref()
    }

    /// Whether security groups can refer across it.
    pub(super) fn group_references(&self) -> bool {
        self.group_references
    }

    pub(super) fn value(&self, name: &str) -> Option<Vec<String>> {
        let one = |on: bool| vec![word(on).to_owned()];
        Some(match name {
            "amazon-side-asn" => vec![self.asn.to_string()],
            "association-default-route-table-id" => {
                self.association_table.iter().cloned().collect()
            }
            "propagation-default-route-table-id" => {
                self.propagation_table.iter().cloned().collect()
            }
            "auto-accept-shared-attachments" => one(self.auto_accept),
            "default-route-table-association" => one(self.default_association),
            "default-route-table-propagation" => one(self.default_propagation),
            "dns-support" => one(self.dns),
            "vpn-ecmp-support" => one(self.vpn_ecmp),
            _ => return None,
        })
    }

    pub(super) fn write(&self, xml: &mut Xml) {
        xml.leaf("amazonSideAsn", self.asn);
        if !self.cidr_blocks.is_empty() {
            xml.node("transitGatewayCidrBlocks", |xml| {
                for block in &self.cidr_blocks {
                    xml.leaf("item", block);
                }
            });
        }
        xml.leaf("autoAcceptSharedAttachments", word(self.auto_accept));
        xml.leaf(
            "defaultRouteTableAssociation",
            word(self.default_association),
        );
        xml.optional(
            "associationDefaultRouteTableId",
            self.association_table.as_ref(),
        );
        xml.leaf(
            "defaultRouteTablePropagation",
            word(self.default_propagation),
        );
        xml.optional(
            "propagationDefaultRouteTableId",
            self.propagation_table.as_ref(),
        );
        xml.leaf("vpnEcmpSupport", word(self.vpn_ecmp));
        xml.leaf("dnsSupport", word(self.dns));
        xml.leaf(
            "securityGroupReferencingSupport",
            word(self.group_references),
        );
        xml.leaf("multicastSupport", word(self.multicast));
    }
}
