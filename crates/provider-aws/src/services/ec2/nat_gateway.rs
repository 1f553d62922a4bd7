//! `aws_nat_gateway`: the way out of a private subnet.

use super::waiting;
use crate::Aws;
use crate::create::{self, pairs};
use crate::error;
use crate::tags::{self, Tagged, Tags};
use aws_sdk_ec2::types::{
    self, ConnectivityType, NatGatewayAddress, NatGatewayAddressStatus, NatGatewayState,
    ResourceType,
};
use sdk::{Applied, Attr, Change, Cx, Error, ErrorKind, Keep, Model, Problems, Resource};
use std::collections::BTreeSet;

/// Provides a NAT gateway.
#[derive(Model, Clone, Debug, PartialEq)]
#[model(
    type_name = "aws_nat_gateway",
    legacy,
    timeouts(create = "10m", update = "10m", delete = "30m")
)]
pub(crate) struct NatGateway {
    /// The Elastic IP address of a public gateway.
    #[attr(optional, zero, requires_replace)]
    allocation_id: Attr<String>,
    /// The id of the association of the Elastic IP address.
    #[attr(computed)]
    association_id: Attr<String>,
    /// Whether it leads to the internet, or to other networks only.
    #[attr(
        optional,
        requires_replace,
        default = "public",
        one_of("private", "public")
    )]
    connectivity_type: Attr<String>,
    /// The id.
    #[attr(optional, computed)]
    id: Attr<String>,
    /// The network interface.
    #[attr(computed)]
    network_interface_id: Attr<String>,
    /// The private address.
    #[attr(optional, computed, requires_replace, validate = ipv4)]
    private_ip: Attr<String>,
    /// The public address.
    #[attr(computed)]
    public_ip: Attr<String>,
    /// Further Elastic IP addresses of a public gateway.
    #[attr(optional, zero_read)]
    secondary_allocation_ids: Attr<BTreeSet<String>>,
    /// How many further private addresses a private gateway has.
    #[attr(optional, computed, conflicts("secondary_private_ip_addresses"))]
    secondary_private_ip_address_count: Attr<i64>,
    /// Further private addresses.
    #[attr(optional, computed, conflicts("secondary_private_ip_address_count"))]
    secondary_private_ip_addresses: Attr<BTreeSet<String>>,
    /// The subnet.
    #[attr(required, requires_replace)]
    subnet_id: Attr<String>,
    #[model(flatten)]
    tags: Tags,
}

fn ipv4(text: &String) -> Result<(), String> {
    let address = text.parse::<std::net::Ipv4Addr>();
    address
        .map(|_| ())
        .map_err(|_| format!("{text:?} is not an IPv4 address."))
}

const WHAT: &str = "NAT gateway";

impl Resource for NatGateway {
    type Cloud = Aws;

    async fn create(self, cx: &Cx<'_, Aws>) -> Applied<Self> {
        let id = self.make(cx).await.doing("creating a NAT gateway")?;
        let gateway = Self {
            id: id.clone().into(),
            ..self
        };
        create::settle(cx, &id).await;
        gateway
            .wait_available(cx)
            .await
            .doing(format!("creating the NAT gateway {id}"))
            .keep(&gateway)?;
        gateway.read_back(cx).await.keep(&gateway)
    }

    async fn read(mut self, cx: &Cx<'_, Aws>) -> Result<Option<Self>, Error> {
        self.tags = self.tags.reading();
        if self.secondary_allocation_ids.is_null() {
            self.secondary_allocation_ids = BTreeSet::new().into();
        }
        let id = self.id.as_str().to_owned();
        let Some(found) = cx
            .reads
            .nat_gateways
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
        if self.connectivity_type.as_str() == "private" {
            self.change_private_addresses(&prior, cx)
                .await
                .keep(&prior)?;
        } else {
            self.change_public_addresses(&prior, cx)
                .await
                .keep(&prior)?;
        }
        tags::update(cx, self.id.as_str(), &prior.tags, &self.tags)
            .await
            .keep(&prior)?;
        self.read_back(cx).await.keep(&prior)
    }

