//! `aws_subnet`: a part of a VPC in one zone.

use super::waiting;
use crate::Aws;
use crate::create::{self, pairs};
use crate::error;
use crate::tags::{self, Tagged, Tags};
use aws_sdk_ec2::operation::modify_subnet_attribute::builders::ModifySubnetAttributeFluentBuilder as Modify;
use aws_sdk_ec2::types::{
    self, AttributeBooleanValue, HostnameType, ResourceType, SubnetCidrBlockStateCode,
    SubnetIpv6CidrBlockAssociation, SubnetState,
};
use sdk::{Applied, Attr, Change, Cx, Error, Keep, Model, Resource};

/// Provides a subnet of a VPC.
#[derive(Model, Clone, Debug, PartialEq)]
#[model(
    type_name = "aws_subnet",
    version = 1,
    legacy,
    timeouts(create = "10m", delete = "20m")
)]
pub(crate) struct Subnet {
    /// The ARN.
    #[attr(computed)]
    arn: Attr<String>,
    /// Whether network interfaces get an IPv6 address.
    #[attr(optional, default = false)]
    assign_ipv6_address_on_creation: Attr<bool>,
    /// The zone.
    #[attr(
        optional,
        computed,
        requires_replace,
        conflicts("availability_zone_id")
    )]
    availability_zone: Attr<String>,
    /// The id of the zone, the same for all accounts.
    #[attr(optional, computed, requires_replace, conflicts("availability_zone"))]
    availability_zone_id: Attr<String>,
    /// The IPv4 block.
    #[attr(optional, zero, requires_replace, validate = super::cidr::ipv4)]
    cidr_block: Attr<String>,
    /// The pool of addresses of an Outpost.
    #[attr(
        optional,
        zero,
        required_with("map_customer_owned_ip_on_launch", "outpost_arn")
    )]
    customer_owned_ipv4_pool: Attr<String>,
    /// Whether IPv4 addresses are given as IPv6 addresses to what has no IPv4.
    #[attr(optional, default = false)]
    enable_dns64: Attr<bool>,
    /// The position of the local network interface of an Outpost server.
    #[attr(optional, zero)]
    enable_lni_at_device_index: Attr<i64>,
    /// Whether names by resource have A records.
    #[attr(optional, default = false)]
    enable_resource_name_dns_a_record_on_launch: Attr<bool>,
    /// Whether names by resource have AAAA records.
    #[attr(optional, default = false)]
    enable_resource_name_dns_aaaa_record_on_launch: Attr<bool>,
    /// The id.
    #[attr(optional, computed)]
    id: Attr<String>,
    /// The IPv6 block.
    #[attr(optional, zero, validate = super::cidr::ipv6, same = super::cidr::same)]
    ipv6_cidr_block: Attr<String>,
    /// The id of the association of the IPv6 block.
    #[attr(computed)]
    ipv6_cidr_block_association_id: Attr<String>,
    /// Whether there is no IPv4.
    #[attr(optional, requires_replace, default = false)]
    ipv6_native: Attr<bool>,
    /// Whether network interfaces get an address of an Outpost's pool.
    #[attr(
        optional,
        zero,
        required_with("customer_owned_ipv4_pool", "outpost_arn")
    )]
    map_customer_owned_ip_on_launch: Attr<bool>,
    /// Whether network interfaces get a public address.
    #[attr(optional, default = false)]
    map_public_ip_on_launch: Attr<bool>,
    /// The Outpost.
    #[attr(optional, zero, requires_replace)]
    outpost_arn: Attr<String>,
    /// The account that owns it.
    #[attr(computed)]
    owner_id: Attr<String>,
    /// What the names of instances are made of.
    #[attr(optional, computed, one_of("ip-name", "resource-name"))]
    private_dns_hostname_type_on_launch: Attr<String>,
    #[model(flatten)]
    tags: Tags,
    /// The VPC.
    #[attr(required, requires_replace)]
    vpc_id: Attr<String>,
}

impl Resource for Subnet {
    type Cloud = Aws;

    async fn create(self, cx: &Cx<'_, Aws>) -> Applied<Self> {
        let id = self.make(cx).await.doing("creating a subnet")?;
        let subnet = Self {
            id: id.clone().into(),
            ..self
        };
        let found = subnet.wait_available(cx).await.keep(&subnet)?;
        create::settle(cx, &id).await;
        subnet.set_attributes(&found, cx).await.keep(&subnet)?;
        subnet.read_back(cx).await.keep(&subnet)
    }

