//! `aws_eks_addon`: software that EKS installs in a cluster.

use super::{Changed, pod_identity_association};
use crate::tags::{Tagged, Tags};
use crate::{Aws, error};
use aws_sdk_eks::types::{self, AddonStatus, ResolveConflicts};
use sdk::{Applied, Attr, Blocks, Cx, Error, Keep, Model, Probe, Resource, Waiter};
use std::time::Duration;

/// Provides an add-on of an EKS cluster.
#[derive(Model, Clone, Debug, PartialEq)]
#[model(
    type_name = "aws_eks_addon",
    legacy,
    timeouts(create = "20m", delete = "40m", update = "20m")
)]
pub(crate) struct Addon {
    /// The name of the add-on: `vpc-cni`.
    #[attr(required, requires_replace)]
    addon_name: Attr<String>,
    /// The version; the default of the version of Kubernetes if not given.
    #[attr(optional, computed)]
    addon_version: Attr<String>,
    /// The ARN.
    #[attr(computed)]
    arn: Attr<String>,
    /// The cluster.
    #[attr(required, requires_replace, validate_each = super::cluster_name)]
    cluster_name: Attr<String>,
    /// Settings, as JSON or YAML.
    #[attr(optional, computed)]
    configuration_values: Attr<String>,
    /// When it was made.
    #[attr(computed)]
    created_at: Attr<String>,
    /// The cluster and the add-on.
    #[attr(optional, computed)]
    id: Attr<String>,
    /// When it was changed.
    #[attr(computed)]
    modified_at: Attr<String>,
    /// Whether the software stays in the cluster when the add-on is deleted.
    #[attr(optional)]
    preserve: Attr<bool>,
    /// What happens to settings that somebody else made.
    #[attr(optional, deprecated, one_of("OVERWRITE", "NONE", "PRESERVE"))]
    resolve_conflicts: Attr<String>,
    /// The same when it is made.
    #[attr(optional, one_of("NONE", "OVERWRITE"), conflicts("resolve_conflicts"))]
    resolve_conflicts_on_create: Attr<String>,
    /// The same when it is changed.
    #[attr(
        optional,
        one_of("OVERWRITE", "NONE", "PRESERVE"),
        conflicts("resolve_conflicts")
    )]
    resolve_conflicts_on_update: Attr<String>,
    /// The ARN of the role of its service account.
    #[attr(optional, zero, validate_each = crate::services::iam::arn)]
    service_account_role_arn: Attr<String>,
    #[model(flatten)]
    tags: Tags,
    /// The roles of its service accounts.
    #[block(set)]
    pod_identity_association: Blocks<PodIdentity>,
}

/// The role of a service account.
#[derive(Model, Clone, Debug, PartialEq)]
pub(crate) struct PodIdentity {
    /// The ARN of the role.
    #[attr(required, validate_each = crate::services::iam::arn)]
    role_arn: Attr<String>,
    /// The service account.
    #[attr(required)]
    service_account: Attr<String>,
}

/// How long an add-on usually takes.
const TYPICAL: Duration = Duration::from_secs(60);

impl Resource for Addon {
    type Cloud = Aws;

    async fn create(self, cx: &Cx<'_, Aws>) -> Applied<Self> {
        let mut addon = self;
        addon.id = addon.make_id();
        let conflicts = super::text(&addon.resolve_conflicts_on_create)
            .or_else(|| super::text(&addon.resolve_conflicts));
        let call = cx
            .eks()
            .create_addon()
            .cluster_name(addon.cluster_name.as_str())
            .addon_name(addon.addon_name.as_str())
            .set_client_request_token(super::token(cx))
            .set_addon_version(super::text(&addon.addon_version))
            .set_configuration_values(super::text(&addon.configuration_values))
            .set_resolve_conflicts(conflicts.map(|c| ResolveConflicts::from(c.as_str())))
            .set_service_account_role_arn(super::text(&addon.service_account_role_arn))
            .set_tags(super::tags(addon.tags.wanted(cx)))
            .set_pod_identity_associations(
                (!addon.pod_identity_association.is_empty())
                    .then(|| addon.identities())
                    .transpose()?,
            );
        let doing = format!("creating the EKS add-on {}", addon.id.as_str());
        let send = || async { call.clone().send().await.map_err(error::of) };
        let made = super::create(cx, send).await.doing(doing.clone())?;
        let mut partial = addon.clone();
        if let Some(made) = &made.addon {
            partial.set(made, cx);
        }
        let found = addon.wait_active(cx).await.doing(doing).keep(&partial)?;
        addon.completed(&found, cx).await.keep(&partial)
    }

