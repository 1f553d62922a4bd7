//! IAM policies: read once for all who ask at the same time, changed in one go for all who change at the same time.
//!
//! A policy is one object with all members in it. Whoever changes it reads it, changes it and writes it with the etag that it had;
//! somebody else's change in between is noticed, and the whole is done again. So nothing is lost, however many processes do this.

use crate::clients::Clients;
use crate::error::from_gax;
use google_cloud_gax::options::RequestOptionsBuilder;
use google_cloud_iam_v1::model::{Binding, GetPolicyOptions, Policy};
use sdk::{Batch, Error, ErrorKind, Joining, Retry};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// The version of policies that has conditions.
const VERSION: i32 = 3;

/// How long a policy may not know an account that was just made.
const PROPAGATION: Duration = Duration::from_secs(90);

/// How often a change that another one got ahead of is repeated without a pause.
const AT_ONCE: u32 = 8;

/// What has a policy.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Holder {
    /// A project, by its id.
    Project(String),
    /// A service account, by its name: `projects/p/serviceAccounts/a@…`.
    ServiceAccount(String),
}

/// When a grant holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct When {
    pub(crate) title: String,
    pub(crate) description: String,
    pub(crate) expression: String,
}

/// That a member has a role.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Grant {
    pub(crate) role: String,
    pub(crate) member: String,
    pub(crate) when: Option<When>,
}

/// A change of a policy. Of contradictory ones the addition counts: it comes last.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Change {
    Remove(Grant),
    Add(Grant),
}

type Changed = Result<Arc<Policy>, Error>;
type Queue = Batch<Change, Changed, Error>;

/// The policies that this provider reads and changes.
pub(crate) struct Policies {
    clients: Arc<Clients>,
    reads: Batch<Holder, Arc<Policy>, Error>,
    /// One queue for each holder: all its changes that wait are one write.
    writes: Mutex<BTreeMap<Holder, Queue>>,
    /// The addresses of accounts that were made in this run.
    fresh: Arc<Mutex<BTreeSet<String>>>,
}

impl Policies {
    pub(crate) fn new(clients: Arc<Clients>) -> Self {
        let of = clients.clone();
        let reads = Batch::new(Joining::default(), move |holders: Vec<Holder>| {
            let clients = of.clone();
            async move {
                let one = |holder: Holder| {
                    let clients = clients.clone();
                    async move {
                        match holder.get(&clients).await {
                            Ok(policy) => Ok(Some((holder, Arc::new(policy)))),
                            Err(error) if error.is_not_found() => Ok(None),
                            Err(error) => Err(error),
                        }
                    }
                };
                let found = futures::future::try_join_all(holders.into_iter().map(one)).await?;
                Ok(found.into_iter().flatten().collect())
            }
        });
        Self {
            clients,
            reads,
            writes: Mutex::default(),
            fresh: Arc::default(),
        }
    }

    /// The policy of a holder; `None`: there is no such holder.
    pub(crate) async fn get(&self, holder: Holder) -> Result<Option<Arc<Policy>>, Error> {
        self.reads.get(holder).await
    }

    /// Gives a member a role, and answers the policy afterwards. What is there already is no error.
    pub(crate) async fn add(&self, holder: Holder, grant: Grant) -> Result<Arc<Policy>, Error> {
        self.change(holder, Change::Add(grant)).await
    }

    /// Takes a role from a member. What is not there is no error.
    pub(crate) async fn remove(&self, holder: Holder, grant: Grant) -> Result<(), Error> {
        self.change(holder, Change::Remove(grant)).await.map(|_| ())
    }

    /// An account was made: policies may not know it for a while.
    pub(crate) fn expect_account(&self, email: &str) {
        let mut fresh = self.fresh.lock().unwrap_or_else(PoisonError::into_inner);
        fresh.insert(format!("serviceAccount:{email}"));
    }

    async fn change(&self, holder: Holder, change: Change) -> Changed {
        let queue = {
            let mut writes = self.writes.lock().unwrap_or_else(PoisonError::into_inner);
            let queue = writes.entry(holder.clone());
            queue.or_insert_with(|| self.queue(holder)).clone()
        };
        let changed = queue.get(change).await?;
        changed.unwrap_or_else(|| Err(Error::invalid("The policy was not changed.")))
    }