    async fn read(mut self, cx: &Cx<'_, Aws>) -> Result<Option<Self>, Error> {
        self.tags = self.tags.reading();
        let id = self.id.as_str().to_owned();
        let Some(found) = cx.reads.subnets.get(id.clone()).await? else {
            return Ok(None);
        };
        create::settle_read(cx, &id, found.tags.as_deref()).await;
        Ok(Some(self.completed(&found, cx)))
    }

    async fn update(self, prior: Self, cx: &Cx<'_, Aws>) -> Applied<Self> {
        let found = prior.wait_available(cx).await?;
        let ipv6 = || &self.ipv6_cidr_block;
        let changes_ipv6 = !ipv6().is_unknown()
            && !super::cidr::same(ipv6().as_str(), prior.ipv6_cidr_block.as_str());
        // Addresses of a block that is to go must not be given out any more.
        if changes_ipv6 {
            self.change_ipv6(&prior, cx).await?;
        }
        let found = if changes_ipv6 {
            prior.wait_available(cx).await?
        } else {
            found
        };
        self.set_attributes(&found, cx).await.keep(&prior)?;
        tags::update(cx, self.id.as_str(), &prior.tags, &self.tags)
            .await
            .keep(&prior)?;
        self.read_back(cx).await.keep(&prior)
    }

    async fn delete(self, cx: &Cx<'_, Aws>) -> Result<(), Error> {
        let id = self.id.as_str();
        waiting::delete(cx, "subnet", id, || async {
            let call = cx.ec2().delete_subnet().subnet_id(id);
            error::done(call.send().await)
        })
        .await?;
        waiting::wait_gone(cx, "subnet", &cx.reads.subnets, id, |_| false).await
    }

    async fn import(id: &str, _: &Cx<'_, Aws>) -> Result<Self, Error> {
        Ok(Self {
            id: id.into(),
            ..Self::empty()
        })
    }

    async fn find_created(&self, cx: &Cx<'_, Aws>) -> Result<Option<Self>, Error> {
        match create::find_created(cx, &ResourceType::Subnet).await? {
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
        let Some(prior) = &change.prior else {
            return;
        };
        if prior.ipv6_cidr_block.as_str() != change.planned.ipv6_cidr_block.as_str()
            || change.planned.ipv6_cidr_block.is_unknown()
        {
            change.planned.ipv6_cidr_block_association_id = Attr::Unknown;
        }
    }

    fn upgrade(_: i64, mut state: serde_json::Value) -> Result<serde_json::Value, Error> {
        // Before version 1 there was no such argument.
        if let Some(object) = state.as_object_mut() {
            let entry = object.entry("assign_ipv6_address_on_creation");
            entry.or_insert_with(|| false.into());
        }
        Ok(state)
    }
}

/// An attribute that has a call of its own: whether it is as it should be, and the call that makes it so.
struct Setting {
    is_set: bool,
    set: Box<dyn Fn(Modify) -> Modify + Send + Sync>,
}

impl Subnet {
    async fn make(&self, cx: &Cx<'_, Aws>) -> Result<String, Error> {
        let tags = create::specification(cx, &ResourceType::Subnet, self.tags.wanted(cx));
        let send = || async {
            let call = cx
                .ec2_once()
                .create_subnet()
                .vpc_id(self.vpc_id.as_str())
                .set_cidr_block(super::text(&self.cidr_block))
                .set_availability_zone(super::text(&self.availability_zone))
                .set_availability_zone_id(super::text(&self.availability_zone_id))
                .set_ipv6_cidr_block(super::text(&self.ipv6_cidr_block))
                .set_ipv6_native(self.ipv6_native.is_true().then_some(true))
                .set_outpost_arn(super::text(&self.outpost_arn))
                .set_tag_specifications(tags.clone().map(|tags| vec![tags]));
            let made = call.send().await.map_err(error::of)?.subnet;
            made.and_then(|subnet| subnet.subnet_id)
                .ok_or_else(super::no_id)
        };
        create::once(cx, ResourceType::Subnet, send).await
    }

    async fn wait_available(&self, cx: &Cx<'_, Aws>) -> Result<types::Subnet, Error> {
        use SubnetCidrBlockStateCode::{Associating, Disassociating};
        let pending = |subnet: &types::Subnet| {
            if subnet.state != Some(SubnetState::Available) {
                return Ok(Some("pending".to_owned()));
            }
            let mut blocks = subnet
                .ipv6_cidr_block_association_set()
                .iter()
                .filter_map(state);
            let changing = blocks.find(|state| matches!(state, Associating | Disassociating));
            Ok(changing.map(|state| format!("IPv6 block {}", state.as_str())))
        };
        waiting::wait_until(cx, "subnet", &cx.reads.subnets, self.id.as_str(), pending).await
    }