    async fn read(mut self, cx: &Cx<'_, Aws>) -> Result<Option<Self>, Error> {
        self.tags = self.tags.reading();
        match self.describe(cx).await? {
            Some(found) => self.completed(&found, cx).await.map(Some),
            None => Ok(None),
        }
    }

    async fn update(self, prior: Self, cx: &Cx<'_, Aws>) -> Applied<Self> {
        let doing = format!("updating the EKS add-on {}", self.id.as_str());
        self.change(&prior, cx).await.doing(doing).keep(&prior)?;
        let (was, is) = (prior.tags.wanted(cx), self.tags.wanted(cx));
        super::set_tags(cx, self.arn.as_str(), &was, &is)
            .await
            .keep(&prior)?;
        let found = self.wait_active(cx).await.keep(&prior)?;
        self.completed(&found, cx).await.keep(&prior)
    }

    async fn delete(self, cx: &Cx<'_, Aws>) -> Result<(), Error> {
        let id = self.id.as_str();
        let send = || async {
            let call = cx
                .eks()
                .delete_addon()
                .cluster_name(self.cluster_name.as_str())
                .addon_name(self.addon_name.as_str())
                .set_preserve(self.preserve.is_true().then_some(true));
            error::done(call.send().await)
        };
        super::delete(cx, send)
            .await
            .doing(format!("deleting the EKS add-on {id}"))?;
        let what = format!("the EKS add-on {id} to be gone");
        let waiter = Waiter::new(what, cx.timeout()).typical(TYPICAL);
        let probe = || async {
            let Some(found) = self.describe(cx).await? else {
                return Ok(Probe::Done(()));
            };
            match status(&found) {
                "DELETE_FAILED" => Err(failure(&found)),
                other => Ok(Probe::Pending(other.to_owned())),
            }
        };
        waiter.until(probe).await.map_err(Error::from)
    }

    async fn import(id: &str, _: &Cx<'_, Aws>) -> Result<Self, Error> {
        let parts = sdk::ids::split::<2>(id, "{cluster_name}:{addon_name}");
        let [cluster, name] = parts.map_err(|e| Error::invalid(e.to_string()))?;
        Ok(Self {
            addon_name: name.into(),
            cluster_name: cluster.into(),
            id: id.into(),
            ..Self::empty()
        })
    }

    async fn find_created(&self, cx: &Cx<'_, Aws>) -> Result<Option<Self>, Error> {
        let mut addon = self.clone();
        addon.id = addon.make_id();
        let found = addon.describe(cx).await?;
        let Some(found) = found.filter(|found| super::is_recent(cx, found.created_at())) else {
            return Ok(None);
        };
        let found = match status(&found) {
            "CREATE_FAILED" => found,
            _ => addon.wait_active(cx).await?,
        };
        addon.completed(&found, cx).await.map(Some)
    }
}

fn status(addon: &types::Addon) -> &str {
    addon.status().map_or("", AddonStatus::as_str)
}

/// Why an add-on does not work.
fn failure(found: &types::Addon) -> Error {
    let issues = found.health().map(types::AddonHealth::issues);
    let issues = issues.unwrap_or_default().iter().map(|issue| {
        let code = issue.code().map_or("", |code| code.as_str());
        super::issue(
            code,
            issue.message().unwrap_or_default(),
            issue.resource_ids(),
        )
    });
    super::failed("The add-on", status(found), &issues.collect::<Vec<_>>())
}

impl Addon {
    fn make_id(&self) -> Attr<String> {
        format!(
            "{}:{}",
            self.cluster_name.as_str(),
            self.addon_name.as_str()
        )
        .into()
    }

    fn identities(&self) -> Result<Vec<types::AddonPodIdentityAssociations>, Error> {
        let one = |identity: &PodIdentity| {
            types::AddonPodIdentityAssociations::builder()
                .role_arn(identity.role_arn.as_str())
                .service_account(identity.service_account.as_str())
                .build()
                .map_err(|e| Error::invalid(e.to_string()))
        };
        self.pod_identity_association.iter().map(one).collect()
    }

    async fn describe(&self, cx: &Cx<'_, Aws>) -> Result<Option<types::Addon>, Error> {
        let call = cx
            .eks()
            .describe_addon()
            .cluster_name(self.cluster_name.as_str())
            .addon_name(self.addon_name.as_str());
        match call.send().await.map_err(error::of) {
            Ok(answer) => Ok(answer.addon),
            Err(error) if error.is_not_found() => Ok(None),
            Err(error) => Err(error.doing(format!("reading the EKS add-on {}", self.id.as_str()))),
        }
    }

