//! `google_project_iam_member`: that a member has a role in a project.

use super::super::iam::Membership;
use crate::Google;
use crate::names;
use crate::policies::Holder;
use sdk::{Applied, Attr, Cx, Error, Model, Resource};

/// That a member has a role in a project. Other members and roles are left alone.
#[derive(Model, Clone, Debug, PartialEq)]
#[model(type_name = "google_project_iam_member", legacy)]
pub(crate) struct ProjectIamMember {
    /// The id of the project.
    #[attr(required, requires_replace, same = same)]
    project: Attr<String>,
    #[model(flatten)]
    membership: Membership,
}

/// Projects are named with and without `projects/`.
#[expect(clippy::ptr_arg, reason = "the derive gives what the attribute holds")]
fn same(one: &String, other: &String) -> bool {
    names::last(one) == names::last(other)
}

impl Resource for ProjectIamMember {
    type Cloud = Google;

    async fn create(self, cx: &Cx<'_, Google>) -> Applied<Self> {
        let (holder, project) = (self.holder(), self.id_of_project());
        let membership = self.membership.give(holder, &project, cx).await?;
        Ok(Self { membership, ..self })
    }

    async fn read(self, cx: &Cx<'_, Google>) -> Result<Option<Self>, Error> {
        let (holder, project) = (self.holder(), self.id_of_project());
        let found = self.membership.find(holder, &project, cx).await?;
        Ok(found.map(|membership| Self {
            project: self.project,
            membership,
        }))
    }

    async fn delete(self, cx: &Cx<'_, Google>) -> Result<(), Error> {
        let holder = self.holder();
        self.membership.take(holder, cx).await
    }

    async fn import(id: &str, cx: &Cx<'_, Google>) -> Result<Self, Error> {
        let words: Vec<&str> = id.split_whitespace().collect();
        let (project, rest) = words.split_first().unwrap_or((&"", &[]));
        let project = names::last(project);
        let holder = Holder::Project(project.to_owned());
        Ok(Self {
            project: project.into(),
            membership: Membership::import(rest, holder, cx).await?,
        })
    }
}

impl ProjectIamMember {
    fn id_of_project(&self) -> String {
        names::last(self.project.as_str()).to_owned()
    }

    fn holder(&self) -> Holder {
        Holder::Project(self.id_of_project())
    }
}

#[cfg(test)]
mod tests {
    contract::contract! { crate::testing::WORLD, "google_project_iam_member",
        create: r#"
            project = "demo-project"
            role    = "roles/viewer"
            member  = "user:ann@example.com""#,
        replace: &[r#"
            project = "demo-project"
            role    = "roles/viewer"
            member  = "user:bob@example.com""#, r#"
            project = "demo-project"
            role    = "roles/viewer"
            member  = "user:bob@example.com"
            condition {
              title      = "until 2030"
              expression = "request.time < timestamp(\"2030-01-01T00:00:00Z\")"
            }"#],
        import: "{project} {role} {member}",
    }
}
