//! `aws_internet_gateway`: the way of a VPC to the internet.

use super::waiting;
use crate::Aws;
use crate::create::{self, pairs};
use crate::error;
use crate::tags::{self, Tagged, Tags};
use aws_sdk_ec2::types::{self, AttachmentStatus, ResourceType};
use sdk::{Applied, Attr, Cx, Error, Keep, Model, Resource};

/// Provides an internet gateway.
#[derive(Model, Clone, Debug, PartialEq)]
#[model(
    type_name = "aws_internet_gateway",
    legacy,
    timeouts(create = "20m", update = "20m", delete = "20m")
)]
pub(crate) struct InternetGateway {
    /// The ARN.
    #[attr(computed)]
    arn: Attr<String>,
    /// The id.
    #[attr(optional, computed)]
    id: Attr<String>,
    /// The account that owns it.
    #[attr(computed)]
    owner_id: Attr<String>,
    #[model(flatten)]
    tags: Tags,
    /// The VPC that it is attached to.
    #[attr(optional, computed)]
    vpc_id: Attr<String>,
}

impl Resource for InternetGateway {
    type Cloud = Aws;

    async fn create(self, cx: &Cx<'_, Aws>) -> Applied<Self> {
        let tags = create::specification(cx, &ResourceType::InternetGateway, self.tags.wanted(cx));
        let send = || async {
            let call = cx.ec2_once().create_internet_gateway();
            let call = call.set_tag_specifications(tags.clone().map(|tags| vec![tags]));
            let made = call.send().await.map_err(error::of)?.internet_gateway;
            made.and_then(|gateway| gateway.internet_gateway_id)
                .ok_or_else(super::no_id)
        };
        let id = create::once(cx, ResourceType::InternetGateway, send)
            .await
            .doing("creating an internet gateway")?;
        let gateway = Self {
            id: id.clone().into(),
            ..self
        };
        let found = waiting::wait_visible(cx, WHAT, &cx.reads.internet_gateways, &id).await;
        found.keep(&gateway)?;
        create::settle(cx, &id).await;
        if let Some(vpc) = super::text(&gateway.vpc_id) {
            gateway.attach(&vpc, cx).await.keep(&gateway)?;
        }
        gateway.read_back(cx).await.keep(&gateway)
    }

    async fn read(mut self, cx: &Cx<'_, Aws>) -> Result<Option<Self>, Error> {
        self.tags = self.tags.reading();
        let id = self.id.as_str().to_owned();
        let Some(found) = cx.reads.internet_gateways.get(id.clone()).await? else {
            return Ok(None);
        };
        create::settle_read(cx, &id, found.tags.as_deref()).await;
        Ok(Some(self.completed(&found, cx)))
    }

    async fn update(self, prior: Self, cx: &Cx<'_, Aws>) -> Applied<Self> {
        let mut now = prior.clone();
        if self.vpc_id.is_known() && self.vpc_id.as_str() != prior.vpc_id.as_str() {
            if let Some(vpc) = super::text(&prior.vpc_id) {
                prior.detach(&vpc, cx).await?;
                now.vpc_id = "".into();
            }
            if let Some(vpc) = super::text(&self.vpc_id) {
                self.attach(&vpc, cx).await.keep(&now)?;
                now.vpc_id = vpc.into();
            }
        }
        tags::update(cx, self.id.as_str(), &prior.tags, &self.tags)
            .await
            .keep(&now)?;
        self.read_back(cx).await.keep(&now)
    }

    async fn delete(self, cx: &Cx<'_, Aws>) -> Result<(), Error> {
        let id = self.id.as_str();
        if let Some(vpc) = super::text(&self.vpc_id) {
            self.detach(&vpc, cx).await?;
        }
        waiting::delete(cx, WHAT, id, || async {
            let call = cx.ec2().delete_internet_gateway().internet_gateway_id(id);
            error::done(call.send().await)
        })
        .await?;
        waiting::wait_gone(cx, WHAT, &cx.reads.internet_gateways, id, |_| false).await
    }

    async fn import(id: &str, _: &Cx<'_, Aws>) -> Result<Self, Error> {
        Ok(Self {
            id: id.into(),
            ..Self::empty()
        })
    }

