//! IAM policies: who may do what with a project or a service account.

use super::call::Call;
use super::failure::Failure;
use super::{Answer, Project};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// The etag of a policy that nobody has set.
const UNSET: &str = "ACAB";

/// As many members as a policy takes.
const MOST_MEMBERS: usize = 1500;

/// A policy: bindings by role and condition.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Policy {
    /// Role and condition (as JSON; empty for none) -> members.
    bindings: BTreeMap<String, BTreeMap<String, BTreeSet<String>>>,
    audit: Value,
    pub(super) etag: String,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            bindings: BTreeMap::new(),
            audit: Value::Null,
            etag: UNSET.to_owned(),
        }
    }
}

impl Policy {
    /// The first policy of a project: it has an owner.
    pub(super) fn owned(etag: String) -> Self {
        let owner = BTreeSet::from(["user:sandbox@example.com".to_owned()]);
        let bindings = BTreeMap::from([(String::new(), owner)]);
        Self {
            bindings: BTreeMap::from([("roles/owner".to_owned(), bindings)]),
            etag,
            ..Self::default()
        }
    }

    /// The policy as a client that knows that version of policies sees it: before version 3 there were no conditions.
    pub(super) fn shown(&self, version: i64) -> Value {
        let mut bindings = Vec::new();
        let mut conditional = false;
        for (role, conditions) in &self.bindings {
            for (condition, members) in conditions {
                let mut binding = json!({"role": role, "members": members});
                if !condition.is_empty() {
                    conditional = true;
                    if version >= 3 {
                        binding["condition"] = serde_json::from_str(condition).unwrap_or_default();
                    } else {
                        let hash = super::number_of(condition);
                        binding["role"] = json!(format!("{role}_withcond_{hash}"));
                    }
                }
                bindings.push(binding);
            }
        }
        let mut policy = json!({"etag": self.etag});
        let version = if conditional && version >= 3 { 3 } else { 1 };
        if self.etag != UNSET {
            policy["version"] = json!(version);
        }
        if !bindings.is_empty() {
            policy["bindings"] = json!(bindings);
        }
        if !self.audit.is_null() {
            policy["auditConfigs"] = self.audit.clone();
        }
        policy
    }

    /// Calls a member something else everywhere: when an account is deleted, or is back.
    pub(super) fn rename(&mut self, from: &str, to: &str) {
        for members in self.bindings.values_mut().flat_map(BTreeMap::values_mut) {
            if members.remove(from) {
                members.insert(to.to_owned());
            }
        }
    }

    /// The policy that a request wants in place of this one.
    fn replaced(&self, body: &Map<String, Value>, etag: String) -> Result<Self, Failure> {
        let wanted = body.get("policy").cloned().unwrap_or(json!({}));
        let given = wanted["etag"].as_str().unwrap_or_default();
        if !given.is_empty() && given != self.etag {
            let message = format!(
                "There were concurrent policy changes. Please retry the whole read-modify-write with exponential \
                 backoff. The request's ETag '{given}' did not match the current policy's ETag '{}'.",
                self.etag
            );
            return Err(Failure::aborted(message));
        }
        let version = wanted["version"].as_i64().unwrap_or_default();
        if ![0, 1, 3].contains(&version) {
            let message = format!("Policy version {version} is not supported.");
            return Err(Failure::invalid_argument(message));
        }
        let mut bindings: BTreeMap<String, BTreeMap<String, BTreeSet<String>>> = BTreeMap::new();
        for binding in wanted["bindings"].as_array().into_iter().flatten() {
            let role = binding["role"].as_str().unwrap_or_default();
            let condition = match &binding["condition"] {
                Value::Null => String::new(),
                condition => condition.to_string(),
            };
            if !condition.is_empty() && version != 3 {
                let message = "A policy with conditions must have version 3.";
                return Err(Failure::invalid_argument(message));
            }
            let members = binding["members"].as_array().into_iter().flatten();
            let members = members.filter_map(Value::as_str).map(normalized);
            let entry = bindings.entry(role.to_owned()).or_default();
            entry.entry(condition).or_default().extend(members);
        }
        for conditions in bindings.values_mut() {
            conditions.retain(|_, members| !members.is_empty());
        }
        bindings.retain(|_, conditions| !conditions.is_empty());
        let mask = body
            .get("updateMask")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let audited = mask
            .split(',')
            .any(|field| ["auditConfigs", "audit_configs"].contains(&field));
        let audit = match wanted["auditConfigs"].as_array() {
            Some(configs) if !configs.is_empty() => wanted["auditConfigs"].clone(),
            _ if mask.is_empty() || audited => Value::Null,
            _ => self.audit.clone(),
        };
        Ok(Self {
            bindings,
            audit,
            etag,
        })
    }

    fn members(&self) -> impl Iterator<Item = (&str, &str)> {
        self.bindings.iter().flat_map(|(role, conditions)| {
            let members = conditions.values().flatten();
            members.map(move |member| (role.as_str(), member.as_str()))
        })
    }
}

