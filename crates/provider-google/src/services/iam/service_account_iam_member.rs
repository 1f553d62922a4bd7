//! `google_service_account_iam_member`: that a member has a role on a service account.

use super::Membership;
use crate::Google;
use crate::policies::Holder;
use sdk::{Applied, Attr, Cx, Error, Model, Resource};

/// That a member has a role on a service account. Other members and roles are left alone.
#[derive(Model, Clone, Debug, PartialEq)]
#[model(type_name = "google_service_account_iam_member", legacy)]
pub(crate) struct ServiceAccountIamMember {
    /// The service account: `projects/{project}/serviceAccounts/{email}`.
    #[attr(required, requires_replace, validate = check)]
    service_account_id: Attr<String>,
    #[model(flatten)]
    membership: Membership,
}

fn check(name: &str) -> Result<(), String> {
    match name.split('/').collect::<Vec<_>>()[..] {
        ["projects", project, "serviceAccounts", account]
            if !project.is_empty() && !account.is_empty() =>
        {
            Ok(())
        }
        _ => Err(format!(
            "{name:?} does not name a service account. Expected projects/…/serviceAccounts/…: the attribute name of a \
             google_service_account."
        )),
    }
}

impl Resource for ServiceAccountIamMember {
    type Cloud = Google;

    async fn create(self, cx: &Cx<'_, Google>) -> Applied<Self> {
        let holder = self.holder();
        let owner = self.service_account_id.as_str();
        let membership = self.membership.give(holder, owner, cx).await?;
        Ok(Self { membership, ..self })
    }

    async fn read(self, cx: &Cx<'_, Google>) -> Result<Option<Self>, Error> {
        let holder = self.holder();
        let owner = self.service_account_id.as_str();
        let found = self.membership.find(holder, owner, cx).await?;
        Ok(found.map(|membership| Self {
            service_account_id: self.service_account_id,
            membership,
        }))
    }

    async fn delete(self, cx: &Cx<'_, Google>) -> Result<(), Error> {
        let holder = self.holder();
        self.membership.take(holder, cx).await
    }

    async fn import(id: &str, cx: &Cx<'_, Google>) -> Result<Self, Error> {
        let words: Vec<&str> = id.split_whitespace().collect();
        let (owner, rest) = words.split_first().unwrap_or((&"", &[]));
        check(owner).map_err(Error::invalid)?;
        let holder = Holder::ServiceAccount((*owner).to_owned());
        Ok(Self {
            service_account_id: (*owner).into(),
            membership: Membership::import(rest, holder, cx).await?,
        })
    }
}

impl ServiceAccountIamMember {
    fn holder(&self) -> Holder {
        Holder::ServiceAccount(self.service_account_id.as_str().to_owned())
    }
}

#[cfg(test)]
mod tests {
    contract::contract! { crate::testing::WORLD, "google_service_account_iam_member",
        needs: r#"
            resource "google_service_account" "a" {
              account_id = "account-a"
            }"#,
        create: r#"
            service_account_id = google_service_account.a.name
            role               = "roles/iam.serviceAccountUser"
            member             = "user:Ann@example.com""#,
        replace: &[r#"
            service_account_id = google_service_account.a.name
            role               = "roles/iam.serviceAccountTokenCreator"
            member             = "user:ann@example.com""#],
        import: "{service_account_id} {role} {member}",
    }
}
