//! `aws_route_table_association`: which routes a subnet or a gateway has.

use super::waiting;
use crate::Aws;
use crate::error;
use aws_sdk_ec2::types::{self, RouteTableAssociationStateCode};
use sdk::{Applied, Attr, Cx, Error, ErrorKind, Keep, Model, Resource};

/// Gives a route table to a subnet, or to a gateway.
#[derive(Model, Clone, Debug, PartialEq)]
#[model(
    type_name = "aws_route_table_association",
    legacy,
    timeouts(create = "5m", update = "2m", delete = "5m"),
    exactly_one_of("gateway_id", "subnet_id")
)]
pub(crate) struct RouteTableAssociation {
    /// The gateway.
    #[attr(optional, zero, requires_replace)]
    gateway_id: Attr<String>,
    /// The id.
    #[attr(optional, computed)]
    id: Attr<String>,
    /// The route table.
    #[attr(required)]
    route_table_id: Attr<String>,
    /// The subnet.
    #[attr(optional, zero, requires_replace)]
    subnet_id: Attr<String>,
}

impl Resource for RouteTableAssociation {
    type Cloud = Aws;

    async fn create(self, cx: &Cx<'_, Aws>) -> Applied<Self> {
        let doing = format!(
            "associating the route table {}",
            self.route_table_id.as_str()
        );
        let send = || async {
            let call = cx
                .ec2_once()
                .associate_route_table()
                .route_table_id(self.route_table_id.as_str())
                .set_subnet_id(super::text(&self.subnet_id))
                .set_gateway_id(super::text(&self.gateway_id));
            let made = call.send().await.map_err(error::of)?;
            made.association_id.ok_or_else(super::no_id)
        };
        let policy = sdk::Policy::default().deadline(cx.timeout());
        let classify = |error: &Error| match error.kind {
            ErrorKind::NotFound => sdk::Retry::Within(error::PROPAGATION),
            _ => error::of_write(error),
        };
        let made = sdk::create_once(policy, classify, || self.find(cx), |_| send()).await;
        let id = match made {
            // The same two: an earlier change whose answer was lost has made it.
            Err(error) if error.code == "Resource.AlreadyAssociated" => {
                self.find(cx).await?.ok_or(error)
            }
            made => made,
        };
        let id = id.doing(doing)?;
        let made = Self {
            id: id.into(),
            ..self
        };
        made.wait(cx).await.keep(&made)?;
        Ok(made)
    }

    async fn read(self, cx: &Cx<'_, Aws>) -> Result<Option<Self>, Error> {
        let Some(table) = cx
            .reads
            .route_tables
            .get(self.route_table_id.as_str().to_owned())
            .await?
        else {
            return Ok(None);
        };
        let id = self.id.as_str();
        let found = table
            .associations()
            .iter()
            .find(|a| a.route_table_association_id() == Some(id));
        Ok(found.filter(|a| !is_gone(a)).map(|found| Self {
            id: id.into(),
            route_table_id: super::stored(found.route_table_id()),
            subnet_id: super::stored(found.subnet_id()),
            gateway_id: super::stored(found.gateway_id()),
        }))
    }

    async fn update(self, prior: Self, cx: &Cx<'_, Aws>) -> Applied<Self> {
        let id = prior.id.as_str();
        let doing = format!("giving {id} another route table");
        let send = |_| async {
            let call = cx
                .ec2_once()
                .replace_route_table_association()
                .association_id(id)
                .route_table_id(self.route_table_id.as_str());
            let answer = call.send().await.map_err(error::of)?;
            answer.new_association_id.ok_or_else(super::no_id)
        };
        // Whether it was carried out shows in the other table.
        let policy = sdk::Policy::default().deadline(cx.timeout());
        let new = sdk::create_once(policy, error::of_write, || self.find(cx), send).await;
        let changed = Self {
            id: new.doing(doing)?.into(),
            ..self
        };
        changed.wait(cx).await.keep(&changed)?;
        Ok(changed)
    }

    async fn delete(self, cx: &Cx<'_, Aws>) -> Result<(), Error> {
        let id = self.id.as_str();
        waiting::delete(cx, "route table association", id, || async {
            let call = cx.ec2().disassociate_route_table().association_id(id);
            error::done(call.send().await)
        })
        .await?;
        let gone = |table: &types::RouteTable| {
            let mut all = table.associations().iter();
            all.find(|a| a.route_table_association_id() == Some(id))
                .is_none_or(is_gone)
        };
        let table = self.route_table_id.as_str();
        waiting::wait_gone(
            cx,
            "association of the route table",
            &cx.reads.route_tables,
            table,
            gone,
        )
        .await
    }