    fn queue(&self, holder: Holder) -> Queue {
        let (clients, fresh) = (self.clients.clone(), self.fresh.clone());
        // While one write is under way, the next ones gather.
        let joining = Joining {
            in_flight: 1,
            most: 1000,
            ..Joining::default()
        };
        Batch::new(joining, move |changes: Vec<Change>| {
            let (clients, fresh, holder) = (clients.clone(), fresh.clone(), holder.clone());
            async move {
                let together = holder.apply(&clients, &fresh, &changes).await;
                // One that is wrong must not fail the others.
                let alone = |error: &Error| error.kind == ErrorKind::Invalid && changes.len() > 1;
                if !together.as_ref().is_err_and(alone) {
                    let all = changes.into_iter().map(|c| (c, together.clone()));
                    return Ok(all.collect());
                }
                let mut results = BTreeMap::new();
                for change in changes {
                    let result = holder
                        .apply(&clients, &fresh, std::slice::from_ref(&change))
                        .await;
                    results.insert(change, result);
                }
                Ok(results)
            }
        })
    }
}

impl std::fmt::Debug for Policies {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Policies").finish_non_exhaustive()
    }
}

impl Holder {
    fn resource(&self) -> String {
        match self {
            Self::Project(id) => format!("projects/{id}"),
            Self::ServiceAccount(name) => name.clone(),
        }
    }

    async fn get(&self, clients: &Clients) -> Result<Policy, Error> {
        let options = GetPolicyOptions::new().set_requested_policy_version(VERSION);
        let policy = match self {
            Self::Project(_) => {
                let get = clients.projects().await?.get_iam_policy();
                let get = get.set_resource(self.resource()).set_options(options);
                get.with_idempotency(true).send().await
            }
            Self::ServiceAccount(_) => {
                let get = clients.iam().await?.get_iam_policy();
                let get = get.set_resource(self.resource()).set_options(options);
                get.with_idempotency(true).send().await
            }
        };
        policy.map_err(|error| {
            from_gax(&error).doing(format!("reading the policy of {}", self.resource()))
        })
    }

    /// Writes a policy. Repeating it is harmless: the etag has changed then.
    async fn set(&self, clients: &Clients, policy: Policy) -> Result<Policy, Error> {
        let set = match self {
            Self::Project(_) => {
                let set = clients.projects().await?.set_iam_policy();
                let set = set.set_resource(self.resource()).set_policy(policy);
                set.with_idempotency(true).send().await
            }
            Self::ServiceAccount(_) => {
                let set = clients.iam().await?.set_iam_policy();
                let set = set.set_resource(self.resource()).set_policy(policy);
                set.with_idempotency(true).send().await
            }
        };
        set.map_err(|error| {
            from_gax(&error).doing(format!("changing the policy of {}", self.resource()))
        })
    }

    /// Reads the policy, changes it, writes it; again whenever somebody else was faster.
    async fn apply(
        &self,
        clients: &Clients,
        fresh: &Mutex<BTreeSet<String>>,
        changes: &[Change],
    ) -> Changed {
        let overtaken = AtomicU32::new(0);
        let classify = |error: &Error| match error.kind {
            ErrorKind::Conflict if error.code != "FAILED_PRECONDITION" => {
                match overtaken.fetch_add(1, Ordering::Relaxed) < AT_ONCE {
                    true => Retry::Now,
                    false => Retry::Later,
                }
            }
            ErrorKind::Invalid if is_about_fresh(error, fresh, changes) => {
                Retry::Within(PROPAGATION)
            }
            _ => Retry::of(error),
        };
        let policy = sdk::Policy {
            attempts: 10_000,
            longest: Duration::from_secs(2),
            ..sdk::Policy::default()
        };
        let once = |_| async {
            let policy = self.get(clients).await?;
            match changed(&policy, changes) {
                Some(wanted) => self.set(clients, wanted).await,
                None => Ok(policy),
            }
        };
        sdk::retry(policy, classify, once).await.map(Arc::new)
    }
}

/// Whether an error says that an account that was just made does not exist.
fn is_about_fresh(error: &Error, fresh: &Mutex<BTreeSet<String>>, changes: &[Change]) -> bool {
    let fresh = fresh.lock().unwrap_or_else(PoisonError::into_inner);
    error.message.contains("does not exist")
        && changes.iter().any(|change| match change {
            Change::Add(grant) => fresh.contains(&grant.member),
            Change::Remove(_) => false,
        })
}

