//! `aws_vpc`: an isolated network.

use super::waiting;
use crate::Aws;
use crate::create::{self, pairs};
use crate::error;
use crate::tags::{self, Tagged, Tags};
use aws_sdk_ec2::types::{
    self, AttributeBooleanValue, ResourceType, Tenancy, VpcAttributeName, VpcCidrBlockStateCode,
    VpcIpv6CidrBlockAssociation, VpcState,
};
use sdk::{Applied, Attr, Change, Cx, Error, Keep, Model, Resource};

/// Provides a VPC.
#[derive(Model, Clone, Debug, PartialEq)]
#[model(type_name = "aws_vpc", version = 1, legacy)]
pub(crate) struct Vpc {
    /// The ARN.
    #[attr(computed)]
    arn: Attr<String>,
    /// Whether Amazon assigns an IPv6 block with a /56 prefix.
    #[attr(optional, zero, conflicts("ipv6_ipam_pool_id"))]
    assign_generated_ipv6_cidr_block: Attr<bool>,
    /// The IPv4 block.
    #[attr(optional, computed, requires_replace, validate = super::cidr::ipv4, conflicts("ipv4_netmask_length"))]
    cidr_block: Attr<String>,
    /// The network ACL that comes with the VPC.
    #[attr(computed)]
    default_network_acl_id: Attr<String>,
    /// The route table that comes with the VPC.
    #[attr(computed)]
    default_route_table_id: Attr<String>,
    /// The security group that comes with the VPC.
    #[attr(computed)]
    default_security_group_id: Attr<String>,
    /// The set of DHCP options.
    #[attr(computed)]
    dhcp_options_id: Attr<String>,
    /// Whether instances get public DNS names.
    #[attr(optional, computed)]
    enable_dns_hostnames: Attr<bool>,
    /// Whether Amazon's DNS server answers.
    #[attr(optional, default = true)]
    enable_dns_support: Attr<bool>,
    /// Whether metrics of the usage of addresses are kept.
    #[attr(optional, computed)]
    enable_network_address_usage_metrics: Attr<bool>,
    /// The id.
    #[attr(optional, computed)]
    id: Attr<String>,
    /// Whether instances run on hardware of their own.
    #[attr(optional, default = "default", one_of("default", "dedicated"))]
    instance_tenancy: Attr<String>,
    /// The IPAM pool that the IPv4 block comes from.
    #[attr(optional, requires_replace)]
    ipv4_ipam_pool_id: Attr<String>,
    /// The length of the prefix of the IPv4 block from the pool.
    #[attr(
        optional,
        requires_replace,
        range(16, 28),
        required_with("ipv4_ipam_pool_id")
    )]
    ipv4_netmask_length: Attr<i64>,
    /// The id of the association of the IPv6 block.
    #[attr(computed)]
    ipv6_association_id: Attr<String>,
    /// The IPv6 block from the pool.
    #[attr(
        optional,
        computed,
        validate = super::cidr::ipv6,
        conflicts("ipv6_netmask_length", "assign_generated_ipv6_cidr_block"),
        required_with("ipv6_ipam_pool_id")
    )]
    ipv6_cidr_block: Attr<String>,
    /// The group of locations from which the IPv6 block is announced.
    #[attr(optional, computed, required_with("assign_generated_ipv6_cidr_block"))]
    ipv6_cidr_block_network_border_group: Attr<String>,
    /// The IPAM pool that the IPv6 block comes from.
    #[attr(optional, zero)]
    ipv6_ipam_pool_id: Attr<String>,
    /// The length of the prefix of the IPv6 block from the pool.
    #[attr(optional, zero, validate = ipv6_netmask, required_with("ipv6_ipam_pool_id"))]
    ipv6_netmask_length: Attr<i64>,
    /// The route table of subnets without another.
    #[attr(computed)]
    main_route_table_id: Attr<String>,
    /// The account that owns it.
    #[attr(computed)]
    owner_id: Attr<String>,
    #[model(flatten)]
    tags: Tags,
}

fn ipv6_netmask(length: &i64) -> Result<(), String> {
    match length {
        44 | 48 | 52 | 56 | 60 => Ok(()),
        _ => Err(format!("{length} is not one of 44, 48, 52, 56, 60.")),
    }
}

impl Resource for Vpc {
    type Cloud = Aws;

    async fn create(self, cx: &Cx<'_, Aws>) -> Applied<Self> {
        let id = self.make(cx).await.doing("creating a VPC")?;
        let mut vpc = Self {
            id: id.clone().into(),
            ..self
        };
        vpc.wait_available(cx).await.keep(&vpc)?;
        create::settle(cx, &id).await;
        vpc.wait_ipv6(cx).await.keep(&vpc)?;
        vpc.set_attributes(None, cx).await.keep(&vpc)?;
        vpc = vpc.read_back(cx).await.keep(&vpc)?;
        Ok(vpc)
    }