    async fn delete(self, cx: &Cx<'_, Aws>) -> Result<(), Error> {
        let id = self.id.as_str();
        waiting::delete(cx, WHAT, id, || async {
            let call = cx.ec2().delete_nat_gateway().nat_gateway_id(id);
            error::done(call.send().await)
        })
        .await?;
        waiting::wait_gone(cx, WHAT, &cx.reads.nat_gateways, id, is_gone).await
    }

    async fn import(id: &str, _: &Cx<'_, Aws>) -> Result<Self, Error> {
        Ok(Self {
            id: id.into(),
            ..Self::empty()
        })
    }

    async fn find_created(&self, cx: &Cx<'_, Aws>) -> Result<Option<Self>, Error> {
        match create::find_created(cx, &ResourceType::Natgateway).await? {
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

    fn validate(&self, problems: &mut Problems) {
        let private = self
            .connectivity_type
            .is_known_and(|kind| kind == "private");
        let mut refuse = |name: &str, kind: &str| {
            let detail = format!(
                "{name:?} is not possible with connectivity_type = {kind:?}. Remove one of them."
            );
            problems.error(name, "Invalid combination of arguments", detail);
        };
        if private && !self.allocation_id.is_null() {
            refuse("allocation_id", "private");
        }
        if private
            && self
                .secondary_allocation_ids
                .is_known_and(|ids| !ids.is_empty())
        {
            refuse("secondary_allocation_ids", "private");
        }
        let public = self.connectivity_type.is_null()
            || self.connectivity_type.is_known_and(|kind| kind == "public");
        if public && self.secondary_private_ip_address_count.is_known() {
            refuse("secondary_private_ip_address_count", "public");
        }
    }

    fn plan(change: &mut Change<'_, Self, Aws>) {
        let Some(prior) = &change.prior else {
            return;
        };
        // Asked for by number, other addresses need another gateway.
        let count = &change.config.secondary_private_ip_address_count;
        if count.is_known() && *count != prior.secondary_private_ip_address_count {
            change.requires_replace("secondary_private_ip_address_count");
            return;
        }
        let (config, planned) = (&change.config, &mut change.planned);
        if planned.secondary_allocation_ids != prior.secondary_allocation_ids
            && !(none(&planned.secondary_allocation_ids) && none(&prior.secondary_allocation_ids))
        {
            planned.secondary_private_ip_address_count = Attr::Unknown;
            if config.secondary_private_ip_addresses.is_null() {
                planned.secondary_private_ip_addresses = Attr::Unknown;
            }
        } else if planned.secondary_private_ip_addresses != prior.secondary_private_ip_addresses
            && config.secondary_private_ip_address_count.is_null()
        {
            let count = planned
                .secondary_private_ip_addresses
                .clone()
                .map(|all| all.len() as i64);
            // More or fewer addresses of this gateway: no other gateway is needed.
            planned.secondary_private_ip_address_count = if count.is_known() {
                count
            } else {
                Attr::Unknown
            };
        }
    }
}

fn none(set: &Attr<BTreeSet<String>>) -> bool {
    set.is_null() || set.is_known_and(BTreeSet::is_empty)
}

fn is_gone(gateway: &types::NatGateway) -> bool {
    gateway.state == Some(NatGatewayState::Deleted)
}

impl NatGateway {
    async fn make(&self, cx: &Cx<'_, Aws>) -> Result<String, Error> {
        let tags = create::specification(cx, &ResourceType::Natgateway, self.tags.wanted(cx));
        let list = |set: &Attr<BTreeSet<String>>| {
            let all: Vec<String> = set.or_default().into_iter().collect();
            (!all.is_empty()).then_some(all)
        };
        let count = super::number(&self.secondary_private_ip_address_count).filter(|n| *n != 0);
        let token = Some(cx.create_token().to_owned()).filter(|token| !token.is_empty());
        // The token makes repeating it harmless.
        waiting::patiently(cx, || async {
            let call = cx
                .ec2()
                .create_nat_gateway()
                .set_client_token(token.clone())
                .subnet_id(self.subnet_id.as_str())
                .set_allocation_id(super::text(&self.allocation_id))
                .connectivity_type(ConnectivityType::from(self.connectivity_type.as_str()))
                .set_private_ip_address(super::text(&self.private_ip))
                .set_secondary_allocation_ids(list(&self.secondary_allocation_ids))
                .set_secondary_private_ip_addresses(list(&self.secondary_private_ip_addresses))
                .set_secondary_private_ip_address_count(count)
                .set_tag_specifications(tags.clone().map(|tags| vec![tags]));
            let made = call.send().await.map_err(error::of)?.nat_gateway;
            made.and_then(|gateway| gateway.nat_gateway_id)
                .ok_or_else(super::no_id)
        })
        .await
    }

    async fn wait_available(&self, cx: &Cx<'_, Aws>) -> Result<types::NatGateway, Error> {
        let pending = |gateway: &types::NatGateway| match gateway.state.as_ref() {
            Some(NatGatewayState::Available) => {
                use NatGatewayAddressStatus::{Failed, Succeeded};
                let mut all = gateway
                    .nat_gateway_addresses()
                    .iter()
                    .filter_map(|a| a.status.as_ref().map(|s| (a, s)));
                match all.find(|(_, status)| **status != Succeeded) {
                    Some((address, Failed)) => {
                        Err(failed("NatGatewayAddressFailed", address.failure_message()))
                    }
                    Some((_, status)) => Ok(Some(format!("address {}", status.as_str()))),
                    None => Ok(None),
                }
            }
            Some(NatGatewayState::Failed) => Err(failed(
                gateway.failure_code().unwrap_or("Failed"),
                gateway.failure_message(),
            )),
            state => Ok(Some(
                state.map_or("pending", NatGatewayState::as_str).to_owned(),
            )),
        };
        waiting::wait_until(cx, WHAT, &cx.reads.nat_gateways, self.id.as_str(), pending).await
    }

    async fn change_private_addresses(&self, prior: &Self, cx: &Cx<'_, Aws>) -> Result<(), Error> {
        let Some(wanted) = self.secondary_private_ip_addresses.known() else {
            return Ok(());
        };
        let was = prior.secondary_private_ip_addresses.or_default();
        let (new, gone) = differences(&was, wanted);
        let doing = format!("changing addresses of the NAT gateway {}", self.id.as_str());
        if !new.is_empty() {
            let call = cx
                .ec2()
                .assign_private_nat_gateway_address()
                .nat_gateway_id(self.id.as_str());
            let call = call.set_private_ip_addresses(Some(new));
            call.send().await.map_err(error::of).doing(doing.clone())?;
            self.wait_available(cx).await?;
        }
        if !gone.is_empty() {
            let call = cx
                .ec2()
                .unassign_private_nat_gateway_address()
                .nat_gateway_id(self.id.as_str());
            let call = call.set_private_ip_addresses(Some(gone));
            call.send().await.map_err(error::of).doing(doing)?;
            self.wait_available(cx).await?;
        }
        Ok(())
    }

    async fn change_public_addresses(&self, prior: &Self, cx: &Cx<'_, Aws>) -> Result<(), Error> {
        let (was, wanted) = (
            prior.secondary_allocation_ids.or_default(),
            self.secondary_allocation_ids.or_default(),
        );
        let (new, gone) = differences(&was, &wanted);
        let doing = format!("changing addresses of the NAT gateway {}", self.id.as_str());
        if !new.is_empty() {
            let call = cx
                .ec2()
                .associate_nat_gateway_address()
                .nat_gateway_id(self.id.as_str());
            let addresses = self.secondary_private_ip_addresses.known();
            let call = call
                .set_allocation_ids(Some(new))
                .set_private_ip_addresses(addresses.map(|all| all.iter().cloned().collect()));
            call.send().await.map_err(error::of).doing(doing.clone())?;
            self.wait_available(cx).await?;
        }
        if !gone.is_empty() {
            let found = self.wait_available(cx).await?;
            let is_gone =
                |a: &&NatGatewayAddress| gone.iter().any(|id| a.allocation_id() == Some(id));
            let ids = found.nat_gateway_addresses().iter().filter(is_gone);
            let ids: Vec<String> = ids.filter_map(|a| a.association_id.clone()).collect();
            let call = cx
                .ec2()
                .disassociate_nat_gateway_address()
                .nat_gateway_id(self.id.as_str());
            call.set_association_ids(Some(ids))
                .send()
                .await
                .map_err(error::of)
                .doing(doing)?;
            self.wait_available(cx).await?;
        }
        Ok(())
    }

    async fn read_back(&self, cx: &Cx<'_, Aws>) -> Result<Self, Error> {
        let found = self.wait_available(cx).await?;
        Ok(self.clone().completed(&found, cx))
    }

    fn completed(mut self, found: &types::NatGateway, cx: &Cx<'_, Aws>) -> Self {
        let all = found.nat_gateway_addresses();
        let is_main = |a: &&NatGatewayAddress| a.is_primary.unwrap_or(all.len() == 1);
        let main = all.iter().find(is_main);
        self.allocation_id = super::stored(main.and_then(|a| a.allocation_id()));
        self.association_id = super::stored(main.and_then(|a| a.association_id()));
        self.network_interface_id = super::stored(main.and_then(|a| a.network_interface_id()));
        self.private_ip = super::stored(main.and_then(|a| a.private_ip()));
        self.public_ip = super::stored(main.and_then(|a| a.public_ip()));
        let others = || all.iter().filter(|a| !is_main(a));
        let allocations: BTreeSet<String> =
            others().filter_map(|a| a.allocation_id.clone()).collect();
        let addresses: BTreeSet<String> = others().filter_map(|a| a.private_ip.clone()).collect();
        if !(allocations.is_empty() && self.secondary_allocation_ids.is_null()) {
            self.secondary_allocation_ids = allocations.into();
        }
        self.secondary_private_ip_address_count = (addresses.len() as i64).into();
        self.secondary_private_ip_addresses = addresses.into();
        let kind = found.connectivity_type.as_ref();
        self.connectivity_type = super::stored(kind.map(ConnectivityType::as_str));
        self.subnet_id = super::stored(found.subnet_id());
        self.tags = self.tags.stored(pairs(found.tags.as_deref()), cx);
        self
    }
}

fn failed(code: &str, message: Option<&str>) -> Error {
    Error::new(
        ErrorKind::Other,
        code,
        message.unwrap_or("EC2 gave no reason"),
    )
}

fn differences(was: &BTreeSet<String>, is: &BTreeSet<String>) -> (Vec<String>, Vec<String>) {
    (
        is.difference(was).cloned().collect(),
        was.difference(is).cloned().collect(),
    )
}

#[cfg(test)]
mod tests {
    contract::contract! { crate::testing::WORLD, "aws_nat_gateway",
        needs: r#"resource "aws_vpc" "a" { cidr_block = "10.0.0.0/16" }
resource "aws_subnet" "a" {
  vpc_id     = aws_vpc.a.id
  cidr_block = "10.0.1.0/24"
}
resource "aws_internet_gateway" "a" { vpc_id = aws_vpc.a.id }
resource "aws_eip" "a" {
  domain     = "vpc"
  depends_on = [aws_internet_gateway.a]
}"#,
        create: r#"subnet_id = aws_subnet.a.id
    allocation_id = aws_eip.a.id"#,
        update: &[r#"subnet_id = aws_subnet.a.id
allocation_id = aws_eip.a.id
tags = { Name = "b" }"#],
        replace: &[r#"subnet_id = aws_subnet.a.id
    connectivity_type = "private""#],
        import: "{id}",
    }
}