/// The policy with changes; `None`: it is like that already.
fn changed(policy: &Policy, changes: &[Change]) -> Option<Policy> {
    let mut wanted = policy.clone();
    let mut differs = false;
    for change in changes {
        match change {
            Change::Remove(grant) => {
                for binding in wanted.bindings.iter_mut().filter(|b| grant.is_in(b)) {
                    let before = binding.members.len();
                    binding.members.retain(|m| !same_member(m, &grant.member));
                    differs |= binding.members.len() != before;
                }
            }
            Change::Add(grant) => {
                let has = |m: &String| same_member(m, &grant.member);
                let mut bindings = wanted.bindings.iter_mut().filter(|b| grant.is_in(b));
                match bindings.next() {
                    Some(binding) if binding.members.iter().any(has) => continue,
                    Some(binding) => binding.members.push(grant.member.clone()),
                    None => wanted.bindings.push(grant.binding()),
                }
                differs = true;
            }
        }
    }
    wanted.bindings.retain(|b| !b.members.is_empty());
    wanted.version = VERSION;
    differs.then_some(wanted)
}

impl Grant {
    /// Whether a binding is for the role and condition of this.
    fn is_in(&self, binding: &Binding) -> bool {
        binding.role == self.role && When::of(binding) == self.when
    }

    fn binding(&self) -> Binding {
        let binding = Binding::new()
            .set_role(&self.role)
            .set_members([self.member.as_str()]);
        binding.set_or_clear_condition(self.when.as_ref().map(|when| {
            google_cloud_type::model::Expr::new()
                .set_title(&when.title)
                .set_description(&when.description)
                .set_expression(&when.expression)
        }))
    }

    /// The member as a policy has it; `None`: the policy does not have it.
    pub(crate) fn find<'a>(&self, policy: &'a Policy) -> Option<&'a str> {
        let mut members = policy
            .bindings
            .iter()
            .filter(|binding| self.is_in(binding))
            .flat_map(|binding| &binding.members);
        members
            .find(|member| same_member(member, &self.member))
            .map(String::as_str)
    }
}

impl When {
    /// The condition of a binding.
    pub(crate) fn of(binding: &Binding) -> Option<Self> {
        binding.condition.as_ref().map(|condition| Self {
            title: condition.title.clone(),
            description: condition.description.clone(),
            expression: condition.expression.clone(),
        })
    }
}

/// Whether two texts name the same member: addresses are written in any case.
pub(crate) fn same_member(one: &str, other: &str) -> bool {
    let is_address = ["user:", "group:", "serviceAccount:", "domain:"]
        .iter()
        .any(|kind| one.starts_with(kind) && other.starts_with(kind));
    match is_address && !one.contains('[') {
        true => one.eq_ignore_ascii_case(other),
        false => one == other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grant(member: &str, title: Option<&str>) -> Grant {
        Grant {
            role: "roles/viewer".to_owned(),
            member: member.to_owned(),
            when: title.map(|title| When {
                title: title.to_owned(),
                ..When::default()
            }),
        }
    }

    #[test]
    fn members_come_and_go() {
        let add = |member, title| Change::Add(grant(member, title));
        let changes = [
            add("user:a@x.y", None),
            add("user:B@x.y", None),
            add("user:a@x.y", Some("t")),
        ];
        let policy = changed(&Policy::new().set_etag("e"), &changes).unwrap();
        assert_eq!((policy.bindings.len(), policy.version), (2, 3));
        assert_eq!(policy.etag, "e");
        assert_eq!(changed(&policy, &changes), None);
        assert_eq!(grant("user:b@x.y", None).find(&policy), Some("user:B@x.y"));
        let gone = [
            Change::Remove(grant("user:A@x.y", None)),
            Change::Remove(grant("user:b@x.y", None)),
            Change::Remove(grant("user:c@x.y", None)),
        ];
        let policy = changed(&policy, &gone).unwrap();
        assert_eq!(policy.bindings.len(), 1);
        assert!(grant("user:a@x.y", Some("t")).find(&policy).is_some());
        assert_eq!(changed(&policy, &gone), None);
    }

    #[test]
    fn some_members_have_a_case() {
        assert!(same_member("user:A@b.c", "user:a@b.c"));
        assert!(!same_member("user:a@b.c", "group:a@b.c"));
        let pool = "serviceAccount:p.svc.id.goog[n/S]";
        assert!(!same_member(pool, &pool.to_lowercase()));
        assert!(!same_member("principal://A", "principal://a"));
    }
}
