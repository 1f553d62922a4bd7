//! `aws_eip`: a public address that stays.

use super::waiting;
use crate::Aws;
use crate::create::{self, pairs};
use crate::error;
use crate::tags::{self, Tagged, Tags};
use aws_sdk_ec2::types::{self, DomainType, ResourceType};
use sdk::{Applied, Attr, Change, Cx, Error, Keep, Model, Resource};

/// Provides an Elastic IP address.
#[derive(Model, Clone, Debug, PartialEq)]
#[model(
    type_name = "aws_eip",
    legacy,
    timeouts(read = "15m", update = "5m", delete = "3m")
)]
pub(crate) struct Eip {
    /// The address to take from a pool of one's own.
    #[attr(optional, requires_replace)]
    address: Attr<String>,
    /// The id of the allocation.
    #[attr(computed)]
    allocation_id: Attr<String>,
    /// The ARN.
    #[attr(computed)]
    arn: Attr<String>,
    /// The private address to associate it with.
    #[attr(optional)]
    associate_with_private_ip: Attr<String>,
    /// The id of the association.
    #[attr(computed)]
    association_id: Attr<String>,
    /// The address of a carrier.
    #[attr(computed)]
    carrier_ip: Attr<String>,
    /// The address of an Outpost.
    #[attr(computed)]
    customer_owned_ip: Attr<String>,
    /// The pool of addresses of an Outpost.
    #[attr(optional, zero)]
    customer_owned_ipv4_pool: Attr<String>,
    /// What it is for.
    #[attr(
        optional,
        computed,
        requires_replace,
        one_of("vpc", "standard"),
        conflicts("vpc")
    )]
    domain: Attr<String>,
    /// The id.
    #[attr(optional, computed)]
    id: Attr<String>,
    /// The instance that it is associated with.
    #[attr(optional, computed)]
    instance: Attr<String>,
    /// The IPAM pool to take it from.
    #[attr(optional, computed, requires_replace)]
    ipam_pool_id: Attr<String>,
    /// The group of locations from which it is announced.
    #[attr(optional, computed, requires_replace)]
    network_border_group: Attr<String>,
    /// The network interface that it is associated with.
    #[attr(optional, computed)]
    network_interface: Attr<String>,
    /// The private DNS name.
    #[attr(computed)]
    private_dns: Attr<String>,
    /// The private address.
    #[attr(computed)]
    private_ip: Attr<String>,
    /// The name that the address stands for.
    #[attr(computed)]
    ptr_record: Attr<String>,
    /// The public DNS name.
    #[attr(computed)]
    public_dns: Attr<String>,
    /// The address.
    #[attr(computed)]
    public_ip: Attr<String>,
    /// The pool to take it from.
    #[attr(optional, computed, requires_replace)]
    public_ipv4_pool: Attr<String>,
    #[model(flatten)]
    tags: Tags,
    /// Whether it is for VPCs; say it with domain.
    #[attr(optional, computed, deprecated, requires_replace, conflicts("domain"))]
    vpc: Attr<bool>,
}

const WHAT: &str = "Elastic IP address";

impl Resource for Eip {
    type Cloud = Aws;

    async fn create(self, cx: &Cx<'_, Aws>) -> Applied<Self> {
        let id = self
            .make(cx)
            .await
            .doing("allocating an Elastic IP address")?;
        let eip = Self {
            id: id.clone().into(),
            ..self
        };
        waiting::wait_visible(cx, WHAT, &cx.reads.addresses, &id)
            .await
            .keep(&eip)?;
        create::settle(cx, &id).await;
        eip.associate(cx).await.keep(&eip)?;
        eip.read_back(cx).await.keep(&eip)
    }

    async fn read(mut self, cx: &Cx<'_, Aws>) -> Result<Option<Self>, Error> {
        self.tags = self.tags.reading();
        let id = self.id.as_str().to_owned();
        let found = match id.starts_with("eipalloc-") {
            true => cx.reads.addresses.get(id).await?,
            false => by_address(cx, &id).await?,
        };
        let Some(found) = found else {
            return Ok(None);
        };
        let id = found.allocation_id().unwrap_or_default();
        create::settle_read(cx, id, found.tags.as_deref()).await;
        self.completed(&found, cx).await.map(Some)
    }