    /// The attributes that have a call each, in the order in which they can be set.
    fn settings(&self, found: &types::Subnet) -> Vec<Setting> {
        let mut settings = Vec::new();
        let mut flag = |wanted: &Attr<bool>,
                        is: Option<bool>,
                        set: fn(Modify, AttributeBooleanValue) -> Modify| {
            let Some(wanted) = wanted.known().copied() else {
                return;
            };
            settings.push(Setting {
                is_set: is.unwrap_or(false) == wanted,
                set: Box::new(move |call| {
                    set(call, AttributeBooleanValue::builder().value(wanted).build())
                }),
            });
        };
        flag(
            &self.assign_ipv6_address_on_creation,
            found.assign_ipv6_address_on_creation,
            Modify::assign_ipv6_address_on_creation,
        );
        flag(&self.enable_dns64, found.enable_dns64, Modify::enable_dns64);
        let names = found.private_dns_name_options_on_launch();
        flag(
            &self.enable_resource_name_dns_aaaa_record_on_launch,
            names.and_then(|names| names.enable_resource_name_dns_aaaa_record),
            Modify::enable_resource_name_dns_aaaa_record_on_launch,
        );
        flag(
            &self.enable_resource_name_dns_a_record_on_launch,
            names.and_then(|names| names.enable_resource_name_dns_a_record),
            Modify::enable_resource_name_dns_a_record_on_launch,
        );
        flag(
            &self.map_public_ip_on_launch,
            found.map_public_ip_on_launch,
            Modify::map_public_ip_on_launch,
        );
        if let Some(kind) = self.private_dns_hostname_type_on_launch.to_option() {
            settings.push(Setting {
                is_set: names
                    .and_then(|n| n.hostname_type.as_ref())
                    .is_none_or(|is| is.as_str() == kind),
                set: Box::new(move |call| {
                    call.private_dns_hostname_type_on_launch(HostnameType::from(kind.as_str()))
                }),
            });
        }
        if let Some(pool) = super::text(&self.customer_owned_ipv4_pool) {
            let map = AttributeBooleanValue::builder()
                .value(self.map_customer_owned_ip_on_launch.is_true())
                .build();
            settings.push(Setting {
                is_set: found.customer_owned_ipv4_pool() == Some(pool.as_str())
                    && found.map_customer_owned_ip_on_launch
                        == Some(self.map_customer_owned_ip_on_launch.is_true()),
                set: Box::new(move |call| {
                    call.customer_owned_ipv4_pool(pool.clone())
                        .map_customer_owned_ip_on_launch(map.clone())
                }),
            });
        }
        let index = super::number(&self.enable_lni_at_device_index).unwrap_or(0);
        if index != found.enable_lni_at_device_index.unwrap_or(0) {
            settings.push(Setting {
                is_set: false,
                set: Box::new(move |call| match index {
                    0 => call.disable_lni_at_device_index(
                        AttributeBooleanValue::builder().value(true).build(),
                    ),
                    index => call.enable_lni_at_device_index(index),
                }),
            });
        }
        settings
    }

    async fn set_attributes(&self, found: &types::Subnet, cx: &Cx<'_, Aws>) -> Result<(), Error> {
        let id = self.id.as_str();
        for setting in self
            .settings(found)
            .into_iter()
            .filter(|setting| !setting.is_set)
        {
            let changed = waiting::patiently(cx, || async {
                let call = (setting.set)(cx.ec2().modify_subnet_attribute().subnet_id(id));
                error::done(call.send().await)
            });
            changed
                .await
                .doing(format!("changing attributes of the subnet {id}"))?;
        }
        Ok(())
    }

    /// Gives up the IPv6 block, and takes the one that is wanted.
    async fn change_ipv6(&self, prior: &Self, cx: &Cx<'_, Aws>) -> Result<(), Error> {
        let id = self.id.as_str();
        let doing = format!("changing the IPv6 block of the subnet {id}");
        if let Some(association) = super::text(&prior.ipv6_cidr_block_association_id) {
            let off = AttributeBooleanValue::builder().value(false).build();
            let call = cx
                .ec2()
                .modify_subnet_attribute()
                .subnet_id(id)
                .assign_ipv6_address_on_creation(off);
            call.send().await.map_err(error::of).doing(doing.clone())?;
            let call = cx
                .ec2()
                .disassociate_subnet_cidr_block()
                .association_id(association);
            call.send().await.map_err(error::of).doing(doing.clone())?;
            self.wait_available(cx).await?;
        }
        if let Some(block) = super::text(&self.ipv6_cidr_block) {
            let call = cx
                .ec2()
                .associate_subnet_cidr_block()
                .subnet_id(id)
                .ipv6_cidr_block(block);
            call.send().await.map_err(error::of).doing(doing)?;
            self.wait_available(cx).await?;
        }
        Ok(())
    }

