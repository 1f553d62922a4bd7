//! `aws_ec2_transit_gateway_vpc_attachment`: a VPC at a transit gateway.

use super::waiting;
use crate::Aws;
use crate::create::{self, pairs};
use crate::error;
use crate::tags::{self, Tagged, Tags};
use aws_sdk_ec2::types::{
    self, ApplianceModeSupportValue, CreateTransitGatewayVpcAttachmentRequestOptions,
    DnsSupportValue, Ipv6SupportValue, ModifyTransitGatewayVpcAttachmentRequestOptions,
    ResourceType, SecurityGroupReferencingSupportValue, TransitGatewayAttachmentState,
};
use sdk::{Applied, Attr, Cx, Error, ErrorKind, Keep, Model, Probe, Resource, Waiter};
use std::collections::BTreeSet;

/// Attaches a VPC to a transit gateway.
#[derive(Model, Clone, Debug, PartialEq)]
#[model(type_name = "aws_ec2_transit_gateway_vpc_attachment", legacy)]
pub(crate) struct TransitGatewayVpcAttachment {
    /// Whether both directions of a connection go through the same zone.
    #[attr(optional, default = "disable", one_of("enable", "disable"))]
    appliance_mode_support: Attr<String>,
    /// The ARN.
    #[attr(computed)]
    arn: Attr<String>,
    /// Whether public names resolve to private addresses.
    #[attr(optional, default = "enable", one_of("enable", "disable"))]
    dns_support: Attr<String>,
    /// The id.
    #[attr(optional, computed)]
    id: Attr<String>,
    /// Whether IPv6 is possible.
    #[attr(optional, default = "disable", one_of("enable", "disable"))]
    ipv6_support: Attr<String>,
    /// Whether rules can name security groups of other attached VPCs.
    #[attr(optional, computed, one_of("enable", "disable"))]
    security_group_referencing_support: Attr<String>,
    /// A subnet in each zone.
    #[attr(required, validate = at_least_one)]
    subnet_ids: Attr<BTreeSet<String>>,
    #[model(flatten)]
    tags: Tags,
    /// Whether it has the default route table of the gateway.
    #[attr(optional, computed)]
    transit_gateway_default_route_table_association: Attr<bool>,
    /// Whether it tells the default route table its routes.
    #[attr(optional, computed)]
    transit_gateway_default_route_table_propagation: Attr<bool>,
    /// The transit gateway.
    #[attr(required, requires_replace, validate = not_empty)]
    transit_gateway_id: Attr<String>,
    /// The VPC.
    #[attr(required, requires_replace, validate = not_empty)]
    vpc_id: Attr<String>,
    /// The account that owns the VPC.
    #[attr(computed)]
    vpc_owner_id: Attr<String>,
}

fn at_least_one(ids: &BTreeSet<String>) -> Result<(), String> {
    if ids.is_empty() {
        Err("At least one subnet is needed.".to_owned())
    } else {
        Ok(())
    }
}

fn not_empty(text: &str) -> Result<(), String> {
    if text.is_empty() {
        Err("It must not be empty.".to_owned())
    } else {
        Ok(())
    }
}

const WHAT: &str = "transit gateway attachment";

impl Resource for TransitGatewayVpcAttachment {
    type Cloud = Aws;

    async fn create(self, cx: &Cx<'_, Aws>) -> Applied<Self> {
        let doing = format!(
            "attaching {} to {}",
            self.vpc_id.as_str(),
            self.transit_gateway_id.as_str()
        );
        let id = self.make(cx).await.doing(doing)?;
        let attachment = Self {
            id: id.clone().into(),
            ..self
        };
        let found = attachment.wait_available(cx).await.keep(&attachment)?;
        create::settle(cx, &id).await;
        if found.state == Some(TransitGatewayAttachmentState::Available) {
            attachment.change_route_tables(cx).await.keep(&attachment)?;
        }
        attachment.read_back(cx).await.keep(&attachment)
    }

    async fn read(mut self, cx: &Cx<'_, Aws>) -> Result<Option<Self>, Error> {
        self.tags = self.tags.reading();
        let id = self.id.as_str().to_owned();
        let found = cx
            .reads
            .transit_gateway_vpc_attachments
            .get(id.clone())
            .await?;
        let Some(found) = found.filter(|found| !is_gone(found)) else {
            return Ok(None);
        };
        create::settle_read(cx, &id, found.tags.as_deref()).await;
        self.completed(&found, cx).await.map(Some)
    }

