//! `aws_eks_pod_identity_association`: the role that Pods of a service account take on.

use crate::tags::{StrictTags, Tagged};
use crate::{Aws, error};
use aws_sdk_eks::types;
use sdk::{Applied, Attr, Cx, Error, Keep, Model, Resource};

/// Gives Pods of a service account an IAM role.
#[derive(Model, Clone, Debug, PartialEq)]
#[model(type_name = "aws_eks_pod_identity_association")]
pub(crate) struct PodIdentityAssociation {
    /// The ARN.
    #[attr(computed)]
    association_arn: Attr<String>,
    /// The id.
    #[attr(computed)]
    association_id: Attr<String>,
    /// The cluster.
    #[attr(required, requires_replace)]
    cluster_name: Attr<String>,
    /// The id.
    #[attr(computed)]
    id: Attr<String>,
    /// The namespace of the service account.
    #[attr(required, requires_replace)]
    namespace: Attr<String>,
    /// The ARN of the role.
    #[attr(required, validate_each = crate::services::iam::arn)]
    role_arn: Attr<String>,
    /// The service account.
    #[attr(required, requires_replace)]
    service_account: Attr<String>,
    #[model(flatten)]
    tags: StrictTags,
}

impl Resource for PodIdentityAssociation {
    type Cloud = Aws;

    async fn create(self, cx: &Cx<'_, Aws>) -> Applied<Self> {
        let call = cx
            .eks()
            .create_pod_identity_association()
            .cluster_name(self.cluster_name.as_str())
            .namespace(self.namespace.as_str())
            .service_account(self.service_account.as_str())
            .role_arn(self.role_arn.as_str())
            .set_client_request_token(super::token(cx))
            .set_tags(super::tags(self.tags.wanted(cx)));
        let send = || async {
            let answer = call.clone().send().await.map_err(error::of)?;
            let made = answer.association;
            made.ok_or_else(|| Error::invalid("EKS answered without the new association"))
        };
        let doing = format!(
            "associating a role with {}/{} in {}",
            self.namespace.as_str(),
            self.service_account.as_str(),
            self.cluster_name.as_str()
        );
        let made = super::create(cx, send).await.doing(doing)?;
        Ok(self.completed(&made, cx))
    }

    async fn read(self, cx: &Cx<'_, Aws>) -> Result<Option<Self>, Error> {
        let (cluster, id) = (self.cluster_name.as_str(), self.association_id.as_str());
        let found = describe(cx, cluster, id).await?;
        Ok(found.map(|found| self.completed(&found, cx)))
    }

    async fn update(self, prior: Self, cx: &Cx<'_, Aws>) -> Applied<Self> {
        let id = self.association_id.as_str();
        if self.role_arn != prior.role_arn {
            let call = cx
                .eks()
                .update_pod_identity_association()
                .cluster_name(self.cluster_name.as_str())
                .association_id(id)
                .role_arn(self.role_arn.as_str());
            let send = || async { error::done(call.clone().send().await) };
            super::change(cx, send)
                .await
                .doing(format!("updating the EKS pod identity association {id}"))
                .keep(&prior)?;
        }
        let (was, is) = (prior.tags.wanted(cx), self.tags.wanted(cx));
        super::set_tags(cx, self.association_arn.as_str(), &was, &is)
            .await
            .keep(&prior)?;
        let found = describe(cx, self.cluster_name.as_str(), id)
            .await
            .keep(&prior)?;
        Ok(match found {
            Some(found) => self.completed(&found, cx),
            None => self,
        })
    }

    async fn delete(self, cx: &Cx<'_, Aws>) -> Result<(), Error> {
        let id = self.association_id.as_str();
        let send = || async {
            let call = cx
                .eks()
                .delete_pod_identity_association()
                .cluster_name(self.cluster_name.as_str())
                .association_id(id);
            error::done(call.send().await)
        };
        super::delete(cx, send)
            .await
            .doing(format!("deleting the EKS pod identity association {id}"))
    }

    async fn import(id: &str, _: &Cx<'_, Aws>) -> Result<Self, Error> {
        let parts = sdk::ids::split::<2>(id, "{cluster_name},{association_id}");
        let [cluster, id] = parts.map_err(|e| Error::invalid(e.to_string()))?;
        Ok(Self {
            association_id: id.into(),
            cluster_name: cluster.into(),
            id: id.into(),
            ..Self::empty()
        })
    }

    async fn find_created(&self, cx: &Cx<'_, Aws>) -> Result<Option<Self>, Error> {
        let call = cx
            .eks()
            .list_pod_identity_associations()
            .cluster_name(self.cluster_name.as_str())
            .namespace(self.namespace.as_str())
            .service_account(self.service_account.as_str());
        // There is one at most.
        let answer = match call.send().await.map_err(error::of) {
            Err(error) if error.is_not_found() => return Ok(None),
            other => other.doing("looking for a pod identity association")?,
        };
        let Some(id) = answer
            .associations()
            .first()
            .and_then(|a| a.association_id())
        else {
            return Ok(None);
        };
        let found = describe(cx, self.cluster_name.as_str(), id).await?;
        let found = found.filter(|found| super::is_recent(cx, found.created_at()));
        Ok(found.map(|found| self.clone().completed(&found, cx)))
    }
}

/// An association by id.
pub(super) async fn describe(
    cx: &Cx<'_, Aws>,
    cluster: &str,
    id: &str,
) -> Result<Option<types::PodIdentityAssociation>, Error> {
    let call = cx
        .eks()
        .describe_pod_identity_association()
        .cluster_name(cluster)
        .association_id(id);
    match call.send().await.map_err(error::of) {
        Ok(answer) => Ok(answer.association),
        Err(error) if error.is_not_found() => Ok(None),
        Err(error) => Err(error.doing(format!("reading the EKS pod identity association {id}"))),
    }
}

impl PodIdentityAssociation {
    fn completed(mut self, found: &types::PodIdentityAssociation, cx: &Aws) -> Self {
        let text = |text: Option<&str>| Attr::from(text.unwrap_or_default());
        self.association_arn = text(found.association_arn());
        self.association_id = text(found.association_id());
        self.cluster_name = text(found.cluster_name());
        self.id = text(found.association_id());
        self.namespace = text(found.namespace());
        self.role_arn = text(found.role_arn());
        self.service_account = text(found.service_account());
        self.tags = self.tags.stored(super::pairs(found.tags()), cx);
        self
    }
}

#[cfg(test)]
mod tests {
    contract::contract! { crate::testing::WORLD, "aws_eks_pod_identity_association",
        needs: crate::testing::CLUSTER,
        create: r#"
            cluster_name    = aws_eks_cluster.c.name
            namespace       = "a"
            service_account = "b"
            role_arn        = aws_iam_role.pods.arn"#,
        update: &[r#"
            cluster_name    = aws_eks_cluster.c.name
            namespace       = "a"
            service_account = "b"
            role_arn        = aws_iam_role.pods.arn
            tags            = { a = "b" }"#],
        replace: &[r#"
            cluster_name    = aws_eks_cluster.c.name
            namespace       = "a"
            service_account = "c"
            role_arn        = aws_iam_role.pods.arn"#],
        import: "{cluster_name},{association_id}",
    }
}
