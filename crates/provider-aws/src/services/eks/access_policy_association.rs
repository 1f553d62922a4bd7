//! `aws_eks_access_policy_association`: what an access entry may do.

use crate::{Aws, error};
use aws_sdk_eks::types::{self, AccessScopeType, AssociatedAccessPolicy};
use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use sdk::{Applied, Attr, Blocks, Cx, Error, ErrorKind, Keep, Model, Policy, Resource, Retry};
use std::collections::BTreeSet;

/// Gives an access entry of an EKS cluster an access policy.
#[derive(Model, Clone, Debug, PartialEq)]
#[model(
    type_name = "aws_eks_access_policy_association",
    legacy,
    timeouts(create = "10m", delete = "10m")
)]
pub(crate) struct AccessPolicyAssociation {
    /// When it was made.
    #[attr(computed)]
    associated_at: Attr<String>,
    /// The cluster.
    #[attr(required, requires_replace, validate_each = super::cluster_name)]
    cluster_name: Attr<String>,
    /// The cluster, the principal and the policy.
    #[attr(optional, computed)]
    id: Attr<String>,
    /// When it was changed.
    #[attr(computed)]
    modified_at: Attr<String>,
    /// The ARN of the access policy.
    #[attr(required, requires_replace, validate_each = crate::services::iam::arn)]
    policy_arn: Attr<String>,
    /// The ARN of the role or user.
    #[attr(required, requires_replace, validate_each = crate::services::iam::arn)]
    principal_arn: Attr<String>,
    /// Where it holds.
    #[block(list, min = 1, max = 1)]
    access_scope: Blocks<AccessScope>,
}

/// Where an access policy holds.
#[derive(Model, Clone, Debug, PartialEq)]
pub(crate) struct AccessScope {
    /// The namespaces, where it does not hold everywhere.
    #[attr(optional, zero_read, requires_replace)]
    namespaces: Attr<BTreeSet<String>>,
    /// `cluster` or `namespace`.
    #[attr(required, requires_replace)]
    r#type: Attr<String>,
}

impl Resource for AccessPolicyAssociation {
    type Cloud = Aws;

    async fn create(self, cx: &Cx<'_, Aws>) -> Applied<Self> {
        let mut association = self;
        association.id = association.make_id();
        let scope = association.access_scope.first().map(|scope| {
            let names = scope.namespaces.known();
            types::AccessScope::builder()
                .r#type(AccessScopeType::from(scope.r#type.as_str()))
                .set_namespaces(names.map(|set| set.iter().cloned().collect()))
                .build()
        });
        // The same once more changes nothing: it can be repeated at will.
        let call = cx
            .eks()
            .associate_access_policy()
            .cluster_name(association.cluster_name.as_str())
            .principal_arn(association.principal_arn.as_str())
            .policy_arn(association.policy_arn.as_str())
            .set_access_scope(scope);
        let send = |_| async {
            let answer = call.clone().send().await.map_err(error::of)?;
            Ok(answer.associated_access_policy)
        };
        let classify = |error: &Error| match error.kind {
            ErrorKind::NotFound => Retry::Within(error::PROPAGATION),
            _ => super::of_create(error),
        };
        let policy = Policy::default().deadline(cx.timeout());
        let doing = format!("giving the EKS access policy {}", association.id.as_str());
        let made = sdk::retry(policy, classify, send).await.doing(doing)?;
        match made {
            Some(made) => Ok(association.completed(&made)),
            None => {
                let found = association.find(cx).await.keep(&association)?;
                Ok(match found {
                    Some(found) => association.completed(&found),
                    None => association,
                })
            }
        }
    }

    async fn read(mut self, cx: &Cx<'_, Aws>) -> Result<Option<Self>, Error> {
        let Some(found) = self.find(cx).await? else {
            return Ok(None);
        };
        for scope in self.access_scope.iter_mut() {
            if scope.namespaces.is_null() {
                scope.namespaces = BTreeSet::new().into();
            }
        }
        Ok(Some(self.completed(&found)))
    }