    async fn update(self, prior: Self, cx: &Cx<'_, Aws>) -> Applied<Self> {
        self.modify(&prior, cx).await?;
        self.change_route_tables(cx).await.keep(&prior)?;
        tags::update(cx, self.id.as_str(), &prior.tags, &self.tags)
            .await
            .keep(&prior)?;
        self.read_back(cx).await.keep(&prior)
    }

    async fn delete(self, cx: &Cx<'_, Aws>) -> Result<(), Error> {
        let id = self.id.as_str();
        waiting::delete(cx, WHAT, id, || async {
            let call = cx
                .ec2()
                .delete_transit_gateway_vpc_attachment()
                .transit_gateway_attachment_id(id);
            error::done(call.send().await)
        })
        .await?;
        waiting::wait_gone(
            cx,
            WHAT,
            &cx.reads.transit_gateway_vpc_attachments,
            id,
            is_gone,
        )
        .await
    }

    async fn import(id: &str, _: &Cx<'_, Aws>) -> Result<Self, Error> {
        Ok(Self {
            id: id.into(),
            ..Self::empty()
        })
    }

    async fn find_created(&self, cx: &Cx<'_, Aws>) -> Result<Option<Self>, Error> {
        match create::find_created(cx, &ResourceType::TransitGatewayAttachment).await? {
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
}

fn is_gone(attachment: &types::TransitGatewayVpcAttachment) -> bool {
    use TransitGatewayAttachmentState::{Deleted, Rejected};
    matches!(attachment.state, Some(Deleted | Rejected))
}

/// The default route tables of a gateway, if it has them.
struct Defaults {
    association: Option<String>,
    propagation: Option<String>,
    owner: Option<String>,
}

impl TransitGatewayVpcAttachment {
    async fn make(&self, cx: &Cx<'_, Aws>) -> Result<String, Error> {
        let kind = ResourceType::TransitGatewayAttachment;
        let tags = create::specification(cx, &kind, self.tags.wanted(cx));
        let referencing = self.security_group_referencing_support.known();
        let options = CreateTransitGatewayVpcAttachmentRequestOptions::builder()
            .appliance_mode_support(ApplianceModeSupportValue::from(
                self.appliance_mode_support.as_str(),
            ))
            .dns_support(DnsSupportValue::from(self.dns_support.as_str()))
            .ipv6_support(Ipv6SupportValue::from(self.ipv6_support.as_str()))
            .set_security_group_referencing_support(
                referencing.map(|v| SecurityGroupReferencingSupportValue::from(v.as_str())),
            )
            .build();
        let subnets: Vec<String> = self.subnet_ids.or_default().into_iter().collect();
        let send = || async {
            let call = cx
                .ec2_once()
                .create_transit_gateway_vpc_attachment()
                .transit_gateway_id(self.transit_gateway_id.as_str())
                .vpc_id(self.vpc_id.as_str())
                .set_subnet_ids(Some(subnets.clone()))
                .options(options.clone())
                .set_tag_specifications(tags.clone().map(|tags| vec![tags]));
            let made = call
                .send()
                .await
                .map_err(error::of)?
                .transit_gateway_vpc_attachment;
            made.and_then(|a| a.transit_gateway_attachment_id)
                .ok_or_else(super::no_id)
        };
        create::once(cx, kind, send).await
    }

    async fn wait_available(
        &self,
        cx: &Cx<'_, Aws>,
    ) -> Result<types::TransitGatewayVpcAttachment, Error> {
        use TransitGatewayAttachmentState::{Available, Failed, PendingAcceptance, Rejected};
        let pending =
            |attachment: &types::TransitGatewayVpcAttachment| match attachment.state.as_ref() {
                Some(Available | PendingAcceptance) => Ok(None),
                Some(state @ (Failed | Rejected)) => {
                    let message = format!("The attachment is {}.", state.as_str());
                    Err(Error::new(ErrorKind::Other, "", message))
                }
                state => Ok(Some(
                    state
                        .map_or("pending", TransitGatewayAttachmentState::as_str)
                        .to_owned(),
                )),
            };
        let all = &cx.reads.transit_gateway_vpc_attachments;
        waiting::wait_until(cx, WHAT, all, self.id.as_str(), pending).await
    }

    async fn modify(&self, prior: &Self, cx: &Cx<'_, Aws>) -> Result<(), Error> {
        let (was, is) = (prior.subnet_ids.or_default(), self.subnet_ids.or_default());
        let list = |set: Vec<String>| (!set.is_empty()).then_some(set);
        let add = list(is.difference(&was).cloned().collect());
        let remove = list(was.difference(&is).cloned().collect());
        let changed = |of: fn(&Self) -> &Attr<String>| {
            of(self)
                .known()
                .filter(|_| of(self) != of(prior))
                .map(String::as_str)
        };
        let appliance = changed(|a| &a.appliance_mode_support);
        let dns = changed(|a| &a.dns_support);
        let ipv6 = changed(|a| &a.ipv6_support);
        let referencing = changed(|a| &a.security_group_referencing_support);
        if add.is_none() && remove.is_none() && appliance.or(dns).or(ipv6).or(referencing).is_none()
        {
            return Ok(());
        }
        let options = ModifyTransitGatewayVpcAttachmentRequestOptions::builder()
            .set_appliance_mode_support(appliance.map(ApplianceModeSupportValue::from))
            .set_dns_support(dns.map(DnsSupportValue::from))
            .set_ipv6_support(ipv6.map(Ipv6SupportValue::from))
            .set_security_group_referencing_support(
                referencing.map(SecurityGroupReferencingSupportValue::from),
            )
            .build();
        let id = self.id.as_str();
        let call = cx
            .ec2()
            .modify_transit_gateway_vpc_attachment()
            .transit_gateway_attachment_id(id)
            .set_add_subnet_ids(add)
            .set_remove_subnet_ids(remove)
            .options(options);
        let doing = format!("changing the transit gateway attachment {id}");
        call.send().await.map_err(error::of).doing(doing)?;
        self.wait_available(cx).await.map(|_| ())
    }

    async fn defaults(&self, gateway: &str, cx: &Cx<'_, Aws>) -> Result<Defaults, Error> {
        let found = cx.reads.transit_gateways.get(gateway.to_owned()).await?;
        let owner = found.as_ref().and_then(|gateway| gateway.owner_id.clone());
        let options = found.and_then(|gateway| gateway.options);
        let some = |id: Option<&str>| id.filter(|id| !id.is_empty()).map(str::to_owned);
        Ok(Defaults {
            association: some(
                options
                    .as_ref()
                    .and_then(|o| o.association_default_route_table_id()),
            ),
            propagation: some(
                options
                    .as_ref()
                    .and_then(|o| o.propagation_default_route_table_id()),
            ),
            owner,
        })
    }

    /// Puts it into the default route tables, or takes it out where the arguments say so.
    async fn change_route_tables(&self, cx: &Cx<'_, Aws>) -> Result<(), Error> {
        let or_in = |wanted: &Attr<bool>| wanted.known().copied().unwrap_or(true);
        let id = self.id.as_str();
        let defaults = self.defaults(self.transit_gateway_id.as_str(), cx).await?;
        let doing =
            |what: &str| format!("changing the {what} of the transit gateway attachment {id}");
        if let Some(table) = defaults.association {
            let wanted = or_in(&self.transit_gateway_default_route_table_association);
            let key = (table.clone(), id.to_owned());
            if cx.reads.associations.get(key.clone()).await?.is_some() != wanted {
                let ec2 = cx.ec2();
                let changed = if wanted {
                    let call = ec2
                        .associate_transit_gateway_route_table()
                        .transit_gateway_route_table_id(table);
                    error::done(call.transit_gateway_attachment_id(id).send().await)
                } else {
                    let call = ec2
                        .disassociate_transit_gateway_route_table()
                        .transit_gateway_route_table_id(table);
                    error::done(call.transit_gateway_attachment_id(id).send().await)
                };
                placed(changed, &cx.reads.associations, &key, wanted)
                    .await
                    .doing(doing("route table"))?;
                wait_place(cx, &cx.reads.associations, &key, wanted).await?;
            }
        }
        if let Some(table) = defaults.propagation {
            let wanted = or_in(&self.transit_gateway_default_route_table_propagation);
            let key = (table.clone(), id.to_owned());
            if cx.reads.propagations.get(key.clone()).await?.is_some() != wanted {
                let ec2 = cx.ec2();
                let changed = if wanted {
                    let call = ec2
                        .enable_transit_gateway_route_table_propagation()
                        .transit_gateway_route_table_id(table);
                    error::done(call.transit_gateway_attachment_id(id).send().await)
                } else {
                    let call = ec2
                        .disable_transit_gateway_route_table_propagation()
                        .transit_gateway_route_table_id(table);
                    error::done(call.transit_gateway_attachment_id(id).send().await)
                };
                placed(changed, &cx.reads.propagations, &key, wanted)
                    .await
                    .doing(doing("propagation"))?;
                wait_place(cx, &cx.reads.propagations, &key, wanted).await?;
            }
        }
        Ok(())
    }

    async fn read_back(&self, cx: &Cx<'_, Aws>) -> Result<Self, Error> {
        let found = self.wait_available(cx).await?;
        self.clone().completed(&found, cx).await
    }

    async fn completed(
        mut self,
        found: &types::TransitGatewayVpcAttachment,
        cx: &Cx<'_, Aws>,
    ) -> Result<Self, Error> {
        let id = self.id.as_str().to_owned();
        let owner = found.vpc_owner_id().unwrap_or_default();
        let text = |text: Option<&str>| super::stored(text);
        self.arn = cx
            .arn("ec2", owner, &format!("transit-gateway-attachment/{id}"))
            .into();
        self.vpc_owner_id = owner.into();
        if let Some(options) = found.options() {
            self.appliance_mode_support =
                text(options.appliance_mode_support.as_ref().map(|v| v.as_str()));
            self.dns_support = text(options.dns_support.as_ref().map(|v| v.as_str()));
            self.ipv6_support = text(options.ipv6_support.as_ref().map(|v| v.as_str()));
            self.security_group_referencing_support = text(
                options
                    .security_group_referencing_support
                    .as_ref()
                    .map(|v| v.as_str()),
            );
        }
        self.subnet_ids = found
            .subnet_ids()
            .iter()
            .cloned()
            .collect::<BTreeSet<_>>()
            .into();
        self.vpc_id = text(found.vpc_id());
        self.transit_gateway_id = text(found.transit_gateway_id());
        let defaults = self.defaults(self.transit_gateway_id.as_str(), cx).await?;
        // The route tables of another account's gateway cannot be read.
        let (mut association, mut propagation) = (true, true);
        if defaults.owner.as_deref() == Some(owner) {
            association = match defaults.association {
                Some(table) => cx
                    .reads
                    .associations
                    .get((table, id.clone()))
                    .await?
                    .is_some(),
                None => false,
            };
            propagation = match defaults.propagation {
                Some(table) => cx.reads.propagations.get((table, id)).await?.is_some(),
                None => false,
            };
        }
        self.transit_gateway_default_route_table_association = association.into();
        self.transit_gateway_default_route_table_propagation = propagation.into();
        self.tags = self.tags.stored(pairs(found.tags.as_deref()), cx);
        Ok(self)
    }
}

/// A refusal is none where it is as wanted: the answer to the first of two requests was lost.
async fn placed(
    changed: Result<(), Error>,
    places: &sdk::Batch<(String, String), (), Error>,
    key: &(String, String),
    wanted: bool,
) -> Result<(), Error> {
    match changed {
        Err(error) if places.get(key.clone()).await?.is_some() != wanted => Err(error),
        _ => Ok(()),
    }
}

/// Waits until an attachment has a place in a route table, or not any more.
async fn wait_place(
    cx: &Cx<'_, Aws>,
    places: &sdk::Batch<(String, String), (), Error>,
    key: &(String, String),
    wanted: bool,
) -> Result<(), Error> {
    let waiter = Waiter::new(format!("the place of {} in {}", key.1, key.0), cx.timeout());
    let probe = || async {
        let is = places.get(key.clone()).await?.is_some();
        Ok::<_, Error>(if is == wanted {
            Probe::Done(())
        } else {
            Probe::Pending("changing".to_owned())
        })
    };
    waiter.until(probe).await.map_err(Error::from)
}

#[cfg(test)]
mod tests {
    contract::contract! { crate::testing::WORLD, "aws_ec2_transit_gateway_vpc_attachment",
        needs: r#"resource "aws_vpc" "a" { cidr_block = "10.0.0.0/16" }
resource "aws_subnet" "a" {
  vpc_id     = aws_vpc.a.id
  cidr_block = "10.0.1.0/24"
}
resource "aws_ec2_transit_gateway" "a" {}"#,
        create: r#"vpc_id = aws_vpc.a.id
transit_gateway_id = aws_ec2_transit_gateway.a.id
subnet_ids = [aws_subnet.a.id]"#,
        update: &[r#"vpc_id = aws_vpc.a.id
transit_gateway_id = aws_ec2_transit_gateway.a.id
subnet_ids = [aws_subnet.a.id]
appliance_mode_support = "enable"
transit_gateway_default_route_table_propagation = false
tags = { Name = "b" }"#],
        replace: &[],
        import: "{id}",
    }
}