    async fn read(mut self, cx: &Cx<'_, Aws>) -> Result<Option<Self>, Error> {
        self.tags = self.tags.reading();
        let id = self.id.as_str().to_owned();
        let Some(found) = cx.reads.vpcs.get(id.clone()).await? else {
            return Ok(None);
        };
        create::settle_read(cx, &id, found.tags.as_deref()).await;
        self.completed(&found, cx).await.map(Some)
    }

    async fn update(self, prior: Self, cx: &Cx<'_, Aws>) -> Applied<Self> {
        let mut now = prior.clone();
        self.set_attributes(Some(&prior), cx).await?;
        now.enable_dns_hostnames = self.enable_dns_hostnames.clone();
        now.enable_dns_support = self.enable_dns_support.clone();
        now.enable_network_address_usage_metrics =
            self.enable_network_address_usage_metrics.clone();
        if self.instance_tenancy != prior.instance_tenancy {
            self.set_tenancy(cx).await.keep(&now)?;
            now.instance_tenancy = self.instance_tenancy.clone();
        }
        if self.ipv6_differs(&prior) {
            self.change_ipv6(&prior, cx).await.keep(&now)?;
        }
        tags::update(cx, self.id.as_str(), &prior.tags, &self.tags)
            .await
            .keep(&now)?;
        self.read_back(cx).await.keep(&now)
    }

    async fn delete(self, cx: &Cx<'_, Aws>) -> Result<(), Error> {
        let id = self.id.as_str();
        waiting::delete(cx, "VPC", id, || async {
            let call = cx.ec2().delete_vpc().vpc_id(id);
            error::done(call.send().await)
        })
        .await?;
        waiting::wait_gone(cx, "VPC", &cx.reads.vpcs, id, |_| false).await
    }

    async fn import(id: &str, _: &Cx<'_, Aws>) -> Result<Self, Error> {
        Ok(Self {
            id: id.into(),
            ..Self::empty()
        })
    }

    async fn find_created(&self, cx: &Cx<'_, Aws>) -> Result<Option<Self>, Error> {
        match create::find_created(cx, &ResourceType::Vpc).await? {
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
        // Dedicated hardware can be given up, but not be had later.
        if prior.instance_tenancy.as_str() == "default"
            && !change
                .planned
                .instance_tenancy
                .is_known_and(|t| t == "default")
        {
            change.requires_replace("instance_tenancy");
        }
        // With or without a block, what belongs to it changes.
        let is_set = |vpc: &Self| vpc.assign_generated_ipv6_cidr_block.is_true();
        if is_set(&prior) != is_set(&change.planned) {
            change.planned.ipv6_association_id = Attr::Unknown;
            if change.config.ipv6_cidr_block.is_null() {
                change.planned.ipv6_cidr_block = Attr::Unknown;
            }
        }
    }

    fn upgrade(_: i64, mut state: serde_json::Value) -> Result<serde_json::Value, Error> {
        // Before version 1 the block was asked for by a value that was not stored.
        if let Some(object) = state.as_object_mut() {
            object.insert("assign_generated_ipv6_cidr_block".to_owned(), false.into());
        }
        Ok(state)
    }
}

impl Vpc {
    async fn make(&self, cx: &Cx<'_, Aws>) -> Result<String, Error> {
        let tags = create::specification(cx, &ResourceType::Vpc, self.tags.wanted(cx));
        let send = || async {
            let call = cx
                .ec2_once()
                .create_vpc()
                .set_cidr_block(self.cidr_block.to_option())
                .amazon_provided_ipv6_cidr_block(self.assign_generated_ipv6_cidr_block.is_true())
                .set_instance_tenancy(
                    self.instance_tenancy
                        .known()
                        .map(|t| Tenancy::from(t.as_str())),
                )
                .set_ipv4_ipam_pool_id(self.ipv4_ipam_pool_id.to_option())
                .set_ipv4_netmask_length(super::number(&self.ipv4_netmask_length))
                .set_ipv6_cidr_block(super::text(&self.ipv6_cidr_block))
                .set_ipv6_cidr_block_network_border_group(super::text(
                    &self.ipv6_cidr_block_network_border_group,
                ))
                .set_ipv6_ipam_pool_id(super::text(&self.ipv6_ipam_pool_id))
                .set_ipv6_netmask_length(
                    super::number(&self.ipv6_netmask_length).filter(|n| *n != 0),
                )
                .set_tag_specifications(tags.clone().map(|tags| vec![tags]));
            let made = call.send().await.map_err(error::of)?.vpc;
            made.and_then(|vpc| vpc.vpc_id).ok_or_else(super::no_id)
        };
        create::once(cx, ResourceType::Vpc, send).await
    }