    async fn update(self, prior: Self, cx: &Cx<'_, Aws>) -> Applied<Self> {
        let differs = |of: fn(&Self) -> &Attr<String>| {
            !of(&self).is_unknown() && of(&self).as_str() != of(&prior).as_str()
        };
        if differs(|e| &e.instance)
            || differs(|e| &e.network_interface)
            || differs(|e| &e.associate_with_private_ip)
        {
            prior.disassociate(cx).await?;
            self.associate(cx).await.keep(&prior)?;
        }
        tags::update(cx, self.id.as_str(), &prior.tags, &self.tags)
            .await
            .keep(&prior)?;
        self.read_back(cx).await.keep(&prior)
    }

    async fn delete(self, cx: &Cx<'_, Aws>) -> Result<(), Error> {
        let id = self.id.as_str();
        self.disassociate(cx).await?;
        waiting::delete(cx, WHAT, id, || async {
            let call = cx.ec2().release_address().allocation_id(id);
            let call = call.set_network_border_group(super::text(&self.network_border_group));
            error::done(call.send().await)
        })
        .await
    }

    async fn import(id: &str, _: &Cx<'_, Aws>) -> Result<Self, Error> {
        Ok(Self {
            id: id.into(),
            ..Self::empty()
        })
    }

    async fn find_created(&self, cx: &Cx<'_, Aws>) -> Result<Option<Self>, Error> {
        match create::find_created(cx, &ResourceType::ElasticIp).await? {
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
        // The two arguments say the same.
        if let (Attr::Known(true), true) = (&change.config.vpc, change.is_create()) {
            change.planned.domain = Attr::Unknown;
        }
    }
}

impl Eip {
    async fn make(&self, cx: &Cx<'_, Aws>) -> Result<String, Error> {
        let tags = create::specification(cx, &ResourceType::ElasticIp, self.tags.wanted(cx));
        let send = || async {
            let call = cx
                .ec2_once()
                .allocate_address()
                .domain(DomainType::Vpc)
                .set_address(super::text(&self.address))
                .set_customer_owned_ipv4_pool(super::text(&self.customer_owned_ipv4_pool))
                .set_ipam_pool_id(super::text(&self.ipam_pool_id))
                .set_network_border_group(super::text(&self.network_border_group))
                .set_public_ipv4_pool(super::text(&self.public_ipv4_pool))
                .set_tag_specifications(tags.clone().map(|tags| vec![tags]));
            let made = call.send().await.map_err(error::of)?;
            made.allocation_id.ok_or_else(super::no_id)
        };
        create::once(cx, ResourceType::ElasticIp, send).await
    }

    /// Associates it with what the configuration names, if it names anything.
    async fn associate(&self, cx: &Cx<'_, Aws>) -> Result<(), Error> {
        let (instance, interface) = (
            super::text(&self.instance),
            super::text(&self.network_interface),
        );
        if instance.is_none() && interface.is_none() {
            return Ok(());
        }
        let id = self.id.as_str();
        let associated = waiting::patiently(cx, || async {
            let call = cx
                .ec2()
                .associate_address()
                .allocation_id(id)
                .set_instance_id(instance.clone())
                .set_network_interface_id(interface.clone())
                .set_private_ip_address(super::text(&self.associate_with_private_ip));
            error::done(call.send().await)
        });
        let doing = format!("associating the Elastic IP address {id}");
        associated.await.doing(doing.clone())?;
        let pending = |found: &types::Address| {
            Ok(found
                .association_id
                .is_none()
                .then(|| "not associated".to_owned()))
        };
        let waited = waiting::wait_until(cx, WHAT, &cx.reads.addresses, id, pending).await;
        waited.map(|_| ()).doing(doing)
    }