    async fn delete(self, cx: &Cx<'_, Aws>) -> Result<(), Error> {
        let send = || async {
            let call = cx
                .eks()
                .disassociate_access_policy()
                .cluster_name(self.cluster_name.as_str())
                .principal_arn(self.principal_arn.as_str())
                .policy_arn(self.policy_arn.as_str());
            error::done(call.send().await)
        };
        super::delete(cx, send)
            .await
            .doing(format!("taking the EKS access policy {}", self.id.as_str()))
    }

    async fn import(id: &str, _: &Cx<'_, Aws>) -> Result<Self, Error> {
        let parts = sdk::ids::split::<3>(id, "{cluster_name}#{principal_arn*}#{policy_arn*}");
        let [cluster, principal, policy] = parts.map_err(|e| Error::invalid(e.to_string()))?;
        Ok(Self {
            cluster_name: cluster.into(),
            id: id.into(),
            policy_arn: policy.into(),
            principal_arn: principal.into(),
            ..Self::empty()
        })
    }
}

impl AccessPolicyAssociation {
    fn make_id(&self) -> Attr<String> {
        let parts = [&self.cluster_name, &self.principal_arn, &self.policy_arn];
        parts.map(Attr::as_str).join("#").into()
    }

    async fn find(&self, cx: &Cx<'_, Aws>) -> Result<Option<AssociatedAccessPolicy>, Error> {
        let key = (
            self.cluster_name.or_default(),
            self.principal_arn.or_default(),
        );
        let all = cx.eks_reads.policies.get(key).await?.unwrap_or_default();
        let wanted = self.policy_arn.as_str();
        Ok(all.into_iter().find(|p| p.policy_arn() == Some(wanted)))
    }

    fn completed(mut self, found: &AssociatedAccessPolicy) -> Self {
        self.associated_at = precise(found.associated_at());
        self.modified_at = precise(found.modified_at());
        let known = self.access_scope.first().map(|s| s.namespaces.clone());
        let known = known.unwrap_or_else(|| BTreeSet::new().into());
        self.access_scope = found
            .access_scope()
            .map(|scope| AccessScope {
                namespaces: super::kept(scope.namespaces().iter().cloned().collect(), &known),
                r#type: scope.r#type().map_or("", AccessScopeType::as_str).into(),
            })
            .into();
        self
    }
}

/// A time with what it has of a second: `2026-11-25 02:00:20.348 +0000 UTC`.
fn precise(time: Option<&DateTime>) -> Attr<String> {
    let Some(time) = time else {
        return "".into();
    };
    let whole = DateTime::from_secs(time.secs()).fmt(Format::DateTime);
    let whole = whole.unwrap_or_default().replace('T', " ");
    // Thousandths are what there are; what is beyond came of the way through floating point.
    let part = format!(".{:03}", (time.subsec_nanos() + 500) / 1_000_000 % 1_000);
    let part = part.trim_end_matches('0').trim_end_matches('.');
    format!("{}{part} +0000 UTC", whole.trim_end_matches('Z')).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_as_go_does() {
        let at = |nanos| precise(Some(&DateTime::from_secs_and_nanos(1_795_572_020, nanos)));
        assert_eq!(
            at(348_000_000).as_str(),
            "2026-11-25 02:00:20.348 +0000 UTC"
        );
        assert_eq!(at(500_000_000).as_str(), "2026-11-25 02:00:20.5 +0000 UTC");
        assert_eq!(at(0).as_str(), "2026-11-25 02:00:20 +0000 UTC");
    }

    contract::contract! { crate::testing::WORLD, "aws_eks_access_policy_association",
        needs: crate::testing::ENTRY,
        create: r#"
            cluster_name  = aws_eks_cluster.c.name
            principal_arn = aws_eks_access_entry.a.principal_arn
            policy_arn    = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy"
            access_scope {
              type = "cluster"
            }"#,
        replace: &[r#"
            cluster_name  = aws_eks_cluster.c.name
            principal_arn = aws_eks_access_entry.a.principal_arn
            policy_arn    = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy"
            access_scope {
              type       = "namespace"
              namespaces = ["a"]
            }"#],
        import: "{id}",
    }
}