    async fn import(id: &str, cx: &Cx<'_, Aws>) -> Result<Self, Error> {
        let parts = sdk::ids::split::<2>(id, "{subnet_or_gateway_id}/{route_table_id}");
        let [target, table] = parts.map_err(|e| Error::invalid(e.to_string()))?;
        let is_subnet = target.starts_with("subnet-");
        let part = |is: bool| Attr::from(if is { target } else { "" });
        let wanted = Self {
            gateway_id: part(!is_subnet),
            id: Attr::Null,
            route_table_id: table.into(),
            subnet_id: part(is_subnet),
        };
        let Some(id) = wanted.find(cx).await? else {
            let message = format!("The route table {table} is not associated with {target}.");
            return Err(Error::new(ErrorKind::NotFound, "", message));
        };
        Ok(Self {
            id: id.into(),
            ..wanted
        })
    }

    async fn find_created(&self, cx: &Cx<'_, Aws>) -> Result<Option<Self>, Error> {
        // What associates these two is what the interrupted create was to make.
        let found = self.find(cx).await?;
        Ok(found.map(|id| Self {
            id: id.into(),
            ..self.clone()
        }))
    }
}

fn is_gone(association: &types::RouteTableAssociation) -> bool {
    let state = association
        .association_state
        .as_ref()
        .and_then(|s| s.state.as_ref());
    state == Some(&RouteTableAssociationStateCode::Disassociated)
}

impl RouteTableAssociation {
    /// The id of the association of this table with this subnet or gateway.
    async fn find(&self, cx: &Cx<'_, Aws>) -> Result<Option<String>, Error> {
        let table = cx
            .reads
            .route_tables
            .get(self.route_table_id.as_str().to_owned())
            .await?;
        let is_ours = |a: &&types::RouteTableAssociation| {
            let same = |wanted: &Attr<String>, is: Option<&str>| {
                !wanted.as_str().is_empty() && is == Some(wanted.as_str())
            };
            !is_gone(a)
                && (same(&self.subnet_id, a.subnet_id()) || same(&self.gateway_id, a.gateway_id()))
        };
        Ok(table.and_then(|table| {
            table
                .associations()
                .iter()
                .find(is_ours)?
                .route_table_association_id
                .clone()
        }))
    }

    async fn wait(&self, cx: &Cx<'_, Aws>) -> Result<(), Error> {
        use RouteTableAssociationStateCode::{Associated, Failed};
        let id = self.id.as_str();
        let pending = |table: &types::RouteTable| {
            let found = table
                .associations()
                .iter()
                .find(|a| a.route_table_association_id() == Some(id));
            let state = found.and_then(|a| a.association_state.as_ref());
            match (found, state.and_then(|state| state.state.as_ref())) {
                (None, _) => Ok(Some("not found".to_owned())),
                (_, Some(Associated) | None) => Ok(None),
                (_, Some(Failed)) => {
                    let why = state
                        .and_then(|state| state.status_message())
                        .unwrap_or("EC2 gave no reason");
                    Err(Error::new(ErrorKind::Other, "failed", why))
                }
                (_, Some(state)) => Ok(Some(state.as_str().to_owned())),
            }
        };
        let table = self.route_table_id.as_str();
        let what = "association of the route table";
        let waited = waiting::wait_until(cx, what, &cx.reads.route_tables, table, pending).await;
        waited.map(|_| ())
    }
}

#[cfg(test)]
mod tests {
    contract::contract! { crate::testing::WORLD, "aws_route_table_association",
        needs: r#"resource "aws_vpc" "a" { cidr_block = "10.0.0.0/16" }
resource "aws_subnet" "a" {
  vpc_id     = aws_vpc.a.id
  cidr_block = "10.0.1.0/24"
}
resource "aws_route_table" "a" { vpc_id = aws_vpc.a.id }
resource "aws_route_table" "b" { vpc_id = aws_vpc.a.id }"#,
        create: r#"subnet_id = aws_subnet.a.id
    route_table_id = aws_route_table.a.id"#,
        update: &[r#"subnet_id = aws_subnet.a.id
    route_table_id = aws_route_table.b.id"#],
        replace: &[],
        import: "{subnet_id}/{route_table_id}",
    }
}