    async fn wait_available(&self, cx: &Cx<'_, Aws>) -> Result<types::Vpc, Error> {
        let pending = |vpc: &types::Vpc| {
            Ok((vpc.state != Some(VpcState::Available)).then(|| "pending".to_owned()))
        };
        waiting::wait_until(cx, "VPC", &cx.reads.vpcs, self.id.as_str(), pending).await
    }

    /// Waits until an IPv6 block that was asked for is there.
    async fn wait_ipv6(&self, cx: &Cx<'_, Aws>) -> Result<(), Error> {
        use VpcCidrBlockStateCode::{Associating, Disassociating};
        let pending = |vpc: &types::Vpc| {
            let all = vpc.ipv6_cidr_block_association_set().iter();
            let mut states = all.filter_map(|a| a.ipv6_cidr_block_state.as_ref()?.state.clone());
            let state = states.find(|state| matches!(state, Associating | Disassociating));
            Ok(state.map(|state| state.as_str().to_owned()))
        };
        let id = self.id.as_str();
        let waited =
            waiting::wait_until(cx, "IPv6 block of the VPC", &cx.reads.vpcs, id, pending).await;
        waited.map(|_| ())
    }

    /// Sets the attributes that a create cannot: those that are not as they are already.
    async fn set_attributes(&self, prior: Option<&Self>, cx: &Cx<'_, Aws>) -> Result<(), Error> {
        type Of = fn(&Vpc) -> &Attr<bool>;
        type Set = fn(
            aws_sdk_ec2::operation::modify_vpc_attribute::builders::ModifyVpcAttributeFluentBuilder,
            AttributeBooleanValue,
        )
            -> aws_sdk_ec2::operation::modify_vpc_attribute::builders::ModifyVpcAttributeFluentBuilder;
        // DNS names need DNS, so DNS comes first; it is switched off last.
        let mut attributes: Vec<(Of, bool, Set)> = vec![
            (
                |vpc| &vpc.enable_dns_support,
                true,
                |call, value| call.enable_dns_support(value),
            ),
            (
                |vpc| &vpc.enable_dns_hostnames,
                false,
                |call, value| call.enable_dns_hostnames(value),
            ),
            (
                |vpc| &vpc.enable_network_address_usage_metrics,
                false,
                |call, value| call.enable_network_address_usage_metrics(value),
            ),
        ];
        if !self.enable_dns_support.is_true() {
            attributes.reverse();
        }
        for (of, default, set) in attributes {
            let was = prior.map_or(default, |prior| of(prior).is_true());
            let Some(wanted) = of(self).known().filter(|wanted| **wanted != was) else {
                continue;
            };
            let value = AttributeBooleanValue::builder().value(*wanted).build();
            let call = set(
                cx.ec2().modify_vpc_attribute().vpc_id(self.id.as_str()),
                value,
            );
            let doing = format!("changing attributes of the VPC {}", self.id.as_str());
            call.send().await.map_err(error::of).doing(doing)?;
        }
        Ok(())
    }

    async fn set_tenancy(&self, cx: &Cx<'_, Aws>) -> Result<(), Error> {
        let call = cx
            .ec2()
            .modify_vpc_tenancy()
            .vpc_id(self.id.as_str())
            .instance_tenancy(types::VpcTenancy::Default);
        let doing = format!("changing the tenancy of the VPC {}", self.id.as_str());
        call.send()
            .await
            .map(|_| ())
            .map_err(error::of)
            .doing(doing)
    }

    fn ipv6_differs(&self, prior: &Self) -> bool {
        let parts = |vpc: &Self| {
            (
                vpc.assign_generated_ipv6_cidr_block.is_true(),
                vpc.ipv6_ipam_pool_id.as_str().to_owned(),
                vpc.ipv6_netmask_length.or_default(),
            )
        };
        let other = |a: &Attr<String>, b: &Attr<String>| a.is_known() && a.as_str() != b.as_str();
        parts(self) != parts(prior)
            || other(&self.ipv6_cidr_block, &prior.ipv6_cidr_block)
            || other(
                &self.ipv6_cidr_block_network_border_group,
                &prior.ipv6_cidr_block_network_border_group,
            )
    }

