//! That a member has a role: what is the same for all policies.

use crate::Google;
use crate::policies::{Grant, Holder, When, same_member};
use base64::Engine;
use google_cloud_iam_v1::model::Policy;
use sdk::{Attr, Blocks, Cx, Error, Model};

/// That a member has a role.
#[derive(Model, Clone, Debug, PartialEq)]
pub(crate) struct Membership {
    /// What has the policy, role and member, separated by `/`.
    #[attr(optional, computed)]
    id: Attr<String>,
    /// The role, such as `roles/viewer`.
    #[attr(required, requires_replace)]
    role: Attr<String>,
    /// Who has it: `user:…`, `group:…`, `serviceAccount:…`, `domain:…`, `principal://…`, `principalSet://…`.
    #[attr(required, requires_replace, same = same, validate = check)]
    member: Attr<String>,
    /// The etag of the policy.
    #[attr(computed)]
    etag: Attr<String>,
    /// When it holds.
    #[block(list, max = 1, requires_replace)]
    condition: Blocks<Condition>,
}

/// When a grant holds.
#[derive(Model, Clone, Debug, PartialEq)]
pub(crate) struct Condition {
    /// The name of the condition.
    #[attr(required, requires_replace)]
    title: Attr<String>,
    /// What it is for.
    #[attr(optional, requires_replace, zero)]
    description: Attr<String>,
    /// When it holds, in the Common Expression Language.
    #[attr(required, requires_replace)]
    expression: Attr<String>,
}

#[expect(clippy::ptr_arg, reason = "the derive gives what the attribute holds")]
fn same(one: &String, other: &String) -> bool {
    same_member(one, other)
}

fn check(member: &str) -> Result<(), String> {
    if member.starts_with("deleted:") {
        return Err(format!(
            "{member:?} is deleted; nobody can be given roles who does not exist."
        ));
    }
    let everybody = ["allUsers", "allAuthenticatedUsers"].contains(&member);
    if everybody
        || member
            .split_once(':')
            .is_some_and(|(kind, who)| !kind.is_empty() && !who.is_empty())
    {
        return Ok(());
    }
    Err(format!(
        "{member:?} is no member: it begins with user:, group:, serviceAccount:, domain:, principal:, principalSet: or is allUsers \
         or allAuthenticatedUsers."
    ))
}

impl Membership {
    /// Gives it. `owner` is what has the policy, as ids name it.
    pub(crate) async fn give(
        self,
        holder: Holder,
        owner: &str,
        cx: &Cx<'_, Google>,
    ) -> Result<Self, Error> {
        let doing = format!("giving {} to {}", self.role.as_str(), self.member.as_str());
        let policy = cx.policies.add(holder, self.grant()).await;
        let policy = policy.map_err(|error| error.doing(&doing))?;
        let lost =
            || Error::invalid("The policy does not have the member it was given.").doing(&doing);
        self.filled(owner, &policy).ok_or_else(lost)
    }

    /// As the policy has it.
    pub(crate) async fn find(
        self,
        holder: Holder,
        owner: &str,
        cx: &Cx<'_, Google>,
    ) -> Result<Option<Self>, Error> {
        let policy = cx.policies.get(holder).await?;
        Ok(policy.and_then(|policy| self.filled(owner, &policy)))
    }

    /// Takes it.
    pub(crate) async fn take(self, holder: Holder, cx: &Cx<'_, Google>) -> Result<(), Error> {
        let doing = format!(
            "taking {} from {}",
            self.role.as_str(),
            self.member.as_str()
        );
        let removed = cx.policies.remove(holder, self.grant()).await;
        removed.map_err(|error| error.doing(doing))
    }

    /// What the words of an import id after the owner say: role, member and the title of the condition, if there is one.
    pub(crate) async fn import(
        words: &[&str],
        holder: Holder,
        cx: &Cx<'_, Google>,
    ) -> Result<Self, Error> {
        let [role, member, title @ ..] = words else {
            return Err(Error::invalid(
                "An id to import has what has the policy, the role, the member and, if there is one, the title of the condition, \
                 separated by spaces.",
            ));
        };
        let mut membership = Self::empty();
        membership.role = (*role).into();
        membership.member = (*member).into();
        let title = title.join(" ");
        if title.is_empty() {
            return Ok(membership);
        }
        let policy = cx.policies.get(holder).await?;
        let bindings = policy.iter().flat_map(|policy| &policy.bindings);
        let mut conditions = bindings.filter(|b| b.role == *role).filter_map(When::of);
        let found = conditions.find(|when| when.title == title);
        let when = found.ok_or_else(|| {
            Error::invalid(format!(
                "The policy gives {role} to nobody under a condition {title:?}."
            ))
        })?;
        membership.condition = Some(Condition {
            title: when.title.into(),
            description: when.description.into(),
            expression: when.expression.into(),
        })
        .into();
        Ok(membership)
    }

    fn grant(&self) -> Grant {
        Grant {
            role: self.role.as_str().to_owned(),
            member: self.member.as_str().to_owned(),
            when: self.condition.first().map(|condition| When {
                title: condition.title.as_str().to_owned(),
                description: condition.description.as_str().to_owned(),
                expression: condition.expression.as_str().to_owned(),
            }),
        }
    }

    fn filled(self, owner: &str, policy: &Policy) -> Option<Self> {
        let grant = self.grant();
        let member = grant.find(policy)?.to_owned();
        let mut id = format!("{owner}/{}/{member}", grant.role);
        if let Some(when) = &grant.when {
            id = format!(
                "{id}/{}/{}/{}",
                when.title, when.description, when.expression
            );
        }
        let etag = base64::engine::general_purpose::STANDARD.encode(&policy.etag);
        Some(Self {
            id: id.into(),
            member: member.into(),
            etag: etag.into(),
            ..self
        })
    }
}