    async fn find_created(&self, cx: &Cx<'_, Aws>) -> Result<Option<Self>, Error> {
        match create::find_created(cx, &ResourceType::InternetGateway).await? {
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

const WHAT: &str = "internet gateway";

impl InternetGateway {
    async fn attach(&self, vpc: &str, cx: &Cx<'_, Aws>) -> Result<(), Error> {
        let id = self.id.as_str();
        let doing = format!("attaching the internet gateway {id} to {vpc}");
        let attached = waiting::patiently(cx, || async {
            let call = cx
                .ec2()
                .attach_internet_gateway()
                .internet_gateway_id(id)
                .vpc_id(vpc);
            error::done(call.send().await)
        });
        let attached = match attached.await {
            // An answer may have got lost: the wait says whether it is ours.
            Err(error)
                if error.code == "Resource.AlreadyAssociated"
                    && self.is_attached(vpc, cx).await? =>
            {
                Ok(())
            }
            other => other,
        };
        attached.doing(doing.clone())?;
        let pending = |gateway: &types::InternetGateway| {
            let status = status(gateway, vpc);
            Ok((status.as_deref() != Some("available"))
                .then(|| status.unwrap_or_else(|| "detached".to_owned())))
        };
        let what = "attachment of the internet gateway";
        let waited = waiting::wait_until(cx, what, &cx.reads.internet_gateways, id, pending).await;
        waited.map(|_| ()).doing(doing)
    }

    async fn is_attached(&self, vpc: &str, cx: &Cx<'_, Aws>) -> Result<bool, Error> {
        let found = cx
            .reads
            .internet_gateways
            .get(self.id.as_str().to_owned())
            .await?;
        Ok(found.is_some_and(|gateway| status(&gateway, vpc).is_some()))
    }

    /// Possible only when nothing in the VPC has a public address any more.
    async fn detach(&self, vpc: &str, cx: &Cx<'_, Aws>) -> Result<(), Error> {
        let id = self.id.as_str();
        let policy = sdk::Policy::default().deadline(cx.timeout());
        let detached = sdk::retry(policy, error::while_in_use, |_| async {
            let call = cx
                .ec2()
                .detach_internet_gateway()
                .internet_gateway_id(id)
                .vpc_id(vpc);
            error::done(call.send().await)
        });
        let doing = format!("detaching the internet gateway {id} from {vpc}");
        match detached.await {
            Err(error) if error.is_not_found() || error.code == "Gateway.NotAttached" => {
                return Ok(());
            }
            other => other.doing(doing.clone())?,
        }
        let is_gone = |gateway: &types::InternetGateway| status(gateway, vpc).is_none();
        let what = "attachment of the internet gateway";
        waiting::wait_gone(cx, what, &cx.reads.internet_gateways, id, is_gone)
            .await
            .doing(doing)
    }

    async fn read_back(&self, cx: &Cx<'_, Aws>) -> Result<Self, Error> {
        let found =
            waiting::wait_visible(cx, WHAT, &cx.reads.internet_gateways, self.id.as_str()).await?;
        Ok(self.clone().completed(&found, cx))
    }

    fn completed(mut self, found: &types::InternetGateway, cx: &Cx<'_, Aws>) -> Self {
        let owner = found.owner_id().unwrap_or_default();
        self.arn = cx
            .arn(
                "ec2",
                owner,
                &format!("internet-gateway/{}", self.id.as_str()),
            )
            .into();
        self.owner_id = owner.into();
        self.vpc_id = super::stored(found.attachments().first().and_then(|a| a.vpc_id()));
        self.tags = self.tags.stored(pairs(found.tags.as_deref()), cx);
        self
    }
}

/// The status of the attachment to a VPC.
fn status(gateway: &types::InternetGateway, vpc: &str) -> Option<String> {
    let mut all = gateway.attachments().iter();
    let attachment = all.find(|a| a.vpc_id() == Some(vpc))?;
    // "available" is not a state of other attachments, for which the type is made.
    match attachment.state.as_ref()? {
        AttachmentStatus::Attached => Some("available".to_owned()),
        AttachmentStatus::Detached => None,
        other => Some(other.as_str().to_owned()),
    }
}

#[cfg(test)]
mod tests {
    contract::contract! { crate::testing::WORLD, "aws_internet_gateway",
        needs: r#"resource "aws_vpc" "a" { cidr_block = "10.0.0.0/16" }"#,
        create: r#"vpc_id = aws_vpc.a.id"#,
        update: &[r#"vpc_id = aws_vpc.a.id
    tags = { Name = "b" }"#],
        replace: &[],
        import: "{id}",
    }
}
