//! `aws_eks_access_entry`: lets a role or user into a cluster.

use crate::tags::{Tagged, Tags};
use crate::{Aws, error};
use aws_sdk_eks::types;
use sdk::{Applied, Attr, Cx, Error, Keep, Model, Resource};
use std::collections::BTreeSet;

/// Provides an access entry of an EKS cluster.
#[derive(Model, Clone, Debug, PartialEq)]
#[model(
    type_name = "aws_eks_access_entry",
    legacy,
    timeouts(create = "10m", delete = "10m")
)]
pub(crate) struct AccessEntry {
    /// The ARN.
    #[attr(computed)]
    access_entry_arn: Attr<String>,
    /// The cluster.
    #[attr(required, requires_replace, validate_each = super::cluster_name)]
    cluster_name: Attr<String>,
    /// When it was made.
    #[attr(computed)]
    created_at: Attr<String>,
    /// The cluster and the principal.
    #[attr(optional, computed)]
    id: Attr<String>,
    /// The groups in Kubernetes that it belongs to.
    #[attr(optional, computed)]
    kubernetes_groups: Attr<BTreeSet<String>>,
    /// When it was changed.
    #[attr(computed)]
    modified_at: Attr<String>,
    /// The ARN of the role or user.
    #[attr(required, requires_replace, validate_each = crate::services::iam::arn)]
    principal_arn: Attr<String>,
    #[model(flatten)]
    tags: Tags,
    /// Who it is: somebody, or nodes of a kind.
    #[attr(
        optional,
        default = "STANDARD",
        requires_replace,
        one_of(
            "EC2",
            "EC2_LINUX",
            "EC2_WINDOWS",
            "FARGATE_LINUX",
            "HYBRID_LINUX",
            "STANDARD"
        )
    )]
    r#type: Attr<String>,
    /// The name in Kubernetes.
    #[attr(optional, computed)]
    user_name: Attr<String>,
}

impl Resource for AccessEntry {
    type Cloud = Aws;