    /// What the cloud says, when it says what was asked for: changes are not seen by every read at once.
    async fn read_back(&self, cx: &Cx<'_, Aws>) -> Result<Self, Error> {
        let started = tokio::time::Instant::now();
        let pending = |subnet: &types::Subnet| {
            let is_set = self.settings(subnet).iter().all(|setting| setting.is_set);
            let late = started.elapsed() > waiting::VISIBLE;
            Ok((!is_set && !late).then(|| "changing".to_owned()))
        };
        let found =
            waiting::wait_until(cx, "subnet", &cx.reads.subnets, self.id.as_str(), pending).await?;
        Ok(self.clone().completed(&found, cx))
    }

    fn completed(mut self, found: &types::Subnet, cx: &Cx<'_, Aws>) -> Self {
        self.arn = super::stored(found.subnet_arn());
        self.assign_ipv6_address_on_creation = found
            .assign_ipv6_address_on_creation
            .unwrap_or(false)
            .into();
        self.availability_zone = super::stored(found.availability_zone());
        self.availability_zone_id = super::stored(found.availability_zone_id());
        self.cidr_block = super::stored(found.cidr_block());
        self.customer_owned_ipv4_pool = super::stored(found.customer_owned_ipv4_pool());
        self.enable_dns64 = found.enable_dns64.unwrap_or(false).into();
        self.enable_lni_at_device_index =
            i64::from(found.enable_lni_at_device_index.unwrap_or(0)).into();
        self.ipv6_native = found.ipv6_native.unwrap_or(false).into();
        self.map_customer_owned_ip_on_launch = found
            .map_customer_owned_ip_on_launch
            .unwrap_or(false)
            .into();
        self.map_public_ip_on_launch = found.map_public_ip_on_launch.unwrap_or(false).into();
        self.outpost_arn = super::stored(found.outpost_arn());
        self.owner_id = super::stored(found.owner_id());
        self.vpc_id = super::stored(found.vpc_id());
        let names = found.private_dns_name_options_on_launch();
        let flag = |flag: Option<bool>| Attr::from(flag.unwrap_or(false));
        self.enable_resource_name_dns_a_record_on_launch =
            flag(names.and_then(|n| n.enable_resource_name_dns_a_record));
        self.enable_resource_name_dns_aaaa_record_on_launch =
            flag(names.and_then(|n| n.enable_resource_name_dns_aaaa_record));
        self.private_dns_hostname_type_on_launch = super::stored(
            names
                .and_then(|n| n.hostname_type.as_ref())
                .map(HostnameType::as_str),
        );
        let mut blocks = found.ipv6_cidr_block_association_set().iter();
        let block = blocks.find(|b| state(b) == Some(SubnetCidrBlockStateCode::Associated));
        self.ipv6_cidr_block_association_id = super::stored(block.and_then(|b| b.association_id()));
        self.ipv6_cidr_block = super::stored(block.and_then(|b| b.ipv6_cidr_block()));
        self.tags = self.tags.stored(pairs(found.tags.as_deref()), cx);
        self
    }
}

fn state(block: &SubnetIpv6CidrBlockAssociation) -> Option<SubnetCidrBlockStateCode> {
    block.ipv6_cidr_block_state.as_ref()?.state.clone()
}

#[cfg(test)]
mod tests {
    contract::contract! { crate::testing::WORLD, "aws_subnet",
        needs: r#"resource "aws_vpc" "a" { cidr_block = "10.0.0.0/16" }"#,
        create: r#"vpc_id = aws_vpc.a.id
    cidr_block = "10.0.1.0/24""#,
        update: &[r#"vpc_id = aws_vpc.a.id
cidr_block = "10.0.1.0/24"
map_public_ip_on_launch = true
tags = { Name = "b" }"#],
        replace: &[r#"vpc_id = aws_vpc.a.id
    cidr_block = "10.0.2.0/24""#],
        import: "{id}",
    }
}
