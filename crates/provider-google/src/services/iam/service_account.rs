//! `google_service_account`: an identity for workloads.

use crate::Google;
use crate::deletion::Deletion;
use crate::error::{absent, from_gax};
use crate::names::{self, needed};
use google_cloud_gax::options::RequestOptionsBuilder;
use google_cloud_iam_admin_v1::model;
use google_cloud_wkt::FieldMask;
use sdk::{Applied, Attr, Cx, Error, ErrorKind, Keep, Model, Resource, Retry};

/// An identity for workloads.
#[derive(Model, Clone, Debug, PartialEq)]
#[model(type_name = "google_service_account", legacy, timeouts(create = "5m"))]
pub(crate) struct ServiceAccount {
    /// `projects/{project}/serviceAccounts/{email}`.
    #[attr(optional, computed)]
    id: Attr<String>,
    /// The part of the address before the `@`.
    #[attr(required, requires_replace, validate = check)]
    account_id: Attr<String>,
    /// The project.
    #[attr(optional, computed, requires_replace)]
    project: Attr<String>,
    /// The name that people see.
    #[attr(optional, zero)]
    display_name: Attr<String>,
    /// What it is for, at most 256 bytes.
    #[attr(optional, zero, validate = check_description)]
    description: Attr<String>,
    /// Whether nobody can act as it.
    #[attr(optional, default = false)]
    disabled: Attr<bool>,
    /// Whether an account that is there already is taken over.
    #[attr(optional)]
    create_ignore_already_exists: Attr<bool>,
    /// The address.
    #[attr(computed)]
    email: Attr<String>,
    /// `serviceAccount:{email}`: the account as a member of policies.
    #[attr(computed)]
    member: Attr<String>,
    /// The full name: `projects/{project}/serviceAccounts/{email}`.
    #[attr(computed)]
    name: Attr<String>,
    /// The number.
    #[attr(computed)]
    unique_id: Attr<String>,
    #[model(flatten)]
    deletion: Deletion,
}

fn check(id: &str) -> Result<(), String> {
    let letter = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let right = (6..=30).contains(&id.len())
        && id.starts_with(|c: char| c.is_ascii_lowercase())
        && id.ends_with(letter)
        && id.chars().all(|c| letter(c) || c == '-');
    right.then_some(()).ok_or_else(|| {
        format!(
            "{id:?} is no valid id of a service account: 6 to 30 lower case letters, digits and hyphens, beginning with a letter \
             and not ending with a hyphen."
        )
    })
}

fn check_description(text: &str) -> Result<(), String> {
    (text.len() <= 256)
        .then_some(())
        .ok_or_else(|| "At most 256 bytes are possible.".to_owned())
}

impl Resource for ServiceAccount {
    type Cloud = Google;

    async fn create(mut self, cx: &Cx<'_, Google>) -> Applied<Self> {
        let doing = format!("creating service account {}", self.account_id.as_str());
        let project = needed(&self.project, "project")?.to_owned();
        let email = format!("{}@{}", self.account_id.as_str(), domain_of(&project));
        let name = format!("projects/{project}/serviceAccounts/{email}");
        self.id = name.clone().into();
        self.name = name.into();
        let made = self.make(&project, cx).await;
        let made = match made {
            Err(error)
                if error.kind == ErrorKind::AlreadyExists
                    && self.create_ignore_already_exists.is_true() =>
            {
                self.find(cx).await.and_then(|found| found.ok_or(error))
            }
            other => other,
        };
        let made = made.map_err(|error| error.doing(&doing))?;
        cx.policies.expect_account(&made.email);
        let was = self.clone().filled(made);
        if was.disabled == self.disabled
            && was.display_name.as_str() == self.display_name.as_str()
            && was.description.as_str() == self.description.as_str()
        {
            return Ok(was);
        }
        let mut wanted = was.clone();
        wanted.disabled = self.disabled;
        wanted.display_name = self.display_name;
        wanted.description = self.description;
        wanted.change(&was, cx).await.keep(&was)?;
        let found = wanted.clone().read(cx).await.keep(&wanted)?;
        Ok(found.unwrap_or(wanted))
    }

    async fn read(self, cx: &Cx<'_, Google>) -> Result<Option<Self>, Error> {
        let found = self.find(cx).await?;
        Ok(found.map(|account| self.filled(account)))
    }

    async fn update(self, prior: Self, cx: &Cx<'_, Google>) -> Applied<Self> {
        self.change(&prior, cx).await?;
        let changed = self.clone();
        let found = self.read(cx).await.keep(&changed)?;
        Ok(found.unwrap_or(changed))
    }

    async fn delete(self, cx: &Cx<'_, Google>) -> Result<(), Error> {
        if self.deletion.forgets()? {
            return Ok(());
        }
        let iam = cx.clients.iam().await?;
        let delete = iam.delete_service_account().set_name(self.name.as_str());
        delete.with_idempotency(true).send().await.map_err(|error| {
            from_gax(&error).doing(format!(
                "deleting service account {}",
                self.account_id.as_str()
            ))
        })
    }