    async fn wait_active(&self, cx: &Cx<'_, Aws>) -> Result<types::Addon, Error> {
        let what = format!("the EKS add-on {} to become active", self.id.as_str());
        let waiter = Waiter::new(what, cx.timeout()).typical(TYPICAL);
        let probe = || async {
            let Some(found) = self.describe(cx).await? else {
                return Ok(Probe::Missing);
            };
            match status(&found) {
                "ACTIVE" => Ok(Probe::Done(found)),
                "CREATE_FAILED" | "UPDATE_FAILED" => Err(failure(&found)),
                other => Ok(Probe::Pending(other.to_owned())),
            }
        };
        waiter.until(probe).await.map_err(Error::from)
    }

    /// Changes it by one update, and waits for that.
    async fn change(&self, prior: &Self, cx: &Cx<'_, Aws>) -> Result<(), Error> {
        let values = |addon: &Self| addon.configuration_values.or_default();
        let role = |addon: &Self| addon.service_account_role_arn.or_default();
        let version = self.addon_version.is_known() && self.addon_version != prior.addon_version;
        let identities = self.pod_identity_association != prior.pod_identity_association;
        if !version && !identities && values(self) == values(prior) && role(self) == role(prior) {
            return Ok(());
        }
        let conflicts = super::text(&self.resolve_conflicts_on_update)
            .or_else(|| super::text(&self.resolve_conflicts));
        let cluster = self.cluster_name.as_str();
        let call = cx
            .eks()
            .update_addon()
            .cluster_name(cluster)
            .addon_name(self.addon_name.as_str())
            .set_addon_version(self.addon_version.to_option().filter(|_| version))
            .set_configuration_values((values(self) != values(prior)).then(|| values(self)))
            .set_resolve_conflicts(conflicts.map(|c| ResolveConflicts::from(c.as_str())))
            .set_service_account_role_arn(super::text(&self.service_account_role_arn))
            .set_pod_identity_associations(identities.then(|| self.identities()).transpose()?);
        let send = || async {
            let answer = call.clone().send().await;
            answer.map(|answer| answer.update).map_err(error::of)
        };
        let update = super::change(cx, send).await?;
        let of = Changed::Addon(self.addon_name.as_str());
        super::wait_update(cx, cluster, of, update, TYPICAL).await
    }

    /// Takes over what an add-on says of itself.
    fn set(&mut self, found: &types::Addon, cx: &Aws) {
        let text = |text: Option<&str>| Attr::from(text.unwrap_or_default());
        self.addon_name = text(found.addon_name());
        self.addon_version = text(found.addon_version());
        self.arn = text(found.addon_arn());
        self.cluster_name = text(found.cluster_name());
        self.configuration_values = text(found.configuration_values());
        self.created_at = super::time(found.created_at());
        self.modified_at = super::time(found.modified_at());
        self.service_account_role_arn = text(found.service_account_role_arn());
        self.tags = self.tags.stored(super::pairs(found.tags()), cx);
    }

    /// This with all that the cloud says about it.
    async fn completed(mut self, found: &types::Addon, cx: &Cx<'_, Aws>) -> Result<Self, Error> {
        self.set(found, cx);
        let cluster = self.cluster_name.as_str();
        let read = found.pod_identity_associations().iter().map(|arn| {
            let id = arn.rsplit('/').next().unwrap_or(arn);
            pod_identity_association::describe(cx, cluster, id)
        });
        let all = futures::future::try_join_all(read).await?;
        let one = |found: types::PodIdentityAssociation| PodIdentity {
            role_arn: found.role_arn.unwrap_or_default().into(),
            service_account: found.service_account.unwrap_or_default().into(),
        };
        self.pod_identity_association = all.into_iter().flatten().map(one).collect();
        Ok(self)
    }
}

#[cfg(test)]
mod tests {
    contract::contract! { crate::testing::WORLD, "aws_eks_addon",
        needs: crate::testing::CLUSTER,
        create: r#"
            cluster_name = aws_eks_cluster.c.name
            addon_name   = "vpc-cni""#,
        update: &[r#"
            cluster_name                = aws_eks_cluster.c.name
            addon_name                  = "vpc-cni"
            configuration_values        = jsonencode({ enableNetworkPolicy = "true" })
            resolve_conflicts_on_update = "PRESERVE"
            tags                        = { a = "b" }"#],
        replace: &[r#"
            cluster_name = aws_eks_cluster.c.name
            addon_name   = "kube-proxy""#],
        import: "{id}",
        not_imported: &["preserve", "resolve_conflicts", "resolve_conflicts_on_create", "resolve_conflicts_on_update"],
    }
}
