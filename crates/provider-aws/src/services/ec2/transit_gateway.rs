//! `aws_ec2_transit_gateway`: the hub between networks.

use super::waiting;
use crate::Aws;
use crate::create::{self, pairs};
use crate::error;
use crate::tags::{self, Tagged, Tags};
use aws_sdk_ec2::types::{
    self, AutoAcceptSharedAttachmentsValue, DefaultRouteTableAssociationValue,
    DefaultRouteTablePropagationValue, DnsSupportValue, ModifyTransitGatewayOptions,
    MulticastSupportValue, ResourceType, SecurityGroupReferencingSupportValue,
    TransitGatewayRequestOptions, TransitGatewayState, VpnEcmpSupportValue,
};
use sdk::{Applied, Attr, Change, Cx, Error, Keep, Model, Resource};
use std::collections::BTreeSet;

/// Provides a transit gateway.
#[derive(Model, Clone, Debug, PartialEq)]
#[model(
    type_name = "aws_ec2_transit_gateway",
    legacy,
    timeouts(create = "10m", update = "10m", delete = "10m")
)]
pub(crate) struct TransitGateway {
    /// The number of its side in BGP.
    #[attr(optional, default = 64_512)]
    amazon_side_asn: Attr<i64>,
    /// The ARN.
    #[attr(computed)]
    arn: Attr<String>,
    /// The route table that attachments have at first.
    #[attr(computed)]
    association_default_route_table_id: Attr<String>,
    /// Whether attachments of other accounts need no consent.
    #[attr(optional, default = "disable", one_of("enable", "disable"))]
    auto_accept_shared_attachments: Attr<String>,
    /// Whether attachments have the default route table.
    #[attr(optional, default = "enable", one_of("enable", "disable"))]
    default_route_table_association: Attr<String>,
    /// Whether attachments tell the default route table their routes.
    #[attr(optional, default = "enable", one_of("enable", "disable"))]
    default_route_table_propagation: Attr<String>,
    /// What it is for.
    #[attr(optional, zero)]
    description: Attr<String>,
    /// Whether public names of attached VPCs resolve to private addresses.
    #[attr(optional, default = "enable", one_of("enable", "disable"))]
    dns_support: Attr<String>,
    /// The id.
    #[attr(optional, computed)]
    id: Attr<String>,
    /// Whether multicast is possible.
    #[attr(
        optional,
        requires_replace,
        default = "disable",
        one_of("enable", "disable")
    )]
    multicast_support: Attr<String>,
    /// The account that owns it.
    #[attr(computed)]
    owner_id: Attr<String>,
    /// The route table that attachments tell their routes at first.
    #[attr(computed)]
    propagation_default_route_table_id: Attr<String>,
    /// Whether rules can name security groups of other attached VPCs.
    #[attr(optional, default = "disable", one_of("enable", "disable"))]
    security_group_referencing_support: Attr<String>,
    #[model(flatten)]
    tags: Tags,
    /// Blocks of its own.
    #[attr(optional, zero_read, validate = blocks)]
    transit_gateway_cidr_blocks: Attr<BTreeSet<String>>,
    /// Whether VPN connections share the load.
    #[attr(optional, default = "enable", one_of("enable", "disable"))]
    vpn_ecmp_support: Attr<String>,
}

fn blocks(blocks: &BTreeSet<String>) -> Result<(), String> {
    if blocks.len() > 5 {
        return Err(format!(
            "At most 5 blocks are possible, not {}.",
            blocks.len()
        ));
    }
    blocks
        .iter()
        .try_for_each(|block| match block.contains(':') {
            true => super::cidr::ipv6(block),
            false => super::cidr::ipv4(block),
        })
}

const WHAT: &str = "transit gateway";

impl Resource for TransitGateway {
    type Cloud = Aws;

    async fn create(self, cx: &Cx<'_, Aws>) -> Applied<Self> {
        let id = self.make(cx).await.doing("creating a transit gateway")?;
        let gateway = Self {
            id: id.clone().into(),
            ..self
        };
        gateway.wait_available(cx).await.keep(&gateway)?;
        create::settle(cx, &id).await;
        gateway.read_back(cx).await.keep(&gateway)
    }

    async fn read(mut self, cx: &Cx<'_, Aws>) -> Result<Option<Self>, Error> {
        self.tags = self.tags.reading();
        if self.transit_gateway_cidr_blocks.is_null() {
            self.transit_gateway_cidr_blocks = BTreeSet::new().into();
        }
        let id = self.id.as_str().to_owned();
        let Some(found) = cx
            .reads
            .transit_gateways
            .get(id.clone())
            .await?
            .filter(|found| !is_gone(found))
        else {
            return Ok(None);
        };
        create::settle_read(cx, &id, found.tags.as_deref()).await;
        Ok(Some(self.completed(&found, cx)))
    }