    async fn create(self, cx: &Cx<'_, Aws>) -> Applied<Self> {
        let mut entry = self;
        entry.id = entry.make_id();
        let groups = entry.kubernetes_groups.known();
        let call = cx
            .eks()
            .create_access_entry()
            .cluster_name(entry.cluster_name.as_str())
            .principal_arn(entry.principal_arn.as_str())
            .set_client_request_token(super::token(cx))
            .set_kubernetes_groups(groups.map(|set| set.iter().cloned().collect()))
            .set_tags(super::tags(entry.tags.wanted(cx)))
            .set_type(super::text(&entry.r#type))
            .set_username(super::text(&entry.user_name));
        let send = || async {
            let answer = call.clone().send().await;
            answer.map(|answer| answer.access_entry).map_err(error::of)
        };
        let made = super::create(cx, send).await.doing(format!(
            "creating the EKS access entry {}",
            entry.id.as_str()
        ))?;
        match made {
            Some(made) => Ok(entry.completed(&made, cx)),
            None => {
                let partial = entry.clone();
                entry.read_back(cx).await.keep(&partial)
            }
        }
    }

    async fn read(mut self, cx: &Cx<'_, Aws>) -> Result<Option<Self>, Error> {
        self.tags = self.tags.reading();
        let found = self.describe(cx).await?;
        Ok(found.map(|found| self.completed(&found, cx)))
    }

    async fn update(self, prior: Self, cx: &Cx<'_, Aws>) -> Applied<Self> {
        let id = self.id.as_str().to_owned();
        if self.kubernetes_groups != prior.kubernetes_groups || self.user_name != prior.user_name {
            let groups = self.kubernetes_groups.known();
            let call = cx
                .eks()
                .update_access_entry()
                .cluster_name(self.cluster_name.as_str())
                .principal_arn(self.principal_arn.as_str())
                .set_kubernetes_groups(groups.map(|set| set.iter().cloned().collect()))
                .set_username(super::text(&self.user_name));
            let send = || async { error::done(call.clone().send().await) };
            super::change(cx, send)
                .await
                .doing(format!("updating the EKS access entry {id}"))
                .keep(&prior)?;
        }
        let (was, is) = (prior.tags.wanted(cx), self.tags.wanted(cx));
        let arn = self.access_entry_arn.as_str();
        super::set_tags(cx, arn, &was, &is).await.keep(&prior)?;
        self.read_back(cx).await.keep(&prior)
    }

    async fn delete(self, cx: &Cx<'_, Aws>) -> Result<(), Error> {
        let send = || async {
            let call = cx
                .eks()
                .delete_access_entry()
                .cluster_name(self.cluster_name.as_str())
                .principal_arn(self.principal_arn.as_str());
            error::done(call.send().await)
        };
        super::delete(cx, send).await.doing(format!(
            "deleting the EKS access entry {}",
            self.id.as_str()
        ))
    }

    async fn import(id: &str, _: &Cx<'_, Aws>) -> Result<Self, Error> {
        let parts = sdk::ids::split::<2>(id, "{cluster_name}:{principal_arn*}");
        let [cluster, principal] = parts.map_err(|e| Error::invalid(e.to_string()))?;
        Ok(Self {
            cluster_name: cluster.into(),
            id: id.into(),
            principal_arn: principal.into(),
            ..Self::empty()
        })
    }

    async fn find_created(&self, cx: &Cx<'_, Aws>) -> Result<Option<Self>, Error> {
        let mut entry = self.clone();
        entry.id = entry.make_id();
        let found = entry.describe(cx).await?;
        let found = found.filter(|found| super::is_recent(cx, found.created_at()));
        Ok(found.map(|found| entry.completed(&found, cx)))
    }
}

impl AccessEntry {
    fn make_id(&self) -> Attr<String> {
        let (cluster, principal) = (self.cluster_name.as_str(), self.principal_arn.as_str());
        format!("{cluster}:{principal}").into()
    }

    async fn describe(&self, cx: &Cx<'_, Aws>) -> Result<Option<types::AccessEntry>, Error> {
        let call = cx
            .eks()
            .describe_access_entry()
            .cluster_name(self.cluster_name.as_str())
            .principal_arn(self.principal_arn.as_str());
        match call.send().await.map_err(error::of) {
            Ok(answer) => Ok(answer.access_entry),
            Err(error) if error.is_not_found() => Ok(None),
            Err(error) => {
                Err(error.doing(format!("reading the EKS access entry {}", self.id.as_str())))
            }
        }
    }

    async fn read_back(self, cx: &Cx<'_, Aws>) -> Result<Self, Error> {
        let found = self.describe(cx).await?;
        let found = found
            .ok_or_else(|| Error::new(sdk::ErrorKind::NotFound, "", "The access entry is gone."))?;
        Ok(self.completed(&found, cx))
    }

    fn completed(mut self, found: &types::AccessEntry, cx: &Aws) -> Self {
        let text = |text: Option<&str>| Attr::from(text.unwrap_or_default());
        let groups = found.kubernetes_groups().iter().cloned();
        self.access_entry_arn = text(found.access_entry_arn());
        self.created_at = super::time(found.created_at());
        self.kubernetes_groups = groups.collect::<BTreeSet<_>>().into();
        self.modified_at = super::time(found.modified_at());
        self.principal_arn = text(found.principal_arn());
        self.r#type = text(found.r#type());
        self.user_name = text(found.username());
        self.tags = self.tags.stored(super::pairs(found.tags()), cx);
        self
    }
}

#[cfg(test)]
mod tests {
    contract::contract! { crate::testing::WORLD, "aws_eks_access_entry",
        needs: crate::testing::CLUSTER,
        create: r#"
            cluster_name  = aws_eks_cluster.c.name
            principal_arn = aws_iam_role.pods.arn"#,
        update: &[r#"
            cluster_name      = aws_eks_cluster.c.name
            principal_arn     = aws_iam_role.pods.arn
            kubernetes_groups = ["a", "b"]
            tags              = { a = "b" }"#],
        replace: &[r#"
            cluster_name  = aws_eks_cluster.c.name
            principal_arn = aws_iam_role.node.arn"#],
        import: "{id}",
    }
}
