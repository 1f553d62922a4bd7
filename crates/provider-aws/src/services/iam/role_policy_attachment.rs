//! `aws_iam_role_policy_attachment`: one managed policy of a role.

use super::role::policies;
use crate::{Aws, names};
use sdk::{Applied, Attr, Cx, Error, Keep, Model, Probe, Resource, Waiter};

/// Attaches a managed policy to an IAM role.
#[derive(Model, Clone, Debug, PartialEq)]
#[model(type_name = "aws_iam_role_policy_attachment", legacy)]
pub(crate) struct RolePolicyAttachment {
    /// An id that says nothing.
    #[attr(optional, computed)]
    id: Attr<String>,
    /// The ARN of the policy.
    #[attr(required, requires_replace, validate_each = super::arn)]
    policy_arn: Attr<String>,
    /// The name of the role.
    #[attr(required, requires_replace)]
    role: Attr<String>,
}

impl Resource for RolePolicyAttachment {
    type Cloud = Aws;

    async fn create(self, cx: &Cx<'_, Aws>) -> Applied<Self> {
        let (role, arn) = (self.role.as_str(), self.policy_arn.as_str());
        // Attaching what is attached changes nothing: it can be repeated at will.
        policies::attach(cx, role, arn).await?;
        let made = Self {
            id: names::unique(&format!("{role}-"), cx).into(),
            ..self.clone()
        };
        let what = format!("the policy {arn} to show on the IAM role {role}");
        let waiter = Waiter::new(what, cx.timeout());
        let probe = || async {
            Ok::<_, Error>(match made.is_there(cx).await? {
                true => Probe::Done(()),
                false => Probe::Missing,
            })
        };
        waiter.until(probe).await.map_err(Error::from).keep(&made)?;
        Ok(made)
    }

    async fn read(self, cx: &Cx<'_, Aws>) -> Result<Option<Self>, Error> {
        let there = self.is_there(cx).await?;
        Ok(there.then_some(self))
    }

    async fn delete(self, cx: &Cx<'_, Aws>) -> Result<(), Error> {
        policies::detach(cx, self.role.as_str(), self.policy_arn.as_str()).await
    }

    async fn import(id: &str, _: &Cx<'_, Aws>) -> Result<Self, Error> {
        let parts = sdk::ids::split::<2>(id, "{role_name}/{policy_arn*}");
        let [role, arn] = parts.map_err(|e| Error::invalid(e.to_string()))?;
        Ok(Self {
            id: format!("{role}-{arn}").into(),
            policy_arn: arn.into(),
            role: role.into(),
        })
    }
}

impl RolePolicyAttachment {
    async fn is_there(&self, cx: &Cx<'_, Aws>) -> Result<bool, Error> {
        let attached = cx.iam_reads.attached.get(self.role.or_default()).await?;
        Ok(attached.is_some_and(|arns| arns.contains(self.policy_arn.as_str())))
    }
}

#[cfg(test)]
mod tests {
    contract::contract! { crate::testing::WORLD, "aws_iam_role_policy_attachment",
        needs: r#"
            resource "aws_iam_role" "a" {
              name               = "a"
              assume_role_policy = jsonencode({
                Version   = "2012-10-17"
                Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ec2.amazonaws.com" } }]
              })
              lifecycle {
                ignore_changes = [managed_policy_arns]
              }
            }"#,
        create: r#"
            role       = aws_iam_role.a.name
            policy_arn = "arn:aws:iam::aws:policy/AmazonEKSClusterPolicy""#,
        replace: &[r#"
            role       = aws_iam_role.a.name
            policy_arn = "arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy""#],
        import: "{role}/{policy_arn}",
        not_imported: &["id"],
    }
}