    async fn update(self, prior: Self, cx: &Cx<'_, Aws>) -> Applied<Self> {
        let differs = Self {
            tags: prior.tags.clone(),
            ..self.clone()
        } != prior;
        if differs {
            self.modify(&prior, cx).await?;
        }
        tags::update(cx, self.id.as_str(), &prior.tags, &self.tags)
            .await
            .keep(&prior)?;
        self.read_back(cx).await.keep(&prior)
    }

    async fn delete(self, cx: &Cx<'_, Aws>) -> Result<(), Error> {
        let id = self.id.as_str();
        waiting::delete(cx, WHAT, id, || async {
            let call = cx.ec2().delete_transit_gateway().transit_gateway_id(id);
            error::done(call.send().await)
        })
        .await?;
        waiting::wait_gone(cx, WHAT, &cx.reads.transit_gateways, id, is_gone).await
    }

    async fn import(id: &str, _: &Cx<'_, Aws>) -> Result<Self, Error> {
        Ok(Self {
            id: id.into(),
            ..Self::empty()
        })
    }

    async fn find_created(&self, cx: &Cx<'_, Aws>) -> Result<Option<Self>, Error> {
        match create::find_created(cx, &ResourceType::TransitGateway).await? {
            Some(id) => {
                Self {
                    id: id.into(),
                    ..self.clone()
                }
                .read(cx)
                .await
            }
            None => Ok(None),
        }
    }

    fn plan(change: &mut Change<'_, Self, Aws>) {
        let Some(prior) = change.prior.clone() else {
            return;
        };
        // The default route tables are made with the gateway, or not at all.
        let enables = |was: &Attr<String>, is: &Attr<String>| {
            was.as_str() == "disable" && is.as_str() != "disable"
        };
        if enables(
            &prior.default_route_table_association,
            &change.planned.default_route_table_association,
        ) {
            change.requires_replace("default_route_table_association");
        }
        if enables(
            &prior.default_route_table_propagation,
            &change.planned.default_route_table_propagation,
        ) {
            change.requires_replace("default_route_table_propagation");
        }
    }
}

fn is_gone(gateway: &types::TransitGateway) -> bool {
    gateway.state == Some(TransitGatewayState::Deleted)
}

impl TransitGateway {
    async fn make(&self, cx: &Cx<'_, Aws>) -> Result<String, Error> {
        let tags = create::specification(cx, &ResourceType::TransitGateway, self.tags.wanted(cx));
        let cidrs: Vec<String> = self
            .transit_gateway_cidr_blocks
            .or_default()
            .into_iter()
            .collect();
        let options = TransitGatewayRequestOptions::builder()
            .set_amazon_side_asn(self.amazon_side_asn.to_option())
            .auto_accept_shared_attachments(AutoAcceptSharedAttachmentsValue::from(
                self.auto_accept_shared_attachments.as_str(),
            ))
            .default_route_table_association(DefaultRouteTableAssociationValue::from(
                self.default_route_table_association.as_str(),
            ))
            .default_route_table_propagation(DefaultRouteTablePropagationValue::from(
                self.default_route_table_propagation.as_str(),
            ))
            .dns_support(DnsSupportValue::from(self.dns_support.as_str()))
            .multicast_support(MulticastSupportValue::from(self.multicast_support.as_str()))
            .security_group_referencing_support(SecurityGroupReferencingSupportValue::from(
                self.security_group_referencing_support.as_str(),
            ))
            .set_transit_gateway_cidr_blocks((!cidrs.is_empty()).then_some(cidrs))
            .vpn_ecmp_support(VpnEcmpSupportValue::from(self.vpn_ecmp_support.as_str()))
            .build();
        let send = || async {
            let call = cx
                .ec2_once()
                .create_transit_gateway()
                .set_description(super::text(&self.description))
                .options(options.clone())
                .set_tag_specifications(tags.clone().map(|tags| vec![tags]));
            let made = call.send().await.map_err(error::of)?.transit_gateway;
            made.and_then(|gateway| gateway.transit_gateway_id)
                .ok_or_else(super::no_id)
        };
        create::once(cx, ResourceType::TransitGateway, send).await
    }