/// Addresses are written in lower case, except those that name a user of a pool.
fn normalized(member: &str) -> String {
    match member.split_once(':') {
        Some((kind @ ("user" | "group" | "serviceAccount" | "domain"), rest))
            if !rest.contains('[') =>
        {
            format!("{kind}:{}", rest.to_lowercase())
        }
        _ => member.to_owned(),
    }
}

impl Project {
    /// `getIamPolicy`, by POST or GET.
    pub(super) fn shown_policy(&self, call: &Call, policy: &Policy) -> Answer {
        let version = match call.parameter("options.requestedPolicyVersion") {
            Some(text) => text.parse().unwrap_or_default(),
            None => {
                let body = call.message("GetIamPolicyRequest")?;
                let options = body.get("options").cloned().unwrap_or_default();
                options["requestedPolicyVersion"]
                    .as_i64()
                    .unwrap_or_default()
            }
        };
        if ![0, 1, 3].contains(&version) {
            let message = format!("Requested policy version ({version}) is not supported.");
            return Err(Failure::invalid_argument(message));
        }
        Ok(policy.shown(version))
    }

    /// `setIamPolicy`: the policy to keep.
    pub(super) fn new_policy(
        &mut self,
        call: &Call,
        current: &Policy,
        of_project: bool,
    ) -> Result<Policy, Failure> {
        let body = call.message("SetIamPolicyRequest")?;
        let etag = self.next_fingerprint();
        let policy = current.replaced(&body, etag)?;
        let count = policy.members().count();
        if count > MOST_MEMBERS {
            let message = format!(
                "The number of members in the policy ({count}) is larger than the maximum allowed size {MOST_MEMBERS}."
            );
            return Err(Failure::invalid_argument(message));
        }
        let known: BTreeSet<(&str, &str)> = current.members().collect();
        for (role, member) in policy.members() {
            if !known.contains(&(role, member)) {
                check_role(role)?;
                self.check_member(member, of_project)?;
            }
        }
        Ok(policy)
    }

    fn check_member(&self, member: &str, of_project: bool) -> Result<(), Failure> {
        if member == "allUsers" || member == "allAuthenticatedUsers" {
            if of_project {
                let message =
                    format!("Members of type {member} cannot be added to the policy of a project.");
                return Err(Failure::invalid_argument(message));
            }
            return Ok(());
        }
        let (kind, name) = member.split_once(':').unwrap_or_default();
        let address = name.split_once('@').is_some_and(|(user, host)| {
            !user.is_empty() && host.contains('.') && !name.contains([' ', '/'])
        });
        let right = match kind {
            "user" | "group" => address,
            "serviceAccount" if name.contains(".svc.id.goog[") => {
                return self.check_pool(member, name);
            }
            "serviceAccount" => {
                if self.iam.lacks(name, &self.id) {
                    let message = format!("Service account {name} does not exist.");
                    return Err(Failure::invalid_argument(message));
                }
                address
            }
            "domain" => name.contains('.') && !name.contains('@'),
            "deleted" => name.contains("?uid="),
            "principal" | "principalSet" => name.starts_with("//"),
            "projectOwner" | "projectEditor" | "projectViewer" => !name.is_empty(),
            _ => {
                let message = format!(
                    "The member {member} is of an unknown type. Please set a valid type prefix for the member."
                );
                return Err(Failure::invalid_argument(message));
            }
        };
        let wrong = || Failure::invalid_argument(format!("Invalid value for member: {member}"));
        right.then_some(()).ok_or_else(wrong)
    }

    /// `PROJECT.svc.id.goog[NAMESPACE/NAME]`: the pool comes with a project's first cluster that uses it.
    fn check_pool(&self, member: &str, name: &str) -> Result<(), Failure> {
        let (pool, account) = name.split_once('[').unwrap_or_default();
        let account = account
            .strip_suffix(']')
            .and_then(|account| account.split_once('/'));
        if !account.is_some_and(|(namespace, name)| !namespace.is_empty() && !name.is_empty()) {
            let message = format!("Invalid value for member: {member}");
            return Err(Failure::invalid_argument(message));
        }
        let own = pool == format!("{}.svc.id.goog", self.id);
        if own && !self.has_workload_pool() {
            let message = format!(
                "Identity Pool does not exist ({pool}). Please check that you specified a valid resource name as returned in the `name` attribute in the configuration API."
            );
            return Err(Failure::invalid_argument(message));
        }
        Ok(())
    }
}

fn check_role(role: &str) -> Result<(), Failure> {
    let letter = |letter: char| letter.is_ascii_alphanumeric() || letter == '.' || letter == '_';
    let name = match role.strip_prefix("roles/") {
        Some(name) => name,
        None => role
            .rsplit_once("/roles/")
            .map(|(_, name)| name)
            .unwrap_or_default(),
    };
    if name.is_empty() || !name.chars().all(letter) {
        let message = format!("Role {role} is not supported for this resource.");
        return Err(Failure::invalid_argument(message));
    }
    Ok(())
}