    /// Gives up the IPv6 block, and takes another if one is wanted.
    async fn change_ipv6(&self, prior: &Self, cx: &Cx<'_, Aws>) -> Result<(), Error> {
        let id = self.id.as_str();
        let doing = format!("changing the IPv6 block of the VPC {id}");
        if !prior.ipv6_association_id.as_str().is_empty() {
            let call = cx
                .ec2()
                .disassociate_vpc_cidr_block()
                .association_id(prior.ipv6_association_id.as_str());
            call.send().await.map_err(error::of).doing(doing.clone())?;
            self.wait_ipv6(cx).await?;
        }
        if self.assign_generated_ipv6_cidr_block.is_true()
            || !self.ipv6_ipam_pool_id.as_str().is_empty()
        {
            let send = |_| async {
                let generated = self.assign_generated_ipv6_cidr_block.is_true();
                let length = super::number(&self.ipv6_netmask_length).filter(|n| *n != 0);
                let group = super::text(&self.ipv6_cidr_block_network_border_group);
                let call = cx
                    .ec2_once()
                    .associate_vpc_cidr_block()
                    .vpc_id(id)
                    .set_amazon_provided_ipv6_cidr_block(generated.then_some(true))
                    .set_ipv6_cidr_block(super::text(&self.ipv6_cidr_block))
                    .set_ipv6_cidr_block_network_border_group(group)
                    .set_ipv6_ipam_pool_id(super::text(&self.ipv6_ipam_pool_id))
                    .set_ipv6_netmask_length(length);
                error::done(call.send().await)
            };
            let policy = sdk::Policy::default().deadline(cx.timeout());
            let find = || self.find_ipv6(cx);
            let sent = sdk::create_once(policy, error::of_write, find, send).await;
            sent.doing(doing)?;
            self.wait_ipv6(cx).await?;
        }
        Ok(())
    }

    /// Whether there is an IPv6 block, or one is coming.
    async fn find_ipv6(&self, cx: &Cx<'_, Aws>) -> Result<Option<()>, Error> {
        use VpcCidrBlockStateCode::{Associated, Associating};
        let vpc = cx.reads.vpcs.get(self.id.as_str().to_owned()).await?;
        let there = vpc.is_some_and(|vpc| {
            let all = vpc.ipv6_cidr_block_association_set().iter();
            let mut states = all.filter_map(|a| a.ipv6_cidr_block_state.as_ref()?.state.as_ref());
            states.any(|state| matches!(state, Associated | Associating))
        });
        Ok(there.then_some(()))
    }

    async fn read_back(&self, cx: &Cx<'_, Aws>) -> Result<Self, Error> {
        let found = self.wait_available(cx).await?;
        self.clone().completed(&found, cx).await
    }

    /// This with all that the cloud says about it.
    async fn completed(mut self, found: &types::Vpc, cx: &Cx<'_, Aws>) -> Result<Self, Error> {
        let id = self.id.as_str().to_owned();
        let owner = found.owner_id.clone().unwrap_or_default();
        let text = |text: &Option<String>| Attr::from(text.clone().unwrap_or_default());
        self.arn = cx.arn("ec2", &owner, &format!("vpc/{id}")).into();
        self.owner_id = owner.into();
        self.cidr_block = text(&found.cidr_block);
        self.dhcp_options_id = text(&found.dhcp_options_id);
        let tenancy = found.instance_tenancy.as_ref();
        self.instance_tenancy = tenancy.map_or("", Tenancy::as_str).into();
        self.read_ipv6(found);

        let (hostnames, support, metrics, main, acl, group) = tokio::try_join!(
            attribute(cx, &id, VpcAttributeName::EnableDnsHostnames),
            attribute(cx, &id, VpcAttributeName::EnableDnsSupport),
            attribute(cx, &id, VpcAttributeName::EnableNetworkAddressUsageMetrics),
            cx.reads.main_route_tables.get(id.clone()),
            default_network_acl(cx, &id, &self.default_network_acl_id),
            default_security_group(cx, &id, &self.default_security_group_id),
        )?;
        self.enable_dns_hostnames = hostnames.into();
        self.enable_dns_support = support.into();
        self.enable_network_address_usage_metrics = metrics.into();
        let main = main
            .and_then(|table| table.route_table_id)
            .unwrap_or_default();
        self.default_route_table_id = main.clone().into();
        self.main_route_table_id = main.into();
        self.default_network_acl_id = acl.into();
        self.default_security_group_id = group.into();
        self.tags = self.tags.stored(pairs(found.tags.as_deref()), cx);
        Ok(self)
    }