    async fn modify(&self, prior: &Self, cx: &Cx<'_, Aws>) -> Result<(), Error> {
        let mut options = ModifyTransitGatewayOptions::builder();
        let changed = |of: fn(&Self) -> &Attr<String>| {
            of(self)
                .known()
                .filter(|_| of(self) != of(prior))
                .map(String::as_str)
        };
        if let Some(value) = changed(|g| &g.auto_accept_shared_attachments) {
            options = options
                .auto_accept_shared_attachments(AutoAcceptSharedAttachmentsValue::from(value));
        }
        if let Some(value) = changed(|g| &g.default_route_table_association) {
            options = options
                .default_route_table_association(DefaultRouteTableAssociationValue::from(value));
        }
        if let Some(value) = changed(|g| &g.default_route_table_propagation) {
            options = options
                .default_route_table_propagation(DefaultRouteTablePropagationValue::from(value));
        }
        if let Some(value) = changed(|g| &g.dns_support) {
            options = options.dns_support(DnsSupportValue::from(value));
        }
        if let Some(value) = changed(|g| &g.security_group_referencing_support) {
            options = options.security_group_referencing_support(
                SecurityGroupReferencingSupportValue::from(value),
            );
        }
        if let Some(value) = changed(|g| &g.vpn_ecmp_support) {
            options = options.vpn_ecmp_support(VpnEcmpSupportValue::from(value));
        }
        if self.amazon_side_asn != prior.amazon_side_asn {
            options = options.set_amazon_side_asn(self.amazon_side_asn.to_option());
        }
        let (was, is) = (
            prior.transit_gateway_cidr_blocks.or_default(),
            self.transit_gateway_cidr_blocks.or_default(),
        );
        let list = |set: Vec<String>| (!set.is_empty()).then_some(set);
        options = options
            .set_add_transit_gateway_cidr_blocks(list(is.difference(&was).cloned().collect()))
            .set_remove_transit_gateway_cidr_blocks(list(was.difference(&is).cloned().collect()));
        let id = self.id.as_str();
        let call = cx
            .ec2()
            .modify_transit_gateway()
            .transit_gateway_id(id)
            .set_description(changed(|g| &g.description).map(str::to_owned))
            .options(options.build());
        let doing = format!("changing the transit gateway {id}");
        call.send().await.map_err(error::of).doing(doing)?;
        self.wait_available(cx).await.map(|_| ())
    }

    async fn wait_available(&self, cx: &Cx<'_, Aws>) -> Result<types::TransitGateway, Error> {
        let pending = |gateway: &types::TransitGateway| {
            let state = gateway
                .state
                .as_ref()
                .map_or("pending", TransitGatewayState::as_str);
            Ok((state != "available").then(|| state.to_owned()))
        };
        waiting::wait_until(
            cx,
            WHAT,
            &cx.reads.transit_gateways,
            self.id.as_str(),
            pending,
        )
        .await
    }

    async fn read_back(&self, cx: &Cx<'_, Aws>) -> Result<Self, Error> {
        let found = self.wait_available(cx).await?;
        Ok(self.clone().completed(&found, cx))
    }

    fn completed(mut self, found: &types::TransitGateway, cx: &Cx<'_, Aws>) -> Self {
        let text = |text: Option<&str>| super::stored(text);
        self.arn = text(found.transit_gateway_arn());
        self.description = text(found.description());
        self.owner_id = text(found.owner_id());
        if let Some(options) = found.options() {
            self.amazon_side_asn = options.amazon_side_asn.into();
            self.association_default_route_table_id =
                text(options.association_default_route_table_id());
            self.propagation_default_route_table_id =
                text(options.propagation_default_route_table_id());
            self.auto_accept_shared_attachments = text(
                options
                    .auto_accept_shared_attachments
                    .as_ref()
                    .map(|v| v.as_str()),
            );
            self.default_route_table_association = text(
                options
                    .default_route_table_association
                    .as_ref()
                    .map(|v| v.as_str()),
            );
            self.default_route_table_propagation = text(
                options
                    .default_route_table_propagation
                    .as_ref()
                    .map(|v| v.as_str()),
            );
            self.dns_support = text(options.dns_support.as_ref().map(|v| v.as_str()));
            self.multicast_support = text(options.multicast_support.as_ref().map(|v| v.as_str()));
            // Where a region does not answer, it is off.
            let referencing = options.security_group_referencing_support.as_ref();
            self.security_group_referencing_support =
                referencing.map_or("disable", |v| v.as_str()).into();
            self.vpn_ecmp_support = text(options.vpn_ecmp_support.as_ref().map(|v| v.as_str()));
            let cidrs: BTreeSet<String> = options
                .transit_gateway_cidr_blocks()
                .iter()
                .cloned()
                .collect();
            if !(cidrs.is_empty() && self.transit_gateway_cidr_blocks.is_null()) {
                self.transit_gateway_cidr_blocks = cidrs.into();
            }
        }
        self.tags = self.tags.stored(pairs(found.tags.as_deref()), cx);
        self
    }
}

#[cfg(test)]
mod tests {
    contract::contract! { crate::testing::WORLD, "aws_ec2_transit_gateway",
        needs: r#""#,
        create: r#"description = "a""#,
        update: &[r#"description = "b"
transit_gateway_cidr_blocks = ["10.99.0.0/24"]
tags = { Name = "b" }"#],
        replace: &[r#"description = "b"
    multicast_support = "enable""#],
        import: "{id}",
    }
}