    async fn import(id: &str, cx: &Cx<'_, Google>) -> Result<Self, Error> {
        let [project, email] = names::import(id, "projects//serviceAccounts/", "service account")?;
        let email = email.unwrap_or_default();
        let project = project.or_else(|| cx.project.clone());
        let name = format!(
            "projects/{}/serviceAccounts/{email}",
            project.clone().unwrap_or_default()
        );
        let mut account = Self::empty();
        account.project = project.into();
        account.account_id = email.split('@').next().unwrap_or_default().into();
        account.id = name.clone().into();
        account.name = name.into();
        account.deletion.deletion_policy = "DELETE".into();
        Ok(account)
    }

    async fn find_created(&self, cx: &Cx<'_, Google>) -> Result<Option<Self>, Error> {
        let project = needed(&self.project, "project")?;
        let mut named = self.clone();
        named.name = format!(
            "projects/{project}/serviceAccounts/{}@{}",
            self.account_id.as_str(),
            domain_of(project)
        )
        .into();
        let found = named.find(cx).await?;
        Ok(found
            .filter(|account| self.describes(account))
            .map(|account| named.filled(account)))
    }
}

/// The domain of the accounts of a project; those of `org.com:project` are under `project.org.com`.
fn domain_of(project: &str) -> String {
    match project.split_once(':') {
        Some((domain, project)) => format!("{project}.{domain}.iam.gserviceaccount.com"),
        None => format!("{project}.iam.gserviceaccount.com"),
    }
}

impl ServiceAccount {
    /// Makes it. Accounts bear no mark of who made them: after a lost answer one that is as described is ours, since it was not
    /// there before (the service would have said so).
    async fn make(
        &self,
        project: &str,
        cx: &Cx<'_, Google>,
    ) -> Result<model::ServiceAccount, Error> {
        let iam = cx.clients.iam().await?;
        let described = model::ServiceAccount::new()
            .set_display_name(self.display_name.as_str())
            .set_description(self.description.as_str());
        let send = |_| {
            let create = iam
                .create_service_account()
                .set_name(format!("projects/{project}"))
                .set_account_id(self.account_id.as_str())
                .set_service_account(described.clone());
            async { create.send().await.map_err(|error| from_gax(&error)) }
        };
        let find = || async {
            let found = self.find(cx).await?;
            Ok(found.filter(|account| self.describes(account)))
        };
        let classify = |error: &Error| match error.kind {
            // A server that failed midway may have made it.
            ErrorKind::Unavailable => Retry::Ambiguous,
            _ => Retry::of(error),
        };
        let policy = sdk::Policy::default().once().deadline(cx.timeout());
        sdk::create_once(policy, classify, find, send).await
    }

    fn describes(&self, account: &model::ServiceAccount) -> bool {
        account.display_name == self.display_name.as_str()
            && account.description == self.description.as_str()
    }

    async fn find(&self, cx: &Cx<'_, Google>) -> Result<Option<model::ServiceAccount>, Error> {
        let iam = cx.clients.iam().await?;
        let get = iam.get_service_account().set_name(self.name.as_str());
        match get.send().await {
            Ok(account) => Ok(Some(account)),
            Err(error) => absent(&error, || {
                format!("reading service account {}", self.account_id.as_str())
            }),
        }
    }

    /// Changes what differs.
    async fn change(&self, prior: &Self, cx: &Cx<'_, Google>) -> Result<(), Error> {
        let iam = cx.clients.iam().await?;
        let doing = |error| {
            from_gax(&error).doing(format!(
                "changing service account {}",
                self.account_id.as_str()
            ))
        };
        let mut mask = Vec::new();
        if self.display_name.as_str() != prior.display_name.as_str() {
            mask.push("display_name");
        }
        if self.description.as_str() != prior.description.as_str() {
            mask.push("description");
        }
        if !mask.is_empty() {
            let account = model::ServiceAccount::new()
                .set_name(self.name.as_str())
                .set_display_name(self.display_name.as_str())
                .set_description(self.description.as_str());
            let patch = iam
                .patch_service_account()
                .set_service_account(account)
                .set_update_mask(FieldMask::default().set_paths(mask));
            patch.with_idempotency(true).send().await.map_err(doing)?;
        }
        if self.disabled.is_true() && !prior.disabled.is_true() {
            let disable = iam.disable_service_account().set_name(self.name.as_str());
            disable.with_idempotency(true).send().await.map_err(doing)?;
        } else if !self.disabled.is_true() && prior.disabled.is_true() {
            let enable = iam.enable_service_account().set_name(self.name.as_str());
            enable.with_idempotency(true).send().await.map_err(doing)?;
        }
        Ok(())
    }

    fn filled(self, account: model::ServiceAccount) -> Self {
        Self {
            id: account.name.clone().into(),
            name: account.name.into(),
            member: format!("serviceAccount:{}", account.email).into(),
            email: account.email.into(),
            unique_id: account.unique_id.into(),
            display_name: account.display_name.into(),
            description: account.description.into(),
            disabled: account.disabled.into(),
            project: self.project.or(account.project_id.into()),
            ..self
        }
    }
}

#[cfg(test)]
mod tests {
    contract::contract! { crate::testing::WORLD, "google_service_account",
        create: r#"
            account_id   = "account-a"
            display_name = "A""#,
        update: &[r#"
            account_id   = "account-a"
            display_name = "A"
            description  = "for a"
            disabled     = true"#, r#"
            account_id   = "account-a""#],
        replace: &[r#"
            account_id   = "account-b""#],
        import: "{id}",
    }
}