    fn read_ipv6(&mut self, found: &types::Vpc) {
        let state =
            |a: &VpcIpv6CidrBlockAssociation| a.ipv6_cidr_block_state.as_ref()?.state.clone();
        let all = found
            .ipv6_cidr_block_association_set
            .as_deref()
            .unwrap_or_default();
        let mut there = all
            .iter()
            .filter(|a| state(a) == Some(VpcCidrBlockStateCode::Associated));
        let known = self.ipv6_association_id.as_str();
        let ours = there
            .clone()
            .find(|a| a.association_id() == Some(known))
            .or_else(|| there.next());
        let Some(block) = ours else {
            self.assign_generated_ipv6_cidr_block = false.into();
            self.ipv6_association_id = "".into();
            self.ipv6_cidr_block = "".into();
            self.ipv6_cidr_block_network_border_group = "".into();
            self.ipv6_ipam_pool_id = "".into();
            self.ipv6_netmask_length = 0.into();
            return;
        };
        let text = |text: Option<&str>| Attr::from(text.unwrap_or_default());
        let pool = block.ipv6_pool().unwrap_or_default();
        self.ipv6_association_id = text(block.association_id());
        self.ipv6_cidr_block = text(block.ipv6_cidr_block());
        self.ipv6_cidr_block_network_border_group = text(block.network_border_group());
        self.assign_generated_ipv6_cidr_block = (pool == "Amazon").into();
        self.ipv6_ipam_pool_id = if pool.starts_with("ipam-pool-") {
            pool.into()
        } else {
            "".into()
        };
        if pool == "Amazon" {
            self.ipv6_netmask_length = 0.into();
        }
    }
}

/// An attribute that is read by a call of its own. Where a region does not have it, it is off.
async fn attribute(cx: &Cx<'_, Aws>, id: &str, name: VpcAttributeName) -> Result<bool, Error> {
    let call = cx
        .ec2()
        .describe_vpc_attribute()
        .vpc_id(id)
        .attribute(name.clone());
    let answer = match call.send().await.map_err(error::of) {
        Ok(answer) => answer,
        Err(error)
            if error.code == "InvalidParameterValue"
                && name == VpcAttributeName::EnableNetworkAddressUsageMetrics =>
        {
            return Ok(false);
        }
        Err(error) => return Err(error.doing(format!("reading {name} of the VPC {id}"))),
    };
    let value = match name {
        VpcAttributeName::EnableDnsHostnames => answer.enable_dns_hostnames,
        VpcAttributeName::EnableDnsSupport => answer.enable_dns_support,
        _ => answer.enable_network_address_usage_metrics,
    };
    Ok(value.and_then(|value| value.value).unwrap_or(false))
}

/// The network ACL that came with a VPC: the same for ever.
async fn default_network_acl(
    cx: &Cx<'_, Aws>,
    vpc: &str,
    known: &Attr<String>,
) -> Result<String, Error> {
    if !known.as_str().is_empty() {
        return Ok(known.as_str().to_owned());
    }
    let filters = super::filters([("default", "true"), ("vpc-id", vpc)]);
    let answer = cx
        .ec2()
        .describe_network_acls()
        .set_filters(Some(filters))
        .send()
        .await;
    let answer = answer
        .map_err(error::of)
        .doing("reading the default network ACL")?;
    let acl = answer.network_acls.unwrap_or_default().into_iter().next();
    Ok(acl.and_then(|acl| acl.network_acl_id).unwrap_or_default())
}

/// The security group that came with a VPC: the same for ever.
async fn default_security_group(
    cx: &Cx<'_, Aws>,
    vpc: &str,
    known: &Attr<String>,
) -> Result<String, Error> {
    if !known.as_str().is_empty() {
        return Ok(known.as_str().to_owned());
    }
    let filters = super::filters([("group-name", "default"), ("vpc-id", vpc)]);
    let answer = cx
        .ec2()
        .describe_security_groups()
        .set_filters(Some(filters))
        .send()
        .await;
    let answer = answer
        .map_err(error::of)
        .doing("reading the default security group")?;
    let group = answer
        .security_groups
        .unwrap_or_default()
        .into_iter()
        .next();
    Ok(group.and_then(|group| group.group_id).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    contract::contract! { crate::testing::WORLD, "aws_vpc",
        needs: r#""#,
        create: r#"cidr_block = "10.0.0.0/16""#,
        update: &[r#"cidr_block = "10.0.0.0/16"
enable_dns_hostnames = true
tags = { Name = "b" }"#, r#"cidr_block = "10.0.0.0/16"
assign_generated_ipv6_cidr_block = true"#],
        replace: &[r#"cidr_block = "10.1.0.0/16""#],
        import: "{id}",
    }
}