    async fn disassociate(&self, cx: &Cx<'_, Aws>) -> Result<(), Error> {
        // Of a NAT gateway it cannot be taken; it becomes free with the end of the gateway.
        if super::text(&self.instance).is_none() && super::text(&self.network_interface).is_none() {
            return Ok(());
        }
        let Some(association) = super::text(&self.association_id) else {
            return Ok(());
        };
        let call = cx.ec2().disassociate_address().association_id(association);
        let doing = format!("disassociating the Elastic IP address {}", self.id.as_str());
        match call.send().await.map_err(error::of) {
            Err(error)
                if !error.is_not_found()
                    && error.code != "AuthFailure"
                    && error.code != "OperationNotPermitted" =>
            {
                Err(error.doing(doing))
            }
            _ => Ok(()),
        }
    }

    async fn read_back(&self, cx: &Cx<'_, Aws>) -> Result<Self, Error> {
        let found = waiting::wait_visible(cx, WHAT, &cx.reads.addresses, self.id.as_str()).await?;
        self.clone().completed(&found, cx).await
    }

    async fn completed(mut self, found: &types::Address, cx: &Cx<'_, Aws>) -> Result<Self, Error> {
        let id = found.allocation_id().unwrap_or_default();
        let account = cx.account_id().await?;
        self.arn = cx.arn("ec2", account, &format!("elastic-ip/{id}")).into();
        self.id = id.into();
        self.allocation_id = id.into();
        self.association_id = super::stored(found.association_id());
        self.carrier_ip = super::stored(found.carrier_ip());
        self.customer_owned_ip = super::stored(found.customer_owned_ip());
        self.customer_owned_ipv4_pool = super::stored(found.customer_owned_ipv4_pool());
        self.domain = super::stored(found.domain.as_ref().map(DomainType::as_str));
        self.instance = super::stored(found.instance_id());
        self.ipam_pool_id = match &self.ipam_pool_id {
            Attr::Known(pool) => pool.clone().into(),
            _ => Attr::Null,
        };
        self.network_border_group = super::stored(found.network_border_group());
        self.network_interface = super::stored(found.network_interface_id());
        self.public_ipv4_pool = super::stored(found.public_ipv4_pool());
        self.vpc = (found.domain == Some(DomainType::Vpc)).into();
        self.private_ip = super::stored(found.private_ip_address());
        self.private_dns = found
            .private_ip_address()
            .map(|ip| private_name(ip, cx))
            .into();
        self.public_ip = super::stored(found.public_ip());
        self.public_dns = found.public_ip().map(|ip| public_name(ip, cx)).into();
        let pointer = cx.reads.pointers.get(id.to_owned()).await?;
        self.ptr_record = super::stored(pointer.as_deref());
        self.tags = self.tags.stored(pairs(found.tags.as_deref()), cx);
        Ok(self)
    }
}

fn public_name(ip: &str, cx: &Cx<'_, Aws>) -> String {
    let (ip, suffix) = (ip.replace('.', "-"), cx.partition().dns_suffix);
    match cx.region() {
        "us-east-1" => format!("ec2-{ip}.compute-1.{suffix}"),
        region => format!("ec2-{ip}.{region}.compute.{suffix}"),
    }
}

fn private_name(ip: &str, cx: &Cx<'_, Aws>) -> String {
    let ip = ip.replace('.', "-");
    match cx.region() {
        "us-east-1" => format!("ip-{ip}.ec2.internal"),
        region => format!("ip-{ip}.{region}.compute.internal"),
    }
}

async fn by_address(cx: &Cx<'_, Aws>, ip: &str) -> Result<Option<types::Address>, Error> {
    let filters = super::filters([("public-ip", ip)]);
    let answer = cx
        .ec2()
        .describe_addresses()
        .set_filters(Some(filters))
        .send()
        .await;
    let answer = answer
        .map_err(error::of)
        .doing(format!("looking for the Elastic IP address {ip}"))?;
    Ok(answer.addresses.unwrap_or_default().into_iter().next())
}

#[cfg(test)]
mod tests {
    contract::contract! { crate::testing::WORLD, "aws_eip",
        needs: r#""#,
        create: r#"domain = "vpc""#,
        update: &[r#"domain = "vpc"
    tags = { Name = "b" }"#],
        replace: &[],
        import: "{id}",
    }
}
